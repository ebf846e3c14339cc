"""Subtitles: a file for each recording, in a zip. SRT (SubRip, as players read it) and WebVTT (w3.org/TR/webvtt1).

Cues are marked segments with a text, by time; a segment's label is the speaker, in WebVTT as a voice span, in SRT
before the text. subtitles.csv says which recording a file belongs to.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, TypeAlias

from labeling.exports import names, regions
from labeling.exports.asr import AudioExport
from labeling.exports.export import Task, line
from labeling.exports.fault import LeftOut
from labeling.exports.files import File, Record, Stream, member
from labeling.exports.pictures import table

Cue: TypeAlias = tuple[float, float, str, str]
"""Start, end, text, speaker."""


class Srt(AudioExport):
    name = "SRT"
    title = "SRT: subtitles of recordings"
    ending = "zip"
    media_type = "application/zip"
    is_zip = True
    takes = ("names",)
    suffix: ClassVar[str] = "srt"

    def task(self, task: Task) -> Iterator[Record]:
        cues = self.segments(task, self.said(task.answers[0]))
        if not cues:
            raise LeftOut("no-text")
        self.report.region_written(len(cues))
        stem = names.stem(self.file_name(task, "audio"))
        path = f"{task.set}/{stem}.{self.suffix}" if task.set else f"{stem}.{self.suffix}"
        content = self.content([(start, end, text, (region.labels or [""])[0]) for start, end, text, region in cues])
        yield member(path, content.encode("utf-8", "replace"))
        address = regions.shown(self.target, task.data)
        yield "subtitles", line([path, task.id, address if isinstance(address, str) else "", task.set])

    def content(self, cues: list[Cue]) -> str:
        made = [
            f"{number}\r\n{_time(start, ',')} --> {_time(end, ',')}\r\n{f'{speaker}: ' if speaker else ''}{text}\r\n"
            for number, (start, end, text, speaker) in enumerate(_without_arrows(cues), 1)
        ]
        return "\r\n".join(made)

    def files(self) -> list[File]:
        head = b"file,task,address,set\r\n"
        return [File("subtitles.csv", (head, Stream("subtitles", made=table)))]


class Vtt(Srt):
    name = "VTT"
    title = "WebVTT: subtitles of recordings"
    suffix = "vtt"

    def content(self, cues: list[Cue]) -> str:
        made = ["WEBVTT\n"]
        for start, end, text, speaker in cues:
            voice = f"<v {_escaped(' '.join(speaker.split()))}>" if speaker else ""
            made.append(f"{_time(start, '.')} --> {_time(end, '.')}\n{voice}{_escaped(text)}\n")
        return "\n".join(made)


def _time(seconds: float, point: str) -> str:
    whole = int(seconds * 1000 + 0.5)
    hours, rest = divmod(whole, 3_600_000)
    minutes, rest = divmod(rest, 60_000)
    return f"{hours:02d}:{minutes:02d}:{rest // 1000:02d}{point}{rest % 1000:03d}"


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _without_arrows(cues: list[Cue]) -> Iterator[Cue]:
    """The arrow between times has no escape in SRT."""
    for start, end, text, speaker in cues:
        yield start, end, text.replace("-->", "->"), " ".join(speaker.replace("-->", "->").split())
