"""Every control that is answered, in the real page: with the mouse and with the keyboard alone, down to the result."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from .axe import assert_usable
from .conftest import Person, Running, join, python_ready, until
from .test_two_annotators import make_project, saved

pytestmark = pytest.mark.browser

TEXT = "The ferry left Oslo at nine. Ada met Charles on board."
TREE = """<Choice value="Travel"><Choice value="Sea"/><Choice value="Air"/></Choice>
  <Choice value="Science"><Choice value="Computing"><Choice value="Engines"/></Choice></Choice>
  <Choice value="Other"/>"""
ITEMS = [{"id": "a", "title": "Harbour"}, {"id": "b", "title": "Museum"}, {"id": "c", "title": "Concert"}]

Opened = tuple[int, Page]
Open = Callable[..., Opened]


@pytest.fixture
def opened(server: Running, person: Callable[..., Person], request: pytest.FixtureRequest) -> Open:
    """Open one task of a config's own project; more keywords are for the window."""

    def open_(config: str, data: dict[str, Any] | None = None, **window: Any) -> Opened:
        project, link = make_project(server, request.node.name[:60], [data or {"text": TEXT}], f"<View>{config}</View>")
        page = person(returning=True, **window).page
        join(page, link, "Ana")
        python_ready(page)
        return project, page

    return open_


def settled(page: Page) -> None:
    surface = "document.querySelector('kite-surface')"
    until(page, f"{surface}.pending.length === 0 && {surface}.view.changed !== undefined")


def submitted(server: Running, opened: Opened) -> list[dict[str, Any]]:
    """Submit with the keyboard; the result that is then stored."""
    project, page = opened
    settled(page)
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", name="All done")).to_be_visible()
    saved(page)
    exported = server.api("GET", f"/api/projects/{project}/export?exportType=JSON").json()
    result: list[dict[str, Any]] = exported[0]["annotations"][0]["result"]
    return result


def values(result: list[dict[str, Any]]) -> dict[str, Any]:
    return {row["from_name"]: row["value"][row["type"] if row["type"] != "pairwise" else "selected"]
            for row in result if row["type"] not in ("relation", "textarea", "labels")} | {
        row["from_name"]: row["value"]["text"] for row in result if row["type"] == "textarea"
    }  # fmt: skip


def tab_to(page: Page, target: Locator, *, back: bool = False) -> None:
    """Press Tab until the keyboard is there, as somebody without a mouse does."""
    for _ in range(60):
        page.keyboard.press("Shift+Tab" if back else "Tab")
        if target.evaluate("(element) => element === document.activeElement"):
            return
    raise AssertionError(f"Tab never comes to {target}")


# ---- choices ----
NESTED = f"""<Text name="t" value="$text"/>
  <Choices name="topics" toName="t" choice="multiple" allowNested="true">{TREE}</Choices>
  <Choices name="kind" toName="t" choice="multiple" layout="select"><Choice value="News"/>
    <Choice value="Letter" alias="L"/><Choice value="Diary"/></Choices>
  <Choices name="tone" toName="t" layout="select"><Choice value="Calm"/><Choice value="Angry"/></Choices>"""


def test_nested_and_dropped_down_choices_with_the_mouse(server: Running, opened: Open) -> None:
    task = opened(NESTED)
    page = task[1]
    page.get_by_role("checkbox", name="Engines").check()
    page.get_by_role("checkbox", name="Other").check()
    expect(page.get_by_role("checkbox", name="Science")).to_have_js_property("indeterminate", True)
    page.get_by_role("button", name="kind").click()
    page.get_by_role("checkbox", name="Letter").check()
    page.get_by_role("checkbox", name="News").check()
    page.get_by_role("checkbox", name="Letter").uncheck()
    page.mouse.click(5, 300)
    expect(page.get_by_role("checkbox", name="Letter")).not_to_be_visible()
    page.get_by_role("combobox", name="tone").select_option('"Angry"')
    assert values(submitted(server, task)) == {
        "topics": [["Science", "Computing", "Engines"], ["Other"]],
        "kind": ["News"],
        "tone": ["Angry"],
    }


def test_nested_and_dropped_down_choices_with_the_keyboard(server: Running, opened: Open) -> None:
    task = opened(NESTED)
    page = task[1]
    tab_to(page, page.get_by_role("checkbox", name="Sea"))
    page.keyboard.press("Space")
    tab_to(page, page.get_by_role("button", name="kind"))
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="kind")).to_be_focused()
    tab_to(page, page.get_by_role("combobox", name="tone"))
    page.keyboard.type("Ang")
    assert values(submitted(server, task)) == {"topics": [["Travel", "Sea"]], "kind": ["L"], "tone": ["Angry"]}


# ---- taxonomy ----
TAXONOMY = f"""<Text name="t" value="$text"/>
  <Taxonomy name="tree" toName="t" maxUsages="2" placeholder="Topics">{TREE}</Taxonomy>"""


def test_a_taxonomy_with_the_mouse_has_chips_and_says_when_it_is_full(
    server: Running, opened: Open, shot: Callable[[Page, str], None]
) -> None:
    task = opened(TAXONOMY)
    page = task[1]
    page.get_by_text("Topics").click()
    page.get_by_role("treeitem", name="Sea").click()
    page.get_by_role("treeitem", name="Science").click()
    expect(page.get_by_text("At most 2.")).to_be_visible()
    page.get_by_role("treeitem", name="Other").click(force=True)
    settled(page)
    expect(page.get_by_role("treeitem", name="Other")).to_have_attribute("aria-selected", "false")
    shot(page, "answers-taxonomy")
    page.mouse.click(5, 300)
    page.get_by_role("button", name="Take away Science").click()
    assert values(submitted(server, task)) == {"tree": [["Travel", "Sea"]]}


def test_a_taxonomy_with_the_keyboard_is_searched_and_walked(server: Running, opened: Open) -> None:
    task = opened(TAXONOMY)
    page = task[1]
    tab_to(page, page.get_by_role("button", name="tree"))
    page.keyboard.press("Enter")
    page.keyboard.type("comp eng")
    expect(page.get_by_role("treeitem")).to_have_count(1)
    page.keyboard.press("Enter")
    settled(page)
    page.keyboard.press("Backspace")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Home")
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_role("treeitem", name="Travel")).to_have_attribute("aria-expanded", "false")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="tree")).to_be_focused()
    assert sorted(values(submitted(server, task))["tree"]) == [["Science", "Computing", "Engines"], ["Travel", "Air"]]


def test_a_taxonomy_of_ten_thousand_nodes_draws_only_what_is_seen(opened: Open) -> None:
    rows = [
        {"value": f"Family {n}", "children": [{"value": f"Species {n}.{k}"} for k in range(99)]} for n in range(100)
    ]
    config = '<Text name="t" value="$text"/><Taxonomy name="tree" toName="t" value="$rows" leafsOnly="true"/>'
    _, page = opened(config, {"text": TEXT, "rows": rows})
    page.get_by_role("button", name="tree").click()
    page.keyboard.type("species 42.7")
    expect(page.locator(".taxonomy-foot")).to_contain_text("11 found")
    page.keyboard.press("Control+a")
    page.keyboard.type("family")
    expect(page.locator(".taxonomy-foot")).to_contain_text("10,000 found")
    assert page.locator(".taxonomy-row").count() < 60
    page.get_by_role("treeitem", name="Family 0", exact=True).click()  # no leaf: shown in the tree, not chosen
    settled(page)
    expect(page.locator(".chip")).to_have_count(0)
    page.get_by_role("treeitem", name="Species 0.0").click()
    expect(page.get_by_role("list", name="Chosen")).to_contain_text("Species 0.0")


# ---- numbers and dates ----
MEASURES = """<Text name="t" value="$text"/><Number name="people" toName="t" min="0" max="10" step="0.5"/>
  <Number name="sure" toName="t" min="0" max="100" slider="true"/>
  <DateTime name="when" toName="t" format="%d.%m.%Y %H:%M"/>
  <DateTime name="month" toName="t" only="month,year" min="2000-01-01" max="2030-12-31"/>"""


def test_numbers_and_dates_with_the_mouse(server: Running, opened: Open, shot: Callable[[Page, str], None]) -> None:
    task = opened(MEASURES, dark=True)
    page = task[1]
    page.get_by_role("spinbutton", name="people").fill("99")
    slider = page.get_by_role("slider", name="sure")
    box = slider.bounding_box()
    assert box
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(page.locator(".number-value")).to_have_text("50")
    expect(page.locator("kite-number").first).to_contain_text("10")
    page.keyboard.press("Control+Enter")
    expect(page.locator("kite-number .field-problem")).to_be_visible()
    shot(page, "answers-number")
    page.get_by_role("spinbutton", name="people").fill("2.5")
    page.get_by_label("Date", exact=True).fill("2024-05-01")
    expect(page.get_by_text("Still missing: Time", exact=True)).to_be_visible()
    page.get_by_label("Time", exact=True).fill("09:30")
    expect(page.get_by_text("01.05.2024 09:30")).to_be_visible()
    page.get_by_label("Month", exact=True).select_option("05")
    page.get_by_label("Year", exact=True).select_option("2024")
    page.get_by_role("spinbutton", name="people").click()
    assert values(submitted(server, task)) == {
        "people": 2.5, "sure": 50, "when": "01.05.2024 09:30", "month": "2024-05",
    }  # fmt: skip


def test_half_a_date_is_told_before_the_submit_and_does_not_go_into_the_next_task(
    server: Running, person: Callable[..., Person]
) -> None:
    config = (
        '<View><Text name="t" value="$text"/><DateTime name="when" toName="t"/><Number name="n" toName="t"/></View>'
    )
    _, link = make_project(server, "Half a date", [{"text": "First"}, {"text": "Second"}], config)
    page = person(returning=True).page
    join(page, link, "Ana")
    python_ready(page)
    until(page, "performance.getEntriesByName('kite-ahead').length > 0")  # the same elements show the next task
    page.get_by_label("Date", exact=True).fill("2024-05-01")
    expect(page.get_by_text("Still missing: Time", exact=True)).to_be_visible()
    page.get_by_role("spinbutton").fill("4")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".label-problems")).to_contain_text("“when” is only half filled in. Still missing: Time")
    expect(page.get_by_label("Time", exact=True)).to_be_focused()
    page.get_by_role("button", name="Take the date away").click()
    expect(page.get_by_label("Date", exact=True)).to_have_value("")
    page.get_by_label("Date", exact=True).focus()
    page.keyboard.type("0501")  # what the browser knows alone: a day and a month
    page.keyboard.press("Control+Enter")
    expect(page.locator(".label-problems")).to_contain_text("Still missing: Date")
    page.keyboard.press("Escape")
    page.get_by_label("Date", exact=True).focus()
    page.keyboard.type("02292024")  # on the way there are years that have no 29 February: 2, 202
    expect(page.get_by_text("Still missing: Time", exact=True)).to_be_visible()
    expect(page.get_by_label("Date", exact=True)).to_have_value("2024-02-29")
    page.keyboard.press("Control+Space")
    expect(page.locator(".text-sheet")).to_contain_text("Second")
    expect(page.get_by_label("Date", exact=True)).to_have_value("")
    page.get_by_label("Time", exact=True).fill("09:30")
    expect(page.get_by_text("Still missing: Date", exact=True)).to_be_visible()


def test_half_a_date_about_a_region_waits_at_that_region(opened: Open) -> None:
    page = opened(
        '<Labels name="ner" toName="t"><Label value="Event"/></Labels><Text name="t" value="$text"/>'
        '<DateTime name="when" toName="t" perRegion="true"/>'
    )[1]
    mark(page, "1", "ferry")
    mark(page, "1", "met")
    page.keyboard.press("Alt+.")
    expect(page.get_by_label("Date", exact=True)).to_be_visible()
    page.get_by_label("Date", exact=True).fill("2024-05-01")
    expect(page.get_by_text("Still missing: Time", exact=True)).to_be_visible()
    page.locator("kite-regions [role=option]").nth(1).click()
    expect(page.get_by_label("Date", exact=True)).to_have_value("")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".label-problems")).to_contain_text("Still missing: Time")
    expect(page.get_by_label("Date", exact=True)).to_have_value("2024-05-01")


def test_numbers_and_dates_with_the_keyboard(server: Running, opened: Open) -> None:
    task = opened(MEASURES)
    page = task[1]
    tab_to(page, page.get_by_role("spinbutton", name="people"))
    page.keyboard.type("3")
    tab_to(page, page.get_by_role("slider", name="sure"))
    page.keyboard.press("End")
    page.keyboard.press("ArrowLeft")
    tab_to(page, page.get_by_label("Date", exact=True))
    page.keyboard.type("05012024")
    tab_to(page, page.get_by_label("Time", exact=True))
    page.keyboard.type("0930a")
    tab_to(page, page.get_by_label("Month", exact=True))
    page.keyboard.type("May")
    tab_to(page, page.get_by_label("Year", exact=True))
    page.keyboard.type("2024")
    assert values(submitted(server, task)) == {
        "people": 3, "sure": 99, "when": "01.05.2024 09:30", "month": "2024-05",
    }  # fmt: skip


# ---- texts ----
NOTES = """<Text name="t" value="$text"/><TextArea name="notes" toName="t" editable="true" rows="2">
  <Shortcut value="I agree. " alias="Agree" hotkey="alt+a"/><Shortcut value="Unsure. "/></TextArea>
  <Rating name="stars" toName="t"/>"""


def test_texts_and_stars_with_the_mouse(server: Running, opened: Open) -> None:
    task = opened(NOTES)
    page = task[1]
    page.get_by_role("button", name="Agree").click()
    expect(page.get_by_role("textbox", name="notes")).to_have_value("I agree. ")
    page.get_by_role("textbox", name="notes").type("Fully.")
    page.get_by_role("button", name="Add").click()
    entry = page.get_by_role("textbox", name="Text 1")
    expect(entry).to_have_value("I agree. Fully.")
    entry.fill("I agree, fully.")
    page.get_by_role("button", name="Unsure").click()
    page.get_by_role("radio", name="4 of 5").click()
    assert values(submitted(server, task)) == {"notes": ["I agree, fully.", "Unsure. "], "stars": 4}


def test_texts_and_stars_with_the_keyboard(server: Running, opened: Open) -> None:
    task = opened(NOTES)
    page = task[1]
    page.keyboard.press("Enter")
    expect(page.get_by_role("textbox", name="notes")).to_be_focused()
    page.keyboard.type("So. ")
    page.keyboard.press("Alt+a")
    expect(page.get_by_role("textbox", name="notes")).to_have_value("So. I agree. ")
    page.keyboard.type("End.")
    page.keyboard.press("Shift+Enter")
    expect(page.get_by_role("textbox", name="Text 1")).to_have_value("So. I agree. End.")
    tab_to(page, page.get_by_role("radio", name="1 of 5"))
    page.keyboard.press("ArrowRight")
    assert values(submitted(server, task)) == {"notes": ["So. I agree. End."], "stars": 2}


# ---- comparison ----
PAIR = '<Pairwise name="better" toName="a,b"/><Text name="a" value="$a"/><Text name="b" value="$b"/>'
TWO = {"a": "Ferries are slow.", "b": "Ferries take long, and that is their charm."}


def test_of_a_pair_the_text_itself_is_clicked(server: Running, opened: Open, shot: Callable[[Page, str], None]) -> None:
    task = opened(PAIR, TWO)
    page = task[1]
    left, right = (page.locator(f".frame[data-name={name}]") for name in "ab")
    boxes = [frame.bounding_box() for frame in (left, right)]
    first, second = [(box["x"], box["y"]) for box in boxes if box]
    assert first[1] == second[1]
    assert first[0] < second[0]
    page.get_by_text("Ferries are slow.").click()
    expect(left).to_have_attribute("data-chosen", "")
    page.get_by_text("Ferries take long").click()
    expect(right).to_have_attribute("data-chosen", "")
    expect(left).not_to_have_attribute("data-chosen", "")
    shot(page, "answers-pair")
    assert values(submitted(server, task)) == {"better": "right"}


def test_of_a_pair_wherever_it_stands_the_arrows_choose(server: Running, opened: Open) -> None:
    config = """<View style="display:flex"><View><Text name="a" value="$a"/></View>
      <View><Text name="b" value="$b"/></View></View><Pairwise name="better" toName="a,b"/>"""
    task = opened(config, TWO)
    page = task[1]
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("radio", name="Right")).to_be_checked()
    page.keyboard.press("ArrowLeft")
    expect(page.locator(".frame[data-name=a]")).to_have_attribute("data-chosen", "")
    assert values(submitted(server, task)) == {"better": "left"}


# ---- ranking ----
RANK = '<List name="l" value="$items" title="Sights"/><Ranker name="order" toName="l">{}</Ranker>'
BUCKETS = '<Bucket name="good" title="Worth it"/><Bucket name="bad" title="Skip it"/>'


def carry(page: Page, item: str, to: Locator, *, below: bool = False) -> None:
    """Drag a card onto a place."""
    start, end = page.locator(f".rank-card[data-id={item}] .rank-grip").bounding_box(), to.bounding_box()
    assert start
    assert end
    page.mouse.move(start["x"] + 5, start["y"] + 8)
    page.mouse.down()
    y = end["y"] + (end["height"] - 2 if below else end["height"] / 2)
    page.mouse.move(start["x"] + 15, start["y"] + 20)
    page.mouse.move(end["x"] + 40, y, steps=4)
    page.mouse.up()


def test_a_ranking_is_dragged(server: Running, opened: Open) -> None:
    task = opened(RANK.format(""), {"items": ITEMS})
    page = task[1]
    carry(page, "a", page.locator(".rank-card[data-id=c]"), below=True)
    expect(page.locator(".rank-card").nth(2)).to_contain_text("Harbour")
    settled(page)
    carry(page, "c", page.locator(".rank-card[data-id=b]"))
    settled(page)
    found = values(submitted(server, task))["order"]
    assert found["order"][2] == "a"
    assert sorted(found["order"]) == ["a", "b", "c"]


def test_items_are_dragged_into_buckets(server: Running, opened: Open, shot: Callable[[Page, str], None]) -> None:
    task = opened(RANK.format(BUCKETS), {"items": ITEMS}, dark=True)
    page = task[1]
    carry(page, "b", page.get_by_role("region", name="Worth it"))
    expect(page.get_by_role("region", name="Worth it")).to_contain_text("Museum")
    settled(page)
    carry(page, "a", page.get_by_role("region", name="Skip it"))
    expect(page.get_by_role("region", name="Skip it")).to_contain_text("Harbour")
    shot(page, "answers-buckets")
    assert values(submitted(server, task)) == {"order": {"good": ["b"], "bad": ["a"], "_": ["c"]}}


def test_a_ranking_and_its_buckets_with_the_keyboard(server: Running, opened: Open) -> None:
    task = opened(RANK.format(BUCKETS), {"items": ITEMS})
    page = task[1]
    tab_to(page, page.locator(".rank-card[data-id=a]"))
    page.keyboard.press("Alt+ArrowDown")
    page.keyboard.press("Alt+ArrowDown")
    settled(page)
    expect(page.locator(".rank-card[data-id=a]")).to_be_focused()
    page.keyboard.press("Alt+ArrowRight")
    settled(page)
    expect(page.get_by_role("status").filter(has_text="Harbour is now 1 of 1 in Worth it")).to_be_attached()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Alt+ArrowRight")
    page.keyboard.press("Alt+ArrowRight")
    settled(page)
    assert values(submitted(server, task)) == {"order": {"good": ["a"], "bad": ["b"], "_": ["c"]}}


# ---- relations, and answers in the list ----
NAMES = """<Labels name="ner" toName="t"><Label value="Person"/><Label value="Place"/></Labels>
  <Text name="t" value="$text"/>
  <Relations><Relation value="knows"/><Relation value="comes from"/></Relations>
  <TextArea name="said" toName="t" perRegion="true" displayMode="region-list"/>"""


def mark(page: Page, key: str, word: str) -> None:
    """Mark a word with the label of a key."""
    page.keyboard.press("Escape")
    page.keyboard.press(key)
    place = page.evaluate(
        """(word) => {
          const walk = document.createTreeWalker(document.querySelector('kite-text .text-page'), NodeFilter.SHOW_TEXT)
          for (let node = walk.nextNode(); node; node = walk.nextNode()) { const at = node.data.indexOf(word)
            if (at >= 0) { const range = new Range(); range.setStart(node, at); range.setEnd(node, at + word.length)
              const box = range.getBoundingClientRect()
              return [box.x + box.width / 2, box.y + box.height / 2] } } }""",
        word,
    )
    count = page.evaluate("Object.keys(document.querySelector('kite-surface').view.regions).length")
    page.mouse.dblclick(*place)
    until(page, f"Object.keys(document.querySelector('kite-surface').view.regions).length === {count + 1}")
    settled(page)
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    settled(page)


def test_regions_are_related_with_the_mouse_and_answered_in_the_list(
    server: Running, opened: Open, shot: Callable[[Page, str], None]
) -> None:
    task = opened(NAMES)
    page = task[1]
    mark(page, "1", "Ada")
    mark(page, "1", "Charles")
    page.get_by_role("option", name="Ada").click()
    expect(page.locator(".region-inside")).to_be_visible()
    page.get_by_role("textbox", name="said").fill("Good morning")
    page.get_by_role("button", name="Relate to another region").click()
    expect(page.locator(".relating")).to_contain_text("Ada")
    page.get_by_role("option", name="Charles").click()
    relation = page.locator(".relation")
    expect(relation).to_have_count(1)
    page.get_by_role("button", name="Direction").click()
    relation.get_by_role("button", name="knows").click()
    settled(page)
    relation.get_by_role("button", name="Direction").click()
    settled(page)
    shot(page, "answers-relations")
    result = submitted(server, task)
    ids = {row["value"]["text"]: row["id"] for row in result if row["type"] == "labels"}
    related = [row for row in result if row["type"] == "relation"]
    assert related == [
        {"from_id": ids["Ada"], "to_id": ids["Charles"], "type": "relation", "direction": "bi", "labels": ["knows"]}
    ]
    assert [row["value"]["text"] for row in result if row["from_name" if "from_name" in row else "type"] == "said"] == [
        ["Good morning"]
    ]


def test_regions_are_related_with_the_keyboard_and_escape_gives_up(server: Running, opened: Open) -> None:
    task = opened(NAMES)
    page = task[1]
    for key, word in (("1", "Ada"), ("1", "Charles"), ("2", "Oslo")):
        mark(page, key, word)
    page.keyboard.press("Alt+.")
    settled(page)
    page.keyboard.press("Alt+r")
    expect(page.locator(".relating")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".relating")).to_have_count(0)
    expect(page.get_by_role("option", name="Ada")).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Alt+r")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator(".relation")).to_contain_text("Oslo")
    result = submitted(server, task)
    ids = {row["value"]["text"]: row["id"] for row in result if row["type"] == "labels"}
    related = [row for row in result if row["type"] == "relation"]
    assert [(row["from_id"], row["to_id"], row["direction"]) for row in related] == [(ids["Ada"], ids["Oslo"], "right")]


# ---- chat ----
CHAT = '<Chat name="chat" value="$chat" messageRoles="user,assistant" editable="true" minMessages="2" maxMessages="3"/>'


def test_a_chat_is_written_changed_and_shortened(server: Running, opened: Open) -> None:
    task = opened(CHAT, {"chat": [{"role": "user", "content": "Why is the sky blue?"}]})
    page = task[1]
    expect(page.get_by_text("1 of at least 2 messages")).to_be_visible()
    tab_to(page, page.get_by_role("combobox", name="Write as"))
    page.keyboard.type("assistant")
    tab_to(page, page.get_by_role("textbox", name="Message as assistant"))
    page.keyboard.type("Air scatters blue light.")
    page.keyboard.press("Enter")
    expect(page.get_by_role("textbox", name="Message as user")).to_be_focused()
    page.keyboard.type("Thanks.")
    page.keyboard.press("Control+Enter")  # written and not added: it would be gone
    expect(page.locator(".label-problems")).to_contain_text("not added yet")
    expect(page.get_by_role("textbox", name="Message as user")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_text("All 3 messages")).to_be_visible()
    page.get_by_role("log").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    until(page, "document.querySelector('kite-surface').view.selection.length === 1")
    page.get_by_role("button", name="Change the message “Air").click()
    page.keyboard.type(" Most.")
    page.keyboard.press("Enter")
    expect(page.get_by_role("log").get_by_text("Air scatters blue light. Most.")).to_be_visible()
    settled(page)
    page.get_by_role("button", name="Delete the message “Thanks.”").click()
    expect(page.get_by_text("2 of at most 3 messages")).to_be_visible()
    said = [row["value"]["chatmessage"] for row in submitted(server, task)]
    assert [(one["role"], one["content"]) for one in said] == [("assistant", "Air scatters blue light. Most.")]


# ---- for everybody ----
EVERYTHING = f"""{MEASURES}<Taxonomy name="tree" toName="t">{TREE}</Taxonomy>
  <Choices name="kind" toName="t" choice="multiple" layout="select"><Choice value="A"/><Choice value="B"/></Choices>
  <TextArea name="notes" toName="t"><Shortcut value="Yes"/></TextArea>{RANK.format(BUCKETS)}
  <Text name="a" value="$text"/><Text name="b" value="$text"/><Pairwise name="better" toName="a,b"/>"""


@pytest.mark.parametrize("dark", [pytest.param(False, id="light"), pytest.param(True, id="dark")])
def test_all_controls_are_named_for_those_who_do_not_see_them(opened: Open, dark: bool) -> None:
    _, page = opened(EVERYTHING, {"text": TEXT, "items": ITEMS}, dark=dark, width=900)
    page.get_by_role("button", name="tree").click()
    assert_usable(page, "kite-surface")
