"""Text nodes of an HTML document as the page shows it: what a place in its whole text is called in paths."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate, pairwise

from labeling import reading


@dataclass(frozen=True, slots=True, eq=False)
class Nodes:
    """Nodes that are not empty, in the order of the document, which their texts make up.

    ``starts``: code points of the whole text; ``breaks``: those starts before which the reader sees a new line or cell.
    """

    paths: tuple[str, ...] = field(repr=False)
    starts: tuple[int, ...] = field(repr=False)
    breaks: tuple[int, ...] = field(repr=False)

    @classmethod
    def of(cls, rows: Sequence[tuple[str, int, bool]]) -> Nodes:
        """*rows*: path, length in code points, and whether a new line or cell begins."""
        starts = (0, *accumulate(length for _, length, _ in rows[:-1])) if rows else ()
        lines = tuple(start for start, (_, _, breaks) in zip(starts, rows, strict=True) if breaks)
        return cls(tuple(path for path, _, _ in rows), starts, lines)

    def place(self, point: int, *, end: bool = False) -> tuple[str, int]:
        """Path and offset (code points) of a place; between two nodes the end of the first one if *end*."""
        at = max(0, (bisect_left(self.starts, point) if end else bisect_right(self.starts, point)) - 1)
        return self.paths[at], point - self.starts[at]

    def whole(self, start: tuple[str, int | None], end: tuple[str, int | None]) -> tuple[int, int] | None:
        """Places by path and offset as [start, end) of the whole text; None where a path leads nowhere."""
        if start[0] not in self.paths or end[0] not in self.paths:
            return None
        first = self.starts[self.paths.index(start[0])] + (start[1] or 0)
        last = self.starts[self.paths.index(end[0])] + (end[1] or 0)
        return (first, last) if first < last else None

    def texts(self, text: str) -> tuple[str, ...]:
        """Each node's part of the whole *text*."""
        return tuple(text[start:end] for start, end in pairwise((*self.starts, len(text))))

    def line(self, point: int, length: int) -> tuple[int, int]:
        """[start, end) of the line or cell that holds the code point at *point*; *length*: of the whole text."""
        at = bisect_right(self.breaks, point)
        return (self.breaks[at - 1] if at else 0), (self.breaks[at] if at < len(self.breaks) else length)


def read(given: object) -> tuple[tuple[str, int, bool], ...] | None:
    """Rows of ``[path, length, break]`` as the page sends them, None if one is none; empty nodes are left out."""
    if not isinstance(given, list | tuple):
        return None
    rows = []
    for row in given:
        if not isinstance(row, list | tuple) or len(row) != 3 or not isinstance(row[0], str):
            return None
        length = reading.whole(row[1])
        if length is None or length < 0:
            return None
        if length:
            rows.append((row[0], length, bool(row[2])))
    return tuple(rows)
