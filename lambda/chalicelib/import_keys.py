"""Tasks found by the value of a field of their data, so that an import knows what is there already.

The rows that find them are made when an import asks for a field the first time, and from then on as far as tasks have
come since: whatever made a task, an import or a sync, need not know of them. Each is checked when it is found, as its
task may be gone or have other data by now. Data that was changed by hand to another value is not found by it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from chalicelib import keys, table_changes
from chalicelib.configs import Config
from chalicelib.import_options import Wish
from chalicelib.import_rows import Check, Task
from chalicelib.problems import Problem, problem
from chalicelib.storage.ports import ABSENT, Conflict, Put, Record
from chalicelib.tasks import read_state
from chalicelib.times import iso
from chalicelib.world import World

GET = 100
CHUNKS = 100
LONGEST = 1000


def value_of(data: Mapping[str, Any], name: str) -> str | None:
    """The text of a task's key: texts and whole numbers alike, as tables know only texts; None if it has none."""
    value = data.get(name)
    if isinstance(value, str):
        return value.strip()[:LONGEST] or None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return str(int(value)) if value == int(value) else repr(value)


def catch_up(world: World, project_id: int, name: str, most: int | None = None) -> bool:
    """
    Make all tasks of a project findable by a field; whether that is done, or `most` tasks were too few.

    Safe to be cut off: it goes on from there.
    """
    place = keys.keyed_to(project_id, _digest(name))
    record = world.records.get(*place)
    to: int = record.body["to"] if record is not None else 0
    version = record.version if record is not None else ABSENT
    done = 0
    while True:
        page = world.records.query(f"TASKS#{project_id}", after=keys.number(to), limit=CHUNKS)
        ids = [id_ for chunk in page.records for id_ in chunk.body["tasks"]]
        if not ids:
            return True
        rows = []
        for body in _tasks(world, ids).values():
            if (value := value_of(body["data"], name)) is not None:
                rows.append(Put(*keys.keyed(project_id, _digest(name, value)), {"task": body["id"]}))
        world.records.load(rows)
        to = int(page.records[-1].sk)
        try:
            version = world.records.transact([Put(*place, {"field": name, "to": to}, expect=version)])[0]
        except Conflict:  # another import does the same
            record = world.records.get(*place)
            to, version = (record.body["to"], record.version) if record is not None else (0, ABSENT)
        done += len(ids)
        if most is not None and done >= most:
            return not world.records.query(f"TASKS#{project_id}", after=keys.number(to), limit=1).records


def find(world: World, project_id: int, name: str, values: Collection[str]) -> dict[str, Mapping[str, Any]]:
    """The tasks that have these values, by value; of several with one value, any."""
    places = {keys.keyed(project_id, _digest(name, value)): value for value in values}
    found: dict[str, int] = {}
    listed = list(places)
    for start in range(0, len(listed), GET):
        for key, record in world.records.get_many(listed[start : start + GET]).items():
            found[places[key]] = record.body["task"]
    bodies = _tasks(world, list(found.values()))
    there = {value: bodies[id_] for value, id_ in found.items() if id_ in bodies}
    return {value: body for value, body in there.items() if value_of(body["data"], name) == value}


def _tasks(world: World, ids: Sequence[int]) -> dict[int, Mapping[str, Any]]:
    bodies: dict[int, Mapping[str, Any]] = {}
    for start in range(0, len(ids), GET):
        records: Iterable[Record] = world.records.get_many(
            [keys.task(id_) for id_ in ids[start : start + GET]]
        ).values()
        bodies |= {record.body["id"]: record.body for record in records}
    return bodies


def _digest(*texts: str) -> str:
    return hashlib.sha256("\0".join(texts).encode("utf-8", "surrogatepass")).hexdigest()[:40]


@dataclass(slots=True)
class Sifted:
    """fresh: tasks to write. problems: duplicates that are told. updated: so many tasks have new data."""

    fresh: list[Task] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    updated: int = 0


class Sieve:
    """Sorts the tasks of a block by whether they are there already; does nothing without a key, or with `add`."""

    def __init__(self, world: World, project: Mapping[str, Any], config: Config, wish: Wish, check: Check) -> None:
        self._world, self._project, self._config, self._wish, self._check = world, project, config, wish, check
        self._seen: dict[str, str] = {}
        self.works = bool(wish.key) and wish.duplicates != "add"

    def check(self, task: Task, where: str) -> list[Problem]:
        """What is wrong with a task by itself; a second one with its key in the same block is one of the faults."""
        faults = self._check(task, where)
        if faults or not self.works:
            return faults
        name = self._wish.key
        value = value_of(task["data"], name)
        if value is None:
            message = f"It has no {name!r}, which tells tasks apart."
            hint = "Give it a text or a number, or import without a key."
            return [problem("no-key", message, where=where, hint=hint)]
        if value in self._seen:
            return [_twice(name, value, where, f"{self._seen[value]} of this import has it too")]
        self._seen[value] = where
        return []

    def sift(self, tasks: Sequence[Task], mine: Collection[int] = ()) -> Sifted:
        """
        Args:
            tasks: those that `check` let through since the last call.
            mine: ids of tasks that count as not there: an import that goes on has made them itself.
        """
        seen, self._seen = self._seen, {}
        if not self.works:
            return Sifted(list(tasks))
        name, sifted = self._wish.key, Sifted()
        by_value = {value_of(task["data"], name) or "": task for task in tasks}
        there = find(self._world, self._project["id"], name, list(by_value))
        for value, task in by_value.items():
            old = there.get(value)
            where = seen.get(value, f"{name} {value}")
            if old is None or old["id"] in mine:
                sifted.fresh.append(task)
            elif self._wish.duplicates == "update":
                faults = self._update(old["id"], task, where)
                sifted.problems += faults
                sifted.updated += not any(told.get("severity") != "warning" for told in faults)
            else:
                sifted.problems.append(_twice(name, value, where, f"task {old['inner_id']} has it already"))
        return sifted

    def _update(self, id_: int, task: Task, where: str) -> list[Problem]:
        """New data (and meta) for a task; its answers stay, so the data must fit them."""
        from chalicelib.handlers import studio

        for _ in range(3):
            found = self._world.records.get_many([keys.task(id_), keys.state(id_)])
            record = found.get(keys.task(id_))
            if record is None:
                return [problem("task-gone", "Its task was deleted meanwhile.", where=where, hint="Import it again.")]
            state = read_state(record.body, found.get(keys.state(id_)))
            faults = studio.misfits(self._world, self._project, state, task["data"]) if state.annotations else []
            if faults:
                return [{**told, "where": f"{where}, {told['where']}"} for told in faults]
            asked = {"data": task["data"], **({"meta": task["meta"]} if task.get("meta") else {})}
            row = {**record.body, **asked, "updated_at": iso(self._world.clock())}
            try:
                changed = table_changes.operation(
                    self._project["id"], id_, record.body["inner_id"], self._world.now_ms(), data=True
                )
                self._world.records.transact([Put(*keys.task(id_), row, expect=record.version), changed])
            except Conflict:
                continue
            if task.get("annotations") or task.get("predictions"):
                message = f"Task {record.body['inner_id']} has new data; annotations and predictions are left out."
                hint = "Import them as new tasks, or predictions by import/predictions."
                told = problem("answers-left-out", message, where=where, hint=hint)
                return [{**told, "severity": "warning"}]
            return []
        return [problem("task-busy", "Its task was changed at the same moment.", where=where, hint="Import it again.")]


def _twice(name: str, value: str, where: str, other: str) -> Problem:
    shown = value[:80] + ("…" if len(value) > 80 else "")
    message = f"{name} {shown!r} is there already: {other}."
    hint = "Nothing to do if it is the same; duplicates=update changes what is there, duplicates=add adds it."
    return problem("duplicate", message, where=where, hint=hint)
