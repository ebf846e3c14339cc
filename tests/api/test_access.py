"""Deny by default: every route for every role, for nobody, for strangers and for tokens, against the one table."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from app import app
from chalicelib import access, models, setup
from chalicelib import world as world_module
from chalicelib.access import Role
from chalicelib.http import App, Route
from chalicelib.world import World

from tests.api import access_table
from tests.api.door import Door
from tests.api.inside import Inside, opened
from tests.api.people import CHOICES, mood, texts

CONFIG = {"label_config": CHOICES}
# Bodies that are right, so that what is refused is refused for who asks. Other routes get the least their model takes.
BODIES: dict[str, Any] = {
    "POST /api/session": {"invite": "{link}", "name": "N"},
    "POST /api/invites/preview": {"invite": "{link}"},
    "POST /api/projects": {"title": "T", **CONFIG},
    "POST /api/projects/validate": CONFIG,
    "POST /api/projects/{project}/configs/preview": CONFIG,
    "POST /api/projects/{project}/validate": CONFIG,
    "POST /api/projects/{project}/uploads": [{"name": "a.gif", "size": 1, "type": "image/gif"}],
    "POST /api/projects/{project}/import": texts(1),
    "PATCH /api/projects/{project}/people/{person}": {"groups": ["Blue"]},
    "POST /api/tokens": {"name": "T", "scope": ["read"]},
    "POST /api/tasks/{task}/lease": {"token": "{lease}"},
    "PUT /api/tasks/{task}/draft": {"result": mood(), "lease": "{lease}"},
    "POST /api/tasks/{task}/annotations": {"result": mood(), "lease": "{lease}"},
    "PATCH /api/annotations/{annotation}": {"result": mood("Sad"), "version": 1},
    "POST /api/annotations/{annotation}/restore": {"version": 1},
    "POST /api/tasks": {"project": "{project}", "data": {"text": "One more"}},
    "PATCH /api/tasks/{task}": {"meta": {"a": 1}},
    "POST /api/tasks/{task}/comments": {"text": "Look here."},
    "PATCH /api/comments/{comment}": {"resolved": True},
    "POST /api/tasks/{task}/review": {"action": "accept", "annotation": "{annotation}", "version": "1"},
    "POST /api/tasks/{task}/assign": {"people": []},
    "PUT /api/tasks/{task}/priority": {"priority": 2},
    "POST /api/predictions": {"task": "{task}", "result": mood()},
    "PATCH /api/predictions/{prediction}": {"score": 0.5},
    "POST /api/webhooks": {"url": "https://hooks.example/kite", "project": "{project}"},
}
# Routes whose project is in the query.
QUERIES = {
    "GET /api/tasks": "project={project}",
    "GET /api/predictions": "project={project}",
    "GET /api/webhooks": "project={project}",
}
ROUTES = {f"{route.method} {route.path}": route for route in app.kite_routes}
CALLERS = ("nobody", "stranger", "expired", "revoked token", "reading token", "foreign token", *access.ROLES)


@dataclass
class Scene:
    """A project with people of every role; the annotator has finished one task and holds another."""

    doors: dict[str, Door]
    values: dict[str, Any]
    world: World | None = None

    def ask(self, who: str, name: str) -> Any:
        route = ROUTES[name]
        body = _filled(BODIES.get(name, _least(route)), self.values)
        world_module._current = self.world
        query = _path(QUERIES.get(name, ""), self.values)
        return self.doors[who].ask(route.method, f"{_path(route.path, self.values)}?{query}", body)


def _least(route: Route) -> Any:
    if not route.model:
        return None
    schema = models.adapter_of(route.model).json_schema()
    return _of_schema(schema, schema.get("$defs", {}))


def _of_schema(schema: dict[str, Any], named: dict[str, Any]) -> Any:
    """The smallest value that a schema takes."""
    if "$ref" in schema:
        return _of_schema(named[schema["$ref"].rpartition("/")[2]], named)
    if "anyOf" in schema:
        return _of_schema(schema["anyOf"][0], named)
    for fixed in ("const", "enum"):
        if fixed in schema:
            return schema[fixed] if fixed == "const" else schema[fixed][0]
    kind = schema.get("type", "object")
    if kind == "object":
        members = schema.get("properties", {})
        return {name: _of_schema(members[name], named) for name in schema.get("required", [])}
    if kind == "array":
        return [_of_schema(schema["items"], named)] * schema.get("minItems", 0)
    if kind == "string":
        return "x" * schema.get("minLength", 1)
    return {"integer": int, "number": float, "boolean": bool}[kind](schema.get("minimum", 1))


def _path(path: str, values: dict[str, Any]) -> str:
    """Parameters that the scene has nothing for get an id that nobody has."""
    return re.sub(r"{(\w+)}", lambda found: str(values.get(found[1], 999_999)), path)


def _filled(body: Any, values: dict[str, Any]) -> Any:
    if isinstance(body, dict):
        return {name: _filled(value, values) for name, value in body.items()}
    if isinstance(body, str):
        return values[body[1:-1]] if body[:1] == "{" else body
    return body


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Scene]:
    """A folder that each test that writes gets a copy of."""
    folder = tmp_path_factory.mktemp("access") / "data"
    with opened(folder) as inside:
        return folder, _made(inside)


@contextmanager
def copied(template: tuple[Path, Scene], folder: Path) -> Iterator[tuple[Inside, Scene]]:
    shutil.copytree(template[0], folder, ignore=shutil.ignore_patterns("lock"))
    doors = {who: Door(door.token, dict(door.cookies), door.person) for who, door in template[1].doors.items()}
    scene = Scene(doors, dict(template[1].values))
    with opened(folder) as inside:
        scene.world = inside.world
        yield inside, scene


def _made(inside: Inside) -> Scene:
    doors = {who: Door() for who in CALLERS}
    root = Door()
    root.join(setup.first_start(inside.world, "https://x").token, "Root")

    def project() -> tuple[int, dict[str, Any]]:
        made = root.call("POST", "/api/projects", {"title": "Moods", **CONFIG}, status=201)
        return made["id"], {role: _link(root, made["id"], role) for role in access.ROLES}

    (here, links), (_, elsewhere) = project(), project()
    root.call("POST", f"/api/projects/{here}/import", texts(8), status=201)
    for role in access.ROLES:
        doors[role].join(links[role]["token"], role.title())
    doors["stranger"].join(elsewhere["owner"]["token"], "Stranger")
    other = Door()
    other.join(links["annotator"]["token"], "Other")
    done = doors["annotator"].call("GET", f"/api/projects/{here}/next")
    made = doors["annotator"].call(
        "POST",
        f"/api/tasks/{done['task']['id']}/annotations",
        {"result": mood(), "lease": done["lease"]["token"]},
        status=201,
    )
    held = doors["annotator"].call("GET", f"/api/projects/{here}/next")

    def token(door: Door, **more: Any) -> Any:
        return door.call("POST", "/api/tokens", {"name": "T", "scope": ["read"], **more}, status=201)

    revoked = token(doors["owner"])
    doors["revoked token"].token = revoked["token"]
    doors["owner"].call("DELETE", f"/api/tokens/{revoked['id']}", status=204)
    doors["reading token"].token = token(doors["owner"])["token"]
    doors["foreign token"].token = token(doors["stranger"], scope=["write", "own", "create"])["token"]
    own = token(doors["owner"])
    doors["expired"].cookies["kite_session"] = "of-long-ago"
    return Scene(
        {**doors, "root": root},
        {
            "project": here,
            "task": held["task"]["id"],
            "lease": held["lease"]["token"],
            "annotation": made["id"],
            "invite": links["annotator"]["id"],
            "link": links["annotator"]["token"],
            "version": 1,
            "person": other.person,
            "user": other.person,
            "token": own["id"],
        },
    )


def _link(door: Door, project: int, role: str) -> Any:
    return door.call("POST", f"/api/projects/{project}/invites", {"role": role}, status=201)


@pytest.fixture(scope="module")
def scene(template: tuple[Path, Scene], tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Inside, Scene]]:
    """For requests that must change nothing: all of them ask the same store."""
    with copied(template, tmp_path_factory.mktemp("denied") / "data") as made:
        yield made


def has_project(name: str) -> bool:
    """Whether the request names the scene's project, or something in it."""
    said = f"{name} {QUERIES.get(name, '')} {re.findall('{[a-z]+}', str(BODIES.get(name, '')))}"
    return "{" in said.replace("{link}", "").replace("{token}", "").replace("{user}", "")


def allowed(who: str, route: Route) -> bool:
    """What the table says."""
    if who == "revoked token":
        return False
    if route.who == "anyone":
        return True
    if who in ("nobody", "expired"):
        return False
    if route.who == "known":
        return who != "reading token" or "/tokens" not in route.path
    if who in access.ROLES:
        role: Role = who
        return route.who in access.ROLE[role] and ("{" in route.path or route.who not in ("own", "create"))
    if who == "reading token":
        return route.who == "read"
    # The stranger owns another project, and so has every right in some project.
    return route.who in access.PERMISSIONS and route.who != "own" and not has_project(f"{route.method} {route.path}")


DENIED = [(name, who) for name, route in ROUTES.items() for who in CALLERS if not allowed(who, route)]
GIVEN = [(name, who) for name, route in ROUTES.items() for who in access.ROLES if allowed(who, route)]


@pytest.mark.embedded_only
@pytest.mark.parametrize("name", ROUTES)
def test_who_may_not_is_refused_and_changes_nothing(scene: tuple[Inside, Scene], name: str) -> None:
    inside, made = scene
    refused = [who for denied, who in DENIED if denied == name]
    before = _everything(inside)
    for who in refused:
        said = made.ask(who, name)
        assert said.status in (401, 403, 404), (who, said)
        if who in ("nobody", "expired", "revoked token"):
            assert (said.status, said.code) == (401, "bad-token" if "token" in who else "not-joined"), (who, said)
        elif who in ("stranger", "foreign token") and has_project(name):
            assert said.status == 404, (who, said)
        else:
            assert said.status in (403, 404), (who, said)
            assert said.status == 403 or "{" in name.replace("{project}", ""), (who, said)
    assert _everything(inside) == before


def _everything(inside: Inside) -> list[tuple[Any, ...]]:
    """Every record, but when a token was last used."""
    with inside.world.records._database.reader() as connection:  # type: ignore[attr-defined]
        rows = connection.execute("SELECT pk, sk, version FROM records ORDER BY pk, sk").fetchall()
    return [row for row in rows if not row[0].startswith("TOKEN#")]


@pytest.fixture(scope="module")
def reading(template: tuple[Path, Scene], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with copied(template, tmp_path_factory.mktemp("reading") / "data") as made:
        yield made[1]


@pytest.mark.parametrize(("name", "role"), GIVEN, ids=[f"{role} {name}" for name, role in GIVEN])
def test_who_may_is_not_refused(
    request: pytest.FixtureRequest, template: tuple[Path, Scene], tmp_path: Path, name: str, role: str
) -> None:
    if name.startswith("GET"):
        _require_let_in(request.getfixturevalue("reading").ask(role, name), name)
    else:
        with copied(template, tmp_path / "data") as (_, made):
            _require_let_in(made.ask(role, name), name)


# Others' answers are there once one has answered, and where the project shows them.
LATER = {"GET /api/tasks/{task}/others"}
ACCESS_CODES = {"not-joined", "bad-token", "not-allowed", "owner-only", "narrow-token", "no-project", "busy"}


def _require_let_in(said: Any, name: str) -> None:
    assert said.status < 500, said
    assert said.code not in ACCESS_CODES, said
    known = [kind for kind in ("task", "annotation", "invite", "person") if f"{{{kind}}}" in name]
    assert name in LATER or said.code not in {f"no-{kind}" for kind in known}, said


def test_an_owner_of_the_server_may_everything(template: tuple[Path, Scene], tmp_path: Path) -> None:
    with copied(template, tmp_path / "data") as (_, made):
        for name, route in ROUTES.items():
            if route.who in ("own", "create") and "{" not in route.path:
                assert made.ask("root", name).status < 400, name


def test_the_denied_and_the_given_are_all_there_is() -> None:
    assert len(DENIED) > 400
    assert len(GIVEN) > 150
    assert len(ROUTES) == len(app.kite_routes)


def test_a_route_without_a_permission_is_refused_at_import() -> None:
    empty = App("empty")
    with pytest.raises(ValueError, match="who='everybody' is none of anyone, known, label"):
        empty.serve("GET", "/api/x", who="everybody", summary="")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="who"):
        empty.serve("GET", "/api/x", summary="")  # type: ignore[call-arg]


def test_a_handler_that_forgot_to_ask_does_not_answer(template: tuple[Path, Scene], tmp_path: Path) -> None:
    """Routes without a project in their path ask in their handlers: one that does not is an error, not a leak."""
    from chalicelib import http

    with copied(template, tmp_path / "data") as (_, made):
        event = _event(made.doors["viewer"].cookies["kite_session"])
        said = http._respond(lambda call: {"secret": 1}, "manage", 200, _Request(event), {})
        assert said.status_code == 500
        assert "secret" not in said.body


@dataclass
class _Request:
    event: dict[str, Any]
    method: str = "GET"
    path: str = "/api/forgotten"

    def to_original_event(self) -> dict[str, Any]:
        return self.event


def _event(cookie: str) -> dict[str, Any]:
    return {"headers": {"cookie": f"kite_session={cookie}"}, "body": None}


def test_unknown_roles_in_the_store_give_nothing() -> None:
    assert access.of_role("emperor") == frozenset()


def test_the_documentation_has_the_table() -> None:
    assert access_table.rendered() in access_table.DOC.read_text(encoding="utf-8"), (
        "run: python -m tests.api.access_table"
    )
