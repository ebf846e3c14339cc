"""
The plan: what a config compiles to. Everything after the compiler reads its JSON only (docs/contracts.md, section 1).

Members that are ``None`` are left out of the JSON. A change that old readers would misread raises ``PLAN_VERSION``.
"""

from __future__ import annotations

import json
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

PLAN_VERSION = 1

Json = Any  # of the sample task: any JSON


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class TextValue(_Model):
    text: str


class PathValue(_Model):
    path: tuple[str | int, ...]
    source: str


class PartsValue(_Model):
    parts: tuple[TextValue | PathValue, ...]


Value = TextValue | PathValue | PartsValue


class Condition(_Model):
    kind: Literal["choice-selected", "choice-unselected", "region-selected", "no-region-selected", "value-is"]
    tag: str | None = None
    labels: tuple[str, ...] | None = None
    choices: tuple[str, ...] | None = None


class ViewNode(_Model):
    node: Literal["view"] = "view"
    key: str
    display: Literal["block", "inline"]
    style: dict[str, str]
    class_name: str | None = None
    id_attr: str | None = None
    when: Condition | None = None
    children: tuple[Node, ...]


class HeaderNode(_Model):
    node: Literal["header"] = "header"
    key: str
    value: Value
    size: int
    underline: bool
    style: dict[str, str]


class StyleNode(_Model):
    node: Literal["style"] = "style"
    key: str
    css: str


class ObjectNode(_Model):
    node: Literal["object"] = "object"
    key: str
    name: str


class ControlNode(_Model):
    node: Literal["control"] = "control"
    key: str
    name: str
    when: Condition | None = None


Node = Annotated[ViewNode | HeaderNode | StyleNode | ObjectNode | ControlNode, Field(discriminator="node")]

Granularity = Literal["symbol", "word", "sentence", "paragraph"]


class ImageObject(_Model):
    name: str
    type: Literal["image"] = "image"
    value: Value
    zoom: bool
    zoom_control: bool
    negative_zoom: bool
    zoom_by: float
    brightness_control: bool
    contrast_control: bool
    rotate_control: bool
    selection_control: bool
    grid: bool
    grid_size: int
    grid_color: str
    crosshair: bool
    smoothing: bool | None = None
    show_labels: bool | None = None
    default_zoom: Literal["fit", "auto", "original"]
    width: str
    max_width: str
    height: str | None = None
    max_height: str | None = None
    horizontal_alignment: Literal["left", "center", "right"]
    vertical_alignment: Literal["top", "center", "bottom"]
    cross_origin: Literal["none", "anonymous", "use-credentials"]


class TextObject(_Model):
    name: str
    type: Literal["text"] = "text"
    value: Value
    value_type: Literal["text", "url"]
    save_text: bool
    encoding: Literal["none", "base64", "base64unicode"]
    selection_enabled: bool
    highlight_color: str | None = None
    show_labels: bool | None = None
    granularity: Granularity


class Option(_Model):
    """``stored`` is what results hold. Members after ``group`` are there only if the config gives them."""

    value: str
    stored: str
    text: Value
    color: str
    hotkey: str | None = None
    hint: str | None = None
    html: str | None = None
    alias: str | None = None
    show_alias: bool
    selected: bool
    max_usages: int | None = None
    granularity: Granularity | None = None
    group: str | None = None
    alias_style: dict[str, str] | None = None
    selected_color: str | None = None
    size: Literal["small", "medium", "large"] | None = None
    category: int | None = None
    model_index: int | None = None
    style: dict[str, str] | None = None
    children: tuple[Option, ...] | None = None


class _Control(_Model):
    name: str
    tag: str


class _Common(_Model):
    to: tuple[str, ...]
    required: bool
    required_message: str | None = None
    per_region: bool
    per_item: bool
    display_mode: Literal["tag", "region-list"]
    when: Condition | None = None


class LabelsControl(_Common, _Control):
    type: Literal["labels", "rectanglelabels"]
    options: tuple[Option, ...]
    choice: Literal["single", "multiple"]
    max_usages: int | None = None
    show_inline: bool
    allow_empty: bool
    opacity: float
    fill_color: str | None = None
    fill_opacity: float | None = None
    stroke_color: str | None = None
    stroke_width: float
    dynamic: Value | None = None
    can_rotate: bool | None = None
    snap: Literal["none", "pixel"] | None = None


class ChoicesControl(_Common, _Control):
    type: Literal["choices"] = "choices"
    options: tuple[Option, ...]
    choice: Literal["single", "single-radio", "multiple"]
    layout: Literal["vertical", "inline", "select"]
    allow_nested: bool
    randomize: bool | None = None
    dynamic: Value | None = None


class TextAreaControl(_Common, _Control):
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


class RatingControl(_Common, _Control):
    type: Literal["rating"] = "rating"
    max_rating: int
    default_value: int
    size: Literal["small", "medium", "large"]
    icon: Literal["star", "heart", "fire", "smile"]
    hotkey: str | None = None


class DataField(_Model):
    """A member of ``task.data`` that a task must have; ``types`` are names of JSON types, any of them."""

    name: str
    types: tuple[Literal["string", "number", "list", "object"], ...]
    used_by: tuple[str, ...]


class Hotkey(_Model):
    key: str
    scope: Literal["main", "input"]
    does: str
    intent: dict[str, Json]


Object = Annotated[ImageObject | TextObject, Field(discriminator="type")]
Control = Annotated[LabelsControl | ChoicesControl | TextAreaControl | RatingControl, Field(discriminator="type")]


class Plan(_Model):
    plan: Literal[1] = 1
    config_sha256: str
    requires: tuple[str, ...]
    fields: tuple[DataField, ...]
    tree: Node
    objects: tuple[Object, ...]
    controls: tuple[Control, ...]
    hotkeys: tuple[Hotkey, ...]
    sample: dict[str, Json]

    def to_data(self) -> dict[str, Json]:
        """The plan as JSON data: members in the order of the models, without those that are ``None``."""
        data = self.model_dump(exclude_none=True)
        data["sample"] = self.sample  # its nulls are the author's
        return data

    def to_json(self) -> bytes:
        """
        The plan as canonical JSON: UTF-8, no blanks, members in order. The same plan gives the same bytes
        everywhere.
        """
        return json.dumps(self.to_data(), ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
