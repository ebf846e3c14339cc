"""
Filters over single rows, standard library only: the same answers as `query` has for the whole table, and of texts too.

Where the table does not have a text (`Found.maybe`), the server reads the task and asks here.
"""

from __future__ import annotations

import json
import math
import operator as compare
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from labeling.table.asking import BadQuery, Reader, as_number, number_of, range_of, text_of
from labeling.table.columns import COLUMNS, Row, kept

Match = Callable[[Row], bool]


def reader(query: Mapping[str, Any] | None) -> Match:
    """
    Whether a row is one of those that the query asks for.

    Raises:
        BadQuery: with the place of what is not understood.
    """
    return _Reader().read(query) if query else lambda _: True


class _Reader(Reader[Match]):
    def every(self, parts: Sequence[Match]) -> Match:
        return lambda row: all(matches(row) for matches in parts)

    def contrary(self, part: Match) -> Match:
        return lambda row: not part(row)

    def test(self, column: str, operator: str, value: object, where: str) -> Match:
        return _test(column, _meaning(operator, value, where), where)


def _test(column: str, means: _Meaning, where: str) -> Match:
    if column.startswith("length."):
        name = column.removeprefix("length.")
        return lambda row: means.number(float(kept((row.get("data") or {}).get(name)).length))
    if column.startswith("data."):
        name = column.removeprefix("data.")
        return lambda row: _of_data((row.get("data") or {}).get(name), means)
    if column not in COLUMNS:
        raise BadQuery(where, f"There is no column {column[:80]!r}.")
    match COLUMNS[column]:
        case "code":
            return lambda row: means.text(str(row.get(column) or ""))
        case "list":
            return lambda row: _of_list(row.get(column) or [], means)  # type: ignore[arg-type]
        case "whole":
            return lambda row: means.number(float(row.get(column) or 0))  # type: ignore[arg-type]
        case _:
            return lambda row: means.number(math.nan if row.get(column) is None else float(row[column]))  # type: ignore[literal-required]


def _of_list(values: Sequence[object], means: _Meaning) -> bool:
    """What is denied of a list is denied of each of its items."""
    if means.denies is not None:
        return not _of_list(values, means.denies)
    return any(means.text(str(value)) for value in values) or (not values and means.text(None))


def _of_data(value: object, means: _Meaning) -> bool:
    found = kept(value)
    if found.number is not None:
        return means.number(found.number)
    if isinstance(value, str):
        return means.text(value)
    if isinstance(value, bool):
        return means.text(found.text)
    if found.length:  # lists and objects: their JSON
        return means.text(json.dumps(value, ensure_ascii=False))
    return means.text(None)


# ---- one test ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Meaning:
    """`number` of one (NaN: none), `text` of one, or of None. `denies`: the test that this one is the contrary of."""

    number: Callable[[float], bool]
    text: Callable[[str | None], bool]
    denies: _Meaning | None = None


_COMPARE: Mapping[str, Callable[[float, float], bool]] = {
    "less": compare.lt,
    "less_or_equal": compare.le,
    "greater": compare.gt,
    "greater_or_equal": compare.ge,
}


def _not(means: _Meaning) -> _Meaning:
    return _Meaning(lambda n: not means.number(n), lambda t: not means.text(t), means)


def _meaning(operator: str, value: object, where: str) -> _Meaning:
    match operator:
        case "equal" | "not_equal":
            number, text = as_number(value), text_of(value, where)
            same = _Meaning(lambda n: n == number, lambda t: t == text)
            return same if operator == "equal" else _not(same)
        case "contains" | "not_contains":
            number, part = as_number(value), text_of(value, where).casefold()
            holds = _Meaning(lambda n: n == number, lambda t: t is not None and part in t.casefold())
            return holds if operator == "contains" else _not(holds)
        case "in":
            least, most = range_of(value, where)
            return _Meaning(lambda n: least <= n <= most, lambda _: False)
        case "not_in":
            least, most = range_of(value, where)
            return _Meaning(lambda n: n < least or n > most, lambda t: t is not None)
        case "in_list" | "not_in_list":
            one = _one_of(value, where)
            return one if operator == "in_list" else _not(one)
        case "empty":
            if value is False or str(value).casefold() == "false":
                return _Meaning(lambda n: not math.isnan(n), bool)
            return _Meaning(math.isnan, lambda t: not t)
        case _ if operator in _COMPARE:
            limit, test = number_of(value, where), _COMPARE[operator]
            return _Meaning(lambda n: test(n, limit), lambda t: test(as_number(t), limit))
    raise BadQuery(where, f"{operator[:40]!r} is no operator.")


def _one_of(value: object, where: str) -> _Meaning:
    if not isinstance(value, list) or not value:
        raise BadQuery(where, "The value must be a list with something in it.")
    texts = {text_of(one, where) for one in value}
    numbers = {number for one in value if not math.isnan(number := as_number(one))}
    return _Meaning(lambda n: n in numbers, lambda t: t in texts)
