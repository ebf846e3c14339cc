"""Looking at pictures: every kind that people bring, huge ones by their tiles, the camera, light, pages.

Nothing of it changes an answer.

Pictures lie in a folder of the machine that the operator allows, as `labelkite up --allow-folder` has it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from . import picture_files as files
from .conftest import Person, Running, join, python_ready, start, stop, until
from .test_by_hand import SURFACE, view
from .test_two_annotators import make_project, wait_for_regions

pytestmark = pytest.mark.browser

BOXES = """<View>
  <RectangleLabels name="box" toName="img"><Label value="Cell"/></RectangleLabels>
  <Image name="img" value="$image"/>
</View>"""
PAGES = BOXES.replace('value="$image"', 'valueList="$pages"')
IMAGE = "document.querySelector('kite-image')"
ORIENTED = [f"exif{number}.jpg" for number in range(1, 9)]
SIMPLE = [*ORIENTED, "moving.gif", "moving.webp", "still.avif", "still.svg", "still.tif"]
SIZES = {"deep.png": [64, 48], "deep.tif": [64, 48], "ct.dcm": [60, 40], "pyramid.tif": [6000, 5000]}
FAULTY = {
    "missing.jpg": "is not there any more",
    "cut.jpg": "damaged",
    "page.jpg": "a web page",
    "large.jpg": "60,000 × 50,000 pixels in one piece",
    "packed.dcm": "compressed with JPEG 2000",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("pictures")
    for number, name in enumerate(ORIENTED, 1):
        files.exif_jpeg(made / name, number)
    for name in ("moving.gif", "moving.webp"):
        files.animated(made / name)
    for name in ("still.avif", "still.tif"):
        files.upright().save(made / name)
    (made / "still.svg").write_text(files.svg())
    files.deep_png(made / "deep.png")
    files.deep_tiff(made / "deep.tif")
    files.dicom(made / "ct.dcm")
    files.pyramid_tiff(made / "pyramid.tif", 6000, 5000)
    files.deep_zoom(made, "slide")
    whole = (made / "exif1.jpg").read_bytes()
    (made / "cut.jpg").write_bytes(whole[: whole.index(b"\xff\xda")])
    (made / "large.jpg").write_bytes(files.resized_jpeg(whole, 60_000, 50_000))
    (made / "page.jpg").write_text("<!doctype html><title>Sign in</title>")
    files.dicom(made / "packed.dcm", syntax=b"1.2.840.10008.1.2.4.90")
    return made


@pytest.fixture(scope="module")
def studio(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A server that may read the folder."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LABELKITE_ALLOW_FOLDERS", str(folder))
        running = start(tmp_path_factory.mktemp("studio") / "data", demo=False)
    yield running
    stop(running)


@pytest.fixture
def opened(studio: Running, folder: Path, person: Callable[..., Person]) -> Callable[..., tuple[Page, int]]:
    """A person before a task with pictures of the folder, and the project."""

    def make(config: str, *tasks: list[str], **kind: Any) -> tuple[Page, int]:
        project, link = make_project(studio, "Pictures", [], config)
        source = {"address": str(folder), "mode": "files", "pattern": "none of them"}
        made = studio.api("POST", f"/api/projects/{project}/sources", json=source).json()["id"]
        urls = [[f"/data/folder/{made}/{name}" for name in names] for names in tasks]
        rows = [{"data": {"pages": pages} if config == PAGES else {"image": pages[0]}} for pages in urls]
        imported = studio.api("POST", f"/api/projects/{project}/import", json=rows)
        assert imported.status_code == 201, imported.text
        ana = person(**kind)
        join(ana.page, link, "Ana")
        python_ready(ana.page)
        return ana.page, project

    return make


def shown(page: Page, number: int | None = None) -> None:
    """A picture, or a page of it, is on the screen."""
    until(page, f"{IMAGE}.state.kind === 'shown'" + ("" if number is None else f" && {IMAGE}.page === {number}"))
    settled(page)


def settled(page: Page) -> None:
    """What is on its way to the screen is on it."""
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))")


def colour(page: Page, x: float, y: float) -> tuple[int, ...]:
    """Of the photo's canvas, where a pixel of the picture is."""
    found: list[int] = page.evaluate(
        """([x, y]) => { const image = document.querySelector('kite-image'), canvas = image.querySelector('canvas')
          const [sx, sy] = image.camera.toScreen(x, y), ratio = canvas.width / canvas.clientWidth
          const ctx = canvas.getContext('2d')
          return [...ctx.getImageData(Math.floor(sx * ratio), Math.floor(sy * ratio), 1, 1).data] }""",
        [x, y],
    )
    return tuple(found[:3])


def close(found: tuple[int, ...], wanted: tuple[int, ...]) -> bool:
    return all(abs(one - other) <= 12 for one, other in zip(found, wanted, strict=True))


def at(page: Page, x: float, y: float) -> tuple[float, float]:
    """Where a pixel of the picture is in the window."""
    found: list[float] = page.evaluate(
        """([x, y]) => { const image = document.querySelector('kite-image')
          const stage = image.querySelector('canvas.image-glass').getBoundingClientRect()
          const [sx, sy] = image.camera.toScreen(x, y); return [stage.left + sx, stage.top + sy] }""",
        [x, y],
    )
    return found[0], found[1]


def under(page: Page, x: float, y: float) -> tuple[float, float]:
    """The pixel of the picture at a place of the window."""
    found: list[float] = page.evaluate(
        """([x, y]) => { const image = document.querySelector('kite-image')
          const stage = image.querySelector('canvas.image-glass').getBoundingClientRect()
          return image.camera.toImage(x - stage.left, y - stage.top) }""",
        [x, y],
    )
    return found[0], found[1]


def scale(page: Page) -> float:
    found: float = page.evaluate(f"{IMAGE}.camera.scale")
    return found


def test_every_kind_of_picture_is_shown_as_people_see_it(
    opened: Callable[..., tuple[Page, int]], shot: Callable[[Page, str], None]
) -> None:
    names = [*SIMPLE, *SIZES]
    page, _ = opened(PAGES, names)
    for number, name in enumerate(names):
        shown(page, number)
        size = page.evaluate(f"[{IMAGE}.picture.naturalWidth, {IMAGE}.picture.naturalHeight]")
        assert size == SIZES.get(name, [120, 80]), name
        if name in SIMPLE:
            found = [colour(page, x, y) for x, y in ((10, 10), (110, 10), (10, 70), (110, 70))]
            assert all(map(close, found, files.CORNERS.values())), (name, found)
        page.keyboard.press("Control+ArrowRight")
    shot(page, "picture-pages")
    page.keyboard.press("Control+Home")
    shown(page, 0)


def test_original_values_are_read_and_put_in_a_window_by_the_keyboard(
    opened: Callable[..., tuple[Page, int]], shot: Callable[[Page, str], None]
) -> None:
    page, _ = opened(PAGES, ["deep.png", "deep.tif", "ct.dcm", "pyramid.tif"])
    page.keyboard.press("Shift+P")
    told = [(10, 5, "1405"), (10, 5, "1405"), (30, 4, "10 HU"), (3210, 1234, str((3210 // 64 + 1234 // 64) % 4000))]
    for number, (x, y, value) in enumerate(told):
        shown(page, number)
        until(page, f"!!{IMAGE}.picture.deep")
        while scale(page) < 4:  # of a pyramid only what is looked at is here
            page.mouse.move(*at(page, x + 0.5, y + 0.5))
            page.mouse.wheel(0, -300)
            settled(page)
        until(page, f"{IMAGE}.picture.valueAt({x}, {y}) !== null")
        place = at(page, x + 0.5, y + 0.5)
        page.mouse.move(place[0] + 30, place[1])
        page.mouse.move(*place)
        expect(page.locator(".readout")).to_contain_text(f"x {x}  y {y}   {value} ")
        if number < len(told) - 1:
            page.keyboard.press("Control+ArrowRight")
    page.keyboard.press("Control+Home")
    shown(page, 0)
    until(page, f"!!{IMAGE}.picture.deep")
    settled(page)
    assert colour(page, 1, 1)[0] < 10  # its darkest value is black, though 16 bits could hold darker ones
    before = colour(page, 32, 24)
    page.keyboard.press("Shift+L")
    black = page.get_by_role("slider", name="Black is")
    page.get_by_role("button", name="Automatic").focus()
    page.keyboard.press("Tab")
    expect(black).to_be_focused()
    shot(page, "picture-light")
    page.keyboard.press("End")
    page.keyboard.press("Escape")
    expect(black).to_have_count(0)
    settled(page)
    assert colour(page, 32, 24)[0] == 0
    page.keyboard.press("Shift+N")
    settled(page)
    assert colour(page, 32, 24) == before


def test_thirty_thousand_pixels_square_are_looked_at_by_their_tiles(
    opened: Callable[..., tuple[Page, int]], studio: Running, shot: Callable[[Page, str], None]
) -> None:
    tiles: list[str] = []
    page, project = opened(BOXES, ["slide.dzi"], ["exif1.jpg"])
    page.on("request", lambda request: tiles.append(request.url) if "_files/" in request.url else None)
    shown(page)
    assert page.evaluate(f"[{IMAGE}.picture.naturalWidth, {IMAGE}.picture.naturalHeight]") == [30_000, 30_000]
    assert scale(page) < 0.03  # all of it is seen
    mouse = tuple(map(round, at(page, 20_500, 9_300)))
    x, y = under(page, *mouse)
    page.mouse.move(*mouse)
    for _ in range(40):
        page.mouse.wheel(0, -300)
    until(page, f"{IMAGE}.camera.scale === 40")
    assert under(page, *mouse) == pytest.approx((x, y), abs=0.5)  # it stood still under the pointer
    wanted = files.tile_colour(15, int(x) // 1024, int(y) // 1024)
    until(page, f"{IMAGE}.picture.pixels({int(x)}, {int(y)}, 1, 1).data[2] === {wanted[2]}")
    settled(page)
    assert colour(page, x, y) == wanted
    assert len(tiles) < 100

    page.keyboard.press("1")
    left, top = under(page, *mouse)
    page.mouse.down()
    page.mouse.move(mouse[0] + 100, mouse[1] + 100)
    page.mouse.move(mouse[0] + 320, mouse[1] + 200)  # at 40 times: 8 by 5 pixels
    page.mouse.up()
    wait_for_regions(page, 1)

    page.keyboard.press("Control+0")
    settled(page)
    assert page.evaluate(f"{IMAGE}.fitted")
    page.keyboard.press("Shift+T")
    page.keyboard.press("Shift+X")
    page.keyboard.press("Alt+.")
    until(page, f"{SURFACE}.view.selection.length === 1")
    page.keyboard.press("z")  # the box, in the middle of the stage
    settled(page)
    stage = page.locator("canvas.image-glass").bounding_box()
    assert stage
    x, y = under(page, stage["x"] + stage["width"] / 2, stage["y"] + stage["height"] / 2)
    assert (x, y) == pytest.approx((left + 4, top + 2.5), abs=0.01)
    assert scale(page) == 40

    minimap = page.locator(".minimap canvas")
    expect(minimap).to_be_visible()
    shot(page, "picture-minimap")
    box = minimap.bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.up()
    x, y = under(page, stage["x"] + stage["width"] / 2, stage["y"] + stage["height"] / 2)
    assert (abs(x - 15_000) < 150, abs(y - 15_000) < 150) == (True, True)
    page.get_by_role("button", name="Put the map away").focus()
    page.keyboard.press("Enter")
    expect(minimap).to_be_hidden()

    page.keyboard.press("Escape")
    page.keyboard.press("h")  # the hand: a drag moves the picture though a label is active
    page.keyboard.press("1")
    middle = (stage["x"] + stage["width"] / 2, stage["y"] + stage["height"] / 2)
    x, y = under(page, *middle)
    page.mouse.move(*middle)
    page.mouse.down()
    page.mouse.move(middle[0] + 80, middle[1] + 40)
    page.mouse.up()
    assert under(page, middle[0] + 80, middle[1] + 40) == pytest.approx((x, y))
    assert len(view(page)["regions"]) == 1

    page.keyboard.press("Shift+I")
    settled(page)
    assert "invert" in page.evaluate(f"{IMAGE}.querySelector('canvas').style.filter")
    before = page.evaluate(f"{SURFACE}.task")
    page.keyboard.press("Control+Enter")
    until(page, f"{SURFACE} && {SURFACE}.task !== {before}")
    shown(page)
    assert "invert" in page.evaluate(f"{IMAGE}.querySelector('canvas').style.filter")  # the next task looks the same

    exported = studio.api("GET", f"/api/projects/{project}/export?exportType=JSON").json()
    [result] = next(task for task in exported if task["data"]["image"].endswith("slide.dzi"))["annotations"][0][
        "result"
    ]
    assert (result["original_width"], result["original_height"]) == (30_000, 30_000)
    value = result["value"]
    drawn = {"x": left / 300, "y": top / 300, "width": 8 / 300, "height": 5 / 300, "rotation": 0}
    assert {name: value[name] for name in drawn} == pytest.approx(drawn, abs=1e-3)


@pytest.mark.complaints_expected
def test_what_cannot_be_shown_says_why_and_a_long_wait_can_be_ended(
    opened: Callable[..., tuple[Page, int]], shot: Callable[[Page, str], None]
) -> None:
    held: list[Route] = []
    page, _ = opened(PAGES, [*FAULTY, "exif2.jpg"])
    page.route("**/exif2.jpg*", lambda route: held.append(route))
    alert = page.locator(".image-message[role=alert]")
    for name, told in FAULTY.items():
        expect(alert, name).to_contain_text(told)
        page.keyboard.press("Control+ArrowRight")
    shot(page, "picture-slow")
    page.get_by_role("button", name="Stop", exact=True).click()
    expect(alert).to_contain_text("Loading was stopped")
    again = page.get_by_role("button", name="Try again")
    page.evaluate("new Promise((done) => setTimeout(done, 1500))")  # the clock of a wait ticks every second
    expect(again).to_be_visible()
    page.unroute("**/exif2.jpg*")
    again.click()
    shown(page)


def test_of_five_hundred_pages_only_those_in_sight_are_there(opened: Callable[..., tuple[Page, int]]) -> None:
    page, _ = opened(PAGES, ["exif1.jpg"] * 500)
    shown(page, 0)
    assert page.locator(".page-thumb").count() < 40
    field = page.get_by_label("Page, of 500")
    field.fill("400")
    field.press("Enter")
    shown(page, 399)
    current = page.locator(".page-thumb[aria-current]")
    expect(current).to_contain_text("400")
    expect(current).to_be_in_viewport()
    current.focus()
    page.keyboard.press("ArrowRight")
    shown(page, 400)
    expect(page.locator(".page-thumb[aria-current]")).to_be_focused()
