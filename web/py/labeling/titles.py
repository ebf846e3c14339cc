"""What people call a control: the heading that they see over it. A config's ``name`` is for results, not for people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from labeling import reading, values
from labeling.plan_index import PlanIndex

#: Nodes with children whose ``value`` is their title.
_TITLED = frozenset({"panel", "question"})


def titles(index: PlanIndex, data: Mapping[str, object]) -> dict[str, str]:
    """Headings by the control's name; a control without one is not there.

    A heading is the Header right before the control (or before a view that begins with it), the title of a panel that
    begins with it, the question that it answers; else the Header inside the control before its first option, else a
    text area's own label. A Header belongs to one control only. Over labels, a Header that is a field of the data and
    nothing else is the heading of what is marked, not of the labels.
    """
    found = dict(_headed(index.tree[:1]))
    shown: dict[str, str] = {}
    for control in index.controls.values():
        over = found.get(control.name)
        if isinstance(over, Mapping) and "path" in over and str(control.raw.get("type")).endswith("labels"):
            over = None
        text = _text(over, data) or _group(control.raw) or _text(control.raw.get("label"), data)
        if text:
            shown[control.name] = text
    return shown


def _headed(nodes: Sequence[object]) -> Iterator[tuple[str, object]]:
    """Names of controls with the value of the Header over them."""
    heading: object = None
    for entry in nodes:
        node = reading.mapping(entry) or {}
        kind = node.get("node")
        if kind == "control" and heading is not None:
            yield str(node.get("name")), heading
        elif inner := _children(node):
            if kind in _TITLED:
                heading = node.get("value")
            asked = inner if kind == "question" else inner[:1]
            yield from ((name, heading) for child in asked if heading is not None and (name := _control(child)))
            yield from _headed(inner)
        heading = node.get("value") if kind == "header" else None


def _control(entry: object) -> str:
    node = reading.mapping(entry) or {}
    return str(node.get("name")) if node.get("node") == "control" else ""


def _children(node: Mapping[str, object]) -> list[object]:
    children = node.get("children")
    return children if isinstance(children, list) else []


def _group(control: Mapping[str, object]) -> str:
    options = control.get("options")
    first = reading.mapping(options[0]) if isinstance(options, list) and options else None
    return (reading.text(first.get("group")) or "").strip() if first else ""


def _text(value: object, data: Mapping[str, object]) -> str:
    if isinstance(value, Mapping):
        return values.as_text(values.resolve(value, data).value).strip()
    return value.strip() if isinstance(value, str) else ""
