"""The view: what the page draws, as JSON. ``full`` makes all of it, ``patch`` only what one intent changed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from operator import attrgetter
from typing import assert_never, cast

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
from labeling.view_types import AnswerJson, Patch, RegionJson, RelationJson, ToolJson, View

#: Members of a patch that are joined to the view's; all others replace.
_JOINED = ("regions", "answers", "active", "counts")
#: Of more regions than this a patch tells only the members that changed.
_MANY = 100


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


def since(opened: State, after: State) -> Patch:
    """For a page that shows *opened*: of the regions those that are others now, and all else."""
    names = [name for name, region in after.regions.items() if opened.regions.get(name) is not region]
    names += [name for name in opened.regions if name not in after.regions]
    changed = patch(opened, after, names, ())
    chosen = {name: after.regions[name] for name in after.selection}  # what is shown depends on them
    made = cast(Patch, {**full(replace(after, regions=chosen)), "regions": changed.get("regions", {})})
    made["changes"] = changed.get("changes", {})
    made["answers"] = {**dict.fromkeys(opened.answers), **made["answers"]}
    return made


def patch(
    before: State, after: State, regions: Collection[str], answers: Iterable[str], *, answered: bool = False
) -> Patch:
    """What changed from *before* to *after*; only the regions and answers named are looked at.

    Args:
        answered: answers changed although none is named.
    """
    made: Patch = {}
    places = contexts.Places(after)
    same_texts = before.docs is after.docs and before.task.phrases is after.task.phrases
    if len(regions) > _MANY and same_texts:
        changed_regions, changes = _many(before, after, regions, places)
        if changes:
            made["changes"] = changes
    else:
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
    if moved or before.items != after.items or changed_answers or answered:
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


def _many(
    before: State, after: State, names: Iterable[str], places: contexts.Places
) -> tuple[dict[str, RegionJson | None], dict[str, dict[str, object]]]:
    """Of regions that were there and are the same but for some members, only those: most of ten thousand are."""
    whole: dict[str, RegionJson | None] = {}
    changes: dict[str, dict[str, object]] = {}
    colors: dict[tuple[object, ...], str] = {}
    for name in names:
        was, now = before.regions.get(name), after.regions.get(name)
        if now is None:
            whole[name] = None
        elif was is None or _otherwise(was) != _otherwise(now) or was.shape.kind != now.shape.kind:
            whole[name] = region_json(after, now, places, was)
        elif was is not now:
            changes[name] = _members(after, was, now, places, colors)
    return whole, changes


#: Members of a region that seldom change: then all of it is told. Asked for each of many regions, in one call.
_otherwise = attrgetter("object", "control", "answers", "score", "parent", "item")


def _members(
    state: State, was: Region, now: Region, places: contexts.Places, colors: dict[tuple[object, ...], str]
) -> dict[str, object]:
    made: dict[str, object] = {}
    if was.shape is not now.shape:
        at = places.of(now.object)
        kind = shapes.KINDS[now.shape.kind]
        difference = kind.change(was.shape, now.shape, at) if kind.change is not None else None
        made["shape"] = kind.view(now.shape, at) if difference is None else difference
        if (text := kind.text(now.shape, at)) != kind.text(was.shape, at):
            made["text"] = text
    if was.labels is not now.labels:
        owner = labels.labelled_by(state.task, now)
        given = now.labels.get(owner, ())
        made["labels"] = list(given)
        key = (now.control, owner, given)
        color = colors.get(key) if given else None
        if color is None:
            color = colors[key] = labels.region_color(state.task, now)
        made["color"] = color
        made["labeled_by"] = owner if owner != now.control else None
        more = {name: list(others) for name, others in now.labels.items() if name != owner}
        made["more_labels"] = more or None
    for member in _SIMPLE:
        if (value := getattr(now, member)) != getattr(was, member):
            made[member] = value
    if was.suggestion != now.suggestion:
        made["suggestion"] = True if now.suggestion else None
    return made


#: Members that are in the view as they are in the region.
_SIMPLE = ("n", "hidden", "locked", "readonly", "origin", "note")


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
        if member == "changes" and isinstance(value, dict):
            regions = cast(dict[str, dict[str, object]], after["regions"])
            changed = {name: _on(regions[name], _changed(regions[name], given)) for name, given in value.items()}
            after["regions"] = {**regions, **changed}
        elif member in _JOINED and isinstance(held, Mapping) and isinstance(value, dict):
            joined = {**held, **{name: _on(held.get(name), entry) for name, entry in value.items()}}
            after[member] = {name: entry for name, entry in joined.items() if entry is not None}
        else:
            after[member] = value
    return after


def _changed(region: Mapping[str, object], members: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in {**region, **members}.items() if value is not None}


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
