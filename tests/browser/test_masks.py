"""Masks with real mouse and keys: what the hand paints is what the engine keeps, and what Label Studio's SDK reads.

One page for all; each test begins with an empty picture.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import PIL
import pytest
from labeling import masks
from labeling.masks import Mask, png, rle, text
from playwright.sync_api import Browser, Page

from . import axe
from .conftest import ROOT, Running, until
from .image_page import HEIGHT, SDK, VERDICTS, WIDTH, Picture, open_picture
from .test_by_hand import SURFACE, saved, view

pytestmark = pytest.mark.browser

CONFIG = """<View>
  <Image name="img" value="$image"/>
  <BrushLabels name="m" toName="img" opacity="0.6"><Label value="Cup"/><Label value="Table"/></BrushLabels>
  <BitmaskLabels name="p" toName="img"><Label value="Edge"/></BitmaskLabels>
</View>"""
DECODER = ROOT / "tests" / "browser" / "sdk_masks.py"
SETTINGS = {
    "size": 20, "softness": 0, "pixels": 4, "pixelTip": "square", "tolerance": 15, "smooth": 0, "contiguous": True,
    "fill": False, "cut": False,
}  # fmt: skip


@pytest.fixture(scope="module")
def opened(server: Running, browser: Browser) -> Iterator[tuple[Picture, Running, int]]:
    with open_picture(server, browser, "Masks", CONFIG, **{"kite-masks": SETTINGS}) as found:
        yield found


@pytest.fixture
def picture(opened: tuple[Picture, Running, int]) -> Picture:
    """Nothing painted, nothing selected, the label Cup and the brush in hand."""
    found = opened[0]
    found.clear()
    found.keys("1")
    view(found.page)
    return found


def mask(region: dict[str, Any]) -> Mask:
    shape = region["shape"]
    assert (shape["width"], shape["height"]) == (WIDTH, HEIGHT)
    return text.read(shape["rows"], WIDTH, HEIGHT)


def hold(picture: Picture, *points: tuple[float, float], held: str = "") -> None:
    """A drag through all the points."""
    if held:
        picture.page.keyboard.down(held)
    picture.page.mouse.move(*picture.at(*points[0]))
    picture.page.mouse.down()
    for point in points[1:]:
        picture.page.mouse.move(*picture.at(*point), steps=3)
    picture.page.mouse.up()
    if held:
        picture.page.keyboard.up(held)


def drawn(page: Page, x: float, y: float) -> list[int]:
    """The colour of the layer of standing regions over a pixel of the picture, once it is painted."""
    found: list[int] = page.evaluate(
        "([x, y]) => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => {"
        " const image = document.querySelector('kite-image'), layer = image.querySelectorAll('canvas')[1],"
        " ratio = layer.width / layer.clientWidth, [sx, sy] = image.camera.toScreen(x, y);"
        " done([...layer.getContext('2d').getImageData(sx * ratio, sy * ratio, 1, 1).data]) })))",
        [x, y],
    )
    return found


def test_a_stroke_makes_a_mask_and_the_next_one_goes_on_with_it(picture: Picture) -> None:
    hold(picture, (100.5, 100.5), (200.5, 100.5))
    (one,) = picture.regions(1)
    made = mask(one)
    assert one["labels"] == ["Cup"]
    assert (made.row(100)[0], made.row(100)[-1]) == (pytest.approx(91, abs=1), pytest.approx(210, abs=1))
    assert made.bounds is not None
    assert made.bounds[3] - made.bounds[1] == pytest.approx(20, abs=1)
    hold(picture, (200.5, 100.5), (200.5, 200.5))
    (same,) = picture.regions(1)
    assert same["id"] == one["id"]
    assert mask(same).area > 1.7 * made.area
    assert drawn(picture.page, 200, 180)[3] > 100
    assert drawn(picture.page, 250, 180)[3] == 0


def test_the_next_mask_is_one_press_away_also_from_the_eraser(picture: Picture) -> None:
    hold(picture, (100, 100), (200, 100))
    picture.regions(1)
    picture.hold("e", "eraser")
    picture.page.get_by_role("button", name="New mask").click()
    picture.held("brush")
    hold(picture, (100, 200), (200, 200))
    assert [region["labels"] for region in picture.regions(2)] == [["Cup"], ["Cup"]]
    picture.hold("e", "eraser")
    picture.keys("Escape")
    picture.page.locator("button.label", has_text="Cup").click()  # lit as it is, it is not put down
    picture.held("brush")


def test_what_is_seen_while_the_button_is_held_is_what_will_be(picture: Picture) -> None:
    page = picture.page
    page.mouse.move(*picture.at(100, 100))
    page.mouse.down()
    page.mouse.move(*picture.at(220, 160), steps=6)
    during = [drawn(page, *at) for at in ((160, 130), (160, 128), (160, 200))]
    page.mouse.up()
    picture.regions(1)
    assert [drawn(page, *at) for at in ((160, 130), (160, 128), (160, 200))] == during
    assert [colour[3] > 0 for colour in during] == [True, True, False]


def test_the_eraser_and_alt_take_away_and_what_is_erased_whole_is_gone(picture: Picture) -> None:
    hold(picture, (100, 100), (200, 100))
    before = mask(picture.regions(1)[0])
    hold(picture, (150, 80), (150, 120), held="Alt")
    (cut,) = picture.regions(1)
    assert len(masks.parts(mask(cut))) == 2
    picture.hold("e", "eraser")
    hold(picture, (80, 100), (230, 100))
    assert picture.regions(0) == []
    picture.keys("Control+z", "Control+z")
    assert mask(picture.regions(1)[0]) == before


def test_shift_and_a_click_draw_a_straight_line_and_n_begins_a_new_mask(picture: Picture) -> None:
    picture.click(60.5, 60.5)
    picture.regions(1)
    picture.click(300.5, 60.5, "Shift")
    (one,) = picture.regions(1)
    assert len(mask(one).row(60)) == 2, "one run, without a gap"
    picture.keys("n")
    view(picture.page)
    picture.click(100, 200)
    one, other = picture.regions(2)
    assert view(picture.page)["selection"] == [other["id"]]


def test_a_closed_outline_is_filled_where_that_is_wanted_and_others_are_cut(picture: Picture) -> None:
    page = picture.page
    hold(picture, (100, 100), (300, 100))
    whole = mask(picture.regions(1)[0]).area
    picture.keys("n")
    page.get_by_label("Fill outlines").check()
    page.get_by_label("Cut others").check()
    around = [(150, 60), (250, 60), (250, 160), (150, 160), (150, 60)]
    hold(picture, *around)
    under, ring = picture.regions(2)
    assert mask(ring).row(110)[:2] == (mask(ring).row(110)[0], mask(ring).row(110)[-1]), "the middle is filled"
    assert mask(under).area < whole
    assert masks.intersect(mask(under), mask(ring)).is_empty
    page.get_by_label("Fill outlines").uncheck()
    page.get_by_label("Cut others").uncheck()


def test_the_wand_takes_a_field_of_one_colour_and_shows_it_before_the_button_is_let_go(picture: Picture) -> None:
    picture.hold("w", "magicwand")
    page = picture.page
    page.mouse.move(*picture.at(180, 140))
    page.mouse.down()
    assert drawn(page, 100, 70)[3] > 0
    page.mouse.up()
    (field,) = picture.regions(1)
    assert mask(field).bounds == (96, 64, 288, 224)
    assert mask(field).area == 192 * 160


def test_pixels_are_painted_exactly(picture: Picture) -> None:
    picture.keys("1", "3")
    picture.held("bitmask")
    picture.page.locator(".tool-slider input").first.evaluate(
        "(input) => { input.value = Math.sqrt(3); input.dispatchEvent(new Event('input')) }"
    )
    picture.click(100.4, 50.6)
    (one,) = picture.regions(1)
    assert one["kind"] == "bitmask"
    assert mask(one) == masks.make(WIDTH, HEIGHT, dict.fromkeys((49, 50, 51), (99, 102)))


def test_with_the_keyboard_enter_puts_a_dab_and_shift_and_enter_draw_a_line(picture: Picture) -> None:
    picture.page.locator("canvas.image-glass").focus()
    picture.keys("ArrowUp", "Enter")
    (dab,) = picture.regions(1)
    area = mask(dab).area
    assert area == pytest.approx(314, rel=0.05)
    picture.keys(*["Shift+ArrowRight"] * 3, "Shift+Enter")
    (line,) = picture.regions(1)
    assert mask(line).area > 3 * area
    picture.keys("Escape")


@pytest.mark.parametrize("key", ["Enter", " "], ids=["Enter", "Space"])
def test_with_the_keyboard_a_brush_paints_while_its_key_is_held(picture: Picture, key: str) -> None:
    page = picture.page
    page.locator("canvas.image-glass").focus()
    picture.keys("ArrowUp")
    page.keyboard.down(key)
    picture.keys(*["Shift+ArrowRight"] * 3, "Shift+ArrowDown")
    page.keyboard.down(key)  # a key that is held repeats
    assert picture.regions(0) == []
    page.keyboard.up(key)
    (one,) = picture.regions(1)
    left, top, right, bottom = mask(one).bounds or (0, 0, 0, 0)
    assert (right - left, bottom - top) == (
        pytest.approx(20 + 120 / scale(page), abs=2),
        pytest.approx(20 + 40 / scale(page), abs=2),
    )
    assert len(masks.parts(mask(one))) == 1
    picture.hold("e", "eraser")
    page.locator("canvas.image-glass").focus()
    page.keyboard.down("Enter")
    picture.keys("ArrowUp")
    page.keyboard.up("Enter")
    until(page, f"Object.values({SURFACE}.view.regions)[0].shape.version > {one['shape']['version']}")
    assert mask(picture.regions(1)[0]).area < mask(one).area
    picture.keys("Escape")


def scale(page: Page) -> float:
    found: float = page.evaluate("document.querySelector('kite-image').camera.scale")
    return found


def test_how_strong_masks_are_is_the_persons_own_and_kept_on_the_account(picture: Picture) -> None:
    page = picture.page
    hold(picture, (100, 100), (200, 100))
    picture.regions(1)
    assert drawn(page, 150, 100)[3] == pytest.approx(0.6 * 255, abs=2)
    page.get_by_label("Opacity").fill("30")
    assert drawn(page, 150, 100)[3] == pytest.approx(0.3 * 255, abs=2)
    asked = (
        "fetch('/api/me/settings').then((answer) => answer.json()).then(({surface}) => surface?.mask_opacity === 30)"
    )
    until(page, asked)


@pytest.mark.parametrize(
    ("keys", "tool"),
    [("1", "brush"), ("3", "bitmask"), ("e", "eraser"), ("w", "magicwand")],
    ids=["brush", "pixel pen", "eraser", "wand"],
)
def test_the_options_of_mask_tools_can_be_used_by_everybody(picture: Picture, keys: str, tool: str) -> None:
    if keys == "3":
        picture.keys("1")  # the other label is put down
    if keys != "1":
        picture.keys(keys)
    picture.held(tool)
    axe.assert_usable(picture.page)


def test_keys_and_the_wheel_change_the_size(picture: Picture) -> None:
    page = picture.page
    shown = page.locator(".tool-slider output").first
    assert shown.inner_text() == "20 px"
    picture.keys("]", "]", "[")
    until(page, "document.querySelector('.tool-slider output').textContent === '23 px'")
    page.mouse.move(*picture.at(100, 100))
    page.keyboard.down("Alt")
    page.mouse.wheel(0, 100)
    page.keyboard.up("Alt")
    until(page, "document.querySelector('.tool-slider output').textContent === '20 px'")
    picture.click(240.5, 160.5)
    assert mask(picture.regions(1)[0]) == masks.stroke([(240.5, 160.5)], 10, WIDTH, HEIGHT)


def said(script: str, asked: object, *more: str) -> Any:
    """What a script of ours says in the SDK's own environment."""
    ran = subprocess.run(
        [str(SDK), script, *more], input=json.dumps(asked), capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr[-2000:]
    return json.loads(ran.stdout.splitlines()[-1])  # its import says on the first line what it lacks


def test_what_is_submitted_is_read_by_the_sdk_pixel_by_pixel(
    opened: tuple[Picture, Running, int], picture: Picture
) -> None:
    _, server, number = opened
    hold(picture, (80, 80), (250, 120), (120, 220))
    picture.regions(1)
    picture.keys("n", "2")
    view(picture.page)
    hold(picture, (300, 200), (400, 250))
    picture.regions(2)
    picture.keys("n", "3")
    picture.held("bitmask")
    picture.click(50, 50)
    kept = {region["id"]: mask(region) for region in picture.regions(3)}
    picture.keys("Control+Enter")
    saved(picture.page)
    exported = server.api("GET", f"/api/projects/{number}/export?exportType=JSON").json()
    rows = exported[0]["annotations"][0]["result"]
    assert {row["id"] for row in rows} == set(kept)
    asked = [{"config": CONFIG, "result": rows}]
    assert said(str(VERDICTS), asked)[0]["accepted"]
    brushes = [row for row in rows if row["type"] == "brushlabels"]
    ours = {row["id"]: hashlib.sha256(masks.decode(bytes(row["value"]["rle"]))).hexdigest() for row in brushes}
    assert said(str(DECODER), brushes, str(Path(PIL.__file__).parents[1])) == ours
    for row in rows:
        value = row["value"]
        found = rle.read(value["rle"], WIDTH, HEIGHT) if "rle" in value else png.read_url(value["imageDataURL"])
        assert found == kept[row["id"]]
