"""How a record lies in the table.

pk, sk     the key
v          the version
b, z, o    the body: JSON text, or that text deflated, or the key of an object that holds it deflated
c:<name>   a counter's member, as a number that DynamoDB can add to; adds to what the body says
c          1 when there are such members
ttl        the second from which the record counts as absent; DynamoDB removes it some time later
w          who wrote it: see records.py, lost answers
r:<…>      what an `add` came to, kept for a while: see records.py, lost answers
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib.storage.ports import Record

Item = dict[str, dict[str, Any]]
"""Attributes as DynamoDB has them on the wire: `{"v": {"N": "1"}}`."""

INLINE_BYTES = 350_000
"""Longer bodies are objects; an item may have 400 KB (409,600 bytes), keys and names included."""
COMPRESS_FROM_BYTES = 900
UNIT_BYTES = 1024
"""DynamoDB bills writes by begun KB."""
OVERHEAD_BYTES = 150
"""Of an item, beside its body: names, key, version. An estimate, for choosing only."""
MEMBER = "c:"
RECEIPT = "r:"


@dataclass(frozen=True, slots=True)
class Body:
    """A body that is ready to be written: its attribute and how many bytes it takes in the item."""

    name: str
    value: dict[str, Any]
    size: int


def pack(text: str) -> Body:
    """Text, or deflated where that saves a write unit. May be too long for an item: see INLINE_BYTES."""
    plain = text.encode()
    if len(plain) >= COMPRESS_FROM_BYTES:
        small = zlib.compress(plain, 6)
        if units(len(small) + OVERHEAD_BYTES) < units(len(plain) + OVERHEAD_BYTES):
            return Body("z", {"B": small}, len(small))
    return Body("b", {"S": text}, len(plain))


def deflated(body: Body) -> bytes:
    return zlib.compress(body.value["S"].encode(), 6) if body.name == "b" else bytes(body.value["B"])


def elsewhere(key: str) -> Body:
    return Body("o", {"S": key}, len(key))


def units(size: int) -> int:
    return -(-size // UNIT_BYTES)


def key_of(pk: str, sk: str) -> Item:
    return {"pk": {"S": pk}, "sk": {"S": sk}}


def number(value: int) -> dict[str, Any]:
    return {"N": str(value)}


def version_of(item: Mapping[str, Any] | None, now: int) -> int:
    """0 when there is no item or its time is over."""
    return int(item["v"]["N"]) if item and is_live(item, now) else 0


def is_live(item: Mapping[str, Any], now: int) -> bool:
    return "ttl" not in item or int(item["ttl"]["N"]) > now


def read(item: Mapping[str, Any], fetch: Callable[[str], bytes]) -> Record:
    """The record that an item holds; `fetch` reads an object."""
    return Record(item["pk"]["S"], item["sk"]["S"], int(item["v"]["N"]), body_of(item, fetch))


def body_of(item: Mapping[str, Any], fetch: Callable[[str], bytes]) -> dict[str, Any]:
    if "b" in item:
        body: dict[str, Any] = json.loads(item["b"]["S"])
    elif "z" in item:
        body = json.loads(zlib.decompress(item["z"]["B"]))
    elif "o" in item:
        body = json.loads(zlib.decompress(fetch(item["o"]["S"])))
    else:
        body = {}
    if "c" in item:
        for name, value in item.items():
            if name.startswith(MEMBER):
                member = name[len(MEMBER) :]
                body[member] = body.get(member, 0) + int(value["N"])
    return body
