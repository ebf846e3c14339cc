"""Stretches of time: of audio in seconds, of a time series in its own times, of a video in frames."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import ClassVar, TypeAlias

from labeling import reading
from labeling.plan_parts import ShapeKind
from labeling.shapes.kind import FARTHEST, MOST_PARTS, Context, Fault, Json, Kind, Value, short

#: A value of the time column: a number, or a text in the column's format.
Moment: TypeAlias = float | str


@dataclass(frozen=True, slots=True)
class Segment:
    """Seconds. ``channel`` from 0, None for all channels."""

    kind: ClassVar[ShapeKind] = "segment"
    start: float
    end: float
    channel: int | None = None


@dataclass(frozen=True, slots=True)
class Series:
    """``instant``: a moment, start = end."""

    kind: ClassVar[ShapeKind] = "series"
    start: Moment
    end: Moment
    instant: bool = False


@dataclass(frozen=True, slots=True)
class Timeline:
    """Frames from 1, both ends inside."""

    kind: ClassVar[ShapeKind] = "timeline"
    ranges: tuple[tuple[int, int], ...]


# Audio


def _read_segment(value: Value, _: Context) -> Segment | str:
    start, end = reading.number(value.get("start")), reading.number(value.get("end"))
    if start is None or end is None:
        return "a stretch of audio needs start and end as numbers of seconds"
    return Segment(start, end, reading.whole(value.get("channel")))


def _segment_faults(value: Value, _: Context) -> Iterator[Fault]:
    start, end = reading.number(value.get("start")), reading.number(value.get("end"))
    if start is None or end is None:
        yield Fault("bad-shape", "start and end must be numbers of seconds")
    elif not 0 <= start <= end:
        yield Fault("bad-shape", f"start {start:g} and end {end:g} mark nothing", "seconds from the beginning")
    channel = value.get("channel")
    if channel is not None and ((found := reading.whole(channel)) is None or found < 0):
        yield Fault("bad-shape", f"channel must be a number from 0, not {short(channel)}")


def _segment_json(shape: Segment, _: Context) -> Json:
    made: Json = {"start": shape.start, "end": shape.end}
    return made if shape.channel is None else {**made, "channel": shape.channel}


def _tidy_segment(shape: Segment, at: Context, where: str) -> Segment:
    """Dragged either way: the smaller end is the start; inside the recording."""
    start, end = max(min(shape.start, shape.end), 0), max(shape.start, shape.end)
    if at.seconds is not None:
        end = min(end, at.seconds)
    if start >= end:
        raise at.refuse("too-small", "nothing is marked", where, "drag along the wave")
    return replace(shape, start=start, end=end)


SEGMENT = Kind(
    name="segment",
    shape=Segment,
    members=frozenset({"start", "end", "channel"}),
    read=_read_segment,
    faults=_segment_faults,
    write=_segment_json,
    view=_segment_json,
    tidy=_tidy_segment,
    bounds=lambda shape, _: (shape.start, 0, shape.end, 0),
)


# Time series


def _moment(given: object) -> Moment | None:
    # Times in milliseconds are larger than any other number here.
    if isinstance(given, bool):
        return None
    if isinstance(given, int | float):
        return given if abs(given) < 1e18 else None
    return given if isinstance(given, str) and given else None


def _read_series(value: Value, _: Context) -> Series | str:
    start, end = _moment(value.get("start")), _moment(value.get("end"))
    if start is None or end is None:
        return "a stretch of a series needs start and end: numbers, or times as the column writes them"
    instant = value.get("instant")
    return Series(start, end, instant if isinstance(instant, bool) else start == end)


def _series_faults(value: Value, _: Context) -> Iterator[Fault]:
    start, end = _moment(value.get("start")), _moment(value.get("end"))
    for name, found in (("start", start), ("end", end)):
        if found is None:
            yield Fault("bad-shape", f"{name} must be a number or a time, not {short(value.get(name))}")
    if isinstance(start, str) != isinstance(end, str) and start is not None and end is not None:
        yield Fault("bad-shape", "start and end must both be numbers, or both be times")
    elif isinstance(start, int | float) and isinstance(end, int | float) and start > end:
        yield Fault("bad-shape", f"start {start:g} is behind end {end:g}")
    if not isinstance(value.get("instant", False), bool):
        yield Fault("bad-shape", f"instant must be true or false, not {short(value['instant'])}")


def _series_json(shape: Series, _: Context) -> Json:
    return {"start": shape.start, "end": shape.end, "instant": shape.instant}


def _tidy_series(shape: Series, _: Context, __: str) -> Series:
    if isinstance(shape.start, int | float) and isinstance(shape.end, int | float) and shape.start > shape.end:
        shape = replace(shape, start=shape.end, end=shape.start)
    return replace(shape, instant=shape.start == shape.end)


SERIES = Kind(
    name="series",
    shape=Series,
    members=frozenset({"start", "end", "instant"}),
    read=_read_series,
    faults=_series_faults,
    write=_series_json,
    view=_series_json,
    tidy=_tidy_series,
)


# Frames of a video


def _read_timeline(value: Value, _: Context) -> Timeline | str:
    given = value.get("ranges")
    ranges = []
    for row in given if isinstance(given, list) else ():
        found = reading.mapping(row) or {}
        start, end = reading.whole(found.get("start")), reading.whole(found.get("end"))
        if start is None or end is None:
            return "a range needs start and end as numbers of frames"
        ranges.append((start, end))
    return Timeline(tuple(ranges)) if ranges else "a timeline region needs ranges, at least one"


def _timeline_faults(value: Value, _: Context) -> Iterator[Fault]:
    given = value.get("ranges")
    if not isinstance(given, list) or not 1 <= len(given) <= MOST_PARTS:
        yield Fault("bad-shape", f"ranges must be a list of 1 to {MOST_PARTS} ranges")
        return
    for place, row in enumerate(given, 1):
        found = reading.mapping(row) or {}
        start, end = reading.whole(found.get("start")), reading.whole(found.get("end"))
        if start is None or end is None or not 1 <= start <= end <= FARTHEST * 1000:
            shown = f"{short(found.get('start'))} to {short(found.get('end'))}"
            yield Fault("bad-shape", f"range {place} must be frames from 1, start before end, not {shown}")
            return


def _timeline_json(shape: Timeline, _: Context) -> Json:
    return {"ranges": [{"start": start, "end": end} for start, end in shape.ranges]}


def _tidy_timeline(shape: Timeline, _: Context, __: str) -> Timeline:
    return Timeline(tuple((min(ends), max(ends)) for ends in shape.ranges))


TIMELINE = Kind(
    name="timeline",
    shape=Timeline,
    members=frozenset({"ranges"}),
    read=_read_timeline,
    faults=_timeline_faults,
    write=_timeline_json,
    view=_timeline_json,
    tidy=_tidy_timeline,
    bounds=lambda shape, _: (min(s for s, _ in shape.ranges), 0, max(e for _, e in shape.ranges), 0),
)
