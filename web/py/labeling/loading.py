"""Stored results to regions and answers. Reading foreign data returns both halves: one bad result loses no other.

Rows of one region share an id: each brings labels or an answer and a copy of the geometry. The repairs are those of the
reference, section 29.4, and its advice: a bare string is a list of one, a missing ``to_name`` is the control's, results
may be JSON text, unknown labels stay, an unknown ``from_name`` goes to another control that fits.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from labeling import plan_index, reading
from labeling.geometry import Box, Shape, Size, Span
from labeling.model import Answer, AnswerValue, Choice, Kept, Origin, Picked, Rated, Refused, Region, Texts
from labeling.plan_index import MAKES, SHAPE_OF, Control, ObjectPart, OptionTable, PlanIndex
from labeling.problems import Problem, problem
from labeling.spans import TextDoc

#: Old names of types that are still read.
OLD_TYPES: Mapping[str, str] = {"htmllabels": "hypertextlabels"}
#: The member of ``value`` that each answer type has.
ANSWER_KEY: Mapping[str, str] = {"choices": "choices", "textarea": "text", "rating": "rating"}

#: Members of ``value`` that are the geometry, by what was made of them.
_SHAPE_KEYS: Mapping[type, frozenset[str]] = {
    Box: frozenset({"x", "y", "width", "height", "rotation"}),
    Span: frozenset({"start", "end", "text"}),
    type(None): frozenset(),
}
_NOTHING = Kept()
_KNOWN = frozenset(
    {
        "id", "from_name", "to_name", "type", "value", "origin", "score", "readonly", "hidden", "locked", "parentID",
        "meta", "normalization", "original_width", "original_height", "image_rotation",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Loaded:
    """``refused`` results could not be read; they are to be written back unchanged."""

    regions: tuple[Region, ...] = ()
    answers: Mapping[str, Answer] = field(default_factory=dict)
    refused: tuple[Refused, ...] = ()


@dataclass(frozen=True, slots=True)
class _Row:
    """One result, understood. ``shape`` is None for an answer without geometry."""

    raw: Mapping[str, object]
    id: str
    control: Control
    object: str
    shape: Shape | None
    labels: tuple[str, ...]
    answer: AnswerValue | None


def load(
    plan: Mapping[str, object] | PlanIndex,
    result: object,
    *,
    tables: Mapping[str, OptionTable] | None = None,
    docs: Mapping[str, TextDoc] | None = None,
    origin: Origin = "manual",
) -> Loaded:
    """
    Args:
        result: a list of results as stored, or its JSON text. Anything else is refused as a whole.
        tables: options per control with those of the task's data; default: the plan's.
        docs: texts by object, for the range of offsets; offsets in other texts are taken as they are.
        origin: of results that do not say where they come from.
    """
    index = plan_index.index(plan)
    if isinstance(result, str):
        result = reading.json_text(result)
    if result is None:
        return Loaded()
    if not isinstance(result, list | tuple):
        return Loaded(refused=(Refused(result, problem("not-a-list", "results are a list", "results")),))
    reader = _Reader(index, tables or {name: c.table for name, c in index.controls.items()}, docs or {}, result)
    rows: list[_Row] = []
    refused: list[Refused] = []
    for number, raw in enumerate(result, 1):
        row = reader.row(number, raw)
        if isinstance(row, _Row):
            rows.append(row)
        else:
            refused.append(Refused(raw, row))
    regions, answers, orphans = _assemble(index, rows, origin)
    return Loaded(tuple(regions), answers, (*refused, *orphans))


class _Reader:
    def __init__(
        self,
        index: PlanIndex,
        tables: Mapping[str, OptionTable],
        docs: Mapping[str, TextDoc],
        rows: list[object] | tuple[object, ...],
    ) -> None:
        self._index = index
        self._tables = tables
        self._docs = docs
        self._taken = {row["id"] for row in rows if isinstance(row, Mapping) and isinstance(row.get("id"), str)}

    def row(self, number: int, raw: object) -> _Row | Problem:
        where = f"result {number}"
        if not isinstance(raw, dict):
            return problem("bad-result", "a result is a JSON object", where)
        value = reading.mapping(raw.get("value"))
        made = self._understood(number, raw, value)
        if isinstance(made, _Row):
            return made
        code, message, control = made
        where = f"result {number} ({raw.get('from_name') or raw.get('type') or 'no control'!s:.40})"
        return problem(code, message, where, "the result is kept as it is", control=control)

    def _understood(
        self, number: int, raw: Mapping[str, object], value: Mapping[str, object] | None
    ) -> _Row | tuple[str, str, str | None]:
        """The row, or a problem's code and message, and the control that it is about."""
        found = self._control(raw, value)
        if found is None:
            message = f"no control of this config fits from_name {str(raw.get('from_name'))!r:.60}"
            return "unknown-control", message, None
        if value is None:
            return "bad-value", "the result has no value", found.name
        part = self._object(raw, found)
        if part is None:
            message = f"control {found.name!r} does not belong to object {raw.get('to_name')!r}"
            return "unknown-object", message, found.name
        shape = self._shape(part, value)
        row_id = reading.identifier(raw.get("id")) or self._made_id(number, raw.get("id"))
        if found.labels:
            if isinstance(shape, str):
                return "bad-shape", shape, found.name
            return _Row(raw, row_id, found, part.name, shape, self._labels(found, value), None)
        answer = self._answer(found, value)
        if answer is None:
            message = f"value.{ANSWER_KEY[found.type]} is missing or of a wrong type"
            return "bad-value", message, found.name
        known = shape if found.per_region and not isinstance(shape, str) else None
        return _Row(raw, row_id, found, part.name, known, (), answer)

    def _control(self, raw: Mapping[str, object], value: Mapping[str, object] | None) -> Control | None:
        """The control named, else the first other one of the type on that object (29.4)."""
        given = str(raw.get("type", ""))
        wanted = OLD_TYPES.get(given, given)
        named = self._index.controls.get(str(raw.get("from_name")))
        # The control fixes the type: another word in "type" is only wrong if the value is not the control's either.
        if named is not None and (named.type == wanted or (value is not None and _value_key(named) in value)):
            return named
        to_name = raw.get("to_name")
        for control in self._index.controls.values():
            if control.type == wanted and (to_name in control.to or to_name is None):
                return control
        return None

    def _object(self, raw: Mapping[str, object], control: Control) -> ObjectPart | None:
        to_name = raw.get("to_name")
        if isinstance(to_name, str) and to_name in control.to:
            return self._index.objects[to_name]
        whole = (None, "", control.name, ",".join(control.to))
        return self._index.objects[control.to[0]] if to_name in whole and control.to else None

    def _shape(self, part: ObjectPart, value: Mapping[str, object]) -> Shape | str:
        """The geometry in *value*, or what is wrong with it."""
        if SHAPE_OF[part.type] == "rectangle":
            x, y = reading.number(value.get("x")), reading.number(value.get("y"))
            width, height = reading.number(value.get("width")), reading.number(value.get("height"))
            rotation = reading.number(value.get("rotation", 0))
            if x is None or y is None or width is None or height is None or rotation is None:
                return "a box needs x, y, width, height and rotation as numbers"
            return Box(x, y, width, height, rotation)
        start, end = reading.whole(value.get("start")), reading.whole(value.get("end"))
        if start is None or end is None:
            return "a span needs start and end as whole numbers"
        doc = self._docs.get(part.name)
        if not 0 <= start < end or (doc is not None and end > len(doc.text)):
            length = f"a text of {len(doc.text)} code points" if doc else "any text"
            return f"start {start} and end {end} mark nothing in {length}"
        quote = value.get("text")
        return Span(start, end, quote.replace("\\n", "\n") if isinstance(quote, str) else "")

    def _labels(self, control: Control, value: Mapping[str, object]) -> tuple[str, ...]:
        names = reading.strings(value.get(control.type, value.get("labels"))) or ()
        table = self._tables[control.name]
        return tuple(dict.fromkeys(table.stored(name) or name for name in names))

    def _answer(self, control: Control, value: Mapping[str, object]) -> AnswerValue | None:
        given = value.get(ANSWER_KEY[control.type])
        match control.type:
            case "choices":
                choices = self._choices(control, given)
                return None if choices is None else Picked(choices)
            case "textarea":
                texts = reading.strings(given)
                return None if texts is None else Texts(texts)
            case _:
                rating = reading.whole(given)
                return None if rating is None or rating < 0 else Rated(rating)

    def _choices(self, control: Control, given: object) -> tuple[Choice, ...] | None:
        if isinstance(given, str):
            given = [given]
        if not isinstance(given, list | tuple):
            return None
        table = self._tables[control.name]
        choices: list[Choice] = []
        for entry in given:
            path = reading.strings(entry)
            if not path:
                return None
            stored = tuple(table.stored(name) or name for name in path)
            choices.append(stored if control.allow_nested or not isinstance(entry, str) else stored[0])
        return tuple(dict.fromkeys(choices))

    def _made_id(self, number: int, given: object) -> str:
        """An id for a result without a legal one; the same for the same results, and no other result's."""
        made = str(given) if isinstance(given, int) and reading.identifier(str(given)) else f"loaded-{number}"
        while made in self._taken:
            made += "-"
        self._taken.add(made)
        return made


def _value_key(control: Control) -> str:
    return control.type if control.labels else ANSWER_KEY[control.type]


def _assemble(
    index: PlanIndex, rows: list[_Row], origin: Origin
) -> tuple[list[Region], dict[str, Answer], list[Refused]]:
    groups: dict[str, dict[str, _Row]] = {}
    answers: dict[str, Answer] = {}
    for row in rows:
        if row.control.labels or row.control.per_region:
            # The same control twice on one id: the last one wins, at the first one's place.
            groups.setdefault(row.id, {})[row.control.name] = row
        elif row.answer is not None:
            readonly = row.raw.get("readonly") is True
            given = Answer(row.id, row.answer, row.object, _origin(row.raw, origin), readonly, _kept(row))
            answers.pop(row.control.name, None)
            if row.answer not in (Picked(()), Texts(()), Rated(0)):
                answers[row.control.name] = given
    regions: list[Region] = []
    refused: list[Refused] = []
    for name, group in groups.items():
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


def _region(index: PlanIndex, name: str, rows: list[_Row], n: int, origin: Origin) -> Region | None:
    """The region of all *rows*; its shape and marks are those of the row that made it."""
    first = rows[0]
    if len(rows) > 1 or not first.control.labels:
        wanted = {name: SHAPE_OF[part.type] for name, part in index.objects.items()}
        makers = [row for row in rows if MAKES.get(row.control.type) == wanted[row.object]]
        first = (makers or [row for row in rows if row.control.labels] or rows)[0]
        rows = [row for row in rows if row.object == first.object]
    shape = first.shape or next((row.shape for row in rows if row.shape is not None), None)
    owner = first.control.name if first.control.labels else _fitting(index, first.object)
    if shape is None or owner is None:
        return None
    answers = {
        row.control.name: Answer(name, row.answer, row.object, _origin(row.raw, origin), kept=_kept(row))
        for row in rows
        if row.answer is not None
    }
    wide, high = reading.number(first.raw.get("original_width")), reading.number(first.raw.get("original_height"))
    return Region(
        id=name,
        n=n,
        object=first.object,
        control=owner,
        shape=shape,
        labels={row.control.name: row.labels for row in rows if row.control.labels},
        answers=answers,
        origin=_origin(first.raw, origin),
        score=reading.number(first.raw.get("score")),
        note=note_of(first.raw),
        hidden=any(row.raw.get("hidden") is True for row in rows),
        locked=any(row.raw.get("locked") is True for row in rows),
        readonly=any(row.raw.get("readonly") is True for row in rows),
        parent=next((parent for row in rows if (parent := reading.text(row.raw.get("parentID")))), None),
        size=Size(wide, high) if wide and high and wide > 0 and high > 0 else None,
        kept={row.control.name: kept for row in rows if (kept := _kept(row, own=row is first)) is not _NOTHING},
    )


def _fitting(index: PlanIndex, object_name: str) -> str | None:
    wanted = SHAPE_OF[index.objects[object_name].type]
    return next((c.name for c in index.controls_of[object_name] if MAKES.get(c.type) == wanted), None)


def _origin(raw: Mapping[str, object], default: Origin) -> Origin:
    match raw.get("origin"):
        case "manual" | "prediction" | "prediction-changed" as origin:
            return origin
        case _:
            return default


def note_of(raw: Mapping[str, object]) -> str:
    """``meta.text``, or what old results have in ``normalization``."""
    meta = reading.mapping(raw.get("meta")) or {}
    given = meta.get("text", raw.get("normalization"))
    return "\n".join(reading.strings(given) or ())


def _kept(row: _Row, *, own: bool = False) -> Kept:
    """Members that the engine does not know. *own*: the row whose note and score became the region's."""
    raw = row.raw
    members = {} if raw.keys() <= _KNOWN else {key: held for key, held in raw.items() if key not in _KNOWN}
    if rotation := raw.get("image_rotation"):
        members["image_rotation"] = rotation
    meta = reading.mapping(raw.get("meta"))
    if meta and (not own or set(meta) != {"text"} or meta["text"] != [note_of(row.raw)]):
        members["meta"] = meta
    score = raw.get("score")
    if score is not None and not (own and reading.number(score) is not None):
        members["score"] = score
    value = reading.mapping(raw.get("value")) or {}
    own_key = _value_key(row.control)
    known = _SHAPE_KEYS[row.shape.__class__]
    more = {key: held for key, held in value.items() if key not in known and key != own_key}
    if row.control.labels and own_key not in value:
        # Labels that came under the plain key are written under the control's own.
        more.pop("labels", None)
    return Kept(members, more) if members or more else _NOTHING
