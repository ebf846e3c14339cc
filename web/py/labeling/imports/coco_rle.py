"""COCO's run-length code of masks: down the columns, beginning with a run of what is not painted.

Source: the COCO data format (cocodataset.org/#format-data) and its mask API (maskApi.c, `rleToString`): `counts` is a
list of lengths, or a text of them. In the text each number is in groups of 5 bits, the lowest first, each a character
from "0" on whose sixth bit says that more follow and whose fifth bit, in the last, is the sign; from the fourth number
on it is the difference to the number two before.
"""

from __future__ import annotations

from collections.abc import Sequence

from labeling.masks.mask import EMPTY, MOST_PIXELS, Mask, MaskError, Row, make, subtract_row


def read(counts: object, width: int, height: int) -> Mask:
    """
    Raises:
        MaskError: it is no such code, or not that of a picture of this size.
    """
    if width < 1 or height < 1 or width * height > MOST_PIXELS:
        raise MaskError(f"a mask of {width} x {height} pixels is not read")
    runs = lengths(counts) if isinstance(counts, str) else counts
    if not isinstance(runs, list) or not all(type(run) is int and run >= 0 for run in runs):
        raise MaskError("its counts are no list of lengths and no text of them")
    if sum(runs) != width * height:
        raise MaskError(f"its counts add up to {sum(runs)} pixels, the image has {width} x {height}")
    return _across(runs, width, height)


def lengths(text: str) -> list[int]:
    """
    Raises:
        MaskError: the text is no code.
    """
    found: list[int] = []
    value = shift = 0
    for letter in text:
        bits = ord(letter) - 48
        if not 0 <= bits < 64 or shift > 60:
            raise MaskError("its counts hold a character that the code does not have")
        value |= (bits & 31) << shift
        shift += 5
        if not bits & 32:
            if bits & 16:
                value -= 1 << shift
            found.append(value + found[-2] if len(found) > 2 else value)
            value = shift = 0
    if shift:
        raise MaskError("its counts end in the middle of a number")
    return found


def _across(runs: Sequence[int], width: int, height: int) -> Mask:
    """Runs down the columns as rows: only where a column differs from the one before does a row begin or end."""
    columns: dict[int, list[int]] = {}
    at = 0
    for place, run in enumerate(runs):
        if place % 2 and run:
            first, last = at, at + run
            while first < last:
                column, top = divmod(first, height)
                end = min(last - column * height, height)
                held = columns.setdefault(column, [])
                if held and held[-1] == top:
                    held[-1] = end
                else:
                    held += [top, end]
                first = column * height + end
        at += run
    rows: dict[int, list[int]] = {}
    before: Row = EMPTY
    last_column = -1
    for column in sorted(columns):
        if last_column >= 0 and column != last_column + 1:
            _mark(rows, before, last_column + 1)
            before = EMPTY
        here = tuple(columns[column])
        _mark(rows, subtract_row(before, here), column)
        _mark(rows, subtract_row(here, before), column)
        before, last_column = here, column
    _mark(rows, before, last_column + 1)
    return make(width, height, {y: tuple(edges) for y, edges in rows.items()})


def _mark(rows: dict[int, list[int]], spans: Row, x: int) -> None:
    """A row begins or ends at *x*, whichever it is its turn to do."""
    for k in range(0, len(spans), 2):
        for y in range(spans[k], spans[k + 1]):
            rows.setdefault(y, []).append(x)
