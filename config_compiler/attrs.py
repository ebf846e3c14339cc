"""Text of attributes -> typed values, once. Later stages see ``bool``, ``int``, colours and ``$`` expressions."""

from __future__ import annotations

import re
from typing import Any

from config_compiler import colors, style, values
from config_compiler.diagnostics import Problems
from config_compiler.reader import Attribute, Element, TextPiece
from config_compiler.spans import Span
from config_compiler.tags.layout import CONDITIONS
from config_compiler.tags.model import Attr, Tag
from config_compiler.values import Literal, Mixed, Path, Value

Typed = str | bool | int | float | tuple[str | float, ...] | dict[str, str] | Literal | Path | Mixed | None

_INTEGER = re.compile(r"[+-]?[0-9]{1,15}(?:\.0{1,9})?", re.ASCII)
_FLOAT = re.compile(r"[+-]?(?:[0-9]{1,15}(?:\.[0-9]{0,15})?|\.[0-9]{1,15})", re.ASCII)
_SIZE = re.compile(
    r"auto|none|0|(?P<number>[0-9]{1,6}(?:\.[0-9]{1,4})?)(?P<unit>px|%|em|rem|vh|vw|vmin|vmax|ch|pt|cm|mm|in)?"
    r"|(?:calc|min|max|clamp)\([0-9a-z%+\-*/(), .]{1,80}\)|(?:fit|min|max)-content",
    re.ASCII,
)
_CONDITION_NAMES = frozenset(attr.name.lower() for attr in CONDITIONS)
_EXAMPLES = {"int": "3", "float": "0.5", "rate": "2"}


class Values:
    """The attributes of one element, typed, with defaults filled in."""

    __slots__ = ("_given", "_typed", "element", "from_content", "tag")

    def __init__(self, tag: Tag, element: Element) -> None:
        self.tag = tag
        self.element = element
        self.from_content = False  # an attribute is what stands between the tags
        self._typed: dict[str, Typed] = {}
        self._given: dict[str, Attribute] = {}

    def _get(self, name: str) -> Typed:
        if name in self._typed:
            return self._typed[name]
        memo = self.tag.memo
        if name not in memo:
            attr = self.tag.by_name.get(name.lower())
            memo[name] = default_of(attr) if attr else None
        found: Typed = memo[name]
        return found

    def text(self, name: str) -> str | None:
        value = self._get(name)
        return value if isinstance(value, str) else None

    def flag(self, name: str) -> bool:
        return self._get(name) is True

    def integer(self, name: str) -> int | None:
        value = self._get(name)
        return value if isinstance(value, int) else None

    def number(self, name: str) -> float | None:
        value = self._get(name)
        return value if isinstance(value, int | float) and not isinstance(value, bool) else None

    def words(self, name: str) -> tuple[str, ...]:
        value = self._get(name)
        return tuple(word for word in value if isinstance(word, str)) if isinstance(value, tuple) else ()

    def style(self, name: str) -> dict[str, str]:
        value = self._get(name)
        return value if isinstance(value, dict) else {}

    def value(self, name: str) -> Value | None:
        value = self._get(name)
        return value if isinstance(value, Literal | Path | Mixed) else None

    def has(self, name: str) -> bool:
        return name.lower() in self.tag.by_name

    def given(self, name: str) -> Attribute | None:
        """The attribute as written, if it is there."""
        return self._given.get(name)

    def span(self, name: str) -> Span:
        """Where the value of *name* stands; the tag itself if it is not given."""
        written = self._given.get(name)
        return written.value_span if written else self.element.name_span

    def members(self) -> dict[str, Typed]:
        """Members of the plan that take their typed value as it is."""
        return {attr.member: self._get(attr.name) for attr in self.tag.attrs if attr.member}


def default_of(attr: Attr) -> Typed:
    """The typed default of *attr*, ``None`` when it has none."""
    if attr.default is None:
        return None
    match attr.type:
        case "bool":
            return attr.default == "true"
        case "int":
            return int(attr.default)
        case "float" | "rate":
            return float(attr.default)
        case "words":
            return tuple(attr.default.split(",")) if attr.default else ()
        case "style":
            return style.declarations(attr.default)[0]
        case _:
            return attr.default


def read(tag: Tag, element: Element, problems: Problems) -> Values:
    """The typed attributes of *element*; wrong ones are reported and count as not given."""
    result = Values(tag, element)
    written = {attribute.name.lower(): attribute for attribute in element.attributes}
    if (content := _content(tag, element, written, problems)) is not None:
        written[content.name] = content
        result.from_content = True
    for name, attribute in written.items():
        attr = tag.by_name.get(name)
        if attr is None:
            _unknown(tag, attribute, written, problems)
        elif attr.unsupported:
            problems.add(
                "C048", attribute.name_span, name=attr.name, tag=tag.name, reason=attr.unsupported, wayout=attr.instead
            )
        else:
            result._given[attr.name] = attribute
            typed = _typed(attr, attribute, problems)
            if typed is not None:
                result._typed[attr.name] = typed
    for attr in tag.attrs:
        if attr.required:
            given = result._given.get(attr.name)
            other = result._given.get(attr.unless) if attr.unless else None
            if other and other.value.strip():
                continue
            if given is None or not given.value.strip():
                _missing(tag, attr, given, element, problems)
    return result


def _content(tag: Tag, element: Element, written: dict[str, Attribute], problems: Problems) -> Attribute | None:
    """Text content as the attribute that it stands for. Text that stands for nothing is reported."""
    if tag.markup and tag.text and element.inner and element.content and tag.text not in written:
        return _markup(tag, element, element.inner, problems)
    pieces = [piece for piece in element.content if isinstance(piece, TextPiece) and piece.text.strip()]
    if not pieces:
        return None
    if tag.text and len(pieces) and not any(True for _ in element.children) and tag.text not in written:
        texts = [piece for piece in element.content if isinstance(piece, TextPiece)]
        joined = "".join(piece.text for piece in texts)
        stripped = joined.strip()
        first, last = texts[0].span, texts[-1].span
        span = Span(first.start, last.end)
        if len(texts) == 1 and span.end - span.start == len(joined):
            start = span.start + len(joined) - len(joined.lstrip())
            span = Span(start, start + len(stripped))
        return Attribute(tag.text, stripped, span, span, span)
    for piece in pieces:
        way = "text_twice" if tag.text in written else "text_header" if tag.holds_layout else "text_remove"
        problems.add("C014", _trimmed(piece), text=repr(" ".join(piece.text.split())[:40]), way=way, tag=tag.name)
    return None


def _markup(tag: Tag, element: Element, inner: Span, problems: Problems) -> Attribute:
    """The markup in *element* as it is written; a CDATA section, and all text of a layout tag, was escaped for XML."""
    name = tag.text or "value"
    raw = problems.lines.source[inner.start : inner.end]
    start = inner.start + len(raw) - len(raw.lstrip())
    span = Span(start, max(start, inner.start + len(raw.rstrip())))
    pieces = [piece.text for piece in element.content if isinstance(piece, TextPiece)]
    if len(pieces) == len(element.content) and ("<![CDATA[" in raw or tag.role == "layout"):
        return Attribute(name, "".join(pieces).strip(), span, span, span)
    return Attribute(name, raw.strip(), span, span, span)


def _trimmed(piece: TextPiece) -> Span:
    """The place of the text without the blanks around it, where that is sure."""
    start, text = piece.span.start, piece.text
    if piece.span.end - start != len(text):
        return piece.span
    return Span(start + len(text) - len(text.lstrip()), start + len(text.rstrip()))


def _unknown(tag: Tag, attribute: Attribute, written: dict[str, Attribute], problems: Problems) -> None:
    if problems.full:
        problems.add("C040", attribute.name_span)
        return
    facts: dict[str, Any] = {"tag": tag.name, "name": attribute.name}
    if attribute.name.lower() in _CONDITION_NAMES:
        problems.add("C040", attribute.name_span, near=("", ()), way="wrap", **facts)
    else:
        names = tuple(attr.name for attr in tag.attrs if not attr.unsupported)
        free = tuple(name for name in names if name.lower() not in written)
        problems.add("C040", attribute.name_span, near=(attribute.name, free), way="attributes", known=names, **facts)


def _missing(tag: Tag, attr: Attr, given: Attribute | None, element: Element, problems: Problems) -> None:
    span = given.span if given else element.name_span
    if attr.type == "name":
        problems.add("C021", span, tag=tag.name, example=tag.name.lower())
        return
    example = {"object": f'value="${tag.object_type}"'}.get(tag.role, f'{attr.name}="…"')
    problems.add("C041", span, tag=tag.name, name=attr.name, example=example)


def _typed(attr: Attr, attribute: Attribute, problems: Problems) -> Typed:
    """The typed value, or ``None`` when it is wrong; then the fault is noted."""
    text, span = attribute.value, attribute.value_span
    match attr.type:
        case "text" | "name" | "key" | "names":
            return text
        case "value" | "field":
            return values.parse(text)
        case "bool":
            word = text.strip().lower()
            if word in ("true", "false"):
                return word == "true"
            problems.add("C042", span, name=attr.name, value=text)
            return None
        case "int" | "float":
            return _number(attr, attribute, problems)
        case "enum":
            word = text.strip().lower()
            if (found_word := next((value for value in attr.values if value.lower() == word), None)) is not None:
                return found_word
            code = "C063" if attr.name == "visibleWhen" else "C045"
            problems.add(
                code, span, name=attr.name, value=text, near=(word, attr.values), way="words", known=attr.values
            )
            return None
        case "color":
            color = colors.parse(text)
            if color is None:
                problems.add("C046", span, name=attr.name, value=text, near=(text, tuple(colors.NAMES)), way="color")
            return color
        case "size":
            size = text.strip().lower()
            if found := _SIZE.fullmatch(size):
                return f"{size}px" if found["number"] and not found["unit"] else size
            problems.add("C047", span, name=attr.name, value=text)
            return None
        case "style":
            declared, faults = style.declarations(text)
            report_style(faults, attribute, problems)
            return declared
        case "words":
            return tuple(word for part in text.split(",") if (word := part.strip()))
        case "rate":
            value = values.parse(text.strip())
            return _number(attr, attribute, problems) if isinstance(value, Literal) else value
        case "range":
            low, _, high = text.partition(",")
            if _FLOAT.fullmatch(low.strip()) and _FLOAT.fullmatch(high.strip()):
                return float(low), float(high)
            problems.add("C043", span, name=attr.name, kind="two numbers", value=text, example="0,100")
            return None


def report_style(faults: list[style.Fault], attribute: Attribute, problems: Problems) -> None:
    """Pass on what the style reader left out, at its place inside the attribute."""
    for fault in faults:
        problems.add(fault.code, attribute.part(fault.start, fault.end), **fault.facts)


def _number(attr: Attr, attribute: Attribute, problems: Problems) -> int | float | None:
    text, span = attribute.value.strip(), attribute.value_span
    whole = attr.type == "int"
    example = attr.default or ("1" if attr.low == 1 else _EXAMPLES[attr.type])
    if not (_INTEGER if whole else _FLOAT).fullmatch(text):
        kind = "a whole number" if whole else "a number"
        problems.add("C043", span, name=attr.name, kind=kind, value=attribute.value, example=example)
        return None
    number = int(float(text)) if whole else float(text)
    if (attr.low is not None and number < attr.low) or (attr.high is not None and number > attr.high):
        if attr.clamp and attr.low is not None and attr.high is not None:
            used = int(min(max(number, attr.low), attr.high))
            problems.add("C084", span, name=attr.name, value=text, used=used)
            return used
        if attr.name == "maxUsages":
            problems.add("C052", span, value=text)
        else:
            low, high = (None if bound is None else f"{bound:g}" for bound in (attr.low, attr.high))
            between = f"between {low} and {high}" if high is not None else f"at least {low}"
            problems.add("C044", span, name=attr.name, range=between, value=text, example=example)
        return None
    return number
