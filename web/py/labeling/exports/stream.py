"""A JSON array as chunks of bytes, of which only one row is in memory at a time."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from math import isfinite
from typing import Any

CHUNK_BYTES = 64 * 1024

# Rows come from stored JSON and hold nothing twice: to look for circles would be a third of the time.
_PLAIN = json.JSONEncoder(ensure_ascii=False, allow_nan=False, check_circular=False)
_ESCAPED = json.JSONEncoder(ensure_ascii=True, allow_nan=False, check_circular=False)


def json_array(rows: Iterable[Any]) -> Iterator[bytes]:
    """The rows as one JSON array in UTF-8, a row on each line, in chunks of about CHUNK_BYTES."""
    held: list[bytes] = []
    size = 0
    lead = b"[\n"
    for row in rows:
        part = lead + encode(row)
        lead = b",\n"
        held.append(part)
        size += len(part)
        if size >= CHUNK_BYTES:
            yield b"".join(held)
            held, size = [], 0
    held.append(b"[]\n" if lead == b"[\n" else b"\n]\n")
    yield b"".join(held)


def encode(value: Any) -> bytes:
    """JSON in UTF-8. What UTF-8 cannot hold (half of a surrogate pair) is escaped, NaN and infinities become null."""
    try:
        return _PLAIN.encode(value).encode()
    except UnicodeEncodeError:
        return _ESCAPED.encode(value).encode()
    except ValueError:
        return encode(_finite(value))


def _finite(value: Any) -> Any:
    if isinstance(value, float):
        return value if isfinite(value) else None
    if isinstance(value, dict):
        return {key: _finite(member) for key, member in value.items()}
    if isinstance(value, (list, tuple)):
        return [_finite(member) for member in value]
    return value
