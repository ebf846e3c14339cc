"""Controls that ask for something typed: texts, numbers, dates."""

from __future__ import annotations

from config_compiler.tags.answers import COMMON
from config_compiler.tags.model import Attr, Tag

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
    children=("Shortcut",),
    optional_children=True,
    option_keys="given",
    text="value",
    result_type="textarea",
    example='<TextArea name="notes" toName="text" placeholder="What is unclear?"/>',
)
SHORTCUT = Tag(
    "Shortcut",
    "option",
    "A button of a TextArea that puts a text where the cursor stands.",
    attrs=(
        Attr("value", "text", "The text that is put in.", required=True),
        Attr("alias", "text", "What the button says (default: the text)."),
        Attr("hotkey", "key", "Its key while the field is typed in, for example `ctrl+1`."),
        Attr("background", "color", "Its colour.", default="#333333", member="color"),
    ),
    text="value",
    example='<Shortcut value="[inaudible]" alias="?" hotkey="ctrl+i"/>',
)
NUMBER = Tag(
    "Number",
    "answers",
    "Give a number.",
    attrs=(
        *COMMON,
        Attr("min", "float", "Least number."),
        Attr("max", "float", "Largest number."),
        Attr("step", "float", "Size of one step.", default="1", low=0.0001),
        Attr("defaultValue", "float", "The number at the start; it makes a result."),
        Attr("slider", "bool", "A slider beside the number; needs min and max.", default="false", member="slider"),
        Attr("hotkey", "key", "Its key; each press adds a step (default: the next free one)."),
    ),
    result_type="number",
    example='<Number name="count" toName="image" min="0" max="100"/>',
)
DATE_TIME = Tag(
    "DateTime",
    "answers",
    "Give a date, a time, a month or a year.",
    attrs=(
        *COMMON,
        Attr("only", "words", "The parts that are asked: date, time, month, year (default: date and time)."),
        Attr("format", "text", "How results write it, in strftime's notation, for example `%d.%m.%Y`."),
        Attr("min", "text", "Earliest: an ISO date, or a year where only years are asked.", member="min"),
        Attr("max", "text", "Latest: an ISO date, or a year where only years are asked.", member="max"),
    ),
    result_type="datetime",
    example='<DateTime name="seen" toName="image" only="date"/>',
)

TAGS = (TEXT_AREA, SHORTCUT, NUMBER, DATE_TIME)
