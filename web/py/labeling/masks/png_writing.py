"""Masks as PNG pictures: 8-bit RGBA, black on transparent. The same bytes on every machine, made from rows of runs.

Packed with codes of our own and repeats of the last byte only, so the bytes do not depend on the library that packs
them, and pixels that are alike cost nothing: a line whose bytes are their difference to the left has at most two bytes
per run that are not 0. Source: as png.py; RFC 1950 and 1951 for the stream inside.
"""

from __future__ import annotations

import base64
import struct
import zlib
from functools import lru_cache

from labeling.masks.mask import EMPTY, Mask, Row, painted_runs, trimmed
from labeling.masks.png import LEAD, SIGNATURE

_LONGEST = 258
_ADLER = 65521

# length symbol, extra bits, least length (RFC 1951, 3.2.5)
_LENGTHS = [
    (257, 0, 3), (258, 0, 4), (259, 0, 5), (260, 0, 6), (261, 0, 7), (262, 0, 8), (263, 0, 9), (264, 0, 10),
    (265, 1, 11), (266, 1, 13), (267, 1, 15), (268, 1, 17), (269, 2, 19), (270, 2, 23), (271, 2, 27), (272, 2, 31),
    (273, 3, 35), (274, 3, 43), (275, 3, 51), (276, 3, 59), (277, 4, 67), (278, 4, 83), (279, 4, 99), (280, 4, 115),
    (281, 5, 131), (282, 5, 163), (283, 5, 195), (284, 5, 227), (285, 0, 258),
]  # fmt: skip

# The codes: the longest repeat in one bit; the four bytes that lines consist of in four; everything else that occurs in
# seven (with three bytes that do not occur: a set of codes must leave nothing out).
_BYTES = (0, 1, 2, 255)
_SPARE = (3, 4, 5)


def url(mask: Mask) -> str:
    """The mask as a data URL. Made once."""
    made: str = mask.once("url", lambda: LEAD + base64.b64encode(write(mask)).decode())
    return made


def write(mask: Mask) -> bytes:
    """The mask as a PNG."""
    return b"".join((
        SIGNATURE,
        _chunk(b"IHDR", struct.pack(">IIBBBBB", mask.width, mask.height, 8, 6, 0, 0, 0)),
        _chunk(b"IDAT", _packed(mask)),
        _chunk(b"IEND", b""),
    ))  # fmt: skip


def encode(width: int, height: int, painted: bytes) -> bytes:
    """The PNG of one byte per pixel, 0 where nothing is painted."""
    lines = [painted_runs(painted[y * width : (y + 1) * width]) for y in range(height)]
    return write(trimmed(width, height, 0, lines))


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def _packed(mask: Mask) -> bytes:
    """The lines as a zlib stream of one block. The first bit of the text is the lowest of the first byte."""
    writer = _Writer()
    line = 4 * mask.width
    writer.zeros(mask.top * (1 + line))  # no filter, nothing painted
    above: Row = EMPTY
    for row in mask.rows:
        if row == above:
            if row:
                writer.byte(2)  # as the line above
                writer.zeros(line)
            else:
                writer.zeros(1 + line)
        else:
            writer.byte(1)  # differences to the pixel at the left
            at = 0
            for k, x in enumerate(row):
                if x < mask.width:
                    writer.zeros(4 * x + 3 - at)
                    writer.byte(1 if k % 2 else 255)
                    at = 4 * x + 4
            writer.zeros(line - at)
        above = row
    writer.zeros((mask.height - mask.bottom) * (1 + line))
    return writer.finished()


class _Writer:
    """Bytes that are nearly all 0 to bits, with their checksum."""

    def __init__(self) -> None:
        self._parts = [_head()]
        self._waiting = 0
        self._low, self._high = 1, 0

    def zeros(self, count: int) -> None:
        self._waiting += count

    def byte(self, value: int) -> None:
        self._flush()
        self._parts.append(_codes()[value])
        self._low = (self._low + value) % _ADLER
        self._high = (self._high + self._low) % _ADLER

    def _flush(self) -> None:
        if self._waiting:
            self._high = (self._high + self._waiting * self._low) % _ADLER
            self._parts.append(_zeros(self._waiting))
            self._waiting = 0

    def finished(self) -> bytes:
        self._flush()
        self._parts.append(_codes()[256])
        bits = "".join(self._parts)
        block = int(bits[::-1], 2).to_bytes((len(bits) + 7) // 8, "little")
        return b"\x78\x01" + block + struct.pack(">I", self._high << 16 | self._low)


@lru_cache(maxsize=8192)
def _zeros(count: int) -> str:
    """One 0 and repeats of it; a repeat has at least three."""
    codes = _codes()
    full, rest = divmod(count - 1, _LONGEST)
    bits = codes[0] + (codes[285] + "0") * full  # the only distance is 1, its code is 0
    if rest < 3:
        return bits + codes[0] * rest
    symbol, extra, base = next(entry for entry in reversed(_LENGTHS) if entry[2] <= rest)
    more = f"{rest - base:0{extra}b}"[::-1] if extra else ""  # extra bits are sent lowest first
    return bits + codes[symbol] + more + "0"


@lru_cache(maxsize=1)
def _widths() -> dict[int, int]:
    """Bits of the code of every symbol that has one."""
    widths = dict.fromkeys((*_SPARE, *(entry[0] for entry in _LENGTHS), 256), 7)
    return {**widths, **dict.fromkeys(_BYTES, 4), 285: 1}


@lru_cache(maxsize=1)
def _codes() -> dict[int, str]:
    """The codes by symbol, as RFC 1951, 3.2.2 makes them of their widths."""
    widths = _widths()
    codes: dict[int, str] = {}
    code = 0
    for width in range(1, 8):
        code <<= 1
        for symbol in sorted(symbol for symbol, held in widths.items() if held == width):
            codes[symbol] = f"{code:0{width}b}"
            code += 1
    return codes


@lru_cache(maxsize=1)
def _head() -> str:
    """Of a last block with codes of its own: the widths, themselves coded (RFC 1951, 3.2.7)."""
    widths = _widths()
    listed = [widths.get(symbol, 0) for symbol in range(286)] + [1]  # the distance 1
    # Widths 0, 1, 4, 7 and, for runs of 0, symbol 18 (11 to 138 of them), each with three bits or two.
    order = (16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15)
    of_widths = {0: 2, 7: 2, 18: 2, 1: 3, 4: 3}
    codes = {0: "00", 7: "01", 18: "10", 1: "110", 4: "111"}
    last = max(place for place, symbol in enumerate(order) if symbol in of_widths)
    parts = ["1", "01", _low(286 - 257, 5), _low(0, 5), _low(last + 1 - 4, 4)]  # last block; type 2, lowest bit first
    parts += [_low(of_widths.get(symbol, 0), 3) for symbol in order[: last + 1]]
    place = 0
    while place < len(listed):
        end = place
        while end < len(listed) and not listed[end] and end - place < 138:
            end += 1
        if end - place >= 11:
            parts += (codes[18], _low(end - place - 11, 7))
            place = end
        else:
            parts.append(codes[listed[place]])
            place += 1
    return "".join(parts)


def _low(value: int, bits: int) -> str:
    """A number, lowest bit first."""
    return f"{value:0{bits}b}"[::-1]
