"""COCO panoptic: every pixel belongs to one segment; a PNG for each picture and one JSON that says what segments are.

    panoptic.json             images, annotations with segments_info, categories; train.json … with sets
    panoptic/<picture>.png    id of a pixel's segment = red + 256 green + 65536 blue, 0 of none; or panoptic_<set>/

Source: Kirillov et al. (2019), Panoptic Segmentation, arXiv:1801.00868, and cocodataset.org/#format-data, section 4.
Where regions overlap the later one is on top, as it is drawn. Categories are those of COCO; all of them are things
(`isthing` 1).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from labeling.exports import names, outlines
from labeling.exports.coco import Coco
from labeling.exports.export import Task, line
from labeling.exports.fault import LeftOut
from labeling.exports.files import File, Record, Stream, member
from labeling.exports.mask_files import png
from labeling.exports.outlines import MASKS, Unreadable
from labeling.exports.pictures import Picture
from labeling.exports.regions import Region
from labeling.exports.stream import encode
from labeling.masks import Mask, MaskError, from_rings, subtract, union

MOST_PIXELS = 50_000_000


class Panoptic(Coco):
    name = "COCO_PANOPTIC"
    title = "COCO panoptic: a segment for every pixel"
    ending = "zip"
    media_type = "application/zip"
    is_zip = True

    def task(self, task: Task) -> Iterator[Record]:
        found = list(self.pictures(task))
        if not any(picture.size for picture in found):
            raise LeftOut("no-size")
        for picture in found:
            if picture.size is None or picture.size[0] * picture.size[1] > MOST_PIXELS:
                for region in picture.regions:
                    self.drop(task, region, "no-size" if picture.size is None else "too-large")
                self.report.note("picture-without-size" if picture.size is None else "picture-too-large")
                continue
            image = self._next("images")
            width, height = picture.size
            folder = f"panoptic_{task.set}" if task.set else "panoptic"
            name = f"{names.stem(picture.name)}.png"
            about = {"id": image, "width": width, "height": height, "file_name": picture.name, "task": task.id}
            if picture.address:
                about["coco_url"] = picture.address
            segments = self._segments(picture)
            told = [self._told(number, label, mask) for number, label, mask in segments]
            yield f"images.{task.set}", line(about)
            yield f"annotations.{task.set}", line({"image_id": image, "file_name": name, "segments_info": told})
            yield member(f"{folder}/{name}", png(width, height, _lines(picture.size, segments), channels=3))

    def _segments(self, picture: Picture) -> list[tuple[int, str, Mask]]:
        """Id, label and mask of each segment; of two that overlap the later one has the pixels."""
        found: list[tuple[Region, str, Mask]] = []
        for region in picture.regions:
            mask = self._area(picture, region)
            labels = self.labels(region)
            if mask is not None and not labels:
                self.drop(picture.task, region, "no-label")
            elif mask is not None:
                if len(labels) > 1:
                    self.report.changed("first-label-only")
                found.append((region, labels[0], mask))
        parts: list[Mask] = []
        above: Mask | None = None
        for _, _, mask in reversed(found):
            parts.append(mask if above is None else subtract(mask, above))
            above = mask if above is None else union(above, mask)
        made: list[tuple[int, str, Mask]] = []
        for (region, label, mask), left in zip(found, reversed(parts), strict=True):
            if left.is_empty:
                self.drop(picture.task, region, "covered")
                continue
            if left.area < mask.area:
                self.report.changed("partly-covered")
            self.report.region_written()
            made.append((len(made) + 1, label, left))
        return made

    def _area(self, picture: Picture, region: Region) -> Mask | None:
        size = picture.size
        assert size is not None
        if region.kind not in self.kinds:
            self.drop(picture.task, region, f"kind-{region.kind}")
            return None
        try:
            if region.kind in MASKS:
                mask = outlines.mask(region, size)
            else:
                mask = from_rings(outlines.rings(region, size), *size)
        except (Unreadable, MaskError) as fault:
            self.drop(picture.task, region, fault.reason if isinstance(fault, Unreadable) else "unreadable")
            return None
        if mask.is_empty:
            self.drop(picture.task, region, "outside")
            return None
        return mask

    def _told(self, number: int, label: str, mask: Mask) -> dict[str, Any]:
        left, top, right, bottom = mask.bounds or (0, 0, 0, 0)
        return {
            "id": number,
            "category_id": self.category_of(label),
            "area": mask.area,
            "bbox": [left, top, right - left, bottom - top],
            "iscrowd": 0,
        }

    def files(self) -> list[File]:
        ids = self.kept.get("ids") or self._ids()
        categories = [{"id": ids[name], "name": name, "supercategory": "", "isthing": 1} for name in ids]
        categories.sort(key=lambda category: category["id"])
        head = encode({"info": {"description": "Exported by Labelkite"}, "licenses": [], "categories": categories})
        return [
            File(
                f"{name or 'panoptic'}.json",
                (
                    head[:-1] + b', "images": [\n',
                    Stream(f"images.{name}", b",\n"),
                    b'\n], "annotations": [\n',
                    Stream(f"annotations.{name}", b",\n"),
                    b"\n]}\n",
                ),
            )
            for name in self.sets
        ]


def _lines(size: tuple[int, int], segments: list[tuple[int, str, Mask]]) -> Iterator[bytes]:
    width, height = size
    for y in range(height):
        row = bytearray(3 * width)
        for number, _, mask in segments:
            colour = bytes((number & 255, number >> 8 & 255, number >> 16 & 255))
            runs = mask.row(y)
            for k in range(0, len(runs), 2):
                row[3 * runs[k] : 3 * runs[k + 1]] = colour * (runs[k + 1] - runs[k])
        yield bytes(row)
