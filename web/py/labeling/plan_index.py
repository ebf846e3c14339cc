"""The plan's JSON as typed, looked-up parts: what the other modules ask instead of walking the plan.

A plan comes from the compiler and is trusted, but not blindly: a part that this engine cannot run raises PlanError.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias, get_args

from labeling import reading
from labeling.problems import PlanError

PLAN_VERSION = 1

ObjectType: TypeAlias = Literal["image", "text"]
ControlType: TypeAlias = Literal["rectanglelabels", "labels", "choices", "textarea", "rating"]
ShapeKind: TypeAlias = Literal["rectangle", "span"]
Granularity: TypeAlias = Literal["symbol", "word", "sentence", "paragraph"]
ConditionKind: TypeAlias = Literal[
    "choice-selected", "choice-unselected", "region-selected", "no-region-selected", "value-is"
]

#: The kind of region on each type of object.
SHAPE_OF: Mapping[str, ShapeKind] = {"image": "rectangle", "text": "span"}
#: The kind of region that each type of control makes. Plain ``labels`` also label regions made by others.
MAKES: Mapping[str, ShapeKind] = {"rectanglelabels": "rectangle", "labels": "span"}


@dataclass(frozen=True, slots=True)
class Condition:
    """When a node is shown (reference, section 6)."""

    kind: ConditionKind
    tag: str | None = None
    labels: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Option:
    """A label or a choice. ``stored`` is what results hold."""

    value: str
    stored: str
    color: str = ""
    alias: str | None = None
    selected: bool = False
    max_usages: int | None = None
    granularity: Granularity | None = None
    children: tuple[Option, ...] = ()
    raw: Mapping[str, object] = field(default_factory=dict, compare=False, repr=False)


@dataclass(frozen=True, slots=True, eq=False)
class OptionTable:
    """Options in order, found by what results may hold: the stored text, else value or alias.

    ``paths`` and ``position`` are by stored text; nested options follow their parent.
    """

    options: tuple[Option, ...]
    by_name: Mapping[str, Option]
    paths: Mapping[str, tuple[str, ...]]
    position: Mapping[str, int]

    @classmethod
    def of(cls, options: tuple[Option, ...]) -> OptionTable:
        by_name: dict[str, Option] = {}
        paths: dict[str, tuple[str, ...]] = {}
        for path, option in _flat(options, ()):
            if option.stored not in paths:
                by_name[option.stored] = option
                paths[option.stored] = path
        for _, option in _flat(options, ()):
            by_name.setdefault(option.value, option)
        return cls(options, by_name, paths, {stored: place for place, stored in enumerate(paths)})

    def stored(self, name: str) -> str | None:
        """What results hold for *name*, or None if no option has that name."""
        option = self.by_name.get(name)
        return option.stored if option else None

    def ordered(self, names: tuple[str, ...]) -> tuple[str, ...]:
        """*names* in the order of the options; unknown ones last, as they came."""
        return tuple(sorted(names, key=lambda name: self.position.get(name, len(self.position))))


def _flat(options: tuple[Option, ...], above: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Option]]:
    for option in options:
        path = (*above, option.stored)
        yield path, option
        yield from _flat(option.children, path)


@dataclass(frozen=True, slots=True, eq=False)
class ObjectPart:
    name: str
    type: ObjectType
    value: Mapping[str, object] | None
    value_type: str
    encoding: str
    save_text: bool
    selection_enabled: bool
    granularity: Granularity


@dataclass(frozen=True, slots=True, eq=False)
class Control:
    """A control with every rule that the engine keeps; ``chain`` holds its own conditions and its ancestors'."""

    name: str
    tag: str
    type: ControlType
    to: tuple[str, ...]
    position: int
    required: bool
    required_message: str
    per_region: bool
    chain: tuple[Condition, ...]
    node: str | None
    table: OptionTable
    dynamic: Mapping[str, object] | None
    choice: str
    max_usages: int | None
    allow_empty: bool
    can_rotate: bool
    snap: str
    color: str | None
    allow_nested: bool
    value: Mapping[str, object] | None
    max_submissions: int | None
    editable: bool
    skip_duplicates: bool
    max_rating: int
    default_value: int
    raw: Mapping[str, object] = field(repr=False)

    @property
    def labels(self) -> bool:
        """Whether the control gives labels to regions (all others give answers)."""
        return self.type in MAKES


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """A node that can be hidden: because of its own or its ancestors' conditions, or as a per-region control."""

    key: str
    chain: tuple[Condition, ...]
    control: str | None


@dataclass(frozen=True, slots=True, eq=False)
class PlanIndex:
    raw: Mapping[str, object] = field(repr=False)
    sha: str
    objects: Mapping[str, ObjectPart]
    controls: Mapping[str, Control]
    controls_of: Mapping[str, tuple[Control, ...]]
    region_controls: tuple[Control, ...]
    nodes: tuple[Node, ...]
    tree: tuple[Mapping[str, object], ...]


def index(plan: Mapping[str, object] | PlanIndex) -> PlanIndex:
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
    objects = {part.name: part for part in map(_object, _rows(plan, "objects"))}
    controls: dict[str, Control] = {}
    for position, row in enumerate(_rows(plan, "controls")):
        control = _control(row, position, at_node.get(str(row.get("name"))))
        if unknown := [name for name in control.to if name not in objects]:
            raise PlanError(f"control {control.name!r} points to {unknown[0]!r}, which is no object of the plan")
        controls[control.name] = control
    nodes = []
    for node, chain in tree:
        owner = controls.get(str(node.get("name"))) if node.get("node") == "control" else None
        chain = owner.chain if owner else chain
        if chain or (owner and owner.per_region):
            nodes.append(Node(str(node.get("key")), chain, owner.name if owner else None))
    return PlanIndex(
        raw=plan,
        sha=str(plan.get("config_sha256", "")),
        objects=objects,
        controls=controls,
        controls_of={name: tuple(c for c in controls.values() if name in c.to) for name in objects},
        region_controls=tuple(c for c in controls.values() if c.per_region and not c.labels),
        nodes=tuple(nodes),
        tree=tuple(node for node, _ in tree),
    )


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


def condition(row: object) -> Condition | None:
    if row is None:
        return None
    found = reading.mapping(row) or {}
    kind = found.get("kind")
    if kind not in get_args(ConditionKind):
        raise PlanError(f"unknown kind of condition {kind!r}")
    return Condition(
        kind,  # type: ignore[arg-type]
        reading.text(found.get("tag")),
        reading.strings(found.get("labels")) or (),
        reading.strings(found.get("choices")) or (),
    )


def option(row: Mapping[str, object]) -> Option:
    """An option of the plan, or one made from the task's data in the same form."""
    value = str(row.get("value", ""))
    children = row.get("children")
    return Option(
        value=value,
        stored=str(row.get("stored", value)),
        color=str(row.get("color") or ""),
        alias=reading.text(row.get("alias")),
        selected=row.get("selected") is True,
        max_usages=reading.whole(row.get("max_usages")),
        granularity=_granularity(row.get("granularity"), None),
        children=tuple(option(child) for child in children) if isinstance(children, list) else (),
        raw=row,
    )


def _granularity(value: object, default: Granularity | None) -> Granularity | None:
    return value if value in get_args(Granularity) else default  # type: ignore[return-value]


def _object(row: Mapping[str, object]) -> ObjectPart:
    kind = row.get("type")
    if kind not in get_args(ObjectType):
        raise PlanError(f"unknown type of object {kind!r}")
    return ObjectPart(
        name=str(row.get("name", "")),
        type=kind,  # type: ignore[arg-type]
        value=reading.mapping(row.get("value")),
        value_type=str(row.get("value_type") or "text"),
        encoding=str(row.get("encoding") or "none"),
        save_text=row.get("save_text") is not False,
        selection_enabled=row.get("selection_enabled") is not False,
        granularity=_granularity(row.get("granularity"), "symbol") or "symbol",
    )


def _control(
    row: Mapping[str, object], position: int, placed: tuple[Mapping[str, object], tuple[Condition, ...]] | None
) -> Control:
    kind = row.get("type")
    if kind not in get_args(ControlType):
        raise PlanError(f"unknown type of control {kind!r}")
    node, chain = placed or ({}, ())
    own = condition(row.get("when"))
    if own and own not in chain:
        chain = (*chain, own)
    options = row.get("options")
    return Control(
        name=str(row.get("name", "")),
        tag=str(row.get("tag", "")),
        type=kind,  # type: ignore[arg-type]
        to=reading.strings(row.get("to")) or (),
        position=position,
        required=row.get("required") is True,
        required_message=reading.text(row.get("required_message")) or "",
        per_region=row.get("per_region") is True and kind not in MAKES,
        chain=chain,
        node=reading.text(node.get("key")),
        table=OptionTable.of(tuple(option(entry) for entry in options) if isinstance(options, list) else ()),
        dynamic=reading.mapping(row.get("dynamic")),
        choice=str(row.get("choice") or "single"),
        max_usages=reading.whole(row.get("max_usages")),
        allow_empty=row.get("allow_empty") is True,
        can_rotate=row.get("can_rotate") is not False,
        snap=str(row.get("snap") or "none"),
        color=reading.text(row.get("fill_color")) or reading.text(row.get("stroke_color")),
        allow_nested=row.get("allow_nested") is True,
        value=reading.mapping(row.get("value")),
        max_submissions=reading.whole(row.get("max_submissions")),
        editable=row.get("editable") is True or row.get("transcription") is True,
        skip_duplicates=row.get("skip_duplicates") is True,
        max_rating=reading.whole(row.get("max_rating")) or 5,
        default_value=reading.whole(row.get("default_value")) or 0,
        raw=row,
    )
