"""Tracks between their key frames, and written out frame by frame."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from labeling import exports, tracks

from tests.engine.acting import STEADY

Json = dict[str, Any]


def key(frame: int, x: float, *, enabled: bool = True, **more: Any) -> Json:
    box = {"x": x, "y": 10, "width": 20, "height": 30, "rotation": 0}
    return {**box, "frame": frame, "time": frame / 10, "enabled": enabled, **more}


SEQUENCE = [key(1, 10), key(5, 20, enabled=False), key(8, 50), key(10, 60, rotation=90)]


@pytest.mark.parametrize(
    ("frame", "x"),
    [
        pytest.param(0, None, id="before the first"),
        pytest.param(1, 10, id="the first"),
        pytest.param(2, 12.5, id="a quarter of the way"),
        pytest.param(5, 20, id="the last one seen"),
        pytest.param(6, None, id="gone"),
        pytest.param(8, 50, id="back"),
        pytest.param(9, 55, id="half way"),
        pytest.param(99, 60, id="stays after the last"),
    ],
)
def test_a_box_is_where_its_key_frames_say(frame: int, x: float | None) -> None:
    found = tracks.at_frame(SEQUENCE, frame)
    assert (found and found["x"]) == x


def test_what_is_between_says_so_and_has_a_time() -> None:
    assert tracks.at_frame(SEQUENCE, 9) == {**key(9, 55), "rotation": 45, "time": 0.9, "auto": True}
    assert "auto" not in (tracks.at_frame(SEQUENCE, 8) or {})


def test_a_switched_off_last_key_frame_ends_the_track() -> None:
    sequence = [key(1, 10), key(4, 10, enabled=False)]
    assert tracks.at_frame(sequence, 4) is not None
    assert tracks.at_frame(sequence, 5) is None


def vector(frame: int, *points: tuple[str, float, float], **more: Any) -> Json:
    vertices = [{"id": name, "x": x, "y": y, "prevPointId": None, "isBezier": False} for name, x, y in points]
    return {"frame": frame, "enabled": True, "time": frame / 10, "closed": False, "vertices": vertices, **more}


def test_vertices_move_by_their_id_and_stay_where_they_have_no_partner() -> None:
    sequence = [vector(1, ("a", 0, 0), ("b", 10, 10)), vector(3, ("a", 20, 40), ("c", 1, 1))]
    found = tracks.at_frame(sequence, 2)
    assert found is not None
    assert [(v["id"], v["x"], v["y"]) for v in found["vertices"]] == [("a", 10, 20), ("b", 10, 10)]  # type: ignore[attr-defined]


def test_control_points_move_with_their_vertex() -> None:
    sequence = [vector(1, ("a", 0, 0)), vector(3, ("a", 10, 10))]
    for row, end in zip(sequence, (2, 4), strict=True):
        row["vertices"][0]["controlPoint1"] = {"x": end, "y": end}
    found = tracks.at_frame(sequence, 2)
    assert found is not None
    assert found["vertices"][0]["controlPoint1"] == {"x": 3, "y": 3}  # type: ignore[index]


def test_an_expanded_track_has_every_frame_that_is_seen() -> None:
    value = {"framesCount": 12, "duration": 1.2, "sequence": SEQUENCE, "labels": ["A"]}
    made = tracks.expand(value)
    assert [row["frame"] for row in made["sequence"]] == [1, 2, 3, 4, 5, 8, 9, 10, 11, 12]  # type: ignore[attr-defined]
    assert made["labels"] == ["A"]


@STEADY
@given(st.lists(st.tuples(st.integers(1, 60), st.booleans()), min_size=1, unique_by=lambda pair: pair[0]))
def test_key_frames_stay_and_an_expanded_track_expands_to_itself(keys: list[tuple[int, bool]]) -> None:
    sequence = [key(frame, frame, enabled=on) for frame, on in sorted(keys)]
    made = tracks.expand({"sequence": sequence})
    frames = {row["frame"]: row for row in made["sequence"]}  # type: ignore[attr-defined]
    for row in sequence:
        assert frames[row["frame"]] == row
    assert all(row["x"] == pytest.approx(frame) for frame, row in frames.items())
    assert tracks.expand(made) == made


@pytest.mark.parametrize(
    "value",
    [
        pytest.param({}, id="nothing"),
        pytest.param({"sequence": []}, id="empty"),
        pytest.param({"sequence": [7]}, id="no objects"),
        pytest.param({"sequence": [{"x": 1}]}, id="no frame"),
        pytest.param({"sequence": [key(1, 1), key(10**8, 1)]}, id="enormous"),
    ],
)
def test_what_is_no_track_stays_as_it_is(value: Json) -> None:
    assert tracks.expand(value) == value


def test_exports_write_the_frames_between_if_asked() -> None:
    track = {"id": "r", "from_name": "b", "to_name": "v", "type": "videorectangle", "value": {"sequence": SEQUENCE}}
    other = {"id": "c", "from_name": "c", "to_name": "v", "type": "choices", "value": {"choices": ["A"]}}
    row = {"task": {"id": 1, "data": {}}, "annotations": [{"id": 2, "result": [track, other]}]}
    plain = json.loads(b"".join(exports.json_tasks([row])))[0]["annotations"][0]["result"]
    full = json.loads(b"".join(exports.json_tasks([row], interpolate_key_frames=True)))[0]["annotations"][0]["result"]
    assert len(plain[0]["value"]["sequence"]) == 4
    assert len(full[0]["value"]["sequence"]) == 8
    assert full[1] == other
    plan: Json = {"controls": []}
    (short,) = json.loads(b"".join(exports.json_min([row], plan, interpolate_key_frames=True)))
    assert len(short["b"][0]["sequence"]) == 8
