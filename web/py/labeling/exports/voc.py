"""Pascal VOC: an XML file of boxes for each picture, in a zip.

    Annotations/x.xml         of JPEGImages/x.jpg
    ImageSets/Main/train.txt  names of the pictures of a set, without endings; default.txt without sets
    images.csv                which picture has which name here

Source: Everingham and Winn, The PASCAL Visual Object Classes Challenge 2012 Development Kit, section 4: pixels are
counted from 1, `xmax` and `ymax` are inside the box, `truncated` boxes go on outside of the picture.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import ClassVar
from xml.sax.saxutils import escape

from labeling.exports import names, outlines
from labeling.exports.export import Task
from labeling.exports.files import File, Record, Stream, member
from labeling.exports.pictures import Picture, PictureExport
from labeling.exports.regions import Region

# What XML 1.0 cannot hold, section 2.2.
_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Voc(PictureExport):
    name = "VOC"
    title = "Pascal VOC: boxes as XML files"
    ending = "zip"
    media_type = "application/zip"
    is_zip = True
    takes = ("bounds", "names", "size")
    own_kinds: ClassVar[tuple[str, ...]] = ("rectangle",)

    def task(self, task: Task) -> Iterator[Record]:
        for picture in self.pictures(task):
            stem = names.stem(picture.name)
            width, height = picture.size or (0, 0)
            if picture.size is None:
                self.report.note("size-unknown")
            text = (
                f"<annotation>\n  <folder>JPEGImages</folder>\n  <filename>{_text(picture.name)}</filename>\n"
                "  <source>\n    <database>Labelkite</database>\n"
                f"    <image>{_text(picture.address)}</image>\n  </source>\n"
                f"  <size>\n    <width>{width}</width>\n    <height>{height}</height>\n"
                "    <depth>3</depth>\n  </size>\n"
                "  <segmented>0</segmented>\n"
            )
            text += "".join(found for region in picture.regions for found in self._objects(picture, region))
            yield member(f"Annotations/{stem}.xml", f"{text}</annotation>\n".encode())
            yield f"set.{task.set}", f"{stem}\n".encode()
            yield self.list_picture(picture)

    def _objects(self, picture: Picture, region: Region) -> Iterator[str]:
        labels = self.labels(region)
        reason = self._misfit(region)
        if reason is None and not labels:
            reason = "no-label"
        if reason is not None:
            self.drop(picture.task, region, reason)
            return
        rings = self.rings(picture, region)
        if rings is None or picture.size is None:
            return
        if not outlines.is_upright(region):
            self.report.changed("box-around")
        x, y, width, height = outlines.frame([place for ring in rings for place in ring])
        whole = outlines.frame([place for ring in outlines.rings(region, picture.size) for place in ring])
        left, right = _pixels(x, x + width, picture.size[0])
        top, bottom = _pixels(y, y + height, picture.size[1])
        self.report.region_written()
        for label in labels:
            yield (
                f"  <object>\n    <name>{_text(label)}</name>\n    <pose>Unspecified</pose>\n"
                f"    <truncated>{int(whole != (x, y, width, height))}</truncated>\n"
                "    <difficult>0</difficult>\n    <bndbox>\n"
                f"      <xmin>{left}</xmin>\n      <ymin>{top}</ymin>\n      <xmax>{right}</xmax>\n"
                f"      <ymax>{bottom}</ymax>\n    </bndbox>\n  </object>\n"
            )

    def _misfit(self, region: Region) -> str | None:
        if outlines.is_upright(region) or (self.options.bounds and region.kind in self.kinds):
            return None
        return "turned-box" if region.kind == "rectangle" else f"kind-{region.kind}"

    def files(self) -> list[File]:
        made = [File(f"ImageSets/Main/{name or 'default'}.txt", (Stream(f"set.{name}"),)) for name in self.sets]
        return [*made, File("images.csv", self.picture_table())]


def _pixels(start: float, end: float, most: int) -> tuple[int, int]:
    """The first and the last pixel of a stretch, counted from 1: those whose middles it covers, one at least."""
    first = min(int(start + 0.5), most - 1) + 1
    return first, max(min(int(end + 0.5), most), first)


def _text(text: str) -> str:
    return escape(_NO_XML.sub("\N{REPLACEMENT CHARACTER}", text))
