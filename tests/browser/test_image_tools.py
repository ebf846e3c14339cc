"""The drawing tools of an image, with real mouse, pen, finger and keys: what they make is what the engine keeps.

One page for all; each test begins with an empty picture. At the end what was submitted is shown to Label Studio's SDK.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from .conftest import Running, until
from .image_page import HEIGHT, SDK, VERDICTS, WIDTH, Picture, Point, open_picture
from .test_by_hand import SURFACE, view

pytestmark = pytest.mark.browser

CONFIG = """<View>
  <Image name="img" value="$image"/>
  <RectangleLabels name="box" toName="img"><Label value="Car"/></RectangleLabels>
  <EllipseLabels name="round" toName="img"><Label value="Wheel"/></EllipseLabels>
  <PolygonLabels name="area" toName="img"><Label value="Road"/></PolygonLabels>
  <KeyPointLabels name="spot" toName="img"><Label value="Lamp"/></KeyPointLabels>
  <VectorLabels name="line" toName="img" closable="true" curves="true"><Label value="Kerb"/></VectorLabels>
  <Relations><Relation value="belongs to"/></Relations>
</View>"""


@pytest.fixture(scope="module")
def opened(server: Running, browser: Browser) -> Iterator[tuple[Picture, Running, int]]:
    with open_picture(server, browser, "Tools", CONFIG) as found:
        yield found


@pytest.fixture
def picture(opened: tuple[Picture, Running, int]) -> Picture:
    opened[0].clear()
    return opened[0]


def near(given: object, wanted: object) -> bool:
    """Equal, numbers within a tenth of a percent of the picture."""
    if isinstance(wanted, dict):
        return isinstance(given, dict) and all(near(given.get(name), value) for name, value in wanted.items())
    if isinstance(wanted, list):
        return isinstance(given, list) and len(given) == len(wanted) and all(map(near, given, wanted))
    if isinstance(wanted, float | int) and not isinstance(wanted, bool):
        return isinstance(given, float | int) and abs(given - wanted) < 0.1
    return given == wanted


def percent(*points: Point) -> list[list[float]]:
    return [[x * 100 / WIDTH, y * 100 / HEIGHT] for x, y in points]


def test_three_points_make_a_turned_box(picture: Picture) -> None:
    picture.take("rectangle3")
    for point in ((120, 80), (220, 180), (170, 230)):
        picture.click(*point)
    wanted = {"x": 25, "y": 25, "width": 100 * 2**0.5 * 100 / 480, "height": 50 * 2**0.5 * 100 / 320, "rotation": 45}
    assert near(picture.shape(), wanted)


def test_an_ellipse_is_drawn_pulled_turned_and_moved(picture: Picture) -> None:
    picture.take("ellipse")
    picture.drag((96, 64), (192, 128))
    assert near(picture.shape(), {"x": 30, "y": 30, "radiusX": 10, "radiusY": 10, "rotation": 0})
    picture.take("select")
    picture.click(144, 96)
    picture.drag((192, 96), (240, 100))
    assert near(picture.shape(), {"x": 30, "y": 30, "radiusX": 20, "radiusY": 10, "rotation": 0})
    picture.drag((144, 96), (192, 160))
    assert near(picture.shape(), {"x": 40, "y": 50, "radiusX": 20, "radiusY": 10, "rotation": 0})
    scale = picture.page.evaluate("document.querySelector('kite-image').camera.scale")
    picture.drag((192, 160 - 32 - 28 / scale), (292, 162), "Shift")
    assert near(picture.shape(), {"x": 40, "y": 50, "radiusX": 20, "radiusY": 10, "rotation": 90})


def test_a_polygon_closes_at_its_first_corner_and_every_corner_can_be_changed(picture: Picture) -> None:
    picture.hold("p", "polygon")
    corners = [(100, 60), (300, 60), (300, 200), (100, 200)]
    for point in (*corners, corners[0]):
        picture.click(*point)
    assert near(picture.shape(), {"points": percent(*corners), "closed": True})
    picture.hold("v", "select")
    picture.click(200, 130)
    picture.drag((300, 200), (340, 240))
    picture.click(200, 60)  # on an edge
    assert near(picture.shape(), {"points": percent((100, 60), (200, 60), (300, 60), (340, 240), (100, 200))})
    picture.click(300, 60, "Alt")
    picture.click(200, 60)
    picture.keys("Delete")
    assert near(picture.shape(), {"points": percent((100, 60), (340, 240), (100, 200))})
    picture.click(340, 240, "Alt")
    assert len(picture.shape()["points"]) == 3  # a polygon keeps three


def test_backspace_takes_corners_back_escape_drops_and_a_double_click_closes(picture: Picture) -> None:
    picture.take("polygon")
    for point in ((50, 50), (100, 50), (400, 300)):
        picture.click(*point)
    picture.keys("Backspace", "Control+z")
    picture.click(100, 100)
    picture.keys("Enter")  # two corners are no polygon
    picture.page.mouse.dblclick(*picture.at(50, 100))
    assert near(picture.shape(), {"points": percent((50, 50), (100, 100), (50, 100))})
    picture.click(200, 200)
    picture.keys("Escape")
    assert len(picture.regions()) == 1
    assert view(picture.page)["active"]["area"] == ["Road"]  # only what was being drawn is gone


def test_a_new_corner_snaps_to_another_shape_unless_alt_is_held(picture: Picture) -> None:
    picture.take("polygon")
    for point in ((50, 50), (150, 50), (150, 150), (50, 50)):
        picture.click(*point)
    picture.regions(1)
    picture.take("polygon")
    picture.click(152, 51)
    picture.click(300, 60)
    picture.click(152, 148, "Alt")
    picture.keys("Enter")
    assert near(picture.regions(2)[1]["shape"]["points"], percent((150, 50), (300, 60), (152, 148)))


def test_shift_and_a_drag_draw_freehand(picture: Picture) -> None:
    picture.take("polygon")
    page = picture.page
    page.keyboard.down("Shift")
    page.mouse.move(*picture.at(100, 60))
    page.mouse.down()
    for point in ((300, 60), (300, 200), (100, 200), (100, 62)):
        page.mouse.move(*picture.at(*point), steps=8)
    page.mouse.up()
    page.keyboard.up("Shift")
    points = picture.shape()["points"]
    assert 4 <= len(points) <= 8
    assert all(any(near(point, corner) for point in points) for corner in percent((300, 60), (300, 200), (100, 200)))


def test_a_key_point_is_set_by_a_click_and_widened_by_its_handle(picture: Picture) -> None:
    picture.hold("k", "keypoint")
    picture.click(120, 80)
    assert near(picture.shape(), {"x": 25, "y": 25, "width": 0.5})
    picture.take("select")
    picture.click(120, 80)
    scale = picture.page.evaluate("document.querySelector('kite-image').camera.scale")
    radius = max(0.25 * WIDTH / 100, 4 / scale)
    picture.drag((120 + radius + 12 / scale, 80), (144 + 12 / scale, 80))
    assert near(picture.shape(), {"x": 25, "y": 25, "width": 10})
    picture.drag((122, 80), (146, 112))
    assert near(picture.shape(), {"x": 30, "y": 35, "width": 10})


def test_a_path_has_corners_and_curves_and_goes_on_from_its_end(picture: Picture) -> None:
    picture.take("vector")
    picture.click(48, 32)
    picture.drag((240, 32), (288, 64))
    picture.click(240, 160)
    picture.keys("Enter")
    curve = {"isBezier": True, "controlPoint2": {"x": 60, "y": 20}, "controlPoint1": {"x": 40, "y": 0}}
    assert near(picture.shape()["vertices"][1], {"x": 50, "y": 10, "prevPointId": "p1", **curve})
    picture.take("select")
    picture.click(240, 160)  # picks the region
    picture.click(240, 160)  # then its last point
    picture.hold("l", "vector")
    picture.click(96, 160)
    picture.keys("Enter")
    vertices = picture.shape()["vertices"]
    assert [one["prevPointId"] for one in vertices] == [None, "p1", "p2", "p3"]
    picture.hold("v", "select")
    picture.drag((288, 64), (288, 32))  # the handle of the curve
    assert near(picture.shape()["vertices"][1]["controlPoint2"], {"x": 60, "y": 10})
    picture.click(48, 32, "Alt")
    assert [one["prevPointId"] for one in picture.shape()["vertices"]] == [None, "p2", "p3"]


def test_every_tool_can_be_used_with_the_keyboard_alone(picture: Picture) -> None:
    page = picture.page
    page.locator("canvas.image-glass").focus()
    picture.hold("o", "ellipse")
    picture.keys("Enter", "Shift+ArrowRight", "Shift+ArrowDown", "Enter")
    (ellipse,) = picture.regions(1)
    assert ellipse["kind"] == "ellipse"
    assert picture.said() == "Ellipse added."
    picture.keys("Alt+,", "Alt+Shift+]", "Alt+]")
    until(page, f"Object.values({SURFACE}.shown.regions)[0].shape.rotation === 16")
    picture.keys("Escape")
    until(picture.page, f"!{SURFACE}.shown.selection.length")
    picture.hold("p", "polygon")
    picture.keys("Enter", "Shift+ArrowRight", "Enter", "Shift+ArrowDown", "Enter", "Enter")
    polygon = picture.regions(2)[1]
    assert len(polygon["shape"]["points"]) == 3
    picture.keys("Alt+,")
    until(page, f"{SURFACE}.shown.selection[0] === '{polygon['id']}'")
    picture.keys("]", "]", "ArrowRight", "Shift+ArrowDown")
    assert "At " in picture.said()
    before, after = polygon["shape"]["points"], picture.regions(2)[1]["shape"]["points"]
    assert near([after[0], after[2]], [before[0], before[2]])
    assert near(after[1], [before[1][0] + 100 / WIDTH, before[1][1] + 1000 / HEIGHT])
    picture.keys("+")
    four = picture.regions(2)[1]["shape"]["points"]
    assert near(four, [*after[:2], [(a + b) / 2 for a, b in zip(after[1], after[2], strict=True)], after[2]])
    picture.keys("Delete")
    assert near(picture.regions(2)[1]["shape"]["points"], after)
    picture.keys("Delete")  # the next corner is picked, and not the whole region
    assert picture.said() == "This corner has to stay."
    assert len(picture.regions(2)[1]["shape"]["points"]) == 3
    picture.keys("Escape", "Escape")
    picture.hold("k", "keypoint")
    picture.keys("Shift+ArrowRight", "Shift+ArrowUp", "Enter")
    point = picture.regions(3)[2]
    assert point["kind"] == "keypoint"
    place = point["shape"]["x"] * WIDTH / 100, point["shape"]["y"] * HEIGHT / 100
    there = picture.at(*place)
    picture.keys("Control+=")
    assert near(list(picture.at(*place)), list(there))  # it comes closer where the cursor is


def test_several_regions_are_moved_scaled_turned_and_copied_together(picture: Picture) -> None:
    picture.take("rectangle")
    picture.drag((96, 64), (144, 96))
    picture.regions(1)
    picture.take("ellipse")
    picture.drag((192, 128), (240, 160))
    picture.regions(2)
    picture.take("select")
    picture.drag((80, 50), (260, 180), "Shift")
    assert len(view(picture.page)["selection"]) == 2
    picture.drag((120, 80), (144, 112))
    box, ellipse = picture.regions(2)
    assert near(box["shape"], {"x": 25, "y": 30, "width": 10, "height": 10})
    assert near(ellipse["shape"], {"x": 50, "y": 55, "radiusX": 5, "radiusY": 5})
    picture.drag((264, 192), (120 + 288, 96 + 192))  # the frame's lower right corner: twice as large
    box, ellipse = picture.regions(2)
    assert near(box["shape"], {"x": 25, "y": 30, "width": 20, "height": 20})
    assert near(ellipse["shape"], {"x": 75, "y": 80, "radiusX": 10, "radiusY": 10})
    picture.drag((150, 120), (126, 104), "Alt")
    rows = picture.regions(4)
    assert near(rows[0]["shape"], {"x": 25, "y": 30})
    assert near(rows[2]["shape"], {"x": 20, "y": 25})
    picture.keys("Control+z")
    assert len(picture.regions()) == 2  # a copy is one step


def test_a_pen_makes_fingers_look_only_and_two_fingers_never_draw(picture: Picture) -> None:
    picture.take("rectangle")
    picture.touch("touchStart", (96, 64))
    picture.touch("touchMove", (144, 96))
    picture.touch("touchMove", (192, 128))
    picture.touch("touchEnd")
    assert near(picture.shape(), {"x": 20, "y": 20, "width": 20, "height": 20})
    picture.touch("touchStart", (300, 100))
    picture.touch("touchStart", (300, 100), (340, 100))
    picture.touch("touchMove", (260, 100), (380, 100))
    picture.touch("touchEnd")
    assert len(picture.regions()) == 1
    assert not picture.page.evaluate("document.querySelector('kite-image').fitted")
    picture.page.evaluate("document.querySelector('kite-image').fit()")
    pen = {"pointerType": "pen", "button": "left", "buttons": 1, "force": 0.5}
    for kind, point in (("mousePressed", (200, 200)), ("mouseMoved", (220, 215)), ("mouseReleased", (248, 232))):
        x, y = picture.at(*point)
        picture.cdp.send("Input.dispatchMouseEvent", {"type": kind, "x": x, "y": y, "clickCount": 1, **pen})
    assert near(picture.regions(2)[1]["shape"], {"x": 200 / 4.8, "y": 62.5, "width": 10, "height": 10})
    picture.touch("touchStart", (240, 100))
    picture.touch("touchMove", (250, 120))
    picture.touch("touchMove", (260, 140))
    picture.touch("touchEnd")
    assert len(picture.regions()) == 2


def test_picking_a_label_takes_its_tool_in_hand(picture: Picture) -> None:
    page = picture.page
    picture.take("select")
    page.get_by_role("button", name="Wheel").click()
    until(page, "document.querySelector('[data-tool=ellipse]').matches('[aria-checked=true]')")
    picture.take("rectangle3")
    page.get_by_role("button", name="Car").click()  # put down, and picked again
    page.get_by_role("button", name="Car").click()
    until(page, "document.querySelector('[data-tool=rectangle3]').matches('[aria-checked=true]:not(.is-waiting)')")


def test_what_is_submitted_is_a_result_of_label_studio(opened: tuple[Picture, Running, int], picture: Picture) -> None:
    _, server, number = opened
    picture.take("rectangle")
    picture.drag((20, 20), (60, 60))
    picture.take("ellipse")
    picture.drag((80, 20), (120, 60))
    picture.take("polygon")
    for point in ((140, 20), (180, 20), (180, 60), (140, 20)):
        picture.click(*point)
    picture.take("keypoint")
    picture.click(220, 40)
    picture.take("vector")
    for point in ((260, 20), (300, 20), (300, 60), (260, 20)):
        picture.click(*point)
    rows = picture.regions(5)
    picture.intent(type="relate", **{"from": rows[0]["id"], "to": rows[1]["id"]})
    picture.page.get_by_role("button", name="Show all relations").click()
    picture.keys("Control+Enter")
    until(picture.page, f"!{SURFACE} || Object.keys({SURFACE}.view?.regions ?? {{}}).length === 0")
    (task,) = server.api("GET", f"/api/projects/{number}/export").json()
    result = task["annotations"][0]["result"]
    value = {row["type"]: row["value"] for row in result if "value" in row}
    assert {name: sorted(members) for name, members in value.items()} == {
        "rectanglelabels": ["height", "rectanglelabels", "rotation", "width", "x", "y"],
        "ellipselabels": ["ellipselabels", "radiusX", "radiusY", "rotation", "x", "y"],
        "polygonlabels": ["closed", "points", "polygonlabels"],
        "keypointlabels": ["keypointlabels", "width", "x", "y"],
        "vectorlabels": ["closed", "vectorlabels", "vertices"],
    }
    assert value["vectorlabels"]["closed"]
    asked = json.dumps([{"config": CONFIG, "result": result}])
    ran = subprocess.run([str(SDK), str(VERDICTS)], input=asked, capture_output=True, text=True, check=True)
    assert json.loads(ran.stdout) == [{"config": None, "accepted": True}]
