"""The list of projects, whole projects as files, and an import that is looked at before it is made."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from playwright.sync_api import Page, expect

from .conftest import Person, Running
from .test_owner_pages import as_owner

pytestmark = pytest.mark.browser

CONFIG = (
    '<View><Text name="t" value="$text"/>'
    '<Choices name="mood" toName="t"><Choice value="Calm"/><Choice value="Sad"/></Choices></View>'
)


def act(page: Page, project: str, what: str) -> None:
    page.get_by_label(f"Actions of {project}", exact=True).click()
    page.get_by_role("button", name=what).locator("visible=true").click()


def test_rows_are_looked_at_and_a_project_is_copied_taken_along_archived_and_deleted(
    server: Running, person: Callable[..., Person], shot: Callable[[Page, str], None], tmp_path: Path
) -> None:
    made = server.api("POST", "/api/projects", json={"title": "Moods of rows", "label_config": CONFIG}).json()
    page = as_owner(server, person)
    page.goto(f"{server.url}/projects/{made['id']}/data")
    rows = tmp_path / "rows.csv"
    rows.write_text("id,body\n1,The sea was smooth.\n2,It rained.\n1,Once more\n")
    page.locator("input[type=file][multiple]").set_input_files(rows)
    expect(page.get_by_role("region", name="First rows")).to_contain_text("The sea was smooth.")
    expect(page.locator(".ow-review")).to_contain_text("text of the config is filled by no column")
    expect(page.get_by_role("button", name="Import", exact=True)).to_be_disabled()
    page.get_by_label("Field of body").select_option("text")
    page.get_by_label("Key that tells tasks apart").select_option("id")
    shot(page, "owner-import-review")
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.locator(".ow-report")).to_contain_text("2 tasks added")
    expect(page.locator(".ow-report")).to_contain_text("1 duplicate left out")

    table = tmp_path / "rows.parquet"
    pq.write_table(pa.table({"id": [3, 2], "body": ["Fog came up.", "It rained."]}), table)
    page.reload()
    page.locator("input[type=file][multiple]").set_input_files(table)
    expect(page.get_by_role("region", name="First rows")).to_contain_text("Fog came up.")
    expect(page.locator(".ow-review")).to_contain_text("a Parquet table")
    page.get_by_label("Field of body").select_option("text")
    page.get_by_label("Key that tells tasks apart").select_option("id")
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.locator(".ow-report")).to_contain_text("1 task added")
    expect(page.locator(".ow-report")).to_contain_text("1 duplicate left out")

    page.get_by_role("link", name="Labelkite").click()
    act(page, "Moods of rows", "Duplicate")
    page.get_by_label("Everything").check()
    page.get_by_role("button", name="Duplicate", exact=True).click()
    expect(page).to_have_title("Moods of rows (copy) · Labelkite")
    expect(page.locator("tbody tr")).to_have_count(3)

    page.get_by_role("link", name="Labelkite").click()
    act(page, "Moods of rows", "Download as one file")
    with page.expect_download() as got:
        page.get_by_role("button", name="Make the file").click()
    whole = tmp_path / "moods.labelkite.gz"
    got.value.save_as(whole)
    assert gzip.decompress(whole.read_bytes()).startswith(b'{"labelkite_project":1')

    half = tmp_path / "torn-in-two.labelkite.gz"
    half.write_bytes(whole.read_bytes()[:-200])
    page.locator("input[type=file]").set_input_files(half)
    expect(page.get_by_role("alert")).to_contain_text("The project file is damaged")
    page.get_by_role("button", name="Close").click()
    expect(page.locator("tr", has_text="torn-in-two")).to_have_count(0)
    act(page, "Moods of rows", "Rename")
    page.get_by_label("Name", exact=True).fill("The first one")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_label("Actions of The first one")).to_be_visible()
    page.locator("input[type=file]").set_input_files(whole)
    page.wait_for_url(re.compile(r"/projects/\d+$"))
    expect(page).to_have_title("Moods of rows · Labelkite")

    page.get_by_role("link", name="Labelkite").click()
    act(page, "The first one", "Archive")
    page.get_by_role("button", name="Archive", exact=True).click()
    page.get_by_text("Archived").click()
    archived = page.locator(".ow-archived")
    expect(archived).to_contain_text("The first one")
    assert server.api("GET", f"/api/projects/{made['id']}/next").status_code == 404
    act(page, "Moods of rows (copy)", "Delete")
    page.get_by_label("Type its name").fill("Moods of rows (copy)")
    shot(page, "owner-projects")
    page.get_by_role("button", name="Delete for good").click()
    expect(page.get_by_label("Actions of Moods of rows (copy)", exact=True)).to_have_count(0)

    page.goto(f"{server.url}/projects/new")
    page.get_by_label("Name", exact=True).fill("Half a thought")
    page.reload()
    expect(page.get_by_label("Name", exact=True)).to_have_value("Half a thought")
