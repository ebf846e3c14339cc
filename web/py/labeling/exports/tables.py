"""CSV and TSV: the records of JSON_MIN as a table (RFC 4180), and as Label Studio writes it.

Columns are all members that any record has, sorted. Lists and objects are JSON, texts are in quotes, what is missing is
empty. The columns are known when every task was read, so the rows wait as JSON lines until then.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from typing import Any, ClassVar

from labeling.exports import label_studio
from labeling.exports.export import Task, line
from labeling.exports.fault import LeftOut
from labeling.exports.files import File, Record, Stream
from labeling.exports.lines import Records
from labeling.exports.stream import encode

MOST_COLUMNS = 2_000
_ROWS = 200
_FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


class Csv(Records):
    name = "CSV"
    title = "CSV: the records of JSON_MIN as a table"
    ending = "csv"
    media_type = "text/csv"
    takes = ("spreadsheet",)
    separator: ClassVar[str] = ","

    def task(self, task: Task) -> Iterator[Record]:
        columns: dict[str, None] = dict.fromkeys(self.kept.get("columns") or ())
        made = list(label_studio.records(self.row_of(task), self.plan))
        before = len(columns)
        for record in made:
            columns.update(dict.fromkeys(record))
        if len(columns) > MOST_COLUMNS:
            raise LeftOut("too-many-columns")
        if len(columns) != before:
            self.kept["columns"] = sorted(columns)
        for record in made:
            yield f"rows.{task.set}", line(record)

    def files(self) -> list[File]:
        return [
            File(f"{name or 'result'}.{self.ending}", (Stream(f"rows.{name}", made=self._table),)) for name in self.sets
        ]

    def _table(self, rows: Iterator[bytes]) -> Iterator[bytes]:
        columns: list[str] = self.kept.get("columns") or []
        text = io.StringIO()
        cell = _inert if self.options.spreadsheet else _cell
        if self.options.spreadsheet:
            text.write("\ufeff")
        writer = csv.writer(text, delimiter=self.separator, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n")
        writer.writerow([cell(column) for column in columns])
        for number, row in enumerate(rows, 1):
            record = json.loads(row)
            writer.writerow([cell(record.get(column)) for column in columns])
            if number % _ROWS == 0:
                yield _utf8(text.getvalue())
                text.seek(0)
                text.truncate()
        yield _utf8(text.getvalue())


class Tsv(Csv):
    name = "TSV"
    title = "TSV: the records of JSON_MIN as a table, with tabs"
    ending = "tsv"
    media_type = "text/tab-separated-values"
    separator = "\t"


def _cell(value: Any) -> str | int | float:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str | int | float):
        return value
    return encode(value).decode()


def _inert(value: Any) -> str | int | float:
    """A text that a spreadsheet would run as a formula gets an apostrophe before it (OWASP, CSV Injection)."""
    made = _cell(value)
    return f"'{made}" if isinstance(made, str) and made.startswith(_FORMULAS) else made


def _utf8(text: str) -> bytes:
    return text.encode("utf-8", "replace")
