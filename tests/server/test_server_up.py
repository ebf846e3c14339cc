"""`labelkite up` and `labelkite token` as processes: what they print, how they stop, what they say when they cannot."""

from __future__ import annotations

import os
import re
import signal
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from labelkite import cli_up, locations
from labelkite.server.run import PortTaken, bind

# The site is whatever the test put there: these tests are about the command, and run before the site is built.
COMMAND = """
import sys
from pathlib import Path
from labelkite import locations
locations.site = lambda: Path(sys.argv[1])
from labelkite.cli import main
sys.exit(main(sys.argv[2:]))
"""
ENVIRONMENT = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}


@pytest.fixture
def site(tmp_path: Path) -> Path:
    folder = tmp_path / "site"
    folder.mkdir()
    (folder / "index.html").write_text("<!doctype html><title>Labelkite</title>")
    return folder


def start(site: Path, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", COMMAND, str(site), *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=ENVIRONMENT,
        cwd=site.parent,
    )


class Up:
    """A running `labelkite up`, read until it has said how to stop."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        assert process.stdout is not None
        self.said = ""
        for line in process.stdout:
            self.said += line
            if "To stop" in line:
                break
        else:
            assert process.stderr is not None
            pytest.fail(f"it did not start: {self.said}{process.stderr.read()}")
        found = re.search(r"running at (\S+)", self.said)
        assert found
        self.url = found[1]

    def stop(self, with_signal: signal.Signals = signal.SIGINT) -> str:
        self.process.send_signal(with_signal)
        output, errors = self.process.communicate(timeout=60)
        assert self.process.returncode == 0, errors
        assert errors == ""
        return output


@contextmanager
def up(site: Path, *arguments: str) -> Iterator[Up]:
    process = start(site, "up", "--port", "0", "--no-demo", *arguments)
    try:
        yield Up(process)
    finally:
        process.kill()
        process.communicate()


def run(site: Path, *arguments: str) -> tuple[int, str, str]:
    process = start(site, *arguments)
    output, errors = process.communicate(timeout=60)
    return process.returncode, output, errors


def test_up_serves_and_prints_where_everything_is(site: Path, tmp_path: Path) -> None:
    with up(site, "--data", str(tmp_path / "data")) as running:
        assert f"Data folder       {tmp_path / 'data'}" in running.said
        assert httpx.get(running.url).text == (site / "index.html").read_text()
        assert httpx.get(f"{running.url}/api/health").status_code == 200
        link = re.search(r"Owner's link +(\S+)", running.said)
        assert link
        assert link[1].startswith(running.url)
        token = link[1].partition("#")[2]
        answer = httpx.post(f"{running.url}/api/session", json={"invite": token, "name": "Ada"})
        assert answer.status_code == 201, answer.text
        assert answer.json()["person"]["role"] == "owner"


@pytest.mark.parametrize("with_signal", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl-C", "SIGTERM"])
def test_up_stops_cleanly(site: Path, tmp_path: Path, with_signal: signal.Signals) -> None:
    data = tmp_path / "data"
    with up(site, "--data", str(data)) as running:
        output = running.stop(with_signal)
    assert output.endswith(f"Stopped. Everything is saved in {data}.\n")
    assert not (data / "labelkite.db-wal").exists()
    with up(site, "--data", str(data)):
        pass


def test_the_data_folder_is_beside_where_one_stands_by_default(site: Path) -> None:
    with up(site) as running:
        assert f"Data folder       {site.parent / 'labelkite-data'}" in running.said
    assert (site.parent / "labelkite-data" / "labelkite.db").exists()


def test_a_port_that_is_taken_makes_way_for_the_next(site: Path, tmp_path: Path) -> None:
    with bind("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        process = start(site, "up", "--no-demo", "--port", str(port), "--data", str(tmp_path / "data"))
        try:
            running = Up(process)
            assert f"Port {port} is in use; taking " in running.said
            assert int(running.url.rpartition(":")[2]) in range(port + 1, port + 21)
        finally:
            process.kill()
            process.communicate()


def test_when_no_port_is_free_the_range_is_named() -> None:
    with bind("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(PortTaken, match=f"port {port} is in use on 127.0.0.1"):
            bind("127.0.0.1", port)


def test_listening_to_others_is_warned_about(site: Path, tmp_path: Path) -> None:
    process = start(site, "up", "--no-demo", "--port", "0", "--host", "0.0.0.0", "--data", str(tmp_path / "data"))
    try:
        Up(process)
        assert process.stdout is not None
        said = process.stdout.readline() + process.stdout.readline()
        assert "Others can reach this: it listens on 0.0.0.0" in said
    finally:
        process.kill()
        process.communicate()


@pytest.mark.parametrize(
    ("host", "own"),
    [("127.0.0.1", True), ("127.8.0.1", True), ("::1", True), ("localhost", True), ("0.0.0.0", False), ("::", False)],
)
def test_which_hosts_only_this_machine_reaches(host: str, own: bool) -> None:
    assert cli_up.is_loopback(host) is own


def test_a_token_of_a_stopped_deployment_works_when_it_runs(site: Path, tmp_path: Path) -> None:
    data = str(tmp_path / "data")
    with up(site, "--data", data) as running:
        running.stop()
    code, token, errors = run(site, "token", "--data", data)
    assert (code, errors) == (0, "")
    with up(site, "--data", data) as running:
        answer = httpx.get(f"{running.url}/api/projects", headers={"Authorization": f"Token {token.strip()}"})
        assert answer.status_code == 200, answer.text


def test_a_token_can_be_made_beside_the_running_server(site: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    with up(site, "--data", str(data)) as running:
        tokens = set()
        for _ in range(2):
            code, token, errors = run(site, "token", "--data", str(data))
            assert (code, errors) == (0, "")
            tokens.add(token.strip())
            answer = httpx.get(f"{running.url}/api/projects", headers={"Authorization": f"Token {token.strip()}"})
            assert answer.status_code == 200, answer.text
        assert len(tokens) == 2
        wrong = httpx.get(f"{running.url}/api/projects", headers={"Authorization": "Token wrong"})
        assert wrong.status_code == 401
        running.stop()
    for place in data.rglob("*"):
        if place.is_file():
            assert not any(token.encode() in place.read_bytes() for token in tokens), place


def test_a_second_up_on_the_same_folder_is_refused_by_pid(site: Path, tmp_path: Path) -> None:
    data = str(tmp_path / "data")
    with up(site, "--data", data) as running:
        code, output, errors = run(site, "up", "--port", "0", "--data", data)
        assert (code, output) == (1, "")
        assert errors == (
            f"{data} is in use by process {running.process.pid}\nStop it first, or choose another folder with --data.\n"
        )
        assert httpx.get(f"{running.url}/api/health").status_code == 200


def test_a_folder_that_cannot_be_written_is_two_lines(site: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    code, _, errors = run(site, "up", "--port", "0", "--data", str(tmp_path / "file" / "data"))
    assert code == 1
    assert errors.splitlines() == [
        f"{tmp_path / 'file' / 'data'} cannot be written: Not a directory",
        "Choose a folder that you may write with --data.",
    ]


def test_an_address_of_another_machine_is_two_lines(site: Path, tmp_path: Path) -> None:
    code, _, errors = run(site, "up", "--host", "192.0.2.1", "--data", str(tmp_path / "data"))
    assert code == 1
    assert errors.startswith("Cannot listen on 192.0.2.1 port 8080: ")
    assert len(errors.splitlines()) == 2
    assert not (tmp_path / "data").exists()


def test_a_token_for_a_folder_without_data_says_how_to_make_some(site: Path, tmp_path: Path) -> None:
    code, output, errors = run(site, "token", "--data", str(tmp_path))
    assert (code, output) == (1, "")
    assert errors == f"{tmp_path} holds no Labelkite data\nStart it once: labelkite up --data {tmp_path}\n"


def test_a_checkout_without_a_built_site_says_what_to_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locations, "PACKAGE", tmp_path / "package")
    monkeypatch.setattr(locations, "CHECKOUT", tmp_path / "checkout")
    with pytest.raises(locations.NotBuilt, match="The site is not there") as missing:
        locations.site()
    assert missing.value.hint == "Run: make build"
    (tmp_path / "checkout" / "web" / "dist").mkdir(parents=True)
    (tmp_path / "checkout" / "web" / "dist" / "index.html").write_text("")
    assert locations.site() == tmp_path / "checkout" / "web" / "dist"
    (tmp_path / "package" / "_site").mkdir(parents=True)
    (tmp_path / "package" / "_site" / "index.html").write_text("")
    assert locations.site() == tmp_path / "package" / "_site"


def test_secrets_of_the_data_folder_are_for_their_owner_only(site: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    with up(site, "--data", str(data)):
        assert stat.S_IMODE(data.stat().st_mode) == 0o700
        files = [place for place in data.rglob("*") if place.is_file()]
        assert {"secret", "labelkite.db", "labelkite.db-wal"} <= {place.name for place in files}
        assert {stat.S_IMODE(place.stat().st_mode) for place in files} == {0o600}


def test_the_version_is_the_packages(site: Path) -> None:
    assert run(site, "--version") == (0, f"labelkite {locations.version()}\n", "")
    assert re.fullmatch(r"\d+\.\d+\.\d+.*", locations.version())


def test_an_idle_keep_alive_connection_does_not_hold_up_the_stop(site: Path, tmp_path: Path) -> None:
    with up(site, "--data", str(tmp_path / "data")) as running:
        port = int(running.url.rpartition(":")[2])
        with socket.create_connection(("127.0.0.1", port)) as idle:
            idle.sendall(b"GET /api/health HTTP/1.1\r\nHost: h\r\n\r\n")
            assert idle.recv(65536).startswith(b"HTTP/1.1 200 ")
            assert "Stopped." in running.stop()
