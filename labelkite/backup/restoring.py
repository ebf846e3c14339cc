"""Restore a backup into an empty store: check it, mark the store, write, compare, hand over."""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from labelkite import locations
from labelkite.backup.archive import COPY_AGAIN, Archive, BadBackup
from labelkite.backup.making import TOLD_EVERY, check

locations.use_lambda()
from chalicelib.storage.ports import ObjectInfo, StorageError  # noqa: E402
from chalicelib.storage.whole import Row, Say, Target, Waiting  # noqa: E402

ROWS_AT_ONCE = 500


class NotEmpty(StorageError):
    """The store holds somebody's data."""


class NotTheSame(StorageError):
    """What is in the store afterwards is not what the backup says."""


def restore(archive: Archive, whole: Target, say: Say, *, replace: bool = False, new_secret: bool = False) -> Any:
    """
    Write a backup into a store, compare, and hand the store over; returns the manifest.

    Until the end the store is marked and nobody else opens it. The same restore again goes on where one broke off.

    Args:
        replace: delete what the store holds before.
        new_secret: leave the backup's secret out: every session and link ends; tokens of scripts stay.
    Raises:
        BadBackup: nothing was written, or a file turned out to be damaged while it was.
        NotEmpty: nothing was written.
        NotTheSame, StorageError: the store stays marked.
    """
    manifest = archive.manifest()
    check(archive, manifest, say, contents=False)
    secret = None if new_secret else archive.secret()
    jobs = [Waiting(**json.loads(line)) for line in archive.lines(manifest["jobs"])]
    if whole.marked() != manifest["id"]:
        foreign = whole.foreign()
        if foreign and not replace:
            raise NotEmpty(f"the store is not empty: it holds {foreign}")
        whole.begin(manifest["id"])
        whole.clear(say)
    _load(archive, manifest, whole, say)
    _put(archive, manifest, whole, say)
    _compare(archive, manifest, whole, say)
    whole.finish(secret, jobs)
    return manifest


def _rows(archive: Archive, manifest: Any) -> Iterator[Row]:
    for n, line in enumerate(archive.lines(manifest["records"]), 1):
        try:
            yield Row.read(line)
        except ValueError as error:
            raise BadBackup(f"record {n} of the backup cannot be read: {error}", COPY_AGAIN) from error


def _load(archive: Archive, manifest: Any, whole: Target, say: Say) -> None:
    rows, done = _rows(archive, manifest), 0
    while part := list(islice(rows, ROWS_AT_ONCE)):
        whole.load(part)
        done += len(part)
        say("records", done, manifest["records"]["rows"])


def _put(archive: Archive, manifest: Any, whole: Target, say: Say) -> None:
    """Objects that are not there yet, both lists being in the order of keys."""
    there = iter(whole.objects())
    found = next(there, None)
    done = 0
    for line in archive.lines(manifest["objects"]):
        entry = json.loads(line)
        while found is not None and found.key < entry["key"]:
            found = next(there, None)
        if found is None or found.key != entry["key"] or found.size != entry["size"]:
            info = ObjectInfo(entry["key"], entry["size"], "", entry["content_type"], 0.0)
            whole.put(info, archive.chunks(entry["sha256"]))
        done += 1
        if done % TOLD_EVERY == 0:
            say("files", done, manifest["objects"]["rows"])
    say("files", done, manifest["objects"]["rows"])


def _compare(archive: Archive, manifest: Any, whole: Target, say: Say) -> None:
    """Read the store as a backup would and compare: records by one hash over all, objects by key and size."""
    with tempfile.TemporaryDirectory(prefix="labelkite-") as scratch:
        whole.freeze(Path(scratch), say)
        whole_hash, count = hashlib.sha256(), 0
        for row in whole.rows():
            whole_hash.update(row.line().encode())
            count += 1
        said = manifest["records"]
        if count > said["rows"] or (count == said["rows"] and whole_hash.hexdigest() != said["sha256"]):
            raise NotTheSame(f"the store has {count} records afterwards that are not the {said['rows']} of the backup")
        if count < said["rows"]:
            _only_ended(archive, manifest, whole)
        say("records compared", count, said["rows"])
    there = iter(whole.objects())
    for line in archive.lines(manifest["objects"]):
        entry = json.loads(line)
        found = next(there, None)
        if found is None or (found.key, found.size) != (entry["key"], entry["size"]):
            raise NotTheSame(f"file {entry['key']} is not in the store as it was")
    say("files compared", manifest["objects"]["rows"], manifest["objects"]["rows"])


def _only_ended(archive: Archive, manifest: Any, whole: Target) -> None:
    """Fewer records than in the backup: those that are missing must be ones whose time is over by now."""
    there = iter(whole.rows())
    found = next(there, None)
    for row in _rows(archive, manifest):
        if found == row:
            found = next(there, None)
        elif row.expires_at is None:
            raise NotTheSame(f"record {row.pk}/{row.sk} is not in the store as it was")
    if found is not None:
        raise NotTheSame(f"record {found.pk}/{found.sk} is in the store and not in the backup")
