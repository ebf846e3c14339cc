"""Tags that arrange the page."""

from __future__ import annotations

from config_compiler.tags.model import Attr, Tag

STYLE = Attr("style", "style", "CSS of this element, for example `display: flex; gap: 8px`.")
CONDITIONS = (
    Attr(
        "visibleWhen",
        "enum",
        "Show this only when something is chosen or selected; else it is always shown.",
        values=("region-selected", "no-region-selected", "choice-selected", "choice-unselected"),
    ),
    Attr("whenTagName", "text", "Name of the control (or, for regions, the object) that the condition asks."),
    Attr("whenLabelValue", "words", "With `region-selected`: the region has one of these labels."),
    Attr("whenChoiceValue", "words", "With `choice-selected`: one of these choices is chosen, by value or alias."),
)

VIEW = Tag(
    "View",
    "layout",
    "A box around other tags. The outermost tag of most configs.",
    attrs=(
        Attr("display", "enum", "How its parts flow.", default="block", values=("block", "inline"), member="display"),
        STYLE,
        Attr("className", "text", "CSS classes, for rules in Style.", member="class_name"),
        Attr("idAttr", "text", "HTML id, for rules in Style.", member="id_attr"),
        *CONDITIONS,
    ),
    holds_layout=True,
    example='<View style="display: flex; gap: 16px">…</View>',
)
HEADER = Tag(
    "Header",
    "layout",
    "A heading. Inside Labels or Choices it names the group of options that follows.",
    attrs=(
        Attr("value", "value", "The text. It may contain fields: `Review by $author`.", required=True),
        Attr("size", "int", "From 1, largest, to 6.", default="4", low=1, high=6, clamp=True, member="size"),
        Attr("underline", "bool", "Draws a line under it.", default="false", member="underline"),
        STYLE,
    ),
    text="value",
    example='<Header value="What do you see?"/>',
)
STYLE_TAG = Tag(
    "Style",
    "layout",
    "CSS rules for the labeling page. Nothing can be loaded from them.",
    attrs=(Attr("value", "text", "The rules, usually written as text inside the tag.", required=True),),
    text="value",
    example="<Style>.note { color: gray }</Style>",
)

TAGS = (VIEW, HEADER, STYLE_TAG)
