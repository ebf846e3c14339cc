"""Answers as pages draw them: the engine's own view of everybody's results over the data, and of the consensus."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from chalicelib import consensus, keys, migration
from chalicelib.configs import Config
from chalicelib.envelope import view_of
from chalicelib.tasks import State
from chalicelib.world import World

_Body = Mapping[str, Any]


def answer(
    world: World,
    project_id: int,
    config: Config,
    task: _Body,
    body: _Body,
    person: _Body | None,
    *,
    whole: bool = False,
) -> dict[str, Any]:
    """
    One annotation, read under `config`.

    Args:
        person: `{"id", "name"}`, or None to show nobody's name.
        whole: with its results, for whoever may take them over.
    """
    seen = migration.of_body(world, project_id, body, config.version)
    members = ("id", "version", "lead_time", "created_at", "updated_at", "was_cancelled", "config_version")
    return {
        **{name: body[name] for name in members},
        **({"person": dict(person)} if person is not None else {}),
        "view": view_of(config, task["data"], seen.result),
        **({"result": seen.result} if whole else {}),
        **({"orphans": seen.orphans} if seen.orphans else {}),
    }


def agreement(
    world: World,
    project: _Body,
    config: Config,
    task: _Body,
    state: State,
    bodies: Sequence[_Body],
    *,
    details: bool = False,
) -> dict[str, Any] | None:
    """
    The consensus of the answers that count, with its view; None when there is none.

    Args:
        details: pairs name the regions that differ; made anew for that, else the stored one is given.
    """
    counting = consensus.counted(state, bodies)
    if not counting:
        return None
    record = None if details else world.records.get(*keys.consensus(state.task))
    if record is not None:
        found = dict(record.body)
    else:
        read = migration.bodies(world, project["id"], counting, config.version)
        found = consensus.of_project(world, project, config, read, task["data"], details=details)
    return {**found, "view": view_of(config, task["data"], found["result"])}
