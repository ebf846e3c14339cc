"""What stands at a place of a config that is being written, which may be no XML right now."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from config_compiler.outline import Node, Outline, Token, Written, read
from config_compiler.spans import Span

Kind = Literal["tag", "attribute", "value", "close", "content", "comment", "none"]

_WORD = re.compile(r"[^\s<>/=\"'&$]*$")


@dataclass(frozen=True, slots=True)
class Cursor:
    """
    One place in an outline.

    ``span`` is the word around the place: from its beginning to its end, for tag names without ``<``, for values
    between the quotes; in content it is the part before the place. ``node`` is the tag that the place is written in;
    ``parent`` the element around it (or around the place, in content).
    """

    kind: Kind
    offset: int
    span: Span
    outline: Outline
    node: Node | None = None
    parent: Node | None = None
    attribute: Written | None = None

    @property
    def word(self) -> str:
        """The word before the place."""
        return self.outline.source[self.span.start : self.offset]

    def open(self) -> list[Node]:
        """The elements around the place, innermost first."""
        found, node = [], self.parent
        while node:
            found.append(node)
            node = node.parent
        return found


def at(source: str, offset: int) -> Cursor:
    """What stands at *offset* (code points, 0 to the length of *source*; others are cut). Never raises."""
    offset = min(max(0, offset), len(source))
    outline = read(source)
    token = _token(outline, offset)
    if token is None:
        return _content(outline, offset)
    if token.kind == "end" and offset >= token.start + 2:
        span = Span(token.start + 2, token.start + 2 + len(token.name))
        if offset > span.end:  # behind the name
            return Cursor("none", offset, Span(offset, offset), outline)
        parent = _around_end(outline, token)
        return Cursor("close", offset, span, outline, parent=parent)
    if token.kind != "start":
        return Cursor("comment" if token.kind == "comment" else "none", offset, Span(offset, offset), outline)
    node = next(node for node in outline.nodes if node.token is token)
    return _in_tag(outline, node, offset)


def _token(outline: Outline, offset: int) -> Token | None:
    """The tag or comment that *offset* is inside of; None in content."""
    low, high = 0, len(outline.tokens)
    while low < high:  # the last token that starts before the place
        middle = (low + high) // 2
        if outline.tokens[middle].start < offset:
            low = middle + 1
        else:
            high = middle
    if low == 0:
        return None
    token = outline.tokens[low - 1]
    if token.kind == "text":  # blanks behind an unfinished tag belong to it: attributes come next
        before = outline.tokens[low - 2] if low > 1 else None
        blank = before and not outline.source[before.end : offset].strip()
        return before if before and before.kind == "start" and not before.finished and before.name and blank else None
    if token.finished:
        return token if offset < token.end else None
    return token if offset <= token.end else None


def _content(outline: Outline, offset: int) -> Cursor:
    parent = outline.innermost(offset)
    word = _WORD.search(outline.source[max(0, offset - 60) : offset])
    start = offset - len(word.group()) if word else offset
    return Cursor("content", offset, Span(start, offset), outline, parent=parent)


def _around_end(outline: Outline, token: Token) -> Node | None:
    """The element that is open at an end tag, also if the tag closes it."""
    for node in reversed(outline.nodes):
        if node.close and node.close.start == token.start:
            return _innermost_unclosed(node, token.start)
    return outline.innermost(token.start)


def _innermost_unclosed(node: Node, end: int) -> Node:
    """Elements inside *node* that the same end tag ended: the innermost is the one to close first."""
    while True:
        inner = next((child for child in reversed(node.children) if child.end == end and not child.close), None)
        if inner is None or inner.token.empty or not inner.token.finished or not inner.name:
            return node
        node = inner


def _in_tag(outline: Outline, node: Node, offset: int) -> Cursor:
    token = node.token
    name = Span(token.start + 1, token.start + 1 + len(token.name))
    if offset <= name.end:
        return Cursor("tag", offset, name, outline, node, node.parent)
    for attribute in token.attributes:
        if attribute.value_span and attribute.value_span.start <= offset <= attribute.value_span.end:
            return Cursor("value", offset, attribute.value_span, outline, node, node.parent, attribute)
        if attribute.name_span.start < offset <= attribute.name_span.end:  # before it a new one may begin
            return Cursor("attribute", offset, attribute.name_span, outline, node, node.parent, attribute)
        if attribute.span.start < offset < attribute.span.end:  # at the = sign
            return Cursor("none", offset, Span(offset, offset), outline, node, node.parent, attribute)
    return Cursor("attribute", offset, Span(offset, offset), outline, node, node.parent)
