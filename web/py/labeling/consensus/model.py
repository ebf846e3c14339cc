"""What the steps of a consensus hand to each other: answers, regions and one sheet for each annotation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]
Control = Mapping[str, Any]
Slot = str | int | None
"""Where one answer belongs: the whole object (None), a page (int) or a region (its id)."""


@dataclass(frozen=True)
class Answer:
    """One stored result of a classification control. `value` is in the form its metric compares."""

    id: str
    index: int
    value: Any
    item: Json


@dataclass(frozen=True)
class Region:
    """One stored result of a labels control. `shape` is a Box or a Span; `page` keeps objects and pages apart."""

    id: str
    index: int
    labels: tuple[str, ...]
    shape: Any
    page: tuple[str, int]
    item: Json


@dataclass
class Sheet:
    """All that one annotation says, sorted by control.

    annotation, version: ids as stored. answers: control -> slot -> Answer. regions: control -> id -> Region,
    in stored order. hidden: names of controls that this person could not see.
    """

    annotation: Any
    version: Any
    answers: dict[str, dict[Slot, Answer]] = field(default_factory=dict)
    regions: dict[str, dict[str, Region]] = field(default_factory=dict)
    hidden: frozenset[str] = frozenset()

    def answer(self, control: str, slot: Slot) -> Answer | None:
        """The answer of *control* at *slot*, or None if there is none."""
        return self.answers.get(control, {}).get(slot)


def tidy(value: float) -> int | float:
    """The number as JSON writes it best: 10 for 10.0, 0 for -0.0, else unchanged."""
    if value == int(value) and abs(value) < 2**53:
        return int(value)
    return value


def median_low(values: Sequence[int]) -> int:
    """The middle value; of two middle ones the lower, so that it is always a value that somebody gave."""
    return sorted(values)[(len(values) - 1) // 2]
