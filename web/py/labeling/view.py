"""The view: what the page draws, as JSON. ``full`` makes all of it, ``patch`` only what one intent changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeAlias, TypedDict, assert_never

from labeling import conditions, contexts, items, labels, shapes
from labeling.answers import dates
from labeling.masks import text
from labeling.model import (
    Answer,
    Custom,
    Dated,
    Itemized,
    Numbered,
    Paths,
    Picked,
    Ranked,
    Rated,
    Region,
    Selected,
    State,
    Task,
    Texts,
)
from labeling.problems import Problem

#: Members of a patch that are joined to the view's; all others replace.
_JOINED = ("regions", "answers", "active", "counts")


class Suggested(TypedDict, total=False):
    """``suggestion``: true if nobody has accepted the answer yet, else left out."""

    suggestion: bool


class PickedJson(Suggested):
    choices: list[str | list[str]]


class TextsJson(Suggested):
    text: list[str]
    typing: str


class RatedJson(Suggested):
    rating: int


class NumberedJson(Suggested):
    number: int | float


class DatedJson(Suggested):
    """``datetime`` as stored; ``iso`` the same as ISO parts, null where the stored text does not fit the format."""

    datetime: str
    iso: str | None


class PathsJson(Suggested):
    taxonomy: list[list[str]]


class SelectedJson(Suggested):
    selected: str


class RankedJson(Suggested):
    ranker: dict[str, list[str]]


class CustomJson(Suggested):
    component: Mapping[str, object]


class ItemsJson(Suggested):
    """Answers by page, from "0"."""

    items: dict[str, AnswerJson]


AnswerJson: TypeAlias = (
    PickedJson
    | TextsJson
    | RatedJson
    | NumberedJson
    | DatedJson
    | PathsJson
    | SelectedJson
    | RankedJson
    | CustomJson
    | ItemsJson
)


# "from" is a word of Python: this form of TypedDict can have it.
RelationJson = TypedDict("RelationJson", {"from": str, "to": str, "direction": str, "labels": list[str]})


class RegionJson(TypedDict, total=False):
    """``score``, ``parent`` and ``item`` (page, from 0) only if there is one.

    ``labels`` are those of ``control``, or of ``labeled_by`` where a plain shape tag made the region; ``more_labels``
    those of other controls, only if there are any.
    """

    id: str
    n: int
    object: str
    control: str
    kind: str
    shape: dict[str, object]
    labels: list[str]
    labeled_by: str
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
    item: int
    suggestion: bool
    answers: dict[str, AnswerJson]


class ToolJson(TypedDict, total=False):
    """``tool``: a kind of region, or "select". ``more``: other kinds that ``add_region`` may name by their control."""

    tool: str
    control: str
    color: str
    more: list[ToolJson]


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
    relations: list[RelationJson]
    items: dict[str, int]
    suggestions: int
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
    relations: list[RelationJson]
    items: dict[str, int]
    suggestions: int
    undo: bool
    redo: bool
    changed: bool
    problems: list[Problem]


def full(state: State) -> View:
    """The whole view of *state* (docs/contracts.md, section 2)."""
    places = contexts.Places(state)
    return {
        "regions": {name: region_json(state, region, places) for name, region in state.regions.items()},
        "answers": {name: answer_json(state.task, name, answer) for name, answer in state.answers.items()},
        "selection": list(state.selection),
        "active": {name: list(names) for name, names in state.active.items()},
        "tools": _tools(state),
        "hidden": _hidden(state),
        "region_controls": _region_controls(state),
        "counts": {name: dict(used) for name, used in state.counts.items()},
        "full": labels.full(state.task, state.counts),
        "relations": _relations(state),
        "items": items.view_items(state),
        "suggestions": state.suggested,
        "undo": bool(state.undo),
        "redo": bool(state.redo),
        "changed": state.changed,
        "problems": list(state.problems),
    }


def patch(before: State, after: State, regions: Iterable[str], answers: Iterable[str]) -> Patch:
    """What changed from *before* to *after*; only the regions and answers named are looked at."""
    made: Patch = {}
    places = contexts.Places(after)
    changed_regions = {
        name: region_json(after, region, places, before.regions.get(name)) if region else None
        for name, region in ((name, after.regions.get(name)) for name in regions)
    }
    if changed_regions:
        made["regions"] = changed_regions
    changed_answers = {
        name: answer_json(after.task, name, answer) if (answer := after.answers.get(name)) else None for name in answers
    }
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
    if before.relations != after.relations:
        made["relations"] = _relations(after)
    if before.items != after.items and (seen := items.view_items(after)) != items.view_items(before):
        made["items"] = seen
    if before.suggested != after.suggested:
        made["suggestions"] = after.suggested
    # What is shown depends on the selection, the selected region, the page and the answers.
    moved = before.selection != after.selection or before.selected is not after.selected
    if moved or before.items != after.items or changed_answers:
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


def region_json(state: State, region: Region, places: contexts.Places, before: Region | None = None) -> RegionJson:
    """*before*: what the page has of the region; of a mask only the rows that differ from it are told."""
    at = places.of(region.object)
    kind = shapes.KINDS[region.shape.kind]
    change = kind.change if before is not None and before.shape.kind == kind.name else None
    difference = change(before.shape, region.shape, at) if change is not None and before is not None else None
    owner = labels.labelled_by(state.task, region)
    made: RegionJson = {
        "id": region.id,
        "n": region.n,
        "object": region.object,
        "control": region.control,
        "kind": kind.name,
        "shape": kind.view(region.shape, at) if difference is None else difference,
        "labels": list(region.labels.get(owner, ())),
        "color": labels.region_color(state.task, region),
        "text": kind.text(region.shape, at),
        "hidden": region.hidden,
        "locked": region.locked,
        "readonly": region.readonly,
        "origin": region.origin,
        "note": region.note,
        "answers": {name: answer_json(state.task, name, answer) for name, answer in region.answers.items()},
    }
    if region.score is not None:
        made["score"] = region.score
    if region.parent is not None:
        made["parent"] = region.parent
    if region.item is not None:
        made["item"] = region.item
    if region.suggestion:
        made["suggestion"] = True
    if owner != region.control:
        made["labeled_by"] = owner
    if more := {name: list(given) for name, given in region.labels.items() if name != owner}:
        made["more_labels"] = more
    return made


def answer_json(task: Task, control: str, answer: Answer) -> AnswerJson:
    """What the answer says; ``"suggestion": true`` beside it if nobody has accepted it yet."""
    made = _said(task, control, answer)
    if answer.suggestion:
        made["suggestion"] = True
    return made


def _said(task: Task, control: str, answer: Answer) -> AnswerJson:
    match answer.value:
        case Picked(choices):
            return {"choices": [choice if isinstance(choice, str) else list(choice) for choice in choices]}
        case Texts(texts, typing):
            return {"text": list(texts), "typing": typing}
        case Rated(rating):
            return {"rating": rating}
        case Numbered(number):
            return {"number": number}
        case Dated(text):
            return {"datetime": text, "iso": dates.iso_of(task.index.controls[control], text)}
        case Paths(paths):
            return {"taxonomy": [list(path) for path in paths]}
        case Selected(side):
            return {"selected": side}
        case Ranked(order):
            return {"ranker": {bucket: list(ids) for bucket, ids in order.items()}}
        case Custom(value):
            return {"component": value}
        case Itemized():
            return {"items": {str(page): answer_json(task, control, one) for page, one in answer.items.items()}}
        case _:
            assert_never(answer.value)


def _relations(state: State) -> list[RelationJson]:
    return [
        {"from": link.from_id, "to": link.to_id, "direction": link.direction, "labels": list(link.labels)}
        for link in state.relations
    ]


def apply(view: Mapping[str, object], change: Mapping[str, object]) -> dict[str, object]:
    """The view after a patch, by the rule that the page follows too. Used by tests and notebooks."""
    after = dict(view)
    for member, value in change.items():
        held = after.get(member)
        if member in _JOINED and isinstance(held, Mapping) and isinstance(value, dict):
            joined = {**held, **{name: _on(held.get(name), entry) for name, entry in value.items()}}
            after[member] = {name: entry for name, entry in joined.items() if entry is not None}
        else:
            after[member] = value
    return after


def _on(held: object, entry: object) -> object:
    """A region whose shape is the difference of two masks has the whole mask again."""
    match held, entry:
        case {"shape": {"rows": str(rows)}}, {"shape": {"base": _, "rows": str(difference), **members}, **others}:
            return {**others, "shape": {**members, "rows": text.changed(rows, difference)}}
    return entry


def _tools(state: State) -> dict[str, ToolJson]:
    task = state.task
    made: dict[str, ToolJson] = {}
    for part in task.index.objects.values():
        found: list[ToolJson] = []
        seen: set[tuple[str, str]] = set()
        for tool in labels.tools(task, part, state.active):
            key = (tool.kind, tool.control.type if tool.control.plain else "")
            if key in seen:
                continue  # two controls of one kind label the same region
            seen.add(key)
            given = labels.active_for(task, part, state.active, tool)
            owner = next((name for name, names in given.items() if names), tool.control.name)
            color = labels.color(task, owner, state.active.get(owner, ()))
            found.append({"tool": tool.kind, "control": tool.control.name, "color": color})
        made[part.name] = found[0] if found else {"tool": "select"}
        if len(found) > 1:
            made[part.name] = {**found[0], "more": found[1:]}
    return made


def _hidden(state: State) -> list[str]:
    task = state.task
    return conditions.hidden_nodes(task.index, task.tables, state.settled_answers, state.selected, state.items)


def _region_controls(state: State) -> list[str]:
    region, task = state.selected, state.task
    if region is None:
        return []
    answers = state.settled_answers
    return [
        control.name
        for control in task.index.region_controls
        if conditions.applies(control, region, task.index, task.tables, answers, state.items)
    ]
