"""What people of a project have before them and how fast they go, beside their names."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from chalicelib import models, workload
from chalicelib.auth import Caller
from chalicelib.handlers import assignments, people, reports

from tests.api.inside import DAY_S, Inside, opened


@pytest.fixture
def inside(folder: Path) -> Iterator[Inside]:
    with opened(folder) as made:
        yield made


def row(inside: Inside, project: int, person: Caller) -> Any:
    listed = people.listed(inside.world, inside.owner, project, work=True)["people"]
    return next(one for one in listed if one["id"] == person.person)


def assign(inside: Inside, project: int, count: int, person: Caller) -> None:
    ids = [
        id_
        for chunk in inside.world.records.query(f"TASKS#{project}", limit=1000).records
        for id_ in chunk.body["tasks"]
    ]
    for id_ in ids[-count:]:
        assignments.assign(inside.world, inside.owner, id_, models.read("Assign", {"people": [person.person]}))


def test_what_is_in_hand_and_what_is_theirs_by_name(inside: Inside, monkeypatch: pytest.MonkeyPatch) -> None:
    project = inside.project(8)
    ana, ben = inside.person(project), inside.person(project, "Ben")
    assign(inside, project, 3, ana)
    assert row(inside, project, ana)["load"] == {"in_hand": 0, "assigned": 3, "more": False}
    assert row(inside, project, ben)["load"] == {"in_hand": 0, "assigned": 0, "more": False}
    envelope = inside.next(ana, project)
    assert row(inside, project, ana)["load"] == {"in_hand": 1, "assigned": 2, "more": False}
    inside.submit(ana, envelope)
    monkeypatch.setattr(workload, "MOST_ASSIGNED", 1)
    assert row(inside, project, ana)["load"] == {"in_hand": 0, "assigned": 1, "more": True}


def test_a_lease_that_ran_out_is_in_nobodys_hand(inside: Inside) -> None:
    project = inside.project(2)
    ana = inside.person(project)
    inside.next(ana, project)
    assert row(inside, project, ana)["load"]["in_hand"] == 1
    inside.clock.now += DAY_S
    assert row(inside, project, ana)["load"]["in_hand"] == 0


def test_pace_is_by_weeks_that_end_today_and_skips_are_no_answers(inside: Inside) -> None:
    project = inside.project(6)
    ana = inside.person(project)
    inside.submit(ana, inside.next(ana, project), lead_time=100)
    inside.clock.now += DAY_S * 7
    inside.submit(ana, inside.next(ana, project), lead_time=2)
    inside.submit(ana, inside.next(ana, project), lead_time=4)
    inside.submit(ana, inside.next(ana, project), lead_time=3, was_cancelled=True)
    said = row(inside, project, ana)["pace"]
    assert (said["today"], said["week"], said["week_before"]) == (2, 2, 1)
    assert said["mean_ms"]["value"] == pytest.approx(3000)
    inside.clock.now += DAY_S * 6
    said = row(inside, project, ana)["pace"]
    assert (said["today"], said["week"], said["week_before"]) == (0, 2, 1)
    inside.clock.now += DAY_S * 8
    said = row(inside, project, ana)["pace"]
    assert (said["today"], said["week"], said["week_before"]) == (0, 0, 0)
    assert said["mean_ms"] == {"value": None, "n": 0, "reason": "nothing timed this week"}


def test_the_page_of_a_person_says_the_same_and_other_lists_do_not_ask_for_it(inside: Inside) -> None:
    project = inside.project(2)
    ana = inside.person(project)
    inside.submit(ana, inside.next(ana, project))
    own, listed = reports.person(inside.world, inside.owner, project, ana.person), row(inside, project, ana)
    assert (own["load"], own["pace"]) == (listed["load"], listed["pace"])
    (plain,) = people.listed(inside.world, inside.owner, project)["people"]
    assert not {"load", "pace"} & plain.keys()
