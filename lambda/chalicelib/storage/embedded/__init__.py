"""The embedded store: everything of one Labelkite in one folder.

lock          held while a process uses the folder; says its pid
secret        32 random bytes, mode 0600, made once: signs addresses and sessions
labelkite.db  records, jobs and the index of the objects (SQLite, with its -wal and -shm beside it while in use)
objects/      the files
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import secrets
import sqlite3
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from chalicelib.storage.embedded import faults, jobs, objects, records
from chalicelib.storage.embedded.database import Database
from chalicelib.storage.embedded.jobs import EmbeddedJobs
from chalicelib.storage.embedded.objects import EmbeddedObjects, sync_folder
from chalicelib.storage.embedded.records import EmbeddedRecords
from chalicelib.storage.embedded.signing import Signer
from chalicelib.storage.ports import StorageError

FORMAT = 2
"""Version of what is in the folder, keys of records included. Another one is refused; after the first release, older
ones are brought up at open."""

SECRET_BYTES = 32
META = "CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY NOT NULL, value TEXT NOT NULL) WITHOUT ROWID;"


class OpenError(StorageError):
    """The folder cannot be used; `hint` says what to do.

    OpenError
    ├── InUse         another process has it open
    ├── NewerFormat   it was made by a newer Labelkite
    ├── OlderFormat   it was made before the first release, in a form that is not read any more
    ├── HalfRestored  a backup was being restored into it and that did not end
    ├── NotWritable   the folder cannot be made or written
    └── Damaged       the database or the secret is not what this program wrote
    """

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.hint = hint


class InUse(OpenError):
    def __init__(self, folder: Path, pid: int | None) -> None:
        who = "another process" if pid is None else f"process {pid}"
        super().__init__(f"{folder} is in use by {who}", "Stop it first, or choose another folder with --data.")
        self.pid = pid


class OlderFormat(OpenError):
    def __init__(self, folder: Path, found: int) -> None:
        super().__init__(
            f"{folder} was made by a Labelkite from before the first release (data format {found}, now it is {FORMAT})",
            "Choose a new folder with --data. To keep what is there, export it with the Labelkite that made it.",
        )
        self.found = found


class NewerFormat(OpenError):
    def __init__(self, folder: Path, found: int) -> None:
        super().__init__(
            f"{folder} was made by a newer Labelkite (data format {found}, this one knows {FORMAT})",
            "Update Labelkite: pip install --upgrade labelkite",
        )
        self.found = found


class HalfRestored(OpenError):
    def __init__(self, folder: Path) -> None:
        super().__init__(
            f"{folder} is being restored from a backup, or was and that did not end",
            "Run the same labelkite restore again: it goes on where it stopped.",
        )


class NotWritable(OpenError):
    def __init__(self, folder: Path, error: OSError) -> None:
        super().__init__(
            f"{folder} cannot be written: {error.strerror}", "Choose a folder that you may write with --data."
        )


class Damaged(OpenError):
    def __init__(self, what: Path, fact: str) -> None:
        super().__init__(f"{what} {fact}", "Put the folder back from a copy, or choose another one with --data.")


@dataclass(frozen=True, slots=True)
class EmbeddedStore:
    """The three ports on one folder, and its secret."""

    folder: Path
    public_url: str
    """Where people reach the host, without a slash at the end."""
    secret: bytes = field(repr=False)
    records: EmbeddedRecords
    objects: EmbeddedObjects
    jobs: EmbeddedJobs
    _database: Database = field(repr=False)
    _lock: int | None = field(repr=False)

    def close(self) -> None:
        """Let the running job end, move the log into the database, give the folder free. A second call does nothing."""
        self.jobs.close()
        with contextlib.suppress(StorageError):
            if self._lock is not None:
                self._database.write(lambda connection: _set_meta(connection, "clean", "1"))
        self._database.close()
        if self._lock is not None:
            with contextlib.suppress(OSError):
                os.close(self._lock)


def open_embedded(
    folder: Path, *, public_url: str, clock: Callable[[], float] = time.time, restoring: bool = False
) -> EmbeddedStore:
    """Open the store in *folder*, making both when they are not there. `restoring`: even when it is half restored.

    Raises:
        OpenError: see its tree; the message and the hint are for people.
        Full: there is no space to open it.
    """
    folder = folder.absolute()
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = _take_lock(folder)
    except OSError as error:
        raise NotWritable(folder, error) from error
    try:
        return _open(folder, public_url.rstrip("/"), clock, lock, restoring=restoring)
    except BaseException:
        os.close(lock)
        raise


def open_beside(folder: Path, *, public_url: str, clock: Callable[[], float] = time.time) -> EmbeddedStore:
    """Open a folder that another process has open, for reads and record writes: `labelkite token` beside the server.

    SQLite lets two processes write in turn and every condition of `transact` is checked inside the transaction. The
    lock guards what is not so: two threads that run jobs, and sweeping. Do neither, and put no objects.
    """
    folder = folder.absolute()
    if not (folder / "labelkite.db").is_file():
        raise Damaged(folder, "holds no Labelkite data")
    return _open(folder, public_url.rstrip("/"), clock, None)


def _open(
    folder: Path, public_url: str, clock: Callable[[], float], lock: int | None, *, restoring: bool = False
) -> EmbeddedStore:
    try:
        secret = _secret(folder)
        _check_header(folder / "labelkite.db")
        database = Database(folder / "labelkite.db")
    except OSError as error:
        raise NotWritable(folder, error) from error
    try:
        clean = database.write(
            lambda connection: _prepare(connection, folder, owner=lock is not None, restoring=restoring)
        )
        sync_folder(folder)
        store = EmbeddedStore(
            folder,
            public_url,
            secret,
            EmbeddedRecords(database, clock),
            EmbeddedObjects(database, folder / "objects", Signer(secret), clock, owner=lock is not None),
            EmbeddedJobs(database, clock),
            database,
            lock,
        )
        if not clean:
            store.objects.sweep()
    except BaseException as error:
        database.close()
        if isinstance(error, OSError):
            raise faults.from_os(error) from error
        raise
    return store


def _prepare(connection: sqlite3.Connection, folder: Path, *, owner: bool, restoring: bool) -> bool:
    """Make the tables or check their version. Returns whether the last owner closed the store."""
    try:
        found = connection.execute("SELECT name, value FROM meta").fetchall()
    except sqlite3.OperationalError:  # no such table
        found = []
    meta = dict(found)
    if int(meta.get("format", FORMAT)) > FORMAT:
        raise NewerFormat(folder, int(meta["format"]))
    if int(meta.get("format", FORMAT)) < FORMAT:
        raise OlderFormat(folder, int(meta["format"]))
    if "restoring" in meta and not restoring:
        raise HalfRestored(folder)
    if not meta:
        for statement in (META + records.SCHEMA + objects.SCHEMA + jobs.SCHEMA).split(";"):
            connection.execute(statement)
        _set_meta(connection, "format", str(FORMAT))
    if owner:
        _set_meta(connection, "clean", "0")
    return not meta or not owner or meta.get("clean") == "1"


def _set_meta(connection: sqlite3.Connection, name: str, value: str) -> None:
    connection.execute("REPLACE INTO meta VALUES (?, ?)", (name, value))


def _take_lock(folder: Path) -> int:
    """Lock the folder for this process and write its pid into the lock file."""
    descriptor = os.open(folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        os.ftruncate(descriptor, 0)
        os.write(descriptor, f"{os.getpid()}\n".encode())
    except BlockingIOError as error:
        text = os.read(descriptor, 32).strip()
        os.close(descriptor)
        raise InUse(folder, int(text) if text.isdigit() else None) from error
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def _check_header(place: Path) -> None:
    with contextlib.suppress(FileNotFoundError), open(place, "rb") as file:
        if file.read(16) not in (b"", b"SQLite format 3\0"):
            raise Damaged(place, "is no SQLite database")


def _secret(folder: Path) -> bytes:
    """Read the secret, or make it once, whole and durable."""
    place = folder / "secret"
    if not place.exists():
        write_secret(folder, secrets.token_bytes(SECRET_BYTES))
    secret = place.read_bytes()
    if len(secret) != SECRET_BYTES:
        raise Damaged(place, f"has {len(secret)} bytes, not {SECRET_BYTES}")
    return secret


def write_secret(folder: Path, secret: bytes) -> None:
    """Put the secret in place at once and durably, over one that is there."""
    temporary = folder / f"secret.{secrets.token_hex(4)}"
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        os.write(descriptor, secret)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    os.rename(temporary, folder / "secret")
    sync_folder(folder)
