"""Taking one task: what a request for a task knows, and the transaction that leases it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from chalicelib import keys, leases, listing
from chalicelib.leases import Lease
from chalicelib.places import Place
from chalicelib.storage.ports import Conflict, Operation, Record
from chalicelib.tasks import State, drop_expired, read_state, settle, wanted_by
from chalicelib.world import World

HELD = 3
"""The task one works on, the one that the page fetches ahead, and one whose submit is still on its way."""
ROWS = 50
"""Tasks that are read together."""
MANY = 50
"""Tasks that one may take at once, to see them beside each other."""
MOST_HELD = 2 * MANY + HELD
"""Those, as many more whose submits are still on their way, and what was in hand before."""

Project = Mapping[str, Any]
Outcome = Literal["theirs", "full", "raced"]


@dataclass(frozen=True, slots=True)
class Given:
    """A task handed to a person."""

    task: Mapping[str, Any]
    state: State
    lease: Lease
    read: Mapping[keys.Key, Record] | None = None
    """Rows that were read with the task, the person's draft among them if there is one; None: it was not looked for."""


class Raced(Exception):
    """Somebody else was quicker, and there may be room still."""


@dataclass(slots=True)
class Asking:
    """One person's request for a task."""

    world: World
    project: Project
    person: int
    exclude: frozenset[int]
    place: Place
    mine: set[int]
    """Tasks that are known not to be for them: done, held, or put off."""
    again: bool
    """What they skipped comes again."""
    most: int = HELD
    """So many they may hold."""
    raced: bool = False


def may_take(place: Place, state: State, person: int) -> bool:
    """Whether the settings, or whoever assigned it, let this person have the task."""
    return person in state.assigned if state.assigned else state.lane in place.lanes


def is_put_off(state: State, person: int) -> bool:
    return any(x["person"] == person for x in state.later)


def states(world: World, ids: Sequence[int]) -> list[tuple[Mapping[str, Any], State]]:
    found: list[tuple[Mapping[str, Any], State]] = []
    for start in range(0, len(ids), ROWS):
        part = ids[start : start + ROWS]
        rows = world.records.get_many([key for id_ in part for key in (keys.task(id_), keys.state(id_))])
        for id_ in part:
            if keys.task(id_) in rows:
                body = rows[keys.task(id_)].body
                found.append((body, read_state(body, rows.get(keys.state(id_)))))
    return found


def with_draft(
    world: World, id_: int, person: int
) -> tuple[Mapping[str, Any], State, Mapping[keys.Key, Record]] | None:
    """A task that is likely to be handed out, and all that is needed for it in one read; None: it was deleted."""
    rows = world.records.get_many([keys.task(id_), keys.state(id_), keys.draft(id_, person)])
    if keys.task(id_) not in rows:
        return None
    body = rows[keys.task(id_)].body
    return body, read_state(body, rows.get(keys.state(id_))), rows


def lease(
    asking: Asking, task: Mapping[str, Any], state: State, read: Mapping[keys.Key, Record] | None = None
) -> Given | Outcome:
    """Lease one task, in one transaction with the person's place. `theirs`: they have done it or hold it."""
    world, project, person, place = asking.world, asking.project, asking.person, asking.place
    now_ms = world.now_ms()
    if listing.finished_by(state, person, asking.again) or state.lease_of(person, now_ms) is not None:
        return "theirs"
    before = state.copy()
    operations = drop_expired(state, now_ms)
    if state.room(wanted_by(project, state)) <= 0:
        return "full"
    made = leases.give(state, project, person, now_ms)
    operations += listing.not_put_off(state, person)
    operations += [*settle(before, state, project, now_ms), leases.row_of(state, made)]
    operations.append(place.put([*place.held, task["id"]][-MOST_HELD:]))
    mine = keys.queue(person, project["id"])
    try:
        world.records.transact(merged(operations))
    except Conflict as conflict:
        if conflict.pk == mine[0]:
            raise Raced from None  # another tab of the same person moved on
        return "raced"
    return Given(task, state, leases.lease_of(world, state, made), read)


def merged(operations: Sequence[Operation]) -> list[Operation]:
    """Each key once: a lease that is made where one has just run out has its key, and the later operation counts."""
    return list({(operation.pk, operation.sk): operation for operation in operations}.values())
