"""The page of exports: what fits, a job with its report, the file, what is refused."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from .axe import assert_usable
from .conftest import Person, Running
from .test_owner_pages import answer, box, make_project

pytestmark = pytest.mark.browser

TASKS = [{"data": {"image": "/samples/street.svg", "n": n}} for n in range(3)]


def test_an_export_is_chosen_made_read_about_and_downloaded(
    server: Running, person: Callable[..., Person], shot: Callable[[Page, str], None]
) -> None:
    project = make_project(server, "Cars", TASKS)
    turned = box("b", 40, "Car")
    turned["value"]["rotation"] = 20
    answer(server, project, "Ana", [box("a", 10, "Car"), turned])
    someone = person()
    page = someone.page
    page.goto(server.owner_link)
    page.wait_for_url("**/projects")
    page.goto(f"{server.url}/projects/{project}")
    page.get_by_role("link", name="Export").first.click()
    page.wait_for_url("**/export")
    expect(page.get_by_text("None yet. What you export is kept here")).to_be_visible()
    page.get_by_text(re.compile("formats do not fit")).click()
    expect(page.get_by_text("CONLL2003 needs <Text>; this config has none.")).to_be_visible()

    # By keyboard: the arrows choose, Enter in a field begins.
    page.get_by_role("radio", name="COCO objects").focus()
    for _ in range(2):
        page.keyboard.press("ArrowDown")
    expect(page.get_by_role("radio", name="YOLO boxes")).to_be_checked()
    size = page.get_by_label("Size where it is not known")
    size.fill("12x0")
    size.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("12x0 is no size")
    someone.complaints.clear()  # the browser notes every answer 400
    size.fill("")
    page.get_by_label("Split into").check()
    page.get_by_label("val", exact=True).fill("0")
    page.get_by_label("test", exact=True).fill("0")
    page.get_by_role("button", name="Export YOLO").click()

    expect(page.get_by_role("row", name=re.compile("YOLO.*agreed on, in sets"))).to_contain_text("1 region left out")
    page.get_by_role("button", name=re.compile("Report of YOLO")).press("Enter")
    expect(page.locator(".ex-report")).to_contain_text("1 turned boxes")
    expect(page.locator(".ex-report").get_by_role("link", name=re.compile("Task"))).to_be_visible()
    assert_usable(page)
    shot(page, "exports")
    with page.expect_download() as got:
        page.get_by_role("link", name=re.compile("Download YOLO")).click()
    with zipfile.ZipFile(got.value.path()) as file:
        assert len([name for name in file.namelist() if name.startswith("labels/train/")]) == 1


def test_who_may_only_look_exports_and_an_empty_project_says_what_is_missing(
    server: Running, person: Callable[..., Person]
) -> None:
    project = make_project(server, "Nothing", [])
    link = server.api("POST", f"/api/projects/{project}/invites", json={"role": "viewer"}).json()
    page = person().page
    joined = page.context.request.post(
        f"{server.url}/api/session", data={"invite": link["token"], "name": "Vera"}, headers={"Origin": server.url}
    )
    assert joined.status == 201
    page.goto(f"{server.url}/projects/{project}/export")
    expect(page.get_by_role("heading", name="Nothing to export yet")).to_be_visible()
    expect(page.get_by_role("link", name="Add data")).to_have_count(0)
    assert server.api("POST", f"/api/projects/{project}/import", json=TASKS).status_code == 201
    page.reload()
    expect(page.get_by_role("button", name="Export JSON")).to_be_visible()
    expect(page.get_by_label("Where to")).to_have_count(0)
