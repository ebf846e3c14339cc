"""What every storage adapter must do. An adapter's test class derives from StorageContract and gives three fixtures.

class TestEmbedded(StorageContract):
    @pytest.fixture()
    def store(self): ...     # .records .objects .jobs
    @pytest.fixture()
    def http(self, store): ...  # an httpx.Client that reaches the presigned addresses, relative ones too
    @pytest.fixture()
    def clock(self): ...     # the Clock that the store goes by
"""

from __future__ import annotations

import random
import threading
from dataclasses import replace
from typing import Any

import httpx
import pytest
from chalicelib.storage.ports import (
    ABSENT,
    Add,
    Check,
    Conflict,
    Delete,
    Job,
    NotFound,
    ObjectConflict,
    Put,
    Record,
)

RACERS = 16


def race(run: Any, racers: int = RACERS) -> list[Any]:
    """Run `run(i)` in threads that start together; results in order, exceptions as values."""
    gate = threading.Barrier(racers)
    results: list[Any] = [None] * racers

    def racer(i: int) -> None:
        gate.wait()
        try:
            results[i] = run(i)
        except Exception as error:
            results[i] = error

    threads = [threading.Thread(target=racer, args=(i,)) for i in range(racers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


class Clock:
    """Seconds since 1970 that pass only when told."""

    def __init__(self, now: float = 1_800_000_000.0) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


class StorageContract:
    # -- records: one

    def test_a_new_record_has_version_1_and_reads_back_as_it_was_written(self, store: Any) -> None:
        body = {"text": '日本 😀 " \\ \n', "n": 1, "f": 0.5, "none": None, "deep": {"list": [1, {"a": []}]}}
        assert store.records.transact([Put("P#1", "A", body, expect=ABSENT)]) == (1,)
        assert store.records.get("P#1", "A") == Record("P#1", "A", 1, body)

    def test_half_a_surrogate_pair_is_kept(self, store: Any) -> None:
        store.records.transact([Put("P#1", "A", {"text": "x\ud83dé"})])
        assert store.records.get("P#1", "A").body == {"text": "x\ud83dé"}

    def test_a_record_that_is_not_there_is_none(self, store: Any) -> None:
        assert store.records.get("P#1", "A") is None

    def test_each_put_is_the_next_version(self, store: Any) -> None:
        for n in range(1, 4):
            store.records.transact([Put("P", "A", {"n": n})])
            assert store.records.get("P", "A") == Record("P", "A", n, {"n": n})

    @pytest.mark.parametrize(
        ("before", "operation", "found"),
        [
            pytest.param(1, Put("P", "A", {}, expect=ABSENT), 1, id="create what is there"),
            pytest.param(2, Put("P", "A", {}, expect=1), 2, id="put on an old version"),
            pytest.param(0, Put("P", "A", {}, expect=1), 0, id="put on what is not there"),
            pytest.param(2, Delete("P", "A", expect=1), 2, id="delete an old version"),
            pytest.param(0, Delete("P", "A", expect=3), 0, id="delete what is not there"),
            pytest.param(1, Delete("P", "A", expect=ABSENT), 1, id="delete what must not be there"),
            pytest.param(2, Check("P", "A", expect=3), 2, id="check another version"),
            pytest.param(1, Check("P", "A", expect=ABSENT), 1, id="check that nothing is there"),
        ],
    )
    def test_an_expectation_that_does_not_hold_is_a_conflict_and_changes_nothing(
        self, store: Any, before: int, operation: Any, found: int
    ) -> None:
        for n in range(before):
            store.records.transact([Put("P", "A", {"n": n})])
        was = store.records.get("P", "A")
        with pytest.raises(Conflict) as conflict:
            store.records.transact([operation])
        assert (conflict.value.pk, conflict.value.sk) == ("P", "A")
        assert (conflict.value.expected, conflict.value.found) == (operation.expect, found)
        assert store.records.get("P", "A") == was

    def test_expectations_that_hold_pass(self, store: Any) -> None:
        store.records.transact([Put("P", "A", {"n": 1}, expect=ABSENT), Check("P", "B", expect=ABSENT)])
        assert store.records.transact([Put("P", "A", {"n": 2}, expect=1)]) == (2,)
        assert store.records.transact([Check("P", "A", expect=2), Delete("P", "C", expect=ABSENT)]) == (0, 0)
        assert store.records.transact([Delete("P", "A", expect=2)]) == (0,)
        assert store.records.get("P", "A") is None

    def test_deleting_what_is_not_there_is_fine_without_an_expectation(self, store: Any) -> None:
        assert store.records.transact([Delete("P", "A")]) == (0,)

    def test_a_record_made_again_after_its_deletion_starts_at_version_1(self, store: Any) -> None:
        store.records.transact([Put("P", "A", {})])
        store.records.transact([Put("P", "A", {})])
        store.records.transact([Delete("P", "A")])
        assert store.records.transact([Put("P", "A", {}, expect=ABSENT)]) == (1,)

    def test_keys_that_differ_only_in_the_partition_are_different_records(self, store: Any) -> None:
        store.records.transact([Put("P#1", "A", {"n": 1}), Put("P#2", "A", {"n": 2})])
        assert [store.records.get(pk, "A").body["n"] for pk in ("P#1", "P#2")] == [1, 2]

    def test_get_many_gives_what_exists(self, store: Any) -> None:
        store.records.transact([Put("P", f"{n:02}", {"n": n}) for n in range(20)])
        asked = [("P", f"{n:02}") for n in range(15, 25)] + [("Q", "00")]
        found = store.records.get_many(asked)
        assert {key: record.body["n"] for key, record in found.items()} == {("P", f"{n}"): n for n in range(15, 20)}
        assert store.records.get_many([]) == {}

    @pytest.mark.parametrize(
        "operations",
        [
            pytest.param([Put("P", f"{n}", {}) for n in range(26)], id="26 operations"),
            pytest.param([Put("P", "A", {}), Delete("P", "A")], id="a key twice"),
            pytest.param([Put("P", "", {})], id="an empty sort key"),
            pytest.param([Put("", "A", {})], id="an empty partition key"),
            pytest.param([Put("P", "A", {"n": float("nan")})], id="a number that JSON does not have"),
            pytest.param([Add("P", "A", {"n": 0.5})], id="adding half a point"),
        ],
    )
    def test_what_a_store_cannot_take_is_refused_before_anything_is_written(
        self, store: Any, operations: list[Any]
    ) -> None:
        with pytest.raises(ValueError, match=r".+"):
            store.records.transact(operations)
        assert store.records.query("P").records == ()

    # -- records: several

    def test_a_transaction_is_all_or_nothing(self, store: Any) -> None:
        store.records.transact([Put("P", "B", {"old": True})])
        with pytest.raises(Conflict):
            store.records.transact(
                [
                    Put("P", "A", {"new": True}, expect=ABSENT),
                    Delete("P", "B"),
                    Add("P", "N", {"n": 5}),
                    Check("P", "C", expect=1),
                ]
            )
        assert [record.sk for record in store.records.query("P").records] == ["B"]

    def test_a_transaction_answers_the_versions_that_the_expectations_tell(self, store: Any) -> None:
        store.records.transact([Put("P", "A", {}), Put("P", "D", {}), Put("P", "K", {})])
        operations = [
            Put("P", "A", {}, expect=1),
            Put("P", "B", {}),
            Delete("P", "D"),
            Check("P", "K", 1),
            Add("P", "N", {"n": 1}),
            Put("P", "O", {}, expect=ABSENT),
        ]
        assert store.records.transact(operations) == (2, 0, 0, 0, 0, 1)
        assert {record.sk: record.version for record in store.records.query("P").records} == {
            "A": 2, "B": 1, "K": 1, "N": 1, "O": 1,
        }  # fmt: skip

    def test_an_empty_transaction_does_nothing(self, store: Any) -> None:
        assert store.records.transact([]) == ()

    def test_25_operations_fit(self, store: Any) -> None:
        assert store.records.transact([Put("P", f"{n:02}", {}, expect=ABSENT) for n in range(25)]) == (1,) * 25

    # -- records: queries

    def test_a_query_gives_one_partition_in_code_point_order(self, store: Any) -> None:
        keys = ["B", "a", "A#10", "A#9", "é", "😀", "\uffff", "Z"]
        store.records.transact([*(Put("P", key, {}) for key in keys), Put("Q", "A", {})])
        assert [record.sk for record in store.records.query("P").records] == sorted(keys)
        assert [record.sk for record in store.records.query("P", reverse=True).records] == sorted(keys, reverse=True)

    @pytest.mark.parametrize(
        ("prefix", "expected"),
        [
            pytest.param("TASK#1", ["TASK#1", "TASK#1#A", "TASK#10"], id="plain"),
            pytest.param("TASK#1#", ["TASK#1#A"], id="closed by a separator"),
            pytest.param("X", [], id="nothing"),
            pytest.param("Ü\ud7ff", ["Ü\ud7ff", "Ü\ud7ff1"], id="before the surrogates"),
            pytest.param("\U0010ffff", ["\U0010ffff", "\U0010ffffa"], id="last code point"),
        ],
    )
    def test_a_prefix_query_gives_what_starts_with_it(self, store: Any, prefix: str, expected: list[str]) -> None:
        keys = ["TASK", "TASK#1", "TASK#1#A", "TASK#10", "TASK#2", "TASK$", "Ü\ud7ff", "Ü\ud7ff1", "Ü\ue000"]
        store.records.transact([Put("P", key, {}) for key in [*keys, "\U0010ffff", "\U0010ffffa"]])
        assert [record.sk for record in store.records.query("P", prefix).records] == expected
        backwards = store.records.query("P", prefix, reverse=True).records
        assert [record.sk for record in backwards] == expected[::-1]

    @pytest.mark.parametrize("reverse", [pytest.param(False, id="forwards"), pytest.param(True, id="backwards")])
    @pytest.mark.parametrize("limit", [1, 3, 10, 11, 100])
    def test_pages_join_to_the_whole(self, store: Any, limit: int, reverse: bool) -> None:
        store.records.transact([Put("P", f"T#{n:02}", {"n": n}) for n in range(11)] + [Put("P", "U", {})])
        seen, after, pages = [], None, 0
        while True:
            page = store.records.query("P", "T#", after=after, limit=limit, reverse=reverse)
            assert len(page.records) <= limit
            seen += [record.body["n"] for record in page.records]
            pages += 1
            if page.cursor is None:
                break
            after = page.cursor
        assert seen == (list(range(11))[::-1] if reverse else list(range(11)))
        assert pages == -(-11 // limit)

    def test_a_query_goes_on_after_any_sort_key(self, store: Any) -> None:
        store.records.transact([Put("P", f"T#{n}", {}) for n in range(5)])
        page = store.records.query("P", "T#", after="T#2x")
        assert [record.sk for record in page.records] == ["T#3", "T#4"]

    def test_a_page_goes_on_where_it_stopped_although_records_come_and_go(self, store: Any) -> None:
        store.records.transact([Put("P", f"{n}", {}) for n in range(6)])
        first = store.records.query("P", limit=3)
        store.records.transact([Delete("P", "2"), Put("P", "10", {}), Put("P", "31", {})])
        rest = store.records.query("P", after=first.cursor, limit=10)
        assert [record.sk for record in rest.records] == ["3", "31", "4", "5"]

    # -- counters

    def test_add_makes_a_counter_at_0_and_gives_its_new_members(self, store: Any) -> None:
        assert store.records.add("P", "N", {"id": 1}) == {"id": 1}
        assert store.records.add("P", "N", {"id": 10, "other": -2}) == {"id": 11, "other": -2}
        assert store.records.get("P", "N").body == {"id": 11, "other": -2}

    def test_adds_commute_and_none_is_lost(self, store: Any) -> None:
        def run(i: int) -> None:
            for n in range(20):
                if n % 2:
                    store.records.add("P", "N", {"a": 1})
                else:
                    store.records.transact([Add("P", "N", {"a": 1, "b": i}), Put("P", f"R#{i}#{n}", {})])

        assert race(run) == [None] * RACERS
        assert store.records.get("P", "N").body == {"a": 20 * RACERS, "b": 10 * sum(range(RACERS))}

    def test_ids_handed_out_by_racing_adds_are_all_different(self, store: Any) -> None:
        got = race(lambda _: [store.records.add("P", "N", {"id": 1})["id"] for _ in range(20)])
        assert sorted(id_ for ids in got for id_ in ids) == list(range(1, 20 * RACERS + 1))

    # -- records: those that end

    def ended(self, store: Any, clock: Clock) -> None:
        """P/A and P/B as they were before their end, P/C without one; then their time is over."""
        store.records.transact([Put("P", "A", {"n": 1}, expires_at=int(clock.now) + 10)])
        store.records.transact([Put("P", "A", {"n": 2}, expires_at=int(clock.now) + 10)])
        store.records.transact([Put("P", "B", {"n": 7}, expires_at=int(clock.now) + 10), Put("P", "C", {"n": 1})])
        clock.now += 9
        assert [record.sk for record in store.records.query("P").records] == ["A", "B", "C"]
        clock.now += 1

    def test_a_record_counts_as_absent_from_its_end_on(self, store: Any, clock: Clock) -> None:
        self.ended(store, clock)
        assert store.records.get("P", "A") is None
        assert list(store.records.get_many([("P", "A"), ("P", "B"), ("P", "C")])) == [("P", "C")]
        assert [record.sk for record in store.records.query("P").records] == ["C"]
        page = store.records.query("P", limit=1)
        assert ([record.sk for record in page.records], page.cursor) == (["C"], None)

    @pytest.mark.parametrize(
        "operation",
        [
            pytest.param(Put("P", "A", {}, expect=2), id="put on its version"),
            pytest.param(Delete("P", "A", expect=2), id="delete at its version"),
            pytest.param(Check("P", "A", expect=2), id="check of its version"),
        ],
    )
    @pytest.mark.parametrize("more", [[], [Put("P", "D", {})]], ids=["alone", "with others"])
    def test_what_is_over_has_no_version(self, store: Any, clock: Clock, operation: Any, more: list[Any]) -> None:
        self.ended(store, clock)
        with pytest.raises(Conflict) as conflict:
            store.records.transact([operation, *more])
        assert (conflict.value.expected, conflict.value.found) == (2, 0)
        assert [record.sk for record in store.records.query("P").records] == ["C"]

    @pytest.mark.parametrize(
        ("operation", "body"),
        [
            pytest.param(Put("P", "A", {"new": 1}, expect=ABSENT), {"new": 1}, id="create"),
            pytest.param(Put("P", "A", {"new": 1}), {"new": 1}, id="write over"),
            pytest.param(Delete("P", "A", expect=ABSENT), None, id="delete"),
            pytest.param(Check("P", "A", expect=ABSENT), None, id="check"),
            pytest.param(Add("P", "A", {"n": 5}), {"n": 5}, id="add"),
        ],
    )
    @pytest.mark.parametrize("more", [[], [Put("P", "D", {})]], ids=["alone", "with others"])
    def test_what_is_over_can_be_made_again_and_then_has_no_end(
        self, store: Any, clock: Clock, operation: Any, body: Any, more: list[Any]
    ) -> None:
        self.ended(store, clock)
        store.records.transact([operation, *more])
        clock.now += 1000
        found = store.records.get("P", "A")
        assert (found and found.body) == body

    def test_a_counter_that_is_over_starts_at_0_and_one_that_is_not_goes_on(self, store: Any, clock: Clock) -> None:
        self.ended(store, clock)
        assert store.records.add("P", "A", {"n": 3}) == {"n": 3}
        store.records.transact([Put("P", "E", {"n": 4, "x": "y"}, expires_at=int(clock.now) + 10)])
        assert store.records.add("P", "E", {"n": 3}) == {"n": 7}
        clock.now += 1000
        assert store.records.get("P", "E").body == {"n": 7, "x": "y"}

    # -- records: bodies of every size

    def test_a_body_of_ten_thousand_regions_reads_back_however_it_is_asked_for(self, store: Any) -> None:
        chance = random.Random(1)
        body = {
            "id": 1,
            "result": [{"id": f"r{n}", "x": chance.random(), "y": chance.random(), "é": "x"} for n in range(10_000)],
        }
        store.records.transact([Put("P", "A", body, expect=ABSENT), Put("P", "B", {})])
        assert store.records.get("P", "A").body == body
        assert store.records.get_many([("P", "A"), ("P", "B")])[("P", "A")].body == body
        assert store.records.query("P").records[0].body == body
        store.records.transact([Put("P", "A", {**body, "id": 2}, expect=1)])
        assert store.records.get("P", "A").body["id"] == 2
        with pytest.raises(Conflict):
            store.records.transact([Put("P", "A", {**body, "id": 3}, expect=1)])
        assert store.records.get("P", "A").body["id"] == 2
        store.records.transact([Put("P", "A", {"small": 1})])
        assert store.records.get("P", "A").body == {"small": 1}

    def test_many_long_bodies_fit_into_one_transaction(self, store: Any) -> None:
        chance = random.Random(2)
        bodies = {f"{n:02}": {"text": chance.randbytes(150_000).hex()} for n in range(25)}
        store.records.transact([Put("P", sk, body, expect=ABSENT) for sk, body in bodies.items()])
        assert {record.sk: record.body for record in store.records.query("P").records} == bodies

    def test_records_are_loaded_over_what_is_there(self, store: Any, clock: Clock) -> None:
        store.records.transact([Put("P", "007", {"old": True}), Add("P", "008", {"n": 1})])
        store.records.load([Put("P", f"{n:03}", {"n": n, "t": "x" * n}) for n in range(60)])
        store.records.load([Put("P", "end", {}, expires_at=int(clock.now) + 5)])
        store.records.load([])
        rows = store.records.query("P", "0").records
        assert [(row.sk, row.version, row.body) for row in rows] == [
            (f"{n:03}", 1, {"n": n, "t": "x" * n}) for n in range(60)
        ]
        clock.now += 5
        assert store.records.get("P", "end") is None

    def test_a_put_over_a_counter_leaves_nothing_of_it(self, store: Any) -> None:
        store.records.add("P", "N", {"old": 5, "both": 1})
        store.records.transact([Put("P", "N", {"both": 10})])
        assert store.records.get("P", "N") == Record("P", "N", 2, {"both": 10})
        store.records.transact([Add("P", "N", {"both": 1}), Put("P", "M", {})])
        assert store.records.get("P", "N") == Record("P", "N", 3, {"both": 11})
        store.records.transact([Put("P", "N", {"other": 1}), Put("P", "M", {})])
        assert store.records.get("P", "N") == Record("P", "N", 4, {"other": 1})
        assert store.records.transact([Put("P", "N", {}, expect=4)]) == (5,)
        assert store.records.add("P", "N", {"both": 2}) == {"both": 2}

    # -- races

    def test_of_16_writers_on_one_version_exactly_one_wins_each_round(self, store: Any) -> None:
        store.records.transact([Put("P", "A", {"by": None}, expect=ABSENT)])
        for version in range(1, 11):
            results = race(
                lambda i, version=version: store.records.transact([Put("P", "A", {"by": i}, expect=version)])
            )
            winners = [i for i, result in enumerate(results) if result == (version + 1,)]
            assert len(winners) == 1
            assert sum(isinstance(result, Conflict) for result in results) == RACERS - 1
            assert store.records.get("P", "A") == Record("P", "A", version + 1, {"by": winners[0]})

    def test_of_16_creators_exactly_one_wins_and_the_losers_leave_nothing(self, store: Any) -> None:
        results = race(
            lambda i: store.records.transact([Put("P", f"MINE#{i}", {}), Put("P", "ONE", {"by": i}, expect=ABSENT)])
        )
        [winner] = [i for i, result in enumerate(results) if not isinstance(result, Exception)]
        assert [record.sk for record in store.records.query("P").records] == [f"MINE#{winner}", "ONE"]
        assert store.records.get("P", "ONE").body == {"by": winner}

    def test_transfers_between_counters_never_show_half(self, store: Any) -> None:
        """A reader of both sides in one transaction's record sees the sum unchanged."""
        store.records.transact([Put("P", "A", {"n": 100}, expect=ABSENT)])

        def run(i: int) -> int:
            moved = 0
            while moved < 5:
                now = store.records.get("P", "A")
                try:
                    store.records.transact(
                        [Put("P", "A", {"n": now.body["n"] - 1}, expect=now.version), Add("P", "B", {"n": 1})]
                    )
                    moved += 1
                except Conflict:
                    continue
            return moved

        assert race(run) == [5] * RACERS
        assert (store.records.get("P", "A").body["n"], store.records.get("P", "B").body["n"]) == (20, 80)

    # -- objects

    def test_an_object_reads_back_with_its_description(self, store: Any) -> None:
        data = bytes(range(256)) * 5000
        info = store.objects.put("uploads/1/photo é.jpg", data, content_type="image/jpeg")
        assert store.objects.get("uploads/1/photo é.jpg") == data
        assert b"".join(store.objects.stream("uploads/1/photo é.jpg", 100_000)) == data
        assert store.objects.head("uploads/1/photo é.jpg") == info
        assert (info.key, info.size, info.content_type) == ("uploads/1/photo é.jpg", len(data), "image/jpeg")

    def test_an_empty_object_is_an_object(self, store: Any) -> None:
        store.objects.put("empty", b"", content_type="text/plain")
        assert store.objects.get("empty") == b""
        assert list(store.objects.stream("empty")) == []

    @pytest.mark.parametrize("read", ["get", "stream"])
    def test_an_object_that_is_not_there_is_not_found(self, store: Any, read: str) -> None:
        with pytest.raises(NotFound):
            getattr(store.objects, read)("nothing")
        assert store.objects.head("nothing") is None

    def test_equal_bytes_have_equal_etags_and_others_have_others(self, store: Any) -> None:
        etags = [
            store.objects.put(key, data, content_type="a/b").etag
            for key, data in (("a", b"1"), ("b", b"1"), ("c", b"2"))
        ]
        assert etags[0] == etags[1] != etags[2]

    def test_if_absent_creates_once(self, store: Any) -> None:
        store.objects.put("a", b"1", content_type="a/b", if_absent=True)
        with pytest.raises(Conflict):
            store.objects.put("a", b"2", content_type="a/b", if_absent=True)
        assert store.objects.get("a") == b"1"

    def test_if_match_replaces_only_what_one_has_seen(self, store: Any) -> None:
        first = store.objects.put("a", b"1", content_type="a/b")
        second = store.objects.put("a", b"2", content_type="c/d", if_match=first.etag)
        with pytest.raises(ObjectConflict) as conflict:
            store.objects.put("a", b"3", content_type="a/b", if_match=first.etag)
        assert conflict.value.found_etag == second.etag
        with pytest.raises(Conflict):
            store.objects.put("b", b"3", content_type="a/b", if_match=first.etag)
        assert (store.objects.get("a"), store.objects.head("a").content_type) == (b"2", "c/d")
        assert store.objects.head("b") is None

    def test_of_16_creators_of_an_object_exactly_one_wins(self, store: Any) -> None:
        results = race(lambda i: store.objects.put("a", b"%d" % i, content_type="a/b", if_absent=True))
        [winner] = [i for i, result in enumerate(results) if not isinstance(result, Exception)]
        assert store.objects.get("a") == b"%d" % winner

    def test_readers_see_one_whole_version_while_others_write(self, store: Any) -> None:
        store.objects.put("a", b"0" * 200_000, content_type="a/b")

        def run(i: int) -> None:
            for n in range(8):
                if i % 2:
                    store.objects.put("a", b"%d" % (n % 10) * 200_000, content_type="a/b")
                else:
                    data = store.objects.get("a")
                    assert len(data) == 200_000
                    assert len(set(data)) == 1

        assert race(run) == [None] * RACERS

    @pytest.mark.parametrize(("start", "expected"), [(0, b"0123456789"), (7, b"789"), (10, b"")], ids=str)
    def test_an_object_is_read_from_a_byte_on(self, store: Any, start: int, expected: bytes) -> None:
        store.objects.put("a", b"0123456789", content_type="a/b")
        assert b"".join(store.objects.stream("a", 4, start=start)) == expected

    def test_an_object_from_pieces_is_one_object(self, store: Any) -> None:
        whole = bytes(range(256)) * 4096
        info = store.objects.put_stream("a", (whole for _ in range(20)), content_type="a/b")
        assert (info.size, info.content_type) == (20 * len(whole), "a/b")
        assert store.objects.head("a") == info
        assert b"".join(store.objects.stream("a")) == whole * 20
        assert store.objects.put_stream("b", iter([b"1", b"", b"2"]), content_type="a/b").size == 2
        assert store.objects.put_stream("c", iter([]), content_type="a/b").size == 0
        assert (store.objects.get("b"), store.objects.get("c")) == (b"12", b"")

    def test_pieces_that_break_off_leave_nothing(self, store: Any) -> None:
        def pieces() -> Any:
            yield b"x" * (20 << 20)
            raise RuntimeError("the source is gone")

        with pytest.raises(RuntimeError, match="the source is gone"):
            store.objects.put_stream("a", pieces(), content_type="a/b")
        assert store.objects.head("a") is None

    def test_a_deleted_object_is_gone_and_deleting_again_is_fine(self, store: Any) -> None:
        store.objects.put("a", b"1", content_type="a/b")
        store.objects.delete("a")
        store.objects.delete("a")
        assert store.objects.head("a") is None

    @pytest.mark.parametrize("limit", [1, 2, 5, 100])
    def test_listed_pages_join_to_the_whole(self, store: Any, limit: int) -> None:
        keys = ["p/1/a", "p/1/b/c", "p/10", "p/2", "q"]
        for key in keys:
            store.objects.put(key, key.encode(), content_type="a/b")
        seen, after = [], None
        while True:
            page, after = store.objects.list("p/", after=after, limit=limit)
            seen += [info.key for info in page]
            if after is None:
                break
        assert seen == keys[:4]
        assert [info.key for info in store.objects.list("p/1/")[0]] == ["p/1/a", "p/1/b/c"]
        assert store.objects.list("nothing/") == ((), None)

    @pytest.mark.parametrize(
        "key",
        ["", "/etc/passwd", "../up", "a/../../b", "a//b", "a/", ".", "a/./b", "a\\b", "a\x00b", "a\nb", "x" * 1025],
        ids=lambda key: repr(key)[:20],
    )
    def test_keys_that_could_mean_another_place_are_refused(self, store: Any, key: str) -> None:
        with pytest.raises(ValueError, match=r"an object's key"):
            store.objects.put(key, b"1", content_type="a/b")
        with pytest.raises(ValueError, match=r"an object's key"):
            store.objects.presign_get(key, expires_s=60)
        with pytest.raises(ValueError, match=r"an object's key"):
            store.objects.presign_upload(key, max_bytes=1, content_type="a/b", expires_s=60)

    # -- presigned addresses, over real HTTP

    def test_a_presigned_read_gives_the_object(self, store: Any, http: httpx.Client) -> None:
        store.objects.put("uploads/1/a b+é%?.txt", b"hello", content_type="text/plain")
        answer = http.get(store.objects.presign_get("uploads/1/a b+é%?.txt", expires_s=60))
        assert (answer.status_code, answer.content, answer.headers["content-type"]) == (200, b"hello", "text/plain")

    def test_a_presigned_read_can_name_type_and_file(self, store: Any, http: httpx.Client) -> None:
        store.objects.put("a", b"hello", content_type="text/plain")
        url = store.objects.presign_get("a", expires_s=60, content_type="text/csv", filename="Über 1.csv")
        answer = http.get(url)
        assert answer.headers["content-type"] == "text/csv"
        assert answer.headers["content-disposition"] == "attachment; filename*=UTF-8''%C3%9Cber%201.csv"

    def test_a_presigned_read_gives_a_part_when_asked(self, store: Any, http: httpx.Client) -> None:
        store.objects.put("a", bytes(range(100)), content_type="a/b")
        answer = http.get(store.objects.presign_get("a", expires_s=60), headers={"Range": "bytes=10-19"})
        assert (answer.status_code, answer.content) == (206, bytes(range(10, 20)))
        assert answer.headers["content-range"] == "bytes 10-19/100"

    def test_a_presigned_upload_stores_the_object(self, store: Any, http: httpx.Client) -> None:
        data = b"\x00\xff" * 700_000
        upload = store.objects.presign_upload(
            "uploads/é 1", max_bytes=len(data), content_type="image/png", expires_s=60
        )
        answer = self.send(http, upload, data)
        assert answer.is_success, answer.text
        assert store.objects.get("uploads/é 1") == data
        assert store.objects.head("uploads/é 1").content_type == "image/png"

    @pytest.mark.parametrize("streamed", [pytest.param(False, id="length known"), pytest.param(True, id="chunked")])
    def test_an_upload_over_its_limit_is_refused_and_leaves_nothing(
        self, store: Any, http: httpx.Client, streamed: bool
    ) -> None:
        upload = store.objects.presign_upload("a", max_bytes=1000, content_type="a/b", expires_s=60)
        data = b"x" * 1001
        answer = self.send(http, upload, iter([data[:500], data[500:]]) if streamed else data)
        assert 400 <= answer.status_code < 500
        assert store.objects.head("a") is None

    def test_an_upload_of_another_type_is_refused(self, store: Any, http: httpx.Client) -> None:
        upload = store.objects.presign_upload("a", max_bytes=1000, content_type="image/png", expires_s=60)
        if upload.method == "POST":
            other = replace(upload, fields={**upload.fields, "Content-Type": "text/html"})
        else:
            other = replace(upload, headers={**upload.headers, "Content-Type": "text/html"})
        answer = self.send(http, other, b"<script>")
        assert 400 <= answer.status_code < 500
        assert store.objects.head("a") is None

    def test_a_changed_address_is_refused(self, store: Any, http: httpx.Client) -> None:
        store.objects.put("a1", b"secret", content_type="a/b")
        store.objects.put("a2", b"other", content_type="a/b")
        url = httpx.URL(store.objects.presign_get("a1", expires_s=60))
        assert http.get(url).status_code == 200
        changed = [url.copy_with(path=url.path.replace("a1", "a2")), url.copy_with(query=None)]
        for name, value in url.params.multi_items():
            if name == "X-Amz-Algorithm":  # S3 refuses others, ministack does not look at them
                continue
            changed.append(url.copy_set_param(name, value[:-1] + ("0" if value[-1] != "0" else "1")))
        assert len(changed) > 3
        for other in changed:
            assert http.get(other).status_code in (400, 403), other

    def test_an_address_for_reading_does_not_write(self, store: Any, http: httpx.Client) -> None:
        store.objects.put("a", b"1", content_type="a/b")
        url = store.objects.presign_get("a", expires_s=60)
        assert http.put(url, content=b"2", headers={"Content-Type": "a/b"}).status_code == 403
        assert http.delete(url).status_code in (403, 405)
        assert store.objects.get("a") == b"1"

    def test_an_address_is_over_at_its_end(self, store: Any, clock: Clock, http: httpx.Client) -> None:
        store.objects.put("a", b"1", content_type="a/b")
        now, clock.now = clock.now, clock.now - 1000
        read = store.objects.presign_get("a", expires_s=100)
        upload = store.objects.presign_upload("b", max_bytes=10, content_type="a/b", expires_s=100)
        clock.now = now
        assert http.get(read).status_code == 403
        assert self.send(http, upload, b"1").status_code == 403
        assert store.objects.head("b") is None

    def test_an_address_stays_the_same_for_a_while(self, store: Any, clock: Clock) -> None:
        store.objects.put("a", b"1", content_type="a/b")
        clock.now = clock.now // 1000 * 1000 + 1
        first = store.objects.presign_get("a", expires_s=4000)
        clock.now += 998
        second = store.objects.presign_get("a", expires_s=4000)
        clock.now += 2
        assert first == second != store.objects.presign_get("a", expires_s=4000)

    def test_an_address_of_nothing_is_404(self, store: Any, http: httpx.Client) -> None:
        assert http.get(store.objects.presign_get("nothing", expires_s=60)).status_code == 404

    @staticmethod
    def send(http: httpx.Client, upload: Any, data: Any) -> httpx.Response:
        """Do what a browser does with an Upload."""
        if upload.method == "POST":
            whole = data if isinstance(data, bytes) else b"".join(data)
            return http.post(upload.url, data=dict(upload.fields), files={"file": whole}, headers=dict(upload.headers))
        return http.put(upload.url, content=data, headers=dict(upload.headers))

    # -- jobs

    def test_jobs_that_wait_are_counted(self, store: Any) -> None:
        assert store.jobs.counts() == {"waiting": 0, "dead": 0}
        for n in range(3):
            store.jobs.enqueue("nobody handles this", {"n": n}, delay_s=600)
        assert store.jobs.counts() == {"waiting": 3, "dead": 0}

    def test_a_job_reaches_the_handler_of_its_kind(self, store: Any) -> None:
        done: list[Job] = []
        ready = threading.Event()

        def handler(job: Job) -> None:
            done.append(job)
            ready.set()

        store.jobs.handle("other", lambda job: pytest.fail("a job of another kind"))
        store.jobs.handle("import", handler)
        id_ = store.jobs.enqueue("import", {"rows": [1, "é"]})
        assert ready.wait(30)
        assert done == [Job(id_, "import", {"rows": [1, "é"]}, 1)]

    def test_a_job_waits_for_its_handler(self, store: Any) -> None:
        ready = threading.Event()
        store.jobs.enqueue("late", {})
        store.jobs.handle("late", lambda job: ready.set())
        assert ready.wait(30)

    def test_a_job_that_makes_jobs_is_fine(self, store: Any) -> None:
        seen: list[int] = []
        ready = threading.Event()

        def handler(job: Job) -> None:
            seen.append(job.body["n"])
            if job.body["n"] < 5:
                store.jobs.enqueue("chain", {"n": job.body["n"] + 1})
            else:
                ready.set()

        store.jobs.handle("chain", handler)
        store.jobs.enqueue("chain", {"n": 1})
        assert ready.wait(30)
        assert seen == [1, 2, 3, 4, 5]
