"""Tasks with a known answer: what it is, where they are listed, how like it another answer is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import fsum
from typing import Any, Final, Literal, get_args

from chalicelib import keys, migration
from chalicelib.configs import Config
from chalicelib.storage.ports import Delete, Operation, Put, Record
from chalicelib.world import World

Kind = Literal["gold", "attention", "warm_up"]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
_Body = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Known:
    """A task's known answer.

    kind: what the task is given out for. answer: the newest version of the annotation that is right, as stored. remark:
    what the owner tells people about it after a warm-up; may be empty. listed: the sk of the task's row in the list.
    """

    kind: str
    answer: _Body
    remark: str
    listed: str


def of_task(world: World, task_id: int) -> Known | None:
    row = world.records.get(*keys.known_answer(task_id))
    if row is None:
        return None
    record = world.records.get(*keys.annotation(row.body["annotation"], row.body["version"]))
    return None if record is None else read(row, record)


def read(row: Record, answer: Record) -> Known:
    return Known(row.body["kind"], answer.body, row.body["remark"], row.body["listed"])


def listing(task: _Body, kind: str, answer: _Body, remark: str, at_ms: int) -> list[Operation]:
    """The two rows that make a task one with a known answer; its state row says so too (`state.gold`)."""
    listed = keys.gold(task["project"], kind, at_ms, task["id"])
    row = {"kind": kind, "annotation": answer["id"], "version": answer["version"], "remark": remark}
    return [
        Put(*keys.known_answer(task["id"]), {**row, "task": task["id"], "listed": listed[1]}),
        Put(*listed, {"task": task["id"], "inner": task["inner_id"], "kind": kind}),
    ]


def unlisting(task: _Body, known: Known) -> list[Operation]:
    return [Delete(*keys.known_answer(task["id"])), Delete(keys.gold_list(task["project"]), known.listed)]


def imported_kind(task: _Body) -> str:
    """The kind that an imported task asks for by `meta.gold`: true, or one of the kinds; empty otherwise."""
    meta = task.get("meta")
    said = meta.get("gold") if isinstance(meta, dict) else None
    return "gold" if said is True else said if said in KINDS else ""


def imported(task: _Body, bodies: Sequence[_Body]) -> _Body | None:
    """The annotation that makes an imported task one with a known answer."""
    if not imported_kind(task):
        return None
    return next((body for body in bodies if body["ground_truth"] and not body["was_cancelled"]), None)


def score(
    world: World, project_id: int, config: Config, data: _Body, known: _Body, answer: _Body
) -> tuple[float | None, str | None]:
    """
    How like the known answer another answer is: 0..1, or None and why there is no number.

    The mean, over the controls that either of them answers, of the agreement of the two (docs/consensus.md says how
    each control is compared). A control that only one of them answers scores 0: leaving a known answer out is wrong.
    Two empty answers are equal, 1.

    Args:
        known, answer: annotations' bodies; their results are read as the config reads them.
    """
    from labeling import consensus

    asked = [{**body, "id": place} for place, body in enumerate((known, answer), 1)]
    both = migration.bodies(world, project_id, asked, config.version)
    found = consensus.compute(config.plan, both, index=config.index, data=data)
    said = [{row.get("from_name") for row in body["result"] if isinstance(row, dict)} for body in both]
    scores: list[float] = []
    for name, control in found["controls"].items():
        said_by = [name in names for names in said]
        if control["metric"] is None or not any(said_by):
            continue
        if control["agreement"] is not None:
            scores.append(control["agreement"])
        elif not all(said_by):
            scores.append(0.0)
    if scores:
        return fsum(scores) / len(scores), None
    if not any(said):
        return 1.0, None
    return None, "no control of this task can be compared"
