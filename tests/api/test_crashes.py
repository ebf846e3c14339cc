"""kill -9 in the middle of everything that people, reviewers and owners do at once: no row contradicts another one."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from chalicelib import jobs, keys, world
from chalicelib.storage.embedded import open_embedded
from chalicelib.world import World

from tests.api import invariants
from tests.api.people import Browser, Process, Project, mood, texts
from tests.api.waiting import until

PEOPLE = 5
KILLS = 2
BETWEEN = 60
"""Answers between two kills."""
WITHIN_S = 60


@dataclass
class Crowd:
    """Everybody at once, each doing something else every time, until the server is gone."""

    process: Process
    project: Project
    people: list[Browser]
    reviewer: Browser
    owner: Browser
    answers: dict[str, int] = field(default_factory=dict)
    """How often each kind of request was answered."""
    enough: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))

    def until_killed(self, seed: int) -> None:
        with ThreadPoolExecutor(len(self.people) + 2) as pool:
            acts = [(self._label, one) for one in self.people]
            acts += [(self._review, self.reviewer), (self._manage, self.owner)]
            running = [pool.submit(self._again, random.Random(seed + n), *act) for n, act in enumerate(acts)]
            for _ in range(BETWEEN):
                assert self.enough.acquire(timeout=WITHIN_S), [future for future in running if future.done()]
            self.process.kill()
            for future in running:
                future.result()

    def come_back(self) -> None:
        self.process.start()
        for browser in (*self.people, self.reviewer, self.owner):
            browser.http.base_url = httpx.URL(self.process.url)
            if "origin" in browser.http.headers:
                browser.http.headers["origin"] = self.process.url

    def _again(self, chance: random.Random, act: Callable[[random.Random, Browser], str], who: Browser) -> None:
        while True:
            try:
                done = act(chance, who)
            except httpx.TransportError:
                return
            self.answers[done] = self.answers.get(done, 0) + 1
            self.enough.release()

    def _label(self, chance: random.Random, who: Browser) -> str:
        given = ask(who, "GET", f"/api/projects/{self.project.id}/next?or_null=1")
        if not given or "task" not in given:
            return "nothing"
        task, lease = given["task"]["id"], given["lease"]["token"]
        act = chance.choice(["submit", "submit", "submit", "skip", "postpone", "give back", "remove"])
        body = {"result": mood(chance.choice(["Calm", "Sad"])), "lease": lease, "was_cancelled": act == "skip"}
        if act == "postpone":
            ask(who, "POST", f"/api/tasks/{task}/lease/postpone")
        elif act == "give back":
            ask(who, "DELETE", f"/api/tasks/{task}/lease")
        else:
            made = ask(who, "POST", f"/api/tasks/{task}/annotations", body)
            if act == "remove" and made:
                ask(who, "DELETE", f"/api/annotations/{made['id']}")
        return act

    def _review(self, chance: random.Random, who: Browser) -> str:
        shown = ask(who, "GET", f"/api/projects/{self.project.id}/reviews/next?or_null=1")
        if not shown or not shown.get("annotations"):
            return "nothing to review"
        action = chance.choice(["accept", "merge", "send_back"])
        body = {"action": action, "version": shown["version"], "annotation": shown["annotations"][0]["id"]}
        ask(who, "POST", f"/api/tasks/{shown['task']['id']}/review", body | {"comment": "Sure?"})
        if chance.random() < 0.3:
            ask(who, "DELETE", f"/api/tasks/{shown['task']['id']}/review")
        return action

    def _manage(self, chance: random.Random, who: Browser) -> str:
        project = f"/api/projects/{self.project.id}"
        act = chance.choice(["discard", "relist", "import", "overlap"])
        if act == "discard":
            undo, person = chance.random() < 0.5, chance.choice(self.people).person
            ask(who, "POST", f"{project}/people/{person}/discard", {"requeue": chance.random() < 0.5, "undo": undo})
        elif act == "relist":
            ask(who, "PATCH", project, {"queue": {"order": chance.choice(["random", "imported"])}})
        elif act == "import":
            ask(who, "POST", f"{project}/import", texts(9))
        else:
            ask(who, "PATCH", project, {"maximum_annotations": chance.choice([1, 2, 3])})
        return act


def ask(who: Browser, method: str, path: str, body: Any = None) -> Any:
    """What the server answered; None where somebody else was quicker. It may never be its mistake."""
    answer = who.http.request(method, path, json=body)
    assert answer.status_code < 500 or answer.status_code == 503, f"{method} {path}: {answer.text[:1000]}"
    return answer.json() if answer.status_code < 300 and answer.content else None


@contextmanager
def at_rest(folder: Path, project: int) -> Iterator[World]:
    """The folder that a dead server left, once the jobs in it are done."""
    store = open_embedded(folder, public_url="http://127.0.0.1")
    try:
        opened = world.use(store)

        def busy() -> list[Any]:
            return [body for body in _jobs(opened, project) if body["state"] not in jobs.FINAL]

        until(lambda: not busy(), WITHIN_S, told=busy)
        yield opened
    finally:
        store.close()


def _jobs(opened: World, project: int) -> list[Any]:
    listed = opened.records.query(f"JOBS#{project}", limit=1000).records
    wanted = [keys.job(row.body["job"]) for row in listed]
    found = [opened.records.get_many(wanted[start : start + 100]) for start in range(0, len(wanted), 100)]
    return [record.body for part in found for record in part.values()]


def test_no_row_contradicts_another_after_kill_9_in_the_middle_of_everything(folder: Path) -> None:
    process = Process(folder)
    try:
        owner = Browser(process.url, token=process.token)
        project = owner.project(tasks=texts(40), maximum_annotations=2)
        people = [Browser(process.url) for _ in range(PEOPLE)]
        for n, person in enumerate(people):
            person.join(project.invite, f"Person {n}")
        reviewer = Browser(process.url)
        link = owner.call("POST", f"/api/projects/{project.id}/invites", {"role": "reviewer"}, status=201)
        reviewer.join(link["token"], "Rita")
        crowd = Crowd(process, project, people, reviewer, owner)
        for turn in range(KILLS):
            crowd.until_killed(100 * turn)
            with at_rest(folder, project.id) as left:
                assert invariants.check(left, project.id) == []
            if turn < KILLS - 1:
                crowd.come_back()
        assert sum(crowd.answers.values()) > BETWEEN * KILLS * 0.9
        assert {"submit", "skip", "postpone", "discard", "relist", "import"} <= crowd.answers.keys(), crowd.answers
    finally:
        process.kill()
