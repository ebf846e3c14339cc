"""The Records port on one SQLite table.

Every condition is checked in SQL inside the writing transaction, never against something that this process remembers,
so a second process may write beside the server (`labelkite token` does).
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from chalicelib.storage.embedded.database import Database
from chalicelib.storage.ports import ABSENT, Add, Check, Conflict, Delete, Operation, Page, Put, Record

SCHEMA = """
CREATE TABLE IF NOT EXISTS records (
  pk TEXT NOT NULL, sk TEXT NOT NULL, version INTEGER NOT NULL, body TEXT NOT NULL, expires_at INTEGER,
  PRIMARY KEY (pk, sk)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS records_expiry ON records (expires_at) WHERE expires_at IS NOT NULL;
"""

# Made once: json.dumps with options makes an encoder at each call, which is half of its time for small bodies.
_to_json = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode
_to_ascii_json = json.JSONEncoder(allow_nan=False, separators=(",", ":")).encode

MAX_OPERATIONS = 25
MAX_KEYS = 100
MAX_PAGE = 1000
SWEEP_EVERY_S = 60
SWEEP_ROWS = 500

_LIVE = "(expires_at IS NULL OR expires_at > ?)"
_GET = f"SELECT version, body FROM records WHERE pk = ? AND sk = ? AND {_LIVE}"
_VERSION = f"SELECT version FROM records WHERE pk = ? AND sk = ? AND {_LIVE}"
# An expired row is the same as none: what is written over it starts at version 1 again.
_PUT_OVER = """
INSERT INTO records VALUES (?1, ?2, 1, ?3, ?4) ON CONFLICT (pk, sk) DO UPDATE SET
  version = CASE WHEN expires_at <= ?5 THEN 1 ELSE version + 1 END,
  body = excluded.body, expires_at = excluded.expires_at
RETURNING version"""
_PUT_NEW = """
INSERT INTO records VALUES (?1, ?2, 1, ?3, ?4) ON CONFLICT (pk, sk) DO UPDATE SET
  version = 1, body = excluded.body, expires_at = excluded.expires_at WHERE expires_at <= ?5"""
_PUT_AT = f"""
UPDATE records SET version = version + 1, body = ?, expires_at = ?
WHERE pk = ? AND sk = ? AND version = ? AND {_LIVE}"""
_DELETE_AT = f"DELETE FROM records WHERE pk = ? AND sk = ? AND version = ? AND {_LIVE}"
_DELETE = "DELETE FROM records WHERE pk = ? AND sk = ?"
_SWEEP = """
DELETE FROM records WHERE (pk, sk) IN (SELECT pk, sk FROM records WHERE expires_at <= ? ORDER BY expires_at LIMIT ?)"""


class EmbeddedRecords:
    """Records on SQLite. Bodies are JSON objects; sort keys compare as UTF-8, which is code point order."""

    def __init__(self, database: Database, clock: Callable[[], float]) -> None:
        self._database = database
        self._clock = clock
        self._next_sweep = clock() + SWEEP_EVERY_S

    def get(self, pk: str, sk: str) -> Record | None:
        with self._database.reader() as connection:
            row = connection.execute(_GET, (pk, sk, int(self._clock()))).fetchone()
        return None if row is None else Record(pk, sk, row[0], json.loads(row[1]))

    def get_many(self, keys: Sequence[tuple[str, str]]) -> dict[tuple[str, str], Record]:
        if len(keys) > MAX_KEYS:
            raise ValueError(f"at most {MAX_KEYS} keys, got {len(keys)}")
        now = int(self._clock())
        found = {}
        with self._database.reader() as connection:
            for key in dict.fromkeys(keys):
                row = connection.execute(_GET, (*key, now)).fetchone()
                if row is not None:
                    found[key] = row
        return {key: Record(*key, version, json.loads(body)) for key, (version, body) in found.items()}

    def query(
        self, pk: str, prefix: str = "", *, after: str | None = None, limit: int = 100, reverse: bool = False
    ) -> Page:
        if not 1 <= limit <= MAX_PAGE:
            raise ValueError(f"limit is 1 to {MAX_PAGE}, got {limit}")
        where, values = ["pk = ?", "sk >= ?", _LIVE], [pk, prefix, int(self._clock())]
        end = after_prefix(prefix)
        if end is not None:
            where.append("sk < ?")
            values.append(end)
        if after is not None:
            where.append("sk < ?" if reverse else "sk > ?")
            values.append(after)
        sql = (
            f"SELECT sk, version, body FROM records WHERE {' AND '.join(where)} "
            f"ORDER BY sk {'DESC' if reverse else 'ASC'} LIMIT ?"
        )
        with self._database.reader() as connection:
            rows = connection.execute(sql, (*values, limit + 1)).fetchall()
        records = tuple(Record(pk, sk, version, json.loads(body)) for sk, version, body in rows[:limit])
        return Page(records, records[-1].sk if len(rows) > limit else None)

    def transact(self, operations: Sequence[Operation]) -> tuple[int, ...]:
        if len(operations) > MAX_OPERATIONS:
            raise ValueError(f"at most {MAX_OPERATIONS} operations, got {len(operations)}")
        if len({(operation.pk, operation.sk) for operation in operations}) != len(operations):
            raise ValueError("a key occurs twice in one transaction")
        if not operations:
            return ()
        texts = [_encode(operation) for operation in operations]  # here, so that the writer has only SQL to do

        def run(connection: sqlite3.Connection) -> tuple[int, ...]:
            now = int(self._clock())
            if now >= self._next_sweep:
                self._next_sweep = now + SWEEP_EVERY_S
                connection.execute(_SWEEP, (now, SWEEP_ROWS))
            return tuple(
                _apply(connection, operation, text, now) for operation, text in zip(operations, texts, strict=True)
            )

        return self._database.write(run)

    def add(self, pk: str, sk: str, by: Mapping[str, int]) -> dict[str, int]:
        operation = Add(pk, sk, by)
        _encode(operation)
        body = self._database.write(lambda connection: _add(connection, operation, int(self._clock()))[1])
        return {name: body[name] for name in by}

    def sweep(self) -> int:
        """Drop up to SWEEP_ROWS expired records and return how many."""
        return self._database.write(
            lambda connection: connection.execute(_SWEEP, (int(self._clock()), SWEEP_ROWS)).rowcount
        )


def after_prefix(prefix: str) -> str | None:
    """The first text after everything that starts with *prefix*, in code point order; None when there is no end."""
    while prefix:
        last = ord(prefix[-1])
        if last == 0xD7FF:
            return prefix[:-1] + "\ue000"  # the surrogates between have no UTF-8
        if last < 0x10FFFF:
            return prefix[:-1] + chr(last + 1)
        prefix = prefix[:-1]
    return None


def _encode(operation: Operation) -> str:
    """Check an operation and return the JSON of its body (empty when it has none)."""
    for key in (operation.pk, operation.sk):
        if not key or "\0" in key:
            raise ValueError(f"{key!r} cannot be a key")
        key.encode()
    match operation:
        case Put(body=body):
            text = _to_json(body)
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


def _apply(connection: sqlite3.Connection, operation: Operation, text: str, now: int) -> int:
    """Do one operation and return the new version of its record, 0 for Delete and Check."""
    pk, sk = operation.pk, operation.sk
    execute = connection.execute
    match operation:
        case Add():
            return _add(connection, operation, now)[0]
        case Check(expect=expect):
            found = _version(connection, pk, sk, now)
            if found != expect:
                raise Conflict(pk, sk, expected=expect, found=found)
            return 0
        case Delete(expect=expect):
            if expect is None:
                execute(_DELETE, (pk, sk))
            elif execute(_DELETE_AT, (pk, sk, expect, now)).rowcount != 1:
                found = _version(connection, pk, sk, now)
                if found != expect:  # both are 0 for Delete(expect=ABSENT) of nothing
                    raise Conflict(pk, sk, expected=expect, found=found)
            return 0
        case Put(expect=expect, expires_at=expires_at):
            if expect is None:
                [(version,)] = execute(_PUT_OVER, (pk, sk, text, expires_at, now)).fetchall()
                return int(version)
            if expect == ABSENT:
                done = execute(_PUT_NEW, (pk, sk, text, expires_at, now)).rowcount
            else:
                done = execute(_PUT_AT, (text, expires_at, pk, sk, expect, now)).rowcount
            if done != 1:
                raise Conflict(pk, sk, expected=expect, found=_version(connection, pk, sk, now))
            return expect + 1


def _add(connection: sqlite3.Connection, operation: Add, now: int) -> tuple[int, dict[str, Any]]:
    """Add to a counter record and return its new version and body."""
    pk, sk = operation.pk, operation.sk
    row = connection.execute(_GET, (pk, sk, now)).fetchone()
    body: dict[str, Any] = {} if row is None else json.loads(row[1])
    for name, amount in operation.by.items():
        value = body.get(name, 0)
        if type(value) is not int:
            raise ValueError(f"{pk}/{sk} holds {value!r} as {name}: not a counter")
        body[name] = value + amount
    text = _to_json(body)
    if row is None:
        connection.execute("REPLACE INTO records VALUES (?, ?, 1, ?, NULL)", (pk, sk, text))
        return 1, body
    connection.execute("UPDATE records SET version = version + 1, body = ? WHERE pk = ? AND sk = ?", (text, pk, sk))
    return row[0] + 1, body


def _version(connection: sqlite3.Connection, pk: str, sk: str, now: int) -> int:
    row = connection.execute(_VERSION, (pk, sk, now)).fetchone()
    return ABSENT if row is None else int(row[0])
