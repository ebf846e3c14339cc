"""Attacks on a running server that no other file tries; docs/security.md says which threat each test is for."""

from __future__ import annotations

import http.client
import io
import os
import socket
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from chalice import Chalice

from labelkite.server import Host, Server
from labelkite.server.messages import client_address
from tests.api.people import Browser, Process, texts
from tests.api.waiting import until


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Process]:
    running = Process(tmp_path_factory.mktemp("attacked") / "data")
    yield running
    running.stop()


@pytest.fixture(scope="module")
def owner(server: Process) -> Browser:
    browser = Browser(server.url)
    browser.join(server.owner_link, "Olga")
    return browser


@pytest.mark.parametrize(
    "path",
    [
        "/../secret",
        "/assets/../../secret",
        "/assets/..%2f..%2fsecret",
        "/assets/%2e%2e/%2e%2e/secret",
        "/objects/../secret",
        "/objects/..%2fsecret?method=GET&expires=99999999999&signature=0",
        "/objects//etc/passwd",
        "/objects/%00",
        "/api/../../secret",
        "/api/tasks/..%2f..%2fsecret",
    ],
)
def test_no_spelling_of_a_path_leaves_what_is_served(server: Process, path: str) -> None:
    secret = (server.folder / "secret").read_bytes()
    connection = http.client.HTTPConnection("127.0.0.1", int(server.url.rpartition(":")[2]))
    connection.request("GET", path)
    answer = connection.getresponse()
    body = answer.read()
    assert secret not in body
    assert b"root:" not in body
    assert answer.status in (200, 400, 401, 403, 404)
    connection.close()


@pytest.mark.parametrize(
    ("name", "kind"),
    [("a.svg", "image/svg+xml"), ("a.html", "text/html"), ("a.js", "text/javascript"), ("a.png", "text/html")],
)
def test_a_file_that_a_browser_would_run_is_no_upload(owner: Browser, name: str, kind: str) -> None:
    project = owner.project(tasks=texts(1))
    asked = [{"name": name, "size": 10, "type": kind}]
    answer = owner.http.post(f"/api/projects/{project.id}/uploads", json=asked)
    if name == "a.png":  # an image by its name: kept, as something that is saved and not shown
        assert answer.json()[0]["headers"] == {"Content-Type": "application/octet-stream"}
    else:
        assert answer.status_code == 400


def test_a_bomb_in_a_zip_is_refused_before_it_is_unpacked(owner: Browser) -> None:
    project = owner.project(tasks=texts(1))
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        archive.writestr("a.json", b"[" + b" " * 280_000_000 + b"]")
    assert len(packed.getvalue()) < 300_000
    key = owner.upload(project, "bomb.zip", packed.getvalue(), "application/zip")
    job = owner.call("POST", f"/api/projects/{project.id}/import/jobs", {"uploads": [key]}, status=201)
    done = until(lambda: (body := owner.call("GET", f"/api/jobs/{job['id']}"))["state"] == "done" and body)
    assert [problem["code"] for problem in done["problems"]] == ["archive-large-file"]
    assert done["result"]["task_count"] == 0


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"[" * 200_000 + b"]" * 200_000, id="nested two hundred thousand times"),
        pytest.param(b'[{"data":{"text":' + b"9" * 1_000_000 + b"}}]", id="a number of a million digits"),
        pytest.param(b"[1e99999]", id="a number beyond all"),
        pytest.param(b'{"a":"\\ud800"}', id="half a letter"),
    ],
)
def test_json_made_to_hurt_is_a_problem_and_the_server_goes_on(owner: Browser, body: bytes) -> None:
    project = owner.project(tasks=texts(1))
    answer = owner.http.post(
        f"/api/projects/{project.id}/import", content=body, headers={"Content-Type": "application/json"}
    )
    assert answer.status_code == 400
    assert answer.json()["problems"]
    assert owner.http.get("/api/health").json()["ok"]


HOSTS = ("localhost", "0x7f000001", "2130706433", "127.1", "0", "[::ffff:127.0.0.1]", "[64:ff9b::7f00:1]")


@pytest.mark.parametrize("host", HOSTS)
def test_no_spelling_of_this_machine_is_called_by_a_webhook(owner: Browser, server: Process, host: str) -> None:
    """A literal is refused when it is made, a name when it is called; either way nothing arrives here."""
    project = owner.project(tasks=texts(1))
    port = server.url.rpartition(":")[2]
    answer = owner.http.post("/api/webhooks", json={"url": f"http://{host}:{port}/api/x", "project": project.id})
    if answer.status_code == 400:
        assert answer.json()["problems"][0]["code"] == "bad-address"
        return
    hook = answer.json()["id"]
    person = Browser(server.url)
    person.join(project.invite, "Ana")
    person.submit(person.next(project))

    def attempts() -> Any:
        deliveries = owner.call("GET", f"/api/webhooks/{hook}/deliveries")["deliveries"]
        return [attempt for delivery in deliveries for attempt in delivery["attempts"]]

    told = until(attempts)
    assert all(
        "not a public address" in attempt["excerpt"] or "has no address" in attempt["excerpt"] for attempt in told
    )


@pytest.fixture(scope="module")
def outside(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """A server that says it is reached at https://labels.example.org through a proxy on this machine; its address and
    an API token."""
    folder = tmp_path_factory.mktemp("outside")
    (folder / "index.html").write_text("<!doctype html><title>x</title>")
    code = (
        "import sys; from pathlib import Path; from labelkite import locations; "
        f"locations.site = lambda: Path({str(folder)!r}); from labelkite.cli import main; sys.exit(main(sys.argv[1:]))"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    options = ["--data", str(folder / "data"), "--port", "0", "--no-demo", "--proxy", "127.0.0.1"]
    process = subprocess.Popen(
        [sys.executable, "-c", code, "up", *options, "--public-url", "https://labels.example.org/"],
        stdout=subprocess.PIPE, text=True, env=environment,
    )  # fmt: skip
    assert process.stdout is not None
    said = ""
    for line in process.stdout:
        said += line
        if "To stop" in line:
            break
    port = next(
        int(line.split(":")[1], 16)
        for line in listening(process.pid)
    )  # fmt: skip
    link = next(part for part in said.split() if "/join#" in part)
    assert link.startswith("https://labels.example.org/join#")
    yield f"http://127.0.0.1:{port}", link.partition("#")[2]
    process.terminate()
    process.wait(30)


def listening(pid: int) -> list[str]:
    """Local addresses (hexadecimal, address:port) that the process listens on, from the system's table."""
    sockets = {os.readlink(f"/proc/{pid}/fd/{name}") for name in os.listdir(f"/proc/{pid}/fd")}
    rows = [line.split() for line in Path(f"/proc/{pid}/net/tcp").read_text().splitlines()[1:]]
    return [row[1] for row in rows if row[3] == "0A" and f"socket:[{row[9]}]" in sockets]


def test_behind_a_proxy_with_tls_cookies_are_secure_and_only_its_own_pages_write(outside: tuple[str, str]) -> None:
    url, invite = outside
    own = {"Origin": "https://labels.example.org", "Host": "labels.example.org"}
    joined = httpx.post(f"{url}/api/session", json={"invite": invite, "name": "Olga"}, headers=own)
    assert joined.status_code == 201
    cookie = joined.headers["set-cookie"]
    assert "; Secure" in cookie
    assert "; HttpOnly" in cookie
    session = {"Cookie": cookie.partition(";")[0]}
    assert httpx.post(f"{url}/api/tokens", json={}, headers={**own, **session}).status_code == 400  # let in, then read
    for origin, host in [
        ("http://labels.example.org", "labels.example.org"),  # somebody in the network answers for it without TLS
        ("http://evil.example", "evil.example"),  # a name that leads here (DNS rebinding)
        ("https://evil.example", "labels.example.org"),
        ("null", "labels.example.org"),
    ]:
        refused = httpx.post(f"{url}/api/tokens", json={}, headers={"Origin": origin, "Host": host, **session})
        assert (refused.status_code, refused.json()["problems"][0]["code"]) == (403, "foreign-origin"), origin


def test_links_lead_to_the_public_address_whatever_the_host_header_says(outside: tuple[str, str]) -> None:
    url, invite = outside
    own = {"Origin": "https://labels.example.org", "Host": "labels.example.org"}
    cookie = httpx.post(f"{url}/api/session", json={"invite": invite, "name": "Olga"}, headers=own).headers[
        "set-cookie"
    ]
    more = {"Origin": "https://labels.example.org", "Host": "evil.example", "Cookie": cookie.partition(";")[0]}
    config = '<View><Text name="t" value="$text"/><Rating name="r" toName="t"/></View>'
    made = httpx.post(f"{url}/api/projects", json={"title": "M", "label_config": config}, headers=more)
    link = httpx.post(f"{url}/api/projects/{made.json()['id']}/invites", json={}, headers=more).json()["url"]
    assert link.startswith("https://labels.example.org/join#")


@pytest.mark.parametrize(
    ("peer", "said", "address"),
    [
        pytest.param("203.0.113.9", [b"198.51.100.1"], "203.0.113.9", id="a stranger's word does not count"),
        pytest.param("127.0.0.1", [b"198.51.100.1"], "198.51.100.1", id="the proxy's does"),
        pytest.param("127.0.0.1", [b"1.1.1.1, 198.51.100.1"], "198.51.100.1", id="not what stood before it"),
        pytest.param("127.0.0.1", [b"1.1.1.1", b"198.51.100.1, 10.0.0.2"], "198.51.100.1", id="two proxies"),
        pytest.param("127.0.0.1", [], "127.0.0.1", id="none said anything"),
        pytest.param("127.0.0.1", [b"nonsense"], "nonsense", id="what is no address is a name for the limits only"),
    ],
)
def test_who_asks_is_told_by_our_own_proxies_only(peer: str, said: list[bytes], address: str) -> None:
    import ipaddress

    scope = {"client": (peer, 1), "headers": [(b"x-forwarded-for", value) for value in said]}
    proxies = [ipaddress.ip_network("127.0.0.1"), ipaddress.ip_network("10.0.0.0/8")]
    assert client_address(scope, proxies) == address


def test_one_stranger_behind_the_proxy_does_not_use_up_the_limit_of_others(outside: tuple[str, str]) -> None:
    url, _ = outside
    with httpx.Client(base_url=url) as http:
        answers = (http.get("/api/version", headers={"X-Forwarded-For": "198.51.100.7"}) for _ in range(5000))
        assert any(answer.status_code == 429 for answer in answers)
        assert http.get("/api/version", headers={"X-Forwarded-For": "198.51.100.8"}).status_code == 200


def test_a_body_that_is_packed_is_not_unpacked(owner: Browser) -> None:
    """No decompression of requests, so no bomb in one: it is no JSON."""
    import gzip

    project = owner.project(tasks=texts(1))
    headers = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
    body = gzip.compress(b'[{"data":{"text":"x"}}]')
    assert owner.http.post(f"/api/projects/{project.id}/import", content=body, headers=headers).status_code == 400


def flood(server: Process, start: bytes, piece: bytes, most: int) -> tuple[int, bytes]:
    """Send `start`, then `piece` again and again: how many bytes were taken, and what came back."""
    sent, answer = 0, b""
    with socket.create_connection(("127.0.0.1", int(server.url.rpartition(":")[2]))) as connection:
        connection.settimeout(20)
        try:
            connection.sendall(start)
            while sent < most:
                connection.sendall(piece)
                sent += len(piece)
            answer = connection.recv(1000)
        except OSError:  # cut: that is what is asked for
            pass
    return sent, answer


@pytest.mark.parametrize(
    ("start", "piece"),
    [
        pytest.param(b"GET /api/health HTTP/1.1\r\n", b"X: " + b"a" * 50_000 + b"\r\n", id="many headers"),
        pytest.param(b"GET /api/health HTTP/1.1\r\nX: ", b"a" * 50_000, id="one header"),
        pytest.param(b"GET /", b"a" * 50_000, id="an address"),
        pytest.param(
            b"POST /api/session HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n0\r\n",
            b"X: " + b"a" * 50_000 + b"\r\n",
            id="trailers",
        ),
    ],
)
def test_a_head_without_end_is_cut(server: Process, start: bytes, piece: bytes) -> None:
    """300 MB of headers were once kept in memory. What a socket holds on the way is a few MB at most."""
    sent, answer = flood(server, start, piece, 64 << 20)
    assert sent < 64 << 20 or answer.startswith(b"HTTP/1.1 400")
    assert sent < 32 << 20
    assert httpx.get(f"{server.url}/api/health").json() == {"ok": True}


def test_a_head_that_comes_a_byte_at_a_time_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("labelkite.server.protocol.HEAD_S", 0.3)
    app = Chalice("no-routes", configure_logs=False)
    with Server(Host(app)) as running, socket.create_connection((running.host, running.port)) as connection:
        connection.settimeout(30)
        connection.sendall(b"GET /x HTTP/1.1\r\nHost")
        assert connection.recv(100) == b""  # closed, without an answer
        with httpx.Client(base_url=running.url) as http:  # who is in time is not cut, between requests either
            assert [http.get("/x").status_code for _ in range(3)] == [404] * 3


def test_a_body_may_follow_its_head_in_one_piece(server: Process, owner: Browser) -> None:
    """Bodies are no heads: they may be longer, in whatever pieces they come."""
    project = owner.project(tasks=texts(1))
    rows = [{"data": {"text": "x" * 1000}} for _ in range(2000)]
    said = owner.call("POST", f"/api/projects/{project.id}/import", rows, status=201)
    assert said["task_count"] == 2000
