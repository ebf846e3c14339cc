"""The history of annotations: versions, differences, restoring, and undoing a removal."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from chalicelib import keys, models, pausing, removed
from chalicelib.handlers import drafts, history, submissions, work
from chalicelib.problems import Refusal

from tests.api.inside import Inside, opened
from tests.api.people import CHOICES, mood
from tests.api.reviewing import Scene, change, scene


@pytest.fixture
def inside(folder: Path) -> Iterator[Inside]:
    with opened(folder) as made:
        yield made


def correct(at: Scene, made: Any, choice: str, version: int, **more: Any) -> Any:
    body = {"result": mood(choice), "version": version, **more}
    return submissions.change(at.inside.world, at.people[0], made["id"], body, "")


def restore(at: Scene, made: Any, version: int, **more: Any) -> Any:
    body = models.read("Restore", {"version": version, **more})
    return history.restore(at.inside.world, at.people[0], made["id"], body)


def said(body: Any) -> str:
    return str(body["result"][0]["value"]["choices"][0])


def code(refusal: Any) -> str:
    return str(refusal.value.problems[0]["code"])


def test_every_version_is_listed_with_what_it_changed(inside: Inside) -> None:
    at = scene(inside, people=1)
    _, (made,) = at.label("Calm")
    correct(at, made, "Sad", 1)
    correct(at, made, "Sad", 2, lead_time=9)
    shown = history.listed(inside.world, at.people[0], made["id"])
    assert [v["version"] for v in shown["versions"]] == [3, 2, 1]
    assert [v["changes"] and v["changes"]["changed"] for v in shown["versions"]] == [0, 1, None]
    assert {v["by"]["name"] for v in shown["versions"]} == {"Ana"}
    assert [v["last_action"] for v in shown["versions"]] == ["updated", "updated", "submitted"]
    assert shown["removed"] is False
    old = history.one(inside.world, at.people[0], made["id"], 1)
    assert (said(old), bool(old["view"])) == ("Calm", True)


def test_two_versions_are_compared_region_by_region(inside: Inside) -> None:
    at = scene(inside, people=1)
    _, (made,) = at.label("Calm")
    correct(at, made, "Sad", 1)
    found = history.diff(inside.world, at.people[0], made["id"], 2, 0)
    assert (found["from"], found["to"]) == (1, 2)
    assert [(c["control"], c["from"], c["to"]) for c in found["changed"]] == [("mood", ["Calm"], ["Sad"])]
    back = history.diff(inside.world, at.people[0], made["id"], 1, 2)
    assert [(c["from"], c["to"]) for c in back["changed"]] == [(["Sad"], ["Calm"])]
    with pytest.raises(Refusal) as refused:
        history.diff(inside.world, at.people[0], made["id"], 7, 1)
    assert refused.value.status == 404


def test_a_restored_version_is_a_new_one_with_the_old_content(inside: Inside) -> None:
    at = scene(inside)
    task, (made, _) = at.label("Calm", "Calm")
    correct(at, made, "Sad", 1)
    assert at.state(task).name == "disagree"
    again = restore(at, made, 1)
    assert (again["version"], said(again), again["restored_from"], again["last_action"]) == (3, "Calm", 1, "restored")
    assert at.state(task).name == "agreed"
    assert correct(at, made, "Calm", 3).get("restored_from") is None
    at.assert_in_line()


def test_a_skip_is_restored_as_a_skip(inside: Inside) -> None:
    at = scene(inside, people=1)
    envelope = inside.next(at.people[0], at.project)
    made = inside.submit(at.people[0], envelope, was_cancelled=True)
    correct(at, made, "Sad", 1)
    at.assert_in_line()
    restore(at, made, 1)
    assert inside.progress(at.project)["skipped"] == 1
    at.assert_in_line()


def test_restoring_on_a_version_that_is_not_the_newest_is_a_conflict(inside: Inside) -> None:
    at = scene(inside, people=1)
    _, (made,) = at.label("Calm")
    correct(at, made, "Sad", 1)
    with pytest.raises(Refusal) as refused:
        restore(at, made, 1, current=1)
    assert (refused.value.status, code(refused)) == (409, "changed-meanwhile")


def test_an_old_version_is_restored_through_a_change_of_the_config(inside: Inside) -> None:
    at = scene(inside, people=1)
    _, (made,) = at.label("Calm")
    correct(at, made, "Sad", 1)
    renamed = CHOICES.replace("Calm", "Quiet")
    mapping = {"controls": {}, "objects": {}, "options": {"mood": {"Calm": "Quiet"}}}
    change(inside, at.project, label_config=renamed, config_mapping=mapping)
    again = restore(at, made, 1)
    assert (said(again), again["config_version"]) == ("Quiet", 2)
    first = history.listed(inside.world, at.people[0], made["id"])["versions"][-1]
    assert first["config_version"] == 1, "what is stored stays as it was"


def test_a_conflict_shows_what_the_newest_version_changed(inside: Inside) -> None:
    at = scene(inside, people=1)
    _, (made,) = at.label("Calm")
    correct(at, made, "Sad", 1)
    with pytest.raises(Refusal) as refused:
        correct(at, made, "Calm", 1)
    more = refused.value.more
    assert (more["version"], said(more["annotation"])) == (2, "Sad")
    assert [(c["from"], c["to"]) for c in more["changes"]["changed"]] == [(["Calm"], ["Sad"])]


def test_a_removed_annotation_comes_back_as_it_was(inside: Inside) -> None:
    at = scene(inside)
    ana = at.people[0]
    task, (made, _) = at.label("Calm", "Sad")

    def everything() -> Any:
        state, mine = at.state(task), work.mine(inside.world, ana, at.project)
        return state.name, state.annotations, inside.progress(at.project), mine

    before = everything()
    submissions.remove(inside.world, ana, made["id"])
    assert at.state(task).name == "working"
    assert work.mine(inside.world, ana, at.project)["tasks"] == []
    assert [row["annotation"] for row in history.removed_of_task(inside.world, ana, task)["removed"]] == [made["id"]]
    assert history.removed_of_task(inside.world, at.people[1], task)["removed"] == []
    assert [row["task"] for row in history.removed_of_caller(inside.world, ana, at.project)["removed"]] == [task]
    assert history.listed(inside.world, ana, made["id"])["removed"] is True
    at.assert_in_line()
    back = history.undelete(inside.world, ana, made["id"])
    assert (back["id"], back["version"]) == (made["id"], 1)
    assert everything() == before
    assert history.removed_of_task(inside.world, ana, task)["removed"] == []
    assert history.removed_of_caller(inside.world, ana, at.project)["removed"] == []
    assert inside.next(ana, at.project) is None, "it is out of the queue again"
    assert history.undelete(inside.world, ana, made["id"])["id"] == made["id"], "twice is once"
    at.assert_in_line()


def test_who_has_answered_anew_keeps_the_newer_answer(inside: Inside) -> None:
    at = scene(inside, people=1)
    task, (made,) = at.label("Calm")
    submissions.remove(inside.world, at.people[0], made["id"])
    inside.submit(at.people[0], inside.next(at.people[0], at.project), "Sad")
    with pytest.raises(Refusal) as refused:
        history.undelete(inside.world, at.people[0], made["id"])
    assert (refused.value.status, code(refused)) == (409, "answered-anew")
    assert at.state(task).done == 1


@pytest.mark.both_stores
def test_an_undone_removal_of_a_finished_task_is_kept_as_one_more(inside: Inside) -> None:
    at = scene(inside, people=2, overlap=1)
    task, (made,) = at.label("Calm")
    submissions.remove(inside.world, at.people[0], made["id"])
    inside.submit(at.people[1], inside.next(at.people[1], at.project), "Sad")
    history.undelete(inside.world, at.people[0], made["id"])
    assert (at.state(task).done, at.state(task).name) == (2, "disagree")
    at.assert_in_line()


def test_a_removal_is_for_good_after_some_days(inside: Inside) -> None:
    at = scene(inside, people=1)
    _, (made,) = at.label("Calm")
    submissions.remove(inside.world, at.people[0], made["id"])
    inside.clock.now += removed.KEPT_S + 1
    with pytest.raises(Refusal) as refused:
        history.undelete(inside.world, at.people[0], made["id"])
    assert refused.value.status == 410
    assert history.removed_of_caller(inside.world, at.people[0], at.project)["removed"] == []


def test_only_its_person_and_reviewers_see_a_history(inside: Inside) -> None:
    at = scene(inside)
    _, (made, _) = at.label("Calm", "Sad")
    with pytest.raises(Refusal) as refused:
        history.listed(inside.world, at.people[1], made["id"])
    assert refused.value.status == 404
    assert history.listed(inside.world, at.rita, made["id"])["versions"]


def test_label_studios_members_and_the_active_time_are_kept(inside: Inside) -> None:
    at = scene(inside, people=1)
    envelope = inside.next(at.people[0], at.project)
    more: dict[str, Any] = {
        "parent_prediction": 7, "parent_annotation": 3, "draft_id": 5, "active_ms": 8_500,
        "started_at": "2026-11-22T10:00:00Z", "ground_truth": True,
    }  # fmt: skip
    made = inside.submit(at.people[0], envelope, **more)
    assert {name: made[name] for name in more} == {**more, "ground_truth": False}, "annotators make no ground truth"
    again = correct(at, made, "Sad", 1, active_ms=9_000)
    assert (again["active_ms"], again["parent_prediction"]) == (9_000, 7)
    body = {"result": mood(), "ground_truth": True}
    mine = submissions.submit(inside.world, inside.owner, envelope["task"]["id"], body, "")
    assert mine["ground_truth"] is True


@pytest.mark.parametrize(
    ("member", "value"),
    [("active_ms", -1), ("active_ms", 1.5), ("started_at", "yesterday"), ("draft_id", "x"), ("ground_truth", 1)],
)
def test_members_of_another_type_are_named(inside: Inside, member: str, value: Any) -> None:
    at = scene(inside, people=1)
    envelope = inside.next(at.people[0], at.project)
    with pytest.raises(Refusal) as refused:
        inside.submit(at.people[0], envelope, **{member: value})
    assert refused.value.problems[0]["where"] == f"field {member}"


def test_drafts_are_listed_to_their_people_and_all_of_them_to_reviewers(inside: Inside) -> None:
    at = scene(inside)
    for who, choice in zip(at.people, ("Calm", "Sad"), strict=True):
        envelope = inside.next(who, at.project)
        body = {"result": mood(choice), "lease": envelope["lease"]["token"]}
        drafts.save(inside.world, who, envelope["task"]["id"], body)
    task = at.task_ids()[0]
    mine = drafts.of_task(inside.world, at.people[0], task)["drafts"]
    assert [(draft["person"]["name"], said(draft)) for draft in mine] == [("Ana", "Calm")]
    assert [draft["person"]["name"] for draft in drafts.of_task(inside.world, at.rita, task)["drafts"]] == [
        "Ana",
        "Ben",
    ]


def test_sixteen_threads_remove_bring_back_and_restore_one_annotation(inside: Inside) -> None:
    at = scene(inside)
    task, (made, _) = at.label("Calm", "Sad")
    correct(at, made, "Sad", 1)

    def act(n: int) -> int:
        try:
            if n % 3 == 0:
                submissions.remove(inside.world, at.people[0], made["id"])
            elif n % 3 == 1:
                history.undelete(inside.world, at.people[0], made["id"])
            else:
                restore(at, made, 1)
        except Refusal as refusal:
            return refusal.status
        return 200

    with ThreadPoolExecutor(16) as pool:
        assert set(pool.map(act, range(48))) <= {200, 404, 409, 410}
    at.assert_in_line()
    there = any(a["id"] == made["id"] for a in at.state(task).annotations)
    assert there == (inside.world.records.get(*keys.removed(task, made["id"])) is None)
    counted = inside.world.records.get(*keys.work_count(at.project, at.people[0].person))
    assert counted is not None
    assert counted.body["annotations"] == int(there)
    assert len(work.mine(inside.world, at.people[0], at.project)["tasks"]) == int(there)
    newest = history.listed(inside.world, at.people[0], made["id"])["versions"]
    assert [v["version"] for v in newest] == list(range(newest[0]["version"], 0, -1)), "no version is missing"


@pytest.mark.parametrize("what", ["discard", "requeue"])
def test_what_was_removed_before_a_discard_comes_back_discarded(inside: Inside, what: Any) -> None:
    at = scene(inside, 2, people=1, overlap=2)
    task, (made,) = at.label("Calm")
    submissions.remove(inside.world, at.people[0], made["id"])
    project = inside.world.records.get(*keys.project(at.project))
    assert project is not None
    pausing.discard(inside.world, project.body, at.people[0].person, what)
    inside.finish_jobs(at.project)
    history.undelete(inside.world, inside.owner, made["id"])
    (entry,) = at.state(task).annotations
    assert (entry["discarded"], bool(entry.get("asked_again"))) == (True, what == "requeue")
    assert at.state(task).done == 0
    at.assert_in_line()
    pausing.discard(inside.world, project.body, at.people[0].person, "")
    inside.finish_jobs(at.project)
    assert at.state(task).done == 1
    at.assert_in_line()
