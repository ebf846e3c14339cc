"""The Jobs port on one SQLite table, with a few threads for each lane.

A job's attempt is counted before its handler runs, so that a job that takes the process down with it ends in the dead
letters too instead of doing so for ever.
"""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib import logs
from chalicelib.storage.embedded.database import Database
from chalicelib.storage.ports import Job, StorageError

SCHEMA = """
CREATE TABLE IF NOT EXISTS jobs (
  id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, body TEXT NOT NULL, attempt INTEGER NOT NULL DEFAULT 0,
  due_at REAL NOT NULL, dead INTEGER NOT NULL DEFAULT 0, error TEXT NOT NULL DEFAULT ''
);
CREATE INDEX IF NOT EXISTS jobs_due ON jobs (dead, due_at);
"""

MAX_ATTEMPTS = 6
FIRST_BACK_OFF_S = 2
LONGEST_BACK_OFF_S = 600
LONGEST_WAIT_S = 60.0
CLOSE_WAIT_S = 20.0
WORKERS = {"hooks": 4}
"""Threads of a lane; others have one. Webhooks wait for receivers, so several wait at once."""

MOST_WORKERS = max(WORKERS.values())

log = logging.getLogger("labelkite.jobs")


@dataclass(frozen=True, slots=True)
class DeadJob:
    job: Job
    error: str


class _Lane:
    """Kinds that share workers."""

    def __init__(self) -> None:
        self.kinds: tuple[str, ...] = ()
        self.running: set[int] = set()
        self.rings = 0
        """Counts every reason to look, so that no worker misses one that came while it looked."""


class EmbeddedJobs:
    """Jobs on SQLite: they survive a restart, are tried MAX_ATTEMPTS times, and wait only for others of their lane."""

    def __init__(self, database: Database, clock: Callable[[], float]) -> None:
        self._database = database
        self._clock = clock
        self._handlers: dict[str, Callable[[Job], None]] = {}
        self._lanes: dict[str, _Lane] = {}
        self._bell = threading.Condition()
        self._stopping = False
        self._threads: list[threading.Thread] = []

    def enqueue(self, kind: str, body: Mapping[str, Any], *, delay_s: int = 0) -> str:
        row = (kind, json.dumps(body, separators=(",", ":"), allow_nan=False), self._clock() + delay_s)
        insert = "INSERT INTO jobs (kind, body, due_at) VALUES (?, ?, ?)"
        number = self._database.write(lambda connection: connection.execute(insert, row).lastrowid)
        self.wake()
        return str(number)

    def handle(self, kind: str, handler: Callable[[Job], None], *, lane: str = "main") -> None:
        with self._bell:
            known = kind in self._handlers
            self._handlers[kind] = handler
            if not known and not self._stopping:
                self._open_lane(lane).kinds += (kind,)
        self.wake()

    def _open_lane(self, name: str) -> _Lane:
        if name not in self._lanes:
            lane = self._lanes[name] = _Lane()
            for n in range(WORKERS.get(name, 1)):
                thread = threading.Thread(target=self._work, args=[lane], name=f"labelkite-{name}-{n}", daemon=True)
                self._threads.append(thread)
                thread.start()
        return self._lanes[name]

    def wake(self) -> None:
        """Look for due jobs now."""
        with self._bell:
            for lane in self._lanes.values():
                lane.rings += 1
            self._bell.notify_all()

    def dead(self) -> tuple[DeadJob, ...]:
        """Jobs that failed for good, oldest first, at most 1,000."""
        with self._database.reader() as connection:
            rows = connection.execute(
                "SELECT id, kind, body, attempt, error FROM jobs WHERE dead = 1 ORDER BY id LIMIT 1000"
            ).fetchall()
        return tuple(
            DeadJob(Job(str(number), kind, json.loads(body), attempt), error)
            for number, kind, body, attempt, error in rows
        )

    def counts(self) -> dict[str, int]:
        """`waiting`: those in the queue, running ones included; `dead`: those that failed for good."""
        with self._database.reader() as connection:
            found = dict(connection.execute("SELECT dead, count(*) FROM jobs GROUP BY dead").fetchall())
        return {"waiting": found.get(0, 0), "dead": found.get(1, 0)}

    def revive(self, job_id: str) -> None:
        """Give a dead job its attempts back."""
        row = (self._clock(), int(job_id))
        self._database.write(
            lambda connection: connection.execute(
                "UPDATE jobs SET dead = 0, attempt = 0, due_at = ? WHERE id = ? AND dead = 1", row
            )
        )
        self.wake()

    def close(self) -> None:
        """Let the running jobs end (up to CLOSE_WAIT_S; else they are run again after the next start)."""
        with self._bell:
            self._stopping = True
            self._bell.notify_all()
        until = time.monotonic() + CLOSE_WAIT_S
        for thread in self._threads:
            if thread is not threading.current_thread():
                thread.join(max(0.0, until - time.monotonic()))

    @property
    def stopping(self) -> bool:
        """Handlers that could go on for long leave the rest to the next run."""
        return self._stopping

    def _work(self, lane: _Lane) -> None:
        while True:
            with self._bell:
                seen, kinds = lane.rings, lane.kinds
            try:
                job = self._claim(lane, kinds)
                if job is not None:
                    try:
                        self._run(job)
                    finally:
                        with self._bell:
                            lane.running.discard(int(job.id))
                    continue
                wait_s = self._until_next(lane, kinds)
            except StorageError as error:  # the disk is full, say: the job stays and is tried again
                if not self._stopping:
                    log.error("jobs wait: %s", error)
                wait_s = LONGEST_WAIT_S
            with self._bell:
                self._bell.wait_for(lambda: lane.rings != seen or self._stopping, wait_s)  # noqa: B023
                if self._stopping:
                    return

    def _claim(self, lane: _Lane, kinds: tuple[str, ...]) -> Job | None:
        """The oldest due job that no other worker of the lane has."""
        with self._bell:
            if self._stopping:
                return None
        select = (
            "SELECT id, kind, body, attempt FROM jobs "
            f"WHERE dead = 0 AND due_at <= ? AND kind IN ({_marks(kinds)}) ORDER BY due_at, id LIMIT {MOST_WORKERS + 1}"
        )
        with self._database.reader() as connection:  # an idle store writes nothing
            due = connection.execute(select, (self._clock(), *kinds)).fetchall()
        with self._bell:
            row = next((row for row in due if row[0] not in lane.running), None)
            if row is None:
                return None
            number, kind, body, attempt = row
            lane.running.add(number)
        count = "UPDATE jobs SET attempt = attempt + 1 WHERE id = ? AND attempt = ? AND dead = 0 AND due_at <= ?"
        values = (number, attempt, self._clock())
        counted = 0
        try:
            counted = self._database.write(lambda connection: connection.execute(count, values).rowcount)
        finally:
            if not counted:
                with self._bell:
                    lane.running.discard(number)
        # Not counted: another worker was done with it between the two looks.
        return Job(str(number), kind, json.loads(body), attempt + 1) if counted else self._claim(lane, kinds)

    def _run(self, job: Job) -> None:
        number = int(job.id)
        try:
            if job.attempt > MAX_ATTEMPTS:
                raise RuntimeError("the process ended while the job ran, every time")
            with logs.job(job.id, job.kind, job.attempt):
                self._handlers[job.kind](job)
        except Exception as error:
            dead = job.attempt >= MAX_ATTEMPTS
            back_off_s = min(FIRST_BACK_OFF_S * 2 ** (job.attempt - 1), LONGEST_BACK_OFF_S)
            log.warning("job %s (%s) failed at attempt %d", job.id, job.kind, job.attempt, exc_info=True)
            row = (self._clock() + back_off_s, dead, f"{type(error).__name__}: {error}", number)
            self._database.write(
                lambda connection: connection.execute(
                    "UPDATE jobs SET due_at = ?, dead = ?, error = ? WHERE id = ?", row
                )
            )
        else:
            self._database.write(lambda connection: connection.execute("DELETE FROM jobs WHERE id = ?", (number,)))

    def _until_next(self, lane: _Lane, kinds: tuple[str, ...]) -> float:
        with self._bell:
            running = tuple(lane.running)
        with self._database.reader() as connection:
            (due_at,) = connection.execute(
                f"SELECT min(due_at) FROM jobs WHERE dead = 0 AND kind IN ({_marks(kinds)}) "
                f"AND id NOT IN ({_marks(running)})",
                (*kinds, *running),
            ).fetchone()
        return LONGEST_WAIT_S if due_at is None else max(0.01, min(due_at - self._clock(), LONGEST_WAIT_S))


def _marks(values: tuple[object, ...]) -> str:
    return ",".join("?" * len(values))
