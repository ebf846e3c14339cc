"""What the server runs on every submit and import: does a list of results fit the plan and the task?

Nothing is repaired here and nothing raises, whatever the JSON is. Coordinates outside the image, turns over 360 degrees
and values in place of aliases are fine: the editor shows them (reference, section 25).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from labeling import contexts, loading, plan_index, reading, shapes, validation_answers
from labeling.loading_rows import kind_in, object_of, track_labels
from labeling.plan_index import Control, ObjectPart, PlanIndex, ShapeKind
from labeling.problems import Problem, problem
from labeling.shapes import Context
from labeling.shapes.kind import short
from labeling.validation_answers import MOST_ENTRIES

MOST_RESULTS = 50_000
#: More problems than this help nobody: the rest is counted.
MOST_PROBLEMS = 100


def validate(
    plan: Mapping[str, object] | PlanIndex,
    result: object,
    data: object,
    *,
    known: Collection[object] = (),
    lenient: bool = False,
) -> list[Problem]:
    """
    Args:
        plan: the project's; Repeaters are expanded by *data*.
        result: the list of results, or its JSON text.
        data: the task's ``data``; offsets are checked against its texts.
        known: results that the task already had. One that is equal to them is not checked: the engine writes back
            unchanged what it could not read.
        lenient: for what comes from other tools: forms that opening a task repairs, and labels that the config does not
            have, are no faults (the editor's column of section 25).

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
    index = plan_index.for_task(plan, data)
    given = data if isinstance(data, Mapping) else {}
    if lenient:
        return _unreadable(index, result, given)
    checker = _Checker(index, given, result)
    faults: list[Problem] = []
    more = 0
    for number, row in enumerate(result, 1):
        found = list(checker.row(number, row))
        if found and known and row in known:
            continue
        room = MOST_PROBLEMS - len(faults)
        faults += found[:room]
        more += len(found[room:])
    return _cut(faults, more)


def _unreadable(index: PlanIndex, result: list[object], data: Mapping[str, object]) -> list[Problem]:
    docs, phrases = contexts.docs(index, data), contexts.phrases(index, data)
    refused = loading.load(index, result, docs=docs, phrases=phrases).refused
    # Relations to nothing and repeated ones are ignored by the editor too.
    found = [
        one.problem for one in refused if not (isinstance(one.result, dict) and one.result.get("type") == "relation")
    ]
    return _cut(found[:MOST_PROBLEMS], len(found[MOST_PROBLEMS:]))


def _cut(faults: list[Problem], more: int) -> list[Problem]:
    return [*faults, problem("more-problems", f"and {more} more problems", "results")] if more else faults


class _Checker:
    def __init__(self, index: PlanIndex, data: Mapping[str, object], rows: list[object]) -> None:
        self._index = index
        self._docs, self._phrases = contexts.docs(index, data), contexts.phrases(index, data)
        self._contexts: dict[str, Context] = {}
        #: Objects that regions are on and their kinds, by region id; results of regions say it.
        self._regions: dict[str, str] = {}
        self._kinds: dict[str, ShapeKind] = {}
        for row in rows:
            if isinstance(row, dict) and isinstance(row.get("id"), str) and isinstance(row.get("from_name"), str):
                control = index.controls.get(row["from_name"])
                part = object_of(index, control, row.get("to_name")) if control and not control.answers else None
                if control and part:
                    self._regions.setdefault(row["id"], part.name)
                    if kind := control.makes(part):
                        self._kinds.setdefault(row["id"], kind)

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
            yield problem("unknown-control", f"no control {short(name)} in this config", where, hint)
            return
        if row.get("type") != control.type:
            message = f"type must be {control.type!r}, not {short(row.get('type'))}"
            yield problem("wrong-type", message, where, control=control.name)
        part = object_of(self._index, control, row.get("to_name"))
        if part is None:
            message = f"{control.name!r} does not belong to object {short(row.get('to_name'))}"
            hint = "objects: " + ", ".join(control.to)
            yield problem("unknown-object", message, where, hint, control=control.name)
            return
        value = reading.mapping(row.get("value"))
        if value is None:
            yield problem("bad-value", "value must be an object", where, control=control.name)
            return
        yield from self._marks(row, control, part, where)
        regional = not control.answers or control.per_region
        if regional and self._regions.get(str(row.get("id")), part.name) != part.name:
            message = f"the region with this id is on {self._regions[str(row.get('id'))]}"
            yield problem("two-objects", message, where, "give each region its own id", control=control.name)
        if control.answers:
            if control.per_region:
                yield from self._region_of(row.get("id"), control, part, value, where)
            yield from validation_answers.check(control, value, where)
        else:
            yield from self._shape_of(row.get("id"), control, part, value, where)
            yield from self._labels(control, part, value, where)

    def _shape_of(
        self, name: object, control: Control, part: ObjectPart, value: Mapping[str, object], where: str
    ) -> Iterator[Problem]:
        """The geometry of a region's result; plain Labels have that of the shape beside them."""
        kind = control.makes(part) or self._kinds.get(str(name)) or kind_in(self._index, part, value)
        if kind is None:
            message = f"nothing in this config makes regions on {part.name}"
            yield problem("bad-shape", message, where, control=control.name, object=part.name)
            return
        yield from self._shape(kind, part, value, where)

    def _shape(self, kind: ShapeKind, part: ObjectPart, value: Mapping[str, object], where: str) -> Iterator[Problem]:
        at = self._contexts.get(part.name)
        if at is None:
            at = Context(part, doc=self._docs.get(part.name), phrases=self._phrases.get(part.name))
            self._contexts[part.name] = at
        for fault in shapes.faults(kind, value, at):
            yield problem(fault.code, fault.message, where, fault.hint, object=part.name)

    def _region_of(
        self, name: object, control: Control, part: ObjectPart, value: Mapping[str, object], where: str
    ) -> Iterator[Problem]:
        """An answer for a region: a result of the region has it, or the answer brings the geometry itself."""
        owner = self._regions.get(name) if isinstance(name, str) else None
        kind = self._kinds.get(str(name)) or kind_in(self._index, part, value)
        # "text" is a geometry's quotation, and a TextArea's answer.
        members = shapes.KINDS[kind].members - {"text"} if kind else ()
        if kind and any(member in value for member in members):
            yield from self._shape(kind, part, value, where)
        elif owner is None:
            message = f"{control.name} answers for a region, but no result has the region"
            yield problem("no-region", message, where, "give both the same id", control=control.name)

    def _relation(self, row: Mapping[object, object], where: str) -> Iterator[Problem]:
        for member in ("from_id", "to_id"):
            if reading.identifier(row.get(member)) is None:
                yield problem("bad-id", f"{member} must be a region's id", where)
        if row.get("direction", "right") not in ("right", "left", "bi"):
            yield problem("bad-direction", f"direction must be right, left or bi, not {short(row['direction'])}", where)
        labels = row.get("labels")
        names = reading.strings(labels) if isinstance(labels, list) else None
        if labels is not None and names is None:
            yield problem("bad-value", "labels must be a list of texts", where)

    def _marks(self, row: Mapping[object, object], control: Control, part: ObjectPart, where: str) -> Iterator[Problem]:
        for side in ("original_width", "original_height"):
            given = row.get(side)
            if given is not None and ((found := reading.number(given)) is None or found <= 0):
                yield problem("bad-size", f"{side} must be a number of pixels", where)
        if row.get("score") is not None and reading.number(row.get("score")) is None:
            yield problem("bad-score", "score must be a number", where)
        if row.get("origin") not in (None, "manual", "prediction", "prediction-changed"):
            yield problem("bad-origin", "origin must be manual, prediction or prediction-changed", where)
        if row.get("suggestion") is True:
            message = "a suggestion that nobody has accepted is no answer"
            yield problem("undecided", message, where, "accept it or leave it out", control=control.name)
        if row.get("meta") is not None and not isinstance(row.get("meta"), Mapping):
            yield problem("bad-meta", "meta must be an object", where)
        page = row.get("item_index")
        if page is not None and (control.per_item or part.pages):
            found_page = reading.whole(page)
            if found_page is None or found_page < 0:
                yield problem("bad-page", f"item_index must be a page from 0, not {short(page)}", where)

    def _labels(self, control: Control, part: ObjectPart, value: Mapping[str, object], where: str) -> Iterator[Problem]:
        inside = track_labels(self._index, control, part)
        if control.plain and (not inside or "labels" not in value):
            return
        key = control.value_key
        names = reading.strings(value.get(key))
        if names is None or isinstance(value.get(key), str) or len(names) > MOST_ENTRIES:
            yield problem("bad-value", f"value.{key} must be a list of labels", where, control=control.name)
            return
        owners = inside or [control]
        unknown = [name for name in names if all(owner.table.stored(name) is None for owner in owners)]
        if unknown and all(owner.dynamic is None for owner in owners):
            hint = "labels: " + ", ".join([option.stored for owner in owners for option in owner.table.options][:20])
            yield problem("unknown-label", f"no label {short(unknown[0])}", where, hint, control=control.name)
