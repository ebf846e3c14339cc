"""A mask as rows of runs: immutable, and rows that did not change are shared between versions.

A row is a tuple ``(start, end, start, end, …)`` of pixels, ends outside, in order and not touching. Twelve megapixels
with a blob on them are a few thousand numbers, and a stroke makes new tuples only for the rows it reaches.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any, TypeAlias

Row: TypeAlias = tuple[int, ...]
#: (left, top, right, bottom) in pixels, right and bottom outside.
PixelBounds: TypeAlias = tuple[int, int, int, int]

#: A mask larger than this many pixels is refused: a few bytes of code could ask for terabytes.
MOST_PIXELS = 200_000_000

EMPTY: Row = ()


class MaskError(ValueError):
    """The bytes are no mask, or not one of this picture; the message says why."""


@dataclass(frozen=True, slots=True)
class Mask:
    """
    top: the first painted row. rows: from there to the last painted one; empty ones between are ``()``.
    version: counts the changes of one mask, so that a difference can name what it changes; no part of equality.
    """

    width: int
    height: int
    top: int = 0
    rows: tuple[Row, ...] = ()
    version: int = field(default=1, compare=False)
    #: What was made from it once (its codes, its area), by name. Masks are not hashed for that.
    _made: dict[str, Any] = field(default_factory=dict, init=False, compare=False, repr=False)

    @property
    def bottom(self) -> int:
        """The row after the last painted one."""
        return self.top + len(self.rows)

    @property
    def is_empty(self) -> bool:
        return not self.rows

    @property
    def area(self) -> int:
        """Painted pixels."""
        found: int = self.once("area", lambda: sum(sum(row[1::2]) - sum(row[::2]) for row in self.rows))
        return found

    @property
    def bounds(self) -> PixelBounds | None:
        """Around what is painted; None if nothing is."""
        found: PixelBounds | None = self.once("bounds", self._bounds)
        return found

    def _bounds(self) -> PixelBounds | None:
        if not self.rows:
            return None
        left, right = min(row[0] for row in self.rows if row), max(row[-1] for row in self.rows if row)
        return left, self.top, right, self.bottom

    def once(self, name: str, make: Callable[[], Any]) -> Any:
        """What *make* gives, made the first time it is asked for."""
        if name not in self._made:
            self._made[name] = make()
        return self._made[name]

    def row(self, y: int) -> Row:
        return self.rows[y - self.top] if self.top <= y < self.bottom else EMPTY


def make(width: int, height: int, rows: Mapping[int, Row], version: int = 1) -> Mask:
    """A mask of the rows by their number; empty ones may be among them."""
    painted = [y for y, row in rows.items() if row]
    if not painted:
        return Mask(width, height, version=version)
    top, last = min(painted), max(painted)
    return Mask(width, height, top, tuple(rows.get(y, EMPTY) for y in range(top, last + 1)), version)


def trimmed(width: int, height: int, top: int, rows: Sequence[Row], version: int = 1) -> Mask:
    """A mask of rows from *top* on, without empty ones at its ends."""
    first, last = 0, len(rows)
    while first < last and not rows[first]:
        first += 1
    while last > first and not rows[last - 1]:
        last -= 1
    if first == last:
        return Mask(width, height, version=version)
    return Mask(width, height, top + first, tuple(rows[first:last]), version)


def from_runs(runs: Iterable[tuple[int, int]], width: int, height: int) -> Mask:
    """A mask of runs of pixel numbers, counted row by row, in order, ends outside; they may go over ends of rows."""
    rows: dict[int, list[int]] = {}
    for start, end in runs:
        y = start // width
        base = y * width
        while end > base + width:
            rows.setdefault(y, []).extend((start - base, width))
            y, base = y + 1, base + width
            start = base
        rows.setdefault(y, []).extend((start - base, end - base))
    return make(width, height, {y: tuple(row) for y, row in rows.items()})


def runs_of(mask: Mask) -> Iterator[tuple[int, int]]:
    """The runs of pixel numbers, counted row by row; those that go on in the next row are one."""
    start = end = -1
    base = mask.top * mask.width
    for row in mask.rows:
        for place in range(0, len(row), 2):
            first = base + row[place]
            if first != end:
                if end > start:
                    yield start, end
                start = first
            end = base + row[place + 1]
        base += mask.width
    if end > start:
        yield start, end


def merged(runs: list[tuple[int, int]]) -> Row:
    """Runs in any order, that may cover each other, as a row."""
    runs.sort()
    made: list[int] = []
    for start, end in runs:
        if made and start <= made[-1]:
            if end > made[-1]:
                made[-1] = end
        else:
            made += (start, end)
    return tuple(made)


def union_row(a: Row, b: Row) -> Row:
    if not b or a is b:
        return a
    if not a:
        return b
    made = merged([*zip(a[::2], a[1::2], strict=True), *zip(b[::2], b[1::2], strict=True)])
    return a if made == a else made


def _swept(a: Row, b: Row, wanted: int) -> Row:
    """What both have (*wanted* 3), or only the first (1): the ends of the runs are walked through in order."""
    made: list[int] = []
    edges = sorted(chain(((x, 1) for x in a), ((x, 2) for x in b)))
    inside, held = 0, False
    for place, (x, whose) in enumerate(edges):
        inside ^= whose
        if place + 1 < len(edges) and edges[place + 1][0] == x:
            continue
        if (inside == wanted) != held:
            held = not held
            made.append(x)
    return tuple(made)


def subtract_row(a: Row, b: Row) -> Row:
    if not a or not b or b[0] >= a[-1] or a[0] >= b[-1]:
        return a
    made = _swept(a, b, 1)
    return a if made == a else made


def intersect_row(a: Row, b: Row) -> Row:
    if not a or not b or b[0] >= a[-1] or a[0] >= b[-1]:
        return EMPTY
    made = _swept(a, b, 3)
    return a if made == a else made


def _alike(a: Mask, b: Mask) -> None:
    if (a.width, a.height) != (b.width, b.height):
        raise MaskError(f"one mask has {a.width} x {a.height} pixels, the other {b.width} x {b.height}")


def union(a: Mask, b: Mask) -> Mask:
    """What either has.

    Raises:
        MaskError: they are of different pictures.
    """
    _alike(a, b)
    if not b.rows:
        return a
    if not a.rows:
        return Mask(a.width, a.height, b.top, b.rows, a.version + 1)
    top, bottom = min(a.top, b.top), max(a.bottom, b.bottom)
    above = tuple(a.row(y) for y in range(top, b.top))
    below = tuple(a.row(y) for y in range(b.bottom, bottom))
    middle = tuple(union_row(a.row(y), row) for y, row in enumerate(b.rows, b.top))
    return _next(a, top, (*above, *middle, *below))


def subtract(a: Mask, b: Mask) -> Mask:
    """What the first has and the second has not.

    Raises:
        MaskError: they are of different pictures.
    """
    _alike(a, b)
    first, last = max(a.top, b.top), min(a.bottom, b.bottom)
    if first >= last:
        return a
    middle = tuple(subtract_row(a.row(y), b.row(y)) for y in range(first, last))
    return _next(a, a.top, (*a.rows[: first - a.top], *middle, *a.rows[last - a.top :]))


def intersect(a: Mask, b: Mask) -> Mask:
    """What both have.

    Raises:
        MaskError: they are of different pictures.
    """
    _alike(a, b)
    first, last = max(a.top, b.top), min(a.bottom, b.bottom)
    return _next(a, first, tuple(intersect_row(a.row(y), b.row(y)) for y in range(first, last)))


def _next(before: Mask, top: int, rows: tuple[Row, ...]) -> Mask:
    made = trimmed(before.width, before.height, top, rows, before.version + 1)
    return before if made == before else made


def shifted(mask: Mask, dx: int, dy: int) -> Mask:
    """Moved by whole pixels; what leaves the picture is lost."""
    rows = {y + dy: row for y, row in enumerate(mask.rows, mask.top) if 0 <= y + dy < mask.height}
    if dx:
        rows = {y: _clipped(row, dx, mask.width) for y, row in rows.items()}
    return make(mask.width, mask.height, rows, mask.version + 1)


def _clipped(row: Row, dx: int, width: int) -> Row:
    if row and row[0] + dx >= 0 and row[-1] + dx <= width:
        return tuple([x + dx for x in row])
    moved = [min(max(x + dx, 0), width) for x in row]
    return tuple(x for k in range(0, len(moved), 2) if moved[k] < moved[k + 1] for x in (moved[k], moved[k + 1]))


def painted_runs(line: bytes) -> Row:
    """The runs of bytes that are not 0."""
    if line.count(0) == len(line):
        return EMPTY
    flags = line.translate(_FLAGS)
    found: list[int] = []
    at = flags.find(1)
    while at >= 0:
        end = flags.find(0, at)
        if end < 0:
            end = len(flags)
        found += (at, end)
        at = flags.find(1, end)
    return tuple(found)


_FLAGS = b"\0" + b"\1" * 255
