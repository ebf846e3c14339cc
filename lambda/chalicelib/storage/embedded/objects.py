"""The Objects port on a folder, with its index (key, size, etag, type) in the database.

A file is written beside, synced, renamed into place under a random name, and only then entered in the index, all
durable before the call returns. So bytes and metadata change together, conditions are checked in the same transaction
that publishes, no key ever becomes a path, and a crash leaves at worst a file that nothing names (swept at the next
start).
"""

from __future__ import annotations

import contextlib
import hashlib
import math
import os
import secrets
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

from chalicelib.storage.checks import check_object_key
from chalicelib.storage.embedded import faults
from chalicelib.storage.embedded.database import Database
from chalicelib.storage.embedded.records import after_prefix
from chalicelib.storage.embedded.signing import Grant, Signer
from chalicelib.storage.ports import NotFound, ObjectConflict, ObjectInfo, StorageError, Upload

SCHEMA = """
CREATE TABLE IF NOT EXISTS objects (
  key TEXT PRIMARY KEY NOT NULL, file TEXT NOT NULL, size INTEGER NOT NULL, etag TEXT NOT NULL,
  content_type TEXT NOT NULL, modified_at REAL NOT NULL
) WITHOUT ROWID;
"""

MAX_PAGE = 1000
_COLUMNS = "key, size, etag, content_type, modified_at"
_PUBLISH = """
INSERT INTO objects VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (key) DO UPDATE SET
  file = excluded.file, size = excluded.size, etag = excluded.etag,
  content_type = excluded.content_type, modified_at = excluded.modified_at"""


class TooLarge(Exception):
    """More bytes came than the upload allows."""

    def __init__(self, max_bytes: int) -> None:
        super().__init__(f"the file has more than {max_bytes} bytes")
        self.max_bytes = max_bytes


class Incoming:
    """A file that is being received. Use as a context manager: without `commit` nothing remains of it.

    Raises from `write` and `commit`: TooLarge, Full, and from `commit` ObjectConflict.
    """

    def __init__(self, objects: EmbeddedObjects, key: str, content_type: str, max_bytes: int | None) -> None:
        check_object_key(key)
        self._objects, self._key, self._content_type, self._max_bytes = objects, key, content_type, max_bytes
        self._name = secrets.token_hex(16)
        self._temporary = objects.folder / "tmp" / self._name
        self._hash = hashlib.sha256()
        self._size = 0
        try:
            descriptor = os.open(self._temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
            self._file = os.fdopen(descriptor, "wb", buffering=0)
        except OSError as error:
            raise faults.from_os(error) from error

    def __enter__(self) -> Incoming:
        return self

    def write(self, data: bytes) -> None:
        self._size += len(data)
        if self._max_bytes is not None and self._size > self._max_bytes:
            raise TooLarge(self._max_bytes)
        self._hash.update(data)
        try:
            view = memoryview(data)
            while view:  # a raw file may take a part only: the next write then says why
                view = view[self._file.write(view) :]
        except OSError as error:
            raise faults.from_os(error) from error

    def commit(self, *, if_absent: bool = False, if_match: str | None = None) -> ObjectInfo:
        """Make the file durable and publish it under its key."""
        info = ObjectInfo(self._key, self._size, self._hash.hexdigest(), self._content_type, self._objects.clock())
        try:
            os.fsync(self._file.fileno())
            self._file.close()
            self._objects.move_in(self._temporary, self._name)
        except OSError as error:
            raise faults.from_os(error) from error
        try:
            self._objects.publish(info, self._name, if_absent=if_absent, if_match=if_match)
        except StorageError:
            self._objects.remove_file(self._name)
            raise
        return info

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with contextlib.suppress(OSError):
            self._file.close()
        with contextlib.suppress(OSError):
            self._temporary.unlink(missing_ok=True)


class EmbeddedObjects:
    """Objects in a folder. Etags are SHA-256 of the content in hex."""

    def __init__(
        self, database: Database, folder: Path, signer: Signer, clock: Callable[[], float], *, owner: bool
    ) -> None:
        self._database = database
        self.folder = folder
        self.signer = signer
        self.clock = clock
        self.outside: Callable[[str], tuple[ObjectInfo, BinaryIO] | None] | None = None
        """Opens what is no object of this store but handed out under its addresses: files of sources."""
        folder.mkdir(mode=0o700, exist_ok=True)
        (folder / "tmp").mkdir(exist_ok=True)
        if owner:
            for left_over in (folder / "tmp").iterdir():
                left_over.unlink()

    # -- the port

    def get(self, key: str) -> bytes:
        _, file = self.open(key)
        with file:
            return file.read()

    def stream(self, key: str, chunk_bytes: int = 1 << 20, *, start: int = 0) -> Iterator[bytes]:
        _, file = self.open(key)  # here, so that a missing object is said at the call
        file.seek(start)

        def chunks() -> Iterator[bytes]:
            with file:
                while chunk := file.read(chunk_bytes):
                    yield chunk

        return chunks()

    def head(self, key: str) -> ObjectInfo | None:
        with self._database.reader() as connection:
            row = connection.execute(f"SELECT {_COLUMNS} FROM objects WHERE key = ?", (key,)).fetchone()
        return None if row is None else ObjectInfo(*row)

    def put(
        self, key: str, data: bytes, *, content_type: str, if_absent: bool = False, if_match: str | None = None
    ) -> ObjectInfo:
        with self.receive(key, content_type=content_type, max_bytes=None) as incoming:
            incoming.write(data)
            return incoming.commit(if_absent=if_absent, if_match=if_match)

    def put_stream(self, key: str, chunks: Iterable[bytes], *, content_type: str) -> ObjectInfo:
        with self.receive(key, content_type=content_type, max_bytes=None) as incoming:
            for chunk in chunks:
                incoming.write(chunk)
            return incoming.commit()

    def delete(self, key: str) -> None:
        def run(connection: sqlite3.Connection) -> str | None:
            row = connection.execute("DELETE FROM objects WHERE key = ? RETURNING file", (key,)).fetchall()
            return row[0][0] if row else None

        file = self._database.write(run)
        if file is not None:
            self.remove_file(file)

    def list(
        self, prefix: str, *, after: str | None = None, limit: int = MAX_PAGE
    ) -> tuple[tuple[ObjectInfo, ...], str | None]:
        if not 1 <= limit <= MAX_PAGE:
            raise ValueError(f"limit is 1 to {MAX_PAGE}, got {limit}")
        where, values = ["key >= ?"], [prefix]
        end = after_prefix(prefix)
        if end is not None:
            where.append("key < ?")
            values.append(end)
        if after is not None:
            where.append("key > ?")
            values.append(after)
        sql = f"SELECT {_COLUMNS} FROM objects WHERE {' AND '.join(where)} ORDER BY key LIMIT ?"
        with self._database.reader() as connection:
            rows = connection.execute(sql, (*values, limit + 1)).fetchall()
        infos = tuple(ObjectInfo(*row) for row in rows[:limit])
        return infos, infos[-1].key if len(rows) > limit else None

    def presign_get(
        self, key: str, *, expires_s: int, content_type: str | None = None, filename: str | None = None
    ) -> str:
        """A path on this host, valid for *expires_s* to 1.25 times that.

        The end is rounded up to a step, so that the same object keeps the same address for a while and the browser's
        cache finds it again when a task is handed out twice.
        """
        step = max(1, expires_s // 4)
        expires = math.ceil((self.clock() + expires_s) / step) * step
        return self.signer.url(Grant("GET", key, expires, content_type or "", filename or ""))

    def presign_upload(self, key: str, *, max_bytes: int, content_type: str, expires_s: int) -> Upload:
        """A PUT of the raw file, with the given Content-Type, on a path of this host."""
        if max_bytes < 1:
            raise ValueError(f"max_bytes is at least 1, got {max_bytes}")
        grant = Grant("PUT", key, math.ceil(self.clock() + expires_s), content_type, max_bytes=max_bytes)
        return Upload(key, self.signer.url(grant), "PUT", headers={"Content-Type": content_type})

    # -- for the local server

    def open(self, key: str) -> tuple[ObjectInfo, BinaryIO]:
        """The object's description and its file, open for reading; both of the same version.

        Raises:
            NotFound
        """
        if self.outside is not None and (found := self.outside(key)) is not None:
            return found
        while True:
            with self._database.reader() as connection:
                row = connection.execute(f"SELECT {_COLUMNS}, file FROM objects WHERE key = ?", (key,)).fetchone()
            if row is None:
                raise NotFound(f"there is no object {key}")
            try:
                return ObjectInfo(*row[:-1]), open(self._place(row[-1]), "rb")
            except FileNotFoundError as error:
                if self._names(key, row[-1]):
                    raise NotFound(f"the file of object {key} is missing from the data folder") from error
                # replaced between the two reads: look again
            except OSError as error:
                raise faults.from_os(error) from error

    def receive(self, key: str, *, content_type: str, max_bytes: int | None) -> Incoming:
        """Start to write an object piece by piece."""
        return Incoming(self, key, content_type, max_bytes)

    # -- for Incoming and the store

    def move_in(self, temporary: Path, name: str) -> None:
        place = self._place(name)
        if not place.parent.exists():
            place.parent.mkdir(exist_ok=True)
            sync_folder(self.folder)
        os.rename(temporary, place)
        sync_folder(place.parent)

    def publish(self, info: ObjectInfo, file: str, *, if_absent: bool, if_match: str | None) -> None:
        """Point the key at a file that is in place, under the conditions of `put`."""

        def run(connection: sqlite3.Connection) -> str | None:
            row = connection.execute("SELECT file, etag FROM objects WHERE key = ?", (info.key,)).fetchone()
            old, etag = row or (None, None)
            if (if_absent and old is not None) or (if_match is not None and etag != if_match):
                raise ObjectConflict(info.key, expected_etag=None if if_absent else if_match, found_etag=etag)
            connection.execute(_PUBLISH, (info.key, file, info.size, info.etag, info.content_type, info.modified_at))
            return old

        old = self._database.write(run)
        if old is not None:
            self.remove_file(old)

    def remove_file(self, name: str) -> None:
        with contextlib.suppress(OSError):  # a file that nothing names is swept later
            self._place(name).unlink()

    def sweep(self) -> int:
        """Remove files that no key names, which only a crash leaves behind, and return how many.

        Call it before anyone else uses the store: a file in the middle of `put` is not named yet either.
        """
        with self._database.reader() as connection:
            named = {file for (file,) in connection.execute("SELECT file FROM objects")}
        removed = 0
        for part in self.folder.iterdir():
            if part.name != "tmp" and part.is_dir():
                for entry in os.scandir(part):
                    if entry.name not in named:
                        self.remove_file(entry.name)
                        removed += 1
        return removed

    def _names(self, key: str, file: str) -> bool:
        with self._database.reader() as connection:
            rows = connection.execute("SELECT 1 FROM objects WHERE key = ? AND file = ?", (key, file)).fetchall()
        return bool(rows)

    def _place(self, name: str) -> Path:
        return self.folder / name[:2] / name


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
