"""
A change of a task and everything that follows from it, in one transaction: consensus, reviews, quality, state, queue,
counters, webhooks.

The transaction is conditioned on the state row, so whoever lost a race reads again and decides again.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterator, Mapping
from typing import Any

from chalicelib import configs, consensus, effects, keys, versions
from chalicelib.auth import Caller
from chalicelib.effects import Action, Change
from chalicelib.storage.ports import Conflict, Operation
from chalicelib.tasks import State
from chalicelib.world import World

TRIES = 50


def attempts(task_id: int) -> Iterator[int]:
    """
    Rounds of read, decide and commit, with pauses that make those who race part.

    Raises:
        Conflict: after so many lost races.
    """
    for attempt in range(TRIES):
        yield attempt
        if attempt > 2:
            time.sleep(random.uniform(0, 0.002 * min(attempt, 20)))
    raise Conflict(*keys.state(task_id), expected=0, found=0)


def commit(
    world: World,
    caller: Caller,
    project: Mapping[str, Any],
    task: Mapping[str, Any],
    action: Action,
    before: State,
    state: State,
    operations: list[Operation],
    *,
    made: dict[str, Any] | None = None,
    old: Mapping[str, Any] | None = None,
    back: bool = False,
) -> Change | None:
    """
    None when the task has moved since it was read: nothing was written.

    Args:
        before, state: as read, and with the change made in it.
        operations: the change's own rows.
        made, old: the annotation version that is written, and the one before it.
        back: as in tasks.settle.
    """
    now_ms = world.now_ms()
    state.updated_at = now_ms
    config = configs.load(world, project["id"], project["config_version"])
    bodies = versions.newest_labels(world, state, but=made["id"] if made else 0)
    if made is not None:
        bodies.append(made)
    found, stored = consensus.decide(world, config, project, state, bodies, task["data"], before=before)
    change = Change(world, caller, project, config, task, action, before, state, made, old, bodies, found)
    try:
        world.records.transact([*operations, *stored, *effects.operations(change, now_ms, back=back)])
    except Conflict:
        return None
    effects.after_commit(change)
    return change
