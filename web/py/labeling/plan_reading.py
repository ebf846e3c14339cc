"""Rows of the plan's JSON to typed parts. A part of a kind that this engine does not know raises PlanError."""

from __future__ import annotations

from collections.abc import Mapping
from typing import get_args

from labeling import reading
from labeling.plan_parts import (
    LABELS_TYPES,
    PLAIN_SHAPES,
    Condition,
    ConditionKind,
    Control,
    ControlType,
    Granularity,
    ObjectPart,
    ObjectType,
    Option,
    OptionTable,
    RelationLabels,
)
from labeling.problems import PlanError

_OBJECT_TYPES = frozenset(get_args(ObjectType))
_CONTROL_TYPES = frozenset(get_args(ControlType))
_GRANULARITIES = frozenset(get_args(Granularity))
_CONDITION_KINDS = frozenset(get_args(ConditionKind))


def condition(row: object) -> Condition | None:
    if row is None:
        return None
    found = reading.mapping(row) or {}
    kind = found.get("kind")
    if kind not in _CONDITION_KINDS:
        raise PlanError(f"unknown kind of condition {kind!r}")
    return Condition(
        kind,  # type: ignore[arg-type]
        reading.text(found.get("tag")),
        reading.strings(found.get("labels")) or (),
        reading.strings(found.get("choices")) or (),
        reading.text(found.get("role")),
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


def _options(rows: object) -> OptionTable:
    return OptionTable.of(tuple(option(entry) for entry in rows) if isinstance(rows, list) else ())


def _granularity(value: object, default: Granularity | None) -> Granularity | None:
    return value if value in _GRANULARITIES else default  # type: ignore[return-value]


def object_part(row: Mapping[str, object]) -> ObjectPart:
    kind = row.get("type")
    if kind not in _OBJECT_TYPES:
        raise PlanError(f"unknown type of object {kind!r}")
    return ObjectPart(
        name=str(row.get("name", "")),
        type=kind,  # type: ignore[arg-type]
        value=reading.mapping(row.get("data" if kind == "component" else "value")),
        value_type=str(row.get("value_type") or ("text" if kind in ("text", "hypertext") else "")),
        encoding=str(row.get("encoding") or "none"),
        save_text=row.get("save_text") is not False,
        selection_enabled=row.get("selection_enabled") is not False,
        granularity=_granularity(row.get("granularity"), "symbol") or "symbol",
        pages=row.get("pages") is True,
        raw=row,
    )


def control(
    row: Mapping[str, object], position: int, placed: tuple[Mapping[str, object], tuple[Condition, ...]] | None
) -> Control:
    """
    Args:
        placed: the control's node in the tree and the conditions on the way to it.
    """
    kind = row.get("type")
    if kind not in _CONTROL_TYPES:
        raise PlanError(f"unknown type of control {kind!r}")
    node, chain = placed or ({}, ())
    own = condition(row.get("when"))
    if own and own not in chain:
        chain = (*chain, own)
    asks = kind not in LABELS_TYPES and kind not in PLAIN_SHAPES
    labeling = kind == "taxonomy" and row.get("labeling") is True
    per_region = asks and (row.get("per_region") is True or labeling)
    buckets = row.get("buckets")
    named = [str(b.get("name")) for b in buckets if isinstance(b, Mapping)] if isinstance(buckets, list) else []
    default = reading.whole(row.get("default_value"))
    return Control(
        name=str(row.get("name", "")),
        tag=str(row.get("tag", "")),
        type=kind,  # type: ignore[arg-type]
        to=reading.strings(row.get("to")) or (),
        position=position,
        required=row.get("required") is True,
        required_message=reading.text(row.get("required_message")) or "",
        per_region=per_region,
        per_item=asks and row.get("per_item") is True and not per_region,
        chain=chain,
        node=reading.text(node.get("key")),
        table=_options(row.get("options")),
        dynamic=reading.mapping(row.get("dynamic")),
        choice=str(row.get("choice") or "single"),
        max_usages=reading.whole(row.get("max_usages")),
        allow_empty=row.get("allow_empty") is True,
        can_rotate=row.get("can_rotate") is not False,
        snap=str(row.get("snap") or "none"),
        color=reading.text(row.get("fill_color")) or reading.text(row.get("stroke_color")),
        allow_nested=row.get("allow_nested") is True,
        labeling=labeling,
        value=reading.mapping(row.get("value")),
        max_submissions=reading.whole(row.get("max_submissions")),
        editable=row.get("editable") is True or row.get("transcription") is True,
        skip_duplicates=row.get("skip_duplicates") is True,
        max_rating=reading.whole(row.get("max_rating")) or 5,
        default_value=default or 0,
        buckets=tuple(named),
        raw=row,
    )


def relations(row: object) -> RelationLabels | None:
    """The plan's Relations; None where the config has no such tag."""
    found = reading.mapping(row)
    if found is None:
        return None
    return RelationLabels(str(found.get("choice") or "single"), _options(found.get("options")))
