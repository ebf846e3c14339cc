"""The plan's JSON as typed, looked-up parts: what the other modules ask instead of walking the plan.

A plan comes from the compiler and is trusted, but not blindly: a part that this engine cannot run raises PlanError.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from labeling import plan_reading, repeat
from labeling.plan_parts import (
    Condition,
    ConditionKind,
    Control,
    ControlType,
    Granularity,
    Node,
    ObjectPart,
    ObjectType,
    Option,
    OptionTable,
    RelationLabels,
    ShapeKind,
)
from labeling.plan_reading import condition, option
from labeling.problems import PlanError, Problem

__all__ = [
    "PLAN_VERSION", "Condition", "ConditionKind", "Control", "ControlType", "Granularity", "Node", "ObjectPart",
    "ObjectType", "Option", "OptionTable", "PlanIndex", "RelationLabels", "ShapeKind", "condition", "for_task",
    "index", "option",
]  # fmt: skip

PLAN_VERSION = 1


@dataclass(frozen=True, slots=True, eq=False)
class PlanIndex:
    """``makers`` by object: controls that make regions there, in order. ``repeats``: a Repeater waits for its data.

    ``problems``: what could not be made of a Repeater for this task.
    """

    raw: Mapping[str, object] = field(repr=False)
    sha: str
    objects: Mapping[str, ObjectPart]
    controls: Mapping[str, Control]
    controls_of: Mapping[str, tuple[Control, ...]]
    makers: Mapping[str, tuple[Control, ...]]
    region_controls: tuple[Control, ...]
    nodes: tuple[Node, ...]
    tree: tuple[Mapping[str, object], ...]
    relations: RelationLabels | None
    rules: tuple[Mapping[str, object], ...]
    repeats: bool
    problems: tuple[Problem, ...] = ()


def index(plan: Mapping[str, object] | PlanIndex, problems: tuple[Problem, ...] = ()) -> PlanIndex:
    """The index of *plan*; an index comes back as it is, so that callers may keep one.

    Raises:
        PlanError: the plan has another version, or a part of a kind that this engine does not know.
    """
    if isinstance(plan, PlanIndex):
        return plan
    if not isinstance(plan, Mapping):
        raise PlanError("a plan is a JSON object")
    if plan.get("plan") != PLAN_VERSION:
        raise PlanError(f"this engine runs plans of version {PLAN_VERSION}, this one says {plan.get('plan')!r}")
    tree = tuple(_walk(plan.get("tree"), (), ()))
    at_node = {str(node["name"]): (node, chain) for node, chain in tree if node.get("node") == "control"}
    objects = {part.name: part for part in map(plan_reading.object_part, _rows(plan, "objects"))}
    controls: dict[str, Control] = {}
    for position, row in enumerate(_rows(plan, "controls")):
        control = plan_reading.control(row, position, at_node.get(str(row.get("name"))))
        if unknown := [name for name in control.to if name not in objects]:
            raise PlanError(f"control {control.name!r} points to {unknown[0]!r}, which is no object of the plan")
        controls[control.name] = control
    nodes = []
    for node, chain in tree:
        owner = controls.get(str(node.get("name"))) if node.get("node") == "control" else None
        chain = owner.chain if owner else chain
        if chain or (owner and owner.per_region):
            nodes.append(Node(str(node.get("key")), chain, owner.name if owner else None))
    controls_of = {name: tuple(c for c in controls.values() if name in c.to) for name in objects}
    return PlanIndex(
        raw=plan,
        sha=str(plan.get("config_sha256", "")),
        objects=objects,
        controls=controls,
        controls_of=controls_of,
        makers={name: tuple(c for c in group if c.makes(objects[name])) for name, group in controls_of.items()},
        region_controls=tuple(c for c in controls.values() if c.per_region),
        nodes=tuple(nodes),
        tree=tuple(node for node, _ in tree),
        relations=plan_reading.relations(plan.get("relations")),
        rules=tuple(_rows(plan, "rules")) if "rules" in plan else (),
        repeats=any(node.get("node") == "repeater" and "on" in node for node, _ in tree),
        problems=problems,
    )


def for_task(plan: Mapping[str, object] | PlanIndex, data: object) -> PlanIndex:
    """The index of the plan of one task: Repeaters are expanded by its *data*. Without a Repeater: that of *plan*.

    Raises:
        PlanError: as ``index``.
    """
    given = index(plan)
    if not given.repeats:
        return given
    made = repeat.expansion(given.raw, data if isinstance(data, Mapping) else {})
    return index(made.plan, made.problems)


def _rows(plan: Mapping[str, object], member: str) -> list[Mapping[str, object]]:
    rows = plan.get(member)
    if not isinstance(rows, list) or not all(isinstance(row, Mapping) for row in rows):
        raise PlanError(f"the plan's {member!r} is not a list of objects")
    return rows


def _walk(
    node: object, chain: tuple[Condition, ...], path: tuple[int, ...]
) -> Iterator[tuple[Mapping[str, object], tuple[Condition, ...]]]:
    if not isinstance(node, Mapping):
        raise PlanError(f"the plan's tree has something at {list(path)} that is no node")
    own = condition(node.get("when"))
    chain = (*chain, own) if own else chain
    yield node, chain
    children = node.get("children")
    for place, child in enumerate(children if isinstance(children, list) else ()):
        yield from _walk(child, chain, (*path, place))
