"""
One way to lay a config out: two blanks a level, one tag a line, long tags with one attribute a line.

Only blanks between tags, between attributes and at the ends of comment lines change, so the plan stays what it was.
Attributes keep their order, texts, comments and CDATA sections their characters, single blank lines their place.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from config_compiler import outline, reader
from config_compiler.diagnostics import Diagnostic, Problems
from config_compiler.outline import Token
from config_compiler.spans import Lines
from config_compiler.tags import registry

WIDTH = 120
_INDENT = "  "
_LINE_END = re.compile(r"\r\n|\r")
_BLANK_LINE = re.compile(r"\n[ \t]*\n")


@dataclass(frozen=True, slots=True)
class Formatted:
    """``source`` is None if the XML is not sound; then ``diagnostics`` says why."""

    source: str | None
    diagnostics: tuple[Diagnostic, ...] = ()


def format_config(source: str) -> Formatted:
    """*source* laid out. What is laid out already stays as it is. Never raises."""
    problems = Problems(Lines(source))
    reader.read(source, problems)
    if problems.failed:
        return Formatted(None, problems.sorted())
    text = _LINE_END.sub("\n", source)
    mark = text[:1] if text.startswith("\ufeff") else ""
    return Formatted(mark + _Writer(text[len(mark) :]).write())


@dataclass
class _Piece:
    """A token with what came before it: whether it is on the line of the one before, and after a blank line."""

    token: Token
    same_line: bool
    after_blank: bool
    children: list[_Piece] = field(default_factory=list)
    end: Token | None = None


class _Writer:
    def __init__(self, source: str) -> None:
        self._source = source
        self._lines: list[str] = []

    def write(self) -> str:
        for piece in self._tree():
            self._piece(piece, 0, first=not self._lines)
        return "\n".join(self._lines) + "\n"

    def _tree(self) -> list[_Piece]:
        """The tokens in the order and depth of the elements, blanks left out."""
        top: list[_Piece] = []
        stack: list[_Piece] = []
        gap = ""
        for token in outline.scan(self._source):
            text = self._source[token.start : token.end]
            if token.kind == "text" and not text.strip(" \t\n"):
                gap = text
                continue
            if token.kind == "end":
                if stack:
                    stack.pop().end = token
                gap = ""
                continue
            before = gap if token.kind != "text" else text[: len(text) - len(text.lstrip(" \t\n"))]
            piece = _Piece(token, "\n" not in before and token.start > 0, bool(_BLANK_LINE.search(before)))
            (stack[-1].children if stack else top).append(piece)
            gap = text[len(text.rstrip(" \t\n")) :] if token.kind == "text" else ""
            if token.kind == "start" and not token.empty:
                stack.append(piece)
        return top

    def _piece(self, piece: _Piece, depth: int, *, first: bool) -> None:
        if piece.after_blank and not first:
            self._lines.append("")
        token, indent = piece.token, _INDENT * depth
        if token.kind == "start":
            self._element(piece, depth)
        elif token.kind == "comment":
            text = self._source[token.start : token.end]
            if piece.same_line and self._lines and not piece.after_blank:
                self._lines[-1] += f" {text}"
            else:
                self._lines.append(indent + self._shifted(token, len(indent)))
        else:  # an XML declaration, or text beside elements, which means nothing but is kept
            self._lines.append(indent + self._source[token.start : token.end].strip(" \t\n"))

    def _element(self, piece: _Piece, depth: int) -> None:
        token, end = piece.token, piece.end
        indent = _INDENT * depth
        closing = f"</{token.name}>"
        if self._is_text(piece):
            inside = self._source[token.end : end.start if end else token.end]
            self._lines.append(self._tag(token, indent, ">", room=_first_line(inside + closing)) + inside + closing)
        elif not piece.children:
            self._lines.append(self._tag(token, indent, "/>"))
        else:
            self._lines.append(self._tag(token, indent, ">"))
            for place, child in enumerate(piece.children):
                self._piece(child, depth + 1, first=place == 0)
            self._lines.append(indent + closing)

    def _is_text(self, piece: _Piece) -> bool:
        """Whether every character inside counts: text without elements, or markup that is shown as it is."""
        tag = registry.find(piece.token.name)
        if tag and tag.markup and piece.children:
            return True
        kinds = {child.token.kind for child in piece.children}
        return bool(kinds & {"text", "cdata"}) and "start" not in kinds

    def _tag(self, token: Token, indent: str, end: str, room: int = 0) -> str:
        attributes = [_attribute(one.name, one.raw, one.quote) for one in token.attributes]
        line = indent + " ".join([f"<{token.name}", *attributes]) + end
        if len(attributes) < 2 or (len(line) + room <= WIDTH and "\n" not in line):
            return line
        inner = f"\n{indent}{_INDENT}"
        return f"{indent}<{token.name}{inner}" + inner.join(attributes) + end

    def _shifted(self, token: Token, column: int) -> str:
        """A comment of several lines, moved to *column* as a whole, where its lines are indented by blanks."""
        text = self._source[token.start : token.end]
        begin = self._source.rfind("\n", 0, token.start) + 1
        before = self._source[begin : token.start]
        if "\n" not in text or before.strip(" "):
            return text
        move = column - len(before)
        first, *rest = text.split("\n")
        deep = [len(line) - len(line.lstrip(" ")) for line in rest if line.strip(" ")]
        move = max(move, -min(deep, default=0))
        moved = [line if not line.strip(" ") else " " * move + line if move > 0 else line[-move:] for line in rest]
        return "\n".join([first, *moved])


def _attribute(name: str, raw: str, quote: str) -> str:
    mark = '"' if '"' not in raw else quote
    return f"{name}={mark}{raw}{mark}"


def _first_line(text: str) -> int:
    return len(text.split("\n", 1)[0])
