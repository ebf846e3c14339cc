"""Finding a task for somebody who holds none: in their own list, in their lanes, and among what they put off."""

from __future__ import annotations

import contextlib
import random
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from chalicelib import keys, listing, places
from chalicelib.places import END, Window
from chalicelib.storage.ports import Conflict, Delete, Record
from chalicelib.taking import ROWS, Asking, Given, Raced, is_put_off, lease, may_take, states, with_draft
from chalicelib.tasks import State, settle
from chalicelib.world import World

FIRST_WINDOW = 4
RETURNED_WINDOW = 8
WINDOW = 50
"""Rows of an index that are looked at together: few at first, because mostly the first one will do."""

Project = Mapping[str, Any]


def listed(asking: Asking) -> Given | None:
    """The first listed task that can be leased."""
    given = _own(asking)
    for lane in asking.place.lanes:
        given = given or _search(asking, lane)
    given = given or _later(asking)
    if given is not None:
        return given
    if asking.raced:
        raise Raced
    if asking.place.moved:
        places.save(asking.world, asking.place)
    return None


def _own(asking: Asking) -> Given | None:
    """From the list of what is assigned to them alone."""
    if not asking.place.assigned:
        return None
    world, project, person = asking.world, asking.project, asking.person
    for rows in pages(world, person, keys.own_prefix(project["id"])):
        wanted = [row for row in rows if row.body["task"] not in asking.exclude | asking.mine]
        known = {task["id"]: (task, state) for task, state in states(world, [row.body["task"] for row in wanted])}
        for row in wanted:
            task, state = known.get(row.body["task"], (None, None))
            if task is None or state is None:
                world.records.transact([Delete(row.pk, row.sk)])  # the task was deleted
                continue
            outcome = lease(asking, task, state) if person in state.assigned else "full"
            if isinstance(outcome, Given):
                return outcome
            if outcome == "raced":
                asking.raced = True
            else:
                _tidy(world, project, person, row, task["id"])
    return None


def _tidy(world: World, project: Project, person: int, row: Record, task_id: int) -> None:
    """Take a row out of a person's list that a change had no room to delete."""
    for _, state in states(world, [task_id]):
        before = state.copy()
        operations = settle(before, state, project, world.now_ms())
        if person not in before.listed_for:
            operations = [Delete(row.pk, row.sk, expect=row.version)]
        elif state.listed_for == before.listed_for:
            return
        with contextlib.suppress(Conflict):
            world.records.transact(operations)


def pages(world: World, person: int, prefix: str) -> Iterator[Sequence[Record]]:
    after: str | None = None
    while True:
        page = world.records.query(f"PERSON#{person}", prefix, after=after, limit=ROWS)
        if page.records:
            yield page.records
        if page.cursor is None:
            return
        after = page.cursor


def _search(asking: Asking, lane: str) -> Given | None:
    """From the two indexes of a lane: the returned one, and the parts of the open one, one after the other."""
    world, place, id_ = asking.world, asking.place, asking.project["id"]
    returned = keys.returned_index(id_, lane)
    windows = [places.look(world, returned, place.at.get(returned, ""), RETURNED_WINDOW)]
    shards = _shards(asking, lane)
    index = next(shards)
    windows.append(places.look(world, index, place.at.get(index, ""), FIRST_WINDOW))
    first = True
    while windows:
        given = _from(asking, windows, first)
        if given is not None:
            return given
        first = False
        more = [w for w in windows if w.page.cursor is not None]
        open_done = not any(not w.is_returned for w in more)
        windows = [places.look(world, w.index, w.page.records[-1].sk, WINDOW) for w in more]
        if open_done and (index := next(shards, "")):
            windows.append(places.look(world, index, place.at.get(index, ""), FIRST_WINDOW))
    return None


def _shards(asking: Asking, lane: str) -> Iterator[str]:
    """
    The parts of a lane's open index that may have rows for this person: first the start of the project, which everybody
    works on in the same order; then the rest, which people begin at different parts of.
    """
    world, place, id_ = asking.world, asking.place, asking.project["id"]
    start = keys.open_index(id_, lane, 0)
    if place.at.get(start) != END:
        yield start
    imported = place.serial
    if not imported:
        record = world.records.get(*keys.serial(id_))
        imported = record.body["inner"] if record else 0
    if imported <= keys.SMALL:
        if place.at.get(start) == END:
            yield start
        return
    if place.at.get(start) != END and not place.serial:
        place.at[start], place.moved = END, True  # it is full, and nothing of it is left for them
    for n in range(keys.SHARDS):
        yield keys.open_index(id_, lane, 1 + (asking.person + n) % keys.SHARDS)


def _from(asking: Asking, windows: Sequence[Window], first: bool) -> Given | None:
    """A task of these rows, in order."""
    world, place, now_ms = asking.world, asking.place, asking.world.now_ms()
    rows = [row for window in windows for row in places.pass_over(place, window, asking.mine, now_ms)]
    rows.sort(key=lambda row: row.body.get("at") or row.sk)
    if not first:
        rows = _free(asking, rows)
        for window in windows:
            places.pass_over(place, window, asking.mine, now_ms)
    while rows:
        row = rows.pop(0)
        id_ = row.body["task"]
        if id_ in asking.exclude or id_ in asking.mine:
            continue
        found = with_draft(world, id_, asking.person)
        outcome = "theirs" if found is None or is_put_off(found[1], asking.person) else lease(asking, *found)
        if isinstance(outcome, Given):
            return outcome
        if outcome == "theirs":
            asking.mine.add(id_)
            for window in windows:
                places.pass_over(place, window, asking.mine, now_ms)
        elif outcome == "raced":
            asking.raced = True
            random.shuffle(rows)  # who raced once does not race for the next row too
    return None


def _free(asking: Asking, rows: list[Record]) -> list[Record]:
    """Those rows whose tasks may be for this person, with one read for fifty; what is theirs is noted."""
    kept = []
    for start in range(0, len(rows), ROWS):
        part = rows[start : start + ROWS]
        found = asking.world.records.get_many([keys.state(row.body["task"]) for row in part])
        for row in part:
            record = found.get(keys.state(row.body["task"]))
            if record is not None:
                state = State(record_version=record.version, **record.body)
                if _is_theirs(asking, state):
                    asking.mine.add(state.task)
                    continue
            kept.append(row)
    return kept


def _is_theirs(asking: Asking, state: State) -> bool:
    person = asking.person
    done = listing.finished_by(state, person, asking.again)
    return done or is_put_off(state, person) or state.lease_of(person, asking.world.now_ms()) is not None


def _later(asking: Asking) -> Given | None:
    """What they put off or skipped and may get again, the longest ago first."""
    from chalicelib import quality  # it leases through the queue, which finds tasks here

    world, project, person = asking.world, asking.project, asking.person
    for rows in pages(world, person, keys.later_prefix(project["id"])):
        known = {task["id"]: (task, state) for task, state in states(world, [row.body["task"] for row in rows])}
        for row in rows:
            task, state = known.get(row.body["task"], (None, None))
            if "purpose" in row.body:
                excluded = row.body["task"] in asking.exclude
                given = None if excluded else quality.put_off_again(world, project, person, row)
                if given is not None:
                    return given
            elif task is None or state is None or not is_put_off(state, person):
                world.records.transact([Delete(row.pk, row.sk)])
            elif task["id"] not in asking.exclude and may_take(asking.place, state, person):
                outcome = lease(asking, task, state)
                if isinstance(outcome, Given):
                    return outcome
                asking.raced = asking.raced or outcome == "raced"
    return None
