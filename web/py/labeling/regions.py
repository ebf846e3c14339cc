"""What intents do to regions: make, move, select, delete, copy, mark."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import assert_never

from labeling import geometry, labels, reading, spans
from labeling.edit import Edit, touched
from labeling.geometry import Box, Shape, Span
from labeling.intents import (
    AddRegion,
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
from labeling.model import Region, place
from labeling.plan_index import Control, Granularity, ObjectPart
from labeling.problems import refuse


def apply(edit: Edit, intent: RegionIntent) -> None:
    match intent:
        case AddRegion():
            _add(edit, intent)
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
    part = edit.task.index.objects.get(intent.object)
    if part is None:
        raise refuse("unknown-object", f"no object {intent.object!r}", f"object {intent.object}", object=intent.object)
    if edit.region(intent.region) is not None:
        raise refuse("id-taken", f"there is a region {intent.region!r} already", f"region {intent.region}")
    control = labels.maker(edit.task, part, edit.active)
    if control is None:
        where = f"{part.type} {part.name}"
        raise refuse("no-label", "no label is active", where, "pick a label first", object=part.name)
    given = labels.active_for(edit.task, part, edit.active, control)
    shape = _shape(edit, part, control, intent.shape, f"new region on {part.name}", given)
    edit.put(Region(intent.region, edit.next_n(), part.name, control.name, shape, given))
    labels.check_limits(edit)
    edit.selection = (intent.region,) if edit.task.settings.select_new else ()
    if not edit.task.settings.keep_labels:
        for name in given:
            edit.activate(name, ())


def _edit(edit: Edit, intent: EditRegion) -> None:
    region = edit.must_change(edit.must_have(intent.region))
    part = edit.task.index.objects[region.object]
    control = edit.task.index.controls[region.control]
    shape = _shape(edit, part, control, intent.shape, place(region), region.labels)
    if shape != region.shape:
        edit.put(touched(replace(region, shape=shape)))


def _shape(
    edit: Edit,
    part: ObjectPart,
    control: Control,
    raw: Mapping[str, object],
    where: str,
    given: Mapping[str, tuple[str, ...]],
) -> Shape:
    if part.type == "image":
        return _box(edit, part, control, raw, where)
    return _span(edit, part, raw, where, given)


def _box(edit: Edit, part: ObjectPart, control: Control, raw: Mapping[str, object], where: str) -> Box:
    sides = [reading.number(raw.get(side)) for side in ("x", "y", "width", "height")]
    rotation = reading.number(raw.get("rotation", 0))
    x, y, width, height = sides
    if x is None or y is None or width is None or height is None or rotation is None:
        raise refuse("bad-shape", "a box has x, y, width, height and rotation as numbers", where, object=part.name)
    size = edit.sizes.get(part.name)
    box = geometry.normalised(Box(x, y, width, height, rotation), size)
    if box.rotation and not control.can_rotate:
        raise refuse("no-rotation", "boxes of this control cannot be turned", where, control=control.name)
    box = geometry.clipped(box)
    if control.snap == "pixel" and size is not None:
        box = geometry.on_pixels(box, size)
    if geometry.too_small(box, size):
        raise refuse("too-small", "the box is smaller than one pixel of the image", where, "drag a larger box")
    return box


def _span(
    edit: Edit,
    part: ObjectPart,
    raw: Mapping[str, object],
    where: str,
    given: Mapping[str, tuple[str, ...]],
) -> Span:
    start16, end16 = reading.whole(raw.get("start16")), reading.whole(raw.get("end16"))
    if start16 is None or end16 is None:
        raise refuse("bad-shape", "a span has start16 and end16 as whole numbers", where, object=part.name)
    doc = edit.docs.get(part.name)
    if doc is None:
        raise refuse("not-loaded", "the text is not loaded yet", where, "wait until it is shown", object=part.name)
    start16, end16 = min(start16, end16), max(start16, end16)
    if start16 < 0 or end16 > doc.length16:
        raise refuse("out-of-text", f"the selection ends outside the text ({doc.length16} units)", where)
    start, end = doc.from_utf16(start16), doc.from_utf16(end16, up=True)
    if start16 == end16:
        end = start
    if start < end:
        start, end = spans.snap(doc.text, start, end, _granularity(edit, part, given))
    if start >= end:
        raise refuse("empty-span", "nothing is selected", where, "drag over the text to mark")
    return Span(start, end)


def _granularity(edit: Edit, part: ObjectPart, given: Mapping[str, tuple[str, ...]]) -> Granularity:
    """A label's own granularity goes before its text's."""
    for control, names in given.items():
        for name in names:
            found = labels.option(edit.task, control, name)
            if found and found.granularity:
                return found.granularity
    return part.granularity


def _nudge(edit: Edit, intent: Nudge) -> None:
    boxes = [region for name in edit.selection if (region := edit.region(name)) and isinstance(region.shape, Box)]
    if not boxes and edit.selection:
        raise refuse("cannot-nudge", "only boxes can be moved with the arrow keys", "selection")
    for region in boxes:
        edit.must_change(region)
        size = edit.sizes.get(region.object)
        if size is None:
            raise refuse("not-loaded", "the image is not loaded yet", place(region), "wait until it is shown")
        assert isinstance(region.shape, Box)
        edit.put(
            touched(replace(region, shape=geometry.nudged(region.shape, intent.dx, intent.dy, size, grow=intent.grow)))
        )


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
    names = [region.id for region in edit.state.regions.values() if not region.hidden]
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
        edit.put(replace(region, hidden=hidden, locked=locked))
