"""New tags for a config: text with everything that the tag needs, and the place where writing goes on."""

from __future__ import annotations

import re
from xml.sax.saxutils import escape

from config_compiler.inventory import Inventory
from config_compiler.tags import registry
from config_compiler.tags.model import Tag

_MARK = "\0"  # where the cursor goes; XML cannot contain it
_INDENT = "  "


def attribute(name: str, value: str) -> str:
    """``name="value"`` with the value escaped."""
    return f'{name}="{escape(value, {chr(34): "&quot;"})}"'


def tag_text(tag: Tag, inventory: Inventory, indent: str = "") -> tuple[str, int]:
    """
    A *tag* with all it needs, and the offset of the cursor in it.

    Lines after the first are indented by *indent*.
    """
    text = _written(tag, inventory, indent, depth=0)
    at = text.find(_MARK)
    clean = text.replace(_MARK, "")
    return clean, at if at >= 0 else len(clean)


def _written(tag: Tag, inventory: Inventory, indent: str, depth: int) -> str:
    parts = [tag.name]
    content = _MARK
    for attr in tag.attrs:
        if attr.unsupported or (value := inventory.needed(tag, attr)) is None:
            continue
        if attr.name == tag.text and not value and tag.role == "layout" and re.search(r">[^<]", tag.example):
            continue  # this one is written as text between the tags, as in its example
        parts.append(attribute(attr.name, value) if value else f'{attr.name}="{_MARK}"')
    head = " ".join(parts)
    child = _child(tag) if depth < 2 else None
    inner = indent + _INDENT
    if child:
        return f"<{head}>\n{inner}{_written(child, inventory, inner, depth + 1)}\n{indent}</{tag.name}>"
    if tag.holds_layout and tag.role == "layout":
        return f"<{head}>\n{inner}{content}\n{indent}</{tag.name}>"
    if len(parts) == 1 and tag.text and any(attr.required for attr in tag.attrs):
        return f"<{head}>{content}</{tag.name}>"
    return f"<{head}/>"


def _child(tag: Tag) -> Tag | None:
    """The tag that belongs in a new *tag*: its first option, or the first part of a container."""
    if tag.role == "option" and tag.name in tag.children:
        return None
    return next((child for name in tag.children if (child := registry.find(name)) and child is not tag), None)


def with_name(tag: Tag, inventory: Inventory, name: str, field: str) -> str:
    """An object *tag* called *name* that shows ``$field``, with all that it needs."""
    text = tag_text(tag, inventory)[0]
    text = re.sub(r' name="[^"]*"', lambda _: f" {attribute('name', name)}", text, count=1)
    text = re.sub(r' value="[^"]*"', lambda _: f" {attribute('value', f'${field}')}", text, count=1)
    return re.sub(r'(\w+)=""', r'\1="\1"', text)
