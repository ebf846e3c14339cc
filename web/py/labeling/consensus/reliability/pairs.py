"""Who agrees with whom, which labels are taken for each other, and how each person does against known labels."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from labeling.consensus.reliability.votes import Votes


@dataclass(frozen=True)
class Pair:
    """Two people on the tasks that both labeled. equal of n; kappa is Cohen's, None (with a reason) if undefined."""

    n: int
    equal: int
    kappa: float | None
    reason: str | None = None

    @property
    def agreement(self) -> float:
        """Share of equal labels, 0..1."""
        return self.equal / self.n


def agreement_matrix(votes: Votes) -> dict[tuple[Any, Any], Pair]:
    """
    Each two people who have a task in common, in the order of `votes.people`.

    Source of kappa: Cohen (1960), see cohen.py; here from counts.
    """
    tables: dict[tuple[int, int], Counter[tuple[int, int]]] = {}
    for unit in votes.of_task:
        for (p, a), (q, b) in combinations(unit, 2):
            if p != q:
                tables.setdefault((p, q), Counter())[a, b] += 1
    return {(votes.people[p], votes.people[q]): _pair(tables[p, q]) for p, q in sorted(tables)}


def _pair(table: Counter[tuple[int, int]]) -> Pair:
    n = table.total()
    equal = sum(count for (a, b), count in table.items() if a == b)
    left: Counter[int] = Counter()
    right: Counter[int] = Counter()
    for (a, b), count in table.items():
        left[a] += count
        right[b] += count
    chance = sum(count * right[label] for label, count in left.items())
    if chance == n * n:
        return Pair(n, equal, None, "both people used one and the same label")
    return Pair(n, equal, (equal * n - chance) / (n * n - chance))


def label_pairs(votes: Votes) -> dict[tuple[str, str], int]:
    """How often two people gave one task the labels a and b: (a, b) -> pairs of people, a <= b."""
    found: Counter[tuple[int, int]] = Counter()
    for unit in votes.of_task:
        for (p, a), (q, b) in combinations(unit, 2):
            if p != q:
                found[min(a, b), max(a, b)] += 1
    return {(votes.labels[a], votes.labels[b]): found[a, b] for a, b in sorted(found)}


@dataclass(frozen=True)
class LabelScore:
    """One person and label against known labels. given, true, right: counts; None where there is nothing to divide."""

    given: int
    true: int
    right: int

    @property
    def precision(self) -> float | None:
        """Of what the person called so, the share that is."""
        return self.right / self.given if self.given else None

    @property
    def recall(self) -> float | None:
        """Of what is so, the share that the person called so."""
        return self.right / self.true if self.true else None


def confusion(votes: Votes, truth: Mapping[Any, str | None]) -> dict[Any, dict[tuple[str, str], int]]:
    """Person -> (what the task is, what the person said) -> how often. Tasks without a known label are left out."""
    found: dict[Any, Counter[tuple[str, str]]] = {person: Counter() for person in votes.people}
    for task, unit in zip(votes.tasks, votes.of_task, strict=True):
        known = truth.get(task)
        if known is not None:
            for person, said in unit:
                found[votes.people[person]][known, votes.labels[said]] += 1
    return {person: dict(sorted(counts.items())) for person, counts in found.items()}


def label_scores(counts: Mapping[tuple[str, str], int]) -> dict[str, LabelScore]:
    """Precision and recall of each label from one person's `confusion`."""
    given: Counter[str] = Counter()
    true: Counter[str] = Counter()
    for (known, said), count in counts.items():
        true[known] += count
        given[said] += count
    return {
        label: LabelScore(given[label], true[label], counts.get((label, label), 0)) for label in sorted(given | true)
    }
