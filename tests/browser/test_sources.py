"""Buckets and folders on the page Data: added, looked at, synced, removed, and refused with the way out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from .conftest import Person, Running
from .test_owner_pages import as_owner

pytestmark = pytest.mark.browser

CONFIG = (
    '<View><Image name="photo" value="$image"/>'
    '<Choices name="mood" toName="photo"><Choice value="Calm"/><Choice value="Busy"/></Choices></View>'
)
SVG = (
    "<svg xmlns='http://www.w3.org/2000/svg' width='64' height='48'><rect width='64' height='48' fill='#d9dddf'/></svg>"
)


@pytest.fixture
def scans(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "scans"
    (folder / "night").mkdir(parents=True)
    for name in ("a.svg", "b.svg", "night/c.svg", "notes.txt"):
        (folder / name).write_text(SVG)
    monkeypatch.setenv("LABELKITE_ALLOW_FOLDERS", str(folder))
    return folder


def add(page: Page, address: str) -> None:
    page.get_by_role("button", name="Add a bucket or folder").press("Enter")
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Address", exact=True).fill(address)
    dialog.get_by_label("Only paths like").fill(r".*\.svg")
    dialog.get_by_role("button", name="Add and look").click()


def test_a_folder_s_files_become_tasks_and_what_is_new_comes_with_the_next_sync(
    scans: Path, own_server: Callable[..., Running], person: Callable[..., Person], shot: Callable[[Page, str], None]
) -> None:
    server = own_server()
    project = server.api("POST", "/api/projects", json={"title": "Scans", "label_config": CONFIG}).json()["id"]
    owner = person()
    page = as_owner(server, lambda: owner)
    page.goto(f"{server.url}/projects/{project}/data")
    expect(page.get_by_text("need not be uploaded")).to_be_visible()

    add(page, "s3://somebody-elses/pictures/")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("alert")).to_contain_text("labelkite up --allow-bucket s3://somebody-elses/pictures/")
    assert all("400" in complaint for complaint in owner.complaints)
    owner.complaints.clear()  # the browser's line on the refusal, and nothing else
    dialog.get_by_label("Address", exact=True).fill(str(scans))
    dialog.get_by_role("button", name="Add and look").click()
    expect(dialog).to_have_count(0)

    source = page.get_by_role("region", name=str(scans))
    expect(source).to_contain_text("3 new, 0 changed, 0 gone, 0 as before.")
    source.get_by_text("3 new files").click()
    expect(source.get_by_role("listitem").filter(has_text="night/c.svg")).to_be_visible()
    shot(page, "owner-sources")
    source.get_by_role("button", name="Sync now").press("Enter")
    expect(source).to_contain_text("3 new files.")
    expect(page.get_by_text("3 tasks so far")).to_be_visible()

    (scans / "d.svg").write_text(SVG)
    (scans / "a.svg").unlink()
    source.get_by_role("button", name="Look what is new").click()
    expect(source).to_contain_text("1 new, 0 changed, 1 gone, 2 as before.")
    source.get_by_label("Delete the tasks of files that are gone").check()
    source.get_by_role("button", name="Sync now").click()
    expect(source).to_contain_text("1 new file, 1 gone with their tasks.")
    expect(page.get_by_text("3 tasks so far")).to_be_visible()

    page.reload()
    expect(source).to_contain_text("1 new file, 1 gone with their tasks.")
    page.goto(f"{server.url}/projects/{project}/tasks/{newest(server, project)}")
    expect(page.locator("kite-image")).to_be_visible()

    page.goto(f"{server.url}/projects/{project}/data")
    source.get_by_role("button", name="Remove").click()
    page.get_by_role("dialog").get_by_role("button", name="Remove the source").click()
    expect(page.get_by_text("need not be uploaded")).to_be_visible()
    assert server.api("GET", f"/api/projects/{project}").json()["task_number"] == 3, "its tasks stay"


def newest(server: Running, project: int) -> int:
    return int(server.api("GET", f"/api/projects/{project}/tasks").json()["tasks"][-1]["id"])


@pytest.mark.complaints_expected
def test_a_source_that_is_not_allowed_any_more_says_so(
    scans: Path, own_server: Callable[..., Running], person: Callable[..., Person]
) -> None:
    server = own_server()
    project = server.api("POST", "/api/projects", json={"title": "Scans", "label_config": CONFIG}).json()["id"]
    made = server.api("POST", f"/api/projects/{project}/sources", json={"address": str(scans)})
    assert made.status_code == 201
    (scans / "a.svg").unlink()
    scans.rename(scans.parent / "away")
    page = as_owner(server, person)
    page.goto(f"{server.url}/projects/{project}/data")
    source = page.get_by_role("region", name=str(scans))
    expect(source).to_contain_text("Not synced yet.")
    source.get_by_role("button", name="Sync", exact=True).click()
    expect(source.get_by_role("alert")).to_contain_text("may not read this folder, or it is not there")
