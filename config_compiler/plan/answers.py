"""Controls that ask."""

from __future__ import annotations

from typing import Literal

from config_compiler.plan.base import Json, Model, Value
from config_compiler.plan.options import Option
from config_compiler.plan.regions import Control


class ChoicesControl(Control):
    type: Literal["choices"] = "choices"
    options: tuple[Option, ...]
    choice: Literal["single", "single-radio", "multiple"]
    layout: Literal["vertical", "inline", "select"]
    allow_nested: bool
    randomize: bool | None = None
    dynamic: Value | None = None


class TaxonomyControl(Control):
    """
    ``options`` are plain JSON: ``{"value", "stored", "alias"?, "hint"?, "color"?, "selected"?, "children"?}``. A
    model for each of ten thousand items would take longer than everything else of a compilation.
    """

    type: Literal["taxonomy"] = "taxonomy"
    options: list[dict[str, Json]]
    leafs_only: bool
    show_full_path: bool
    path_separator: str
    max_usages: int | None = None
    labeling: bool
    api_url: str | None = None
    placeholder: str | None = None
    min_width: str | None = None
    max_width: str | None = None
    dropdown_width: str | None = None
    dynamic: Value | None = None


class Shortcut(Model):
    """A button that puts ``value`` in; ``text`` is what it says."""

    value: str
    text: str
    hotkey: str | None = None
    color: str


class TextAreaControl(Control):
    type: Literal["textarea"] = "textarea"
    value: Value | None = None
    label: str
    placeholder: str
    max_submissions: int | None = None
    editable: bool
    skip_duplicates: bool
    transcription: bool
    rows: int
    show_submit_button: bool
    allow_submit: bool | None = None
    shortcuts: tuple[Shortcut, ...] | None = None


class RatingControl(Control):
    type: Literal["rating"] = "rating"
    max_rating: int
    default_value: int
    size: Literal["small", "medium", "large"]
    icon: Literal["star", "heart", "fire", "smile"]
    hotkey: str | None = None


class NumberControl(Control):
    type: Literal["number"] = "number"
    min: int | float | None = None
    max: int | float | None = None
    step: int | float
    default_value: int | float | None = None
    slider: bool
    hotkey: str | None = None


class DateTimeControl(Control):
    """``format`` is strftime's; without one, the parts that are asked decide (label language, 13.6)."""

    type: Literal["datetime"] = "datetime"
    only: tuple[Literal["date", "time", "month", "year"], ...] | None = None
    format: str | None = None
    min: str | None = None
    max: str | None = None


class PairwiseControl(Control):
    type: Literal["pairwise"] = "pairwise"
    selection_style: dict[str, str] | None = None
    left_class: str | None = None
    right_class: str | None = None


class Bucket(Model):
    name: str
    title: str
    default: bool


class RankerControl(Control):
    """No ``buckets``: the items are put in one order."""

    type: Literal["ranker"] = "ranker"
    buckets: tuple[Bucket, ...]
    collapsible: bool


class ComponentControl(Control):
    """``result`` is a JSON Schema of the answer, which is an object."""

    type: Literal["component", "reactcode"]
    result: dict[str, Json]


AnswerControl = (
    ChoicesControl
    | TaxonomyControl
    | TextAreaControl
    | RatingControl
    | NumberControl
    | DateTimeControl
    | PairwiseControl
    | RankerControl
    | ComponentControl
)
"""Every control that asks; ``type`` tells them apart."""
