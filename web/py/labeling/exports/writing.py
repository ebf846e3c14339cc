"""An export as one stream of bytes: at once where the format is read from start to end, else by temporary files."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from labeling.exports import files
from labeling.exports.archive import Archive
from labeling.exports.export import Export
from labeling.exports.files import MEMBERS, Layout, Spool, Stream, Streams

_SMALL = 1024
"""Bytes of a member that is not packed: a set of labels has a million of them, and packing each would take longest."""


def written(export: Export, rows: Iterable[Mapping[str, Any]]) -> Iterator[bytes]:
    """The file of an export of all rows, in chunks; one row and what the spool holds in memory is all there is."""
    return files.in_chunks(_direct(export, rows) if _is_direct(export) else _spooled(export, rows))


def assembled(layout: Layout, streams: Streams) -> Iterator[bytes]:
    """The file of an export whose streams are all there."""
    if not layout.archive:
        yield from files.content(layout.files[0], streams)
        return
    archive = Archive()
    yield from _members(archive, streams(MEMBERS))
    yield from _end(archive, layout, streams)


def _members(archive: Archive, pieces: Iterator[bytes]) -> Iterator[bytes]:
    for path, data in files.members(pieces):
        yield from archive.add(path, [data], packed=len(data) > _SMALL)


def _end(archive: Archive, layout: Layout, streams: Streams) -> Iterator[bytes]:
    """What is known when all tasks are read: the files of streams, the report, the list of files."""
    for file in layout.files:
        yield from archive.add(file.path, files.content(file, streams))
    for _ in range(archive.repeated):
        layout.report.note("repeated-name")
    yield from archive.add("report.json", [json.dumps(layout.report.body, indent=2).encode() + b"\n"])
    yield from archive.end()


def _is_direct(export: Export) -> bool:
    layout = export.layout()
    if layout.archive or len(layout.files) != 1:
        return False
    streams = [part for part in layout.files[0].parts if isinstance(part, Stream)]
    return len(streams) == 1 and streams[0].made is None


def _direct(export: Export, rows: Iterable[Mapping[str, Any]]) -> Iterator[bytes]:
    parts = export.layout().files[0].parts
    place = next(n for n, part in enumerate(parts) if isinstance(part, Stream))
    here = parts[place]
    assert isinstance(here, Stream)
    yield from (part for part in parts[:place] if isinstance(part, bytes))
    records = (data for row in rows for _, data in export.add(row))
    yield from files.content(files.File("", (here,)), lambda _: records)
    yield from (part for part in export.layout().files[0].parts[place + 1 :] if isinstance(part, bytes))


def _spooled(export: Export, rows: Iterable[Mapping[str, Any]]) -> Iterator[bytes]:
    """Files of single tasks go into the archive as they come; what is put together at the end waits in the spool."""
    archive = Archive() if export.layout().archive else None
    spool = Spool()
    try:
        for row in rows:
            for name, data in export.add(row):
                if archive is not None and name == MEMBERS:
                    yield from _members(archive, iter([data]))
                else:
                    spool.add([(name, data)])
        if archive is None:
            yield from assembled(export.layout(), spool.read)
        else:
            yield from _end(archive, export.layout(), spool.read)
    finally:
        spool.close()
