"""Parquet tables as pyarrow writes them: every type, every compression, and files that are none."""

from __future__ import annotations

import base64
import datetime as dt
import io
import json
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pyarrow.parquet.encryption as encryption
import pytest
from labeling.imports import Parsed, parquet, parse
from labeling.imports.options import Options
from labeling.imports.tasks import TaskReader

ANY: dict[str, Any] = {"fields": [], "objects": [], "controls": []}
TEXT = {**ANY, "fields": [{"name": "text", "types": ["string"], "used_by": ["t"]}]}


def table(columns: dict[str, Any], **options: Any) -> bytes:
    out = io.BytesIO()
    pq.write_table(pa.table(columns), out, **options)
    return out.getvalue()


def read(data: bytes, plan: dict[str, Any] = ANY, **options: Any) -> Parsed:
    return parse(plan, "a.parquet", data, Options(**options))


def values(columns: dict[str, Any], **options: Any) -> list[Any]:
    found = read(table(columns, **options))
    assert found.refused == []
    return [next(iter(task["data"].values())) for task in found.tasks]


DAY = dt.date(2024, 2, 29)
MOMENT = dt.datetime(2024, 2, 29, 13, 4, 5, 600)  # noqa: DTZ001


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        (pa.array(["a", "é😀", None, ""]), ["a", "é😀", None, ""]),
        (pa.array(["p", "q", "p", None]).dictionary_encode(), ["p", "q", "p", None]),
        (pa.array([1, -(2**63), 2**53 + 1, None]), [1, -(2**63), 2**53 + 1, None]),
        (pa.array([2**64 - 1], pa.uint64()), [2**64 - 1]),
        (pa.array([0.1, 1e300, float("nan"), float("inf")]), [0.1, 1e300, None, None]),
        (pa.array([True, False, None]), [True, False, None]),
        (pa.array([DAY, None]), ["2024-02-29", None]),
        (pa.array([MOMENT]), ["2024-02-29T13:04:05.000600"]),
        (pa.array([MOMENT.replace(tzinfo=dt.UTC)]), ["2024-02-29T13:04:05.000600Z"]),
        (pa.array([dt.time(1, 2, 3)]), ["01:02:03"]),
        (pa.array([Decimal("1.10"), Decimal("12345678901234567890.12")]), [1.1, "12345678901234567890.12"]),
        (pa.array([["x", None], [], None]), [["x", None], [], None]),
        (pa.array([[1, 2]], pa.list_(pa.int64(), 2)), [[1, 2]]),
        (pa.array([{"a": [{"b": 1}], "c": None}, None]), [{"a": [{"b": 1}], "c": None}, None]),
        (pa.array([[("k", 1)]], pa.map_(pa.string(), pa.int64())), [{"k": 1}]),
        (pa.nulls(2), [None, None]),
    ],
    ids=[
        "text", "dictionary", "whole numbers", "unsigned", "numbers", "truth", "days", "moments", "moments with a zone",
        "times", "decimals", "lists", "lists of a length", "structs", "maps", "nothing",
    ],
)  # fmt: skip
def test_each_type_is_what_a_json_line_would_say(column: pa.Array, expected: list[Any]) -> None:
    assert values({"x": column}) == expected


@pytest.mark.parametrize("compression", ["none", "snappy", "gzip", "zstd", "brotli", "lz4"])
def test_each_compression_over_several_groups_of_rows(compression: str) -> None:
    texts = [f"Text {n}" for n in range(1000)]
    assert values({"text": texts}, compression=compression, row_group_size=300) == texts


@pytest.mark.parametrize("version", ["1.0", "2.0"])
def test_both_versions_of_pages_and_old_moments(version: str) -> None:
    moments = pa.array([0, None, 10**9], pa.timestamp("ns"))
    found = values({"x": moments}, data_page_version=version, use_deprecated_int96_timestamps=True)
    assert found == ["1970-01-01T00:00:00", None, "1970-01-01T00:00:01"]


def test_whole_tasks_keep_their_annotations() -> None:
    result = [{"from_name": "c", "to_name": "t", "type": "choices", "value": {"choices": ["A"]}}]
    data = table({"data": [{"text": "one"}], "annotations": [[{"result": result}]]})
    (task,) = read(data, TEXT).tasks
    assert (task["data"], task["annotations"][0]["result"]) == ({"text": "one"}, result)


def test_columns_are_mapped_and_missing_ones_told_once() -> None:
    data = table({"sentence": ["one", "two"]})
    assert [task["data"] for task in read(data, TEXT, mapping={"sentence": "text"}).tasks] == [
        {"text": "one"},
        {"text": "two"},
    ]
    (told,) = read(data, TEXT).refused
    assert (told["code"], told["where"]) == ("missing-column", "header, field text")


def test_a_column_of_bytes_is_left_out_by_its_name_and_refused_where_the_config_needs_it() -> None:
    found = read(table({"text": ["one"], "raw": [b"\0\xff"], "deep": [[{"b": b"\1"}]]}), TEXT)
    assert [task["data"] for task in found.tasks] == [{"text": "one"}]
    assert [(note["code"], "'raw'" in note["message"]) for note in found.notes] == [
        ("column-left-out", True),
        ("column-left-out", False),
    ]
    refused = read(table({"text": [b"one"]}), TEXT)
    assert (refused.tasks, [told["code"] for told in refused.refused]) == ([], ["column-left-out"])
    assert "'text'" in refused.refused[0]["message"]
    assert (
        read(table({"m": pa.array([[(1, 1)]], pa.map_(pa.int64(), pa.int64()))})).notes[0]["code"] == "column-left-out"
    )


def test_names_that_look_like_types_do_not_matter() -> None:
    assert values({'Binary("x': [{'Map(1"': "Date32"}]}) == [{'Map(1"': "Date32"}]
    assert read(table({"a": ["ERROR: no date"]})).refused == []


def test_dates_that_no_calendar_has_are_refused_with_their_row() -> None:
    days = pa.array([0, 2**31 - 1], pa.int32()).cast(pa.date32())
    found = read(table({"day": days, "text": ["one", "two"]}))
    assert [(told["code"], told["where"]) for told in found.refused] == [("bad-value", "row 2, field day")]
    assert [task["data"]["text"] for task in found.tasks] == ["one"]


GOOD = table({"text": [f"Some text {n}" for n in range(5000)]}, compression="none", row_group_size=1000)


@pytest.mark.parametrize(
    ("data", "code", "where"),
    [
        (GOOD[:-100], "bad-parquet", f"byte {len(GOOD) - 103}"),
        (GOOD[:5], "bad-parquet", "byte 2"),
        (GOOD[:4] + GOOD[-9:], "bad-parquet", "byte 6"),
        (GOOD[:-200] + b"\xff" * 190 + GOOD[-10:], "bad-parquet", "row 1"),
        (b"text\none\n", "not-parquet", "byte 1"),
        (b"PARE" + GOOD[4:-4] + b"PARE", "encrypted", "the whole file"),
    ],
    ids=["cut off", "hardly begun", "without its middle", "with a broken footer", "text", "encrypted"],
)
def test_what_is_no_table_says_where_and_the_way_out(data: bytes, code: str, where: str) -> None:
    found = read(data)
    (told,) = found.refused
    assert (found.tasks, told["code"], told["where"]) == ([], code, where)
    assert told["hint"]
    assert "a.parquet" in told["message"]


def test_rows_before_a_damaged_place_are_read() -> None:
    at = GOOD.index(b"Some text 3000")
    found = read(GOOD[: at - 60] + b"\xff" * 60 + GOOD[at:])
    assert 2000 <= len(found.tasks) <= 3000
    assert found.refused[0]["where"] == f"row {len(found.tasks) + 1}"


class _Keys(encryption.KmsClient):  # type: ignore[misc]
    def __init__(self, _: object) -> None:
        super().__init__()

    def wrap_key(self, key_bytes: bytes, _: str) -> bytes:
        return base64.b64encode(key_bytes)


@pytest.mark.parametrize("open_footer", [True, False])
def test_an_encrypted_table_is_told_as_one(open_footer: bool) -> None:
    keys = encryption.EncryptionConfiguration(footer_key="k", column_keys={"c": ["text"]}, plaintext_footer=open_footer)
    made = encryption.CryptoFactory(_Keys).file_encryption_properties(encryption.KmsConnectionConfig(), keys)
    rows, out = pa.table({"text": ["one"]}), io.BytesIO()
    with pq.ParquetWriter(out, rows.schema, encryption_properties=made) as writer:
        writer.write_table(rows)
    (told,) = read(out.getvalue()).refused
    assert "encrypted" in told["message"]


def test_a_file_of_any_kind_of_damage_never_raises() -> None:
    for place in range(4, len(GOOD), len(GOOD) // 40):
        read(GOOD[:place] + bytes([GOOD[place] ^ 0x5A]) + GOOD[place + 1 :])


def test_a_large_table_is_read_a_few_rows_at_a_time(tmp_path: Any) -> None:
    place = tmp_path / "large.parquet"
    schema = pa.schema({"text": pa.string()})
    with pq.ParquetWriter(place, schema) as writer:
        for part in range(4):
            writer.write_table(pa.table({"text": [f"Text {part} {n}" for n in range(50_000)]}, schema))
    with place.open("rb") as file:
        rows = parquet.Rows("large.parquet", file, TaskReader(ANY))
        found = rows.read()
        assert next(found) == ("row 1", {"text": "Text 0 0"})
        assert rows.done() < place.stat().st_size / 2
        assert sum(1 for _ in found) == 199_999
        assert rows.done() == place.stat().st_size
        again = parquet.Rows("large.parquet", file, TaskReader(ANY)).read(start=150_001)
        assert next(again) == ("row 150002", {"text": "Text 3 1"})


def test_what_is_read_can_be_stored_as_json() -> None:
    found = read(table({"a": [float("nan")], "b": [{"c": [MOMENT]}]}))
    assert json.loads(json.dumps(found.tasks)) == found.tasks
