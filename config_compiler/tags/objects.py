"""Tags that show data."""

from __future__ import annotations

from config_compiler.tags.model import Attr, Tag

NAME = Attr("name", "name", "Name of this tag, unique in the config; results refer to it.", required=True)
_GRANULARITY = ("symbol", "word", "sentence", "paragraph")

TEXT = Tag(
    "Text",
    "object",
    "Shows a text. Spans are marked on it with Labels.",
    attrs=(
        NAME,
        Attr("value", "value", "The text: usually a field, `$text`.", required=True),
        Attr(
            "valueType", "enum", "What the field holds: the text or its address.", default="text",
            values=("text", "url"), member="value_type",
        ),
        Attr("saveTextResult", "enum", "Results hold the marked text (no for url).", values=("yes", "no")),
        Attr(
            "encoding", "enum", "How the field is encoded.", default="none", values=("none", "base64", "base64unicode"),
            member="encoding",
        ),
        Attr("selectionEnabled", "bool", "false: nothing can be marked.", default="true", member="selection_enabled"),
        Attr("highlightColor", "color", "One colour for all spans, in place of the labels'.", member="highlight_color"),
        Attr("showLabels", "bool", "Labels stand at the spans (default: the person's setting).", member="show_labels"),
        Attr(
            "granularity", "enum", "What a selection snaps to.", default="symbol", values=_GRANULARITY,
            member="granularity",
        ),
    ),
    text="value",
    object_type="text",
    field_types=("string", "number", "list"),
    example='<Text name="text" value="$text"/>',
)  # fmt: skip
IMAGE = Tag(
    "Image",
    "object",
    "Shows an image. Boxes are drawn on it with RectangleLabels.",
    attrs=(
        NAME,
        Attr("value", "value", "Address of the image: usually a field, `$image`.", required=True),
        Attr("zoom", "bool", "Zoom with the wheel.", default="true", member="zoom"),
        Attr("zoomControl", "bool", "Zoom buttons.", default="true", member="zoom_control"),
        Attr("negativeZoom", "bool", "May be smaller than the space for it.", default="false", member="negative_zoom"),
        Attr("zoomBy", "float", "Factor of one zoom step.", default="1.1", low=1.001, high=10, member="zoom_by"),
        Attr("brightnessControl", "bool", "A slider for brightness.", default="false", member="brightness_control"),
        Attr("contrastControl", "bool", "A slider for contrast.", default="false", member="contrast_control"),
        Attr("rotateControl", "bool", "Turn the view (never the data).", default="false", member="rotate_control"),
        Attr("selectionControl", "bool", "The selection tool.", default="true", member="selection_control"),
        Attr("grid", "bool", "A grid over the image.", default="false", member="grid"),
        Attr("gridSize", "int", "Width of its squares in pixels.", default="30", low=2, high=10000, member="grid_size"),
        Attr("gridColor", "color", "Colour of the grid.", default="#eeeef4", member="grid_color"),
        Attr("crosshair", "bool", "Lines through the pointer.", default="false", member="crosshair"),
        Attr("smoothing", "bool", "false: sharp pixels (default: the person's setting).", member="smoothing"),
        Attr("showLabels", "bool", "Labels at the regions (default: the person's setting).", member="show_labels"),
        Attr(
            "defaultZoom", "enum", "Size at the start.", default="fit", values=("fit", "auto", "original"),
            member="default_zoom",
        ),
        Attr("width", "size", "Width.", default="100%", member="width"),
        Attr("maxWidth", "size", "Largest width.", default="100%", member="max_width"),
        Attr("height", "size", "Height (default: what is left of the window).", member="height"),
        Attr("maxHeight", "size", "Largest height (default: the window).", member="max_height"),
        Attr(
            "horizontalAlignment", "enum", "Place in the width.", default="left", values=("left", "center", "right"),
            member="horizontal_alignment",
        ),
        Attr(
            "verticalAlignment", "enum", "Place in the height.", default="top", values=("top", "center", "bottom"),
            member="vertical_alignment",
        ),
        Attr(
            "crossOrigin", "enum", "As in HTML: how the image is asked for.", default="none",
            values=("none", "anonymous", "use-credentials"), member="cross_origin",
        ),
        Attr(
            "valueList", "value", "A list of pages.", unsupported="several pages in one Image are not supported yet",
            instead='use value="$image" with one image in each task',
        ),
        Attr("lazyOff", "bool", "Load at once.", unsupported="images of a task are always loaded at once"),
    ),
    text="value",
    object_type="image",
    field_types=("string",),
    example='<Image name="image" value="$image"/>',
)  # fmt: skip

TAGS = (TEXT, IMAGE)
