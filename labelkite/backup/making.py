"""Make a backup: one moment of the records, then every object that is there, then what was waiting."""

from __future__ import annotations

import json
import secrets
import sqlite3
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from labelkite import locations
from labelkite.backup.archive import COPY_AGAIN, MANIFEST, Archive, BadBackup

locations.use_lambda()
from chalicelib.storage.embedded import FORMAT  # noqa: E402
from chalicelib.storage.ports import NotFound, ObjectInfo  # noqa: E402
from chalicelib.storage.whole import Row, Say, Source, Waiting  # noqa: E402

ALWAYS = Waiting("hooks-tick", {"start": True}, 0.0)
"""Looks for webhooks and targets that somebody waits for."""
KNOWN = """
CREATE TABLE IF NOT EXISTS known (
  key TEXT, etag TEXT, size INTEGER, content_type TEXT, sha256 TEXT, PRIMARY KEY (key, etag, size)
) WITHOUT ROWID"""
TOLD_EVERY = 500


@dataclass(slots=True)
class Files:
    """What the listing of objects came to."""

    bytes: int = 0
    copied: int = 0
    gone: int = 0


def make(whole: Source, archive: Archive, say: Say) -> dict[str, Any]:
    """
    Write a backup into the archive's folder and check it; returns its manifest.

    Over an earlier backup, or one that broke off, only objects that are not there yet are copied.

    Raises:
        BadBackup, StorageError, OSError: nothing of an earlier backup's objects is lost; run it again.
    """
    working = archive.prepare()
    known = _known(archive, working)
    (archive.folder / MANIFEST).unlink(missing_ok=True)  # from here on it is another one
    try:
        whole.freeze(working, say)
        begun: list[Waiting] = []
        records = archive.write_lines("records", _records(whole, begun, say))
        files = Files()
        objects = archive.write_lines("objects", _objects(whole, archive, known, files, say))
        waiting = _without_twins([*whole.waiting(), *begun, ALWAYS])
        jobs = archive.write_lines("jobs", (json.dumps(asdict(job), sort_keys=True) + "\n" for job in waiting))
        archive.write_secret(whole.secret())
    finally:
        known.close()
    manifest = {
        "id": secrets.token_hex(8),
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "made_by": locations.version(),
        "data_format": FORMAT,
        "store": whole.store_kind,
        "records": records.said(),
        "objects": {**objects.said(), **asdict(files)},
        "jobs": {**jobs.said(), "dead": sum(job.dead for job in waiting)},
    }
    check(archive, manifest, say, contents=False)
    archive.write_manifest(manifest)
    _drop_unnamed(archive, manifest)
    return manifest


def _records(whole: Source, begun: list[Waiting], say: Say) -> Iterator[str]:
    count = 0
    for row in whole.rows():
        begun += waiting_for(row)
        yield row.line()
        count += 1
        if count % TOLD_EVERY == 0:
            say("records", count, None)
    say("records", count, count)


def waiting_for(row: Row) -> list[Waiting]:
    """The messages that this record says were under way: a queue on AWS cannot be read."""
    if row.pk.startswith("JOB#") and row.sk == "JOB":
        body = json.loads(row.text)
        if body["state"] in ("queued", "running"):
            return [Waiting("work", {"job": int(row.pk[4:])}, 0.0)]
    if row.pk.startswith("PROJECT#") and row.sk == "SWEEP":
        due = json.loads(row.text)["due"]
        return [Waiting("sweep", {"project": int(row.pk[8:]), "due": due}, due)]
    return []


def _without_twins(jobs: list[Waiting]) -> list[Waiting]:
    """Each job once: what the queue says of it counts before what the records say."""
    found: dict[tuple[str, str, bool], Waiting] = {}
    for job in jobs:
        found.setdefault((job.kind, json.dumps(job.body, sort_keys=True), job.dead), job)
    return list(found.values())


def _objects(whole: Source, archive: Archive, known: sqlite3.Connection, files: Files, say: Say) -> Iterator[str]:
    done = 0
    for info in whole.objects():
        entry = _entry(whole, archive, known, info, files)
        done += 1
        if entry is not None:
            files.bytes += entry["size"]
            yield json.dumps(entry, ensure_ascii=False, sort_keys=True) + "\n"
        if done % 50 == 0:
            say("files", done, None)
    say("files", done, done)


def _entry(
    whole: Source, archive: Archive, known: sqlite3.Connection, info: ObjectInfo, files: Files
) -> dict[str, Any] | None:
    """The line of an object, its content being in the archive; None when it was deleted meanwhile."""
    asked = (info.key, info.etag, info.size)
    row = known.execute("SELECT content_type, sha256 FROM known WHERE key = ? AND etag = ? AND size = ?", asked)
    found = row.fetchone()
    if found is not None and archive.has_file(found[1], info.size):
        content_type, sha256, size, etag = found[0], found[1], info.size, info.etag
    else:
        try:
            now, chunks = whole.open(info.key)
            sha256, size = archive.keep_file(chunks)
        except NotFound:
            files.gone += 1
            return None
        files.copied += 1
        content_type, etag = now.content_type, now.etag
        known.execute("REPLACE INTO known VALUES (?, ?, ?, ?, ?)", (info.key, etag, size, content_type, sha256))
        known.commit()
    return {"key": info.key, "size": size, "content_type": content_type, "sha256": sha256, "etag": etag}


def _known(archive: Archive, working: Path) -> sqlite3.Connection:
    """What earlier runs have copied already."""
    known = sqlite3.connect(working / "known.db")
    known.execute(KNOWN)
    known.execute("PRAGMA synchronous=OFF")
    try:
        manifest = archive.manifest()
        for line in archive.lines(manifest["objects"]):
            entry = json.loads(line)
            values = [entry[name] for name in ("key", "etag", "size", "content_type", "sha256")]
            known.execute("REPLACE INTO known VALUES (?, ?, ?, ?, ?)", values)
    except BadBackup:
        pass  # there is no earlier one: everything is copied
    known.commit()
    return known


def check(archive: Archive, manifest: dict[str, Any], say: Say, *, contents: bool) -> None:
    """
    Read a backup and compare it with its manifest.

    Args:
        contents: hash the content of every object too; else only look that it is there with its size.
    Raises:
        BadBackup: names the file.
    """
    if manifest["data_format"] != FORMAT:
        raise BadBackup(
            f"the backup is of data format {manifest['data_format']}, this Labelkite has {FORMAT}",
            f"Restore it with Labelkite {manifest['made_by']}.",
        )
    for kind in ("records", "jobs"):
        count = sum(1 for _ in archive.lines(manifest[kind]))
        if count != manifest[kind]["rows"]:
            raise BadBackup(f"{archive.folder / kind} has {count} lines, not {manifest[kind]['rows']}", COPY_AGAIN)
    done = 0
    for line in archive.lines(manifest["objects"]):
        entry = json.loads(line)
        if contents:
            for _ in archive.chunks(entry["sha256"]):
                pass
        elif not archive.has_file(entry["sha256"], entry["size"]):
            place = archive.file(entry["sha256"])
            raise BadBackup(f"{place} is missing or has another size ({entry['key']})", COPY_AGAIN)
        done += 1
        if done % TOLD_EVERY == 0:
            say("files checked", done, manifest["objects"]["rows"])
    say("files checked", done, manifest["objects"]["rows"])


def _drop_unnamed(archive: Archive, manifest: dict[str, Any]) -> None:
    """Contents that only an earlier backup in this folder had."""
    named = sqlite3.connect("")  # on disk where it grows
    named.execute("CREATE TABLE named (sha256 TEXT PRIMARY KEY) WITHOUT ROWID")
    for line in archive.lines(manifest["objects"]):
        named.execute("INSERT OR IGNORE INTO named VALUES (?)", (json.loads(line)["sha256"],))
    for part in (archive.folder / "files").iterdir():
        for path in part.iterdir():
            if named.execute("SELECT 1 FROM named WHERE sha256 = ?", (path.name,)).fetchone() is None:
                path.unlink()
    named.close()
