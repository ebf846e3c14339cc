"""What the steps of a consensus hand to each other: answers, regions and one sheet for each annotation."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
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
class Mark:
    """Labels that a Labels control gives to a region which another control makes: one stored result."""

    index: int
    labels: tuple[str, ...]
    item: Json


@dataclass(slots=True, eq=False)  # not frozen, as that takes twice the time for each of thousands; nobody changes it
class Region:
    """One stored region. `labels`: those of the control that made it; `marks`: labels of others, by control.

    shape: as the control's metric reads it. page: object and lane (page, channel); only regions of the same one can
    match. own: whether a result of the control itself is stored; else only `marks` told of the region.
    """

    id: str
    index: int
    labels: tuple[str, ...]
    shape: Any
    page: tuple[str, Hashable]
    item: Json
    marks: dict[str, Mark] = field(default_factory=dict)
    own: bool = True

    @property
    def said(self) -> frozenset[Hashable]:
        """All that the person called it: two regions have equal labels if this is equal."""
        if not self.marks:
            return frozenset(self.labels)
        return frozenset((*self.labels, *((name, label) for name, mark in self.marks.items() for label in mark.labels)))


@dataclass(frozen=True)
class Link:
    """One stored relation: from the region start to the region end as the arrow goes; direction: as stored."""

    start: str
    end: str
    direction: str
    labels: tuple[str, ...]
    index: int
    item: Json


@dataclass
class Sheet:
    """All that one annotation says, sorted by control.

    annotation, version: ids as stored. answers: control -> slot -> Answer. regions: control -> id -> Region,
    in stored order. hidden: names of controls that this person could not see. person: `completed_by`. weight: how
    much this person counts in votes and averages. links: between regions of this sheet.
    """

    annotation: Any
    version: Any
    answers: dict[str, dict[Slot, Answer]] = field(default_factory=dict)
    regions: dict[str, dict[str, Region]] = field(default_factory=dict)
    hidden: frozenset[str] = frozenset()
    person: Any = None
    weight: float = 1.0
    links: list[Link] = field(default_factory=list)

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
