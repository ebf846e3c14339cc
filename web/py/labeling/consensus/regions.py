"""Regions of several people: who marked the same thing, how much they agree, and what they marked together."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, replace
from math import fsum
from typing import Any

from labeling import reading
from labeling.consensus.matching import best_matching
from labeling.consensus.model import Json, Region
from labeling.consensus.spans import merge_spans, read_span, span_candidates, span_iou
from labeling.plan_index import OptionTable

IOU = 0.5
"""Two regions can be the same thing from this overlap on."""

DECIMALS = 9
"""Of every overlap: the last bits of a machine's sine or exponential must not show in what is stored."""

_AT_LEAST = IOU - 1e-9  # 0.1 + 0.2 must not decide
_IOU_UNITS = 10**DECIMALS


def item_page(item: Json) -> Hashable:
    """The page of an image that a region is on (`item_index`, from 0)."""
    return reading.whole(item.get("item_index")) or 0


@dataclass(frozen=True)
class RegionMetric:
    """
    How regions of one control type are read, compared and merged.

    name: as reports print it. key: member of `value` that holds the labels, None for plain shapes (they have none of
    their own). members: of `value` that are the geometry. read: the shape of a stored result, None if it cannot be
    read. iou: overlap (or scaled closeness) of two shapes, 0..1. candidates: all pairs (index in a, index in b, IoU)
    with at least that IoU, sorted. merge: the geometry of several shapes, with the weight of each; equal shapes give
    back what is stored. lane: what keeps regions of one object apart, e.g. the page. said, write: labels of a result's
    value and back, where they are no list of texts; None if they cannot be read.
    """

    name: str
    key: str | None
    members: frozenset[str]
    read: Callable[[Json], Any]
    iou: Callable[[Any, Any], float]
    candidates: Callable[[Sequence[Any], Sequence[Any], float], list[tuple[int, int, float]]]
    merge: Callable[[Sequence[Any], Sequence[float]], Json]
    lane: Callable[[Json], Hashable] = item_page
    said: Callable[[Json, OptionTable], tuple[str, ...] | None] | None = None
    write: Callable[[Sequence[str]], list[Any]] = list

    @property
    def known(self) -> frozenset[str]:
        """Members of `value` that are written anew."""
        return self.members | {self.key} if self.key else self.members


@dataclass(frozen=True)
class Pairing:
    """Two people's regions of one control, compared.

    score: F1 of the regions matched with equal labels. matched: their number. mean_iou: of those, None if there are
    none. sizes: regions of each person. same: (index in a, index in b, IoU) matched whatever the labels, equal ones
    preferred. equal: of each of `same`, whether the labels are equal.
    """

    score: float
    matched: int
    mean_iou: float | None
    sizes: tuple[int, int]
    same: tuple[tuple[int, int, float], ...]
    equal: tuple[bool, ...] = ()

    @property
    def found(self) -> float:
        """F1 of the regions matched by place alone; 1 if nobody marked anything."""
        return 2 * len(self.same) / sum(self.sizes) if any(self.sizes) else 1.0

    @property
    def placed(self) -> float | None:
        """Mean overlap of the regions matched by place; None without any."""
        return _mean([iou for _, _, iou in self.same])

    @property
    def named(self) -> float | None:
        """Share of the regions matched by place that have equal labels; None without any."""
        return sum(self.equal) / len(self.equal) if self.equal else None


def compare(metric: RegionMetric, a: Sequence[Region], b: Sequence[Region]) -> Pairing:
    """
    Match the regions of two people one to one.

    F1 = 2 m / (|a| + |b|), m regions matched with IoU >= 0.5 and the same set of labels. The matching is the one with
    the most pairs and, among those, the largest sum of IoU. Both empty: 1.0, they agree that nothing is there.

    Raises:
        TooManyPairs: too many regions lie on each other to be matched exactly.

    Source: Hripcsak and Rothschild (2005), Agreement, the F-measure, and reliability in information retrieval, JAMIA
    12(3): F1 between two people is what kappa tends to where the things that nobody marked cannot be counted.
    """
    if not a and not b:
        return Pairing(1.0, 0, None, (0, 0), ())
    found = _candidates(metric, a, b)
    labels_a, labels_b = [region.said for region in a], [region.said for region in b]
    equal = [labels_a[i] == labels_b[j] for i, j, _ in found]
    # The last gain decides only between equal matchings: of identical regions, those with the same id are paired.
    units = [(round(iou * _IOU_UNITS), int(a[i].id == b[j].id)) for i, j, iou in found]

    labelled = [index for index, same_labels in enumerate(equal) if same_labels]
    chosen = best_matching([(*found[index][:2], units[index]) for index in labelled])
    matched = [found[labelled[index]] for index in chosen]
    if len(labelled) == len(found):
        same = matched
    else:
        both = [(i, j, (int(e), *u)) for (i, j, _), e, u in zip(found, equal, units, strict=True)]
        same = [found[index] for index in best_matching(both)]
    return Pairing(
        score=2 * len(matched) / (len(a) + len(b)),
        matched=len(matched),
        mean_iou=_mean([iou for _, _, iou in matched]),
        sizes=(len(a), len(b)),
        same=tuple(same),
        equal=tuple(labels_a[i] == labels_b[j] for i, j, _ in same),
    )


def _mean(overlaps: Sequence[float]) -> float | None:
    return round(fsum(overlaps) / len(overlaps), DECIMALS) if overlaps else None


def _candidates(metric: RegionMetric, a: Sequence[Region], b: Sequence[Region]) -> list[tuple[int, int, float]]:
    """Pairs on the same object and page whose IoU reaches the threshold."""
    pages: dict[tuple[str, Hashable], tuple[list[int], list[int]]] = {}
    for side, regions in enumerate((a, b)):
        for index, region in enumerate(regions):
            pages.setdefault(region.page, ([], []))[side].append(index)
    found = []
    for left, right in pages.values():
        if not left or not right:
            continue
        shapes_a, shapes_b = [a[i].shape for i in left], [b[j].shape for j in right]
        pairs = metric.candidates(shapes_a, shapes_b, _AT_LEAST)
        found += [(left[i], right[j], round(iou, DECIMALS)) for i, j, iou in pairs]
    return sorted(found)


@dataclass(frozen=True)
class Cluster:
    """One thing, as marked by some people: index of the person -> region. At most one region of each."""

    members: dict[int, Region]


def cluster(
    metric: RegionMetric, sheets: Sequence[Sequence[Region]], pairings: dict[tuple[int, int], Pairing]
) -> list[Cluster]:
    """
    Group the regions of n people into things. Every region is in exactly one cluster.

    Matching n sets at once is NP-hard for n > 2, so clusters grow from the exact pairwise matchings: the surest pairs
    first (equal labels, then IoU), two groups join if no person is in both and if the mean IoU over all pairs between
    them reaches 0.5, so that a chain of half overlaps does not end far from where it began. For two people this is the
    optimal matching itself.

    Args:
        sheets: regions of each person, in an order that does not depend on who submitted first.
        pairings: (p, q) with p < q -> their Pairing.
    """
    links = [
        (not equal, -round(iou * _IOU_UNITS), p, q, i, j)
        for (p, q), pairing in pairings.items()
        for (i, j, iou), equal in zip(pairing.same, pairing.equal, strict=True)
    ]
    group_of = {(p, i): (p, i) for p, regions in enumerate(sheets) for i in range(len(regions))}
    groups: dict[tuple[int, int], dict[int, int]] = {node: {node[0]: node[1]} for node in group_of}
    known = {(p, i, q, j): iou for (p, q), pairing in pairings.items() for i, j, iou in pairing.same}

    def overlap(p: int, i: int, q: int, j: int) -> float:
        if p > q:
            p, i, q, j = q, j, p, i
        found = known.get((p, i, q, j))
        return metric.iou(sheets[p][i].shape, sheets[q][j].shape) if found is None else found

    for _, _, p, q, i, j in sorted(links):
        left, right = group_of[p, i], group_of[q, j]
        if left == right or groups[left].keys() & groups[right].keys():
            continue
        if len(groups[left]) + len(groups[right]) > 2:
            overlaps = [overlap(s, u, t, v) for s, u in groups[left].items() for t, v in groups[right].items()]
            if fsum(overlaps) / len(overlaps) < _AT_LEAST:
                continue
        for node in groups[right].items():
            group_of[node] = left
        groups[left].update(groups.pop(right))
    return [Cluster({p: sheets[p][i] for p, i in sorted(group.items())}) for group in groups.values()]


SPANS = RegionMetric(
    name="F1 of matched spans at IoU 0.5",
    key="labels",
    members=frozenset({"start", "end", "text"}),
    read=read_span,
    iou=span_iou,
    candidates=span_candidates,
    merge=merge_spans,
)

HYPERTEXT_SPANS = replace(SPANS, key="hypertextlabels")
"""HyperTextLabels on a plain Text."""
