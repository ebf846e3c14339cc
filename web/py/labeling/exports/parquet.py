"""Parquet: the columns of HF_DATASET as a file that pandas, DuckDB, Spark and Arrow read with their types.

The file is written by pyarrow, which comes with the extra `parquet` of the package and is not part of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib.util import find_spec

from labeling.exports.fault import ExportFault
from labeling.exports.files import File, Stream
from labeling.exports.hugging_face import HuggingFace


class Parquet(HuggingFace):
    name = "PARQUET"
    title = "Parquet: a table with types, for pandas, DuckDB and Spark"
    ending = "parquet"
    media_type = "application/vnd.apache.parquet"
    is_zip = False

    def check(self) -> None:
        if find_spec("pyarrow") is None:
            message = "Parquet is written by pyarrow, which is not installed on this server."
            hint = "Install it there: pip install 'labelkite[parquet]'. CSV and JSONL need nothing."
            raise ExportFault("extra-missing", message, "format", hint)
        super().check()

    def files(self) -> list[File]:
        return [File(f"{name or 'result'}.parquet", (Stream(f"rows.{name}", made=self._table),)) for name in self.sets]

    def _table(self, rows: Iterator[bytes]) -> Iterator[bytes]:
        from labeling.exports.parquet_file import written

        return written(self._types(), self._typed(rows))
