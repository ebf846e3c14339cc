"""Who gets which task next: constant time whatever the size of the project.

Tasks with room are listed in an index of their lane in their order; a task that becomes free again is listed in a
second, small one, because people's places in the first are already behind it. What is assigned to a person alone is in
a list of their own. Taking a task is one transaction on its state row; who loses a race tries another of the next few.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from typing import Any

from chalicelib import finding, keys, leases, listing, places
from chalicelib.leases import LEASE_MS, Lease, lease_of, plan_sweep, row_of, sweep, take_back
from chalicelib.problems import Refusal, refuse
from chalicelib.storage.ports import Conflict, Delete, Record
from chalicelib.taking import (
    HELD,
    MANY,
    MOST_HELD,
    Asking,
    Given,
    Raced,
    is_put_off,
    lease,
    may_take,
    merged,
    states,
)  # fmt: skip
from chalicelib.tasks import State, drop_expired, purpose_of, settle
from chalicelib.world import World

__all__ = [
    "HELD", "LEASE_MS", "MANY", "Given", "Lease", "lease_of", "lease_special", "next_task", "next_tasks", "release",
    "release_all", "take_back",
]  # fmt: skip

TRIES = 64
SPECIAL_TRIES = 8

Project = Mapping[str, Any]


def next_task(world: World, project: Project, person: int, exclude: frozenset[int] = frozenset()) -> Given | None:
    """
    The task this person holds and did not exclude, else one that is leased to them now; None when nothing is left for
    them.

    In turn: what they hold, tasks with a known answer that are due, own work that a reviewer sent back, what is
    assigned to them alone, what their lanes have, and at last what they put off.

    Raises:
        Refusal: 409 when they hold as many as one may; 404 `paused` while the project is paused, 403 while they are.
    """
    _require_open(world, project, person)
    return _next(world, project, person, exclude, HELD)


def next_tasks(
    world: World, project: Project, person: int, exclude: frozenset[int] = frozenset(), count: int = MANY
) -> list[Given]:
    """
    Up to *count* tasks at once, to be seen beside each other: what they hold first, then others in their turn, each
    leased by itself under the same rules as `next_task`. Fewer, or none, when nothing more is left for them.

    Own work that a reviewer sent back is not among them: it is looked at alone.

    Raises:
        Refusal: as `next_task`; here one may hold `MOST_HELD`, so that the next ones can be shown while the submits of
            the last ones are on their way.
    """
    _require_open(world, project, person)
    found: list[Given] = []
    while len(found) < count:
        seen = frozenset(given.task["id"] for given in found)
        try:
            given = _next(world, project, person, exclude | seen, MOST_HELD, seen)
        except Refusal:
            if not found:
                raise
            break  # nothing but a refusal of more than they have got
        if given is None:
            break
        found.append(given)
    return found


def _require_open(world: World, project: Project, person: int) -> None:
    """Whether new tasks are given out, to this person."""
    if project.get("archived_at"):
        raise refuse(
            404,
            "paused",
            "This project is archived: its work is over, and no tasks are given out any more.",
            hint="What you have begun can still be submitted.",
        )
    if project.get("restoring"):
        raise refuse(
            404,
            "paused",
            "This project is still being read from its file: no tasks are given out yet.",
            hint="Look again later.",
        )
    if project.get("is_paused"):
        raise refuse(
            404,
            "paused",
            "This project is paused: no new tasks are given out at this moment.",
            hint="What you have begun can still be submitted. Look again later.",
        )
    from chalicelib import quality  # it leases through this module

    quality.require_unpaused(world, project, person)


def _next(
    world: World,
    project: Project,
    person: int,
    exclude: frozenset[int],
    most: int,
    together: frozenset[int] | None = None,
) -> Given | None:
    """
    Args:
        most: so many they may hold.
        together: given a moment ago, to be seen beside this one; None: this one is seen alone.
    """
    sweep(world, project)
    for _ in range(TRIES):
        with contextlib.suppress(Raced):
            again = listing.skipped_come_again(project)
            place = places.read(world, project, person)
            asking = Asking(world, project, person, exclude, place, set(together or ()), again, most)
            given = _held(asking, together) or _special(asking, together) or finding.listed(asking)
            if given is not None and given.lease.expires_ms:
                plan_sweep(world, project)
            return given
    raise refuse(
        503, "busy", "Too many people take tasks of this project at this moment.", hint="Try again in a second."
    )


def _held(asking: Asking, together: frozenset[int] | None) -> Given | None:
    """What they hold already; a lease of theirs that ran out is taken anew while the task still has room."""
    from chalicelib import reviews  # it leases through this module

    world, person, place = asking.world, asking.person, asking.place
    now_ms = world.now_ms()
    ran_out = []
    kept = [id_ for id_ in place.held if together is not None and id_ in together]
    for task, state in states(world, [id_ for id_ in place.held if id_ not in kept]):
        mine = state.lease_of(person, now_ms)
        if mine is not None:
            alone = together is not None and reviews.has_back(state, person)
            if task["id"] not in asking.exclude and not alone:
                return Given(task, state, lease_of(world, state, mine))
            kept.append(task["id"])
        elif listing.finished_by(state, person, asking.again):
            asking.mine.add(task["id"])
        elif task["id"] not in asking.exclude and not is_put_off(state, person):
            ran_out.append((task, state))
    place.held = [id_ for id_ in place.held if id_ in kept]
    asking.mine.update(kept)
    if len(kept) >= asking.most:
        raise refuse(
            409, "holding-enough", f"You already hold {len(kept)} tasks.", hint="Submit or give back one of them first."
        )
    for task, state in ran_out:
        if not may_take(place, state, person):
            continue
        given = lease(asking, task, state)
        if isinstance(given, Given):
            return given
    return None


def _special(asking: Asking, together: frozenset[int] | None) -> Given | None:
    """What comes before ordinary tasks."""
    from chalicelib import quality, reviews  # they lease through this module

    world, project, person, exclude = asking.world, asking.project, asking.person, asking.exclude
    given = quality.next_for(world, project, person, len(together or ()))
    if given is None and together is None:
        given = reviews.sent_back_to(world, project, person, exclude)
    return None if given is None or given.task["id"] in exclude else given


def lease_special(
    world: World, project: Project, person: int, task: Mapping[str, Any], state: State, purpose: str
) -> Given | None:
    """
    Lease a task for another purpose than to label it: outside the indexes, it takes no room. Whoever comes back gets it
    again as the task that they hold; a review is kept track of by reviews alone.

    None: they hold the task for something else, or it was deleted.
    """
    for _ in range(SPECIAL_TRIES):
        now_ms = world.now_ms()
        held = state.lease_of(person, now_ms)
        if held is not None:
            return Given(task, state, lease_of(world, state, held)) if purpose_of(held) == purpose else None
        before = state.copy()
        operations = [*drop_expired(state, now_ms), *take_back(state, person)]
        made = leases.give(state, project, person, now_ms, purpose)
        operations += [*settle(before, state, project, now_ms), row_of(state, made)]
        if purpose != "review":
            place = places.read(world, project, person)
            operations.append(place.put([*(id_ for id_ in place.held if id_ != task["id"]), task["id"]][-MOST_HELD:]))
        try:
            world.records.transact(merged(operations))
        except Conflict:
            found = states(world, [task["id"]])
            if not found:
                return None
            task, state = found[0]
            continue
        plan_sweep(world, project)
        return Given(task, state, lease_of(world, state, made))
    return None


def release(world: World, project: Project, person: int, task_id: int, *, later: bool = False) -> bool:
    """
    Give a task back, for others to take at once; False when they do not hold it.

    Args:
        later: it comes back to this person too, after everything else. Without it, it comes in its turn.
    """
    for _ in range(TRIES):
        found = states(world, [task_id])
        if not found:
            return False
        state, now_ms = found[0][1], world.now_ms()
        before = state.copy()
        purpose = next((purpose_of(x) for x in state.leases if x["person"] == person), "")
        label = purpose == "label"
        operations = take_back(state, person)
        if not operations:
            return False
        if later and label:
            operations += listing.put_off(state, person, now_ms)
        elif later and purpose not in ("review", "warm_up"):  # a warm-up comes first, and is no secret
            operations.append(listing.put_off_apart(state, person, now_ms, purpose))
        operations += settle(before, state, project, now_ms, back=label)
        with contextlib.suppress(Conflict):
            world.records.transact(operations)
            return True
    raise Conflict(*keys.state(task_id), expected=0, found=0)


def release_all(world: World, project: Project, person: int) -> list[int]:
    """Give back what the person holds, and forget what they put off: for who is paused or leaves. Gives the tasks."""
    place = places.read(world, project, person)
    released = [id_ for id_ in place.held if release(world, project, person, id_)]
    prefix = keys.later_prefix(project["id"])
    for rows in finding.pages(world, person, prefix):
        for row in rows:
            if _forget(world, project, person, row):
                released.append(row.body["task"])
    return list(dict.fromkeys(released))


def _forget(world: World, project: Project, person: int, row: Record) -> bool:
    """Whether the task was still put off; others have had it in their lists all the time."""
    for _ in range(TRIES):
        found = states(world, [row.body["task"]])
        if not found or not is_put_off(found[0][1], person):
            world.records.transact([Delete(row.pk, row.sk)])
            return False
        state = found[0][1]
        before = state.copy()
        operations = [*listing.not_put_off(state, person), Delete(row.pk, row.sk)]
        operations += settle(before, state, project, world.now_ms(), back=True)
        with contextlib.suppress(Conflict):
            world.records.transact(merged(operations))
            return True
    raise Conflict(*keys.state(row.body["task"]), expected=0, found=0)
