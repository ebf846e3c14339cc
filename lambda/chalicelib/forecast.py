"""When a project is done at the pace of its last days: a straight line, with how far it may be off."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date, timedelta
from math import fsum
from typing import Any, Final

from chalicelib.label_numbers import number

PACE_DAYS = 7
"""Whole days, so that every day of the week is among them once; today is not over yet and is left out."""
LEAST_DAYS = 3
FAR_DAYS = 36_500
T_OF_80: Final = {2: 1.886, 3: 1.638, 4: 1.533, 5: 1.476, 6: 1.440}
"""Two-sided 80 % points of Student's t by degrees of freedom. Source: Fisher and Yates (1963), table III, P = .2."""
FORMULA = (
    f"days = missing / pace; pace = mean answers a day over the last {PACE_DAYS} whole days (or since the first); "
    "range: missing / (pace ± t · s / √days), t for 80 %, s the standard deviation of those days"
)
Json = dict[str, Any]


def forecast(missing: int, days: Mapping[str, Mapping[str, int]], today: str) -> Json:
    """
    When the tasks that are there now have all their annotations.

    Args:
        missing: annotations that are still to be made. days: counts by day; `labels` are annotations that count.
        today: such as 2026-11-22.

    Returns `{"missing", "pace_per_day": number, "over_days", "formula", "days", "date", "early", "late", "reason"?}`.
    `date` is None with a reason where there is too little to tell; `late` alone is None where the slowest pace of the
    range is none at all.
    """
    now = date.fromisoformat(today)
    first = min((date.fromisoformat(day) for day, counts in days.items() if counts.get("labels")), default=now)
    over = min(PACE_DAYS, (now - first).days)
    counts = [days.get((now - timedelta(days=n)).isoformat(), {}).get("labels", 0) for n in range(over, 0, -1)]
    n = sum(counts)
    pace = n / over if over else 0.0
    none = "no whole day has passed yet" if not over else f"nothing was labeled in the last {over} whole days"
    said: Json = {"missing": missing, "pace_per_day": number(pace if n else None, n, none), "over_days": over}
    said |= {"formula": FORMULA, "days": None, "date": None, "early": None, "late": None}
    if missing == 0:
        return said | {"days": 0, "date": today, "early": today, "late": today}
    if over < LEAST_DAYS:
        few = f"too little to tell: it takes {LEAST_DAYS} whole days of work, and there {_are(over)} so far"
        return said | {"reason": few}
    if not n:
        return said | {"reason": none}
    needed = missing / pace
    if needed > FAR_DAYS:
        return said | {"days": needed, "reason": "more than a hundred years at this pace"}
    off = T_OF_80[over - 1] * _deviation(counts, pace) / math.sqrt(over)
    slow = pace - off
    late = _after(now, missing / slow) if slow > 0 and missing / slow <= FAR_DAYS else None
    early = _after(now, missing / (pace + off))
    return said | {"days": needed, "date": _after(now, needed), "early": early, "late": late}


def _are(n: int) -> str:
    return "is 1" if n == 1 else f"are {n}"


def _deviation(counts: list[int], mean: float) -> float:
    """Of a sample: n - 1."""
    return math.sqrt(fsum((count - mean) ** 2 for count in counts) / (len(counts) - 1))


def _after(now: date, days: float) -> str:
    return (now + timedelta(days=math.ceil(days))).isoformat()
