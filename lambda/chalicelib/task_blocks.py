"""Writing tasks of a job: a thousand at a time, outside a transaction, and made visible by one.

What nobody can reach yet (tasks, their annotations and predictions) is loaded first. One transaction then lists the
tasks, counts them and says how far the job is. At last the queue hears of them. A job that was cut off clears away what
it had loaded and not listed, and finishes telling the queue.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from chalicelib import keys, listing, orders, settings, webhooks
from chalicelib.auth import Caller
from chalicelib.configs import Config
from chalicelib.jobs import Stopped, Work
from chalicelib.problems import Problem, refuse
from chalicelib.purge import purge_task
from chalicelib.storage.ports import Add, Conflict, Operation, Put, Record
from chalicelib.task_writer import Once, PendingTask, TaskWriter
from chalicelib.tasks import State
from chalicelib.world import World

BLOCK = 1000
PER_CHUNK = 60
"""Ids in one row of the list of tasks; BLOCK of them fit into one transaction with what belongs to it."""
TRIES = 64
HIDDEN = ("TASK#", "ANNOTATION#", "PREDICTION#")
"""Partitions whose rows nobody sees without the list."""


class BlockWriter(TaskWriter):
    """Checks and writes tasks for a job."""

    def __init__(
        self, world: World, person: int, project: Mapping[str, Any], config: Config, *, ground_truth: bool = False
    ) -> None:
        self.ordered = self.by_field = False
        super().__init__(world, Caller(person), project, config, Once(world, Caller(person), "", ""), ground_truth)

    def check(self, given: dict[str, Any], where: str) -> list[Problem]:
        return self._check(given, where)

    def write(
        self,
        work: Work,
        tasks: Sequence[Mapping[str, Any]],
        cursor: Mapping[str, Any],
        operations: Sequence[Operation] = (),
        *,
        done: int | None = None,
        problems: Sequence[Problem] = (),
        count: Mapping[str, int] | None = None,
        ids: range | None = None,
        also: Callable[[range], list[Put]] | None = None,
    ) -> range:
        """
        Write at most BLOCK tasks; afterwards the job is at `cursor`.

        Args:
            operations: at most 2 more for the same transaction.
            count: further numbers for the job's result.
            ids: of the tasks, when the caller has taken them already.
            also: further rows, by the ids of the tasks; written once the tasks are, also when that is cut off.
        Returns:
            The ids of the tasks, in order.
        """
        world, project_id = self.world, self.project["id"]
        if ids is None:
            ids = world.ids.several("task", len(tasks)) if tasks else range(0)
        if tasks:
            work.save({**work.cursor, "listing": False, "loading": [ids[0], ids[-1]]})
        for _ in range(TRIES):
            found = world.records.get_many([keys.serial(project_id), keys.project(project_id)])
            serial, project = found.get(keys.serial(project_id)), found.get(keys.project(project_id))
            if serial is None or project is None:
                raise refuse(404, "no-project", "The project was deleted meanwhile.")
            self.project = project.body  # a change of the order writes the serial too, so it cannot slip in between
            queue = settings.of(self.project, "queue")
            self.ordered, self.by_field = queue["order"] != "imported", queue["assign"] == "field"
            counts: dict[str, int] = {}
            hidden: list[Put] = []
            listed: list[Put] = []
            first = serial.body["inner"] + 1
            for inner, (id_, given) in enumerate(zip(ids, tasks, strict=True), first):
                if not given.get("annotations") and not given.get("predictions") and not given.get("drafts"):
                    self._plain(id_, inner, given, hidden, listed)
                    counts["new"] = counts.get("new", 0) + 1
                    continue
                for row in self._rows(id_, inner, PendingTask(dict(given)), counts):
                    if isinstance(row, Put):  # a new task has nothing to delete
                        (hidden if row.pk.startswith(HIDDEN) else listed).append(row)
            for tasks_first in (True, False):  # who clears them away finds the others by them
                world.records.load([row for row in hidden if row.pk.startswith("TASK#") is tasks_first])
            listed += also(ids) if also is not None else []
            result = self._result(work, len(tasks), counts, hidden, count or {})
            then = {**cursor, "loading": None, "listing": bool(tasks)}
            more = list(operations)
            if tasks:
                more += self._listing(work, ids, serial, counts, listed)
            try:
                work.save(then, more, done=done, problems=problems, result=result)
                break
            except Stopped:
                for id_ in ids:
                    purge_task(world, id_)
                raise
            except Conflict as conflict:
                if conflict.sk != "SERIAL":
                    raise
        else:
            raise refuse(503, "busy", "Too many imports run in this project.", hint="Resume it in a minute.")
        world.records.load(listed)
        webhooks.after(world, self.project)
        return ids

    def _plain(self, id_: int, inner: int, given: Mapping[str, Any], hidden: list[Put], listed: list[Put]) -> None:
        """The two rows of a task that nobody has worked on yet, which is nearly all that files hold."""
        position = orders.position(self.project, id_, inner, orders.ranks_of(given)) if self.ordered else ""
        lane = orders.lane(self.project, given["data"]) if self.by_field else orders.ANYONE
        state = State(id_, self.project["id"], inner, lane=lane, position=position)
        hidden.append(Put(*keys.task(id_), self._task(state, PendingTask(dict(given)), [])))
        listed.append(Put(*keys.open_task(self.project["id"], inner, lane, position), listing.open_body(id_, inner)))

    def _listing(
        self, work: Work, ids: range, serial: Record, counts: Mapping[str, int], listed: Sequence[Put]
    ) -> list[Operation]:
        project_id, first = self.project["id"], serial.body["inner"] + 1
        last = first + len(ids) - 1
        annotations = counts.get("annotations", 0) + counts.get("skipped", 0)
        operations: list[Operation] = [
            Put(*keys.serial(project_id), {**serial.body, "inner": last}, expect=serial.version),
            Add(*keys.counts(project_id, ids[0]), counts),
            Put(*keys.job_listing(work.id), {"rows": [[row.pk, row.sk, dict(row.body)] for row in listed]}),
            *webhooks.operations(self.world, self.project, webhooks.imported(ids, annotations)),
        ]
        for start in range(0, len(ids), PER_CHUNK):
            part = ids[start : start + PER_CHUNK]
            chunk = keys.chunk(project_id, first + start + len(part) - 1)
            operations.append(Put(*chunk, {"tasks": list(part)}, expect=0))
        return operations

    def _result(
        self, work: Work, tasks: int, counts: Mapping[str, int], hidden: Sequence[Put], more: Mapping[str, int]
    ) -> dict[str, int]:
        was = work.body["result"] or {}
        found = {
            "task_count": tasks,
            "annotation_count": counts.get("annotations", 0) + counts.get("skipped", 0),
            "prediction_count": sum(row.sk.startswith("PREDICTION#") for row in hidden),
            **more,
        }
        return {name: was.get(name, 0) + n for name, n in found.items()}


def recover(work: Work) -> None:
    """Clear away or finish what a run that was cut off has begun. To be called before the first block of a run."""
    cursor = work.cursor
    if cursor.get("loading"):
        first, last = cursor["loading"]
        for id_ in range(first, last + 1):
            purge_task(work.world, id_)
        work.save({**cursor, "loading": None})
    elif cursor.get("listing"):
        record = work.world.records.get(*keys.job_listing(work.id))
        if record is not None:
            _list_again(work.world, work.project, [Put(pk, sk, body) for pk, sk, body in record.body["rows"]])
        work.save({**cursor, "listing": False})


def _list_again(world: World, project_id: int, rows: Sequence[Put]) -> None:
    """Rows of the queue's and table's indexes, as far as nobody has worked on their tasks meanwhile."""
    for start in range(0, len(rows), 100):
        part = rows[start : start + 100]
        states = world.records.get_many([keys.state(row.body["task"]) for row in part if "task" in row.body])
        kept = [row for row in part if "task" not in row.body]
        for row in part:
            if "task" not in row.body:
                continue
            state = states.get(keys.state(row.body["task"]))
            if row.pk.startswith(f"TASKS#{project_id}#"):
                fits = state is not None and row.pk.endswith(f"#{state.body['name']}")
            else:
                fits = state is None or state.body["listed_open"]
            if fits:
                kept.append(row)
        world.records.load(kept)
