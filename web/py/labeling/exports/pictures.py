"""Formats of pictures: a task's pictures with their sizes and regions, and numbers for classes."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from labeling.exports import outlines, regions
from labeling.exports.export import Export, Task, line
from labeling.exports.fault import ExportFault
from labeling.exports.files import Record, Stream
from labeling.exports.outlines import Pixels, Unreadable
from labeling.exports.regions import Region


@dataclass(slots=True)
class Picture:
    """`size`: pixels; None where neither a result nor the file tells it. `item`: its page, None without pages."""

    task: Task
    name: str
    address: str
    size: Pixels | None
    item: int | None
    regions: list[Region] = field(default_factory=list)


class PictureExport(Export):
    """`kinds`: shapes that it can be made of; `own_kinds`: those that it has a form for, without `bounds`."""

    types: ClassVar[tuple[str, ...]] = ("image",)
    takes: ClassVar[tuple[str, ...]] = ("names", "size")
    predictions = True  # they tell sizes of pictures on which people marked nothing
    kinds: ClassVar[tuple[str, ...]] = ("rectangle", "ellipse", "polygon", "vector", "brush", "bitmask")
    own_kinds: ClassVar[tuple[str, ...]] = kinds

    def check(self) -> None:
        aims = [c for c in self.plan["controls"] if self.target["name"] in c.get("to", ())]
        if not self._makes(aims, (*self.kinds, "keypoint")):
            shapes = ", ".join(self.kinds)
            message = f"{self.name} holds shapes on pictures ({shapes}); object {self.target['name']} has none."
            raise ExportFault("format-does-not-fit", message, "format", "CSV and JSON hold answers of every kind.")
        if not self.options.bounds and "bounds" in self.takes and not self._makes(aims, self.own_kinds):
            held = ", ".join(self.own_kinds)
            message = f"{self.name} holds {held}; object {self.target['name']} has other shapes."
            raise ExportFault("bounds-needed", message, "bounds", "With bounds the box around each shape is exported.")
        if "classes" not in self.kept:
            self.kept["classes"] = self.first_classes()

    @staticmethod
    def _makes(controls: Iterable[Mapping[str, Any]], kinds: Iterable[str]) -> bool:
        wanted = tuple(kinds)
        return any(regions.SHAPES.get(control["type"]) in wanted for control in controls)

    def first_classes(self) -> list[str]:
        """Names of classes in the order of their numbers, as far as the config tells them."""
        kinds = self.kinds if self.options.bounds else self.own_kinds
        return [str(option["stored"]) for option in in_order(self.options_of(kinds))]

    def options_of(self, kinds: Iterable[str]) -> list[Mapping[str, Any]]:
        wanted = tuple(kinds)
        name = "options " + " ".join(wanted)
        found: list[Mapping[str, Any]] = self.once(name, lambda: regions.labels_of(self.plan, self.target, wanted))
        return found

    def class_of(self, label: str) -> int:
        """The number of a class from 0; labels that the config does not list (of the data) get the next one."""
        classes: list[str] = self.kept["classes"]
        if label not in classes:
            classes.append(label)
        return classes.index(label)

    def labels(self, region: Region) -> list[str]:
        """Of a region; of one without labels the control's name, if nothing could have labeled it."""
        if region.labels or self.options_of((region.kind,)):
            return region.labels
        return [region.control]

    def pictures(self, task: Task) -> Iterator[Picture]:
        """Each picture of the task with its regions, those without a label left out."""
        found = self.said(task.answers[0]).regions
        shown = regions.shown(self.target, task.data)
        has_pages = self.target.get("pages") is True and isinstance(shown, list)
        addresses = shown if isinstance(shown, list) else [shown]
        addresses = addresses if has_pages else addresses[:1] or [None]
        sizes = _sizes(task.row, self.target["name"])
        for n, address in enumerate(addresses):
            item = n if has_pages else None
            own = [region for region in found if (region.item or 0) == n]
            text = address if isinstance(address, str) else ""
            told = next((region.size for region in own if region.size), sizes.get(n))
            size = told or self._looked(text) or self.options.pixels
            name = self.file_name(task, "image", item)
            yield Picture(task, name, "" if text.startswith("data:") else text, size, item, own)
        for region in found:
            if not 0 <= (region.item or 0) < len(addresses):
                self.drop(task, region, "no-such-page")

    def _looked(self, address: str) -> Pixels | None:
        look = self.options.size_of
        return look(address) if look and address and not address.startswith("data:") else None

    def rings(self, picture: Picture, region: Region) -> list[outlines.Ring] | None:
        """The outlines of a region on its picture, cut at its edges; None if it is dropped, which is then told."""
        task = picture.task
        if picture.size is None:
            self.drop(task, region, "no-size")
            return None
        try:
            found = outlines.rings(region, picture.size)
        except Unreadable as fault:
            self.drop(task, region, fault.reason)
            return None
        inside = [cut for ring in found if (cut := outlines.clipped(ring, picture.size)) and outlines.area(cut)]
        if not inside:
            self.drop(task, region, "outside" if found else "empty")
            return None
        if inside != found:
            self.report.changed("cut-at-edge")
        return inside

    def list_picture(self, picture: Picture) -> Record:
        """A row of the list of pictures."""
        row = [picture.name, picture.task.id, picture.item, picture.address, picture.task.set]
        return "pictures", line(["" if cell is None else cell for cell in row])

    @staticmethod
    def picture_table() -> tuple[bytes | Stream, ...]:
        """images.csv: which picture has which name here."""
        return b"file,task,page,address,set\r\n", Stream("pictures", made=table)


def in_order(options: list[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """By `category` where labels have one, then in the config's order."""
    numbered = [o for o in options if isinstance(o.get("category"), int)]
    return sorted(numbered, key=lambda o: o["category"]) + [o for o in options if o not in numbered]


def _sizes(row: Mapping[str, Any], name: str) -> dict[int, Pixels]:
    """Sizes of the task's pictures by their page, from whatever results it has."""
    found: dict[int, Pixels] = {}
    for entry in (*(row.get("annotations") or ()), *(row.get("predictions") or ())):
        results = entry.get("result") if isinstance(entry, Mapping) else None
        for result in results if isinstance(results, list) else ():
            if not isinstance(result, Mapping) or result.get("to_name") != name:
                continue
            item = result.get("item_index") if isinstance(result.get("item_index"), int) else 0
            size = regions.whole(result.get("original_width")), regions.whole(result.get("original_height"))
            if all(size):
                found.setdefault(item or 0, size)
    return found


def table(rows: Iterator[bytes]) -> Iterator[bytes]:
    """Rows that are lists in JSON, as CSV."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    for row in rows:
        writer.writerow(json.loads(row))
        yield text.getvalue().encode("utf-8", "replace")
        text.seek(0)
        text.truncate()
