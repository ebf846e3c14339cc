"""Changes of a config as text edits: attributes, tags and elements of its outline. Everything else stays untouched."""

from __future__ import annotations

from collections.abc import Iterable
from xml.sax.saxutils import escape

from config_compiler.diagnostics import Edit
from config_compiler.outline import Node, Outline, Written
from config_compiler.spans import Span

INDENT = "  "


def apply(source: str, edits: Iterable[Edit]) -> str:
    """*source* after *edits*, which do not overlap."""
    parts: list[str] = []
    at = 0
    for edit in sorted(edits, key=lambda edit: (edit.start, edit.end)):
        parts += [source[at : edit.start], edit.text]
        at = edit.end
    return "".join([*parts, source[at:]])


def replace(span: Span, text: str) -> Edit:
    return Edit(span.start, span.end, text)


def escaped(text: str) -> str:
    """*text* as it is written in an attribute."""
    return escape(text, {'"': "&quot;"})


def set_attribute(node: Node, name: str, value: str) -> Edit:
    """*node* with the attribute *name*: changed where it is, else new, the name of a tag in the first place."""
    written = node.attribute(name)
    if written is None:
        start = node.token.start + 1 + len(node.name)
        if node.token.attributes and name != "name":
            start = node.token.attributes[-1].span.end
        return Edit(start, start, f' {name}="{escaped(value)}"')
    if written.value_span is None:
        return Edit(written.span.end, written.span.end, f'="{escaped(value)}"')
    text = escaped(value).replace("'", "&apos;") if written.quote == "'" else escaped(value)
    return replace(written.value_span, text if written.quote else f'"{text}"')


def remove_attribute(source: str, written: Written) -> Edit:
    """Without *written* and the blanks before it."""
    start = written.span.start
    while source[start - 1] in " \t\r\n":
        start -= 1
    if source[written.span.end : written.span.end + 1] not in (" ", "\t", "\r", "\n", "/", ">"):
        start = written.span.start
    return Edit(start, written.span.end, "")


def rename(node: Node, name: str) -> tuple[Edit, ...]:
    """*node* as another tag."""
    start = node.token.start + 1
    head = Edit(start, start + len(node.name), name)
    if node.close is None:
        return (head,)
    return (head, Edit(node.close.start + 2, node.close.start + 2 + len(node.name), name))


def remove(source: str, span: Span) -> Edit:
    """Without *span*, and without its line if nothing else is on it."""
    begin, end = span.start, span.end
    while begin > 0 and source[begin - 1] in " \t":
        begin -= 1
    while end < len(source) and source[end] in " \t\r":
        end += 1
    if (begin == 0 or source[begin - 1] == "\n") and (end == len(source) or source[end] == "\n"):
        return Edit(begin, end + 1, "") if end < len(source) else Edit(max(0, begin - 1), end, "")
    return replace(span, "")


def indent_at(source: str, at: int) -> str:
    """The blanks at the beginning of the line of *at*."""
    begin = source.rfind("\n", 0, at) + 1
    line = source[begin:at]
    return line[: len(line) - len(line.lstrip())]


def insert_before(source: str, node: Node, text: str) -> Edit:
    """*text*, one element, before *node*: on a line of its own if *node* begins one."""
    at = node.token.start
    indent = indent_at(source, at)
    begin = source.rfind("\n", 0, at) + 1
    gap = f"\n{indent}" if source[begin:at] == indent and begin > 0 else ""
    inner = text.replace("\n", f"\n{indent}")
    return Edit(at, at, f"{inner}{gap}")


def insert_after(source: str, node: Node, text: str) -> Edit:
    """*text*, one element, after *node*."""
    at = node.whole.end
    start = node.token.start
    indent = indent_at(source, start)
    begin = source.rfind("\n", 0, start) + 1
    gap = f"\n{indent}" if source[begin:start] == indent and begin > 0 else ""
    return Edit(at, at, f"{gap}{text}")


def insert_first(outline: Outline, node: Node, text: str) -> Edit:
    """*text*, one element, as the first thing inside *node*."""
    source, token = outline.source, node.token
    indent = indent_at(source, token.start) + INDENT
    inner = text.replace("\n", f"\n{indent}")
    if token.empty:
        return Edit(token.end - 2, token.end, f">\n{indent}{inner}\n{indent[: -len(INDENT)]}</{node.name}>")
    follows = source[token.end : node.end]
    gap = "" if follows[:1] in ("\n", "\r") else f"\n{indent[: -len(INDENT)]}" if not follows.strip() else ""
    return Edit(token.end, token.end, f"\n{indent}{inner}{gap}")
