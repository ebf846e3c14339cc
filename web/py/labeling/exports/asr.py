"""Manifests for speech recognition: JSON lines with `audio_filepath`, `duration` in seconds and `text`.

Source: NVIDIA NeMo, ASR datasets (manifest files). A recording with a text is a line; marked segments with texts are a
line each, with `offset` in seconds and the segment's `duration`. NeMo passes over `annotator`, `label` and `task`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from labeling.exports import regions
from labeling.exports.export import Export, Task, line
from labeling.exports.fault import ExportFault, LeftOut
from labeling.exports.files import File, Record, Stream
from labeling.exports.regions import Region, Said


class AudioExport(Export):
    types: ClassVar[tuple[str, ...]] = ("audio", "video")

    def check(self) -> None:
        aims = [c for c in self.plan["controls"] if self.target["name"] in c.get("to", ())]
        if not any(c["type"] == "textarea" for c in aims):
            message = f"{self.name} needs a <TextArea> on {self.target['name']}, for what is said."
            raise ExportFault("format-does-not-fit", message, "format", "CSV and JSON hold answers of every kind.")

    def segments(self, task: Task, said: Said) -> list[tuple[float, float, str, Region]]:
        """Start and end in seconds and text of each segment with one, by time."""
        made = []
        for region in said.regions:
            start, end = (_seconds(region.value.get(name)) for name in ("start", "end"))
            text = " ".join(" ".join(region.texts).split())
            if region.kind != "segment":
                self.drop(task, region, f"kind-{region.kind}")
            elif start is None or end is None or end <= start:
                self.drop(task, region, "unreadable")
            elif not text:
                self.drop(task, region, "no-text")
            else:
                made.append((start, end, text, region))
        made.sort(key=lambda one: (one[0], one[1]))
        return made


class AsrManifest(AudioExport):
    name = "ASR_MANIFEST"
    title = "ASR manifest: recordings and what is said in them"
    ending = "jsonl"
    media_type = "application/jsonl"
    one: ClassVar[bool] = False

    def task(self, task: Task) -> Iterator[Record]:
        path = regions.shown(self.target, task.data)
        if not isinstance(path, str) or not path:
            raise LeftOut("no-address")
        rows = [row for answer in task.answers for row in self._rows(task, path, self.said(answer), answer.annotation)]
        if not rows:
            raise LeftOut("no-text")
        for row in rows:
            yield f"rows.{task.set}", line(row)

    def _rows(self, task: Task, path: str, said: Said, annotation: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
        about = {"annotator": annotation.get("completed_by"), "task": task.id}
        segments = self.segments(task, said)
        self.report.region_written(len(segments))
        for start, end, text, region in segments:
            label = {"label": region.labels[0]} if region.labels else {}
            length = round(end - start, 6)
            yield {"audio_filepath": path, "offset": start, "duration": length, "text": text, **label, **about}
        text = " ".join(" ".join(said.texts).split())
        if text and not segments:
            yield {"audio_filepath": path, "duration": _duration(annotation), "text": text, **about}

    def files(self) -> list[File]:
        return [File(f"{name or 'manifest'}.jsonl", (Stream(f"rows.{name}"),)) for name in self.sets]


def _duration(annotation: Mapping[str, Any]) -> float | None:
    """Of the recording, if a result tells it."""
    lengths = (_seconds(row.get("original_length")) for row in annotation["result"] if isinstance(row, Mapping))
    return next((length for length in lengths if length), None)


def _seconds(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 1e9:
        return None
    return round(float(value), 6)
