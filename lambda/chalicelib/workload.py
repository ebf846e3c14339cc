"""Load and pace of a project's people: what they have in hand, what is assigned to them, what they did lately."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from chalicelib import keys
from chalicelib.label_numbers import number
from chalicelib.tasks import read_state
from chalicelib.world import World

WEEK = 7
DAYS = 2 * WEEK
ROWS = 1000
"""Rows of days that are read together; of projects with more of them each person's newest are read."""
MOST_ASSIGNED = 100
"""Beyond this many assigned tasks nobody is told how many more there are."""
PER_READ = 100


def of(world: World, project_id: int, people: Sequence[int]) -> dict[int, dict[str, Any]]:
    """
    By person `load`: `in_hand`, tasks leased to them now; `assigned`, those that are theirs by name and that they may
    take now, MOST_ASSIGNED at most, and `more` if there are others. And `pace`: answers of `today`, of the `week` that
    ends today and of the `week_before`, by UTC days, and `mean_ms`, the mean time of one this week.
    """
    record = world.records.get(*keys.project(project_id))
    assigns = record is not None and bool(record.body.get("assigns"))
    today = datetime.fromtimestamp(world.clock(), UTC).date()
    counted = _days(world, project_id, people, today)
    held = _in_hand(world, project_id, people)
    found = {}
    for person in people:
        assigned = _assigned(world, project_id, person) if assigns else 0
        told, more = min(assigned, MOST_ASSIGNED), assigned > MOST_ASSIGNED
        load = {"in_hand": held.get(person, 0), "assigned": told, "more": more}
        found[person] = {"load": load, "pace": _pace(counted.get(person, {}), today)}
    return found


def _pace(days: Mapping[str, Mapping[str, int]], today: date) -> dict[str, Any]:
    def total(name: str, first: int, count: int) -> int:
        return sum(days.get((today - timedelta(n)).isoformat(), {}).get(name, 0) for n in range(first, first + count))

    timed = total("timed", 0, WEEK)
    mean = total("time_ms", 0, WEEK) / timed if timed else None
    return {
        "today": total("n", 0, 1),
        "week": total("n", 0, WEEK),
        "week_before": total("n", WEEK, WEEK),
        "mean_ms": number(mean, timed, "nothing timed this week"),
    }


def _days(world: World, project_id: int, people: Sequence[int], today: date) -> dict[int, dict[str, Mapping[str, int]]]:
    """What was counted by person and day, of the last DAYS days."""
    pk, since = keys.day_counts(project_id), (today - timedelta(DAYS)).isoformat()
    page = world.records.query(pk, limit=ROWS)
    rows = list(page.records)
    if page.cursor is not None:
        rows = []
        for person in people:
            start = f"{keys.number(person)}#"
            rows += world.records.query(pk, start, after=f"{start}{since}", limit=DAYS).records
    found: dict[int, dict[str, Mapping[str, int]]] = defaultdict(dict)
    for row in rows:
        padded, _, day = row.sk.partition("#")
        if day > since:
            found[int(padded)][day] = row.body
    return found


def _in_hand(world: World, project_id: int, people: Sequence[int]) -> dict[int, int]:
    """The place of each person names the tasks that they had last; whether they still do, the tasks' states say."""
    places = [keys.queue(person, project_id) for person in people]
    last: dict[int, list[int]] = {}
    for start in range(0, len(places), PER_READ):
        found = world.records.get_many(places[start : start + PER_READ])
        for person, place in zip(people[start : start + PER_READ], places[start : start + PER_READ], strict=True):
            if place in found:
                last[person] = list(found[place].body.get("held", []))
    wanted = sorted({task for tasks in last.values() for task in tasks})
    now = int(world.clock() * 1000)
    holders: dict[int, set[int]] = defaultdict(set)
    half = PER_READ // 2  # two rows for each
    for start in range(0, len(wanted), half):
        tasks = wanted[start : start + half]
        read = world.records.get_many([key(id_) for id_ in tasks for key in (keys.task, keys.state)])
        for id_ in tasks:
            task = read.get(keys.task(id_))
            if task is None:
                continue
            for lease in read_state(task.body, read.get(keys.state(id_))).leases:
                if lease["expires"] > now:
                    holders[id_].add(lease["person"])
    return {person: sum(person in holders[task] for task in tasks) for person, tasks in last.items()}


def _assigned(world: World, project_id: int, person: int) -> int:
    prefix = keys.own_prefix(project_id)
    return len(world.records.query(f"PERSON#{person}", prefix, limit=MOST_ASSIGNED + 1).records)
