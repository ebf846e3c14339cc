"""Shapes on pictures joined, subtracted, intersected and split (``combine``), and made another kind (``convert``).

Boxes, ellipses and polygons become polygons; as soon as one is a mask all are masks. What comes of several regions has
the labels, answers, note and place in the list of the first of them, and the links of all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from labeling import clipping, contexts, figures, labels, masks, relations, shapes
from labeling.edit import Edit, touched
from labeling.geometry import Size
from labeling.intents_batch import Combine, Convert
from labeling.model import Region, place
from labeling.ordering import chosen
from labeling.plan_index import Control, ShapeKind
from labeling.problems import refuse
from labeling.shapes import Bitmask, Brush, Shape, rasters
from labeling.transforms import bounds_of, size_of

_MASKS = ("brush", "bitmask")


def combine(edit: Edit, intent: Combine) -> None:
    names = edit.selection if intent.regions is None else intent.regions
    regions = [edit.must_have(name) for name in names]
    if len(regions) < (1 if intent.how == "split" else 2):
        hint = "select the regions first"
        raise refuse("too-few-regions", f"{intent.how} needs more regions than are selected", "selection", hint)
    first = regions[0]
    for region in regions:
        if (region.object, region.item) != (first.object, first.item):
            raise refuse("two-objects", f"{place(region)} is on another picture", place(region), region=region.id)
        if not intent.keep:
            edit.must_change(region)
    size = size_of(edit, first)
    try:
        if intent.how == "split":
            made = [(region, _pieces(region, intent.line, size)) for region in regions]
            made = [(region, parts) for region, parts in made if len(parts) > 1]
            if not made:
                told = "the line does not part it" if intent.line else "it is one piece"
                raise refuse("one-piece", f"there is nothing to split: {told}", place(first), region=first.id)
        else:
            made = [(first, _combined(regions, intent, size))]
    except (masks.MaskError, clipping.ClippingError) as fault:
        raise refuse("cannot-combine", str(fault), place(first), region=first.id) from None
    if not made[0][1]:
        raise refuse("nothing-left", "nothing would be left", place(first), "choose other regions", region=first.id)
    _put(edit, intent, made, () if intent.keep else tuple(region.id for region in regions))


def _combined(regions: Sequence[Region], intent: Combine, size: Size) -> list[Shape]:
    kind = next((region.shape.kind for region in regions if region.shape.kind in _MASKS), None)
    if kind is not None:
        mask = _mask(regions[0], size)
        for region in regions[1:]:
            match intent.how:
                case "union":
                    mask = masks.union(mask, _mask(region, size))
                case "subtract":
                    mask = masks.subtract(mask, _mask(region, size))
                case _:
                    mask = masks.intersect(mask, _mask(region, size))
        return [] if mask.is_empty else [_raster(kind, mask)]
    sources = [figures.grid_rings(_rings(region, size)) for region in regions]
    inside = {"union": clipping.in_any, "subtract": clipping.in_first_alone}.get(intent.how)
    return list(figures.polygons(clipping.overlay(sources, inside or clipping.in_all(len(sources)))))


def _pieces(region: Region, line: Sequence[tuple[float, float]], size: Size) -> list[Shape]:
    """Parts that do not touch, or those on the sides of a line."""
    if region.shape.kind not in _MASKS:
        outline = figures.grid_rings(_rings(region, size))
        return list(figures.polygons(clipping.overlay([outline], clipping.in_any, clipping.on_grid(line))))
    mask = _mask(region, size)
    if not line:
        return [_raster(region.shape.kind, part) for part in masks.parts(mask)]
    path = [(x * size.width / 100, y * size.height / 100) for x, y in line]
    cut = masks.intersect(mask, masks.stroke(path, 1, mask.width, mask.height))
    parts = masks.parts(masks.subtract(mask, cut))
    if not parts:
        return []
    # The pixels under the line stay with the largest part: nothing is lost by a cut.
    whole = [masks.union(parts[0], cut), *parts[1:]]
    return [_raster(region.shape.kind, part) for part in whole]


def _rings(region: Region, size: Size) -> figures.Rings:
    found = figures.rings(region.shape, size)
    if found is None:
        raise _covers_nothing(region)
    return found


def _mask(region: Region, size: Size) -> masks.Mask:
    found = figures.mask_of(region.shape, size)
    if found is None:
        raise _covers_nothing(region)
    return found


def _raster(kind: ShapeKind, mask: masks.Mask) -> Brush | Bitmask:
    return rasters.of_mask("brush" if kind == "brush" else "bitmask", mask)


def _covers_nothing(region: Region) -> Exception:
    hint = "boxes, ellipses, closed polygons and masks can be combined"
    return refuse("covers-nothing", f"{place(region)} covers no area", place(region), hint, region=region.id)


def _put(edit: Edit, intent: Combine, made: list[tuple[Region, list[Shape]]], sources: tuple[str, ...]) -> None:
    """The new regions, each source's first in its place; then the sources go."""
    names = _Names(edit, intent.ids)
    split = {region.id for region, _ in made}
    # In the order of the sources: which of two equal links stays is no matter of chance.
    gone = {name: None for name in sources if intent.how != "split" or name in split}
    added: list[Region] = []
    heirs: dict[str, str] = {}
    for source, parts in made:
        control, given = control_for(edit, source, parts[0].kind)
        for at, shape in enumerate(parts):
            name = names.new(source.id)
            if at == 0:
                heirs[source.id] = name
            n = source.n if at == 0 and source.id in gone else edit.next_n()
            added.append(_made(edit, source, name, n, control, shape, given))
    if intent.how != "split":
        heirs |= dict.fromkeys(gone, added[0].id)
    for old in gone:
        relations.take_over(edit, [old], heirs[old])
    for child in edit.state.regions.values():
        if child.parent in gone and child.id not in gone:
            edit.put(replace(child, parent=heirs[child.parent]))
    for name in gone:
        edit.remove(name)
    for region in added:
        parent = heirs.get(region.parent or "", region.parent) if region.parent in gone else region.parent
        edit.put(replace(region, parent=None if parent == region.id else parent))
    labels.check_limits(edit)
    edit.selection = tuple(region.id for region in added)


class _Names:
    """Ids of new regions: those that the intent brought; when they are used up, the source's with a number."""

    def __init__(self, edit: Edit, ids: Sequence[str]) -> None:
        self._edit = edit
        self._given = iter(ids)
        self._taken: set[str] = set()
        #: By source: the number after the last one. A mask may come apart into thousands.
        self._numbers: dict[str, int] = {}

    def new(self, source: str) -> str:
        name = next(self._given, None)
        if name is None:
            return self._numbered(source[:90])
        if not self._free(name):
            raise refuse("id-taken", f"there is a region {name!r} already", f"region {name}")
        self._taken.add(name)
        return name

    def _numbered(self, source: str) -> str:
        number = self._numbers.get(source, 2)
        while not self._free(f"{source}-{number}"):
            number += 1
        self._numbers[source] = number + 1
        self._taken.add(f"{source}-{number}")
        return f"{source}-{number}"

    def _free(self, name: str) -> bool:
        return name not in self._taken and self._edit.region(name) is None


def _made(
    edit: Edit,
    source: Region,
    name: str,
    n: int,
    control: Control,
    shape: Shape,
    given: dict[str, tuple[str, ...]],
) -> Region:
    part = edit.task.index.objects[source.object]
    at = contexts.of(edit.task, part.name, edit.docs, edit.sizes, edit.lengths, control)
    if not isinstance(shape, Brush | Bitmask):
        for fault in shapes.faults(shape.kind, shapes.write(shape, at), at):
            raise at.refuse(fault.code, fault.message, place(source), fault.hint)
    answers = {kept: replace(answer, id=name) for kept, answer in source.answers.items()}
    made = replace(
        touched(source),
        id=name,
        n=n,
        control=control.name,
        shape=shape,
        labels=given,
        answers=answers,
        score=None,
        kept={},
    )
    return labels.without_unfit_answers(edit.task, made)


def control_for(edit: Edit, region: Region, kind: ShapeKind) -> tuple[Control, dict[str, tuple[str, ...]]]:
    """The control that regions of *kind* with the labels of *region* belong to, and their labels by control.

    Raises:
        Refusal: nothing in the config makes that kind there, or nothing that does has the labels.
    """
    task = edit.task
    part = task.index.objects[region.object]
    own = task.index.controls[region.control]
    if own.makes(part) == kind:
        return own, dict(region.labels)
    able = [control for control in task.index.makers[part.name] if control.makes(part) == kind]
    if not able:
        hint = "the config needs a tag for them"
        raise refuse("no-control", f"nothing in this config makes a {kind} on {part.name}", place(region), hint)
    names = region.labels.get(own.name, ())
    others = {
        name: given
        for name, given in region.labels.items()
        if name != own.name and task.index.controls[name].type == "labels"
    }
    for control in sorted(able, key=lambda one: one.plain):
        if control.plain:
            free = next(
                (c for c in task.index.controls_of[part.name] if c.type == "labels" and _has(edit, c, names)), None
            )
            if not names or free is not None:
                return control, others | ({free.name: names} if free is not None and names else {})
        elif _has(edit, control, names) and (names or others or control.allow_empty):
            return control, {control.name: names, **others}
    message = f"no control for a {kind} has the label {', '.join(names)}" if names else f"a {kind} needs a label"
    raise refuse("no-label", message, place(region), "give it a label that both have", region=region.id)


def _has(edit: Edit, control: Control, names: Sequence[str]) -> bool:
    return all(edit.task.tables[control.name].stored(name) is not None for name in names)


# Another kind


def convert(edit: Edit, intent: Convert) -> None:
    """The region stays what it is, with its id, answers and links; further parts (of a mask in pieces) are new ones."""
    names = _Names(edit, intent.ids)
    added: list[str] = []
    wanted = [region for region in chosen(edit, intent.regions) if region.shape.kind != intent.to]
    for region in wanted:
        edit.must_change(region)
        size = size_of(edit, region)
        control, given = control_for(edit, region, intent.to)
        try:
            parts = _converted(edit, region, intent, size)
        except (masks.MaskError, clipping.ClippingError) as fault:
            raise refuse("cannot-convert", str(fault), place(region), region=region.id) from None
        if not parts:
            raise _covers_nothing(region)
        for at, shape in enumerate(parts):
            name = region.id if at == 0 else names.new(region.id)
            n = region.n if at == 0 else edit.next_n()
            made = _made(edit, region, name, n, control, shape, given)
            edit.put(replace(made, score=region.score if at == 0 else None))
            added.append(name)
    labels.check_limits(edit)
    if wanted and intent.regions is None:
        edit.selection = tuple(dict.fromkeys((*edit.selection, *added)))


def _converted(edit: Edit, region: Region, intent: Convert, size: Size) -> list[Shape]:
    tolerance = figures.TOLERANCE if intent.tolerance is None else intent.tolerance
    if intent.to in _MASKS:
        mask = figures.mask_of(region.shape, size, tolerance)
        return [] if mask is None or mask.is_empty else [_raster(intent.to, mask)]
    if intent.to == "polygon":
        outline = figures.rings(region.shape, size, tolerance)
        if outline is None:
            return []
        if not isinstance(region.shape, Brush | Bitmask):
            return list(figures.polygons(figures.grid_rings(outline)))
        return list(figures.polygons(clipping.overlay([figures.grid_rings(outline)], clipping.in_any)))
    around = bounds_of(edit, [region])
    if around is None or around[0] >= around[2] or around[1] >= around[3]:
        return []
    if intent.to == "rectangle":
        return [figures.boxed(region.shape, size, around)]
    return [figures.rounded_off(region.shape, size, around)]
