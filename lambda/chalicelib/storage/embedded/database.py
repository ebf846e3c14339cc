"""One SQLite file: a single writer with group commit, and a small pool of readers.

Writers queue. The first one becomes the leader: it runs everything that waits in one transaction, a savepoint for each
caller, and commits once, so that sixteen writers pay for one fsync. Then the lead passes to whoever came meanwhile.
There is no writer thread: a lone writer never waits for another thread to be scheduled.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Generic, TypeVar, cast

from chalicelib.storage.embedded import faults
from chalicelib.storage.ports import StorageError, Unavailable

T = TypeVar("T")

BUSY_TIMEOUT_S = 10.0
MAX_READERS = 16
MAX_BATCH = 64


class _Work(Generic[T]):
    """One caller's write: what to do, and afterwards its result or its error."""

    __slots__ = ("checks_first", "error", "leads", "result", "run", "wake")

    def __init__(self, run: Callable[[sqlite3.Connection], T], checks_first: bool) -> None:
        self.run = run
        self.checks_first = checks_first
        self.result: T | None = None
        self.error: BaseException | None = None
        self.leads = False
        self.wake = threading.Lock()  # used as a one-shot event: an Event costs five times as much
        self.wake.acquire()


class Database:
    """A SQLite file in WAL mode, synchronous FULL: what `write` has returned survives kill -9 and power loss."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._queue: deque[_Work[Any]] = deque()
        self._mutex = threading.Lock()
        self._idle = threading.Condition(self._mutex)
        self._leading = False
        self._closed = False
        self._readers: deque[sqlite3.Connection] = deque()
        self._all_readers: list[sqlite3.Connection] = []
        self._reader_slots = threading.BoundedSemaphore(MAX_READERS)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))  # for its owner only; the log takes the file's mode
        try:
            self._writer = self._connect(cache_kib=4096)
            self._writer.execute("PRAGMA journal_mode=WAL")
            self._writer.execute("PRAGMA synchronous=FULL")
            # A checkpoint syncs the whole file while writers wait: rarely, so that busy pages are copied once for many.
            self._writer.execute("PRAGMA wal_autocheckpoint=4000")
        except sqlite3.Error as error:
            raise faults.from_sqlite(error) from error

    def _connect(self, *, cache_kib: int) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self.path, timeout=BUSY_TIMEOUT_S, isolation_level=None, check_same_thread=False, cached_statements=64
        )
        connection.execute(f"PRAGMA cache_size=-{cache_kib}")
        return connection

    # -- reading

    @contextlib.contextmanager
    def reader(self) -> Iterator[sqlite3.Connection]:
        """A connection that sees everything that was written before now. At most MAX_READERS at once."""
        with self._reader_slots:
            connection = self._take_reader()
            try:
                yield connection
            except sqlite3.Error as error:
                raise faults.from_sqlite(error) from error
            finally:
                self._readers.append(connection)

    def read(self, sql: str, values: Sequence[Any]) -> list[Any]:
        """All rows of one statement, as `reader` sees them. Every request reads several times, so this costs little."""
        slots = self._reader_slots
        slots.acquire()
        try:
            connection = self._take_reader()
            try:
                return connection.execute(sql, values).fetchall()
            except sqlite3.Error as error:
                raise faults.from_sqlite(error) from error
            finally:
                self._readers.append(connection)
        finally:
            slots.release()

    def _take_reader(self) -> sqlite3.Connection:
        try:
            return self._readers.pop()
        except IndexError:
            pass
        with self._mutex:
            if self._closed:
                raise Unavailable("the store is closed")
            try:
                connection = self._connect(cache_kib=1024)
                connection.execute("PRAGMA query_only=1")
            except sqlite3.Error as error:
                raise faults.from_sqlite(error) from error
            self._all_readers.append(connection)
            return connection

    # -- writing

    def write(self, run: Callable[[sqlite3.Connection], T], *, checks_first: bool = False) -> T:
        """Run *run* in a transaction with others and return its result once that is durable.

        *run* may be called twice (when the disk is full, callers are tried again one by one), so it must touch nothing
        but the connection. What it raises undoes its own statements only and reaches this caller only.
        `checks_first`: it raises before its first write or not at all, so there is nothing to undo and no savepoint.

        Raises:
            Full: no space is left; nothing of this caller was written.
            Unavailable: the database did not answer.
        """
        work = _Work(run, checks_first)
        with self._mutex:
            if self._closed:
                raise Unavailable("the store is closed")
            self._queue.append(work)
            lead = not self._leading
            self._leading = True
        if not lead:
            work.wake.acquire()
            lead = work.leads
        if lead:
            self._lead()
        if work.error is not None:
            raise work.error
        return cast(T, work.result)

    def _lead(self) -> None:
        """Do what waits now, own work included, and hand the lead to the first who came meanwhile."""
        with self._mutex:
            batch = [self._queue.popleft() for _ in range(min(len(self._queue), MAX_BATCH))]
        try:
            self._run(batch)
        except BaseException as error:
            for work in batch:
                work.error = work.error or Unavailable(f"the write was interrupted: {error!r}")
            raise
        finally:
            with self._mutex:
                successor = self._queue[0] if self._queue else None
                self._leading = successor is not None
                if successor is None and self._closed:
                    self._idle.notify_all()
            if successor is not None:
                successor.leads = True
                successor.wake.release()
            for work in batch:
                work.wake.release()

    def _run(self, batch: list[_Work[Any]]) -> None:
        try:
            self._together(batch)
        except sqlite3.Error as error:
            self._roll_back()
            fault = faults.from_sqlite(error)
            if len(batch) == 1 or faults.is_shared(error):
                for work in batch:
                    work.error = fault
                return
            for work in batch:  # one of them may be too big for what is left, and the others not
                work.error = None
                self._run([work])
        except BaseException:
            self._roll_back()
            raise

    def _together(self, batch: list[_Work[Any]]) -> None:
        execute = self._writer.execute
        execute("BEGIN IMMEDIATE")
        for work in batch:
            if not work.checks_first:
                execute("SAVEPOINT caller")
            try:
                work.result = work.run(self._writer)
            except sqlite3.Error:
                raise
            except Exception as error:  # the caller's own: a Conflict or a fault of its code
                work.error = error
                if not work.checks_first:
                    execute("ROLLBACK TO caller")
            if not work.checks_first:
                execute("RELEASE caller")
        execute("COMMIT")

    def _roll_back(self) -> None:
        if self._writer.in_transaction:
            with contextlib.suppress(sqlite3.Error):  # SQLite may have rolled back by itself
                self._writer.execute("ROLLBACK")

    def limit_size(self, max_bytes: int | None) -> None:
        """Refuse writes with Full when the file would grow over *max_bytes*; None lifts the limit."""

        def set_limit(connection: sqlite3.Connection) -> None:
            (page_bytes,) = connection.execute("PRAGMA page_size").fetchone()
            pages = 4294967294 if max_bytes is None else max(1, max_bytes // page_bytes)
            connection.execute(f"PRAGMA max_page_count={pages}").fetchall()

        self.write(set_limit)

    def close(self) -> None:
        """Wait for the writers, move the log into the database file, let go. A second call does nothing."""

        def last(_: sqlite3.Connection) -> None:
            with self._mutex:
                self._closed = True

        with contextlib.suppress(StorageError):
            self.write(last)
        with self._idle:
            self._idle.wait_for(lambda: not self._leading)
        for _ in range(MAX_READERS):  # wait for those who still read
            self._reader_slots.acquire()
        self._readers.clear()
        for connection in self._all_readers:
            connection.close()
        self._all_readers.clear()
        with contextlib.suppress(sqlite3.Error):
            self._writer.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self._writer.close()
        for _ in range(MAX_READERS):
            self._reader_slots.release()
