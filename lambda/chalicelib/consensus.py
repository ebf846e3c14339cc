"""The consensus row of a task, made again from the newest version of every annotation whenever one of them changes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from chalicelib import keys, migration, settings
from chalicelib.configs import Config
from chalicelib.storage.ports import Delete, Operation, Put
from chalicelib.tasks import State
from chalicelib.world import World


def decide(
    world: World,
    config: Config,
    project: Mapping[str, Any],
    state: State,
    annotations: Iterable[Mapping[str, Any]],
    data: Mapping[str, Any],
    *,
    before: State | None = None,
) -> tuple[dict[str, Any] | None, list[Operation]]:
    """
    Set agreement and verdict of `state` from its annotations; gives the consensus and the operation that stores it.

    One annotation alone agrees with itself: no row is written for it, readers compute it when somebody looks. While an
    annotation is sent back to its person, it does not count and the verdict is open (`working`).

    Args:
        annotations: bodies of the newest version of each annotation of the task.
        data: the task's data, which a config may repeat controls for.
        before: the state as it was, where annotations may have gone since.
    """
    counting = counted(state, annotations)
    if len(counting) < 2:
        state.agreement, state.verdict = None, "working" if sent_back(state) else "agreed"
        is_first = len(state.annotations) == 1 and state.annotations[0]["version"] == 1
        is_first = is_first and not (before is not None and before.annotations)
        return None, [] if is_first else [Delete(*keys.consensus(state.task))]
    found = of_project(world, project, config, migration.bodies(world, project["id"], counting, config.version), data)
    judge(project, state, found)
    return found, [Put(*keys.consensus(state.task), found)]


def counted(state: State, annotations: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Bodies of the annotations that the consensus is made of: no skips, nothing discarded, nothing sent back."""
    out = sent_back(state)
    wanted = {a["id"] for a in state.labels() if not a["cancelled"] and a is not out}
    return [body for body in annotations if body["id"] in wanted]


def sent_back(state: State) -> dict[str, Any] | None:
    """The entry that a reviewer sent back to its person and that has not come back: no newer version is there."""
    sent = state.review.get("sent") or {}
    wanted = (sent.get("annotation"), sent.get("version"))
    return next((a for a in state.annotations if (a["id"], a["version"]) == wanted and not a.get("discarded")), None)


def of_project(
    world: World,
    project: Mapping[str, Any],
    config: Config,
    annotations: Iterable[Mapping[str, Any]],
    data: Mapping[str, Any],
    *,
    details: bool = False,
) -> dict[str, Any]:
    """With the project's weights of controls and, if it wants them, of people. Results must be read under `config`."""
    rules = settings.of(project, "consensus")
    people = None
    if rules["by_person"]:
        from chalicelib import quality  # which scores answers by their consensus with the known one

        people = quality.weights(world, project)
    return compute(config, annotations, data, weights=rules["weights"], people=people, details=details)


def compute(
    config: Config,
    annotations: Iterable[Mapping[str, Any]],
    data: Mapping[str, Any],
    *,
    weights: Mapping[str, float] | None = None,
    people: Mapping[int, float] | None = None,
    details: bool = False,
) -> dict[str, Any]:
    """`labeling.consensus.compute`. `details`: pairs name the regions that were matched, renamed, missing and extra."""
    from labeling import consensus

    found: dict[str, Any] = consensus.compute(
        config.plan,
        [dict(a) for a in annotations],
        weights=weights or None,
        index=config.index,
        data=data,
        people=people or None,
        details=details,
    )
    return found


def judge(project: Mapping[str, Any], state: State, found: Mapping[str, Any]) -> None:
    """Whether these people agree, as a whole and in each control with a threshold; not whether they are enough."""
    from labeling import consensus

    state.agreement = found["agreement"]
    verdict = consensus.decide(dict(found), 1, project["agreement_threshold"])
    thresholds = settings.of(project, "consensus")["thresholds"]
    low = any(
        said["agreement"] is not None and said["agreement"] < thresholds[name] - 1e-9
        for name, said in found["controls"].items()
        if name in thresholds
    )
    if sent_back(state):
        state.verdict = "working"
    else:
        state.verdict = "disagree" if low or verdict == "disagree" else "agreed"
