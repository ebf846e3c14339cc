"""All of a data folder, for backup and restore.

Reading goes on beside the process that has the folder open: SQLite copies its file at one moment (the backup API; with
the write-ahead log nobody waits for it), and the files of objects never change once they are named.
"""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

from chalicelib.storage.embedded import (
    EmbeddedStore,
    open_beside,
    open_embedded,
    write_secret,
)
from chalicelib.storage.ports import ObjectInfo
from chalicelib.storage.whole import LEFT_OUT, Row, Say, Waiting, is_first_start

CHUNK_BYTES = 1 << 20
COLUMNS = "key, size, etag, content_type, modified_at"
DELETED_AT_ONCE = 500


class WholeFolder:
    """Reads a data folder that may be in use. Raises OpenError."""

    store_kind = "folder"

    def __init__(self, folder: Path) -> None:
        self._store = open_beside(folder, public_url="")
        self._copy: sqlite3.Connection | None = None

    def freeze(self, scratch: Path, say: Say) -> None:
        self.close_copy()
        place = scratch / "moment.db"
        place.unlink(missing_ok=True)
        os.close(os.open(place, os.O_WRONLY | os.O_CREAT, 0o600))
        self._copy = sqlite3.connect(place, isolation_level=None)
        source = sqlite3.connect(self._store.folder / "labelkite.db", isolation_level=None)
        try:
            source.backup(self._copy)
        finally:
            source.close()
        say("moment", 1, 1)

    def _frozen(self) -> sqlite3.Connection:
        assert self._copy is not None, "call freeze first"
        return self._copy

    def rows(self) -> Iterator[Row]:
        return _rows(self._frozen())

    def objects(self) -> Iterator[ObjectInfo]:
        rows = self._frozen().execute(f"SELECT {COLUMNS} FROM objects ORDER BY key")
        return (ObjectInfo(*row) for row in rows)

    def open(self, key: str) -> tuple[ObjectInfo, Iterator[bytes]]:
        row = self._frozen().execute(f"SELECT {COLUMNS}, file FROM objects WHERE key = ?", (key,)).fetchone()
        if row is not None:
            name = row[-1]
            with contextlib.suppress(FileNotFoundError):
                return ObjectInfo(*row[:-1]), _chunks(open(self._store.objects.folder / name[:2] / name, "rb"))
        info, file = self._store.objects.open(key)  # replaced since that moment: what it is now
        return info, _chunks(file)

    def waiting(self) -> Iterator[Waiting]:
        rows = self._frozen().execute("SELECT kind, body, due_at, attempt, error, dead FROM jobs ORDER BY id")
        for kind, body, due_at, attempt, error, dead in rows:
            yield Waiting(kind, json.loads(body), due_at, attempt, error, bool(dead))

    def secret(self) -> bytes:
        return self._store.secret

    def close_copy(self) -> None:
        if self._copy is not None:
            self._copy.close()
            self._copy = None

    def close(self) -> None:
        self.close_copy()
        self._store.close()


class FolderToFill:
    """A data folder that is written as a whole; nobody else has it open. Raises OpenError."""

    store_kind = "folder"

    def __init__(self, folder: Path) -> None:
        self._store: EmbeddedStore = open_embedded(folder, public_url="", restoring=True)

    def foreign(self) -> str:
        database = self._store._database
        for (pk,) in database.read("SELECT DISTINCT pk FROM records", ()):
            if not is_first_start(pk):
                return f"records ({pk})"
        found = database.read("SELECT key FROM objects LIMIT 1", ())
        return f"files ({found[0][0]})" if found else ""

    def marked(self) -> str:
        rows = self._store._database.read("SELECT value FROM meta WHERE name = 'restoring'", ())
        return str(rows[0][0]) if rows else ""

    def begin(self, backup_id: str) -> None:
        self._store._database.write(
            lambda connection: connection.execute("REPLACE INTO meta VALUES ('restoring', ?)", (backup_id,))
        )

    def clear(self, say: Say) -> None:
        del say
        self._store._database.write(lambda connection: connection.execute("DELETE FROM records"))
        self._store._database.write(lambda connection: connection.execute("DELETE FROM jobs"))
        self._store._database.write(lambda connection: connection.execute("DELETE FROM objects"))
        self._store.objects.sweep()

    def load(self, rows: Sequence[Row]) -> None:
        values = [(row.pk, row.sk, row.version, row.text, row.expires_at) for row in rows]
        self._store._database.write(
            lambda connection: connection.executemany("REPLACE INTO records VALUES (?, ?, ?, ?, ?)", values)
        )

    def put(self, info: ObjectInfo, chunks: Iterable[bytes]) -> None:
        self._store.objects.put_stream(info.key, chunks, content_type=info.content_type)

    def rows(self) -> Iterator[Row]:
        with self._store._database.reader() as connection:
            yield from _rows(connection)

    def objects(self) -> Iterator[ObjectInfo]:
        with self._store._database.reader() as connection:
            for row in connection.execute(f"SELECT {COLUMNS} FROM objects ORDER BY key"):
                yield ObjectInfo(*row)

    def freeze(self, scratch: Path, say: Say) -> None:
        """Nobody else writes: what is there is of one moment."""

    def finish(self, secret: bytes | None, jobs: Iterable[Waiting]) -> None:
        values = [
            (job.kind, json.dumps(job.body, separators=(",", ":")), job.attempt, job.due_at, int(job.dead), job.error)
            for job in jobs
        ]
        if secret is not None:
            write_secret(self._store.folder, secret)

        def last(connection: sqlite3.Connection) -> None:
            connection.execute("DELETE FROM jobs")
            connection.executemany(
                "INSERT INTO jobs (kind, body, attempt, due_at, dead, error) VALUES (?, ?, ?, ?, ?, ?)", values
            )
            connection.execute("DELETE FROM meta WHERE name = 'restoring'")

        self._store._database.write(last)

    def close(self) -> None:
        self._store.close()


def _rows(connection: sqlite3.Connection) -> Iterator[Row]:
    select = "SELECT pk, sk, version, expires_at, body FROM records ORDER BY pk, sk"
    now = int(time.time())
    for row in connection.execute(select):
        if (row[3] is None or row[3] > now) and (row[0], row[1]) not in LEFT_OUT:
            yield Row(*row)


def _chunks(file: BinaryIO) -> Iterator[bytes]:
    with file:
        while chunk := file.read(CHUNK_BYTES):
            yield chunk
