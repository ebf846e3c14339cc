"""The rows through which people find a task: in the index of its lane, or in the lists of those it is assigned to.

A task with room is in its lane's open index from import on, or, once people's places there are behind it, in the
returned index. One that is assigned is in neither: it has a row in the list of each of these people who may take it
now. `operations` compares how a task was listed with how it should be, and sets the members that say so.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from chalicelib import keys, settings
from chalicelib.storage.ports import Delete, Operation, Put

if TYPE_CHECKING:
    from chalicelib.tasks import State

MAX_ASSIGNED = 10
"""People that one task may be assigned to: each may have a row to write when it is free again."""
MOST_UNLISTED = 4
"""Rows of other people's lists that one change takes away; who finds one more of these in their list removes it."""


def place_of(state: State) -> str:
    """What the task is sorted by in its lane."""
    return state.position or keys.number(state.inner)


def operations(
    before: State, after: State, project: Mapping[str, Any], now_ms: int, *, free: bool, back: bool
) -> list[Operation]:
    """
    Args:
        free: somebody more is wanted.
        back: people's places in the open index may be behind the task already, so that it is listed anew.
    """
    public = free and not after.assigned
    if not public:
        after.listed_open, after.listed_returned = False, ""
    elif back or not (after.listed_open or after.listed_returned):
        after.listed_returned = keys.returned(after.project, now_ms, after.task, after.lane)[1]
    was, should = _rows(before), _rows(after)
    changed: list[Operation] = [Delete(*key) for key in was if key not in should]
    changed += [Put(*key, body) for key, body in should.items() if was.get(key) != body]
    return changed + _own(after, project, free)


def _rows(state: State) -> dict[keys.Key, dict[str, Any]]:
    """Rows in the lane's indexes, as the state's members tell."""
    rows: dict[keys.Key, dict[str, Any]] = {}
    if state.listed_open:
        key = keys.open_task(state.project, state.inner, state.lane, state.position)
        rows[key] = open_body(state.task, state.inner)
    if state.listed_returned:
        key = keys.returned_index(state.project, state.lane), state.listed_returned
        rows[key] = {"task": state.task, "inner": state.inner, "at": place_of(state)}
    return rows


def open_body(task: int, inner: int) -> dict[str, Any]:
    return {"task": task, "inner": inner}


def _own(after: State, project: Mapping[str, Any], free: bool) -> list[Operation]:
    """Rows in the lists of the people that the task is assigned to."""
    if not (after.assigned or after.listed_for):
        return []
    again = skipped_come_again(project)
    put_off = {x["person"] for x in after.later}
    holding = {x["person"] for x in after.leases}
    may = [
        person for person in after.assigned
        if free and person not in put_off and person not in holding and not finished_by(after, person, again)
    ]  # fmt: skip
    gone = [person for person in after.listed_for if person not in may][:MOST_UNLISTED]
    new = [person for person in may if person not in after.listed_for]
    after.listed_for = [person for person in after.listed_for if person not in gone] + new
    rows: list[Operation] = [Delete(*keys.own_task(after.project, person, after.task)) for person in gone]
    return rows + [Put(*keys.own_task(after.project, person, after.task), {"task": after.task}) for person in new]


def skipped_come_again(project: Mapping[str, Any]) -> bool:
    return bool(settings.value(project, "queue", "skip") == "again")


def finished_by(state: State, person: int, again: bool) -> bool:
    """Nothing is left of this task for this person, unless what they skipped comes again."""
    entry = state.annotation_of(person)
    return entry is not None and not (again and entry["cancelled"] and not entry.get("discarded"))


def put_off(state: State, person: int, now_ms: int) -> list[Operation]:
    """The task comes back to this person after all others; anybody else may take it before."""
    if any(x["person"] == person for x in state.later):
        return []
    state.later.append({"person": person, "at": now_ms})
    return [Put(*keys.later(state.project, person, now_ms, state.task), {"task": state.task})]


def put_off_apart(state: State, person: int, now_ms: int, purpose: str) -> Put:
    """The same for a task that the person has for another purpose than to label it: nobody else is kept from it."""
    return Put(*keys.later(state.project, person, now_ms, state.task), {"task": state.task, "purpose": purpose})


def not_put_off(state: State, person: int) -> list[Operation]:
    """It is one of theirs like every other again."""
    mine = [x for x in state.later if x["person"] == person]
    state.later = [x for x in state.later if x["person"] != person]
    return [Delete(*keys.later(state.project, person, x["at"], state.task)) for x in mine]


def put_off_by_skipping(before: State, after: State, project: Mapping[str, Any], now_ms: int) -> list[Operation]:
    """Where skipped tasks come again to the same person: those that were skipped by this change."""
    if not skipped_come_again(project):
        return []
    known = {(a["id"], a["version"]) for a in before.annotations}
    people = [a["person"] for a in after.labels() if a["cancelled"] and (a["id"], a["version"]) not in known]
    return [operation for person in people for operation in put_off(after, person, now_ms)]
