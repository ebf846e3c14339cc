"""Controls that make regions."""

from __future__ import annotations

from typing import Literal

from config_compiler.plan.base import Condition, Model, Value
from config_compiler.plan.options import Option


class Control(Model):
    """What every control has."""

    name: str
    tag: str
    type: str
    repeat: str | None = None
    to: tuple[str, ...]
    required: bool
    required_message: str | None = None
    per_region: bool
    per_item: bool
    display_mode: Literal["tag", "region-list"]
    when: Condition | None = None


class _Shapes(Control):
    """
    ``shape`` is the kind of region that the control makes; without it, it makes what the object does. Members after
    ``stroke_width`` are those of the shape.
    """

    shape: str | None = None
    opacity: float | None = None
    fill_color: str | None = None
    fill_opacity: float | None = None
    stroke_color: str | None = None
    stroke_width: float | None = None
    can_rotate: bool | None = None
    snap: Literal["none", "pixel"] | None = None
    smart: bool | None = None
    smart_only: bool | None = None
    point_size: Literal["small", "medium", "large"] | None = None
    point_style: Literal["rectangle", "circle"] | None = None
    closable: bool | None = None
    curves: bool | None = None
    skeleton: bool | None = None
    min_points: int | None = None
    max_points: int | None = None
    point_size_enabled: float | None = None
    point_size_disabled: float | None = None
    blur_radius: int | None = None
    default_threshold: int | None = None


class ShapeControl(_Shapes):
    """Draws regions without labels of its own."""

    type: Literal[
        "rectangle",
        "ellipse",
        "polygon",
        "keypoint",
        "brush",
        "bitmask",
        "vector",
        "magicwand",
        "videorectangle",
        "videovector",
        "cuboid",
    ]


class LabelsControl(_Shapes):
    type: Literal[
        "labels",
        "hypertextlabels",
        "paragraphlabels",
        "timeserieslabels",
        "timelinelabels",
        "ocrlabels",
        "rectanglelabels",
        "ellipselabels",
        "polygonlabels",
        "keypointlabels",
        "brushlabels",
        "bitmasklabels",
        "vectorlabels",
        "videovectorlabels",
        "cuboidlabels",
        "pointlabels",
    ]
    options: tuple[Option, ...]
    choice: Literal["single", "multiple"]
    max_usages: int | None = None
    show_inline: bool
    allow_empty: bool
    dynamic: Value | None = None


class ChatControl(Control):
    """Adds messages to the chat of its own name; each is a region. ``editable``: true, false or roles."""

    type: Literal["chatmessage"] = "chatmessage"
    shape: Literal["message"] = "message"
    roles: tuple[str, ...]
    editable: bool | tuple[str, ...]
    min_messages: int | Value | None = None
    max_messages: int | Value | None = None
    llm: str | None = None


RegionControl = LabelsControl | ShapeControl | ChatControl
"""Every control that makes regions; ``type`` tells them apart."""
