"""Imports of archives, annotation formats and files that belong together; previews, mappings and duplicates."""

from __future__ import annotations

import io
import json
import struct
import zipfile
import zlib
from typing import Any

import pytest
from chalicelib import import_job, import_options, import_preview
from chalicelib.handlers import imports
from chalicelib.handlers import tasks as task_handlers
from chalicelib.problems import Refusal

from tests.api.inside import Inside
from tests.api.test_jobs import begin_import, by_hand, inside, run, stored, tasks, to_the_end, upload

__all__ = ["by_hand", "inside"]

BOXES = (
    '<View><Image name="img" value="$image"/><RectangleLabels name="box" toName="img">'
    '<Label value="Cat"/><Label value="Dog"/></RectangleLabels></View>'
)
TEXTS = '<View><Text name="t" value="$text"/><Choices name="c" toName="t"><Choice value="A"/></Choices></View>'


def png(width: int = 20, height: int = 10) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress(b"".join(b"\0" + bytes(width) for _ in range(height)))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def zipped(**files: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return made.getvalue()


def coco(*names: str) -> bytes:
    images = [{"id": n, "file_name": name, "width": 20, "height": 10} for n, name in enumerate(names, 1)]
    boxes = [{"id": n, "image_id": n, "category_id": 1, "bbox": [2, 1, 10, 5]} for n in range(1, len(names) + 1)]
    return json.dumps({"images": images, "categories": [{"id": 1, "name": "Dog"}], "annotations": boxes}).encode()


def boxes_project(inside: Inside) -> int:
    return inside.project(0, label_config=BOXES)


def load_zip(inside: Inside, project: int, data: bytes, **more: Any) -> dict[str, Any]:
    key = upload(inside, project, "set.zip", data)
    return to_the_end(inside, begin_import(inside, project, key, **more))


def labels(task: dict[str, Any]) -> list[str]:
    return [label for a in task["annotations"] for r in a["result"] for label in r["value"]["rectanglelabels"]]


def stored_at(inside: Inside, address: str) -> bytes:
    return inside.world.objects.get("uploads/" + address.removeprefix("/data/upload/"))


def test_a_zip_with_coco_and_images_is_tasks_with_their_boxes(by_hand: Inside) -> None:
    project = boxes_project(by_hand)
    files = {"set/images/a.png": png(), "set/images/b.png": png(), "set/images/c.png": png(), "set/x.exe": b"x"}
    done = load_zip(by_hand, project, zipped(**files, **{"set/coco.json": coco("images/a.png", "images/b.png")}))
    found = tasks(by_hand, project)
    assert (done["state"], done["result"]["task_count"], done["result"]["annotation_count"]) == ("done", 3, 2)
    assert [labels(task) for task in found] == [["Dog"], ["Dog"], []]
    assert all(stored_at(by_hand, task["data"]["image"]) == png() for task in found)
    assert len({task["data"]["image"] for task in found}) == 3
    assert [told["code"] for told in done["problems"]] == ["not-importable"]
    assert done["progress"]["done"] == done["progress"]["total"]


def test_a_zip_with_a_yolo_folder_is_tasks_with_their_boxes(by_hand: Inside) -> None:
    project = boxes_project(by_hand)
    files = {"images/a.png": png(), "labels/a.txt": b"0 0.5 0.5 0.2 0.2\n9 1 1 1 1\n", "images/b.png": png()}
    done = load_zip(by_hand, project, zipped(**files, **{"classes.txt": b"Cat\nDog\n"}))
    found = tasks(by_hand, project)
    assert [labels(task) for task in found] == [["Cat"], []]
    assert found[0]["annotations"][0]["result"][0]["original_width"] == 20
    assert [(told["code"], told["where"]) for told in done["problems"]] == [("bad-line", "labels/a.txt, line 2")]


def test_a_zip_with_voc_files_and_predictions_asked_for(by_hand: Inside) -> None:
    project = boxes_project(by_hand)
    xml = (
        b"<annotation><filename>a.png</filename><object><name>cat</name><bndbox><xmin>1</xmin><ymin>1</ymin>"
        b"<xmax>9</xmax><ymax>9</ymax></bndbox></object></annotation>"
    )
    done = load_zip(
        by_hand, project, zipped(**{"Annotations/a.xml": xml, "JPEGImages/a.png": png()}), **{"as": "predictions"}
    )
    (task,) = tasks(by_hand, project)
    assert (task["annotations"], len(task["predictions"])) == ([], 1)
    assert done["result"]["prediction_count"] == 1
    assert [(told["code"], told["severity"]) for told in done["problems"]] == [("label-case", "warning")]
    assert done["result"]["refused_count"] == 0


def test_rows_of_a_table_find_their_images_in_the_zip(by_hand: Inside) -> None:
    project = boxes_project(by_hand)
    table = b"picture,more\nimg/a.png,1\nhttps://x.test/b.png,2\nimg/c.png,3\n"
    done = load_zip(by_hand, project, zipped(**{"t.csv": table, "img/a.png": png()}), mapping={"picture": "image"})
    found = tasks(by_hand, project)
    assert stored_at(by_hand, found[0]["data"]["image"]) == png()
    assert [task["data"]["more"] for task in found] == ["1", "2"]
    assert found[1]["data"]["image"] == "https://x.test/b.png"
    assert [(told["code"], told["where"]) for told in done["problems"]] == [("no-image-file", "t.csv, row 3 (line 4)")]


def test_names_of_media_are_behind_the_root_that_is_given(by_hand: Inside) -> None:
    project = boxes_project(by_hand)
    for name, data in (("a.csv", b"image\n1.png\n"), ("b.zip", zipped(**{"t.csv": b"image\n2.png\n"}))):
        key = upload(by_hand, project, name, data)
        assert to_the_end(by_hand, begin_import(by_hand, project, key, image_root="https://x.test/"))["problems"] == []
    found = [task["data"]["image"] for task in tasks(by_hand, project)]
    assert found == ["https://x.test/1.png", "https://x.test/2.png"]


def test_images_and_annotations_that_were_uploaded_side_by_side_belong_together(by_hand: Inside) -> None:
    project = boxes_project(by_hand)
    picture = upload(by_hand, project, "My_cat_1.png", png())
    listed = upload(by_hand, project, "coco.json", coco("photos/My cat (1).png"))
    said = imports.load(
        by_hand.world, by_hand.owner, project, json.dumps({"uploads": [picture, listed]}).encode(), "application/json"
    )
    (task,) = tasks(by_hand, project)
    assert (said["task_count"], said["annotation_count"], said["refused"]) == (1, 1, [])
    assert task["data"]["image"] == "/data/upload/" + picture.removeprefix("uploads/")


def test_a_file_in_a_zip_that_only_says_it_is_an_image_is_refused(by_hand: Inside) -> None:
    project = boxes_project(by_hand)
    files = {"a.png": b"<html>", "b.png": b"<html>", "coco.json": coco("a.png")}
    done = load_zip(by_hand, project, zipped(**files))
    assert tasks(by_hand, project) == []
    assert [told["code"] for told in done["problems"]] == ["no-media", "no-media"]


def test_an_image_that_cannot_be_unpacked_is_refused_alone(by_hand: Inside) -> None:
    project = boxes_project(by_hand)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as archive:
        for name in ("a.png", "b.png", "c.png"):
            archive.writestr(name, png() + name.encode())
        archive.writestr("coco.json", coco("a.png"))
    data = made.getvalue()
    for name in (b"a.png", b"b.png"):  # a byte behind the head is another one than the checksum says
        data = data.replace(png() + name, png() + b"x" + name[1:])
    done = load_zip(by_hand, project, data)
    assert [told["code"] for told in done["problems"]] == ["archive-damaged", "archive-damaged"]
    assert [stored_at(by_hand, task["data"]["image"])[-5:] for task in tasks(by_hand, project)] == [b"c.png"]


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04 no zip"])
def test_a_file_that_only_says_it_is_a_zip_is_refused(by_hand: Inside, data: bytes) -> None:
    done = load_zip(by_hand, boxes_project(by_hand), data)
    assert [told["code"] for told in done["problems"]] == ["archive-damaged"]


def test_an_import_of_a_zip_that_is_cut_off_goes_on_where_it_was(
    by_hand: Inside, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_job, "STEP_S", 0)
    monkeypatch.setattr(import_job, "BLOCK", 4)
    project = boxes_project(by_hand)
    names = [f"img/{n:02}.png" for n in range(20)]
    data = zipped(**dict.fromkeys(names, png()), **{"a.json": coco(*names[:9]), "b.json": coco(*names[9:12])})
    job = begin_import(by_hand, project, upload(by_hand, project, "set.zip", data))
    monkeypatch.setattr("chalicelib.jobs.BUDGET_S", 0)
    runs = 1
    while run(by_hand, job)["state"] != "done":
        import_job.forget()  # as if another process went on
        runs += 1
        assert runs < 100
    assert runs > 3
    found = tasks(by_hand, project)
    assert len({task["data"]["image"] for task in found}) == len(found) == 20
    assert [labels(task) for task in found] == [["Dog"]] * 12 + [[]] * 8
    assert stored(by_hand, job)["problems"] == []


def test_a_zip_is_no_matter_for_one_request(by_hand: Inside) -> None:
    project = boxes_project(by_hand)
    body = json.dumps({"uploads": [upload(by_hand, project, "set.zip", zipped(a=b""))]}).encode()
    said = imports.load(by_hand.world, by_hand.owner, project, body, "application/json")
    assert [told["code"] for told in said["refused"]] == ["archive-needs-job"]


# Preview


def preview(inside: Inside, project: int, body: bytes, kind: str = "application/json", **wish: Any) -> dict[str, Any]:
    return import_preview.show(inside.world, inside.owner, project, body, kind, import_options.read(wish))


def test_a_preview_shows_the_first_tasks_with_a_guessed_mapping_and_writes_nothing(by_hand: Inside) -> None:
    project = by_hand.project(0, label_config=TEXTS)
    rows = "id,texts\n" + "".join(f"{n},Text {n}\n" for n in range(30))
    said = preview(by_hand, project, rows.encode(), "text/csv")
    assert (said["kind"], said["columns"], said["fields"]) == ("csv", ["id", "texts"], ["text"])
    assert said["mapping"] == {"texts": "text"}
    assert said["tasks"] == [{"data": {"id": str(n), "text": f"Text {n}"}} for n in range(10)]
    assert (said["refused"], said["complete"]) == ([], False)
    assert tasks(by_hand, project) == []


def test_a_preview_tells_the_columns_that_the_config_shows_beside_those_that_it_needs(by_hand: Inside) -> None:
    config = """<View><Header value="$title"/><Text name="t" value="$text"/><Header value="From $author, $doc.year"/>
      <Choices name="c" toName="t"><Choice value="A"/></Choices></View>"""
    said = preview(by_hand, by_hand.project(0, label_config=config), b"title,text,other\nOne,Two,Three\n", "text/csv")
    assert (said["fields"], said["shown"]) == (["text"], ["title", "author", "doc"])


def test_a_preview_looks_at_all_files_that_belong_together(by_hand: Inside) -> None:
    project = by_hand.project(0, label_config=TEXTS)
    pictures = [upload(by_hand, project, f"{n:03}.png", png()) for n in range(120)]
    table = upload(by_hand, project, "table.csv", b"picture,text\n000.png,one\n")
    said = preview(by_hand, project, json.dumps({"uploads": [*pictures, table]}).encode())
    assert (said["kind"], said["columns"]) == ("csv", ["picture", "text"])


def test_a_preview_says_what_is_refused_with_the_mapping_that_is_asked_for(by_hand: Inside) -> None:
    project = by_hand.project(0, label_config=TEXTS)
    body = b'[{"a": "one", "b": 1}, {"b": 2}]'
    said = preview(by_hand, project, body, mapping='{"a": "text"}')
    assert (said["columns"], said["tasks"]) == (["a", "b"], [{"data": {"text": "one", "b": 1}}])
    assert [told["code"] for told in said["refused"]] == ["missing-field"]
    assert said["complete"]


def test_a_preview_of_a_zip_shows_its_regions_and_stores_nothing(by_hand: Inside) -> None:
    project = boxes_project(by_hand)
    files = {"images/a.png": png(), "labels/a.txt": b"0 0.5 0.5 0.2 0.2", "classes.txt": b"Cat", "b.png": b"<html>"}
    key = upload(by_hand, project, "set.zip", zipped(**files))
    said = preview(by_hand, project, json.dumps({"uploads": [key]}).encode())
    assert (said["kind"], said["complete"], len(said["tasks"])) == ("yolo", True, 1)
    assert labels(said["tasks"][0]) == ["Cat"]
    assert [told["code"] for told in said["refused"]] == ["no-media"]
    listed, _ = by_hand.world.objects.list(f"uploads/{project}/")
    assert [info.key for info in listed] == [key]


@pytest.mark.parametrize(
    "wish", [{"as": "drafts"}, {"mapping": "[1]"}, {"mapping": "{"}, {"mapping": '{"a": 1}'}, {"duplicates": "maybe"}]
)
def test_a_wish_that_is_none_is_refused_with_its_name(wish: dict[str, str]) -> None:
    with pytest.raises(Refusal) as refusal:
        import_options.read(wish)
    assert refusal.value.problems[0]["where"] == f"parameter {next(iter(wish))}"


# Label Studio's exports


def rectangle(id_: str, **more: Any) -> dict[str, Any]:
    value = {"x": 1, "y": 2, "width": 3, "height": 4, "rotation": 0, "rectanglelabels": ["Dog"]}
    around = {"original_width": 20, "original_height": 10, "image_rotation": 0, "to_name": "img", "from_name": "box"}
    return {"id": id_, "type": "rectanglelabels", "value": value, **around, **more}


def in_full(inside: Inside, project: int) -> list[dict[str, Any]]:
    return [task_handlers.one(inside.world, inside.owner, task["id"]) for task in tasks(inside, project)]


def answers(exported: list[dict[str, Any]]) -> list[Any]:
    """What an export says about its tasks, without what every deployment gives anew."""
    return [
        [
            [(a["result"], a["was_cancelled"], a["ground_truth"], a["lead_time"]) for a in task["annotations"]],
            [(p["result"], p["model_version"], p["score"]) for p in task["predictions"]],
            (task["data"], task["meta"]),
        ]
        for task in exported
    ]


@pytest.mark.parametrize("way", ["request", "job"])
def test_what_was_exported_is_the_same_after_an_import(by_hand: Inside, way: str) -> None:
    given = [
        {
            "id": 7,
            "data": {"image": "https://x.test/a.png"},
            "meta": {"of": "us"},
            "annotations": [
                {
                    "id": 1,
                    "result": [rectangle("a"), rectangle("b", parentID="a")],
                    "lead_time": 2.5,
                    "completed_by": 3,
                },
                {"id": 2, "result": [], "was_cancelled": True, "completed_by": {"id": 4, "email": "a@x.test"}},
                {"id": 3, "result": [rectangle("c", meta={"text": ["well"]})], "ground_truth": True},
            ],
            "predictions": [{"result": [rectangle("d", score=0.5)], "model_version": "m-1", "score": 0.25}],
            "drafts": [],
        },
        {"data": {"image": "https://x.test/b.png"}, "predictions": [5, 6]},
    ]
    project, again = boxes_project(by_hand), boxes_project(by_hand)
    imports.load(by_hand.world, by_hand.owner, project, json.dumps(given).encode(), "application/json")
    first = in_full(by_hand, project)
    body = json.dumps(first).encode()
    if way == "request":
        imports.load(by_hand.world, by_hand.owner, again, body, "application/json")
    else:
        to_the_end(by_hand, begin_import(by_hand, again, upload(by_hand, again, "export.json", body)))
    second = in_full(by_hand, again)
    assert answers(second) == answers(first)
    assert answers(first)[0][0][0] == (given[0]["annotations"][0]["result"], False, False, 2.5)
    assert answers(first)[0][1] == [(given[0]["predictions"][0]["result"], "m-1", 0.25)]


@pytest.mark.parametrize("way", ["request", "job"])
def test_the_newest_draft_of_a_task_is_what_its_importer_goes_on_with(by_hand: Inside, way: str) -> None:
    project = boxes_project(by_hand)
    old, new = (
        {"result": [rectangle(id_)], "updated_at": f"2024-0{n}-01T00:00:00Z"} for n, id_ in ((1, "a"), (2, "b"))
    )
    data = {"image": "https://x.test/a.png"}
    body = json.dumps([{"data": data, "drafts": [new, old]}]).encode()
    if way == "request":
        said = imports.load(by_hand.world, by_hand.owner, project, body, "application/json")
        notes = said["notes"]
    else:
        notes = to_the_end(by_hand, begin_import(by_hand, project, upload(by_hand, project, "e.json", body)))[
            "problems"
        ]
    assert [(told["code"], told["where"].endswith("row 1")) for told in notes] == [("one-draft", True)]
    (task,) = tasks(by_hand, project)
    shown = task_handlers.one(by_hand.world, by_hand.owner, task["id"])
    assert [draft["result"] for draft in shown["drafts"]] == [[rectangle("b")]]
    envelope = by_hand.next(by_hand.owner, project)
    assert (envelope["result"], envelope["begun"]) == ([rectangle("b")], True)


def test_a_draft_that_does_not_fit_refuses_its_task(by_hand: Inside) -> None:
    project = boxes_project(by_hand)
    body = json.dumps([{"data": {"image": "https://x.test/a.png"}, "drafts": [{"result": [{"type": "x"}]}]}]).encode()
    said = imports.load(by_hand.world, by_hand.owner, project, body, "application/json")
    assert (said["task_count"], ["draft 1" in told["where"] for told in said["refused"]]) == (0, [True])
