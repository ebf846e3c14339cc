"""What filters over the table may say, apart from how they are answered: limits, and reading of values."""

from __future__ import annotations

import math

DEEPEST = 8
MOST_PARTS = 100


class BadQuery(ValueError):
    """The query cannot be answered; `where` is the place in it."""

    def __init__(self, where: str, message: str) -> None:
        super().__init__(f"{where}: {message}")
        self.where, self.message = where, message


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
