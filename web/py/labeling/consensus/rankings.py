"""Rankings: items in order, in one list or in buckets. Compared by pairs of items, merged by Borda count."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from math import fsum

from labeling.consensus.answers import AnswerMetric, leader, tally
from labeling.consensus.model import Control, Json
from labeling.consensus.weighing import usable

Ranking = tuple[tuple[str, tuple[str, ...]], ...]
"""(bucket, ids of its items in order) in the order of the buckets; without buckets one, with the ranker's name."""

MOST_ITEMS = 2_000
"""Longer rankings are compared by nobody: pairs grow with the square."""


def read_ranking(control: Control, value: Json) -> Ranking | None:
    """The ranking of a result; an old plain list is that of the first bucket. None if it is no ranking."""
    given = value.get("ranker")
    if isinstance(given, list):
        buckets = control.get("buckets") or ({"name": control["name"]},)
        given = {str(buckets[0]["name"]): given}
    if not isinstance(given, dict):
        return None
    seen: set[str] = set()
    made = []
    for bucket, items in given.items():
        if not isinstance(items, list):
            return None
        if not all(isinstance(item, str | int) and not isinstance(item, bool) for item in items):
            return None
        names = [str(item) for item in items]
        fresh = [name for place, name in enumerate(names) if name not in seen and name not in names[:place]]
        seen.update(fresh)
        made.append((str(bucket), tuple(fresh)))
    order = {bucket["name"]: place for place, bucket in enumerate(control.get("buckets") or ())}
    made.sort(key=lambda entry: (order.get(entry[0], len(order)), entry[0]))
    return tuple(made) if seen else None


def places(ranking: Ranking) -> dict[str, tuple[str, int]]:
    """Item -> (bucket, place in it)."""
    return {item: (bucket, place) for bucket, items in ranking for place, item in enumerate(items)}


def similarity(_: Control, a: Ranking, b: Ranking) -> float | None:
    """
    Share of the pairs of items that both arranged alike: each item in the same bucket and, where the two are in one
    bucket, in the same order. Without buckets that is (tau + 1) / 2 of Kendall's tau. One item alone: its bucket.

    None for rankings of more than MOST_ITEMS items.

    Source: Kendall (1938), A new measure of rank correlation, Biometrika 30(1/2), 81-93; the pairs that differ are the
    distance of Kemeny (1959), Mathematics without numbers, Daedalus 88(4).

    >>> similarity({}, (("r", ("a", "b", "c", "d")),), (("r", ("a", "c", "b", "d")),)) == 5 / 6
    True
    """
    left, right = places(a), places(b)
    items = sorted(left.keys() | right.keys())
    if len(items) > MOST_ITEMS:
        return None
    nowhere = ("", -1)
    both = [(left.get(item, nowhere), right.get(item, nowhere)) for item in items]
    if len(both) == 1:
        return float(both[0][0][0] == both[0][1][0])
    alike = 0
    for (a1, b1), (a2, b2) in combinations(both, 2):
        if a1[0] == b1[0] and a2[0] == b2[0]:
            alike += a1[0] != a2[0] or (a1[1] < a2[1]) == (b1[1] < b2[1])
    return alike / (len(both) * (len(both) - 1) // 2)


def merge(control: Control, answers: Sequence[Ranking], weights: Sequence[float]) -> Ranking | None:
    """
    Each item goes where most put it, and the items of a bucket are ordered by Borda count: the weight of those who put
    an item before another one of that bucket, summed over the others. Items with the same count stay in the order of
    their ids. An item whose bucket is tied is left out.

    None if the count tells nothing: every item is left out, or all counts are the same although the rankings differ.

    Source: Borda (1781), Mémoire sur les élections au scrutin, Histoire de l'Académie Royale des Sciences.
    """
    if not answers:
        return None
    if all(answer == answers[0] for answer in answers):
        return answers[0]
    used = usable(weights, len(answers))
    spots = [places(answer) for answer in answers]
    members: dict[str, list[str]] = {bucket: [] for answer in answers for bucket, _ in answer}
    for item in sorted({item for spot in spots for item in spot}):
        bucket = leader(tally((spot[item][0] if item in spot else None for spot in spots), weights))
        if isinstance(bucket, str):
            members[bucket].append(item)
    counts = {
        item: fsum(
            weight
            for other in items
            for spot, weight in zip(spots, used, strict=True)
            if item != other and _before(spot, bucket, item, other)
        )
        for bucket, items in members.items()
        for item in items
    }
    ordered = {
        bucket: sorted(items, key=lambda item: (-round(counts[item], 9), item)) for bucket, items in members.items()
    }
    full = [items for items in ordered.values() if items]
    if not full or (len(full) == 1 and len(full[0]) > 1 and len({round(count, 9) for count in counts.values()}) == 1):
        return None
    rank = {bucket["name"]: place for place, bucket in enumerate(control.get("buckets") or ())}
    return tuple(
        (name, tuple(ordered[name])) for name in sorted(ordered, key=lambda name: (rank.get(name, len(rank)), name))
    )


def _before(spot: dict[str, tuple[str, int]], bucket: str, item: str, other: str) -> bool:
    """Whether one person put *item* before *other* in *bucket*."""
    mine, its = spot.get(item), spot.get(other)
    return mine is not None and its is not None and mine[0] == its[0] == bucket and mine[1] < its[1]


def _name(control: Control) -> str:
    return "pairs of items arranged alike" if control.get("buckets") else "Kendall's tau, from 0 to 1"


RANKER = AnswerMetric(
    name=_name,
    read=read_ranking,
    similarity=similarity,
    merge=merge,
    supports=lambda _, __: True,  # every ranking is in the count
    write=lambda merged: {"ranker": {bucket: list(items) for bucket, items in merged}},
    key="ranker",
    blank=lambda _: None,
)
