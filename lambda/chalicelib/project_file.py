"""The project file: a whole project as one file, JSON lines packed with gzip (docs/import-export.md has its lines).

It is written as one gzip member per part, so that a part is an object of its own until all are joined, and a reader
can go on from any part. The last line has a digest of all lines before it: a file that was cut off or changed is told
from a whole one before anything of it is used.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from chalicelib.http import to_json
from chalicelib.problems import Problem, Refusal, problem

VERSION: Final = 1
SUFFIX: Final = ".labelkite.gz"
MIME: Final = "application/gzip"
LONGEST_LINE = 256 << 20
PIECE = 1 << 20
START: Final = hashlib.sha256(b"labelkite project").hexdigest()

Line = Mapping[str, Any]


def chained(digest: str, line: bytes) -> str:
    """The digest of all lines so far and one more; a text, so that a job can keep it."""
    return hashlib.sha256(digest.encode() + line).hexdigest()


@dataclass(slots=True)
class Part:
    """Lines of one part. digest, lines: of the whole file so far."""

    digest: str = START
    lines: int = 0
    text: bytearray = field(default_factory=bytearray)

    def add(self, line: Line) -> None:
        data = to_json(line).encode("utf-8", "surrogatepass") + b"\n"
        self.digest, self.lines = chained(self.digest, data), self.lines + 1
        self.text += data

    def end(self, **said: Any) -> None:
        self.text += to_json({"end": {**said, "lines": self.lines, "sha256": self.digest}}).encode() + b"\n"

    def packed(self) -> bytes:
        return gzip.compress(bytes(self.text), 6, mtime=0)


@dataclass(frozen=True, slots=True)
class Place:
    """Between two lines: `offset` of a gzip member in the file, and so many lines behind its start."""

    offset: int = 0
    skip: int = 0


@dataclass(frozen=True, slots=True)
class Read:
    """data: the line as it stands, with its end. behind: where the next line begins."""

    data: bytes
    behind: Place

    @property
    def line(self) -> dict[str, Any]:
        """
        Raises:
            Refusal: 400 `project-file-damaged`.
        """
        try:
            said = json.loads(self.data)
        except (ValueError, RecursionError):
            raise damaged("a line of it is not JSON") from None
        if not isinstance(said, dict) or not said:
            raise damaged("a line of it is no object")
        return said


def lines(stream: Callable[[int], Iterable[bytes]], place: Place = Place()) -> Iterator[Read]:
    """
    Lines from *place* on.

    Args:
        stream: gives the file from a byte on, in pieces.
    Raises:
        Refusal: 400 for what is not gzip, or ends in the middle.
    """
    at, skip = place.offset, place.skip
    count = 0
    anchor = at
    held = bytearray()
    unpack = zlib.decompressobj(31)
    fed = False
    for given in stream(place.offset):
        piece = bytes(given)
        while piece:
            fed = True
            before = len(piece)
            try:
                text = unpack.decompress(piece, PIECE)
            except zlib.error:
                raise _no_gzip(at) from None
            rest = unpack.unused_data if unpack.eof else unpack.unconsumed_tail
            at += before - len(rest)
            piece = rest
            scanned = len(held)
            held += text
            if len(held) > LONGEST_LINE:
                raise damaged("a line of it is longer than any that Labelkite writes")
            start = 0
            while (end := held.find(b"\n", max(start, scanned))) >= 0:
                data, start = bytes(held[start : end + 1]), end + 1
                count += 1
                whole = unpack.eof and start == len(held)
                behind = Place(at, 0) if whole else Place(anchor, count)
                if whole:
                    anchor, count = at, 0
                if skip:
                    skip -= 1
                else:
                    yield Read(data, behind)
            del held[:start]
            if unpack.eof:
                if not held:
                    anchor, count = at, 0
                unpack, fed = zlib.decompressobj(31), bool(piece)
    if held or (fed and not unpack.eof):
        raise damaged("it ends in the middle")


def header(stream: Callable[[int], Iterable[bytes]]) -> dict[str, Any]:
    """
    The first line.

    Raises:
        Refusal: 400 for what is no project file, 400 `project-file-newer` for one of a newer Labelkite.
    """
    first = next(lines(stream), None)
    said = first.line if first is not None else {}
    version = said.get("labelkite_project")
    if not isinstance(version, int):
        raise Refusal(400, _no_file())
    if version > VERSION:
        message = f"This project file was written by a newer Labelkite (its form {version}, here {VERSION} is known)."
        raise Refusal(400, problem("project-file-newer", message, where="line 1", hint="Update this Labelkite first."))
    return said


def _no_gzip(at: int) -> Refusal:
    return Refusal(400, _no_file()) if at == 0 else damaged("it cannot be unpacked")


def _no_file() -> Problem:
    message = "This is no project file of Labelkite."
    hint = (
        f"A project file ends with {SUFFIX}; tasks and annotations in other formats are imported on a project's page."
    )
    return problem("no-project-file", message, hint=hint)


def damaged(what: str, hint: str = "Download or copy it once more; nothing of it was taken.") -> Refusal:
    """Why a project file cannot be read to its end."""
    return Refusal(400, problem("project-file-damaged", f"The project file is damaged: {what}.", hint=hint))
