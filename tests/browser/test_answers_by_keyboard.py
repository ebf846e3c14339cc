"""Answers without a mouse: from question to question, relations with a label, cards sent by a digit, one of two."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from .axe import assert_usable
from .conftest import Person, Running, join, python_ready, until
from .test_answer_controls import made
from .test_answers import ITEMS, RANK, mark, settled, values
from .test_text_spans import where
from .test_two_annotators import make_project, saved

pytestmark = pytest.mark.browser

FORM = """<View>
  <Labels name="ner" toName="t"><Label value="Person"/><Label value="Place"/></Labels>
  <Text name="t" value="$text"/>
  <Header value="Alive?"/>
  <Choices name="alive" toName="t" perRegion="true"><Choice value="Yes"/><Choice value="No"/></Choices>
  <Header value="Why?"/><TextArea name="why" toName="t" perRegion="true"/>
  <Header value="Tone"/><Choices name="tone" toName="t"><Choice value="Kind"/><Choice value="Rude"/></Choices>
  <Header value="Clear?"/><Rating name="clear" toName="t"/>
  <Header value="How many?"/><Number name="many" toName="t" min="0" max="9"/>
  <Header value="Words?"/><TextArea name="words" toName="t"/>
  <Relations><Relation value="knows"/><Relation value="comes from"/></Relations>
</View>"""
# Typed faster than anything is drawn: a text, Enter, the next text.
AT_ONCE = """() => {
  document.execCommand('insertText', false, 'one')
  document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true }))
  document.execCommand('insertText', false, 'two')
}"""
# Keys that come before anything is drawn.
PRESS = """(keys) => {
  const press = (key) => document.activeElement.dispatchEvent(
    new KeyboardEvent('keydown', { bubbles: true, cancelable: true, composed: true, ...key }))
  keys.forEach(press)
}"""
FAR = "Ada met Charles.\n" + "Nothing happened on this day.\n" * 60 + "Oslo is far down. Nothing else.\n"
BUCKETS = '<Bucket name="good" title="Worth it"/><Bucket name="bad" title="Skip it"/>'
PAIR = """<View><Pairwise name="better" toName="a,b" required="true"/>
  <View style="display: grid; grid-template-columns: 1fr 1fr">
    <Text name="a" value="$a"/><Text name="b" value="$b"/></View></View>"""


@pytest.fixture
def opened(server: Running, person: Callable[..., Person]) -> Callable[..., tuple[int, Page]]:
    def make(config: str, tasks: list[dict[str, Any]], **settings: Any) -> tuple[int, Page]:
        project, link = make_project(server, "By keyboard", tasks, config)
        if settings:
            server.api("PATCH", f"/api/projects/{project}", json=settings)
        page = person(returning=True).page
        join(page, link, "Ana")
        python_ready(page)
        return project, page

    return make


def send(page: Page) -> None:
    settled(page)
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", name="All done")).to_be_visible()
    saved(page)


def test_one_key_goes_from_question_to_question_and_a_digit_relates_with_a_label(
    server: Running, opened: Callable[..., tuple[int, Page]]
) -> None:
    project, page = opened(FORM, [{"text": FAR}])
    mark(page, "1", "Ada")
    mark(page, "1", "Charles")
    sheet = page.locator(".text-sheet")
    sheet.evaluate("(sheet) => sheet.scrollTo(0, sheet.scrollHeight)")
    until(page, "document.querySelector('.text-sheet').scrollTop > 500")

    # A step to a region that is out of sight brings it into sight.
    # What is pressed before the engine has said which one that is waits for it.
    page.evaluate(PRESS, [{"key": ".", "altKey": True}, {"key": "c", "ctrlKey": True}])
    until(page, "document.querySelector('.text-sheet').scrollTop < 100")
    expect(page.get_by_text("1 region copied")).to_be_visible()

    # The second region is looked for from the first one outwards; a digit takes it with that label, one step of undo.
    page.keyboard.press("Alt+r")
    expect(page.locator(".relating")).to_contain_text("knows")
    assert_usable(page)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("2")
    relation = page.locator(".relation")
    expect(relation.get_by_role("button", name="comes from")).to_have_attribute("aria-pressed", "true")
    settled(page)
    page.keyboard.press("Control+z")
    expect(relation).to_have_count(0)
    page.keyboard.press("Control+Shift+z")
    expect(relation).to_have_count(1)

    # Questions about the selected region first, then the next region, then the task.
    page.mouse.click(640, 790)
    page.keyboard.press("Alt+q")
    expect(page.locator("kite-region").get_by_role("radio", name="Yes")).to_be_focused()
    assert page.evaluate("document.activeElement.matches(':focus-visible')"), "also after a click the place is seen"
    page.keyboard.press("Space")
    page.keyboard.press("Alt+q")
    expect(page.locator("kite-region").get_by_role("textbox", name="Why?")).to_be_focused()
    page.keyboard.type("a letter")
    page.keyboard.press("Alt+q")
    expect(page.locator("kite-region").get_by_role("radio", name="Yes")).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Alt+q")
    expect(page.locator("kite-region").get_by_role("textbox", name="Why?")).to_be_focused()
    page.keyboard.type("gone")
    page.keyboard.press("Alt+q")
    expect(page.get_by_role("radio", name="Kind")).to_be_focused()
    page.evaluate(PRESS, [{"key": "5"}, {"key": "q", "altKey": True}])  # before the answer is drawn
    expect(page.get_by_role("radio", name="1 of 5")).to_be_focused()
    page.keyboard.press("Alt+q")  # may stay empty for now
    expect(page.get_by_role("spinbutton")).to_be_focused()
    page.keyboard.type("3")
    page.keyboard.press("Alt+q")
    expect(page.get_by_role("textbox", name="Words?")).to_be_focused()
    page.evaluate(AT_ONCE)
    page.keyboard.press("Alt+q")
    expect(page.get_by_role("radio", name="1 of 5")).to_be_focused()
    page.keyboard.press("Space")
    settled(page)
    assert_usable(page)
    send(page)
    rows = made(server, project)
    words = {row["id"]: row["value"]["text"] for row in rows if row["type"] == "labels"}
    answers = {(words.get(row["id"], ""), row["from_name"]): row["value"] for row in rows if row["type"] != "relation"}
    assert answers["Ada", "alive"]["choices"] == ["Yes"]
    assert answers["Ada", "why"]["text"] == ["a letter"]
    assert answers["Charles", "alive"]["choices"] == ["No"]
    assert answers["Charles", "why"]["text"] == ["gone"]
    assert [answers["", name] for name in ("tone", "clear", "many", "words")] == [
        {"choices": ["Kind"]}, {"rating": 1}, {"number": 3}, {"text": ["one", "two"]},
    ]  # fmt: skip
    [link] = [row for row in rows if row["type"] == "relation"]
    assert ([words[link["from_id"]], words[link["to_id"]]], link["labels"]) == (["Ada", "Charles"], ["comes from"])


def test_cards_are_sent_into_buckets_by_digits_and_buttons(
    server: Running, opened: Callable[..., tuple[int, Page]]
) -> None:
    project, page = opened(f"<View>{RANK.format(BUCKETS)}</View>", [{"items": ITEMS}, {"items": ITEMS}])
    page.keyboard.press("Alt+q")
    expect(page.locator(".rank-card[data-id=a]")).to_be_focused()
    page.keyboard.press("2")
    expect(page.locator(".rank-card[data-id=b]")).to_be_focused()
    page.keyboard.press("1")
    expect(page.locator(".rank-card[data-id=c]")).to_be_focused()
    bad = page.get_by_role("region", name="Skip it")
    expect(bad).to_contain_text("Harbour")
    bad.get_by_role("button", name="Worth it").click()
    good = page.get_by_role("region", name="Worth it")
    expect(good.locator(".rank-card")).to_have_count(2)
    page.locator(".rank-card[data-id=b]").focus()
    settled(page)
    page.keyboard.press("Control+Enter")
    expect(page.locator(".rank-column").first.locator(".rank-card")).to_have_count(3)
    expect(page.locator(".rank-card[data-id=a]")).to_be_focused()  # the next task is begun at its first card
    page.keyboard.press("1")
    send(page)
    assert values(made(server, project)) == {"order": {"good": ["b", "a"], "bad": [], "_": ["c"]}}


def test_arrows_choose_one_of_two_and_go_on_also_after_a_click_into_a_text(
    server: Running, opened: Callable[..., tuple[int, Page]]
) -> None:
    tasks: list[dict[str, Any]] = [{"a": f"The left text {n}", "b": f"The right text {n}"} for n in range(3)]
    project, page = opened(PAIR, tasks, queue={"auto_advance": True})
    page.keyboard.press("ArrowRight")
    expect(page.get_by_text("Sent: Right")).to_be_visible()
    page.get_by_text("The left text 1").click()  # chooses it, and the keyboard is in the text now
    expect(page.get_by_text("Sent: Left")).to_be_visible()
    expect(page.get_by_text("The left text 2")).to_be_visible()
    page.locator(".text-sheet").first.focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("heading", name="All done")).to_be_visible()
    saved(page)
    rows = server.api("GET", f"/api/projects/{project}/export?exportType=JSON").json()
    assert [row["annotations"][0]["result"][0]["value"]["selected"] for row in rows] == ["right", "left", "right"]


def test_what_is_selected_in_the_text_of_a_question_is_its_answer(
    server: Running, opened: Callable[..., tuple[int, Page]]
) -> None:
    config = '<View><Text name="t" value="$text"/><Question name="who" toName="t" value="Who?" required="true"/></View>'
    project, page = opened(config, [{"text": "Ada met Charles in London."}])
    place = where(page, "Charles")
    page.mouse.dblclick(place["x"], place["y"])
    expect(page.get_by_role("list", name="Answers")).to_contain_text("Charles")
    assert_usable(page)
    send(page)
    assert [row["value"]["text"] for row in made(server, project)] == ["Charles"]
