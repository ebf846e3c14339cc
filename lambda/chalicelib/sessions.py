"""Sessions of browsers: made at joining or sign-in, with a new token each day, gone after thirty days without use.

A new token is made while the old one goes on working: only the first use of the new one shows that the browser has it,
and only then the old one ends, after a short grace for requests that were under way. So neither parallel requests nor a
lost answer log anybody out.
"""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib import keys, tokens
from chalicelib.storage.ports import Conflict, Delete, Operation, Put, Record, StorageError
from chalicelib.times import iso
from chalicelib.world import World

SESSION_S = 30 * 24 * 3600
ROTATE_S = 24 * 3600
GRACE_S = 120
"""How long a token goes on working after its successor was used."""
LOST_S = 60
"""A successor that nobody used for so long was lost on its way; the old token gets another one."""


@dataclass(frozen=True, slots=True)
class Opened:
    body: Mapping[str, Any]
    hash: str
    fresh: str
    """A new token that the browser must get with this answer; else empty."""


def new(world: World, person: int, name: str, role: str, *, email: str = "", agent: str = "") -> tuple[str, list[Put]]:
    """A session's token, and the operations (two) that make it valid."""
    now = world.clock()
    body = {
        "id": secrets.token_hex(6),
        "person": person,
        "name": name,
        "role": role,
        "email": email,
        "agent": agent[:200],
        "started_at": iso(now),
    }
    token = tokens.fresh()
    return token, _rows(body, token, now)


def _rows(session: Mapping[str, Any], token: str, now: float, **more: Any) -> list[Put]:
    end = int(now) + SESSION_S
    hashed = tokens.digest(token)
    body = {**session, "made_at": now, "expires_at": end, **more}
    listed = {"id": session["id"], "agent": session["agent"], "started_at": session["started_at"], "used_at": iso(now)}
    return [
        Put(*keys.session(hashed), body, expect=0, expires_at=end),
        Put(*keys.listed_session(session["person"], hashed), listed, expires_at=end),
    ]


def opened(world: World, token: str) -> Opened | None:
    """The session of a token; None when it has ended or never was."""
    hashed = tokens.digest(token)
    record = world.records.get(*keys.session(hashed))
    now = world.clock()
    if record is None or record.body["expires_at"] <= now:
        return None
    fresh = ""
    with contextlib.suppress(StorageError):  # it goes on as it is; the next request tries again
        if record.body.get("unused"):
            record = _confirm(world, record, now)
        if _is_due(record.body, now):
            fresh = _replace(world, record, now)
    return Opened(record.body, tokens.digest(fresh) if fresh else hashed, fresh)


def _is_due(body: Mapping[str, Any], now: float) -> bool:
    if body.get("over") or now - body.get("made_at", 0.0) < ROTATE_S:
        return False
    successor = body.get("next")
    return bool(successor is None or now - successor["at"] >= LOST_S)


def _replace(world: World, record: Record, now: float) -> str:
    """A new token beside the old one."""
    body, hashed = record.body, record.pk.partition("#")[2]
    session = {
        "id": body.get("id") or secrets.token_hex(6),
        "person": body["person"],
        "name": body["name"],
        "role": body["role"],
        "email": body.get("email", ""),
        "agent": body.get("agent", ""),
        "started_at": body.get("started_at") or iso(now),
    }
    token = tokens.fresh()
    old = {**body, "next": {"hash": tokens.digest(token), "at": now}}
    operations: list[Operation] = [
        *_rows(session, token, now, before=hashed, unused=True),
        Put(record.pk, record.sk, old, expect=record.version, expires_at=body["expires_at"]),
    ]
    if "next" in body:
        operations += _ended(body["person"], body["next"]["hash"])
    world.records.transact(operations)
    return token


def _confirm(world: World, record: Record, now: float) -> Record:
    """The browser has the new token, so the one before ends. The record as it is now."""
    body, before = record.body, record.body["before"]
    end = int(now) + GRACE_S
    kept = {**body, "unused": False}
    operations: list[Operation] = [
        Put(record.pk, record.sk, kept, expect=record.version, expires_at=body["expires_at"])
    ]
    old = world.records.get(*keys.session(before))
    if old is not None:
        ending = {**old.body, "expires_at": end, "over": True}
        operations += [
            Put(old.pk, old.sk, ending, expect=old.version, expires_at=end),
            Put(*keys.listed_session(body["person"], before), {"id": body["id"]}, expires_at=end),
        ]
    versions = world.records.transact(operations)
    return Record(record.pk, record.sk, versions[0], kept)


def _ended(person: int, hashed: str) -> list[Operation]:
    return [Delete(*keys.session(hashed)), Delete(*keys.listed_session(person, hashed))]


def end(world: World, hashed: str) -> list[Operation]:
    """Operations that end a session with the tokens just before and after this one. Ending twice is no fault."""
    record = world.records.get(*keys.session(hashed))
    if record is None:
        return []
    person = record.body["person"]
    others = [record.body.get("before"), (record.body.get("next") or {}).get("hash")]
    return [op for each in (hashed, *filter(None, others)) for op in _ended(person, each)]


def end_all(world: World, person: int) -> int:
    """End every session of a person; how many there were. A session that is replaced meanwhile ends too."""
    ids: set[str] = set()
    while True:
        page = world.records.query(f"PERSON#{person}", "SESSION#", limit=10)
        if not page.records:
            return len(ids)
        ids |= {row.body["id"] for row in page.records}
        hashes = [row.sk.partition("#")[2] for row in page.records]
        with contextlib.suppress(Conflict):
            world.records.transact([op for hashed in hashes for op in _ended(person, hashed)])


def listed(world: World, person: int, current: str) -> list[dict[str, Any]]:
    """A person's sessions, the last used first; `used_at` is right to a day."""
    page = world.records.query(f"PERSON#{person}", "SESSION#", limit=200)
    here = world.records.get(*keys.session(current)) if current else None
    own = here.body.get("id") if here else None
    rows = {row.body["id"]: row.body for row in page.records if "started_at" in row.body}
    return [
        {"current": id_ == own, **{name: row[name] for name in ("agent", "started_at", "used_at")}}
        for id_, row in sorted(rows.items(), key=lambda item: item[1]["used_at"], reverse=True)
    ]
