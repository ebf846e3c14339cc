"""Stored results to regions, answers and relations. Reading foreign data returns both halves: one bad result loses no
other.

Rows of one region share an id: each brings labels or an answer and a copy of the geometry. loading_rows.py reads them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from labeling import plan_index, reading
from labeling.geometry import Size
from labeling.loading_rows import Row, RowReader
from labeling.model import (
    Answer,
    Itemized,
    Kept,
    Origin,
    Paths,
    Picked,
    Rated,
    Refused,
    Region,
    Relation,
    Texts,
)
from labeling.plan_index import Control, OptionTable, PlanIndex, ShapeKind
from labeling.problems import problem
from labeling.spans import TextDoc

_NOTHING = Kept()
_EMPTY = (Picked(()), Texts(()), Rated(0), Paths(()))
#: Members of a result that the engine knows, of answers of whole objects and of regions.
_KNOWN = frozenset({"id", "from_name", "to_name", "type", "value", "origin", "readonly", "suggestion"})
_KNOWN_REGION = _KNOWN | {"score", "hidden", "locked", "parentID", "meta", "normalization"}
#: On images these are written anew.
_KNOWN_PICTURE = _KNOWN_REGION | {"original_width", "original_height", "image_rotation"}
_RELATION = frozenset({"type", "from_id", "to_id", "direction", "labels"})
_DIRECTIONS = ("right", "left", "bi")
#: Members of a result from which nothing but a region's shape, labels, score and size are read.
_PLAIN = frozenset(
    {"id", "from_name", "to_name", "type", "value", "origin", "score", "original_width", "original_height"}
)
_PLAIN_PICTURE = _PLAIN | {"image_rotation"}


@dataclass(frozen=True, slots=True)
class Loaded:
    """``refused`` results could not be read; they are to be written back unchanged."""

    regions: tuple[Region, ...] = ()
    answers: Mapping[str, Answer] = field(default_factory=dict)
    refused: tuple[Refused, ...] = ()
    relations: tuple[Relation, ...] = ()


def load(
    plan: Mapping[str, object] | PlanIndex,
    result: object,
    *,
    tables: Mapping[str, OptionTable] | None = None,
    docs: Mapping[str, TextDoc] | None = None,
    phrases: Mapping[str, tuple[str, ...]] | None = None,
    origin: Origin = "manual",
) -> Loaded:
    """
    Args:
        plan: of the task: with a Repeater, ``plan_index.for_task``.
        result: a list of results as stored, or its JSON text. Anything else is refused as a whole.
        tables: options per control with those of the task's data; default: the plan's.
        docs, phrases: texts and conversations by object, for the range of offsets; others are taken as they are.
        origin: of results that do not say where they come from.
    """
    index = plan_index.index(plan)
    if isinstance(result, str):
        result = reading.json_text(result)
    if result is None:
        return Loaded()
    if not isinstance(result, list | tuple):
        return Loaded(refused=(Refused(result, problem("not-a-list", "results are a list", "results")),))
    taken = {row["id"] for row in result if isinstance(row, Mapping) and isinstance(row.get("id"), str)}
    held = tables or {name: control.table for name, control in index.controls.items()}
    reader = RowReader(index, held, docs or {}, phrases or {}, taken)
    rows: list[Row] = []
    links: list[tuple[int, Mapping[str, object]]] = []
    refused: list[Refused] = []
    for number, raw in enumerate(result, 1):
        if isinstance(raw, dict) and raw.get("type") == "relation":
            links.append((number, raw))
            continue
        row = reader.row(number, raw)
        if isinstance(row, Row):
            rows.append(row)
        else:
            refused.append(Refused(raw, row))
    regions, answers, orphans = _assemble(index, rows, origin)
    relations, loose = _relations(links, {region.id for region in regions})
    return Loaded(tuple(regions), answers, (*refused, *orphans, *loose), tuple(relations))


def _assemble(
    index: PlanIndex, rows: list[Row], origin: Origin
) -> tuple[list[Region], dict[str, Answer], list[Refused]]:
    groups: dict[str, dict[str, Row]] = {}
    answers: dict[str, Answer] = {}
    for row in rows:
        if row.answer is None or row.control.per_region:
            # The same control twice on one id: the last one wins, at the first one's place.
            groups.setdefault(row.id, {})[row.control.name] = row
        else:
            _put(answers, row, origin)
    regions: list[Region] = []
    refused: list[Refused] = []
    for name, group in groups.items():
        region = None
        if len(group) == 1:
            [row] = group.values()
            region = _plain_region(index, row, len(regions) + 1, origin)
            if region is not None:
                regions.append(region)
                continue
        region = _region(index, name, list(group.values()), len(regions) + 1, origin)
        if region is None:
            message = "an answer for a region, but no result has the region"
            refused += [Refused(row.raw, problem("no-region", message, f"region {name}")) for row in group.values()]
            continue
        regions.append(region)
        for row in group.values():
            if row.object != region.object:
                message = f"region {name} is on {region.object} already"
                refused.append(Refused(row.raw, problem("two-objects", message, f"region {name}")))
    order = {control: position for position, control in enumerate(index.controls)}
    return regions, dict(sorted(answers.items(), key=lambda item: order[item[0]])), refused


def _put(answers: dict[str, Answer], row: Row, origin: Origin) -> None:
    """The last answer of a control wins; of one for pages, the last of each page."""
    name, value = row.control.name, row.answer
    assert value is not None
    readonly = row.raw.get("readonly") is True
    given = Answer(row.id, value, row.object, _origin(row.raw, origin), readonly, _kept(row, region=False))
    undecided = row.raw.get("suggestion") is True
    if not row.control.per_item:
        given = replace(given, suggestion=undecided)
        answers.pop(name, None)
        if value not in _EMPTY:
            answers[name] = given
        return
    # Of pages all answers are one suggestion.
    undecided = undecided or (name in answers and answers[name].suggestion)
    items = dict(answers[name].items) if name in answers else {}
    items.pop(row.item, None)
    if value not in _EMPTY:
        items[row.item] = given
    answers.pop(name, None)
    if items:
        held = dict(sorted(items.items()))
        first = next(iter(held.values()))
        answers[name] = Answer(first.id, Itemized(), row.object, first.origin, items=held, suggestion=undecided)


def _plain_region(index: PlanIndex, row: Row, n: int, origin: Origin) -> Region | None:
    """What ``_region`` makes of one result with nothing unusual in it, in a third of its time; else None."""
    raw, control = row.raw, row.control
    part = index.objects[row.object]
    if row.shape is None or row.answer is not None or part.pages or part.type != "image":
        return None
    if not raw.keys() <= _PLAIN_PICTURE or raw.get("image_rotation") or control.makes(part) is None:
        return None
    value = raw["value"]
    score = raw.get("score")
    if not isinstance(value, dict) or not value.keys() <= row.read or control.answers:
        return None
    if score is not None and reading.number(score) is None:
        return None
    wide, high = reading.number(raw.get("original_width")), reading.number(raw.get("original_height"))
    size = Size(wide, high) if wide and high and wide > 0 and high > 0 else None
    came = _origin(raw, origin)
    return Region(
        row.id, n, row.object, control.name, row.shape, row.labels, origin=came, score=reading.number(score), size=size
    )


def _region(index: PlanIndex, name: str, rows: list[Row], n: int, origin: Origin) -> Region | None:
    """The region of all *rows*; its shape and marks are those of the row that made it."""
    first = rows[0]
    if len(rows) > 1 or first.control.answers:
        makers = [row for row in rows if not row.control.answers and row.control.makes(index.objects[row.object])]
        marking = [row for row in rows if row.control.labeling]
        first = (makers or [row for row in rows if not row.control.answers] or marking or rows)[0]
        rows = [row for row in rows if row.object == first.object]
    part = index.objects[first.object]
    shape = first.shape or next((row.shape for row in rows if row.shape is not None), None)
    if shape is None:
        return None
    owner = first.control.name if _owns(first.control, part) else _fitting(index, part.name, shape.kind)
    if owner is None:
        return None
    answers = {
        row.control.name: Answer(name, row.answer, row.object, _origin(row.raw, origin), kept=_kept(row))
        for row in rows
        if row.answer is not None
    }
    picture = part.type == "image"
    wide, high = reading.number(first.raw.get("original_width")), reading.number(first.raw.get("original_height"))
    labels = dict(first.labels)
    if len(rows) > 1:
        labels = {name: given for row in rows for name, given in row.labels.items()}
    item = reading.whole(first.raw.get("item_index")) if part.pages else None
    kept = {row.control.name: _kept(row, own=row is first, picture=picture, paged=part.pages) for row in rows}
    return Region(
        id=name,
        n=n,
        object=first.object,
        control=owner,
        shape=shape,
        labels=labels,
        answers=answers,
        origin=_origin(first.raw, origin),
        score=reading.number(first.raw.get("score")),
        note=note_of(first.raw),
        hidden=any(row.raw.get("hidden") is True for row in rows),
        locked=any(row.raw.get("locked") is True for row in rows),
        readonly=any(row.raw.get("readonly") is True for row in rows),
        suggestion=any(row.raw.get("suggestion") is True for row in rows),
        parent=next((parent for row in rows if (parent := reading.text(row.raw.get("parentID")))), None),
        size=Size(wide, high) if picture and wide and high and wide > 0 and high > 0 else None,
        item=max(item, 0) if item is not None else (0 if part.pages else None),
        kept={control: held for control, held in kept.items() if held is not _NOTHING},
    )


def _owns(control: Control, part: plan_index.ObjectPart) -> bool:
    """Whether regions of this control's results are its own; of Labels beside a shape they are the shape's."""
    return (not control.answers or control.labeling) and control.makes(part) is not None


def _fitting(index: PlanIndex, object_name: str, kind: ShapeKind) -> str | None:
    """The control that makes such regions, for those known only by an answer or a label."""
    part = index.objects[object_name]
    return next((c.name for c in index.makers[object_name] if c.makes(part) == kind), None)


def _relations(
    links: list[tuple[int, Mapping[str, object]]], regions: set[str]
) -> tuple[list[Relation], list[Refused]]:
    made: dict[tuple[str, str], Relation] = {}
    refused: list[Refused] = []
    for number, raw in links:
        start, end = reading.text(raw.get("from_id")) or "", reading.text(raw.get("to_id")) or ""
        where = f"result {number} (relation)"
        if start not in regions or end not in regions:
            message = f"no region {end if start in regions else start!r:.60} is there to relate"
            refused.append(Refused(raw, problem("unknown-region", message, where, "the result is kept as it is")))
            continue
        labels = reading.strings(raw.get("labels"))
        kept = {name: held for name, held in raw.items() if name not in _RELATION}
        if labels is None and raw.get("labels") is not None:
            kept["labels"] = raw["labels"]
        elif labels == ():
            kept["labels"] = []
        direction = raw.get("direction")
        relation = Relation(start, end, direction if direction in _DIRECTIONS else "right", labels or (), kept)
        held = made.setdefault((start, end), relation)
        if held is not relation and held != relation:
            message = "the two regions are related already"
            refused.append(Refused(raw, problem("duplicate-relation", message, where, "the result is kept as it is")))
    return list(made.values()), refused


def _origin(raw: Mapping[str, object], default: Origin) -> Origin:
    match raw.get("origin"):
        case "manual" | "prediction" | "prediction-changed" as origin:
            return origin
        case _:
            return default


def note_of(raw: Mapping[str, object]) -> str:
    """``meta.text``, or what old results have in ``normalization``."""
    if "meta" not in raw and "normalization" not in raw:
        return ""
    meta = reading.mapping(raw.get("meta")) or {}
    given = meta.get("text", raw.get("normalization"))
    return "\n".join(reading.strings(given) or ())


def _kept(row: Row, *, region: bool = True, own: bool = False, picture: bool = True, paged: bool = False) -> Kept:
    """Members that the engine does not know. *own*: the row whose note and score became the region's."""
    raw = row.raw
    known = (_KNOWN_PICTURE if picture else _KNOWN_REGION) if region else _KNOWN
    members = {} if raw.keys() <= known else {key: held for key, held in raw.items() if key not in known}
    if region and picture and raw.get("image_rotation"):
        members["image_rotation"] = raw["image_rotation"]
    if row.control.per_item or paged:
        members.pop("item_index", None)
    if region:
        if not own and "normalization" in raw:
            members["normalization"] = raw["normalization"]
        meta = reading.mapping(raw.get("meta"))
        if meta and (not own or set(meta) != {"text"} or meta["text"] != [note_of(raw)]):
            members["meta"] = meta
        score = raw.get("score")
        if score is not None and not (own and reading.number(score) is not None):
            members["score"] = score
    value = reading.mapping(raw.get("value")) or {}
    more = {} if value.keys() <= row.read else {key: held for key, held in value.items() if key not in row.read}
    return Kept(members, more) if members or more else _NOTHING
