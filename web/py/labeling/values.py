"""A plan's Value with a task's data put in: literals, paths such as ``doc.pages[0]`` and texts with both."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Resolved:
    """``value`` is what the data has (any JSON), ``None`` when it is missing; ``missing`` names the fields."""

    value: object
    missing: tuple[str, ...] = ()


def resolve(value: Mapping[str, object], data: Mapping[str, object]) -> Resolved:
    """*value* is ``{"text"}``, ``{"path", "source"}`` or ``{"parts"}``. A missing field in parts is an empty text."""
    if "text" in value:
        return Resolved(value["text"])
    parts = value.get("parts")
    if isinstance(parts, list):
        done = [resolve(part, data) for part in parts if isinstance(part, Mapping)]
        missing = tuple(name for part in done for name in part.missing)
        return Resolved("".join(as_text(part.value) for part in done), missing)
    path = value.get("path")
    steps = path if isinstance(path, list) else []
    source = str(value.get("source") or ".".join(map(str, steps)))
    found = data[source] if source in data else _walk(data, steps)
    return Resolved(found, () if found is not None else (source,))


def named_in(part: object) -> Iterator[str]:
    """Members of a task's data that the values anywhere in *part* of a plan read, in its order; some more than once."""
    if isinstance(part, Mapping):
        path = part.get("path")
        if isinstance(path, list) and path and "source" in part:
            yield str(path[0])
        for inner in part.values():
            yield from named_in(inner)
    elif isinstance(part, list):
        for inner in part:
            yield from named_in(inner)


def _walk(data: object, steps: list[object]) -> object:
    for step in steps:
        if isinstance(data, Mapping):
            data = data.get(step) if step in data else data.get(str(step))
        elif isinstance(data, list) and isinstance(step, int) and not isinstance(step, bool) and 0 <= step < len(data):
            data = data[step]
        else:
            return None
    return data


def as_text(value: object) -> str:
    """The text that a browser would show for a JSON value; a list gives one line per item."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, list):
        return "\n".join(as_text(item) for item in value)
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else str(value)
