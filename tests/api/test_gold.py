"""Tasks with a known answer: who gets them when, how answers are scored, nobody can tell them, who is paused."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from chalicelib import keys, models, quality, queue, standing
from chalicelib.handlers import imports, reviews, submissions, tasks, work
from chalicelib.handlers import quality as handlers
from chalicelib.problems import Refusal

from tests.api import scoring
from tests.api.inside import Inside, opened
from tests.api.invariants import check
from tests.api.people import mood

DAY = 24 * 3600


@pytest.fixture
def inside(folder: Path) -> Iterator[Inside]:
    with opened(folder) as made:
        yield made


def test_a_task_with_a_known_answer_leaves_the_queue_and_counts_as_verified(inside: Inside) -> None:
    project = scoring.project(inside, 5, gold=2)
    ana = inside.person(project)
    assert scoring.go(inside, project, ana, scoring.right(1, 1)) == [3, 4, 5]
    assert inside.progress(project)["verified"] == 2
    listed = handlers.list_gold(inside.world, inside.owner, project, "")
    assert [(row["inner_id"], row["kind"], row["answers"]) for row in listed["gold"]] == [
        (1, "gold", 0),
        (2, "gold", 0),
    ]


def test_a_task_without_its_known_answer_comes_back_to_the_queue(inside: Inside) -> None:
    project = scoring.project(inside, 2, gold=1)
    ana = inside.person(project)
    task = handlers.list_gold(inside.world, inside.owner, project, "")["gold"][0]["task"]
    assert scoring.go(inside, project, ana, scoring.right(1, 1)) == [2]
    said = handlers.set_gold(inside.world, inside.owner, task, models.read("SetGold", {"kind": None}))
    assert said["kind"] is None
    assert handlers.list_gold(inside.world, inside.owner, project, "")["gold"] == []
    assert scoring.go(inside, project, ana, scoring.right(1, 1)) == [1]


def test_an_annotation_can_be_the_known_answer_and_is_marked_as_the_ground_truth(inside: Inside) -> None:
    project = scoring.project(inside, 1, maximum_annotations=2)
    ana, ben = inside.person(project, "Ana"), inside.person(project, "Ben")
    made = inside.submit(ana, inside.next(ana, project), "Sad")
    body = models.read("SetGold", {"kind": "gold", "annotation": made["id"]})
    handlers.set_gold(inside.world, inside.owner, made["task"], body)
    (stored,) = submissions.of_task(inside.world, inside.owner, made["task"])
    assert (stored["version"], stored["ground_truth"], stored["result"]) == (2, True, made["result"])
    assert inside.next(ben, project) is None
    scoring.change(inside, project, quality={"gold_every": 1})
    assert inside.next(ana, project) is None  # it is her own answer
    inside.submit(ben, inside.next(ben, project), "Sad")
    assert scoring.standing_of(inside, project, ben).gold.mean == 1.0


def test_imported_tasks_with_a_ground_truth_become_gold_when_their_meta_says_so(inside: Inside) -> None:
    project = scoring.project(inside, 0, quality={"gold_every": 1})
    truth = {"result": mood("Sad"), "ground_truth": True}
    plain = {"result": mood("Sad")}
    rows = [
        {"data": {"text": "Text number 1"}, "meta": {"gold": True}, "annotations": [truth]},
        {"data": {"text": "Text number 2"}, "meta": {"gold": "attention"}, "annotations": [truth]},
        {"data": {"text": "Text number 3"}, "meta": {"gold": True}, "annotations": [plain]},
        {"data": {"text": "Text number 4"}, "annotations": [truth]},
        {"data": {"text": "Text number 5"}},
    ]
    imports.load(inside.world, inside.owner, project, json.dumps(rows).encode(), "application/json")
    listed = handlers.list_gold(inside.world, inside.owner, project, "")["gold"]
    assert [(row["inner_id"], row["kind"]) for row in listed] == [(2, "attention"), (1, "gold")]
    assert check(inside.world, project) == []
    ana = inside.person(project)
    assert scoring.go(inside, project, ana, lambda _: "Sad") == [1, 5]
    assert scoring.standing_of(inside, project, ana).gold == standing.Scores(1, 1_000_000)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        pytest.param({"kind": "gold"}, "no-answer", id="nobody knows what is right"),
        pytest.param({"kind": "gold", "annotation": 99}, "no-annotation", id="an annotation of another task"),
        pytest.param(
            {"kind": "gold", "result": mood("Angry")}, "unknown-choice", id="a result that the config has not"
        ),
    ],
)
def test_a_known_answer_must_be_there_and_fit_the_config(inside: Inside, body: Any, code: str) -> None:
    project = scoring.project(inside, 1)
    task = inside.next(inside.person(project), project)["task"]["id"]
    with pytest.raises(Refusal) as refused:
        handlers.set_gold(inside.world, inside.owner, task, models.read("SetGold", body))
    assert refused.value.problems[0]["code"] == code
    assert inside.progress(project)["verified"] == 0


def test_one_of_each_stretch_has_a_known_answer_at_a_place_that_differs(inside: Inside) -> None:
    project = scoring.project(inside, 110, gold=30, quality={"gold_every": 5})
    places = {}
    for name in ("Ana", "Ben"):
        person = inside.person(project, name)
        done = scoring.go(inside, project, person, scoring.right(1, 1), most=40)
        places[name] = [place for place, n in enumerate(done) if n <= 30]
        assert [place // 5 for place in places[name]] == list(range(8))
        assert len({done[place] for place in places[name]}) == 8, "one task twice"
    assert places["Ana"] != places["Ben"]
    assert len({place % 5 for place in places["Ana"] + places["Ben"]}) > 2


def test_nobody_gets_the_same_known_answer_twice_and_none_when_all_are_seen(inside: Inside) -> None:
    project = scoring.project(inside, 23, gold=3, quality={"gold_every": 2}, maximum_annotations=2)
    ana, ben = inside.person(project, "Ana"), inside.person(project, "Ben")
    for person in (ana, ben):
        done = scoring.go(inside, project, person, scoring.right(1, 1))
        assert sorted(done) == list(range(1, 24)), "each once"
    given = scoring.give_answers(inside, project, 1, "gold", first=4)
    assert len(given) == 1
    assert inside.next(ana, project) is None  # she has labeled it already
    scoring.change(inside, project, quality={"gold_every": 1})
    cem = inside.person(project, "Cem")
    assert sorted(scoring.go(inside, project, cem, scoring.right(1, 1))) == [1, 2, 3, 4]


def test_the_same_task_is_due_at_every_try_until_it_is_done(inside: Inside) -> None:
    project = scoring.project(inside, 12, gold=2, quality={"gold_every": 1})
    ana = inside.person(project)
    held = inside.next(ana, project)
    assert scoring.number_of(held) <= 2
    assert inside.next(ana, project)["task"] == held["task"]
    work.give_back(inside.world, ana, held["task"]["id"])
    assert inside.next(ana, project)["task"] == held["task"], "giving it back is no way around it"
    inside.clock.now += queue.LEASE_MS / 1000 + 6
    again = inside.next(ana, project)
    assert again["task"] == held["task"]
    inside.submit(ana, again)
    assert scoring.standing_of(inside, project, ana).gold.n == 1


def test_the_page_that_fetches_ahead_gets_one_known_answer_a_stretch(inside: Inside) -> None:
    project = scoring.project(inside, 30, gold=10, quality={"gold_every": 4})
    ana = inside.person(project)
    seen: list[int] = []
    held = inside.next(ana, project)
    while len(seen) < 20:
        ahead = inside.next(ana, project, held["task"]["id"])
        seen.append(scoring.number_of(held))
        inside.submit(ana, held, scoring.truth_of(seen[-1]))
        held = ahead
    assert 4 <= sum(n <= 10 for n in seen) <= 6
    assert len(set(seen)) == 20


def test_an_annotator_cannot_tell_a_known_answer_from_any_other_task(inside: Inside) -> None:
    project = scoring.project(inside, 12, gold=6, quality={"gold_every": 2}, queue={"show_others": True})
    ana = inside.person(project)
    looks: dict[bool, list[Any]] = {True: [], False: []}
    for _ in range(8):
        envelope = inside.next(ana, project)
        n = scoring.number_of(envelope)
        made = inside.submit(ana, envelope, "Calm", key=f"key {n}")
        shown = handlers.for_person(inside.world, ana, made)
        finished = work.mine(inside.world, ana, project)["tasks"][0]
        again = work.one(inside.world, ana, envelope["task"]["id"])
        looks[n <= 6].append([set(envelope), set(shown), set(finished), set(again), len(envelope["lease"]["token"])])
        assert "purpose" not in shown
        assert reviews.others(inside.world, ana, envelope["task"]["id"])["annotations"] == []
        with pytest.raises(Refusal, match="no feedback"):
            handlers.feedback(inside.world, ana, envelope["task"]["id"])
    assert len(looks[True]) >= 3
    assert all(look == looks[False][0] for look in looks[True] + looks[False])


@pytest.mark.both_stores
def test_the_score_is_the_agreement_with_the_known_answer_and_the_first_one_counts(inside: Inside) -> None:
    project = scoring.project(inside, 6, gold=4, quality={"gold_every": 1})
    ana = inside.person(project)
    said = {}
    for n, choice in enumerate(["right", "wrong", "right"]):
        envelope = inside.next(ana, project)
        truth = scoring.truth_of(scoring.number_of(envelope))
        wrong = next(label for label in scoring.LABELS if label != truth)
        said[n] = inside.submit(ana, envelope, truth if choice == "right" else wrong, key=f"k{n}")
        if n == 0:
            inside.submit(ana, envelope, truth, key="k0")  # the same submit once more
    assert scoring.standing_of(inside, project, ana).gold == standing.Scores(3, 2_000_000)
    truth = scoring.truth_of(int(work.one(inside.world, ana, said[1]["task"])["task"]["data"]["text"].split()[-1]))
    change = {"result": mood(truth), "version": 1}
    submissions.change(inside.world, ana, said[1]["id"], change, "")
    own = scoring.standing_of(inside, project, ana)
    assert own.gold == standing.Scores(3, 2_000_000)
    assert own.items == 3
    envelope = inside.next(ana, project)
    inside.submit(ana, envelope, was_cancelled=True)
    assert scoring.standing_of(inside, project, ana).gold == standing.Scores(3, 2_000_000, 1)
    listed = handlers.list_gold(inside.world, inside.owner, project, "")["gold"]
    assert Counter((row["answers"], row["score"]) for row in listed) == {(1, 1.0): 2, (1, 0.0): 1, (0, None): 1}


def test_a_submit_that_comes_sixteen_times_at_once_is_scored_once(inside: Inside) -> None:
    project = scoring.project(inside, 6, gold=4, quality={"gold_every": 1})
    ana = inside.person(project)
    for n in range(3):
        envelope = inside.next(ana, project)
        truth = scoring.truth_of(scoring.number_of(envelope))
        with ThreadPoolExecutor(16) as pool:
            sent = [pool.submit(inside.submit, ana, envelope, truth, key=f"k{n}") for _ in range(16)]
        assert len({one.result()["id"] for one in sent}) == 1
        own = scoring.standing_of(inside, project, ana)
        assert (own.items, own.gold, own.open) == (n + 1, standing.Scores(n + 1, (n + 1) * 1_000_000), [])
    with ThreadPoolExecutor(8) as pool:
        given = [pool.submit(inside.next, ana, project) for _ in range(8)]
    assert len({one.result()["task"]["id"] for one in given}) == 1, "eight tabs get one task"
    assert check(inside.world, project) == []


def test_a_submit_reads_no_more_the_more_people_have_answered_a_known_one(
    inside: Inside, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = scoring.project(inside, 2, gold=1, quality={"gold_every": 1})
    read, records = [], inside.world.records
    get_many = records.get_many
    for n in range(12):
        person = inside.person(project, f"P{n}")
        given = inside.next(person, project)
        asked: list[int] = []
        monkeypatch.setattr(records, "get_many", lambda keys, asked=asked: (asked.append(len(keys)), get_many(keys))[1])
        inside.submit(person, given)
        monkeypatch.undo()
        read.append(sum(asked))
    assert read[1] == read[-1]


def test_known_answers_count_neither_as_annotations_nor_in_the_consensus(inside: Inside) -> None:
    project = scoring.project(inside, 4, gold=2, quality={"gold_every": 1})
    ana = inside.person(project)
    assert sorted(scoring.go(inside, project, ana, scoring.right(1, 1))) == [1, 2, 3, 4]
    counted = inside.progress(project)
    assert (counted["annotations"], counted["agreed"], counted["verified"], counted["total"]) == (2, 2, 2, 4)
    for page in tasks.pages(inside.world, project):
        for _, state in page:
            assert state.done == (0 if state.gold else 1)
    mine = inside.world.records.get(*keys.work_count(project, ana.person))
    assert mine is not None
    assert mine.body["annotations"] == 4, "their own count moves with each task they do"


def test_an_empty_answer_to_a_known_one_scores_zero(inside: Inside) -> None:
    project = scoring.project(inside, 2, gold=2, quality={"gold_every": 1})
    ana = inside.person(project)
    inside.submit(ana, inside.next(ana, project), result=[])
    assert scoring.standing_of(inside, project, ana).gold == standing.Scores(1, 0)


def test_a_warm_up_comes_first_and_brings_feedback(inside: Inside) -> None:
    project = scoring.project(inside, 8, gold=2, kind="warm_up", quality={"warm_up": 3})
    scoring.give_answers(inside, project, 1, "gold", first=3)
    ana = inside.person(project)
    for n in range(3):
        envelope = inside.next(ana, project)
        number = scoring.number_of(envelope)
        assert number <= 3, "gold tasks fill up the warm-up"
        made = inside.submit(ana, envelope, scoring.truth_of(1))
        shown = handlers.for_person(inside.world, ana, made)["feedback"]
        assert shown == handlers.feedback(inside.world, ana, envelope["task"]["id"])
        assert shown["score"] == float(scoring.truth_of(number) == scoring.truth_of(1))
        assert shown["result"][0]["value"] == {"choices": [scoring.truth_of(number)]}
        assert shown["remark"] == f"See text {number}."
        assert "answers" in shown["view"]
        assert scoring.standing_of(inside, project, ana).warm_up.n == n + 1
    assert scoring.number_of(inside.next(ana, project)) > 3
    assert scoring.standing_of(inside, project, ana).gold.n == 0


def test_putting_a_task_off_does_not_tell_whether_its_answer_is_known(inside: Inside) -> None:
    """An ordinary task that is put off comes back after everything else, so one with a known answer does too."""
    project = scoring.project(inside, 8, gold=2, quality={"gold_every": 1})
    ana = inside.person(project)
    first = inside.next(ana, project)
    assert scoring.number_of(first) <= 2, "a known answer is due at each hand-out"
    work.give_back(inside.world, ana, first["task"]["id"], later=True)
    done = scoring.go(inside, project, ana, scoring.right(1, 1))
    assert done[-1] == scoring.number_of(first)
    assert sorted(done) == list(range(1, 9))
    assert scoring.standing_of(inside, project, ana).gold.n == 2


def test_an_answer_that_was_taken_back_and_given_again_is_not_scored_again(inside: Inside) -> None:
    project = scoring.project(inside, 6, gold=1, kind="warm_up", quality={"warm_up": 2})
    scoring.give_answers(inside, project, 1, "warm_up", first=2)
    ana = inside.person(project)
    given = inside.next(ana, project)
    for _ in range(3):
        made = inside.submit(ana, given, scoring.truth_of(scoring.number_of(given) + 1))
        submissions.remove(inside.world, ana, made["id"])
    inside.submit(ana, given, scoring.truth_of(scoring.number_of(given)))  # the feedback has told her
    own = scoring.standing_of(inside, project, ana)
    assert (own.warm_up, own.items) == (standing.Scores(1, 0), 1)
    counted = handlers.list_gold(inside.world, inside.owner, project, "")["gold"]
    assert sorted(row["answers"] for row in counted) == [0, 1]
    assert scoring.number_of(inside.next(ana, project)) <= 2, "the second of the warm-up is still to come"


def test_an_attention_check_is_passed_or_failed(inside: Inside) -> None:
    project = scoring.project(inside, 10, gold=2, kind="attention", quality={"attention_every": 2})
    ana = inside.person(project)
    done = scoring.go(inside, project, ana, lambda _: scoring.truth_of(1))
    assert {1, 2} <= set(done)
    assert scoring.standing_of(inside, project, ana).attention == standing.Scores(2, 1_000_000)


def test_after_days_a_person_gets_own_tasks_again_and_agrees_with_themselves_or_not(inside: Inside) -> None:
    project = scoring.project(inside, 30, quality={"repeat_every": 3, "repeat_after_days": 7})
    ana = inside.person(project)
    first = scoring.go(inside, project, ana, lambda label: label, most=12)
    assert len(set(first)) == 12, "nothing is old enough yet"
    inside.clock.now += 8 * DAY
    envelope = None
    later = []
    for _ in range(12):
        envelope = inside.next(ana, project)
        later.append(scoring.number_of(envelope))
        if later[-1] in first:
            assert envelope["result"] == [], "the first answer is not shown"
            held = work.one(inside.world, ana, envelope["task"]["id"])
            assert held["result"] == []
        inside.submit(ana, envelope, scoring.truth_of(later[-1]) if len(later) < 8 else "Calm")
    repeated = [n for n in later if n in first]
    assert 3 <= len(repeated) == len(set(repeated)) <= 4
    own = scoring.standing_of(inside, project, ana)
    assert own.repeat.n == len(repeated)
    assert own.repeat.sum_ppm == 1_000_000 * sum(
        scoring.truth_of(n) == "Calm" or place < 7 for place, n in enumerate(later) if n in first
    )
    assert inside.progress(project)["annotations"] == len(set(first + later))


def test_who_is_wrong_too_often_is_paused_and_the_tasks_they_hold_go_to_others(inside: Inside) -> None:
    rules = {"gold_every": 2, "pause_under": 0.6, "pause_after": 4, "then": "keep"}
    project = scoring.project(inside, 40, gold=10, quality=rules)
    ana, spam = inside.person(project, "Ana"), inside.person(project, "Spam")
    scoring.go(inside, project, ana, scoring.right(1, 1), most=16)
    assert scoring.standing_of(inside, project, ana).paused is None
    held: list[int] = []
    while scoring.standing_of(inside, project, spam).paused is None:
        envelope = inside.next(spam, project)
        ahead = inside.next(spam, project, envelope["task"]["id"])
        held = [ahead["task"]["id"]]
        inside.submit(spam, envelope, scoring.truth_of(scoring.number_of(envelope) + 1))
    with pytest.raises(Refusal) as refused:
        inside.next(spam, project)
    assert refused.value.status == 403
    assert refused.value.problems[0]["code"] == "paused"
    own = scoring.standing_of(inside, project, spam)
    assert own.gold.n == 4
    assert own.paused is not None
    assert own.paused["score"] == 0.0
    ids = {n: task["id"] for page in tasks.pages(inside.world, project) for task, _ in page if (n := task["inner_id"])}
    assert held
    for page in tasks.pages(inside.world, project):
        assert not [lease for _, state in page for lease in state.leases if lease["person"] == spam.person]
    assert check(inside.world, project) == []
    rest = scoring.go(inside, project, ana, scoring.right(1, 1))
    assert set(held) <= {ids[n] for n in rest}


def test_a_person_who_is_resumed_goes_on_and_is_judged_anew(inside: Inside) -> None:
    rules = {"gold_every": 1, "pause_under": 0.6, "pause_after": 2}
    project = scoring.project(inside, 20, gold=8, quality=rules)
    ana = inside.person(project)
    assert len(scoring.go(inside, project, ana, scoring.always_wrong)) == 2
    said = handlers.resume(inside.world, inside.owner, project, ana.person)
    assert said["paused"] is None
    assert len(scoring.go(inside, project, ana, lambda label: label, most=4)) == 4
    assert scoring.standing_of(inside, project, ana).gold == standing.Scores(6, 4_000_000)


def test_an_owner_pauses_by_hand_also_where_nothing_is_mixed_in(inside: Inside) -> None:
    project = scoring.project(inside, 5)
    ana = inside.person(project)
    inside.next(ana, project)
    said = handlers.pause(inside.world, inside.owner, project, ana.person)
    assert said["paused"]["why"] == "owner"
    assert said["paused"]["by"]["id"] == inside.owner.person
    with pytest.raises(Refusal) as refused:
        inside.next(ana, project)
    assert refused.value.problems[0]["code"] == "paused"
    assert len(scoring.go(inside, project, inside.person(project, "Ben"), scoring.right(1, 1))) == 5


@pytest.mark.parametrize("then", ["discard", "requeue"])
def test_discarded_work_leaves_no_trace_in_the_counters(inside: Inside, then: str) -> None:
    rules = {"gold_every": 3, "pause_under": 0.7, "pause_after": 4, "then": then}
    project = scoring.project(inside, 60, gold=12, maximum_annotations=2, quality=rules)
    spam = inside.person(project, "Spam")
    before = inside.progress(project)
    done = scoring.go(inside, project, spam, scoring.always_wrong)
    assert 8 < len(done) < 20
    scoring.wait(inside, scoring.standing_of(inside, project, spam).job)
    assert inside.progress(project) == before
    assert check(inside.world, project) == []
    good = [inside.person(project, name) for name in ("Ana", "Ben")]
    scoring.in_turn(inside, project, [(person, lambda label: label) for person in good])
    counted = inside.progress(project)
    spammed = len([n for n in done if n > 12])
    wanted = 48 * 2 if then == "requeue" else 48 * 2 - spammed
    assert (counted["annotations"], counted["agreed"]) == (wanted, 48)
    for page in tasks.pages(inside.world, project):
        for task, state in page:
            people = [a["person"] for a in state.labels()]
            assert spam.person not in people
            assert len(people) == len(set(people))
            row = inside.world.records.get(*keys.consensus(task["id"]))
            made_from = {a["annotation"] for a in row.body["made_from"]} if row else set()
            assert not made_from & {a["id"] for a in state.annotations if a["person"] == spam.person}


@pytest.mark.both_stores
def test_discarding_can_be_undone(inside: Inside) -> None:
    project = scoring.project(inside, 6, maximum_annotations=2)
    ana, ben = inside.person(project, "Ana"), inside.person(project, "Ben")
    for person in (ana, ben):
        scoring.go(inside, project, person, lambda label: label)
    before = inside.progress(project)
    assert before["annotations"] == 12
    states = {s.task: (s.name, s.agreement, s.done) for page in tasks.pages(inside.world, project) for _, s in page}
    said = handlers.discard(inside.world, inside.owner, project, ben.person, models.read("Discard", {}))
    scoring.wait(inside, said["job"])
    assert inside.progress(project)["annotations"] == 6
    said = handlers.discard(inside.world, inside.owner, project, ben.person, models.read("Discard", {"undo": True}))
    scoring.wait(inside, said["job"])
    assert inside.progress(project) == before
    assert check(inside.world, project) == []
    assert states == {
        s.task: (s.name, s.agreement, s.done) for page in tasks.pages(inside.world, project) for _, s in page
    }


def test_discarded_answers_cannot_be_changed_or_taken_back(inside: Inside) -> None:
    project = scoring.project(inside, 2)
    ana = inside.person(project)
    made = inside.submit(ana, inside.next(ana, project))
    said = handlers.discard(inside.world, inside.owner, project, ana.person, models.read("Discard", {}))
    scoring.wait(inside, said["job"])
    with pytest.raises(Refusal, match="does not count"):
        submissions.change(inside.world, ana, made["id"], {"result": mood("Sad"), "version": 1}, "")
    with pytest.raises(Refusal, match="does not count"):
        submissions.remove(inside.world, ana, made["id"])
    assert inside.progress(project)["annotations"] == 0


def test_weights_of_people_come_from_their_scores(inside: Inside) -> None:
    project = scoring.project(inside, 30, gold=8, quality={"gold_every": 1})
    ana, ben, cem = (inside.person(project, name) for name in ("Ana", "Ben", "Cem"))
    scoring.go(inside, project, ana, lambda label: label, most=8)
    scoring.go(inside, project, ben, lambda _: "Calm", most=8)
    record = inside.world.records.get(*keys.project(project))
    assert record is not None
    found = quality.weights(inside.world, record.body)
    assert found[ana.person] == pytest.approx(8.5 / 9)
    assert found[ben.person] == pytest.approx(2.5 / 9)
    assert cem.person not in found
