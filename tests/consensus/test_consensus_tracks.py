"""Tracks through a video: overlap and merged key frames against a count frame by frame; vectors."""

from __future__ import annotations

from math import fsum
from typing import Any

import pytest
from consensus_cases import annotation, control, options, plan
from hypothesis import given, settings
from hypothesis import strategies as st
from labeling import tracks as playback
from labeling.consensus import compute, tracks
from labeling.consensus.boxes import box_iou, make_box
from labeling.consensus.matching import TooManyPairs

Json = dict[str, Any]

FRAMES = 40
BOX = control("box", "VideoRectangle", "v")
LABELS = control("l", "Labels", "v", options=options("Car", "Bus"))
PATH = control("path", "VideoVectorLabels", "v", options=options("Lane"))
PLAN = plan(BOX, LABELS, PATH)
PLAN["objects"] = [{"name": "v", "type": "video", "value": {"path": ["video"], "source": "video"}}]


def key(frame: int, x: float, y: float = 0, width: float = 10, height: float = 10, **more: Any) -> Json:
    box = {"x": x, "y": y, "width": width, "height": height, "rotation": 0}
    return {"frame": frame, "enabled": True, "time": frame / 10, **box, **more}


def track(*keys: Json, label: str = "Car", identity: str = "t") -> Json:
    value = {"framesCount": FRAMES, "duration": FRAMES / 10, "sequence": list(keys), "labels": [label]}
    return {"id": identity, "from_name": "box", "to_name": "v", "type": "videorectangle", "value": value}


def seen(row: Json) -> dict[int, Json]:
    """Frame -> what the player shows."""
    found = {frame: playback.at_frame(row["value"]["sequence"], frame) for frame in range(1, FRAMES + 1)}
    return {frame: box for frame, box in found.items() if box is not None}


def box_at(shown: Json) -> Any:
    return make_box(*(shown[name] for name in ("x", "y", "width", "height", "rotation")))


def counted(a: Json, b: Json) -> float:
    """Mean IoU frame by frame."""
    left, right = seen(a), seen(b)
    either = left.keys() | right.keys()
    both = left.keys() & right.keys()
    return fsum(box_iou(box_at(left[frame]), box_at(right[frame])) for frame in both) / len(either)


AWAY = sum((10 - k) / (10 + k) for k in range(11))


def read(row: Json) -> tracks.Track:
    found = tracks.read(row)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("a", "b", "overlap"),
    [
        pytest.param([key(1, 0)], [key(1, 0)], 1, id="the same still box"),
        pytest.param([key(1, 0)], [key(21, 0)], 0.5, id="half of the frames"),
        pytest.param([key(1, 0)], [key(1, 5)], 1 / 3, id="half of the place"),
        pytest.param([key(1, 0), key(20, 0, enabled=False)], [key(21, 0)], 0, id="never at the same time"),
        pytest.param([key(1, 0), key(20, 0, enabled=False), key(21, 0)], [key(1, 0)], 1, id="a gap of no frame"),
        pytest.param([key(1, 0), key(11, 0, enabled=False), key(21, 0)], [key(1, 0)], 31 / 40, id="a gap of nine"),
        # IoU (10 - k) / (10 + k) with k = 0..10 and then 0
        pytest.param([key(1, 0), key(11, 10)], [key(1, 0)], AWAY / 40, id="moving away"),
    ],
)  # fmt: skip
def test_overlap_is_the_mean_over_frames(a: list[Json], b: list[Json], overlap: float) -> None:
    left, right = read(track(*a)), read(track(*b))
    assert tracks.track_iou(left, right) == pytest.approx(overlap)
    assert tracks.track_iou(right, left) == tracks.track_iou(left, right)
    assert counted(track(*a), track(*b)) == pytest.approx(overlap)


_keys = st.lists(
    st.tuples(st.integers(1, FRAMES), st.integers(0, 30), st.integers(0, 30), st.integers(5, 30), st.booleans()),
    min_size=1, max_size=5, unique_by=lambda entry: entry[0],
).map(lambda rows: [key(f, x, y, w, 20, enabled=e) for f, x, y, w, e in sorted(rows)])  # fmt: skip


@given(_keys, _keys)
@settings(max_examples=60)
def test_overlap_is_that_of_a_count_frame_by_frame(a: list[Json], b: list[Json]) -> None:
    left, right = read(track(*a)), read(track(*b))
    assert left.frames == len(seen(track(*a)))
    assert tracks.track_iou(left, right) == pytest.approx(counted(track(*a), track(*b)), abs=1e-6)
    assert tracks.track_iou(left, right) <= tracks._at_most(left, right) + 1e-9


@given(st.lists(_keys, min_size=2, max_size=4))
@settings(max_examples=60)
def test_the_merged_track_is_the_mean_of_those_who_see_it(members: list[list[Json]]) -> None:
    rows = [track(*keys) for keys in members]
    found = [read(row) for row in rows]
    merged = tracks.merge(found, [1.0] * len(rows))
    shown = seen({"value": merged})
    expected: dict[int, list[Json]] = {}
    for row in rows:
        for frame, box in seen(row).items():
            expected.setdefault(frame, []).append(box)
    majority = {frame: boxes for frame, boxes in expected.items() if 2 * len(boxes) > len(rows)}
    if not majority:
        return
    assert shown.keys() == majority.keys()
    for frame, boxes in majority.items():
        for name in ("x", "y", "width", "height"):
            assert shown[frame][name] == pytest.approx(sum(box[name] for box in boxes) / len(boxes), abs=1e-5)


def test_a_task_merges_tracks_and_their_labels() -> None:
    rows = [
        annotation(1, track(key(1, 0), key(21, 20))),
        annotation(2, track(key(1, 2), key(21, 22), label="Bus")),
        annotation(3, track(key(1, 1), key(11, 11), key(21, 21)), track(key(1, 80, 80), identity="u")),
    ]
    found = compute(PLAN, rows)
    entry = found["controls"]["box"]
    assert entry["pairs"][0]["matched"] == 0, "another label"
    assert entry["pairs"][0]["found"] == 1
    assert entry["agreement"] == pytest.approx((0 + 2 / 3 + 0) / 3)
    [row] = found["result"]
    assert row["value"]["labels"] == ["Car"]
    assert row["value"]["sequence"] == [key(1, 1), key(11, 11), key(21, 21)]
    assert found["problems"] == []


def test_copies_of_a_track_merge_to_it() -> None:
    row = track({**key(1, 0.123456), "note": "kept"}, key(9, 3, rotation=15, enabled=False))
    found = compute(PLAN, [annotation(1, row), annotation(2, row)])
    assert found["result"] == [row]
    assert found["agreement"] == 1


def test_turned_boxes_are_compared_as_polygons() -> None:
    turned, straight = read(track(key(1, 0, rotation=45))), read(track(key(1, 0)))
    expected = box_iou(make_box(0, 0, 10, 10, 45), make_box(0, 0, 10, 10))
    assert tracks.track_iou(turned, straight) == pytest.approx(expected)


def test_too_many_frames_are_not_estimated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tracks, "FRAME_LIMIT", 39)
    both = read(track(key(1, 0)))
    with pytest.raises(TooManyPairs):
        tracks.candidates([both], [both], 0.5)


def test_a_sequence_without_frames_is_a_problem() -> None:
    found = compute(PLAN, [annotation(1, track({"x": 1}))])
    assert [problem["code"] for problem in found["problems"]] == ["unread-result"]


# Vectors


def path(*places: tuple[int, float], name: str = "labels") -> Json:
    def vertices(x: float) -> list[Json]:
        first = {"id": "p", "x": x, "y": 10, "prevPointId": None, "isBezier": False}
        return [first, {**first, "id": "q", "y": 60, "prevPointId": "p"}]

    sequence = [
        {"frame": f, "enabled": True, "time": f / 10, "closed": False, "vertices": vertices(x)} for f, x in places
    ]
    value = {"framesCount": FRAMES, "duration": 4, "sequence": sequence, name: ["Lane"]}
    return {"id": "v", "from_name": "path", "to_name": "v", "type": "videovectorlabels", "value": value}


@pytest.mark.parametrize(
    ("a", "b", "agreement"),
    [
        pytest.param(path((1, 10)), path((1, 10)), 1, id="the same"),
        pytest.param(path((1, 10)), path((1, 12)), 1, id="a little beside"),
        pytest.param(path((1, 10)), path((1, 30)), 0, id="somewhere else"),
        pytest.param(path((1, 10)), path((1, 10), (40, 90)), 0, id="one moves away"),
        pytest.param(path((1, 10)), path((35, 10)), 0, id="seen much later"),
        pytest.param(path((1, 10)), path((1, 10), name="videovectorlabels"), 1, id="labels in the editor's member"),
    ],
)
def test_vectors_of_a_video_are_compared_over_frames(a: Json, b: Json, agreement: float) -> None:
    found = compute(PLAN, [annotation(1, a), annotation(2, b)])
    assert found["controls"]["path"]["agreement"] == agreement
    assert found["problems"] == []


def test_the_vector_most_like_all_others_is_merged() -> None:
    rows = [annotation(n, path((1, x))) for n, x in enumerate((10, 10.2, 11.5), 1)]
    found = compute(PLAN, rows)
    assert [row["value"] for row in found["result"]] == [path((1, 10.2))["value"]]
