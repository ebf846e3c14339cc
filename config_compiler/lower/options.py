"""Labels and choices."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from config_compiler import values
from config_compiler.attrs import Values
from config_compiler.lower.context import Context, value_of
from config_compiler.plan import options as plan
from config_compiler.tree import Item, Option


def options_of(
    context: Context,
    control: Item,
    options: list[Option],
    free: Iterator[str],
    color_attr: str,
    path: tuple[str, ...] = (),
) -> Iterator[plan.Option]:
    """
    The options of one control; a value that comes again is left out (the check reported it).

    Args:
        free: colours for those without *color_attr*.
        path: stored names of the choices around them.
    """
    seen: set[str] = set()
    several, selected = control.values.text("choice") == "multiple", False
    for option in options:
        if option.stored in seen:
            continue
        seen.add(option.stored)
        attributes = option.item.values
        here = (*path, option.stored)
        keys = context.take_keys(option.item, option.value, _pick(control, here))
        written = attributes.given("aliasStyle") if attributes.has("aliasStyle") else None
        members: dict[str, Any] = dict(attributes.members())
        members["alias"] = members["alias"] or None
        members["selected"] = members["selected"] and (several or not selected)
        selected = selected or members["selected"]
        color = attributes.text(color_attr) or next(free)
        children = tuple(options_of(context, control, option.children, free, color_attr, here)) or None
        yield plan.Option(
            value=option.value,
            stored=option.stored,
            text=value_of(values.parse(option.value)),
            color=color,
            hotkey=keys,
            group=option.group,
            alias_style=attributes.style("aliasStyle") if written and attributes.flag("showAlias") else None,
            style=_style(attributes),
            children=children,
            **members,
        )


def _pick(control: Item, path: tuple[str, ...]) -> dict[str, Any]:
    if control.tag.role == "regions":
        return {"type": "pick_label", "control": control.name, "label": path[-1]}
    nested = control.values.flag("allowNested")
    return {"type": "choose", "control": control.name, "choice": list(path) if nested else path[-1]}


def _style(attributes: Values) -> dict[str, str] | None:
    return (attributes.style("style") or None) if attributes.has("style") else None
