"""Objects: what shows data. ``repeat`` is the key of the Repeater that an object is a template of."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from config_compiler.plan.base import Granularity, Json, Model, Value

Curve = Literal[
    "curveLinear", "curveStep", "curveStepBefore", "curveStepAfter", "curveBasis", "curveBundle", "curveCardinal",
    "curveCatmullRom", "curveMonotoneX", "curveNatural",
]  # fmt: skip


class ObjectBase(Model):
    """What every object has."""

    name: str
    type: str
    repeat: str | None = None
    value: Value


class ImageObject(ObjectBase):
    """With ``pages``, the value is a list of images."""

    type: Literal["image"] = "image"
    pages: bool | None = None
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


class _Text(ObjectBase):
    value_type: Literal["text", "url"]
    save_text: bool
    encoding: Literal["none", "base64", "base64unicode"]
    selection_enabled: bool
    highlight_color: str | None = None
    show_labels: bool | None = None
    granularity: Granularity


class TextObject(_Text):
    type: Literal["text"] = "text"


class HyperTextObject(_Text):
    type: Literal["hypertext"] = "hypertext"
    inline: bool
    clickable_links: bool


class ParagraphsObject(ObjectBase):
    type: Literal["paragraphs"] = "paragraphs"
    tag: Literal["Dialog"] | None = None
    value_type: Literal["json", "url"]
    layout: Literal["none", "dialogue"]
    name_key: str
    text_key: str
    audio_url: Value | None = None
    sync: str | None = None
    show_player: bool
    save_text: bool
    context_scroll: bool
    granularity: Granularity


class ChatObject(ObjectBase):
    """Shows a chat; the control of the same name adds messages."""

    type: Literal["chat"] = "chat"


class AudioObject(ObjectBase):
    type: Literal["audio"] = "audio"
    default_speed: float
    default_scale: float
    default_zoom: float
    default_volume: float
    hotkey: str | None = None
    sync: str | None = None
    height: str
    wave_height: str
    spectrogram: bool
    split_channels: bool
    decoder: Literal["webaudio", "ffmpeg", "none"]
    player: Literal["html5", "webaudio"]
    muted: bool
    zoom: bool
    volume: bool
    speed: bool
    show_labels: bool | None = None
    show_scores: bool
    cursor_width: float
    cursor_color: str | None = None
    auto_center: bool
    scroll_parent: bool


class VideoObject(ObjectBase):
    """``frame_rate`` below 1 is seconds per frame."""

    type: Literal["video"] = "video"
    frame_rate: float | Value
    sync: str | None = None
    muted: bool
    height: str
    timeline_height: str
    default_playback_speed: float
    min_playback_speed: float
    hotkey: str | None = None


class PdfObject(ObjectBase):
    type: Literal["pdf"] = "pdf"


class Channel(Model):
    """One curve. ``multi`` is the number, from 0, of the plot in ``multi_channels`` that it is drawn in."""

    column: str
    multi: int | None = None
    legend: str | None = None
    units: str | None = None
    display_format: str
    height: float
    stroke_color: str
    stroke_width: float
    marker_color: str
    marker_size: float
    marker_symbol: Literal["circle", "cross", "diamond", "square", "star", "triangle", "wye"]
    time_range: tuple[float, float] | None = None
    data_range: tuple[float, float] | None = None
    show_axis: bool
    fixed_scale: bool
    interpolation: Curve


class MultiChannel(Model):
    height: float
    show_axis: bool
    show_y_axis: bool
    fixed_scale: bool


class TimeSeriesObject(ObjectBase):
    type: Literal["timeseries"] = "timeseries"
    value_type: Literal["url", "json"]
    time_column: str | None = None
    time_format: str | None = None
    time_display_format: str | None = None
    duration_display_format: str
    sep: str
    overview_channels: tuple[str, ...] | None = None
    overview_width: str
    fixed_scale: bool
    sync: str | None = None
    cursor_color: str | None = None
    hotkey: str | None = None
    multiaxis: bool
    channels: tuple[Channel, ...]
    multi_channels: tuple[MultiChannel, ...] | None = None


class TableObject(ObjectBase):
    type: Literal["table"] = "table"
    value_type: str


class ListObject(ObjectBase):
    type: Literal["list"] = "list"
    title: str | None = None


class PointCloudObject(ObjectBase):
    type: Literal["pointcloud"] = "pointcloud"
    point_size: float
    color_by: Literal["height", "intensity", "rgb", "none"]
    up: Literal["z", "y"]


class ComponentObject(Model):
    """A widget of the project's own; ``language`` react: of Label Studio, which does not run here."""

    name: str
    type: Literal["component"] = "component"
    repeat: str | None = None
    src: Value | None = None
    code: str | None = None
    language: Literal["js", "python", "react"]
    data: Value | None = None
    height: str
    params: dict[str, Json] | None = None


Object = Annotated[
    ImageObject
    | TextObject
    | HyperTextObject
    | ParagraphsObject
    | ChatObject
    | AudioObject
    | VideoObject
    | PdfObject
    | TimeSeriesObject
    | TableObject
    | ListObject
    | PointCloudObject
    | ComponentObject,
    Field(discriminator="type"),
]
