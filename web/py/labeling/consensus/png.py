"""PNG pictures as masks: what is painted is what is not transparent. Writing gives the same bytes on every machine.

Source: PNG specification, third edition (W3C 2025), sections 7 (encoding), 9 (filtering), 11.2-11.3.1 (chunks);
RFC 1950 and 1951 for the stream inside.
"""

from __future__ import annotations

import re
import struct
import zlib
from itertools import accumulate

MOST_PIXELS = 64_000_000
"""Larger pictures are refused: a few bytes could ask for terabytes."""

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_SAMPLES = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
_LOW_BYTE = 255


class PngError(ValueError):
    """The bytes are no PNG that can be read as a mask; the message says why."""


def decode(data: bytes) -> tuple[int, int, bytes]:
    """
    Width, height and the mask: one byte per pixel, row by row, 0 where nothing is painted.

    Painted is what has an alpha above 0; in pictures without alpha, what is not black.

    Raises:
        PngError: no PNG, cut off, interlaced, or of a depth that masks do not have (16 bits).
    """
    if not data.startswith(_SIGNATURE):
        raise PngError("the picture is no PNG")
    head, palette, clear, packed = b"", b"", b"", []
    place = len(_SIGNATURE)
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
    count = _SAMPLES[colour]
    line = (width * count * depth + 7) // 8
    reader = zlib.decompressobj()
    try:
        raw = reader.decompress(b"".join(packed), (line + 1) * height)
    except zlib.error:
        raise PngError("the PNG's stream is damaged") from None
    if len(raw) < (line + 1) * height:
        raise PngError("the PNG is cut off")
    if colour in (4, 6):
        return width, height, _channel(raw, height, line, count, count - 1)
    if colour == 2:
        key = struct.unpack(">HHH", clear) if len(clear) == 6 else None
        planes = [_channel(raw, height, line, 3, sample) for sample in range(3)]
        if key is not None:
            return width, height, bytes(255 * (pixel != key) for pixel in zip(*planes, strict=True))
        return width, height, bytes(map(max, *planes))
    values = _unpacked(_channel(raw, height, line, 1, 0), width, height, line, depth)
    if colour == 3:
        painted = [1] * 256
        painted[: len(clear)] = [int(alpha > 0) for alpha in clear]
        if not clear:  # opaque colours: black is nothing
            painted[: len(palette) // 3] = [int(any(palette[k : k + 3])) for k in range(0, len(palette) // 3 * 3, 3)]
        return width, height, values.translate(bytes(painted))
    if len(clear) == 2:
        (grey,) = struct.unpack(">H", clear)
        return width, height, values.translate(bytes(int(value != grey) for value in range(256)))
    return width, height, values


def _channel(raw: bytes, height: int, line: int, step: int, sample: int) -> bytes:
    """One channel of the filtered lines. A filter only looks at bytes of the same channel, so the others can wait."""
    made = []
    above = bytes(line // step)
    for start in range(0, (line + 1) * height, line + 1):
        row = raw[start + 1 + sample : start + 1 + line : step]
        above = _unfiltered(raw[start], row, above)
        made.append(above)
    return b"".join(made)


def _unfiltered(kind: int, row: bytes, above: bytes) -> bytes:
    blank = row.count(0) == len(row)
    if kind == 0 or (blank and kind == 1):
        return row
    if kind == 1:
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


def _sum(a: bytes, b: bytes) -> bytes:
    """Byte by byte, modulo 256: seven bits are added in one go, the eighth bit is their carry or not."""
    low = int.from_bytes(b"\x7f" * len(a), "big")
    x, y = int.from_bytes(a, "big"), int.from_bytes(b, "big")
    return ((x & low) + (y & low) ^ (x ^ y) & ~low).to_bytes(len(a), "big")


def _unpacked(packed: bytes, width: int, height: int, line: int, depth: int) -> bytes:
    """One byte per pixel of lines with *depth* bits per pixel."""
    if depth == 8:
        return packed
    rows = (packed[row * line : (row + 1) * line] for row in range(height))
    if depth == 1:
        digits = "".join(f"{int.from_bytes(row, 'big'):0{8 * line}b}"[:width] for row in rows)
        return digits.encode().translate(bytes.maketrans(b"01", b"\x00\x01"))
    parts = 8 // depth
    mask = (1 << depth) - 1
    table = [bytes(byte >> (8 - depth * (k + 1)) & mask for k in range(parts)) for byte in range(256)]
    return b"".join(b"".join(table[byte] for byte in row)[:width] for row in rows)


def encode(width: int, height: int, mask: bytes) -> bytes:
    """
    The mask as a PNG, black on transparent: one bit per pixel, with a palette of two.

    A line that is like the one above is stored as no difference from it. What comes out is packed with fixed codes and
    repeats of the last byte only, so the bytes do not depend on the library that packs them.
    """
    line = (width + 7) // 8
    bits = mask.translate(b"0" + b"1" * 255).decode()
    above = bytes(line)
    raw = bytearray()
    for row in range(height):
        here = int(bits[row * width : (row + 1) * width].ljust(8 * line, "0"), 2).to_bytes(line, "big")
        raw += b"\x02" + bytes(line) if here == above else b"\x00" + here
        above = here
    return b"".join((
        _SIGNATURE,
        _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 3, 0, 0, 0)),
        _chunk(b"PLTE", bytes(6)),
        _chunk(b"tRNS", b"\x00\xff"),
        _chunk(b"IDAT", _deflated(bytes(raw))),
        _chunk(b"IEND", b""),
    ))  # fmt: skip


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


_RUN = re.compile(rb"(.)\1*", re.DOTALL)
_LENGTHS = [
    (257, 0, 3), (258, 0, 4), (259, 0, 5), (260, 0, 6), (261, 0, 7), (262, 0, 8), (263, 0, 9), (264, 0, 10),
    (265, 1, 11), (266, 1, 13), (267, 1, 15), (268, 1, 17), (269, 2, 19), (270, 2, 23), (271, 2, 27), (272, 2, 31),
    (273, 3, 35), (274, 3, 43), (275, 3, 51), (276, 3, 59), (277, 4, 67), (278, 4, 83), (279, 4, 99), (280, 4, 115),
    (281, 5, 131), (282, 5, 163), (283, 5, 195), (284, 5, 227), (285, 0, 258),
]  # fmt: skip


def _code(symbol: int) -> str:
    """The fixed code of a literal, a length or the end (RFC 1951, 3.2.6), in the order in which its bits are sent."""
    if symbol < 144:
        return f"{symbol + 48:08b}"
    if symbol < 256:
        return f"{symbol - 144 + 400:09b}"
    return f"{symbol - 256:07b}" if symbol < 280 else f"{symbol - 280 + 192:08b}"


def _repeat(length: int) -> str:
    """*length* (3 to 258) more of the last byte."""
    symbol, extra, base = next(entry for entry in reversed(_LENGTHS) if entry[2] <= length)
    more = f"{length - base:0{extra}b}"[::-1] if extra else ""  # extra bits are sent lowest first
    return _code(symbol) + more + "00000"


def _deflated(raw: bytes) -> bytes:
    """*raw* as a zlib stream of one block with fixed codes."""
    parts = ["1", "10"]  # the last block; type 1, lowest bit first
    for run in _RUN.finditer(raw):
        literal = _code(run[1][0])
        left = run.end() - run.start() - 1
        parts.append(literal)
        while left >= 3:
            length = min(left, 258)
            parts.append(_repeat(length))
            left -= length
        parts.append(literal * left)
    parts.append(_code(256))
    bits = "".join(parts)
    size = (len(bits) + 7) // 8
    block = int(bits[::-1], 2).to_bytes(size, "little")  # the first bit is the lowest of the first byte
    return b"\x78\x01" + block + struct.pack(">I", zlib.adler32(raw))
