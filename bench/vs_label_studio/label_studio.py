"""Label Studio as a side of the benchmarks: its server on SQLite, its API, and what a person sees in its page."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

import httpx
from playwright.sync_api import Locator, Page

from bench import processes, workload
from bench.vs_label_studio import install
from bench.workload import Kind

USER = "bench@example.com"
PASSWORD = "a-long-password-1"
TOKEN = "0123456789abcdef0123456789abcdef01234567"
_SETTINGS = {
    "COLLECT_ANALYTICS": "false",
    "LATEST_VERSION_CHECK": "false",
    "SENTRY_DSN": "",
    "FRONTEND_SENTRY_DSN": "",
    "DEBUG": "false",
}

_LABEL = (
    "() => [...document.querySelectorAll('.lsf-label_clickable')].find((e) => e.textContent.startsWith(%s)) ?? null"
)
_CHOICE = (
    "() => [...document.querySelectorAll('.lsf-choice__checkbox')].find((e) => e.textContent.startsWith(%s)) ?? null"
)
# Every task's photo comes with an address of its own (a blob); loaded and laid out counts as shown here.
_PHOTO = """() => {
  const photo = document.querySelector('.lsf-image img')
  return photo?.complete && photo.naturalWidth && photo.clientWidth > 100 ? photo.src : ''
}"""
_TEXT = "() => /Item \\d+/.exec(document.querySelector('.lsf-richtext__container')?.textContent ?? '')?.[0] ?? ''"


class LabelStudio:
    """`with LabelStudio() as studio`: a server on a new data folder, a user with a token and a session."""

    def __init__(self) -> None:
        self.name = "Label Studio"
        self.python_mark: str | None = None
        self.token = TOKEN
        self.content = {"image": _PHOTO, "text": _TEXT, "choices": _TEXT}
        self.label = {
            kind.name: (_CHOICE if kind.name == "choices" else _LABEL) % json.dumps(kind.label)
            for kind in workload.KINDS
        }
        self._folder = tempfile.TemporaryDirectory(prefix="bench-label-studio-", ignore_cleanup_errors=True)
        self.folder = Path(self._folder.name)
        self.port = processes.free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._command = install.command()
        self.server = self.new_server()
        self._api = httpx.Client(
            base_url=self.url,
            trust_env=False,
            timeout=600,
            headers={"Authorization": f"Token {TOKEN}"},
            follow_redirects=True,
        )
        self._cookies: list[dict[str, Any]] = []
        self._links: dict[str, str] = {}

    def new_server(self) -> processes.Process:
        """The server of this data folder, not started."""
        place = f"--data-dir {self.folder}/data --internal-host 127.0.0.1 --port {self.port}"
        arguments = f"start --no-browser --enable-legacy-api-token {place}"
        user = ["--username", USER, "--password", PASSWORD, "--user-token", TOKEN]
        environment = {**_SETTINGS, "HOME": str(self.folder), "LABEL_STUDIO_HOST": self.url}
        return processes.Process(
            [str(self._command), *arguments.split(), *user],
            url=self.url, health="/health", log=self.folder / "log", environment=environment,
        )  # fmt: skip

    def __enter__(self) -> LabelStudio:
        self.server.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._api.close()
        self.server.stop()
        self._folder.cleanup()

    # ---- API ----

    def call(self, method: str, path: str, body: object = None) -> Any:
        answer = self._api.request(method, path, json=body)
        answer.raise_for_status()
        return answer.json() if answer.content else None

    def new_project(self, kind: Kind) -> int:
        return int(self.call("POST", "/api/projects/", {"title": kind.name, "label_config": kind.config})["id"])

    def import_tasks(self, project: int, tasks: Sequence[Any]) -> None:
        self.call("POST", f"/api/projects/{project}/import", list(tasks))

    def task_ids(self, project: int) -> list[int]:
        found = self.call("GET", f"/api/tasks?project={project}&page_size=100000&fields=task_only&include=id")
        return sorted(int(task["id"]) for task in found["tasks"])

    # ---- page ----

    def prepare(self, kind: Kind, tasks: int) -> None:
        """A project of this kind, and the user logged in."""
        project = self.new_project(kind)
        if kind.name == "image":
            for name, data in workload.photos(tasks):
                self._api.post(
                    f"/api/projects/{project}/import", files={"file": (name, data, "image/jpeg")}
                ).raise_for_status()
        else:
            self.import_tasks(project, workload.texts(tasks))
        self._links[kind.name] = f"{self.url}/projects/{project}/data?labeling=1"
        if not self._cookies:
            self._log_in()

    def _log_in(self) -> None:
        with httpx.Client(base_url=self.url, trust_env=False, follow_redirects=True) as person:
            form = person.get("/user/login/").text
            found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form)
            token = found[1] if found else ""
            said = person.post(
                "/user/login/",
                data={"email": USER, "password": PASSWORD, "csrfmiddlewaretoken": token},
                headers={"Referer": self.url},
            )
            if "sessionid" not in person.cookies:
                raise RuntimeError(f"Label Studio did not log in: {said.status_code}")
            self._cookies = [
                {"name": cookie.name, "value": cookie.value, "url": self.url} for cookie in person.cookies.jar
            ]

    def cookies(self) -> list[dict[str, Any]]:
        return self._cookies

    def link(self, kind: Kind) -> str:
        return self._links[kind.name]

    def stage(self, page: Page, kind: Kind) -> Locator:
        return page.locator(".lsf-image" if kind.name == "image" else ".lsf-richtext__line").first

    def answered(self, page: Page, kind: Kind) -> Locator:
        return page.locator(
            ".ant-checkbox-checked, .ant-radio-checked" if kind.name == "choices" else ".lsf-outliner-item"
        )
