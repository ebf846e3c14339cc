"""Taxonomies: thousands of items, so they become plain JSON and no models."""

from __future__ import annotations

import re
from typing import Any

from config_compiler.lower.context import Context
from config_compiler.plan import answers as plan
from config_compiler.tree import Item, Option

_USER = re.compile(r"//[^/@]*@")  # a user and password of apiUrl: every annotator can read the plan


def taxonomy(context: Context, control: Item) -> plan.AnswerControl:
    options = context.config.plain_of(control) or _items(context.config.options_of(control))
    members = context.control(control)
    if members["api_url"]:
        members["api_url"] = _USER.sub("//", members["api_url"])
    return plan.TaxonomyControl(options=options, **members)


def _items(options: list[Option]) -> list[dict[str, Any]]:
    """The items of one branch; a name that comes again is left out (the check reported it)."""
    made: dict[str, dict[str, Any]] = {}
    for option in options:
        stored = option.stored
        if stored in made:
            continue
        values = option.item.values
        entry: dict[str, Any] = {"value": option.value, "stored": stored}
        for name in ("alias", "hint", "color"):
            if values.given(name) and (text := values.text(name)):
                entry[name] = text
        if values.flag("selected"):
            entry["selected"] = True
        if option.children:
            entry["children"] = _items(option.children)
        made[stored] = entry
    return list(made.values())
