"""Long work: a record that people can look at, cancel and resume, worked off in steps.

Each message of the queue runs steps for BUDGET_S at most and sends the next one. A step writes what it did together
with the job's record, on the version that was read: what a step has done is never done again, two runs of one job
cannot both go on, and a cancelled job stops at its next step. A process that ends in the middle loses one step.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from chalicelib import keys
from chalicelib.keys import Key
from chalicelib.problems import Problem, Refusal, problem
from chalicelib.storage.ports import Conflict, Job, Operation, Put, Record
from chalicelib.times import iso
from chalicelib.world import World

LOG = logging.getLogger("labelkite.jobs")
BUDGET_S = 5.0
ATTEMPTS = 4
"""Of one message. Then the job has failed and waits for somebody to resume it."""
MAX_PROBLEMS = 100
FINAL: Final = ("done", "failed", "cancelled")
BEGUN_AFTER_S = 10
"""A job is asked for before its rows are written, so that no crash leaves work undone; this is time to write them."""

Body = dict[str, Any]


class Stopped(Exception):
    """The job was cancelled, or another run of it goes on."""


@dataclass(slots=True)
class Work:
    """A job while one of its messages runs."""

    world: World
    version: int
    body: Body

    @property
    def id(self) -> int:
        id_: int = self.body["id"]
        return id_

    @property
    def project(self) -> int:
        project: int = self.body["project"]
        return project

    @property
    def asked(self) -> Mapping[str, Any]:
        """What the job was begun with."""
        asked: Mapping[str, Any] = self.body["asked"]
        return asked

    @property
    def cursor(self) -> Body:
        """Where the work is; empty at the start."""
        return dict(self.body["cursor"])

    def save(
        self,
        cursor: Mapping[str, Any],
        operations: Sequence[Operation] = (),
        *,
        done: int | None = None,
        total: int | None = None,
        result: Mapping[str, Any] | None = None,
        problems: Sequence[Problem] = (),
        state: str = "running",
    ) -> None:
        """
        Write how far the work is, in one transaction with `operations` (at most 24).

        Raises:
            Stopped
            Conflict: of an operation.
        """
        progress = dict(self.body["progress"])
        progress |= {name: n for name, n in (("done", done), ("total", total)) if n is not None}
        body = {
            **self.body,
            "cursor": dict(cursor),
            "progress": progress,
            "result": {**(self.body["result"] or {}), **result} if result is not None else self.body["result"],
            "state": state,
        }
        if problems:
            body["problems"] = [*self.body["problems"], *problems][:MAX_PROBLEMS]
            body["problem_count"] = self.body["problem_count"] + len(problems)
        if state in FINAL:
            body["finished_at"] = iso(self.world.clock())
        key = keys.job(self.id)
        try:
            versions = self.world.records.transact([Put(*key, body, expect=self.version), *operations])
        except Conflict as conflict:
            if (conflict.pk, conflict.sk) == key:
                raise Stopped from None
            raise
        self.version, self.body = versions[0], body


Step = Callable[[Work], bool]
"""Does a part of the work, of a second or two at most, and saves it; whether that was the last one."""


class Steps:
    """The steps of every kind of job, registered once."""

    def __init__(self) -> None:
        self._of: dict[str, Step] = {}

    def add(self, kind: str, step: Step) -> None:
        self._of[kind] = step

    def __getitem__(self, kind: str) -> Step:
        return self._of[kind]


STEPS: Final = Steps()


def start(
    world: World,
    kind: str,
    project_id: int,
    person: int,
    asked: Mapping[str, Any] | None = None,
    *,
    unit: str = "tasks",
    total: int | None = None,
) -> Body:
    """Make a job and set it going; its record's body."""
    body, rows = prepared(world, kind, project_id, person, asked, unit=unit, total=total)
    world.records.transact(rows)
    go(world, body)
    return body


def go(world: World, body: Body) -> None:
    """Run a prepared job now that its rows are there."""
    world.jobs.enqueue("work", {"job": body["id"]})


def prepared(
    world: World,
    kind: str,
    project_id: int,
    person: int,
    asked: Mapping[str, Any] | None = None,
    *,
    unit: str = "tasks",
    total: int | None = None,
) -> tuple[Body, list[Operation]]:
    """
    A job for the transaction of the change that needs it, which may not be there without it: its record's body, and its
    two rows. After the transaction call `go`; whoever dies between them has asked for it here already.
    """
    id_ = world.ids.one("job")
    world.jobs.enqueue("work", {"job": id_, "if_new": True}, delay_s=BEGUN_AFTER_S)
    body: Body = {
        "id": id_,
        "project": project_id,
        "kind": kind,
        "created_by": person,
        "state": "queued",
        "progress": {"done": 0, "total": total, "unit": unit},
        "asked": dict(asked or {}),
        "cursor": {},
        "result": None,
        "problems": [],
        "problem_count": 0,
        "created_at": iso(world.clock()),
        "started_at": None,
        "finished_at": None,
    }
    return body, [
        Put(*keys.job(id_), body, expect=0),
        Put(*keys.listed_job(project_id, id_), {"job": id_, "kind": kind}, expect=0),
    ]


def begun_once(
    world: World, kind: str, project_id: int, place: Key, record: Record | None, row: Body, **more: Any
) -> Body:
    """
    Begin a job of which a project has one at a time: `row`, with the job's id as `job`, takes the place of `record`.
    Gives that row, or that of somebody who began one at the same moment.

    `more`: as for `prepared`.
    """
    body, rows = prepared(world, kind, project_id, 0, **more)
    row = {**row, "job": body["id"]}
    try:
        world.records.transact([*rows, Put(*place, row, expect=record.version if record else 0)])
    except Conflict:
        found = world.records.get(*place)
        return dict(found.body) if found else row
    go(world, body)
    return row


def run(world: World, message: Job) -> None:
    """The handler of the queue's message `work`, body `{"job"}`."""
    record = world.records.get(*keys.job(message.body["job"]))
    if record is None or record.body["state"] in FINAL:
        return
    if message.body.get("if_new") and message.attempt == 1 and record.body["started_at"]:
        return
    work = Work(world, record.version, dict(record.body))
    try:
        if work.body["started_at"] is None:
            work.body["started_at"] = iso(world.clock())
        work.save(work.cursor)  # from here on no other run can save: what it had begun may be cleared away
        if _steps(work):
            work.save({}, done=_whole(work), state="done")
        else:
            world.jobs.enqueue("work", {"job": work.id})
    except Stopped:
        LOG.info("job %s stops: it was cancelled, or goes on elsewhere", work.id)
    except Refusal as refusal:
        _fail(work, refusal.problems)
    except Exception as error:
        if message.attempt < ATTEMPTS:
            raise
        LOG.warning("job %s has failed", work.id, exc_info=True)
        message_ = f"The work broke off: {type(error).__name__}."
        _fail(work, [problem("job-broke", message_, hint="Resume it; the server's log has the details.")])


def _steps(work: Work) -> bool:
    """Steps until the work is done (True) or the time is up."""
    step, until = STEPS[work.body["kind"]], time.monotonic() + BUDGET_S
    while True:
        if step(work):
            return True
        if time.monotonic() >= until:
            return False


def _whole(work: Work) -> int:
    progress = work.body["progress"]
    return int(progress["done"] if progress["total"] is None else progress["total"])


def _fail(work: Work, problems: Sequence[Problem]) -> None:
    record = work.world.records.get(*keys.job(work.id))
    if record is None or record.body["state"] in FINAL:
        return
    failed = Work(work.world, record.version, dict(record.body))
    try:
        failed.save(failed.cursor, problems=problems, state="failed")
    except Stopped:
        LOG.info("job %s was changed while it failed", work.id)


def cancel(world: World, id_: int) -> Body:
    """
    The job stops at its next step; what is done stays done.

    Raises:
        Conflict: never for long; a running job writes once in a while.
    """
    return _turn(world, id_, ("queued", "running"), "cancelled")


def resume(world: World, id_: int) -> Body:
    """A job that failed, was cancelled or got stuck goes on where it stopped."""
    body = _turn(world, id_, ("queued", "failed", "cancelled"), "queued")
    if body["state"] == "queued":
        world.jobs.enqueue("work", {"job": id_})
    return body


def _turn(world: World, id_: int, from_: tuple[str, ...], to: str) -> Body:
    for _ in range(50):
        record = world.records.get(*keys.job(id_))
        if record is None or record.body["state"] not in from_:
            return dict(record.body) if record else {}
        finished_at = iso(world.clock()) if to in FINAL else None
        body = {**record.body, "state": to, "finished_at": finished_at}
        try:
            world.records.transact([Put(*keys.job(id_), body, expect=record.version)])
        except Conflict:
            continue
        return body
    raise Conflict(*keys.job(id_), expected=0, found=0)


def register(world: World) -> None:
    world.jobs.handle("work", lambda job: run(world, job), lane="long")
