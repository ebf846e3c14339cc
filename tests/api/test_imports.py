"""Import: every kind of file, whole and broken; uploads; repetition."""

from __future__ import annotations

import io
import json
import uuid
import zipfile
from typing import Any

import httpx
import pytest

from tests.api.people import BOXES, GIF, Browser, Process, Project, mood, texts
from tests.api.waiting import until


def load(
    owner: Browser, project: Project, data: bytes | str, kind: str, status: int = 201, query: str = "", **more: Any
) -> Any:
    raw = data.encode() if isinstance(data, str) else data
    headers = {"Content-Type": kind, **more.pop("headers", {})}
    path = f"/api/projects/{project.id}/import{query}"
    return owner.call("POST", path, content=raw, headers=headers, status=status, **more)


def texts_of(owner: Browser, project: Project) -> list[Any]:
    exported = owner.call("GET", f"/api/projects/{project.id}/export?download_all_tasks=true")
    return [task["data"]["text"] for task in exported]


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        pytest.param(
            "application/json", '[{"data": {"text": "one"}}, {"text": "two"}]', id="a list, with and without data"
        ),
        pytest.param("application/json; charset=utf-8", '[{"text": "one"}, {"text": "two"}]', id="a charset"),
        pytest.param("text/csv", "text,more\none,1\ntwo,2\n", id="CSV"),
        pytest.param("text/csv", "text;more\r\none;1\r\ntwo;2\r\n", id="CSV with semicolons"),
        pytest.param("text/tab-separated-values", "text\tmore\none\t1\ntwo\t2\n", id="TSV"),
        pytest.param("text/plain", "one\ntwo\n", id="lines of text"),
        pytest.param("application/x-ndjson", '{"text": "one"}\n{"text": "two"}\n', id="JSON lines"),
    ],
)
def test_each_kind_becomes_tasks_in_order(owner: Browser, kind: str, body: str) -> None:
    project = owner.project()
    said = load(owner, project, body, kind)
    assert said == {"task_count": 2, "annotation_count": 0, "prediction_count": 0, "refused": []}
    assert texts_of(owner, project) == ["one", "two"]


def test_one_task_alone_is_an_import_too(owner: Browser) -> None:
    project = owner.project()
    assert load(owner, project, '{"data": {"text": "one"}}', "application/json")["task_count"] == 1


def test_rows_that_do_not_fit_are_told_and_the_others_go_in(owner: Browser) -> None:
    project = owner.project()
    said = load(owner, project, '[{"text": "one"}, {"txet": "two"}, 3, {"text": "four"}]', "application/json")
    assert said["task_count"] == 2
    assert len(said["refused"]) == 2
    assert "txet" in said["refused"][0]["message"] + said["refused"][0]["hint"]
    assert all(p["where"] for p in said["refused"])
    assert texts_of(owner, project) == ["one", "four"]


@pytest.mark.parametrize(
    ("kind", "body", "status"),
    [
        pytest.param("application/json", b"", 400, id="nothing"),
        pytest.param("application/json", b"[", 400, id="broken JSON"),
        pytest.param("application/json", b'[{"text": NaN}]', 400, id="not a number"),
        pytest.param("application/json", b'[{"text": "a", "n": 1e999}]', 400, id="a number beyond all"),
        pytest.param("application/json", b"[" * 100_000, 400, id="very deep"),
        pytest.param("application/json", b'"\xff"', 400, id="not UTF-8"),
        pytest.param("text/plain", b"\x00\x01\x02binary\xff\xfe\x00", 201, id="a text file that is no text"),
        pytest.param("text/csv", b"other\none\n", 201, id="a table without the field"),
        pytest.param("application/pdf", b"%PDF-1.4", 415, id="a PDF"),
        pytest.param("application/json", b'{"uploads": "x"}', 400, id="uploads that are no list"),
    ],
)
def test_what_cannot_be_read_gets_a_problem_and_no_task(owner: Browser, kind: str, body: bytes, status: int) -> None:
    project = owner.project()
    said = load(owner, project, body, kind, status)
    problems = said["refused"] if status == 201 else said["problems"]
    assert problems
    assert all(p["message"] for p in problems)
    assert owner.call("GET", f"/api/projects/{project.id}")["task_number"] == 0


def test_half_a_character_cannot_be_stored(owner: Browser) -> None:
    project = owner.project()
    answer = owner.http.post(
        f"/api/projects/{project.id}/import",
        content=b'[{"text": "\\ud800"}]',
        headers={"Content-Type": "application/json"},
    )
    assert answer.status_code in (201, 400)
    assert owner.call("GET", f"/api/projects/{project.id}")["task_number"] == 0


def test_imported_answers_count_and_keep_where_they_came_from(owner: Browser) -> None:
    answers = [
        {
            "id": 77,
            "completed_by": 5,
            "result": mood("Calm"),
            "lead_time": 3.5,
            "created_at": "2024-05-01T10:00:00.000000Z",
        },
        {"result": mood("Sad"), "ground_truth": True},
    ]
    predictions = [{"model_version": "m1", "score": 0.4, "result": mood("Sad")}]
    tasks = [{"data": {"text": "one"}, "annotations": answers, "predictions": predictions}, {"data": {"text": "two"}}]
    project = owner.project(maximum_annotations=2)
    said = owner.call("POST", f"/api/projects/{project.id}/import?return_task_ids=true", tasks, status=201)
    assert (said["task_count"], said["annotation_count"], said["prediction_count"]) == (2, 2, 1)
    task = owner.call("GET", f"/api/tasks/{said['task_ids'][0]}")
    one, two = task["annotations"]
    assert (one["import_id"], one["import_completed_by"], one["lead_time"], one["created_at"]) == (
        77, 5, 3.5, "2024-05-01T10:00:00.000000Z",
    )  # fmt: skip
    assert (one["completed_by"], one["ground_truth"], two["ground_truth"]) == (owner.person, False, True)
    assert task["predictions"][0]["model_version"] == "m1"
    progress = owner.call("GET", f"/api/projects/{project.id}")["progress"]
    assert progress | {"new": 1, "disagree": 1, "annotations": 2, "total": 2} == progress


def test_ground_truth_is_what_the_import_says(owner: Browser) -> None:
    project = owner.project()
    path = f"/api/projects/{project.id}/import?ground_truth=true&return_task_ids=1"
    said = owner.call("POST", path, [{"data": {"text": "x"}, "annotations": [{"result": mood()}]}], status=201)
    assert owner.call("GET", f"/api/tasks/{said['task_ids'][0]}")["annotations"][0]["ground_truth"] is True


def test_a_prediction_is_what_the_annotator_starts_from(owner: Browser, server: Process) -> None:
    project = owner.project(tasks=[{"data": {"text": "one"}, "predictions": [{"result": mood("Sad")}]}])
    ana = Browser(server.url)
    ana.join(project.invite, "Ana")
    envelope = ana.next(project)
    assert envelope["result"] == mood("Sad")
    assert envelope["view"]["answers"] == {"mood": {"choices": ["Sad"]}}
    assert "annotation" not in envelope


def test_more_answers_than_one_transaction_takes_are_all_stored(owner: Browser) -> None:
    project = owner.project(maximum_annotations=2)
    answers = [{"result": mood("Sad" if n % 3 else "Calm")} for n in range(30)]
    said = owner.call(
        "POST",
        f"/api/projects/{project.id}/import?return_task_ids=1",
        [{"text": "a"}, {"data": {"text": "b"}, "annotations": answers}],
        status=201,
    )
    assert said["annotation_count"] == 30
    shown = owner.call("GET", f"/api/tasks/{said['task_ids'][1]}/answers")
    assert len(shown["annotations"]) == shown["consensus"]["n"] == 30


def test_an_answer_that_does_not_fit_refuses_its_task(owner: Browser) -> None:
    project = owner.project()
    tasks = [{"data": {"text": "one"}, "annotations": [{"result": mood("Angry")}]}, {"data": {"text": "two"}}]
    said = owner.call("POST", f"/api/projects/{project.id}/import", tasks, status=201)
    assert said["task_count"] == 1
    assert "annotation 1" in said["refused"][0]["where"]


def test_ids_are_never_given_twice(owner: Browser) -> None:
    ids: list[int] = []
    for _ in range(2):
        project = owner.project()
        for _ in range(3):
            ids += owner.call("POST", f"/api/projects/{project.id}/import?return_task_ids=1", texts(13), status=201)[
                "task_ids"
            ]
    assert len(set(ids)) == len(ids) == 78


def test_the_same_key_imports_once(owner: Browser) -> None:
    project = owner.project()
    headers = {"Idempotency-Key": str(uuid.uuid4())}
    body = json.dumps(texts(30))
    first = load(owner, project, body, "application/json", headers=headers)
    assert load(owner, project, body, "application/json", headers=headers) == first
    assert owner.call("GET", f"/api/projects/{project.id}")["task_number"] == 30
    said = load(owner, project, "[]", "application/json", 409, headers=headers)
    assert said["problems"][0]["code"] == "key-reused"


def test_the_same_key_in_another_project_is_another_import(owner: Browser) -> None:
    headers = {"Idempotency-Key": str(uuid.uuid4())}
    for project in (owner.project(), owner.project()):
        load(owner, project, json.dumps(texts(3)), "application/json", headers=headers)
        assert owner.call("GET", f"/api/projects/{project.id}")["task_number"] == 3


def test_numbers_that_no_double_holds_are_refused_row_by_row(owner: Browser) -> None:
    rows = [f'{{"text": "x", "n": {n}}}' for n in ("1", "1" + "0" * 400, "-9" + "0" * 308, "9" * 308)]
    said = load(owner, owner.project(), "\n".join(rows), "application/jsonl")
    assert said["task_count"] == 2
    assert [p["code"] for p in said["refused"]] == ["bad-value"] * 2


def test_imports_at_once_keep_every_task_and_their_numbers(owner: Browser) -> None:
    from concurrent.futures import ThreadPoolExecutor

    project = owner.project()
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda n: load(owner, project, json.dumps(texts(40)), "application/json"), range(4)))
    exported = owner.call("GET", f"/api/projects/{project.id}/export?download_all_tasks=1")
    assert [task["inner_id"] for task in exported] == list(range(1, 161))


@pytest.fixture
def photos(owner: Browser) -> Project:
    return owner.project(BOXES)


def test_an_uploaded_image_becomes_a_task_with_a_presigned_address(
    owner: Browser, server: Process, photos: Project
) -> None:
    key = owner.upload(photos, "My cat (1).GIF", GIF)
    said = owner.call("POST", f"/api/projects/{photos.id}/import", {"uploads": [key]}, status=201)
    assert said["task_count"] == 1
    ana = Browser(server.url)
    ana.join(photos.invite, "Ana")
    envelope = ana.next(photos)
    stored = envelope["task"]["data"]["image"]
    assert stored == "/data/upload/" + key.removeprefix("uploads/")
    assert stored.endswith("-My_cat_1.gif")
    shown = envelope["display"]["objects"]["img"]["url"]
    assert envelope["media"] == [shown] == [ana.next(photos)["media"][0]], "the same address again, so caches work"
    got = httpx.get(httpx.URL(server.url).join(shown))
    assert (got.status_code, got.content) == (200, GIF)
    assert httpx.get(httpx.URL(server.url).join(shown.partition("?")[0])).status_code == 403
    title = owner.call("GET", f"/api/projects/{photos.id}/tasks")["tasks"][0]["title"]
    assert title == "My_cat_1.gif"


def test_a_file_that_only_says_it_is_an_image_is_refused(owner: Browser, photos: Project) -> None:
    keys = [owner.upload(photos, "cat.jpg", data, "image/jpeg") for data in (b"<html>", b"", GIF)]
    said = owner.call("POST", f"/api/projects/{photos.id}/import", {"uploads": keys}, status=201)
    assert said["task_count"] == 1, "a GIF is an image whatever it is called"
    assert [p["code"] for p in said["refused"]] == ["no-media", "no-media"]
    assert "file cat.jpg" in said["refused"][0]["where"] or "cat.jpg" in said["refused"][0]["where"]


@pytest.mark.parametrize(
    ("tag", "name", "head"),
    [
        ("Audio", "a.wav", b"RIFF\0\0\0\0WAVEfmt "),
        ("Audio", "a.mp3", b"ID3\4\0\0\0\0\0\0"),
        ("Video", "a.webm", b"\x1a\x45\xdf\xa3\x01"),
        ("Video", "a.mp4", b"\0\0\0\x18ftypisom"),
        ("Pdf", "a.pdf", b"%PDF-1.7"),
    ],
    ids=["wav", "mp3", "webm", "mp4", "pdf"],
)
def test_media_of_every_kind_become_tasks_of_their_field(owner: Browser, tag: str, name: str, head: bytes) -> None:
    project = owner.project(f'<View><{tag} name="m" value="$media"/><Rating name="r" toName="m"/></View>')
    key = owner.upload(project, name, head + b"\0" * 64, "application/octet-stream")
    said = owner.call("POST", f"/api/projects/{project.id}/import", {"uploads": [key]}, status=201)
    assert (said["task_count"], said["refused"]) == (1, [])
    row = owner.call("GET", f"/api/projects/{project.id}/tasks")["tasks"][0]
    shown = owner.call("GET", f"/api/tasks/{row['id']}/answers")["display"]["objects"]["m"]["url"]
    assert shown.startswith("/objects/") or "/objects/" in shown


def test_a_config_without_images_takes_no_photos(owner: Browser) -> None:
    project = owner.project()
    key = owner.upload(project, "cat.gif", GIF)
    said = owner.call("POST", f"/api/projects/{project.id}/import", {"uploads": [key]}, status=201)
    assert [p["code"] for p in said["refused"]] == ["no-media-field"]


def test_an_uploaded_table_becomes_its_rows(owner: Browser) -> None:
    project = owner.project()
    key = owner.upload(project, "rows.csv", b"text\none\ntwo\n", "text/csv")
    said = owner.call("POST", f"/api/projects/{project.id}/import", {"uploads": [key]}, status=201)
    assert said["task_count"] == 2


def test_uploads_of_other_projects_cannot_be_taken(owner: Browser, server: Process, photos: Project) -> None:
    other = owner.project(BOXES)
    key = owner.upload(other, "cat.gif", GIF)
    missing = f"uploads/{photos.id}/{uuid.uuid4()}-gone.gif"
    sneaky = f"uploads/{photos.id}/../{other.id}/x.gif"
    said = owner.call(
        "POST", f"/api/projects/{photos.id}/import", {"uploads": [key, missing, sneaky, "secret"]}, status=201
    )
    assert [p["code"] for p in said["refused"]] == ["foreign-upload", "foreign-upload", "foreign-upload", "no-upload"]
    data = {"image": "/data/upload/" + key.removeprefix("uploads/")}
    owner.call("POST", f"/api/projects/{photos.id}/import", [{"data": data}], status=201)
    ana = Browser(server.url)
    ana.join(photos.invite, "Ana")
    envelope = ana.next(photos)
    assert envelope["display"]["objects"]["img"]["problem"]["code"] == "foreign-upload"
    assert envelope["media"] == []


def test_a_gigabyte_is_refused_before_it_is_sent(owner: Browser, photos: Project) -> None:
    wanted = [
        {"name": "huge.jpg", "size": 1_000_000_000, "type": "image/jpeg"},
        {"name": "small.jpg", "size": 5, "type": "image/jpeg"},
    ]
    said = owner.call("POST", f"/api/projects/{photos.id}/uploads", wanted, status=413)
    assert said["problems"][0]["message"] == "huge.jpg has 1,000 MB; 100 MB are allowed."
    assert said["problems"][0]["hint"]


def test_kinds_that_cannot_be_tasks_are_refused_before_they_are_sent(owner: Browser, photos: Project) -> None:
    wanted = [{"name": name, "size": 5, "type": ""} for name in ("film.mkv", "noending", "page.html")]
    said = owner.call("POST", f"/api/projects/{photos.id}/uploads", wanted, status=400)
    assert [p["where"] for p in said["problems"]] == ["file film.mkv", "file noending", "file page.html"]


def test_a_zip_is_uploaded_looked_at_and_imported_by_a_job(owner: Browser, photos: Project) -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("images/a.gif", GIF)
        archive.writestr("images/b.gif", GIF)
    key = owner.upload(photos, "set.zip", made.getvalue(), "application/zip")
    path = f"/api/projects/{photos.id}/import"
    said = owner.call("POST", f"{path}?preview=true", {"uploads": [key]}, status=201)
    assert (said["kind"], len(said["tasks"]), said["refused"], said["complete"]) == ("media", 2, [], True)
    assert owner.call("GET", f"/api/projects/{photos.id}")["task_number"] == 0
    job = owner.call("POST", f"{path}/jobs", {"uploads": [key], "as": "predictions", "key": ""}, status=201)
    until(lambda: owner.call("GET", f"/api/jobs/{job['id']}")["state"] == "done")
    row = owner.call("GET", f"/api/projects/{photos.id}/tasks")["tasks"][0]
    assert row["title"] == "a.gif"
    bad = owner.call("POST", f"{path}?as=maybe", [], status=400)
    assert bad["problems"][0]["where"] == "parameter as"
