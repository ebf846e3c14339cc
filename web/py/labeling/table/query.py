"""
Filters over the table.

A query is JSON: `{"column": "state", "operator": "equal", "value": "agreed"}`, or several by `{"and": [..]}`,
`{"or": [..]}`, `{"not": ..}`. Columns are those of `columns.COLUMNS` and `data.<field>`; `length.<field>` is how many
letters a text has. The operators have the names of Label Studio's filters.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from labeling.table.asking import BadQuery, Reader, as_number, number_of, range_of, text_of
from labeling.table.reading import Bools, Codes, Column, Data, Floats, Lists, Table


@dataclass(frozen=True, slots=True)
class Found:
    """`yes`: rows that are wanted. `maybe`: those that only their texts can tell, which the table does not have."""

    yes: Bools
    maybe: Bools


def select(table: Table, query: Mapping[str, Any] | None) -> Found:
    """
    Args:
        query: None or empty: every task.

    Raises:
        BadQuery: with the place of what is not understood.
    """
    if not query:
        return Found(np.ones(len(table), bool), np.zeros(len(table), bool))
    return _Reader(table).read(query)


class _Reader(Reader[Found]):
    def __init__(self, table: Table) -> None:
        super().__init__()
        self.table = table

    def every(self, parts: Sequence[Found]) -> Found:
        yes = np.ones(len(self.table), bool)
        could = yes.copy()
        for part in parts:
            yes &= part.yes
            could &= part.yes | part.maybe
        return Found(yes, could & ~yes)

    def contrary(self, part: Found) -> Found:
        return Found(~(part.yes | part.maybe), part.maybe)

    def test(self, column: str, operator: str, value: object, where: str) -> Found:
        test = _operator(operator, value, where)
        if column.startswith("length."):
            found = column_of(self.table, f"data.{column.removeprefix('length.')}", where)
            assert isinstance(found, Data)
            return self._sure(test.numbers(found.length.astype(np.float64)))
        found = column_of(self.table, column, where)
        match found:
            case Data():
                return _data(found, test)
            case Codes():
                return self._sure(by_code(found, test))
            case Lists():
                return self._sure(_by_list(found, test))
            case _:
                return self._sure(test.numbers(found))

    def _sure(self, yes: Bools) -> Found:
        return Found(yes, np.zeros(len(yes), bool))


def column_of(table: Table, name: str, where: str) -> Column:
    try:
        return table.column(name)
    except KeyError:
        raise BadQuery(where, f"There is no column {name[:80]!r}.") from None


# ---- one test ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Test:
    """`numbers` of many (NaN: none), `text` of one, or of None."""

    numbers: Callable[[Floats], Bools]
    text: Callable[[str | None], bool]
    negative: bool = False
    "what holds for a list is that it holds for none of its items"


def by_code(codes: Codes, test: _Test) -> Bools:
    known = np.array([*(test.text(_said(name)) for name in codes.names), test.text(None)], bool)
    found: Bools = known[codes.of]
    return found  # -1, nothing, is the last


def _by_list(lists: Lists, test: _Test) -> Bools:
    counts = np.diff(lists.starts)
    wanted = _positive(test)
    known = np.array([*(wanted.text(_said(name)) for name in lists.names), False], bool)
    sums = np.concatenate([[0], np.cumsum(known[lists.of])])
    some: Bools = sums[lists.starts[1:]] > sums[lists.starts[:-1]]
    if wanted.text(None):
        some = some | (counts == 0)
    return ~some if test.negative else some


def _positive(test: _Test) -> _Test:
    if not test.negative:
        return test
    return _Test(lambda n: ~test.numbers(n), lambda t: not test.text(t))


def _data(data: Data, test: _Test) -> Found:
    is_number = ~np.isnan(data.number)
    yes = np.where(is_number, test.numbers(data.number), by_code(data.code, test))
    running = data.running & ~is_number
    yes &= ~running
    if test is EMPTY or test is _FILLED:  # that there is a text is known, whatever it says
        return Found(yes | running if test is _FILLED else yes, np.zeros(len(yes), bool))
    return Found(yes, running)


def _said(name: object) -> str:
    return name if isinstance(name, str) else str(name)


def _operator(operator: str, value: object, where: str) -> _Test:
    match operator:
        case "equal":
            return _equal(value, where)
        case "not_equal":
            return _other(_equal(value, where))
        case "contains":
            return _contains(value, where)
        case "not_contains":
            return _other(_contains(value, where))
        case "less" | "less_or_equal" | "greater" | "greater_or_equal":
            return _ordered(operator, number_of(value, where))
        case "in" | "not_in":
            least, most = range_of(value, where)
            test = _Test(lambda n: (n >= least) & (n <= most), lambda _: False)
            return test if operator == "in" else _Test(lambda n: (n < least) | (n > most), lambda t: t is not None)
        case "in_list" | "not_in_list":
            test = _one_of(value, where)
            return test if operator == "in_list" else _other(test)
        case "empty":
            return _FILLED if value is False or str(value).casefold() == "false" else EMPTY
    raise BadQuery(where, f"{operator[:40]!r} is no operator.")


EMPTY = _Test(np.isnan, lambda t: not t)
_FILLED = _Test(lambda n: ~np.isnan(n), bool)


def _other(test: _Test) -> _Test:
    return _Test(lambda n: ~test.numbers(n), lambda t: not test.text(t), negative=True)


def _equal(value: object, where: str) -> _Test:
    number, text = as_number(value), text_of(value, where)
    return _Test(lambda n: n == number, lambda t: t == text)


def _contains(value: object, where: str) -> _Test:
    text, number = text_of(value, where).casefold(), as_number(value)
    return _Test(lambda n: n == number, lambda t: t is not None and text in t.casefold())


def _one_of(value: object, where: str) -> _Test:
    if not isinstance(value, list) or not value:
        raise BadQuery(where, "The value must be a list with something in it.")
    texts = {text_of(one, where) for one in value}
    numbers = np.array([n for one in value if not math.isnan(n := as_number(one))], float)
    return _Test(lambda n: np.isin(n, numbers), lambda t: t in texts)


def _ordered(operator: str, limit: float) -> _Test:
    compare = {
        "less": np.less,
        "less_or_equal": np.less_equal,
        "greater": np.greater,
        "greater_or_equal": np.greater_equal,
    }

    def of_text(text: str | None) -> bool:
        number = as_number(text)
        return bool(compare[operator](number, limit)) if not math.isnan(number) else False

    return _Test(lambda n: compare[operator](n, limit), of_text)
