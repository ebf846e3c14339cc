"""Percent agreement: how often two people say the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence
from math import fsum

from labeling.consensus.reliability.ratings import Ratings, paired, units


def percent_agreement(ratings: Ratings) -> float:
    """
    Mean over tasks of the share of equal pairs among all pairs of people, 0..1. Chance is not taken out.

    Args:
        ratings: shape (M, N), M annotators by N tasks; None where not labeled. Tasks with one label are left out.
    Raises:
        UndefinedAgreement: no task was labeled by two people.

    Source: Fleiss (1971), Measuring nominal scale agreement among many raters, Psychological Bulletin 76(5), eq. 2 and
    3 (`P_i`, mean `P`), here with n_i labels of task i.

    >>> percent_agreement([["a", "a", "b"], ["a", "b", None]])
    0.5
    """
    return percent_of(units(ratings))


def percent_of(tasks: Sequence[Sequence[Hashable]]) -> float:
    """`percent_agreement` of the labels of each task."""
    shares = []
    for unit in paired(tasks):
        n = len(unit)
        shares.append(sum(count * (count - 1) for count in Counter(unit).values()) / (n * (n - 1)))
    return fsum(shares) / len(shares)
