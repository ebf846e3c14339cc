"""Where the text of an HTML document stands in its source: offsets of a marked place in the bytes that came.

The page shows a cleaned document, so its text is only a part of the source's, in nearly the same order. Text is read
off the source without building a tree (HTML standard, 13.2.5: tags, comments, raw elements, character references), then
the document's nodes are found in it one after the other. A node that was moved (text inside a table, outside its cells)
has no place.
"""

from __future__ import annotations

import html
import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

#: Elements whose content is text up to their end tag.
_RAW = frozenset({"script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes"})
#: Of these, those in which character references count.
_ESCAPABLE = frozenset({"textarea", "title"})
_PIECE = re.compile(r"&(?:#[0-9]+;?|#[xX][0-9a-fA-F]+;?|[a-zA-Z][a-zA-Z0-9]{0,31};?)|\r\n?")
#: A tag as nearly all are, without steps back; others are read sign by sign.
_PLAIN_TAG = re.compile(
    r"""<(/?[a-zA-Z][^\s/>]*+)(?:\s++[^\s"'>/=]++(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s"'>]++))?+)*+\s*+/?+>"""
)
_OPENS = re.compile("</?[a-zA-Z]")
_NAME_END = re.compile(r"[\s/>]")
_VALUE = re.compile(r"\s*=\s*")
#: Source that may be passed over in the search for one node, in code points of text.
_REACH = 20_000


@dataclass(frozen=True, slots=True, eq=False)
class SourceMap:
    """Runs in which text and source go along: text [``starts[i]``, ``ends[i]``) is source from ``places[i]``.

    A run whose source is longer or shorter than its text (``&amp;``) is one thing: its borders only.
    """

    starts: tuple[int, ...] = field(repr=False)
    ends: tuple[int, ...] = field(repr=False)
    places: tuple[int, ...] = field(repr=False)
    lengths: tuple[int, ...] = field(repr=False)

    def span(self, start: int, end: int) -> tuple[int, int] | None:
        """[start, end) of the text in the source, code points; None where an end has no place, or lies behind."""
        first, last = self._at(start), self._at(end - 1)
        if first is None or last is None or end <= start:
            return None
        left, right = self.places[first], self.places[last]
        if self.lengths[first] == self.ends[first] - self.starts[first]:
            left += start - self.starts[first]
        if self.lengths[last] == self.ends[last] - self.starts[last]:
            right += end - self.starts[last]
        else:
            right += self.lengths[last]
        return (left, right) if left < right else None

    def _at(self, point: int) -> int | None:
        at = bisect_right(self.starts, point) - 1
        return at if at >= 0 and point < self.ends[at] else None


class Source:
    """The source of one document; its map is made when it is first asked for."""

    __slots__ = ("_map", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self._map: SourceMap | None = None

    def span(self, nodes: Callable[[], Sequence[str]], start: int, end: int) -> tuple[int, int] | None:
        """[start, end) of the text that *nodes* make up, in the source (code points), if it has a place there."""
        if self._map is None:
            self._map = align(self.text, nodes())
        return self._map.span(start, end)


def align(source: str, nodes: Sequence[str]) -> SourceMap:
    """The map of a document whose text nodes are *nodes*, made from *source*."""
    pieces = list(_text(source))
    text = "".join(piece for piece, _, _ in pieces)
    begins = [0]
    for piece, _, _ in pieces:
        begins.append(begins[-1] + len(piece))
    rows: list[tuple[int, int, int, int]] = []
    at = here = 0  # in the text of the document, in that of the source
    solid = [node for node in nodes if node.strip()]
    passed = 0
    for node in nodes:
        following = ""
        if node.strip():
            passed += 1
            following = solid[passed] if passed < len(solid) else ""
        found = _find(text, node, here, following)
        if found is not None:
            here = found + len(node)
            rows.extend(_runs(pieces, begins, found, here, at - found))
        at += len(node)
    return SourceMap(*(tuple(row[column] for row in rows) for column in range(4)))


def _find(text: str, node: str, here: int, following: str) -> int | None:
    if text.startswith(node, here):
        return here
    found = text.find(node, here, here + _REACH + len(node))
    if found < 0:
        return None
    skipped = text[here:found].strip()
    # What is passed over must be text that the page does not show, not what comes next.
    return found if not skipped or (node.strip() and (not following or following.strip() not in skipped)) else None


def _runs(
    pieces: Sequence[tuple[str, int, int]], begins: Sequence[int], start: int, end: int, shift: int
) -> Iterator[tuple[int, int, int, int]]:
    """Of [start, end) of the source's text: start, end in the document's text, place and length in the source."""
    at = bisect_right(begins, start) - 1
    while at < len(pieces) and begins[at] < end:
        piece, place, length = pieces[at]
        first, last = max(start, begins[at]), min(end, begins[at + 1])
        if length == len(piece):
            yield first + shift, last + shift, place + first - begins[at], last - first
        elif first < last:
            yield first + shift, last + shift, place, length
        at += 1


def _text(source: str) -> Iterator[tuple[str, int, int]]:
    """The text of *source* in pieces: text, place, length in the source."""
    at = 0
    while at < len(source):
        opened = source.find("<", at)
        if opened < 0:
            opened = len(source)
        yield from _decoded(source, at, opened)
        if source.startswith("<!--", opened):
            closed = source.find("-->", opened + 4)
            at = len(source) if closed < 0 else closed + 3
        elif source[opened + 1 : opened + 2] in ("!", "?"):
            closed = source.find(">", opened)
            at = len(source) if closed < 0 else closed + 1
        elif _OPENS.match(source, opened):
            name, at = _tag(source, opened)
            if name in _RAW:
                end = re.compile(f"</{name}(?=[\\s/>])", re.IGNORECASE).search(source, at)
                closed = end.start() if end else len(source)
                if name in _ESCAPABLE:
                    yield from _decoded(source, at, closed)
                at = closed
        else:
            if opened < len(source):
                yield "<", opened, 1
            at = opened + 1


def _decoded(source: str, start: int, end: int) -> Iterator[tuple[str, int, int]]:
    piece = source[start:end]
    if "&" not in piece and "\r" not in piece:
        if piece:
            yield piece, start, end - start
        return
    at = start
    for found in _PIECE.finditer(source, start, end):
        if found.start() > at:
            yield source[at : found.start()], at, found.start() - at
        piece = "\n" if found[0].startswith("\r") else html.unescape(found[0])
        if piece:
            yield piece, found.start(), len(found[0])
        at = found.end()
    if end > at:
        yield source[at:end], at, end - at


def _tag(source: str, opened: int) -> tuple[str, int]:
    """Lower-case name of a tag (with its slash, if it ends one), and the place after it."""
    plain = _PLAIN_TAG.match(source, opened)
    if plain:
        return plain[1].lower(), plain.end()
    name = _NAME_END.search(source, opened + 2)
    at = name.start() if name else len(source)
    tag = source[opened + 1 : at].lower()
    while at < len(source) and source[at] != ">":
        if source[at] == "/" or source[at].isspace():
            at += 1
            continue
        at += 1  # an attribute's name may begin with "="
        while at < len(source) and source[at] not in "/>=" and not source[at].isspace():
            at += 1
        value = _VALUE.match(source, at)
        if value:
            at = value.end()
            quote = source[at : at + 1]
            if quote in ("'", '"') and quote:
                closed = source.find(quote, at + 1)
                at = len(source) if closed < 0 else closed + 1
            else:
                while at < len(source) and source[at] != ">" and not source[at].isspace():
                    at += 1
    return tag, min(at + 1, len(source))
