"""Text areas with their shortcuts, numbers, dates."""

from __future__ import annotations

from typing import Any

from config_compiler import values
from config_compiler.attrs import Values
from config_compiler.lower.context import Context, value_of
from config_compiler.plan import answers as plan
from config_compiler.tree import Item


def text_area(context: Context, control: Item) -> plan.AnswerControl:
    attributes, members = control.values, context.control(control)
    value = attributes.value("value")
    button = attributes.flag("showSubmitButton") if attributes.given("showSubmitButton") else members["rows"] != 1
    filled = value_of(value) if value and values.plain(value) else None
    shortcuts = tuple(_shortcut(context, control, option.item) for option in context.config.options_of(control))
    return plan.TextAreaControl(value=filled, show_submit_button=button, shortcuts=shortcuts or None, **members)


def _shortcut(context: Context, control: Item, item: Item) -> plan.Shortcut:
    value = item.values.text("value") or ""
    intent = {"type": "insert_text", "control": control.name, "text": value}
    keys = context.take_keys(item, value, intent, "input")
    color = item.values.text("background") or ""
    return plan.Shortcut(value=value, text=item.values.text("alias") or value, hotkey=keys, color=color)


def number(context: Context, control: Item) -> plan.AnswerControl:
    attributes = control.values
    keys = context.take_keys(control, control.name, {"type": "rate", "control": control.name, "step": 1})
    bounds: dict[str, Any] = {
        member: _plain(attributes, name)
        for member, name in {"min": "min", "max": "max", "step": "step", "default_value": "defaultValue"}.items()
    }
    return plan.NumberControl(hotkey=keys, **bounds, **context.control(control))


def _plain(attributes: Values, name: str) -> int | float | None:
    """Whole numbers without a point, as people write them."""
    found = attributes.number(name)
    return int(found) if found is not None and found == int(found) else found


def date_time(context: Context, control: Item) -> plan.AnswerControl:
    attributes = control.values
    only: Any = tuple(dict.fromkeys(word.lower() for word in attributes.words("only"))) or None
    return plan.DateTimeControl(only=only, format=attributes.text("format") or None, **context.control(control))
