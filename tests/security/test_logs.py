"""What is written to the log: one JSON object a line with the request's id, and never a secret or a person's words."""

from __future__ import annotations

import io
import json
import logging
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from chalicelib import logs, tokens

from tests.api.people import Browser, texts
from tests.api.waiting import until


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """The log of this process, as lines, and everything put back afterwards."""
    root, ours = logging.getLogger(), (logs.REQUESTS, logs.JOBS)
    before = (list(root.handlers), root.level, [logger.level for logger in ours])
    stream = io.StringIO()
    logs.set_up(stream, lines=True, requests=True)
    yield stream
    root.handlers[:] = before[0]
    root.setLevel(before[1])
    for logger, level in zip(ours, before[2], strict=True):
        logger.setLevel(level)
    logs.set_up(io.StringIO(), lines=False, requests=False)
    root.handlers[:] = before[0]


SECRETS = [
    pytest.param("GET /objects/a?expires=1&signature=0123456789abcdef", "0123456789abcdef", id="a signed address"),
    pytest.param("X-Amz-Signature=deadbeefdeadbeef&X-Amz-Credential=AKIA/2026", "deadbeef", id="an address of S3"),
    pytest.param("X-Amz-Security-Token=FwoGZXIvYXdz", "FwoGZXIvYXdz", id="a role's token"),
    pytest.param("Authorization: Token abcdefghijklmnop", "abcdefghijklmnop", id="an API token"),
    pytest.param("bearer eyJhbGciOi.J9.abc", "eyJhbGciOi", id="a bearer token"),
    pytest.param(tokens.new_invite(b"k" * 32, 3, 1_800_000_000).text, ".18", id="an invite link"),
    pytest.param(f"cookie labelkite={'a' * 43}", "aaaa", id="a session"),
    pytest.param("whsec_c2VjcmV0", "c2VjcmV0", id="a webhook's secret"),
    pytest.param("no user zora@example.org here", "zora", id="a mail address"),
    pytest.param("/api/session/oidc/callback?code=4/P7q7&state=xyzxyz", "P7q7", id="an answer of a provider"),
]


@pytest.mark.parametrize(("text", "secret"), SECRETS)
def test_what_looks_like_a_secret_is_taken_out_wherever_it_stands(written: io.StringIO, text: str, secret: str) -> None:
    logging.getLogger("labelkite").warning("it said %s", text)
    try:
        raise ValueError(text)
    except ValueError:
        logging.getLogger("labelkite").exception("broken")
    assert len(written.getvalue().splitlines()) == 2
    assert secret not in written.getvalue()
    assert "it said" in written.getvalue()
    assert "ValueError" in written.getvalue()


def test_plain_text_is_cleaned_too() -> None:
    record = logging.LogRecord("x", logging.WARNING, "", 1, "Token abcdefghijklmnop", None, None)
    assert "abcdefgh" not in logs.Plain().format(record)


def test_a_name_cannot_forge_a_line(written: io.StringIO) -> None:
    logging.getLogger("labelkite").warning("no %s", 'x\n{"level":"info","message":"all is well"}')
    (line,) = written.getvalue().splitlines()
    assert json.loads(line)["level"] == "warning"


def test_on_lambda_a_line_is_a_metric_too(written: io.StringIO, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logs, "_metrics", "team-a-api")
    logs.request("GET", "/api/tasks/{task}", 503, 12.34)
    line = json.loads(written.getvalue())
    (directive,) = line["_aws"]["CloudWatchMetrics"]
    names = [metric["Name"] for metric in directive["Metrics"]]
    assert {name: line[name] for name in names} == {"ms": 12.3, "server_error": 1}
    assert [[line[name] for name in dimensions] for dimensions in directive["Dimensions"]] == [["team-a-api"]]
    with pytest.raises(RuntimeError), logs.job("7", "work", 2):
        raise RuntimeError("x")
    line = json.loads(written.getvalue().splitlines()[1])
    assert (line["kind"], line["job_failed"], line["request"]) == ("work", 1, "job-7")


class Up:
    """`labelkite up --log json`, its address, the owner's link and its log."""

    def __init__(self, folder: Path) -> None:
        site = folder / "site"
        site.mkdir(parents=True)
        (site / "index.html").write_text("<!doctype html><title>x</title>")
        code = (
            "import sys; from pathlib import Path; from labelkite import locations; "
            f"locations.site = lambda: Path({str(site)!r}); "
            "from labelkite.cli import main; sys.exit(main(sys.argv[1:]))"
        )
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        self.log_file = folder / "log"
        with open(self.log_file, "wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-c", code, "up", "--data", str(folder / "data"), "--port", "0", "--no-demo",
                 "--log", "json"],
                stdout=subprocess.PIPE, stderr=log, text=True, env=environment,
            )  # fmt: skip
        assert self.process.stdout is not None
        said = ""
        for line in self.process.stdout:
            said += line
            if "To stop" in line:
                break
        self.url = re.search(r"running at (\S+)", said)[1]  # type: ignore[index]
        self.owner_link = re.search(r"/join#(\S+)", said)[1]  # type: ignore[index]

    def lines(self) -> list[Any]:
        return [json.loads(line) for line in self.log_file.read_text().splitlines()]


@pytest.fixture(scope="module")
def up(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Up]:
    running = Up(tmp_path_factory.mktemp("logged"))
    yield running
    running.process.terminate()
    running.process.wait(30)


def test_each_answer_says_its_request_and_the_log_has_it(up: Up) -> None:
    with httpx.Client(base_url=up.url) as http:
        answers = [http.get(path) for path in ("/api/version", "/api/nowhere", "/", "/objects/x", "/api/projects/7")]
    ids = [answer.headers["x-request-id"] for answer in answers]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch("[0-9a-f]{12}", id_) for id_ in ids)
    told = {line.get("request"): line for line in until(lambda: len(up.lines()) > 1 and up.lines())}
    assert (told[ids[0]]["route"], told[ids[0]]["status"]) == ("/api/version", 200)
    assert (told[ids[4]]["route"], told[ids[4]]["status"]) == ("/api/projects/{project}", 401)


def test_a_working_day_leaves_no_secret_and_no_word_of_a_person_in_the_log(up: Up) -> None:
    owner = Browser(up.url)
    owner.join(up.owner_link, "Zora Neale")
    project = owner.project(tasks=[{"data": {"text": "a most private sentence"}}, *texts(3)], title="Secret plans")
    token = owner.call("POST", "/api/tokens", {"name": "for scripts", "scope": ["read"]}, status=201)["token"]
    hook = owner.call(
        "POST", "/api/webhooks", {"url": "http://localhost:9/x?key=hunter2", "project": project.id}, status=201
    )
    person = Browser(up.url)
    person.join(project.invite, "Quentin Tarn")
    person.submit(person.next(project))
    httpx.get(f"{up.url}/api/projects", headers={"Authorization": "Token wrong-token-of-somebody"})
    httpx.get(f"{up.url}/api/projects?token={token}", headers={"Authorization": f"Token {token}"})
    httpx.get(f"{up.url}/objects/uploads/1/a?method=GET&expires=1&signature=feedfacefeedface")
    bad = httpx.post(f"{up.url}/api/session", json={"invite": up.owner_link[:-3] + "000", "name": "Mallory Vane"})
    assert bad.status_code >= 400
    until(lambda: [line for line in up.lines() if line.get("kind") == "hooks-send"])
    text = up.log_file.read_text()
    assert sum(line["message"] == "request" for line in up.lines()) > 10
    cookies = [value for browser in (owner, person) for value in browser.http.cookies.values()]
    assert cookies
    for secret in [
        *cookies, token, hook["secret"], project.invite, up.owner_link, "wrong-token-of-somebody", "feedface",
        "hunter2", "Zora", "Quentin", "Mallory", "private sentence", "Secret plans",
    ]:  # fmt: skip
        assert secret not in text, secret


def test_owners_see_what_the_process_has_done_and_others_only_that_it_answers(up: Up) -> None:
    owner = Browser(up.url)
    owner.join(up.owner_link, "Olga")
    said = owner.call("GET", "/api/health")
    assert said["requests"]["2xx"] >= 1
    assert said["ms"]["p50"] <= said["ms"]["p95"]
    assert set(said["jobs"]) == {"waiting", "dead"}
    assert httpx.get(f"{up.url}/api/health").json() == {"ok": True}
    person = Browser(up.url)
    person.join(owner.project(tasks=texts(1)).invite, "Ana")
    assert person.call("GET", "/api/health") == {"ok": True}
    narrow = owner.call("POST", "/api/tokens", {"name": "n", "scope": ["read"]}, status=201)["token"]
    headers = {"Authorization": f"Token {narrow}"}
    assert httpx.get(f"{up.url}/api/health", headers=headers).json() == {"ok": True}
