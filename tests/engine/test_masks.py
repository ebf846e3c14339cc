"""Label Studio's run-length code of masks: decoded, encoded, measured."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from labeling import masks
from labeling.masks import rle

from tests.engine.acting import STEADY

SIZES = (3, 4, 8, 16)


def stream(runs: list[tuple[int, int, list[int]]], count: int | None = None) -> bytes:
    """A code by the letter of the format: (table index, length, values) per run; one value: repeated, else literal."""
    total = sum(length for _, length, _ in runs) if count is None else count
    bits = f"{total:032b}" + f"{7:05b}" + "".join(f"{size - 1:04b}" for size in SIZES)
    for index, length, values in runs:
        bits += f"{int(len(values) == 1)}{index:02b}{length - 1:0{SIZES[index]}b}"
        bits += "".join(f"{value:08b}" for value in values)
    bits += "0" * (-len(bits) % 8)
    return bytes(int(bits[place : place + 8], 2) for place in range(0, len(bits), 8))


def test_a_code_by_hand_is_decoded() -> None:
    """Two clear pixels, then one red and one green one as literal values, as the editor writes them."""
    code = stream([(1, 8, [0]), (0, 8, [255, 0, 0, 255, 0, 255, 0, 200])])
    assert masks.decode(code) == bytes([0, 0, 255, 255])


def test_runs_may_end_inside_a_pixel() -> None:
    code = stream([(0, 3, [9]), (0, 2, [7]), (0, 7, [5])])
    assert masks.decode(code) == bytes([255, 255, 255])


def test_a_long_literal_run_is_read_from_any_bit() -> None:
    values = [place % 251 for place in range(400)]
    code = stream([(0, 4, [1]), (3, 400, values)])
    assert masks.decode(code) == bytes(255 * (value > 0) for value in [1, *values[3::4]])


@STEADY
@given(st.lists(st.integers(1, 40), max_size=60), st.booleans())
@example([70_000, 3, 140_000], True)
@example([], False)
def test_what_is_encoded_is_decoded(lengths: list[int], first: bool) -> None:
    mask = b"".join(bytes([255 * ((place + first) % 2)]) * length for place, length in enumerate(lengths))
    assert masks.decode(masks.encode(mask)) == mask


@STEADY
@given(st.lists(st.sampled_from([0, 1, 90, 255]), max_size=40))
def test_whatever_is_painted_counts_as_painted(values: list[int]) -> None:
    assert masks.decode(masks.encode(bytes(values))) == bytes(255 * (value > 0) for value in values)


@STEADY
@given(st.binary(max_size=60))
def test_no_bytes_raise_anything_but_a_mask_error(code: bytes) -> None:
    with suppress(masks.MaskError):
        assert len(masks.decode(code)) * 4 < 2**32


@pytest.mark.parametrize(
    ("code", "says"),
    [
        pytest.param(b"\0\1\2", "shorter than its own head", id="short"),
        pytest.param(stream([(0, 4, [0])])[:-1], "ends after", id="cut off"),
        pytest.param(stream([(0, 3, [0])]), "RGBA", id="no whole pixel"),
        pytest.param(stream([(0, 4, [0])], count=4 * 10**9), "at most", id="enormous"),
        pytest.param([1, 2, 300], "0 to 255", id="no bytes"),
        pytest.param(["a"], "0 to 255", id="texts"),
    ],
)
def test_bad_codes_say_what_is_wrong(code: bytes | list[int], says: str) -> None:
    with pytest.raises(masks.MaskError, match=says):
        masks.decode(code)


def rectangle(width: int, height: int, left: int, top: int, right: int, bottom: int) -> bytes:
    mask = bytearray(width * height)
    for row in range(top, bottom):
        mask[row * width + left : row * width + right] = b"\xff" * (right - left)
    return bytes(mask)


@STEADY
@given(st.binary(max_size=30))
def test_base64_is_read_with_and_without_padding(code: bytes) -> None:
    text = masks.to_base64(code)
    assert masks.from_base64(text) == code
    assert masks.from_base64(text.rstrip("=")) == code


def test_text_that_is_no_base64_is_none() -> None:
    assert masks.from_base64("nöt") is None


def test_a_megapixel_mask_with_many_runs_comes_back() -> None:
    mask = masks.make(1000, 1000, dict.fromkeys(range(50, 950), (100, 900)))
    code = rle.write(mask)
    assert len(code) < 20_000
    assert rle.read(code, 1000, 1000) == mask
    assert masks.decode(code).count(255) == mask.area == 800 * 900


def test_a_mask_of_another_picture_is_refused_with_both_sizes() -> None:
    code = rle.write(masks.make(4, 3, {1: (1, 2)}))
    with pytest.raises(masks.MaskError, match="12 pixels, the image 5 x 3"):
        rle.read(code, 5, 3)


def test_a_mask_of_many_parts_comes_back_whole_and_one_cut_off_says_how_far_it_went() -> None:
    mask = (b"\0" * 65_537 + b"\xff" * 3) * 50
    code = masks.encode(mask)
    assert masks.decode(code) == mask
    with pytest.raises(masks.MaskError, match=rf"after \d{{8}} of {4 * len(mask)} values"):
        masks.decode(code[:-8])
