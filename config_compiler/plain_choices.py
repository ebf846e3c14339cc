"""
Long lists of plain choices, read in one go.

A Taxonomy may have ten thousand items, and then an object for each tag, attribute and place is most of the work of a
compilation. Where nothing but ``<Choice value="…" alias="…" hint="…" color="…">`` stands in it, this module reads the
items straight into what the plan has. Whatever could be a fault, a field or anything else than plain is left to the
reader: so nothing here needs a place, and a config means the same whichever way it was read.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any, NamedTuple

from config_compiler import colors

#: Shorter lists are read like everything else.
FEWEST = 200
_END = "</Taxonomy"
# No reference, field or blank that XML would change, and no blank at an end.
_VALUE = r'(?!\s)[^"<>&$\t\r\n]++(?<!\s)'
_BLANK = "[ \t\r\n]"


def _tag(group: str) -> str:
    """A tag with the blanks before it; *group* opens the groups of its attributes and of the slash at its end."""
    more = "".join(rf'(?:{_BLANK}++{name}="{group}{_VALUE})")?+' for name in ("alias", "hint", "color"))
    start = rf'Choice{_BLANK}++value="{group}{_VALUE})"{more}{_BLANK}*+{group}/?+)'
    return rf"{_BLANK}*+<(?:{start}>|/Choice{_BLANK}*+>)"


_TAGS = re.compile(_tag("("))
_ONLY_TAGS = re.compile(rf"(?:{_tag('(?:')})*+{_BLANK}*+")

Entry = dict[str, Any]
"""An item as the plan has it: ``value, stored, alias?, hint?, color?, children?``."""


class Plain(NamedTuple):
    """``elements`` are counted with those inside; ``depth`` is that of the deepest item, from 1."""

    entries: list[Entry]
    elements: int
    depth: int


def read(source: str, start: int) -> tuple[Plain, int] | None:
    """
    The items from *start*, behind the start tag of a Taxonomy, and the place of its end tag.

    ``None`` if they are few or not plain.
    """
    end = source.find(_END, start)
    if end < 0 or source.count("<Choice", start, end) < FEWEST:
        return None
    found = _read(source[start:end])
    return (found, end) if found else None


# The editor compiles a config again after every key: what is written elsewhere leaves the list as it was.
@lru_cache(maxsize=2)
def _read(text: str) -> Plain | None:
    if not _ONLY_TAGS.fullmatch(text):
        return None
    tags = _TAGS.findall(text)
    around: list[tuple[list[Entry], set[str]]] = []
    here: list[Entry] = []
    seen: set[str] = set()
    parsed: dict[str, str | None] = {"": None}
    deepest, ends = 1, 0
    for value, alias, hint, color, closed in tags:
        if not value:  # an end tag
            if not around:
                return None
            ends += 1
            inside = here
            here, seen = around.pop()
            if not inside:
                del here[-1]["children"]
            continue
        stored = alias or value
        if stored in seen:
            return None
        seen.add(stored)
        entry: Entry = {"value": value, "stored": stored}
        if alias:
            entry["alias"] = alias
        if hint:
            entry["hint"] = hint
        if color:
            if color not in parsed:
                parsed[color] = colors.parse(color)
            if not parsed[color]:
                return None
            entry["color"] = parsed[color]
        here.append(entry)
        if not closed:
            entry["children"] = inside = []
            around.append((here, seen))
            here, seen = inside, set()
            deepest = max(deepest, len(around) + 1)
    return None if around else Plain(here, len(tags) - ends, deepest)
