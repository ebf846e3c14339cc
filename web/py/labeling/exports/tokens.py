"""Texts cut into tokens, and spans on them as tags."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache


@cache
def _token() -> re.Pattern[str]:
    """
    A word with its inner apostrophes and hyphens, a number with its points, else one character that is no blank; each
    with the marks that combine with it (vowel signs, accents) and what a joiner joins (UAX 29, rules WB4 and WB3c).
    """
    found = [n for n in range(0x300, 0x1F000) if unicodedata.category(chr(n))[0] == "M"]
    runs = [n for n in found if n - 1 not in set(found)], [n for n in found if n + 1 not in set(found)]
    marks = "".join(f"{chr(first)}-{chr(last)}" for first, last in zip(*runs, strict=True)) + "\U000e0100-\U000e01ef"
    word = rf"\w[\w{marks}\u200c\u200d]*"
    sign = rf"[^\w\s][{marks}\u200c\u200d]*"
    return re.compile(rf"\d+(?:[.,]\d+)+|{word}(?:['’\-]{word})*|{sign}(?:(?<=\u200d){sign})*")


@dataclass(frozen=True, slots=True)
class Span:
    """Code points, the end outside."""

    start: int
    end: int
    label: str


def tokens(text: str, borders: Iterable[int]) -> list[tuple[int, int]]:
    """
    Start and end of each token. One that a border lies in is cut there, so that every span is made of whole tokens.
    """
    cuts = sorted(set(borders))
    made = []
    place = 0
    for found in _token().finditer(text):
        start, end = found.span()
        while place < len(cuts) and cuts[place] <= start:
            place += 1
        while place < len(cuts) and cuts[place] < end:
            made.append((start, cuts[place]))
            start = cuts[place]
            place += 1
        made.append((start, end))
    return made


def flat(spans: Iterable[Span]) -> tuple[list[Span], list[Span]]:
    """Spans that do not overlap, in order, and the rest: the one that starts first stays, of two the longer one."""
    kept: list[Span] = []
    rest: list[Span] = []
    for span in sorted(spans, key=lambda span: (span.start, -span.end)):
        (rest if kept and span.start < kept[-1].end else kept).append(span)
    return kept, rest


def bio(places: Sequence[tuple[int, int]], spans: Sequence[Span]) -> list[str]:
    """A tag for each token: `B-x` begins a span, `I-x` goes on, `O` is outside (Ramshaw and Marcus 1995, IOB2)."""
    tags = []
    at, begun = 0, -1
    for start, end in places:
        while at < len(spans) and spans[at].end <= start:
            at += 1
        if at == len(spans) or spans[at].start >= end:
            tags.append("O")
            continue
        tags.append(f"{'I' if begun == at else 'B'}-{spans[at].label}")
        begun = at
    return tags


def biluo(tags: Sequence[str]) -> list[str]:
    """IOB2 as BILUO: `L-x` ends a span, `U-x` is one of a single token."""
    made = []
    for tag, after in zip(tags, [*tags[1:], "O"][: len(tags)], strict=True):
        goes_on = after[:2] == "I-"
        match tag[:2]:
            case "B-":
                made.append(tag if goes_on else f"U-{tag[2:]}")
            case "I-":
                made.append(tag if goes_on else f"L-{tag[2:]}")
            case _:
                made.append(tag)
    return made
