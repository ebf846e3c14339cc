"""Blocks of the table: rows of neighbouring tasks as bytes.

`LKT1`, then zlib: the length of a JSON header (four bytes, little end first), the header, the columns one after the
other. A column is an array of unsigned integers or floats, little end first; its header says what they mean.
"""

from __future__ import annotations

import json
import sys
import zlib
from array import array
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Literal, TypedDict

from labeling.table.columns import COLUMNS, MOST_FIELDS, NOTHING, Field, Row, kept

MAGIC = b"LKT1"
SHARE = 10_000
"""Steps of a share; 65,535: there is none."""
NO_SHARE = 0xFFFF
MOST_IN_LIST = 255
FEW = 16
"""Texts of a field that always count as few; of more, a block may have as many as a quarter of its rows."""

Type = Literal["B", "H", "I", "Q", "f", "d"]
"""Of an array: 1, 2, 4, 8 bytes unsigned; floats of 4 and 8 bytes."""


class Part(TypedDict, total=False):
    """
    One array of a column.

    Members:
        name: of the column; `data.` and a field's name for those of the data.
        part: whole, share, code, count (of a list), item (of a list), number, length.
        type, at, size: how the numbers are stored, where behind the header, how many.
        base: is added to each. steps: each is what is added to the one before, the first to base.
        codes: what they number; null: nothing.
    """

    name: str
    part: str
    type: Type
    at: int
    size: int
    base: int
    steps: bool
    codes: list[str | int | None]


class _Columns:
    def __init__(self) -> None:
        self.parts: list[Part] = []
        self.body = bytearray()

    def add(self, name: str, part: str, values: Sequence[float], kind: Type, **more: object) -> None:
        numbers = array(kind, values)
        if sys.byteorder == "big":
            numbers.byteswap()
        told: Part = {"name": name, "part": part, "type": kind, "at": len(self.body), "size": len(numbers)}
        self.parts.append({**told, **more})  # type: ignore[typeddict-item]
        self.body += numbers.tobytes()

    def whole(self, name: str, part: str, values: Sequence[int]) -> None:
        steps = [b - a for a, b in pairwise(values)]
        if values and min(steps, default=0) >= 0 and max(steps, default=0) < max(values[-1] - values[0], 2):
            self.add(name, part, [0, *steps], _width(max(steps, default=0)), base=values[0], steps=True)
            return
        base = min(values, default=0)
        self.add(name, part, [n - base for n in values], _width(max(values, default=0) - base), base=base)

    def share(self, name: str, values: Iterable[float | None]) -> None:
        numbers = [NO_SHARE if v is None else int(min(max(v, 0.0), 1.0) * SHARE + 0.5) for v in values]
        self.add(name, "share", numbers, "H")

    def code(self, name: str, part: str, values: Sequence[str | int | None], known: Sequence[None] = ()) -> None:
        codes = {value: n for n, value in enumerate(dict.fromkeys([*known, *values]))}
        self.add(name, part, [codes[v] for v in values], _width(max(0, len(codes) - 1)), codes=list(codes))

    def listed(self, name: str, values: Sequence[Sequence[str | int]]) -> None:
        self.add(name, "count", [min(len(v), MOST_IN_LIST) for v in values], "B")
        self.code(name, "item", [one for v in values for one in v[:MOST_IN_LIST]])


def _width(most: int) -> Type:
    return "B" if most < 1 << 8 else "H" if most < 1 << 16 else "I" if most < 1 << 32 else "Q"


def block(rows: Sequence[Row]) -> bytes:
    """
    Args:
        rows: in the order of their `inner`; a block of a few thousand packs best.

    Raises:
        ValueError: a row without `id` or `inner`, or out of order.
    """
    inner = [row["inner"] for row in rows if "id" in row and "inner" in row]
    if len(inner) != len(rows) or any(a >= b for a, b in pairwise(inner)):
        raise ValueError("Rows of a block need id and inner, and the order of inner.")
    columns = _Columns()
    for name, kind in COLUMNS.items():
        match kind:
            case "whole":
                columns.whole(name, "whole", [int(row.get(name) or 0) for row in rows])  # type: ignore[call-overload]
            case "share":
                columns.share(name, [row.get(name) for row in rows])  # type: ignore[misc]
            case "code":
                columns.code(name, "code", [str(row.get(name) or "") for row in rows])
            case "list":
                columns.listed(name, [row.get(name) or [] for row in rows])  # type: ignore[misc]
    names = dict.fromkeys(name for row in rows for name in row.get("data") or ())
    for name in list(names)[:MOST_FIELDS]:
        _field(columns, f"data.{name}", [_of(row, name) for row in rows])
    header = json.dumps({"rows": len(rows), "parts": columns.parts}, ensure_ascii=False, separators=(",", ":")).encode()
    packed = zlib.compress(len(header).to_bytes(4, "little") + header + bytes(columns.body), 6)
    return MAGIC + packed


def _of(row: Row, name: str) -> Field:
    data = row.get("data") or {}
    value = data.get(name, NOTHING)
    return value if isinstance(value, Field) else kept(value)


def _field(columns: _Columns, name: str, fields: Sequence[Field]) -> None:
    numbers = [field.number for field in fields]
    if any(number is not None for number in numbers):
        values = [float("nan") if number is None else number for number in numbers]
        exact = all(number is None or _single(number) for number in numbers)
        columns.add(name, "number", values, "f" if exact else "d")
    texts = [field.text for field in fields]
    distinct = len(set(texts) - {None})
    if 0 < distinct <= max(FEW, len(fields) // 4):
        columns.code(name, "code", texts, [None])
    if any(field.length for field in fields):
        columns.whole(name, "length", [field.length for field in fields])
    elif not any(part["name"] == name for part in columns.parts):
        columns.whole(name, "length", [0] * len(fields))  # nothing in it, but it is there


def _single(number: float) -> bool:
    """Whether four bytes hold it."""
    return abs(number) < 3.4e38 and array("f", [number])[0] == number
