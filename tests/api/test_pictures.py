"""The pictures behind an export: the address of one, and `labelkite pictures`, which fetches all of them."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from labelkite.cli import main
from tests.api.people import BOXES, GIF, Browser, Process, Project

DATA = "data:image/gif;base64,R0lGODlhAQABAIAAAP///wAAACH5BAEAAAAALAAAAAABAAEAAAICRAEAOw=="


@pytest.fixture
def photos(owner: Browser) -> Project:
    return owner.project(BOXES)


def uploaded(owner: Browser, project: Project, name: str) -> str:
    key = owner.upload(project, name, GIF)
    owner.call("POST", f"/api/projects/{project.id}/import", {"uploads": [key]}, status=201)
    return "/data/upload/" + key.removeprefix("uploads/")


def table(folder: Path, rows: list[tuple[str, str, str]]) -> None:
    folder.mkdir(exist_ok=True)
    with (folder / "images.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(
            [("file", "task", "page", "address", "set")] + [(a, 1, "", b, c) for a, b, c in rows]
        )


def fetch(server: Process, folder: Path, token: str | None = None) -> int:
    return main(["pictures", str(folder), "--url", server.url, "--token", server.token if token is None else token])


def test_an_address_of_an_upload_leads_to_the_file_for_who_may_read_the_project(
    owner: Browser, server: Process, photos: Project
) -> None:
    address = uploaded(owner, photos, "cat.gif")
    path = f"/api/projects/{photos.id}/media"
    answer = owner.http.get(path, params={"address": address})
    assert answer.status_code == 302
    assert owner.http.get(answer.headers["location"]).content == GIF
    other = owner.project(BOXES)
    foreign = owner.http.get(f"/api/projects/{other.id}/media", params={"address": address})
    assert (foreign.status_code, foreign.json()["problems"][0]["code"]) == (400, "foreign-upload")
    for elsewhere in ("https://example.com/x.png", "", "//example.com", "/data/../secret"):
        said = owner.http.get(path, params={"address": elsewhere})
        assert (said.status_code, said.json()["problems"][0]["code"]) == (400, "not-ours")
    assert Browser(server.url).http.get(path, params={"address": address}).status_code == 401
    ana = Browser(server.url)
    ana.join(photos.invite, "Ana")
    assert ana.http.get(path, params={"address": address}).status_code == 403


def test_all_pictures_of_a_table_come_into_their_sets_once(
    owner: Browser, server: Process, photos: Project, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    address = uploaded(owner, photos, "cat.gif")
    table(tmp_path, [("1_cat.gif", address, "train"), ("2.gif", DATA, "val"), ("1_cat.gif", address, "train")])
    assert fetch(server, tmp_path) == 0
    assert (tmp_path / "images/train/1_cat.gif").read_bytes() == GIF
    assert (tmp_path / "images/val/2.gif").read_bytes()[:4] == b"GIF8"
    (tmp_path / "images/train/1_cat.gif").write_bytes(b"mine")
    assert fetch(server, tmp_path) == 0
    assert (tmp_path / "images/train/1_cat.gif").read_bytes() == b"mine"
    assert "2 pictures, 2 of them here already" in capsys.readouterr().out


def test_pictures_of_coco_come_under_their_file_names(
    owner: Browser, server: Process, photos: Project, tmp_path: Path
) -> None:
    images = [{"id": 1, "file_name": "1_cat.gif", "coco_url": uploaded(owner, photos, "cat.gif")}]
    (tmp_path / "train.json").write_text(json.dumps({"images": images}))
    (tmp_path / "report.json").write_text("{}")
    assert fetch(server, tmp_path) == 0
    assert [file.name for file in (tmp_path / "images").iterdir()] == ["1_cat.gif"]


def test_what_cannot_be_fetched_is_told_by_name_and_the_rest_is_there(
    owner: Browser, server: Process, photos: Project, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    gone = f"/data/upload/{photos.id}/00000000-0000-0000-0000-000000000000-gone.gif"
    rows = [("1.gif", uploaded(owner, photos, "a.gif"), ""), ("2.gif", gone, ""), ("3.gif", "s3://pictures/x.gif", "")]
    table(tmp_path, rows)
    assert fetch(server, tmp_path) == 1
    told = capsys.readouterr().err
    assert "2.gif: " in told
    assert "3.gif: s3://pictures/x.gif names no project; say --project." in told
    assert "2 pictures are missing" in told
    assert sorted(file.name for file in (tmp_path / "images").iterdir()) == ["1.gif"]
    (tmp_path / "images/1.gif").unlink()
    assert fetch(server, tmp_path, token="wrong") == 1
    assert "1.gif: " in capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        pytest.param("images.csv", "file,address\n../../x,https://example.com/x\n", "outside", id="a way out"),
        pytest.param("images.csv", "a,b\n1,2\n", "no columns", id="another table"),
        pytest.param("train.json", "{", "not JSON", id="broken JSON"),
        pytest.param("notes.txt", "", "no images.csv", id="no export"),
    ],
)
def test_a_folder_that_is_no_export_is_refused(
    server: Process, tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, text: str, said: str
) -> None:
    (tmp_path / name).write_text(text)
    assert fetch(server, tmp_path) == 2
    assert said in capsys.readouterr().err
    assert not (tmp_path / "images").exists()
