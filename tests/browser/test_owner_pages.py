"""The owner's pages on a real server: a project out of a config, files and a link; answers side by side."""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Page, Route, expect

from .axe import assert_usable
from .conftest import Person, Running, until

pytestmark = pytest.mark.browser

CONFIG = """<View>
  <RectangleLabels name="thing" toName="photo"><Label value="Car"/><Label value="Sign"/></RectangleLabels>
  <Image name="photo" value="$image"/>
  <Choices name="weather" toName="photo"><Choice value="Sun"/><Choice value="Rain"/></Choices>
</View>"""
PYTHON_MS = 90_000


def png(path: Path, red: int) -> Path:
    """A plain photo of 64 x 48 pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + bytes((red, 120, 90)) * 64 for _ in range(48))
    header = struct.pack(">IIBBBBB", 64, 48, 8, 2, 0, 0, 0)
    path.write_bytes(
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    )
    return path


def as_owner(server: Running, person: Callable[..., Person]) -> Page:
    page = person().page
    page.goto(server.owner_link)
    page.wait_for_url("**/projects")
    return page


def make_project(server: Running, title: str, tasks: list[dict[str, Any]]) -> int:
    made = server.api("POST", "/api/projects", json={"title": title, "label_config": CONFIG, "maximum_annotations": 2})
    assert made.status_code == 201, made.text
    number: int = made.json()["id"]
    assert server.api("POST", f"/api/projects/{number}/import", json=tasks).status_code == 201
    return number


def answer(server: Running, project: int, name: str, result: list[dict[str, Any]]) -> int:
    """Somebody joins and submits the first task they get; its id."""
    invite = server.api("POST", f"/api/projects/{project}/invites", json={"role": "annotator", "days": 1}).json()
    with httpx.Client(base_url=server.url, headers={"Origin": server.url}) as client:
        joined = client.post("/api/session", json={"invite": invite["token"], "name": name})
        assert joined.status_code == 201, joined.text
        envelope = client.get(f"/api/projects/{project}/work").json()["next"]
        task: int = envelope["task"]["id"]
        body = {"result": result, "lead_time": 3, "lease": envelope["lease"]["token"]}
        sent = client.post(f"/api/tasks/{task}/annotations", json=body)
        assert sent.status_code == 201, sent.text
    return task


def box(id_: str, x: float, label: str) -> dict[str, Any]:
    value = {"x": x, "y": 10, "width": 20, "height": 20, "rotation": 0, "rectanglelabels": [label]}
    return {
        "id": id_, "from_name": "thing", "to_name": "photo", "type": "rectanglelabels", "original_width": 64,
        "original_height": 48, "image_rotation": 0, "value": value,
    }  # fmt: skip


def choice(id_: str, name: str) -> dict[str, Any]:
    return {"id": id_, "from_name": "weather", "to_name": "photo", "type": "choices", "value": {"choices": [name]}}


def test_an_owner_goes_from_a_config_to_a_link(
    server: Running, person: Callable[..., Person], shot: Callable[[Page, str], None], tmp_path: Path
) -> None:
    page = as_owner(server, person)
    page.get_by_role("link", name="New project").first.click()
    page.get_by_label("Name", exact=True).fill("Plain photos")
    expect(page.locator("kite-surface")).to_be_visible(timeout=PYTHON_MS)
    expect(page.locator(".ce-status")).to_contain_text("no problems")
    shot(page, "owner-new")
    page.get_by_role("button", name="Create and add data").click()

    fake = tmp_path / "fake.jpg"
    fake.write_text("not a photo")
    rows = tmp_path / "rows.csv"
    rows.write_text("image,place\nhttps://example.org/a.jpg,Oslo\n,Rome\n")
    photos = [png(tmp_path / f"photo {n}.png", 40 * n) for n in range(6)]
    page.locator("input[type=file][multiple]").set_input_files([*photos, fake, rows])
    page.get_by_role("button", name="Import", exact=True).click()
    report = page.locator(".ow-report")
    expect(report).to_contain_text("7 tasks added")
    expect(report).to_contain_text("2 entries refused")
    expect(report).to_contain_text("row 2")
    shot(page, "owner-data")

    page.get_by_role("button", name="Go on to people").click()
    page.get_by_role("button", name="Copy link").click()
    link = page.get_by_label("Link for annotators").get_by_role("textbox")
    expect(link).to_have_value(re.compile(rf"^{re.escape(server.url)}/join#\S+$"))
    expect(page.get_by_text("Copied.")).to_be_visible()
    shot(page, "owner-people")
    page.get_by_role("button", name="Open the project").click()
    expect(page.locator("tbody tr")).to_have_count(7)
    expect(page).to_have_title("Plain photos · Labelkite")


def test_a_zip_of_pictures_and_their_boxes_becomes_answered_tasks(
    server: Running, person: Callable[..., Person], shot: Callable[[Page, str], None], tmp_path: Path
) -> None:
    project = make_project(server, "From a zip", [])
    packed = tmp_path / "street.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        for n in range(3):
            archive.write(png(tmp_path / f"{n}.png", 60 * n), f"images/{n}.png")
        archive.writestr("classes.txt", "car\nSign\nTram\n")
        archive.writestr("labels/0.txt", "0 0.5 0.5 0.2 0.2\n1 0.2 0.2 0.1 0.1\n")
        archive.writestr("labels/1.txt", "2 0.5 0.5 0.2 0.2\n0 0.4 0.4 0.2 0.2\n")
    page = as_owner(server, person)
    page.goto(f"{server.url}/projects/{project}/data")
    page.locator("input[type=file][multiple]").set_input_files(packed)
    page.get_by_role("button", name="Import", exact=True).click()
    report = page.locator(".ow-report")
    expect(report).to_contain_text("3 tasks added, with 2 answers")
    expect(report).to_contain_text("1 entry refused")  # the config has no Tram
    expect(report).to_contain_text("Tram")
    expect(report).to_contain_text("To know:")  # "car" is the config's "Car"
    shot(page, "owner-data-zip")
    tasks = server.api("GET", f"/api/projects/{project}/export?exportType=JSON&download_all_tasks=true").json()
    labels = [
        [row["value"]["rectanglelabels"][0] for a in task["annotations"] for row in a["result"]] for task in tasks
    ]
    assert sorted(labels) == [[], ["Car"], ["Car", "Sign"]]


def test_a_problem_in_the_config_is_shown_where_it_is_and_the_preview_stays(
    server: Running, person: Callable[..., Person], shot: Callable[[Page, str], None]
) -> None:
    page = as_owner(server, person)
    page.goto(f"{server.url}/projects/new")
    expect(page.locator("kite-surface")).to_be_visible(timeout=PYTHON_MS)
    page.locator("kite-code[language=xml]").click()
    page.keyboard.press("Control+Home")
    page.keyboard.press("End")
    page.keyboard.type("\n<Choicess/>")
    problem = page.locator(".ce-problem")
    expect(problem).to_contain_text("2:")
    expect(problem).to_contain_text("Choicess")
    expect(problem).to_contain_text("Choices")
    expect(page.locator(".ce-status")).to_contain_text("1 error")
    expect(page.locator("kite-surface")).to_be_visible()
    expect(page.get_by_role("button", name="Create and add data")).to_be_disabled()
    shot(page, "owner-config-problem")
    page.keyboard.press("Control+z")
    expect(page.locator(".ce-status")).to_contain_text("no problems")


def test_answers_are_compared_in_words_and_by_keyboard(
    server: Running, person: Callable[..., Person], shot: Callable[[Page, str], None], tmp_path: Path
) -> None:
    project = make_project(server, "Compared", [{"data": {"image": f"{server.url}/samples/street.svg", "n": 1}}])
    task = answer(server, project, "Ana", [box("a", 10, "Car"), box("b", 60, "Sign"), choice("c", "Sun")])
    assert answer(server, project, "Li", [box("d", 11, "Sign"), choice("e", "Rain")]) == task

    page = as_owner(server, person)
    page.goto(f"{server.url}/projects/{project}")
    expect(page.get_by_text("Disagrees").nth(1)).to_be_visible()
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=f"Task {task}")).to_be_focused()
    differences = page.locator(".ow-difference")
    expect(differences).to_have_count(3)
    for text in ("Ana: Car; Li: Sign", "Only Ana marked this box", "Ana: Sun; Li: Rain"):
        expect(differences.filter(has_text=text)).to_have_count(1)
    layers = "() => document.querySelector('kite-surface').layers.map((one) => Object.keys(one.view.regions).length)"
    assert page.evaluate(layers) == [2, 1]
    differences.filter(has_text="Only Ana").click()
    until(page, f"JSON.stringify(({layers})()) === '[1,0]'")
    shot(page, "owner-differences")
    page.keyboard.press("Escape")
    page.keyboard.press("2")
    until(page, "document.querySelector('kite-surface').view.answers.weather?.choices[0] === 'Sun'")
    page.keyboard.press("Escape")
    page.wait_for_url(f"**/projects/{project}")


def test_what_is_being_edited_survives_a_look_at_another_tab(server: Running, person: Callable[..., Person]) -> None:
    project = make_project(server, "Before", [{"data": {"image": "https://example.org/1.jpg"}}])
    page = as_owner(server, person)
    page.goto(f"{server.url}/projects/{project}/settings")
    page.get_by_label("Name", exact=True).fill("After")
    page.locator(".ow-tabs").get_by_role("link", name="People").click()
    page.locator(".ow-tabs").get_by_role("link", name="Settings").click()
    expect(page.get_by_label("Name", exact=True)).to_have_value("After")
    page.get_by_role("button", name="Save changes").click()
    expect(page.get_by_role("heading", name="After", level=1)).to_be_visible()
    assert server.api("GET", f"/api/projects/{project}").json()["title"] == "After"


def test_a_snapshot_is_made_and_later_says_what_has_changed(server: Running, person: Callable[..., Person]) -> None:
    project = make_project(server, "Snapshots", [{"data": {"image": "/one.png"}}, {"data": {"image": "/two.png"}}])
    page = as_owner(server, person)
    page.goto(f"{server.url}/projects/{project}/data")
    expect(page.get_by_text("None yet. Keep one before")).to_be_visible()
    page.get_by_label("Name", exact=True).fill("First")
    page.keyboard.press("Enter")
    compare = page.get_by_label("Compare First with")
    expect(compare).to_be_visible()
    task = answer(server, project, "Ana", [choice("c", "Sun")])
    compare.select_option("what is there now")
    found = page.get_by_role("region", name="Comparison")
    expect(found).to_contain_text("1 task of 2 is as before. 1 answer came, 0 went, 0 were changed.")
    expect(found.get_by_role("link", name=str(task), exact=True)).to_have_attribute(
        "href", f"/projects/{project}/tasks/{task}"
    )
    expect(found.get_by_role("table", name="Labels of weather")).to_contain_text("Sun01+1")
    assert_usable(page)
    page.get_by_role("button", name="Delete First").click()
    page.get_by_role("button", name="Delete the snapshot").click()
    expect(page.get_by_text("None yet. Keep one before")).to_be_visible()
    expect(found).to_have_count(0)


@pytest.mark.complaints_expected
def test_a_page_of_nothing_says_so_and_offers_a_way_out(server: Running, person: Callable[..., Person]) -> None:
    page = as_owner(server, person)
    page.goto(f"{server.url}/projects/987654")
    expect(page.get_by_role("alert")).to_contain_text("could not be loaded")
    page.get_by_role("alert").get_by_role("link", name="All projects").press("Enter")
    expect(page.get_by_role("heading", name="Projects")).to_be_visible()


def test_a_file_behind_an_address_is_read_on_the_task_page_too(server: Running, person: Callable[..., Person]) -> None:
    config = '<View><Table name="t" value="$file" valueType="csv|url"/><Rating name="r" toName="t"/></View>'
    made = server.api("POST", "/api/projects", json={"title": "Beats", "label_config": config}).json()
    done = server.api(
        "POST", f"/api/projects/{made['id']}/import?return_task_ids=true", json=[{"file": "/samples/ecg.csv"}]
    )
    page = as_owner(server, person)
    page.goto(f"{server.url}/projects/{made['id']}/tasks/{done.json()['task_ids'][0]}")
    expect(page.get_by_role("columnheader", name="breath")).to_be_visible(timeout=PYTHON_MS)


def test_a_part_of_the_site_that_a_newer_version_took_away_is_asked_for_by_loading_the_page_anew(
    server: Running, browser: Browser
) -> None:
    project = make_project(server, "Updated", [])
    context = browser.new_context(service_workers="block")  # a service worker would answer in place of the route below
    page = context.new_page()
    page.goto(server.owner_link)
    page.wait_for_url("**/projects")
    asked: list[str] = []

    def gone(route: Route) -> None:
        asked.append(route.request.url)
        route.fulfill(status=404) if len(asked) == 1 else route.continue_()

    page.route(re.compile(r"/assets/project-\w+\.js"), gone)
    page.get_by_role("link", name="Updated").first.click()
    expect(page.get_by_role("heading", name="Updated")).to_be_visible()
    assert page.url == f"{server.url}/projects/{project}"
    assert len(asked) == 2
    context.close()
