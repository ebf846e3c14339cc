"""
Regular expressions that always answer in time -> the steps that the engine runs (:mod:`labeling.patterns`).

The notation is Python's, cut to what is regular: characters, ``.``, ``[classes]``, ``\\d \\w \\s`` and their opposites,
groups, ``|`` and the repeats ``* + ? {m,n}``. Looking around, going back to a group and flags are refused, and so are
anchors inside, because a pattern always stands for the whole text. What is left becomes a set of states, one step for
each character, so no text and no pattern makes it slow: nested repeats, which stop a backtracking matcher for years,
cost nothing here (Thompson 1968, Regular Expression Search Algorithm).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

MAX_PATTERN = 500
MAX_STATES = 2_000

_MAX_DEPTH = 20
_COUNT = re.compile(r"\{(?P<low>[0-9]{1,4})?(?P<comma>,(?P<high>[0-9]{1,4})?)?\}", re.ASCII)
_ESCAPE = re.compile(r"\\(?:[dDwWsSnrtfv]|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|[^\w\s])", re.ASCII)
_DOUBLE = ("--", "&&", "~~", "||")  # kept free for set operations by Python


class PatternFault(ValueError):
    """The pattern cannot be used; ``reason`` is a word of the list below, ``at`` the place in the pattern.

    long, deep, many (states), group (an unknown kind of group), open, close (a bracket), class, range, escape, anchor,
    nothing (to repeat), twice (a repeat after a repeat), count.
    """

    def __init__(self, reason: str, at: int) -> None:
        super().__init__(f"{reason} at {at}")
        self.reason, self.at = reason, at


@dataclass(frozen=True, slots=True)
class _One:
    """One character: *source* is the pattern of a single one."""

    source: str


@dataclass(frozen=True, slots=True)
class _Row:
    parts: tuple[_Part, ...]


@dataclass(frozen=True, slots=True)
class _Either:
    parts: tuple[_Part, ...]


@dataclass(frozen=True, slots=True)
class _Repeat:
    part: _Part
    low: int
    high: int | None


_Part = _One | _Row | _Either | _Repeat


class _Reader:
    def __init__(self, source: str) -> None:
        self._source, self._at = source, 0

    def run(self) -> _Part:
        if len(self._source) > MAX_PATTERN:
            raise PatternFault("long", MAX_PATTERN)
        if self._source.startswith("^"):
            self._at = 1
        part = self._either(0)
        if self._at < len(self._source):
            raise PatternFault("close", self._at)
        return part

    def _either(self, depth: int) -> _Part:
        if depth > _MAX_DEPTH:
            raise PatternFault("deep", self._at)
        parts = [self._row(depth)]
        while self._source.startswith("|", self._at):
            self._at += 1
            parts.append(self._row(depth))
        return parts[0] if len(parts) == 1 else _Either(tuple(parts))

    def _row(self, depth: int) -> _Part:
        parts: list[_Part] = []
        while self._at < len(self._source) and self._source[self._at] not in "|)":
            if self._source[self._at] == "$" and self._at == len(self._source) - 1:
                self._at += 1
                break
            parts.append(self._repeated(self._atom(depth)))
        return parts[0] if len(parts) == 1 else _Row(tuple(parts))

    def _atom(self, depth: int) -> _Part:
        start, char = self._at, self._source[self._at]
        if char == "(":
            if self._source.startswith("(?", start) and not self._source.startswith("(?:", start):
                raise PatternFault("group", start)
            self._at += 3 if self._source.startswith("(?:", start) else 1
            part = self._either(depth + 1)
            if not self._source.startswith(")", self._at):
                raise PatternFault("open", start)
            self._at += 1
            return part
        if char in "*+?" or (char == "{" and _COUNT.match(self._source, start)):
            raise PatternFault("nothing", start)
        if char in "^$":
            raise PatternFault("anchor", start)
        if char == "[":
            return self._set()
        if char == "\\":
            self._at += len(self._escape(start))
        else:
            self._at += 1
        return _One(self._source[start : self._at] if char in "\\." else re.escape(char))

    def _escape(self, at: int) -> str:
        found = _ESCAPE.match(self._source, at)
        if found is None:
            anchor = self._source[at + 1 : at + 2] in tuple("bBAZ")
            raise PatternFault("anchor" if anchor else "escape", at)
        return found.group()

    def _set(self) -> _One:
        start = self._at
        at = start + (2 if self._source.startswith("[^", start) else 1)
        first = at
        while at < len(self._source) and (self._source[at] != "]" or at == first):
            if self._source[at] == "[" or self._source[at : at + 2] in _DOUBLE:
                raise PatternFault("class", at)
            at += len(self._escape(at)) if self._source[at] == "\\" else 1
        if at >= len(self._source):
            raise PatternFault("open", start)
        self._at = at + 1
        source = self._source[start : self._at]
        try:
            re.compile(source)
        except re.error:
            raise PatternFault("range", start) from None
        return _One(source)

    def _repeated(self, part: _Part) -> _Part:
        start = self._at
        char = self._source[start : start + 1]
        if char in tuple("*+?"):
            self._at += 1
            low, high = {"*": (0, None), "+": (1, None), "?": (0, 1)}[char]
        elif char == "{" and (found := _COUNT.match(self._source, start)) and found.group() not in ("{}", "{,}"):
            self._at = found.end()
            low = int(found["low"] or 0)
            high = int(found["high"]) if found["high"] else None if found["comma"] else low
            if high is not None and high < low:
                raise PatternFault("count", start)
        else:
            return part
        if self._source.startswith("?", self._at):
            self._at += 1  # as few as possible: the same texts match
        if self._source[self._at : self._at + 1] in tuple("*+?"):
            raise PatternFault("twice", self._at)
        return _Repeat(part, low, high)


@dataclass(slots=True)
class _Steps:
    """``free`` are steps without a character, ``steps`` those with one, by state."""

    free: list[list[int]] = field(default_factory=list)
    steps: list[list[Any] | None] = field(default_factory=list)

    def state(self) -> int:
        if len(self.free) >= MAX_STATES:
            raise PatternFault("many", 0)
        self.free.append([])
        self.steps.append(None)
        return len(self.free) - 1

    def add(self, part: _Part, start: int) -> int:
        """Add *part* from the state *start* on; return where it ends."""
        match part:
            case _One(source):
                end = self.state()
                self.steps[start] = [source, end]
                return end
            case _Row(parts):
                for one in parts:
                    start = self.add(one, start)
                return start
            case _Either(parts):
                ends = []
                for one in parts:
                    begin = self.state()
                    self.free[start].append(begin)
                    ends.append(self.add(one, begin))
                return self._joined(ends)
            case _Repeat(inner, low, high):
                for _ in range(low):
                    start = self.add(inner, start)
                if high is None:
                    begin, end = self.state(), self.state()
                    self.free[start] += [begin, end]
                    self.free[self.add(inner, begin)] += [begin, end]
                    return end
                skipped = []
                for _ in range(high - low):
                    begin = self.state()
                    self.free[start].append(begin)
                    skipped.append(start)
                    start = self.add(inner, begin)
                return self._joined([*skipped, start])

    def _joined(self, states: list[int]) -> int:
        end = self.state()
        for state in states:
            self.free[state].append(end)
        return end


def compiled(source: str) -> dict[str, Any]:
    """
    The steps of the pattern *source*, as the plan has them: ``{"source", "free", "steps", "end"}``, from state 0.

    ``free[n]`` are the states that follow state n without a character; ``steps[n]`` is ``null`` or the pattern of one
    character and the state after it.

    Raises:
        PatternFault: it is not a pattern, or says more than this notation can.
    """
    part = _Reader(source).run()
    made = _Steps()
    end = made.add(part, made.state())
    return {"source": source, "free": made.free, "steps": made.steps, "end": end}
