"""Controls that ask about a whole object or about a region."""

from __future__ import annotations

from config_compiler.tags.layout import CONDITIONS, STYLE
from config_compiler.tags.model import Attr, Tag
from config_compiler.tags.objects import NAME
from config_compiler.tags.regions import TO_NAME

_SIZES = ("small", "medium", "large")
VISIBLE_WHEN, WHEN_TAG, WHEN_LABEL, WHEN_CHOICE = CONDITIONS
COMMON = (
    NAME,
    TO_NAME,
    Attr("required", "bool", "A task cannot be submitted without an answer.", default="false", member="required"),
    Attr("requiredMessage", "text", "What is said then.", member="required_message"),
    Attr("perRegion", "bool", "Asked for each region of the object.", default="false", member="per_region"),
    Attr("perItem", "bool", "Asked for each page of the object.", default="false", member="per_item"),
    Attr(
        "displayMode", "enum", "With perRegion: where it is asked.", default="tag", values=("tag", "region-list"),
        member="display_mode",
    ),
    WHEN_TAG,
    WHEN_LABEL,
)  # fmt: skip

CHOICES = Tag(
    "Choices",
    "answers",
    "Pick one or several of some choices.",
    attrs=(
        *COMMON,
        WHEN_CHOICE,
        VISIBLE_WHEN,
        Attr(
            "choice", "enum", "How many: single can be unpicked, single-radio cannot.", default="single",
            values=("single", "single-radio", "multiple"), member="choice",
        ),
        Attr(
            "layout", "enum", "One under the other, in a row, or a drop-down.", default="vertical",
            values=("select", "inline", "vertical"),
        ),
        Attr("showInline", "bool", "The same as layout=\"inline\".", default="false"),
        Attr("allowNested", "bool", "Choices may contain choices.", default="false", member="allow_nested"),
        Attr("value", "field", "More choices from the task: a field with a list of objects, `$options`."),
        Attr("randomize", "bool", "Another order for each task.", member="randomize"),
    ),
    children=("Choice",),
    holds_layout=True,
    text="value",
    result_type="choices",
    example='<Choices name="mood" toName="text"><Choice value="Happy"/><Choice value="Sad"/></Choices>',
)  # fmt: skip
CHOICE = Tag(
    "Choice",
    "option",
    "One choice of a Choices.",
    attrs=(
        Attr("value", "value", "Its text; results hold it, unless alias is given.", required=True),
        Attr("alias", "text", "What results hold in place of the value.", member="alias"),
        Attr("showAlias", "bool", "Shows the alias beside the value.", default="false", member="show_alias"),
        Attr("selected", "bool", "Picked when a task opens; this makes a result.", default="false", member="selected"),
        Attr("hotkey", "key", "Its key, for example `q` (default: the next free one)."),
        Attr("html", "text", "HTML shown in place of the value, escaped.", member="html"),
        Attr("hint", "text", "Shown when the pointer rests on it.", member="hint"),
        STYLE,
        Attr("color", "color", "Its colour."),
    ),
    children=("Choice",),
    text="value",
    example='<Choice value="Happy" alias="pos"/>',
)
TEXT_AREA = Tag(
    "TextArea",
    "answers",
    "Write one or several texts.",
    attrs=(
        *COMMON,
        Attr("value", "value", "Text that is there at the start; may contain fields. It makes a result."),
        Attr("label", "text", "Shown above the field.", default="", member="label"),
        Attr("placeholder", "text", "Shown in the empty field.", default="", member="placeholder"),
        Attr(
            "maxSubmissions", "int", "Most texts; 1 hides the field after the first.", low=1, member="max_submissions"
        ),
        Attr("editable", "bool", "Added texts can be changed.", default="false", member="editable"),
        Attr("skipDuplicates", "bool", "The same text is not added twice.", default="false", member="skip_duplicates"),
        Attr("transcription", "bool", "The field is always open.", default="false", member="transcription"),
        Attr(
            "rows",
            "int",
            "Height in lines; with more than one, shift+enter adds.",
            default="1",
            low=1,
            high=200,
            member="rows",
        ),
        Attr("showSubmitButton", "bool", "An Add button (default: with more than one row)."),
        Attr("allowSubmit", "bool", "Texts can be added.", member="allow_submit"),
    ),
    text="value",
    result_type="textarea",
    example='<TextArea name="notes" toName="text" placeholder="What is unclear?"/>',
)
RATING = Tag(
    "Rating",
    "answers",
    "Give some stars.",
    attrs=(
        *COMMON,
        Attr("maxRating", "int", "How many at most.", default="5", low=1, high=100, member="max_rating"),
        Attr("defaultValue", "int", "How many at the start.", default="0", low=0, high=100, member="default_value"),
        Attr("size", "enum", "Their size.", default="medium", values=_SIZES, member="size"),
        Attr(
            "icon",
            "enum",
            "What they look like.",
            default="star",
            values=("star", "heart", "fire", "smile"),
            member="icon",
        ),
        Attr("hotkey", "key", "Its key; each press adds one (default: the next free one)."),
    ),
    result_type="rating",
    example='<Rating name="quality" toName="text" maxRating="5"/>',
)

TAGS = (CHOICES, CHOICE, TEXT_AREA, RATING)
