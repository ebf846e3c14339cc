"""Spans and relations of a text, made by mouse, keyboard and finger: what is stored is what was marked."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from .conftest import ROOT, Person, Running, join, python_ready, until
from .devpage import build, served

SDK = ROOT / ".cache" / "label-studio-sdk" / "bin" / "python"
VERDICTS = ROOT / "tests" / "language" / "sdk_verdicts.py"
CONFIG = """<View>
  <Labels name="ner" toName="t">
    <Label value="Person"/><Label value="Place"/><Label value="Thing" granularity="word"/>
  </Labels>
  <Text name="t" value="$text"/>
  <Relations><Relation value="born in"/><Relation value="met"/></Relations>
</View>"""
FAMILY = "\U0001f469\u200d\U0001f469\u200d\U0001f467"
FLAGS = "\U0001f1f3\U0001f1f4\U0001f1eb\U0001f1ee"
NASTY = (
    f"\U0001f600 Zoë’s cafe\u0301 in 東京タワー sold naïve {FAMILY} tea.\r\n"
    f"\tשלום עולם, said نُور in Oslo {FLAGS}.\r\n\r\n"
    "The second paragraph: 한국어 and กินข้าว. One more sentence here! \U0001d4b3 is a letter.\n"
    "Oslo again, oslo in small letters, and Osloer.\n"
)
STORY = (
    "Ada Lovelace was born in London. She met Charles Babbage in London. "
    "The engine of Babbage was never built in London, but the notes of Ada are read today.\n"
)

# The box of some words of the text: {left, right, x, y} in the window.
WHERE = """([words, nth]) => {
  const lines = document.querySelector('kite-text .text-lines')
  const walk = document.createTreeWalker(lines, NodeFilter.SHOW_TEXT)
  const nodes = []
  for (let node = walk.nextNode(), at = 0; node; at += node.length, node = walk.nextNode()) nodes.push([node, at])
  const text = nodes.map(([node]) => node.data).join('')
  let start = -1
  for (let turn = 0; turn <= nth; turn++) start = text.indexOf(words, start + 1)
  const place = (offset, end) => {
    const [node, at] = nodes.find(([one, begin]) => (end ? offset <= begin + one.length : offset < begin + one.length))
    return [node, offset - at]
  }
  const range = document.createRange()
  range.setStart(...place(start, false))
  range.setEnd(...place(start + words.length, true))
  const [first, ...rest] = [...range.getClientRects()].filter((box) => box.width)
  const last = rest.at(-1) ?? first
  const middle = (box) => box.top + box.height / 2
  const x = (first.left + first.right) / 2
  return { left: first.left, right: last.right, x, y: middle(first), endY: middle(last) }
}"""

KNOB = "Math.abs(document.querySelector('.text-handle-link').getBoundingClientRect().left - {}) < 20"


def where(page: Page, words: str, nth: int = 0) -> dict[str, float]:
    """Where words are once all that was marked has its name: a name takes room, and what is below moves."""
    until(page, "!document.querySelector('kite-surface').pending.length")
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    found: dict[str, float] = page.evaluate(WHERE, [words, nth])
    return found


def click(page: Page, words: str, times: int = 1, nth: int = 0) -> None:
    place = where(page, words, nth)
    page.mouse.click(place["x"], place["y"], click_count=times)


def drag(page: Page, words: str, *, backward: bool = False, nth: int = 0) -> None:
    """Select by mouse, from the first letter to the last or the other way around."""
    place = where(page, words, nth)
    ends = [(place["left"] + 0.5, place["y"]), (place["right"] - 0.5, place["endY"])]
    (x0, y0), (x1, y1) = reversed(ends) if backward else ends
    page.mouse.move(x0, y0)
    page.mouse.down()
    page.mouse.move((x0 + x1) / 2, (y0 + y1) / 2, steps=3)
    page.mouse.move(x1, y1, steps=3)
    page.mouse.up()


def regions(page: Page, count: int) -> list[str]:
    """Words of all regions, in the order in which they were made, when there are so many and nothing is on its way."""
    try:
        until(
            page,
            "!document.querySelector('kite-surface').pending.length &&"
            f"Object.keys(document.querySelector('kite-surface').view.regions).length === {count}",
        )
    except AssertionError as late:
        there = page.evaluate(
            "(({ pending, view }) => JSON.stringify({ pending, problems: view.problems,"
            " words: Object.values(view.regions).map((one) => one.text) }))(document.querySelector('kite-surface'))"
        )
        raise AssertionError(f"{count} regions are wanted, there are: {there}") from late
    found: list[str] = page.evaluate(
        "Object.values(document.querySelector('kite-surface').view.regions)"
        ".sort((a, b) => a.n - b.n).map((one) => one.text)"
    )
    return found


def becomes(page: Page, at: int, words: str) -> None:
    """Wait until the region that was made as the so-manieth marks some words."""
    shown = "Object.values(document.querySelector('kite-surface').view.regions).sort((a, b) => a.n - b.n)"
    until(page, f"{shown}[{at}].text === {words!r}")


def view(page: Page, member: str) -> Any:
    until(page, "!document.querySelector('kite-surface').pending.length")
    return page.evaluate("(member) => document.querySelector('kite-surface').view[member]", member)


def opened(server: Running, page: Page, title: str, text: str) -> int:
    project: int = server.api("POST", "/api/projects", json={"title": title, "label_config": CONFIG}).json()["id"]
    server.api("POST", f"/api/projects/{project}/import", json=[{"data": {"text": text}}])
    invite = server.api("POST", f"/api/projects/{project}/invites", json={"role": "annotator", "days": 1}).json()
    join(page, invite["url"], "Ana")
    python_ready(page)
    return project


def submitted(server: Running, page: Page, project: int) -> list[dict[str, Any]]:
    page.keyboard.press("Control+Enter")
    until(page, "document.body.textContent.includes('1 done')")
    [row] = server.api("GET", f"/api/projects/{project}/tasks").json()["tasks"]
    [made] = server.api("GET", f"/api/tasks/{row['id']}/annotations").json()
    rows: list[dict[str, Any]] = made["result"]
    return rows


def test_what_mouse_and_keyboard_mark_in_a_nasty_text_is_what_is_stored(
    server: Running, person: Callable[..., Person]
) -> None:
    page = person().page
    project = opened(server, page, "Nasty", NASTY)

    # By mouse: words first and the label after, then with the label that stays.
    click(page, "Zoë", times=2)
    expect(page.get_by_text("Pick a label for it")).to_be_visible()
    page.locator(".text-hint").get_by_role("button", name="Person").click()
    expected = ["Zoë’s"]
    drag(page, "cafe\u0301")
    drag(page, "東京", backward=True)
    drag(page, f"naïve {FAMILY} tea")
    drag(page, "שלום")
    drag(page, "نُور")
    drag(page, FLAGS)
    drag(page, "tea.\r\n\tשלום")
    expected += ["cafe\u0301", "東京", f"naïve {FAMILY} tea", "שלום", "نُور", FLAGS]
    made = regions(page, 8)
    assert made[:7] == expected
    assert made[7].startswith("tea.")  # space around words is not marked

    # Three clicks take the sentence, four the paragraph, each in one step.
    click(page, "sentence", times=3)
    regions(page, 9)
    click(page, "Osloer", times=4)
    assert regions(page, 10)[8:] == ["One more sentence here!", "Oslo again, oslo in small letters, and Osloer."]
    page.keyboard.press("Control+z")
    regions(page, 9)

    # By keyboard alone: a caret, a selection, a label's key.
    page.locator(".text-sheet").focus()
    page.keyboard.press("Control+Home")
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("2")
    page.keyboard.press("Control+End")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("End")
    for _ in range(4):
        page.keyboard.press("Control+ArrowLeft")
    page.keyboard.press("Control+Shift+ArrowLeft")
    page.keyboard.press("Enter")
    page.keyboard.press("Home")
    page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("3")
    assert regions(page, 12)[9] == "\U0001f600"
    rows = submitted(server, page, project)
    assert len(rows) == 12
    for row in rows:
        value = row["value"]
        assert NASTY[value["start"] : value["end"]] == value["text"].replace("\\n", "\n"), value
    assert [row["value"]["labels"] for row in rows[-3:]] == [["Place"], ["Place"], ["Thing"]]


def test_spans_inside_spans_are_picked_pulled_related_and_found(server: Running, person: Callable[..., Person]) -> None:
    page = person().page
    project = opened(server, page, "Related", STORY)
    page.keyboard.press("1")
    drag(page, "Ada Lovelace was born in London")
    drag(page, "Ada Lovelace")
    drag(page, "Lovelace")
    page.keyboard.press("2")
    drag(page, "London")
    page.keyboard.press("1")
    drag(page, "Charles Babbage")
    assert regions(page, 5) == [
        "Ada Lovelace was born in London",
        "Ada Lovelace",
        "Lovelace",
        "London",
        "Charles Babbage",
    ]
    names = page.locator(".text-name")
    expect(names).to_have_text(["Person", "Person", "Person", "Place", "Person"])
    tops = [names.nth(at).bounding_box() for at in range(3)]
    assert len({round(box["y"]) for box in tops if box}) >= 2, "names that would cover each other stand in rows"

    # A click takes the smallest, the next click what is around it.
    texts = [view(page, "regions")[one]["text"] for one in _clicked(page, "Lovelace", 4)]
    assert texts == ["Lovelace", "Ada Lovelace", "Ada Lovelace was born in London", "Lovelace"]

    # Borders: by keys, then by the handle.
    page.keyboard.press("Alt+Shift+ArrowRight")
    page.keyboard.press("Alt+Shift+ArrowRight")
    becomes(page, 2, "Lovelace w")
    page.keyboard.press("Alt+Shift+ArrowUp")
    page.keyboard.press("Alt+Shift+ArrowLeft")
    page.keyboard.press("Alt+Shift+ArrowLeft")
    page.keyboard.press("Alt+Shift+ArrowDown")
    becomes(page, 2, "Lovelace")
    end, target = page.locator(".text-handle-end").bounding_box(), where(page, "was")
    assert end
    page.mouse.move(end["x"] + end["width"] / 2, end["y"] + 4)
    page.mouse.down()
    page.mouse.move(target["right"], target["y"], steps=4)
    page.mouse.up()
    becomes(page, 2, "Lovelace was")
    page.keyboard.press("Control+z")
    becomes(page, 2, "Lovelace")

    # A relation: pulled from the knob to another span, then turned, labeled and followed by keys.
    until(page, KNOB.format(where(page, "Lovelace")["right"]))
    link, target = page.locator(".text-handle-link").bounding_box(), where(page, "Charles")
    assert link
    page.mouse.move(link["x"] + 7, link["y"] + 7)
    page.mouse.down()
    page.mouse.move(target["x"], target["y"], steps=5)
    page.mouse.up()
    arc = page.get_by_role("button", name="Relation from “Lovelace” to “Charles Babbage”: no label")
    expect(arc).to_be_visible()
    page.keyboard.press("Alt+Shift+R")
    expect(arc).to_be_focused()
    page.keyboard.press("2")
    expect(page.get_by_role("button", name="Relation from “Lovelace” to “Charles Babbage”: met")).to_be_focused()
    page.keyboard.press("Space")
    expect(page.get_by_role("button", name="Relation from “Charles Babbage” to “Lovelace”: met")).to_be_focused()
    page.keyboard.press("Space")
    expect(page.get_by_role("button", name="Relation between “Lovelace” and “Charles Babbage”: met")).to_be_focused()
    covered = page.evaluate(
        "(() => { const text = document.querySelector('.arc-text').getBoundingClientRect();"
        "return [...document.querySelectorAll('.text-name')].map((name) => name.getBoundingClientRect()).some((box) =>"
        "box.left < text.right && box.right > text.left && box.top < text.bottom && box.bottom > text.top) })()"
    )
    assert not covered
    page.keyboard.press("Escape")
    click(page, "London")
    expect(page.get_by_role("option", name="4: Place, “London”")).to_have_attribute("aria-selected", "true")
    until(page, KNOB.format(where(page, "London")["right"]))
    link, target = page.locator(".text-handle-link").bounding_box(), where(page, "Charles")
    assert link
    page.mouse.move(link["x"] + 7, link["y"] + 7)
    page.mouse.down()
    page.mouse.move(target["x"], target["y"], steps=5)
    page.mouse.up()
    expect(page.locator(".arc")).to_have_count(2)
    page.locator(".arc").last.focus()
    page.keyboard.press("Delete")
    expect(page.locator(".arc")).to_have_count(1)

    # All equal places, with a look before; one undo takes them back.
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    page.keyboard.press("2")
    page.keyboard.press("Control+Home")  # it looks from the caret on
    page.keyboard.press("Control+f")
    page.get_by_role("searchbox", name="Find in the text").fill("london")
    expect(page.get_by_role("status").filter(has_text="1 of 3")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").filter(has_text="2 of 3")).to_be_visible()
    page.get_by_role("button", name="Mark all").click()
    page.get_by_role("button", name="Mark 3").click()
    until(page, "document.querySelectorAll('.text-name').length === 7")
    assert regions(page, 7)[5:] == ["London", "London"]
    page.get_by_role("searchbox", name="Find in the text").press("Escape")
    click(page, "London", nth=1)
    until(page, "document.querySelector('kite-surface').view.selection.length === 1")
    page.keyboard.press("Alt+e")
    until(page, "document.querySelector('kite-surface').view.selection.length === 3")
    page.keyboard.press("Alt+j")
    assert STORY[STORY.index("London") : STORY.rindex("London") + 6] in regions(page, 5), "three spans are one"
    page.keyboard.press("Control+z")
    assert regions(page, 7)[5:] == ["London", "London"]
    click(page, "Babbage")
    until(page, "document.querySelector('kite-surface').view.selection.length === 1")
    page.keyboard.press("Alt+k")
    cut = regions(page, 8)
    assert cut[4] + cut[7] == "Charles Babbage", "one span is two, cut where the click has put the caret"
    assert cut[4].startswith("Charles ")
    page.keyboard.press("Control+z")
    regions(page, 7)
    rows = submitted(server, page, project)
    asked = json.dumps([{"config": CONFIG, "result": rows}])
    ran = subprocess.run([str(SDK), str(VERDICTS)], input=asked, capture_output=True, text=True, check=True)
    assert json.loads(ran.stdout) == [{"config": None, "accepted": True}]
    spans = [row for row in rows if row["type"] == "labels"]
    for row in spans:
        assert STORY[row["value"]["start"] : row["value"]["end"]] == row["value"]["text"]
    [link_row] = [row for row in rows if row["type"] == "relation"]
    ends = {row["id"]: row["value"]["text"] for row in spans}
    assert (ends[link_row["from_id"]], ends[link_row["to_id"]]) == ("Lovelace", "Charles Babbage")
    assert (link_row["direction"], link_row["labels"]) == ("bi", ["met"])


def _clicked(page: Page, words: str, times: int) -> list[str]:
    """The region that is selected after each of several clicks, each after the answer to the one before."""
    found = [""]
    for _ in range(times):
        click(page, words)
        until(page, f"![undefined, {found[-1]!r}].includes(document.querySelector('kite-surface').view.selection[0])")
        [selected] = view(page, "selection")
        found.append(selected)
    return found[1:]


@pytest.fixture(scope="module")
def states(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("texts")
    build(folder)
    with served(folder) as address:
        yield address


def state(page: Page, address: str, case: str) -> None:
    page.goto(f"{address}?case={case}")
    until(page, "document.documentElement.dataset.ready !== undefined")


def sent(page: Page, kind: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = page.evaluate("(kind) => intents.filter((one) => one.type === kind)", kind)
    return found


def test_a_finger_selects_first_and_marks_with_a_button_and_pulls_borders(states: str, browser: Browser) -> None:
    context = browser.new_context(viewport={"width": 800, "height": 1000}, has_touch=True, is_mobile=True)
    page = context.new_page()
    state(page, states, "arcs")
    touch = context.new_cdp_session(page)

    def finger(kind: str, *points: tuple[float, float]) -> None:
        given = {"type": kind, "touchPoints": [{"x": x, "y": y} for x, y in points]}
        touch.send("Input.dispatchTouchEvent", given)

    place = where(page, "mathematics")
    finger("touchStart", (place["x"], place["y"]))
    # What a long press does on a phone: the word is selected, and the finger may go on to its handles.
    page.evaluate(
        """() => {
          const walk = document.createTreeWalker(document.querySelector('.text-lines'), NodeFilter.SHOW_TEXT)
          for (let node = walk.nextNode(); node; node = walk.nextNode()) {
            const at = node.data.indexOf('mathematics')
            if (at >= 0) return document.getSelection().setBaseAndExtent(node, at, node, at + 11)
          }
        }"""
    )
    finger("touchCancel")
    assert sent(page, "add_region") == []
    page.get_by_role("button", name="Mark the selection").tap()
    [made] = sent(page, "add_region")
    assert made["shape"]["end16"] - made["shape"]["start16"] == len("mathematics")

    state(page, states, "arcs")
    touch = context.new_cdp_session(page)
    handle = page.locator(".text-handle-end")
    expect(handle).to_be_visible()
    target = where(page, "born in")  # from here on nothing moves
    end = handle.bounding_box()
    assert end
    x, y = end["x"] + end["width"] / 2, end["y"] + end["height"] - 10
    finger("touchStart", (x, y))
    finger("touchMove", ((x + target["right"]) / 2, y))
    finger("touchMove", (target["right"], y))
    finger("touchEnd")
    until(page, "intents.some((one) => one.type === 'edit_region')")
    [pulled] = sent(page, "edit_region")
    assert pulled["shape"] == {"start16": 0, "end16": len("Ada Lovelace was born in")}
    assert page.evaluate("document.querySelector('.text-sheet').scrollTop") == 0
    context.close()


def test_letters_lines_and_wrapping_are_as_the_person_wants_them(states: str, person: Callable[..., Person]) -> None:
    page = person().page
    state(page, states, "text")
    page.get_by_role("button", name="How the text is shown").click()
    page.get_by_text("Numbers of lines").click()
    expect(page.locator(".text-number")).to_have_text(["1", "2", "3", "4", "5"])
    page.get_by_role("button", name="Larger letters").click()
    expect(page.locator(".text-page")).to_have_css("font-size", "18px")
    page.get_by_text("Wrap long lines").click()
    until(page, "document.querySelector('.text-sheet').scrollWidth > innerWidth")
    before = page.locator(".text-name").first.bounding_box()
    word = where(page, "Ada Lovelace")
    assert before
    assert abs(before["x"] - word["left"]) < 2
    page.keyboard.press("Escape")
    page.keyboard.press("Alt+t")
    expect(page.get_by_role("document", name="Text")).to_be_focused()


def test_an_empty_text_and_an_endless_line_are_shown(states: str, person: Callable[..., Person]) -> None:
    page = person().page
    state(page, states, "long&size=0&count=0")
    expect(page.get_by_text("This text is empty.")).to_be_visible()
    state(page, states, "long&size=1000000&count=2000&unbroken")
    last = page.evaluate(
        "Object.values(document.querySelector('kite-surface').view.regions)"
        ".sort((a, b) => a.shape.start16 - b.shape.start16).at(-1).id"
    )
    page.locator("kite-text").evaluate("(text, id) => text.reveal(id)", last)
    until(page, "document.querySelectorAll('.text-name').length > 0")
    until(page, "document.querySelector('.text-sheet').scrollTop > 10000")


@pytest.mark.complaints_expected
def test_a_text_that_does_not_come_says_what_to_do(states: str, person: Callable[..., Person]) -> None:
    page = person().page
    state(page, states, "text&url=missing.txt")
    alert = page.get_by_role("alert").filter(has_text="could not be loaded")
    expect(alert).to_contain_text("From 127.0.0.1")
    expect(alert.get_by_role("button", name="Try again")).to_be_visible()
