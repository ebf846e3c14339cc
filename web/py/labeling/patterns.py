"""Whether a text fits the pattern of a rule. The compiler made states and steps of it (``config_compiler.patterns``).

One step for each character of the text, whatever the pattern: no text makes it slow.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from labeling import reading

#: Characters of a text that are looked at; a longer text does not fit.
MAX_TEXT = 10_000


class Pattern:
    """A pattern of a plan, ready to run. What is no pattern fits nothing."""

    def __init__(self, row: Mapping[str, object]) -> None:
        free, steps = row.get("free"), row.get("steps")
        self._free: list[list[int]] = free if isinstance(free, list) else []
        self._steps: list[list[object] | None] = steps if isinstance(steps, list) else []
        self._end = reading.whole(row.get("end"))
        self._known: dict[tuple[frozenset[int], str], frozenset[int]] = {}

    def matches(self, text: str) -> bool:
        """Whether the whole of *text* fits."""
        if len(text) > MAX_TEXT or not self._free:
            return False
        here = self._closed([0])
        for char in text:
            key = (here, char)
            if key not in self._known:
                self._known[key] = self._after(here, char)
            here = self._known[key]
            if not here:
                return False
        return self._end in here

    def _after(self, here: frozenset[int], char: str) -> frozenset[int]:
        steps = (step for at in here if (step := self._steps[at]))
        return self._closed(int(str(after)) for source, after in steps if re.match(str(source), char))

    def _closed(self, states: Iterable[int]) -> frozenset[int]:
        """The states, and those that follow them without a character."""
        found = set(states)
        waiting = list(found)
        while waiting:
            for state in self._free[waiting.pop()]:
                if state not in found:
                    found.add(state)
                    waiting.append(state)
        return frozenset(found)
