"""Uploaded Parquet tables: tasks in order, files in them as uploads, previews, and imports that stop in the middle."""

from __future__ import annotations

import io
import json
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from chalicelib import import_job, import_options, import_preview, jobs
from chalicelib.handlers import imports

from tests.api.inside import Inside
from tests.api.test_import_files import boxes_project, png, stored_at, zipped
from tests.api.test_jobs import begin_import, by_hand, inside, run, stored, tasks, texts_of, to_the_end, upload

__all__ = ["by_hand", "inside"]


def table(columns: dict[str, Any], **options: Any) -> bytes:
    out = io.BytesIO()
    pq.write_table(pa.table(columns), out, **options)
    return out.getvalue()


def pictures(*cells: dict[str, Any] | None) -> pa.Array:
    """A column of images as the datasets library writes it."""
    return pa.array(cells, pa.struct({"bytes": pa.binary(), "path": pa.string()}))


def test_a_table_becomes_tasks_in_order_with_its_progress_in_bytes(by_hand: Inside) -> None:
    project = by_hand.project(0)
    data = table({"text": [f"Text {n}" for n in range(1200)], "n": list(range(1200))}, row_group_size=100)
    done = to_the_end(by_hand, begin_import(by_hand, project, upload(by_hand, project, "a.parquet", data)))
    assert texts_of(by_hand, project) == [f"Text {n}" for n in range(1200)]
    assert (done["state"], done["result"]["task_count"], done["problems"]) == ("done", 1200, [])
    assert done["progress"] == {"done": len(data), "total": len(data), "unit": "bytes"}


def test_images_in_a_table_become_uploads(by_hand: Inside) -> None:
    project = boxes_project(by_hand)
    cells = [
        {"bytes": png(), "path": "folder/one.png"},
        {"bytes": png(30, 10), "path": None},
        {"bytes": None, "path": "https://host.test/c.png"},
        {"bytes": b"no picture", "path": "d.png"},
        None,
    ]
    data = table({"image": pictures(*cells), "label": [1, 2, 3, 4, 5]})
    done = to_the_end(by_hand, begin_import(by_hand, project, upload(by_hand, project, "a.parquet", data)))
    found = tasks(by_hand, project)
    assert [task["data"]["label"] for task in found] == [1, 2, 3]
    assert [stored_at(by_hand, task["data"]["image"]) for task in found[:2]] == [png(), png(30, 10)]
    assert found[0]["data"]["image"].endswith("-one.png")
    assert found[1]["data"]["image"].endswith("-image-2.png")
    assert found[2]["data"]["image"] == "https://host.test/c.png"
    assert [told["code"] for told in done["problems"]] == ["no-media", "missing-field"]


def test_a_table_in_a_zip_and_one_in_the_request_itself(by_hand: Inside) -> None:
    project = by_hand.project(0)
    key = upload(by_hand, project, "set.zip", zipped(**{"t.parquet": table({"text": ["one"]})}))
    assert to_the_end(by_hand, begin_import(by_hand, project, key))["result"]["task_count"] == 1
    kind = "application/vnd.apache.parquet"
    imports.load(by_hand.world, by_hand.owner, project, table({"text": ["two"]}), kind)
    assert texts_of(by_hand, project) == ["one", "two"]


def test_rows_that_are_there_already_are_told_by_their_key(by_hand: Inside) -> None:
    project = by_hand.project(0)
    for n, texts in enumerate((["a", "b"], ["c", "d"])):
        key = upload(by_hand, project, f"{n}.parquet", table({"text": texts, "id": [1, 2 + n]}))
        done = to_the_end(by_hand, begin_import(by_hand, project, key, key="id"))
    assert texts_of(by_hand, project) == ["a", "b", "d"]
    assert done["result"]["duplicate_count"] == 1


def test_an_import_goes_on_in_another_process_where_it_stopped(
    by_hand: Inside, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = by_hand.project(0)
    monkeypatch.setattr(import_job, "STEP_S", 0.0)
    monkeypatch.setattr(jobs, "BUDGET_S", 0)
    monkeypatch.setattr(import_job, "BLOCK", 100)
    data = table({"text": [f"Text {n}" for n in range(1000)]}, row_group_size=70)
    job = begin_import(by_hand, project, upload(by_hand, project, "a.parquet", data))
    seen = []
    while (body := run(by_hand, job))["state"] not in ("done", "failed"):
        import_job.forget()  # nothing but the record is left
        seen.append(body["result"]["task_count"])
    assert texts_of(by_hand, project) == [f"Text {n}" for n in range(1000)]
    assert len(set(seen)) > 5
    assert stored(by_hand, job)["result"]["task_count"] == 1000


def test_the_preview_shows_columns_rows_and_a_mapping_and_stores_nothing(by_hand: Inside) -> None:
    project = boxes_project(by_hand)
    key = upload(
        by_hand, project, "a.parquet", table({"picture": pictures({"bytes": png(), "path": "x.png"}), "n": [7]})
    )
    before = {info.key for info in by_hand.world.objects.list(f"uploads/{project}/")[0]}
    raw = json.dumps({"uploads": [key]}).encode()
    wish = import_options.read({"mapping": {"picture": "image"}})
    shown = import_preview.show(by_hand.world, by_hand.owner, project, raw, "application/json", wish)
    assert (shown["kind"], shown["columns"], shown["fields"]) == ("parquet", ["picture", "n"], ["image"])
    assert shown["rows"] == [{"picture": "x.png", "n": 7}]
    assert [task["data"]["n"] for task in shown["tasks"]] == [7]
    assert (shown["refused"], shown["complete"]) == ([], True)
    assert {info.key for info in by_hand.world.objects.list(f"uploads/{project}/")[0]} == before


def test_a_table_that_was_cut_off_is_refused_with_its_name(by_hand: Inside) -> None:
    project = by_hand.project(0)
    data = table({"text": ["one"]})[:-10]
    done = to_the_end(by_hand, begin_import(by_hand, project, upload(by_hand, project, "cut.parquet", data)))
    (told,) = done["problems"]
    assert (done["result"]["task_count"], told["code"]) == (0, "bad-parquet")
    assert told["where"].startswith("cut.parquet, byte ")
