"""Pairs and rankings."""

from __future__ import annotations

from typing import Any

from config_compiler.lower.context import Context
from config_compiler.plan import answers as plan
from config_compiler.tree import Item

_WHOLE: dict[str, Any] = {"per_region": False, "per_item": False, "display_mode": "tag"}


def pairwise(context: Context, control: Item) -> plan.AnswerControl:
    style = control.values.style("selectionStyle") or None
    return plan.PairwiseControl(selection_style=style, **{**_WHOLE, **context.control(control)})


def ranker(context: Context, control: Item) -> plan.AnswerControl:
    buckets: dict[str, plan.Bucket] = {}
    taken = False  # by the first default; the check reported others
    for option in context.config.options_of(control):
        values, name = option.item.values, option.item.name
        default = values.flag("default") and not taken
        taken = taken or default
        buckets.setdefault(name, plan.Bucket(name=name, title=values.text("title") or name, default=default))
    return plan.RankerControl(buckets=tuple(buckets.values()), **{**_WHOLE, **context.control(control)})
