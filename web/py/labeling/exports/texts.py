"""Formats of marked texts: a task's text and the spans on it."""

from __future__ import annotations

from typing import ClassVar

from labeling import display, plan_reading
from labeling.exports.export import Export, Task
from labeling.exports.fault import ExportFault, LeftOut
from labeling.exports.regions import Said
from labeling.exports.tokens import Span, flat


class TextExport(Export):
    types: ClassVar[tuple[str, ...]] = ("text",)

    def check(self) -> None:
        if self.target.get("value_type") == "url":
            message = f"{self.name} needs the text itself; object {self.target['name']} has its address in the data."
            raise ExportFault("text-elsewhere", message, "format", "JSON has the offsets.")
        aims = [c for c in self.plan["controls"] if self.target["name"] in c.get("to", ())]
        if not any(c["type"] in ("labels", "hypertextlabels", *self.more) for c in aims):
            message = f"{self.name} needs <Labels> on {self.target['name']}."
            raise ExportFault("format-does-not-fit", message, "format", "CSV and JSON hold answers of every kind.")

    more: ClassVar[tuple[str, ...]] = ()
    """Types of controls that are enough without labels."""

    def text(self, task: Task) -> str:
        """
        Raises:
            LeftOut: `no-text`.
        """
        part = self.once("part", lambda: plan_reading.object_part(self.target))
        found = display.object_display(part, task.data).get("text")
        if not isinstance(found, str) or not found.strip():
            raise LeftOut("no-text")
        return found

    def spans(self, task: Task, said: Said, text: str) -> list[Span]:
        """Spans that do not overlap, without blanks at their ends, each with its first label; the rest is told."""
        found: dict[Span, str] = {}
        for region in said.regions:
            start, end = region.value.get("start"), region.value.get("end")
            if region.kind != "span":
                self.drop(task, region, f"kind-{region.kind}")
            elif not isinstance(start, int) or not isinstance(end, int):
                self.drop(task, region, "unreadable")
            elif not 0 <= start < end <= len(text):
                self.drop(task, region, "outside")
            elif not text[start:end].strip():
                self.drop(task, region, "empty")
            elif not region.labels:
                self.drop(task, region, "no-label")
            else:
                if len(region.labels) > 1:
                    self.report.changed("first-label-only")
                # Blanks are no tokens, and spaCy learns nothing from a span that begins or ends with one.
                quote = text[start:end]
                bare = Span(start + len(quote) - len(quote.lstrip()), start + len(quote.rstrip()), region.labels[0])
                if bare.start > start or bare.end < end:
                    self.report.changed("blanks-cut")
                found.setdefault(bare, region.id)
        kept, rest = flat(found)
        for span in rest:
            self.report.dropped(task.id, found[span], "overlaps")
        self.report.region_written(len(kept))
        return kept
