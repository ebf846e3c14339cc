"""Things that move through a video: key frames with boxes or with vectors (reference, section 12.5).

tracks.py says where they are between the key frames.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import ClassVar, TypeAlias

from labeling import geometry, reading
from labeling.geometry import Box
from labeling.plan_parts import ShapeKind
from labeling.shapes.kind import MOST_PARTS, Context, Fault, Json, Kind, Value, number_faults, numbers, short
from labeling.shapes.outlines import check_count, read_vertices, vertex_faults

#: One key frame as stored: ``frame`` (from 1), ``enabled``, ``time`` (seconds), geometry, and members we do not know.
KeyFrame: TypeAlias = Mapping[str, object]

_BOX = ("x", "y", "width", "height")


@dataclass(frozen=True, slots=True)
class Track:
    """A box through a video, in percent of the picture. ``frames``, ``seconds``: of the video, None if not told."""

    kind: ClassVar[ShapeKind] = "track"
    sequence: tuple[KeyFrame, ...]
    frames: float | None = None
    seconds: float | None = None


@dataclass(frozen=True, slots=True)
class VectorTrack:
    """A vector through a video; each key frame has ``vertices`` and ``closed``."""

    kind: ClassVar[ShapeKind] = "vectortrack"
    sequence: tuple[KeyFrame, ...]
    frames: float | None = None
    seconds: float | None = None


def _rate(value: Value) -> float | None:
    """Frames per second, as far as the value tells."""
    frames, seconds = reading.number(value.get("framesCount")), reading.number(value.get("duration"))
    return frames / seconds if frames and seconds and frames > 0 and seconds > 0 else None


def _sequence(value: Value, complete: Callable[[KeyFrame], Json | None]) -> tuple[KeyFrame, ...] | None:
    """Key frames by frame, each completed. None if there is none, or one has no frame."""
    given = value.get("sequence")
    if not isinstance(given, list) or not given:
        return None
    rate = _rate(value)
    made = []
    for raw in given:
        row = reading.mapping(raw)
        frame = reading.whole(row.get("frame")) if row else None
        shape = complete(row) if row else None
        if row is None or frame is None or shape is None:
            return None
        time = reading.number(row.get("time"))
        if time is None:
            time = round(frame / rate, 6) if rate else 0
        made.append({**row, "frame": frame, "enabled": row.get("enabled") is not False, "time": time, **shape})
    return tuple(sorted(made, key=lambda key: _frame(key)))


def _frame(key: KeyFrame) -> int:
    return reading.whole(key.get("frame")) or 0


def _box(row: KeyFrame) -> Json | None:
    found = {name: reading.number(row.get(name)) for name in _BOX}
    rotation = 0 if row.get("rotation") is None else reading.number(row["rotation"])
    return None if rotation is None or None in found.values() else {**found, "rotation": rotation}


def _vertices(row: KeyFrame) -> Json | None:
    vertices = read_vertices(row.get("vertices"))
    return None if vertices is None else {"vertices": list(vertices), "closed": row.get("closed") is True}


def read_track(value: Value) -> Track | str:
    """The track of a result's `value`; why it is none, as text."""
    sequence = _sequence(value, _box)
    if sequence is None:
        return "a track needs a sequence of key frames, each with frame, x, y, width and height"
    return Track(sequence, reading.number(value.get("framesCount")), reading.number(value.get("duration")))


def read_vector_track(value: Value) -> VectorTrack | str:
    """The track of a result's `value`; why it is none, as text."""
    sequence = _sequence(value, _vertices)
    if sequence is None:
        return "a track needs a sequence of key frames, each with frame and vertices"
    return VectorTrack(sequence, reading.number(value.get("framesCount")), reading.number(value.get("duration")))


def _frame_faults(value: Value, inside: Callable[[KeyFrame, str], Iterator[Fault]]) -> Iterator[Fault]:
    yield from number_faults(value, (), optional=("framesCount", "duration"), positive=("framesCount", "duration"))
    given = value.get("sequence")
    if not isinstance(given, list) or not 1 <= len(given) <= MOST_PARTS:
        yield Fault("bad-shape", f"sequence must be a list of 1 to {MOST_PARTS} key frames")
        return
    seen: set[int] = set()
    for place, raw in enumerate(given, 1):
        lead = f"key frame {place}: "
        row = reading.mapping(raw)
        if row is None:
            yield Fault("bad-shape", f"{lead}must be an object")
            return
        frame = reading.whole(row.get("frame"))
        if frame is None or frame < 1:
            yield Fault("bad-shape", f"{lead}frame must be a whole number from 1, not {short(row.get('frame'))}")
        elif frame in seen:
            yield Fault("bad-shape", f"{lead}there are two of frame {frame}")
        else:
            seen.add(frame)
        if not isinstance(row.get("enabled", True), bool):
            yield Fault("bad-shape", f"{lead}enabled must be true or false, not {short(row['enabled'])}")
        yield from number_faults(row, (), optional=("time",), lead=lead)
        yield from inside(row, lead)


def _box_faults(row: KeyFrame, lead: str) -> Iterator[Fault]:
    return number_faults(row, _BOX, optional=("rotation",), positive=("width", "height"), lead=lead)


def _vector_faults(row: KeyFrame, lead: str) -> Iterator[Fault]:
    yield from vertex_faults(row.get("vertices"), lead)
    if not isinstance(row.get("closed", False), bool):
        yield Fault("bad-shape", f"{lead}closed must be true or false, not {short(row['closed'])}")


def _track_json(shape: Track, _: Context) -> Json:
    """The SDK's validator wants framesCount and duration: told, or the last key frame and its time."""
    last = shape.sequence[-1]
    frames = _frame(last) if shape.frames is None else shape.frames
    seconds = (reading.number(last.get("time")) or 0) if shape.seconds is None else shape.seconds
    return {"framesCount": frames, "duration": seconds, "sequence": [dict(key) for key in shape.sequence]}


def _vector_track_json(shape: VectorTrack, _: Context) -> Json:
    made: Json = {}
    if shape.frames is not None:
        made["framesCount"] = shape.frames
    if shape.seconds is not None:
        made["duration"] = shape.seconds
    return {**made, "sequence": [dict(key) for key in shape.sequence]}


def _tidy_track(shape: Track, at: Context, where: str) -> Track:
    """Sides positive, turned by 0 up to 360 degrees. The picture's size is not known: turned boxes are not flipped."""
    keys = []
    for key in shape.sequence:
        x, y, width, height, rotation = numbers(key, (*_BOX, "rotation")) or (0, 0, 0, 0, 0)
        box = geometry.normalised(Box(x, y, width, height, rotation), at.size)
        if box.width <= 0 or box.height <= 0:
            raise at.refuse("too-small", f"the box at frame {_frame(key)} is empty", where, "drag a larger box")
        keys.append({**key, **geometry.box_json(box)})
    return replace(shape, sequence=tuple(keys))


def _tidy_vector_track(shape: VectorTrack, at: Context, where: str) -> VectorTrack:
    for key in shape.sequence:
        check_count(read_vertices(key.get("vertices")) or (), at, where)
    return shape


_MEMBERS = frozenset({"framesCount", "duration", "sequence"})

TRACK = Kind(
    name="track",
    shape=Track,
    members=_MEMBERS,
    read=lambda value, _: read_track(value),
    faults=lambda value, _: _frame_faults(value, _box_faults),
    write=_track_json,
    view=_track_json,
    tidy=_tidy_track,
    bounds=lambda shape, _: (_frame(shape.sequence[0]), 0, _frame(shape.sequence[-1]), 0),
)

VECTORTRACK = Kind(
    name="vectortrack",
    shape=VectorTrack,
    members=_MEMBERS,
    read=lambda value, _: read_vector_track(value),
    faults=lambda value, _: _frame_faults(value, _vector_faults),
    write=_vector_track_json,
    view=_vector_track_json,
    tidy=_tidy_vector_track,
    bounds=lambda shape, _: (_frame(shape.sequence[0]), 0, _frame(shape.sequence[-1]), 0),
)
