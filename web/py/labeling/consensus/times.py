"""Stretches of time: of audio (seconds), of a time series (its own times), of a video's timeline (frames)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from math import exp

from labeling import display, reading
from labeling.answers import dates
from labeling.consensus import intervals
from labeling.consensus.answers import leader
from labeling.consensus.intervals import Piece
from labeling.consensus.matching import NotComparable
from labeling.consensus.medoids import medoid
from labeling.consensus.model import Json
from labeling.consensus.regions import RegionMetric
from labeling.consensus.scales import number, seconds
from labeling.consensus.weighing import median_low, usable
from labeling.plan_index import ObjectPart

SIGMA = 0.02
"""Share of a series' length that is a usual error of a moment, as of a keypoint in a picture's diagonal."""


# Audio


@dataclass(frozen=True, slots=True)
class Segment:
    """Seconds. channel: from 0; None is all of them, and matches each."""

    start: float
    end: float
    channel: int | None = None


def read_segment(item: Json) -> Segment | None:
    """The stretch of a stored result; None unless 0 <= start <= end."""
    value = item["value"]
    start, end = reading.number(value.get("start")), reading.number(value.get("end"))
    if start is None or end is None or not 0 <= start <= end:
        return None
    return Segment(start, end, reading.whole(value.get("channel")))


def segment_iou(a: Segment, b: Segment) -> float:
    """Seconds in common over seconds covered by either; 0 on different channels.

    >>> segment_iou(Segment(0, 4), Segment(2, 6)) == 1 / 3
    True
    """
    if a.channel is not None and b.channel is not None and a.channel != b.channel:
        return 0.0
    return intervals.iou(((a.start, a.end),), ((b.start, b.end),))


def merge_segments(shapes: Sequence[Segment], weights: Sequence[float]) -> Json:
    """The lower median of the starts and of the ends, on the channel that most named."""
    merged: Json = {
        "start": median_low([shape.start for shape in shapes], weights),
        "end": median_low([shape.end for shape in shapes], weights),
    }
    behind: dict[object, list[float]] = {}
    for shape, weight in zip(shapes, usable(weights, len(shapes)), strict=True):
        if shape.channel is not None:
            behind.setdefault(shape.channel, []).append(weight)
    # Regions on two channels are never in one cluster unless one without a channel joined them.
    channel = leader(behind)
    return merged if channel is None else {**merged, "channel": channel}


SEGMENTS = RegionMetric(
    name="F1 of matched segments at IoU 0.5",
    key="labels",
    members=frozenset({"start", "end", "channel"}),
    read=read_segment,
    iou=segment_iou,
    candidates=intervals.finder(lambda shape: (shape.start, shape.end), segment_iou),
    merge=merge_segments,
)


# Timeline of a video


@dataclass(frozen=True, slots=True)
class Timeline:
    """pieces: [first frame - 1, last frame), joined: frames count from 1 and both ends belong to a range."""

    pieces: tuple[Piece, ...]


def read_timeline(item: Json) -> Timeline | None:
    """The ranges of a stored result; None if there is none or one is no range of frames."""
    given = item["value"].get("ranges")
    pieces: list[Piece] = []
    for row in given if isinstance(given, list) else ():
        found = reading.mapping(row) or {}
        start, end = reading.whole(found.get("start")), reading.whole(found.get("end"))
        if start is None or end is None or not 1 <= start <= end:
            return None
        pieces.append((start - 1, end))
    return Timeline(intervals.joined(pieces)) if pieces else None


def timeline_iou(a: Timeline, b: Timeline) -> float:
    """Frames in common over frames covered by either."""
    return intervals.iou(a.pieces, b.pieces)


def merge_timelines(shapes: Sequence[Timeline], weights: Sequence[float]) -> Json:
    """Of single ranges the lower medians of first and last frames; else the frames that more than half marked."""
    if all(shape == shapes[0] for shape in shapes):
        pieces = shapes[0].pieces
    elif all(len(shape.pieces) == 1 for shape in shapes):
        ends = [shape.pieces[0] for shape in shapes]
        pieces = ((median_low([end[0] for end in ends], weights), median_low([end[1] for end in ends], weights)),)
    else:
        pieces = intervals.majority([shape.pieces for shape in shapes], weights)
        pieces = pieces or medoid(shapes, weights, timeline_iou, lambda shape: shape.pieces).pieces
    return {"ranges": [{"start": int(start) + 1, "end": int(end)} for start, end in pieces]}


TIMELINES = RegionMetric(
    name="F1 of matched ranges of frames at IoU 0.5",
    key="timelinelabels",
    members=frozenset({"ranges"}),
    read=read_timeline,
    iou=timeline_iou,
    candidates=intervals.finder(lambda shape: (shape.pieces[0][0], shape.pieces[-1][1]), timeline_iou),
    merge=merge_timelines,
)


# Time series


@dataclass(frozen=True, slots=True)
class Series:
    """start, end: numbers of the time column, or seconds of its dates; equal for a moment. told: as stored."""

    start: float
    end: float
    told: tuple[object, object]


def axis(part: ObjectPart) -> Callable[[object], float | None]:
    """How a stored time becomes a number: numbers as they are, texts by the object's timeFormat, else ISO, in UTC."""
    pattern = part.raw.get("time_format")
    pattern = pattern if isinstance(pattern, str) and pattern else None

    @cache
    def place(text: str) -> float | None:
        moment = dates.read(text, pattern) if pattern else None
        if moment is not None:
            parts = re.search(r"[.,](\d{1,9})", text) if pattern and re.search("%[Lf]", pattern) else None
            return seconds(moment) + (float(f"0.{parts[1]}") if parts else 0.0)
        try:
            return float(text)
        except ValueError:
            pass
        try:
            found = datetime.fromisoformat(text)
        except ValueError:
            return None
        found = found if found.tzinfo else found.replace(tzinfo=UTC)
        utc = found.astimezone(UTC)
        moment = dates.Moment(utc.year, utc.month, utc.day, utc.hour, utc.minute, utc.second)
        return seconds(moment) + utc.microsecond / 1e6

    def on(given: object) -> float | None:
        return place(given) if isinstance(given, str) else number(given)

    return on


def series_metric(part: ObjectPart, data: Mapping[str, object], key: str) -> RegionMetric:
    """
    The metric of stretches and moments on one TimeSeries.

    Stretches are compared by 1-D IoU, two moments (start = end) by exp(-d^2 / (2 (SIGMA * length)^2)), d their
    distance, length that of the whole series: 0.5 at 2.35 % of it. A stretch and a moment are different things. If the
    series is not in the task (only its address is), its length is not known, and different moments have no likeness.

    Args:
        data: the task's. key: member of `value` that holds the labels.
    """
    on = axis(part)

    @cache
    def sigma() -> float | None:
        length = _length(part, data, on)
        return length * SIGMA if length else None

    def read(item: Json) -> Series | None:
        told = (item["value"].get("start"), item["value"].get("end"))
        start, end = on(told[0]), on(told[1])
        return None if start is None or end is None or start > end else Series(start, end, told)

    def iou(a: Series, b: Series) -> float:
        if (a.start, a.end) == (b.start, b.end):
            return 1.0
        if a.start == a.end and b.start == b.end:
            near = sigma()
            if near is None:
                raise NotComparable("the length of the series is not in the task, so moments have no distance")
            return exp(-(((a.start - b.start) / near) ** 2) / 2)
        return intervals.iou(((a.start, a.end),), ((b.start, b.end),))

    def bounds(shape: Series) -> tuple[float, float]:
        if shape.start < shape.end:
            return shape.start, shape.end
        near = sigma()
        # Not known: every other moment is looked at, and says so.
        return (float("-inf"), float("inf")) if near is None else (shape.start - 2 * near, shape.end + 2 * near)

    def merge(shapes: Sequence[Series], weights: Sequence[float]) -> Json:
        start = median_low([shape.start for shape in shapes], weights)
        end = median_low([shape.end for shape in shapes], weights)
        merged: Json = {
            "start": min((shape.told[0] for shape in shapes if shape.start == start), key=str),
            "end": min((shape.told[1] for shape in shapes if shape.end == end), key=str),
        }
        return {**merged, "instant": start == end}

    return RegionMetric(
        name="F1 of matched stretches at IoU 0.5 or near moments",
        key=key,
        members=frozenset({"start", "end", "instant"}),
        read=read,
        iou=iou,
        candidates=intervals.finder(bounds, iou),
        merge=merge,
    )


def _length(part: ObjectPart, data: Mapping[str, object], on: Callable[[object], float | None]) -> float | None:
    """From the first to the last time of the series; None if it is not in the task."""
    shown = display.object_display(part, data).get("series")
    if not shown:
        return None
    name = part.raw.get("time_column")
    columns = list(shown.values())
    if not columns or not columns[0]:
        return None
    if name is None or name == "":
        return float(len(columns[0]) - 1)
    times = shown.get(str(name), columns[0])
    first, last = on(times[0]), on(times[-1])
    return None if first is None or last is None else abs(last - first)
