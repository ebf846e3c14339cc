"""What a config that is being written already has: names, objects, controls, their options, fields, the sample task."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Any

from config_compiler import values
from config_compiler.outline import Node, Outline
from config_compiler.tags import registry
from config_compiler.tags.model import Attr, Role, Tag

MAX_FIELDS = 200
NAMES_A_TAG = frozenset(("whenTagName", "for", "unless", "needs", "excludes"))  # attributes that hold a tag's name


class Inventory:
    """The facts of one outline that completion, hover and quick fixes ask for."""

    def __init__(self, outline: Outline) -> None:
        self.outline = outline
        self.tagged: list[tuple[Tag, Node]] = [
            (tag, node) for node in outline.nodes if node.name and (tag := registry.find(node.name))
        ]

    @cached_property
    def named(self) -> dict[str, tuple[Tag, Node]]:
        """Objects and controls by their name; of two with one name the first."""
        found: dict[str, tuple[Tag, Node]] = {}
        for tag, node in self.tagged:
            if _has_name(tag) and (name := node.value("name")):
                found.setdefault(name, (tag, node))
        return found

    @cached_property
    def objects(self) -> dict[str, Tag]:
        return {name: tag for name, (tag, _) in self.named.items() if tag.role == "object"}

    @cached_property
    def controls(self) -> dict[str, Tag]:
        return {name: tag for name, (tag, _) in self.named.items() if tag.role in ("regions", "answers")}

    def fitting(self, tag: Tag) -> list[str]:
        """Names of the objects that a control *tag* may point at."""
        return [name for name, target in self.objects.items() if works(tag, target)]

    def targets(self, tag: Tag) -> list[str]:
        """Names of what *tag* may point at by toName: of a control objects, of a layout tag controls."""
        if _has_name(tag):
            return self.fitting(tag)
        return [name for name, target in self.controls.items() if target.children]

    def sees(self, node: Node, target: Node) -> bool:
        """Whether *target* is no copy of a Repeater that *node* is outside of."""
        around = set(map(id, _repeaters(node)))
        return all(id(repeater) in around for repeater in _repeaters(target))

    def options(self, name: str | None, role: Role | None = None) -> list[str]:
        """Values and aliases of the options of the control *name*, or of all controls (of one role)."""
        if name in self.named and name:
            nodes = [self.named[name][1]]
        else:
            nodes = [node for tag, node in self.named.values() if role in (None, tag.role)]
        found: dict[str, None] = {}
        for node in nodes:
            for option in _inside(node):
                tag = registry.find(option.name)
                if tag is None or tag.role != "option":
                    continue
                for text in (option.value("value") or self.outline.text_of(option), option.value("alias")):
                    if text:
                        found[text] = None
        return list(found)

    @cached_property
    def sample(self) -> dict[str, Any]:
        """The data of the sample task in a comment, empty if there is none that can be read."""
        for comment in self.outline.comments():
            if comment.lstrip().startswith("{"):
                try:
                    task = json.loads(comment)
                except (ValueError, RecursionError):
                    continue
                data = task.get("data", task) if isinstance(task, dict) else None
                if isinstance(data, dict):
                    return data
        return {}

    @cached_property
    def fields(self) -> dict[str, str]:
        """Fields that the config uses or its sample has (``doc.title``), and where they come from."""
        found: dict[str, str] = {}
        source = self.outline.source
        for tag, node in self.tagged:
            uses = source.find("$", node.token.start, node.token.end) >= 0
            for attribute in node.token.attributes if uses else ():
                for path in values.paths(values.parse(attribute.value)) if "$" in attribute.raw else ():
                    if path.path and len(found) < MAX_FIELDS:
                        found.setdefault(path.source, f"used by <{tag.name}>")
        for name, value in _paths(self.sample):
            if len(found) < MAX_FIELDS:
                found.setdefault(name, f"in the sample: {_short(value)}")
        return found

    @cached_property
    def keys(self) -> set[str]:
        """Hotkeys that are written in the config."""
        written = (node.value("hotkey") for node in self.outline.nodes)
        return {key.strip().lower() for text in written for key in text.split(",") if key.strip()}

    def fresh_name(self, tag: Tag) -> str:
        """A name for a *tag* that nothing in the config has: ``choices``, ``choices2`` …"""
        return fresh(tag.name.lower(), self.named)

    def fresh_field(self, tag: Tag) -> str:
        """A field for the data of an object *tag*: one of the sample that nothing uses, else by the tag."""
        base = tag.object_type or tag.name.lower()
        used = {name.partition(".")[0].partition("[")[0] for name, by in self.fields.items() if by.startswith("used")}
        free = [name for name, value in self.sample.items() if name.isidentifier() and name not in used]
        if base in free or not free:
            return fresh(base, used)
        return free[0]

    def needed(self, tag: Tag, attr: Attr) -> str | None:
        """What a new *tag* gets for *attr*; None if it does well without, "" if only the person knows."""
        if attr.type == "name" and attr.required:
            return self.fresh_name(tag)
        if attr.type == "names" and tag.role in ("regions", "answers") and attr.name == "toName":
            fitting = self.fitting(tag)
            if tag.result_type == "pairwise" and len(fitting) > 1:
                return ",".join(fitting[:2])
            return fitting[0] if fitting else ("" if attr.required or not self.objects else None)
        if not attr.required:
            return None
        if tag.role == "object" and attr.type in ("value", "field"):
            return f"${self.fresh_field(tag)}"
        if attr.type == "field":
            return "$options" if tag.role in ("regions", "answers") else f"${fresh('items', self.fields)}"
        return attr.values[0] if attr.values else attr.default or ""


def _has_name(tag: Tag) -> bool:
    """Whether a *tag* can be named by others."""
    return "name" in tag.by_name and tag.by_name["name"].type == "name"


def works(tag: Tag, target: Tag) -> bool:
    """Whether a control *tag* works on an object *target*."""
    return not tag.works_on or target.name in tag.works_on


def fresh(base: str, taken: Iterable[str]) -> str:
    """*base*, with a number behind it if it is taken."""
    known = set(taken)
    name, number = base, 2
    while name in known:
        name, number = f"{base}{number}", number + 1
    return name


def _repeaters(node: Node) -> Iterator[Node]:
    """The Repeaters around *node*."""
    here = node.parent
    while here:
        tag = registry.find(here.name)
        if tag and "indexflag" in tag.by_name:
            yield here
        here = here.parent


def _inside(node: Node) -> Iterator[Node]:
    for child in node.children:
        yield child
        yield from _inside(child)


def _paths(data: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, value in data.items():
        if isinstance(name, str) and name.isidentifier():
            yield name, value
            for inner, part in value.items() if isinstance(value, dict) else ():
                if isinstance(inner, str) and inner.isidentifier():
                    yield f"{name}.{inner}", part


def _short(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else text[:59] + "…"
