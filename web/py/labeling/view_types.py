"""The JSON of a view and of a patch, member by member (docs/contracts.md, section 2)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias, TypedDict

from labeling.problems import Problem


class Suggested(TypedDict, total=False):
    """``suggestion``: true if nobody has accepted the answer yet, else left out."""

    suggestion: bool


class PickedJson(Suggested):
    choices: list[str | list[str]]


class TextsJson(Suggested):
    text: list[str]
    typing: str


class RatedJson(Suggested):
    rating: int


class NumberedJson(Suggested):
    number: int | float


class DatedJson(Suggested):
    """``datetime`` as stored; ``iso`` the same as ISO parts, null where the stored text does not fit the format."""

    datetime: str
    iso: str | None


class PathsJson(Suggested):
    taxonomy: list[list[str]]


class SelectedJson(Suggested):
    selected: str


class RankedJson(Suggested):
    ranker: dict[str, list[str]]


class CustomJson(Suggested):
    component: Mapping[str, object]


class ItemsJson(Suggested):
    """Answers by page, from "0"."""

    items: dict[str, AnswerJson]


AnswerJson: TypeAlias = (
    PickedJson
    | TextsJson
    | RatedJson
    | NumberedJson
    | DatedJson
    | PathsJson
    | SelectedJson
    | RankedJson
    | CustomJson
    | ItemsJson
)


# "from" is a word of Python: this form of TypedDict can have it.
RelationJson = TypedDict("RelationJson", {"from": str, "to": str, "direction": str, "labels": list[str]})


class RegionJson(TypedDict, total=False):
    """``score``, ``parent`` and ``item`` (page, from 0) only if there is one.

    ``labels`` are those of ``control``, or of ``labeled_by`` where a plain shape tag made the region; ``more_labels``
    those of other controls, only if there are any.
    """

    id: str
    n: int
    object: str
    control: str
    kind: str
    shape: dict[str, object]
    labels: list[str]
    labeled_by: str
    more_labels: dict[str, list[str]]
    color: str
    text: str
    hidden: bool
    locked: bool
    readonly: bool
    origin: str
    score: float
    note: str
    parent: str
    item: int
    suggestion: bool
    answers: dict[str, AnswerJson]


class ToolJson(TypedDict, total=False):
    """``tool``: a kind of region, or "select". ``more``: other kinds that ``add_region`` may name by their control."""

    tool: str
    control: str
    color: str
    more: list[ToolJson]


class _Shown(TypedDict, total=False):
    """Beside regions and answers: all of it in a view, what is another now in a patch."""

    selection: list[str]
    active: dict[str, list[str]]
    tools: dict[str, ToolJson]
    hidden: list[str]
    region_controls: list[str]
    counts: dict[str, dict[str, int]]
    full: dict[str, list[str]]
    relations: list[RelationJson]
    items: dict[str, int]
    suggestions: int
    undo: bool
    redo: bool
    changed: bool
    problems: list[Problem]


class View(_Shown):
    regions: dict[str, RegionJson]
    answers: dict[str, AnswerJson]


class Patch(_Shown, total=False):
    """A region or answer that is null is gone; ``active`` and ``counts`` per control; the rest replaces.

    ``changes``: of regions that are there, the members that are others now; null: gone. ``step``: what undo would take
    back, and whether that step ``joins`` the one before; with ``way``, "back" or "again": the regions and answers of
    that step are as they were before or after it.
    """

    regions: dict[str, RegionJson | None]
    changes: dict[str, dict[str, object]]
    step: int
    joins: bool
    way: str
    answers: dict[str, AnswerJson | None]
