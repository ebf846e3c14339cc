"""The audit log: what is in it, who may read it, how it is paged."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from chalicelib import audit, setup
from chalicelib.auth import Caller

from tests.api.door import Door
from tests.api.inside import Inside, opened
from tests.api.people import CHOICES, texts

DAY_S = 24 * 3600
PROJECT = {"title": "Moods", "label_config": CHOICES}


@pytest.fixture
def inside(folder: Path) -> Iterator[Inside]:
    with opened(folder) as made:
        yield made


@pytest.fixture
def root(inside: Inside) -> Door:
    door = Door()
    link = setup.first_start(inside.world, "https://x")
    inside.clock.now += 1
    door.join(link.token, "Root")
    return door


def entries(door: Door, path: str) -> list[Any]:
    return [(row["name"], row["action"]) for row in reversed(door.call("GET", path)["entries"])]


def test_what_happens_in_a_project_is_in_its_log(inside: Inside, root: Door) -> None:
    project = root.call("POST", "/api/projects", PROJECT, status=201)["id"]
    path = f"/api/projects/{project}"
    did: list[tuple[str, str, Any, int]] = [
        ("PATCH", path, {"title": "Feelings"}, 200),
        ("POST", f"{path}/import", texts(1), 201),
        ("GET", f"{path}/export", None, 200),
    ]
    for method, at, body, status in did:
        inside.clock.now += 1
        root.call(method, at, body, status=status)
    inside.clock.now += 1
    link = root.call("POST", f"{path}/invites", {"max_uses": 3}, status=201)
    ana = Door()
    inside.clock.now += 1
    ana.join(link["token"], "Ana")
    for method, at, body, status in [
        ("PATCH", f"{path}/people/{ana.person}", {"role": "reviewer"}, 200),
        ("DELETE", f"{path}/people/{ana.person}", None, 204),
        ("DELETE", f"/api/invites/{link['id']}", None, 204),
    ]:
        inside.clock.now += 1
        root.call(method, at, body, status=status)
    assert entries(root, f"{path}/audit") == [
        ("Root", "settings changed"),
        ("Root", "imported"),
        ("Root", "exported"),
        ("Root", "invite made"),
        ("Ana", "joined"),
        ("Root", "person changed"),
        ("Root", "person removed"),
        ("Root", "invite revoked"),
    ]
    about = {row["action"]: row["about"] for row in root.call("GET", f"{path}/audit")["entries"]}
    assert about["settings changed"]["title"] == {"from": "Moods", "to": "Feelings"}
    assert about["person changed"] == {"person": ana.person, "role": {"from": "annotator", "to": "reviewer"}}
    assert about["imported"] == {"tasks": 1}
    assert link["token"] not in str(about)


def test_what_belongs_to_no_project_is_in_the_servers_log(inside: Inside, root: Door) -> None:
    inside.clock.now += 1
    project = root.call("POST", "/api/projects", PROJECT, status=201)["id"]
    inside.clock.now += 1
    token = root.call("POST", "/api/tokens", {"name": "T", "scope": ["own"]}, status=201)
    inside.clock.now += 1
    Door(token["token"]).call("DELETE", f"/api/projects/{project}", status=204)
    inside.clock.now += 1
    root.call("DELETE", f"/api/tokens/{token['id']}", status=204)
    said = entries(root, "/api/audit")
    assert said[:1] == [("", "invite made")]
    assert said[1:] == [
        ("Root", "joined"),
        ("Root", "project made"),
        ("Root", "token made"),
        ("Root", "project deleted"),
        ("Root", "token revoked"),
    ]
    deleted = next(row for row in root.call("GET", "/api/audit")["entries"] if row["action"] == "project deleted")
    assert (deleted["by"], deleted["about"]) == (f"token {token['id']}", {"project": project, "title": "Moods"})
    assert token["token"] not in str(root.call("GET", "/api/audit"))


def test_an_action_that_is_refused_is_not_in_the_log(root: Door) -> None:
    project = root.call("POST", "/api/projects", PROJECT, status=201)["id"]
    root.ask("PATCH", f"/api/projects/{project}", {"label_config": "<View>"})
    assert entries(root, f"/api/projects/{project}/audit") == []


def test_the_log_is_read_in_pages_over_days_without_end(inside: Inside, root: Door) -> None:
    project = root.call("POST", "/api/projects", PROJECT, status=201)["id"]
    caller = Caller(root.person, "Root", "owner")
    script = Door(setup.new_api_token(inside.world))
    for n in range(230):
        inside.clock.now += 1
        audit.write(inside.world, caller, project, "counted", {"n": n})
        if n == 120:
            inside.clock.now += 80 * DAY_S  # in which nothing happens
    seen, after, pages = [], "", 0
    while True:
        page = script.call("GET", f"/api/projects/{project}/audit?after={after}")
        seen += [row["about"]["n"] for row in page["entries"]]
        pages += 1
        if page["next"] is None:
            break
        after = page["next"]
    assert seen == list(reversed(range(230)))
    assert pages < 10


def test_one_day_alone(inside: Inside, root: Door) -> None:
    project = root.call("POST", "/api/projects", PROJECT, status=201)["id"]
    root.call("PATCH", f"/api/projects/{project}", {"title": "One"})
    first = inside.clock.day
    inside.clock.now += DAY_S
    between = inside.clock.day
    inside.clock.now += DAY_S
    root.call("PATCH", f"/api/projects/{project}", {"title": "Two"})
    path = f"/api/projects/{project}/audit?day="
    assert len(root.call("GET", f"{path}{first}")["entries"]) == 1
    assert root.call("GET", f"{path}{between}") == {"entries": [], "next": None}
    assert root.ask("GET", f"{path}yesterday").code == "bad-parameter"
    assert root.ask("GET", f"/api/projects/{project}/audit?after=x/y").code == "bad-parameter"


def test_long_texts_are_cut(inside: Inside) -> None:
    put = audit.operation(inside.world, Caller(1, "A"), 7, "x", {"text": "y" * 5000, "in": [{"text": "z" * 300}]})
    assert len(put.body["about"]["text"]) == audit.LONGEST + 1
    assert len(put.body["about"]["in"][0]["text"]) == audit.LONGEST + 1
