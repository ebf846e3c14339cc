"""Label Studio's JSON exports: every key, streaming, and the way back in."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from labeling import imports
from labeling.exports import json_min, json_tasks
from labeling.exports.stream import CHUNK_BYTES, encode

Json = dict[str, Any]

PLAN = {
    "fields": [{"name": "text", "types": ["string"], "used_by": ["t"]}],
    "objects": [{"name": "t", "type": "text"}],
    "controls": [
        {"name": "mood", "type": "choices"},
        {"name": "tags", "type": "choices"},
        {"name": "note", "type": "textarea"},
        {"name": "stars", "type": "rating"},
        {"name": "box", "type": "rectanglelabels"},
    ],
}

# Keys of a task and of an annotation in the reference, section 17.
TASK_KEYS = {
    "id",
    "inner_id",
    "project",
    "data",
    "meta",
    "annotations",
    "predictions",
    "drafts",
    "created_at",
    "updated_at",
    "updated_by",
    "file_upload",
    "overlap",
    "is_labeled",
    "total_annotations",
    "cancelled_annotations",
    "total_predictions",
    "comment_count",
    "unresolved_comment_count",
    "comment_authors",
    "last_comment_updated_at",
    "allow_skip",
}
ANNOTATION_KEYS = {
    "id",
    "result",
    "completed_by",
    "was_cancelled",
    "ground_truth",
    "lead_time",
    "created_at",
    "updated_at",
    "draft_created_at",
    "result_count",
    "unique_id",
    "import_id",
    "task",
    "project",
    "updated_by",
    "parent_prediction",
    "parent_annotation",
    "prediction",
    "last_action",
    "last_created_by",
    "bulk_created",
}


def result(name: str, kind: str, **value: Any) -> Json:
    return {"id": f"id-{name}", "from_name": name, "to_name": "t", "type": kind, "value": value}


def stored(number: int = 17, **more: Any) -> Json:
    task = {
        "id": number,
        "inner_id": 3,
        "project": 2,
        "data": {"text": "Zoë 😀", "id": "mine", "mood": "raw"},
        "meta": {"a": 1},
        "created_at": "2026-05-01T10:00:00.000000Z",
        "updated_at": "2026-05-02T10:00:00.000000Z",
        "overlap": 2,
        "state": "agreed",
    }
    first = annotation(5, result("mood", "choices", choices=["Good"]), result("stars", "rating", rating=3))
    second = annotation(6, result("tags", "choices", choices=["A", "B"]), created_at="2026-05-02T00:00:00Z")
    skipped = annotation(7, was_cancelled=True)
    return {"task": task, "annotations": [first, second, skipped], **more}


def annotation(number: int, *results: Json, **more: Any) -> Json:
    base = {
        "id": number,
        "version": 2,
        "task": 17,
        "project": 2,
        "result": list(results),
        "completed_by": 40 + number,
        "was_cancelled": False,
        "ground_truth": False,
        "lead_time": 1.5,
        "created_at": "2026-05-01T00:00:00Z",
        "updated_at": "2026-05-01T00:00:01Z",
        "unique_id": "9f1c6f3e-0000-4000-8000-000000000000",
    }
    return {**base, **more}


def exported(rows: list[Json]) -> list[Json]:
    return json.loads(b"".join(json_tasks(rows)))


def test_a_task_has_every_key_of_label_studio() -> None:
    (task,) = exported([stored()])
    assert task.keys() == TASK_KEYS
    assert all(entry.keys() == ANNOTATION_KEYS | {"version"} for entry in task["annotations"])


def test_counters_and_states_are_derived() -> None:
    (task,) = exported([stored(predictions=[{"id": 1, "result": []}])])
    counters = ("total_annotations", "cancelled_annotations", "total_predictions", "is_labeled")
    assert [task[key] for key in counters] == [2, 1, 1, True]
    assert [entry["result_count"] for entry in task["annotations"]] == [2, 1, 0]


def test_the_consensus_is_an_extra_key_of_its_task() -> None:
    consensus = {
        "agreement": 0.5,
        "reason": None,
        "result": [result("mood", "choices", choices=["Good"])],
        "controls": {"mood": {"metric": "equal choice", "agreement": 0.5, "reason": None, "pairs": []}},
    }
    (task,) = exported([stored(consensus=consensus)])
    kept = {key: consensus.get(key) for key in ("agreement", "reason", "made_from", "result")}
    said = {"mood": {"metric": "equal choice", "agreement": 0.5, "reason": None}}
    assert task["consensus"] == {**kept, "controls": said}
    assert "consensus" not in exported([stored(consensus=None)])[0]


def test_members_that_are_not_known_go_out_as_they_are() -> None:
    row = stored()
    row["task"]["source"], row["annotations"][0]["import_id"] = "s3://a/b", 99
    (task,) = exported([row])
    assert (task["source"], task["annotations"][0]["import_id"]) == ("s3://a/b", 99)


def test_what_is_exported_can_be_imported_again() -> None:
    row = stored(predictions=[{"result": [], "score": 0.5}], drafts=[{"result": []}])
    data = b"".join(json_tasks([row]))
    parsed = imports.parse(PLAN, "export.json", data)
    assert parsed.refused == []
    assert [note["code"] for note in parsed.notes] == ["one-draft"], "a task that has annotations gets no draft"
    (task,) = parsed.tasks
    assert task["data"] == row["task"]["data"]
    assert [entry["result"] for entry in task["annotations"]] == [entry["result"] for entry in row["annotations"]]


def test_rows_are_streamed_in_chunks_and_taken_one_at_a_time() -> None:
    taken = 0

    def rows() -> Iterator[Json]:
        nonlocal taken
        for number in range(1000):
            taken += 1
            yield stored(number)

    chunks = json_tasks(rows())
    first = next(chunks)
    assert CHUNK_BYTES <= len(first) < 2 * CHUNK_BYTES
    assert taken < 100
    tasks = json.loads(first + b"".join(chunks))
    assert [task["id"] for task in tasks] == list(range(1000))


def test_no_tasks_are_an_empty_list() -> None:
    assert exported([]) == []
    assert json.loads(b"".join(json_min([], PLAN))) == []


@pytest.mark.parametrize(
    ("value", "data"),
    [
        pytest.param({"a": "é😀"}, '{"a": "é😀"}'.encode(), id="UTF-8 as it is"),
        pytest.param({"a": "\ud800é"}, b'{"a": "\\ud800\\u00e9"}', id="half a character is escaped"),
        pytest.param({"a": [float("nan"), -float("inf"), 1.5]}, b'{"a": [null, null, 1.5]}', id="no number is null"),
    ],
)
def test_stored_oddities_do_not_break_the_file(value: Json, data: bytes) -> None:
    assert encode(value) == data


# JSON_MIN


def records(*rows: Json) -> list[Json]:
    return json.loads(b"".join(json_min(rows, PLAN)))


def test_json_min_has_a_record_for_each_annotation_newest_first_without_skipped_ones() -> None:
    assert [record["annotation_id"] for record in records(stored())] == [6, 5]


def test_json_min_collapses_single_choices_and_keeps_the_rest() -> None:
    second, first = records(stored())
    assert (first["mood"], first["stars"]) == ("Good", [{"rating": 3}])
    assert second["tags"] == {"choices": ["A", "B"]}
    assert (second["annotator"], second["lead_time"]) == (46, 1.5)


def test_json_min_loses_no_data_field_whose_name_is_taken() -> None:
    second, first = records(stored())
    assert (first["id"], first["_data_id"], first["_data_mood"], first["text"]) == (17, "mine", "raw", "Zoë 😀")
    assert "mood" not in second
    assert second["_data_mood"] == "raw"


@pytest.mark.parametrize(
    ("results", "expected"),
    [
        pytest.param([result("note", "textarea", text=["a"])], {"note": "a"}, id="one text"),
        pytest.param([result("note", "textarea", text=["a", "b"])], {"note": {"text": ["a", "b"]}}, id="two texts"),
        pytest.param(
            [result("mood", "choices", choices=["A"]), result("mood", "choices", choices=["B"])],
            {"mood": [{"choices": ["A"]}, {"choices": ["B"]}]},
            id="choices about two regions",
        ),
        pytest.param(
            [
                {
                    **result("box", "rectanglelabels", x=1, rectanglelabels=["Car"]),
                    "original_width": 9,
                    "original_height": 8,
                }
            ],
            {"box": [{"x": 1, "rectanglelabels": ["Car"], "original_width": 9, "original_height": 8}]},
            id="a box with the size of its picture",
        ),
        pytest.param([{"type": "relation", "from_id": "a", "to_id": "b"}], {}, id="relations are not in it"),
    ],
)
def test_json_min_of_each_kind_of_result(results: list[Json], expected: Json) -> None:
    row = {"task": {"id": 1, "data": {}}, "annotations": [annotation(2, *results)]}
    (record,) = records(row)
    assert {name: record[name] for name in ("mood", "tags", "note", "stars", "box") if name in record} == expected


def test_json_min_tells_the_agreement_of_the_task() -> None:
    assert [record["agreement"] for record in records(stored(consensus={"agreement": 0.25}))] == [0.25, 0.25]
    assert all("agreement" not in record for record in records(stored(consensus={"agreement": None})))
