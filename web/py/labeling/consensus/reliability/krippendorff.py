"""Krippendorff's alpha: any number of people, missing labels, nominal, ordinal or interval."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from itertools import permutations
from math import fsum
from typing import Any, Literal

from labeling.consensus.reliability.ratings import Ratings, UndefinedAgreement, paired, units

Level = Literal["nominal", "ordinal", "interval"]


def krippendorff_alpha(ratings: Ratings, level: Level = "nominal") -> float:
    """
    Agreement beyond chance: 1 is perfect, 0 is chance, below 0 is worse.

    alpha = 1 - D_o / D_e, the observed over the expected disagreement, from the coincidences o_ck of labels within
    tasks. Squared difference of c and k: nominal 0 or 1; ordinal (sum of n_g from c to k - (n_c + n_k) / 2)^2; interval
    (c - k)^2.

    Args:
        ratings: shape (M, N), M annotators by N tasks; None where not labeled. Numbers for ordinal and interval.
    Raises:
        UndefinedAgreement: no task was labeled by two people, or paired tasks use fewer than two labels.

    Source: Krippendorff (2011), Computing Krippendorff's Alpha-Reliability, section C and E; `o`, `n` as there. Its
    table of 4 people and 12 tasks:

    >>> _ = None
    >>> table = [
    ...     [1, 2, 3, 3, 2, 1, 4, 1, 2, _, _, _],
    ...     [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, _, 3],
    ...     [_, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, _],
    ...     [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, _],
    ... ]
    >>> [round(krippendorff_alpha(table, level), 3) for level in ("nominal", "ordinal", "interval")]
    [0.743, 0.815, 0.849]
    """
    return alpha_of(units(ratings), level)


def alpha_of(labels: Sequence[Sequence[Hashable]], level: Level = "nominal") -> float:
    """`krippendorff_alpha` of the labels of each task."""
    tasks = paired(labels)
    terms: dict[tuple[Hashable, Hashable], list[float]] = {}
    for unit in tasks:
        counts = Counter(unit)
        for c, many in counts.items():
            terms.setdefault((c, c), []).append(many * (many - 1) / (len(unit) - 1))
        for c, k in permutations(counts, 2):
            terms.setdefault((c, k), []).append(counts[c] * counts[k] / (len(unit) - 1))
    o = {pair: fsum(parts) for pair, parts in terms.items()}
    n_c = Counter(label for unit in tasks for label in unit)
    n = n_c.total()
    if len(n_c) < 2:
        raise UndefinedAgreement("all paired labels are the same", paired_tasks=len(tasks), labels_used=len(n_c))
    delta = _difference(level, n_c)
    observed = fsum(weight * delta(c, k) for (c, k), weight in o.items())
    expected = fsum(n_c[c] * n_c[k] * delta(c, k) for c, k in permutations(n_c, 2)) / (n - 1)
    return 1.0 - observed / expected


def _difference(level: Level, n_c: Counter[Hashable]) -> Callable[[Any, Any], float]:
    """The squared difference of two labels."""
    if level == "nominal":
        return lambda c, k: float(c != k)
    if level == "interval":
        return lambda c, k: float((c - k) ** 2)
    ranks: dict[Hashable, float] = {}
    below = 0
    for label in sorted(n_c, key=lambda label: label):  # type: ignore[return-value, arg-type]  # numbers, see Args
        ranks[label] = below + n_c[label] / 2  # middle of the label's places; differences are the source's sums
        below += n_c[label]
    return lambda c, k: (ranks[c] - ranks[k]) ** 2
