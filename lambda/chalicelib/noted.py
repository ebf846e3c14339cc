"""What a project's record says about its rows elsewhere, so that requests need not look for rows that cannot be there.

`assigns`: tasks are assigned to people. `watched`: somebody has a standing. `sends_back`: a reviewer sent work back.
`comments`: somebody has commented on a task.
"""

from __future__ import annotations

import contextlib
from typing import Literal

from chalicelib import keys
from chalicelib.storage.ports import Conflict, Put
from chalicelib.world import World

TRIES = 64


def note(world: World, project_id: int, what: Literal["assigns", "watched", "sends_back", "comments"]) -> None:
    """
    Note it for good; to be called before the first such row is written.

    Raises:
        Conflict: the record kept changing.
    """
    for _ in range(TRIES):
        record = world.records.get(*keys.project(project_id))
        if record is None or record.body.get(what):
            return
        with contextlib.suppress(Conflict):
            world.records.transact([Put(record.pk, record.sk, {**record.body, what: True}, expect=record.version)])
            return
    raise Conflict(*keys.project(project_id), expected=0, found=0)
