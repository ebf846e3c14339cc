"""One dimension: audio, timelines, time series, conversations, HTML, and Taxonomies that label."""

from __future__ import annotations

from typing import Any

import pytest
from consensus_cases import annotation, control, options, plan
from hypothesis import given
from hypothesis import strategies as st
from labeling.consensus import compute, intervals
from labeling.plan_index import index

Json = dict[str, Any]

TALK = [{"author": "A", "text": "Good morning"}, {"author": "B", "text": "Hi"}, {"author": "A", "text": "How are you?"}]
LABELS = options("A", "B")


def of(kind: str, tag: str, data: Any = None, **more: Any) -> tuple[Json, Json]:
    """A plan with one labels control on one object of a type, and a task's data."""
    made = plan(control("c", tag, "o", options=LABELS, choice="single"))
    value = {"path": ["field"], "source": "field"}
    made["objects"] = [{"name": "o", "type": kind, "value": value, **more}]
    return made, {"field": data}


AUDIO = of("audio", "Labels")
FRAMES = of("video", "TimelineLabels")
VALUES = {"t": list(range(101)), "v": [0] * 101}
STEPS = of(
    "timeseries", "TimeSeriesLabels", VALUES, time_column="t", value_type="json", channels=[{"column": "v"}]
)  # fmt: skip
DATES = of("timeseries", "TimeSeriesLabels", None, time_column="t", time_format="%Y-%m-%d %H:%M:%S.%L")
FAR = of("timeseries", "TimeSeriesLabels", "https://example.org/a.csv", value_type="url")
DIALOGUE = of("paragraphs", "ParagraphLabels", TALK)
DIALOGUE_FAR = of("paragraphs", "ParagraphLabels", "https://example.org/talk.json", value_type="url")
DIALOGUE_LABELS = of("paragraphs", "Labels", TALK)
PAGE = of("hypertext", "HyperTextLabels", "<p>Hello</p>")
PAGE_LABELS = of("hypertext", "Labels", "<p>Hello</p>")


def marked(given: tuple[Json, Json], shape: Json, label: str = "A", identity: str = "r") -> Json:
    kind = given[0]["controls"][0]["type"]
    return {"id": identity, "from_name": "c", "to_name": "o", "type": kind, "value": {**shape, kind: [label]}}


def part(start: float, end: float, channel: int | None = None) -> Json:
    return {"start": start, "end": end} if channel is None else {"start": start, "end": end, "channel": channel}


def ranges(*ends: tuple[int, int]) -> Json:
    return {"ranges": [{"start": start, "end": end} for start, end in ends]}


def moment(place: float | str) -> Json:
    return {"start": place, "end": place, "instant": True}


def said(start: tuple[int, int], end: tuple[int, int], text: str | None = None) -> Json:
    made = {"start": str(start[0]), "startOffset": start[1], "end": str(end[0]), "endOffset": end[1]}
    return made if text is None else {**made, "text": text}


def html(start: int, end: int, text: str | None = None) -> Json:
    path = {"start": "/p[1]/text()[1]", "end": "/p[1]/text()[1]", "startOffset": start, "endOffset": end}
    return {**path, "globalOffsets": {"start": start, "end": end}, **({} if text is None else {"text": text})}


CASES = [
    pytest.param(AUDIO, [part(0, 4), part(1, 4)], 0.75, id="audio: three of four seconds"),
    pytest.param(AUDIO, [part(0, 4), part(3, 4)], None, id="audio: a quarter"),
    pytest.param(AUDIO, [part(0, 4, 0), part(0, 4, 1)], None, id="audio: another channel"),
    pytest.param(AUDIO, [part(0, 4, 0), part(0, 4)], 1, id="audio: no channel is all of them"),
    pytest.param(FRAMES, [ranges((1, 4)), ranges((2, 4))], 0.75, id="timeline: frames count, ends included"),
    pytest.param(FRAMES, [ranges((1, 1)), ranges((1, 1))], 1, id="timeline: one frame"),
    pytest.param(FRAMES, [ranges((1, 4), (11, 14)), ranges((1, 4), (12, 15))], 7 / 9, id="timeline: two ranges"),
    pytest.param(FRAMES, [ranges((1, 4), (5, 8)), ranges((1, 8))], 1, id="timeline: ranges that touch are one"),
    pytest.param(STEPS, [part(0, 10), part(0, 20)], 0.5, id="series: half of a stretch"),
    pytest.param(STEPS, [moment(50), moment(50)], 1, id="series: one moment"),
    pytest.param(STEPS, [moment(50), moment(52)], 0.606530660, id="series: 2 % of its length apart, e^(-1/2)"),
    pytest.param(STEPS, [moment(50), moment(53)], None, id="series: 3 % apart"),
    pytest.param(STEPS, [moment(50), part(50, 51)], None, id="series: a moment is no stretch"),
    pytest.param(FAR, [part(0, 10), part(0, 20)], 0.5, id="series behind an address: stretches"),
    pytest.param(FAR, [moment(5), moment(5)], 1, id="series behind an address: equal moments"),
    pytest.param(
        DATES,
        [
            {"start": "2024-05-01 00:00:00.000", "end": "2024-05-01 00:00:01.000"},
            {"start": "2024-05-01 00:00:00.500", "end": "2024-05-01 00:00:01.000"},
        ],
        0.5,
        id="series: dates with milliseconds",
    ),
    pytest.param(DIALOGUE, [said((0, 0), (0, 4)), said((0, 0), (0, 8))], 0.5, id="phrases: inside one"),
    pytest.param(DIALOGUE, [said((0, 10), (2, 3)), said((0, 10), (2, 3))], 1, id="phrases: the same three"),
    # 2 + 2 + 3 code points against 2 + 2
    pytest.param(DIALOGUE, [said((0, 10), (2, 3)), said((0, 10), (1, 2))], 4 / 7, id="phrases: over their borders"),
    pytest.param(DIALOGUE_LABELS, [said((0, 0), (0, 4)), said((0, 0), (0, 5))], 0.8, id="phrases: Labels"),
    pytest.param(
        DIALOGUE_FAR,
        [said((0, 10), (2, 3), "ng\nHi\nHow"), said((0, 10), (1, 2), "ng\nHi")],
        4 / 7,
        id="phrases behind an address: lengths from the quotation",
    ),
    pytest.param(PAGE, [html(0, 4), html(1, 4)], 0.75, id="HTML: offsets of the whole document"),
    pytest.param(PAGE_LABELS, [html(0, 4), html(0, 5)], 0.8, id="HTML: Labels"),
]  # fmt: skip


@pytest.mark.parametrize(("given_plan", "shapes", "overlap"), CASES)
def test_stretches_are_matched_by_their_overlap(
    given_plan: tuple[Json, Json], shapes: list[Json], overlap: float | None
) -> None:
    rows = [annotation(n, marked(given_plan, shape)) for n, shape in enumerate(shapes, 1)]
    found = compute(given_plan[0], rows, data=given_plan[1])
    entry = found["controls"]["c"]
    assert found["problems"] == []
    assert entry["agreement"] == (0 if overlap is None else 1)
    assert entry["placed"] == (None if overlap is None else pytest.approx(overlap, abs=2e-9))
    assert entry == compute(given_plan[0], rows[::-1], data=given_plan[1])["controls"]["c"]


@pytest.mark.parametrize(("given_plan", "shapes", "overlap"), CASES)
def test_copies_of_one_annotation_merge_to_it(
    given_plan: tuple[Json, Json], shapes: list[Json], overlap: float | None
) -> None:
    row = marked(given_plan, shapes[0])
    found = compute(given_plan[0], [annotation(n, row) for n in (1, 2, 3)], data=given_plan[1])
    touching = "ranges" in shapes[0] and shapes[0] == ranges((1, 4), (5, 8))
    assert found["result"] == ([marked(given_plan, ranges((1, 8)))] if touching else [row])
    assert found["agreement"] == 1


@pytest.mark.parametrize(
    ("given_plan", "shapes", "merged"),
    [
        pytest.param(AUDIO, [part(0, 4), part(0.5, 5), part(1, 4.5)], part(0.5, 4.5), id="audio"),
        pytest.param(AUDIO, [part(0, 4, 1), part(0, 4), part(0, 4, 1)], part(0, 4, 1), id="audio: channel"),
        pytest.param(
            FRAMES, [ranges((1, 9)), ranges((2, 10)), ranges((3, 8))], ranges((2, 9)), id="timeline: one range"
        ),
        pytest.param(
            FRAMES,
            [ranges((1, 4), (10, 20)), ranges((1, 3), (11, 20)), ranges((10, 20))],
            ranges((1, 3), (10, 20)),
            id="timeline: frames that most marked",
        ),
        pytest.param(STEPS, [moment(50), moment(51), moment(52)], moment(51), id="series: moments"),
        pytest.param(
            STEPS, [part(10, 20), part(11, 22), part(9, 21)], {**part(10, 21), "instant": False}, id="series: stretches"
        ),
        pytest.param(
            DIALOGUE,
            [said((0, 10), (2, 3)), said((0, 10), (1, 2)), said((0, 9), (2, 1))],
            said((0, 10), (2, 1), "ng\nHi\nH"),
            id="phrases: quoted from the task",
        ),
        pytest.param(
            PAGE,
            [html(0, 4, "Hell"), html(1, 5, "ello"), html(1, 4, "ell")],
            html(1, 4, "ell"),
            id="HTML: with the paths of those who set the borders",
        ),
    ],
)
def test_borders_are_medians(given_plan: tuple[Json, Json], shapes: list[Json], merged: Json) -> None:
    shapes = [{**({"instant": False} if "instant" in merged else {}), **shape} for shape in shapes]
    if "text" in merged:
        shapes = [{**shape, "text": shape.get("text", "other")} for shape in shapes]
    rows = [annotation(n, marked(given_plan, shape)) for n, shape in enumerate(shapes, 1)]
    found = compute(given_plan[0], rows, data=given_plan[1])
    kind = given_plan[0]["controls"][0]["type"]
    assert [row["value"] for row in found["result"]] == [{**merged, kind: ["A"]}]


def test_borders_are_weighted_by_person() -> None:
    rows = [annotation(n, marked(AUDIO, shape)) for n, shape in enumerate([part(0, 4), part(1, 4), part(1, 4)], 1)]
    found = compute(AUDIO[0], rows, people={1: 1.0, 2: 0.3, 3: 0.3})
    assert found["result"][0]["value"]["start"] == 0


def test_moments_of_a_series_without_a_length_have_no_likeness() -> None:
    rows = [annotation(1, marked(FAR, moment(5))), annotation(2, marked(FAR, moment(6)))]
    found = compute(FAR[0], rows, data=FAR[1])
    assert found["controls"]["c"]["agreement"] is None
    assert "length of the series" in found["controls"]["c"]["reason"]


@pytest.mark.parametrize(
    ("given_plan", "shape"),
    [
        pytest.param(AUDIO, part(4, 1), id="audio: end before start"),
        pytest.param(FRAMES, {"ranges": []}, id="timeline: no ranges"),
        pytest.param(DATES, part("soon", "later"), id="series: no times"),  # type: ignore[arg-type]
        pytest.param(DIALOGUE_FAR, said((0, 10), (2, 3)), id="phrases: lengths are not known"),
        pytest.param(
            PAGE, {"start": "/p[1]", "end": "/p[1]", "startOffset": 0, "endOffset": 1}, id="HTML: paths alone"
        ),
    ],
)
def test_what_has_no_place_is_a_problem(given_plan: tuple[Json, Json], shape: Json) -> None:
    found = compute(given_plan[0], [annotation(1, marked(given_plan, shape))], data=given_plan[1])
    assert [problem["code"] for problem in found["problems"]] == ["unread-result"]


def test_a_taxonomy_that_labels_gives_regions_with_paths() -> None:
    tree = [{"value": "Animal", "stored": "Animal", "children": [{"value": "Dog", "stored": "Dog"}]}]
    given_plan = plan({**control("k", "Taxonomy", "t", options=tree, labeling=True), "per_region": True})
    assert index(given_plan).controls["k"].labeling
    row = {
        "id": "r", "from_name": "k", "to_name": "t", "type": "taxonomy",
        "value": {"start": 0, "end": 3, "text": "Ada", "taxonomy": [["Animal", "Dog"]]},
    }  # fmt: skip
    other = {**row, "value": {**row["value"], "taxonomy": [["Animal"]]}}  # type: ignore[dict-item]
    found = compute(given_plan, [annotation(1, row), annotation(2, row), annotation(3, other)])
    assert found["result"] == [row]
    assert found["controls"]["k"]["agreement"] == pytest.approx(1 / 3)
    assert found["controls"]["k"]["found"] == 1


# Properties

_pieces = st.lists(st.tuples(st.integers(0, 30), st.integers(1, 6)), min_size=1, max_size=4).map(
    lambda rows: intervals.joined([(start, start + length) for start, length in rows])
)


def frames(pieces: tuple[intervals.Piece, ...]) -> set[int]:
    return {frame for start, end in pieces for frame in range(int(start), int(end))}


@given(_pieces, _pieces)
def test_overlap_of_pieces_is_that_of_their_sets(a: Any, b: Any) -> None:
    expected = len(frames(a) & frames(b)) / len(frames(a) | frames(b))
    assert intervals.iou(a, b) == pytest.approx(expected)
    assert intervals.iou(a, b) == intervals.iou(b, a)


@given(st.lists(_pieces, min_size=1, max_size=5))
def test_the_majority_covers_what_more_than_half_cover(members: list[Any]) -> None:
    kept = frames(intervals.majority(members, [1.0] * len(members)))
    assert kept == {frame for frame in range(40) if 2 * sum(frame in frames(m) for m in members) > len(members)}


@given(st.lists(_pieces, max_size=8), st.lists(_pieces, max_size=8))
def test_candidates_are_all_pairs_that_reach_the_threshold(a: list[Any], b: list[Any]) -> None:
    find = intervals.finder(lambda pieces: (pieces[0][0], pieces[-1][1]), intervals.iou)
    expected = [(i, j) for i, x in enumerate(a) for j, y in enumerate(b) if intervals.iou(x, y) >= 0.5]
    assert [pair[:2] for pair in find(a, b, 0.5)] == expected
