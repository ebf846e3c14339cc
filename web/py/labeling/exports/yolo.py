"""YOLO: a text file of numbers for each picture, in a zip (docs.ultralytics.com/datasets, detect, obb, segment, pose).

    data.yaml        names of classes, where the sets are, of poses the shape of key points
    classes.txt      names of classes, one a line; the number of the line, from 0, is the class
    images.csv       which picture has which name here; put the pictures into images/, or images/<set>/
    labels/…/x.txt   of images/…/x.jpg; empty for a picture on which nothing was marked

Numbers are parts of the picture's width and height, 0 to 1, with six digits. A line:

    YOLO       class  x y of the middle, width, height        upright boxes
    YOLO_OBB   class  four corners                            boxes, turned or not
    YOLO_SEG   class  corners of a polygon                    whatever covers an area
    YOLO_POSE  class  x y width height, then x y v of each    upright boxes with key points
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import ClassVar

from labeling.exports import instances, names, outlines
from labeling.exports.export import Task
from labeling.exports.fault import ExportFault
from labeling.exports.files import File, Record, member
from labeling.exports.instances import Instance
from labeling.exports.outlines import Pixels, Ring
from labeling.exports.pictures import Picture, PictureExport
from labeling.exports.regions import Region

_UNPRINTABLE = re.compile("[\x7f-\x9f\u2028\u2029\ufeff]")
_ANY_SIZE = (100, 100)


class Yolo(PictureExport):
    name = "YOLO"
    title = "YOLO: boxes as text files"
    ending = "zip"
    media_type = "application/zip"
    is_zip = True
    takes = ("bounds", "names", "size")
    own_kinds: ClassVar[tuple[str, ...]] = ("rectangle",)
    has_points: ClassVar[bool] = False

    def task(self, task: Task) -> Iterator[Record]:
        for picture in self.pictures(task):
            lines = [line for one in self.instances(picture) for line in self.lines(picture, one)]
            folder = f"labels/{task.set}/" if task.set else "labels/"
            yield member(f"{folder}{names.stem(picture.name)}.txt", "".join(lines).encode())
            yield self.list_picture(picture)

    def instances(self, picture: Picture) -> Iterator[Instance]:
        if self.has_points:
            yield from instances.of(self, picture)
            return
        for region in picture.regions:
            if region.kind == "keypoint" or region.kind not in self.kinds:
                self.drop(picture.task, region, f"kind-{region.kind}")
            elif labels := self.labels(region):
                yield Instance(region, labels)
            else:
                self.drop(picture.task, region, "no-label")

    def lines(self, picture: Picture, instance: Instance) -> Iterator[str]:
        region = instance.region
        assert region is not None
        placed = self.placed(picture, region)
        if not self.fits(region):
            if not self.options.bounds:
                self.drop(picture.task, region, self.misfit(region))
                return
            self.report.changed("box-around")
        rings = self.rings(placed, region)
        if rings is None or placed.size is None:
            return
        self.report.region_written()
        for numbers in self.numbers(rings, region, placed.size):
            text = " ".join(f"{number:.6f}" for number in numbers)
            for label in instance.labels:
                yield f"{self.class_of(label)} {text}\n"

    def fits(self, region: Region) -> bool:
        return outlines.is_upright(region)

    def misfit(self, region: Region) -> str:
        return "turned-box" if region.kind == "rectangle" else f"kind-{region.kind}"

    def numbers(self, rings: list[Ring], _: Region, size: Pixels) -> Iterator[list[float]]:
        x, y, width, height = outlines.frame([place for ring in rings for place in ring])
        yield [(x + width / 2) / size[0], (y + height / 2) / size[1], width / size[0], height / size[1]]

    def placed(self, picture: Picture, region: Region) -> Picture:
        """The picture; for shapes that are the same parts of a picture of any size one of some size."""
        if picture.size is None and (region.kind == "polygon" or outlines.is_upright(region)):
            return replace(picture, size=_ANY_SIZE)
        return picture

    def files(self) -> list[File]:
        classes: list[str] = self.kept["classes"]
        listed = "".join(f"{' '.join(name.split())}\n" for name in classes)
        yaml = ["path: .\n"]
        for name, key in self._folders():
            yaml.append(f"{key}: images/{name}\n" if name else f"{key}: images\n")
        yaml += self.more_yaml()
        yaml.append("names:\n" if classes else "names: []\n")
        yaml += [f"  {number}: {quoted(name)}\n" for number, name in enumerate(classes)]
        return [
            File("data.yaml", ("".join(yaml).encode("utf-8", "replace"),)),
            File("classes.txt", (listed.encode("utf-8", "replace"),)),
            File("images.csv", self.picture_table()),
        ]

    def _folders(self) -> list[tuple[str, str]]:
        """Folder and key of each set; train and val must be there."""
        if not self.options.splits:
            return [("", "train"), ("", "val")]
        made = [(name, name) for name in self.sets]
        keys = [key for _, key in made]
        return made + [(self.sets[0], key) for key in ("train", "val") if key not in keys]

    def more_yaml(self) -> list[str]:
        return []


class YoloObb(Yolo):
    name = "YOLO_OBB"
    title = "YOLO OBB: turned boxes as text files"

    def fits(self, region: Region) -> bool:
        return region.kind == "rectangle"

    def numbers(self, rings: list[Ring], region: Region, size: Pixels) -> Iterator[list[float]]:
        if region.kind == "rectangle":
            places = outlines.corners(region.value, size)
        else:
            x, y, width, height = outlines.frame([place for ring in rings for place in ring])
            places = [(x, y), (x + width, y), (x + width, y + height), (x, y + height)]
        # A turned box that is cut at an edge is no box any more: its corners are moved onto the picture.
        yield [number for x, y in places for number in (_part(x / size[0]), _part(y / size[1]))]


class YoloSegments(Yolo):
    name = "YOLO_SEG"
    title = "YOLO segment: polygons and outlines of masks as text files"
    own_kinds = PictureExport.kinds

    def fits(self, region: Region) -> bool:
        return region.kind in self.kinds

    def numbers(self, rings: list[Ring], region: Region, size: Pixels) -> Iterator[list[float]]:
        outer = [ring for ring in rings if outlines.area(ring) > 0] if region.kind in outlines.MASKS else rings
        if len(outer) < len(rings):
            self.report.changed("holes-filled")
        if len(outer) > 1:
            self.report.changed("parts-apart")
        for ring in outer:
            yield [number for x, y in ring for number in (_part(x / size[0]), _part(y / size[1]))]


class YoloPose(Yolo):
    name = "YOLO_POSE"
    title = "YOLO pose: boxes with key points as text files"
    has_points = True

    def check(self) -> None:
        super().check()
        if not instances.names(self):
            message = f"{self.name} needs <KeyPointLabels> on {self.target['name']}."
            raise ExportFault("format-does-not-fit", message, "format", "YOLO has the boxes alone.")

    def lines(self, picture: Picture, instance: Instance) -> Iterator[str]:
        region, size = instance.region, picture.size
        if region is None:
            assert size is not None
            x, y, width, height = outlines.frame([place for _, place in instance.points])
        else:
            if not self.fits(region) and not self.options.bounds:
                self.drop(picture.task, region, self.misfit(region))
                return
            rings = self.rings(picture, region)
            if rings is None or size is None:
                return
            if not self.fits(region):
                self.report.changed("box-around")
            x, y, width, height = outlines.frame([place for ring in rings for place in ring])
        self.report.region_written(len(instance.points) + (region is not None))
        places = dict(instance.points)
        numbers = [(x + width / 2) / size[0], (y + height / 2) / size[1], width / size[0], height / size[1]]
        text = " ".join(f"{number:.6f}" for number in numbers)
        for name in instances.names(self):
            px, py = places.get(name, (0.0, 0.0))
            text += f" {px / size[0]:.6f} {py / size[1]:.6f} {2 if name in places else 0}"
        for label in instance.labels:
            yield f"{self.class_of(label)} {text}\n"

    def more_yaml(self) -> list[str]:
        known = instances.names(self)
        return [
            f"kpt_shape: [{len(known)}, 3]\n",
            "kpt_names:\n",
            "  0:\n",
            *(f"    - {quoted(name)}\n" for name in known),
        ]


def _part(value: float) -> float:
    return min(max(value, 0.0), 1.0)


def quoted(name: str) -> str:
    """A text in YAML 1.2, in double quotes."""
    text = json.dumps(name.encode("utf-8", "replace").decode(), ensure_ascii=False)
    return _UNPRINTABLE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
