"""Several tasks at once: the rules of one task hold for each of them, also when two people ask at the same moment."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from chalicelib import models, queue, taking
from chalicelib.auth import Caller
from chalicelib.handlers import work
from chalicelib.problems import Refusal

from tests.api import invariants, scoring
from tests.api.inside import Inside, opened
from tests.api.reviewing import scene


@pytest.fixture
def inside(folder: Path) -> Iterator[Inside]:
    with opened(folder) as made:
        yield made


def many(inside: Inside, person: Caller, project: int, count: int, *exclude: int) -> list[Any]:
    return work.next_tasks(inside.world, person, project, frozenset(exclude), count)["tasks"]


def ids(envelopes: list[Any]) -> list[int]:
    return [envelope["task"]["id"] for envelope in envelopes]


def give_back(inside: Inside, person: Caller, project: int, tasks: list[int]) -> list[int]:
    body = models.read("GiveBack", {"tasks": tasks})
    return work.give_back_many(inside.world, person, project, body)["tasks"]


@pytest.mark.both_stores
def test_they_come_in_the_order_of_the_queue_and_each_with_its_lease(inside: Inside) -> None:
    project = inside.project(8)
    ana = inside.person(project)
    got = many(inside, ana, project, 5)
    assert [envelope["task"]["data"]["text"] for envelope in got] == [f"Text number {n}" for n in range(1, 6)]
    assert len({envelope["lease"]["token"] for envelope in got}) == 5
    assert ids(many(inside, ana, project, 5)) == ids(got), "who comes back gets what they hold"
    assert ids(many(inside, ana, project, 5, *ids(got))) == list(range(ids(got)[-1] + 1, ids(got)[-1] + 4))
    for envelope in got:
        inside.submit(ana, envelope)
    assert invariants.check(inside.world, project) == []


def test_none_when_nothing_is_left(inside: Inside) -> None:
    project = inside.project(2)
    ana, ben = inside.person(project, "Ana"), inside.person(project, "Ben")
    assert len(many(inside, ana, project, 30)) == 2
    assert many(inside, ben, project, 30) == []


def test_one_may_hold_twice_as_many_as_can_be_asked_for_and_no_more(inside: Inside) -> None:
    project = inside.project(taking.MOST_HELD + 5)
    ana = inside.person(project)
    held: list[int] = []
    for _ in range(2):
        held += ids(many(inside, ana, project, taking.MANY, *held))
    assert len(set(held)) == 2 * taking.MANY
    held += ids(many(inside, ana, project, 10, *held))
    assert len(held) == taking.MOST_HELD, "no more than that"
    with pytest.raises(Refusal, match=f"already hold {taking.MOST_HELD}"):
        many(inside, ana, project, 10, *held)
    with pytest.raises(Refusal, match="already hold"):
        inside.next(ana, project, *held)
    assert inside.next(ana, project)["task"]["id"] == held[0], "one by one they come back in their order"


@pytest.mark.both_stores
def test_two_people_who_ask_at_the_same_moment_share_the_tasks(inside: Inside) -> None:
    project = inside.project(inside.size(60, 20))
    people = [inside.person(project, name) for name in ("Ana", "Ben", "Cem")]
    with ThreadPoolExecutor(len(people)) as pool:
        got = list(pool.map(lambda person: many(inside, person, project, inside.size(30, 10)), people))
    seen = Counter(id_ for envelopes in got for id_ in ids(envelopes))
    assert set(seen.values()) == {1}, "overlap one: nobody has what another one has"
    assert len(seen) == inside.size(60, 20)
    for person, envelopes in zip(people, got, strict=True):
        for envelope in envelopes:
            inside.submit(person, envelope)
    assert invariants.exactly(inside.world, project) == Counter({1: inside.size(60, 20)})
    assert invariants.check(inside.world, project) == []


def test_two_tabs_of_one_person_get_no_task_twice(inside: Inside) -> None:
    project = inside.project(40)
    ana = inside.person(project)
    with ThreadPoolExecutor(2) as pool:
        tabs = list(pool.map(lambda _: ids(many(inside, ana, project, 10)), range(2)))
    assert all(len(set(tab)) == 10 for tab in tabs)
    assert invariants.check(inside.world, project) == []


def test_what_is_given_back_is_free_for_others_at_once(inside: Inside) -> None:
    project = inside.project(6)
    other = inside.project(1)
    ana, ben = inside.person(project, "Ana"), inside.person(project, "Ben")
    got = ids(many(inside, ana, project, 6))
    foreign = ids(many(inside, inside.person(other), other, 1))
    inside.submit(ana, many(inside, ana, project, 1)[0])
    assert give_back(inside, ana, project, [*got, *foreign, 10**9]) == got[1:], "only what they hold, and here"
    assert ids(many(inside, ben, project, 6)) == got[1:]
    assert invariants.check(inside.world, project) == []


def test_known_answers_are_among_them_as_often_as_one_by_one_and_are_not_told(inside: Inside) -> None:
    project = scoring.project(inside, 80, gold=20, quality={"gold_every": 5})
    ana = inside.person(project)
    got = many(inside, ana, project, 30)
    numbers = [scoring.number_of(envelope) for envelope in got]
    places = [place for place, n in enumerate(numbers) if n <= 20]
    assert [place // 5 for place in places] == list(range(6)), "one in each five"
    assert all(set(envelope) == set(got[0]) for envelope in got)
    for envelope in got:
        inside.submit(ana, envelope, scoring.truth_of(scoring.number_of(envelope)))
    assert scoring.standing_of(inside, project, ana).gold.n == 6


def test_own_work_that_was_sent_back_is_looked_at_alone(inside: Inside) -> None:
    at = scene(inside, people=1)
    task, (made,) = at.label("Calm")
    at.decide(task, "send_back", annotation=made["id"], comment="Look again.")
    ana = at.people[0]
    assert task not in ids(many(inside, ana, at.project, 5))
    assert inside.next(ana, at.project, *ids(many(inside, ana, at.project, 1)))["task"]["id"] == task
    assert task not in ids(many(inside, ana, at.project, 5)), "not even when they hold it"


def test_a_paused_project_gives_none(inside: Inside) -> None:
    project = inside.project(3, is_paused=True)
    with pytest.raises(Refusal, match="paused"):
        many(inside, inside.person(project), project, 3)


def test_leases_of_many_end_like_any_other(inside: Inside) -> None:
    project = inside.project(4)
    ana, ben = inside.person(project, "Ana"), inside.person(project, "Ben")
    got = ids(many(inside, ana, project, 4))
    inside.clock.now += queue.LEASE_MS / 1000 + 6
    assert sorted(ids(many(inside, ben, project, 4))) == got
    assert many(inside, ana, project, 4) == []
    assert invariants.check(inside.world, project) == []
