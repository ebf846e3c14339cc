"""The bytes of a Parquet file, group of rows by group. The only module that needs pyarrow."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Mapping
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

GROUP_BYTES = 8 << 20
"""Of the rows as JSON; a group is what is in memory at a time."""

_TEXTS = pa.list_(pa.string())
_NUMBERS = pa.list_(pa.float64())
_KINDS = {
    "string": pa.string(), "int64": pa.int64(), "float64": pa.float64(), "bool": pa.bool_(), "strings": _TEXTS,
    "paths": pa.list_(_TEXTS),
}  # fmt: skip
_REGION = pa.struct({
    "id": pa.string(), "object": pa.string(), "control": pa.string(), "kind": pa.string(), "labels": _TEXTS,
    "start": pa.float64(), "end": pa.float64(), "text": pa.string(), "bbox": _NUMBERS, "points": pa.list_(_NUMBERS),
    "value": pa.string(), "answers": pa.string(),
})  # fmt: skip


def written(types: Mapping[str, str], rows: Iterator[bytes]) -> Iterator[bytes]:
    """
    Args:
        types: of the columns between `id` and `regions`, as HF_DATASET names them.
        rows: JSON objects with exactly these columns.
    """
    columns = [("id", pa.int64()), *((name, _KINDS[kind]) for name, kind in types.items())]
    schema = pa.schema([*columns, ("regions", pa.list_(_REGION))])
    out = _Out()
    with pq.ParquetWriter(pa.PythonFile(out, mode="w"), schema, compression="zstd") as writer:
        held: list[Any] = []
        size = 0
        for row in rows:
            held.append(json.loads(row))
            size += len(row)
            if size >= GROUP_BYTES:
                writer.write_table(_group(held, schema))
                held, size = [], 0
                yield out.taken()
        if held:
            writer.write_table(_group(held, schema))
    yield out.taken()


def _group(rows: list[Any], schema: pa.Schema) -> pa.Table:
    try:
        return pa.Table.from_pylist(rows, schema)
    except UnicodeEncodeError:  # half of a surrogate pair, which JSON can hold and UTF-8 cannot
        return pa.Table.from_pylist([_whole(row) for row in rows], schema)


def _whole(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, dict):
        return {name: _whole(member) for name, member in value.items()}
    return [_whole(member) for member in value] if isinstance(value, list) else value


class _Out(io.RawIOBase):
    """What pyarrow has written since it was taken away; it never goes back."""

    def __init__(self) -> None:
        super().__init__()
        self._held = bytearray()
        self._at = 0

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        piece = bytes(memoryview(data))  # type: ignore[arg-type]
        self._held += piece
        self._at += len(piece)
        return len(piece)

    def tell(self) -> int:
        return self._at

    def close(self) -> None:
        """The writer closes it before the last bytes are taken."""

    def taken(self) -> bytes:
        made, self._held = bytes(self._held), bytearray()
        return made
