"""Where files of the owner's lie: a bucket, or a folder of this machine, both only where the operator allows it."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol
from urllib.parse import quote

from chalicelib.problems import Refusal, refuse
from chalicelib.storage.ports import NotFound, ObjectInfo
from chalicelib.world import World

S3 = "s3://"
FOLDER_KEYS = "folder/"
"""How files of a folder are named in presigned addresses of this host: folder/<source>/<key>."""
TEMPORARY = ".labelkite-"


class Bucket(Protocol):
    """The part of the Objects port that sources need; keys sort by code points."""

    def list(
        self, prefix: str, *, after: str | None = None, limit: int = 1000
    ) -> tuple[tuple[ObjectInfo, ...], str | None]: ...

    def stream(self, key: str, chunk_bytes: int = 1 << 20, *, start: int = 0) -> Iterator[bytes]: ...

    def put(self, key: str, data: bytes, *, content_type: str) -> ObjectInfo: ...

    def put_stream(self, key: str, chunks: Iterable[bytes], *, content_type: str) -> ObjectInfo: ...

    def presign_get(self, key: str, *, expires_s: int) -> str: ...


@dataclass(frozen=True, slots=True)
class Place:
    """`bucket`: its name, empty for a folder. `folder`: absolute path, empty for a bucket. `prefix`: of the keys."""

    bucket: str
    folder: str
    prefix: str

    @property
    def address(self) -> str:
        return f"{S3}{self.bucket}/{self.prefix}" if self.bucket else self.folder

    def holds(self, other: Place) -> bool:
        """Whether everything at the other place is here too."""
        if self.bucket:
            return other.bucket == self.bucket and other.prefix.startswith(self.prefix)
        return not other.bucket and Path(other.folder).is_relative_to(self.folder)


def read_place(world: World, address: str, where: str) -> Place:
    """
    Raises:
        Refusal: 400, it is no address, or none that the operator allows.
    """
    if address.startswith(S3):
        bucket, _, prefix = address.removeprefix(S3).partition("/")
        if not bucket or not bucket.replace("-", "").replace(".", "").isalnum() or not bucket.isascii():
            raise _refused("This is no address of a bucket.", where, "Write s3://bucket/prefix/.")
        place = Place(bucket, "", prefix)
        if not any(place.address.startswith(_whole_name(allowed)) for allowed in world.buckets):
            address = f"{S3}{bucket}/{prefix}"
            aws = f"(on AWS: labelkite deploy --source {address})"
            hint = f"The operator allows it: labelkite up --allow-bucket {address} {aws}"
            raise _refused("This server may not read this bucket.", where, hint)
        return place
    folder = Path(address)
    if not folder.is_absolute():
        raise _refused("This is neither s3://bucket/prefix/ nor the whole path of a folder.", where, "Write one.")
    try:
        real = folder.resolve(strict=True)
    except (OSError, RuntimeError, ValueError):
        real = None
    if real is None or not any(real.is_relative_to(allowed) for allowed in world.folders):
        # The same words for what is not there and what may not be read, so that nobody can look around.
        hint = f"The operator allows it: labelkite up --allow-folder {address}"
        raise _refused("This server may not read this folder, or it is not there.", where, hint)
    if not real.is_dir():
        raise _refused("This is no folder.", where, "Choose the folder that holds the files.")
    return Place("", str(real), "")


def _whole_name(allowed: str) -> str:
    """`s3://pics` is not also the bucket pics-of-others, `s3://pics/team` not also pics/team-secret."""
    return f"{allowed.rstrip('/')}/"


def _refused(message: str, where: str, hint: str) -> Refusal:
    return refuse(400, "bad-address", message, where=where, hint=hint)


def open_bucket(world: World, place: Place, source_id: int) -> Bucket:
    """Checked anew each time: what the operator no longer allows is not read any more."""
    read_place(world, place.address, "field address")
    if place.bucket:
        from chalicelib.storage.aws.clients import Clients
        from chalicelib.storage.aws.objects import AwsObjects

        if world.s3 is None:
            world.s3 = Clients(endpoint_url=os.environ.get("AWS_ENDPOINT_URL") or None)
        return AwsObjects(world.s3, place.bucket, clock=world.clock)

    def presign(key: str, expires_s: int) -> str:
        return world.objects.presign_get(f"{FOLDER_KEYS}{source_id}/{key}", expires_s=expires_s)

    return Folder(Path(place.folder), presign)


class Folder:
    """Files below a folder. Links are not followed, at any step of a path, so nothing outside can be named."""

    def __init__(self, root: Path, presign: Callable[[str, int], str]) -> None:
        self.root = root
        self._presign = presign

    def list(
        self, prefix: str, *, after: str | None = None, limit: int = 1000
    ) -> tuple[tuple[ObjectInfo, ...], str | None]:
        found: list[ObjectInfo] = []
        for info in self._walk(self.root, "", prefix, after or ""):
            if len(found) == limit:
                return tuple(found), found[-1].key
            found.append(info)
        return tuple(found), None

    def _walk(self, folder: Path, lead: str, prefix: str, after: str) -> Iterator[ObjectInfo]:
        """In the order of the keys: a folder sorts as its name with a slash behind."""
        try:
            with os.scandir(folder) as entries:
                named = sorted((f"{e.name}/" if e.is_dir(follow_symlinks=False) else e.name, e) for e in entries)
        except OSError:
            return  # gone meanwhile, or not readable
        for name, entry in named:
            key = lead + name
            if not _is_plain(name) or name.startswith(TEMPORARY):
                continue
            if name.endswith("/"):
                inside = key.startswith(prefix) or prefix.startswith(key)
                if inside and (key > after or after.startswith(key)):
                    yield from self._walk(folder / entry.name, key, prefix, after)
            elif key.startswith(prefix) and key > after and entry.is_file(follow_symlinks=False):
                try:
                    yield _info(key, entry.stat(follow_symlinks=False))
                except OSError:
                    continue

    def open(self, key: str) -> tuple[ObjectInfo, BinaryIO]:
        """
        Raises:
            NotFound: there is no such file, or its path goes over a link.
        """
        parts = key.split("/")
        if not all(part and part not in (".", "..") and "\0" not in part for part in parts):
            raise NotFound(f"there is no file {key}")
        here = os.open(self.root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            for part in parts[:-1]:
                inner = os.open(part, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=here)
                os.close(here)
                here = inner
            flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
            descriptor = os.open(parts[-1], flags, dir_fd=here)
        except OSError as error:
            raise NotFound(f"there is no file {key}") from error
        finally:
            os.close(here)
        told = os.fstat(descriptor)
        if not stat.S_ISREG(told.st_mode):
            os.close(descriptor)
            raise NotFound(f"{key} is no file")
        return _info(key, told), os.fdopen(descriptor, "rb")

    def stream(self, key: str, chunk_bytes: int = 1 << 20, *, start: int = 0) -> Iterator[bytes]:
        _, file = self.open(key)
        file.seek(start)

        def chunks() -> Iterator[bytes]:
            with file:
                while chunk := file.read(chunk_bytes):
                    yield chunk

        return chunks()

    def put(self, key: str, data: bytes, *, content_type: str) -> ObjectInfo:
        return self.put_stream(key, [data], content_type=content_type)

    def put_stream(self, key: str, chunks: Iterable[bytes], *, content_type: str) -> ObjectInfo:
        """Readers see the old file or the new one, whole. Folders on the way are made. `content_type` is not kept."""
        del content_type
        place = self.root.joinpath(*key.split("/"))
        place.parent.mkdir(parents=True, exist_ok=True)
        if not place.parent.resolve().is_relative_to(self.root):
            raise NotFound(f"{key} is not below the folder")
        beside = place.with_name(f"{TEMPORARY}{os.getpid()}-{place.name}")
        with open(beside, "wb") as file:
            file.writelines(chunks)
            file.flush()
            os.fsync(file.fileno())
        os.replace(beside, place)
        return _info(key, place.stat())

    def presign_get(self, key: str, *, expires_s: int) -> str:
        return self._presign(key, expires_s)


def _info(key: str, told: os.stat_result) -> ObjectInfo:
    etag = f"{told.st_mtime_ns:x}-{told.st_size:x}-{told.st_ino:x}"
    return ObjectInfo(key, told.st_size, etag, content_type_of(key), told.st_mtime)


def _is_plain(name: str) -> bool:
    """Names that have a form in UTF-8 and in an address."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return "\\" not in name and not any(ord(letter) < 32 or ord(letter) == 127 for letter in name)


def content_type_of(key: str) -> str:
    import mimetypes

    return mimetypes.guess_type(key)[0] or "application/octet-stream"


def folder_url(source_id: int, key: str) -> str:
    """What task.data holds of a file in a folder."""
    return f"/data/folder/{source_id}/{quote(key)}"


def keys_below(bucket: Bucket, prefix: str, after: str | None) -> Iterator[ObjectInfo]:
    """Every object, page by page."""
    while True:
        page, after = bucket.list(prefix, after=after, limit=1000)
        yield from page
        if after is None:
            return
