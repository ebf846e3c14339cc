"""Every route for every role, in one table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from app import app

from tests.api.people import CHOICES, Browser, Process, Project, mood, texts

ROLES = ("nobody", "stranger", "other", "self", "owner", "script")


@dataclass
class Scene:
    """A project with a task that `self` has labeled and one they hold; `other` is a member too, `stranger` is not."""

    people: dict[str, Browser]
    project: Project
    values: dict[str, Any]


@pytest.fixture
def scene(server: Process, owner: Browser) -> Scene:
    return _scene(server, owner)


@pytest.fixture(scope="module")
def read_only_scene(server: Process, owner: Browser) -> Scene:
    return _scene(server, owner)


def _scene(server: Process, owner: Browser) -> Scene:
    project = owner.project(tasks=texts(8))
    people = {role: Browser(server.url) for role in ("nobody", "stranger", "other", "self")}
    people["stranger"].join(owner.project().invite, "Stranger")
    people["other"].join(project.invite, "Other")
    people["self"].join(project.invite, "Self")
    people["owner"] = owner
    people["script"] = Browser(server.url, token=server.token)
    made = people["self"].submit(people["self"].next(project))
    held = people["self"].next(project)
    link = owner.call("GET", f"/api/projects/{project.id}/invites")["invites"][0]
    values = {
        "project": project.id,
        "annotation": made["id"],
        "task": held["task"]["id"],
        "lease": held["lease"]["token"],
        "invite": link["id"],
        "version": 1,
    }
    return Scene(people, project, values)


NEW = {"title": "T", "label_config": CHOICES}
UPLOAD = [{"name": "a.gif", "size": 1, "type": "image/gif"}]
SUBMIT = {"result": mood(), "lease": "{lease}"}
# route, body, status for: nobody, a member of another project, a member, the person themself, owner, script
TABLE: list[tuple[str, Any, tuple[int, int, int, int, int, int]]] = [
    ("GET /api/health", None, (200, 200, 200, 200, 200, 200)),
    ("GET /api/openapi.json", None, (200, 200, 200, 200, 200, 200)),
    ("POST /api/session", {"invite": "{link}", "name": "N"}, (201, 201, 201, 201, 201, 201)),
    ("GET /api/session", None, (401, 200, 200, 200, 200, 200)),
    ("POST /api/invites/preview", {"invite": "{link}"}, (200, 200, 200, 200, 200, 200)),
    ("DELETE /api/invites/{invite}", None, (401, 403, 403, 403, 204, 204)),
    ("GET /api/projects", None, (401, 403, 403, 403, 200, 200)),
    ("POST /api/projects", NEW, (401, 403, 403, 403, 201, 201)),
    ("POST /api/projects/validate", {"label_config": CHOICES}, (401, 403, 403, 403, 200, 200)),
    ("GET /api/projects/{project}", None, (401, 403, 403, 403, 200, 200)),
    ("PATCH /api/projects/{project}", {"title": "U"}, (401, 403, 403, 403, 200, 200)),
    ("GET /api/projects/{project}/configs", None, (401, 403, 403, 403, 200, 200)),
    ("GET /api/projects/{project}/configs/{version}", None, (401, 403, 403, 403, 200, 200)),
    ("POST /api/projects/{project}/configs/preview", {"label_config": CHOICES}, (401, 403, 403, 403, 200, 200)),
    ("GET /api/projects/{project}/people", None, (401, 403, 403, 403, 200, 200)),
    ("GET /api/projects/{project}/invites", None, (401, 403, 403, 403, 200, 200)),
    ("POST /api/projects/{project}/invites", {}, (401, 403, 403, 403, 201, 201)),
    ("POST /api/projects/{project}/uploads", UPLOAD, (401, 403, 403, 403, 200, 200)),
    ("POST /api/projects/{project}/import", texts(1), (401, 403, 403, 403, 201, 201)),
    ("GET /api/projects/{project}/tasks", None, (401, 403, 403, 403, 200, 200)),
    ("GET /api/projects/{project}/export", None, (401, 403, 403, 403, 200, 200)),
    ("GET /api/projects/{project}/work", None, (401, 404, 200, 200, 200, 200)),
    ("GET /api/projects/{project}/next", None, (401, 404, 200, 200, 200, 200)),
    ("GET /api/projects/{project}/mine", None, (401, 404, 200, 200, 200, 200)),
    ("GET /api/tasks/{task}", None, (401, 403, 403, 403, 200, 200)),
    ("GET /api/tasks/{task}/answers", None, (401, 403, 403, 403, 200, 200)),
    ("GET /api/tasks/{task}/work", None, (401, 404, 404, 200, 200, 200)),
    ("POST /api/tasks/{task}/lease", {"token": "{lease}"}, (401, 404, 409, 200, 409, 409)),
    ("PUT /api/tasks/{task}/draft", SUBMIT, (401, 404, 403, 200, 403, 403)),
    ("GET /api/tasks/{task}/annotations", None, (401, 403, 403, 403, 200, 200)),
    ("POST /api/tasks/{task}/annotations", SUBMIT, (401, 404, 403, 201, 403, 403)),
    ("DELETE /api/tasks/{task}/lease", None, (401, 404, 204, 204, 204, 204)),
    ("GET /api/annotations/{annotation}", None, (401, 404, 404, 200, 200, 200)),
    ("PATCH /api/annotations/{annotation}", {"result": mood("Sad"), "version": 1}, (401, 404, 404, 200, 200, 200)),
    ("DELETE /api/annotations/{annotation}", None, (401, 404, 404, 204, 204, 204)),
    ("DELETE /api/projects/{project}", None, (401, 403, 403, 403, 204, 204)),
    ("DELETE /api/session", None, (204, 204, 204, 204, 204, 204)),
]


def filled(value: Any, scene: Scene) -> Any:
    if isinstance(value, dict):
        return {name: filled(member, scene) for name, member in value.items()}
    if isinstance(value, str):
        return value.replace("{lease}", scene.values["lease"]).replace("{link}", scene.project.invite)
    return value


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize(("route", "body", "statuses"), TABLE, ids=[row[0] for row in TABLE])
def test_who_may_do_what(
    request: pytest.FixtureRequest, server: Process, route: str, body: Any, statuses: tuple[int, ...], role: str
) -> None:
    method, path = route.split(" ")
    scene = request.getfixturevalue("read_only_scene" if method == "GET" else "scene")
    browser = scene.people[role]
    if route == "DELETE /api/session" and role in ("owner", "script"):  # the session's owner is shared by all tests
        browser = Browser(server.url, token=server.token)
    said = browser.call(method, path.format(**scene.values), filled(body, scene), status=statuses[ROLES.index(role)])
    if statuses[ROLES.index(role)] >= 400:
        assert said["problems"][0].keys() >= {"code", "message", "where", "hint"}


def test_the_table_has_every_route() -> None:
    assert sorted(row[0] for row in TABLE) == sorted(f"{r.method} {r.path}" for r in app.kite_routes)


def test_what_the_route_says_about_who_is_what_happens() -> None:
    """The description's `who` and the table agree: owner routes refuse members, member routes refuse nobody only."""
    for row, _, statuses in TABLE:
        route = next(r for r in app.kite_routes if f"{r.method} {r.path}" == row)
        assert (statuses[0] != 401) == (route.who == "anyone"), row
        assert (statuses[3] == 403) == (route.who == "owner"), row
