"""A project day by day: what everybody did, each person over time, and how long answers take."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise
from math import inf
from typing import Any

from chalicelib import keys, people_numbers
from chalicelib.label_numbers import number
from chalicelib.storage.walk import every
from chalicelib.tally import PPM, Tally
from chalicelib.world import World

SHOWN_DAYS = 90
MOST_DAILY = 31
"""A project whose days reach further back is told in weeks, of which a line says more."""
EDGES_S = (0, 2, 5, 10, 20, 30, 60, 120, 300, 600, inf)
"""Of the classes of times per item; each is as wide as people tell such times apart."""
Json = dict[str, Any]
Days = dict[tuple[int, str], Counter[str]]


def read(world: World, project_id: int) -> Days:
    """The counters of each person and day (UTC); one row each, whatever the number of tasks."""
    found: Days = {}
    for row in every(world.records, keys.day_counts(project_id)):
        person, _, day = row.sk.partition("#")
        found[int(person), day] = Counter(dict(row.body))
    return found


def of_all(days: Days) -> dict[str, Counter[str]]:
    """Counts of all people by day, oldest first; `people` counts them."""
    found: dict[str, Counter[str]] = {}
    for (_, day), counts in days.items():
        whole = found.setdefault(day, Counter())
        whole.update(counts)
        whole["people"] += 1
    return dict(sorted(found.items()))


def throughput(days: Mapping[str, Counter[str]], annotations: int) -> list[Json]:
    """
    The last days that have something. `so_far`: annotations that count at the end of the day, counted back from those
    that count now, so that the last one is what the project has.
    """
    rows: list[Json] = []
    left = annotations
    for day, counts in sorted(days.items(), reverse=True):
        rows.append({"day": day, "items": counts["n"], "skipped": counts["skipped"], "people": counts["people"]})
        rows[-1]["so_far"] = max(0, left)
        left -= counts["labels"]
    return rows[:SHOWN_DAYS][::-1]


def of_people(days: Days, tally: Tally, today: str) -> Json:
    """
    `{"step": "day" | "week", "rows": [{"id", "from", "items", "skipped", "mean_ms", "gold", "with_consensus"}]}`: each
    person over time, by the first day of the day or week (Monday), the last SHOWN_DAYS days.
    """
    since = (date.fromisoformat(today) - timedelta(days=SHOWN_DAYS - 1)).isoformat()
    shown = {place: counts for place, counts in days.items() if place[1] >= since}
    oldest = min((day for _, day in shown), default=today)
    weekly = (date.fromisoformat(today) - date.fromisoformat(oldest)).days >= MOST_DAILY
    sums: dict[tuple[int, str], Counter[str]] = {}
    for (person, day), counts in shown.items():
        sums.setdefault((person, _start(day, weekly)), Counter()).update(counts)
    for key, by_day in tally.days.items():
        for day, (n, ppm) in by_day.items():
            place = (int(key), _start(day, weekly)) if since <= day <= today else None
            if place in sums:  # an imported answer has a day on which nobody did anything here
                sums[place].update({"merged_n": n, "merged_ppm": ppm})
    rows = [_period(person, start, counts) for (person, start), counts in sorted(sums.items())]
    return {"step": "week" if weekly else "day", "rows": rows}


def _start(day: str, weekly: bool) -> str:
    if not weekly:
        return day
    at = date.fromisoformat(day)
    return (at - timedelta(days=at.weekday())).isoformat()


def _period(person: int, start: str, counts: Counter[str]) -> Json:
    n = counts["merged_n"]
    said = people_numbers.day_shown(start, counts)
    merged = number(counts["merged_ppm"] / (n * PPM) if n else None, n, "no task of theirs has a merged answer")
    return {"id": person, "from": said.pop("day"), **said, "with_consensus": merged}


def times(tally: Tally) -> list[Json]:
    """How many answers took how long: `[{"from_s", "to_s" | None, "n"}]`, from the first class used to the last."""
    every = [ms for by in (tally.active, tally.lead) for of in by.values() for ms in of]
    rows: list[Json] = []
    for low, high in pairwise(EDGES_S):
        n = sum(low * 1000 <= ms < high * 1000 for ms in every)
        rows.append({"from_s": low, "to_s": None if high == inf else high, "n": n})
    used = [place for place, row in enumerate(rows) if row["n"]]
    return rows[used[0] : used[-1] + 1] if used else []


def quartiles(values: Sequence[int]) -> tuple[float, float] | None:
    """
    First and third quartile, linear between the two nearest values.

    Source: Hyndman and Fan (1996), Sample Quantiles in Statistical Packages, definition 7.
    """
    if not values:
        return None
    ordered = sorted(values)

    def at(share: float) -> float:
        place = share * (len(ordered) - 1)
        low = int(place)
        high = min(low + 1, len(ordered) - 1)
        return ordered[low] + (place - low) * (ordered[high] - ordered[low])

    return at(0.25), at(0.75)
