"""Nodes of the tree. ``NODES`` has a function for each layout tag; objects and controls are named by a node."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from config_compiler import style
from config_compiler.lower.context import Context, value_of
from config_compiler.plan import base
from config_compiler.plan import nodes as plan
from config_compiler.tree import Item
from config_compiler.values import Literal


def lower(context: Context, root: Item) -> plan.Node:
    """The tree under *root*."""
    found = nodes(context, root)
    if len(found) == 1:
        return found[0]
    return plan.ViewNode(key=context.key(), display="block", style={}, children=found)


def nodes(context: Context, item: Item) -> tuple[plan.Node, ...]:
    """The node of *item* and of all in it; what is written inside a control or object stands before it."""
    before = children(context, item) if item.tag.role in ("regions", "answers", "object") else ()
    if make := NODES.get(item.tag.name):
        return (make(context, item),)
    key = context.key()
    if item.tag.role == "object":
        return (*before, plan.ObjectNode(key=key, name=item.name))
    return (*before, plan.ControlNode(key=key, name=item.name, when=context.when(item)))


def children(context: Context, item: Item) -> tuple[plan.Node, ...]:
    """The nodes inside *item*."""
    return tuple(node for child in item.children for node in nodes(context, child))


def _text(item: Item) -> base.Value:
    return value_of(item.values.value("value") or Literal(""))


def _view(context: Context, item: Item) -> plan.Node:
    return plan.ViewNode(
        key=context.key(),
        style=item.values.style("style"),
        when=context.when(item),
        children=children(context, item),
        **_members(item),
    )


def _members(item: Item) -> dict[str, Any]:
    return dict(item.values.members())


def _header(context: Context, item: Item) -> plan.Node:
    return plan.HeaderNode(key=context.key(), value=_text(item), style=item.values.style("style"), **_members(item))


def _style(context: Context, item: Item) -> plan.Node:
    return plan.StyleNode(key=context.key(), css=style.sheet(item.values.text("value") or "")[0])


def _markdown(context: Context, item: Item) -> plan.Node:
    return plan.MarkdownNode(
        key=context.key(),
        value=_text(item),
        style=item.values.style("style"),
        when=context.when(item),
        **_members(item),
    )


def _collapse(context: Context, item: Item) -> plan.Node:
    key, opened = context.key(), item.values.flag("open")
    panels = tuple(
        plan.PanelNode(
            key=context.key(),
            value=_text(panel),
            open=panel.values.flag("open") if panel.values.given("open") else opened,
            children=children(context, panel),
        )
        for panel in item.children
    )
    return plan.CollapseNode(key=key, children=panels, **_members(item))


def _filter(context: Context, item: Item) -> plan.Node:
    to = context.links(item) or ((item.owner,) if item.owner else ())
    found: dict[str, Any] = _members(item) | {"to": to[0].name, "style": item.values.style("style")}
    return plan.FilterNode(key=context.key(), hotkey=context.keys(item), **found)


def _repeater(context: Context, item: Item) -> plan.Node:
    return plan.RepeaterNode(
        key=context.repeater_key(item),
        on=value_of(item.values.value("on") or Literal("")),
        flag=item.values.text("indexFlag") or "",
        children=children(context, item),
        **_members(item),
    )


def _question(context: Context, item: Item) -> plan.Node:
    key = context.key()
    inside = tuple(plan.ControlNode(key=context.key(), name=control.name) for control in item.children)
    return plan.QuestionNode(key=key, name=item.name, value=_text(item), children=inside)


NODES: dict[str, Callable[[Context, Item], plan.Node]] = {
    "View": _view,
    "Header": _header,
    "Style": _style,
    "Markdown": _markdown,
    "Collapse": _collapse,
    "Filter": _filter,
    "Repeater": _repeater,
    "Question": _question,
}
