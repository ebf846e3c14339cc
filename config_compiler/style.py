"""
CSS of configs: ``style="…"`` and ``<Style>`` -> only what cannot load, run or cover anything.

Properties come from an allow-list. A value may call only harmless functions, so nothing is fetched (no ``url()``), and
nothing leaves its place on the page (no ``position: fixed``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

_SIDES = ("top", "right", "bottom", "left", "inline", "block", "inline-start", "inline-end", "block-start", "block-end")
_CORNERS = ("top-left", "top-right", "bottom-left", "bottom-right")
_PROPERTY_WORDS = (
    "align-content align-items align-self aspect-ratio background background-attachment background-clip "
    "background-color background-image background-origin background-position background-repeat background-size "
    "border border-collapse border-color border-radius border-spacing border-style border-width bottom box-shadow "
    "box-sizing break-after break-before break-inside caption-side clear color column-count column-gap "
    "column-rule column-span column-width columns content cursor direction display empty-cells filter flex "
    "flex-basis flex-direction flex-flow flex-grow flex-shrink flex-wrap float font font-family "
    "font-feature-settings font-size font-stretch font-style font-variant font-variant-caps font-variant-numeric "
    "font-weight gap grid grid-area grid-auto-columns grid-auto-flow grid-auto-rows grid-column grid-column-end "
    "grid-column-gap grid-column-start grid-gap grid-row grid-row-end grid-row-gap grid-row-start grid-template "
    "grid-template-areas grid-template-columns grid-template-rows height hyphens inset justify-content "
    "justify-items justify-self left letter-spacing line-height list-style list-style-position list-style-type "
    "margin max-height max-width min-height min-width mix-blend-mode object-fit object-position opacity order "
    "outline outline-color outline-offset outline-style outline-width overflow overflow-wrap overflow-x "
    "overflow-y padding place-content place-items place-self position resize right row-gap scroll-behavior "
    "scrollbar-gutter scrollbar-width tab-size table-layout text-align text-align-last text-decoration "
    "text-decoration-color text-decoration-line text-decoration-style text-indent text-justify text-overflow "
    "text-shadow text-transform text-underline-offset text-wrap top transform transform-origin transition "
    "unicode-bidi user-select vertical-align visibility white-space width word-break word-spacing word-wrap "
    "writing-mode z-index zoom"
)
PROPERTIES: frozenset[str] = frozenset(
    _PROPERTY_WORDS.split()
    + [f"{kind}-{side}" for kind in ("margin", "padding", "border") for side in _SIDES]
    + [f"border-{side}-{part}" for side in _SIDES for part in ("color", "style", "width")]
    + [f"border-{corner}-radius" for corner in _CORNERS]
)
_SORTED = tuple(sorted(PROPERTIES))
_FUNCTION_WORDS = (
    "calc min max clamp rgb rgba hsl hsla hwb lab lch oklab oklch color-mix light-dark repeat minmax "
    "fit-content linear-gradient radial-gradient conic-gradient repeating-linear-gradient "
    "repeating-radial-gradient translate translatex translatey scale scalex scaley rotate skew skewx skewy "
    "blur brightness contrast grayscale hue-rotate invert opacity saturate sepia drop-shadow cubic-bezier "
    "steps counter var"
)
_FUNCTIONS = frozenset(_FUNCTION_WORDS.split())
_POSITIONS = frozenset(("static", "relative", "absolute", "sticky", "inherit", "initial", "unset"))
_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
_STRING = re.compile(r"\"[^\"\n]*\"|'[^'\n]*'")
_CALL = re.compile(r"(?<![\w\-])([\w\-]*)\s*\(")  # from the start of a word only: a long word is read once
_ANYWHERE = re.compile(r"[\\<\x00-\x08\x0e-\x1f]|javascript:", re.IGNORECASE)
_OUTSIDE = re.compile(r"[{}@;\"']|url\s*\(", re.IGNORECASE)  # outside of strings; a quote there is not closed
_PROPERTY = re.compile(r"[a-z\-]+")
_PRELUDE = re.compile(r"[{};]")
_AT_RULES = frozenset(("@media", "@supports", "@container"))


@dataclass(frozen=True, slots=True)
class Fault:
    """Something left out: a code of ``diagnostics`` with its facts, and its place in the text."""

    code: str
    start: int
    end: int
    facts: dict[str, Any] = field(hash=False)


def declarations(text: str) -> tuple[dict[str, str], list[Fault]]:
    """``color: red; …`` -> allowed properties and what was left out. A later property replaces an earlier one."""
    style: dict[str, str] = {}
    faults: list[Fault] = []
    clean = _COMMENT.sub(lambda comment: " " * len(comment.group()), text)
    for start, end in _split(clean):
        _declaration(clean, start, end, style, faults)
    return style, faults


def sheet(text: str) -> tuple[str, list[Fault]]:
    """A style sheet -> the same rules with allowed declarations only, written without blanks, and what was left out."""
    clean = _COMMENT.sub(lambda comment: " " * len(comment.group()), text)
    faults: list[Fault] = []
    return _rules(clean, 0, len(clean), faults, 0), faults


def _rules(css: str, at: int, end: int, faults: list[Fault], depth: int) -> str:
    masked = _masked(css)
    written: list[str] = []
    while at < end:
        mark = _PRELUDE.search(masked, at, end)
        if mark is None or mark.group() != "{":
            stop = mark.start() if mark else end
            _leave_out(css, at, stop, faults)
            at = stop + 1
            continue
        prelude = " ".join(css[at : mark.start()].split())
        close = _closing(masked, mark.end(), end)
        body_end = close if close >= 0 else end
        begin = at + len(css[at : mark.start()]) - len(css[at : mark.start()].lstrip())
        word = prelude.split(" ", 1)[0].split("(", 1)[0].lower()
        if prelude.startswith("@"):
            if word in _AT_RULES and depth < 4 and not _unsafe(prelude[1:]):
                if inner := _rules(css, mark.end(), body_end, faults, depth + 1):
                    written.append(f"{prelude}{{{inner}}}")
            else:
                faults.append(Fault("C083", begin, mark.start(), {"name": word, "way": "at_rule"}))
        elif not prelude or _unsafe(prelude):
            _leave_out(css, at, body_end, faults)
        else:
            style: dict[str, str] = {}
            for start, stop in _split(masked, mark.end(), body_end):
                _declaration(css, start, stop, style, faults)
            if style:
                written.append(prelude + "{" + ";".join(f"{name}:{value}" for name, value in style.items()) + "}")
        at = body_end + 1
    return "".join(written)


def _masked(css: str) -> str:
    """The text with the inside of strings blanked, so that marks in them do not count."""
    return _STRING.sub(lambda string: '"' + " " * (len(string.group()) - 2) + '"', css)


def _closing(css: str, at: int, end: int) -> int:
    """Where the ``}`` of a ``{`` before *at* is, or -1."""
    depth = 1
    for mark in re.compile(r"[{}]").finditer(css, at, end):
        depth += 1 if mark.group() == "{" else -1
        if depth == 0:
            return mark.start()
    return -1


def _leave_out(css: str, start: int, end: int, faults: list[Fault]) -> None:
    text = css[start:end]
    if flat := text.strip():
        begin = start + len(text) - len(text.lstrip())
        if flat.startswith("@"):
            name = flat.split()[0].split("(")[0].lower()
            faults.append(Fault("C083", begin, begin + len(flat), {"name": name, "way": "at_rule"}))
        else:
            faults.append(Fault("C082", begin, begin + len(flat), {"text": " ".join(flat.split())[:40]}))


def _split(css: str, start: int = 0, end: int | None = None) -> list[tuple[int, int]]:
    """The ranges between ``;``, which may stand inside strings and brackets."""
    masked = _masked(css) if end is None else css
    ranges, depth, last = [], 0, start
    end = len(css) if end is None else end
    for mark in re.compile(r"[();]").finditer(masked, start, end):
        if mark.group() == "(":
            depth += 1
        elif mark.group() == ")":
            depth = max(0, depth - 1)
        elif depth == 0:
            ranges.append((last, mark.start()))
            last = mark.end()
    ranges.append((last, end))
    return ranges


def _declaration(css: str, start: int, end: int, style: dict[str, str], faults: list[Fault]) -> None:
    text = css[start:end]
    if not text.strip():
        return
    begin, stop = start + len(text) - len(text.lstrip()), start + len(text.rstrip())
    name, colon, value = css[begin:stop].partition(":")
    name, value = name.strip().lower(), " ".join(value.split())
    if not colon or not value or not _PROPERTY.fullmatch(name):
        faults.append(Fault("C082", begin, stop, {"text": " ".join(css[begin:stop].split())[:40]}))
    elif name not in PROPERTIES:
        near = (name, _SORTED)
        faults.append(Fault("C080", begin, begin + len(name), {"name": name, "near": near, "way": "property"}))
    elif _refused(value) or (name == "position" and value.lower().split()[0] not in _POSITIONS):
        way = "no_fetch" if re.search(r"url|image|src", value, re.IGNORECASE) else "stays"
        faults.append(Fault("C081", begin, stop, {"name": name, "value": value[:40], "way": way}))
    else:
        style.pop(name, None)
        style[name] = value


def _unsafe(text: str) -> bool:
    """Whether a selector, condition or value could end its rule, load something or hide what it is."""
    bare = _STRING.sub("", text)
    return bool(_ANYWHERE.search(text) or _OUTSIDE.search(bare))


def _refused(value: str) -> bool:
    bare = _STRING.sub("", value)
    return _unsafe(value) or any(call and call.lower() not in _FUNCTIONS for call in _CALL.findall(bare))
