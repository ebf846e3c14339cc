"""A zip archive as a stream: nothing is sought, nothing but the list of its files is in memory.

Source: PKWARE, .ZIP File Format Specification 6.3 (APPNOTE.TXT), sections 4.3 and 4.4. Sizes and checksums stand behind
each file (bit 3 of its flags), names are UTF-8 (bit 11), large archives have the zip64 end. Dates are the
format's first day, so that the same files give the same archive.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable, Iterator

_FLAGS = 0x0808
_DAY = 0x21  # 1 January 1980
_LOCAL = struct.Struct("<IHHHHHIIIHH")
_BEHIND = struct.Struct("<IIQQ")
_CENTRAL = struct.Struct("<IHHHHHHIIIHHHHHII")
_ZIP64 = struct.Struct("<HHQQQ")
_END64 = struct.Struct("<IQHHIIQQQQ")
_LOCATOR = struct.Struct("<IIQI")
_END = struct.Struct("<IHHHHIIH")
_STORED, _DEFLATED = 0, 8
_PACKED = (".png", ".zip")


class Archive:
    """
    `add` gives the bytes of one file, `end` those behind the last.

    `repeated`: names that were there already; such a file is left out, since unpacking would write over the first.
    """

    def __init__(self) -> None:
        self._at = 0
        self._count = 0
        self._central = bytearray()
        self._names: set[int] = set()
        self.repeated = 0

    def add(self, path: str, pieces: Iterable[bytes], *, packed: bool = True) -> Iterator[bytes]:
        """`packed`: worth it, if the name does not say otherwise; for the smallest files it is not."""
        name = path.encode("utf-8", "replace")
        mark = hash(name)  # 64 bits: a set of the names themselves would be the largest part of the list
        if mark in self._names:
            self.repeated += 1
            return
        self._names.add(mark)
        start = self._at
        method = _DEFLATED if packed and not path.endswith(_PACKED) else _STORED
        yield self._out(_LOCAL.pack(0x04034B50, 45, _FLAGS, method, 0, _DAY, 0, 0xFFFFFFFF, 0xFFFFFFFF, len(name), 20))
        yield self._out(name + struct.pack("<HHQQ", 1, 16, 0, 0))
        crc, size, out = 0, 0, 0
        packer = zlib.compressobj(6, zlib.DEFLATED, -15) if method == _DEFLATED else None
        for piece in pieces:
            crc = zlib.crc32(piece, crc)
            size += len(piece)
            data = packer.compress(piece) if packer else piece
            if data:
                out += len(data)
                yield self._out(data)
        if packer:
            data = packer.flush()
            out += len(data)
            yield self._out(data)
        yield self._out(_BEHIND.pack(0x08074B50, crc, out, size))
        self._list(name, method, crc, out, size, start)

    def _list(self, name: bytes, method: int, crc: int, packed: int, size: int, start: int) -> None:
        large = max(packed, size, start) >= 0xFFFFFFFF
        extra = _ZIP64.pack(1, 24, size, packed, start) if large else b""
        if large:
            packed = size = start = 0xFFFFFFFF
        self._central += _CENTRAL.pack(
            0x02014B50, 0x032D, 45, _FLAGS, method, 0, _DAY, crc, packed, size, len(name), len(extra), 0, 0, 0,
            0o644 << 16, start,
        )  # fmt: skip
        self._central += name + extra
        self._count += 1

    def end(self) -> Iterator[bytes]:
        start, size, count = self._at, len(self._central), self._count
        yield self._out(bytes(self._central))
        if start + size >= 0xFFFFFFFF or count >= 0xFFFF:
            there = self._at
            yield self._out(_END64.pack(0x06064B50, 44, 0x032D, 45, 0, 0, count, count, size, start))
            yield self._out(_LOCATOR.pack(0x07064B50, 0, there, 1))
            start, size, count = min(start, 0xFFFFFFFF), min(size, 0xFFFFFFFF), min(count, 0xFFFF)
        yield self._out(_END.pack(0x06054B50, 0, 0, count, count, size, start, 0))

    def _out(self, data: bytes) -> bytes:
        self._at += len(data)
        return data
