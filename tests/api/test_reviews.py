"""Reviews: what disagreement sets off, what reviewers decide, and that nothing drifts when they race."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, cast

import pytest
from chalicelib import keys, models, queue, webhooks
from chalicelib.handlers import assignments, drafts, history, imports, quality, submissions, tasks, work
from chalicelib.handlers import reviews as handlers
from chalicelib.problems import Refusal
from chalicelib.storage.ports import Operation, Put

from tests.api.inside import Inside, opened
from tests.api.people import mood
from tests.api.reviewing import change, person, scene


@pytest.fixture
def inside(folder: Path) -> Iterator[Inside]:
    with opened(folder) as made:
        yield made


def code(refusal: Any) -> str:
    return str(refusal.value.problems[0]["code"])


def said(body: Any) -> str:
    return str(body["result"][0]["value"]["choices"][0])


# -- disagreement


def test_people_who_agree_need_no_reviewer(inside: Inside) -> None:
    at = scene(inside)
    task, _ = at.label("Calm", "Calm")
    assert at.state(task).name == "agreed"
    assert at.waiting() == []
    at.assert_in_line()


def test_people_who_disagree_get_a_reviewer(inside: Inside) -> None:
    at = scene(inside)
    task, _ = at.label("Calm", "Sad")
    assert at.waiting() == [task]
    listed = handlers.listed(inside.world, at.rita, at.project, "")
    assert listed["count"] == 1
    assert (
        listed["reviews"][0] | {"task": task, "why": "disagreement", "state": "disagree", "own": False}
        == listed["reviews"][0]
    )
    at.assert_in_line()


@pytest.mark.both_stores
def test_more_people_are_asked_before_a_reviewer_is(inside: Inside) -> None:
    at = scene(inside, people=5, overlap=2, disagreement={"ask": 2})
    task, _ = at.label("Calm", "Sad")
    assert (at.state(task).name, at.state(task).extra, at.waiting()) == ("working", 1, [])
    third = at.people[2]
    inside.submit(third, inside.next(third, at.project), "Calm")
    assert at.state(task).extra == 2, "two of three pairs disagree"
    fourth = at.people[3]
    inside.submit(fourth, inside.next(fourth, at.project), "Sad")
    assert (at.state(task).name, at.waiting()) == ("disagree", [task])
    assert inside.next(at.people[4], at.project) is None
    at.assert_in_line()


def test_nobody_more_is_asked_once_they_agree_by_themselves(inside: Inside) -> None:
    at = scene(inside, people=3, overlap=2, disagreement={"ask": 1})
    task, made = at.label("Calm", "Sad")
    assert at.state(task).extra == 1
    submissions.change(inside.world, at.people[1], made[1]["id"], {"result": mood("Calm"), "version": 1}, "")
    assert (at.state(task).extra, at.state(task).name) == (0, "agreed")
    assert inside.next(at.people[2], at.project) is None
    at.assert_in_line()


def test_a_project_may_leave_disagreement_as_it_is(inside: Inside) -> None:
    at = scene(inside, disagreement={"then": "keep"})
    task, _ = at.label("Calm", "Sad")
    assert (at.state(task).name, at.waiting()) == ("disagree", [])


def test_people_who_correct_themselves_until_they_agree_need_no_reviewer_any_more(inside: Inside) -> None:
    at = scene(inside)
    task, made = at.label("Calm", "Sad")
    submissions.change(inside.world, at.people[1], made[1]["id"], {"result": mood("Calm"), "version": 1}, "")
    assert at.waiting() == []
    assert at.state(task).name == "agreed"
    at.assert_in_line()


def test_a_task_that_lost_an_answer_waits_for_people_again_and_not_for_a_reviewer(inside: Inside) -> None:
    at = scene(inside)
    task, made = at.label("Calm", "Sad")
    submissions.remove(inside.world, at.people[0], made[0]["id"])
    assert (at.waiting(), at.state(task).name) == ([], "working")
    at.assert_in_line()


def test_imported_answers_that_disagree_wait_for_a_reviewer_too(inside: Inside) -> None:
    at = scene(inside, tasks=0)
    given = [{"result": mood("Calm")}, {"result": mood("Sad")}]
    body = json.dumps([{"data": {"text": "Hm"}, "annotations": given}, {"data": {"text": "Ah"}}]).encode()
    imports.load(inside.world, inside.owner, at.project, body, "application/json")
    first, _ = at.task_ids()
    assert at.waiting() == [first]
    assert inside.progress(at.project)["review"] == 1
    at.decide(first, "merge")
    assert (at.waiting(), inside.progress(at.project)["review"]) == ([], 0)


@pytest.mark.both_stores
def test_new_settings_are_carried_to_old_tasks(inside: Inside) -> None:
    at = scene(inside, disagreement={"then": "keep"})
    task, _ = at.label("Calm", "Sad")
    assert at.waiting() == []
    change(inside, at.project, disagreement={"then": "review"})
    inside.finish_jobs(at.project)
    assert at.waiting() == [task]
    change(inside, at.project, agreement_threshold=0.0)
    inside.finish_jobs(at.project)
    assert (at.waiting(), at.state(task).name) == ([], "agreed")
    at.assert_in_line()


@pytest.mark.parametrize(
    "settings",
    [
        {"agreement_threshold": 0.0},
        {"disagreement": {"then": "keep"}},
        {"disagreement": {"ask": 1}},
        {"maximum_annotations": 3},
    ],
    ids=str,
)
def test_a_task_that_new_settings_take_from_the_reviewers_is_not_counted_as_waiting(
    inside: Inside, settings: dict[str, Any]
) -> None:
    at = scene(inside)
    at.label("Calm", "Sad")
    assert inside.progress(at.project)["review"] == 1
    change(inside, at.project, **settings)
    inside.finish_jobs(at.project)
    assert (at.waiting(), inside.progress(at.project)["review"]) == ([], 0)
    at.assert_in_line()


def test_the_share_that_is_audited_is_the_same_at_every_look_and_about_as_big_as_asked(inside: Inside) -> None:
    at = scene(inside, tasks=60, people=1, review={"share": 0.5})
    for _ in range(60):
        at.label("Calm")
    chosen = at.waiting()
    assert 15 <= len(chosen) <= 45
    why = {row["why"] for row in handlers.listed(inside.world, at.rita, at.project, "")["reviews"]}
    assert why == {"audit"}
    at.assert_in_line()


@pytest.mark.parametrize(
    ("thresholds", "verdict"), [({}, "agreed"), ({"mood": 0.9}, "disagree"), ({"mood": 0.3}, "agreed")]
)
def test_a_control_may_have_a_threshold_of_its_own(inside: Inside, thresholds: dict[str, float], verdict: str) -> None:
    at = scene(inside, people=3, consensus={"thresholds": thresholds}, agreement_threshold=0.3)
    task, _ = at.label("Calm", "Calm", "Sad")
    assert at.state(task).name == verdict


# -- decisions


def test_an_accepted_answer_is_the_ground_truth_with_its_maker_and_who_accepted_it(inside: Inside) -> None:
    at = scene(inside)
    task, made = at.label("Calm", "Sad")
    outcome = at.decide(task, "accept", annotation=made[1]["id"])
    assert (outcome["verified"], outcome["truth"]) == (True, made[1]["id"])
    body = submissions.of_task(inside.world, inside.owner, task)[1]
    assert (body["ground_truth"], body["verified_by"], body["completed_by"], body["version"], body["last_action"]) == (
        True, [at.rita.person], at.people[1].person, 2, "accepted",
    )  # fmt: skip
    assert inside.progress(at.project)["verified"] == 1
    assert at.waiting() == []
    exported = tasks.one(inside.world, inside.owner, task)
    assert [a["ground_truth"] for a in exported["annotations"]] == [False, True]
    at.assert_in_line()


def test_the_proposed_consensus_becomes_the_reviewers_annotation(inside: Inside) -> None:
    at = scene(inside, people=3)
    task, made = at.label("Calm", "Sad", "Calm")
    at.decide(task, "merge")
    mine = submissions.of_task(inside.world, inside.owner, task)[-1]
    assert (mine["completed_by"], mine["purpose"], mine["ground_truth"], said(mine)) == (
        at.rita.person, "review", True, "Calm",
    )  # fmt: skip
    assert [m["annotation"] for m in mine["merged_from"]] == [m["id"] for m in made]
    assert at.state(task).done == 3, "a reviewer's answer is no vote"
    at.assert_in_line()


def test_a_reviewer_may_correct_and_is_checked_like_everybody(inside: Inside) -> None:
    at = scene(inside)
    task, _ = at.label("Calm", "Sad")
    with pytest.raises(Refusal) as refused:
        at.decide(task, "correct", result=mood("Furious"))
    assert refused.value.status == 400
    with pytest.raises(Refusal, match="result must be"):
        at.decide(task, "correct")
    outcome = at.decide(task, "correct", result=mood("Sad"), lead_time=4.0)
    mine = submissions.of_task(inside.world, inside.owner, task)[-1]
    assert (outcome["truth"], said(mine), mine["lead_time"]) == (mine["id"], "Sad", 4.0)
    at.assert_in_line()


def test_a_decision_on_what_has_changed_meanwhile_is_refused_with_what_stands_now(inside: Inside) -> None:
    at = scene(inside)
    task, made = at.label("Calm", "Sad")
    seen = at.look(task)["version"]
    submissions.change(inside.world, at.people[0], made[0]["id"], {"result": mood("Calm"), "version": 1}, "")
    with pytest.raises(Refusal) as refused:
        at.decide(task, "accept", version=seen, annotation=made[1]["id"])
    assert (refused.value.status, code(refused)) == (409, "changed-meanwhile")
    assert refused.value.more["annotations"][0] == {"id": made[0]["id"], "version": 2}
    at.decide(task, "accept", version=refused.value.more["version"], annotation=made[1]["id"])
    assert at.state(task).name == "verified"


def test_a_lease_is_no_change_for_a_reviewer(inside: Inside) -> None:
    at = scene(inside)
    task, made = at.label("Calm", "Sad")
    seen = at.look(task)["version"]
    handlers.next_one(inside.world, at.rita, at.project)
    at.decide(task, "accept", version=seen, annotation=made[0]["id"])


def test_the_same_key_decides_once(inside: Inside) -> None:
    at = scene(inside)
    task, made = at.label("Calm", "Sad")
    seen = at.look(task)["version"]
    first = at.decide(task, "accept", version=seen, annotation=made[0]["id"], key="k")
    assert at.decide(task, "accept", version=seen, annotation=made[0]["id"], key="k") == first
    assert len(at.look(task)["decisions"]) == 1


def test_a_decision_that_was_taken_back_is_not_made_again_by_a_late_repetition(inside: Inside) -> None:
    at = scene(inside)
    task, made = at.label("Calm", "Sad")
    seen = at.look(task)["version"]
    asked = {"version": seen, "annotation": made[0]["id"], "comment": "Sure?", "key": "k"}
    at.decide(task, "send_back", **asked)
    handlers.undo(inside.world, at.rita, task)
    assert at.look(task)["version"] == seen, "so only the key tells that it is late"
    late = at.decide(task, "send_back", **asked)
    assert (late["version"], late["verified"]) == (seen, False)
    assert at.waiting() == [task]
    assert all("key" not in decision for decision in at.look(task)["decisions"])
    assert at.decide(task, "accept", annotation=made[0]["id"], key="another")["verified"]
    at.assert_in_line()


def test_several_reviewers_must_approve_the_same_answer(inside: Inside) -> None:
    at = scene(inside, review={"approvals": 2})
    ruth = person(inside, at.project, "Ruth", "reviewer")
    task, made = at.label("Calm", "Sad")
    first = at.decide(task, "accept", annotation=made[0]["id"])
    assert (first["verified"], first["approved"], at.waiting()) == (False, 1, [task])
    again = at.decide(task, "accept", annotation=made[0]["id"])
    assert again["approved"] == 1, "one reviewer approves once"
    other = at.decide(task, "accept", ruth, annotation=made[1]["id"])
    assert (other["verified"], other["approved"]) == (False, 1), "of another answer"
    done = at.decide(task, "accept", annotation=made[1]["id"])
    assert done["verified"]
    body = submissions.of_task(inside.world, inside.owner, task)[1]
    assert body["verified_by"] == sorted([at.rita.person, ruth.person])
    at.assert_in_line()


def test_a_reviewers_own_correction_is_their_approval(inside: Inside) -> None:
    at = scene(inside, review={"approvals": 2})
    ruth = person(inside, at.project, "Ruth", "reviewer")
    task, _ = at.label("Calm", "Sad")
    mine = at.decide(task, "correct", result=mood("Sad"))
    assert not mine["verified"]
    done = at.decide(task, "accept", ruth, annotation=mine["truth"])
    assert done["verified"]
    assert at.look(task)["annotations"][-1]["ground_truth"]


def test_approvals_fall_with_the_version_that_they_were_given_for(inside: Inside) -> None:
    at = scene(inside, review={"approvals": 2})
    task, made = at.label("Calm", "Sad")
    at.decide(task, "accept", annotation=made[0]["id"])
    submissions.change(inside.world, at.people[0], made[0]["id"], {"result": mood("Calm"), "version": 1}, "")
    assert at.look(task)["review"]["approved_by"] == []
    at.assert_in_line()


def test_a_verified_task_is_given_to_nobody_and_late_answers_are_kept_beside(inside: Inside) -> None:
    at = scene(inside, people=3, overlap=3)
    late = inside.next(at.people[2], at.project)
    task, made = at.label("Calm", "Sad")
    at.decide(task, "accept", annotation=made[0]["id"])
    assert inside.submit(at.people[2], late, "Sad")["extra"] is True
    assert at.state(task).name == "verified"
    assert inside.next(person(inside, at.project, "Zoe", "annotator"), at.project) is None
    at.assert_in_line()


def test_the_ground_truth_cannot_be_changed_or_removed_under_the_reviewer(inside: Inside) -> None:
    at = scene(inside)
    task, made = at.label("Calm", "Sad")
    at.decide(task, "accept", annotation=made[0]["id"])
    attempts: list[Callable[[], Any]] = [
        lambda: submissions.change(inside.world, at.people[0], made[0]["id"], {"result": mood(), "version": 2}, ""),
        lambda: submissions.remove(inside.world, at.people[0], made[0]["id"]),
    ]
    for attempt in attempts:
        with pytest.raises(Refusal) as refused:
            attempt()
        assert code(refused) == "verified"
    submissions.remove(inside.world, at.people[1], made[1]["id"])
    assert at.state(task).name == "verified"
    at.assert_in_line()


@pytest.mark.parametrize("action", ["accept", "merge", "correct", "send_back"])
def test_every_decision_can_be_taken_back(inside: Inside, action: str) -> None:
    at = scene(inside)
    task, made = at.label("Calm", "Sad")
    more = {"accept": {"annotation": made[0]["id"]}, "correct": {"result": mood("Sad")}}.get(action, {})
    if action == "send_back":
        more = {"annotation": made[0]["id"], "comment": "Look again."}
    before = at.state(task)
    if action == "merge":
        submissions.change(inside.world, at.people[0], made[0]["id"], {"result": mood("Calm"), "version": 1}, "")
        before = at.state(task)
    at.decide(task, action, **more)
    handlers.undo(inside.world, at.rita, task)
    after = at.state(task)
    assert (after.name, after.review, at.waiting()) == (before.name, before.review, [task])
    assert [body["ground_truth"] for body in submissions.of_task(inside.world, inside.owner, task)] == [False, False]
    assert inside.next(at.people[0], at.project) is None
    with pytest.raises(Refusal) as refused:
        handlers.undo(inside.world, at.rita, task)
    assert code(refused) == "nothing-to-undo"
    at.assert_in_line()


def test_only_who_decided_or_a_manager_takes_a_decision_back(inside: Inside) -> None:
    at = scene(inside)
    ruth = person(inside, at.project, "Ruth", "reviewer")
    task, made = at.label("Calm", "Sad")
    at.decide(task, "accept", annotation=made[0]["id"])
    with pytest.raises(Refusal) as refused:
        handlers.undo(inside.world, ruth, task)
    assert code(refused) == "not-yours"
    assert handlers.undo(inside.world, inside.owner, task)["verified"] is False


# -- sent back


def test_what_is_sent_back_comes_first_to_its_person_with_the_comment(inside: Inside) -> None:
    at = scene(inside, tasks=3)
    ana = at.people[0]
    task, made = at.label("Calm", "Sad")
    at.decide(task, "send_back", annotation=made[0]["id"], comment="Read the end again.", region="m1")
    assert (at.state(task).name, at.waiting()) == ("working", [])
    back = inside.next(ana, at.project)
    assert (back["task"]["id"], back["sent_back"], back["annotation"]["id"]) == (task, True, made[0]["id"])
    assert said(back) == "Calm"
    assert [(c["text"], c["region"]) for c in back["comments"]] == [("Read the end again.", "m1")]
    other = inside.next(ana, at.project, task)
    assert other["task"]["id"] != task
    assert "sent_back" not in inside.next(at.people[1], at.project)
    inside.submit(ana, back, "Sad")
    assert at.waiting() == [task], "the reviewer sees it again, although they agree now"
    assert at.look(task)["review"]["again"] is True
    assert inside.next(ana, at.project, other["task"]["id"])["task"]["id"] != task
    at.assert_in_line()


def test_an_answer_that_was_sent_back_does_not_count_until_its_person_has_spoken(inside: Inside) -> None:
    at = scene(inside, people=3)
    task, made = at.label("Calm", "Calm", "Sad")
    at.decide(task, "send_back", annotation=made[2]["id"], comment="Sure?")
    shown = at.look(task)
    assert [m["annotation"] for m in shown["consensus"]["made_from"]] == [made[0]["id"], made[1]["id"]]
    assert [a["sent_back"] for a in shown["annotations"]] == [False, False, True]
    assert at.state(task).done == 3, "its place is not given to somebody else"
    back = inside.next(at.people[2], at.project)
    inside.submit(at.people[2], back, "Sad")
    assert len(at.look(task)["consensus"]["made_from"]) == 3, "it stays as it is, and counts"
    at.assert_in_line()


def test_a_draft_of_the_correction_is_kept(inside: Inside) -> None:
    at = scene(inside)
    ana = at.people[0]
    task, made = at.label("Calm", "Sad")
    at.decide(task, "send_back", annotation=made[0]["id"], comment="Sure?")
    back = inside.next(ana, at.project)
    drafts.save(inside.world, ana, task, {"result": mood("Sad"), "lease": back["lease"]["token"]})
    again = inside.next(ana, at.project)
    assert (said(again), again["sent_back"]) == ("Sad", True)
    assert work.one(inside.world, ana, task)["sent_back"] is True


def test_sending_back_needs_a_comment_and_somebody_elses_answer(inside: Inside) -> None:
    at = scene(inside)
    task, made = at.label("Calm", "Sad")
    with pytest.raises(Refusal) as refused:
        at.decide(task, "send_back", annotation=made[0]["id"], comment="  ")
    assert code(refused) == "no-comment"
    with pytest.raises(Refusal) as refused:
        at.decide(task, "send_back", comment="Which?")
    assert code(refused) == "bad-member"


def test_an_answer_that_was_sent_back_may_be_taken_back_by_its_person(inside: Inside) -> None:
    at = scene(inside, people=3)
    task, made = at.label("Calm", "Sad", "Sad")
    at.decide(task, "send_back", annotation=made[0]["id"], comment="Sure?")
    submissions.remove(inside.world, at.people[0], made[0]["id"])
    assert (at.state(task).name, at.waiting(), at.state(task).review) == ("working", [], {})
    rows = inside.world.records.query(f"PERSON#{at.people[0].person}", keys.sent_back_prefix(at.project)).records
    assert rows == ()
    at.assert_in_line()


def test_a_discarded_answer_is_waited_for_no_longer(inside: Inside) -> None:
    at = scene(inside, people=3, overlap=2)
    ana, _, cem = at.people
    task, made = at.label("Calm", "Sad")
    at.decide(task, "send_back", annotation=made[0]["id"], comment="Sure?")
    quality.discard(inside.world, inside.owner, at.project, ana.person, models.read("Discard", {"requeue": True}))
    inside.finish_jobs(at.project)
    assert (at.state(task).name, at.state(task).review) == ("working", {})
    inside.submit(cem, inside.next(cem, at.project), "Calm")
    assert at.look(task)["consensus"]["made_from"][0]["annotation"] == made[1]["id"]
    assert at.waiting() == [task]
    at.assert_in_line()


# -- who


def test_two_reviewers_are_not_handed_the_same_task(inside: Inside) -> None:
    at = scene(inside, tasks=2)
    ruth = person(inside, at.project, "Ruth", "reviewer")
    first, _ = at.label("Calm", "Sad")
    second, _ = at.label("Calm", "Sad")

    def given(reviewer: Any) -> int:
        found = handlers.next_one(inside.world, reviewer, at.project)
        assert found is not None
        return int(found["task"]["id"])

    assert (given(at.rita), given(ruth)) == (first, second)
    assert given(at.rita) == first, "what one holds comes again"
    assert [row["held"] for row in handlers.listed(inside.world, ruth, at.project, "")["reviews"]] == [True, True]
    inside.clock.now += queue.LEASE_MS / 1000 + 1
    assert given(ruth) == first, "a lease that ran out is over"


def test_nobody_reviews_their_own_work(inside: Inside) -> None:
    at = scene(inside, people=1, overlap=2)
    task, _ = at.label("Calm")
    inside.submit(at.rita, inside.next(at.rita, at.project), "Sad")
    with pytest.raises(Refusal) as refused:
        handlers.next_one(inside.world, at.rita, at.project)
    assert code(refused) == "no-review"
    with pytest.raises(Refusal) as refused:
        at.decide(task, "merge")
    assert code(refused) == "own-work"
    assert handlers.next_one(inside.world, inside.owner, at.project) is not None


def test_the_project_may_name_its_reviewers(inside: Inside) -> None:
    at = scene(inside)
    ruth = person(inside, at.project, "Ruth", "reviewer")
    change(inside, at.project, review={"people": [ruth.person]})
    task, made = at.label("Calm", "Sad")
    with pytest.raises(Refusal) as refused:
        handlers.next_one(inside.world, at.rita, at.project)
    assert code(refused) == "not-reviewer"
    assert at.decide(task, "accept", ruth, annotation=made[0]["id"])["verified"]


def test_annotators_do_not_review(inside: Inside) -> None:
    at = scene(inside)
    task, _ = at.label("Calm", "Sad")
    calls: list[Callable[[], Any]] = [
        lambda: handlers.listed(inside.world, at.people[0], at.project, ""),
        lambda: handlers.one(inside.world, at.people[0], task),
        lambda: handlers.next_one(inside.world, at.people[0], at.project),
    ]
    for call in calls:
        with pytest.raises(Refusal) as refused:
            call()
        assert refused.value.status == 403


def test_a_lease_for_review_is_not_for_labeling(inside: Inside) -> None:
    at = scene(inside)
    at.label("Calm", "Sad")
    held = handlers.next_one(inside.world, at.rita, at.project)
    with pytest.raises(Refusal) as refused:
        inside.submit(at.rita, held, "Sad")
    assert code(refused) == "for-review"


@pytest.mark.both_stores
def test_what_came_back_from_its_person_is_reviewed_first(inside: Inside) -> None:
    at = scene(inside, tasks=3, review={"share": 1.0})
    audited, _ = at.label("Calm", "Calm")
    disputed, _ = at.label("Calm", "Sad")
    back, made = at.label("Calm", "Sad")
    at.decide(back, "send_back", annotation=made[0]["id"], comment="Sure?")
    inside.submit(at.people[0], inside.next(at.people[0], at.project), "Calm")
    assert at.waiting() == [back, disputed, audited]


def test_the_list_of_reviews_is_read_page_by_page(inside: Inside) -> None:
    at = scene(inside, tasks=60, people=1, review={"share": 1.0})
    for _ in range(60):
        at.label("Calm")
    first = handlers.listed(inside.world, at.rita, at.project, "")
    second = handlers.listed(inside.world, at.rita, at.project, first["next"])
    found = [row["task"] for row in first["reviews"] + second["reviews"]]
    assert (len(first["reviews"]), len(found), found, second["next"]) == (50, 60, at.waiting(), None)
    assert first["count"] == 60


def test_a_review_has_everything_to_draw_and_to_decide(inside: Inside) -> None:
    at = scene(inside)
    task, made = at.label("Calm", "Sad")
    shown = at.look(task)
    assert [a["person"]["name"] for a in shown["annotations"]] == ["Ana", "Ben"]
    assert [said(a) for a in shown["annotations"]] == ["Calm", "Sad"]
    assert all(a["view"] for a in shown["annotations"])
    pair = shown["consensus"]["controls"]["mood"]["pairs"][0]
    assert (pair["a"], pair["b"], pair["score"]) == (made[0]["id"], made[1]["id"], 0)
    assert shown["consensus"]["view"]
    assert shown["plan"]["controls"]
    assert (shown["review"]["why"], shown["unresolved"], shown["decisions"]) == ("disagreement", 0, [])


def test_others_answers_are_shown_after_the_own_one_and_without_names(inside: Inside) -> None:
    at = scene(inside, people=3, overlap=3, queue={"show_others": True})
    envelope = inside.next(at.people[2], at.project)
    task, _ = at.label("Calm", "Sad")
    with pytest.raises(Refusal) as refused:
        handlers.others(inside.world, at.people[2], task)
    assert refused.value.status == 404, "first one's own answer"
    inside.submit(at.people[2], envelope, "Calm")
    shown = handlers.others(inside.world, at.people[2], task)["annotations"]
    assert [a["person"] for a in shown] == [{"name": "Person 1"}, {"name": "Person 2"}]
    assert [a["person"]["name"] for a in handlers.others(inside.world, at.rita, task)["annotations"]][:2] == [
        "Ana",
        "Ben",
    ]
    change(inside, at.project, queue={"show_others": False})
    with pytest.raises(Refusal) as refused:
        handlers.others(inside.world, at.people[2], task)
    assert code(refused) == "not-shown"


# -- races


def test_of_sixteen_reviewers_who_decide_at_once_one_does(inside: Inside) -> None:
    at = scene(inside)
    task, made = at.label("Calm", "Sad")
    crowd = [person(inside, at.project, f"R{n}", "reviewer") for n in range(16)]
    seen = at.look(task)["version"]

    def decide(n: int) -> str:
        try:
            at.decide(task, "accept", crowd[n], version=seen, annotation=made[n % 2]["id"])
        except Refusal as refusal:
            return str(refusal.problems[0]["code"])
        return "done"

    with ThreadPoolExecutor(16) as pool:
        found = sorted(pool.map(decide, range(16)))
    assert found == ["changed-meanwhile"] * 15 + ["done"]
    truths = [body["ground_truth"] for body in submissions.of_task(inside.world, inside.owner, task)]
    assert sorted(truths) == [False, True]
    assert inside.progress(at.project)["verified"] == 1
    at.assert_in_line()


def test_sixteen_reviewers_are_handed_sixteen_tasks(inside: Inside) -> None:
    at = scene(inside, tasks=20)
    for _ in range(20):
        at.label("Calm", "Sad")
    crowd = [person(inside, at.project, f"R{n}", "reviewer") for n in range(16)]
    with ThreadPoolExecutor(16) as pool:
        found = list(pool.map(lambda who: handlers.next_one(inside.world, who, at.project), crowd))
    given = [one["task"]["id"] for one in found if one is not None]
    assert len(given) == len(set(given)) == 16
    at.assert_in_line()


def test_reviews_corrections_and_removals_at_once_leave_everything_in_line(inside: Inside) -> None:
    """Sixteen threads on six tasks: nothing drifts, and what reviewers verified is what they saw."""
    at = scene(inside, tasks=6, review={"approvals": 1}, disagreement={"ask": 1})
    labeled = [at.label("Calm", "Sad") for _ in range(6)]
    crowd = [person(inside, at.project, f"R{n}", "reviewer") for n in range(4)]

    def act(n: int) -> int:
        task, made = labeled[n % 6]
        who = n % 2
        try:
            match n % 8:
                case 0 | 1:
                    at.decide(task, "accept", crowd[n % 4], annotation=made[who]["id"])
                case 2:
                    at.decide(task, "send_back", crowd[n % 4], annotation=made[who]["id"], comment="?")
                case 3:
                    at.decide(task, "correct", crowd[n % 4], result=mood("Calm"))
                case 4:
                    body = {"result": mood("Calm"), "version": made[who]["version"]}
                    submissions.change(inside.world, at.people[who], made[who]["id"], body, "")
                case 5:
                    submissions.remove(inside.world, at.people[who], made[who]["id"])
                case 6:
                    handlers.undo(inside.world, inside.owner, task)
                case _:
                    envelope = inside.next(crowd[n % 4], at.project)
                    if envelope is not None:
                        inside.submit(crowd[n % 4], envelope, "Sad")
        except Refusal as refusal:
            return refusal.status
        return 200

    with ThreadPoolExecutor(16) as pool:
        assert set(pool.map(act, range(96))) <= {200, 400, 403, 404, 409}
    at.assert_in_line()
    for task, _ in labeled:
        state = at.state(task)
        truths = [body["id"] for body in submissions.of_task(inside.world, inside.owner, task) if body["ground_truth"]]
        assert truths == ([state.review["truth"]] if state.name == "verified" else [])


# -- the size of a transaction


class Measuring:
    """Records that remember the biggest transaction."""

    def __init__(self, records: Any) -> None:
        self.inner = records
        self.most = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self.inner, name)

    def transact(self, operations: list[Operation]) -> Any:
        assert len({(op.pk, op.sk) for op in operations}) == len(operations)
        self.most = max(self.most, len(operations))
        return self.inner.transact(operations)


def test_the_biggest_changes_fit_into_one_transaction(inside: Inside) -> None:
    """Ten people have the task assigned, gold tasks are mixed in, webhooks want everything, reviewers decide."""
    at = scene(
        inside, tasks=2, people=3, overlap=2, disagreement={"ask": 1}, quality={"gold_every": 50, "pause_under": 0.1}
    )  # fmt: skip
    world, ana, ben = inside.world, at.people[0], at.people[1]
    first, second = at.task_ids()
    late = inside.next(ana, at.project)
    begun = submissions.submit(world, inside.owner, second, {"result": mood("Calm")}, "")
    crowd = [who.person for who in at.people] + [
        person(inside, at.project, f"P{n}", "annotator").person for n in range(7)
    ]
    assignments.assign(world, inside.owner, first, models.read("Assign", {"people": crowd}))
    key = keys.project(at.project)
    row = world.records.get(*key)
    assert row is not None
    world.records.transact([Put(*key, {**row.body, "hooks": list(webhooks.ACTIONS)})])
    measured = Measuring(world.records)
    world.records = cast(Any, measured)
    made = [inside.submit(ana, late, "Calm"), inside.submit(ben, inside.next(ben, at.project), "Sad")]
    made.append(inside.submit(at.people[2], inside.next(at.people[2], at.project), "Sad"))
    for who, one in zip(at.people, made, strict=True):
        submissions.remove(world, who, one["id"])
    for who, one in zip(at.people, made, strict=True):
        history.undelete(world, who, one["id"])
    at.decide(first, "send_back", annotation=made[0]["id"], comment="Sure?")
    back = inside.next(ana, at.project)
    inside.submit(ana, back, "Calm")
    handlers.next_one(world, at.rita, at.project)
    at.decide(first, "correct", result=mood("Sad"), comment="Plainly sad.")
    handlers.undo(world, at.rita, first)
    at.decide(first, "accept", annotation=made[1]["id"])
    submissions.remove(world, ana, made[0]["id"])
    submissions.remove(world, inside.owner, begun["id"])
    at.assert_in_line()
    assert 18 <= measured.most <= 25, measured.most
