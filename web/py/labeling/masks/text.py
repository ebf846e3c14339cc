"""Masks as text for the page: base64 of little-endian varints (docs/contracts.md, section 10).

First row, then per row the number of runs and, for each, gap (pixels since the end of the one before) and length. The
difference of two versions is the same text with only the rows that changed; empty ones are in it where they became so.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence

from labeling.masks.mask import EMPTY, Mask, MaskError, Row, trimmed


def write(mask: Mask) -> str:
    """The rows of a mask. Made once."""
    made: str = mask.once("text", lambda: rows_text(mask.top, mask.rows))
    return made


def read(text: str, width: int, height: int) -> Mask:
    """
    Raises:
        MaskError: it is no such text, or leaves the picture.
    """
    top, rows = read_rows(text)
    if top + len(rows) > height or any(row and row[-1] > width for row in rows):
        raise MaskError(f"the rows leave the picture, which has {width} x {height} pixels")
    return trimmed(width, height, top, rows)


def change(before: Mask, after: Mask) -> str | None:
    """The rows that differ, as text; None where the whole mask is shorter."""
    top, bottom = min(before.top, after.top), max(before.bottom, after.bottom)
    if not before.rows or not after.rows:
        return None
    while top < bottom and _same(before.row(top), after.row(top)):
        top += 1
    while bottom > top and _same(before.row(bottom - 1), after.row(bottom - 1)):
        bottom -= 1
    if 2 * (bottom - top) > len(after.rows):
        return None
    return rows_text(top, [after.row(y) for y in range(top, bottom)])


def _same(a: Row, b: Row) -> bool:
    return a is b or a == b


def changed(text: str, difference: str) -> str:
    """The text of a mask after a difference: what the page does with a patch."""
    top, rows = read_rows(text)
    first, given = read_rows(difference)
    held = dict(enumerate(rows, top)) | dict(enumerate(given, first))
    painted = [y for y, row in held.items() if row]
    if not painted:
        return rows_text(0, [])
    return rows_text(min(painted), [held.get(y, EMPTY) for y in range(min(painted), max(painted) + 1)])


def rows_text(top: int, rows: Sequence[Row]) -> str:
    made = bytearray()
    _varint(made, top)
    for row in rows:
        _varint(made, len(row) // 2)
        at = 0
        for x in row:
            step = x - at
            if step < 128:
                made.append(step)
            else:
                _varint(made, step)
            at = x
    return base64.b64encode(made).decode()


def _varint(made: bytearray, value: int) -> None:
    while value > 127:
        made.append(value & 127 | 128)
        value >>= 7
    made.append(value)


def read_rows(text: str) -> tuple[int, list[Row]]:
    """The first row's number and the rows.

    Raises:
        MaskError: it is no such text.
    """
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise MaskError("the rows are not base64") from None
    numbers: list[int] = []
    value = shift = 0
    for byte in data:
        value |= (byte & 127) << shift
        if byte < 128:
            numbers.append(value)
            value = shift = 0
        else:
            shift += 7
            if shift > 28:
                raise MaskError("a number of the rows is too large")
    if shift or not numbers:
        raise MaskError("the rows are cut off")
    rows: list[Row] = []
    place = 1
    while place < len(numbers):
        count = 2 * numbers[place]
        row: list[int] = []
        at = 0
        for k, step in enumerate(numbers[place + 1 : place + 1 + count]):
            if not step and k:
                raise MaskError("two runs of a row touch, or one is empty")
            at += step
            row.append(at)
        if len(row) < count:
            raise MaskError("the rows are cut off")
        rows.append(tuple(row))
        place += 1 + count
    return numbers[0], rows
