"""What intents do to regions: make, move, select, delete, copy, mark."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, TypeAlias, assert_never

from labeling import contexts, geometry, items, labels, painting, shapes
from labeling.edit import Edit, changed, touched
from labeling.geometry import Box
from labeling.intents import (
    AddRegion,
    AddRegions,
    Delete,
    DeleteAll,
    Duplicate,
    EditRegion,
    Mark,
    Note,
    Nudge,
    RegionIntent,
    Select,
    SelectNext,
)
from labeling.model import Region, place, revised
from labeling.plan_index import Granularity, ObjectPart
from labeling.problems import refuse
from labeling.shapes import Shape
from labeling.shapes.kind import Context
from labeling.shapes.rasters import Bitmask, Brush

Grow: TypeAlias = Callable[[Any, Context, int, int], Any]


def apply(edit: Edit, intent: RegionIntent) -> None:
    match intent:
        case AddRegion():
            _add(edit, intent)
        case AddRegions():
            _add_many(edit, intent)
        case EditRegion():
            _edit(edit, intent)
        case Nudge():
            _nudge(edit, intent)
        case Select():
            _select(edit, intent)
        case SelectNext(step):
            _select_next(edit, step)
        case Delete(names):
            _delete(edit, edit.selection if names is None else names)
        case DeleteAll():
            rest = [region for region in edit.state.regions.values() if not (region.locked or region.readonly)]
            _delete(edit, tuple(region.id for region in rest))
        case Duplicate(ids):
            _duplicate(edit, ids)
        case Mark():
            _mark(edit, intent)
        case Note(name, text):
            region = edit.must_change(edit.must_have(name))
            edit.put(replace(region, note=text))
        case _:
            assert_never(intent)


def _add(edit: Edit, intent: AddRegion) -> None:
    """Words that have these labels already are not marked again; as a suggestion they are accepted."""
    made = _new(edit, intent)
    twin = _twin(edit, made)
    if twin is not None and not twin.suggestion:
        hint = "click them to select the region, or copy it (Ctrl+D) if there are two"
        raise refuse("marked", "these words have this label already", place(twin), hint, region=twin.id)
    made = made if twin is None else replace(twin, suggestion=False)
    edit.put(made)
    labels.check_limits(edit)
    edit.selection = (made.id,) if edit.task.settings.select_new else ()
    _put_down(edit, made)


def _twin(edit: Edit, made: Region) -> Region | None:
    """The region with the same labels at the same place of a text; other shapes may lie on each other."""
    if not shapes.KINDS[made.shape.kind].grown:
        return None
    key, start = _label_key(made), getattr(made.shape, "start", None)
    begun = (one for one in edit.state.regions.values() if getattr(one.shape, "start", None) == start)  # few of many
    there = (one for one in begun if one.object == made.object and one.shape == made.shape)
    return next((one for one in there if _label_key(one) == key), None)


def _add_many(edit: Edit, intent: AddRegions) -> None:
    """What is marked already, at the same place with the same labels, is left out."""
    if len(intent.regions) != len(intent.shapes):
        message = f"{len(intent.shapes)} shapes and {len(intent.regions)} new ids came"
        raise refuse("bad-intent", message, "intent add_regions")
    there = [region for region in edit.state.regions.values() if region.object == intent.object]
    marked = {(region.shape, _label_key(region)) for region in there if shapes.KINDS[region.shape.kind].grown}
    made = None
    for name, shape in zip(intent.regions, intent.shapes, strict=True):
        new = _new(edit, AddRegion(name, intent.object, shape, intent.control))
        if (key := (new.shape, _label_key(new))) not in marked:
            marked.add(key)
            edit.put(new)
            made = new
    if made is None:
        where = f"{len(intent.shapes)} places on {intent.object}"
        raise refuse("marked", "all of them are marked already", where, object=intent.object)
    labels.check_limits(edit)
    edit.selection = ()
    _put_down(edit, made)


def _label_key(region: Region) -> tuple[object, ...]:
    return region.control, *sorted((control, names) for control, names in region.labels.items())


def _put_down(edit: Edit, made: Region) -> None:
    """Who does not want to keep labels active picks one for each region."""
    if not edit.task.settings.keep_labels:
        for name in made.labels:
            edit.activate(name, ())


def _new(edit: Edit, intent: AddRegion) -> Region:
    part = edit.task.index.objects.get(intent.object)
    if part is None:
        raise refuse("unknown-object", f"no object {intent.object!r}", f"object {intent.object}", object=intent.object)
    if edit.region(intent.region) is not None:
        raise refuse("id-taken", f"there is a region {intent.region!r} already", f"region {intent.region}")
    tool = _tool(edit, part, intent.control)
    given = labels.active_for(edit.task, part, edit.active, tool)
    shape = _shape(edit, part, tool, intent.shape, f"new region on {part.name}", given)
    item = edit.state.items.get(part.name, 0) if part.pages else None
    # Pages have sizes of their own: the region remembers that of its page.
    size = edit.sizes.get(part.name) if part.pages else None
    return Region(intent.region, edit.next_n(), part.name, tool.control.name, shape, given, size=size, item=item)


def _tool(edit: Edit, part: ObjectPart, wanted: str | None) -> labels.Tool:
    """What is drawn: the first that may be, or that of the control named."""
    tools = labels.tools(edit.task, part, edit.active)
    where = f"{part.type} {part.name}"
    if wanted is None and tools:
        return tools[0]
    for tool in tools:
        if tool.control.name == wanted:
            return tool
    control = edit.task.index.controls.get(wanted or "")
    if wanted is not None and (control is None or control not in edit.task.index.makers[part.name]):
        raise refuse("unknown-control", f"no control {wanted!r} draws on it", where, object=part.name)
    raise refuse("no-label", "no label is active", where, "pick a label first", object=part.name)


def _edit(edit: Edit, intent: EditRegion) -> None:
    region = edit.must_change(edit.must_have(intent.region))
    part = edit.task.index.objects[region.object]
    tool = labels.Tool(region.shape.kind, edit.task.index.controls[region.control])
    shape = _shape(edit, part, tool, intent.shape, place(region), region.labels)
    if shape != region.shape:
        edit.put(touched(replace(region, shape=shape)))


def _shape(
    edit: Edit,
    part: ObjectPart,
    tool: labels.Tool,
    raw: Mapping[str, object],
    where: str,
    given: Mapping[str, tuple[str, ...]],
) -> Shape:
    granularity = _granularity(edit, part, given)
    at = contexts.of(edit.task, part.name, edit.docs, edit.sizes, edit.state.lengths, tool.control, granularity)
    return shapes.draw(tool.kind, raw, at, where)


def _granularity(edit: Edit, part: ObjectPart, given: Mapping[str, tuple[str, ...]]) -> Granularity:
    """A label's own granularity goes before its text's."""
    for control, names in given.items():
        for name in names:
            found = labels.option(edit.task, control, name)
            if found and found.granularity:
                return found.granularity
    return part.granularity


def _nudge(edit: Edit, intent: Nudge) -> None:
    """By pixels of the picture; only boxes grow, and spans by their units."""
    regions = [region for name in edit.selection if (region := edit.region(name))]
    fitting = [region for region in regions if _can_nudge(region, intent)]
    if not fitting and edit.selection:
        what = "boxes and spans can be made larger" if intent.grow else "shapes on images can be moved"
        raise refuse("cannot-nudge", f"only {what} with the arrow keys", "selection")
    for region in fitting:
        edit.must_change(region)
        if (grow := shapes.KINDS[region.shape.kind].grown) is not None:
            edit.put(_grown(edit, region, grow, intent))
            continue
        size = region.size if region.item is not None and region.size else edit.sizes.get(region.object)
        if size is None:
            raise refuse("not-loaded", "the image is not loaded yet", place(region), "wait until it is shown")
        shape: Shape
        if isinstance(region.shape, Box):
            shape = geometry.nudged(region.shape, intent.dx, intent.dy, size, grow=intent.grow)
        elif isinstance(region.shape, Brush | Bitmask):
            shape = painting.moved(region, size, intent.dx, intent.dy)
        else:
            move = shapes.KINDS[region.shape.kind].moved
            assert move is not None
            shape = move(region.shape, intent.dx * 100 / size.width, intent.dy * 100 / size.height)
        edit.put(changed(region, shape=shape))


def _grown(edit: Edit, region: Region, grow: Grow, intent: Nudge) -> Region:
    part = edit.task.index.objects[region.object]
    granularity = _granularity(edit, part, region.labels)
    control = edit.task.index.controls[region.control]
    at = contexts.of(edit.task, part.name, edit.docs, edit.sizes, edit.state.lengths, control, granularity)
    shape = grow(region.shape, at, round(intent.dy), round(intent.dx))
    return region if shape == region.shape else touched(replace(region, shape=shape))


def _can_nudge(region: Region, intent: Nudge) -> bool:
    if shapes.KINDS[region.shape.kind].grown is not None:
        return intent.grow
    movable = isinstance(region.shape, Brush | Bitmask) or shapes.KINDS[region.shape.kind].moved is not None
    return isinstance(region.shape, Box) or (not intent.grow and movable)


def _select(edit: Edit, intent: Select) -> None:
    for name in intent.regions:
        edit.must_have(name)
    if not intent.add:
        if intent.by_key and not intent.regions and not edit.selection:
            for control in edit.active:  # Escape on nothing puts the labels down
                edit.activate(control, ())
        edit.selection = intent.regions
    elif intent.regions and set(intent.regions) <= set(edit.selection):
        edit.selection = tuple(name for name in edit.selection if name not in intent.regions)
    else:
        edit.selection = tuple(dict.fromkeys((*edit.selection, *intent.regions)))


def _select_next(edit: Edit, step: int) -> None:
    on_page = items.filter_of(edit.task, edit.items)
    names = [region.id for region in edit.state.regions.values() if not region.hidden and on_page(region)]
    if not names:
        return
    current = edit.selection[-1] if edit.selection else None
    if current in names:
        edit.selection = (names[(names.index(current) + step) % len(names)],)
    else:
        edit.selection = (names[0 if step > 0 else -1],)


def _delete(edit: Edit, names: tuple[str, ...]) -> None:
    for name in names:
        edit.must_change(edit.must_have(name))
    for name in names:
        edit.remove(name)
    if names:
        gone = set(names)
        edit.selection = tuple(name for name in edit.selection if name not in gone)


def _duplicate(edit: Edit, ids: tuple[str, ...]) -> None:
    sources = sorted((edit.must_have(name) for name in edit.selection), key=lambda region: region.n)
    if not sources:
        return
    if len(ids) != len(sources):
        raise refuse("bad-intent", f"{len(sources)} regions are selected, {len(ids)} new ids came", "intent duplicate")
    for source, name in zip(sources, ids, strict=True):
        if edit.region(name) is not None:
            raise refuse("id-taken", f"there is a region {name!r} already", f"region {name}")
        if source.shape.kind == "message":
            raise refuse("cannot-duplicate", "messages are not copied", place(source), "write another one")
        answers = {
            control: replace(answer, id=name, origin="manual", readonly=False)
            for control, answer in source.answers.items()
        }
        edit.put(
            Region(
                id=name,
                n=edit.next_n(),
                object=source.object,
                control=source.control,
                shape=source.shape,
                labels=source.labels,
                answers=answers,
                parent=source.parent,
                size=source.size,
                item=source.item,
            )
        )
    labels.check_limits(edit)
    edit.selection = ids


def _mark(edit: Edit, intent: Mark) -> None:
    for name in intent.regions:
        region = edit.must_have(name)
        if intent.locked is not None and region.readonly:
            raise refuse("readonly", "this region cannot be changed", place(region), region=region.id)
        hidden = region.hidden if intent.hidden is None else intent.hidden
        locked = region.locked if intent.locked is None else intent.locked
        edit.put(revised(region, hidden=hidden, locked=locked))
