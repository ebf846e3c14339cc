"""
A checked config -> the plan. Here nothing can be wrong any more.

:mod:`nodes`, :mod:`objects` and :mod:`answers` each have a table that names the function for each tag or type;
:mod:`context` is what all use.
"""

from __future__ import annotations

from typing import Any

from config_compiler import plan
from config_compiler.check import Links
from config_compiler.conditions import Condition
from config_compiler.data import Need
from config_compiler.lower import answers, extras, nodes, objects, regions
from config_compiler.lower.context import Context
from config_compiler.tree import Config, Item


def lower(
    config: Config,
    links: Links,
    conditions: dict[int, Condition],
    keys: dict[int, tuple[str, ...]],
    fields: tuple[Need, ...],
    sample: dict[str, Any],
    sha256: str,
    rules: tuple[dict[str, Any], ...] = (),
) -> plan.Plan:
    """The plan of *config*."""
    if config.root is None:
        raise ValueError("a config without root has no plan")
    context = Context(config, links, conditions, keys)
    tree = nodes.lower(context, config.root)  # first: templates are known by the keys of their Repeaters
    controls = tuple(_control(context, control) for control in config.controls)
    return plan.Plan(
        config_sha256=sha256,
        requires=(),
        fields=tuple(
            plan.DataField.model_validate({"name": need.name, "types": need.types, "used_by": need.used_by})
            for need in fields
        ),
        tree=tree,
        objects=tuple(objects.lower(context, item) for item in config.objects),
        controls=controls,
        hotkeys=tuple(context.hotkeys),
        relations=extras.relations(config),
        rules=rules or None,
        sample=sample,
    )


def _control(context: Context, control: Item) -> plan.Control:
    if control.tag.role == "regions":
        return regions.lower(context, control)
    if control.tag.result_type == "chatmessage":
        return regions.chat(context, control)
    return answers.lower(context, control)
