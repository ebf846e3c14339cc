"""A whole store, for backup and restore: every record with its version, every object, every job that waits.

The ports know no scans; this does, and is used by no request. Both adapters have a `Whole` of their own, and the rows
of one go into the other as they are.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from chalicelib import keys
from chalicelib.storage import checks
from chalicelib.storage.ports import ObjectInfo, Put, StorageError

RESTORING: keys.Key = ("META", "RESTORING")
"""Says which backup is being restored; nobody else opens the store meanwhile."""

LEFT_OUT = frozenset({keys.SECRET, keys.TICK, RESTORING})
"""Not among the rows: the secret goes apart, and when to look next is found out anew."""

Say = Callable[[str, int, int | None], None]
"""Told how far it is: what, how many are done, how many there are (None: not known)."""


class Moving(StorageError):
    """The table changed during every reading of it: no reading is one moment of it."""

    def __init__(self, readings: int, changed: int) -> None:
        super().__init__(f"people are working: {changed} records changed during reading {readings} of the table")


class Row(NamedTuple):
    """A record as it lies in the store. `text`: its body as JSON; `expires_at`: seconds since 1970."""

    pk: str
    sk: str
    version: int
    expires_at: int | None
    text: str

    def line(self) -> str:
        """One line of a backup: the same bytes from whatever store."""
        head = checks.to_json({"pk": self.pk, "sk": self.sk, "version": self.version, "expires_at": self.expires_at})
        return f'{head[:-1]},"body":{self.text}}}\n'

    @classmethod
    def read(cls, line: str | bytes) -> Row:
        """
        Raises:
            ValueError: this is no line that `line` made.
        """
        said = json.loads(line)
        try:
            put = Put(said["pk"], said["sk"], said["body"])
            if type(said["version"]) is not int or said["version"] < 1 or not isinstance(said["body"], dict):
                raise ValueError("a version is at least 1 and a body an object")
            return cls(put.pk, put.sk, said["version"], said["expires_at"], checks.encode(put))
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"this is no record: {error!r}") from error


@dataclass(frozen=True, slots=True)
class Waiting:
    """A job in the queue, or one that failed for good."""

    kind: str
    body: Mapping[str, Any]
    due_at: float
    """Seconds since 1970."""
    attempt: int = 0
    error: str = ""
    dead: bool = False


class Whole(Protocol):
    """What can be listed of a store: by key in code point order, always."""

    store_kind: str
    """`folder` or `aws`."""

    def freeze(self, scratch: Path, say: Say) -> None:
        """Fix one moment of the records, in files below *scratch*; the rest is of it as far as the store can."""

    def rows(self) -> Iterator[Row]:
        """Without what is over."""

    def objects(self) -> Iterator[ObjectInfo]:
        """Their etag is the hash of the content in a folder only."""

    def close(self) -> None: ...


class Source(Whole, Protocol):
    """A store that is backed up; others may be using it."""

    def open(self, key: str) -> tuple[ObjectInfo, Iterator[bytes]]:
        """An object and its content. Raises NotFound."""

    def waiting(self) -> Iterator[Waiting]:
        """Jobs that are known beside the records. A queue on AWS cannot be read without taking from it."""

    def secret(self) -> bytes: ...


class Target(Whole, Protocol):
    """A store that is restored; nobody else uses it."""

    def foreign(self) -> str:
        """What of somebody's data is in it, in words; empty when it holds nothing but a first start."""

    def marked(self) -> str:
        """The id of the backup that is being restored into it, empty when there is none."""

    def begin(self, backup_id: str) -> None:
        """Mark it as being restored; from now on others refuse to open it."""

    def clear(self, say: Say) -> None:
        """Delete every record, object and job that is there, but the mark."""

    def load(self, rows: Sequence[Row]) -> None:
        """Write rows as they are, versions too, over what is there."""

    def put(self, info: ObjectInfo, chunks: Iterable[bytes]) -> None: ...

    def finish(self, secret: bytes | None, jobs: Iterable[Waiting]) -> None:
        """Give it the secret (None: it keeps or makes its own) and the jobs, and take the mark away."""


def is_first_start(pk: str) -> bool:
    """A partition that also a store has in which nobody has done anything yet."""
    return pk in ("META", keys.OWNER_INVITES) or pk.startswith(("INVITE#", "AUDIT#0#"))
