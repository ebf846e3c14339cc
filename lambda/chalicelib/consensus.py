"""The consensus row of a task, made again from the newest version of every annotation whenever one of them changes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from chalicelib import keys, migration
from chalicelib.configs import Config
from chalicelib.storage.ports import Delete, Operation, Put
from chalicelib.tasks import State, purpose_of
from chalicelib.world import World


def decide(
    world: World,
    config: Config,
    project: Mapping[str, Any],
    state: State,
    annotations: Iterable[Mapping[str, Any]],
    data: Mapping[str, Any],
) -> tuple[dict[str, Any] | None, list[Operation]]:
    """
    Set agreement and verdict of `state` from its annotations; gives the consensus and the operation that stores it.

    One annotation alone agrees with itself: no row is written for it, readers compute it when somebody looks.

    Args:
        annotations: bodies of the newest version of each annotation of the task.
        data: the task's data, which a config may repeat controls for.
    """
    counting = [a for a in annotations if not a["was_cancelled"] and purpose_of(a) == "label"]
    if len(counting) < 2:
        state.agreement, state.verdict = None, "agreed"
        is_first = len(state.annotations) == 1 and state.annotations[0]["version"] == 1
        return None, [] if is_first else [Delete(*keys.consensus(state.task))]
    found = compute(config, migration.bodies(world, project["id"], counting, config.version), data)
    judge(project, state, found)
    return found, [Put(*keys.consensus(state.task), found)]


def compute(config: Config, annotations: Iterable[Mapping[str, Any]], data: Mapping[str, Any]) -> dict[str, Any]:
    from labeling import consensus

    found: dict[str, Any] = consensus.compute(
        config.plan, [dict(a) for a in annotations], index=config.index, data=data
    )
    return found


def judge(project: Mapping[str, Any], state: State, found: Mapping[str, Any]) -> None:
    """Whether these people agree, whatever the number that is wanted."""
    from labeling import consensus

    state.agreement = found["agreement"]
    verdict = consensus.decide(dict(found), 1, project["agreement_threshold"])
    state.verdict = "disagree" if verdict == "disagree" else "agreed"
