"""What filters over the table may say, apart from how they are answered: their form, limits, and reading of values."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Generic, TypeVar

Answer = TypeVar("Answer")

DEEPEST = 8
MOST_PARTS = 100


class BadQuery(ValueError):
    """The query cannot be answered; `where` is the place in it."""

    def __init__(self, where: str, message: str) -> None:
        super().__init__(f"{where}: {message}")
        self.where, self.message = where, message


class Reader(ABC, Generic[Answer]):
    """Reads the form of a query; what `and`, `or`, `not` and a test answer is for those to say who answer it."""

    def __init__(self) -> None:
        self._parts = 0

    @abstractmethod
    def every(self, parts: Sequence[Answer]) -> Answer: ...

    @abstractmethod
    def contrary(self, part: Answer) -> Answer: ...

    @abstractmethod
    def test(self, column: str, operator: str, value: object, where: str) -> Answer: ...

    def some(self, parts: Sequence[Answer]) -> Answer:
        return self.contrary(self.every([self.contrary(part) for part in parts]))

    def read(self, query: object, where: str = "query", depth: int = 0) -> Answer:
        """
        Args:
            where: place of this part, for what is said of it.

        Raises:
            BadQuery: with the place of what is not understood.
        """
        self._parts += 1
        if not isinstance(query, Mapping):
            raise BadQuery(where, "A filter must be an object.")
        if depth > DEEPEST or self._parts > MOST_PARTS:
            raise BadQuery(where, f"At most {MOST_PARTS} filters, {DEEPEST} deep.")
        match dict(query):
            case {"and": list(parts), **rest} if not rest:
                return self.every([self.read(p, f"{where}.and[{n}]", depth + 1) for n, p in enumerate(parts)])
            case {"or": list(parts), **rest} if not rest:
                return self.some([self.read(p, f"{where}.or[{n}]", depth + 1) for n, p in enumerate(parts)])
            case {"not": part, **rest} if not rest:
                return self.contrary(self.read(part, f"{where}.not", depth + 1))
            case {"column": str(column), "operator": str(operator), **rest} if not rest.keys() - {"value"}:
                return self.test(column, operator, rest.get("value"), where)
        raise BadQuery(where, "It must have column, operator and value, or one of and, or, not.")


def as_number(value: object) -> float:
    """NaN where it is none."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return math.nan
    try:
        return float(value)
    except (ValueError, OverflowError):
        return math.nan


def number_of(value: object, where: str) -> float:
    number = as_number(value)
    if math.isnan(number):
        raise BadQuery(where, f"{str(value)[:40]!r} is no number.")
    return number


def range_of(value: object, where: str) -> tuple[float, float]:
    match value:
        case {"min": least, "max": most}:
            return number_of(least, f"{where}.min"), number_of(most, f"{where}.max")
    raise BadQuery(where, "The value must have min and max.")


def text_of(value: object, where: str) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case str() | int() | float():
            return str(value)
    raise BadQuery(where, "The value must be a text or a number.")
