"""Regions, answers and relations to Label Studio's result JSON, the same list for the same state.

Order: regions as they were made, the controls of each in the order of the config, then answers of whole objects and
pages, then relations, then what could not be read. Every result of a region shares its id and has a copy of its
geometry. What is written is what the SDK's validator accepts (reference, section 25).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from labeling import answers, conditions, contexts, reading, shapes
from labeling.loading_rows import track_labels
from labeling.model import (
    Answer,
    AnswerValue,
    Custom,
    Dated,
    Itemized,
    Kept,
    Numbered,
    Paths,
    Picked,
    Ranked,
    Rated,
    Region,
    Relation,
    Selected,
    State,
    Texts,
)
from labeling.plan_index import Control
from labeling.shapes import Context

ResultJson = dict[str, object]

_NOTHING = Kept()


def dump(state: State, *, draft: bool = False) -> list[object]:
    """The results of *state*; of a *draft* with the suggestions, which say ``"suggestion": true``.

    Text that was typed but not added is added; answers of controls that a choice hides are left out (reference, 6).
    """
    if not draft:
        state = state.settled
    task = state.task
    echoed = [refused.result for refused in task.refused]
    # A parent may be a region that this engine cannot show.
    alive = set(state.regions) | {str(row["id"]) for row in echoed if isinstance(row, Mapping) and "id" in row}
    rows: list[object] = []
    places = contexts.Places(state)
    for region in state.regions.values():
        rows += _region_rows(state, region, alive, places.of(region.object))
    for control in task.index.controls.values():
        answer = state.answers.get(control.name)
        settled = state.settled_answers
        if answer is None or conditions.dropped(control, task.index, task.tables, settled, state.selected):
            continue
        rows += _answer_rows(control, answer)
    rows += [_relation(link) for link in state.relations if link.from_id in alive and link.to_id in alive]
    rows += [row for row in echoed if _still_linked(row, alive)]
    return rows


def _answer_rows(control: Control, answer: Answer) -> Iterator[ResultJson]:
    """One result; of a control for pages one per page, with its ``item_index``."""
    if isinstance(answer.value, Itemized):
        for page, held in sorted(answer.items.items()):
            for row in _answer_rows(control, held):
                yield {**row, "item_index": page, **({"suggestion": True} if answer.suggestion else {})}
        return
    value = _submitted(control, answer.value)
    if not answers.is_empty(value):
        row = _row(answer.id, control, answer.to, {**answer.kept.value, **answer_value(control, value)})
        marks = {"readonly": answer.readonly, "suggestion": answer.suggestion}
        yield _finished(row, answer.origin, {name: True for name, held in marks.items() if held}, answer.kept)


def _region_rows(state: State, region: Region, alive: set[str], at: Context) -> list[ResultJson]:
    marks: dict[str, object] = {}
    if region.readonly:
        marks["readonly"] = True
    if region.hidden:
        marks["hidden"] = True
    if region.locked:
        marks["locked"] = True
    if region.suggestion:
        marks["suggestion"] = True
    if region.parent is not None and region.parent in alive:
        marks["parentID"] = region.parent
    said = _said(state, region)
    noted = region.control if region.control in said else next(iter(said))
    geometry = shapes.write(region.shape, at)
    around = _around(state, region)
    rows = []
    for name, (control, value) in said.items():
        kept = region.kept.get(name) or (region.answers[name].kept if name in region.answers else _NOTHING)
        row = _row(region.id, control, region.object, {**kept.value, **geometry, **value})
        row = {**row, **around, "origin": region.origin, **marks, **kept.members}
        if name == noted:
            _note(row, region)
        rows.append(row)
    return rows


def _said(state: State, region: Region) -> dict[str, tuple[Control, dict[str, object]]]:
    """The results of the region, by control in the order of the config: what each adds to the geometry."""
    index = state.task.index
    owner = index.controls[region.control]
    if not region.answers and len(region.labels) == 1 and region.control in region.labels:
        return {owner.name: (owner, {owner.value_key: list(region.labels[owner.name])})}
    given = _answers_of(state, region)
    inside = {control.name for control in track_labels(index, owner, index.objects[region.object])}
    said: dict[str, tuple[Control, dict[str, object]]] = {}
    for control in index.controls.values():
        if control.name in given:
            said[control.name] = (control, answer_value(control, given[control.name].value))
        elif control.name in region.labels and control.name not in inside:
            said[control.name] = (control, {control.value_key: list(region.labels[control.name])})
        elif control is owner and owner.plain:
            names = [label for name in index.controls if name in inside for label in region.labels.get(name, ())]
            said[control.name] = (control, {"labels": names} if inside else {})
    if not said:
        said[owner.name] = (owner, {owner.value_key: []})
    return said


def _answers_of(state: State, region: Region) -> dict[str, Answer]:
    """The region's answers as they are written, by control."""
    index, tables = state.task.index, state.task.tables
    given = {}
    for name, answer in region.answers.items():
        control = index.controls[name]
        value = _submitted(control, answer.value)
        if answers.is_empty(value) or conditions.dropped(control, index, tables, state.settled_answers, region):
            continue
        given[name] = Answer(answer.id, value, answer.to, answer.origin, answer.readonly, answer.kept)
    return given


def _submitted(control: Control, value: AnswerValue) -> AnswerValue:
    """*value* as it is stored: what is being typed counts, unless it may not be added."""
    if not isinstance(value, Texts) or not value.typing:
        return value
    if not value.typing.strip() or answers.unaddable(control, value.texts, value.typing):
        return Texts(value.texts)
    return Texts((*value.texts, value.typing))


def _around(state: State, region: Region) -> ResultJson:
    """Members beside ``value``: every image result has its picture's size, an audio result the recording's length.

    Without a size (image never loaded) only the rotation of the view.
    """
    made: ResultJson = {}
    match state.task.index.objects[region.object].type:
        case "image":
            size = contexts.size_of(state, region)
            made = {"original_width": size.width, "original_height": size.height} if size else {}
            made["image_rotation"] = 0
        case "audio":
            seconds = state.lengths.get(region.object)
            made = {} if seconds is None else {"original_length": seconds}
    return made if region.item is None else {**made, "item_index": region.item}


def answer_value(control: Control, value: AnswerValue) -> dict[str, object]:
    """The member of ``value`` that holds the answer."""
    match value:
        case Picked(choices):
            return {"choices": [choice if isinstance(choice, str) else list(choice) for choice in choices]}
        case Paths(paths):
            return {"taxonomy": [list(path) for path in paths]}
        case Texts(texts):
            return {"text": list(texts)}
        case Rated(rating):
            return {"rating": rating}
        case Numbered(number):
            return {"number": number}
        case Dated(text):
            return {"datetime": text}
        case Selected(side):
            return {"selected": side}
        case Ranked(order):
            return {"ranker": {bucket: list(items) for bucket, items in order.items()}}
        case Custom(custom):
            return {control.value_key: dict(custom)}
        case Itemized():
            return {}


def _row(name: str, control: Control, to_name: str, value: dict[str, object]) -> ResultJson:
    return {"id": name, "from_name": control.name, "to_name": to_name, "type": control.type, "value": value}


def _finished(row: ResultJson, origin: str, marks: Mapping[str, object], kept: Kept) -> ResultJson:
    return {**row, "origin": origin, **marks, **kept.members}


def _note(row: ResultJson, region: Region) -> None:
    """The region's note and score, on one of its results. Notes nobody changed stay in the form in which they came."""
    if region.score is not None:
        row["score"] = region.score
    if not region.note and "meta" not in row:
        return
    meta = dict(reading.mapping(row.get("meta")) or {})
    if "\n".join(reading.strings(meta.get("text")) or ()) == region.note:
        return
    if region.note:
        row["meta"] = {**meta, "text": [region.note]}
    else:
        del meta["text"]
        row["meta"] = meta


def _relation(link: Relation) -> ResultJson:
    made: ResultJson = {"type": "relation", "from_id": link.from_id, "to_id": link.to_id, "direction": link.direction}
    return {**made, **link.kept, "labels": list(link.labels)} if link.labels else {**made, **link.kept}


def _still_linked(row: object, alive: set[str]) -> bool:
    """A relation is written as long as both its regions are there."""
    if not isinstance(row, Mapping) or row.get("type") != "relation":
        return True
    return reading.text(row.get("from_id")) in alive and reading.text(row.get("to_id")) in alive
