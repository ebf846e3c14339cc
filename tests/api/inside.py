"""
The handlers without a host: a world with a clock that tests move, and people as Callers.

The world is on the embedded store in a folder, or on AWS while `on_aws` says so: rules must not tell them apart.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from chalicelib import jobs, keys, models, world
from chalicelib.auth import Caller
from chalicelib.handlers import imports, projects, sessions, submissions, work
from chalicelib.handlers import invites as invite_handlers
from chalicelib.problems import Refusal
from chalicelib.storage.aws import open_aws
from chalicelib.storage.embedded import open_embedded
from chalicelib.world import World

from tests.api.people import CHOICES, mood
from tests.api.waiting import until
from tests.aws import Ministack

DAY_S = 24 * 3600


@dataclass
class Clock:
    now: float = 1_790_000_000.0

    def __call__(self) -> float:
        return self.now

    @property
    def day(self) -> str:
        """Such as 2026-09-21."""
        return datetime.fromtimestamp(self.now, UTC).date().isoformat()


@dataclass
class Inside:
    world: World
    clock: Clock
    owner: Caller = field(default_factory=lambda: Caller(1_000_001, "Olga", "owner"))

    def size(self, many: int, few: int) -> int:
        """`few` on AWS, whose stand-in takes 5 to 15 ms for each request where the embedded store takes 0.1."""
        return many if _aws is None else few

    def project(self, tasks: int, **settings: Any) -> int:
        body = models.read("NewProject", {"title": "Moods", "label_config": CHOICES, **settings})
        id_ = int(projects.create(self.world, self.owner, body)["id"])
        lines = "\n".join(f"Text number {n}" for n in range(1, tasks + 1))
        if tasks:
            imports.load(self.world, self.owner, id_, lines.encode(), "text/plain")
        return id_

    def person(self, project: int, name: str = "Ana") -> Caller:
        token = invite_handlers.make(self.world, role="annotator", project_id=project, days=30, created_by=0)
        said = sessions.join(
            self.world, Caller(), models.read("Join", {"invite": token.text, "name": name}), secure=False
        )
        return Caller(said.body["person"]["id"], name, "annotator")

    def next(self, person: Caller, project: int, *exclude: int) -> Any:
        """The envelope of the next task, None when nothing is left."""
        try:
            return work.next_task(self.world, person, project, frozenset(exclude))
        except Refusal as refusal:
            if refusal.problems[0]["code"] != "no-task":
                raise
            return None

    def submit(self, person: Caller, envelope: Any, choice: str = "Calm", key: str = "", **more: Any) -> Any:
        body = {"result": mood(choice), "lease": envelope["lease"]["token"], "lead_time": 1, **more}
        return submissions.submit(self.world, person, envelope["task"]["id"], body, key)

    def progress(self, project: int) -> dict[str, int]:
        return projects.progress(self.world, project)

    def finish_jobs(self, project: int) -> None:
        """Until every job of the project has ended; fails with the one that does not."""

        def busy() -> list[Any]:
            return [body for body in self._jobs(project) if body["state"] not in jobs.FINAL]

        until(lambda: not busy(), told=busy)

    def _jobs(self, project: int) -> list[Any]:
        listed = self.world.records.query(f"JOBS#{project}").records
        found = self.world.records.get_many([keys.job(row.body["job"]) for row in listed])
        return [record.body for record in found.values()]


_aws: Ministack | None = None
_resources: dict[tuple[Ministack, Path], dict[str, Any]] = {}
"""What was made there instead of a folder: who opens the folder again finds it again."""


@contextmanager
def on_aws(aws: Ministack) -> Iterator[None]:
    """`opened` uses a table, a bucket and queues of their own there for each folder."""
    global _aws
    _aws = aws
    try:
        yield
    finally:
        _aws = None


@contextmanager
def opened(folder: Path) -> Iterator[Inside]:
    clock = Clock()
    if _aws is not None:  # it forgets what should be gone by its own clock: the same time of day, but not in the past
        clock.now += max(0, math.ceil((time.time() - clock.now) / DAY_S)) * DAY_S
    if _aws is None:
        store = open_embedded(folder, public_url="http://127.0.0.1", clock=clock)
        try:
            yield Inside(world.use(World(store.objects, store.records, store.jobs, store.secret, clock)), clock)
        finally:
            store.close()
        return
    made = _resources.get((_aws, folder)) or _aws.resources(f"inside-{len(_resources) + 1}")
    _resources[_aws, folder] = made
    there = open_aws(**made, clients=_aws.shared, public_url="http://127.0.0.1", clock=clock, work=True)
    try:
        yield Inside(world.use(World(there.objects, there.records, there.jobs, there.secret, clock)), clock)
    finally:
        there.jobs.close()
