"""Places in a config: spans in code points, and the line and column a person sees."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cached_property
from itertools import accumulate
from typing import NamedTuple

_LINE_END = re.compile(r"\r\n|\n|\r")


class Span(NamedTuple):
    """A half-open range of code points of the source, from 0. A tuple: a large config has a hundred thousand."""

    start: int
    end: int


class Lines:
    """Turns offsets into lines and columns, both from 1; columns count code points, a tab is one."""

    def __init__(self, source: str) -> None:
        self.source = source

    @cached_property
    def _starts(self) -> list[int]:
        if "\r" in self.source:
            return [0, *(match.end() for match in _LINE_END.finditer(self.source))]
        return [0, *accumulate(len(line) + 1 for line in self.source.split("\n")[:-1])]

    def place(self, offset: int) -> tuple[int, int]:
        if offset == 0:
            return 1, 1  # without looking for lines: the source may be of any size
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1

    def offset(self, line: int, column: int) -> int:
        """The offset of a place; the end of the source for places behind it."""
        return min(self._starts[min(line, len(self._starts)) - 1] + column - 1, len(self.source))

    def text(self, line: int) -> str:
        """The line (from 1) without its line end."""
        start = self._starts[line - 1]
        end = self._starts[line] if line < len(self._starts) else len(self.source)
        return self.source[start:end].rstrip("\r\n")
