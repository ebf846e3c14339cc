"""The list of regions, commands, own keys, copying between tasks, what waits to be sent: to the stored result."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from .axe import assert_usable
from .conftest import Person, Running, join, python_ready, until
from .test_two_annotators import PICTURE, drag, saved, wait_for_regions

pytestmark = pytest.mark.browser

CONFIG = """<View>
  <RectangleLabels name="box" toName="photo">
    <Label value="Car"/><Label value="Person"/><Label value="Sign"/>
  </RectangleLabels>
  <Image name="photo" value="$image"/>
  <Choices name="weather" toName="photo"><Choice value="Sunny"/><Choice value="Rain"/></Choices>
</View>"""
LABELS = ("Car", "Person", "Sign")
SURFACE = "document.querySelector('kite-surface')"


def predicted(count: int) -> list[dict[str, Any]]:
    """Boxes one beside the other, from left to right, their labels in turn."""
    return [
        {"id": f"p{n}", "from_name": "box", "to_name": "photo", "type": "rectanglelabels", "score": 0.5 + n / 20,
         "original_width": 480, "original_height": 320, "image_rotation": 0,
         "value": {"x": 4 + n * 12, "y": 20, "width": 8, "height": 20, "rotation": 0,
                   "rectanglelabels": [LABELS[n % 3]]}}
        for n in range(count)
    ]  # fmt: skip


def make_project(server: Running, title: str, predictions: list[dict[str, Any]], tasks: int) -> tuple[int, str]:
    made = server.api("POST", "/api/projects", json={"title": title, "label_config": CONFIG})
    assert made.status_code == 201, made.text
    number = made.json()["id"]
    # What is predicted is in the first task only; the others are empty.
    rows: list[dict[str, Any]] = [{"data": {"image": PICTURE}} for _ in range(tasks)]
    rows[0]["predictions"] = [{"result": predictions}] if predictions else []
    imported = server.api("POST", f"/api/projects/{number}/import", json=rows)
    assert imported.status_code == 201, imported.text
    invite = server.api("POST", f"/api/projects/{number}/invites", json={"role": "annotator", "days": 1})
    return number, invite.json()["url"]


def view(page: Page) -> Any:
    return page.evaluate(f"{SURFACE}.view")


def settled(page: Page) -> None:
    until(page, f"{SURFACE}.pending.length === 0")


def selection(page: Page, *ids: str) -> None:
    until(page, f"{SURFACE}.pending.length === 0 && {SURFACE}.view.selection.join() === {json.dumps(','.join(ids))}")


def listed(page: Page, *ids: str) -> None:
    """The regions in their order, and the rows of the list too."""
    there = f"Object.values({SURFACE}.view.regions).sort((a, b) => a.n - b.n).map(({{ id }}) => id).join()"
    until(page, f"{SURFACE}.pending.length === 0 && {there} === {json.dumps(','.join(ids))}")
    for at, region in enumerate(ids):
        expect(page.get_by_role("option").nth(at)).to_have_attribute("data-id", region)


def command(page: Page, words: str) -> None:
    page.keyboard.press("Control+k")
    field = page.get_by_role("combobox", name="Find a command")
    expect(field).to_be_focused()
    field.fill(words)
    page.keyboard.press("Enter")
    expect(field).to_have_count(0)


def exported(server: Running, project: int) -> list[list[dict[str, Any]]]:
    """The result of each task's one annotation."""
    tasks = server.api("GET", f"/api/projects/{project}/export?exportType=JSON").json()
    return [[dict(row) for one in task["annotations"] for row in one["result"]] for task in tasks]


def test_regions_are_found_grouped_copied_to_the_next_task_and_stored(
    server: Running, person: Callable[..., Person], shot: Callable[[Page, str], None]
) -> None:
    project, link = make_project(server, "Panel", predicted(7), 2)
    ana = person(returning=True)
    page = ana.page
    join(page, link, "Ana")
    python_ready(page)
    wait_for_regions(page, 7)
    # Rows of suggestions are decided on one by one elsewhere; here they are all taken.
    if view(page).get("suggestions"):
        page.evaluate(
            f"{SURFACE}.dispatchEvent(new CustomEvent('kite-intent', {{detail: {{type: 'accept'}}, bubbles: true}}))"
        )
        settled(page)
    rows = page.get_by_role("option")
    expect(rows).to_have_count(7)

    # A row that is dragged between two others is painted and stored between them.
    first, third = (rows.nth(at).bounding_box() for at in (0, 2))
    assert first is not None
    assert third is not None
    page.mouse.move(first["x"] + 60, first["y"] + first["height"] / 2)
    page.mouse.down()
    page.mouse.move(third["x"] + 60, third["y"] + third["height"] - 3, steps=5)
    expect(page.locator(".is-target-after[data-id=p2]")).to_have_count(1)
    page.mouse.up()
    listed(page, "p1", "p2", "p0", "p3", "p4", "p5", "p6")
    page.keyboard.press("Control+z")
    listed(page, "p0", "p1", "p2", "p3", "p4", "p5", "p6")

    # A chip lists one label, the field finds by number.
    chip = page.get_by_role("button", name="Person 2")
    chip.click()
    expect(rows).to_have_count(2)
    chip.click()
    page.keyboard.press("Alt+Shift+f")
    expect(page.get_by_role("searchbox", name="Find a region")).to_be_focused()
    page.keyboard.type("sign")
    expect(rows).to_have_count(2)
    page.keyboard.press("Enter")
    selection(page, "p2")
    expect(page.get_by_role("listbox", name="Regions")).to_be_focused()
    page.get_by_role("button", name="Find a region").click()
    expect(rows).to_have_count(7)

    # Shift takes all in between, Ctrl one more; grouped, the first one is the parent, and the list a tree.
    rows.nth(0).click()
    rows.nth(2).click(modifiers=["Shift"])
    selection(page, "p0", "p1", "p2")
    page.keyboard.press("Control+g")
    settled(page)
    items = page.get_by_role("treeitem")
    expect(items.nth(1)).to_have_attribute("aria-level", "2")
    assert [view(page)["regions"][f"p{n}"].get("parent") for n in range(4)] == [None, "p0", "p0", None]

    # Dragged onto a row a region comes under it, dragged below all rows it leaves.
    start, onto = items.nth(4).bounding_box(), items.nth(5).bounding_box()
    assert start
    assert onto
    page.mouse.move(start["x"] + 80, start["y"] + 16)
    page.mouse.down()
    page.mouse.move(onto["x"] + 80, onto["y"] + 12, steps=4)
    page.mouse.up()
    until(page, f"{SURFACE}.view.regions.p4.parent === 'p5'")
    settled(page)
    shot(page, "panel-tree")

    # By keys: down the tree, folded, opened, and by label.
    items.nth(0).click()
    page.keyboard.press("Alt+g")
    page.keyboard.press("ArrowLeft")
    expect(items.nth(0)).to_have_attribute("aria-expanded", "false")
    expect(items).to_have_count(5)
    page.keyboard.press("ArrowRight")
    expect(items).to_have_count(7)
    page.get_by_role("button", name="Group, sort and filter").click()
    page.get_by_label("Group", exact=True).select_option("label")
    page.get_by_label("Sort", exact=True).select_option("score")
    page.keyboard.press("Escape")
    expect(items).to_have_count(10)
    expect(items.first).to_have_attribute("aria-label", "Car, 3 regions")
    assert_usable(page)

    # The palette knows regions, labels and commands.
    command(page, "person 5")
    selection(page, "p4")
    command(page, "sign box")
    until(page, f"{SURFACE}.view.regions.p4.labels.join() === 'Sign'")
    command(page, "sunny")
    until(page, f"{SURFACE}.view.answers.weather?.choices?.join() === 'Sunny'")

    # All of them into the next task, in the same place; the note and the numbers of one.
    page.keyboard.press("Escape")
    selection(page)
    page.keyboard.press("Control+a")
    until(page, f"{SURFACE}.view.selection.length === 7")
    page.keyboard.press("Control+c")
    expect(page.get_by_text("7 regions copied")).to_be_visible()
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("1 done")).to_be_visible()
    python_ready(page)
    until(page, f"{SURFACE}.view.answers.weather === undefined")
    page.reload()  # what was copied outlives it
    python_ready(page)
    until(page, "document.querySelectorAll('kite-regions header').length === 1")
    page.keyboard.press("Control+v")
    wait_for_regions(page, 7)
    until(page, f"{SURFACE}.view.selection.length === 7")
    page.keyboard.press("Control+Shift+h")  # nobody's key: nothing happens
    page.keyboard.press("Escape")
    selection(page)
    command(page, "car 1")
    until(page, f"{SURFACE}.view.selection.length === 1")
    page.keyboard.press("Alt+m")
    page.keyboard.type("cut off")
    x = page.get_by_label("x in pixels")
    x.fill("48")
    x.press("Enter")
    until(page, f"Object.values({SURFACE}.view.regions).some((one) => Math.abs(one.shape.x - 10) < 0.01)")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", name="All done")).to_be_visible()
    saved(page)

    first, second = exported(server, project)
    boxes = [row for row in first if row["type"] == "rectanglelabels"]
    assert {row["id"]: row.get("parentID") for row in boxes if row.get("parentID")} == {
        "p1": "p0",
        "p2": "p0",
        "p4": "p5",
    }
    copies = [row for row in second if row["type"] == "rectanglelabels"]
    assert len(copies) == 7
    assert not {row["id"] for row in boxes} & {row["id"] for row in copies}
    places = [{(row["value"]["y"], row["value"]["rectanglelabels"][0]) for row in some} for some in (boxes, copies)]
    assert places[0] == places[1]
    assert sorted(round(row["value"]["x"]) for row in copies) == [10, 16, 28, 40, 52, 64, 76]
    assert [row["meta"]["text"] for row in copies if row.get("meta")] == [["cut off"]]

    # Whoever has this browser next finds nothing copied.
    assert page.evaluate("localStorage.getItem('labelkite-copied')")
    ana.context.clear_cookies()
    page.goto("about:blank")
    join(page, link, "Ben")
    assert page.evaluate("localStorage.getItem('labelkite-copied')") is None


def test_own_keys_and_preferences_hold_at_once_after_a_reload_and_on_another_machine(
    server: Running, person: Callable[..., Person], shot: Callable[[Page, str], None]
) -> None:
    _, link = make_project(server, "Keys", predicted(3), 1)
    ana = person(returning=True)
    page = ana.page
    join(page, link, "Ana")
    python_ready(page)
    wait_for_regions(page, 3)
    command(page, "change the keys")
    # A key that nobody has; one that somebody has, which is swapped; one of a label.
    page.get_by_role("button", name="Change the key of Hide or show the region", exact=True).click()
    page.keyboard.press("k")
    page.get_by_role("button", name="Change the key of Person").click()
    page.keyboard.press("3")
    expect(page.get_by_role("alert").filter(has_text="is the key of “Sign”")).to_be_visible()
    shot(page, "keymap-clash")
    assert_usable(page)
    page.get_by_role("button", name="Swap them").click()
    page.get_by_role("button", name="Change the key of Undo").click()
    page.keyboard.press("Control+w")
    expect(page.get_by_text("belongs to the browser")).to_be_visible()
    page.keyboard.press("Escape")  # lets go of the row that waits
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Export").click()
    kept = json.loads(waiting.value.path().read_text())
    assert kept["commands"] == {"region.hide": "k"}
    assert sorted(kept["labels"].values()) == ["2", "3"]
    page.keyboard.press("Escape")
    command(page, "preferences")
    page.get_by_label("Select a region after creating it").check()
    page.get_by_label("Hide regions other than the selected").check()
    page.keyboard.press("Escape")
    expect(page.locator("dialog[open]")).to_have_count(0)

    def works(page: Page) -> None:
        wait_for_regions(page, 3)
        page.get_by_role("option").nth(0).click()
        selection(page, "p0")
        assert page.evaluate(f"{SURFACE}.painted.regions.p1.hidden && {SURFACE}.painted.regions.p2.hidden")
        before = bool(view(page)["regions"]["p0"].get("hidden"))
        page.keyboard.press("k")
        until(page, f"!!{SURFACE}.view.regions.p0.hidden === {json.dumps(not before)}")
        page.keyboard.press("3")
        until(page, f"{SURFACE}.view.regions.p0.labels.join() === 'Person'")
        page.keyboard.press("1")
        until(page, f"{SURFACE}.view.regions.p0.labels.join() === 'Car'")

    works(page)
    until(page, "fetch('/api/me/settings').then((answer) => answer.json()).then(({surface}) => surface?.select_new)")
    page.reload()
    python_ready(page)
    works(page)
    page.evaluate("localStorage.clear()")  # another machine of the same person
    page.reload()
    python_ready(page)
    until(page, f"{SURFACE}.settings.select_new")
    works(page)
    page.keyboard.press("Escape")
    selection(page)
    page.keyboard.press("2")  # Sign, as swapped
    drag(page, "kite-image canvas >> nth=0", (0.4, 0.7), (0.5, 0.9))
    wait_for_regions(page, 4)
    until(page, f"{SURFACE}.view.selection.length === 1")
    [made] = view(page)["selection"]
    assert view(page)["regions"][made]["labels"] == ["Sign"]


@pytest.mark.complaints_expected
def test_what_waits_is_listed_can_be_taken_along_and_arrives(
    server: Running, person: Callable[..., Person], shot: Callable[[Page, str], None]
) -> None:
    project, link = make_project(server, "Offline", [], 3)
    ana = person()
    page = ana.page
    join(page, link, "Ana")
    python_ready(page)
    until(page, "performance.getEntriesByName('kite-ahead').length === 1")
    until(page, "performance.getEntriesByType('resource').some(({name}) => name.includes('label-outbox'))")
    address = page.url
    ana.context.set_offline(True)
    page.keyboard.press("1")
    drag(page, "kite-image canvas >> nth=0", (0.4, 0.2), (0.6, 0.5))
    wait_for_regions(page, 1)
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("1 done")).to_be_visible()
    page.get_by_role("radio", name="Rain").check()
    settled(page)
    expect(page.locator("kite-save-state")).to_contain_text("Not saved on the server yet")
    page.locator("kite-save-state button").click()
    dialog = page.get_by_role("dialog", name="What is not on the server yet")
    expect(dialog.get_by_role("listitem")).to_have_count(2)
    expect(dialog).to_contain_text("You are offline")
    shot(page, "outbox")
    assert_usable(page)
    with page.expect_download() as waiting:
        dialog.get_by_role("button", name="Download as a file").click()
    kept = json.loads(waiting.value.path().read_text())
    assert [row["body"]["result"][0]["type"] for row in kept["waiting"]] == ["rectanglelabels"]
    assert kept["draft"]["result"][0]["value"] == {"choices": ["Rain"]}
    page.close(run_before_unload=False)

    ana.context.set_offline(False)
    page = ana.open()
    page.goto(address)
    python_ready(page)
    until(page, f"{SURFACE}.view.answers.weather?.choices?.join() === 'Rain'", timeout_s=60)
    page.keyboard.press("Control+z")  # even the steps are still there
    until(page, f"{SURFACE}.view.answers.weather === undefined")
    page.keyboard.press("Control+y")
    until(page, f"{SURFACE}.view.answers.weather?.choices?.join() === 'Rain'")
    saved(page)
    page.locator("kite-save-state button").click()
    expect(page.get_by_text("Everything is on the server.")).to_be_visible()
    done = [rows for rows in exported(server, project) if rows]
    assert [[row["type"] for row in rows] for rows in done] == [["rectanglelabels"]]
