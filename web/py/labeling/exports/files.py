"""The files of an export: streams of records that are put together at the end, or a file for each task.

While tasks are read, a format yields records, each for a stream; only the records of a few tasks are in memory. A host
keeps the streams (temporary files, objects of a store) and asks for the layout when all tasks are read.
"""

from __future__ import annotations

import struct
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import BinaryIO, TypeAlias

from labeling.exports.report import Report

MEMBERS = "members"
"""The stream of whole files, each with its name: `member`."""
CHUNK_BYTES = 1 << 16

_HEAD = struct.Struct(">HI")

Record: TypeAlias = tuple[str, bytes]
Streams: TypeAlias = Callable[[str], Iterator[bytes]]
"""The content of a stream by its name, in pieces of any size; nothing for one that nobody wrote to."""


@dataclass(frozen=True, slots=True)
class Stream:
    """
    A stream inside a file: its records are lines. `between` stands in place of the ends of all lines but the last,
    `made` turns the lines into something else.
    """

    name: str
    between: bytes = b"\n"
    made: Callable[[Iterator[bytes]], Iterator[bytes]] | None = None


@dataclass(frozen=True, slots=True)
class File:
    path: str
    parts: tuple[bytes | Stream, ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """`archive`: a zip of the files, all members and `report.json`; else there is one file and nothing else."""

    files: Sequence[File]
    archive: bool
    report: Report


def member(path: str, data: bytes) -> Record:
    """A whole file of the archive."""
    name = path.encode("utf-8", "replace")
    return MEMBERS, _HEAD.pack(len(name), len(data)) + name + data


def members(pieces: Iterator[bytes]) -> Iterator[tuple[str, bytes]]:
    """The files in the content of MEMBERS; one in memory at a time."""
    held = bytearray()
    for piece in pieces:
        held += piece
        at = 0
        while len(held) - at >= _HEAD.size:
            name, size = _HEAD.unpack_from(held, at)
            end = at + _HEAD.size + name + size
            if len(held) < end:
                break
            start = at + _HEAD.size
            yield held[start : start + name].decode(), bytes(held[start + name : end])
            at = end
        del held[:at]


def content(file: File, streams: Streams) -> Iterator[bytes]:
    """The bytes of one file."""
    for part in file.parts:
        if isinstance(part, bytes):
            yield part
        elif part.made is not None:
            yield from part.made(lines(streams(part.name)))
        else:
            yield from _separated(streams(part.name), part.between)


def lines(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Records without their line ends."""
    held = b""
    for piece in pieces:
        found = (held + piece).split(b"\n")
        held = found.pop()
        yield from found
    if held:
        yield held


def _separated(pieces: Iterator[bytes], between: bytes) -> Iterator[bytes]:
    if between == b"\n":
        yield from pieces
        return
    late = False
    for piece in pieces:
        # The last line's end is left out: it waits for the next piece.
        text = (b"\n" if late else b"") + piece
        late = text.endswith(b"\n")
        yield (text[:-1] if late else text).replace(b"\n", between)


def in_chunks(pieces: Iterable[bytes], size: int = CHUNK_BYTES) -> Iterator[bytes]:
    """Small pieces joined to larger ones."""
    held: list[bytes] = []
    total = 0
    for piece in pieces:
        held.append(piece)
        total += len(piece)
        if total >= size:
            yield b"".join(held)
            held, total = [], 0
    if held:
        yield b"".join(held)


class Spool:
    """Streams in temporary files, for hosts that answer at once."""

    def __init__(self) -> None:
        self._files: dict[str, BinaryIO] = {}
        self._open = ExitStack()

    def add(self, records: Iterable[Record]) -> None:
        for name, data in records:
            file = self._files.get(name)
            if file is None:
                opened = tempfile.TemporaryFile()  # noqa: SIM115 - it stays open until close()
                file = self._files[name] = self._open.enter_context(opened)
            file.write(data)

    def read(self, name: str) -> Iterator[bytes]:
        file = self._files.get(name)
        if file is None:
            return
        file.seek(0)
        while piece := file.read(CHUNK_BYTES):
            yield piece

    def close(self) -> None:
        self._open.close()


def held(streams: Mapping[str, bytes]) -> Streams:
    """Streams in memory, for tests and small exports."""
    return lambda name: iter([streams[name]] if name in streams else [])
