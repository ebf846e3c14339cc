"""The view: what the page draws, as JSON. ``full`` makes all of it, ``patch`` only what one intent changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal, TypeAlias, TypedDict

from labeling import conditions, geometry, labels
from labeling.geometry import Box, BoxJson
from labeling.model import Answer, Picked, Rated, Region, State, Texts
from labeling.plan_index import SHAPE_OF
from labeling.problems import Problem

#: Members of a patch that are joined to the view's; all others replace.
_JOINED = ("regions", "answers", "active", "counts")


class SpanJson(TypedDict):
    """Code points, and UTF-16 units; those are null until the text is loaded."""

    start: int
    end: int
    start16: int | None
    end16: int | None


class PickedJson(TypedDict):
    choices: list[str | list[str]]


class TextsJson(TypedDict):
    text: list[str]
    typing: str


class RatedJson(TypedDict):
    rating: int


AnswerJson: TypeAlias = PickedJson | TextsJson | RatedJson


class RegionJson(TypedDict, total=False):
    """``score`` only if there is one; ``more_labels``, of controls other than ``control``, only if there are any."""

    id: str
    n: int
    object: str
    control: str
    kind: str
    shape: BoxJson | SpanJson
    labels: list[str]
    more_labels: dict[str, list[str]]
    color: str
    text: str
    hidden: bool
    locked: bool
    readonly: bool
    origin: str
    score: float
    note: str
    parent: str
    answers: dict[str, AnswerJson]


class ToolJson(TypedDict, total=False):
    tool: Literal["rectangle", "span", "select"]
    control: str
    color: str


class View(TypedDict):
    regions: dict[str, RegionJson]
    answers: dict[str, AnswerJson]
    selection: list[str]
    active: dict[str, list[str]]
    tools: dict[str, ToolJson]
    hidden: list[str]
    region_controls: list[str]
    counts: dict[str, dict[str, int]]
    full: dict[str, list[str]]
    undo: bool
    redo: bool
    changed: bool
    problems: list[Problem]


class Patch(TypedDict, total=False):
    """A region or answer that is null is gone; ``active`` and ``counts`` per control; the rest replaces."""

    regions: dict[str, RegionJson | None]
    answers: dict[str, AnswerJson | None]
    selection: list[str]
    active: dict[str, list[str]]
    tools: dict[str, ToolJson]
    hidden: list[str]
    region_controls: list[str]
    counts: dict[str, dict[str, int]]
    full: dict[str, list[str]]
    undo: bool
    redo: bool
    changed: bool
    problems: list[Problem]


def full(state: State) -> View:
    """The whole view of *state* (docs/contracts.md, section 2)."""
    return {
        "regions": {name: region_json(state, region) for name, region in state.regions.items()},
        "answers": {name: answer_json(answer) for name, answer in state.answers.items()},
        "selection": list(state.selection),
        "active": {name: list(names) for name, names in state.active.items()},
        "tools": _tools(state),
        "hidden": _hidden(state),
        "region_controls": _region_controls(state),
        "counts": {name: dict(used) for name, used in state.counts.items()},
        "full": labels.full(state.task, state.counts),
        "undo": bool(state.undo),
        "redo": bool(state.redo),
        "changed": state.changed,
        "problems": list(state.problems),
    }


def patch(before: State, after: State, regions: Iterable[str], answers: Iterable[str]) -> Patch:
    """What changed from *before* to *after*; only the regions and answers named are looked at."""
    made: Patch = {}
    changed_regions = {
        name: region_json(after, region) if (region := after.regions.get(name)) else None for name in regions
    }
    if changed_regions:
        made["regions"] = changed_regions
    changed_answers = {name: answer_json(answer) if (answer := after.answers.get(name)) else None for name in answers}
    if changed_answers:
        made["answers"] = changed_answers
    if before.selection != after.selection:
        made["selection"] = list(after.selection)
    if before.active is not after.active:
        if active := {n: list(v) for n, v in after.active.items() if v != before.active.get(n)}:
            made["active"] = active
        if (tools := _tools(after)) != _tools(before):
            made["tools"] = tools
    if before.counts is not after.counts:
        if counts := {n: dict(v) for n, v in after.counts.items() if v != before.counts.get(n)}:
            made["counts"] = counts
        if (reached := labels.full(after.task, after.counts)) != labels.full(before.task, before.counts):
            made["full"] = reached
    # What is shown depends on the selection, the selected region and the answers.
    if before.selection != after.selection or before.selected is not after.selected or changed_answers:
        if (hidden := _hidden(after)) != _hidden(before):
            made["hidden"] = hidden
        if (controls := _region_controls(after)) != _region_controls(before):
            made["region_controls"] = controls
    if bool(before.undo) != bool(after.undo):
        made["undo"] = bool(after.undo)
    if bool(before.redo) != bool(after.redo):
        made["redo"] = bool(after.redo)
    if before.changed != after.changed:
        made["changed"] = after.changed
    if before.problems != after.problems:
        made["problems"] = list(after.problems)
    return made


def region_json(state: State, region: Region) -> RegionJson:
    made: RegionJson = {
        "id": region.id,
        "n": region.n,
        "object": region.object,
        "control": region.control,
        "kind": geometry.kind(region.shape),
        "shape": _shape_json(state, region),
        "labels": list(region.labels.get(region.control, ())),
        "color": labels.region_color(state.task, region),
        "text": quote(state, region),
        "hidden": region.hidden,
        "locked": region.locked,
        "readonly": region.readonly,
        "origin": region.origin,
        "note": region.note,
        "answers": {name: answer_json(answer) for name, answer in region.answers.items()},
    }
    if region.score is not None:
        made["score"] = region.score
    if region.parent is not None:
        made["parent"] = region.parent
    if len(region.labels) > 1:
        made["more_labels"] = {n: list(given) for n, given in region.labels.items() if n != region.control}
    return made


def quote(state: State, region: Region) -> str:
    """The marked text; empty for boxes."""
    if isinstance(region.shape, Box):
        return ""
    doc = state.docs.get(region.object)
    return doc.text[region.shape.start : region.shape.end] if doc else region.shape.quote


def answer_json(answer: Answer) -> AnswerJson:
    match answer.value:
        case Picked(choices):
            return {"choices": [choice if isinstance(choice, str) else list(choice) for choice in choices]}
        case Texts(texts, typing):
            return {"text": list(texts), "typing": typing}
        case Rated(rating):
            return {"rating": rating}


def apply(view: Mapping[str, object], change: Mapping[str, object]) -> dict[str, object]:
    """The view after a patch, by the rule that the page follows too. Used by tests and notebooks."""
    after = dict(view)
    for member, value in change.items():
        held = after.get(member)
        if member in _JOINED and isinstance(held, Mapping) and isinstance(value, dict):
            joined = {**held, **value}
            after[member] = {name: entry for name, entry in joined.items() if entry is not None}
        else:
            after[member] = value
    return after


def _shape_json(state: State, region: Region) -> BoxJson | SpanJson:
    shape = region.shape
    if isinstance(shape, Box):
        return geometry.box_json(shape)
    doc = state.docs.get(region.object)
    return {
        "start": shape.start,
        "end": shape.end,
        "start16": doc.to_utf16(shape.start) if doc else None,
        "end16": doc.to_utf16(shape.end) if doc else None,
    }


def _tools(state: State) -> dict[str, ToolJson]:
    tools: dict[str, ToolJson] = {}
    for part in state.task.index.objects.values():
        control = labels.maker(state.task, part, state.active)
        if control is None:
            tools[part.name] = {"tool": "select"}
        else:
            color = labels.color(state.task, control.name, state.active[control.name])
            tools[part.name] = {"tool": SHAPE_OF[part.type], "control": control.name, "color": color}
    return tools


def _hidden(state: State) -> list[str]:
    task = state.task
    return conditions.hidden_nodes(task.index, task.tables, state.answers, state.selected)


def _region_controls(state: State) -> list[str]:
    region, task = state.selected, state.task
    if region is None:
        return []
    controls = task.index.region_controls
    return [c.name for c in controls if conditions.applies(c, region, task.index, task.tables, state.answers)]
