"""Masks as rows of runs: every operation against sets of pixels, and the forms in which they travel."""

from __future__ import annotations

import random
import struct
import zlib
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from labeling import masks
from labeling.masks import Mask, png, png_writing, text
from labeling.masks import mask as rows

from tests.engine.acting import STEADY

Pixels = set[tuple[int, int]]


@st.composite
def painted(draw: st.DrawFn, width: int = 0, height: int = 0) -> Mask:
    width, height = width or draw(st.integers(1, 14)), height or draw(st.integers(1, 14))
    chance = random.Random(draw(st.integers(0, 2**32)))
    share = draw(st.sampled_from([0.0, 0.05, 0.4, 0.6, 0.95]))
    lines = {y: bytes(chance.random() < share for _ in range(width)) for y in range(height)}
    return masks.make(width, height, {y: rows.painted_runs(line) for y, line in lines.items()})


@st.composite
def pairs(draw: st.DrawFn) -> tuple[Mask, Mask]:
    one = draw(painted())
    return one, draw(painted(one.width, one.height))


def pixels(mask: Mask) -> Pixels:
    found = enumerate(mask.rows, mask.top)
    return {(x, y) for y, row in found for k in range(0, len(row), 2) for x in range(row[k], row[k + 1])}


@STEADY
@given(pairs())
def test_two_masks_are_joined_subtracted_and_cut_as_sets_of_pixels(both: tuple[Mask, Mask]) -> None:
    a, b = both
    assert pixels(masks.union(a, b)) == pixels(a) | pixels(b)
    assert pixels(masks.subtract(a, b)) == pixels(a) - pixels(b)
    assert pixels(masks.intersect(a, b)) == pixels(a) & pixels(b)
    assert a.area == len(pixels(a))


def test_rows_that_a_change_does_not_reach_are_the_same_objects() -> None:
    before = masks.make(100, 100, {y: (10, 20 + y) for y in range(50)})
    after = masks.union(before, masks.make(100, 100, {7: (60, 70)}))
    assert after.version == before.version + 1
    assert [y for y in range(50) if after.row(y) is not before.row(y)] == [7]
    assert masks.subtract(before, masks.make(100, 100, {60: (1, 9)})) is before


def test_masks_of_two_pictures_are_not_joined() -> None:
    with pytest.raises(masks.MaskError, match="4 x 3 pixels, the other 3 x 4"):
        masks.union(Mask(4, 3), Mask(3, 4))


@STEADY
@given(painted(), st.integers(-5, 5), st.integers(-5, 5))
def test_a_mask_is_moved_by_whole_pixels_and_cut_at_the_border(mask: Mask, dx: int, dy: int) -> None:
    moved = {(x + dx, y + dy) for x, y in pixels(mask)}
    assert pixels(masks.shifted(mask, dx, dy)) == {
        (x, y) for x, y in moved if 0 <= x < mask.width and 0 <= y < mask.height
    }


def reached(start: tuple[int, int], inside: Pixels, steps: list[tuple[int, int]]) -> Pixels:
    seen, waiting = {start}, [start]
    while waiting:
        x, y = waiting.pop()
        for step in steps:
            other = (x + step[0], y + step[1])
            if other in inside and other not in seen:
                seen.add(other)
                waiting.append(other)
    return seen


SIDES = [(1, 0), (-1, 0), (0, 1), (0, -1)]
AROUND = [(x, y) for x in (-1, 0, 1) for y in (-1, 0, 1) if x or y]


@STEADY
@given(painted())
def test_parts_are_what_touches_and_the_largest_comes_first(mask: Mask) -> None:
    found = masks.parts(mask)
    assert sorted((len(pixels(part)) for part in found), reverse=True) == [part.area for part in found]
    assert set().union(*map(pixels, found)) == pixels(mask)
    for part in found:
        assert reached(next(iter(pixels(part))), pixels(mask), AROUND) == pixels(part)


@STEADY
@given(painted())
def test_holes_are_what_the_outside_does_not_reach(mask: Mask) -> None:
    canvas = {(x, y) for x in range(-1, mask.width + 1) for y in range(-1, mask.height + 1)}
    outside = reached((-1, -1), canvas - pixels(mask), SIDES)
    assert pixels(masks.filled(mask)) == canvas - outside


@STEADY
@given(painted())
def test_outlines_filled_again_are_the_mask(mask: Mask) -> None:
    found = masks.rings(mask)
    assert masks.from_rings(found, mask.width, mask.height) == mask
    area = sum(x * y2 - x2 * y for ring in found for (x, y), (x2, y2) in zip(ring, [*ring[1:], ring[0]], strict=True))
    assert area / 2 == mask.area, "outer rings go round clockwise, holes the other way"


def test_a_box_has_four_corners_and_is_scaled_by_them() -> None:
    mask = masks.make(20, 20, {3: (2, 5), 4: (2, 5)})
    assert masks.rings(mask) == [[(2, 3), (5, 3), (5, 5), (2, 5)]]
    assert masks.transformed(mask, (2, 0, 0, 2, 1, 0)) == masks.make(20, 20, dict.fromkeys(range(6, 10), (5, 11)))


@STEADY
@given(pairs())
def test_a_difference_as_text_makes_the_later_mask_of_the_earlier(both: tuple[Mask, Mask]) -> None:
    a, b = both
    assert text.read(text.write(a), a.width, a.height) == a
    difference = text.change(a, b)
    if difference is not None:
        assert text.changed(text.write(a), difference) == text.write(b)


def test_a_small_change_of_a_large_mask_is_a_short_text() -> None:
    before = masks.make(4000, 3000, {y: (100, 3000 + y % 7) for y in range(3000)})
    after = masks.subtract(before, masks.make(4000, 3000, dict.fromkeys(range(1000, 1020), (500, 600))))
    difference = text.change(before, after)
    assert difference is not None
    assert len(difference) < 300 < len(text.write(after))


@pytest.mark.parametrize(
    ("given", "says"),
    [
        pytest.param("%%%", "not base64", id="no base64"),
        pytest.param("", "cut off", id="nothing"),
        pytest.param("AAEC", "cut off", id="a run without a length"),
        pytest.param("gA==", "cut off", id="half a number"),
        pytest.param("AAIBAQAB", "touch", id="two runs without a gap"),
        pytest.param("AAEAyAE=", "leave the picture", id="wider than the picture"),
        pytest.param("fwEAAQ==", "leave the picture", id="below the picture"),
        pytest.param("//////////8=", "too large", id="a huge number"),
    ],
)
def test_text_that_is_no_mask_says_why(given: str, says: str) -> None:
    with pytest.raises(masks.MaskError, match=says):
        text.read(given, 100, 100)


# Strokes


def distance(x: float, y: float, a: tuple[float, float], b: tuple[float, float]) -> float:
    """From a point to a segment."""
    dx, dy = b[0] - a[0], b[1] - a[1]
    long = dx * dx + dy * dy
    t = min(1.0, max(0.0, ((x - a[0]) * dx + (y - a[1]) * dy) / long)) if long else 0.0
    return float(((x - a[0] - t * dx) ** 2 + (y - a[1] - t * dy) ** 2) ** 0.5)


places = st.tuples(st.integers(-24, 200), st.integers(-24, 200)).map(lambda at: (at[0] / 8, at[1] / 8))


@STEADY
@given(st.lists(places, min_size=1, max_size=4), st.integers(5, 70).map(lambda eighths: eighths / 8 + 0.01))
def test_a_stroke_paints_the_pixels_whose_centres_are_near_its_line(
    points: list[tuple[float, float]], radius: float
) -> None:
    segments = list(pairwise(points)) or [(points[0], points[0])]
    expected = {
        (x, y)
        for x in range(24)
        for y in range(24)
        if any(distance(x + 0.5, y + 0.5, a, b) <= radius for a, b in segments)
    }
    assert pixels(masks.stroke(points, radius, 24, 24)) == expected


def test_softness_moves_the_edge_in_by_half_of_it() -> None:
    assert masks.stroke([(50, 50)], 20, 100, 100, softness=0.5) == masks.stroke([(50, 50)], 15, 100, 100)


@pytest.mark.parametrize("size", range(1, 6))
def test_a_square_tip_of_n_pixels_paints_n_by_n(size: int) -> None:
    middle = 10 + size % 2 / 2
    made = masks.stroke([(middle, middle)], size / 2, 20, 20, tip="square")
    start = 10 - size // 2
    assert made == masks.make(20, 20, dict.fromkeys(range(start, start + size), (start, start + size)))


def test_a_tip_of_one_pixel_draws_every_column_of_a_line() -> None:
    made = masks.stroke([(0.5, 0.5), (19.5, 7.5)], 0.5, 20, 20)
    assert {x for x, _ in pixels(made)} == set(range(20))


# PNG


@STEADY
@given(painted())
def test_a_written_png_is_8_bit_rgba_black_on_transparent(mask: Mask) -> None:
    data = png_writing.write(mask)
    assert png.read(data) == mask
    width, height, depth, colour = struct.unpack(">IIBB", data[16:26])
    assert (width, height, depth, colour) == (mask.width, mask.height, 8, 6)
    stream = data[data.index(b"IDAT") + 4 : data.index(b"IEND") - 8]
    assert len(zlib.decompress(stream)) == mask.height * (1 + 4 * mask.width)


def test_a_twelve_megapixel_bitmap_is_small() -> None:
    mask = masks.stroke([(500, 500), (3500, 2500)], 200, 4000, 3000)
    assert len(png_writing.write(mask)) < 80_000


def test_masks_are_the_same_bytes_everywhere() -> None:
    """Made with CPython 3.11; every Python must give these."""
    points = [(30.25 + 9 * k, 40 + 21.5 * (k * k % 7)) for k in range(40)]
    mask = masks.stroke(points, 17.3, 400, 300, softness=0.3)
    mask = masks.subtract(mask, masks.stroke([(0, 0), (399.9, 250.3)], 5.5, 400, 300, tip="square"))
    sums = [zlib.crc32(data) for data in (text.write(mask).encode(), masks.rle.write(mask), png_writing.write(mask))]
    assert sums == [419833259, 2154216481, 3674964830]
