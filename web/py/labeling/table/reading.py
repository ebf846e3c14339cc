"""The table in memory: blocks put together, columns of all tasks as numpy arrays."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from labeling.table.columns import COLUMNS, Row
from labeling.table.writing import MAGIC, NO_SHARE, SHARE, Part

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
_TYPES = {"B": "<u1", "H": "<u2", "I": "<u4", "Q": "<u8", "f": "<f4", "d": "<f8"}


class BadBlock(ValueError):
    """Bytes that are no block of the table."""


@dataclass(slots=True)
class Codes:
    """Texts or ids of a column; `of[row]` is their number, -1: nothing."""

    of: Ints
    names: list[Any]


@dataclass(slots=True)
class Lists:
    """Some for each row: those of row r are `of[starts[r]:starts[r + 1]]`."""

    starts: Ints
    of: Ints
    names: list[Any]


@dataclass(slots=True)
class Data:
    """A field of the tasks' data. NaN and -1: not a number, not one of few texts. `length` is that of texts, else 0."""

    number: Floats
    code: Codes
    length: Ints

    @property
    def running(self) -> Bools:
        """Where there is a text that the table does not have."""
        return (self.length > 0) & (self.code.of < 0)


Column = Floats | Codes | Lists | Data


@dataclass(slots=True)
class _Block:
    rows: int
    parts: dict[tuple[str, str], NDArray[Any]]
    codes: dict[tuple[str, str], list[Any]]
    inner: Ints


@dataclass(slots=True)
class Table:
    """
    Blocks by their number, and rows that changed since.

    Numbers and shares are floats, NaN where there is none.
    """

    _blocks: dict[int, _Block] = field(default_factory=dict)
    _changes: dict[int, Row] = field(default_factory=dict)
    _kept: dict[str, Column] = field(default_factory=dict)
    _inner: Ints | None = None

    def put(self, number: int, data: bytes) -> None:
        """A block, instead of the one with that number; what was told of its tasks is in it. Raises BadBlock."""
        made = _read(data)
        self._blocks[number] = made
        for inner in [inner for inner in self._changes if made.rows and made.inner[0] <= inner <= made.inner[-1]]:
            del self._changes[inner]
        self._forget()

    def drop(self, number: int) -> None:
        self._blocks.pop(number, None)
        self._forget()

    def change(self, rows: Iterable[Row]) -> None:
        """Members of tasks that are other than their block says; of tasks that no block has, nothing is kept."""
        for row in rows:
            before = self._changes.get(row["inner"], {})
            self._changes[row["inner"]] = {**before, **row}
        self._forget()

    def _forget(self) -> None:
        self._kept, self._inner = {}, None

    def __len__(self) -> int:
        return sum(block.rows for block in self._blocks.values())

    @property
    def _order(self) -> list[_Block]:
        return [self._blocks[number] for number in sorted(self._blocks)]

    @property
    def inner(self) -> Ints:
        if self._inner is None:
            self._inner = _joined([block.inner for block in self._order], np.int64)
        return self._inner

    @property
    def fields(self) -> list[str]:
        """Of the tasks' data, in the order in which they come."""
        return [
            n.removeprefix("data.")
            for n in dict.fromkeys(n for b in self._order for n, _ in b.parts)
            if n.startswith("data.")
        ]

    def column(self, name: str) -> Column:
        """Raises KeyError."""
        if name not in self._kept:
            self._kept[name] = self._made(name)
        return self._kept[name]

    def _made(self, name: str) -> Column:
        if name.startswith("data."):
            if name.removeprefix("data.") not in self.fields:
                raise KeyError(name)
            return Data(self._floats(name, "number"), self._codes(name), self._whole(name, "length"))
        match COLUMNS[name]:
            case "code":
                return self._coded(name)
            case "list":
                return self._lists(name)
            case _:
                return self._numbers(name)

    def _whole(self, name: str, part: str) -> Ints:
        return _joined(
            [block.parts.get((name, part), np.zeros(block.rows, np.int64)) for block in self._order], np.int64
        )

    def _floats(self, name: str, part: str) -> Floats:
        nothing = float("nan")
        return _joined(
            [block.parts.get((name, part), np.full(block.rows, nothing)) for block in self._order], np.float64
        )

    def _places(self, name: str) -> tuple[Ints, list[Any]]:
        """Rows that changed in this column, and their values."""
        known = [(inner, row[name]) for inner, row in self._changes.items() if name in row]  # type: ignore[literal-required]
        if not known:
            return np.zeros(0, np.int64), []
        wanted = np.array([inner for inner, _ in known], np.int64)
        at = np.minimum(np.searchsorted(self.inner, wanted), max(0, len(self.inner) - 1))
        there = self.inner[at] == wanted if len(self.inner) else np.zeros(len(wanted), bool)
        return at[there], [value for (_, value), is_there in zip(known, there, strict=True) if is_there]

    def _numbers(self, name: str) -> Floats:
        if COLUMNS[name] == "share":
            stored = self._whole(name, "share")
            made: Floats = np.where(stored == NO_SHARE, np.nan, stored / SHARE)
        else:
            made = self._whole(name, "whole").astype(np.float64)
        at, values = self._places(name)
        made[at] = [np.nan if value is None else value for value in values]
        return made

    def _codes(self, name: str, part: str = "code") -> Codes:
        names: dict[Any, int] = {}
        found: list[Ints] = []
        for block in self._order:
            stored = block.parts.get((name, part))
            if stored is None:
                found.append(np.full(block.rows, -1, np.int64))
                continue
            local = block.codes[name, part]
            renumbered = np.array(
                [-1 if c is None else names.setdefault(c, len(names)) for c in local] or [-1], np.int64
            )
            found.append(renumbered[stored])
        return Codes(_joined(found, np.int64), list(names))

    def _coded(self, name: str) -> Codes:
        made = self._codes(name)
        at, values = self._places(name)
        made.of[at] = _numbered(made.names, values)
        return made

    def _lists(self, name: str) -> Lists:
        counts, items = self._whole(name, "count"), self._codes(name, "item")
        starts = np.concatenate([[0], np.cumsum(counts)])
        at, values = self._places(name)
        return (
            _relisted(Lists(starts, items.of, items.names), at, values)
            if values
            else Lists(starts, items.of, items.names)
        )


def _relisted(lists: Lists, at: Ints, values: Sequence[Sequence[Any]]) -> Lists:
    """Other items for some rows."""
    before = np.diff(lists.starts).astype(np.intp)
    same = np.ones(len(before), bool)
    same[at] = False
    after = before.copy()
    after[at] = [len(value) for value in values]
    starts = np.concatenate([[0], np.cumsum(after)])
    made = np.empty(int(starts[-1]), np.int64)
    made[np.repeat(same, after)] = lists.of[np.repeat(same, before)]  # in the browser only intp will do
    for row, value in zip(at, values, strict=True):
        made[starts[row] : starts[row + 1]] = _numbered(lists.names, value)
    return Lists(starts, made, lists.names)


def _numbered(names: list[Any], values: Sequence[Any]) -> list[int]:
    """Their numbers; those that are new are added to the names."""
    known = {name: n for n, name in enumerate(names)}
    made = [known.setdefault(value, len(known)) for value in values]
    names[:] = list(known)
    return made


def _joined(parts: Sequence[NDArray[Any]], kind: type[Any]) -> NDArray[Any]:
    return np.concatenate([np.asarray(part, kind) for part in parts]) if parts else np.zeros(0, kind)


def _read(data: bytes) -> _Block:
    try:
        if data[: len(MAGIC)] != MAGIC:
            raise BadBlock("This is no block of the table of tasks, or of another version.")
        whole = zlib.decompress(data[len(MAGIC) :])
        end = 4 + int.from_bytes(whole[:4], "little")
        header: dict[str, Any] = json.loads(whole[4:end])
        parts: dict[tuple[str, str], NDArray[Any]] = {}
        codes: dict[tuple[str, str], list[Any]] = {}
        for told in header["parts"]:
            key = told["name"], told["part"]
            parts[key] = _numbers_of(told, whole, end)
            if "codes" in told:
                codes[key] = told["codes"]
                if parts[key].size and parts[key].max() >= len(told["codes"]):
                    raise BadBlock(f"Column {told['name']} names codes that it does not list.")
        rows = int(header["rows"])
        if any(part.size != rows for (_, kind), part in parts.items() if kind != "item"):
            raise BadBlock("A column of the block has another length than the block.")
        return _Block(rows, parts, codes, parts["inner", "whole"])
    except (zlib.error, ValueError, KeyError, TypeError, AttributeError) as error:
        raise error if isinstance(error, BadBlock) else BadBlock(f"The block cannot be read: {error}") from error


def _numbers_of(told: Part, whole: bytes, start: int) -> NDArray[Any]:
    stored = np.frombuffer(whole, np.dtype(_TYPES[told["type"]]), told["size"], start + told["at"])
    if told["type"] in "fd":
        return stored.astype(np.float64)
    numbers = stored.astype(np.int64)
    if told.get("steps"):
        numbers = np.cumsum(numbers)
    base = told.get("base", 0)
    return numbers + base if base else numbers
