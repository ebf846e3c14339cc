"""Label Studio's run-length code of masks, to and from runs of pixels (reference, section 12.4).

The stream's values are the RGBA bytes of an image, row by row; the mask is every fourth, the alpha. Painted is what
has an alpha above 0. The size is not in the code: the number of pixels is.

Bits, the first of a byte being its highest: number of values (32), word size - 1 (5), four run sizes - 1 (4 each); then
per run: 1 bit (1: one value repeated, 0: literal values), 2 bits (which run size), length - 1 (in that many bits), and
the value or values.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable
from functools import lru_cache

from labeling.masks.mask import MOST_PIXELS, Mask, MaskError, from_runs, painted_runs, runs_of

_HEAD_BITS = 32 + 5 + 4 * 4
_SIZES = (3, 4, 8, 16)
_LONGEST = 1 << _SIZES[-1]
_HEAD = f"{8 - 1:05b}" + "".join(f"{size - 1:04b}" for size in _SIZES)


def pixels_of(rle: bytes | Iterable[int]) -> int:
    """How many pixels the code says that it has.

    Raises:
        MaskError: the words are no bytes, or the code is not that of a picture.
    """
    data = _bytes(rle)
    if len(data) * 8 < _HEAD_BITS:
        raise MaskError("the code is shorter than its own head")
    count, word = int.from_bytes(data[:4], "big"), (data[4] >> 3) + 1
    if word != 8 or count % 4:
        raise MaskError("the code is not that of an RGBA image")
    if count // 4 > MOST_PIXELS:
        raise MaskError(f"the mask says that it has {count // 4} pixels, at most {MOST_PIXELS} are read")
    return count // 4


def runs(rle: bytes | Iterable[int]) -> list[tuple[int, int]]:
    """The painted runs of pixel numbers, in order, ends outside, not touching.

    Raises:
        MaskError: the stream ends early, its words are no bytes, or it is larger than MOST_PIXELS.
    """
    data = _bytes(rle)
    count = 4 * pixels_of(data)
    head = int.from_bytes(data[:7], "big") >> (56 - _HEAD_BITS)
    sizes = [(head >> shift & 15) + 1 for shift in (12, 8, 4, 0)]
    starts: list[int] = []
    ends: list[int] = []
    last = -1  # the end of the run before
    at, position, bits = 0, _HEAD_BITS, len(data) * 8
    while at < count:
        # One look takes flag, size, length (at most 16 bits) and the first value: 27 bits and the shift inside a byte.
        start = position >> 3
        window = int.from_bytes(data[start : start + 5].ljust(5, b"\0"), "big") << (position & 7) & 0xFF_FFFF_FFFF
        size = sizes[window >> 37 & 3]
        length = (window >> (37 - size) & ((1 << size) - 1)) + 1
        if window >> 39:
            position += 3 + size + 8
            if window >> (29 - size) & 255:
                # Alpha is a pixel's last value: a run that ends inside a pixel does not have it.
                first, end = at >> 2, min(at + length, count) >> 2
                if first < end:
                    if first == last:
                        ends[-1] = end
                    else:
                        starts.append(first)
                        ends.append(end)
                    last = end
        else:
            position += 3 + size
            block_end = position + 8 * length
            if block_end <= bits:
                block = int.from_bytes(data[position >> 3 : (block_end + 7) >> 3], "big")
                values = (block >> (-block_end & 7) & ((1 << 8 * length) - 1)).to_bytes(length, "big")
                values = values[: count - at]
                found = painted_runs(values[(3 - at) & 3 :: 4])
                base = at >> 2
                for k in range(0, len(found), 2):
                    first, end = base + found[k], base + found[k + 1]
                    if first == last:
                        ends[-1] = end
                    else:
                        starts.append(first)
                        ends.append(end)
                    last = end
            position = block_end
        if position > bits:
            raise MaskError(f"the code ends after {at} of {count} values")
        at += length
    return list(zip(starts, ends, strict=True))


def read(rle: bytes | Iterable[int], width: int, height: int) -> Mask:
    """The mask in a code, of a picture of *width* x *height* pixels.

    Raises:
        MaskError: it is damaged, or has another number of pixels.
    """
    pixels = pixels_of(rle)
    if pixels != width * height:
        raise MaskError(f"the mask has {pixels} pixels, the image {width} x {height}")
    return from_runs(runs(rle), width, height)


def write(mask: Mask) -> bytes:
    """The code of a mask: what is painted is 255 in all four channels, as other encoders write it. Made once."""
    made: bytes = mask.once("rle", lambda: encode_runs(runs_of(mask), mask.width * mask.height))
    return made


def encode_runs(found: Iterable[tuple[int, int]], pixels: int) -> bytes:
    """The code of *pixels* pixels with the runs *found* painted."""
    parts = [f"{4 * pixels:032b}", _HEAD]
    at = 0
    for start, end in found:
        if start > at:
            parts.append(_run(start - at, "00000000"))
        parts.append(_run(end - start, "11111111"))
        at = end
    if pixels > at:
        parts.append(_run(pixels - at, "00000000"))
    bits = "".join(parts)
    size = (len(bits) + 7) // 8
    return int(bits.ljust(8 * size, "0"), 2).to_bytes(size, "big")


@lru_cache(maxsize=8192)
def _run(pixels: int, value: str) -> str:
    """The bits of so many pixels with one value."""
    full, rest = divmod(4 * pixels, _LONGEST)
    bits = f"111{_LONGEST - 1:016b}{value}" * full
    if rest:
        index = next(i for i, size in enumerate(_SIZES) if rest <= 1 << size)
        bits += f"1{index:02b}{rest - 1:0{_SIZES[index]}b}{value}"
    return bits


def decode(rle: bytes | Iterable[int]) -> bytes:
    """One byte per pixel, 255 where it is painted: for what compares whole masks.

    Raises:
        MaskError: as `runs`.
    """
    found, made = runs(rle), bytearray(pixels_of(rle))
    for start, end in found:
        made[start:end] = b"\xff" * (end - start)
    return bytes(made)


def encode(painted: bytes) -> bytes:
    """The code of one byte per pixel, 0 where nothing is painted."""
    found = painted_runs(painted)
    return encode_runs(zip(found[::2], found[1::2], strict=True), len(painted))


def to_base64(rle: bytes) -> str:
    return base64.b64encode(rle).decode()


def from_base64(text: str) -> bytes | None:
    """The bytes of a code that was stored as text; None if it is none. Missing padding does no harm."""
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except (binascii.Error, ValueError):
        return None


def _bytes(rle: bytes | Iterable[int]) -> bytes:
    if isinstance(rle, bytes):
        return rle
    try:
        return bytes(rle)
    except (TypeError, ValueError):
        raise MaskError("the code is not a list of bytes (0 to 255)") from None
