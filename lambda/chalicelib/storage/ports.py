"""The three ports through which every rule touches the world: objects, records, jobs.

They are the common ground of a folder + SQLite on one machine and of S3 + DynamoDB + SQS on AWS, so they promise no
more than the weaker side can do: no scans, no joins, reads by key, one conditional transaction of at most 25
operations.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

ABSENT = 0
"""As an expected version: there must be no such record. Versions of existing records start at 1."""


class StorageError(Exception):
    """Base of what a store may say; each subclass is one fault.

    StorageError
    ├── Conflict      a record is not at the version that was expected; nothing was written
    │   └── ObjectConflict   the same of an object and its etag
    ├── Full          no space is left; nothing was written
    ├── NotFound      there is no object under this key
    └── Unavailable   the store did not answer; the write may or may not have happened, so retry with the same key
    """


class Conflict(StorageError):
    def __init__(self, pk: str, sk: str, *, expected: int, found: int) -> None:
        super().__init__(f"{pk}/{sk} is at version {found}, expected {expected}")
        self.pk, self.sk, self.expected, self.found = pk, sk, expected, found


class ObjectConflict(Conflict):
    """The object is there although it should not be, or is not the one with this etag."""

    def __init__(self, key: str, *, expected_etag: str | None, found_etag: str | None) -> None:
        super().__init__("objects", key, expected=int(expected_etag is not None), found=int(found_etag is not None))
        self.args = (f"object {key} has etag {found_etag}, expected {expected_etag}",)
        self.expected_etag, self.found_etag = expected_etag, found_etag


class Full(StorageError):
    pass


class NotFound(StorageError):
    pass


class Unavailable(StorageError):
    pass


@dataclass(frozen=True, slots=True)
class Record:
    pk: str
    sk: str
    version: int
    body: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Page:
    records: tuple[Record, ...]
    cursor: str | None
    """Opaque; pass it as `after` for the next page. None: that was all."""


@dataclass(frozen=True, slots=True)
class Put:
    """Write a whole record. `expect`: None writes over anything, ABSENT creates, n replaces version n."""

    pk: str
    sk: str
    body: Mapping[str, Any]
    expect: int | None = None
    expires_at: int | None = None
    """Seconds since 1970; after it the store may drop the record (DynamoDB TTL), readers must not count on either."""


@dataclass(frozen=True, slots=True)
class Delete:
    pk: str
    sk: str
    expect: int | None = None


@dataclass(frozen=True, slots=True)
class Check:
    pk: str
    sk: str
    expect: int


@dataclass(frozen=True, slots=True)
class Add:
    """Add to integer members of a counter record, created at 0; commutes with other Adds, never conflicts."""

    pk: str
    sk: str
    by: Mapping[str, int]


Operation = Put | Delete | Check | Add


class Records(Protocol):
    def get(self, pk: str, sk: str) -> Record | None: ...

    def get_many(self, keys: Sequence[tuple[str, str]]) -> dict[tuple[str, str], Record]:
        """At most 100 keys; those that do not exist are not in the answer."""

    def query(
        self, pk: str, prefix: str = "", *, after: str | None = None, limit: int = 100, reverse: bool = False
    ) -> Page:
        """Records of one pk whose sk starts with prefix, by sk in code point order.

        `after`: a cursor or an sk (exclusive). `limit`: 1 to 1000.
        """

    def transact(self, operations: Sequence[Operation]) -> tuple[int, ...]:
        """All or none, durable on return. At most 25 operations, each key at most once.

        Returns for each operation the new version of its record where the expectation tells it (a Put that expects),
        else 0: DynamoDB's transactions answer nothing. Raises Conflict, Full, Unavailable.
        """

    def add(self, pk: str, sk: str, by: Mapping[str, int]) -> dict[str, int]:
        """Add to a counter and return its new members (used to hand out ids)."""

    def load(self, puts: Sequence[Put]) -> None:
        """Write many records, each for itself: durable on return, after an error some may be there and others not.

        For imports of records that nobody else writes yet: whatever was there is written over, versions start at 1
        again, and `expect` is not looked at.
        """


@dataclass(frozen=True, slots=True)
class ObjectInfo:
    key: str
    size: int
    etag: str
    content_type: str
    modified_at: float
    """Seconds since 1970."""


@dataclass(frozen=True, slots=True)
class Upload:
    """What a browser needs to send one file straight to the store."""

    key: str
    url: str
    method: str
    """PUT (body = file) or POST (multipart form with `fields`, the file last)."""
    fields: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)


class Objects(Protocol):
    def get(self, key: str) -> bytes: ...

    def stream(self, key: str, chunk_bytes: int = 1 << 20, *, start: int = 0) -> Iterator[bytes]:
        """The object from byte `start` on, in pieces. Raises NotFound at the call."""

    def head(self, key: str) -> ObjectInfo | None: ...

    def put(
        self, key: str, data: bytes, *, content_type: str, if_absent: bool = False, if_match: str | None = None
    ) -> ObjectInfo:
        """Durable on return. Raises Conflict when the condition does not hold, Full."""

    def put_stream(self, key: str, chunks: Iterable[bytes], *, content_type: str) -> ObjectInfo:
        """One object from pieces, which need not fit into memory together. Durable and visible, as a whole, on return.

        An error of `chunks` leaves nothing behind.
        """

    def delete(self, key: str) -> None: ...

    def list(
        self, prefix: str, *, after: str | None = None, limit: int = 1000
    ) -> tuple[tuple[ObjectInfo, ...], str | None]:
        """By key in code point order. The content type may be empty: S3's lists do not say it."""

    def presign_get(
        self, key: str, *, expires_s: int, content_type: str | None = None, filename: str | None = None
    ) -> str:
        """A URL that reads one object for at least `expires_s` and at most 1.25 times that.

        It is absolute, or a path on the serving host: resolve it against the address that the API was reached at.
        """

    def presign_upload(self, key: str, *, max_bytes: int, content_type: str, expires_s: int) -> Upload: ...


@dataclass(frozen=True, slots=True)
class Job:
    id: str
    kind: str
    body: Mapping[str, Any]
    attempt: int


class Jobs(Protocol):
    def enqueue(self, kind: str, body: Mapping[str, Any], *, delay_s: int = 0) -> str: ...

    def counts(self) -> dict[str, int]:
        """`waiting`: jobs in the queue, running ones included; `dead`: those that failed for good."""

    def handle(self, kind: str, handler: Callable[[Job], None], *, lane: str = "main") -> None:
        """Register the handler of a kind, safe to run twice. An exception retries with back-off, then dead letter.

        `lane`: kinds of one lane may wait for each other; those of other lanes need not wait for them.
        """
