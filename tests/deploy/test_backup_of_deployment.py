"""A data folder moves to AWS and back by the two commands, and people go on with their sessions."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from labelkite.backup.archive import MANIFEST, Archive
from labelkite.cli import main
from tests.api.people import Browser, Process, texts
from tests.deploy.running import Deployment, start

pytestmark = [pytest.mark.xdist_group("deploy"), pytest.mark.slow]


@pytest.fixture
def fresh(deployed: Deployment) -> Iterator[Deployment]:
    """A deployment of its own, to which nobody has come yet."""
    running = start(deployed.aws, "team-c")
    said = running.deploy()
    assert said.code == 0, said.out + said.err
    yield running
    running.server.stop()


def keys_of(backup: Path) -> set[tuple[str, str]]:
    manifest = json.loads((backup / MANIFEST).read_text())
    rows = (json.loads(line) for line in Archive(backup).lines(manifest["records"]))
    return {(row["pk"], row["sk"]) for row in rows if row["pk"].startswith(("PROJECT", "TASK", "ANNOTATION", "TOKEN"))}


def test_a_folder_moves_to_a_deployment_and_back(fresh: Deployment, tmp_path: Path) -> None:
    server = Process(tmp_path / "data")
    owner = Browser(server.url)
    owner.join(server.owner_link, "Olga")
    project = owner.project(tasks=texts(5))
    ana = Browser(server.url)
    ana.join(project.invite, "Ana")
    ana.submit(ana.next(project))
    made = main(["backup", str(tmp_path / "backup"), "--data", str(tmp_path / "data")])
    assert made == 0
    server.stop()

    assert Browser(fresh.url, token=server.token).http.get("/api/projects").status_code == 401
    moved = fresh.command("restore", str(tmp_path / "backup"))
    assert moved.code == 0, moved.err
    assert "begin anew" in moved.out
    script = Browser(fresh.url, token=server.token)
    assert script.call("GET", f"/api/projects/{project.id}")["total_annotations_number"] == 1
    there = Browser(fresh.url)
    there.http.cookies.update(ana.http.cookies)
    assert there.call("GET", "/api/session")["person"]["name"] == "Ana"
    there.submit(there.next(project))
    assert script.call("GET", f"/api/projects/{project.id}")["total_annotations_number"] == 2
    assert script.project(tasks=texts(1)).id == project.id + 1

    back = fresh.command("backup", str(tmp_path / "back"))
    assert back.code == 0, back.err
    assert keys_of(tmp_path / "back") > keys_of(tmp_path / "backup")
    refused = fresh.command("restore", str(tmp_path / "backup"))
    assert (refused.code, "the store is not empty" in refused.err) == (1, True)
