"""Load on a real deployment on the emulator, and what an account on AWS would be limited by.

Deploys the template and the zip, imports tasks, and lets people work as the labeling page does (the calls of a page in
Chromium with ten seconds a task: what it asks at opening, then draft, submit and next for each task), and an owner look
on. Every request of the functions to DynamoDB, S3 and SQS goes through a proxy that counts it (aws_wire). First one
call after the other, so that each has its units; then many at once, so that conflicts and hot keys show. Times of the
emulator mean nothing for AWS: the time of a function is worked out from its processor time and its requests.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from bench import aws_limits, machine
from bench.aws_wire import Wire
from labelkite import locations
from tests.api.people import CHOICES, Browser, mood
from tests.aws import Ministack

LOT = 500
"""Tasks in one request of an import."""


@dataclass
class Seen:
    """What the driver saw of each kind of call."""

    cpu_ms: Counter[str] = field(default_factory=Counter)
    """Processor time of the functions by call, summed; only where one call follows the other."""
    biggest: dict[str, int] = field(default_factory=dict)
    """Bytes of the longest answer."""
    statuses: Counter[str] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)


def cpu_ms(parent: int) -> float:
    """Processor milliseconds that the children of a process have used so far, those that live."""
    total = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            if int(stat.read_text().rpartition(")")[2].split()[1]) == parent:
                total += sum(int(one.read_text().split()[0]) for one in stat.parent.glob("task/*/schedstat"))
    return total / 1e6


class Person:
    """One page: its cookie, its calls, each under its label."""

    def __init__(self, url: str, wire: Wire, seen: Seen, *, workers: int = 0) -> None:
        """`workers`: the process whose children run the functions, when one call follows the other."""
        self.http = Browser(url).http
        self._wire, self._seen, self._workers = wire, seen, workers
        self.project = 0
        self.ahead: list[Any] = []
        self.sent = 0

    def call(self, label: str, method: str, path: str, body: Any = None, **headers: str) -> Any:
        wire, seen = self._wire, self._seen
        before = 0.0
        if self._workers:
            wire.meter.label, before = label, cpu_ms(self._workers)
        got = self.http.request(method, path, json=body, headers={k.replace("_", "-"): v for k, v in headers.items()})
        with seen.lock:
            if self._workers:
                seen.cpu_ms[label] += cpu_ms(self._workers) - before
                wire.meter[label].calls += 1
            seen.biggest[label] = max(seen.biggest.get(label, 0), len(got.content))
            seen.statuses[f"{label} {got.status_code}"] += 1
        if got.status_code >= 400:
            raise RuntimeError(f"{method} {path}: {got.status_code} {got.text[:500]}")
        return got.json() if got.content and "json" in got.headers.get("content-type", "") else got.content

    def open(self, invite: str, name: str) -> None:
        """As a page is opened by its link; leaves three tasks in hand, as it does."""
        self.call("preview", "POST", "/api/invites/preview", {"invite": invite})
        said = self.call("join", "POST", "/api/session", {"invite": invite, "name": name, "email": ""})
        self.project = said["project"] if isinstance(said.get("project"), int) else self.project
        work = self.call("work", "GET", f"/api/projects/{self.project}/work")
        self.call("settings", "GET", "/api/me/settings")
        self.call("me", "GET", f"/api/projects/{self.project}/me")
        self.ahead = [work["next"]] if work["next"] else []
        for _ in range(2):
            self.next()

    def next(self) -> None:
        held = ",".join(str(one["task"]["id"]) for one in self.ahead)
        found = self.call("next", "GET", f"/api/projects/{self.project}/next?or_null=1&exclude={held}")
        if found:
            self.ahead.append(found)

    def label(self, choice: str) -> bool:
        """One task: its draft, its answer, and one more fetched ahead. False: there was none."""
        if not self.ahead:
            return False
        given = self.ahead.pop(0)
        task, lease = given["task"]["id"], given["lease"]["token"]
        for media in given.get("media") or []:
            httpx.get(media["url"])
        body = {"result": mood(choice), "lease": lease, "lead_time": 6.0}
        self.call("draft", "PUT", f"/api/tasks/{task}/draft", body)
        key = f"{id(self)}-{task}"
        self.call("submit", "POST", f"/api/tasks/{task}/annotations", body, Idempotency_Key=key)
        self.sent += 1
        self.next()
        return True


@contextmanager
def deployment() -> Iterator[tuple[Any, Wire]]:
    """A deployment by the command, whose functions ask through the wire."""
    locations.use_lambda()
    with tempfile.TemporaryDirectory() as folder:
        aws = Ministack(Path(folder), whole=True)
        with Wire(aws.url) as wire:
            aws.functions_at = wire.url
            with aws:
                os.environ.update(aws.environment())
                from tests.deploy.running import start

                running = start(aws)
                try:
                    said = running.deploy()
                    if said.code:
                        raise RuntimeError(said.out + said.err)
                    yield running, wire
                finally:
                    running.server.stop()


def perform(running: Any, wire: Wire, tasks: int, alone: int, people: int, each: int) -> aws_limits.Measured:
    """The whole play; what was measured."""
    seen, load = Seen(), Seen()
    workers = running.aws.pid
    owner = Person(running.url, wire, seen, workers=workers)
    owner.call("owner joins", "POST", "/api/session",
               {"invite": running.owner_link.partition("#")[2], "name": "Olga"})  # fmt: skip
    wire.api_key = max((key for key in wire.keys if key), key=lambda key: wire.keys[key])
    for _ in range(20):
        owner.call("health", "GET", "/api/health")
    made = owner.call("project", "POST", "/api/projects",
                      {"title": "Moods", "label_config": CHOICES, "maximum_annotations": 2})  # fmt: skip
    project = made["id"]
    begun = time.monotonic()
    for first in range(0, tasks, LOT):
        rows = [{"data": {"text": f"Text number {n}. " + "It was a bright cold day in April. " * 12}}
                for n in range(first, min(tasks, first + LOT))]  # fmt: skip
        owner.call("import", "POST", f"/api/projects/{project}/import", rows)
    print(f"{tasks:,} tasks imported in {time.monotonic() - begun:.0f} s", file=sys.stderr, flush=True)
    wire.meter["import"].calls = tasks
    invite = owner.call("invite", "POST", f"/api/projects/{project}/invites", {})["token"]

    def opened(count: int, seen: Seen, *, lonely: bool, name: str) -> list[Person]:
        found = []
        for n in range(count):
            person = Person(running.url, wire, seen, workers=workers if lonely else 0)
            person.project = project
            person.open(invite, f"{name} {n}")
            found.append(person)
        return found

    for number, person in enumerate(opened(2, seen, lonely=True, name="Alone")):
        for turn in range(alone):
            person.label(("Calm", "Sad")[number and turn % 2])
    _owner(owner, project)
    wire.meter.label = "load opens"
    crowd = opened(people, load, lonely=False, name="Person")
    wire.meter.label = "load"
    begun = time.monotonic()
    faults = _together(crowd, each)
    seconds = time.monotonic() - begun
    if faults:
        raise faults[0]
    time.sleep(3)  # jobs that the answers have made
    wire.meter["load"].calls = sum(person.sent for person in crowd)
    progress = owner.call("progress", "GET", f"/api/projects/{project}")["progress"]
    return aws_limits.Measured(
        meter=wire.meter,
        cpu_ms={label: total / wire.meter[label].calls for label, total in seen.cpu_ms.items()},
        biggest_answer=max((size, label) for label, size in {**seen.biggest, **load.biggest}.items()),
        biggest_item=wire.biggest,
        prefixes=wire.prefixes,
        failed=wire.failed,
        people=people,
        annotations=wire.meter["load"].calls,
        opened=2 + people,
        seconds=seconds,
        statuses=load.statuses,
        progress=progress,
    )


def _owner(owner: Person, project: int) -> None:
    """An owner's page, Explore, a review, an export."""
    path = f"/api/projects/{project}"
    owner.call("project page", "GET", path)
    owner.call("project page", "GET", f"{path}/tasks?page=1&page_size=50")
    owner.call("Explore, index asked for", "GET", f"{path}/table")
    owner.call("Explore, changes", "GET", f"{path}/table/changes?after=0")
    found = owner.call("review, next", "GET", f"{path}/reviews/next?or_null=1")
    if found:
        body = {"action": "accept", "annotation": found["annotations"][0]["id"], "version": found["version"]}
        owner.call("review, accept", "POST", f"/api/tasks/{found['task']['id']}/review", body)
    job = owner.call("export", "POST", f"{path}/export/jobs", {"format": "JSON", "download_all_tasks": True})
    for _ in range(600):
        told = owner.call("export, asked", "GET", f"/api/jobs/{job['id']}")
        if told["state"] in ("done", "failed", "finished", "cancelled"):
            break
        time.sleep(0.2)
    else:
        raise RuntimeError(f"the export does not end: {told}")
    owner.call("Explore, index", "GET", f"{path}/table")


def _together(crowd: list[Person], each: int) -> list[BaseException]:
    faults: list[BaseException] = []

    def work(number: int, person: Person) -> None:
        try:
            for turn in range(each):
                if not person.label(("Calm", "Sad")[(number + turn) % 2]):
                    return
        except BaseException as fault:
            faults.append(fault)

    threads = [threading.Thread(target=work, args=one) for one in enumerate(crowd)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return faults


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench aws-load", description=__doc__)
    parser.add_argument("--tasks", type=int, default=5000)
    parser.add_argument("--alone", type=int, default=15, help="annotations of each of two people, one after the other")
    parser.add_argument("--people", type=int, default=10, help="who work at once, without a break")
    parser.add_argument("--each", type=int, default=20, help="annotations of each of them")
    parser.add_argument("--pace", type=float, default=10, help="seconds a task that the limits are worked out for")
    options = parser.parse_args()
    machine.say_header()
    with deployment() as (running, wire):
        measured = perform(running, wire, options.tasks, options.alone, options.people, options.each)
    text = aws_limits.report(measured, options.pace)
    print(text, flush=True)
    machine.keep("aws-load", f"{machine.header()}\n\n{text}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
