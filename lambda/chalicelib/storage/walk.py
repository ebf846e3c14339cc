"""Every record of a key, page after page."""

from __future__ import annotations

from collections.abc import Iterator

from chalicelib.storage.ports import Record, Records


def every(
    records: Records, pk: str, prefix: str = "", *, after: str | None = None, page: int = 500
) -> Iterator[Record]:
    """As `Records.query`, to the end; read when asked for, so what is written meanwhile may be among them.

    `page`: records that one read brings, 1 to 1000; fewer where bodies are large or few are wanted.
    """
    while True:
        found = records.query(pk, prefix, after=after, limit=page)
        yield from found.records
        if found.cursor is None:
            return
        after = found.cursor
