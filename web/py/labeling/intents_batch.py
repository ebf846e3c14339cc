"""Intents about several regions at once: moved, combined, converted, ordered, grouped, pasted, accepted, joined.

``regions`` None: the selected ones.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

How: TypeAlias = Literal["union", "subtract", "intersect", "split"]
Form: TypeAlias = Literal["polygon", "rectangle", "ellipse", "brush", "bitmask"]
Where: TypeAlias = Literal["front", "back", "forward", "backward", "before", "after"]
HOWS: tuple[str, ...] = get_args(How)
FORMS: tuple[str, ...] = get_args(Form)
WHERES: tuple[str, ...] = get_args(Where)
Names: TypeAlias = tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class Transform:
    """Scaled, turned (degrees, clockwise) about ``about`` (percent; None: the middle of all), then moved by pixels."""

    regions: Names
    dx: float = 0
    dy: float = 0
    scale: tuple[float, float] = (1, 1)
    rotate: float = 0
    about: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Combine:
    """``line``: what ``split`` cuts along, in percent; empty: parts that do not touch. ``keep``: the sources stay."""

    how: How
    regions: Names
    ids: tuple[str, ...]
    line: tuple[tuple[float, float], ...]
    keep: bool


@dataclass(frozen=True, slots=True)
class Convert:
    """``tolerance``: how far, in pixels, an outline may be from what it stands for."""

    regions: Names
    to: Form
    ids: tuple[str, ...]
    tolerance: float | None


@dataclass(frozen=True, slots=True)
class Reorder:
    """``beside``: the region in the list that they come right ``before`` or ``after``."""

    regions: Names
    to: Where
    beside: str | None = None


@dataclass(frozen=True, slots=True)
class Group:
    regions: Names
    parent: str | None


@dataclass(frozen=True, slots=True)
class Ungroup:
    regions: Names


@dataclass(frozen=True, slots=True)
class Paste:
    """``ids``: new ids by old ones. ``shift``: percent. ``replace``: in place of everything that may be changed."""

    rows: tuple[object, ...]
    ids: Mapping[str, str]
    answers: bool
    shift: tuple[float, float]
    replace: bool = False


@dataclass(frozen=True, slots=True)
class Accept:
    """Suggestions: those named, those with a score from ``above`` on or under ``below``; none of these: all.

    ``relabel``: they get the active labels that fit them.
    """

    regions: Names
    controls: Names
    above: float | None
    below: float | None
    relabel: bool = False


@dataclass(frozen=True, slots=True)
class Reject:
    regions: Names
    controls: Names
    above: float | None
    below: float | None


@dataclass(frozen=True, slots=True)
class MergeSpans:
    regions: Names


@dataclass(frozen=True, slots=True)
class SplitSpan:
    """``at16``: where the second part begins, in UTF-16 units of the text."""

    region: str
    at16: int
    id: str


BatchIntent: TypeAlias = (
    Transform | Combine | Convert | Reorder | Group | Ungroup | Paste | Accept | Reject | MergeSpans | SplitSpan
)
