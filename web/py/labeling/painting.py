"""What ``paint`` does: strokes and rows of runs onto a mask that is there, or a new region of one."""

from __future__ import annotations

from dataclasses import replace

from labeling import contexts, labels, masks
from labeling.edit import Edit, touched
from labeling.geometry import Size
from labeling.intents_paint import Paint
from labeling.masks import Mask, MaskError, text
from labeling.model import Region, place
from labeling.plan_index import ObjectPart
from labeling.problems import refuse
from labeling.shapes import rasters
from labeling.shapes.rasters import Bitmask, Brush


def apply(edit: Edit, intent: Paint) -> None:
    """
    Raises:
        Refusal: locked, another kind of region, a picture that is not loaded, a mask of another size, nothing painted.
    """
    part = edit.task.index.objects.get(intent.object)
    if part is None:
        raise refuse("unknown-object", f"no object {intent.object!r}", f"object {intent.object}", object=intent.object)
    held = edit.region(intent.region)
    painted = _painted(edit, intent, part, held)
    if held is not None:
        painted = _change(edit, intent, held, painted)
    elif intent.erase:
        raise refuse("unknown-region", f"no region {intent.region!r} in this task", f"region {intent.region}")
    else:
        painted = _add(edit, intent, part, painted)
    if intent.cut_others and not intent.erase:
        _cut(edit, intent, painted)


def _painted(edit: Edit, intent: Paint, part: ObjectPart, held: Region | None) -> Mask:
    """All that the intent brings, as one mask of the picture's size."""
    size = contexts.size_of(edit.state, held) if held else edit.sizes.get(part.name)
    where = place(held) if held else f"new region on {part.name}"
    if size is None:
        raise refuse("not-loaded", "the image is not loaded yet", where, "wait until it is shown", object=part.name)
    try:
        width, height = rasters.pixels(size)
        made = Mask(width, height)
        if intent.rows is not None:
            made = text.read(intent.rows, width, height)
    except MaskError as fault:
        raise refuse("bad-shape", str(fault), where, object=part.name) from None
    for stroke in intent.strokes:
        swept = masks.stroke(stroke.points, stroke.radius, width, height, stroke.softness, stroke.tip)
        made = masks.union(made, swept)
    return made


def mask_of(region: Region, size: Size) -> Mask:
    """The mask of a region.

    Raises:
        Refusal: it has none, or a stored one that cannot be read or is of another size than its picture.
    """
    if not isinstance(region.shape, Brush | Bitmask):
        raise refuse("cannot-paint", "only masks can be painted on", place(region), region=region.id)
    try:
        return rasters.mask_of(region.shape, size)
    except MaskError as fault:
        hint = "delete the region and paint it again; until then it is kept as it is"
        raise refuse("bad-shape", str(fault), place(region), hint, region=region.id) from None


def moved(region: Region, size: Size, dx: float, dy: float) -> Brush | Bitmask:
    """The shape of a mask moved by whole pixels.

    Raises:
        Refusal: as `mask_of`, or nothing of it would be left in the picture.
    """
    mask = masks.shifted(mask_of(region, size), round(dx), round(dy))
    if mask.is_empty:
        raise refuse("too-small", "nothing of the mask would be left in the picture", place(region), region=region.id)
    return rasters.of_mask(region.shape.kind, mask)


def _change(edit: Edit, intent: Paint, region: Region, painted: Mask) -> Mask:
    """All that is new on the picture, holes that were filled too."""
    edit.must_change(region)
    if region.object != intent.object:
        raise refuse("two-objects", f"the region is on {region.object}", place(region), region=region.id)
    before = mask_of(region, Size(painted.width, painted.height))
    after = masks.subtract(before, painted) if intent.erase else masks.union(before, painted)
    if intent.fill:
        after = masks.filled(after)
    if after.is_empty:
        _remove(edit, region)
    elif after != before:
        edit.put(touched(replace(region, shape=rasters.of_mask(region.shape.kind, after))))
    return masks.union(painted, masks.subtract(after, before)) if intent.fill else painted


def _remove(edit: Edit, region: Region) -> None:
    edit.remove(region.id)
    edit.selection = tuple(name for name in edit.selection if name != region.id)


def _add(edit: Edit, intent: Paint, part: ObjectPart, painted: Mask) -> Mask:
    """All of it. A new region is selected: the next stroke goes on with it."""
    tool = _tool(edit, intent, part)
    if intent.fill:
        painted = masks.filled(painted)
    if painted.is_empty:
        raise refuse("too-small", "nothing is painted", f"new region on {part.name}", "paint over the image")
    shape = rasters.of_mask(tool.kind, painted)
    given = labels.active_for(edit.task, part, edit.active, tool)
    item = edit.state.items.get(part.name, 0) if part.pages else None
    size = edit.sizes.get(part.name) if part.pages else None
    edit.put(Region(intent.region, edit.next_n(), part.name, tool.control.name, shape, given, size=size, item=item))
    labels.check_limits(edit)
    edit.selection = (intent.region,)
    if not edit.task.settings.keep_labels:
        for name in given:
            edit.activate(name, ())
    return painted


def _tool(edit: Edit, intent: Paint, part: ObjectPart) -> labels.Tool:
    for tool in labels.tools(edit.task, part, edit.active):
        if tool.kind in ("brush", "bitmask") and intent.control in (None, tool.control.name):
            return tool
    where = f"{part.type} {part.name}"
    makers = edit.task.index.makers[part.name]
    if not any(control.makes(part) in ("brush", "bitmask") for control in makers):
        raise refuse("unknown-control", "no control of this config makes masks on it", where, object=part.name)
    raise refuse("no-label", "no label is active", where, "pick a label first", object=part.name)


def _cut(edit: Edit, intent: Paint, painted: Mask) -> None:
    """What is locked, cannot be read or is on another page stays as it is; what loses all of itself is deleted."""
    own = edit.region(intent.region)
    size = Size(painted.width, painted.height)
    for name, region in edit.state.regions.items():
        if name == intent.region or region.object != intent.object or not isinstance(region.shape, Brush | Bitmask):
            continue
        if region.locked or region.readonly or region.suggestion or (own is not None and region.item != own.item):
            continue
        try:
            if not rasters.touches(region.shape, painted):
                continue
            before = rasters.mask_of(region.shape, size)
        except MaskError:
            continue
        after = masks.subtract(before, painted)
        if after.is_empty:
            _remove(edit, region)
        elif after is not before:
            edit.put(touched(replace(region, shape=rasters.of_mask(region.shape.kind, after))))
