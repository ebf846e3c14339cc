"""Masks: overlap, majorities, run-length codes and PNGs (against Pillow)."""

from __future__ import annotations

import base64
import io
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from labeling import masks
from labeling.consensus.rasters import (
    Mask,
    majority,
    make_mask,
    mask_candidates,
    mask_iou,
    merge_bitmasks,
    merge_brushes,
    read_bitmask,
    read_brush,
)
from labeling.masks import png, png_writing, rle
from PIL import Image

WIDTH = 6
pixels = st.lists(st.sampled_from([0, 0, 255]), min_size=24, max_size=24).map(bytes)


def mask(painted: bytes, width: int = WIDTH) -> Mask:
    return make_mask(painted, width, {"rle": list(masks.encode(painted))})


@given(pixels, pixels)
def test_overlap_of_masks_is_that_of_their_pixels(a: bytes, b: bytes) -> None:
    left, right = ({k for k, pixel in enumerate(painted) if pixel} for painted in (a, b))
    expected = len(left & right) / len(left | right) if left | right else 1.0
    assert mask_iou(mask(a), mask(b)) == pytest.approx(expected)
    listed = mask_candidates([mask(a)], [mask(b)], 0.5)
    assert bool(listed) == (expected >= 0.5)


def test_masks_of_different_pictures_share_nothing() -> None:
    assert mask_iou(mask(bytes(24)), mask(bytes(30))) == 0


@given(st.lists(st.integers(0, 255), min_size=1, max_size=7))
def test_a_majority_is_more_than_half_of_everybody(votes: list[int]) -> None:
    expected = sum(1 << bit for bit in range(8) if 2 * sum(vote >> bit & 1 for vote in votes) > len(votes))
    assert majority(votes) == expected


@given(st.lists(st.tuples(st.integers(0, 255), st.integers(0, 9)), min_size=1, max_size=6))
def test_a_weighted_majority_is_more_than_half_of_the_weight(votes: list[tuple[int, int]]) -> None:
    weights = [weight for _, weight in votes]
    counted = weights if any(weights) else [1] * len(votes)
    expected = 0
    for bit in range(8):
        behind = sum(weight for (vote, _), weight in zip(votes, counted, strict=True) if vote >> bit & 1)
        if 2 * behind > sum(counted) * (1 + 1e-6):
            expected |= 1 << bit
    found = majority([vote for vote, _ in votes], [float(weight) for weight in weights])
    close = [bit for bit in range(8) if found >> bit & 1 != expected >> bit & 1]
    for bit in close:  # weights are counted in ten thousandths: only what is that near to a tie may differ
        behind = sum(weight for (vote, _), weight in zip(votes, counted, strict=True) if vote >> bit & 1)
        assert abs(2 * behind / sum(counted) - 1) < 1e-3


def test_brush_masks_merge_to_what_most_painted() -> None:
    a, b, c = (bytes(255 * bit for bit in bits) for bits in ([1, 1, 0, 0] * 6, [0, 1, 1, 1] * 6, [0, 0, 1, 0] * 6))
    merged = merge_brushes([mask(a, 4), mask(b, 4), mask(c, 4)])
    assert merged["format"] == "rle"
    assert masks.decode(merged["rle"]) == bytes(255 * bit for bit in [0, 1, 1, 0] * 6)


@given(pixels.filter(any))
def test_a_brush_mask_survives_reading_and_merging(painted: bytes) -> None:
    shape = mask(painted)
    other = make_mask(painted, WIDTH, {})
    assert masks.decode(merge_brushes([other, other])["rle"]) == painted
    assert merge_brushes([shape, shape]) == shape.stored
    whole = rle.read(masks.encode(painted), WIDTH, len(painted) // WIDTH)
    assert (shape.area, shape.bounds) == (whole.area, whole.bounds)


@pytest.mark.parametrize(
    "value",
    [
        pytest.param({"format": "png", "rle": [1]}, id="another format"),
        pytest.param({"format": "rle"}, id="no code"),
        pytest.param({"format": "rle", "rle": [1, 2, 3]}, id="a code that is cut off"),
        pytest.param({"format": "rle", "rle": ["a"] * 40}, id="no bytes"),
        pytest.param({"format": "rle", "rle": "***"}, id="no base64"),
    ],
)
def test_a_brush_code_that_is_no_mask_is_not_read(value: dict[str, object]) -> None:
    assert read_brush({"value": value}) is None


# PNG


def picture(mode: str, painted: bytes, width: int) -> bytes:
    alpha = Image.frombytes("L", (width, len(painted) // width), painted)
    black = Image.new("L", alpha.size)
    image = {
        "RGBA": lambda: Image.merge("RGBA", [black, black, black, alpha]),
        "LA": lambda: Image.merge("LA", [black, alpha]),
        "L": lambda: alpha,
        "1": lambda: alpha.convert("1"),
        "P": lambda: alpha.convert("P"),
        "RGB": lambda: Image.merge("RGB", [alpha, alpha, alpha]),
    }[mode]()
    held = io.BytesIO()
    image.save(held, "PNG")
    return held.getvalue()


@pytest.mark.parametrize("mode", ["RGBA", "LA", "L", "1", "P", "RGB"])
@settings(max_examples=20)
@given(st.lists(st.sampled_from([0, 255]), min_size=91, max_size=91).map(bytes))
def test_pngs_of_other_programs_are_read(mode: str, painted: bytes) -> None:
    width, height, found = png.decode(picture(mode, painted, 13))
    assert (width, height) == (13, 7)
    assert [pixel > 0 for pixel in found] == [pixel > 0 for pixel in painted]


def filtered(kind: int, rows: list[bytes]) -> bytes:
    """An RGBA picture with every line filtered the same way."""
    raw, above = bytearray(), bytes(len(rows[0]))
    for row in rows:
        raw.append(kind)
        for k, value in enumerate(row):
            left, up, corner = (row[k - 4], above[k], above[k - 4]) if k >= 4 else (0, above[k], 0)
            guess = left + up - corner
            paeth = min((left, up, corner), key=lambda near: abs(guess - near))
            raw.append((value - [0, left, up, (left + up) // 2, paeth][kind]) & 255)
        above = row
    head = (len(rows[0]) // 4).to_bytes(4, "big") + len(rows).to_bytes(4, "big") + bytes([8, 6, 0, 0, 0])

    def chunk(name: bytes, body: bytes) -> bytes:
        return len(body).to_bytes(4, "big") + name + body + zlib.crc32(name + body).to_bytes(4, "big")

    packed = chunk(b"IDAT", zlib.compress(bytes(raw)))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + packed + chunk(b"IEND", b"")


@pytest.mark.parametrize("kind", range(5))
@given(st.lists(st.lists(st.integers(0, 3), min_size=20, max_size=20).map(bytes), min_size=2, max_size=5))
def test_every_filter_of_a_png_is_undone(kind: int, rows: list[bytes]) -> None:
    data = filtered(kind, rows)
    assert Image.open(io.BytesIO(data)).convert("RGBA").tobytes() == b"".join(rows), "the test's own picture is wrong"
    assert png.decode(data)[2] == b"".join(row[3::4] for row in rows)


@given(st.integers(1, 40), st.lists(st.sampled_from([0, 0, 0, 255]), min_size=1, max_size=300))
def test_written_pngs_are_what_every_program_reads(width: int, some: list[int]) -> None:
    height = len(some) // width + 1
    painted = bytes(some).ljust(width * height, b"\0")
    data = png_writing.encode(width, height, painted)
    image = Image.open(io.BytesIO(data))
    assert image.size == (width, height)
    assert image.convert("RGBA").tobytes() == b"".join(bytes([0, 0, 0, alpha]) for alpha in painted)
    assert png.decode(data) == (width, height, painted)


def test_long_runs_are_packed() -> None:
    painted = bytes(400_000) + b"\xff" * 200_000 + bytes(400_000)
    data = png_writing.encode(1000, 1000, painted)
    assert len(data) < 5000
    assert Image.open(io.BytesIO(data)).convert("RGBA").getchannel("A").tobytes() == painted


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"GIF89a", id="another picture"),
        pytest.param(b"\x89PNG\r\n\x1a\n", id="no head"),
        pytest.param(filtered(0, [bytes(20)])[:-30], id="cut off"),
        pytest.param(filtered(0, [bytes(20)]).replace(b"IDAT", b"IDAX"), id="no stream"),
    ],
)
def test_what_is_no_png_is_refused(data: bytes) -> None:
    with pytest.raises(png.PngError):
        png.decode(data)
    url = "data:image/png;base64," + base64.b64encode(data).decode()
    assert read_bitmask({"value": {"imageDataURL": url}}) is None


@given(st.lists(pixels.filter(any), min_size=3, max_size=3))
def test_bitmaps_merge_to_what_most_painted(painted: list[bytes]) -> None:
    shapes = []
    for one in painted:
        url = "data:image/png;base64," + base64.b64encode(picture("RGBA", one, WIDTH)).decode()
        shape = read_bitmask({"value": {"imageDataURL": url}})
        assert shape is not None
        shapes.append(shape)
    merged = read_bitmask({"value": merge_bitmasks(shapes)})
    assert merged is not None
    expected = bytes(255 * (sum(map(bool, column)) >= 2) for column in zip(*painted, strict=True))
    if any(expected):
        assert mask_iou(merged, make_mask(expected, WIDTH, {})) == 1
    else:
        assert max(mask_iou(merged, shape) for shape in shapes) == 1
