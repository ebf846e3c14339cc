"""Regions and answers to Label Studio's result JSON, the same list for the same state.

Order: regions as they were made, the controls of each in the order of the config, then answers of whole objects, then
what could not be read. Every result of a region shares its id and has a copy of its geometry.
"""

from __future__ import annotations

from collections.abc import Mapping

from labeling import answers, conditions, geometry, reading, view
from labeling.geometry import Box, Size
from labeling.model import Answer, AnswerValue, Kept, Picked, Rated, Region, State, Texts
from labeling.plan_index import Control

ResultJson = dict[str, object]


def dump(state: State) -> list[object]:
    """The results of *state*.

    Text that was typed but not added is added; answers of controls that a choice hides are left out (reference, 6).
    """
    task = state.task
    echoed = [refused.result for refused in task.refused]
    # A parent may be a region that this engine cannot show.
    alive = set(state.regions) | {str(row["id"]) for row in echoed if isinstance(row, Mapping) and "id" in row}
    rows: list[object] = []
    for region in state.regions.values():
        rows += _region_rows(state, region, alive)
    for control in task.index.controls.values():
        answer = state.answers.get(control.name)
        if answer is None or conditions.dropped(control, task.index, task.tables, state.answers, state.selected):
            continue
        value = _submitted(control, answer.value)
        if not answers.is_empty(value):
            row = _row(answer.id, control, answer.to, {**answer.kept.value, **_answer_value(value)})
            rows.append(_finished(row, answer.origin, {"readonly": True} if answer.readonly else {}, answer.kept))
    rows += [row for row in echoed if _still_linked(row, alive)]
    return rows


def _region_rows(state: State, region: Region, alive: set[str]) -> list[ResultJson]:
    marks: dict[str, object] = {}
    if region.readonly:
        marks["readonly"] = True
    if region.hidden:
        marks["hidden"] = True
    if region.locked:
        marks["locked"] = True
    if region.parent is not None and region.parent in alive:
        marks["parentID"] = region.parent
    given = _answers_of(state, region)
    labelled = region.labels if region.labels or given else {region.control: ()}
    noted = region.control if region.control in labelled else next(iter((*labelled, *given)))
    rows = []
    for control in state.task.index.controls.values():
        kept = region.kept.get(control.name)
        if control.name in labelled:
            value = {**_geometry(state, region), control.type: list(labelled[control.name])}
        elif control.name in given:
            answer = given[control.name]
            kept = kept or answer.kept
            value = {**_geometry(state, region), **_answer_value(answer.value)}
        else:
            continue
        row = _row(region.id, control, region.object, {**(kept.value if kept else {}), **value})
        row |= _size_of(state, region)
        row = _finished(row, region.origin, marks, kept or Kept())
        if control.name == noted:
            _note(row, region)
        rows.append(row)
    return rows


def _answers_of(state: State, region: Region) -> dict[str, Answer]:
    """The region's answers as they are written, by control."""
    index, tables = state.task.index, state.task.tables
    given = {}
    for name, answer in region.answers.items():
        control = index.controls[name]
        value = _submitted(control, answer.value)
        if answers.is_empty(value) or conditions.dropped(control, index, tables, state.answers, region):
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


def _geometry(state: State, region: Region) -> dict[str, object]:
    shape = region.shape
    if isinstance(shape, Box):
        return {**geometry.box_json(shape)}
    value: dict[str, object] = {"start": shape.start, "end": shape.end}
    if state.task.index.objects[region.object].save_text and (quote := view.quote(state, region)):
        value["text"] = quote.replace("\n", "\\n")
    return value


def _size_of(state: State, region: Region) -> ResultJson:
    """What every image result has; without a size (image never loaded) only the rotation of the view."""
    if not isinstance(region.shape, Box):
        return {}
    size: Size | None = state.sizes.get(region.object) or region.size
    sides: ResultJson = {"original_width": size.width, "original_height": size.height} if size else {}
    return {**sides, "image_rotation": 0}


def _answer_value(value: AnswerValue) -> dict[str, object]:
    match value:
        case Picked(choices):
            return {"choices": [choice if isinstance(choice, str) else list(choice) for choice in choices]}
        case Texts(texts):
            return {"text": list(texts)}
        case Rated(rating):
            return {"rating": rating}


def _row(name: str, control: Control, to_name: str, value: dict[str, object]) -> ResultJson:
    return {"id": name, "from_name": control.name, "to_name": to_name, "type": control.type, "value": value}


def _finished(row: ResultJson, origin: str, marks: Mapping[str, object], kept: Kept) -> ResultJson:
    return {**row, "origin": origin, **marks, **kept.members}


def _note(row: ResultJson, region: Region) -> None:
    """The region's note and score, on one of its results. Notes nobody changed stay in the form in which they came."""
    if region.score is not None:
        row["score"] = region.score
    meta = dict(reading.mapping(row.get("meta")) or {})
    if "\n".join(reading.strings(meta.get("text")) or ()) == region.note:
        return
    if region.note:
        row["meta"] = {**meta, "text": [region.note]}
    else:
        del meta["text"]
        row["meta"] = meta


def _still_linked(row: object, alive: set[str]) -> bool:
    """A relation is written as long as both its regions are there."""
    if not isinstance(row, Mapping) or row.get("type") != "relation":
        return True
    return row.get("from_id") in alive and row.get("to_id") in alive
