"""Rows of a Parquet table, a few at a time. The only module that needs arro3.

Values become what the same row would be as a JSON line: dates and times are texts as ISO 8601 writes them, decimals are
numbers (texts where a double would change them), whole numbers keep all digits, what is no number is null, lists,
structs and maps are lists and objects.
"""

from __future__ import annotations

import io
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import IO, Any

from arro3.core import DataType, RecordBatch, Scalar, Schema, struct_field
from arro3.io import read_parquet, write_ndjson

from labeling.imports.parse import header_problems
from labeling.imports.rows import Row
from labeling.imports.sniff import kind_of_bytes
from labeling.imports.tasks import TaskReader
from labeling.problems import Problem, problem

MAGIC, ENCRYPTED = b"PAR1", b"PARE"
BATCH = 256
"""Rows that are in memory at a time; fewer where the table holds files."""
BATCH_OF_FILES = 8

Embed = Callable[[str, bytes], str | None]
"""The address of a file that a row holds itself, by its name; None: it has no place."""

_AGAIN = "Copy or download the file again, or write it anew."
_SUFFIXES = {"jpeg": "jpg"}
_NAME = re.compile(r'"(?:[^"\\]|\\.)*": ')
_BYTES = re.compile(r"(Large|FixedSize)?Binary(View)?(\(\d+\))?")
_TEXT = re.compile(r"(Large)?Utf8(View)?")
_DATE = re.compile(r"Date|Timestamp")
_MAP = re.compile(r"Map\(")
_TEXT_MAP = re.compile(r"Map\((non-null )?Struct\((non-null )?(Large)?Utf8")
_DAMAGED = "ERROR: "
"""How the library begins the text of a date that no calendar has."""


class Rows:
    """Rows and problems of one table. `notes` tells of columns that are left out; `done()` how far it is."""

    def __init__(self, name: str, file: IO[bytes], reader: TaskReader, embed: Embed | None = None) -> None:
        """
        Args:
            file: can be sought in; it is closed by who opened it.
            embed: takes the pictures that the table holds; None: such columns are left out.
        """
        self.notes: list[Problem] = []
        self._name, self._reader, self._embed = name or "The table", reader, embed
        self._file: Any = _Counted(file)
        self._fault = _unfit(self._name, file)

    def done(self) -> int:
        """Bytes of the file that are read; never more than it has."""
        return int(min(self._file.count, self._file.size))

    def read(self, start: int = 0) -> Iterator[Row | Problem]:
        """
        Args:
            start: rows that are passed over.
        """
        if self._fault is not None:
            yield self._fault
            return
        number = 0
        try:
            schema = _caught(lambda: read_parquet(self._file).schema)
            faults = self._faults(schema)
            if faults:
                yield from faults
                return
            columns = _Columns(schema, self._embed is not None)
            self.notes = columns.notes(self._name)
            needed = [told for told, name in zip(self.notes, columns.left, strict=True) if self._is_needed(name)]
            if needed:
                yield from needed
                return
            batches = iter(read_parquet(self._file, batch_size=BATCH_OF_FILES if columns.heavy else BATCH))
            while (batch := _caught(lambda: next(batches, None))) is not None:
                count = batch.num_rows
                if number + count > start:
                    for at, row in enumerate(_caught(columns.rows, batch), number + 1):
                        if at > start:
                            yield self._row(columns, at, row)
                number += count
        except _Damaged as damaged:
            message = f"{self._name} cannot be read from here on, it is damaged or encrypted: {damaged}."
            yield problem("bad-parquet", message, f"row {number + 1}", _AGAIN)

    def _is_needed(self, column: str) -> bool:
        return self._reader.mapping.get(column, column) in self._reader.names

    def _faults(self, schema: Schema) -> list[Problem]:
        """Names of columns that do not fit. A table with whole tasks (a struct `data`) is checked row by row."""
        names = [str(name) for name in schema.names]
        if "data" in names and "data" not in self._reader.names:
            twice = [name for name, times in Counter(names).items() if times > 1]
            return list(header_problems(TaskReader({}), names)) if twice else []
        return list(header_problems(self._reader, names))

    def _row(self, columns: _Columns, number: int, row: dict[str, Any]) -> Row | Problem:
        where = f"row {number}"
        for name in columns.dates:
            if name in row and _is_off(row[name]):
                message = f"The date in the column {name!r} is none that a calendar has."
                return problem(
                    "bad-value", message, f"{where}, field {name}", "Write null or a date up to the year 9999."
                )
        for name in columns.files:
            row[name] = self._placed(name, number, row[name])
        return where, row

    def _placed(self, column: str, number: int, value: Mapping[str, Any] | None) -> Any:
        """The address of the file in a cell, or what the cell says of where it is."""
        data = value["bytes"] if value is not None else None
        if value is None or not data:
            return value["path"] if value is not None else None
        said = str(value["path"] or "").replace("\\", "/").rpartition("/")[2]
        kind = kind_of_bytes(data) or said.rpartition(".")[2] or "bin"
        stem = said.rpartition(".")[0] or said or f"{column}-{number}"
        assert self._embed is not None
        return self._embed(f"{column}/{number}/{stem}.{_SUFFIXES.get(kind, kind)}", data)


class _Columns:
    """What is read of a table: `plain` as JSON, `files` as files; `left` cannot be read."""

    def __init__(self, schema: Schema, embedded: bool) -> None:
        fields = [(str(field.name), field.type) for field in map(schema.field, range(len(schema)))]
        self.names = [name for name, _ in fields]
        self.files = [name for name, type_ in fields if embedded and _is_file(type_)]
        self.left = {name: told for name, type_ in fields if name not in self.files and (told := _unreadable(type_))}
        self.plain = [name for name in self.names if name not in self.files and name not in self.left]
        self.dates = [name for name, type_ in fields if name in self.plain and _DATE.search(_said(type_))]
        self.heavy = any(_BYTES.search(_said(type_)) for _, type_ in fields)
        decimals = any("Decimal" in _said(type_) for name, type_ in fields if name in self.plain)
        self._load = json.JSONDecoder(parse_float=_exact).decode if decimals else json.loads

    def notes(self, name: str) -> list[Problem]:
        return [
            problem("column-left-out", f"The column {column!r} of {name} is left out: {told}.", "header", hint)
            for column, (told, hint) in self.left.items()
        ]

    def rows(self, batch: RecordBatch) -> list[dict[str, Any]]:
        lines: list[bytes] = [b"{}"] * batch.num_rows
        if self.plain:
            out = io.BytesIO()
            write_ndjson(batch.select(self.plain), out, explicit_nulls=True)
            lines = out.getvalue().split(b"\n")[: batch.num_rows]
        found = [self._load(line.decode()) for line in lines]
        for name in self.files:
            for row, cell in zip(found, _cells(batch, name), strict=True):
                row[name] = cell
        if self.files:
            return [{name: row[name] for name in self.names if name in row} for row in found]
        return found


def _cells(batch: RecordBatch, name: str) -> list[dict[str, Any] | None]:
    column = batch.column(name)
    names = [field.name for field in column.type.fields or ()]
    bodies, paths = (struct_field(column, names.index(part)) for part in ("bytes", "path"))
    cells = zip(_values(column), _values(bodies), _values(paths), strict=True)
    return [{"bytes": body.as_py(), "path": path.as_py()} if cell.is_valid else None for cell, body, path in cells]


def _values(column: Any) -> list[Scalar]:
    return list(column)


def _is_file(type_: DataType) -> bool:
    """Images and sounds as Hugging Face's datasets keep them."""
    parts = {field.name: _said(field.type) for field in type_.fields or ()}
    return parts.keys() == {"bytes", "path"} and bool(
        _BYTES.fullmatch(parts["bytes"]) and _TEXT.fullmatch(parts["path"])
    )


def _unreadable(type_: DataType) -> tuple[str, str] | None:
    if _is_file(type_):
        return "it holds files", "Upload the table and import it from there: its files become uploads."
    said = _said(type_)
    if _BYTES.search(said):
        hint = "Write its files into a folder and their names into the column, or as a struct of 'bytes' and 'path'."
        return "it holds bytes, which no task can have", hint
    if len(_MAP.findall(said)) != len(_TEXT_MAP.findall(said)):
        return "its maps have keys that are no texts", "Write the keys as texts, or a list of pairs."
    return None


def _said(type_: DataType) -> str:
    """The type with all that is in it, without the names: types of maps tell what they hold only as text."""
    return _NAME.sub("", str(type_).partition("<")[2].rstrip().removesuffix(">"))


def _is_off(value: Any) -> bool:
    if isinstance(value, str):
        return value.startswith(_DAMAGED)
    if isinstance(value, dict):
        return any(map(_is_off, value.values()))
    return isinstance(value, list) and any(map(_is_off, value))


def _exact(text: str) -> float | str:
    number = float(text)
    return number if Decimal(repr(number)) == Decimal(text) else text


def _unfit(name: str, file: IO[bytes]) -> Problem | None:
    """What the two ends of the file say."""
    size = file.seek(0, io.SEEK_END)
    file.seek(0)
    head = file.read(4)
    file.seek(max(0, size - 8))
    tail = file.read(8)
    if head == ENCRYPTED or tail[4:] == ENCRYPTED:
        hint = "Write it again without encryption, or as JSON lines."
        return problem("encrypted", f"{name} is encrypted, and there is no key to it here.", "the whole file", hint)
    if head != MAGIC:
        message = f"{name} is no Parquet table: it does not begin with 'PAR1'."
        return problem("not-parquet", message, "byte 1", "Give it the ending of what it is, or write it again.")
    if size < 12 or tail[4:] != MAGIC:
        message = f"{name} was cut off: it has {size:,} bytes and does not end with 'PAR1'."
        return problem("bad-parquet", message, f"byte {max(size - 3, 1)}", _AGAIN)
    footer = int.from_bytes(tail[:4], "little")
    if footer > size - 12:
        message = f"{name} is damaged: its footer would have {footer:,} bytes, the file has {size:,}."
        return problem("bad-parquet", message, f"byte {size - 7}", _AGAIN)
    return None


class _Damaged(Exception):
    pass


def _caught(work: Callable[..., Any], *given: Any) -> Any:
    """The library's own faults as _Damaged: it raises Exception itself, and panics that are no Exception."""
    try:
        return work(*given)
    except BaseException as fault:
        kind = type(fault)
        if kind is Exception or kind.__name__ == "PanicException" or isinstance(fault, ValueError | OSError):
            raise _Damaged(str(fault).rpartition("rror: ")[2].rpartition(" value: ")[2][:200]) from None
        raise


class _Counted(io.BufferedIOBase):
    """The file as the library reads it, and how much of it that was."""

    def __init__(self, file: IO[bytes]) -> None:
        super().__init__()
        self._file = file
        self.size = file.seek(0, io.SEEK_END)
        self.count = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = 0) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()

    def read(self, size: int | None = -1) -> bytes:
        found = self._file.read(-1 if size is None else size)
        self.count += len(found)
        return found

    def close(self) -> None:
        """The file stays open: it is read twice, and belongs to who opened it."""
