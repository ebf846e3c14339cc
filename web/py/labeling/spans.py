"""Text offsets: code points inside, UTF-16 units at the border to JavaScript, and snapping to words and sentences."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate

from labeling import graphemes
from labeling.html_source import Source
from labeling.plan_parts import Granularity
from labeling.text_nodes import Nodes

_ASTRAL = re.compile("[\U00010000-\U0010ffff]")
_SPACE_BEFORE = re.compile(r"\s*")
_LINE_END = re.compile("\r\n|[\n\r\u2028\u2029]")
# A sentence ends after its mark, closing quotes and blanks; full-width marks need no blank after them.
_SENTENCE_END = re.compile("[.!?…]+[\"'”’»)\\]]*\\s+|[。！？]+[”’」』）]*\\s*")

_SIZES: tuple[Granularity, ...] = ("symbol", "word", "sentence", "paragraph")

# Scripts written without blanks between words: a dictionary would be needed, so every sign stands for itself. Katakana
# writes foreign words, which are one run of it.
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u309f\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff]"
)
_KATAKANA = re.compile("[\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff\uff66-\uff9f]")


@dataclass(frozen=True, slots=True, eq=False)
class TextDoc:
    """A text and where its code points beyond the BMP are: those take two units in UTF-16.

    ``units[i]`` is the UTF-16 position of the i-th such code point, ``points[i]`` its position in code points.
    Of an HTML document also ``nodes``, and the ``source`` that it was made from.
    """

    text: str = field(repr=False)
    units: tuple[int, ...] = field(repr=False)
    points: tuple[int, ...] = field(repr=False)
    nodes: Nodes | None = field(default=None, repr=False)
    source: Source | None = field(default=None, repr=False)

    @classmethod
    def of_document(cls, text: str, rows: Sequence[tuple[str, int, bool]], source: str | None) -> TextDoc | None:
        """The text of an HTML document; *rows* as in ``Nodes.of`` with lengths in UTF-16 units. None if they do not
        make up the text."""
        doc = cls.of(text)
        ends = list(accumulate((length for _, length, _ in rows), initial=0))
        if ends[-1] != doc.length16:
            return None
        points = [doc.from_utf16(end) for end in ends]
        made = [(path, points[at + 1] - points[at], breaks) for at, (path, _, breaks) in enumerate(rows)]
        return replace(doc, nodes=Nodes.of(made), source=None if source is None else Source(source))

    @classmethod
    def of(cls, text: str) -> TextDoc:
        points = () if text.isascii() else tuple(match.start() for match in _ASTRAL.finditer(text))
        return cls(text, tuple(point + place for place, point in enumerate(points)), points)

    def to_utf16(self, point: int) -> int:
        """UTF-16 position of a code point position; both may be the end of the text."""
        return point + bisect_left(self.points, point)

    def from_utf16(self, unit: int, *, up: bool = False) -> int:
        """Code point position of a UTF-16 one. Between the halves of a pair: the pair's start, or its end if *up*."""
        before = bisect_left(self.units, unit)
        point = unit - before
        inside = before > 0 and self.units[before - 1] == unit - 1
        return point + 1 if up and inside else point

    @property
    def length16(self) -> int:
        return len(self.text) + len(self.points)


def snap(text: str, start: int, end: int, granularity: Granularity) -> tuple[int, int]:
    """*start* and *end* (code points, half-open) widened to whole words, sentences or paragraphs.

    Blanks at the ends are left out first, except for ``symbol``, which takes the selection as it is. Only blanks:
    an empty span.
    """
    if granularity == "symbol":
        return start, end
    start, end = _trim(text, graphemes.floor(text, start), graphemes.ceil(text, end))
    if start == end:
        return start, end
    if granularity == "word":
        while start > 0 and _same_word(text[start - 1], text[start]):
            start -= 1
        while end < len(text) and _same_word(text[end - 1], text[end]):
            end += 1
        return graphemes.floor(text, start), graphemes.ceil(text, end)
    first, last = _paragraph(text, start, end)
    if granularity == "sentence":
        marks = (match.end() for match in _SENTENCE_END.finditer(text, first, last))
        ends = [place for place in marks if graphemes.floor(text, place) == place]
        first = max((place for place in ends if place <= start), default=first)
        last = min((place for place in ends if place >= end), default=last)
    return _trim(text, first, last)


def snap_in(doc: TextDoc, start: int, end: int, granularity: Granularity) -> tuple[int, int]:
    """As `snap`; in an HTML document each end within its line or cell, where line ends of the source are blanks."""
    if doc.nodes is None or granularity == "symbol" or start >= end:
        return snap(doc.text, start, end, granularity)
    text = doc.text
    start, end = _trim(text, start, end)
    if start == end:
        return start, end
    first, stop = doc.nodes.line(start, len(text))
    begin, last = doc.nodes.line(end - 1, len(text))
    head = _LINE_END.sub(lambda found: " " * len(found[0]), text[first:stop])
    tail = _LINE_END.sub(lambda found: " " * len(found[0]), text[begin:last])
    left, _ = snap(head, start - first, min(end, stop) - first, granularity)
    _, right = snap(tail, max(start, begin) - begin, end - begin, granularity)
    return first + left, begin + right


def coarser(one: Granularity, other: Granularity) -> Granularity:
    """The one of the two that takes more."""
    return max(one, other, key=_SIZES.index)


def grown(text: str, start: int, end: int, by: tuple[int, int], granularity: Granularity) -> tuple[int, int]:
    """The span with its borders moved by so many units: signs, words, sentences, paragraphs.

    Args:
        by: units that the start and the end go forward, negative ones backward. A border stops at the ends of the text
            and before it would pass the other one: one unit always stays.
    """
    for _ in range(abs(by[1])):
        start, end = _stepped(text, start, end, granularity, at_end=True, forward=by[1] > 0)
    for _ in range(abs(by[0])):
        start, end = _stepped(text, start, end, granularity, at_end=False, forward=by[0] > 0)
    return start, end


def _stepped(
    text: str, start: int, end: int, granularity: Granularity, *, at_end: bool, forward: bool
) -> tuple[int, int]:
    """One border moved by one unit; unchanged where there is none left."""
    if at_end == forward:  # outward: over blanks to the next unit, and all of that
        border = end if at_end else start
        step = graphemes.after if forward else graphemes.before
        while True:
            moved = step(text, border)
            if moved == border:
                return start, end
            border = moved
            outward = (min(start, border), max(end, border))
            first, last = snap(text, *outward, granularity)
            if (first, last) != (start, end) and first <= start and last >= end:
                return first, last
    border = end if at_end else start
    step = graphemes.before if at_end else graphemes.after
    while True:  # inward: back over signs until the unit at the border is gone
        border = step(text, border)
        if border <= start or border >= end:
            return start, end
        inward = (start, border) if at_end else (border, end)
        first, last = snap(text, *inward, granularity)
        if first < last and (last < end if at_end else first > start):
            return first, last


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    match = _SPACE_BEFORE.match(text, start, end)
    start = match.end() if match else start
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def _paragraph(text: str, start: int, end: int) -> tuple[int, int]:
    first = max((text.rfind(mark, 0, start) + 1 for mark in "\n\r\u2028\u2029"), default=0)
    after = _LINE_END.search(text, end)
    return first, after.start() if after else len(text)


def _same_word(left: str, right: str) -> bool:
    if unicodedata.category(right)[0] == "M":
        return _in_word(left)
    if _KATAKANA.match(left) or _KATAKANA.match(right):
        return bool(_KATAKANA.match(left) and _KATAKANA.match(right))
    return _in_word(left) and _in_word(right) and not (_UNSPACED.match(left) or _UNSPACED.match(right))


def _in_word(sign: str) -> bool:
    # Marks (vowel signs, accents) are no letters to str.isalnum but belong to the word.
    return sign.isalnum() or sign in "_'’\u200d" or unicodedata.category(sign)[0] == "M"
