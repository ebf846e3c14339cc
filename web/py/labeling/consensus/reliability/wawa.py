"""Worker agreement with aggregate: people are weighed by how often they say what the majority says."""

from __future__ import annotations

from dataclasses import dataclass
from math import fsum
from typing import Any

from labeling.consensus.reliability.votes import Votes, majority


@dataclass(frozen=True)
class Wawa:
    """skills: person -> share of their votes that are the majority's, 0..1; None if no task of theirs has a majority.

    labels: task -> the label with the most skill behind it; None where two have the same.
    """

    skills: dict[Any, float | None]
    labels: dict[Any, str | None]


def wawa(votes: Votes) -> Wawa:
    """
    Majority, skills from it, and the vote again, weighed by skill. Tasks without a majority say nothing about skill;
    in the second vote people without a skill count nothing.

    Source: Appen (2021), Calculating worker agreement with aggregate (Wawa); as in crowd-kit, which takes the first of
    two equal labels where this says None.
    """
    right, given = [0] * len(votes.people), [0] * len(votes.people)
    for label, unit in zip(majority(votes), votes.of_task, strict=True):
        if label is None:
            continue
        for person, said in unit:
            given[person] += 1
            right[person] += said == label
    skills = [mine / many if many else None for mine, many in zip(right, given, strict=True)]
    labels: dict[Any, str | None] = {}
    for task, unit in zip(votes.tasks, votes.of_task, strict=True):
        behind: dict[int, list[float]] = {}
        for person, said in unit:
            behind.setdefault(said, []).append(skills[person] or 0.0)
        ranked = sorted(((fsum(parts), said) for said, parts in behind.items()), reverse=True)
        tied = len(ranked) > 1 and ranked[0][0] - ranked[1][0] < 1e-9
        labels[task] = None if tied or not ranked else votes.labels[ranked[0][1]]
    return Wawa(dict(zip(votes.people, skills, strict=True)), labels)
