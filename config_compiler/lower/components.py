"""Components: the half that shows and the half that answers."""

from __future__ import annotations

from typing import Any

from config_compiler.components import params_of, result_of
from config_compiler.lower.context import Context, value_of
from config_compiler.plan import answers, objects
from config_compiler.tree import Item

_WHOLE = {"per_region": False, "per_item": False, "display_mode": "tag"}


def widget(context: Context, item: Item) -> objects.Object:
    """What draws it."""
    values = item.values
    found: dict[str, Any] = {"height": values.text("height"), "language": values.text("language") or "react"}
    for member in ("src", "data"):
        value = values.value(member)
        found[member] = value_of(value) if value else None
    code = values.text("code") or None
    return objects.ComponentObject(
        name=item.name, code=code, params=params_of(values), **context.template(item), **found
    )


def answer(context: Context, item: Item) -> answers.AnswerControl:
    """What keeps its answer."""
    members = {name: value for name, value in context.control(item).items() if name not in ("height", "language")}
    kind: Any = item.tag.result_type
    return answers.ComponentControl(type=kind, result=result_of(item.values), **{**_WHOLE, **members})
