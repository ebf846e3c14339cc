"""One shape for every way in which an error can leave the server, and no traceback in any of them."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from app import app
from chalicelib import auth, http, sessions, setup, world
from chalicelib.storage.ports import Conflict, Full, Unavailable

from tests.api.door import Door
from tests.api.inside import Inside, opened
from tests.api.people import CHOICES, Browser, Process, mood, texts


def assert_problems(text: str) -> list[dict[str, Any]]:
    """`{"problems": [{"code", "message", "where", "hint"}, …]}`, at least one, all texts, a message in words."""
    problems: list[dict[str, Any]] = json.loads(text)["problems"]
    assert problems
    for one in problems:
        assert one.keys() >= {"code", "message", "where", "hint"}
        assert all(isinstance(one[name], str) for name in ("code", "message", "where", "hint"))
        assert " " in one["message"]
        assert "Traceback" not in text
    return problems


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/api/nothing", 404, "no-route"),
        ("PUT", "/api/projects", 405, "no-method"),
        ("GET", "/api/projects/abc", 404, "no-project"),
        ("GET", "/api/projects/99999999999999999999", 404, "no-project"),
        ("GET", "/api/projects/999999", 404, "no-project"),
        ("GET", "/api/tasks/999999", 404, "no-task"),
        ("GET", "/api/annotations/999999", 404, "no-annotation"),
        ("DELETE", "/api/invites/999999", 404, "no-invite"),
        ("GET", "/api/tasks/%00", 404, "no-task"),
        ("GET", "/api/tasks/½", 404, "no-task"),
        ("GET", "/api/projects?page=one", 400, "bad-parameter"),
    ],
)
def test_what_is_not_there(owner: Browser, method: str, path: str, status: int, code: str) -> None:
    answer = owner.http.request(method, path)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/json"
    assert assert_problems(answer.text)[0]["code"] == code


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'"x"',
        b"\xff\xfe",
        b'{"title": NaN}',
        b'{"title": "\\udc00", "label_config": ""}',
        b"[" * 50_000,
        b"1" * 5000,
    ],
)
def test_bodies_that_are_none(owner: Browser, body: bytes) -> None:
    answer = owner.http.post("/api/projects", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 400
    assert_problems(answer.text)


def test_a_body_that_is_too_big(owner: Browser) -> None:
    answer = owner.http.post("/api/projects", content=b" " * (http.MAX_BODY_BYTES + 1))
    assert answer.status_code == 413
    assert_problems(answer.text)


HUGE, ZEROS = "1" + "0" * 400, "0" * 19
UPLOAD = {"name": "a.png", "size": 1}


@pytest.mark.parametrize(
    ("method", "path", "body", "code"),
    [
        pytest.param("GET", f"tasks?page_size={ZEROS}19999999", None, "bad-parameter", id="a page with zeros before"),
        pytest.param("GET", f"tasks?page={ZEROS}1{'9' * 5000}", None, "bad-parameter", id="a page of 5,000 digits"),
        pytest.param("POST", "import", f'[{{"text": "x", "n": {HUGE}}}]', "bad-json", id="a whole number"),
        pytest.param("POST", "import", f'[{{"text": "x", "n": {HUGE}.5}}]', "bad-json", id="a fraction"),
        pytest.param("POST", "uploads", [{**UPLOAD, "type": "a\r\nb"}], "bad-member", id="a type of two lines"),
    ],
)
def test_numbers_and_texts_that_nothing_can_hold_are_refused(
    inside: Inside, method: str, path: str, body: Any, code: str
) -> None:
    root, project = _root(inside)
    assert root.ask(method, f"/api/projects/{project}/{path}", body).code == code


def test_a_lead_time_beyond_all_numbers_is_cut_to_a_day(inside: Inside) -> None:
    root, project = _root(inside)
    task = root.call("GET", f"/api/projects/{project}/next")
    body = {"result": mood(), "lease": task["lease"]["token"], "lead_time": 1e308}
    root.call("POST", f"/api/tasks/{task['task']['id']}/annotations", body, status=201)
    days = root.call("GET", f"/api/projects/{project}/me")["days"]
    assert days[0]["mean_ms"]["value"] == 24 * 3600 * 1000


@pytest.mark.parametrize(
    ("item", "status"),
    [
        pytest.param({"operator": "less", "value": int(HUGE)}, 200, id="a number beyond all numbers"),
        pytest.param({"operator": [], "value": 1}, 400, id="a list as the operator"),
        pytest.param({"operator": "in_list", "value": 5}, 200, id="a list that is none"),
    ],
)
def test_filters_that_make_no_sense(inside: Inside, item: dict[str, Any], status: int) -> None:
    root, project = _root(inside)
    query = json.dumps({"filters": {"conjunction": "and", "items": [{"filter": "filter:tasks:id", **item}]}})
    assert root.ask("GET", f"/api/tasks?project={project}&query={quote(query)}").status == status


def test_a_draft_of_anything_stops_nobody_after_a_change_of_the_config(inside: Inside) -> None:
    root, project = _root(inside)
    given = root.call("GET", f"/api/projects/{project}/next")
    task = given["task"]["id"]
    relation = {"type": "relation", "from_id": [], "to_id": {}}
    rows = [{"id": [1], "from_name": {}}, {**mood()[0], "id": {"a": 1}}, relation]
    root.call("PUT", f"/api/tasks/{task}/draft", {"result": rows, "lease": given["lease"]["token"]})
    root.call("PATCH", f"/api/projects/{project}", {"label_config": CHOICES.replace("Sad", "Blue")})
    assert len(root.call("GET", f"/api/tasks/{task}/drafts")["drafts"][0]["result"]) == 3
    assert root.call("GET", f"/api/projects/{project}/next")["task"]["id"] == task


def _root(inside: Inside) -> tuple[Door, int]:
    root = Door()
    root.join(setup.first_start(inside.world, "https://x").token, "Root")
    return root, inside.project(1)


def test_a_key_that_is_too_long(owner: Browser, server: Process) -> None:
    project = owner.project(tasks=texts(1))
    answer = owner.http.post(
        f"/api/projects/{project.id}/import", json=texts(1), headers={"Idempotency-Key": "k" * 201}
    )
    assert answer.status_code == 400
    assert_problems(answer.text)


class Broken:
    """Records of which one operation fails."""

    def __init__(self, records: Any, error: Exception) -> None:
        self._records, self._error = records, error

    def __getattr__(self, name: str) -> Any:
        return getattr(self._records, name)

    def transact(self, operations: Any) -> Any:
        raise self._error


@pytest.fixture
def inside(folder: Path) -> Iterator[Inside]:
    with opened(folder) as made:
        yield made


def request(
    method: str, path: str, resource: str, body: Any, headers: dict[str, str], **parameters: str
) -> dict[str, Any]:
    event = {
        "headers": headers,
        "multiValueQueryStringParameters": None,
        "pathParameters": parameters,
        "requestContext": {"httpMethod": method, "resourcePath": resource},
        "path": path,
        "body": None if body is None else json.dumps(body),
        "stageVariables": None,
    }
    answer: dict[str, Any] = app(event, None)
    return answer


@pytest.mark.parametrize(
    ("error", "status", "code", "says"),
    [
        pytest.param(Full("no space"), 507, "disk-full", "Your work is safe in this browser", id="disk full"),
        pytest.param(Unavailable("gone"), 503, "store-away", "cannot reach its storage", id="storage away"),
        pytest.param(Conflict("a", "b", expected=1, found=2), 409, "busy", "same moment", id="lost race"),
        pytest.param(KeyError("secret detail"), 500, "unexpected", "error ", id="our own mistake"),
    ],
)
def test_faults_of_the_storage_and_our_own(
    inside: Inside, error: Exception, status: int, code: str, says: str, caplog: pytest.LogCaptureFixture
) -> None:
    from chalicelib import setup

    token = setup.new_api_token(inside.world)
    inside.world.records = Broken(inside.world.records, error)
    world.use(inside.world)
    headers = {"authorization": f"Token {token}"}
    body = {"title": "T", "label_config": '<View><Text name="t" value="$t"/><Rating name="r" toName="t"/></View>'}
    answer = request("POST", "/api/projects", "/api/projects", body, headers)
    assert answer["statusCode"] == status
    (problem,) = assert_problems(answer["body"])
    assert problem["code"] == code
    assert says in problem["message"]
    assert "secret detail" not in answer["body"]
    if status == 500:
        assert problem["message"].rpartition("error ")[2].rstrip(").") in caplog.text, (
            "the log has it under that number"
        )


def test_errors_that_chalice_would_make_itself(inside: Inside) -> None:
    unknown = request("GET", "/api/x", None, None, {})  # type: ignore[arg-type]
    assert unknown["statusCode"] == 404
    assert_problems(unknown["body"])
    method = request("PATCH", "/api/health", "/api/health", None, {})
    assert (method["statusCode"], method["headers"]["Allow"]) == (405, "GET")
    assert_problems(method["body"])


@pytest.mark.embedded_only
def test_a_full_disk_loses_nothing_that_was_acknowledged(folder: Path) -> None:
    """A real store with a real limit: submits are refused, and what was taken before is there when there is room."""
    with opened(folder) as inside:
        project = inside.project(200)
        ana = inside.person(project)
        limit = inside.world.records._database.limit_size  # type: ignore[attr-defined]
        taken = []
        envelope = inside.next(ana, project)
        taken.append(inside.submit(ana, envelope)["id"])
        limit((folder / "labelkite.db").stat().st_size + (1 << 16))
        refused = 0
        while not refused:
            try:
                envelope = inside.next(ana, project)
                taken.append(inside.submit(ana, envelope)["id"])
            except Full:
                refused += 1
        limit(None)
        from chalicelib.handlers import submissions

        assert len(taken) < 200
        for id_ in taken:
            assert submissions.one(inside.world, ana, id_)["id"] == id_
        assert inside.progress(project)["annotations"] == len(taken)
        inside.submit(ana, inside.next(ana, project))


def test_each_thread_has_its_own_current_request(inside: Inside) -> None:
    """Chalice keeps the current request in one attribute of the app; ours must be safe, whatever its host does."""
    people = [inside.person(inside.project(0), f"Person {n}") for n in range(16)]
    cookies = []
    for person in people:
        token, made = sessions.new(inside.world, person.person, person.name, person.role)
        inside.world.records.transact(made)
        cookies.append(f"{auth.COOKIE}={token}")

    def ask(n: int) -> int:
        answers = (request("GET", "/api/session", "/api/session", None, {"cookie": cookies[n]}) for _ in range(100))
        return sum(json.loads(answer["body"])["person"]["id"] != people[n].person for answer in answers)

    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    try:
        with ThreadPoolExecutor(16) as pool:
            assert sum(pool.map(ask, range(16))) == 0
    finally:
        sys.setswitchinterval(before)
