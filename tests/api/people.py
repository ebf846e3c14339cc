"""What the tests label with: a server process, people with a browser's cookies, configs, tasks and answers."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

SERVE = Path(__file__).with_name("serve.py")
CHOICES = (
    '<View><Text name="t" value="$text"/>'
    '<Choices name="mood" toName="t"><Choice value="Calm"/><Choice value="Sad"/></Choices></View>'
)
BOXES = (
    '<View><Image name="img" value="$image"/>'
    '<RectangleLabels name="box" toName="img"><Label value="Car"/><Label value="Tree"/></RectangleLabels></View>'
)
GIF = bytes.fromhex("47494638396101000100800000ffffff00000021f90401000000002c00000000010001000002024401003b")
"""One white pixel."""


def mood(choice: str = "Calm") -> list[dict[str, Any]]:
    return [
        {
            "id": "m1",
            "from_name": "mood",
            "to_name": "t",
            "type": "choices",
            "origin": "manual",
            "value": {"choices": [choice]},
        }
    ]


class Process:
    """A server of its own, ended by its pid. `environment`: variables that put it on AWS instead of in *folder*."""

    def __init__(self, folder: Path, environment: Mapping[str, str] | None = None) -> None:
        self.folder = folder
        self.environment = environment
        self.start()

    def start(self) -> None:
        self._log = open(self.folder.with_suffix(".log"), "ab")  # noqa: SIM115
        place = str(self.folder) if self.environment is None else "aws"
        environment = None if self.environment is None else {**os.environ, **self.environment}
        self._process = subprocess.Popen(
            [sys.executable, str(SERVE), place], stdout=subprocess.PIPE, stderr=self._log, text=True, env=environment
        )
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, self.folder.with_suffix(".log").read_text()
        said = json.loads(line)
        self.url, self.owner_link, self.token = said["url"], said["owner"], said["token"]

    def cpu_s(self) -> float:
        """Processor seconds that the server used since the last call (0 at the first), on Linux."""
        fields = Path(f"/proc/{self._process.pid}/stat").read_text().rpartition(")")[2].split()
        used = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
        since, self._used = used - getattr(self, "_used", used), used
        return since

    def kill(self) -> None:
        """kill -9."""
        self._process.kill()
        self._process.wait()
        self._close()

    def stop(self) -> None:
        self._process.terminate()
        assert self._process.wait(30) == 0, self.folder.with_suffix(".log").read_text()
        self._close()

    def _close(self) -> None:
        assert self._process.stdout is not None
        self._process.stdout.close()
        self._log.close()


@dataclass
class Project:
    id: int
    invite: str


class Browser:
    """One person's browser: a cookie jar that sends the Origin header with writes."""

    def __init__(self, url: str, *, token: str = "") -> None:
        headers = {"Authorization": f"Token {token}"} if token else {"Origin": url}
        self.http = httpx.Client(base_url=url, headers=headers, timeout=60)
        self.person = 0

    def call(self, method: str, path: str, body: Any = None, *, status: int = 200, **more: Any) -> Any:
        """JSON in, JSON out; any other status than the one expected fails with what the server said."""
        if body is not None:
            more["json"] = body
        answer = self.http.request(method, path, **more)
        assert answer.status_code == status, f"{method} {path}: {answer.status_code} {answer.text[:2000]}"
        return answer.json() if answer.content else None

    def join(self, invite: str, name: str = "") -> Any:
        said = self.call("POST", "/api/session", {"invite": invite, "name": name}, status=201)
        self.person = said["person"]["id"]
        return said

    def project(self, config: str = CHOICES, tasks: list[Any] | None = None, **settings: Any) -> Project:
        """A project with tasks and an annotator link."""
        made = self.call("POST", "/api/projects", {"title": "Moods", "label_config": config, **settings}, status=201)
        if tasks:
            self.call("POST", f"/api/projects/{made['id']}/import", tasks, status=201)
        link = self.call("POST", f"/api/projects/{made['id']}/invites", {}, status=201)
        return Project(made["id"], link["token"])

    def next(self, project: Project) -> Any:
        """The next task, None when there is none."""
        answer = self.http.get(f"/api/projects/{project.id}/next")
        if answer.status_code == 404 and answer.json()["problems"][0]["code"] == "no-task":
            return None
        assert answer.status_code == 200, answer.text
        return answer.json()

    def submit(self, envelope: Any, result: Any = None, *, key: str = "", status: int = 201, **more: Any) -> Any:
        body = {
            "result": mood() if result is None else result,
            "lease": envelope["lease"]["token"],
            "lead_time": 1.5,
            **more,
        }
        headers = {"Idempotency-Key": key} if key else {}
        return self.call(
            "POST", f"/api/tasks/{envelope['task']['id']}/annotations", body, status=status, headers=headers
        )

    def upload(self, project: Project, name: str, data: bytes, kind: str = "image/gif") -> str:
        wanted = [{"name": name, "size": len(data), "type": kind}]
        given = self.call("POST", f"/api/projects/{project.id}/uploads", wanted)[0]
        sent = httpx.request(
            given["method"],
            httpx.URL(str(self.http.base_url)).join(given["url"]),
            content=data,
            headers=given["headers"],
        )
        assert sent.status_code in (200, 201, 204), sent.text
        return str(given["key"])


def texts(count: int) -> list[dict[str, Any]]:
    return [{"data": {"text": f"Text number {n}"}} for n in range(1, count + 1)]
