"""PNG pictures as masks: read line by line, painted is what is not transparent.

Source: PNG specification, third edition (W3C 2025), sections 7 (encoding), 9 (filtering), 11.2-11.3.1 (chunks).
Writing: png_writing.py.
"""

from __future__ import annotations

import base64
import binascii
import re
import struct
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import accumulate

from labeling.masks.mask import MOST_PIXELS, Mask, MaskError, painted_runs, trimmed

MOST_DECODED = 64_000_000
"""Pixels of a picture that is decoded as a whole, a byte each; line by line it may have as many as a mask."""

LEAD = "data:image/png;base64,"

SIGNATURE = b"\x89PNG\r\n\x1a\n"
_SAMPLES = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
_LOW_BYTE = 255
_BLOCK = 64  # lines that are unpacked at once


class PngError(MaskError):
    """The bytes are no PNG that can be read as a mask; the message says why."""


@dataclass(frozen=True, slots=True)
class _Picture:
    """line: bytes of an unfiltered line. count: samples per pixel."""

    width: int
    height: int
    depth: int
    colour: int
    palette: bytes
    clear: bytes
    packed: bytes

    @property
    def count(self) -> int:
        return _SAMPLES[self.colour]

    @property
    def line(self) -> int:
        return (self.width * self.count * self.depth + 7) // 8


def read(data: bytes) -> Mask:
    """
    Painted is what has an alpha above 0; in pictures without alpha, what is not black.

    Raises:
        PngError: no PNG, cut off, interlaced, or of a depth that masks do not have (16 bits).
    """
    picture = _chunks(data)
    lines = list(_runs_of_lines(picture))
    return trimmed(picture.width, picture.height, 0, lines)


def read_url(url: str) -> Mask:
    """The mask in a data URL.

    Raises:
        PngError: as `read`, or it is no data URL of a PNG.
    """
    if not url.startswith(LEAD):
        raise PngError("the bitmap is no PNG in base64")
    try:
        return read(base64.b64decode(url[len(LEAD) :], validate=True))
    except (binascii.Error, ValueError) as fault:
        if isinstance(fault, PngError):
            raise
        raise PngError("the bitmap is no PNG in base64") from None


def decode(data: bytes) -> tuple[int, int, bytes]:
    """Width, height and one byte per pixel, row by row, 0 where nothing is painted: for what compares whole masks.

    Raises:
        PngError: as `read`.
    """
    picture = _chunks(data)
    if picture.width * picture.height > MOST_DECODED:
        raise PngError(f"the PNG has {picture.width} x {picture.height} pixels")
    return picture.width, picture.height, b"".join(_painted_lines(picture))


def _runs_of_lines(picture: _Picture) -> Iterator[tuple[int, ...]]:
    before = b""
    found: tuple[int, ...] = ()
    for line in _painted_lines(picture):
        if line != before:
            before, found = line, painted_runs(line)
        yield found


def _chunks(data: bytes) -> _Picture:
    if not data.startswith(SIGNATURE):
        raise PngError("the picture is no PNG")
    head, palette, clear, packed = b"", b"", b"", []
    place = len(SIGNATURE)
    while place + 8 <= len(data):
        (length,) = struct.unpack_from(">I", data, place)
        kind, body = data[place + 4 : place + 8], data[place + 8 : place + 8 + length]
        place += 12 + length
        match kind:
            case b"IHDR":
                head = body
            case b"PLTE":
                palette = body
            case b"tRNS":
                clear = body
            case b"IDAT":
                packed.append(body)
            case b"IEND":
                break
    if len(head) != 13:
        raise PngError("the PNG has no head")
    width, height, depth, colour, _, _, interlaced = struct.unpack(">IIBBBBB", head)
    if colour not in _SAMPLES or interlaced or depth > 8 or (depth < 8 and colour not in (0, 3)):
        raise PngError("only PNGs with up to 8 bits per sample, not interlaced, are read")
    if not 0 < width * height <= MOST_PIXELS:
        raise PngError(f"the PNG has {width} x {height} pixels")
    return _Picture(width, height, depth, colour, palette, clear, b"".join(packed))


def _painted_lines(picture: _Picture) -> Iterator[bytes]:
    """One byte per pixel, 0 where nothing is painted, line by line: never all of the picture's samples at once."""
    count, line, width = picture.count, picture.line, picture.width
    if picture.colour in (4, 6):
        samples: tuple[int, ...] = (count - 1,)
    else:
        samples = tuple(range(count))
    painted = _painter(picture)
    above = [bytes(line // count)] * len(samples)
    for raw in _unpacked_lines(picture):
        for place, sample in enumerate(samples):
            above[place] = _unfiltered(raw[0], raw[1 + sample :: count], above[place])
        yield painted(above)[:width]


def _painter(picture: _Picture) -> Callable[[list[bytes]], bytes]:
    """What makes of the planes of a line one byte per pixel, 0 where nothing is painted."""
    colour, depth, clear, palette = picture.colour, picture.depth, picture.clear, picture.palette
    if colour in (4, 6):
        return lambda planes: planes[0]
    if colour == 2:
        if len(clear) == 6:
            key = struct.unpack(">HHH", clear)
            return lambda planes: bytes(255 * (pixel != key) for pixel in zip(*planes, strict=True))
        return lambda planes: bytes(map(max, *planes))
    values = _separated(depth)
    if colour == 3:
        painted = [1] * 256
        painted[: len(clear)] = [int(alpha > 0) for alpha in clear]
        if not clear:  # opaque colours: black is nothing
            painted[: len(palette) // 3] = [int(any(palette[k : k + 3])) for k in range(0, len(palette) // 3 * 3, 3)]
        table = bytes(painted)
        return lambda planes: values(planes[0]).translate(table)
    if len(clear) == 2:
        (grey,) = struct.unpack(">H", clear)
        keyed = bytes(int(value != grey) for value in range(256))
        return lambda planes: values(planes[0]).translate(keyed)
    return lambda planes: values(planes[0])


def _unpacked_lines(picture: _Picture) -> Iterator[bytes]:
    """The filtered lines, each with its filter's number."""
    size = picture.line + 1
    reader = zlib.decompressobj()
    left, held, source = picture.height, b"", picture.packed
    while left:
        wanted = size * min(left, _BLOCK)
        try:
            held += reader.decompress(source, wanted - len(held))
        except zlib.error:
            raise PngError("the PNG's stream is damaged") from None
        source = reader.unconsumed_tail
        if len(held) < wanted and (reader.eof or not source):
            raise PngError("the PNG is cut off")
        if len(held) < wanted:
            continue
        for start in range(0, wanted, size):
            yield held[start : start + size]
        left -= min(left, _BLOCK)
        held = b""


_NONZERO = re.compile(rb"[^\0]")
_FEW = 200  # bytes that differ from their neighbours, up to which a line is put together of stretches


def _unfiltered(kind: int, row: bytes, above: bytes) -> bytes:
    """One channel of a line. A filter only looks at bytes of the same channel, so the others can wait."""
    blank = row.count(0) == len(row)
    if kind == 0 or (blank and kind == 1):
        return row
    if kind == 1:
        if len(row) - row.count(0) <= _FEW:
            return _stretches(row)
        return bytes(value & _LOW_BYTE for value in accumulate(row))
    if kind == 2:
        return above if blank else _sum(row, above)
    if kind not in (3, 4):
        raise PngError("the PNG has a filter that does not exist")
    if blank and above.count(0) == len(above):
        return row
    made = bytearray()
    left = corner = 0
    if kind == 3:
        for value, up in zip(row, above, strict=True):
            left = (value + (left + up) // 2) & _LOW_BYTE
            made.append(left)
        return bytes(made)
    for value, up in zip(row, above, strict=True):
        guess = left + up - corner
        a, b, c = abs(guess - left), abs(guess - up), abs(guess - corner)
        near = left if a <= b and a <= c else up if b <= c else corner
        left, corner = (value + near) & _LOW_BYTE, up
        made.append(left)
    return bytes(made)


def _stretches(row: bytes) -> bytes:
    """Running sums of bytes that are nearly all 0."""
    made = []
    value = last = 0
    for found in _NONZERO.finditer(row):
        made.append(bytes((value,)) * (found.start() - last))
        last = found.start()
        value = (value + row[last]) & _LOW_BYTE
    made.append(bytes((value,)) * (len(row) - last))
    return b"".join(made)


def _sum(a: bytes, b: bytes) -> bytes:
    """Byte by byte, modulo 256: seven bits are added in one go, the eighth bit is their carry or not."""
    low = int.from_bytes(b"\x7f" * len(a), "big")
    x, y = int.from_bytes(a, "big"), int.from_bytes(b, "big")
    return ((x & low) + (y & low) ^ (x ^ y) & ~low).to_bytes(len(a), "big")


def _separated(depth: int) -> Callable[[bytes], bytes]:
    """What makes one byte per pixel of a line with *depth* bits per pixel; there may be some too many at the end."""
    if depth == 8:
        return lambda packed: packed
    parts, mask = 8 // depth, (1 << depth) - 1
    table = [bytes(byte >> (8 - depth * (k + 1)) & mask for k in range(parts)) for byte in range(256)]
    return lambda packed: b"".join([table[byte] for byte in packed])
