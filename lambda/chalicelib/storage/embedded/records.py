"""The Records port on one SQLite table.

Every condition is checked in SQL inside the writing transaction, never against something that this process remembers,
so a second process may write beside the server (`labelkite token` does).
"""

from __future__ import annotations

import functools
import itertools
import json
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from chalicelib.storage import checks
from chalicelib.storage.embedded.database import Database
from chalicelib.storage.ports import ABSENT, Add, Check, Conflict, Delete, Operation, Page, Put, Record

SCHEMA = """
CREATE TABLE IF NOT EXISTS records (
  pk TEXT NOT NULL, sk TEXT NOT NULL, version INTEGER NOT NULL, body TEXT NOT NULL, expires_at INTEGER,
  PRIMARY KEY (pk, sk)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS records_expiry ON records (expires_at) WHERE expires_at IS NOT NULL;
"""

SWEEP_EVERY_S = 60
SWEEP_ROWS = 500
LOAD_ROWS = 500  # in one transaction: others wait for it, a few milliseconds
LOAD_STATEMENT_ROWS = 50

_LIVE = "(expires_at IS NULL OR expires_at > ?)"
_GET = f"SELECT version, body FROM records WHERE pk = ? AND sk = ? AND {_LIVE}"
_DELETE = "DELETE FROM records WHERE pk = ? AND sk = ?"
_SWEEP = """
DELETE FROM records WHERE (pk, sk) IN (SELECT pk, sk FROM records WHERE expires_at <= ? ORDER BY expires_at LIMIT ?)"""


@functools.cache
def _get_many_sql(count: int, columns: str) -> str:
    """One statement for many keys: SQLite lets go of the interpreter's lock at each one, and threads wait for it."""
    keys = ", ".join(["(?, ?)"] * count)
    # CROSS JOIN keeps the order: for each key one look into the primary key.
    return (
        f"SELECT pk, sk, {columns} FROM (VALUES {keys}) AS wanted CROSS JOIN records "
        f"ON pk = wanted.column1 AND sk = wanted.column2 WHERE {_LIVE}"
    )


@functools.cache
def _replace_sql(count: int) -> str:
    return f"REPLACE INTO records VALUES {', '.join(['(?, ?, ?, ?, ?)'] * count)}"


class EmbeddedRecords:
    """Records on SQLite. Bodies are JSON objects; sort keys compare as UTF-8, which is code point order."""

    def __init__(self, database: Database, clock: Callable[[], float]) -> None:
        self._database = database
        self._clock = clock
        self._next_sweep = clock() + SWEEP_EVERY_S

    def get(self, pk: str, sk: str) -> Record | None:
        rows = self._database.read(_GET, (pk, sk, int(self._clock())))
        return Record(pk, sk, rows[0][0], json.loads(rows[0][1])) if rows else None

    def get_many(self, keys: Sequence[tuple[str, str]]) -> dict[tuple[str, str], Record]:
        if len(keys) > checks.MAX_KEYS:
            raise ValueError(f"at most {checks.MAX_KEYS} keys, got {len(keys)}")
        wanted = list(dict.fromkeys(keys))
        if not wanted:
            return {}
        values = [*itertools.chain.from_iterable(wanted), int(self._clock())]
        rows = self._database.read(_get_many_sql(len(wanted), "version, body"), values)
        found = {(pk, sk): (version, body) for pk, sk, version, body in rows}
        return {key: Record(*key, found[key][0], json.loads(found[key][1])) for key in wanted if key in found}

    def query(
        self, pk: str, prefix: str = "", *, after: str | None = None, limit: int = 100, reverse: bool = False
    ) -> Page:
        checks.check_limit(limit)
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
        rows = self._database.read(sql, (*values, limit + 1))
        records = tuple(Record(pk, sk, version, json.loads(body)) for sk, version, body in rows[:limit])
        return Page(records, records[-1].sk if len(rows) > limit else None)

    def transact(self, operations: Sequence[Operation]) -> tuple[int, ...]:
        texts = checks.check_transaction(operations)  # here, so that the writer has only SQL to do
        if not operations:
            return ()

        def run(connection: sqlite3.Connection) -> tuple[int, ...]:
            now = int(self._clock())
            if now >= self._next_sweep:
                self._next_sweep = now + SWEEP_EVERY_S
                connection.execute(_SWEEP, (now, SWEEP_ROWS))
            return _apply(connection, operations, texts, now)

        return self._database.write(run, checks_first=True)

    def add(self, pk: str, sk: str, by: Mapping[str, int]) -> dict[str, int]:
        operation = Add(pk, sk, by)
        checks.encode(operation)

        def run(connection: sqlite3.Connection) -> dict[str, Any]:
            now = int(self._clock())
            row = connection.execute(_GET, (pk, sk, now)).fetchone()
            version, body = (0, {}) if row is None else (row[0], json.loads(row[1]))
            body = checks.added(operation, body)
            connection.execute(_replace_sql(1), (pk, sk, version + 1, checks.to_json(body), None))
            return body

        body = self._database.write(run, checks_first=True)
        return {name: body[name] for name in by}

    def load(self, puts: Sequence[Put]) -> None:
        rows = [(put.pk, put.sk, 1, checks.encode(put), put.expires_at) for put in puts]
        for start in range(0, len(rows), LOAD_ROWS):
            part = rows[start : start + LOAD_ROWS]
            self._database.write(functools.partial(_load, part))

    def sweep(self) -> int:
        """Drop up to SWEEP_ROWS expired records and return how many."""
        return self._database.write(
            lambda connection: connection.execute(_SWEEP, (int(self._clock()), SWEEP_ROWS)).rowcount
        )


def _load(rows: Sequence[tuple[Any, ...]], connection: sqlite3.Connection) -> None:
    for start in range(0, len(rows), LOAD_STATEMENT_ROWS):
        part = rows[start : start + LOAD_STATEMENT_ROWS]
        connection.execute(_replace_sql(len(part)), list(itertools.chain.from_iterable(part)))


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


def _apply(
    connection: sqlite3.Connection, operations: Sequence[Operation], texts: Sequence[str], now: int
) -> tuple[int, ...]:
    """
    Do all operations and return the new version of each one's record as far as the port tells it.

    Everything is read and checked before anything is written; the transaction around keeps others out in between.
    """
    keys = [part for operation in operations for part in (operation.pk, operation.sk)]
    sql = _get_many_sql(len(operations), "version, body")
    found = {(pk, sk): (version, body) for pk, sk, version, body in connection.execute(sql, [*keys, now])}
    versions: list[int] = []
    put: list[Any] = []
    gone: list[tuple[str, str]] = []
    for operation, text in zip(operations, texts, strict=True):
        pk, sk = operation.pk, operation.sk
        version, body = found.get((pk, sk), (ABSENT, "{}"))
        if not isinstance(operation, Add) and operation.expect is not None and operation.expect != version:
            raise Conflict(pk, sk, expected=operation.expect, found=version)
        match operation:
            case Put(expires_at=expires_at):
                put += (pk, sk, version + 1, text, expires_at)
                versions.append(0 if operation.expect is None else version + 1)
            case Add():
                put += (pk, sk, version + 1, checks.to_json(checks.added(operation, json.loads(body))), None)
                versions.append(0)
            case Delete():
                gone.append((pk, sk))
                versions.append(0)
            case Check():
                versions.append(0)
    if put:
        connection.execute(_replace_sql(len(put) // 5), put)
    if gone:  # one by one: SQLite would look for a list of pairs in the whole table
        connection.executemany(_DELETE, gone)
    return tuple(versions)
