"""Our own tags for asking well: a Question with its answer in a text, and Rules that are checked before a submit."""

from __future__ import annotations

from dataclasses import replace

from config_compiler.tags.answers import CHOICE, CHOICES, REQUIRED
from config_compiler.tags.model import Attr, Tag
from config_compiler.tags.objects import NAME
from config_compiler.tags.regions import LABEL, LABELS, TO_NAME

TEXTS = ("Text", "HyperText", "Paragraphs")

QUESTION = Tag(
    "Question",
    "layout",
    "A question whose answer is marked in a text. It is a Labels with one label, a Choices for questions that the text "
    "does not answer, and the rules for both.",
    attrs=(
        NAME,
        replace(TO_NAME, doc="Name of the text. May be left out if the config has one object."),
        Attr("value", "value", "The question. It may contain fields: `$question`.", required=True),
        Attr("label", "text", "The label of marked answers.", default="Answer"),
        Attr("background", "color", "Its colour (default: from a sequence for all kinds of colour vision)."),
        Attr("hotkey", "key", "Its key (default: the next free one)."),
        Attr("granularity", "enum", "What a selection snaps to.", values=("symbol", "word", "sentence", "paragraph")),
        Attr("minAnswers", "int", "Fewest marked answers.", low=0, high=1000),
        Attr("maxAnswers", "int", "Most marked answers.", low=1, high=1000),
        Attr("longest", "int", "Most characters of one answer.", low=1),
        Attr("unanswerable", "bool", "The text may have no answer: a choice says so.", default="false"),
        Attr("unanswerableText", "text", "What that choice says and results hold.", default="Not answerable"),
        REQUIRED[0],
        REQUIRED[1],
    ),
    text="value",
    works_on=TEXTS,
    example='<Question name="who" toName="text" value="Who wrote it?" maxAnswers="1" unanswerable="true"/>',
)
RULES = Tag(
    "Rules",
    "plan",
    "Checks of the answer, all made before a submit. It is not shown and may stand anywhere.",
    children=("Rule",),
    option_keys="no",
    example='<Rules><Rule for="box" minSize="8" message="A box is under 8 pixels."/></Rules>',
)
RULE = Tag(
    "Rule",
    "option",
    "One check of the answers or regions of one control, with what is said when it fails.",
    attrs=(
        Attr("for", "text", "Name of the control that is checked.", required=True),
        Attr(
            "message", "text", "What is said: {label}, {count} and {title} (the heading over the control) are filled "
            "in.", required=True,
        ),
        Attr("severity", "enum", "A warning is told, but the task may be submitted.", default="error",
             values=("error", "warning")),
        Attr("label", "text", "Only regions with this label; of a Ranker: only this bucket."),
        Attr("choice", "words", "With needs or excludes: only if one of these is chosen."),
        Attr("unless", "text", "Name of a control: the rule rests while that one is answered."),
        Attr("minCount", "int", "Fewest regions, choices, texts or items.", low=0),
        Attr("maxCount", "int", "Most regions, choices, texts or items.", low=0),
        Attr("minSize", "float", "Smaller side of a shape in pixels (cuboid: metres), characters of a span, seconds of "
             "a segment, at least.", low=0),
        Attr("maxSize", "float", "Larger side of a shape in pixels (cuboid: metres), characters of a span, seconds of "
             "a segment, at most.", low=0),
        Attr("overlap", "enum", "no: regions must not cover each other.", default="yes", values=("yes", "no")),
        Attr("inside", "text", "A label, or the name of a control: each region lies in one of its regions."),
        Attr("relation", "text", "Each region has a relation with this label; `*`: any relation."),
        Attr("minLength", "int", "Fewest characters of each text.", low=0),
        Attr("maxLength", "int", "Most characters of each text.", low=0),
        Attr("pattern", "text", "A regular expression that each whole text fits."),
        Attr("oneOf", "words", "Each text is one of these."),
        Attr("min", "float", "Least number or stars."),
        Attr("max", "float", "Largest number or stars."),
        Attr("needs", "text", "Name of a control that must be answered too."),
        Attr("excludes", "text", "Name of a control that must not be answered too."),
    ),
    text="message",
    example='<Rule for="box" label="Wheel" inside="Car" message="A wheel is outside of every car."/>',
)  # fmt: skip

TAGS = (QUESTION, RULES, RULE)

# What a Question is made of. The names are the Question's in messages; the plan has Label Studio's.
QUESTION_LABELS = replace(LABELS, name="Question", works_on=TEXTS, plan_tag="Labels")
QUESTION_LABEL = LABEL
QUESTION_CHOICES = replace(CHOICES, name="Question", works_on=TEXTS, plan_tag="Choices")
QUESTION_CHOICE = CHOICE
