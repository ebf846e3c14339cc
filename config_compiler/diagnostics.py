"""
What can be wrong with a config: problems are collected, put in order and printed here. How they are said stands in
:mod:`problem_texts`, :mod:`problem_hints` and :mod:`own_texts`, and nowhere else.

A problem has a stable code, a place, the fact and a way out. Codes come in groups: C00x limits and refusals, C01x tags
and where they may stand, C02x names and links, C03x hotkeys, C04x attributes and their values, C05x options, C06x
conditions, C07x data fields and the sample task, C08x styles, C10x and C11x XML itself, C13x our own
tags, C14x answers.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from difflib import get_close_matches
from functools import lru_cache
from typing import Any

from config_compiler.problem_hints import REASONS, WAYS
from config_compiler.problem_texts import TEXTS, Severity, Text
from config_compiler.spans import Lines, Span

__all__ = [
    "MAX_DIAGNOSTICS", "REASONS", "TEXTS", "WAYS", "Diagnostic", "Edit", "Fix", "Problems", "Severity", "Text",
    "format", "listing", "nearest", "shown",
]  # fmt: skip

MAX_DIAGNOSTICS = 200  # more help nobody, and a hostile config could make millions


@dataclass(frozen=True, slots=True)
class Edit:
    """Put ``text`` in place of ``source[start:end]`` (code points)."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Fix:
    """A change that solves a problem. The edits do not overlap and are in the order of their places."""

    title: str
    edits: tuple[Edit, ...]


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """
    One problem. Lines and columns are from 1; columns count code points; the end is exclusive.

    ``meant`` is the word or value that the hint asks for; ``fixes`` are made on demand (:mod:`config_compiler.fixes`).
    """

    line: int
    column: int
    end_line: int
    end_column: int
    code: str
    severity: Severity
    message: str
    hint: str
    meant: str = field(default="", compare=False, repr=False)
    fixes: tuple[Fix, ...] = field(default=(), compare=False, repr=False)

    def to_dict(self) -> dict[str, object]:
        data = asdict(self)
        del data["meant"]
        if not self.fixes:
            del data["fixes"]
        return data


@lru_cache(maxsize=512)
def nearest(word: str, known: tuple[str, ...]) -> str:
    """The known word that was probably meant, or ``""``. Case does not count."""
    lower = {name.lower(): name for name in reversed(known)}
    if word.lower() in lower:
        return lower[word.lower()]
    found = get_close_matches(word.lower()[:60], lower, n=1, cutoff=0.6)
    return lower[found[0]] if found else ""


def listing(words: Iterable[str], most: int = 12) -> str:
    """``a, b, c`` with at most *most* words."""
    names = list(words)
    return ", ".join(names[:most]) + (f" and {len(names) - most} more" if len(names) > most else "")


def shown(text: str, most: int = 40) -> str:
    """*text* on one line and not too long, to be quoted in a message."""
    flat = " ".join(text.split())
    return flat if len(flat) <= most else flat[: most - 1] + "…"


class Problems:
    """Collects the problems of one config, in any order, and gives them in the order of their places."""

    def __init__(self, lines: Lines) -> None:
        self.lines = lines
        self._found: dict[tuple[int, int, str, str], Diagnostic] = {}
        self._warnings: list[tuple[int, int, str, str]] = []
        self._more = 0
        self.failed = False

    @property
    def full(self) -> bool:
        """Whether more problems would only be counted."""
        return len(self._found) >= MAX_DIAGNOSTICS

    def add(
        self,
        code: str,
        span: Span,
        *,
        way: str | None = None,
        near: tuple[str, tuple[str, ...]] | None = None,
        known: Iterable[str] = (),
        **facts: Any,
    ) -> None:
        """
        Note one problem.

        Args:
            facts: fill the texts of *code*.
            way: the key in ``WAYS`` of the hint, where a code has several.
            near: a word and the words that may have been meant; if one is near, the hint asks for it in place of *way*.
            known: words to list in the hint as ``{known}``.
        """
        text = TEXTS[code]
        self.failed = self.failed or text.severity == "error"
        if self.full:
            self._more += 1
            if text.severity == "warning" or not self._warnings:
                return
            del self._found[self._warnings.pop()]  # an error is never hidden by warnings: it is why there is no plan
        if "reason_key" in facts:
            facts["reason"] = REASONS[facts["reason_key"]]
        facts["known"] = listing(known, 24) or "none"
        if way:
            facts["wayout"] = WAYS[way].format(**facts)
        found = str(facts.get("example", ""))
        if near:
            found = nearest(*near)
            facts["nearest"] = f"did you mean '{found}'?" if found else facts.get("wayout", "")
        message, hint = text.message.format(**facts), text.hint.format(**facts)
        line, column = self.lines.place(span.start)
        end_line, end_column = self.lines.place(span.end)
        key = (span.start, span.end, code, message)
        if key in self._found:
            return
        if text.severity == "warning":
            self._warnings.append(key)
        place = (line, column, end_line, end_column)
        self._found[key] = Diagnostic(*place, code, text.severity, message, hint, found)

    def line(self, span: Span) -> int:
        return self.lines.place(span.start)[0]

    def sorted(self) -> tuple[Diagnostic, ...]:
        found = [self._found[key] for key in sorted(self._found)]
        if self._more:
            text, last = TEXTS["C009"], found[-1]
            message = text.message.format(count=self._more)
            place = (last.line, last.column, last.end_line, last.end_column)
            found.append(Diagnostic(*place, "C009", text.severity, message, text.hint))
        return tuple(found)


def format(diagnostic: Diagnostic, source_name: str, source: str) -> str:
    """
    The problem for a terminal: place, code, message; the line of the source with carets under the fault; the hint.

    Carets count code points; a fault over several lines is marked to the end of its first line.
    """
    text = Lines(source).text(diagnostic.line)
    end = diagnostic.end_column if diagnostic.end_line == diagnostic.line else len(text) + 1
    width = max(1, min(end, len(text) + 1) - diagnostic.column)
    start = 0
    if len(text) > 160:  # a config on one line: show the neighbourhood of the fault
        start = max(0, diagnostic.column - 61)
        text, width = text[start : start + 160], min(width, 100)
    before = "".join("\t" if char == "\t" else " " for char in text[: diagnostic.column - 1 - start])
    kind = "" if diagnostic.severity == "error" else "warning "
    place = f"{source_name}:{diagnostic.line}:{diagnostic.column}"
    lines = [f"{place}: {kind}{diagnostic.code} {diagnostic.message}"]
    lines += [f"    {text}", f"    {before}{'^' * width}"]
    if diagnostic.hint:
        lines.append(f"    hint: {diagnostic.hint}")
    return "\n".join(lines)
