"""Controls that compare: two objects with each other, the items of a list among themselves."""

from __future__ import annotations

from dataclasses import replace

from config_compiler.tags.answers import REQUIRED, VISIBLE_WHEN, WHEN_CHOICE, WHEN_TAG
from config_compiler.tags.model import Attr, Tag
from config_compiler.tags.objects import NAME
from config_compiler.tags.regions import TO_NAME

PAIRWISE = Tag(
    "Pairwise",
    "answers",
    "Pick the better of two objects.",
    attrs=(
        NAME,
        replace(TO_NAME, doc="Names of the two objects, separated by a comma; the first is the left one."),
        *REQUIRED,
        Attr("selectionStyle", "style", "CSS of the object that is picked."),
        Attr("leftClass", "text", "What exports call the left object.", member="left_class"),
        Attr("rightClass", "text", "What exports call the right object.", member="right_class"),
    ),
    result_type="pairwise",
    example='<Pairwise name="better" toName="a,b"/>',
)
RANKER = Tag(
    "Ranker",
    "answers",
    "Put the items of a List in order, or into buckets.",
    attrs=(
        NAME,
        TO_NAME,
        *REQUIRED,
        WHEN_TAG,
        WHEN_CHOICE,
        VISIBLE_WHEN,
        Attr("collapsible", "bool", "Items can be folded to their title.", default="true", member="collapsible"),
    ),
    children=("Bucket",),
    optional_children=True,
    option_keys="no",
    result_type="ranker",
    works_on=("List",),
    example='<Ranker name="order" toName="items"><Bucket name="good" title="Good"/></Ranker>',
)
BUCKET = Tag(
    "Bucket",
    "option",
    "One bucket of a Ranker. Items that are in none stay in the list.",
    attrs=(
        Attr("name", "name", "Its name in results.", required=True),
        Attr("title", "text", "What stands over it (default: its name)."),
        Attr("default", "bool", "All items are in it at the start.", default="false"),
    ),
    example='<Bucket name="good" title="Good answers"/>',
)

TAGS = (PAIRWISE, RANKER, BUCKET)
