"""Reads the members of one intent, whatever JSON came; each reader refuses what it cannot use."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from labeling import reading, text_nodes
from labeling.intents import LONGEST_TEXT, Target
from labeling.problems import refuse

_T = TypeVar("_T")


class Form:
    """Reads the members of one intent; each reader refuses what it cannot use."""

    def __init__(self, raw: Mapping[str, object]) -> None:
        self._raw = raw
        self.type = str(raw.get("type", ""))

    def raw(self, name: str) -> object:
        """The member as it came."""
        return self._raw.get(name)

    def has(self, name: str) -> bool:
        return self._raw.get(name) is not None

    def text(self, name: str) -> str:
        return self._must(name, self.optional_text(name), "a text")

    def optional_text(self, name: str, most: int = LONGEST_TEXT) -> str | None:
        value = self._raw.get(name)
        if value is not None and (not isinstance(value, str) or len(value) > most):
            raise self.bad(name, f"a text of at most {most} characters")
        return value

    def text_nodes(self, name: str) -> tuple[tuple[str, int, bool], ...] | None:
        if not self.has(name):
            return None
        return self._must(name, text_nodes.read(self._raw.get(name)), "a list of [path, length, break]")

    def number(self, name: str, default: float | None = None) -> float:
        if default is not None and not self.has(name):
            return default
        # Times are larger than any coordinate.
        value = self._raw.get(name)
        if name == "at" and isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < 1e15:
            return value
        return self._must(name, reading.number(value), "a number")

    def positive(self, name: str, wanted: str) -> float | None:
        value = reading.number(self._raw.get(name)) if self.has(name) else None
        if self.has(name) and (value is None or value <= 0):
            raise self.bad(name, wanted)
        return value

    def whole(self, name: str) -> int:
        return self._must(name, reading.whole(self._raw.get(name)), "a whole number")

    def flag(self, name: str) -> bool | None:
        value = self._raw.get(name)
        if value is not None and not isinstance(value, bool):
            raise self.bad(name, "true or false")
        return value

    def mapping(self, name: str) -> Mapping[str, object]:
        return self._must(name, reading.mapping(self._raw.get(name)), "an object")

    def mappings(self, name: str) -> tuple[Mapping[str, object], ...]:
        value = self._raw.get(name)
        rows = value if isinstance(value, list) else []
        found = tuple(row for given in rows if (row := reading.mapping(given)) is not None)
        return self._must(name, found if found and len(found) == len(rows) else None, "a list of objects")

    def names(self, name: str) -> tuple[str, ...]:
        value = self._raw.get(name)
        found = reading.strings(value) if isinstance(value, list) else None
        return tuple(dict.fromkeys(self._must(name, found, "a list of region ids")))

    def identifier(self, name: str) -> str:
        return self._must(name, reading.identifier(self._raw.get(name)), "an id of letters, digits, - and _")

    def identifiers(self, name: str) -> list[str]:
        value = self._raw.get(name)
        rows = value if isinstance(value, list) else []
        found = [entry for row in rows if (entry := reading.identifier(row))]
        if not isinstance(value, list) or len(found) != len(rows) or len(set(found)) != len(found):
            raise self.bad(name, "a list of different ids")
        return found

    def choice(self) -> str | tuple[str, ...]:
        value = self._raw.get("choice")
        if isinstance(value, list):
            path = reading.strings(value)
            return self._must("choice", path or None, "a choice or a path of them")
        return self.text("choice")

    def path(self, name: str) -> tuple[str, ...]:
        value = self._raw.get(name)
        found = reading.strings(value) if isinstance(value, list) else None
        return self._must(name, found or None, "a path of names")

    def labels(self, name: str) -> tuple[str, ...]:
        value = self._raw.get(name)
        found = reading.strings(value) if isinstance(value, list) else None
        return tuple(dict.fromkeys(self._must(name, found, "a list of labels")))

    def word(self, name: str, words: tuple[str, ...]) -> str:
        """One of *words*."""
        value = self._raw.get(name)
        return self._must(name, value if isinstance(value, str) and value in words else None, " or ".join(words))

    def pair(self, name: str) -> tuple[float, float] | None:
        """``{"x", "y"}`` as numbers."""
        if not self.has(name):
            return None
        given = self.mapping(name)
        x, y = reading.number(given.get("x")), reading.number(given.get("y"))
        return self._must(name, None if x is None or y is None else (x, y), "an object with the numbers x and y")

    def point(self, name: str) -> tuple[float, float] | None:
        """``[x, y]`` as numbers."""
        if not self.has(name):
            return None
        given = self._raw.get(name)
        sides = [reading.number(side) for side in given] if isinstance(given, list) else []
        found = (sides[0], sides[1]) if len(sides) == 2 and sides[0] is not None and sides[1] is not None else None
        return self._must(name, found, "a pair of numbers")

    def target(self, *, paged: bool = True) -> Target:
        """Whose answer it is, and the id that a new one gets."""
        answer = self.identifier("answer") if self.has("answer") else None
        item = self.whole("item") if paged and self.has("item") else None
        return Target(self.optional_text("region"), item, answer, self.number("at"))

    def _must(self, name: str, value: _T | None, wanted: str) -> _T:
        if value is None:
            raise self.bad(name, wanted)
        return value

    def bad(self, name: str, wanted: str) -> Exception:
        """The refusal of a member that is missing or of a wrong type."""
        where = f"intent {self.type[:40]}"
        return refuse("bad-intent", f"member {name!r} must be {wanted}", where, "this is a fault of the page")
