"""Cohen's kappa: two people, nominal labels."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence

from labeling.consensus.reliability.ratings import UndefinedAgreement


def cohen_kappa(a: Sequence[Hashable | None], b: Sequence[Hashable | None]) -> float:
    """
    Agreement of two people beyond chance: 1 is perfect, 0 is chance, below 0 is worse.

    kappa = (p_o - p_c) / (1 - p_c), p_o the share of tasks with equal labels, p_c the share expected if both drew from
    their own label frequencies.

    Args:
        a, b: shape (N,), labels of the same N tasks; None where not labeled. Only tasks that both labeled count.
    Raises:
        UndefinedAgreement: no task has both labels, or both used one and the same label throughout (p_c = 1).
        ValueError: the lengths differ.

    Source: Cohen (1960), A coefficient of agreement for nominal scales, Educational and Psychological Measurement
    20(1), 37-46; `p_o`, `p_c` as there. His frequencies of two judges over 200 subjects (table 2) give .492:

    >>> table = [[88, 14, 18], [10, 40, 10], [2, 6, 12]]
    >>> a = [i for i, row in enumerate(table) for count in row for _ in range(count)]
    >>> b = [j for row in table for j, count in enumerate(row) for _ in range(count)]
    >>> round(cohen_kappa(a, b), 3)
    0.492
    """
    both = [(x, y) for x, y in zip(a, b, strict=True) if x is not None and y is not None]
    n = len(both)
    if n == 0:
        raise UndefinedAgreement("no task was labeled by both people", paired_tasks=0, labels_used=0)
    observed = sum(x == y for x, y in both)
    marginal_a, marginal_b = Counter(x for x, _ in both), Counter(y for _, y in both)
    chance = sum(count * marginal_b[label] for label, count in marginal_a.items())  # n * n * p_c, an int
    if chance == n * n:
        raise UndefinedAgreement("both people used one and the same label", paired_tasks=n, labels_used=1)
    return (observed * n - chance) / (n * n - chance)
