"""
A config as it stands while it is being written: tags, attributes and comments with their places, whatever is broken.

The reader (:mod:`config_compiler.reader`) says what is wrong with a config; this scan says what is there. It never
fails: a tag without ``>`` ends before the next ``<``, a quote that swallows other tags ends with its line, an end tag
that closes nothing is left out of the tree. All places are code points of the source.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from config_compiler.diagnostics import Problems
from config_compiler.garbage import without_collection
from config_compiler.references import decode
from config_compiler.spans import Lines, Span

Kind = Literal["start", "end", "comment", "cdata", "other", "text"]

MAX_OPEN = 200  # deeper elements are siblings; the compiler stops at 64

_NAME = re.compile(r"[^\s<>/=\"']*")
_ATTRIBUTE = re.compile(r"\s*(?P<name>[^\s<>/=\"']+)(?P<is>\s*=(?:\s*(?=[\"'])|[ \t]*))?")
_PLAIN_START = re.compile(r"<([^\s<>/=\"']++)(?:\s++[^\s<>/=\"']++=\"[^\"<>]*+\")*+\s*+(/?+)>")  # as most are
_BARE = re.compile(r"[^\s\"'<>/]*")
_SKIP = re.compile(r"\s+")
_UNCLOSED_END = re.compile(r"/?>|[\r\n]|<")


@dataclass(slots=True, eq=False)
class Written:
    """One attribute. ``value`` is None if there is no ``=``; ``quote`` is empty for a value without quotes."""

    name: str
    name_span: Span
    value_span: Span | None
    span: Span
    quote: str
    closed: bool
    raw: str

    @property
    def value(self) -> str:
        """The value with its references replaced; wrong ones stay as they are."""
        return plain(self.raw)


@dataclass(slots=True)
class Token:
    """A piece of the source. Start and end tags have a name; attributes of start tags are read when asked for."""

    kind: Kind
    start: int
    end: int
    name: str = ""
    finished: bool = True  # has its end: >, -->, ]]>
    empty: bool = False  # ends with />
    unread: str = field(default="", repr=False)  # the source that the attributes are read from
    found: list[Written] = field(default_factory=list, repr=False)

    @property
    def attributes(self) -> list[Written]:
        if self.unread:
            self.found, self.unread = _start(self.unread, self.start).found, ""
        return self.found


@dataclass(slots=True, eq=False)
class Node:
    """One element. ``end`` is where its inside ends; ``close`` the place of its end tag, if it has one."""

    token: Token
    parent: Node | None
    children: list[Node] = field(default_factory=list)
    texts: list[Span] = field(default_factory=list)
    end: int = 0
    close: Span | None = None

    @property
    def name(self) -> str:
        return self.token.name

    def attribute(self, name: str) -> Written | None:
        """The attribute *name*, in any case."""
        lower = name.lower()
        return next((one for one in self.token.attributes if one.name.lower() == lower), None)

    def value(self, name: str) -> str:
        """The value of the attribute *name* without blanks around it, or ``""``."""
        found = self.attribute(name)
        return found.value.strip() if found and found.value_span else ""

    @property
    def whole(self) -> Span:
        """From ``<`` to the end of the end tag."""
        return Span(self.token.start, self.close.end if self.close else max(self.end, self.token.end))


@dataclass(slots=True)
class Outline:
    source: str
    tokens: list[Token]
    nodes: list[Node]  # in document order
    roots: list[Node]

    def comments(self) -> Iterator[str]:
        """The texts of the comments."""
        return (self.source[token.start + 4 : token.end - 3] for token in self.tokens if token.kind == "comment")

    def innermost(self, offset: int) -> Node | None:
        """The element in whose inside *offset* is."""
        found: Node | None = None
        candidates = self.roots
        while True:
            inner = next((node for node in reversed(candidates) if node.token.end <= offset <= node.end), None)
            if inner is None or inner.token.empty or not inner.token.finished:
                return found
            found, candidates = inner, inner.children

    def text_of(self, node: Node) -> str:
        """The text directly in *node*."""
        return plain("".join(self.source[span.start : span.end] for span in node.texts)).strip()


def plain(raw: str) -> str:
    """*raw* with its references replaced; wrong ones stay as they are."""
    return decode(raw, 0, Problems(Lines(""))) if "&" in raw else raw


def read(source: str) -> Outline:
    """What is there in *source*. Never raises."""
    with without_collection(source):
        return _read(source)


def _read(source: str) -> Outline:
    tokens = list(scan(source))
    nodes: list[Node] = []
    roots: list[Node] = []
    stack: list[Node] = []
    for token in tokens:
        if token.kind == "start":
            parent = stack[-1] if stack else None
            node = Node(token, parent, end=token.end)
            nodes.append(node)
            (parent.children if parent else roots).append(node)
            if token.finished and not token.empty and token.name and len(stack) < MAX_OPEN:
                stack.append(node)
        elif token.kind == "end" and any(node.name == token.name for node in stack):
            while stack:
                node = stack.pop()
                node.end = token.start
                if node.name == token.name:
                    node.close = Span(token.start, token.end)
                    break
        elif token.kind in ("text", "cdata") and stack:
            inside = Span(token.start, token.end)
            if token.kind == "cdata":
                inside = Span(token.start + 9, max(token.start + 9, token.end - 3 * token.finished))
            stack[-1].texts.append(inside)
    for node in stack:
        node.end = len(source)
    return Outline(source, tokens, nodes, roots)


def scan(source: str) -> Iterator[Token]:
    """The pieces of *source*, without gaps."""
    at = 0
    while at < len(source):
        markup = source.find("<", at)
        if markup < 0:
            markup = len(source)
        if markup > at:
            yield Token("text", at, markup)
        if markup >= len(source):
            return
        token = _markup(source, markup)
        yield token
        at = token.end


def _markup(source: str, at: int) -> Token:
    if source.startswith("<!--", at):
        return _until(source, at, "comment", "-->", 4)
    if source.startswith("<![CDATA[", at):
        return _until(source, at, "cdata", "]]>", 9)
    if source.startswith("<?", at):
        return _until(source, at, "other", "?>", 2)
    if source.startswith("<!", at):
        return _until(source, at, "other", ">", 2)
    if source.startswith("</", at):
        name = _name(source, at + 2)
        end = at + 2 + len(name)
        gap = _SKIP.match(source, end)
        after = gap.end() if gap else end
        finished = source.startswith(">", after)
        return Token("end", at, after + 1 if finished else end, name, finished=finished)
    if plain := _PLAIN_START.match(source, at):
        return Token("start", at, plain.end(), plain[1], empty=bool(plain[2]), unread=source)
    return _start(source, at)


def _until(source: str, at: int, kind: Kind, closing: str, opening: int) -> Token:
    found = source.find(closing, at + opening)
    if found < 0:
        return Token(kind, at, len(source), finished=False)
    return Token(kind, at, found + len(closing))


def _name(source: str, at: int) -> str:
    found = _NAME.match(source, at)
    return found.group() if found else ""


def _start(source: str, start: int) -> Token:
    name = _name(source, start + 1)
    token = Token("start", start, start + 1 + len(name), name, finished=False)
    if not name:
        return token
    at = token.end
    while at < len(source):
        gap = _SKIP.match(source, at)
        after = gap.end() if gap else at
        if source.startswith(("/>", ">"), after):
            token.empty = source[after] == "/"
            token.end, token.finished = after + 1 + token.empty, True
            return token
        if source.startswith("<", after) or after >= len(source):
            break
        attribute = _attribute(source, after)
        if attribute is None:
            at = after + 1  # an odd character: the reader reports it
        else:
            token.found.append(attribute)
            at = attribute.span.end
        token.end = at
    return token


def _attribute(source: str, at: int) -> Written | None:
    found = _ATTRIBUTE.match(source, at)
    if found is None:
        return None
    name, start, end = found["name"], found.start("name"), found.end("name")
    name_span = Span(start, end)
    if found["is"] is None:
        return Written(name, name_span, None, name_span, "", True, "")
    begin = found.end("is")
    quote = source[begin : begin + 1]
    if quote not in ('"', "'"):
        bare = _BARE.match(source, begin)
        stop = bare.end() if bare else begin
        return Written(name, name_span, Span(begin, stop), Span(start, stop), "", True, source[begin:stop])
    stop = source.find(quote, begin + 1)
    raw = source[begin + 1 : stop] if stop >= 0 else source[begin + 1 :]
    less = raw.find("<")
    if stop < 0 or (less >= 0 and (">" in raw[:less] or "\n" in raw[:less])):
        limit = _UNCLOSED_END.search(source, begin + 1)
        stop = limit.start() if limit else len(source)
        value = Span(begin + 1, stop)
        return Written(name, name_span, value, Span(start, stop), quote, False, source[begin + 1 : stop])
    return Written(name, name_span, Span(begin + 1, stop), Span(start, stop + 1), quote, True, raw)
