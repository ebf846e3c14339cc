"""What a row of the tag tables says about a tag and its attributes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Role = Literal["layout", "object", "regions", "answers", "option"]
"""layout arranges; an object shows data; regions and answers are controls; an option belongs to a control."""

Type = Literal[
    "name",  # name of this tag
    "names",  # names of objects, comma list
    "text",
    "bool",
    "int",
    "float",
    "enum",
    "color",
    "size",  # CSS length
    "style",  # CSS declarations
    "key",  # hotkeys, comma list
    "words",  # comma list
    "value",  # $ expression or text
    "field",  # one $field
]

TYPE_WORDS: dict[Type, str] = {
    "name": "name",
    "names": "names, separated by commas",
    "text": "text",
    "bool": "true or false",
    "int": "whole number",
    "float": "number",
    "enum": "word",
    "color": "colour",
    "size": "CSS size",
    "style": "CSS declarations",
    "key": "key",
    "words": "words, separated by commas",
    "value": "text, `$field` or both",
    "field": "`$field`",
}


@dataclass(frozen=True, slots=True)
class Attr:
    """
    One attribute.

    ``member`` is the member of the plan that the typed value goes to as it is; others are lowered by hand.
    ``unsupported`` says why an attribute of the language is reported and ignored; ``instead`` is the way out.
    """

    name: str
    type: Type
    doc: str
    default: str | None = None
    values: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None
    required: bool = False
    clamp: bool = False  # out of range is drawn at the nearest bound, as in Label Studio
    member: str | None = None
    unsupported: str | None = None
    instead: str = "leave it out"


@dataclass(frozen=True, slots=True)
class Tag:
    """
    One tag of the language.

    ``children`` are the tags that mean something inside, besides layout; ``object_type``, ``result_type`` and
    ``field_types`` are what the plan says about its data; ``works_on`` are the objects that a control can point at
    (empty: every object).
    """

    name: str
    role: Role
    doc: str
    attrs: tuple[Attr, ...] = ()
    children: tuple[str, ...] = ()
    holds_layout: bool = False
    text: str | None = None  # the attribute that text content stands for
    object_type: str | None = None
    result_type: str | None = None
    field_types: tuple[str, ...] = ()
    works_on: tuple[str, ...] = ()
    region: str | None = None  # the kind of region that a regions control draws itself
    example: str = ""
    by_name: dict[str, Attr] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_name", {attr.name.lower(): attr for attr in self.attrs})
