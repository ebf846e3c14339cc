"""Controls that are answered, by finger, for screen readers, with ten thousand choices, per page and per region."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, CDPSession, Locator, Page, expect
from playwright.sync_api import TimeoutError as Late

from . import devpage
from .axe import assert_usable, violations
from .conftest import Person, Running, join, python_ready
from .test_answers import ITEMS, RANK, mark, settled, values
from .test_two_annotators import PICTURE, make_project, saved

pytestmark = pytest.mark.browser

CASES = ("answers", "kinds", "tree&count=300", "many", "pair", "rank", "buckets", "choices")


@pytest.fixture(scope="module")
def states(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder: Path = tmp_path_factory.mktemp("states")
    devpage.build(folder)
    with devpage.served(folder) as address:
        yield address


def test_axe_finds_no_fault_in_any_control_in_light_and_dark_and_on_a_phone(
    states: str, person: Callable[..., Person]
) -> None:
    pages = [("light", person(width=1280).page), ("dark", person(width=390, dark=True).page)]
    found = []
    for theme, page in pages:
        for case in CASES:
            page.goto(f"{states}?case={case}&theme={theme}")
            page.wait_for_selector("html[data-ready]", state="attached")
            found += [f"{case}, {theme}: {line}" for line in violations(page, "kite-surface")]
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{case}: wider than the page"
            if case in ("many", "tree&count=300"):
                page.locator(".taxonomy-button").click()
                expect(page.locator(".taxonomy-row").first).to_be_visible()
                found += [f"{case}, {theme}, open: {line}" for line in violations(page, "kite-surface")]
    assert not found, "\n".join(found)


def made(server: Running, project: int) -> list[dict[str, Any]]:
    exported = server.api("GET", f"/api/projects/{project}/export?exportType=JSON").json()
    result: list[dict[str, Any]] = exported[0]["annotations"][0]["result"]
    return result


def submit(page: Page) -> None:
    settled(page)
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", name="All done")).to_be_visible()
    saved(page)


class Finger:
    """Touches, as a screen gives them."""

    def __init__(self, page: Page) -> None:
        self._session: CDPSession = page.context.new_cdp_session(page)

    def _tell(self, kind: str, *at: float) -> None:
        points = [{"x": at[0], "y": at[1]}] if at else []
        self._session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    def drag(self, start: Locator, to: Locator) -> None:
        start.scroll_into_view_if_needed()
        first, last = start.bounding_box(), to.bounding_box()
        assert first
        assert last
        x, y = first["x"] + first["width"] / 2, first["y"] + first["height"] / 2
        end_x, end_y = last["x"] + last["width"] / 2, last["y"] + last["height"] / 2
        self._tell("touchStart", x, y)
        for step in range(1, 6):
            self._tell("touchMove", x + (end_x - x) * step / 5, y + (end_y - y) * step / 5)
        self._tell("touchEnd")


def test_everything_can_be_answered_with_a_finger(server: Running, browser: Browser) -> None:
    buckets = '<Bucket name="good" title="Worth it"/><Bucket name="bad" title="Skip it"/>'
    config = f"""<View><Header value="How good?"/><Rating name="stars" toName="l" required="true"/>
      <Header value="Sort"/>{RANK.format(buckets)}
      <Choices name="mood" toName="l" showInline="true"><Choice value="Calm"/><Choice value="Sad"/></Choices>
      <Taxonomy name="tree" toName="l"><Choice value="Sea"/><Choice value="Air"/></Taxonomy></View>"""
    task: Any = {"items": ITEMS}
    project, link = make_project(server, "Finger", [task], config)
    context = browser.new_context(viewport={"width": 390, "height": 820}, has_touch=True, is_mobile=True)
    page = context.new_page()
    join(page, link, "Ana")
    python_ready(page)
    page.get_by_role("radio", name="4 of 5").tap()
    page.get_by_role("radio", name="Sad").tap()
    page.get_by_text("Choose …").tap()
    page.get_by_role("treeitem", name="Air").tap()
    page.touchscreen.tap(5, 120)
    finger = Finger(page)
    grip = page.locator(".rank-card[data-id=b] .rank-grip")
    finger.drag(grip, page.get_by_role("region", name="Worth it"))
    expect(page.get_by_role("region", name="Worth it")).to_contain_text("Museum")
    settled(page)
    assert_usable(page)
    done = page.get_by_role("heading", name="All done")
    for _ in range(3):  # on a busy machine the browser takes a tap for a long press
        if not done.is_visible():
            page.get_by_role("button", name="Submit").tap()
            with contextlib.suppress(Late):
                done.wait_for(timeout=15_000)
    expect(done).to_be_visible()
    saved(page)
    assert values(made(server, project)) == {
        "stars": 4, "mood": ["Sad"], "tree": [["Air"]], "order": {"good": ["b"], "bad": [], "_": ["a", "c"]},
    }  # fmt: skip
    context.close()


def test_of_ten_thousand_choices_one_is_found_by_its_name(server: Running, person: Callable[..., Person]) -> None:
    config = """<View><Text name="t" value="$text"/>
      <Choices name="street" toName="t" value="$streets" required="true"/></View>"""
    task: Any = {"text": "Where?", "streets": [{"value": f"Street {n}", "alias": f"s{n}"} for n in range(10_000)]}
    project, link = make_project(server, "Streets", [task], config)
    page = person().page
    join(page, link, "Ana")
    python_ready(page)
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("button", name="street: Choose")).to_be_focused()  # what is missing gets the keyboard
    page.keyboard.press("Enter")
    page.keyboard.type("street 4711")
    expect(page.get_by_role("treeitem")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.get_by_role("list", name="Chosen")).to_contain_text("Street 4711")
    expect(page.get_by_role("button", name="street: Change")).to_be_focused()
    page.keyboard.press("Enter")
    assert page.locator(".taxonomy-row").count() < 60
    page.keyboard.type("s12")
    page.keyboard.press("Enter")  # another one takes its place
    submit(page)
    assert values(made(server, project)) == {"street": ["s12"]}


def test_each_page_of_pictures_has_its_own_answer(server: Running, person: Callable[..., Person]) -> None:
    config = """<View><Image name="img" valueList="$pages"/>
      <Choices name="kind" toName="img" perItem="true"><Choice value="Cover"/><Choice value="Text"/></Choices>
      <Number name="lines" toName="img" perItem="true" min="0"/></View>"""
    task: Any = {"pages": [PICTURE, PICTURE.replace("a0522d", "0072b2")]}
    project, link = make_project(server, "Pages", [task], config)
    page = person().page
    join(page, link, "Ana")
    python_ready(page)
    page.keyboard.press("1")
    expect(page.get_by_role("radio", name="Cover")).to_be_checked()
    page.keyboard.press("Control+ArrowRight")
    expect(page.get_by_role("radio", name="Cover")).not_to_be_checked()
    page.keyboard.press("2")
    expect(page.get_by_role("radio", name="Text")).to_be_checked()
    page.get_by_role("spinbutton", name="lines").fill("12")
    page.keyboard.press("Enter")
    page.get_by_role("radio", name="Text").focus()
    page.keyboard.press("Control+ArrowLeft")
    expect(page.get_by_role("radio", name="Cover")).to_be_checked()
    expect(page.get_by_role("spinbutton", name="lines")).to_have_value("")
    submit(page)
    found = [(row["from_name"], row.get("item_index"), row["value"][row["type"]]) for row in made(server, project)]
    assert sorted(found) == [("kind", 0, ["Cover"]), ("kind", 1, ["Text"]), ("lines", 1, 12)]


def test_what_is_missing_about_a_region_is_said_there_and_gets_the_keyboard(
    server: Running, person: Callable[..., Person], shot: Callable[[Page, str], None]
) -> None:
    config = """<View><Labels name="ner" toName="t"><Label value="Person"/><Label value="Place"/></Labels>
      <Text name="t" value="$text"/>
      <Choices name="sure" toName="t" perRegion="true" required="true" whenTagName="ner" whenLabelValue="Person">
        <Choice value="Yes"/><Choice value="No"/></Choices>
      <Rules><Rule for="ner" label="Place" maxCount="1" message="One place is enough."/></Rules></View>"""
    project, link = make_project(server, "About regions", [{"text": "Ada met Charles in Oslo."}], config)
    page = person(dark=True).page
    join(page, link, "Ana")
    python_ready(page)
    mark(page, "1", "Ada")
    mark(page, "2", "Oslo")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("alert")).to_contain_text("missing")
    ada, oslo = page.get_by_role("option", name="Ada"), page.get_by_role("option", name="Oslo")
    expect(ada.locator(".region-missing")).to_be_visible()  # in the list
    expect(oslo.locator(".region-missing")).to_have_count(0)
    expect(page.locator("kite-region")).to_contain_text("required")  # at the region that was selected for it
    expect(page.get_by_role("radio", name="Yes")).to_be_focused()
    assert page.evaluate(
        "(() => { const s = document.querySelector('kite-surface'); "
        "return Object.values(s.view.regions).map((r) => s.nameOf(r)).sort() })()"
    ) == ["! Person", "Place"]
    shot(page, "answers-missing")
    page.keyboard.press("Space")
    expect(page.get_by_role("alert")).to_have_count(0)
    submit(page)
    assert [row["value"].get("choices") for row in made(server, project) if row["from_name"] == "sure"] == [["Yes"]]
