"""Text offsets: code points inside, UTF-16 units at the border to JavaScript, and snapping to words and sentences."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from dataclasses import dataclass, field

from labeling.plan_parts import Granularity

_ASTRAL = re.compile("[\U00010000-\U0010ffff]")
_SPACE_BEFORE = re.compile(r"\s*")
_LINE_END = re.compile("\r\n|[\n\r\u2028\u2029]")
# A sentence ends after its mark, closing quotes and blanks; full-width marks need no blank after them.
_SENTENCE_END = re.compile("[.!?…]+[\"'”’»)\\]]*\\s+|[。！？]+[”’」』）]*\\s*")

# Scripts written without blanks between words: a dictionary would be needed, so every sign stands for itself.
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff]"
)


@dataclass(frozen=True, slots=True, eq=False)
class TextDoc:
    """A text and where its code points beyond the BMP are: those take two units in UTF-16.

    ``units[i]`` is the UTF-16 position of the i-th such code point, ``points[i]`` its position in code points.
    """

    text: str = field(repr=False)
    units: tuple[int, ...] = field(repr=False)
    points: tuple[int, ...] = field(repr=False)

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
    start, end = _trim(text, start, end)
    if start == end:
        return start, end
    if granularity == "word":
        while start > 0 and _same_word(text[start - 1], text[start]):
            start -= 1
        while end < len(text) and _same_word(text[end - 1], text[end]):
            end += 1
        return start, end
    first, last = _paragraph(text, start, end)
    if granularity == "sentence":
        ends = [match.end() for match in _SENTENCE_END.finditer(text, first, last)]
        first = max((place for place in ends if place <= start), default=first)
        last = min((place for place in ends if place >= end), default=last)
    return _trim(text, first, last)


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
    return _in_word(left) and _in_word(right) and not (_UNSPACED.match(left) or _UNSPACED.match(right))


def _in_word(sign: str) -> bool:
    # Marks (vowel signs, accents) are no letters to str.isalnum but belong to the word.
    return sign.isalnum() or sign in "_'’\u200d" or unicodedata.category(sign)[0] == "M"
