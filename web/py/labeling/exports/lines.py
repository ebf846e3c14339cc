"""Label Studio's JSON and JSON_MIN as exports with sources and sets, and JSONL: a task on each line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from labeling.exports import label_studio
from labeling.exports.export import Export, Task, line
from labeling.exports.files import File, Record, Stream


class _Lines(Export):
    takes: ClassVar[tuple[str, ...]] = ("frames",)
    one: ClassVar[bool] = False
    is_array: ClassVar[bool] = True

    def files(self) -> list[File]:
        made = []
        for name in self.sets:
            stream = Stream(f"rows.{name}", b",\n" if self.is_array else b"\n")
            parts = (b"[\n", stream, b"\n]\n") if self.is_array else (stream,)
            made.append(File(f"{name or 'result'}.{self.ending}", parts))
        return made

    def row_of(self, task: Task) -> Mapping[str, Any]:
        """The row with the answers that were asked for."""
        row: Mapping[str, Any] = {**task.row, "annotations": [a.annotation for a in task.answers]}
        return label_studio.with_frames(row) if self.options.frames else row


class Tasks(_Lines):
    """JSON: as `json_tasks`. From `annotations` every task with all that was done, skipped and discarded work too."""

    name = "JSON"
    title = "JSON: every task with all its annotations, predictions and its consensus"
    ending = "json"
    media_type = "application/json"
    takes = ("frames", "download_all_tasks")
    predictions = True

    def add(self, row: Mapping[str, Any]) -> list[Record]:
        if self.source != "annotations":
            return super().add(row)
        self.report.read()
        set_ = self._set(row["task"])
        self.report.task_written(len(row.get("annotations") or ()), set_)
        shown = label_studio.with_frames(row) if self.options.frames else row
        return [(f"rows.{set_}", line(label_studio.task(shown)))]

    def task(self, task: Task) -> Iterator[Record]:
        yield f"rows.{task.set}", line(label_studio.task(self.row_of(task)))


class TaskLines(Tasks):
    """JSON Lines (jsonlines.org): what JSON has, a task on each line."""

    name = "JSONL"
    title = "JSONL: what JSON has, a task on each line"
    ending = "jsonl"
    media_type = "application/jsonl"
    is_array = False


class Records(_Lines):
    """JSON_MIN: as `json_min`."""

    name = "JSON_MIN"
    title = "JSON_MIN: one flat record for each annotation"
    ending = "json"
    media_type = "application/json"

    def task(self, task: Task) -> Iterator[Record]:
        for record in label_studio.records(self.row_of(task), self.plan):
            yield f"rows.{task.set}", line(record)
