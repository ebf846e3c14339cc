"""An uploaded zip: read where it lies in the store, and its media put beside it as uploads of their own."""

from __future__ import annotations

import io
import uuid
from collections.abc import Iterator
from typing import TYPE_CHECKING

from chalicelib import media
from chalicelib.storage.ports import NotFound, Objects

if TYPE_CHECKING:
    from labeling.imports.archives import Archive
    from labeling.problems import Problem

PIECE_BYTES = 1 << 20


class StoredFile(io.RawIOBase):
    """An object of the store as a file that can be sought in; what is read on is read from one stream."""

    def __init__(self, objects: Objects, key: str, size: int) -> None:
        super().__init__()
        self._objects, self._key, self._size = objects, key, size
        self._at = 0
        self._stream: Iterator[bytes] | None = None
        self._stream_at = 0
        self._held = b""

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = 0) -> int:
        base = {0: 0, 1: self._at, 2: self._size}[whence]
        self._at = max(0, base + offset)
        return self._at

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        piece = self._read(len(buffer))
        buffer[: len(piece)] = piece
        return len(piece)

    def _read(self, most: int) -> bytes:
        if self._at >= self._size:
            return b""
        if self._stream is None or not self._stream_at <= self._at <= self._stream_at + len(self._held):
            self._stream = self._objects.stream(self._key, PIECE_BYTES, start=self._at)
            self._stream_at, self._held = self._at, b""
        self._held = self._held[self._at - self._stream_at :]
        if not self._held:
            self._held = next(self._stream, b"")
        found, self._held = self._held[:most], self._held[most:]
        self._at += len(found)
        self._stream_at = self._at
        return found


def open_stored(objects: Objects, key: str, name: str) -> Archive | Problem:
    """
    Raises:
        NotFound: there is no such object.
    """
    from labeling.imports.archives import open_archive

    info = objects.head(key)
    if info is None:
        raise NotFound(key)
    return open_archive(io.BufferedReader(StoredFile(objects, key, info.size), PIECE_BYTES), name)


def key_of(project_id: int, archive_key: str, path: str) -> str:
    """
    Where a file of an archive goes: always the same place, so that work that is done again writes over itself, and one
    that nobody can guess who does not know the archive's key.
    """
    made = media.new_key(project_id, path)
    lead = f"uploads/{project_id}/"
    stable = uuid.uuid5(uuid.NAMESPACE_URL, f"{archive_key}\0{path}")
    return f"{lead}{stable}{made[len(lead) + 36 :]}"
