"""The Jobs port on one SQLite table and one thread.

A job's attempt is counted before its handler runs, so that a job that takes the process down with it ends in the dead
letters too instead of doing so for ever.
"""

from __future__ import annotations

import json
import logging
import sqlite3
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

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

log = logging.getLogger("labelkite.jobs")


@dataclass(frozen=True, slots=True)
class DeadJob:
    job: Job
    error: str


class EmbeddedJobs:
    """Jobs on SQLite: they survive a restart, run one after the other, and are tried MAX_ATTEMPTS times."""

    def __init__(self, database: Database, clock: Callable[[], float]) -> None:
        self._database = database
        self._clock = clock
        self._handlers: dict[str, Callable[[Job], None]] = {}
        self._bell = threading.Condition()
        self._rung = False
        self._stopping = False
        self._thread: threading.Thread | None = None

    def enqueue(self, kind: str, body: Mapping[str, Any], *, delay_s: int = 0) -> str:
        row = (kind, json.dumps(body, separators=(",", ":"), allow_nan=False), self._clock() + delay_s)
        insert = "INSERT INTO jobs (kind, body, due_at) VALUES (?, ?, ?)"
        number = self._database.write(lambda connection: connection.execute(insert, row).lastrowid)
        self.wake()
        return str(number)

    def handle(self, kind: str, handler: Callable[[Job], None]) -> None:
        with self._bell:
            self._handlers[kind] = handler
            if self._thread is None and not self._stopping:
                self._thread = threading.Thread(target=self._work, name="labelkite-jobs", daemon=True)
                self._thread.start()
        self.wake()

    def wake(self) -> None:
        """Look for due jobs now."""
        with self._bell:
            self._rung = True
            self._bell.notify()

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
        """Let the running job end (up to CLOSE_WAIT_S; else it is run again after the next start)."""
        with self._bell:
            self._stopping = True
            self._bell.notify()
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join(CLOSE_WAIT_S)

    def _work(self) -> None:
        while True:
            with self._bell:
                self._rung = False
                kinds = tuple(self._handlers)
            try:
                job = self._claim(kinds)
                if job is not None:
                    self._run(job)
                    continue
                wait_s = self._until_next(kinds)
            except StorageError as error:  # the disk is full, say: the job stays and is tried again
                log.error("jobs wait: %s", error)
                wait_s = LONGEST_WAIT_S
            with self._bell:
                self._bell.wait_for(lambda: self._rung or self._stopping, wait_s)
                if self._stopping:
                    return

    def _claim(self, kinds: tuple[str, ...]) -> Job | None:
        select = (
            "SELECT id, kind, body, attempt FROM jobs "
            f"WHERE dead = 0 AND due_at <= ? AND kind IN ({_marks(kinds)}) ORDER BY due_at, id LIMIT 1"
        )

        def claim(connection: sqlite3.Connection) -> Job | None:
            row = connection.execute(select, (self._clock(), *kinds)).fetchone()
            if row is None:
                return None
            number, kind, body, attempt = row
            connection.execute("UPDATE jobs SET attempt = attempt + 1 WHERE id = ?", (number,))
            return Job(str(number), kind, json.loads(body), attempt + 1)

        with self._bell:
            if self._stopping:
                return None
        with self._database.reader() as connection:  # an idle store writes nothing
            if connection.execute(select, (self._clock(), *kinds)).fetchone() is None:
                return None
        return self._database.write(claim)

    def _run(self, job: Job) -> None:
        number = int(job.id)
        try:
            if job.attempt > MAX_ATTEMPTS:
                raise RuntimeError("the process ended while the job ran, every time")
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

    def _until_next(self, kinds: tuple[str, ...]) -> float:
        with self._database.reader() as connection:
            (due_at,) = connection.execute(
                f"SELECT min(due_at) FROM jobs WHERE dead = 0 AND kind IN ({_marks(kinds)})", kinds
            ).fetchone()
        return LONGEST_WAIT_S if due_at is None else max(0.01, min(due_at - self._clock(), LONGEST_WAIT_S))


def _marks(values: tuple[str, ...]) -> str:
    return ",".join("?" * len(values))
