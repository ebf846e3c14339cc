"""Order of the table's rows, and how often each value is among them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from labeling.table.query import EMPTY, by_code, column_of
from labeling.table.reading import Bools, Codes, Column, Data, Floats, Ints, Lists, Table
from labeling.table.writing import SHARE


def ordered(table: Table, rows: Ints, order: Sequence[str]) -> Ints:
    """
    Rows by columns, `-` before a name: from high to low. Without a value comes last either way; equals stay so.

    Raises:
        BadQuery: a column that is not there.
    """
    keys: list[NDArray[Any]] = []
    for name in order:
        down = name.startswith("-")
        column = column_of(table, name.removeprefix("-"), "order")
        keys.append(_nothing(column)[rows])
        keys += [_turned(key[rows]) if down else key[rows] for key in _keys(column)]
    keys = [key for key in keys if key.size and key.min() != key.max()]
    places: Ints | None = None
    for key in reversed(keys):  # from the least to the most important: each keeps what the ones before have ordered
        for digits in _digits(key):
            shown = digits if places is None else digits[places]
            step = np.argsort(shown, kind="stable")
            places = step if places is None else places[step]
    return rows if places is None else rows[places]


def _digits(key: NDArray[Any]) -> list[NDArray[Any]]:
    """The key in parts of two bytes, the lowest first, which are sorted by counting; whole if it is no such number."""
    if key.dtype == np.bool_ or key.dtype == np.uint16:
        return [key.astype(np.uint16)]
    low, high = float(key.min()), float(key.max())
    for scale in (1, SHARE):
        if (high - low) * scale >= 1 << 32:
            break
        steps = np.round((key - low) * scale).astype(np.uint32)
        if np.abs(steps / scale - (key - low)).max() < 1e-9:
            parts = [(steps & 0xFFFF).astype(np.uint16)]
            return [*parts, (steps >> 16).astype(np.uint16)] if (high - low) * scale >= 1 << 16 else parts
    return [key]


def _turned(key: NDArray[Any]) -> NDArray[Any]:
    return key.max(initial=0) - key if key.dtype == np.uint16 else -key


def _keys(column: Column) -> list[NDArray[Any]]:
    match column:
        case Codes():
            return [_ranks(column)]
        case Lists():
            return [np.diff(column.starts).astype(np.float64)]
        case Data():
            number = np.nan_to_num(column.number, nan=0.0)
            kind = np.where(np.isnan(column.number), 1.0, 0.0)
            return [kind, number, _ranks(column.code), column.length.astype(np.float64)]
        case _:
            return [np.nan_to_num(column, nan=0.0)]


def _nothing(column: Column) -> Bools:
    match column:
        case Codes():
            return by_code(column, EMPTY)
        case Lists():
            none: Bools = np.diff(column.starts) == 0
            return none
        case Data():
            nothing: Bools = np.isnan(column.number) & by_code(column.code, EMPTY) & (column.length == 0)
            return nothing
        case _:
            return np.isnan(column)


def _ranks(codes: Codes) -> NDArray[Any]:
    """Place of each text among all, from 1; 0: none. In two bytes where they are enough: such are sorted in one go."""
    order = sorted(range(len(codes.names)), key=lambda n: (str(codes.names[n]).casefold(), str(codes.names[n])))
    rank = np.zeros(len(order) + 1, np.uint16 if len(order) < 1 << 16 else np.float64)
    rank[order] = np.arange(1, len(order) + 1)
    made: NDArray[Any] = rank[codes.of]
    return made


@dataclass(frozen=True, slots=True)
class Counts:
    """
    Members:
        bins: (from, below, how many), of numbers.
        values: (value, how many), the most first.
        without: rows with neither.
    """

    bins: list[tuple[float, float, int]]
    values: list[tuple[Any, int]]
    without: int


def counts(table: Table, rows: Ints, name: str, *, bins: int = 20) -> Counts:
    """
    How often each value of a column is among the rows; numbers in at most `bins` bins of one round width.

    Raises:
        BadQuery: a column that is not there.
    """
    if name.startswith("length."):
        field = column_of(table, f"data.{name.removeprefix('length.')}", "column")
        assert isinstance(field, Data)
        length = field.length[rows].astype(np.float64)
        return Counts(_bins(length[length > 0], bins), [], int((length == 0).sum()))
    column = column_of(table, name, "column")
    match column:
        case Codes():
            return Counts([], _values(column.of[rows], column.names), int((column.of[rows] < 0).sum()))
        case Lists():
            wanted = np.zeros(len(table), bool)
            wanted[rows] = True
            sizes = np.diff(column.starts).astype(np.intp)  # four bytes in the browser: nothing else will do there
            return Counts([], _values(column.of[np.repeat(wanted, sizes)], column.names), int((sizes[rows] == 0).sum()))
        case Data():
            number = column.number[rows]
            known = ~np.isnan(number)
            without = int((~known & (column.code.of[rows] < 0)).sum())
            return Counts(_bins(number[known], bins), _values(column.code.of[rows], column.code.names), without)
        case _:
            number = column[rows]
            known = ~np.isnan(number)
            return Counts(_bins(number[known], bins), [], int((~known).sum()))


def _values(of: Ints, names: Sequence[Any]) -> list[tuple[Any, int]]:
    found = np.bincount(of[of >= 0], minlength=len(names))
    return [(names[n], int(found[n])) for n in np.argsort(-found, kind="stable") if found[n]]


def _bins(numbers: Floats, most: int) -> list[tuple[float, float, int]]:
    if not len(numbers):
        return []
    low, high = float(numbers.min()), float(numbers.max())
    if low == high:
        return [(low, high, len(numbers))]
    width = _round_width((high - low) / most)
    first = math.floor(low / width)
    places = np.floor(numbers / width).astype(np.int64) - first
    found = np.bincount(np.maximum(places, 0))
    edges = [round((first + n) * width, 10) for n in range(len(found) + 1)]
    return [(edges[n], edges[n + 1], int(count)) for n, count in enumerate(found)]


def _round_width(width: float) -> float:
    """1, 2 or 5 times a power of ten, at least as wide."""
    power = 10.0 ** math.floor(math.log10(width))
    return next(step * power for step in (1, 2, 5, 10) if step * power >= width * (1 - 1e-9))
