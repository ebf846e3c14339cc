"""Many tasks at once, and tasks that go on by themselves: what people press, and what is then stored."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from .axe import assert_usable
from .conftest import Person, Running, join, python_ready, until
from .test_two_annotators import make_project, saved

pytestmark = pytest.mark.browser

CONFIG = """<View><Text name="t" value="$text"/>
  <Choices name="mood" toName="t" required="true">
    <Choice value="Calm"/><Choice value="Sad"/><Choice value="Glad"/>
  </Choices>
</View>"""
TASKS = [{"text": f"Review {n}. " + "The room was quiet and the bed was good. " * 12} for n in range(1, 37)]
KEPT = """new Promise((done) => {
  const asked = indexedDB.open('labelkite')
  asked.onsuccess = () => {
    const counted = asked.result.transaction('intents').objectStore('intents').count()
    counted.onsuccess = () => { asked.result.close(); done(counted.result >= 30) }
  }
})"""
SURFACE = "document.querySelector('kite-surface')"


#: The tenth submit finds no room in the browser's store.
NO_ROOM = """() => {
  const { put } = IDBObjectStore.prototype
  let n = 0
  IDBObjectStore.prototype.put = function (...given) {
    if (this.name === 'outbox' && ++n === 10) throw new DOMException('no room', 'QuotaExceededError')
    return put.apply(this, given)
  }
}"""


def stored(server: Running, project: int) -> dict[int, tuple[str, dict[str, Any]]]:
    """By number of the task: its one choice, and the annotation."""
    exported = server.api("GET", f"/api/projects/{project}/export?exportType=JSON").json()
    found = {}
    for task in exported:
        (made,) = task["annotations"]
        found[int(task["data"]["text"].split(".")[0].split()[1])] = (made["result"][0]["value"]["choices"][0], made)
    return found


def sent(page: Page) -> None:
    """The server has every submit; what was only looked at and changed may wait here."""
    until(page, "['saved', 'saved-here'].includes(document.querySelector('kite-save-state').state)")


def task_is(page: Page, number: int) -> None:
    expect(page.locator(".text-sheet").first).to_contain_text(f"Review {number}.")


def test_a_choice_sends_itself_and_can_be_taken_back(server: Running, person: Callable[..., Person]) -> None:
    project, link = make_project(server, "Goes on", TASKS[:6], CONFIG)
    server.api("PATCH", f"/api/projects/{project}", json={"queue": {"auto_advance": True}}).raise_for_status()
    page = person(returning=True).page
    join(page, link, "Ana")
    python_ready(page)
    expect(page.get_by_label("Go on by itself")).to_be_checked()
    task_is(page, 1)
    page.keyboard.press("2")
    task_is(page, 2)
    expect(page.get_by_text("Sent: Sad")).to_be_visible()
    page.keyboard.press("Control+z")
    task_is(page, 1)
    expect(page.get_by_role("radio", name="Sad")).to_be_checked()
    page.get_by_role("radio", name="Glad").click()
    task_is(page, 2)
    page.get_by_role("radio", name="Calm").dblclick()  # the second click is not for the task that came under it
    task_is(page, 3)
    page.get_by_role("radio", name="Calm").focus()
    page.keyboard.press("ArrowDown")  # goes through the choices, decides nothing
    expect(page.get_by_role("radio", name="Sad")).to_be_checked()
    task_is(page, 3)
    page.keyboard.press("Enter")
    task_is(page, 4)
    page.keyboard.down("1")
    task_is(page, 5)
    page.keyboard.down("1")  # held down: the browser repeats it
    page.keyboard.down("1")
    page.keyboard.up("1")
    task_is(page, 5)
    page.keyboard.press("Alt+s")  # the answer of the task before, and nothing is sent by it
    expect(page.get_by_role("radio", name="Calm")).to_be_checked()
    until(page, f"{SURFACE}.pending.length === 0")
    task_is(page, 5)
    page.get_by_label("Go on by itself").uncheck()
    page.keyboard.press("3")
    expect(page.get_by_role("radio", name="Glad")).to_be_checked()
    page.keyboard.press("Control+Enter")
    task_is(page, 6)
    saved(page)
    assert {n: choice for n, (choice, _) in stored(server, project).items()} == {
        1: "Glad", 2: "Calm", 3: "Sad", 4: "Calm", 5: "Glad",
    }  # fmt: skip


def test_a_grid_is_labeled_by_mouse_and_keys_and_sent_at_once(
    server: Running, person: Callable[..., Person], shot: Callable[[Page, str], None]
) -> None:
    project, link = make_project(server, "Grid", TASKS, CONFIG)
    page = person(returning=True, width=1280, height=800, dark=True).page
    join(page, link, "Ana")
    python_ready(page)
    page.get_by_role("button", name="Grid").click()
    tiles = page.locator(".grid-tile")
    expect(tiles).to_have_count(30)
    tiles.nth(0).click()
    tiles.nth(3).click(modifiers=["Shift"])
    tiles.nth(1).click(modifiers=["Control"])
    page.keyboard.press("1")  # 1, 3, 4
    boxes = [tiles.nth(n).bounding_box() for n in (5, 7)]
    assert boxes[0]
    assert boxes[1]
    page.mouse.move(boxes[0]["x"] + 20, boxes[0]["y"] + 40)
    page.mouse.down()
    page.mouse.move(boxes[1]["x"] + 40, boxes[1]["y"] + 60, steps=3)
    page.mouse.up()
    page.keyboard.press("2")  # a row of them
    dragged = page.locator(".grid-tile[aria-selected=true]").count()
    assert dragged >= 1
    page.keyboard.press("Control+z")
    expect(page.locator(".grid-answer")).to_have_count(3)
    page.keyboard.press("Escape")
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("3")  # 2, and the keyboard goes on to 3
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Space")
    page.keyboard.press("2")  # 5, 6
    expect(page.locator(".grid-answer")).to_have_count(6)
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog", name="A closer look")).to_contain_text("Review 6.")
    page.keyboard.press("Escape")
    assert_usable(page)
    shot(page, "label-grid")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".grid-answer")).to_have_count(0)  # all of them are in the outbox
    expect(page.get_by_role("option", name="Review 7.")).to_be_visible()
    expect(tiles).to_have_count(30)
    sent(page)
    made = stored(server, project)
    assert {n: choice for n, (choice, _) in made.items()} == {
        1: "Calm",
        2: "Glad",
        3: "Calm",
        4: "Calm",
        5: "Sad",
        6: "Sad",
    }
    assert len({annotation["lead_time"] for _, annotation in made.values()}) == 1, "the time is shared among them"
    page.keyboard.press("Control+a")
    page.keyboard.press("1")
    expect(page.locator("kite-save-state")).to_contain_text("Saved here")
    until(page, KEPT)
    page.reload()
    expect(page.locator(".grid-answer")).to_have_count(30)  # what was chosen is still there, and so is the grid
    page.evaluate(NO_ROOM)
    page.get_by_role("button", name="Submit 30").click()
    expect(page.get_by_text("This could not be submitted yet.")).to_be_visible()
    page.get_by_role("button", name="Submit 21").click()  # the nine before it are not sent twice
    expect(page.get_by_role("heading", name="No task is left for the grid")).to_be_visible()
    sent(page)
    assert Counter(choice for choice, _ in stored(server, project).values()) == {"Calm": 33, "Glad": 1, "Sad": 2}
    page.get_by_role("button", name="One by one").first.click()
    expect(page.get_by_role("heading", name="All done")).to_be_visible()


def test_leaving_the_grid_gives_back_what_has_no_answer(server: Running, person: Callable[..., Person]) -> None:
    project, link = make_project(server, "Given back", TASKS[:4], CONFIG)
    server.api("PATCH", f"/api/projects/{project}", json={"maximum_annotations": 1}).raise_for_status()
    ana, ben = person(width=390, height=800).page, person(width=800, height=900).page
    join(ana, link, "Ana")
    python_ready(ana)
    ana.get_by_role("button", name="Grid").click()
    expect(ana.locator(".grid-tile")).to_have_count(4)
    ana.locator(".grid-tile").nth(2).click()
    ana.keyboard.press("1")
    expect(ana.locator(".grid-answer")).to_have_count(1)
    assert_usable(ana)
    ana.get_by_role("button", name="One by one").click()
    task_is(ana, 3)  # begun, so it is theirs still
    expect(ana.get_by_role("radio", name="Calm")).to_be_checked()
    join(ben, link, "Ben")
    python_ready(ben)
    ben.get_by_role("button", name="Grid").click()
    expect(ben.get_by_role("option", name="Review 4.")).to_be_visible()  # Ana has one ahead
    assert_usable(ben)
