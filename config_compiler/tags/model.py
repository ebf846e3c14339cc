"""What a row of the tag tables says about a tag and its attributes."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, Literal

_CAPITAL = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")

Role = Literal["layout", "object", "regions", "answers", "option", "part", "plan"]
"""
layout arranges; an object shows data; regions and answers are controls; an option belongs to a control, a part to an
object; what says something about the whole config and is not shown has the role plan.
"""

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
    "rate",  # a number or one $field
    "range",  # two numbers, comma list
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
    "rate": "number or `$field`",
    "range": "two numbers, separated by a comma",
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
    unless: str | None = None  # it is not required if this attribute is given
    clamp: bool = False  # out of range is drawn at the nearest bound, as in Label Studio
    member: str | None = None
    unsupported: str | None = None
    instead: str = "leave it out"


def plain(name: str, type: Type, doc: str, default: str | None = None, **more: Any) -> Attr:
    """An attribute that the plan has under its own name, in snake_case."""
    return Attr(name, type, doc, default=default, member=_CAPITAL.sub("_", name).lower(), **more)


@dataclass(frozen=True, slots=True)
class Tag:
    """
    One tag of the language.

    ``children`` are the tags that mean something inside, besides layout: options of a control, parts of an object, the
    only tags that may stand in a layout tag. ``object_type``, ``result_type`` and ``field_types`` are what the plan
    says about its data; an object with a ``result_type`` is a control of itself too. ``works_on`` are the objects that
    a control can point at (empty: every object).
    """

    name: str
    role: Role
    doc: str
    attrs: tuple[Attr, ...] = ()
    children: tuple[str, ...] = ()
    optional_children: bool = False  # it is complete without any
    nests: bool = False  # its options may have options inside
    option_keys: Literal["free", "given", "no"] = "free"  # keys of its options: free ones too, written ones, none
    holds_layout: bool = False
    text: str | None = None  # the attribute that text content stands for
    markup: bool = False  # its content is markup, and stands for the attribute too
    old_names: tuple[str, ...] = ()
    object_type: str | None = None
    result_type: str | None = None
    field_types: tuple[str, ...] = ()
    works_on: tuple[str, ...] = ()
    shape: str | None = None  # the kind of region that a regions control makes itself
    regions_by: str | None = None  # of an object: the control that usually marks its regions
    plan_tag: str | None = None  # the tag that the plan names, where this one stands for it
    example: str = ""
    by_name: dict[str, Attr] = field(init=False, compare=False, repr=False)
    memo: dict[str, Any] = field(init=False, compare=False, repr=False)  # typed defaults, as far as they were asked
    data_attrs: tuple[Attr, ...] = field(init=False, compare=False, repr=False)  # those that may hold a $field
    dynamic: bool = field(init=False, compare=False, repr=False)  # its options may come from the task

    def __post_init__(self) -> None:
        by_name = {attr.name.lower(): attr for attr in self.attrs}
        object.__setattr__(self, "by_name", by_name)
        object.__setattr__(self, "memo", {})
        object.__setattr__(
            self, "data_attrs", tuple(attr for attr in self.attrs if attr.type in ("value", "field", "rate"))
        )
        dynamic = bool(self.children) and "value" in by_name and by_name["value"].type == "field"
        object.__setattr__(self, "dynamic", dynamic)
