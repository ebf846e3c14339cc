"""Fleiss' kappa: a fixed number of labels for each task, by any people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence
from fractions import Fraction

from labeling.consensus.reliability.ratings import Ratings, UndefinedAgreement, units


def fleiss_kappa(ratings: Ratings) -> float:
    """
    Agreement beyond chance where every task has the same number of labels: 1 is perfect, 0 is chance.

    kappa = (P - P_e) / (1 - P_e), P the mean share of equal pairs in a task, P_e the sum of the squared label shares.

    Args:
        ratings: shape (M, N), M annotators by N tasks; None where not labeled. Which people labeled a task may differ.
    Raises:
        UndefinedAgreement: tasks have different numbers of labels (use Krippendorff's alpha), fewer than two labels, or
            all labels are one and the same (P_e = 1).

    Source: Fleiss (1971), Measuring nominal scale agreement among many raters, Psychological Bulletin 76(5), 378-382.

    >>> round(fleiss_kappa([["a", "b", "a"], ["a", "b", "b"], ["a", "b", "a"]]), 3)
    0.55
    """
    return fleiss_of(units(ratings))


def fleiss_of(tasks: Sequence[Sequence[Hashable]]) -> float:
    """`fleiss_kappa` of the labels of each task."""
    used = {label for unit in tasks for label in unit}
    sizes = {len(unit) for unit in tasks}
    if len(sizes) != 1 or min(sizes) < 2:
        reason = (
            "tasks have different numbers of labels; use Krippendorff's alpha"
            if len(sizes) > 1
            else "no task was labeled by two people"
        )
        enough = sum(len(unit) > 1 for unit in tasks)
        raise UndefinedAgreement(reason, paired_tasks=enough, labels_used=len(used))
    if len(used) < 2:
        raise UndefinedAgreement("all labels are the same", paired_tasks=len(tasks), labels_used=len(used))
    n = sizes.pop()
    pairs = sum(count * (count - 1) for unit in tasks for count in Counter(unit).values())
    agreement = Fraction(pairs, len(tasks) * n * (n - 1))
    totals = Counter(label for unit in tasks for label in unit)
    chance = Fraction(sum(count * count for count in totals.values()), (len(tasks) * n) ** 2)
    return float((agreement - chance) / (1 - chance))
