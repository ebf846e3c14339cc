"""Places in a config: spans in code points, and the line and column a person sees."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass

_LINE_END = re.compile(r"\r\n|\n|\r")


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open range of code points of the source, from 0."""

    start: int
    end: int


class Lines:
    """Turns offsets into lines and columns, both from 1; columns count code points, a tab is one."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._starts = [0]
        self._starts.extend(match.end() for match in _LINE_END.finditer(source))

    def place(self, offset: int) -> tuple[int, int]:
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1

    def text(self, line: int) -> str:
        """The line (from 1) without its line end."""
        start = self._starts[line - 1]
        end = self._starts[line] if line < len(self._starts) else len(self._source)
        return self._source[start:end].rstrip("\r\n")
