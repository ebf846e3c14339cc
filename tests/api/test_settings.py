"""The settings of a project: defaults, how they merge, what is said of wrong ones, and Label Studio's names."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from chalicelib import auth, keys, models, settings
from chalicelib.handlers import imports, projects, work
from chalicelib.problems import Refusal
from chalicelib.storage.ports import Put

from tests.api.inside import Inside, opened
from tests.api.people import Browser, Project, texts


@pytest.fixture
def inside(folder: Path) -> Iterator[Inside]:
    with opened(folder) as made:
        yield made


def change(inside: Inside, project: int, **asked: Any) -> dict[str, Any]:
    return projects.change(inside.world, inside.owner, project, models.read("ChangeProject", asked))


def refused(inside: Inside, project: int, **asked: Any) -> dict[str, Any]:
    with pytest.raises(Refusal) as refusal:
        change(inside, project, **asked)
    assert refusal.value.status == 400
    return dict(refusal.value.problems[0])


def test_a_project_shows_every_group_with_its_defaults(inside: Inside) -> None:
    shown = projects.one(inside.world, inside.owner, inside.project(0))
    assert {group: shown[group] for group in settings.DEFAULTS} == settings.DEFAULTS
    assert (shown["sampling"], shown["skip_queue"], shown["show_skip_button"], shown["is_paused"]) == (
        "Sequential sampling", "REQUEUE_FOR_OTHERS", True, False,
    )  # fmt: skip


def test_the_models_and_the_defaults_have_the_same_members() -> None:
    from chalicelib.models_settings import GROUPS

    assert {name: set(model.model_fields) for name, model in GROUPS.items()} == {
        group: set(members) for group, members in settings.DEFAULTS.items()
    }


def test_a_group_is_merged_member_by_member(inside: Inside) -> None:
    project = inside.project(0, queue={"order": "random", "lease_minutes": 5})
    change(inside, project, queue={"skip": "again"}, quality={"gold_every": 20})
    shown = change(inside, project, queue={"lease_minutes": 7})
    assert shown["queue"] == {
        **settings.DEFAULTS["queue"], "order": "random", "lease_minutes": 7, "skip": "again",
    }  # fmt: skip
    assert shown["quality"]["gold_every"] == 20


def test_a_record_from_before_there_were_settings_still_works(inside: Inside) -> None:
    project = inside.project(1)
    record = inside.world.records.get(*keys.project(project))
    assert record is not None
    old = {name: value for name, value in record.body.items() if name not in settings.DEFAULTS}
    inside.world.records.transact([Put(record.pk, record.sk, old)])
    assert projects.one(inside.world, inside.owner, project)["queue"] == settings.DEFAULTS["queue"]
    assert inside.next(inside.person(project), project) is not None


@pytest.mark.parametrize(
    ("asked", "place", "hint"),
    [
        pytest.param({"queue": {"oder": "random"}}, "field queue.oder", "order", id="a member misspelt"),
        pytest.param({"queue": {"order": "newest"}}, "field queue.order", "", id="an order that does not exist"),
        pytest.param({"queue": {"lease_minutes": 0}}, "field queue.lease_minutes", "", id="no time for a task"),
        pytest.param(
            {"consensus": {"thresholds": {"mod": 0.5}}}, "field consensus.thresholds.mod", "mood", id="no such control"
        ),
        pytest.param({"consensus": {"weights": {"mood": -1}}}, "field consensus.weights.mood", "", id="weight below 0"),
        pytest.param({"queue": {"people": [77]}}, "field queue.people", "people", id="nobody has this id"),
        pytest.param({"queue": {"assign": "people"}}, "field queue.people", "one", id="nobody is named"),
        pytest.param({"queue": {"assign": "field"}}, "field queue.field", "one", id="no field is named"),
        pytest.param({"review": {"share": 1.5}}, "field review.share", "", id="a share above 1"),
        pytest.param({"quality": {"pause_under": -0.1}}, "field quality.pause_under", "", id="a score below 0"),
        pytest.param({"skip_queue": "SOMETIMES"}, "field skip_queue", "requeue", id="a skip queue that does not exist"),
    ],
)
def test_wrong_settings_are_told_with_their_place_and_a_way_out(
    inside: Inside, asked: dict[str, Any], place: str, hint: str
) -> None:
    project = inside.project(0)
    before = projects.one(inside.world, inside.owner, project)
    found = refused(inside, project, **asked)
    assert found["where"].startswith(place)
    assert hint in found["hint"]
    assert projects.one(inside.world, inside.owner, project) == before


def test_a_reviewer_must_be_allowed_to_review(inside: Inside) -> None:
    project = inside.project(0)
    ana = inside.person(project)
    change(inside, project, queue={"assign": "people", "people": [ana.person]})
    found = refused(inside, project, review={"people": [ana.person]})
    assert (found["where"], "annotator" in found["message"]) == ("field review.people", True)


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        pytest.param({"show_skip_button": False}, {"skip": "refused"}, id="no skip button"),
        pytest.param({"skip_queue": "REQUEUE_FOR_ME"}, {"skip": "again"}, id="requeue for me"),
        pytest.param({"skip_queue": "REQUEUE_FOR_OTHERS"}, {"skip": "others"}, id="requeue for others"),
        pytest.param({"skip_queue": "IGNORE_SKIPPED"}, {"skip": "drop"}, id="ignore skipped"),
        pytest.param({"sampling": "Uniform sampling"}, {"order": "random"}, id="uniform sampling"),
        pytest.param({"sampling": "Sequential sampling"}, {"order": "imported"}, id="sequential sampling"),
        pytest.param({"sampling": "Uncertainty sampling"}, {"order": "uncertainty"}, id="uncertainty sampling"),
        pytest.param(
            {"sampling": "Uniform sampling", "queue": {"order": "priority"}},
            {"order": "priority"},
            id="ours counts",
        ),
    ],
)
def test_label_studios_names_are_read_where_the_concept_is_the_same(
    inside: Inside, theirs: dict[str, Any], ours: dict[str, Any]
) -> None:
    project = inside.project(0)
    shown = change(inside, project, **theirs)
    assert shown["queue"] == settings.DEFAULTS["queue"] | ours
    if "queue" not in theirs:
        assert theirs.items() <= shown.items(), "and shown under their names too"
    assert inside.project(0, **theirs)


def test_showing_the_skip_button_again_gives_skipped_tasks_to_others(inside: Inside) -> None:
    project = inside.project(0, show_skip_button=False)
    assert change(inside, project, show_skip_button=True)["queue"]["skip"] == "others"


def test_nobody_gets_a_task_of_a_paused_project_and_what_is_begun_may_be_submitted(
    owner: Browser, annotator: Callable[[Project, str], Browser]
) -> None:
    project = owner.project(tasks=texts(3))
    ana = annotator(project, "Ana")
    held = ana.next(project)
    owner.call("PATCH", f"/api/projects/{project.id}", {"is_paused": True})
    told = ana.call("GET", f"/api/projects/{project.id}/next", status=404)["problems"][0]
    assert (told["code"], told["message"].endswith(".")) == ("paused", True)
    page = ana.call("GET", f"/api/projects/{project.id}/work")
    assert (page["paused"]["code"], "next" in page) == ("paused", False)
    ana.submit(held)
    owner.call("PATCH", f"/api/projects/{project.id}", {"is_paused": False})
    assert ana.next(project) is not None


def test_what_the_server_keeps_for_itself_is_no_setting(inside: Inside) -> None:
    project = inside.project(2)
    shown = change(inside, project, queue={"order": "random"})
    assert not {"queue_epoch", "assigns", "hooks"} & shown.keys()
    assert auth.require(inside.world, inside.owner, project, "own")["queue_epoch"] == 1


@pytest.mark.parametrize("skip", ["others", "again", "drop", "refused"])
def test_the_labeling_page_is_told_what_skipping_does(inside: Inside, skip: str) -> None:
    project = inside.project(1, queue={"skip": skip})
    answer = work.work(inside.world, inside.person(project), project)
    assert json.loads(answer.body)["project"]["skip"] == skip


def test_a_task_that_may_not_be_skipped_says_so_and_others_say_nothing(inside: Inside) -> None:
    project = inside.project(0)
    rows = [{"data": {"text": "A"}, "allow_skip": False}, {"data": {"text": "B"}}]
    imports.load(inside.world, inside.owner, project, json.dumps(rows).encode(), "application/json")
    ana = inside.person(project)
    first = inside.next(ana, project)
    assert first["task"]["allow_skip"] is False
    assert "allow_skip" not in inside.next(ana, project, first["task"]["id"])["task"]


def test_who_asks_for_a_project_learns_what_they_may_do_in_it(inside: Inside) -> None:
    project = inside.project(0)
    assert projects.one(inside.world, inside.owner, project)["may"] == ["label", "manage", "own", "read", "review"]
