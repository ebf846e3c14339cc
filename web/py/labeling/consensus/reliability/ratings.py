"""The table that every coefficient reads, and the error for a coefficient that does not exist."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

from labeling.problems import LabelingError

Ratings = Sequence[Sequence[Hashable | None]]
"""Shape (M, N): M annotators by N tasks; None where a person did not label a task."""


class UndefinedAgreement(LabelingError):
    """The coefficient does not exist for these ratings; `reason` says why, `paired_tasks` and `labels_used` count."""

    def __init__(self, reason: str, *, paired_tasks: int, labels_used: int) -> None:
        super().__init__(reason)
        self.reason, self.paired_tasks, self.labels_used = reason, paired_tasks, labels_used


def units(ratings: Ratings) -> list[list[Hashable]]:
    """The labels of each task, without missing ones: a list of N lists.

    Raises:
        ValueError: the annotators' rows differ in length.
    """
    if len({len(row) for row in ratings}) > 1:
        raise ValueError(
            f"every annotator needs a row over the same tasks; got lengths {[len(row) for row in ratings]}"
        )
    return [[label for label in column if label is not None] for column in zip(*ratings, strict=True)]


def paired(tasks: Sequence[Sequence[Hashable]]) -> list[Sequence[Hashable]]:
    """Of the labels of each task those that at least two people gave.

    Raises:
        UndefinedAgreement: there is no such task.
    """
    found = [unit for unit in tasks if len(unit) > 1]
    if not found:
        raise UndefinedAgreement("no task was labeled by two people", paired_tasks=0, labels_used=0)
    return found
