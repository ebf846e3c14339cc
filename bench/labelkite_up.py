"""Labelkite as a side of the benchmarks: a real `labelkite up`, its API, and how its page shows what a person sees."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

import httpx
from playwright.sync_api import Locator, Page

from bench import processes, workload
from bench.workload import Kind

_COMMAND = Path(sys.executable).with_name("labelkite")
_LABEL = """() => [...document.querySelectorAll('%s')]
  .find((element) => element.querySelector('%s')?.textContent.trim() === %s) ?? null"""
# The painted pixel in the middle of the photo's layer: nothing else proves that a canvas shows anything.
_PHOTO = """(() => {
  let one
  return () => {
    const layer = document.querySelector('kite-image canvas')
    if (!layer?.width || !layer.height) return ''
    one ??= new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true })
    one.clearRect(0, 0, 1, 1)
    one.drawImage(layer, layer.width >> 1, layer.height >> 1, 1, 1, 0, 0, 1, 1)
    const [r, g, b, a] = one.getImageData(0, 0, 1, 1).data
    return a ? [r, g, b].map((c) => Math.round((c - 20) / 42)).join() : ''
  }
})()"""
_TEXT = "() => /Item \\d+/.exec(document.querySelector('kite-text')?.textContent ?? '')?.[0] ?? ''"


class Labelkite:
    """`with Labelkite() as kite`: a server on a new data folder, an owner's token and an annotator's session."""

    def __init__(self) -> None:
        self.name = "Labelkite"
        self.python_mark: str | None = "kite-python-annotate"
        self.content = {"image": _PHOTO, "text": _TEXT, "choices": _TEXT}
        self.label = {kind.name: _label(kind) for kind in workload.KINDS}
        self._folder = tempfile.TemporaryDirectory(prefix="bench-labelkite-", ignore_cleanup_errors=True)
        self.folder = Path(self._folder.name)
        self.port = processes.free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.server = self.new_server()
        self.token = ""
        self._owner = httpx.Client(base_url=self.url, trust_env=False, timeout=600)
        self._links: dict[str, str] = {}
        self._session = ""

    def new_server(self) -> processes.Process:
        """The server of this data folder, not started."""
        command = [str(_COMMAND)] if _COMMAND.exists() else [sys.executable, "-m", "labelkite"]
        arguments = ["up", "--data", str(self.folder / "data"), "--port", str(self.port), "--no-demo"]
        return processes.Process(
            [*command, *arguments], url=self.url, health="/api/health", log=self.folder / "log",
            environment=_environment(),
        )  # fmt: skip

    def __enter__(self) -> Labelkite:
        self.server.start()
        try:
            self.token = self._new_token()
        except BaseException:
            self.server.stop()
            raise
        self._owner.headers["Authorization"] = f"Token {self.token}"
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._owner.close()
        self.server.stop()
        self._folder.cleanup()

    def _new_token(self) -> str:
        command = [str(_COMMAND)] if _COMMAND.exists() else [sys.executable, "-m", "labelkite"]
        said = subprocess.run(
            [*command, "token", "--data", str(self.folder / "data")], capture_output=True, text=True, cwd=self.folder,
            env=processes.clean_environment() | _environment(),
        )  # fmt: skip
        if said.returncode:
            raise processes.NotStarted(f"no token for {self.url}:\n{said.stderr}")
        return said.stdout.split()[-1]

    # ---- API ----

    def call(self, method: str, path: str, body: object = None) -> Any:
        answer = self._owner.request(method, path, json=body)
        answer.raise_for_status()
        return answer.json() if answer.content else None

    def new_project(self, kind: Kind) -> int:
        wanted = {"title": kind.name, "label_config": kind.config, "maximum_annotations": 1}
        made = self.call("POST", "/api/projects", wanted)
        return int(made["id"])

    def import_tasks(self, project: int, tasks: Sequence[Any]) -> None:
        self.call("POST", f"/api/projects/{project}/import", list(tasks))

    def task_ids(self, project: int) -> list[int]:
        ids: list[int] = []
        page = 1
        while True:
            found = self.call("GET", f"/api/projects/{project}/tasks?page={page}&page_size=100")
            ids += [int(row["id"]) for row in found["tasks"]]
            if len(ids) >= found["total"] or not found["tasks"]:
                return ids
            page += 1

    def import_photos(self, project: int, count: int) -> None:
        keys = []
        for name, data in workload.photos(count):
            wanted = [{"name": name, "size": len(data), "type": "image/jpeg"}]
            [given] = self.call("POST", f"/api/projects/{project}/uploads", wanted)
            headers = {"Content-Type": "image/jpeg", **given.get("headers", {})}
            httpx.request(
                given["method"], httpx.URL(self.url).join(given["url"]), content=data, headers=headers, trust_env=False
            ).raise_for_status()
            keys.append(given["key"])
        self.call("POST", f"/api/projects/{project}/import", {"uploads": keys})

    # ---- page ----

    def prepare(self, kind: Kind, tasks: int) -> None:
        """A project of this kind, and the annotator in it."""
        project = self.new_project(kind)
        if kind.name == "image":
            self.import_photos(project, tasks)
        else:
            self.import_tasks(project, [{"data": data} for data in workload.texts(tasks)])
        self.enter(project, kind)

    def enter(self, project: int, kind: Kind) -> None:
        """Make the annotator a member of the project, which is then that of this kind."""
        invite = self.call("POST", f"/api/projects/{project}/invites", {"role": "annotator", "days": 1})
        with httpx.Client(base_url=self.url, trust_env=False, headers={"Origin": self.url}) as person:
            if self._session:
                person.cookies.set("kite_session", self._session)
            joined = person.post("/api/session", json={"invite": invite["token"], "name": "Annotator"})
            joined.raise_for_status()
            self._session = person.cookies.get("kite_session") or self._session
        self._links[kind.name] = f"{self.url}/label/{project}"

    def cookies(self) -> list[dict[str, Any]]:
        return [{"name": "kite_session", "value": self._session, "url": self.url, "httpOnly": True, "sameSite": "Lax"}]

    def link(self, kind: Kind) -> str:
        return self._links[kind.name]

    def stage(self, page: Page, kind: Kind) -> Locator:
        return page.locator("kite-image canvas" if kind.name == "image" else "kite-text .text-chunk").last

    def answered(self, page: Page, kind: Kind) -> Locator:
        if kind.name == "choices":
            return page.locator("label.choice input:checked")
        return page.locator("button.label .label-count")


def _environment() -> dict[str, str]:
    """Of the server and of what else is run on its folder: where nothing is installed, this checkout."""
    return {} if _COMMAND.exists() else {"PYTHONPATH": str(Path(__file__).resolve().parent.parent)}


def _label(kind: Kind) -> str:
    element, name = ("label.choice", ".choice-name") if kind.name == "choices" else ("button.label", ".label-name")
    return _LABEL % (element, name, json.dumps(kind.label))
