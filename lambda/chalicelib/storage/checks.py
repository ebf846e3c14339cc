"""What every store refuses before it writes: keys that mean another place, bodies that are no JSON, half points."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from chalicelib.storage.ports import Add, Operation, Put

MAX_OPERATIONS = 25
MAX_KEYS = 100
MAX_PAGE = 1000
MAX_OBJECT_KEY_BYTES = 1024

# Made once: json.dumps with options makes an encoder at each call, which is half of its time for small bodies.
to_json = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode
_to_ascii_json = json.JSONEncoder(allow_nan=False, separators=(",", ":")).encode


def check_transaction(operations: Sequence[Operation]) -> list[str]:
    """The JSON of each operation's body, empty when it has none.

    Raises:
        ValueError: the store cannot take them; nothing was written.
    """
    if len(operations) > MAX_OPERATIONS:
        raise ValueError(f"at most {MAX_OPERATIONS} operations, got {len(operations)}")
    if len({(operation.pk, operation.sk) for operation in operations}) != len(operations):
        raise ValueError("a key occurs twice in one transaction")
    return [encode(operation) for operation in operations]


def check_limit(limit: int) -> None:
    if not 1 <= limit <= MAX_PAGE:
        raise ValueError(f"limit is 1 to {MAX_PAGE}, got {limit}")


def encode(operation: Operation) -> str:
    """Check an operation and return the JSON of its body (empty when it has none)."""
    for key in (operation.pk, operation.sk):
        if not key or "\0" in key:
            raise ValueError(f"{key!r} cannot be a key")
        key.encode()
    match operation:
        case Put(body=body):
            text = to_json(body)
            if not text.isascii():
                try:
                    text.encode()
                except UnicodeEncodeError:  # a lone surrogate, which JSON can hold as an escape only
                    return _to_ascii_json(body)
            return text
        case Add(by=by):
            if not all(type(amount) is int for amount in by.values()):
                raise ValueError(f"only integers can be added, got {dict(by)!r}")
            return ""
        case _:
            return ""


def added(operation: Add, body: Mapping[str, Any]) -> dict[str, Any]:
    """The counter's members after the addition; those that are not there start at 0."""
    result = dict(body)
    for name, amount in operation.by.items():
        value = result.get(name, 0)
        if type(value) is not int:
            raise ValueError(f"{operation.pk}/{operation.sk} holds {value!r} as {name}: not a counter")
        result[name] = value + amount
    return result


def check_object_key(key: str) -> None:
    """Refuse what could mean another place for some file system, URL parser or bucket tool.

    Raises:
        ValueError: says what is wrong with the key.
    """
    if not key or len(key.encode()) > MAX_OBJECT_KEY_BYTES:
        raise ValueError(f"an object's key has 1 to {MAX_OBJECT_KEY_BYTES} bytes: {key[:80]!r}")
    if "\\" in key or any(ord(letter) < 32 or ord(letter) == 127 for letter in key):
        raise ValueError(f"an object's key has no backslashes and no control characters: {key!r}")
    if any(part in ("", ".", "..") for part in key.split("/")):
        raise ValueError(f"an object's key has no empty parts and no dots as a part: {key!r}")
