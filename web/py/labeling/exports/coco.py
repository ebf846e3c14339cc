"""COCO: one JSON of images, annotations and categories (cocodataset.org/#format-data).

Objects have `bbox` [x, y, width, height] in pixels and `segmentation`: `[]` of upright boxes, polygons of turned boxes,
ellipses, polygons and closed vectors, uncompressed run lengths of masks. Points become `keypoints` [x, y, v, …] of an
object: the region they belong to, else the one box round them, else an object of their own. Each label of a region
is an annotation. Ids count from 1; a Label's `category` is its category's id.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from labeling.exports import instances, outlines, runs
from labeling.exports.export import Task, line
from labeling.exports.files import File, Record, Stream
from labeling.exports.instances import Instance
from labeling.exports.outlines import MASKS, Unreadable
from labeling.exports.pictures import Picture, PictureExport
from labeling.exports.stream import encode

Json = dict[str, Any]


class Coco(PictureExport):
    name = "COCO"
    title = "COCO: objects, segments and key points as JSON"
    ending = "json"
    media_type = "application/json"
    kinds: ClassVar[tuple[str, ...]] = ("rectangle", "ellipse", "polygon", "vector", "brush", "bitmask")

    def task(self, task: Task) -> Iterator[Record]:
        for picture in self.pictures(task):
            image = self._next("images")
            width, height = picture.size or (None, None)
            row: Json = {"id": image, "width": width, "height": height, "file_name": picture.name}
            if picture.size is None:
                self.report.note("size-unknown")
            if picture.address:
                row["coco_url"] = picture.address
            yield f"images.{task.set}", line({**row, "task": task.id})
            for instance in instances.of(self, picture):
                yield from self._annotations(picture, instance, image)

    def _annotations(self, picture: Picture, instance: Instance, image: int) -> Iterator[Record]:
        shape = self._shape(picture, instance)
        if shape is None:
            return
        region = instance.region
        answers = region.answers if region else {}
        self.report.region_written(len(instance.points) + (region is not None))
        for label in instance.labels:
            row: Json = {
                "id": self._next("annotations"),
                "image_id": image,
                "category_id": self.category_of(label),
                **shape,
                "iscrowd": 0,
                "ignore": 0,
            }
            if answers:
                row["attributes"] = answers
            yield f"annotations.{picture.task.set}", line(row)

    def _shape(self, picture: Picture, instance: Instance) -> Json | None:
        made: Json = {}
        region = instance.region
        if region is None:
            x, y, width, height = outlines.frame([place for _, place in instance.points])
            made = {"bbox": [_px(x), _px(y), _px(width), _px(height)], "area": _px(width * height), "segmentation": []}
        elif region.kind in MASKS:
            found = self._mask(picture, instance)
            if found is None:
                return None
            made = found
        else:
            rings = self.rings(picture, region)
            if rings is None:
                return None
            x, y, width, height = outlines.frame(rings[0])
            is_upright = outlines.is_upright(region)
            flat = [_px(number) for place in rings[0] for number in place]
            made = {
                "bbox": [_px(x), _px(y), _px(width), _px(height)],
                "area": _px(width * height if is_upright else abs(outlines.area(rings[0]))),
                "segmentation": [] if is_upright else [flat],
            }
        if instances.names(self):  # also of objects without points: who reads key points asks each for their number
            made |= self._keypoints(instance)
        return made

    def _mask(self, picture: Picture, instance: Instance) -> Json | None:
        region = instance.region
        assert region is not None
        if picture.size is None:
            self.drop(picture.task, region, "no-size")
            return None
        try:
            mask = outlines.mask(region, picture.size)
        except Unreadable as fault:
            self.drop(picture.task, region, fault.reason)
            return None
        bounds = mask.bounds
        if bounds is None:
            self.drop(picture.task, region, "empty")
            return None
        left, top, right, bottom = bounds
        size = [picture.size[1], picture.size[0]]
        return {
            "bbox": [left, top, right - left, bottom - top],
            "area": mask.area,
            "segmentation": {"size": size, "counts": runs.counts(mask)},
        }

    def _keypoints(self, instance: Instance) -> Json:
        names = instances.names(self)
        places = dict(instance.points)
        flat: list[float] = []
        for name in names:
            flat += [_px(places[name][0]), _px(places[name][1]), 2] if name in places else [0, 0, 0]
        return {"keypoints": flat, "num_keypoints": len(places)}

    def category_of(self, label: str) -> int:
        """The `category` of a Label, else its place among the classes, past all numbers that are taken."""
        if "ids" not in self.kept:
            self.kept["ids"] = self._ids()
        ids: dict[str, int] = self.kept["ids"]
        if label not in ids:
            ids[label] = max(ids.values(), default=0) + 1
        return ids[label]

    def _ids(self) -> dict[str, int]:
        options = self.options_of(self.kinds)
        ids = {str(o["stored"]): o["category"] for o in options if isinstance(o.get("category"), int)}
        if len(set(ids.values())) != len(ids):
            ids = {}  # two labels with one number would be one category
        taken = set(ids.values())
        free = (n for n in range(1, 1_000_000) if n not in taken)
        return ids | {name: next(free) for o in options if (name := str(o["stored"])) not in ids}

    def _next(self, what: str) -> int:
        self.kept[what] = int(self.kept.get(what, 0)) + 1
        return int(self.kept[what])

    def files(self) -> list[File]:
        ids: Mapping[str, int] = self.kept.get("ids") or self._ids()
        names = instances.names(self)
        skeleton: Json = {"keypoints": names, "skeleton": []} if names else {}
        categories = [{"id": ids[name], "name": name, "supercategory": "", **skeleton} for name in ids]
        categories.sort(key=lambda category: category["id"])
        info = {"description": "Exported by Labelkite", "version": "1.0"}
        head = {"info": info, "licenses": [], "categories": categories}
        return [
            File(
                f"{name or 'result'}.json",
                (
                    encode(head)[:-1] + b', "images": [\n',
                    Stream(f"images.{name}", b",\n"),
                    b'\n], "annotations": [\n',
                    Stream(f"annotations.{name}", b",\n"),
                    b"\n]}\n",
                ),
            )
            for name in self.sets
        ]


def _px(value: float) -> float:
    """Pixels to a thousandth; whole numbers without a point."""
    number = round(value, 3) + 0.0
    return int(number) if number == int(number) else number
