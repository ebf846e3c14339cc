"""Numbers of people: what they did, how fast, and how like the others, the known answers and themselves they answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from math import fsum
from typing import Any

from chalicelib import keys, standing
from chalicelib.label_numbers import number
from chalicelib.standing import Scores, Standing
from chalicelib.tally import PPM, Tally
from chalicelib.world import World

Json = dict[str, Any]
IDLE = 5
"""A lead time that is longer than so many medians of the person counts as so many medians: they were away."""
DAYS = 400


def median(values: Sequence[int]) -> float:
    """Of at least one value."""
    ordered = sorted(values)
    middle = len(ordered) // 2
    return float(ordered[middle]) if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2


def time_per_item(active: Sequence[int], lead: Sequence[int]) -> Json:
    """
    Median and mean in ms. What the page measured as active counts as it is; a lead time, which goes on while somebody
    is away, is cut at IDLE medians of all.
    """
    every = [*active, *lead]
    if not every:
        return {"median_ms": None, "mean_ms": None, "n": 0, "cut": 0, "reason": "no times were sent"}
    middle = median(every)
    cut = [min(ms, IDLE * middle) for ms in lead]
    return {
        "median_ms": middle,
        "mean_ms": fsum([*active, *cut]) / len(every),
        "n": len(every),
        "cut": sum(ms > IDLE * middle for ms in lead),
    }


def work(tally: Tally, person: int) -> Json:
    """Items, skips and times of one person."""
    key = str(person)
    items, skipped = tally.items.get(key, 0), tally.skipped.get(key, 0)
    handed = items + skipped
    return {
        "items": items,
        "skipped": skipped,
        "skip_rate": number(skipped / handed if handed else None, handed, "nothing submitted yet"),
        "time": time_per_item(tally.active.get(key, ()), tally.lead.get(key, ())),
    }


def agreements(tally: Tally) -> dict[int, Json]:
    """
    By person: agreement with each other person and with all of them (mean of the scores of shared tasks, all controls),
    and with the merged answer, of which their own is a part.
    """
    found: dict[int, Json] = {}
    together: dict[int, dict[int, list[int]]] = {}
    for pairs in tally.pairs.values():
        for key, (n, ppm) in pairs.items():
            a, b = map(int, key.split(","))
            for one, other in ((a, b), (b, a)):
                sums = together.setdefault(one, {}).setdefault(other, [0, 0])
                sums[0] += n
                sums[1] += ppm
    merged: dict[int, list[int]] = {}
    for people in tally.merged.values():
        for key, (n, ppm) in people.items():
            sums = merged.setdefault(int(key), [0, 0])
            sums[0] += n
            sums[1] += ppm
    for person in together.keys() | merged.keys():
        others = together.get(person, {})
        found[person] = {
            "with_others": _mean([sum(s[0] for s in others.values()), sum(s[1] for s in others.values())]),
            "with_consensus": _mean(merged.get(person, [0, 0])),
            "with_each": [
                {"person": other, **_mean(others[other])} for other in sorted(others, key=lambda p: (-others[p][0], p))
            ],
        }
    return found


NO_AGREEMENT: Json = {
    "with_others": number(None, 0, "nobody else labeled the same tasks"),
    "with_consensus": number(None, 0, "no task of theirs has a merged answer"),
    "with_each": [],
}


def _mean(sums: Sequence[int]) -> Json:
    n, ppm = sums
    return number(ppm / (n * PPM) if n else None, n, "no task in common")


def scored(scores: Scores, none: str) -> Json:
    return {**number(scores.mean, scores.n, none), "not_scored": scores.other}


def on_known_answers(own: Standing) -> Json:
    return {
        "gold": scored(own.gold, "no task with a known answer yet"),
        "attention": scored(own.attention, "no attention check yet"),
        "warm_up": scored(own.warm_up, "no warm-up"),
        "themselves": scored(own.repeat, "no task was given to them twice yet"),
    }


def days_of(world: World, project_id: int, person: int) -> list[Json]:
    """What a person did on each day, oldest first; the last four hundred days that have something."""
    page = world.records.query(keys.day_counts(project_id), f"{keys.number(person)}#", limit=DAYS, reverse=True)
    return [day_shown(row.sk.partition("#")[2], row.body) for row in reversed(page.records)]


def day_shown(day: str, counted: Mapping[str, int]) -> Json:
    n, timed, known = counted.get("n", 0), counted.get("timed", 0), counted.get("gold_n", 0)
    return {
        "day": day,
        "items": n,
        "skipped": counted.get("skipped", 0),
        "mean_ms": number(counted.get("time_ms", 0) / timed if timed else None, timed, "no times were sent"),
        "gold": number(
            counted.get("gold_ppm", 0) / (known * standing.PPM) if known else None, known, "no known answer that day"
        ),
    }


def today(world: World) -> str:
    return datetime.fromtimestamp(world.clock(), UTC).date().isoformat()
