"""What hands do between two regions of a picture: the next box over another one by keyboard, a click beside the
selected one, a label taken up again; and a bar that leaves a phone's screen to the picture."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from .conftest import Person, Running, join, until
from .image_page import Picture, open_picture
from .test_by_hand import view
from .test_two_annotators import PICTURE, make_project

pytestmark = pytest.mark.browser

CONFIG = """<View>
  <Image name="img" value="$image"/>
  <RectangleLabels name="box" toName="img">
    <Label value="Car"/><Label value="Pedestrian"/><Label value="Traffic light"/>
  </RectangleLabels>
  <EllipseLabels name="round" toName="img"><Label value="Wheel"/></EllipseLabels>
  <PolygonLabels name="area" toName="img"><Label value="Road"/></PolygonLabels>
  <BrushLabels name="paint" toName="img"><Label value="Sky"/></BrushLabels>
</View>"""


@pytest.fixture(scope="module")
def opened(server: Running, browser: Browser) -> Iterator[Picture]:
    with open_picture(server, browser, "Flow", CONFIG) as (picture, _, _):
        yield picture


@pytest.fixture
def picture(opened: Picture) -> Picture:
    opened.clear()
    return opened


def begin(picture: Picture, tool: str = "rectangle") -> None:
    """A label of the tool is picked, which takes it in hand."""
    picture.page.get_by_role("button", name="Car" if tool == "rectangle" else "Wheel").click()
    picture.held(tool)


def test_a_box_by_keyboard_begins_on_another_one_and_ends_at_the_edges(picture: Picture) -> None:
    begin(picture)
    picture.drag((100, 60), (300, 200))
    (first,) = picture.regions(1)
    picture.page.locator("canvas.image-glass").focus()
    picture.keys("Enter", "End", "PageDown", "Enter")  # from the middle of the picture, which is inside the first
    second = picture.regions(2)[1]
    assert [round(second["shape"][name], 1) for name in ("x", "y", "width", "height")] == [50, 50, 50, 50]
    picture.keys("Escape", "Shift+ArrowLeft", "Shift+Enter")  # left of the middle only the first is under the cursor
    assert view(picture.page)["selection"] == [first["id"]]
    picture.keys("Enter", "Home", "PageUp", "Enter")  # with a selection too Enter draws
    assert len(picture.regions(3)) == 3


@pytest.mark.parametrize("tool", ["rectangle", "ellipse"])
def test_a_click_beside_the_selected_shape_selects_nothing_and_begins_nothing(picture: Picture, tool: str) -> None:
    begin(picture, tool)
    picture.drag((100, 60), (200, 160))
    picture.regions(1)
    picture.click(150, 110)
    assert len(view(picture.page)["selection"]) == 1
    picture.click(400, 280)
    assert view(picture.page)["selection"] == []
    picture.drag((260, 200), (340, 260))  # from here, not from the place of the click
    shape = picture.regions(2)[1]["shape"]
    width = shape["width"] if tool == "rectangle" else 2 * shape["radiusX"]
    assert round(width, 1) == round(80 * 100 / 480, 1)


def test_a_click_on_the_active_label_takes_it_up_after_selecting(picture: Picture) -> None:
    page = picture.page
    begin(picture)
    assert view(page)["active"]["box"] == ["Car"]
    picture.hold("v", "select")
    page.get_by_role("button", name="Car").click()
    picture.held("rectangle")
    assert view(page)["active"]["box"] == ["Car"]
    page.get_by_role("button", name="Car").click()  # in hand it is put down, as before
    assert view(page)["active"]["box"] == []


def test_a_tool_taken_in_the_frame_of_escape_has_its_label(picture: Picture) -> None:
    begin(picture)
    picture.drag((100, 60), (200, 160))
    picture.regions(1)
    picture.click(150, 110)
    assert len(view(picture.page)["selection"]) == 1
    picture.page.evaluate(
        "['Escape', 'o'].forEach((key) => document.querySelector('.image-glass').dispatchEvent("
        "new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, composed: true })))"
    )
    picture.held("ellipse")
    assert view(picture.page)["active"]["round"] == ["Wheel"]


def test_on_a_phone_the_bar_has_three_rows_and_no_signs_of_keys(server: Running, browser: Browser) -> None:
    _, link = make_project(server, "Phone", [{"image": PICTURE}], CONFIG)
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    person = Person(context)
    page = person.page
    join(page, link, "Pho")
    expect(page.locator("canvas.image-glass")).to_be_visible()
    expect(page.locator("[data-tool=brush]")).to_be_attached()
    buttons = page.evaluate(
        "[...document.querySelectorAll('.bar button')].map((one) => one.getBoundingClientRect())"
        ".filter((box) => box.height).map((box) => (box.top + box.bottom) / 2)"
    )
    assert len({round(middle / 8) for middle in buttons}) == 3
    assert page.evaluate("document.querySelector('.image-stage').clientHeight") > 844 / 2
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    for name in ("Undo", "Redo", "List of regions"):  # what is needed most stays in sight
        box = page.get_by_role("button", name=name, exact=True).bounding_box()
        assert box
        assert box["x"] + box["width"] <= 390
    expect(page.locator(".kbd:visible, .palette-key:visible")).to_have_count(0)
    page.locator("[data-tool=brush]").tap()
    until(page, "document.querySelector('.palette-options input') !== null")
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    context.close()
    assert not person.complaints
