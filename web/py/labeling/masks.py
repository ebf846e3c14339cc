"""Masks of brush regions: Label Studio's run-length code, decoded and encoded by runs (reference, section 12.4).

The stream's values are the RGBA bytes of an image, row by row; the mask is every fourth, the alpha. A mask here is
``bytes`` of width x height, row by row, 0 where nothing is painted.

Bits, the first of a byte being its highest: number of values (32), word size - 1 (5), four run sizes - 1 (4 each); then
per run: 1 bit (1: one value repeated, 0: literal values), 2 bits (which run size), length - 1 (in that many bits), and
the value or values.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable

#: A mask larger than this many pixels is refused: a few bytes of code could ask for terabytes.
MOST_PIXELS = 200_000_000

_HEAD_BITS = 32 + 5 + 4 * 4
_SIZES = (3, 4, 8, 16)
_LONGEST = 1 << _SIZES[-1]
_PART = 1 << 22  # values that are held before their alphas are taken
_HEAD = f"{8 - 1:05b}" + "".join(f"{size - 1:04b}" for size in _SIZES)
_RUN = re.compile(b"\0+|[^\0]+")


class MaskError(ValueError):
    """The bytes are no mask; the message says why."""


def decode(rle: bytes | Iterable[int]) -> bytes:
    """The alpha of the mask, one byte per pixel. The size is not in the code: divide by the image's width.

    Raises:
        MaskError: the stream ends early, its words are no bytes, or it is larger than MOST_PIXELS.
    """
    data = _bytes(rle)
    if len(data) * 8 < _HEAD_BITS:
        raise MaskError("the code is shorter than its own head")
    head = int.from_bytes(data[:7], "big") >> (56 - _HEAD_BITS)
    count, word = head >> 21, (head >> 16 & 31) + 1
    sizes = [(head >> shift & 15) + 1 for shift in (12, 8, 4, 0)]
    if word != 8 or count % 4:
        raise MaskError("the code is not that of an RGBA image")
    if count // 4 > MOST_PIXELS:
        raise MaskError(f"the mask says that it has {count // 4} pixels, at most {MOST_PIXELS} are read")
    alpha, values = bytearray(), bytearray()
    left = count
    position, end = _HEAD_BITS, len(data) * 8
    while len(values) < left:
        if len(values) > _PART:  # a short code can ask for every value there may be: only the alphas are kept
            whole = len(values) & ~3
            alpha += values[3:whole:4]
            left -= whole
            del values[:whole]
        # One look takes flag, size, length (at most 16 bits) and the first value: 27 bits and the shift inside a byte.
        start = position >> 3
        window = int.from_bytes(data[start : start + 5].ljust(5, b"\0"), "big") << (position & 7) & 0xFF_FFFF_FFFF
        size = sizes[window >> 37 & 3]
        length = (window >> (37 - size) & ((1 << size) - 1)) + 1
        if window >> 39:
            position += 3 + size + 8
            values += bytes((window >> (29 - size) & 255,)) * length
        else:
            position += 3 + size
            last = position + 8 * length
            block = int.from_bytes(data[position >> 3 : (last + 7) >> 3], "big")
            if last <= end:
                values += (block >> (-last & 7) & ((1 << 8 * length) - 1)).to_bytes(length, "big")
            position = last
        if position > end:
            raise MaskError(f"the code ends after {count - left + len(values)} of {count} values")
    del values[left:]
    alpha += values[3::4]
    return bytes(alpha)


def encode(mask: bytes) -> bytes:
    """The code of *mask*; what is painted is 255 in all four channels, as other encoders write it."""
    parts = [f"{4 * len(mask):032b}", _HEAD]
    for run in _RUN.finditer(mask):
        value = "00000000" if mask[run.start()] == 0 else "11111111"
        left = 4 * (run.end() - run.start())
        while left:
            length = min(left, _LONGEST)
            index = next(i for i, size in enumerate(_SIZES) if length <= 1 << size)
            parts.append(f"1{index:02b}{length - 1:0{_SIZES[index]}b}{value}")
            left -= length
    bits = "".join(parts)
    size = (len(bits) + 7) // 8
    return int(bits.ljust(8 * size, "0"), 2).to_bytes(size, "big")


def area(mask: bytes) -> int:
    """Painted pixels."""
    return len(mask) - mask.count(0)


def bounds(mask: bytes, width: int) -> tuple[int, int, int, int] | None:
    """
    Args:
        width: pixels of a row.

    Returns:
        (left, top, right, bottom) of what is painted in pixels, right and bottom outside; None if nothing is.
    """
    last = len(mask.rstrip(b"\0"))
    if width <= 0 or not last:
        return None
    first = len(mask) - len(mask.lstrip(b"\0"))
    top, bottom = first // width, (last - 1) // width + 1
    left, right = width, 0
    for row in range(top, bottom):
        line = mask[row * width : (row + 1) * width].rstrip(b"\0")
        if line:
            right = max(right, len(line))
            left = min(left, len(line) - len(line.lstrip(b"\0")))
    return left, top, right, bottom


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
