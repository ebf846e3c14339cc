"""Answers on a scale: numbers, dates and times. They are compared by their distance and merged by their median."""

from __future__ import annotations

from datetime import date
from typing import Any

from labeling.answers import dates
from labeling.consensus.answers import AnswerMetric, leader, tally
from labeling.consensus.model import Control, Json
from labeling.consensus.weighing import median_low
from labeling.plan_index import Control as ControlPart

DECIMALS = 9
"""Of every score: 0.3 - 0.1 against 0.2 must not show."""

_FARTHEST = 1e300


def number(given: object) -> int | float | None:
    """A finite JSON number; larger ones than any coordinate are answers too (a population, milliseconds)."""
    if isinstance(given, bool) or not isinstance(given, int | float):
        return None
    return given if -_FARTHEST < given < _FARTHEST else None


def _ends(control: Control) -> tuple[float | None, float | None]:
    return number(control.get("min")), number(control.get("max"))


def number_similarity(control: Control, a: float, b: float) -> float:
    """
    With `min` and `max`: 1 - |a - b| / (max - min). Else the relative difference: 1 - |a - b| / max(|a|, |b|), counted
    from the one end that the config gives, if it gives one; numbers of different sign score 0.

    >>> number_similarity({"min": 0, "max": 10}, 2, 4)
    0.8
    >>> number_similarity({}, 8, 10)
    0.8
    """
    if a == b:
        return 1.0
    low, high = _ends(control)
    if low is not None and high is not None and high > low:
        reach = high - low
    else:
        origin = low if low is not None else high if high is not None else 0.0
        reach = max(abs(a - origin), abs(b - origin))
    return max(0.0, round(1.0 - abs(a - b) / reach, DECIMALS)) if reach else 0.0


def _number_name(control: Control) -> str:
    low, high = _ends(control)
    return "distance on the scale" if low is not None and high is not None and high > low else "relative difference"


NUMBER = AnswerMetric(
    name=_number_name,
    read=lambda _, value: number(value.get("number")),
    similarity=number_similarity,
    merge=lambda _, answers, weights: median_low(answers, weights) if answers else None,
    supports=lambda answer, merged: bool(answer == merged),
    write=lambda merged: {"number": merged},
    key="number",
    blank=lambda _: None,
)


# Dates and times


def seconds(moment: dates.Moment) -> int:
    """Seconds from the beginning of the year 1; what the moment does not say counts as its least value."""
    # Without a year the year is a leap year, so that every day of a year exists.
    day = date(max(1, moment.year or 2000), moment.month or 1, moment.day or 1)
    return ((day.toordinal() * 24 + (moment.hour or 0)) * 60 + (moment.minute or 0)) * 60 + (moment.second or 0)


def datetime_metric(part: ControlPart) -> AnswerMetric:
    """
    The metric of one DateTime control. Answers are (seconds, text as stored); seconds are None for a text that does not
    fit the control's format.

    With `min` and `max` the score is 1 - distance / (max - min), else 1 for the same moment and 0 for another one. The
    median is merged; if a text does not fit the format, the text with the most votes is.
    """
    pattern = dates.format_of(part)
    bounds = [dates.bound(part.raw.get(member)) for member in ("min", "max")]
    low, high = (None if bound is None else seconds(bound) for bound in bounds)
    reach = high - low if low is not None and high is not None and high > low else None
    named = "distance on the scale" if reach else "equal moment"

    def read(_: Control, value: Json) -> tuple[int | None, str] | None:
        text = value.get("datetime")
        if not isinstance(text, str) or not text:
            return None
        moment = dates.read(text, pattern)
        return (None if moment is None else seconds(moment), text)

    def similarity(_: Control, a: tuple[int | None, str], b: tuple[int | None, str]) -> float:
        if a[0] is None or b[0] is None:
            return float(a[1].strip() == b[1].strip())
        if reach is None:
            return float(a[0] == b[0])
        return max(0.0, round(1.0 - abs(a[0] - b[0]) / reach, DECIMALS))

    def merge(_: Control, answers: Any, weights: Any) -> tuple[int | None, str] | None:
        if not answers:
            return None
        if all(moment is not None for moment, _text in answers):
            middle = median_low([moment for moment, _text in answers], weights)
            return middle, min(text for moment, text in answers if moment == middle)
        return leader(tally(answers, weights))  # type: ignore[return-value]  # it holds answers

    return AnswerMetric(
        name=lambda _: named,
        read=read,
        similarity=similarity,
        merge=merge,
        supports=lambda answer, merged: bool(answer == merged or (answer[0] is not None and answer[0] == merged[0])),
        write=lambda merged: {"datetime": merged[1]},
        key="datetime",
        blank=lambda _: None,
    )
