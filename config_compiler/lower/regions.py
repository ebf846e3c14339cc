"""Controls that make regions."""

from __future__ import annotations

from typing import Any

from config_compiler.lower.context import Context, value_of
from config_compiler.lower.options import options_of
from config_compiler.plan import regions as plan
from config_compiler.tree import Item

_NEVER = {"required": False, "per_region": False, "per_item": False, "display_mode": "tag"}


def lower(context: Context, control: Item) -> plan.RegionControl:
    """The control of *control*."""
    members = context.control(control) | _NEVER
    kind: Any = control.tag.result_type
    if not control.tag.children:
        return plan.ShapeControl(type=kind, shape=control.tag.shape, **members)
    options = context.config.options_of(control)
    on_text = control.tag.name == "HyperTextLabels" and any(item.tag.name == "Text" for item in context.links(control))
    labels = tuple(options_of(context, control, options, context.label_colors, "background"))
    if _is_all_to_mark(context, control):
        labels = tuple(label.model_copy(update={"selected": True}) for label in labels)
    return plan.LabelsControl(type=kind, shape="span" if on_text else control.tag.shape, options=labels, **members)


def _is_all_to_mark(context: Context, control: Item) -> bool:
    """
    Whether *control* is a Question, and all that can be marked in its text is the answer: what somebody selects there
    is one, so its label is active from the start.
    """
    texts = {id(item) for item in context.links(control)}
    others = (one for one in context.config.controls if one.tag.role == "regions" and one is not control)
    return control.tag.name == "Question" and not any(
        id(item) in texts for one in others for item in context.links(one)
    )


def chat(context: Context, control: Item) -> plan.ChatControl:
    """The half of a Chat that adds messages."""
    values = control.values
    members = context.control(control) | _NEVER
    roles = values.words("messageRoles") or (("user",) if values.text("llm") else ("user", "assistant"))
    words = values.words("editable")
    word = words[0].lower() if len(words) == 1 else ""
    editable: Any = word == "true" if word in ("true", "false") else words
    for member, name in (("min_messages", "minMessages"), ("max_messages", "maxMessages")):
        if (number := values.number(name)) is not None:
            members[member] = int(number)
        elif field := values.value(name):
            members[member] = value_of(field)
    return plan.ChatControl(roles=roles, editable=editable, **members)
