"""Who gets which task next: constant time whatever the size of the project.

Tasks with room are listed in an index in their order; a task that becomes free again is listed in a second, small one,
because people's places in the first are already behind it. Everybody has a place in both: the rows up to there are done
by them or held by them and are never looked at again. Taking a task is one transaction on its state row; who loses a
race tries another of the next few.
"""

from __future__ import annotations

import contextlib
import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from chalicelib import keys, tokens
from chalicelib.problems import refuse
from chalicelib.storage.ports import ABSENT, Conflict, Delete, Operation, Page, Put, Record
from chalicelib.tasks import State, drop_expired, purpose_of, read_state, settle, wanted_by
from chalicelib.world import World

LEASE_MS = 30 * 60 * 1000
HELD = 3
"""The task one works on, the one that the page fetches ahead, and one whose submit is still on its way."""
FIRST_WINDOW = 4
WINDOW = 16
"""Rows of an index that are looked at together: few at first, because mostly the first one will do."""
TRIES = 64
SWEEP = 8
LOOK_AGAIN_S = 5.0

Project = Mapping[str, Any]
Index = Literal["RETURNED", "OPEN"]
INDEXES: tuple[Index, ...] = ("RETURNED", "OPEN")
END = "~"
"""After every sk of the indexes, which start with digits."""


@dataclass(frozen=True, slots=True)
class Lease:
    token: str
    expires_ms: int


@dataclass(frozen=True, slots=True)
class Given:
    """A task handed to a person."""

    task: Mapping[str, Any]
    state: State
    lease: Lease


@dataclass(slots=True)
class _Place:
    """A person's place in a project's queue.

    at: sk of the last row that is behind them, by index.
    passed: rows beyond that which are not for them either, because they took a later row when others raced for this
        one.
    held: tasks that were leased to them last; whether they still are, the state rows say.
    """

    at: dict[str, str]
    passed: dict[str, list[str]]
    held: list[int] = field(default_factory=list)
    record_version: int = ABSENT

    def body(self) -> dict[str, Any]:
        return {"at": self.at, "passed": self.passed, "held": self.held}


class _Raced(Exception):
    """Somebody else was quicker, and there may be room still."""


def next_task(world: World, project: Project, person: int, exclude: frozenset[int] = frozenset()) -> Given | None:
    """
    The task this person holds and did not exclude, else one that is leased to them now; None when nothing is left for
    them.

    Raises:
        Refusal: 409 when they hold as many as one may.
    """
    sweep(world, project)
    for _ in range(TRIES):
        with contextlib.suppress(_Raced):
            place = _read_place(world, project["id"], person)
            mine: set[int] = set()
            return _held(world, project, person, place, exclude, mine) or _search(
                world, project, person, place, exclude, mine
            )
    raise refuse(
        503, "busy", "Too many people take tasks of this project at this moment.", hint="Try again in a second."
    )


def _read_place(world: World, project_id: int, person: int) -> _Place:
    record = world.records.get(*keys.queue(person, project_id))
    if record is None:
        return _Place({"RETURNED": "", "OPEN": ""}, {"RETURNED": [], "OPEN": []})
    body = record.body
    return _Place(dict(body["at"]), {k: list(v) for k, v in body["passed"].items()}, list(body["held"]), record.version)


def _held(
    world: World, project: Project, person: int, place: _Place, exclude: frozenset[int], mine: set[int]
) -> Given | None:
    """What they hold already; a lease of theirs that ran out is taken anew while the task still has room."""
    now_ms = world.now_ms()
    ran_out = []
    kept = []
    for task, state in _states(world, place.held):
        lease = state.lease_of(person, now_ms)
        if lease is not None:
            if task["id"] not in exclude:
                return Given(task, state, lease_of(world, state, lease))
            kept.append(task["id"])
        elif state.annotation_of(person) is not None:
            mine.add(task["id"])
        elif task["id"] not in exclude:
            ran_out.append((task, state))
    place.held = kept
    mine.update(kept)
    if len(kept) >= HELD:
        raise refuse(
            409, "holding-enough", f"You already hold {len(kept)} tasks.", hint="Submit or give back one of them first."
        )
    for task, state in ran_out:
        given = _lease(world, project, person, place, task, state)
        if isinstance(given, Given):
            return given
    return None


@dataclass(slots=True)
class _Window:
    """A few rows of an index after a place in it."""

    index: Index
    after: str
    page: Page


def _search(
    world: World, project: Project, person: int, place: _Place, exclude: frozenset[int], mine: set[int]
) -> Given | None:
    """The first listed task that can be leased. `mine`: tasks that are known to be done or held by them."""
    came_from = dict(place.at)
    raced = False
    windows = [_look(world, project, index, place.at[index], FIRST_WINDOW) for index in INDEXES]
    while windows:
        rows = sorted((row for w in windows for row in _pass(place, w, mine)), key=lambda row: int(row.body["inner"]))
        while rows:
            row = rows.pop(0)
            id_ = row.body["task"]
            if id_ in exclude or id_ in mine:
                continue
            found = _states(world, [id_])
            outcome = _lease(world, project, person, place, *found[0]) if found else "theirs"
            if isinstance(outcome, Given):
                return outcome
            if outcome == "theirs":
                mine.add(id_)
                for window in windows:
                    _pass(place, window, mine)
            elif outcome == "raced":
                raced = True
                random.shuffle(rows)  # who raced once does not race for the next row too
        more = (w for w in windows if w.page.cursor is not None)
        windows = [_look(world, project, w.index, w.page.records[-1].sk, WINDOW) for w in more]
    if raced:
        raise _Raced
    if place.at != came_from:
        with contextlib.suppress(Conflict):
            mine_key = keys.queue(person, project["id"])
            world.records.transact([Put(*mine_key, place.body(), expect=place.record_version)])
    return None


def _look(world: World, project: Project, index: Index, after: str, limit: int) -> _Window:
    return _Window(index, after, world.records.query(f"{index}#{project['id']}", after=after or None, limit=limit))


def _pass(place: _Place, window: _Window, mine: set[int]) -> list[Record]:
    """Note the window's rows that are not for this person, move the place over them, and give the others."""
    index, after, rows = window.index, window.after, window.page.records
    passed = place.passed[index]
    passed += [row.sk for row in rows if row.body["task"] in mine and row.sk not in passed]
    if place.at[index] >= after:
        for row in rows:
            if row.sk in passed:
                place.at[index] = max(place.at[index], row.sk)
            elif row.sk > place.at[index]:
                break
    last = rows[-1].sk if rows and window.page.cursor is not None else END
    listed = {row.sk for row in rows}
    kept = [sk for sk in passed if sk > place.at[index] and (sk in listed or not after < sk <= last)]
    place.passed[index] = kept
    return [row for row in rows if row.sk not in passed]


def _states(world: World, ids: list[int]) -> list[tuple[Mapping[str, Any], State]]:
    if not ids:
        return []
    found = world.records.get_many([key for id_ in ids for key in (keys.task(id_), keys.state(id_))])
    tasks = [(id_, found[keys.task(id_)].body) for id_ in ids if keys.task(id_) in found]
    return [(body, read_state(body, found.get(keys.state(id_)))) for id_, body in tasks]


def _lease(
    world: World, project: Project, person: int, place: _Place, task: Mapping[str, Any], state: State
) -> Given | Literal["theirs", "full", "raced"]:
    """Lease one task, in one transaction with the person's place. `theirs`: they have done it or hold it."""
    now_ms = world.now_ms()
    if state.annotation_of(person) is not None or state.lease_of(person, now_ms) is not None:
        return "theirs"
    before = state.copy()
    operations = drop_expired(state, now_ms)
    if state.room(wanted_by(project, state)) <= 0:
        return "full"
    lease = {"person": person, "expires": now_ms + LEASE_MS}
    state.leases.append(lease)
    operations += settle(before, state, project, now_ms)
    operations.append(Put(*keys.lease(project["id"], lease["expires"], task["id"], person), {"task": task["id"]}))
    held = [*place.held, task["id"]][-HELD:]
    mine = keys.queue(person, project["id"])
    operations.append(Put(*mine, {**place.body(), "held": held}, expect=place.record_version))
    try:
        world.records.transact(operations)
    except Conflict as conflict:
        if conflict.pk == mine[0]:
            raise _Raced from None  # another tab of the same person moved on
        return "raced"
    return Given(task, state, lease_of(world, state, lease))


def lease_of(world: World, state: State, lease: Mapping[str, Any]) -> Lease:
    token = tokens.new_lease(world.secret, state.task, lease["person"], lease["expires"], purpose_of(lease))
    return Lease(token, lease["expires"])


def take_back(state: State, person: int) -> list[Operation]:
    """Take the person's lease out of the state; gives the deletion of its row."""
    mine = [x for x in state.leases if x["person"] == person]
    state.leases = [x for x in state.leases if x["person"] != person]
    return [Delete(*keys.lease(state.project, x["expires"], state.task, person)) for x in mine]


def sweep(world: World, project: Project) -> None:
    """Give back what was neither submitted nor renewed in time. Looks only when something can have run out."""
    now = world.clock()
    if now < world.sweep_at.get(project["id"], 0.0):
        return
    now_ms = int(now * 1000)
    page = world.records.query(f"LEASES#{project['id']}", limit=SWEEP)
    over = [row for row in page.records if int(row.sk[:14]) <= now_ms]
    for row in over:
        with contextlib.suppress(Conflict):  # somebody else sweeps, or the task was submitted at this moment
            _return(world, project, row, now_ms)
    if len(over) == SWEEP:
        return
    first_ms = next((int(row.sk[:14]) for row in page.records if row not in over), None)
    again = now + LOOK_AGAIN_S
    world.sweep_at[project["id"]] = again if first_ms is None else min(again, first_ms / 1000)


def _return(world: World, project: Project, row: Record, now_ms: int) -> None:
    for _, state in _states(world, [row.body["task"]]):
        before = state.copy()
        operations = drop_expired(state, now_ms)
        if operations:
            operations += settle(before, state, project, now_ms, back=True)
            world.records.transact(
                [op for op in operations if (op.pk, op.sk) != (row.pk, row.sk)] + [Delete(row.pk, row.sk)]
            )
            return
    world.records.transact([Delete(row.pk, row.sk)])
