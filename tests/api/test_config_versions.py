"""Changing the config of a project that has answers: seen before, mapped, refused without consent, undone."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.api.people import CHOICES, Browser, Project, mood, texts
from tests.api.waiting import until

Join = Callable[..., Browser]
RENAMED = CHOICES.replace("Sad", "Gloomy")
WITHOUT_SAD = CHOICES.replace('<Choice value="Sad"/>', "")


@pytest.fixture
def answered(owner: Browser, annotator: Join) -> tuple[Project, list[int]]:
    """Three tasks: Ana says Calm, Sad, Sad."""
    project = owner.project(tasks=texts(3))
    ana = annotator(project, "Ana")
    ids = [ana.submit(ana.next(project), mood(choice))["task"] for choice in ("Calm", "Sad", "Sad")]
    return project, ids


def change(owner: Browser, project: Project, status: int = 200, **more: Any) -> Any:
    return owner.call("PATCH", f"/api/projects/{project.id}", more, status=status)


def shown(owner: Browser, task: int) -> Any:
    """What the owner sees of the only annotation of a task."""
    return owner.call("GET", f"/api/tasks/{task}/answers")["annotations"][0]


def test_a_preview_counts_and_writes_nothing(owner: Browser, answered: tuple[Project, list[int]]) -> None:
    project, _ = answered
    path = f"/api/projects/{project.id}/configs/preview"
    said = owner.call("POST", path, {"label_config": RENAMED})
    assert said["counts"]["annotations"] == 3
    assert said["counts"]["results"] == {"kept": 1, "renamed": 0, "orphaned": 2}
    assert said["changes"]["controls"][0]["options"][1] == {"stored": "Sad", "becomes": None, "what": "removed"}
    mapped = owner.call("POST", path, {"label_config": RENAMED, "mapping": {"options": {"mood": {"Sad": "Gloomy"}}}})
    assert mapped["counts"]["results"] == {"kept": 1, "renamed": 2, "orphaned": 0}
    assert owner.call("GET", f"/api/projects/{project.id}")["config_version"] == 1
    broken = owner.call("POST", path, {"label_config": "<View>"})
    assert broken["changes"] is None
    assert broken["diagnostics"][0]["severity"] == "error"


@pytest.mark.parametrize(
    "mapping",
    [
        pytest.param({"controls": [1]}, id="a list of controls"),
        pytest.param({"options": {"mood": {"Sad": 5}}}, id="a name that is a number"),
        pytest.param({"options": {"mood": [1]}}, id="a list of options"),
    ],
)
def test_a_mapping_of_another_form_is_refused_before_anything_is_looked_at(
    owner: Browser, answered: tuple[Project, list[int]], mapping: Any
) -> None:
    project, _ = answered
    path = f"/api/projects/{project.id}/configs/preview"
    said = owner.call("POST", path, {"label_config": RENAMED, "mapping": mapping}, status=400)
    assert said["problems"][0]["where"] == "field mapping"


def test_mapped_answers_are_read_under_their_new_name(owner: Browser, answered: tuple[Project, list[int]]) -> None:
    project, tasks = answered
    made = change(
        owner,
        project,
        label_config=RENAMED,
        config_mapping={"options": {"mood": {"Sad": "Gloomy"}}},
        config_note="Kinder",
    )
    assert made["config_version"] == 2
    said = shown(owner, tasks[1])
    assert said["view"]["answers"] == {"mood": {"choices": ["Gloomy"]}}
    assert said["config_version"] == 1
    exported = owner.call("GET", f"/api/projects/{project.id}/export?exportType=JSON")
    assert [t["annotations"][0]["result"][0]["value"]["choices"] for t in exported] == [
        ["Calm"],
        ["Gloomy"],
        ["Gloomy"],
    ]
    listed = owner.call("GET", f"/api/projects/{project.id}/configs")["configs"]
    assert [(c["version"], c["note"], c["annotations"], c["current"]) for c in listed] == [
        (2, "Kinder", 0, True),
        (1, "", 3, False),
    ]
    assert owner.call("GET", f"/api/projects/{project.id}/configs/1")["label_config"] == CHOICES


def test_a_change_that_orphans_needs_consent(owner: Browser, answered: tuple[Project, list[int]]) -> None:
    project, tasks = answered
    said = change(owner, project, 409, label_config=WITHOUT_SAD)
    assert said["problems"][0]["code"] == "orphans"
    assert said["counts"]["results"]["orphaned"] == 2
    assert owner.call("GET", f"/api/projects/{project.id}")["config_version"] == 1
    change(owner, project, label_config=WITHOUT_SAD, accept_orphans=True)
    seen = shown(owner, tasks[1])
    assert seen["view"]["answers"] == {}
    assert seen["orphans"][0]["reason"] == "Sad is gone from mood"
    assert seen["orphans"][0]["result"]["value"] == {"choices": ["Sad"]}
    exported = owner.call("GET", f"/api/projects/{project.id}/export?exportType=JSON")[1]["annotations"][0]
    assert (exported["result"], exported["orphans"]) == ([], seen["orphans"])


def test_going_back_brings_every_answer_back(owner: Browser, answered: tuple[Project, list[int]]) -> None:
    project, tasks = answered
    change(owner, project, label_config=WITHOUT_SAD, accept_orphans=True)
    change(owner, project, label_config=WITHOUT_SAD.replace("Calm", "Quiet"), accept_orphans=True)
    back = change(owner, project, config_same_as=1)
    assert (back["config_version"], back["label_config"]) == (4, CHOICES)
    assert [shown(owner, task)["view"]["answers"]["mood"]["choices"] for task in tasks] == [["Calm"], ["Sad"], ["Sad"]]
    assert all("orphans" not in shown(owner, task) for task in tasks)


def test_an_orphan_survives_a_correction_made_meanwhile(owner: Browser, annotator: Join) -> None:
    source = CHOICES.replace('<Choice value="Calm"/>', '<Choice value="Calm"/>').replace(
        "</View>", '<Rating name="stars" toName="t"/></View>'
    )
    project = owner.project(source, tasks=texts(1))
    ana = annotator(project, "Ana")
    rating = {"id": "s1", "from_name": "stars", "to_name": "t", "type": "rating", "value": {"rating": 4}}
    made = ana.submit(ana.next(project), [*mood("Sad"), rating])
    change(owner, project, label_config=CHOICES, accept_orphans=True)
    envelope = ana.call("GET", f"/api/tasks/{made['task']}/work")
    assert [orphan["result"]["from_name"] for orphan in envelope["orphans"]] == ["stars"]
    assert [row["from_name"] for row in envelope["result"]] == ["mood"]
    ana.call("PATCH", f"/api/annotations/{made['id']}", {"result": mood("Calm"), "version": 1})
    change(owner, project, config_same_as=1)
    answers = shown(owner, made["task"])["view"]["answers"]
    assert answers == {"mood": {"choices": ["Calm"]}, "stars": {"rating": 4}}


def test_the_consensus_follows_the_names(owner: Browser, annotator: Join) -> None:
    project = owner.project(tasks=texts(1), maximum_annotations=2)
    for name in ("Ana", "Ben"):
        person = annotator(project, name)
        task = person.submit(person.next(project), mood("Sad"))["task"]
    change(owner, project, label_config=RENAMED, config_mapping={"options": {"mood": {"Sad": "Gloomy"}}})

    def merged() -> list[str]:
        (result,) = owner.call("GET", f"/api/tasks/{task}/answers")["consensus"]["result"]
        choices: list[str] = result["value"]["choices"]
        return choices

    until(lambda: merged() == ["Gloomy"], told=merged)  # made again by a job


def test_a_draft_is_read_with_the_config_it_was_made_with(owner: Browser, annotator: Join) -> None:
    project = owner.project(tasks=texts(1))
    ana = annotator(project, "Ana")
    envelope = ana.next(project)
    draft = {"result": mood("Sad"), "lead_time": 1, "lease": envelope["lease"]["token"]}
    ana.call("PUT", f"/api/tasks/{envelope['task']['id']}/draft", draft)
    change(owner, project, label_config=RENAMED, config_mapping={"options": {"mood": {"Sad": "Gloomy"}}})
    again = ana.call("GET", f"/api/tasks/{envelope['task']['id']}/work")
    assert again["result"][0]["value"] == {"choices": ["Gloomy"]}


@pytest.mark.parametrize(
    "mapping",
    [{"options": []}, {"options": {"mood": ["Sad"]}}, {"controls": {"mood": 7}}, {"objects": "t"}],
    ids=["list", "no names", "number", "text"],
)
def test_a_mapping_of_another_form_is_refused(
    owner: Browser, answered: tuple[Project, list[int]], mapping: dict[str, Any]
) -> None:
    said = change(owner, answered[0], 400, label_config=RENAMED, config_mapping=mapping)
    assert said["problems"][0]["where"] == "field config_mapping"


def test_annotators_see_neither_the_versions_nor_the_effects(
    answered: tuple[Project, list[int]], annotator: Join
) -> None:
    project, _ = answered
    ben = annotator(project, "Ben")
    for method, path, body in (
        ("GET", "configs", None),
        ("GET", "configs/1", None),
        ("POST", "configs/preview", {"label_config": CHOICES}),
    ):
        ben.call(method, f"/api/projects/{project.id}/{path}", body, status=403)


def test_stored_annotations_are_never_rewritten(owner: Browser, answered: tuple[Project, list[int]]) -> None:
    project, tasks = answered
    before = json.dumps(owner.call("GET", f"/api/tasks/{tasks[1]}/annotations"), sort_keys=True)
    change(owner, project, label_config=RENAMED, config_mapping={"options": {"mood": {"Sad": "Gloomy"}}})
    assert json.dumps(owner.call("GET", f"/api/tasks/{tasks[1]}/annotations"), sort_keys=True) == before
