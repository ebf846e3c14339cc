"""Controls that make regions, and their labels."""

from __future__ import annotations

from config_compiler.tags.layout import STYLE
from config_compiler.tags.model import Attr, Tag
from config_compiler.tags.objects import NAME

TO_NAME = Attr("toName", "names", "Name of the object it works on. May be left out if the config has one object.")
_TREE = "regions do not contain each other yet"
_SMART = "tools that ask a model are not supported yet"

LABELS_ATTRS = (
    NAME,
    TO_NAME,
    Attr("choice", "enum", "Labels of one region.", default="single", values=("single", "multiple"), member="choice"),
    Attr("maxUsages", "int", "Most regions that each label may be used on.", low=1, member="max_usages"),
    Attr("showInline", "bool", "Labels stand in one row.", default="true", member="show_inline"),
    Attr("value", "field", "More labels from the task: a field with a list of objects, `$labels`."),
    Attr("allowEmpty", "bool", "A region may lose its only label.", default="false", member="allow_empty"),
    Attr("opacity", "float", "How strong regions are filled, 0 to 1.", default="0.2", low=0, high=1, member="opacity"),
    Attr("fillColor", "color", "Fill of all regions, in place of the labels' colours.", member="fill_color"),
    Attr("fillOpacity", "float", "How strong fillColor is, 0 to 1.", low=0, high=1, member="fill_opacity"),
    Attr("strokeColor", "color", "Border of all regions, in place of the labels' colours.", member="stroke_color"),
    Attr("strokeWidth", "float", "Width of the border in pixels.", default="1", low=0, high=100, member="stroke_width"),
    Attr("groupDepth", "int", "Depth of groups.", unsupported=_TREE),
)

LABELS = Tag(
    "Labels",
    "regions",
    "Labels for spans of a Text. On an Image they go to the boxes of a RectangleLabels on the same image.",
    attrs=LABELS_ATTRS,
    children=("Label",),
    holds_layout=True,
    text="value",
    result_type="labels",
    works_on=("Text", "Image"),
    region="span",
    example='<Labels name="ner" toName="text"><Label value="Person"/></Labels>',
)
RECTANGLE_LABELS = Tag(
    "RectangleLabels",
    "regions",
    "Labels for boxes on an Image.",
    attrs=(
        *LABELS_ATTRS,
        Attr("canRotate", "bool", "Boxes can be turned.", default="true", member="can_rotate"),
        Attr("snap", "enum", "Where borders go.", default="none", values=("none", "pixel"), member="snap"),
        Attr("smart", "bool", "A tool that asks a model.", unsupported=_SMART),
        Attr("smartOnly", "bool", "Only the tool that asks a model.", unsupported=_SMART),
    ),
    children=("Label",),
    holds_layout=True,
    text="value",
    result_type="rectanglelabels",
    works_on=("Image",),
    region="rectangle",
    example='<RectangleLabels name="box" toName="image"><Label value="Car"/></RectangleLabels>',
)
LABEL = Tag(
    "Label",
    "option",
    "One label of a Labels or RectangleLabels.",
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
            "granularity", "enum", "What a selection snaps to, on Text.",
            values=("symbol", "word", "sentence", "paragraph"), member="granularity",
        ),
        Attr("category", "int", "Number of the class in COCO and YOLO exports.", low=0, member="category"),
        Attr("model_index", "int", "Place among the keypoints of a class, for exports.", low=0, member="model_index"),
        Attr("groupCanContain", "words", "Labels that may be inside it.", unsupported=_TREE),
    ),
    text="value",
    example='<Label value="Car" background="#0072b2" hotkey="c"/>',
)  # fmt: skip

TAGS = (LABELS, RECTANGLE_LABELS, LABEL)
__all__ = ["LABELS_ATTRS", "STYLE", "TAGS", "TO_NAME"]
