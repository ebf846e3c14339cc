"""The table of tasks: what is written is what is read, and filters find what a loop over the tasks would find."""

from __future__ import annotations

import json
import math
import zlib
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from labeling.table.asking import BadQuery
from labeling.table.columns import Row
from labeling.table.counting import counts, ordered
from labeling.table.matching import reader
from labeling.table.query import select
from labeling.table.reading import BadBlock, Codes, Data, Lists, Table
from labeling.table.writing import MAGIC, block

STATES = ("new", "working", "agreed", "disagree")
LABELS = ("mood: Calm", "mood: Busy", "box: Car")
RUNNING = [f"A text of its own that goes on and on, number {n}." for n in range(60)]


def row(inner: int, **members: Any) -> Row:
    made: dict[str, Any] = {
        "id": 1000 + inner * 3,
        "inner": inner,
        "state": STATES[inner % 4],
        "agreement": None if inner % 4 == 0 else (inner % 11) / 10,
        "score": (inner * 7919 % 10_001) / 10_000,
        "done": inner % 4,
        "people": [7, 9, 12][: inner % 4],
        "labels": [label for n, label in enumerate(LABELS) if inner >> n & 1],
        "created": 1_790_000_000,
        "updated": 1_790_000_000 + inner * 37 % 5000,
        "data": {"city": ("Oslo", "Rom", "Łódź", "")[inner % 4], "size": inner / 4, "text": RUNNING[inner % 60]},
    }
    return {**made, **members}  # type: ignore[typeddict-item]


def table(rows: list[Row], of: int = 16) -> Table:
    made = Table()
    for number, start in enumerate(range(0, len(rows), of)):
        made.put(number, block(rows[start : start + of]))
    return made


ROWS = [row(inner) for inner in range(1, 101)]
TABLE = table(ROWS)


def found(query: dict[str, Any] | None, of: Table = TABLE) -> list[int]:
    return [int(inner) for inner in of.inner[select(of, query).yes]]


def test_what_is_written_is_what_is_read() -> None:
    assert TABLE.inner.tolist() == list(range(1, 101))
    assert TABLE.column("id").tolist() == [r["id"] for r in ROWS]  # type: ignore[union-attr]
    agreement = TABLE.column("agreement")
    assert [None if math.isnan(v) else v for v in agreement.tolist()] == [r["agreement"] for r in ROWS]  # type: ignore[union-attr]
    state, people, size = TABLE.column("state"), TABLE.column("people"), TABLE.column("data.size")
    assert isinstance(state, Codes)
    assert [state.names[n] for n in state.of] == [r["state"] for r in ROWS]
    assert isinstance(people, Lists)
    assert [[people.names[n] for n in part] for part in np.split(people.of, people.starts[1:-1])] == [
        r["people"] for r in ROWS
    ]
    assert isinstance(size, Data)
    assert size.number.tolist() == [inner / 4 for inner in range(1, 101)]
    assert TABLE.fields == ["city", "size", "text"]


def test_running_text_is_not_in_it_but_its_length_is() -> None:
    text = table([row(n, data={"text": f"{RUNNING[n % 60]} {n}" * 3}) for n in range(1, 50)]).column("data.text")
    assert isinstance(text, Data)
    assert text.code.names == []
    assert text.length.min() > 100
    assert text.running.all()


def q(column: str, operator: str, value: Any) -> dict[str, Any]:
    return {"column": column, "operator": operator, "value": value}


QUERIES: dict[str, tuple[dict[str, Any], Callable[[Any], bool]]] = {
    "a state": (q("state", "equal", "agreed"), lambda r: r["state"] == "agreed"),
    "not a state": (q("state", "not_equal", "new"), lambda r: r["state"] != "new"),
    "some states": (q("state", "in_list", ["new", "agreed"]), lambda r: r["state"] in ("new", "agreed")),
    "low agreement": (q("agreement", "less", 0.3), lambda r: r["agreement"] is not None and r["agreement"] < 0.3),
    "no agreement": (q("agreement", "empty", True), lambda r: r["agreement"] is None),
    "a person": (q("people", "contains", 9), lambda r: 9 in r["people"]),
    "not a person": (q("people", "not_contains", 9), lambda r: 9 not in r["people"]),
    "nobody": (q("people", "empty", True), lambda r: not r["people"]),
    "a label": (q("labels", "equal", "mood: Busy"), lambda r: "mood: Busy" in r["labels"]),
    "part of a label": (q("labels", "contains", "MOOD"), lambda r: "mood" in " ".join(r["labels"])),
    "between": (
        q("updated", "in", {"min": 1_790_000_100, "max": 1_790_002_000}),
        lambda r: 100 <= r["updated"] - 1_790_000_000 <= 2000,
    ),
    "a field's text": (q("data.city", "contains", "łÓD"), lambda r: r["data"]["city"] == "Łódź"),
    "a field's number": (q("data.size", "greater_or_equal", "12.5"), lambda r: r["data"]["size"] >= 12.5),
    "an empty field": (q("data.city", "empty", True), lambda r: not r["data"]["city"]),
    "a filled field": (q("data.city", "empty", False), lambda r: bool(r["data"]["city"])),
    "how long": (q("length.text", "greater", 50), lambda r: len(r["data"]["text"]) > 50),
    "both": (
        {"and": [q("done", "greater", 1), q("state", "equal", "disagree")]},
        lambda r: r["done"] > 1 and r["state"] == "disagree",
    ),
    "one of": (
        {"or": [q("done", "equal", 0), {"not": q("score", "less", 0.9)}]},
        lambda r: r["done"] == 0 or r["score"] >= 0.9,
    ),
    "all": ({}, lambda _: True),
}


@pytest.mark.parametrize("case", QUERIES.values(), ids=QUERIES.keys())
def test_a_filter_finds_what_a_loop_over_the_tasks_finds(case: tuple[dict[str, Any], Any]) -> None:
    query, wanted = case
    expected = [r["inner"] for r in ROWS if wanted(r)]
    assert found(query) == expected
    assert found({"not": query} if query else {"not": {"and": []}}) == [r["inner"] for r in ROWS if not wanted(r)]
    assert not select(TABLE, query).maybe.any()
    assert [r["inner"] for r in ROWS if reader(query)(r)] == expected


def test_what_only_the_texts_can_tell_is_said_to_be_unknown() -> None:
    of = table([row(n, data={"text": RUNNING[n % 60] if n < 50 else ""}) for n in range(1, 100)], of=99)
    contains = {"column": "data.text", "operator": "contains", "value": "number 7"}
    asked = select(of, contains)
    assert not asked.yes.any()
    assert asked.maybe.sum() == 49
    few = select(of, {"and": [contains, {"column": "inner", "operator": "less", "value": 11}]})
    assert few.maybe.sum() == 10
    sure = select(of, {"or": [contains, {"column": "inner", "operator": "less", "value": 11}]})
    assert (sure.yes.sum(), sure.maybe.sum()) == (10, 39)
    assert select(of, {"column": "data.text", "operator": "empty", "value": False}).yes.sum() == 49
    rows = [row(n, data={"text": RUNNING[n % 60] if n < 50 else ""}) for n in range(1, 100)]
    assert [r["inner"] for r in rows if reader(contains)(r)] == [7]


BAD = {
    "no column": ({"column": "colour", "operator": "equal", "value": 1}, "query", "no column 'colour'"),
    "no operator": ({"and": [{"column": "state", "operator": "is", "value": 1}]}, "query.and[0]", "no operator"),
    "no number": ({"column": "done", "operator": "less", "value": "many"}, "query", "no number"),
    "no range": ({"not": {"column": "done", "operator": "in", "value": 3}}, "query.not", "min and max"),
    "two in one": ({"and": [], "or": []}, "query", "column, operator and value"),
    "no object": ({"or": ["state"]}, "query.or[0]", "must be an object"),
    "empty list": ({"column": "state", "operator": "in_list", "value": []}, "query", "something in it"),
}


@pytest.mark.parametrize(("query", "where", "said"), BAD.values(), ids=BAD.keys())
def test_a_query_that_is_not_understood_is_named_with_its_place(query: Any, where: str, said: str) -> None:
    with pytest.raises(BadQuery) as caught:
        select(TABLE, query)
    assert caught.value.where == where
    assert said in caught.value.message
    with pytest.raises(BadQuery) as again:
        reader(query)
    assert (again.value.where, again.value.message) == (where, caught.value.message)


def test_a_query_is_not_read_for_ever() -> None:
    deep: dict[str, Any] = {"column": "done", "operator": "equal", "value": 1}
    for _ in range(9):
        deep = {"not": deep}
    with pytest.raises(BadQuery, match="deep"):
        select(TABLE, deep)
    with pytest.raises(BadQuery, match="At most 100"):
        select(TABLE, {"or": [{"column": "done", "operator": "equal", "value": n} for n in range(101)]})


def test_rows_are_ordered_with_what_is_missing_last_either_way() -> None:
    everything = np.arange(len(TABLE))
    up = [ROWS[n]["agreement"] for n in ordered(TABLE, everything, ["agreement"])]
    down = [ROWS[n]["agreement"] for n in ordered(TABLE, everything, ["-agreement"])]
    known = sorted(r["agreement"] for r in ROWS if r["agreement"] is not None)
    assert up == known + [None] * 25
    assert down == known[::-1] + [None] * 25
    by_two = [ROWS[n] for n in ordered(TABLE, everything, ["data.city", "-updated"])]
    filled = [r for r in ROWS if r["data"]["city"]]
    wanted = sorted(filled, key=lambda r: (str(r["data"]["city"]).casefold(), -r["updated"], r["inner"]))
    assert [r["inner"] for r in by_two[: len(filled)]] == [r["inner"] for r in wanted]


def test_values_are_counted_and_numbers_in_bins_of_a_round_width() -> None:
    everything = np.arange(len(TABLE))
    assert counts(TABLE, everything, "state").values == [("working", 25), ("agreed", 25), ("disagree", 25), ("new", 25)]
    assert dict(counts(TABLE, everything, "labels").values) == {
        label: sum(label in r["labels"] for r in ROWS) for label in LABELS
    }
    agreement = counts(TABLE, everything, "agreement", bins=10)
    assert agreement.without == 25
    assert sum(n for _, _, n in agreement.bins) == 75
    assert {round(high - low, 6) for low, high, _ in agreement.bins} == {0.1}
    ten = counts(
        TABLE, np.flatnonzero(select(TABLE, {"column": "inner", "operator": "less", "value": 11}).yes), "people"
    )
    assert (ten.values, ten.without) == ([(7, 8), (9, 5), (12, 2)], 2)


def test_changes_are_seen_at_once_and_end_with_a_block_that_has_them() -> None:
    of = table(ROWS)
    of.change(
        [{"inner": 4, "state": "verified", "agreement": 0.5, "people": [7, 99], "done": 2, "labels": ["new: One"]}]
    )
    of.change([{"inner": 4, "agreement": None}, {"inner": 5000, "state": "agreed"}])
    assert found({"column": "state", "operator": "equal", "value": "verified"}, of) == [4]
    assert found({"column": "people", "operator": "contains", "value": 99}, of) == [4]
    assert found({"column": "labels", "operator": "contains", "value": "One"}, of) == [4]
    assert 4 in found({"column": "agreement", "operator": "empty", "value": True}, of)
    people = of.column("people")
    assert isinstance(people, Lists)
    assert [people.names[n] for n in people.of[people.starts[4] : people.starts[5]]] == ROWS[4]["people"]
    of.put(0, block(ROWS[:16]))
    assert found({"column": "state", "operator": "equal", "value": "verified"}, of) == []


def test_a_field_that_changes_its_kind_between_blocks_keeps_each() -> None:
    rows = [row(n, data={"x": n}) for n in range(1, 9)] + [row(n, data={"x": f"v{n % 2}"}) for n in range(9, 17)]
    of = table([*rows, *(row(n, data={"y": True}) for n in range(17, 25))], of=8)
    assert found({"column": "data.x", "operator": "greater", "value": 6}, of) == [7, 8]
    assert found({"column": "data.x", "operator": "equal", "value": "v1"}, of) == [9, 11, 13, 15]
    assert found({"column": "data.y", "operator": "equal", "value": True}, of) == list(range(17, 25))
    assert found({"column": "data.x", "operator": "empty", "value": True}, of) == list(range(17, 25))


def test_no_tasks_is_a_table_too() -> None:
    for of in (Table(), table([])):
        assert found({"column": "state", "operator": "equal", "value": "new"}, of) == []
        assert ordered(of, np.arange(0), ["-updated", "labels"]).tolist() == []
        assert counts(of, np.arange(0), "score").bins == []


def test_rows_out_of_order_are_refused() -> None:
    with pytest.raises(ValueError, match="order of inner"):
        block([row(2), row(1)])


def forged(size: int, body: bytes) -> bytes:
    """A block of two rows whose one column says that it has so many numbers."""
    part = {"name": "inner", "part": "whole", "type": "B", "at": 0, "size": size}
    header = json.dumps({"rows": 2, "parts": [part]}).encode()
    return MAGIC + zlib.compress(len(header).to_bytes(4, "little") + header + body)


BROKEN = {
    "nothing": b"",
    "another file": b"PK\x03\x04" + bytes(40),
    "cut off": block(ROWS[:9])[:-20],
    "no header": MAGIC + zlib.compress(b"\x04\x00\x00\x00null"),
    "a column that is too short": forged(2, b"\x01"),
    "a column of another length": forged(1, b"\x01"),
}


@pytest.mark.parametrize("data", BROKEN.values(), ids=BROKEN.keys())
def test_bytes_that_are_no_block_are_refused(data: bytes) -> None:
    of = table(ROWS)
    with pytest.raises(BadBlock):
        of.put(0, data)
    assert len(of) == 100


values = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=100), st.lists(st.integers(), max_size=3)
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.dictionaries(st.sampled_from("abc"), values, max_size=3), max_size=30))
def test_whatever_the_data_is_numbers_and_short_texts_are_found_again(data: list[dict[str, Any]]) -> None:
    of = table([{"id": n, "inner": n, "data": fields} for n, fields in enumerate(data, 1)], of=7)
    for n, fields in enumerate(data):
        for name, value in fields.items():
            column = of.column(f"data.{name}")
            assert isinstance(column, Data)
            match value:
                case bool():
                    assert column.code.names[column.code.of[n]] == str(value).lower()
                case int() | float() if abs(value) < 1e308:
                    assert column.number[n] == float(value)
                case str() if 0 < len(value) <= 80 and column.code.of[n] >= 0:
                    assert column.code.names[column.code.of[n]] == value
                case str() if len(value) > 80:
                    assert column.running[n]
