"""Objects of a picture with their key points.

A point belongs to the region that is its parent (`parentID`), else to the only box that it lies in. On a config
without any other shapes all points of a picture are one object, whose class is `object`; a name that comes again begins
the next one. Points that belong to nothing are dropped (`no-instance`), and the second of a name in an object
(`same-point`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from labeling.exports import outlines, regions
from labeling.exports.outlines import Point, Unreadable
from labeling.exports.pictures import Picture, PictureExport
from labeling.exports.regions import Region

ALONE = "object"


@dataclass(slots=True)
class Instance:
    """`region`: None of points that stand for themselves. `points`: pixels by the name of the point."""

    region: Region | None
    labels: list[str]
    points: list[tuple[str, Point]] = field(default_factory=list)


def names(export: PictureExport) -> list[str]:
    """Names of key points: by `model_index` where labels have one, then in the config's order."""
    found: list[str] = export.once("points", lambda: _names(export))
    return found


def _names(export: PictureExport) -> list[str]:
    options = export.options_of(("keypoint",))
    own = [o for c in export.plan["controls"] if c["type"] == "keypointlabels" for o in c.get("options") or ()]
    mine = {str(o.get("stored")) for o in own} or {str(o["stored"]) for o in options}
    options = [o for o in options if str(o["stored"]) in mine]
    placed = sorted((o for o in options if isinstance(o.get("model_index"), int)), key=lambda o: o["model_index"])
    return [str(o["stored"]) for o in placed + [o for o in options if o not in placed]]


def of(export: PictureExport, picture: Picture) -> Iterator[Instance]:
    """In stored order. What has no label, or is of a kind that the format does not have, is dropped and told."""
    found: dict[str, Instance] = {}
    points: list[Region] = []
    for region in picture.regions:
        if region.kind == "keypoint":
            points.append(region)
        elif region.kind not in export.kinds:
            export.drop(picture.task, region, f"kind-{region.kind}")
        elif labels := export.labels(region):
            found[region.id] = Instance(region, labels)
        else:
            export.drop(picture.task, region, "no-label")
    alone = _points(export, picture, points, found)
    yield from found.values()
    yield from alone


def _points(
    export: PictureExport, picture: Picture, points: list[Region], found: dict[str, Instance]
) -> list[Instance]:
    known = names(export)
    alone: list[Instance] = []
    has_shapes = any(regions.SHAPES.get(c["type"]) in export.kinds for c in export.plan["controls"])
    for region in points:
        label = region.labels[0] if region.labels else None
        if label is None or label not in known:
            export.drop(picture.task, region, "no-label" if label is None else "unknown-point")
            continue
        if picture.size is None:
            export.drop(picture.task, region, "no-size")
            continue
        try:
            place = outlines.point(region.value, picture.size)
        except Unreadable as fault:
            export.drop(picture.task, region, fault.reason)
            continue
        if not (0 <= place[0] <= picture.size[0] and 0 <= place[1] <= picture.size[1]):
            export.drop(picture.task, region, "outside")
            continue
        home = found.get(region.parent or "") or _around(picture, place, found)
        if home is None and not has_shapes:
            if not alone or label in dict(alone[-1].points):
                alone.append(Instance(None, [ALONE]))
            home = alone[-1]
        if home is None:
            export.drop(picture.task, region, "no-instance")
        elif label in dict(home.points):
            export.drop(picture.task, region, "same-point")
        else:
            home.points.append((label, place))
    return alone


def _around(picture: Picture, place: Point, found: dict[str, Instance]) -> Instance | None:
    """The only box that a point lies in."""
    assert picture.size is not None
    here = []
    for instance in found.values():
        if instance.region is None or instance.region.kind != "rectangle":
            continue
        try:
            x, y, width, height = outlines.frame(outlines.corners(instance.region.value, picture.size))
        except Unreadable:
            continue
        if x <= place[0] <= x + width and y <= place[1] <= y + height:
            here.append(instance)
    return here[0] if len(here) == 1 else None
