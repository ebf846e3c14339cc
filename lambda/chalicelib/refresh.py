"""A task's consensus, listing and counters made again, after something else than a submit changed its annotations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chalicelib import configs, consensus, reviews, versions
from chalicelib.storage.ports import Operation
from chalicelib.tasks import State, settle
from chalicelib.world import World


def operations(
    world: World,
    project: Mapping[str, Any],
    task: Mapping[str, Any],
    before: State,
    after: State,
    *,
    made: Mapping[str, Any] | None = None,
    back: bool = False,
) -> list[Operation]:
    """
    Args:
        before: as read. after: with its annotations as they will be; the rest of it is set here.
        made: the version of an annotation that is written in the same transaction, if one is.
        back: as in `tasks.settle`.
    """
    config = configs.load(world, project["id"], project["config_version"])
    bodies = versions.newest_labels(world, after, but=made["id"] if made else 0)
    if made is not None:
        bodies.append(dict(made))
    now_ms = world.now_ms()
    after.updated_at = now_ms
    _, stored = consensus.decide(world, config, project, after, bodies, task["data"], before=before)
    reviews.follow(world, project, after, now_ms)
    return [*stored, *settle(before, after, project, now_ms, back=back)]
