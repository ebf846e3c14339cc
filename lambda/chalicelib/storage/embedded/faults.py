"""What SQLite and the file system say, told as the faults of the ports."""

from __future__ import annotations

import errno
import sqlite3

from chalicelib.storage.ports import Full, StorageError, Unavailable

NO_SPACE = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO})

# SQLite reports a full disk as SQLITE_FULL when write(2) says ENOSPC, and as one of these when a quota, a file size
# limit, a dying disk or the wal-index is the first to notice.
FULL_CODES = frozenset(
    {
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_IOERR_WRITE,
        sqlite3.SQLITE_IOERR_TRUNCATE,
        sqlite3.SQLITE_IOERR_SHMSIZE,
        sqlite3.SQLITE_IOERR_SHMOPEN,
        sqlite3.SQLITE_IOERR_SHMMAP,
    }
)
# Everyone in a batch suffers the same: another process holds the file, it is damaged, or fsync failed. After a failed
# fsync the frames may or may not be on the disk, so nobody can say whether the write happened.
SHARED_CODES = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_CORRUPT,
        sqlite3.SQLITE_NOTADB,
        sqlite3.SQLITE_IOERR_FSYNC,
        sqlite3.SQLITE_IOERR_DIR_FSYNC,
    }
)

NO_SPACE_TEXT = "no space is left for the data folder; nothing was written"


def is_shared(error: sqlite3.Error) -> bool:
    """Whether trying the callers of a batch one by one is pointless."""
    code = getattr(error, "sqlite_errorcode", 0)
    return code in SHARED_CODES or code & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_CORRUPT)


def from_sqlite(error: sqlite3.Error) -> StorageError:
    code = getattr(error, "sqlite_errorcode", None)
    if code in FULL_CODES:
        return Full(NO_SPACE_TEXT)
    return Unavailable(f"the database did not answer: {error}")


def from_os(error: OSError) -> StorageError:
    if error.errno in NO_SPACE:
        return Full(NO_SPACE_TEXT)
    return Unavailable(f"the data folder did not answer: {error}")
