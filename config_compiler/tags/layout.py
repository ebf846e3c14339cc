"""Tags that arrange the page."""

from __future__ import annotations

from config_compiler.tags.model import Attr, Tag, plain

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
WHEN_ROLE = Attr("whenRole", "text", "With `region-selected`: the selected message of a Chat has this role.")
_CLASS = plain("className", "text", "CSS classes, for rules in Style.")
_ID = plain("idAttr", "text", "HTML id, for rules in Style.")

VIEW = Tag(
    "View",
    "layout",
    "A box around other tags. The outermost tag of most configs.",
    attrs=(
        plain("display", "enum", "How its parts flow.", "block", values=("block", "inline")),
        STYLE,
        _CLASS,
        _ID,
        *CONDITIONS,
        WHEN_ROLE,
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
        plain("size", "int", "From 1, largest, to 6.", "4", low=1, high=6, clamp=True),
        plain("underline", "bool", "Draws a line under it.", "false"),
        STYLE,
    ),
    text="value",
    example='<Header value="What do you see?"/>',
)
MARKDOWN = Tag(
    "Markdown",
    "layout",
    "A text with Markdown, written inside or as `value`. It may contain fields, and HTML that cannot do harm.",
    attrs=(
        Attr("value", "value", "The text.", required=True),
        STYLE,
        _CLASS,
        _ID,
        *CONDITIONS,
        WHEN_ROLE,
    ),
    text="value",
    markup=True,
    example="<Markdown>**Read** the text, then answer.</Markdown>",
)
STYLE_TAG = Tag(
    "Style",
    "layout",
    "CSS rules for the labeling page. Nothing can be loaded from them.",
    attrs=(Attr("value", "text", "The rules, usually written as text inside the tag.", required=True),),
    text="value",
    example="<Style>.note { color: gray }</Style>",
)
COLLAPSE = Tag(
    "Collapse",
    "layout",
    "Panels that open and close.",
    attrs=(
        plain("accordion", "bool", "One panel is open at a time.", "true"),
        plain("bordered", "bool", "A line around them.", "false"),
        plain("open", "bool", "Panels are open at the start.", "false"),
    ),
    children=("Panel",),
    holds_layout=True,
    example='<Collapse><Panel value="Instructions"><Header value="Read first"/></Panel></Collapse>',
)
PANEL = Tag(
    "Panel",
    "layout",
    "One panel of a Collapse.",
    attrs=(
        Attr("value", "value", "Its title. It may contain fields.", required=True),
        plain("open", "bool", "It is open at the start (default: what the Collapse says)."),
    ),
    holds_layout=True,
    example='<Panel value="Instructions">…</Panel>',
)
FILTER = Tag(
    "Filter",
    "layout",
    "A search field for the labels or choices of one control. It may stand inside that control.",
    attrs=(
        plain("name", "text", "A name of its own; nothing refers to it."),
        Attr("toName", "names", "Name of the control. May be left out inside a control."),
        plain("placeholder", "text", "Shown in the empty field.", "Quick Filter"),
        plain("minLength", "int", "Characters before it starts to filter.", "3", low=1, high=100),
        STYLE,
        Attr("hotkey", "key", "Its key: goes to the field."),
        plain("caseSensetive", "bool", "Capital letters count. (Label Studio spells it so.)", "false"),
        plain("cleanup", "bool", "The field is emptied after a pick.", "true"),
    ),
    example='<Filter toName="label" minLength="1"/>',
)
REPEATER = Tag(
    "Repeater",
    "layout",
    "Repeats what is in it for each item of a list of the task. In attributes the flag stands for 0, 1, 2, …",
    attrs=(
        Attr("on", "field", "The list: `$pages`.", required=True),
        Attr("indexFlag", "text", "What stands for the number of the copy.", default="{{idx}}"),
        plain("mode", "enum", "All under each other, or one at a time.", "list", values=("list", "pagination")),
    ),
    holds_layout=True,
    example='<Repeater on="$pages"><Image name="page_{{idx}}" value="$pages[{{idx}}].url"/></Repeater>',
)

TAGS = (VIEW, HEADER, MARKDOWN, STYLE_TAG, COLLAPSE, PANEL, FILTER, REPEATER)
