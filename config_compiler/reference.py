"""
The registry in other forms: the tag reference (docs/tags.md), and what may stand inside a tag.

``python -m config_compiler.reference`` prints the text of docs/tags.md.
"""

from __future__ import annotations

import sys

from config_compiler.diagnostics import TEXTS
from config_compiler.hotkeys import BUILT_IN
from config_compiler.hotkeys import SEQUENCE as KEYS
from config_compiler.tags import registry
from config_compiler.tags.model import TYPE_WORDS, Attr, Tag

_ROLES = {
    "layout": "Layout",
    "object": "Objects",
    "regions": "Controls that make regions",
    "answers": "Controls that ask",
    "option": "Options",
    "part": "Parts of objects",
    "plan": "Rules of the whole config",
}


def children(tag: Tag) -> tuple[str, ...]:
    """Names of the tags that may stand inside *tag*."""
    if tag.role == "layout" and tag.holds_layout:
        if tag.children:
            return tag.children
        free = (
            other for other in registry.TAGS if other.role not in ("option", "part") and not registry.parents(other)
        )
        return tuple(other.name for other in free)
    if tag.role in ("object", "part") and tag.children:
        return (*tag.children, "View", *(("HyperText",) if tag.role == "object" else ()))
    if tag.holds_layout:
        return (*tag.children, "View", "Header", "Filter", "Text", "HyperText")
    return tag.children


def markdown() -> str:
    """The text of docs/tags.md."""
    lines = [
        "# Tags",
        "",
        "Every tag and attribute that a config may use. `python -m config_compiler.reference` writes this page;",
        "a test compares the two. [config.md](config.md) teaches the language.",
        "",
        "Names of tags and attributes may be written in any case. Where *default* is empty, there is none.",
    ]
    for role, title in _ROLES.items():
        lines += ["", f"## {title}"]
        for tag in registry.TAGS:
            if tag.role == role:
                lines += _tag(tag)
    lines += ["", "## Keys", ""]
    lines += [
        "Labels, choices and ratings without `hotkey` get the next free one of these, in the order of the config:",
        "",
        " ".join(f"`{key}`" for key in KEYS),
        "",
        "The labeling page uses these itself:",
        "",
        "| key | does |",
        "| --- | --- |",
    ]
    lines += [f"| `{key}` | {action} |" for key, action in BUILT_IN.items()]
    lines += ["", "## Problems", "", "| code | kind | what |", "| --- | --- | --- |"]
    lines += [f"| {code} | {text.severity} | {_cell(text.about)} |" for code, text in sorted(TEXTS.items())]
    lines += ["", "## Tags that nobody released", ""]
    lines += ["They stand in old documents and branches of Label Studio; the compiler says what to use (C011).", ""]
    lines += ["| tag | what to do |", "| --- | --- |"]
    lines += [f"| {name} | {way_out} |" for name, way_out in registry.INSTEAD.items()]
    return "\n".join(lines) + "\n"


def _tag(tag: Tag) -> list[str]:
    lines = ["", f"### {tag.name}", "", tag.doc, "", "```xml", tag.example, "```"]
    if tag.works_on:
        lines += ["", "Works on " + " and ".join(tag.works_on) + "."]
    if tag.old_names:
        lines += ["", "Old name: " + ", ".join(f"`{name}`" for name in tag.old_names) + "."]
    if tag.children and tag.role != "option":
        lines += ["", "Holds " + ", ".join(children(tag)) + "."]
    lines += ["", "| attribute | value | default | meaning |", "| --- | --- | --- | --- |"]
    for attr in tag.attrs:
        if not attr.unsupported:
            lines.append(f"| `{attr.name}` | {_cell(_values(attr))} | {_default(attr)} | {_cell(attr.doc)} |")
    missing = [f"`{attr.name}` ({attr.unsupported})" for attr in tag.attrs if attr.unsupported]
    if missing:
        lines += ["", "Reported and ignored: " + ", ".join(missing) + "."]
    return lines


def _values(attr: Attr) -> str:
    words = ", ".join(f"`{value}`" for value in attr.values) if attr.values else TYPE_WORDS[attr.type]
    if attr.low is not None and attr.high is not None:
        return f"{words}, {attr.low:g} to {attr.high:g}"
    return f"{words}, at least {attr.low:g}" if attr.low is not None else words


def _default(attr: Attr) -> str:
    if attr.required:
        return "required"
    return f"`{attr.default}`" if attr.default else ""


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


if __name__ == "__main__":
    sys.stdout.write(markdown())
