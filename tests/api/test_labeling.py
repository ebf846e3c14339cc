"""Submit, correct, draft, skip: what an annotator's page does, over HTTP."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.api.people import BOXES, CHOICES, Browser, Project, mood, texts

Join = Callable[[Project, str], Browser]


@pytest.fixture
def project(owner: Browser) -> Project:
    return owner.project(tasks=texts(5), maximum_annotations=2, expert_instruction="Be kind.")


@pytest.fixture
def ana(project: Project, annotator: Join) -> Browser:
    return annotator(project, "Ana")


def test_one_request_has_all_that_the_page_needs(project: Project, ana: Browser) -> None:
    work = ana.call("GET", f"/api/projects/{project.id}/work")
    assert work["project"] == {
        "id": project.id,
        "title": "Moods",
        "instructions": "Be kind.",
        "config_version": 1,
        "skip": "others",
        "auto_advance": False,
        "show_others": False,
    }
    assert work["person"]["name"] == "Ana"
    assert work["progress"]["total"] == 5
    assert work["progress"]["mine"] == 0
    assert [control["name"] for control in work["plan"]["controls"]] == ["mood"]
    envelope = work["next"]
    assert envelope["task"]["data"] == {"text": "Text number 1"}
    assert envelope["display"]["objects"] == {"t": {"text": "Text number 1"}}
    assert envelope["view"]["answers"] == {}
    assert envelope["result"] == []
    assert envelope["media"] == []
    assert envelope["lease"].keys() == {"token", "expires_at"}


def test_a_submit_is_stored_as_label_studio_would(project: Project, ana: Browser) -> None:
    made = ana.submit(ana.next(project), mood("Sad"))
    assert made["result"] == mood("Sad")
    assert made["completed_by"] == ana.person
    assert (made["version"], made["config_version"], made["lead_time"], made["result_count"]) == (1, 1, 1.5, 1)
    assert "consensus" not in made, "annotators do not see what others said"


def test_the_same_key_gives_the_same_answer_and_no_second_annotation(
    project: Project, ana: Browser, owner: Browser
) -> None:
    envelope = ana.next(project)
    first = ana.submit(envelope, key="k-1")
    assert ana.submit(envelope, key="k-1") == first
    assert ana.submit(envelope, mood("Sad"), key="k-1") == first, "a key stands for what was sent with it first"
    assert len(owner.call("GET", f"/api/tasks/{envelope['task']['id']}/annotations")) == 1


def test_a_late_repetition_does_not_undo_a_correction(project: Project, ana: Browser) -> None:
    envelope = ana.next(project)
    first = ana.submit(envelope, key="k-1")
    ana.call("PATCH", f"/api/annotations/{first['id']}", {"result": mood("Sad"), "version": 1})
    assert ana.submit(envelope, key="k-1") == first
    assert ana.call("GET", f"/api/annotations/{first['id']}")["result"] == mood("Sad")


def test_a_second_submit_of_the_same_person_is_a_new_version(project: Project, ana: Browser, owner: Browser) -> None:
    envelope = ana.next(project)
    first = ana.submit(envelope, key="tab 1")
    second = ana.submit(envelope, mood("Sad"), key="tab 2")
    assert (second["id"], second["version"]) == (first["id"], 2)
    assert len(owner.call("GET", f"/api/tasks/{envelope['task']['id']}/annotations")) == 1


def test_a_correction_makes_the_consensus_new(project: Project, ana: Browser, annotator: Join, owner: Browser) -> None:
    envelope = ana.next(project)
    made = ana.submit(envelope, mood("Calm"))
    ben = annotator(project, "Ben")
    ben.submit(ben.next(project), mood("Sad"))
    before = owner.call("GET", f"/api/tasks/{made['task']}/answers")
    assert (before["state"], before["consensus"]["agreement"]) == ("disagree", 0.0)
    body = {"result": mood("Sad"), "version": 1, "lead_time": 9}
    changed = ana.call("PATCH", f"/api/annotations/{made['id']}", body)
    assert (changed["version"], changed["lead_time"], changed["created_at"]) == (2, 9, made["created_at"])
    after = owner.call("GET", f"/api/tasks/{made['task']}/answers")
    assert (after["state"], after["consensus"]["agreement"]) == ("agreed", 1.0)
    assert {"annotation": made["id"], "version": 2} in after["consensus"]["made_from"]
    assert after["consensus"]["view"]["answers"] == {"mood": {"choices": ["Sad"]}}


def test_a_correction_of_an_old_version_is_told_the_new_one(project: Project, ana: Browser) -> None:
    made = ana.submit(ana.next(project))
    place = f"/api/annotations/{made['id']}"
    ana.call("PATCH", place, {"result": mood("Sad"), "version": 1})
    said = ana.call("PATCH", place, {"result": mood("Calm"), "version": 1}, status=409)
    assert said["problems"][0]["code"] == "changed-meanwhile"
    assert (said["version"], said["annotation"]["result"]) == (2, mood("Sad"))


def test_a_repeated_correction_gives_the_same_answer(project: Project, ana: Browser) -> None:
    place = f"/api/annotations/{ana.submit(ana.next(project))['id']}"
    body, headers = {"result": mood("Sad"), "version": 1}, {"Idempotency-Key": "patch-1"}
    first = ana.call("PATCH", place, body, headers=headers)
    assert ana.call("PATCH", place, body, headers=headers) == first


def test_two_tabs_that_correct_at_once_do_not_overwrite_each_other(project: Project, ana: Browser) -> None:
    from concurrent.futures import ThreadPoolExecutor

    place = f"/api/annotations/{ana.submit(ana.next(project))['id']}"
    with ThreadPoolExecutor(8) as pool:
        bodies = [{"result": mood(choice), "version": 1} for choice in ("Calm", "Sad") * 4]
        statuses = sorted(pool.map(lambda body: ana.http.patch(place, json=body).status_code, bodies))
    assert statuses == [200, *[409] * 7]


def test_finished_tasks_are_listed_newest_first_and_open_again(project: Project, ana: Browser) -> None:
    made = [ana.submit(ana.next(project)) for _ in range(3)]
    listed = ana.call("GET", f"/api/projects/{project.id}/mine")["tasks"]
    assert [row["annotation"] for row in listed] == [a["id"] for a in reversed(made)]
    assert listed[0]["title"] == "Text number 3"
    again = ana.call("GET", f"/api/tasks/{listed[0]['id']}/work")
    assert again["annotation"] == {"id": made[2]["id"], "version": 1}
    assert again["result"] == mood()
    assert again["view"]["answers"] == {"mood": {"choices": ["Calm"]}}
    assert "lease" not in again


def test_a_draft_is_there_after_the_tab_was_closed(project: Project, ana: Browser) -> None:
    envelope = ana.next(project)
    task, lease = envelope["task"]["id"], envelope["lease"]["token"]
    saved = ana.call("PUT", f"/api/tasks/{task}/draft", {"result": mood("Sad"), "lead_time": 4.5, "lease": lease})
    again = ana.call("GET", f"/api/projects/{project.id}/work")["next"]
    assert (again["task"]["id"], again["result"], again["lead_time"]) == (task, mood("Sad"), 4.5)
    assert again["draft_saved_at"] == saved["saved_at"]
    assert again["view"]["answers"] == {"mood": {"choices": ["Sad"]}}


def test_a_draft_with_nothing_in_it_stays_empty_where_the_config_preselects(owner: Browser, annotator: Join) -> None:
    config = CHOICES.replace('value="Calm"', 'value="Calm" selected="true"')
    project = owner.project(config, tasks=texts(1))
    ana = annotator(project, "Ana")
    envelope = ana.next(project)
    assert envelope["view"]["answers"] == {"mood": {"choices": ["Calm"]}}
    assert "begun" not in envelope
    draft = {"result": [], "lead_time": 4.5, "lease": envelope["lease"]["token"]}
    ana.call("PUT", f"/api/tasks/{envelope['task']['id']}/draft", draft)
    again = ana.call("GET", f"/api/projects/{project.id}/work")["next"]
    assert (again["begun"], again["result"], again["view"]["answers"]) == (True, [], {})


def test_a_submit_removes_the_draft_and_a_late_one_is_refused(project: Project, ana: Browser) -> None:
    envelope = ana.next(project)
    place, lease = f"/api/tasks/{envelope['task']['id']}", envelope["lease"]["token"]
    draft = {"result": mood("Sad"), "lead_time": 4.5, "lease": lease}
    ana.call("PUT", f"{place}/draft", draft)
    ana.submit(envelope)
    said = ana.call("PUT", f"{place}/draft", draft, status=409)
    assert said["problems"][0]["code"] == "submitted"
    assert ana.call("GET", f"{place}/work")["result"] == mood("Calm")


def test_a_correction_can_be_drafted_too(project: Project, ana: Browser) -> None:
    made = ana.submit(ana.next(project))
    place = f"/api/tasks/{made['task']}"
    ana.call("PUT", f"{place}/draft", {"result": mood("Sad"), "lead_time": 1, "lease": None})
    assert ana.call("GET", f"{place}/work")["result"] == mood("Sad")
    ana.call("PATCH", f"/api/annotations/{made['id']}", {"result": mood("Sad"), "version": 1})
    assert "draft_saved_at" not in ana.call("GET", f"{place}/work")


def test_a_skip_is_a_cancelled_annotation_that_does_not_count(project: Project, ana: Browser, owner: Browser) -> None:
    made = ana.submit(ana.next(project), [], was_cancelled=True)
    assert made["was_cancelled"] is True
    task = owner.call("GET", f"/api/tasks/{made['task']}")
    assert (task["total_annotations"], task["cancelled_annotations"], task["is_labeled"]) == (0, 1, False)
    people = owner.call("GET", f"/api/projects/{project.id}/people")["people"]
    assert [(p["name"], p["annotations"]) for p in people] == [("Ana", 0)]


def test_a_task_that_may_not_be_skipped_is_not(owner: Browser, annotator: Join) -> None:
    project = owner.project(tasks=[{"data": {"text": "x"}, "allow_skip": False}])
    ana = annotator(project, "Ana")
    said = ana.submit(ana.next(project), [], was_cancelled=True, status=400)
    assert said["problems"][0]["code"] == "no-skip"


@pytest.mark.parametrize(
    ("result", "says"),
    [
        pytest.param(
            [{**mood()[0], "value": {"choices": ["Angry"]}}], "Angry", id="a choice that the config does not have"
        ),
        pytest.param([{**mood()[0], "from_name": "mud"}], "mud", id="a control that the config does not have"),
        pytest.param([{**mood()[0], "value": None}], "", id="no value"),
        pytest.param("Calm", "list of objects", id="no list"),
        pytest.param([1], "list of objects", id="no objects"),
    ],
)
def test_a_result_that_does_not_fit_is_refused_and_nothing_is_stored(
    project: Project, ana: Browser, owner: Browser, result: Any, says: str
) -> None:
    envelope = ana.next(project)
    said = ana.submit(envelope, result, status=400)
    assert says in said["problems"][0]["message"]
    assert owner.call("GET", f"/api/tasks/{envelope['task']['id']}")["annotations"] == []
    assert ana.next(project)["task"] == envelope["task"], "it is still theirs"


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("lead_time", "1"),
        ("lead_time", -1),
        ("lead_time", True),
        ("was_cancelled", 1),
        ("lease", 7),
        ("config_version", 9),
    ],
)
def test_members_of_a_wrong_kind_are_named(project: Project, ana: Browser, member: str, value: Any) -> None:
    said = ana.submit(ana.next(project), status=400, **{member: value})
    assert said["problems"][0]["where"] == f"field {member}"


def test_work_begun_before_a_config_changed_is_taken_with_its_config(owner: Browser, annotator: Join) -> None:
    project = owner.project(tasks=texts(2))
    ana = annotator(project, "Ana")
    envelope = ana.next(project)
    newer = CHOICES.replace("Calm", "Quiet")
    change = {"label_config": newer, "config_mapping": {"options": {"mood": {"Calm": "Quiet"}}}}
    changed = owner.call("PATCH", f"/api/projects/{project.id}", change)
    assert changed["config_version"] == 2
    made = ana.submit(envelope, mood("Calm"), config_version=envelope["config_version"])
    assert made["config_version"] == 1
    assert ana.submit(ana.next(project), mood("Calm"), status=400)["problems"]
    shown = owner.call("GET", f"/api/tasks/{made['task']}/answers")["annotations"][0]
    assert (shown["config_version"], shown["view"]["answers"]) == (1, {"mood": {"choices": ["Quiet"]}})


def test_two_people_who_draw_boxes_get_a_merged_one(owner: Browser, annotator: Join) -> None:
    project = owner.project(BOXES, [{"data": {"image": "https://example.org/a.jpg"}}], maximum_annotations=2)

    def box(x: float) -> list[dict[str, Any]]:
        value = {"x": x, "y": 20, "width": 30, "height": 20, "rotation": 0, "rectanglelabels": ["Car"]}
        size = {"original_width": 600, "original_height": 400, "image_rotation": 0}
        return [{"id": "b1", "from_name": "box", "to_name": "img", "type": "rectanglelabels", "value": value, **size}]

    for name, x in (("Ana", 10), ("Ben", 12)):
        person = annotator(project, name)
        envelope = person.next(project)
        assert envelope["media"] == ["https://example.org/a.jpg"]
        made = person.submit(envelope, box(x))
    answers = owner.call("GET", f"/api/tasks/{made['task']}/answers")
    assert [a["person"]["name"] for a in answers["annotations"]] == ["Ana", "Ben"]
    assert answers["consensus"]["agreement"] > 0.9
    (merged,) = answers["consensus"]["result"]
    assert merged["value"]["x"] == 11
    (region,) = answers["consensus"]["view"]["regions"].values()
    assert region["labels"] == ["Car"]


def test_an_owner_who_submits_sees_the_consensus(project: Project, owner: Browser, ana: Browser) -> None:
    task = ana.submit(ana.next(project))["task"]
    made = owner.call("POST", f"/api/tasks/{task}/annotations", {"result": mood()}, status=201)
    assert made["consensus"]["agreement"] == 1.0


@pytest.mark.parametrize("number", ["1e999", "-1E+400", "9" * 400 + ".5"])
def test_a_number_that_no_store_keeps_is_refused_with_a_reason(owner: Browser, number: str) -> None:
    envelope = owner.next(owner.project(tasks=texts(1)))
    result = json.dumps([{**mood()[0], "meta": {"x": 0}}]).replace('"x": 0', f'"x": {number}')
    body = f'{{"result": {result}, "lead_time": 1, "lease": {json.dumps(envelope["lease"]["token"])}}}'
    path = f"/api/tasks/{envelope['task']['id']}/annotations"
    answer = owner.http.post(path, content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 400, answer.text
    assert "larger than any number" in answer.json()["problems"][0]["message"]
