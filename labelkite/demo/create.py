"""Make the demo over HTTP: projects, uploads, two people who label the first tasks and disagree here and there."""

from __future__ import annotations

import http.cookiejar
import json
import struct
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from labelkite.demo import content


@dataclass(frozen=True, slots=True)
class DemoLinks:
    """Annotator links, one per project, in the order they were made."""

    by_title: Mapping[str, str]


class DemoFailed(Exception):
    """The server said no to the demo; the message is the server's."""


class _Client:
    """One person's HTTP session: an API token, or the cookie that joining gives."""

    def __init__(self, url: str, token: str | None = None) -> None:
        self.url = url.rstrip("/")
        self.token = token
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))

    def call(self, method: str, path: str, body: object = None, *, absent: bool = False) -> Any:
        """JSON in, JSON out. `absent`: a 404 gives None."""
        headers = {"Accept": "application/json", "Content-Type": "application/json", "Origin": self.url}
        if self.token:
            headers["Authorization"] = f"Token {self.token}"
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data=data, headers=headers, method=method)
        try:
            with self.opener.open(request, timeout=60) as answer:
                text = answer.read()
        except urllib.error.HTTPError as error:
            if absent and error.code == 404:
                return None
            raise DemoFailed(f"{method} {path}: {error.code} {error.read().decode(errors='replace')[:400]}") from error
        return json.loads(text) if text else None

    def upload(self, presigned: Mapping[str, Any], data: bytes, content_type: str) -> None:
        headers = {"Content-Type": content_type, **presigned.get("headers", {})}
        url = presigned["url"] if presigned["url"].startswith("http") else self.url + presigned["url"]
        request = urllib.request.Request(url, data=data, headers=headers, method=presigned["method"])
        with urllib.request.urlopen(request, timeout=60):
            pass


def create(url: str, token: str, photos: Path) -> DemoLinks:
    """Make both projects on the server at `url`. `photos`: the folder with the demo's JPEGs."""
    owner = _Client(url, token)
    links: dict[str, str] = {}

    project = _project(
        owner,
        "Photos (demo)",
        content.PHOTOS_CONFIG,
        "Draw a box around everything that you can name, then say where the photo was taken and how sharp it is.\n\n"
        "Press a label's key, then drag over the photo. Press ? for all keys.",
    )
    sizes: dict[str, tuple[int, int]] = {}
    order = [name for name in content.PHOTO_ORDER if (photos / f"{name}.jpg").exists()]
    for name in order:
        data = (photos / f"{name}.jpg").read_bytes()
        sizes[name] = jpeg_size(data)
        wanted = [{"name": f"{name}.jpg", "size": len(data), "type": "image/jpeg"}]
        presigned = owner.call("POST", f"/api/projects/{project}/uploads", wanted)[0]
        owner.upload(presigned, data, "image/jpeg")
        owner.call("POST", f"/api/projects/{project}/import", {"uploads": [presigned["key"]]})
    links["Photos (demo)"] = _invite(owner, project)

    def photo(
        answers: Mapping[str, content.PhotoAnswer],
    ) -> Callable[[Mapping[str, Any]], list[dict[str, object]] | None]:
        def answer(data: Mapping[str, Any]) -> list[dict[str, object]] | None:
            name = next((name for name in order if name in str(data["image"])), None)
            return content.photo_result(answers[name], sizes[name]) if name in answers and name is not None else None

        return answer

    _label(url, links["Photos (demo)"], project, "Ana", photo(content.ANA_PHOTOS))
    _label(url, links["Photos (demo)"], project, "Li", photo(content.LI_PHOTOS))

    project = _project(
        owner,
        "Stories (demo)",
        content.STORIES_CONFIG,
        "Mark every person, place and time in the text. Press a label's key, then select the words.",
    )
    owner.call("POST", f"/api/projects/{project}/import", [{"data": row} for row in content.stories()])
    links["Stories (demo)"] = _invite(owner, project)

    def story(
        answers: Mapping[str, content.StoryAnswer],
    ) -> Callable[[Mapping[str, Any]], list[dict[str, object]] | None]:
        def answer(data: Mapping[str, Any]) -> list[dict[str, object]] | None:
            said = answers.get(str(data["title"]))
            return content.story_result(said, str(data["text"])) if said else None

        return answer

    _label(url, links["Stories (demo)"], project, "Ana", story(content.ANA_STORIES))
    _label(url, links["Stories (demo)"], project, "Li", story(content.LI_STORIES))
    return DemoLinks(links)


def _project(owner: _Client, title: str, config: str, instructions: str) -> int:
    made = owner.call(
        "POST",
        "/api/projects",
        {"title": title, "label_config": config, "expert_instruction": instructions, "maximum_annotations": 2},
    )
    return int(made["id"])


def _invite(owner: _Client, project: int) -> str:
    return str(owner.call("POST", f"/api/projects/{project}/invites", {"role": "annotator", "days": 365})["url"])


def _label(
    url: str, link: str, project: int, name: str, answer: Callable[[Mapping[str, Any]], list[dict[str, object]] | None]
) -> None:
    """Join as `name` and label tasks in the order they come, until one comes that nothing was prepared for."""
    person = _Client(url)
    person.call("POST", "/api/session", {"invite": link.partition("#")[2], "name": name})
    while (task := person.call("GET", f"/api/projects/{project}/next", absent=True)) is not None:
        number = task["task"]["id"]
        result = answer(task["task"]["data"])
        lease = task["lease"]["token"]
        if result is None:
            person.call("DELETE", f"/api/tasks/{number}/lease", {"token": lease})
            return
        body = {"result": result, "lead_time": 20.0 + 5 * len(result), "lease": lease}
        person.call("POST", f"/api/tasks/{number}/annotations", body)


def jpeg_size(data: bytes) -> tuple[int, int]:
    """Width and height in pixels, from the frame header (ISO/IEC 10918-1, B.2.2)."""
    at = 2
    while at < len(data):
        marker, length = struct.unpack(">xBH", data[at : at + 4])
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", data[at + 5 : at + 9])
            return int(width), int(height)
        at += 2 + length
    raise DemoFailed("a demo photo has no JPEG frame header")
