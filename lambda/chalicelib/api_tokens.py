"""Tokens for scripts: shown once, stored as hashes, with a scope that only ever narrows what their person may."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from chalicelib import keys, tokens
from chalicelib.storage.ports import Delete, Operation, Put, Record, StorageError
from chalicelib.times import iso
from chalicelib.world import World

MOST = 50
"""Tokens of one person."""


def new(
    world: World,
    person: int,
    name: str,
    role: str,
    *,
    title: str,
    scope: Sequence[str] | None = None,
    projects: Sequence[int] | None = None,
    days: int | None = None,
) -> tuple[str, Mapping[str, Any], list[Operation]]:
    """The token, its row and the operations (two) that make it valid. `scope` None: all that the person may."""
    now = world.clock()
    token = tokens.fresh()
    hashed = tokens.digest(token)
    id_ = world.ids.one("token")
    body = {
        "id": id_,
        "title": title,
        "person": person,
        "name": name,
        "role": role,
        "scope": None if scope is None else sorted(set(scope)),
        "projects": None if projects is None else sorted(set(projects)),
        "created_at": iso(now),
        "expires_at": None if days is None else int(now) + days * 24 * 3600,
        "used_on": None,
    }
    place = keys.listed_token(person, id_)
    return token, body, [Put(*keys.api_token(hashed), body, expect=0), Put(*place, {"hash": hashed}, expect=0)]


def opened(world: World, token: str) -> Mapping[str, Any] | None:
    """The row of a token; None when it is unknown, revoked or has expired. Notes the day on which it was used."""
    record = world.records.get(*keys.api_token(tokens.digest(token)))
    if record is None or ((end := record.body.get("expires_at")) and end <= world.clock()):
        return None
    today = datetime.fromtimestamp(world.clock(), UTC).date().isoformat()
    if "id" in record.body and record.body["used_on"] != today:
        with contextlib.suppress(StorageError):
            world.records.transact(
                [Put(record.pk, record.sk, {**record.body, "used_on": today}, expect=record.version)]
            )
    return record.body


def of_person(world: World, person: int) -> list[Record]:
    """Newest first."""
    page = world.records.query(f"PERSON#{person}", "TOKEN#", limit=2 * MOST, reverse=True)
    places = [keys.api_token(row.body["hash"]) for row in page.records]
    found = world.records.get_many(places)
    return [found[place] for place in places if place in found]


def end(record: Record) -> list[Operation]:
    return [
        Delete(record.pk, record.sk),
        Delete(*keys.listed_token(record.body["person"], record.body["id"])),
    ]


def end_all(world: World, person: int) -> int:
    found = of_person(world, person)
    for start in range(0, len(found), 10):
        world.records.transact([op for record in found[start : start + 10] for op in end(record)])
    return len(found)


def shown(row: Mapping[str, Any]) -> dict[str, Any]:
    members = ("id", "title", "scope", "projects", "created_at")
    expires = row["expires_at"]
    return {
        **{name: row[name] for name in members},
        "expires_at": iso(expires) if expires else None,
        "last_used": row["used_on"],
    }
