"""kill -9 in the middle of submits: what was acknowledged is there, the rest can be sent again, nothing is twice."""

from __future__ import annotations

import threading
import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx

from tests.api.people import Browser, Process, Project, mood, texts

PEOPLE = 8
KILLS = 3


def test_kill_9_loses_no_acknowledged_annotation_and_a_retry_makes_no_second(folder: Path) -> None:
    process = Process(folder)
    owner = Browser(process.url, token=process.token)
    project = owner.project(tasks=texts(400), maximum_annotations=2)
    crowd = [Browser(process.url) for _ in range(PEOPLE)]
    for n, person in enumerate(crowd):
        person.join(project.invite, f"Person {n}")
    acknowledged: dict[str, int] = {}
    unanswered: list[tuple[Browser, Any, str]] = []
    try:
        for _ in range(KILLS):
            unanswered += until_killed(process, project, crowd, acknowledged)
            process.start()
            for browser in [*crowd, owner]:
                browser.http.base_url = httpx.URL(process.url)
                if "origin" in browser.http.headers:
                    browser.http.headers["origin"] = process.url
        for browser, envelope, key in unanswered:
            made = browser.submit(envelope, mood("Sad"), key=key)
            assert browser.submit(envelope, mood("Sad"), key=key) == made
            acknowledged[key] = made["id"]
        owner.http.headers["authorization"] = f"Token {process.token}"
        exported = owner.call("GET", f"/api/projects/{project.id}/export")
    finally:
        process.kill()
    stored = [a["id"] for task in exported for a in task["annotations"]]
    assert len(unanswered) > 0, "the kill came in the middle of submits"
    assert len(acknowledged) > 50
    # Who came back got the same task again and may have submitted it before the first key was repeated: one annotation.
    assert sorted(stored) == sorted(set(acknowledged.values())), "all that was acknowledged, once, and nothing else"
    assert all(
        len({a["completed_by"] for a in task["annotations"]}) == len(task["annotations"]) <= 2 for task in exported
    )


def until_killed(
    process: Process, project: Project, crowd: list[Browser], acknowledged: dict[str, int]
) -> list[tuple[Browser, Any, str]]:
    """Everybody labels; after some submits the server is killed. Gives the submits that got no answer."""
    enough = threading.Semaphore(0)
    unanswered: list[tuple[Browser, Any, str]] = []

    def label(browser: Browser) -> None:
        while True:
            try:
                envelope = browser.next(project)
            except httpx.TransportError:
                return
            key = str(uuid.uuid4())
            try:
                acknowledged[key] = browser.submit(envelope, mood("Sad"), key=key)["id"]
            except httpx.TransportError:
                unanswered.append((browser, envelope, key))
                return
            enough.release()

    with ThreadPoolExecutor(len(crowd)) as pool:
        running = [pool.submit(label, browser) for browser in crowd]
        for _ in range(40):
            enough.acquire()
        process.kill()
        for future in running:
            future.result()
    return unanswered
