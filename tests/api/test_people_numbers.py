"""What a person's numbers say: items, skips, times, days, agreement with the others and with known answers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from chalicelib import models, people_numbers
from chalicelib.handlers import quality, reports, submissions
from chalicelib.problems import Refusal

from tests.api import scoring
from tests.api.inside import Inside, opened


@pytest.fixture
def inside(folder: Path) -> Iterator[Inside]:
    with opened(folder) as made:
        yield made


def numbers(inside: Inside, project: int, person: Any) -> Any:
    """One person's, from a report that is made now."""
    said = reports.report(inside.world, inside.owner, project, "")
    assert isinstance(said, dict)
    if said["job"]:
        scoring.wait(inside, said["job"])
    return reports.person(inside.world, inside.owner, project, person.person)


def test_items_skips_and_days_are_counted_as_they_happen(inside: Inside) -> None:
    project = scoring.project(inside, 12)
    ana = inside.person(project)
    scoring.go(inside, project, ana, lambda label: None if label == "Sad" else label, most=6)
    inside.clock.now += 24 * 3600
    scoring.go(inside, project, ana, lambda label: label, most=3)
    own = reports.me(inside.world, ana, project)
    assert [(day["items"], day["skipped"]) for day in own["days"]] == [(4, 2), (3, 0)]
    assert (own["items"], own["skipped"], own["annotations"]) == (7, 2, 7)
    assert own["skip_rate"] == {"value": pytest.approx(2 / 9), "n": 9}
    said = numbers(inside, project, ana)["report"]
    assert (said["items"], said["skipped"], said["skip_rate"]["n"]) == (7, 2, 9)


def test_a_corrected_skip_becomes_an_item(inside: Inside) -> None:
    project = scoring.project(inside, 2)
    ana = inside.person(project)
    envelope = inside.next(ana, project)
    made = inside.submit(ana, envelope, was_cancelled=True)
    submissions.change(inside.world, ana, made["id"], {"result": made["result"], "version": 1}, "")
    (day,) = reports.me(inside.world, ana, project)["days"]
    assert (day["items"], day["skipped"]) == (1, 0)


def test_idle_time_is_cut_at_five_medians_and_measured_time_is_not() -> None:
    lead = [1000] * 9 + [3_600_000]
    said = people_numbers.time_per_item([], lead)
    assert said == {"median_ms": 1000.0, "mean_ms": 1400.0, "n": 10, "cut": 1}
    said = people_numbers.time_per_item([1000] * 9 + [9000], [])
    assert said == {"median_ms": 1000.0, "mean_ms": 1800.0, "n": 10, "cut": 0}
    assert people_numbers.time_per_item([], [])["reason"] == "no times were sent"
    assert people_numbers.median([1, 2, 3, 10]) == 2.5


def test_time_is_what_the_page_measured_as_active_else_the_lead_time(inside: Inside) -> None:
    project = scoring.project(inside, 3)
    ana = inside.person(project)
    inside.submit(ana, inside.next(ana, project), lead_time=100, active_ms=2000)
    inside.submit(ana, inside.next(ana, project), lead_time=4)
    inside.submit(ana, inside.next(ana, project), lead_time=None)
    said = numbers(inside, project, ana)["report"]["time"]
    assert said == {"median_ms": 3000.0, "mean_ms": 3000.0, "n": 2, "cut": 0}


def test_agreement_with_each_other_person_and_with_the_merged_answer(inside: Inside) -> None:
    project = scoring.project(inside, 9, maximum_annotations=3)
    ana, ben, cem = (inside.person(project, name) for name in ("Ana", "Ben", "Cem"))
    crowd = [(ana, scoring.right(1, 1)), (ben, scoring.right(1, 2))]
    scoring.in_turn(inside, project, [*crowd, (cem, lambda _: "Calm")])
    said = numbers(inside, project, cem)["report"]
    assert said["with_others"] == {"value": pytest.approx(1 / 3), "n": 18}
    assert said["with_consensus"] == {"value": pytest.approx(1 / 3), "n": 9}
    assert [(row["name"], row["value"], row["n"]) for row in said["with_each"]] == [
        ("Ana", pytest.approx(1 / 3), 9),
        ("Ben", pytest.approx(1 / 3), 9),
    ]
    said = numbers(inside, project, ana)["report"]
    assert said["with_consensus"] == {"value": 1.0, "n": 9}
    assert said["with_others"]["value"] == pytest.approx((9 + 3) / 18)


def test_numbers_that_do_not_exist_are_null_with_a_reason(inside: Inside) -> None:
    project = scoring.project(inside, 3)
    ana = inside.person(project)
    scoring.go(inside, project, ana, lambda label: label, most=1)
    said = numbers(inside, project, ana)
    for name in ("gold", "attention", "warm_up", "themselves"):
        assert said["standing"][name]["value"] is None
        assert said["standing"][name]["reason"]
    report = said["report"]
    assert report["with_others"] == {"value": None, "n": 0, "reason": "nobody else labeled the same tasks"}
    assert report["with_consensus"]["value"] is None
    assert report["labels"] == []
    assert report["errs"] == []


def test_ones_own_numbers_do_not_tell_which_tasks_had_a_known_answer(inside: Inside) -> None:
    project = scoring.project(inside, 8, gold=4, quality={"gold_every": 2})
    ana = inside.person(project)
    kinds = set()
    for _ in range(4):
        before = reports.me(inside.world, ana, project)
        envelope = inside.next(ana, project)
        inside.submit(ana, envelope, "Calm")
        after = reports.me(inside.world, ana, project)
        moved = {name for name in after if after[name] != before[name]}
        kinds.add((scoring.number_of(envelope) <= 4, frozenset(moved)))
    assert {is_known for is_known, _ in kinds} == {True, False}
    assert {moved for _, moved in kinds} == {frozenset({"annotations", "items", "skip_rate", "days"})}


def test_a_message_reaches_one_person(inside: Inside) -> None:
    project = scoring.project(inside, 1)
    ana, ben = inside.person(project, "Ana"), inside.person(project, "Ben")
    body = models.read("Message", {"text": "Please look at the guide once more."})
    quality.message(inside.world, inside.owner, project, ana.person, body)
    (found,) = reports.me(inside.world, ana, project)["messages"]
    assert (found["text"], found["from"]) == ("Please look at the guide once more.", "Olga")
    assert reports.me(inside.world, ben, project)["messages"] == []
    assert reports.person(inside.world, inside.owner, project, ana.person)["messages"] == [found]


def test_only_those_who_manage_see_a_person_and_only_people_of_the_project(inside: Inside) -> None:
    project = scoring.project(inside, 1)
    ana, ben = inside.person(project, "Ana"), inside.person(project, "Ben")
    with pytest.raises(Refusal) as refused:
        reports.person(inside.world, ana, project, ben.person)
    assert refused.value.status == 403
    with pytest.raises(Refusal) as refused:
        reports.person(inside.world, inside.owner, project, 4711)
    assert refused.value.status == 404
