"""Labels of relations between regions. Regions can be related without them too."""

from __future__ import annotations

from config_compiler.tags.model import Attr, Tag

RELATIONS = Tag(
    "Relations",
    "plan",
    "Labels for relations between regions. It is not shown and may stand anywhere.",
    attrs=(
        Attr(
            "choice", "enum", "Labels of one relation. (Label Studio's documentation says single; it does multiple.)",
            default="multiple", values=("single", "multiple"),
        ),
    ),
    children=("Relation",),
    option_keys="no",
    example='<Relations><Relation value="works for"/></Relations>',
)  # fmt: skip
RELATION = Tag(
    "Relation",
    "option",
    "One label of relations.",
    attrs=(
        Attr("value", "value", "Its text, as results hold it.", required=True),
        Attr("background", "color", "Its colour (default: from a sequence for all kinds of colour vision)."),
    ),
    text="value",
    example='<Relation value="works for" background="#0072b2"/>',
)

TAGS = (RELATIONS, RELATION)
