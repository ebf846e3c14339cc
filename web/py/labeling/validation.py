"""What the server runs on every submit and import: does a list of results fit the plan and the task?

Nothing is repaired here and nothing raises, whatever the JSON is. Coordinates outside the image, turns over 360 degrees
and values in place of aliases are fine: the editor shows them (reference, section 25).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from labeling import display, plan_index, reading
from labeling.loading import ANSWER_KEY
from labeling.plan_index import SHAPE_OF, Control, ObjectPart, PlanIndex
from labeling.problems import Problem, problem

MOST_RESULTS = 50_000
#: More problems than this help nobody: the rest is counted.
MOST_PROBLEMS = 100
MOST_ENTRIES = 1_000
LONGEST_TEXT = 1_000_000
#: Percent. Boxes may leave the image, but not by this much.
FARTHEST = 100_000


def validate(
    plan: Mapping[str, object] | PlanIndex,
    result: object,
    data: object,
    *,
    known: Collection[object] = (),
) -> list[Problem]:
    """
    Args:
        result: the list of results, or its JSON text.
        data: the task's ``data``; offsets are checked against its texts.
        known: results that the task already had. One that is equal to them is not checked: the engine writes back
            unchanged what it could not read.

    Returns:
        Every fault found (at most 100, then how many more), each with the number of the result from 1.
    """
    if isinstance(result, str):
        result = reading.json_text(result)
    if not isinstance(result, list):
        return [problem("not-a-list", "results must be a list", "results", "send [] for an empty annotation")]
    if len(result) > MOST_RESULTS:
        message = f"{len(result)} results are too many, at most {MOST_RESULTS} fit in an annotation"
        return [problem("too-many-results", message, "results", "split the task")]
    checker = _Checker(plan_index.index(plan), data if isinstance(data, Mapping) else {}, result)
    faults: list[Problem] = []
    more = 0
    for number, row in enumerate(result, 1):
        found = list(checker.row(number, row))
        if found and known and row in known:
            continue
        room = MOST_PROBLEMS - len(faults)
        faults += found[:room]
        more += len(found[room:])
    if more:
        faults.append(problem("more-problems", f"and {more} more problems", "results"))
    return faults


class _Checker:
    def __init__(self, index: PlanIndex, data: Mapping[str, object], rows: list[object]) -> None:
        self._index = index
        self._data = data
        self._lengths: dict[str, int | None] = {}
        #: Objects that regions are on, by region id; results with labels say it.
        self._regions: dict[str, str] = {}
        for row in rows:
            if isinstance(row, dict) and isinstance(row.get("id"), str) and isinstance(row.get("from_name"), str):
                control = index.controls.get(row["from_name"])
                part = self._object(control, row.get("to_name")) if control and control.labels else None
                if part:
                    self._regions.setdefault(row["id"], part.name)

    def row(self, number: int, row: object) -> Iterator[Problem]:
        where = f"result {number}"
        if not isinstance(row, dict):
            yield problem("bad-result", "a result must be a JSON object", where)
            return
        if row.get("type") == "relation":
            yield from self._relation(row, f"{where} (relation)")
            return
        name = row.get("from_name")
        where = f"{where} ({name if isinstance(name, str) and name else 'no control'!s:.60})"
        if reading.identifier(row.get("id")) is None:
            message = "the id is missing" if row.get("id") is None else "the id has illegal characters"
            yield problem("bad-id", message, where, "1 to 100 letters, digits, - or _")
        control = self._index.controls.get(name) if isinstance(name, str) else None
        if control is None:
            hint = "controls: " + ", ".join(self._index.controls)
            yield problem("unknown-control", f"no control {_short(name)} in this config", where, hint)
            return
        if row.get("type") != control.type:
            message = f"type must be {control.type!r}, not {_short(row.get('type'))}"
            yield problem("wrong-type", message, where, control=control.name)
        part = self._object(control, row.get("to_name"))
        if part is None:
            message = f"{control.name!r} does not belong to object {_short(row.get('to_name'))}"
            hint = "objects: " + ", ".join(control.to)
            yield problem("unknown-object", message, where, hint, control=control.name)
            return
        value = reading.mapping(row.get("value"))
        if value is None:
            yield problem("bad-value", "value must be an object", where, control=control.name)
            return
        yield from self._marks(row, where)
        if (control.labels or control.per_region) and self._regions.get(str(row.get("id")), part.name) != part.name:
            message = f"the region with this id is on {self._regions[str(row.get('id'))]}"
            yield problem("two-objects", message, where, "give each region its own id", control=control.name)
        if control.labels:
            yield from self._shape(part, value, where)
            yield from self._labels(control, value, where)
        else:
            if control.per_region:
                yield from self._region_of(row.get("id"), control, part, value, where)
            yield from self._answer(control, value, where)

    def _object(self, control: Control, to_name: object) -> ObjectPart | None:
        if isinstance(to_name, str) and to_name in control.to:
            return self._index.objects[to_name]
        if to_name is None or to_name == control.name or to_name == ",".join(control.to):
            return self._index.objects[control.to[0]] if control.to else None
        return None

    def _region_of(
        self, name: object, control: Control, part: ObjectPart, value: Mapping[str, object], where: str
    ) -> Iterator[Problem]:
        """An answer for a region: a result with labels has the region, or the answer brings the geometry itself."""
        owner = self._regions.get(name) if isinstance(name, str) else None
        members = ("x", "y", "width", "height") if SHAPE_OF[part.type] == "rectangle" else ("start", "end")
        if any(member in value for member in members):
            yield from self._shape(part, value, where)
        elif owner is None:
            message = f"{control.name} answers for a region, but no result has the region"
            yield problem("no-region", message, where, "give both the same id", control=control.name)

    def _relation(self, row: Mapping[object, object], where: str) -> Iterator[Problem]:
        for member in ("from_id", "to_id"):
            if reading.identifier(row.get(member)) is None:
                yield problem("bad-id", f"{member} must be a region's id", where)

    def _marks(self, row: Mapping[object, object], where: str) -> Iterator[Problem]:
        for side in ("original_width", "original_height"):
            given = row.get(side)
            if given is not None and ((found := reading.number(given)) is None or found <= 0):
                yield problem("bad-size", f"{side} must be a number of pixels", where)
        if row.get("score") is not None and reading.number(row.get("score")) is None:
            yield problem("bad-score", "score must be a number", where)
        if row.get("origin") not in (None, "manual", "prediction", "prediction-changed"):
            yield problem("bad-origin", "origin must be manual, prediction or prediction-changed", where)
        if row.get("meta") is not None and not isinstance(row.get("meta"), Mapping):
            yield problem("bad-meta", "meta must be an object", where)

    def _shape(self, part: ObjectPart, value: Mapping[str, object], where: str) -> Iterator[Problem]:
        if SHAPE_OF[part.type] == "rectangle":
            for side in ("x", "y", "width", "height", "rotation"):
                given = value.get(side, 0 if side == "rotation" else None)
                found = reading.number(given)
                if found is None or abs(found) > FARTHEST:
                    yield problem("bad-shape", f"{side} must be a number, not {_short(given)}", where, object=part.name)
                elif found < 0 and side in ("width", "height"):
                    yield problem("bad-shape", f"{side} must not be negative", where, object=part.name)
            return
        start, end = reading.whole(value.get("start")), reading.whole(value.get("end"))
        if start is None or end is None:
            message = "start and end must be whole numbers of code points"
            yield problem("bad-shape", message, where, object=part.name)
            return
        length = self._length(part)
        if not 0 <= start < end or (length is not None and end > length):
            within = f"; the text has {length} code points" if length is not None else ""
            message = f"start {start} and end {end} mark no text{within}"
            yield problem("out-of-text", message, where, "offsets count code points from 0", object=part.name)

    def _length(self, part: ObjectPart) -> int | None:
        """Code points in the task's text; None where it is not in the task."""
        if part.name not in self._lengths:
            text = display.object_display(part, self._data).get("text")
            self._lengths[part.name] = None if text is None else len(text)
        return self._lengths[part.name]

    def _labels(self, control: Control, value: Mapping[str, object], where: str) -> Iterator[Problem]:
        names = reading.strings(value.get(control.type))
        if names is None or isinstance(value.get(control.type), str) or len(names) > MOST_ENTRIES:
            message = f"value.{control.type} must be a list of labels"
            yield problem("bad-value", message, where, control=control.name)
            return
        unknown = [name for name in names if control.table.stored(name) is None]
        if unknown and control.dynamic is None:
            hint = "labels: " + ", ".join(option.stored for option in control.table.options[:20])
            yield problem("unknown-label", f"no label {_short(unknown[0])}", where, hint, control=control.name)

    def _answer(self, control: Control, value: Mapping[str, object], where: str) -> Iterator[Problem]:
        given = value.get(ANSWER_KEY[control.type])
        match control.type:
            case "choices":
                yield from self._choices(control, given, where)
            case "textarea":
                yield from self._texts(control, given, where)
            case _:
                rating = reading.whole(given)
                if rating is None or not 1 <= rating <= control.max_rating:
                    message = f"a rating is 1 to {control.max_rating}, not {_short(given)}"
                    yield problem("bad-rating", message, where, control=control.name)

    def _choices(self, control: Control, given: object, where: str) -> Iterator[Problem]:
        paths = [_path(entry) for entry in given] if isinstance(given, list) and len(given) <= MOST_ENTRIES else [None]
        if any(path is None or (len(path) != 1 and not control.allow_nested) for path in paths):
            yield problem("bad-value", "value.choices must be a list of choices", where, control=control.name)
            return
        if len(paths) > 1 and control.choice != "multiple":
            message = f"only one choice may be picked, not {len(paths)}"
            yield problem("too-many-choices", message, where, control=control.name)
        names = [name for path in paths for name in path or ()]
        unknown = [name for name in names if control.table.stored(name) is None]
        if unknown and control.dynamic is None:
            hint = "choices: " + ", ".join(option.stored for option in control.table.options[:20])
            yield problem("unknown-choice", f"no choice {_short(unknown[0])}", where, hint, control=control.name)

    def _texts(self, control: Control, given: object, where: str) -> Iterator[Problem]:
        texts = reading.strings(given)
        if texts is None or isinstance(given, str):
            yield problem("bad-value", "value.text must be a list of texts", where, control=control.name)
            return
        most = MOST_ENTRIES if control.max_submissions is None else control.max_submissions
        if len(texts) > most:
            message = f"{len(texts)} texts are too many, at most {most}"
            yield problem("too-many-texts", message, where, control=control.name)
        if any(len(text) > LONGEST_TEXT for text in texts):
            message = f"a text is longer than {LONGEST_TEXT} characters"
            yield problem("text-too-long", message, where, control=control.name)


def _path(entry: object) -> tuple[str, ...] | None:
    return reading.strings(entry) or None


def _short(value: object) -> str:
    """A value of foreign JSON in a message: short, whatever it is."""
    if isinstance(value, str):
        return repr(value[:40])
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return f"{value:.6g}" if abs(value) < 10**12 else "a huge number"
    return "a list" if isinstance(value, list | tuple) else "an object"
