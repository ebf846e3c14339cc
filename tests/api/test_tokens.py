"""Tokens for scripts: shown once, narrower than their person, revocable."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from chalicelib import keys, setup, tokens
from chalicelib.storage.ports import Put

from tests.api.door import Door
from tests.api.inside import Inside, opened
from tests.api.people import CHOICES

PROJECT = {"title": "Moods", "label_config": CHOICES}


@pytest.fixture
def inside(folder: Path) -> Iterator[Inside]:
    with opened(folder) as made:
        yield made


@pytest.fixture
def root(inside: Inside) -> Door:
    door = Door()
    door.join(setup.first_start(inside.world, "https://x").token, "Root")
    return door


def made(door: Door, *scope: str, **more: Any) -> Any:
    return door.call("POST", "/api/tokens", {"name": "Script", "scope": list(scope), **more}, status=201)


def test_a_token_is_shown_once_and_listed_without_the_secret(root: Door) -> None:
    said = made(root, "read", days=30)
    listed = root.call("GET", "/api/tokens")["tokens"]
    assert listed == [{name: value for name, value in said.items() if name != "token"}]
    assert said["token"] not in str(listed)
    assert (listed[0]["title"], listed[0]["scope"], listed[0]["last_used"]) == ("Script", ["read"], None)


def test_the_day_of_the_last_use_is_kept(inside: Inside, root: Door) -> None:
    token = made(root, "read")["token"]
    Door(token).call("GET", "/api/projects")
    assert root.call("GET", "/api/tokens")["tokens"][0]["last_used"] == inside.clock.day
    inside.clock.now += 24 * 3600
    Door(token).call("GET", "/api/projects")
    assert root.call("GET", "/api/tokens")["tokens"][0]["last_used"] == inside.clock.day


@pytest.mark.parametrize("scheme", ["Token", "token", "Bearer"])
def test_both_schemes_work(root: Door, scheme: str) -> None:
    Door().call("GET", "/api/projects", authorization=f"{scheme} {made(root, 'read')['token']}")


def test_a_scope_narrows_what_its_person_may(root: Door) -> None:
    project = root.call("POST", "/api/projects", PROJECT, status=201)["id"]
    script = Door(made(root, "read")["token"])
    script.call("GET", f"/api/projects/{project}")
    said = script.ask("PATCH", f"/api/projects/{project}", {"title": "Other"})
    assert (said.status, said.code) == (403, "narrow-token")
    assert said.body["problems"][0]["message"] == "This API token does not allow `manage`."
    assert script.ask("POST", "/api/projects", PROJECT).code == "narrow-token"
    assert script.ask("GET", "/api/audit").code == "narrow-token"
    writer = Door(made(root, "write")["token"])
    writer.call("PATCH", f"/api/projects/{project}", {"title": "Other"})
    assert writer.ask("DELETE", f"/api/projects/{project}").code == "narrow-token"
    Door(made(root, "create")["token"]).call("POST", "/api/projects", PROJECT, status=201)


def test_a_scope_gives_nothing_that_its_person_may_not(root: Door) -> None:
    project = root.call("POST", "/api/projects", PROJECT, status=201)["id"]
    link = root.call("POST", f"/api/projects/{project}/invites", {}, status=201)["token"]
    ana = Door()
    ana.join(link, "Ana")
    script = Door(made(ana, "write", "own", "create")["token"])
    assert script.ask("GET", f"/api/projects/{project}/tasks").code == "not-allowed"
    assert script.ask("POST", "/api/projects", PROJECT).code == "owner-only"
    assert script.ask("GET", f"/api/projects/{project}/next").code == "no-task"


def test_a_token_for_one_project_sees_no_other(root: Door) -> None:
    one, two = (root.call("POST", "/api/projects", PROJECT, status=201)["id"] for _ in range(2))
    script = Door(made(root, "write", "own", "create", projects=[one])["token"])
    script.call("GET", f"/api/projects/{one}")
    assert script.ask("GET", f"/api/projects/{two}").status == 404
    assert [p["id"] for p in script.call("GET", "/api/projects")["results"]] == [one]
    assert [p["id"] for p in script.call("GET", "/api/session")["projects"]] == [one]
    assert script.ask("POST", "/api/projects", PROJECT).code == "narrow-token"


def test_a_token_makes_no_tokens_and_ends_no_sessions(root: Door) -> None:
    said = made(root, "write", "own", "create")
    script = Door(said["token"])
    for method, path in (("POST", "/api/tokens"), ("GET", "/api/tokens"), ("DELETE", f"/api/tokens/{said['id']}")):
        assert script.ask(method, path, {"name": "More", "scope": ["own"]}).code == "narrow-token"
    assert script.ask("DELETE", "/api/session?everywhere=1").code == "no-session"


def test_a_revoked_token_is_refused_at_once(root: Door) -> None:
    said = made(root, "read")
    root.call("DELETE", f"/api/tokens/{said['id']}", status=204)
    assert Door(said["token"]).ask("GET", "/api/projects").code == "bad-token"
    assert root.ask("DELETE", f"/api/tokens/{said['id']}").status == 404
    assert root.call("GET", "/api/tokens")["tokens"] == []


def test_an_expired_token_is_refused(inside: Inside, root: Door) -> None:
    token = made(root, "read", days=1)["token"]
    inside.clock.now += 24 * 3600 - 1
    Door(token).call("GET", "/api/projects")
    inside.clock.now += 2
    assert Door(token).ask("GET", "/api/projects").code == "bad-token"


def test_somebody_elses_token_does_not_exist(root: Door) -> None:
    project = root.call("POST", "/api/projects", PROJECT, status=201)["id"]
    link = root.call("POST", f"/api/projects/{project}/invites", {"role": "owner"}, status=201)["token"]
    olga = Door()
    olga.join(link, "Olga")
    mine = made(root, "read")
    assert olga.ask("DELETE", f"/api/tokens/{mine['id']}").status == 404
    other = root.call("POST", "/api/projects", PROJECT, status=201)["id"]
    assert olga.ask("POST", "/api/tokens", {"name": "T", "scope": ["read"], "projects": [other]}).status == 404


def test_tokens_of_the_command_line_have_all_rights_and_can_be_revoked(inside: Inside, root: Door) -> None:
    token = setup.new_api_token(inside.world)
    Door(token).call("POST", "/api/projects", PROJECT, status=201)
    row = root.call("GET", "/api/tokens")["tokens"][0]
    assert (row["title"], row["scope"], row["expires_at"]) == ("made on the command line", None, None)
    root.call("DELETE", f"/api/tokens/{row['id']}", status=204)
    assert Door(token).ask("GET", "/api/projects").code == "bad-token"


def test_a_token_of_the_release_before_goes_on(inside: Inside, root: Door) -> None:
    body = {"person": 77, "name": "Script", "role": "owner", "created_at": "2026-01-01T00:00:00.000000Z"}
    inside.world.records.transact([Put(*keys.api_token(tokens.digest("old")), body, expect=0)])
    Door("old").call("POST", "/api/projects", PROJECT, status=201)


def test_one_has_fifty_tokens_at_most(root: Door) -> None:
    for _ in range(50):
        made(root, "read")
    assert root.ask("POST", "/api/tokens", {"name": "T", "scope": ["read"]}).code == "too-many-tokens"


@pytest.mark.parametrize(
    "body",
    [
        pytest.param({"name": "T", "scope": []}, id="no scope"),
        pytest.param({"name": "T", "scope": ["everything"]}, id="no such word"),
        pytest.param({"name": " ", "scope": ["read"]}, id="no name"),
        pytest.param({"name": "T", "scope": ["read"], "projects": []}, id="no project"),
        pytest.param({"name": "T", "scope": ["read"], "days": 0}, id="no day"),
    ],
)
def test_a_token_needs_a_name_and_a_scope(root: Door, body: dict[str, Any]) -> None:
    assert root.ask("POST", "/api/tokens", body).code == "bad-member"
