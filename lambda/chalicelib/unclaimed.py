"""Tasks that nobody gets: a field names who gets them, and nobody of the project has that name, id or group."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from chalicelib import orders, settings
from chalicelib.problems import Problem, problem
from chalicelib.tasks import State
from chalicelib.world import World

Project = Mapping[str, Any]


def lanes(world: World, project: Project, states: Iterable[State]) -> set[str]:
    """Those of the tasks' lanes that nobody of the project takes from. Reads people only if there is such a lane."""
    if settings.value(project, "queue", "assign") != "field":
        return set()
    left = {state.lane for state in states if _is_open(state)} - {orders.ANYONE}
    after: str | None = None
    while left:
        page = world.records.query(f"MEMBERS#{project['id']}", "PERSON#", after=after, limit=1000)
        for row in page.records:
            own = [int(row.sk.partition("#")[2]), row.body.get("name") or "", *(row.body.get("groups") or ())]
            left -= set(orders.lanes_of(own))
        if page.cursor is None:
            return left
        after = page.cursor
    return left


def _is_open(state: State) -> bool:
    return state.name in ("new", "working") and not state.assigned


def waits(state: State, lanes: set[str]) -> bool:
    """Whether the task is in one of these lanes and somebody is still wanted for it."""
    return state.lane in lanes and _is_open(state)


def told(project: Project, task: Mapping[str, Any]) -> Problem:
    """What is wrong with such a task, and what to do."""
    field = settings.value(project, "queue", "field")
    return problem(
        "for-nobody",
        f"Nobody gets this task: nobody in the project has the name, id or group “{task['data'].get(field)}”.",
        where=f"data.{field}",
        hint="Invite them, put somebody into that group, or assign the task to somebody.",
    )
