"""
XML text -> elements with exact places, or the faults of the XML.

One scan finds the markup, so that every element, attribute and attribute value has its span in code points and every
fault is said in plain words with what is still open. XML without a DTD is small: the scan is complete for it, and
expat, which parses every text that the scan accepts, stays the judge of what is well-formed. Nothing is ever fetched,
expanded or executed: a document type or a processing instruction ends the reading before expat sees it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat

from config_compiler import plain_choices
from config_compiler.diagnostics import Problems, nearest, shown
from config_compiler.plain_choices import Plain
from config_compiler.references import decode
from config_compiler.spans import Span

MAX_BYTES = 1_000_000
MAX_DEPTH = 64
MAX_ELEMENTS = 20_000
MAX_ATTRIBUTES = 200

_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_NAME = re.compile(r"(?:[^\W\d]|:)[\w:.\-·]*")
_SPACE = re.compile(r"[ \t\r\n]*")
_END_TAG = re.compile(r"</((?:[^\W\d]|:)[\w:.\-·]*)[ \t\r\n]*>")
_ATTRIBUTE = re.compile(
    r"(?P<gap>[ \t\r\n]*)(?P<name>(?:[^\W\d]|:)[\w:.\-·]*)"
    r"(?P<is>[ \t\r\n]*=[ \t\r\n]*(?P<value>\"[^\"]*\"|'[^']*')?)?"
)
_PLAIN_ATTRIBUTE = re.compile(  # most are: there is nothing to report and nothing to decode
    r"[ \t\r\n]+((?:[^\W\d]|:)[\w:.\-·]*)=\"([^\"<&\t\r\n]*)\""
)
_ODD = re.compile(r"[^\s<>]+")
_BARE_VALUE = re.compile(r"[^ \t\r\n\"'<>]*[^ \t\r\n\"'<>/]")
_DECLARATION = re.compile(
    r"<\?xml[ \t\r\n]+version[ \t\r\n]*=[ \t\r\n]*(?:\"1\.0\"|'1\.0')"
    r"(?:[ \t\r\n]+encoding[ \t\r\n]*=[ \t\r\n]*(?:\"[A-Za-z][\w.\-]*\"|'[A-Za-z][\w.\-]*'))?"
    r"(?:[ \t\r\n]+standalone[ \t\r\n]*=[ \t\r\n]*(?:\"(?:yes|no)\"|'(?:yes|no)'))?[ \t\r\n]*\?>",
    re.ASCII,
)


@dataclass(slots=True)  # not frozen: a large config has twenty thousand, and frozen ones take three times as long
class Attribute:
    """``name="value"`` as written; *value* is decoded; spans are not part of equality. Nobody changes one."""

    name: str
    value: str
    span: Span = field(compare=False, repr=False)  # name, = and quotes
    name_span: Span = field(compare=False, repr=False)
    value_span: Span = field(compare=False, repr=False)  # between the quotes

    def part(self, start: int, end: int) -> Span:
        """The span of ``value[start:end]``; the whole value if references make the two texts differ in length."""
        if self.value_span.end - self.value_span.start != len(self.value):
            return self.value_span
        return Span(self.value_span.start + start, self.value_span.start + end)


@dataclass(frozen=True, slots=True)
class TextPiece:
    """Text between tags, decoded."""

    text: str
    span: Span = field(compare=False, repr=False)


@dataclass(slots=True)
class Element:
    """An element as written; ``content`` has elements and texts in their order; ``inner`` is what its tags enclose."""

    name: str
    attributes: tuple[Attribute, ...]
    content: list[Element | TextPiece]
    span: Span = field(compare=False, repr=False)  # the start tag
    name_span: Span = field(compare=False, repr=False)  # "<" and the name
    inner: Span | None = field(default=None, compare=False, repr=False)
    plain: Plain | None = field(default=None, compare=False, repr=False)  # what is in it, in place of content

    @property
    def children(self) -> Iterator[Element]:
        return (piece for piece in self.content if isinstance(piece, Element))


@dataclass(frozen=True, slots=True)
class Comment:
    text: str
    span: Span = field(compare=False, repr=False)
    text_span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Document:
    """``sound`` is false when faults make the tree a guess: then nothing more is worth checking."""

    root: Element | None
    comments: tuple[Comment, ...]
    sound: bool


def read(source: str, problems: Problems) -> Document:
    """Read *source*; every fault goes to *problems*. Never raises."""
    size = len(source) if len(source) > MAX_BYTES else len(source.encode("utf-8", "surrogatepass"))
    if size > MAX_BYTES:
        problems.add("C001", Span(0, 0), size=size, limit=MAX_BYTES)
        return Document(None, (), sound=False)
    if forbidden := _FORBIDDEN.search(source):
        problems.add("C007", Span(*forbidden.span()), point=f"{ord(forbidden.group()):04X}")
        return Document(None, (), sound=False)
    document = _Scan(source, problems).run()
    if document.sound and not problems.failed:
        document = _judged(source, document, problems)
    return document


def _judged(source: str, document: Document, problems: Problems) -> Document:
    """*document*, or an unsound one if expat does not agree that *source* is XML."""
    data = source.encode()
    parser = expat.ParserCreate("utf-8")
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        at = len(data[: max(0, parser.ErrorByteIndex)].decode("utf-8", "ignore"))
        problems.add("C118", Span(at, min(at + 1, len(source))), reason=expat.ErrorString(error.code))
        return Document(document.root, document.comments, sound=False)
    return document


class _Refused(Exception):
    """Reading must end here; the problem is noted."""


class _Scan:
    """One pass over the source. ``_at`` is the offset of what is read next."""

    def __init__(self, source: str, problems: Problems) -> None:
        self._source = source
        self._problems = problems
        self._at = 1 if source.startswith("\ufeff") else 0  # a byte order mark is no content
        self._open: list[Element] = []
        self._root: Element | None = None
        self._comments: list[Comment] = []
        self._elements = 0
        self._sound = True

    def run(self) -> Document:
        source = self._source
        try:
            while self._at < len(source):
                markup = source.find("<", self._at)
                self._text(self._at, markup if markup >= 0 else len(source))
                if markup < 0:
                    break
                self._at = markup
                self._markup()
        except _Refused:
            return Document(self._root, tuple(self._comments), sound=False)
        for element in self._open:
            self._problems.add("C102", element.name_span, way="end", tag=element.name, line=self._line(element))
            self._sound = False
        if self._root is None and self._sound:
            self._problems.add("C101", Span(0, 0))
            self._sound = False
        return Document(self._root, tuple(self._comments), self._sound)

    def _line(self, element: Element) -> int:
        return self._problems.line(element.span)

    def _broken(self, code: str, start: int, end: int, **facts: Any) -> None:
        self._problems.add(code, Span(start, min(end, len(self._source))), **facts)
        self._sound = False
        if self._problems.full:
            raise _Refused

    # text

    def _text(self, start: int, end: int) -> None:
        self._at = end
        if start == end:
            return
        raw = self._source[start:end]
        blank = raw.isspace()
        if not self._open:
            if raw.strip(" \t\r\n"):
                self._outside("text", start + len(raw) - len(raw.lstrip(" \t\r\n")), start + len(raw.rstrip(" \t\r\n")))
            return
        if not blank:
            if "]]>" in raw:
                at = start + raw.index("]]>")
                self._problems.add("C116", Span(at, at + 3))
            self._open[-1].content.append(TextPiece(decode(raw, start, self._problems), Span(start, end)))

    def _outside(self, what: str, start: int, end: int) -> None:
        root = self._root.name if self._root else "View"
        way = "one_root" if what == "tag" else "outside"
        name = f"<{self._source[start + 1 : end]}>" if what == "tag" else f"the {what}"
        self._broken("C113", start, end, what=name, tag=root, way=way)

    # markup

    def _markup(self) -> None:
        source, at = self._source, self._at
        if source.startswith("</", at):
            self._end_tag()
        elif source.startswith("<!--", at):
            self._comment()
        elif source.startswith("<![CDATA[", at):
            end = self._until("]]>", "the CDATA section", 9)
            if not self._open:
                self._outside("text", at, end)
            else:
                text = source[at + 9 : end - 3].replace("\r\n", "\n").replace("\r", "\n")
                self._open[-1].content.append(TextPiece(text, Span(at + 9, end - 3)))
        elif source.startswith("<?", at):
            self._instruction()
        elif source.startswith("<!", at):
            end = source.find(">", at)
            self._problems.add("C002", Span(at, at + 9 if source[at + 2 : at + 9].upper() == "DOCTYPE" else at + 2))
            self._at = end + 1 or len(source)
            raise _Refused
        elif name := _NAME.match(source, at + 1):
            self._start_tag(name.group(), name.end())
        else:
            self._broken("C107", at, at + 1)
            self._at = at + 1

    def _until(self, end: str, what: str, opening: int) -> int:
        """Move behind *end* and return the place; an unfinished section ends the reading."""
        found = self._source.find(end, self._at + opening)
        if found < 0:
            self._broken("C114", self._at, self._at + opening, what=what, closing=end)
            raise _Refused
        self._at = found + len(end)
        return self._at

    def _comment(self) -> None:
        start = self._at
        end = self._until("-->", "the comment", 4)
        text = self._source[start + 4 : end - 3]
        dashes = text.find("--")
        if dashes < 0 and text.endswith("-"):
            dashes = len(text) - 1
        if dashes >= 0:
            self._problems.add("C115", Span(start + 4 + dashes, start + 6 + dashes))
        self._comments.append(Comment(text, Span(start, end), Span(start + 4, end - 3)))

    def _instruction(self) -> None:
        start = self._at
        if (
            start <= 1
            and not self._source[:start].strip("\ufeff")
            and (found := _DECLARATION.match(self._source, start))
        ):
            self._at = found.end()
            return
        name = _NAME.match(self._source, start + 2)
        end = self._source.find("?>", start)
        self._problems.add("C004", Span(start, name.end() if name else start + 2), name=name.group() if name else "")
        self._at = end + 2 if end >= 0 else len(self._source)
        raise _Refused

    def _end_tag(self) -> None:
        source, start = self._source, self._at
        found = _END_TAG.match(source, start)
        name = found or _NAME.match(source, start + 2)
        if name is None:
            self._broken("C107", start, start + 1)
            self._at = start + 1
            return
        tag = found.group(1) if found else name.group()
        self._at = name.end()
        if not found:
            self._broken("C112", start, name.end(), way="end_end", tag=f"/{tag}")
            self._at = self._tag_end(name.end())
        self._close(tag, Span(start, self._at))

    def _close(self, tag: str, span: Span) -> None:
        """Close what *tag* closes; say what was left open, misspelt or never opened."""
        names = [element.name for element in self._open]
        if names and names[-1] == tag:
            element = self._open.pop()
            element.inner = Span(element.span.end, span.start)
        elif tag in names:
            while self._open[-1].name != tag:
                left = self._open.pop()
                self._broken_open(left, tag, span)
            self._open.pop()
        elif names and nearest(tag, (names[-1],)):
            self._broken("C103", *_ends(span), found=tag, tag=names[-1], line=self._line(self._open[-1]))
            self._open.pop()
        else:
            self._broken("C104", *_ends(span), tag=tag)

    def _broken_open(self, left: Element, tag: str, span: Span) -> None:
        self._problems.add(
            "C102",
            left.name_span,
            way="before",
            tag=left.name,
            line=self._line(left),
            by=tag,
            at=self._problems.line(span),
        )
        self._sound = False

    def _start_tag(self, name: str, at: int) -> None:
        start = self._at
        self._elements += 1
        if self._elements > MAX_ELEMENTS:
            self._problems.add("C006", Span(start, at), limit=MAX_ELEMENTS)
            raise _Refused
        if len(self._open) >= MAX_DEPTH:
            self._problems.add("C005", Span(start, at), limit=MAX_DEPTH)
            raise _Refused
        if self._root is not None and not self._open:
            self._outside("tag", start, at)
        attributes, at, closed = self._attributes(name, at)
        self._at = at
        element = Element(name, attributes, [], Span(start, at), Span(start, start + 1 + len(name)))
        if self._open:
            self._open[-1].content.append(element)
        elif self._root is None:
            self._root = element
        if not closed:
            self._open.append(element)
            if name == "Taxonomy":
                self._plain_choices(element)

    def _plain_choices(self, element: Element) -> None:
        """Read a long list of plain choices at once, if it breaks no limit; else it is read tag by tag."""
        found = plain_choices.read(self._source, self._at)
        if found is None:
            return
        plain, end = found
        if self._elements + plain.elements <= MAX_ELEMENTS and len(self._open) + plain.depth <= MAX_DEPTH:
            self._elements += plain.elements
            self._at = end
            element.plain = plain

    def _attributes(self, tag: str, at: int) -> tuple[tuple[Attribute, ...], int, bool]:
        """The attributes from *at* on, the place behind the tag, and whether the tag closes itself."""
        source = self._source
        attributes: dict[str, Attribute] = {}
        told = False  # a value that is not there was reported and explains everything odd after it
        while True:
            while plain := _PLAIN_ATTRIBUTE.match(source, at):
                at = plain.end()
                name, value = plain.groups()
                start, begin = plain.start(1), plain.start(2)
                name_span = Span(start, start + len(name))
                self._keep(attributes, Attribute(name, value, Span(start, at), name_span, Span(begin, at - 1)), tag)
            if source.startswith(">", at):
                return tuple(attributes.values()), at + 1, False
            if source.startswith("/>", at):
                return tuple(attributes.values()), at + 2, True
            found = _ATTRIBUTE.match(source, at)
            if found is None:
                gap = _SPACE.match(source, at)
                after = gap.end() if gap else at
                if source.startswith((">", "/>"), after):
                    at = after
                    continue
                return tuple(attributes.values()), *self._odd(tag, after, told)
            attribute, at = self._attribute(tag, found)
            told = told or (
                source[attribute.span.end - 1] in "\"'" and attribute.value_span.start == attribute.span.end
            )
            self._keep(attributes, attribute, tag)

    def _keep(self, attributes: dict[str, Attribute], attribute: Attribute, tag: str) -> None:
        key = attribute.name.lower()
        if key in attributes:
            self._problems.add("C105", attribute.name_span, name=attribute.name, tag=tag)
            if self._problems.full:
                raise _Refused
        elif len(attributes) >= MAX_ATTRIBUTES:
            self._problems.add("C008", attribute.name_span, tag=tag, limit=MAX_ATTRIBUTES)
            raise _Refused
        else:
            attributes[key] = attribute

    def _attribute(self, tag: str, found: re.Match[str]) -> tuple[Attribute, int]:
        source, name = self._source, found["name"]
        start = found.start("name")
        name_span = Span(start, found.end("name"))
        if not found["gap"]:
            self._broken("C111", start, name_span.end, text=shown(name), tag=tag, way="space")
        if found["value"] is not None:
            begin, end = found.start("value") + 1, found.end("value") - 1
            raw = source[begin:end]
            value = raw
            if "<" in raw:
                self._bare_less(begin, raw)
            if "&" in raw or "\n" in raw or "\t" in raw or "\r" in raw:
                value = decode(raw, begin, self._problems, attribute=True)
            return Attribute(name, value, Span(start, end + 1), name_span, Span(begin, end)), end + 1
        if found["is"] is None:
            self._broken("C108", start, name_span.end, name=name)
            return Attribute(name, "true", name_span, name_span, name_span), name_span.end
        at = found.end("is")
        if source[at : at + 1] in ('"', "'"):
            self._broken("C110", at, at + 1, quote=source[at])
            return Attribute(name, "", Span(start, at + 1), name_span, Span(at + 1, at + 1)), self._tag_end(at + 1)
        bare = _BARE_VALUE.match(source, at)
        end = bare.end() if bare else at
        self._broken("C109", at, max(end, at + 1), name=name, value=shown(source[at:end]) or "…")
        return Attribute(name, source[at:end], Span(start, end), name_span, Span(at, end)), end

    def _bare_less(self, begin: int, raw: str) -> None:
        """``<`` in a value: usually the quote before it was forgotten, then say that."""
        at = begin + raw.index("<")
        if ">" in raw[: at - begin] or "\n" in raw[: at - begin]:
            self._broken("C110", begin - 1, begin, quote=self._source[begin - 1])
        else:
            self._problems.add("C107", Span(at, at + 1))

    def _odd(self, tag: str, at: int, told: bool) -> tuple[int, bool]:
        """Something that is no attribute: report it, unless its cause was told, and go on behind the tag."""
        source = self._source
        if at >= len(source) or source[at] == "<":
            if not told:
                self._broken("C112", self._at, self._at + 1 + len(tag), way="start_end", tag=tag)
            return at, True
        text = _ODD.match(source, at)
        end = text.end() if text else at + 1
        way = "quote" if {'"', "'"} & set(source[at:end]) else "remove"
        self._broken("C111", at, end, text=shown(source[at:end]), tag=tag, way=way)
        end = self._tag_end(at)
        return end, source.startswith("/>", end - 2)

    def _tag_end(self, at: int) -> int:
        """Behind the next ``>``, but before the next tag."""
        other = self._source.find("<", at)
        limit = other if other >= 0 else len(self._source)
        close = self._source.find(">", at, limit)
        return close + 1 if close >= 0 else limit


def _ends(span: Span) -> tuple[int, int]:
    return span.start, span.end
