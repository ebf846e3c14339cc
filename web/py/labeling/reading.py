"""Foreign JSON to typed values: every reader answers ``None`` for what it cannot use and never raises."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

# Beyond any pixel, percent or code point, and exact in a double: a guard against absurd input, no rule of the format.
LARGEST = 10**9

_ID = re.compile(r"[A-Za-z0-9_-]{1,100}")


def number(value: object) -> int | float | None:
    """A finite JSON number of sane size as it came (ints stay ints); ``true`` is not a number."""
    if value.__class__ is not int and value.__class__ is not float:
        return None
    assert isinstance(value, int | float)
    # NaN fails both comparisons; huge ints are compared without becoming floats.
    return value if -LARGEST <= value <= LARGEST else None


def whole(value: object) -> int | None:
    """A whole number; ``4.0`` counts, since JSON does not tell it from ``4``."""
    found = number(value)
    return int(found) if found is not None and found == int(found) else None


def text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def strings(value: object) -> tuple[str, ...] | None:
    """A list of strings; a bare string is a list of one."""
    if isinstance(value, str):
        return (value,)
    if isinstance(value, list | tuple):
        for item in value:
            if not isinstance(item, str):
                return None
        return tuple(value)
    return None


def mapping(value: object) -> Mapping[str, object] | None:
    """A JSON object. Asked for each result: a plain ``dict`` is found ten times faster than any Mapping."""
    return value if isinstance(value, dict) else None


def identifier(value: object) -> str | None:
    """An id as results have it: letters, digits, ``-`` and ``_``."""
    return value if isinstance(value, str) and _ID.fullmatch(value) is not None else None


def json_text(source: str) -> object | None:
    """The value of a JSON text; ``None`` when it is not JSON or nested too deeply to read."""
    try:
        return json.loads(source)  # type: ignore[no-any-return]
    except (ValueError, RecursionError):
        return None
