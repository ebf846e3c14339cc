"""
Character and entity references, and the line ends and blanks that XML normalises (XML 1.0, sections 2.11, 3.3.3,
4.1).
"""

from __future__ import annotations

import re
from html.entities import html5

from config_compiler.diagnostics import Problems
from config_compiler.spans import Span

_REFERENCE = re.compile(r"&(?:#x(?P<hex>[0-9a-fA-F]+);|#(?P<dec>[0-9]+);|(?P<name>[^\W\d][\w.\-]*);)?")
_FIVE = {"lt": "<", "gt": ">", "quot": '"', "apos": "'", "amp": "&"}  # & last: what it makes is no reference
_OTHER_REFERENCE = re.compile("&(?!(?:lt|gt|quot|apos|amp);)")
_BLANKS = str.maketrans("\n\t\r", "   ")


def decode(raw: str, at: int, problems: Problems, *, attribute: bool = False) -> str:
    """
    The text that *raw*, found at offset *at*, stands for. A wrong reference is reported and kept as written.

    Line ends become ``\\n``; in an attribute they and tabs become blanks, unless written as references.
    """
    if "&" not in raw:
        return _normal(raw, attribute)
    if not _OTHER_REFERENCE.search(raw):
        text = _normal(raw, attribute)
        for name, character in _FIVE.items():
            text = text.replace(f"&{name};", character)
        return text
    parts: list[str] = []
    last = 0
    for found in _REFERENCE.finditer(raw):
        if problems.full:
            break
        parts.append(_normal(raw[last : found.start()], attribute))
        parts.append(_character(found, Span(at + found.start(), at + found.end()), problems))
        last = found.end()
    parts.append(_normal(raw[last:], attribute))
    return "".join(parts)


def _normal(text: str, attribute: bool) -> str:
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text.translate(_BLANKS) if attribute else text


def _character(found: re.Match[str], span: Span, problems: Problems) -> str:
    if name := found["name"]:
        if name in _FIVE:
            return _FIVE[name]
        known = html5.get(f"{name};")
        way = "known_entity" if known else "unknown_entity"
        number = "".join(f"&#{ord(char)};" for char in known or "")
        problems.add("C003", span, name=name, number=number, way=way)
        return known or found.group()
    digits = found["hex"] or found["dec"]
    if digits is None:
        problems.add("C106", span)
        return "&"
    digits = digits.lstrip("0") or "0"
    point = int(digits, 16 if found["hex"] else 10) if len(digits) <= 8 else 0x110000
    if point in (9, 10, 13) or 0x20 <= point <= 0xD7FF or 0xE000 <= point <= 0xFFFD or 0x10000 <= point <= 0x10FFFF:
        return chr(point)
    problems.add("C117", span, name=found.group()[1:-1])
    return found.group()
