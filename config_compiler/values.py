"""
``$`` expressions: text of an attribute -> a value that the engine resolves with the task's data.

``$field`` alone keeps the field's type; text around it makes a string. In a mixed text a variable has the characters
``A-Z a-z 0-9 _ [ ] . { }``, as in Label Studio's editor; a value that is one variable may also use letters of other
scripts, because Label Studio's server takes everything behind the ``$`` as the field's name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_WHOLE = re.compile(r"\$[\w\[\].{}]+")
_INSIDE = re.compile(r"\$[A-Za-z0-9_\[\].{}]+")
_STEP = re.compile(r"(?P<dot>\.?)(?P<name>[^.\[\]]+)|\[(?P<index>[^.\[\]]+)\]|(?P<end>\.$)")
_BLANKS = " \t\r\n"
_INDEX = re.compile(r"0|[1-9][0-9]{0,8}")


@dataclass(frozen=True, slots=True)
class Literal:
    text: str


@dataclass(frozen=True, slots=True)
class Path:
    """
    Where in ``task.data`` a value is found. *source* is as written without ``$``; *offset* is the place of the
    ``$``.
    """

    path: tuple[str | int, ...]
    source: str
    offset: int

    @property
    def field(self) -> str:
        return str(self.path[0]) if self.path else ""


@dataclass(frozen=True, slots=True)
class Mixed:
    """Literal texts and variables, joined to one string."""

    parts: tuple[Literal | Path, ...]


Value = Literal | Path | Mixed


def parse(text: str) -> Value:
    """The value that *text* stands for. A path that cannot be read has an empty ``path``."""
    if "$" not in text:
        return Literal(text)
    whole = text.strip(_BLANKS)  # blanks around it would make a text of what may be a list
    if _WHOLE.fullmatch(whole):
        return _path(whole, len(text) - len(text.lstrip(_BLANKS)))
    parts: list[Literal | Path] = []
    last = 0
    for found in _INSIDE.finditer(text):
        if found.start() > last:
            parts.append(Literal(text[last : found.start()]))
        parts.append(_path(found.group(), found.start()))
        last = found.end()
    if not parts:
        return Literal(text)
    if last < len(text):
        parts.append(Literal(text[last:]))
    return Mixed(tuple(parts))


def paths(value: Value) -> Iterator[Path]:
    """Every variable in *value*."""
    match value:
        case Path():
            yield value
        case Mixed(parts):
            for part in parts:
                if isinstance(part, Path):
                    yield part
        case Literal():
            return


def plain(value: Value) -> str:
    """The value as it was written."""
    match value:
        case Literal(text):
            return text
        case Path(source=source):
            return f"${source}"
        case Mixed(parts):
            return "".join(plain(part) for part in parts)


def _path(text: str, offset: int) -> Path:
    """
    ``$doc.pages[0].url`` -> ``("doc", "pages", 0, "url")``: the notation of lodash's ``get``.

    A full stop at the end is a step with an empty name: such a field never exists, in Label Studio neither.
    """
    source = text[1:]
    steps: list[str | int] = []
    at = 0
    while at < len(source):
        found = _STEP.match(source, at)
        if found is None or (at == 0 and not found["name"]) or (at > 0 and found["name"] and not found["dot"]):
            return Path((), source, offset)
        if found["name"] is not None and at == 0 and found["dot"]:
            return Path((), source, offset)
        step = found["name"] or found["index"] or ""
        steps.append(int(step) if at > 0 and _INDEX.fullmatch(step) else step)
        at = found.end()
    return Path(tuple(steps), source, offset)
