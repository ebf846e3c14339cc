"""MOTChallenge: the boxes of a video's tracks, frame by frame, in a zip.

    <video>/gt/gt.txt      frame, track, left, top, width, height, 1, class, visibility: frames, tracks, classes and
                           pixels count from 1
    <video>/gt/labels.txt  names of classes, one a line
    <video>/seqinfo.ini    size, frame rate and length
    videos.csv             which video a folder belongs to

Source: Dendorfer et al. (2020), MOT20, arXiv:2003.09003, section 3.2 (format of the annotation file). Results on videos
do not hold the size of the picture: it is taken from `original_width` and `original_height` if there, else from
`width` and `height` of the data or of the task's `meta`, else it is what the export was asked with.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from labeling import tracks
from labeling.exports import names, outlines, regions
from labeling.exports.export import Task, line
from labeling.exports.fault import ExportFault, LeftOut
from labeling.exports.files import File, Record, Stream, member
from labeling.exports.outlines import Pixels, Unreadable
from labeling.exports.pictures import PictureExport, table
from labeling.exports.regions import Region, whole


class Mot(PictureExport):
    name = "MOT"
    title = "MOT: tracks of videos, a box for each frame"
    ending = "zip"
    media_type = "application/zip"
    is_zip = True
    types: ClassVar[tuple[str, ...]] = ("video",)
    kinds: ClassVar[tuple[str, ...]] = ("track",)
    own_kinds = kinds

    def check(self) -> None:
        aims = [c for c in self.plan["controls"] if self.target["name"] in c.get("to", ())]
        if not any(c["type"] == "videorectangle" for c in aims):
            message = f"MOT needs a <VideoRectangle> on {self.target['name']}."
            raise ExportFault("format-does-not-fit", message, "format", "CSV and JSON hold answers of every kind.")
        if "classes" not in self.kept:
            self.kept["classes"] = self.first_classes()

    def task(self, task: Task) -> Iterator[Record]:
        found = self.said(task.answers[0]).regions
        size = self._size(task, found)
        if size is None:
            raise LeftOut("no-size")
        rows: list[tuple[int, int, str]] = []
        length, seconds = 0, 0.0
        for number, region in enumerate(found, 1):
            if region.kind != "track":
                self.drop(task, region, f"kind-{region.kind}")
                continue
            labels = self.labels(region)
            if not labels:
                self.drop(task, region, "no-label")
                continue
            if len(labels) > 1:
                self.report.changed("first-label-only")
            try:
                made = self._boxes(region, size, number, self.class_of(labels[0]) + 1)
            except Unreadable as fault:
                self.drop(task, region, fault.reason)
                continue
            if not made:
                self.drop(task, region, "outside")
                continue
            rows += made
            length = max(length, whole(region.value.get("framesCount")), made[-1][0])
            lasts = region.value.get("duration")
            seconds = max(seconds, lasts if isinstance(lasts, int | float) and 0 < lasts < 1e9 else 0.0)
            self.report.region_written()
        rows.sort(key=lambda row: row[:2])
        stem = names.stem(self.file_name(task, "video"))
        folder = f"{task.set}/{stem}" if task.set else stem
        classes = "".join(f"{' '.join(name.split())}\n" for name in self.kept["classes"])
        rate = round(length / seconds, 3) if seconds > 0 and length else 0
        info = (
            f"[Sequence]\nname={stem}\nimDir=img1\nframeRate={rate:g}\nseqLength={length}\n"
            f"imWidth={size[0]}\nimHeight={size[1]}\nimExt=.jpg\n"
        )
        yield member(f"{folder}/gt/gt.txt", "".join(text for _, _, text in rows).encode())
        yield member(f"{folder}/gt/labels.txt", classes.encode("utf-8", "replace"))
        yield member(f"{folder}/seqinfo.ini", info.encode("utf-8", "replace"))
        address = regions.shown(self.target, task.data)
        yield "videos", line([folder, task.id, address if isinstance(address, str) else "", task.set])

    def _boxes(self, region: Region, size: Pixels, number: int, class_: int) -> list[tuple[int, int, str]]:
        value = tracks.expand(region.value)
        sequence = value.get("sequence")
        made = []
        is_turned = False
        for key in sequence if isinstance(sequence, list) else ():
            if not isinstance(key, Mapping):
                raise Unreadable
            full = outlines.corners(key, size)
            is_turned = is_turned or bool(float(key.get("rotation") or 0) % 90)
            ring = outlines.clipped(full, size)
            if not ring or not outlines.area(ring):
                continue
            x, y, width, height = outlines.frame(ring)
            seen = abs(outlines.area(ring) / outlines.area(full))
            text = f"{x + 1:.2f},{y + 1:.2f},{width:.2f},{height:.2f},1,{class_},{min(seen, 1.0):.3f}"
            made.append((whole(key.get("frame")), number, f"{whole(key.get('frame'))},{number},{text}\n"))
        if is_turned:
            self.report.changed("box-around")
        return made

    def _size(self, task: Task, found: list[Region]) -> Pixels | None:
        told = next((region.size for region in found if region.size), None)
        if told:
            return told
        meta: Any = task.row["task"].get("meta")
        for place in (task.data, meta if isinstance(meta, Mapping) else {}):
            width, height = whole(place.get("width")), whole(place.get("height"))
            if width and height:
                return width, height
        return self.options.pixels

    def files(self) -> list[File]:
        return [File("videos.csv", (b"folder,task,address,set\r\n", Stream("videos", made=table)))]
