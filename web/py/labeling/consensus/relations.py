"""Links between regions of several people: how much they agree, and which ones most people drew."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from labeling import reading
from labeling.consensus.answers import vote
from labeling.consensus.model import Json, Link, Sheet
from labeling.consensus.weighing import most
from labeling.plan_index import RelationLabels

NAME = "relations"
"""The name under which links have a weight in the agreement of a task."""

METRIC = "F1 of links between matched regions"

Same = Mapping[str, str]
"""Region of one person -> the region of the other that means the same thing."""


def read_link(item: Json, index: int, known: RelationLabels | None) -> Link | str:
    """The link of a stored relation, its ends in the order of the arrow; the reason as text if it cannot be read."""
    start, end = item.get("from_id"), item.get("to_id")
    if not isinstance(start, str) or not isinstance(end, str):
        return "a relation needs from_id and to_id"
    labels = item.get("labels")
    texts = reading.strings(labels) if labels is not None else ()
    if texts is None:
        return "the labels of a relation must be a list of texts"
    table = known.table if known else None
    stored = tuple(dict.fromkeys((table.stored(text) if table else None) or text for text in texts))
    direction = item.get("direction")
    if direction == "left":
        start, end = end, start
    return Link(start, end, str(direction), stored, index, item)


def ends(link: Link) -> Hashable:
    """What two links between the same regions have in common: both ends, and which way it goes."""
    return frozenset((link.start, link.end)) if link.direction == "bi" else (link.start, link.end)


def pair_score(a: Sheet, b: Sheet, same: Same) -> Json:
    """
    F1 of the links of two people: a link of *b* is one of *a* if its ends are the same things, it goes the same way and
    has the same labels. If neither drew one: 1 where at least two regions are the same things, else there was nothing
    to link.

    Args:
        same: region of *b* -> region of *a*.
    """
    left = {(ends(link), frozenset(link.labels)) for link in a.links}
    right: set[Any] = set()
    for place, link in enumerate(b.links):
        start, end = same.get(link.start), same.get(link.end)
        if start is None or end is None:
            right.add(place)  # it cannot be matched
        else:
            moved = replace(link, start=start, end=end)
            right.add((ends(moved), frozenset(moved.labels)))
    if not left and not right:
        enough = len(same) >= 2
        empty = {"matched": 0, "only_a": 0, "only_b": 0}
        return {"score": 1.0, **empty} if enough else {"score": None, "reason": "no two regions were marked by both"}
    matched = len(left & right)
    score = 2 * matched / (len(left) + len(right))
    return {"score": score, "matched": matched, "only_a": len(left) - matched, "only_b": len(right) - matched}


@dataclass(frozen=True)
class Merged:
    """A link between merged regions, as stored. by: places of the sheets that have it. reason: why it is not kept."""

    row: Json
    by: tuple[int, ...]
    reason: str | None


def merge(sheets: Sequence[Sheet], region_of: Callable[[int, str], str | None], several: bool) -> list[Merged]:
    """
    Links that more than half of the people (by weight) drew between two merged regions, whatever its labels; the
    direction and the labels are then voted on. Links of regions that were not merged are left out.

    Args:
        region_of: (place of the sheet, region) -> merged region, None if it was not kept.
        several: whether a link may have several labels.
    """
    drawn: dict[frozenset[str], dict[int, Link]] = {}
    for person, sheet in enumerate(sheets):
        for link in sheet.links:
            start, end = region_of(person, link.start), region_of(person, link.end)
            if start is None or end is None or start == end:
                continue
            moved = replace(link, start=start, end=end)
            drawn.setdefault(frozenset((start, end)), {}).setdefault(person, moved)
    everybody = [sheet.weight for sheet in sheets]
    made = []
    for pair, links in drawn.items():
        weights = [sheets[person].weight for person in links]
        ways = [("bi", *sorted(pair)) if x.direction == "bi" else ("right", x.start, x.end) for x in links.values()]
        way = vote([(way,) for way in ways], False, weights)
        labels = vote([link.labels for link in links.values()], several, weights)
        reason = None
        if not most(weights, everybody):
            reason = f"drawn by {len(links)} of {len(sheets)}"
        elif way is None:
            reason = "the direction is tied"
        elif labels is None:
            reason = "the label is tied"
        chosen = ways[0] if way is None else way[0]
        row = _row(links.values(), chosen, tuple(map(str, labels or ())))  # type: ignore[arg-type]  # ballots hold ways
        made.append(Merged(row, tuple(links), reason))
    return sorted(made, key=lambda link: (link.row["from_id"], link.row["to_id"]))


def _row(links: Collection[Link], way: tuple[str, str, str], labels: tuple[str, ...]) -> Json:
    """The link as results hold it: written from the other end, or with other members, where all sources are."""
    direction, start, end = way
    first = next(iter(links)).item
    if direction == "right" and all(link.direction == "left" for link in links):
        direction, start, end = "left", end, start
    if direction == "bi" and len({(link.start, link.end) for link in links}) == 1:
        start, end = next((link.start, link.end) for link in links)
    row: Json = {"type": "relation", "from_id": start, "to_id": end, "direction": direction}
    if labels or any("labels" in link.item for link in links):
        row["labels"] = list(labels)
    others = {key: value for key, value in first.items() if key not in (*row, "labels")}
    row.update({key: value for key, value in others.items() if all(link.item.get(key) == value for link in links)})
    return row
