"""Projects: settings, configs and their problems, progress, what happens to tasks when settings change."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.api.people import CHOICES, Browser, Project, mood, texts
from tests.api.waiting import until

Join = Callable[[Project, str], Browser]


def eventually(look: Callable[[], Any], wanted: Any) -> None:
    """Until a job has done its work; fails with what was seen last."""
    until(lambda: look() == wanted, told=look)


def test_a_project_has_label_studios_members(owner: Browser) -> None:
    project = owner.project(tasks=texts(2), description="For a test", maximum_annotations=3, agreement_threshold=0.5)
    shown = owner.call("GET", f"/api/projects/{project.id}")
    assert (
        shown
        | {
            "id": project.id,
            "title": "Moods",
            "label_config": CHOICES,
            "description": "For a test",
            "expert_instruction": "",
            "maximum_annotations": 3,
            "agreement_threshold": 0.5,
            "task_number": 2,
            "finished_task_number": 0,
            "progress": {
                "new": 2,
                "working": 0,
                "agreed": 0,
                "disagree": 0,
                "verified": 0,
                "dropped": 0,
                "total": 2,
                "annotations": 0,
                "skipped": 0,
            },
        }
        == shown
    )
    assert [c["name"] for c in shown["plan"]["controls"]] == ["mood"]


def test_projects_are_listed_in_pages_newest_first(owner: Browser) -> None:
    made = [owner.project().id for _ in range(3)]
    first = owner.call("GET", "/api/projects?page=1&page_size=2")
    assert [p["id"] for p in first["results"]] == [made[2], made[1]]
    assert "plan" not in first["results"][0]
    second = owner.call("GET", first["next"])
    assert second["results"][0]["id"] == made[0]
    assert second["previous"] == "/api/projects?page_size=2&page=1"
    assert owner.call("GET", "/api/projects?page=9999")["results"] == []


BROKEN = """<View>
  <Text name="t" value="$text"/>
  <Choises name="c" toName="t"/>
  <Labels name="l" toName="x"/>
</View>"""


def test_a_config_with_mistakes_is_refused_with_their_places(owner: Browser) -> None:
    said = owner.call("POST", "/api/projects", {"title": "T", "label_config": BROKEN}, status=400)
    places = [p["where"] for p in said["problems"]]
    assert "config line 3, column 3" in places
    assert any(place.startswith("config line 4, column") for place in places)
    assert "Choices" in said["problems"][places.index("config line 3, column 3")]["hint"]


def test_validate_gives_plan_or_diagnostics(owner: Browser) -> None:
    good = owner.call("POST", "/api/projects/validate", {"label_config": CHOICES})
    assert good["plan"]["plan"] == 1
    bad = owner.call("POST", "/api/projects/validate", {"label_config": BROKEN})
    assert bad["plan"] is None
    assert {"line", "column", "end_line", "end_column", "code", "severity", "message", "hint"} == bad["diagnostics"][
        0
    ].keys()


@pytest.mark.parametrize(
    "config",
    [
        pytest.param("", id="empty"),
        pytest.param("<View>", id="not closed"),
        pytest.param("plain words", id="no XML"),
        pytest.param('<!DOCTYPE x [<!ENTITY a "b">]><View>&a;</View>', id="a DTD"),
        pytest.param("<View>" * 5000 + "</View>" * 5000, id="very deep"),
        pytest.param("<View>" + "x" * 1_000_001 + "</View>", id="very long"),
        pytest.param('<View><Text name="t" value="$text"/>\x00</View>', id="a null byte"),
    ],
)
def test_a_config_that_is_none_is_refused_with_problems(owner: Browser, config: str) -> None:
    answer = owner.http.post("/api/projects", json={"title": "T", "label_config": config})
    assert answer.status_code in (400, 413)
    assert all(p["message"] and p["where"] for p in answer.json()["problems"])


@pytest.mark.parametrize(
    ("change", "place"),
    [
        pytest.param({"title": " "}, "title", id="no title"),
        pytest.param({"title": "x" * 201}, "title", id="a long title"),
        pytest.param({"maximum_annotations": 0}, "maximum_annotations", id="no overlap"),
        pytest.param({"maximum_annotations": "2"}, "maximum_annotations", id="a number as text"),
        pytest.param({"agreement_threshold": 1.5}, "agreement_threshold", id="more than all"),
        pytest.param({"label_config": 7}, "label_config", id="no text"),
    ],
)
def test_settings_of_a_wrong_kind_are_named(owner: Browser, change: dict[str, Any], place: str) -> None:
    body = {"title": "T", "label_config": CHOICES, **change}
    said = owner.call("POST", "/api/projects", body, status=400)
    assert [p["where"] for p in said["problems"]] == [f"field {place}"]


def test_a_changed_config_keeps_the_old_one_for_its_annotations(owner: Browser, annotator: Join) -> None:
    project = owner.project(tasks=texts(2))
    ana = annotator(project, "Ana")
    made = ana.submit(ana.next(project))
    path = f"/api/projects/{project.id}"
    owner.call("PATCH", path, {"label_config": CHOICES.replace("Sad", "Gloomy"), "title": "Renamed"})
    again = owner.call("PATCH", path, {"label_config": CHOICES.replace("Sad", "Gloomy")})
    assert (again["config_version"], again["title"]) == (2, "Renamed"), "the same config is no new version"
    owner.call("PATCH", path, {"label_config": BROKEN}, status=400)
    assert owner.call("GET", path)["config_version"] == 2
    assert ana.call("GET", f"/api/annotations/{made['id']}")["config_version"] == 1


def test_more_overlap_opens_finished_tasks_again_and_less_closes_them(owner: Browser, annotator: Join) -> None:
    project = owner.project(tasks=texts(3))
    ana, ben = annotator(project, "Ana"), annotator(project, "Ben")
    for _ in range(3):
        ana.submit(ana.next(project))
    assert ben.next(project) is None
    path = f"/api/projects/{project.id}"
    owner.call("PATCH", path, {"maximum_annotations": 2})
    eventually(lambda: owner.call("GET", path)["progress"]["working"], 3)
    envelope = ben.next(project)
    ben.submit(envelope, mood("Sad"))
    owner.call("PATCH", path, {"maximum_annotations": 1, "agreement_threshold": 0})
    progress = dict.fromkeys(("new", "working", "disagree", "verified", "dropped", "skipped"), 0)
    progress |= {"agreed": 3, "total": 3, "annotations": 4}
    eventually(lambda: {name: owner.call("GET", path)["progress"][name] for name in progress}, progress)
    assert ben.next(project) is None
    owner.call("PATCH", path, {"agreement_threshold": 0.9})
    eventually(lambda: owner.call("GET", path)["progress"]["disagree"], 1)


def test_the_table_pages_filters_and_names_people(owner: Browser, annotator: Join) -> None:
    project = owner.project(tasks=texts(30), maximum_annotations=2)
    ana, ben = annotator(project, "Ana"), annotator(project, "Ben")
    for _ in range(4):
        ana.submit(ana.next(project))
    for choice in ("Calm", "Sad"):
        ben.submit(ben.next(project), mood(choice))

    def table(query: str) -> Any:
        return owner.call("GET", f"/api/projects/{project.id}/tasks?{query}")

    first, second = table("page=1&page_size=12"), table("page=2&page_size=12")
    assert [row["inner_id"] for row in first["tasks"] + second["tasks"]] == list(range(1, 25))
    assert [row["inner_id"] for row in table("page=3&page_size=12")["tasks"]] == list(range(25, 31))
    assert table("page=4&page_size=12") == {"tasks": [], "total": 30}
    assert (
        first["tasks"][0]
        | {
            "title": "Text number 1",
            "state": "agreed",
            "annotations": 2,
            "needed": 2,
            "people": ["Ana", "Ben"],
            "agreement": 1.0,
        }
        == first["tasks"][0]
    )
    by_state = {state: table(f"state={state}") for state in ("new", "working", "agreed", "disagree")}
    assert {state: page["total"] for state, page in by_state.items()} == {
        "new": 26,
        "working": 2,
        "agreed": 1,
        "disagree": 1,
    }
    assert [row["inner_id"] for row in by_state["disagree"]["tasks"]] == [2]
    assert [row["inner_id"] for row in by_state["working"]["tasks"]] == [3, 4]
    assert [row["inner_id"] for row in table("state=new&page=2&page_size=10")["tasks"]] == list(range(15, 25))
    owner.call("GET", f"/api/projects/{project.id}/tasks?state=odd", status=400)
    owner.call("GET", f"/api/projects/{project.id}/tasks?page=0", status=400)


def test_the_answers_name_their_neighbours(owner: Browser) -> None:
    project = owner.project(tasks=texts(25))
    rows = owner.call("GET", f"/api/projects/{project.id}/tasks")["tasks"]
    ids = [row["id"] for row in rows]
    for i in (0, 1, 10, 11, 12, 24):
        answers = owner.call("GET", f"/api/tasks/{ids[i]}/answers")
        assert answers.get("previous") == (ids[i - 1] if i else None)
        assert answers.get("next") == (ids[i + 1] if i < 24 else None)
        assert "consensus" not in answers


def test_a_deleted_project_is_gone_with_everything(owner: Browser, annotator: Join) -> None:
    project = owner.project(tasks=texts(15))
    ana = annotator(project, "Ana")
    made = ana.submit(ana.next(project))
    key = owner.upload(project, "a.gif", b"GIF89a" + b"\0" * 40)
    assert key
    owner.call("DELETE", f"/api/projects/{project.id}", status=204)
    owner.call("GET", f"/api/projects/{project.id}", status=404)
    ana.call("GET", f"/api/projects/{project.id}/next", status=404)
    ana.call("GET", f"/api/tasks/{made['task']}/work", status=404)
    assert ana.call("GET", "/api/session")["projects"] == []
    assert project.id not in [p["id"] for p in owner.call("GET", "/api/projects")["results"]]
    eventually(lambda: owner.http.get(f"/api/annotations/{made['id']}").status_code, 404)


def test_the_export_has_every_answer_in_label_studios_form(owner: Browser, annotator: Join) -> None:
    project = owner.project(tasks=texts(120), maximum_annotations=2)
    for name, choice in (("Ana", "Calm"), ("Ben", "Sad")):
        person = annotator(project, name)
        for _ in range(3):
            person.submit(person.next(project), mood(choice))
    answer = owner.http.get(f"/api/projects/{project.id}/export?exportType=JSON")
    assert answer.headers["content-disposition"] == f'attachment; filename="project-{project.id}.json"'
    exported = answer.json()
    assert [task["inner_id"] for task in exported] == [1, 2, 3]
    assert [a["result"] for a in exported[0]["annotations"]] == [mood("Calm"), mood("Sad")]
    assert exported[0] | {"data": {"text": "Text number 1"}, "total_annotations": 2, "is_labeled": True} == exported[0]
    assert exported[0]["consensus"]["agreement"] == 0.0
    everything = owner.call("GET", f"/api/projects/{project.id}/export?download_all_tasks=true")
    assert [task["inner_id"] for task in everything] == list(range(1, 121))
    owner.call("GET", f"/api/projects/{project.id}/export?exportType=VOC", status=400)
    assert owner.call("GET", f"/api/projects/{owner.project().id}/export") == []
