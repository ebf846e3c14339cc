"""What the plan says of the whole config: labels of relations."""

from __future__ import annotations

from typing import Any

from config_compiler import colors, values
from config_compiler.lower.context import value_of
from config_compiler.plan import Relations
from config_compiler.plan.options import Option
from config_compiler.tree import Config


def relations(config: Config) -> Relations | None:
    """The labels of all Relations tags; ``None`` without one."""
    tags = [extra for extra in config.extras if extra.tag.name == "Relations"]
    if not tags:
        return None
    rows = [option for tag in tags for option in config.options_of(tag)]
    free = colors.sequence([color for row in rows if (color := row.item.values.text("background"))])
    options: dict[str, Option] = {}
    for row in rows:
        if row.stored not in options:
            color = row.item.values.text("background") or next(free)
            text = value_of(values.parse(row.value))
            options[row.stored] = Option(
                value=row.value, stored=row.stored, text=text, color=color, show_alias=False, selected=False
            )
    choice: Any = tags[0].values.text("choice")
    return Relations(choice=choice, options=tuple(options.values()))
