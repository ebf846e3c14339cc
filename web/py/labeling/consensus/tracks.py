"""Boxes and vectors through a video: overlap frame by frame, and merged key frames."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import fsum
from typing import Any

from labeling import reading
from labeling import tracks as playback
from labeling.consensus import intervals
from labeling.consensus.boxes import Box, box_iou, make_box, merge_boxes
from labeling.consensus.matching import TooManyPairs
from labeling.consensus.medoids import medoid
from labeling.consensus.model import Json, tidy
from labeling.consensus.regions import RegionMetric
from labeling.consensus.vectors import make_vector, vector_similarity
from labeling.consensus.weighing import median_low, most, usable
from labeling.plan_index import OptionTable
from labeling.shapes.video import KeyFrame, read_track, read_vector_track

FRAME_LIMIT = 4_000_000
"""Most frames that one comparison of two people may look at."""

SAMPLES = 100
"""Frames at which two vectors are compared: all, or so many evenly spread."""

Numbers = tuple[float, float, float, float, float]
"""x, y, width, height, rotation."""


@dataclass(frozen=True, slots=True)
class Run:
    """Frames first..last, without a gap: the box at the first one, and what it changes from frame to frame."""

    first: int
    last: int
    box: Numbers
    step: Numbers

    def at(self, frame: int) -> Numbers:
        """The box at a frame of the run."""
        many = frame - self.first
        x, y, wide, high, turn = (start + many * step for start, step in zip(self.box, self.step, strict=True))
        return x, y, wide, high, turn

    @property
    def straight(self) -> bool:
        return self.box[4] % 360 == 0 and self.step[4] == 0


@dataclass(frozen=True, slots=True)
class Track:
    """
    keys: as stored, by frame. runs: where it is seen, in order. frames: how many frames it is seen. last: of the video,
    as far as the result tells. bounds: left, top, right, bottom of all its straight boxes; None if one is turned.
    """

    keys: tuple[KeyFrame, ...]
    runs: tuple[Run, ...]
    frames: int
    last: int
    seconds: float | None
    told: float | None
    bounds: tuple[float, float, float, float] | None


def read(item: Json) -> Track | None:
    """The track of a stored result, None if it has no key frames or one is not complete."""
    found = read_track(item["value"])
    if isinstance(found, str):
        return None
    last = max(_frame(found.sequence[-1]), int(found.frames or 0))
    runs = tuple(_runs(found.sequence, last))
    straight = all(run.straight for run in runs)
    corners = [box for run in runs for box in (run.at(run.first), run.at(run.last))] if straight else []
    bounds = (
        (
            min(box[0] for box in corners),
            min(box[1] for box in corners),
            max(box[0] + box[2] for box in corners),
            max(box[1] + box[3] for box in corners),
        )
        if corners
        else None
    )
    raw = item["value"]["sequence"]
    keys = tuple(sorted(raw, key=lambda key: reading.whole(key.get("frame")) or 0))
    frames = sum(run.last - run.first + 1 for run in runs)
    return Track(keys, runs, frames, last, found.seconds, found.frames, bounds)


def _frame(key: KeyFrame) -> int:
    return reading.whole(key.get("frame")) or 0


def _numbers(key: KeyFrame) -> Numbers:
    x, y, wide, high, turn = (
        float(reading.number(key.get(name)) or 0) for name in ("x", "y", "width", "height", "rotation")
    )
    return x, y, wide, high, turn


def _runs(sequence: Sequence[KeyFrame], last: int) -> list[Run]:
    """As `labeling.tracks.at_frame` draws it; after an enabled last key frame it stays to the end of the video."""
    still = (0.0, 0.0, 0.0, 0.0, 0.0)
    made = []
    for place, key in enumerate(sequence):
        frame, box = _frame(key), _numbers(key)
        if key.get("enabled") is False:
            made.append(Run(frame, frame, box, still))
        elif place + 1 == len(sequence):
            made.append(Run(frame, max(frame, last), box, still))
        else:
            many = _frame(sequence[place + 1]) - frame
            if many < 1:
                continue  # two key frames of one frame: the later one counts
            a, b, c, d, e = ((q - p) / many for p, q in zip(box, _numbers(sequence[place + 1]), strict=True))
            made.append(Run(frame, frame + many - 1, box, (a, b, c, d, e)))
    return made


def shared_frames(a: Track, b: Track) -> int:
    """Frames in which both are seen."""
    return sum(last - first + 1 for _, _, first, last in _together(a, b))


def _together(a: Track, b: Track) -> list[tuple[Run, Run, int, int]]:
    """Runs of both that are seen at the same time: from frame, to frame."""
    found, i, j = [], 0, 0
    while i < len(a.runs) and j < len(b.runs):
        left, right = a.runs[i], b.runs[j]
        first, last = max(left.first, right.first), min(left.last, right.last)
        if first <= last:
            found.append((left, right, first, last))
        if left.last < right.last:
            i += 1
        else:
            j += 1
    return found


def track_iou(a: Track, b: Track) -> float:
    """
    Mean IoU of the boxes over the frames in which either is seen; frames with only one count 0.

    Boxes between key frames are interpolated. Turned boxes are compared in percent, as if pictures were square: results
    of videos do not tell the picture's size.
    """
    parts = [_sum_iou(left, right, first, last) for left, right, first, last in _together(a, b)]
    either = a.frames + b.frames - shared_frames(a, b)
    return min(1.0, fsum(parts) / either) if either else 0.0


def _sum_iou(left: Run, right: Run, first: int, last: int) -> float:
    """Sum of the IoU of two runs over the frames first..last."""
    if not any(left.step) and not any(right.step):
        return box_iou(make_box(*left.box), make_box(*right.box)) * (last - first + 1)
    if not (left.straight and right.straight):
        frames = range(first, last + 1)
        return fsum(box_iou(make_box(*left.at(frame)), make_box(*right.at(frame))) for frame in frames)
    x, y, w, h, _ = left.at(first)
    u, v, p, q, _ = right.at(first)
    dx, dy, dw, dh, _ = left.step
    du, dv, dp, dq, _ = right.step
    found = []
    for many in range(last - first + 1):
        x1, y1, w1, h1 = x + many * dx, y + many * dy, w + many * dw, h + many * dh
        x2, y2, w2, h2 = u + many * du, v + many * dv, p + many * dp, q + many * dq
        if (x1, y1, w1, h1) == (x2, y2, w2, h2):
            found.append(1.0)
            continue
        wide, high = min(x1 + w1, x2 + w2) - max(x1, x2), min(y1 + h1, y2 + h2) - max(y1, y2)
        if wide > 0 and high > 0:
            found.append(wide * high / (w1 * h1 + w2 * h2 - wide * high))
    return fsum(found)


def _at_most(a: Track, b: Track) -> float:
    """An upper bound of `track_iou` that costs little."""
    if (
        a.bounds
        and b.bounds
        and (
            a.bounds[2] <= b.bounds[0]
            or b.bounds[2] <= a.bounds[0]
            or a.bounds[3] <= b.bounds[1]
            or b.bounds[3] <= a.bounds[1]
        )
    ):
        return float(a.keys == b.keys)
    both = shared_frames(a, b)
    return both / (a.frames + b.frames - both)


_near = intervals.finder(lambda track: (track.runs[0].first, track.runs[-1].last), _at_most)


def candidates(a: Sequence[Track], b: Sequence[Track], threshold: float) -> list[tuple[int, int, float]]:
    """
    All pairs (index in a, index in b, IoU) with IoU >= threshold, sorted.

    Raises:
        TooManyPairs: too many frames with both.
    """
    near = _near(a, b, threshold)
    looks = sum(shared_frames(a[i], b[j]) for i, j, _ in near)
    if looks > FRAME_LIMIT:
        raise TooManyPairs(looks, FRAME_LIMIT)
    found = [(i, j, track_iou(a[i], b[j])) for i, j, _ in near]
    return [pair for pair in found if pair[2] >= threshold]


def merge(tracks: Sequence[Track], weights: Sequence[float]) -> Json:
    """
    The mean box of those who see it at each frame at which more than half (by weight) of the tracks are seen.

    Key frames: all of the sources, and the frames beside those at which somebody begins or ends, so that between two of
    them the mean moves in a straight line as the boxes do (turned boxes: at the key frames). Length of the video: lower
    medians.
    """
    frames_told = [track.told for track in tracks if track.told is not None]
    seconds_told = [track.seconds for track in tracks if track.seconds is not None]
    made: Json = {}
    if frames_told:
        made["framesCount"] = median_low(frames_told)
    if seconds_told:
        made["duration"] = median_low(seconds_told)
    if all(track.keys == tracks[0].keys for track in tracks):
        return {**made, "sequence": [dict(key) for key in tracks[0].keys]}
    used = usable(weights, len(tracks))
    starts = [[run.first for run in track.runs] for track in tracks]

    def boxes(frame: int) -> tuple[list[Box], list[float]]:
        """Boxes that are seen at a frame, with the weight of each. An enabled last key frame has no end here."""
        seen, held = [], []
        for track, firsts, weight in zip(tracks, starts, used, strict=True):
            place = bisect_right(firsts, frame) - 1
            if place < 0:
                continue
            run = track.runs[place]
            if frame <= run.last or (place + 1 == len(track.runs) and _open(track)):
                seen.append(make_box(*run.at(min(frame, run.last))))
                held.append(weight)
        return seen, held

    frames = sorted({frame for track in tracks for frame in _borders(track)})
    rate = made["framesCount"] / made["duration"] if made.get("framesCount") and made.get("duration") else None
    sequence = []
    for frame in frames:
        seen, held = boxes(frame)
        if frame < 1 or not most(held, used):
            continue
        time = tidy(round(frame / rate, 6)) if rate else _time(tracks, frame)
        enabled = most(boxes(frame + 1)[1], used)
        sequence.append({"frame": frame, "enabled": enabled, "time": time, **merge_boxes(seen, held)})
    if not sequence:  # they take turns, and never more than half see it
        return {**made, "sequence": [dict(key) for key in medoid(tracks, used, track_iou, lambda t: str(t.keys)).keys]}
    return {**made, "sequence": sequence}


def _open(track: Track) -> bool:
    """Whether it stays after its last key frame."""
    return track.keys[-1].get("enabled") is not False


def _borders(track: Track) -> Iterator[int]:
    """Key frames, and both frames of each step at which it begins or ends to be seen."""
    for before, run, after in zip((None, *track.runs), track.runs, (*track.runs[1:], None), strict=False):
        yield run.first
        if before is None or before.last != run.first - 1:
            yield run.first - 1
        if after is None and _open(track):
            continue
        if after is None or after.first != run.last + 1:
            yield run.last
            yield run.last + 1


def _time(tracks: Sequence[Track], frame: int) -> float:
    """Seconds at a frame, as the key frames tell; 0 where they do not."""
    for track in tracks:
        for key in reversed(track.keys):
            time = reading.number(key.get("time"))
            if time and _frame(key) > 0:
                return tidy(round(time * frame / _frame(key), 6))
    return 0


TRACKS = RegionMetric(
    name="F1 of matched tracks at mean IoU 0.5",
    key="labels",
    members=frozenset({"framesCount", "duration", "sequence"}),
    read=read,
    iou=track_iou,
    candidates=candidates,
    merge=merge,
)


# Vectors


@dataclass(frozen=True, slots=True)
class VectorTrack:
    """keys: completed, by frame. first, last: frames between which it may be seen. value: its members as stored."""

    keys: tuple[KeyFrame, ...]
    first: int
    last: int
    value: Mapping[str, Any]


def read_vectors(item: Json) -> VectorTrack | None:
    """The track of a stored result, None if it has no key frames or one is not complete."""
    found = read_vector_track(item["value"])
    if isinstance(found, str):
        return None
    keys = found.sequence
    last = _frame(keys[-1])
    if keys[-1].get("enabled") is not False:
        last = max(last, int(found.frames or 0))
    members = ("framesCount", "duration", "sequence")
    return VectorTrack(
        keys, _frame(keys[0]), last, {name: item["value"][name] for name in members if name in item["value"]}
    )


def vector_track_similarity(a: VectorTrack, b: VectorTrack) -> float:
    """
    Mean closeness of the vectors (`vectors.vector_similarity`) over the frames in which either is seen; frames with
    only one count 0. Of more than SAMPLES frames so many are taken, evenly spread.
    """
    if a.keys == b.keys and a.last == b.last:
        return 1.0
    first, last = min(a.first, b.first), max(a.last, b.last)
    many = last - first + 1
    frames = range(first, last + 1)
    if many > SAMPLES:
        frames = [first + (2 * place + 1) * many // (2 * SAMPLES) for place in range(SAMPLES)]  # type: ignore[assignment]
    scores = []
    for frame in frames:
        left, right = _vector(a, frame), _vector(b, frame)
        if left is not None and right is not None:
            scores.append(vector_similarity(left, right))
        elif left is not None or right is not None:
            scores.append(0.0)
    return fsum(scores) / len(scores) if scores else 0.0


def _vector(track: VectorTrack, frame: int) -> Any:
    seen = playback.at_frame(track.keys, frame) if frame <= track.last else None
    rows = seen.get("vertices") if seen else None
    return make_vector(rows, seen.get("closed") is True) if seen and isinstance(rows, list) and rows else None


def merge_vector_tracks(tracks: Sequence[VectorTrack], weights: Sequence[float]) -> Json:
    """The track that is most like all others: vertices of different people are not the same ones."""
    return dict(medoid(tracks, weights, vector_track_similarity, lambda track: str(track.value)).value)


def _vector_labels(value: Json, table: OptionTable) -> tuple[str, ...] | None:
    """Labels of VideoVectorLabels: the editor and the SDK have them in different members."""
    names = reading.strings(value.get("labels", value.get("videovectorlabels", [])))
    return None if names is None else tuple(dict.fromkeys(table.stored(name) or name for name in names))


VECTOR_TRACKS = RegionMetric(
    name="F1 of matched tracks at mean closeness 0.5",
    key="labels",
    members=frozenset({"framesCount", "duration", "sequence"}),
    read=read_vectors,
    iou=vector_track_similarity,
    candidates=intervals.finder(lambda track: (track.first, track.last), vector_track_similarity),
    merge=merge_vector_tracks,
    said=_vector_labels,
)

VIDEO: dict[str, RegionMetric] = {
    "videorectangle": TRACKS,
    "videovector": VECTOR_TRACKS,
    "videovectorlabels": VECTOR_TRACKS,
}
"""Control type -> its metric. The labels of tracks are in the track's own result."""
