"""Controls that mark texts, sounds, time series and documents, and the labels of all controls that make regions."""

from __future__ import annotations

from config_compiler.tags.model import Attr, Tag, plain
from config_compiler.tags.objects import NAME

TO_NAME = Attr("toName", "names", "Name of the object it works on. May be left out if the config has one object.")
_TREE = "regions do not contain each other yet"


def drawn(
    opacity: str = "0.2", fill: str | None = None, stroke: str | None = None, width: str = "1"
) -> tuple[Attr, ...]:
    """How regions look; the defaults differ from tag to tag."""
    return (
        plain("opacity", "float", "How strong regions are filled, 0 to 1.", opacity, low=0, high=1),
        plain("fillColor", "color", "Fill of all regions, in place of the labels' colours.", fill),
        plain("fillOpacity", "float", "How strong fillColor is, 0 to 1.", low=0, high=1),
        plain("strokeColor", "color", "Border of all regions, in place of the labels' colours.", stroke),
        plain("strokeWidth", "float", "Width of the border in pixels.", width, low=0, high=100),
    )


def labels_attrs(look: tuple[Attr, ...] | None = None) -> tuple[Attr, ...]:
    """The attributes of every tag with labels."""
    return (
        NAME,
        TO_NAME,
        plain("choice", "enum", "Labels of one region.", "single", values=("single", "multiple")),
        plain("maxUsages", "int", "Most regions that each label may be used on.", low=1),
        plain("showInline", "bool", "Labels stand in one row.", "true"),
        Attr("value", "field", "More labels from the task: a field with a list of objects, `$labels`."),
        plain("allowEmpty", "bool", "A region may lose its only label.", "false"),
        *(look or drawn()),
        Attr("groupDepth", "int", "Depth of groups.", unsupported=_TREE),
    )


LABELS_ATTRS = labels_attrs()


def labels_tag(
    name: str,
    doc: str,
    works_on: tuple[str, ...],
    shape: str | None,
    example: str,
    *,
    more: tuple[Attr, ...] = (),
    look: tuple[Attr, ...] | None = None,
) -> Tag:
    """A control with labels, which makes regions of the kind *shape*."""
    return Tag(
        name,
        "regions",
        doc,
        attrs=(*labels_attrs(look), *more),
        children=("Label",),
        holds_layout=True,
        text="value",
        result_type=name.lower(),
        works_on=works_on,
        shape=shape,
        example=example,
    )


LABELS = labels_tag(
    "Labels",
    "Labels for spans of a text and segments of a sound. On an Image, a Video or a PointCloud they go to what a plain "
    "Rectangle, VideoRectangle, Cuboid … on the same object draws.",
    ("Text", "HyperText", "Audio", "Paragraphs", "Image", "Video", "PointCloud"),
    None,
    '<Labels name="ner" toName="text"><Label value="Person"/></Labels>',
)
HYPER_TEXT_LABELS = labels_tag(
    "HyperTextLabels",
    "Labels for spans of a HyperText. Old configs have it on a Text too.",
    ("HyperText", "Text"),
    "hyperspan",
    '<HyperTextLabels name="ner" toName="html"><Label value="Person"/></HyperTextLabels>',
)
PARAGRAPH_LABELS = labels_tag(
    "ParagraphLabels",
    "Labels for parts of the phrases of a Paragraphs.",
    ("Paragraphs", "Dialog"),
    "phrase",
    '<ParagraphLabels name="label" toName="talk"><Label value="Question"/></ParagraphLabels>',
)
TIME_SERIES_LABELS = labels_tag(
    "TimeSeriesLabels",
    "Labels for stretches and instants of a TimeSeries.",
    ("TimeSeries",),
    "series",
    '<TimeSeriesLabels name="label" toName="ts"><Label value="Run"/></TimeSeriesLabels>',
)
TIMELINE_LABELS = labels_tag(
    "TimelineLabels",
    "Labels for stretches of frames of a Video.",
    ("Video",),
    "timeline",
    '<TimelineLabels name="label" toName="video"><Label value="Goal"/></TimelineLabels>',
)
OCR_LABELS = labels_tag(
    "OcrLabels",
    "Labels for boxes on the pages of a Pdf; the text in a box is read from the document.",
    ("Pdf",),
    "ocrbox",
    '<OcrLabels name="label" toName="pdf"><Label value="Total"/></OcrLabels>',
)
LABEL = Tag(
    "Label",
    "option",
    "One label of a Labels, RectangleLabels or any other …Labels.",
    attrs=(
        Attr("value", "value", "Its text; results hold it, unless alias is given.", required=True),
        Attr("alias", "text", "What results hold in place of the value.", member="alias"),
        Attr("showAlias", "bool", "Shows the alias beside the value.", default="false", member="show_alias"),
        Attr("aliasStyle", "style", "CSS of the alias.", default="opacity: 0.6"),
        Attr("background", "color", "Its colour (default: from a sequence for all kinds of colour vision)."),
        Attr("selectedColor", "color", "Colour of its text while it is active.", member="selected_color"),
        Attr("hotkey", "key", "Its key, for example `c` or `shift+c` (default: the next free one)."),
        Attr("hint", "text", "Shown when the pointer rests on it.", member="hint"),
        Attr("html", "text", "HTML shown in place of the value, escaped.", member="html"),
        Attr("selected", "bool", "It is active when a task opens.", default="false", member="selected"),
        Attr("maxUsages", "int", "Most regions it may be used on, for this label.", low=1, member="max_usages"),
        Attr("size", "enum", "Its size.", values=("small", "medium", "large"), member="size"),
        Attr(
            "granularity", "enum", "What a selection snaps to, on Text and HyperText.",
            values=("symbol", "word", "sentence", "paragraph"), member="granularity",
        ),
        Attr("category", "int", "Number of the class in COCO and YOLO exports.", low=0, member="category"),
        Attr("model_index", "int", "Place among the keypoints of a class, for exports.", low=0, member="model_index"),
        Attr("groupCanContain", "words", "Labels that may be inside it.", unsupported=_TREE),
    ),
    text="value",
    example='<Label value="Car" background="#0072b2" hotkey="c"/>',
)  # fmt: skip

TAGS = (LABELS, HYPER_TEXT_LABELS, PARAGRAPH_LABELS, TIME_SERIES_LABELS, TIMELINE_LABELS, OCR_LABELS, LABEL)
