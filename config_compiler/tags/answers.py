"""Controls that ask about a whole object, a region or a page: choices, taxonomies and stars."""

from __future__ import annotations

from config_compiler.tags.layout import CONDITIONS, STYLE
from config_compiler.tags.model import Attr, Tag
from config_compiler.tags.objects import NAME
from config_compiler.tags.regions import TO_NAME

_SIZES = ("small", "medium", "large")
VISIBLE_WHEN, WHEN_TAG, WHEN_LABEL, WHEN_CHOICE = CONDITIONS
REQUIRED = (
    Attr("required", "bool", "A task cannot be submitted without an answer.", default="false", member="required"),
    Attr("requiredMessage", "text", "What is said then.", member="required_message"),
)
COMMON = (
    NAME,
    TO_NAME,
    *REQUIRED,
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
    "One choice of a Choices, or one item of a Taxonomy; there items may stand inside items.",
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
TAXONOMY = Tag(
    "Taxonomy",
    "answers",
    "Pick items of a tree, of any depth and with thousands of items. Results hold paths from the root.",
    attrs=(
        *COMMON,
        WHEN_CHOICE,
        VISIBLE_WHEN,
        Attr("leafsOnly", "bool", "Only items without items inside can be picked.", default="false",
             member="leafs_only"),
        Attr("showFullPath", "bool", "Picked items show their whole path.", default="false", member="show_full_path"),
        Attr("pathSeparator", "text", "What stands between the items of a path.", default=" / ",
             member="path_separator"),
        Attr("maxUsages", "int", "Most items of one answer.", low=1, member="max_usages"),
        Attr("value", "field", "More items from the task: a field with a list of objects, with `children` inside."),
        Attr("labeling", "bool", "Its items label spans of a text.", default="false", member="labeling"),
        Attr("apiUrl", "text", "Address that items are asked from.", member="api_url"),
        Attr("placeholder", "text", "Shown while nothing is picked.", member="placeholder"),
        Attr("minWidth", "size", "Smallest width.", member="min_width"),
        Attr("maxWidth", "size", "Largest width.", member="max_width"),
        Attr("dropdownWidth", "size", "Width of the opened tree.", member="dropdown_width"),
        Attr(
            "legacy", "bool", "The old widget of Label Studio.",
            unsupported="there is one widget here; what the old one could do is in it, but adding new items",
        ),
    ),
    children=("Choice",),
    holds_layout=True,
    result_type="taxonomy",
    nests=True,
    option_keys="no",
    example=(
        '<Taxonomy name="kind" toName="text"><Choice value="Animal"><Choice value="Cat"/></Choice></Taxonomy>'
    ),
)  # fmt: skip
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

TAGS = (CHOICES, CHOICE, TAXONOMY, RATING)
