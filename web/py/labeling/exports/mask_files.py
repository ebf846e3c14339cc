"""Masks as pictures or arrays, in a zip: a file for each region with paint, and masks.csv that lists them.

PNG (ISO/IEC 15948): 8-bit grey, 255 where it is painted. NPY (numpy.lib.format 1.0): uint8 of shape (height, width),
the same numbers; made without numpy. Files are named `task-<id>-…-<control>-<label>-<number>`, as Label Studio does.
Boxes and polygons are painted too with `bounds`, which here means: whatever covers an area.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from typing import ClassVar

from labeling.exports import names, outlines
from labeling.exports.export import Task, line
from labeling.exports.files import File, Record, Stream, member
from labeling.exports.outlines import MASKS, Unreadable
from labeling.exports.pictures import Picture, PictureExport, table
from labeling.exports.regions import Region
from labeling.masks import Mask, MaskError, from_rings


class MaskPngs(PictureExport):
    name = "BRUSH_TO_PNG"
    title = "Masks as PNG pictures"
    ending = "zip"
    media_type = "application/zip"
    is_zip = True
    takes = ("bounds", "size")
    own_kinds: ClassVar[tuple[str, ...]] = MASKS
    suffix: ClassVar[str] = "png"

    def task(self, task: Task) -> Iterator[Record]:
        answer = task.answers[0]
        for picture in self.pictures(task):
            for number, region in enumerate(picture.regions):
                mask = self._mask(picture, region)
                if mask is None:
                    continue
                self.report.region_written()
                taken: set[str] = set()
                for label in self.labels(region) or ["none"]:
                    by = f"annotation-{answer.id}" if answer.id is not None else "consensus"
                    page = "" if picture.item is None else f"-page-{picture.item}"
                    # The number is not cut off with a long label, and labels that differ in signs alone have files too.
                    stem = f"{names.safe(f'task-{task.id}-{by}{page}-{region.control}-{label}')}-{number}"
                    stem += f"-{len(taken) + 1}" if stem.casefold() in taken else ""
                    taken.add(stem.casefold())
                    path = f"{task.set}/{stem}.{self.suffix}" if task.set else f"{stem}.{self.suffix}"
                    yield member(path, self.bytes_of(mask))
                    row = [path, task.id, answer.id, picture.item, picture.address, region.id, region.control, label]
                    yield "masks", line(["" if cell is None else cell for cell in row])

    def _mask(self, picture: Picture, region: Region) -> Mask | None:
        task = picture.task
        if region.kind not in MASKS and not (self.options.bounds and region.kind in self.kinds):
            self.drop(task, region, f"kind-{region.kind}")
            return None
        if picture.size is None:
            self.drop(task, region, "no-size")
            return None
        try:
            if region.kind in MASKS:
                mask = outlines.mask(region, picture.size)
            else:
                mask = from_rings(outlines.rings(region, picture.size), *picture.size)
        except (Unreadable, MaskError) as fault:
            self.drop(task, region, fault.reason if isinstance(fault, Unreadable) else "unreadable")
            return None
        if mask.is_empty:
            self.drop(task, region, "empty")
            return None
        return mask

    def bytes_of(self, mask: Mask) -> bytes:
        return png(mask.width, mask.height, rows(mask), channels=1)

    def files(self) -> list[File]:
        head = b"file,task,annotation,page,address,region,control,label\r\n"
        return [File("masks.csv", (head, Stream("masks", made=table)))]


class MaskArrays(MaskPngs):
    name = "BRUSH_TO_NUMPY"
    title = "Masks as NumPy arrays"
    suffix = "npy"

    def bytes_of(self, mask: Mask) -> bytes:
        about = f"{{'descr': '|u1', 'fortran_order': False, 'shape': ({mask.height}, {mask.width}), }}"
        size = -(-(10 + len(about) + 1) // 64) * 64 - 10  # the data begins at a multiple of 64 bytes
        head = b"\x93NUMPY\x01\x00" + struct.pack("<H", size) + about.ljust(size - 1).encode() + b"\n"
        return head + b"".join(rows(mask))


def rows(mask: Mask) -> Iterator[bytes]:
    """One byte per pixel, row by row: 255 where it is painted."""
    for y in range(mask.height):
        row = bytearray(mask.width)
        runs = mask.row(y)
        for k in range(0, len(runs), 2):
            row[runs[k] : runs[k + 1]] = b"\xff" * (runs[k + 1] - runs[k])
        yield bytes(row)


def png(width: int, height: int, lines: Iterator[bytes], *, channels: int) -> bytes:
    """A PNG of 8 bits per channel: grey (1) or RGB (3), each line compared with the one above."""
    packer = zlib.compressobj(6)
    packed = []
    above = bytes(width * channels)
    for row in lines:
        if row == above:
            packed.append(packer.compress(b"\x02" + bytes(len(row))))  # filter Up: nothing has changed
        else:
            packed.append(packer.compress(b"\x00" + row))
        above = row
    packed.append(packer.flush())
    head = struct.pack(">IIBBBBB", width, height, 8, 0 if channels == 1 else 2, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", b"".join(packed)), (b"IEND", b""))
    made = [
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in parts
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(made)
