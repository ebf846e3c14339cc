"""Regions of several people: who marked the same thing, how much they agree, and what they marked together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from math import fsum
from typing import Any

from labeling.consensus.answers import vote
from labeling.consensus.boxes import box_candidates, box_iou, merge_boxes, read_box
from labeling.consensus.matching import best_matching
from labeling.consensus.model import Control, Json, Region
from labeling.consensus.spans import merge_spans, read_span, span_candidates, span_iou

IOU = 0.5
"""Two regions can be the same thing from this overlap on."""

_AT_LEAST = IOU - 1e-9  # 0.1 + 0.2 must not decide
_IOU_UNITS = 10**12


@dataclass(frozen=True)
class RegionMetric:
    """How regions of one control type are read, compared and merged. `key` is the member that holds the labels."""

    name: str
    key: str
    members: frozenset[str]
    read: Callable[[Json], Any]
    iou: Callable[[Any, Any], float]
    candidates: Callable[[Sequence[Any], Sequence[Any], float], list[tuple[int, int, float]]]
    merge: Callable[[Sequence[Any]], Json]


BOXES = RegionMetric(
    name="F1 of matched boxes at IoU 0.5",
    key="rectanglelabels",
    members=frozenset({"x", "y", "width", "height", "rotation"}),
    read=read_box,
    iou=box_iou,
    candidates=box_candidates,
    merge=merge_boxes,
)

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


@dataclass(frozen=True)
class Pairing:
    """Two people's regions of one control, compared.

    score: F1 of the regions matched with equal labels. matched: their number. mean_iou: of those, None if there are
    none. sizes: regions of each person. same: (index in a, index in b, IoU) matched whatever the labels, equal ones
    preferred.
    """

    score: float
    matched: int
    mean_iou: float | None
    sizes: tuple[int, int]
    same: tuple[tuple[int, int, float], ...]


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
    labels_a, labels_b = [frozenset(region.labels) for region in a], [frozenset(region.labels) for region in b]
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
        mean_iou=fsum(iou for _, _, iou in matched) / len(matched) if matched else None,
        sizes=(len(a), len(b)),
        same=tuple(same),
    )


def _candidates(metric: RegionMetric, a: Sequence[Region], b: Sequence[Region]) -> list[tuple[int, int, float]]:
    """Pairs on the same object and page whose IoU reaches the threshold."""
    pages: dict[tuple[str, int], tuple[list[int], list[int]]] = {}
    for side, regions in enumerate((a, b)):
        for index, region in enumerate(regions):
            pages.setdefault(region.page, ([], []))[side].append(index)
    found = []
    for left, right in pages.values():
        shapes_a, shapes_b = [a[i].shape for i in left], [b[j].shape for j in right]
        found += [(left[i], right[j], iou) for i, j, iou in metric.candidates(shapes_a, shapes_b, _AT_LEAST)]
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
        (sheets[p][i].labels != sheets[q][j].labels, -round(iou * _IOU_UNITS), p, q, i, j)
        for (p, q), pairing in pairings.items()
        for i, j, iou in pairing.same
    ]
    group_of = {(p, i): (p, i) for p, regions in enumerate(sheets) for i in range(len(regions))}
    groups: dict[tuple[int, int], dict[int, int]] = {node: {node[0]: node[1]} for node in group_of}
    for _, _, p, q, i, j in sorted(links):
        left, right = group_of[p, i], group_of[q, j]
        if left == right or groups[left].keys() & groups[right].keys():
            continue
        if len(groups[left]) + len(groups[right]) > 2:
            overlaps = [
                metric.iou(sheets[s][u].shape, sheets[t][v].shape)
                for s, u in groups[left].items()
                for t, v in groups[right].items()
            ]
            if fsum(overlaps) / len(overlaps) < _AT_LEAST:
                continue
        for node in groups[right].items():
            group_of[node] = left
        groups[left].update(groups.pop(right))
    return [Cluster({p: sheets[p][i] for p, i in sorted(group.items())}) for group in groups.values()]


def merged_labels(control: Control, found: Cluster) -> tuple[str, ...] | None:
    """The labels that the majority of a cluster gave, None if there is a tie."""
    ballots = [region.labels for region in found.members.values()]
    return vote(ballots, control.get("choice") == "multiple")  # type: ignore[return-value]  # ballots hold labels
