"""The labels of one control over a whole project, as numbers: what the models of people read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

Row = tuple[Hashable, Hashable, str, str]
"""(task, person, control, label): one person's label of one task."""


@dataclass(frozen=True)
class Votes:
    """
    The votes of one control. Tasks, people and labels are sorted, so the order of rows does not matter.

    tasks, people, labels: ids and names by number. of_task: by task (person, label) of each vote, as numbers, sorted.
    A person may vote more than once on a task.
    """

    tasks: tuple[Any, ...]
    people: tuple[Any, ...]
    labels: tuple[str, ...]
    of_task: tuple[tuple[tuple[int, int], ...], ...]

    def __len__(self) -> int:
        return sum(map(len, self.of_task))

    def units(self) -> list[list[str]]:
        """The labels of each task."""
        return [[self.labels[label] for _, label in votes] for votes in self.of_task]


def read(rows: Iterable[Row]) -> dict[str, Votes]:
    """The votes of each control, by its name."""
    by_control: dict[str, list[tuple[Hashable, Hashable, str]]] = {}
    for task, person, control, label in rows:
        by_control.setdefault(control, []).append((task, person, label))
    return {control: _coded(by_control[control]) for control in sorted(by_control)}


def _coded(rows: Sequence[tuple[Hashable, Hashable, str]]) -> Votes:
    tasks = sorted({row[0] for row in rows}, key=_natural)
    people = sorted({row[1] for row in rows}, key=_natural)
    labels = sorted({row[2] for row in rows})
    task_of = {task: number for number, task in enumerate(tasks)}
    person_of = {person: number for number, person in enumerate(people)}
    label_of = {label: number for number, label in enumerate(labels)}
    of_task: list[list[tuple[int, int]]] = [[] for _ in tasks]
    for task, person, label in rows:
        of_task[task_of[task]].append((person_of[person], label_of[label]))
    return Votes(tuple(tasks), tuple(people), tuple(labels), tuple(tuple(sorted(votes)) for votes in of_task))


def _natural(identity: Any) -> tuple[int, float, str]:
    """Numbers in their order, before texts in theirs."""
    if isinstance(identity, int | float):
        return (0, identity, "")
    return (1, 0, str(identity))


def majority(votes: Votes) -> list[int | None]:
    """By task the label (as a number) with the most votes; None where two have the most."""
    winners: dict[tuple[int, ...], int | None] = {}  # tasks outnumber the ways to vote
    found = []
    for given in votes.of_task:
        key = tuple(sorted([label for _, label in given]))
        if key not in winners:
            ranked = Counter(key).most_common(2)
            tied = len(ranked) == 2 and ranked[0][1] == ranked[1][1]
            winners[key] = None if tied or not ranked else ranked[0][0]
        found.append(winners[key])
    return found
