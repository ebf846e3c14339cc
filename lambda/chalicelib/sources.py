"""Sources of a project: their records, what their files are called in tasks, and who may be handed them."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO, Literal, Protocol, cast
from urllib.parse import unquote

from chalicelib import keys
from chalicelib.buckets import FOLDER_KEYS, S3, Bucket, Folder, Place, folder_url, keys_below, open_bucket
from chalicelib.media import READ_URL_S, TABLE_SUFFIXES, suffix_of
from chalicelib.problems import Problem, Refusal, problem
from chalicelib.storage.ports import NotFound, ObjectInfo, Record
from chalicelib.storage.walk import every
from chalicelib.world import World

FOLDER_URL = "/data/folder/"
MAX_SOURCES = 20
MAX_KEY_BYTES = 1024
"""Of a bucket's keys, and of a sort key; a folder's longer paths are passed over."""
KNOWN_S = 5.0
"""So long a process remembers the sources of a project."""

Source = Mapping[str, Any]


def place_of(source: Source) -> Place:
    return Place(source["bucket"], source["folder"], source["prefix"])


def open_source(world: World, source: Source) -> Bucket:
    return open_bucket(world, place_of(source), source["id"])


def of_project(world: World, project_id: int) -> list[Source]:
    """At most MAX_SOURCES."""
    rows = world.records.query(f"SOURCES#{project_id}", limit=MAX_SOURCES).records
    found = world.records.get_many([keys.source(row.body["id"]) for row in rows])
    return [found[key].body for row in rows if (key := keys.source(row.body["id"])) in found]


def _known(world: World, project_id: int) -> list[Source]:
    now = world.clock()
    until, found = world.sources_known.get(project_id, (0.0, []))
    if now >= until:
        found = of_project(world, project_id)
        world.sources_known[project_id] = (now + KNOWN_S, found)
    return found


def forget(world: World, project_id: int) -> None:
    world.sources_known.pop(project_id, None)


# -- handing out


def is_ours(url: str) -> bool:
    """Whether an address in a task is handed out by way of a source."""
    return url.startswith((S3, FOLDER_URL))


def sign(world: World, project_id: int, url: str) -> str | Problem:
    """A presigned address of a file of one of the project's sources; a problem for every other file."""
    source, key = _behind(world, project_id, url)
    if source is None:
        return problem(
            "no-source",
            "This file belongs to no source of the project, so it is not handed out.",
            where=url[:120],
            hint="Add its bucket and prefix as a source of the project.",
        )
    try:
        return open_source(world, source).presign_get(key, expires_s=READ_URL_S)
    except (Refusal, ValueError):
        return problem(
            "source-not-allowed",
            "The operator of this server does not allow this source any more.",
            where=url[:120],
            hint="Ask whoever runs the server.",
        )


def stream(world: World, project_id: int, url: str, chunk_bytes: int) -> Iterator[bytes] | None:
    """The bytes of a file of one of the project's sources; None for every other file."""
    source, key = _behind(world, project_id, url) if is_ours(url) else (None, "")
    return open_source(world, source).stream(key, chunk_bytes) if source else None


def _behind(world: World, project_id: int, url: str) -> tuple[Source | None, str]:
    """The source that an address of a file belongs to, and the file's key in its bucket or folder."""
    if url.startswith(S3):
        bucket, _, key = url.removeprefix(S3).partition("/")
        asked = Place(bucket, "", key)
        source = next((s for s in _known(world, project_id) if s["bucket"] and place_of(s).holds(asked)), None)
    else:
        number, _, quoted = url.removeprefix(FOLDER_URL).partition("/")
        key = unquote(quoted)
        source = next((s for s in _known(world, project_id) if str(s["id"]) == number and s["folder"]), None)
    return (source, key) if key else (None, "")


def open_file(world: World, key: str) -> tuple[ObjectInfo, BinaryIO] | None:
    """For the local host: the file behind a signed `folder/<source>/<key>`; None for keys of the store's own."""
    if not key.startswith(FOLDER_KEYS):
        return None
    number, _, inner = key.removeprefix(FOLDER_KEYS).partition("/")
    record = world.records.get(*keys.source(int(number))) if number.isdigit() else None
    if record is None or not record.body["folder"]:
        raise NotFound(f"there is no source {number}")
    try:
        bucket = open_source(world, record.body)
    except Refusal as refusal:
        raise NotFound(str(refusal)) from refusal
    assert isinstance(bucket, Folder)
    return bucket.open(inner)


class Serving(Protocol):
    """An Objects adapter whose addresses this host answers itself."""

    outside: Callable[[str], tuple[ObjectInfo, BinaryIO] | None] | None


def serve_folders(world: World) -> None:
    """Let the local host answer for files of folders, under the addresses that `sign` gives."""
    if hasattr(world.objects, "outside"):
        cast(Serving, world.objects).outside = functools.partial(open_file, world)


def url_of(source: Source, key: str) -> str:
    return f"{S3}{source['bucket']}/{key}" if source["bucket"] else folder_url(source["id"], key)


# -- what a sync would do

Kind = Literal["added", "changed", "removed", "same"]


@dataclass(frozen=True, slots=True)
class Difference:
    """`info`: the object as it is, None when it is gone. `row`: what was made of it, None when it is new."""

    kind: Kind
    key: str
    info: ObjectInfo | None
    row: Record | None


def differences(world: World, source: Source, after: str | None = None) -> Iterator[Difference]:
    """Objects and what was made of them, side by side, in the order of the keys; nothing is kept in memory."""
    objects = _wanted(open_source(world, source), source, after)
    rows = every(world.records, keys.source_files(source["id"]), after=after)
    info, row = next(objects, None), next(rows, None)
    while info is not None or row is not None:
        known = None if row is None else row.sk
        if info is not None and (known is None or info.key < known):
            yield Difference("added", info.key, info, None)
            info = next(objects, None)
        elif info is None or known is None or known < info.key:
            assert row is not None
            assert known is not None
            yield Difference("removed", known, None, row)
            row = next(rows, None)
        else:
            assert row is not None
            yield Difference("same" if row.body["etag"] == info.etag else "changed", known, info, row)
            info, row = next(objects, None), next(rows, None)


def _wanted(bucket: Bucket, source: Source, after: str | None) -> Iterator[ObjectInfo]:
    """The files that the source's filter lets through. Empty ones and folders are none."""
    pattern = re.compile(source["pattern"]) if source["pattern"] else None
    prefix: str = source["prefix"]
    for info in keys_below(bucket, prefix, after):
        inner = info.key.removeprefix(prefix).lstrip("/")
        if info.key.endswith("/") or not info.size or len(info.key.encode()) > MAX_KEY_BYTES:
            continue
        if not source["recursive"] and "/" in inner:
            continue
        if pattern is not None and not pattern.fullmatch(inner):
            continue
        if source["mode"] == "tasks" and suffix_of(info.key) not in TABLE_SUFFIXES:
            continue
        yield info
