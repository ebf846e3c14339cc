"""Files of any size to rows, piece by piece: what is in memory is one row, or one piece of the file.

`RowStream` gives what rows.py gives, and after each row a place to go on from, so that an import which was cut off
needs nothing but the file and that place.
"""

from __future__ import annotations

import codecs
import csv
import json
import re
from collections.abc import Callable, Iterator
from typing import Any

from labeling.imports.parse import cells_of, header_problems, listed_fields
from labeling.imports.rows import SEPARATORS, Row, find_separator
from labeling.imports.sniff import ANNOTATION_KINDS, BINARIES, PARQUET, TEXT_KINDS, sniff
from labeling.imports.tasks import TaskReader
from labeling.problems import Problem, problem

HEAD_BYTES = 64 << 10
MOST_ROW_BYTES = 8 << 20
"""Longest line or JSON value that is read as a row."""
_KEPT = 1 << 20

_SPACE = re.compile(r"[ \t\r\n]*")
_UTF_16_OR_32 = (b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")
_ENDS = "It cannot be read from here on; what stands before it is imported."

Place = dict[str, Any]
"""`offset`: bytes of the file that are done. `row`, `line`: numbers of what was read last. Others are the format's."""
Pieces = Callable[[int], Iterator[bytes]]
"""The file from a byte on."""


class Whole(Exception):
    """The file can only be read as a whole: labeling.imports.parse does it."""


def begin(name: str, head: bytes, reader: TaskReader) -> Place | Problem:
    """
    The place before the first row.

    Args:
        head: the first HEAD_BYTES of the file.
    Raises:
        Whole: UTF-16, annotation formats, and Parquet, which begins at its end.
    """
    kind = sniff(name, head)
    if kind in ANNOTATION_KINDS or kind == PARQUET:
        raise Whole
    if kind not in TEXT_KINDS:
        binary = BINARIES[kind]
        return problem("not-text", f"{name} is {binary.title}.", "byte 1", binary.way_out)
    if head.startswith(_UTF_16_OR_32):
        raise Whole
    place: Place = {"kind": kind, "offset": 3 if head.startswith(b"\xef\xbb\xbf") else 0, "row": 0, "line": 0}
    if kind in ("csv", "tsv"):
        text = head[place["offset"] :].decode("utf-8", "ignore")
        place |= {"separator": find_separator(text, kind, reader.columns), "header": None}
    elif kind == "json":
        place["within"] = "start"
    elif kind == "txt" and (len(reader.names) != 1 or "string" not in (reader.fields[0].get("types") or ["string"])):
        listed = ", ".join(repr(field) for field in reader.names) or "none"
        message = f"Plain lines fit only configs with one data field of text; this config has {listed}."
        return problem("lines-need-one-field", message, "the whole file", "Import CSV or JSON.")
    return place


class RowStream:
    """Rows and problems of a file from a place on; `place()` is then the one after the row that was given last."""

    def __init__(self, pieces: Pieces, place: Place, reader: TaskReader) -> None:
        self._place = dict(place)
        self._pieces = pieces(place["offset"])
        self._reader = reader
        self._offset: Callable[[], int] = lambda: int(self._place["offset"])

    def place(self) -> Place:
        return {**self._place, "offset": self._offset()}

    def __iter__(self) -> Iterator[Row | Problem]:
        kind = self._place["kind"]
        if kind in ("csv", "tsv"):
            return self._table()
        return self._values() if kind == "json" else self._lines(kind)

    # -- lines

    def _raw_lines(self) -> Iterator[bytes]:
        """Lines with their ends; the offset is behind the line that was given last."""
        held: list[bytes] = []
        size = 0
        for piece in self._pieces:
            start = 0
            while (end := piece.find(b"\n", start) + 1) > 0:
                line = b"".join([*held, piece[start:end]])
                held, size, start = [], 0, end
                self._place["offset"] += len(line)
                self._place["line"] += 1
                yield line
            if start < len(piece):
                held.append(piece[start:] if start else piece)
                size += len(held[-1])
                if size > MOST_ROW_BYTES:
                    raise _TooLong
        if held:
            line = b"".join(held)
            self._place["offset"] += len(line)
            self._place["line"] += 1
            yield line

    def _where(self) -> str:
        return f"row {self._place['row']} (line {self._place['line']})"

    def _lines(self, kind: str) -> Iterator[Row | Problem]:
        field = self._reader.names[0] if kind == "txt" else ""
        trim = field in self._reader.addresses
        try:
            for raw in self._raw_lines():
                if not raw.strip():
                    continue
                self._place["row"] += 1
                where = self._where()
                try:
                    if kind == "txt":
                        line = raw.decode().rstrip("\r\n")
                        yield where, {field: line.strip() if trim else line}
                    else:
                        yield where, json.loads(raw)
                except UnicodeDecodeError as fault:
                    yield _not_text(where, fault)
                except RecursionError:
                    yield problem("too-deep", "It is nested too deeply to be read.", where, "Flatten the task.")
                except ValueError as fault:
                    said = fault.msg if isinstance(fault, json.JSONDecodeError) else "a number is too long"
                    yield problem("bad-json", f"This is no JSON: {said}.", where, "Each line must be one JSON object.")
        except _TooLong:
            yield self._too_long()

    def _too_long(self) -> Problem:
        message = f"This row is longer than {MOST_ROW_BYTES >> 20} MB."
        return problem("task-too-big", message, f"row {self._place['row'] + 1}", _ENDS)

    # -- tables

    def _texts(self) -> Iterator[str]:
        for raw in self._raw_lines():
            yield raw.decode()

    def _table(self) -> Iterator[Row | Problem]:
        csv.field_size_limit(MOST_ROW_BYTES)
        place = self._place
        listed = listed_fields(self._reader)
        try:
            for cells in csv.reader(self._texts(), delimiter=place["separator"], strict=True):
                if not any(cell.strip() for cell in cells):
                    continue
                if place["header"] is None:
                    names = [cell.strip() for cell in cells]
                    place["header"] = names
                    faults = list(header_problems(self._reader, names))
                    if faults:
                        yield from faults
                        return
                    continue
                place["row"] += 1
                where, header = self._where(), place["header"]
                if any(cell.strip() for cell in cells[len(header) :]):
                    message = f"The row has {len(cells)} cells, the header has {len(header)}."
                    named = SEPARATORS.get(place["separator"], "separator")
                    yield problem("too-many-cells", message, where, f"Put values that hold a {named} in double quotes.")
                    continue
                row = {name: cell for name, cell in zip(header, cells, strict=False) if name}
                yield where, cells_of(row, self._reader, listed)
        except csv.Error as fault:
            where = f"row {place['row'] + 1} (line {place['line']})"
            yield problem("bad-table", f"The table cannot be read from here on: {fault}.", where, "Close every quote.")
        except UnicodeDecodeError as fault:
            yield _not_text(f"row {place['row'] + 1} (line {place['line']})", fault)
        except _TooLong:
            yield self._too_long()

    # -- JSON

    def _values(self) -> Iterator[Row | Problem]:
        """The elements of one list, or objects one after the other."""
        self._buffer, self._at, self._base = "", 0, self._place["offset"]
        self._offset = lambda: int(self._base + len(self._buffer[: self._at].encode()))
        self._decoder = codecs.getincrementaldecoder("utf-8")()
        try:
            yield from self._elements()
        except UnicodeDecodeError as fault:
            yield _not_text(f"row {self._place['row'] + 1}", fault)

    def _elements(self) -> Iterator[Row | Problem]:
        place, decode = self._place, json.JSONDecoder().raw_decode
        while self._skip_space():
            letter = self._buffer[self._at]
            if place["within"] == "start":
                place["within"] = "list" if letter == "[" else "values"
                self._at += letter == "["
            elif place["within"] == "list" and letter == "]":
                place["within"] = "end"
                self._at += 1
            elif place["within"] == "after":
                if letter not in ",]":
                    yield self._bad("a comma is missing")
                    return
                place["within"] = "list" if letter == "," else "end"
                self._at += 1
            elif place["within"] == "end":
                yield self._bad("something stands behind the list")
                return
            else:
                try:
                    value, end = decode(self._buffer, self._at)
                except RecursionError:
                    yield problem("too-deep", "It is nested too deeply to be read.", f"row {place['row'] + 1}", _ENDS)
                    return
                except ValueError as fault:
                    if len(self._buffer) - self._at < MOST_ROW_BYTES and self._fill():
                        continue
                    if len(self._buffer) - self._at >= MOST_ROW_BYTES:
                        yield self._too_long()
                    else:
                        yield self._bad(
                            fault.msg if isinstance(fault, json.JSONDecodeError) else "a number is too long"
                        )
                    return
                if end == len(self._buffer) and not isinstance(value, dict | list | str) and self._fill():
                    continue  # a number may go on in the next piece
                self._at = end
                place["row"] += 1
                if place["within"] == "list":
                    place["within"] = "after"
                yield f"row {place['row']}", value
        if place["within"] in ("list", "after"):
            yield self._bad("the file ends before the list does")

    def _bad(self, said: str) -> Problem:
        return problem("bad-json", f"This is no JSON: {said}.", f"row {self._place['row'] + 1}", _ENDS)

    def _skip_space(self) -> bool:
        """Whether there is more."""
        while True:
            found = _SPACE.match(self._buffer, self._at)
            assert found is not None
            self._at = found.end()
            if self._at < len(self._buffer):
                return True
            if not self._fill():
                return False

    def _fill(self) -> bool:
        """Read on, as much again as waits; False at the end of the file."""
        if self._at > _KEPT or self._at == len(self._buffer):
            self._base += len(self._buffer[: self._at].encode())
            self._buffer, self._at = self._buffer[self._at :], 0
        waiting = len(self._buffer) - self._at
        parts: list[str] = []
        size = 0
        for piece in self._pieces:
            parts.append(self._decoder.decode(piece))
            size += len(parts[-1])
            if size and size >= waiting:
                break
        else:
            parts.append(self._decoder.decode(b"", final=True))
        added = "".join(parts)
        self._buffer += added
        return bool(added)


class _TooLong(Exception):
    pass


def _not_text(where: str, fault: UnicodeDecodeError) -> Problem:
    message = f"This is not UTF-8 text: it holds the byte 0x{fault.object[fault.start]:02X}."
    return problem("not-text", message, where, "Save the file as UTF-8 text (in Excel: CSV UTF-8) and import it again.")
