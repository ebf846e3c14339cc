"""Dawid and Skene's model: how each person errs on each label, and what each task probably is, from votes alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import fsum
from operator import add, mul, truediv
from typing import Any

from labeling.consensus.reliability.ratings import UndefinedAgreement
from labeling.consensus.reliability.votes import Votes

TOLERANCE = 1e-4
"""The largest change of a share or an error rate in the last round."""

ROUNDS = 100

_NOTHING = 1e-9  # a person whose tasks are all together less than this of a class saw none of it

Codes = tuple[int, ...]

_CHUNK = 32  # factors after which products are scaled: 32 error rates of 1e-9 are still a number


@dataclass(frozen=True)
class DawidSkene:
    """
    labels: K names. shares: of each label among the tasks, (K,). confusion: person -> (K, K), row: what a task is,
    column: what the person says; a row is None where the person saw no such task. probabilities: task -> (K,).
    rounds: how many were made; converged: whether the last one changed nothing above the tolerance.
    """

    labels: tuple[str, ...]
    shares: tuple[float, ...]
    confusion: dict[Any, tuple[tuple[float, ...] | None, ...]]
    probabilities: dict[Any, tuple[float, ...]]
    rounds: int
    converged: bool

    def label(self, task: Any) -> str | None:
        """The most probable label of a task; None where two are equally probable."""
        given = self.probabilities[task]
        best = max(given)
        first = given.index(best)
        return None if any(p >= best - 1e-9 for p in given[first + 1 :]) else self.labels[first]

    def accuracy(self, person: Any) -> float:
        """How often the person is right, over the shares of the labels that the person saw, 0..1."""
        rows = self.confusion[person]
        seen = [
            (share, row[k]) for k, (share, row) in enumerate(zip(self.shares, rows, strict=True)) if row is not None
        ]
        whole = fsum(share for share, _ in seen)
        return fsum(share * right for share, right in seen) / whole if whole else 0.0


def dawid_skene(votes: Votes, tolerance: float = TOLERANCE, rounds: int = ROUNDS, smoothing: float = 0.0) -> DawidSkene:
    """
    Maximum likelihood by EM. It starts from the shares of the votes of each task (as in the source): there is no chance
    in it. `rounds=1` is the quick form: people against the majority, tasks weighed once by that.

    Args:
        votes: of one control. tolerance: see TOLERANCE. smoothing: votes that are added to each cell of each confusion
            matrix; 0 is the source's estimate, which takes a person who never erred for one who never errs.
    Raises:
        UndefinedAgreement: there are no votes, or all votes are one label.

    Source: Dawid and Skene (1979), Maximum likelihood estimation of observer error-rates using the EM algorithm,
    Journal of the Royal Statistical Society, Series C 28(1), 20-28.

    Only + * and / are used: the same numbers on every platform.
    """
    if len(votes.labels) < 2:
        reason = "all votes are the same" if votes.labels else "there are no votes"
        raise UndefinedAgreement(reason, paired_tasks=0, labels_used=len(votes.labels))
    table = _Table(votes)
    posterior = table.start()
    shares: list[float] = []
    rates: list[list[float]] = []
    converged, made = False, 0
    while made < max(1, rounds) and not converged:
        made += 1
        new_shares, new_rates = table.maximise(posterior, smoothing)
        posterior = table.expect(new_shares, new_rates, posterior)
        converged = bool(shares) and _change(shares, new_shares, rates, new_rates) < tolerance
        shares, rates = new_shares, new_rates
    return table.result(posterior, shares, rates, made, converged)


def _change(
    a: Sequence[float], b: Sequence[float], p: Sequence[Sequence[float]], q: Sequence[Sequence[float]]
) -> float:
    rows = (abs(x - y) for left, right in zip(p, q, strict=True) for x, y in zip(left, right, strict=True))
    return max(max(abs(x - y) for x, y in zip(a, b, strict=True)), max(rows, default=0.0))


def _times(line: list[float], rate: Sequence[float], columns: Sequence[Codes]) -> list[float]:
    """Each value of *line* times the rates of its codes. Three columns at a time: a third of the lists."""
    place = 0
    while place < len(columns):
        some = columns[place : place + 3]
        if len(some) == 3:
            line = [x * rate[a] * rate[b] * rate[c] for x, a, b, c in zip(line, *some, strict=True)]
        elif len(some) == 2:
            line = [x * rate[a] * rate[b] for x, a, b in zip(line, *some, strict=True)]
        else:
            line = [x * rate[a] for x, a in zip(line, *some, strict=True)]
        place += 3
    return line


class _Table:
    """
    Votes as columns of numbers. Tasks with the same votes (by the same people) are one pattern with a count.

    A code is person * K + label. Patterns are sorted by their number of votes. blocks: (first pattern, how many,
    their codes by place). rates[k][code]: probability that the person says the label of a task that is k.
    """

    def __init__(self, votes: Votes) -> None:
        self.votes, self.classes = votes, len(votes.labels)
        number_of: dict[tuple[int, ...], int] = {}
        keys = [tuple(person * self.classes + label for person, label in given) for given in votes.of_task]
        for key in sorted(set(keys), key=lambda key: (len(key), key)):
            number_of[key] = len(number_of)
        self.pattern_of = [number_of[key] for key in keys]
        patterns = list(number_of)
        self.counts = [0.0] * len(patterns)
        for number in self.pattern_of:
            self.counts[number] += 1.0
        self.blocks: list[tuple[int, int, list[Codes]]] = []
        first = 0
        while first < len(patterns):
            size = len(patterns[first])
            last = first
            while last < len(patterns) and len(patterns[last]) == size:
                last += 1
            self.blocks.append((first, last - first, list(zip(*patterns[first:last], strict=True))))
            first = last
        self.patterns = patterns

    def start(self) -> list[list[float]]:
        """By class and pattern: the share of the votes."""
        made = [[0.0] * len(self.patterns) for _ in range(self.classes)]
        for number, key in enumerate(self.patterns):
            for code in key:
                made[code % self.classes][number] += 1.0 / len(key)
        return made

    def maximise(self, posterior: list[list[float]], smoothing: float) -> tuple[list[float], list[list[float]]]:
        """Shares of the classes, and rates; a person who saw nothing of a class says nothing about it (rates 1 / K)."""
        tasks = len(self.pattern_of)
        weighted = [list(map(mul, line, self.counts)) for line in posterior]
        shares = [fsum(line) / tasks for line in weighted]
        rates = []
        for line in weighted:
            sums = self.sums(line, smoothing)
            made: list[float] = []
            for base in range(0, len(sums), self.classes):
                row = sums[base : base + self.classes]
                whole = fsum(row)
                made += [value / whole for value in row] if whole > 0 else [1 / self.classes] * self.classes
            rates.append(made)
        return shares, rates

    def sums(self, line: Sequence[float], start: float = 0.0) -> list[float]:
        """By code: *start* and the values in *line* of the patterns that have it."""
        found = [start] * (len(self.votes.people) * self.classes)
        for first, size, columns in self.blocks:
            values = line[first : first + size]
            for column in columns:
                for code, value in zip(column, values, strict=True):
                    found[code] += value
        return found

    def expect(self, shares: list[float], rates: list[list[float]], before: list[list[float]]) -> list[list[float]]:
        """By class and pattern: how probable it is."""
        made: list[list[float]] = [[] for _ in shares]
        for first, size, columns in self.blocks:
            lines = [[share] * size for share in shares]
            for begin in range(0, len(columns), _CHUNK):
                for k, line in enumerate(lines):
                    lines[k] = _times(line, rates[k], columns[begin : begin + _CHUNK])
                if len(columns) > _CHUNK:
                    highest = [top or 1.0 for top in map(max, *lines)]
                    lines = [list(map(truediv, line, highest)) for line in lines]
            totals = lines[0]
            for line in lines[1:]:
                totals = list(map(add, totals, line))
            if 0.0 in totals:  # too improbable for a number: what was believed before stays
                for place in [place for place, total in enumerate(totals) if total == 0.0]:
                    totals[place] = 1.0
                    for k, line in enumerate(lines):
                        line[place] = before[k][first + place]
            for k, line in enumerate(lines):
                made[k] += map(truediv, line, totals)
        return made

    def result(
        self, posterior: list[list[float]], shares: list[float], rates: list[list[float]], rounds: int, converged: bool
    ) -> DawidSkene:
        by_pattern = list(zip(*posterior, strict=True))
        seen = [self.sums(list(map(mul, line, self.counts))) for line in posterior]
        confusion: dict[Any, tuple[tuple[float, ...] | None, ...]] = {}
        for number, person in enumerate(self.votes.people):
            codes = slice(number * self.classes, (number + 1) * self.classes)
            confusion[person] = tuple(
                tuple(rates[k][codes]) if fsum(seen[k][codes]) > _NOTHING else None for k in range(self.classes)
            )
        chances = {task: by_pattern[self.pattern_of[place]] for place, task in enumerate(self.votes.tasks)}
        return DawidSkene(self.votes.labels, tuple(shares), confusion, chances, rounds, converged)
