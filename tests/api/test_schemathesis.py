"""
Schemathesis sends what the API's description allows and what it does not, to a server where the things that it names
exist: no answer may be a server error, and every answer is one that the description tells of.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.api.people import CHOICES, Browser, Process, mood, texts

ROOT = Path(__file__).parents[2]
RUN = ROOT / ".cache" / "schemathesis" / "bin" / "st"
CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"
EXAMPLES = 4


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[Process]:
    """Its data are worth nothing after this."""
    process = Process(tmp_path / "data")
    yield process
    process.stop()


def test_no_request_makes_a_server_error(own_server: Process, tmp_path: Path) -> None:
    owner = Browser(own_server.url, token=own_server.token)
    made = owner.project(CHOICES, texts(30))
    table = owner.call("GET", f"/api/projects/{made.id}/tasks")["tasks"]
    task = table[0]["id"]
    annotation = owner.call("POST", f"/api/tasks/{task}/annotations", {"result": mood()}, status=201)["id"]
    prediction = owner.call("POST", "/api/predictions", {"task": task, "result": mood()}, status=201)["id"]
    config = tmp_path / "schemathesis.toml"
    config.write_text(
        f"""
headers = {{ Authorization = "Token {own_server.token}" }}

[parameters]
"path.project" = {made.id}
"path.task" = {task}
"path.annotation" = {annotation}
"path.prediction" = {prediction}

[[operations]]
include-method = "DELETE"
parameters = {{ "path.project" = 999, "path.task" = 999, "path.token" = 999, "path.person" = 999 }}
"""
    )
    ran = subprocess.run(
        [
            str(RUN), "--no-color", "--config-file", str(config), "run", f"{own_server.url}/api/openapi.json",
            "--checks", CHECKS, "--phases", "examples,coverage,fuzzing", "--max-examples", str(EXAMPLES),
            "--seed", "1", "--no-shrink", "--warnings", "off",
        ],
        capture_output=True, text=True, timeout=400, cwd=tmp_path,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stdout[-6000:]
    assert owner.call("GET", f"/api/projects/{made.id}")["id"] == made.id
