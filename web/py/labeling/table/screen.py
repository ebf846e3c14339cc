"""
What a page shows of the table: the rows that a filter finds, in an order, a window of them at a time.

The table stays where this is (a worker); a page sees some dozens of rows and numbers.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from labeling.table.columns import COLUMNS, Row
from labeling.table.counting import counts, ordered
from labeling.table.query import select
from labeling.table.reading import Codes, Data, Ints, Lists, Table

MOST_VALUES = 100
"""Values of a column that are counted one by one; the rest is one number."""
Json = dict[str, Any]


def _none() -> Ints:
    return np.zeros(0, np.int64)


@dataclass(slots=True)
class Screen:
    """
    Members:
        rows: places in the table of what was found, in order. maybe: of what only texts can tell.
    """

    table: Table = field(default_factory=Table)
    rows: Ints = field(default_factory=_none)
    maybe: Ints = field(default_factory=_none)
    _query: Mapping[str, Any] | None = None
    _order: Sequence[str] = ()
    _gone: set[int] = field(default_factory=set)
    _asked: Ints = field(default_factory=_none)
    _right: Ints = field(default_factory=_none)

    def put(self, number: int, data: bytes) -> None:
        """Raises BadBlock."""
        self.table.put(number, data)

    def change(self, rows: Iterable[Row], gone: Iterable[int]) -> None:
        """Rows that are other now; inner numbers of tasks that were deleted."""
        self.table.change(rows)
        self._gone |= set(gone)

    def ask(self, query: Mapping[str, Any] | None, order: Sequence[str]) -> Json:
        """
        `{"found", "maybe", "total"}`: how many. Another filter than before forgets what was decided.

        Raises:
            BadQuery
        """
        if json.dumps(query, sort_keys=True) != json.dumps(self._query, sort_keys=True):
            self._asked, self._right = _none(), _none()
        found = select(self.table, query)
        self._query, self._order = query, order
        inner = self.table.inner
        there = np.ones(len(inner), bool)
        if self._gone:
            there = ~np.isin(inner, np.array(sorted(self._gone), np.int64))
        yes, maybe = found.yes & there, found.maybe & there
        if self._asked.size:
            yes |= maybe & np.isin(inner, self._right)
            maybe &= ~np.isin(inner, self._asked)
        self.rows = ordered(self.table, np.flatnonzero(yes), order)
        self.maybe = np.flatnonzero(maybe)
        return {"found": len(self.rows), "maybe": len(self.maybe), "total": int(there.sum())}

    def doubtful(self, most: int) -> list[int]:
        """Ids of tasks that the server must decide about, the next ones."""
        return self._ids(self.maybe[:most])

    def decided(self, asked: Sequence[int], right: Sequence[int]) -> Json:
        """As `ask`, with what the server said of some tasks, by their ids."""
        ids = self._whole("id")
        inner = self.table.inner
        self._asked = np.concatenate([self._asked, inner[np.isin(ids, np.array(asked, np.int64))]])
        self._right = np.concatenate([self._right, inner[np.isin(ids, np.array(right, np.int64))]])
        return self.ask(self._query, self._order)

    def ids(self, start: int, stop: int) -> list[int]:
        """Of the tasks that were found, in order."""
        return self._ids(self.rows[start:stop])

    def place(self, id_: int) -> int | None:
        """Where a task is among those that were found."""
        places = np.flatnonzero(self._whole("id")[self.rows] == id_)
        return int(places[0]) if places.size else None

    def _ids(self, rows: Ints) -> list[int]:
        return [int(id_) for id_ in self._whole("id")[rows]]

    def _whole(self, name: str) -> Ints:
        column = self.table.column(name)
        assert isinstance(column, np.ndarray)
        whole: Ints = column.astype(np.int64)
        return whole

    def window(self, start: int, stop: int) -> list[Json]:
        """Rows number start to stop of those that were found; without the data, which the table has little of."""
        rows = self.rows[start:stop]
        shown: list[Json] = [{} for _ in rows]
        for name in COLUMNS:
            column = self.table.column(name)
            for one, row in zip(shown, rows, strict=True):
                one[name] = _value(column, int(row))
        return shown

    def columns(self) -> list[Json]:
        """
        `{"name", "kind", "texts"?}` of each: whole, share, code, list; of the data number, code, text or nothing.
        `texts`: how many different ones the table knows.
        """
        made: list[Json] = [{"name": name, "kind": kind} for name, kind in COLUMNS.items()]
        for name in self.table.fields:
            column = self.table.column(f"data.{name}")
            assert isinstance(column, Data)
            numbers, known = bool((~np.isnan(column.number)).any()), len(column.code.names)
            kind = "number" if numbers else "text" if bool(column.running.any()) else "code" if known else "nothing"
            made.append({"name": f"data.{name}", "kind": kind, "texts": known})
        return made

    def counted(self, names: Sequence[str], bins: int) -> Json:
        """
        By name `{"bins": [[from, below, n]], "values": [[value, n]], "others", "without"}` of the rows that were found.

        Raises:
            BadQuery: a column that is not there.
        """
        made: Json = {}
        for name in names:
            found = counts(self.table, self.rows, name, bins=bins)
            values = [[value, n] for value, n in found.values if value is not None]
            others = sum(n for _, n in values[MOST_VALUES:])
            made[name] = {
                "bins": [list(one) for one in found.bins],
                "values": values[:MOST_VALUES],
                "others": others,
                "without": found.without,
            }
        return made


def _value(column: Any, row: int) -> Any:
    match column:
        case Codes():
            number = int(column.of[row])
            return column.names[number] if number >= 0 else ""
        case Lists():
            return [column.names[n] for n in column.of[column.starts[row] : column.starts[row + 1]]]
        case _:
            value = float(column[row])
            return None if math.isnan(value) else int(value) if value.is_integer() else round(value, 4)
