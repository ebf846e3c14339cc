"""A backup as it lies in its folder.

labelkite-backup.json   what is in it, with the hash of every part; written last, so a backup without it is none
records/000001.jsonl.gz one record a line, by key: the same bytes from a data folder and from a table
objects/000001.jsonl.gz one object a line: key, size, type, sha256, and its etag in the store it is from
jobs/000001.jsonl.gz    jobs that waited, and those that failed for good
files/ab/<sha256>       the content of objects, each once
secret                  what signs sessions and links, in hex
working/                while a backup is being made
"""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

MANIFEST = "labelkite-backup.json"
VERSION = 1
PART_ROWS = 50_000
PART_BYTES = 64 << 20
CHUNK_BYTES = 1 << 20


class BadBackup(Exception):
    """The folder is no backup that can be used; `hint` says what to do."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.hint = hint


COPY_AGAIN = "Fetch this backup again from where you keep it, or take an older one."


@dataclass(frozen=True, slots=True)
class Parts:
    """Lines in numbered files. `sha256` is that of all lines together, uncompressed."""

    rows: int
    sha256: str
    parts: tuple[dict[str, Any], ...]

    def said(self) -> dict[str, Any]:
        return {"rows": self.rows, "sha256": self.sha256, "parts": list(self.parts)}


class Archive:
    """A backup's folder, to be written or read."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    # -- writing

    def prepare(self) -> Path:
        """Make the folder, for its owner only. Returns where to keep what is needed meanwhile."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        strangers = sorted(path.name for path in self.folder.iterdir() if path.name not in KNOWN)
        if strangers:
            raise BadBackup(
                f"{self.folder} holds other things ({', '.join(strangers[:3])})", "Choose a new folder, or a backup."
            )
        for name in ("records", "objects", "files", "working"):
            (self.folder / name).mkdir(mode=0o700, exist_ok=True)
        return self.folder / "working"

    def write_lines(self, kind: str, lines: Iterable[str]) -> Parts:
        """Write lines as parts `<kind>/000001.jsonl.gz` …; parts of an earlier backup that are too many go."""
        whole, parts, rows = hashlib.sha256(), list[dict[str, Any]](), 0
        source = iter(lines)
        line = next(source, None)
        while line is not None:
            name = f"{kind}/{len(parts) + 1:06d}.jsonl.gz"
            here, size = 0, 0
            with _replacing(self.folder / name) as file, gzip.GzipFile("", "wb", 6, file, mtime=0) as packed:
                while line is not None and here < PART_ROWS and size < PART_BYTES:
                    data = line.encode()
                    packed.write(data)
                    whole.update(data)
                    here, size = here + 1, size + len(data)
                    line = next(source, None)
            rows += here
            parts.append({"name": name, "rows": here, "sha256": sha256_of(self.folder / name)})
        named = {part["name"] for part in parts}
        for left_over in (self.folder / kind).iterdir():
            if f"{kind}/{left_over.name}" not in named:
                left_over.unlink()
        return Parts(rows, whole.hexdigest(), tuple(parts))

    def has_file(self, sha256: str, size: int) -> bool:
        with contextlib.suppress(FileNotFoundError):
            return self.file(sha256).stat().st_size == size
        return False

    def file(self, sha256: str) -> Path:
        return self.folder / "files" / sha256[:2] / sha256

    def keep_file(self, chunks: Iterable[bytes]) -> tuple[str, int]:
        """Write the content of an object under its hash. Returns hash and size."""
        hashed, size = hashlib.sha256(), 0
        temporary = self.folder / "working" / "file"
        with open(_private(temporary), "wb") as file:
            for chunk in chunks:
                hashed.update(chunk)
                size += len(chunk)
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
        place = self.file(hashed.hexdigest())
        place.parent.mkdir(mode=0o700, exist_ok=True)
        os.replace(temporary, place)
        return hashed.hexdigest(), size

    def write_secret(self, secret: bytes) -> None:
        with _replacing(self.folder / "secret") as file:
            file.write(secret.hex().encode() + b"\n")

    def write_manifest(self, said: Mapping[str, Any]) -> None:
        with _replacing(self.folder / MANIFEST) as file:
            file.write(json.dumps({"labelkite_backup": VERSION, **said}, indent=1).encode() + b"\n")
        for path in sorted((self.folder / "working").iterdir()):
            path.unlink()
        (self.folder / "working").rmdir()

    # -- reading

    def manifest(self) -> dict[str, Any]:
        """
        Raises:
            BadBackup: there is none, it is of a newer program, or not what one wrote.
        """
        place = self.folder / MANIFEST
        try:
            said = json.loads(place.read_bytes())
            version = said["labelkite_backup"]
        except FileNotFoundError as error:
            if (self.folder / "working").is_dir():
                fact = f"{self.folder} holds a backup that was not finished"
                raise BadBackup(fact, "Run the same labelkite backup again: it goes on where it stopped.") from error
            raise BadBackup(
                f"{self.folder} holds no backup ({MANIFEST} is not there)", "Name the folder of one."
            ) from error
        except OSError as error:
            raise BadBackup(f"{place} cannot be read: {error.strerror}", COPY_AGAIN) from error
        except (ValueError, KeyError, TypeError) as error:
            raise BadBackup(f"{place} is damaged", COPY_AGAIN) from error
        if version != VERSION:
            raise BadBackup(
                f"{place} is of form {version}, this Labelkite reads {VERSION}",
                "Update Labelkite: pip install --upgrade labelkite",
            )
        return dict(said)

    def lines(self, said: Mapping[str, Any]) -> Iterator[bytes]:
        """
        Lines of parts; each part is checked before its first line is given.

        Raises:
            BadBackup: a part is missing or not what was written.
        """
        for part in said["parts"]:
            place = self.folder / part["name"]
            try:
                if sha256_of(place) != part["sha256"]:
                    raise BadBackup(f"{place} is not what was written: its hash is another", COPY_AGAIN)
                with gzip.open(place) as file:
                    yield from file
            except FileNotFoundError as error:
                raise BadBackup(f"{place} is missing", COPY_AGAIN) from error
            except (OSError, EOFError) as error:
                raise BadBackup(f"{place} cannot be read: {error}", COPY_AGAIN) from error

    def chunks(self, sha256: str) -> Iterator[bytes]:
        """The content of an object; raises BadBackup at its end when it is not what was written."""
        hashed = hashlib.sha256()
        try:
            with open(self.file(sha256), "rb") as file:
                while chunk := file.read(CHUNK_BYTES):
                    hashed.update(chunk)
                    yield chunk
        except FileNotFoundError as error:
            raise BadBackup(f"{self.file(sha256)} is missing", COPY_AGAIN) from error
        if hashed.hexdigest() != sha256:
            raise BadBackup(f"{self.file(sha256)} is not what was written: its hash is another", COPY_AGAIN)

    def secret(self) -> bytes:
        try:
            secret = bytes.fromhex((self.folder / "secret").read_text().strip())
        except (OSError, ValueError) as error:
            raise BadBackup(
                f"{self.folder / 'secret'} cannot be read",
                "Fetch it from where you keep it, or add --new-secret: then people open their links anew.",
            ) from error
        if len(secret) != 32:
            raise BadBackup(f"{self.folder / 'secret'} has {len(secret)} bytes, not 32", COPY_AGAIN)
        return secret


KNOWN = frozenset((MANIFEST, "records", "objects", "files", "working", "jobs", "secret"))


def sha256_of(path: Path) -> str:
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _private(path: Path) -> int:
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)


@contextlib.contextmanager
def _replacing(place: Path) -> Iterator[Any]:
    """Write a file beside and put it in place at once."""
    place.parent.mkdir(mode=0o700, exist_ok=True)
    temporary = place.with_name(place.name + ".new")
    with open(_private(temporary), "wb") as file:
        yield file
        file.flush()
        os.fsync(file.fileno())
    os.replace(temporary, place)
