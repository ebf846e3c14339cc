"""Where a track is at a frame: key frames and what lies between them (reference, section 12.5).

A key frame with ``enabled`` leads to the next one: numbers go there in a straight line. One without ends the shape: it
is still seen at that frame, and not again until the next key frame. After the last key frame an enabled shape stays.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence

from labeling import reading
from labeling.shapes.kind import rounded
from labeling.shapes.video import KeyFrame

#: More frames than this are not written out: ten hours at 60 frames a second.
MOST_FRAMES = 2_160_000

_BOX = ("x", "y", "width", "height", "rotation")
_POINT = ("x", "y")
_HANDLES = ("controlPoint1", "controlPoint2")


def at_frame(sequence: Sequence[KeyFrame], frame: int) -> dict[str, object] | None:
    """What is seen at *frame* (from 1): a key frame as it is, or one made between two, with ``auto: true``.

    Args:
        sequence: key frames of a Track or a VectorTrack, in the order of their frames.

    Returns:
        None where nothing is seen.
    """
    place = bisect_right(sequence, frame, key=_frame) - 1
    if place < 0:
        return None
    before = sequence[place]
    if _frame(before) == frame:
        return dict(before)
    if before.get("enabled") is False:
        return None
    if place + 1 == len(sequence):
        return {**before, "frame": frame, "time": _later(sequence, frame), "auto": True}
    after = sequence[place + 1]
    share = (frame - _frame(before)) / (_frame(after) - _frame(before))
    made = {**before, "frame": frame, "auto": True, "time": _between(before, after, "time", share)}
    if "vertices" in before:
        return {**made, "vertices": _vertices(before.get("vertices"), after.get("vertices"), share)}
    return {**made, **{name: _between(before, after, name, share) for name in _BOX}}


def expand(value: Mapping[str, object]) -> dict[str, object]:
    """The ``value`` of a stored track with every frame in its sequence (``interpolate_key_frames`` of exports).

    An enabled last key frame reaches to ``framesCount``. A value that is no track comes back as it is.
    """
    given = value.get("sequence")
    rows = [row for entry in given if (row := reading.mapping(entry))] if isinstance(given, list) else []
    if not rows or len(rows) != len(given if isinstance(given, list) else ()):
        return dict(value)
    if any(reading.whole(row.get("frame")) is None for row in rows):
        return dict(value)
    sequence = sorted(rows, key=_frame)
    last = _frame(sequence[-1])
    if sequence[-1].get("enabled") is not False:
        last = max(last, reading.whole(value.get("framesCount")) or 0)
    first = _frame(sequence[0])
    if last - first >= MOST_FRAMES:
        return dict(value)
    frames = [seen for frame in range(first, last + 1) if (seen := at_frame(sequence, frame)) is not None]
    return {**value, "sequence": frames}


def _frame(key: KeyFrame) -> int:
    return reading.whole(key.get("frame")) or 0


def _between(before: Mapping[str, object], after: Mapping[str, object], name: str, share: float) -> float:
    start, end = reading.number(before.get(name)) or 0, reading.number(after.get(name)) or 0
    return rounded(start + (end - start) * share)


def _later(sequence: Sequence[KeyFrame], frame: int) -> float:
    """The time of a frame after the last key frame, at the rate of that key frame."""
    last = sequence[-1]
    time = reading.number(last.get("time")) or 0
    return rounded(time * frame / _frame(last)) if _frame(last) > 0 else time


def _vertices(before: object, after: object, share: float) -> list[dict[str, object]]:
    """Vertices by their id; one that only the earlier key frame has stays where it is until the later one."""
    later = {str(row.get("id")): row for row in _rows(after)}
    made = []
    for row in _rows(before):
        target = later.get(str(row.get("id")))
        made.append(_vertex(row, target, share) if target else dict(row))
    return made


def _vertex(before: Mapping[str, object], after: Mapping[str, object], share: float) -> dict[str, object]:
    made = {**before, **{name: _between(before, after, name, share) for name in _POINT}}
    for handle in _HANDLES:
        start, end = reading.mapping(before.get(handle)), reading.mapping(after.get(handle))
        if start and end:
            made[handle] = {**start, **{name: _between(start, end, name, share) for name in _POINT}}
    return made


def _rows(given: object) -> list[Mapping[str, object]]:
    return [row for entry in given if (row := reading.mapping(entry))] if isinstance(given, list | tuple) else []
