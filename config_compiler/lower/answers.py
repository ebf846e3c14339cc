"""Controls that ask. ``ANSWERS`` has a function for each type of result."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from config_compiler import colors
from config_compiler.lower import comparison, components, inputs
from config_compiler.lower.context import Context
from config_compiler.lower.options import options_of
from config_compiler.lower.taxonomy import taxonomy
from config_compiler.plan import answers as plan
from config_compiler.tree import Item


def lower(context: Context, control: Item) -> plan.AnswerControl:
    """The control of *control*."""
    return ANSWERS[control.tag.result_type or ""](context, control)


def _choices(context: Context, control: Item) -> plan.AnswerControl:
    attributes, members = control.values, context.control(control)
    here = context.config.options_of(control)
    taken = [color for option in here if (color := option.item.values.text("color"))]
    options = tuple(options_of(context, control, here, colors.sequence(taken), "color"))
    inline = attributes.flag("showInline") and not attributes.given("layout")
    layout: Any = "inline" if inline else attributes.text("layout")
    return plan.ChoicesControl(options=options, layout=layout, **members)


def _rating(context: Context, control: Item) -> plan.AnswerControl:
    keys = context.take_keys(control, control.name, {"type": "rate", "control": control.name, "step": 1})
    return plan.RatingControl(hotkey=keys, **context.control(control))


ANSWERS: dict[str, Callable[[Context, Item], plan.AnswerControl]] = {
    "choices": _choices,
    "taxonomy": taxonomy,
    "rating": _rating,
    "textarea": inputs.text_area,
    "number": inputs.number,
    "datetime": inputs.date_time,
    "pairwise": comparison.pairwise,
    "ranker": comparison.ranker,
    "component": components.answer,
    "reactcode": components.answer,
}
