"""Sound, video, series, points, pages and all shapes of an image, with what is marked on them."""

from __future__ import annotations

import math
import struct
import wave
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from .conftest import ROOT, Person, Running, join, python_ready, until
from .media_tasks import CASES, PICTURE, Case

pytestmark = pytest.mark.browser

SURFACE = "document.querySelector('kite-surface')"
AXE = ROOT / "web" / "node_modules" / "axe-core" / "axe.min.js"


@pytest.fixture
def opened(server: Running, person: Callable[..., Person]) -> Callable[..., Person]:
    """A person on a case, with everything painted and Python up."""

    def make(case: Case, **kind: Any) -> Person:
        made = server.api("POST", "/api/projects", json={"title": "Media", "label_config": case.config})
        assert made.status_code == 201, made.text
        number = made.json()["id"]
        imported = server.api("POST", f"/api/projects/{number}/import", json=[case.task])
        assert imported.status_code == 201, imported.text
        assert not imported.json()["refused"], imported.text
        invite = server.api("POST", f"/api/projects/{number}/invites", json={"role": "annotator", "days": 1})
        ana = person(returning=True, **kind)
        join(ana.page, invite.json()["url"], "Ana")
        python_ready(ana.page)
        ana.page.evaluate(f"{SURFACE}.ready.then(() => true)")
        settled(ana.page)
        return ana

    return make


def settled(page: Page) -> None:
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    until(page, f"{SURFACE}.pending.length === 0")


def selection(page: Page) -> list[str]:
    settled(page)
    found: list[str] = page.evaluate(f"{SURFACE}.view.selection")
    return found


def problems(page: Page) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = page.evaluate(f"{SURFACE}.view.problems")
    return found


COLOURS = """((selector) => {
  const canvas = document.querySelector(selector)
  const copy = new OffscreenCanvas(canvas.width, canvas.height)
  const ctx = copy.getContext('2d')
  ctx.drawImage(canvas, 0, 0)
  const { data } = ctx.getImageData(0, 0, canvas.width, canvas.height)
  const found = new Set()
  for (let i = 0; i < data.length; i += 4) {
    if (data[i + 3]) found.add((data[i] >> 3) * 1024 + (data[i + 1] >> 3) * 32 + (data[i + 2] >> 3))
  }
  return found.size
})"""
"""How many different colours a canvas shows (in 5 bits a channel)."""


def await_colours(page: Page, selector: str, more_than: int) -> None:
    """A canvas is painted in a frame of its own, after the page has said what it will show."""
    until(page, f"{COLOURS}('{selector}') > {more_than}")


def click_at(page: Page, selector: str, x: float, y: float) -> None:
    """Click at a place given as fractions of an element."""
    box = page.locator(selector).bounding_box()
    assert box
    page.mouse.click(box["x"] + box["width"] * x, box["y"] + box["height"] * y)


def on_picture(page: Page, x: float, y: float) -> None:
    """Click on a picture, in percent of it."""
    place = page.evaluate(
        """([x, y]) => {
        const image = document.querySelector('kite-image')
        const { naturalWidth, naturalHeight } = image.picture
        const [sx, sy] = image.camera.toScreen((naturalWidth * x) / 100, (naturalHeight * y) / 100)
        const box = image.querySelector('canvas').getBoundingClientRect()
        return [box.left + sx, box.top + sy]
    }""",
        [x, y],
    )
    page.mouse.click(*place)


@pytest.mark.parametrize("name", list(CASES))
def test_what_is_marked_is_drawn_and_listed_without_a_complaint(
    opened: Callable[..., Person], shot: Callable[[Page, str], None], name: str
) -> None:
    ana = opened(CASES[name])
    assert problems(ana.page) == []
    count = ana.page.evaluate(f"Object.keys({SURFACE}.view.regions).length")
    assert count == len(CASES[name].result)
    expect(ana.page.locator("[role=alert]")).to_have_count(0)
    shot(ana.page, f"media-{name}")


@pytest.mark.parametrize("name", list(CASES))
def test_media_objects_have_readable_names_and_enough_contrast_in_the_dark(
    opened: Callable[..., Person], shot: Callable[[Page, str], None], name: str
) -> None:
    ana = opened(CASES[name], dark=True)
    shot(ana.page, f"media-{name}-dark")
    session = ana.context.new_cdp_session(ana.page)  # the page's policy refuses scripts of others
    session.send("Runtime.evaluate", {"expression": AXE.read_text()})
    found = session.send(
        "Runtime.evaluate",
        {
            "expression": "axe.run(document.querySelector('.frame')).then((r) => JSON.stringify("
            "r.violations.map((v) => [v.id, v.nodes.map((n) => n.html.slice(0, 120))])))",
            "awaitPromise": True,
            "returnByValue": True,
        },
    )
    assert found["result"]["value"] == "[]"


@pytest.mark.parametrize(
    ("place", "region"),
    [
        pytest.param((14, 15), "r1", id="box"),
        pytest.param((45, 18), "r2", id="ellipse"),
        pytest.param((80, 25), "r3", id="polygon"),
        pytest.param((12, 45), "r4", id="key point"),
        pytest.param((75, 60), "r5", id="vector, on its line"),
        pytest.param((30, 75), "r6", id="brush mask"),
    ],
)
def test_every_shape_of_an_image_can_be_picked_where_it_is(
    opened: Callable[..., Person], place: tuple[float, float], region: str
) -> None:
    page = opened(CASES["shapes"]).page
    ids = page.evaluate(f"Object.values({SURFACE}.view.regions).sort((a, b) => a.n - b.n).map((r) => r.id)")
    until(page, "document.querySelector('kite-image').view.regions && true")
    on_picture(page, *place)
    assert selection(page) == [ids[int(region[1:]) - 1]]
    on_picture(page, 50, 47)  # the empty middle
    assert selection(page) == []


def test_pages_turn_by_button_key_and_picture_and_show_their_own_regions(opened: Callable[..., Person]) -> None:
    page = opened(CASES["pages"]).page
    where = page.locator(".pages-where")
    expect(where).to_have_text("1 of 3")
    on_picture(page, 65, 60)  # a region of the second page
    assert selection(page) == []
    page.keyboard.press("Control+ArrowRight")
    expect(where).to_have_text("2 of 3")
    until(page, "document.querySelector('kite-image').picture !== null")
    settled(page)
    on_picture(page, 65, 60)
    assert len(selection(page)) == 1
    page.get_by_role("button", name="Page 3", exact=False).click()
    expect(where).to_have_text("3 of 3")
    expect(page.get_by_role("button", name="Next page")).to_be_disabled()
    page.get_by_role("button", name="Page before").click()
    expect(where).to_have_text("2 of 3")
    assert problems(page) == []


def test_a_box_drawn_on_a_page_belongs_to_it(opened: Callable[..., Person]) -> None:
    page = opened(CASES["pages"]).page
    page.keyboard.press("Control+ArrowRight")
    expect(page.locator(".pages-where")).to_have_text("2 of 3")
    until(page, "document.querySelector('kite-image').picture !== null")
    settled(page)
    page.keyboard.press("1")
    settled(page)
    box = page.locator("kite-image canvas").last.bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] * 0.35, box["y"] + 40)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.45, box["y"] + 120, steps=4)
    page.mouse.up()
    until(page, f"Object.keys({SURFACE}.view.regions).length === 4 && {SURFACE}.pending.length === 0")
    newest = page.evaluate(f"Object.values({SURFACE}.view.regions).sort((a, b) => b.n - a.n)[0].item")
    assert newest == 1


def test_a_sound_has_a_wave_plays_by_its_key_and_its_segments_can_be_picked(opened: Callable[..., Person]) -> None:
    page = opened(CASES["sound"]).page
    until(page, "document.querySelector('.media-note').textContent.trim() === ''")
    settled(page)
    await_colours(page, "canvas.wave-canvas", 8)
    click_at(page, "canvas.wave-canvas", 0.9 / 4.4, 0.5)
    assert len(selection(page)) == 1
    page.keyboard.press("Shift+Space")
    until(page, "document.querySelector('audio').currentTime > 0.1")
    page.keyboard.press("Shift+Space")
    until(page, "document.querySelector('audio').paused")
    page.get_by_label("Position").fill("2")
    until(page, "Math.abs(document.querySelector('audio').currentTime - 2) < 0.1")
    page.get_by_label("Speed").select_option("1.5")
    until(page, "document.querySelector('audio').playbackRate === 1.5")
    page.get_by_role("button", name="Sound off").click()
    until(page, "document.querySelector('audio').muted")
    assert problems(page) == []


def test_a_sound_from_nowhere_is_said_in_words(opened: Callable[..., Person]) -> None:
    ana = opened(Case(CASES["sound"].config, {"audio": "/samples/gone.wav"}, []))
    expect(ana.page.locator("kite-audio [role=alert]")).to_contain_text("The sound could not be played.")
    expect(ana.page.get_by_role("button", name="Try again")).to_be_visible()
    ana.complaints.clear()  # the browser's own line about the missing file


def test_a_video_steps_by_frames_and_its_tracks_follow(opened: Callable[..., Person]) -> None:
    page = opened(CASES["video"]).page
    frame = page.locator(".media-frame")
    expect(frame).to_contain_text("frame 1 of")
    page.get_by_role("button", name="One frame on").click()
    expect(frame).to_contain_text("frame 2 of")
    page.locator("canvas.video-rows").focus()
    page.keyboard.press("End")
    count = int(page.locator("canvas.video-rows").get_attribute("aria-valuemax") or 0)
    expect(frame).to_contain_text(f"frame {count} of {count}")
    page.keyboard.press("Home")
    expect(frame).to_contain_text("frame 1 of")
    await_colours(page, "canvas.video-over", 2)
    click_at(page, "canvas.video-over", 0.2, 0.35)
    assert len(selection(page)) == 1
    page.keyboard.press("Escape")
    page.locator("canvas.video-rows").focus()
    for _ in range(3):
        page.keyboard.press("PageDown")
    expect(frame).to_contain_text("frame 31 of")
    settled(page)
    until(page, "document.querySelector('kite-video').frame === 31")
    assert page.evaluate("document.querySelector('video').paused")
    assert problems(page) == []


SYNCED = Case(
    """<View>
  <Audio name="sound" value="$audio" sync="one"/>
  <Video name="clip" value="$video" sync="one"/>
  <Choices name="mood" toName="clip"><Choice value="Calm"/></Choices>
</View>""",
    {"audio": "/samples/speech.wav", "video": "/samples/clip.webm"},
    [],
)


HEARD = """(all) => {
  window.heard = {on: all.map(() => 0), told: []}
  for (const [at, one] of all.entries()) {
    one.addEventListener('timeupdate', () => { if (!one.paused) heard.on[at] = one.currentTime })
    for (const type of ['play', 'pause', 'waiting', 'stalled', 'ended', 'error']) {
      one.addEventListener(type, () => heard.told.push(`${type} ${one.tagName}`))
    }
  }
}"""
"""How far each player was while it played, and what it told: a look that comes late misses nothing."""


def test_a_sync_group_plays_stops_seeks_and_changes_speed_together_and_only_the_sound_is_heard(
    opened: Callable[..., Person],
) -> None:
    page = opened(SYNCED).page
    both = "[document.querySelector('audio'), document.querySelector('video')]"
    until(page, "document.querySelector('video').muted && !document.querySelector('audio').muted")
    page.locator("kite-video").get_by_label("Position").fill("1.5")
    until(page, f"{both}.every((one) => Math.abs(one.currentTime - 1.5) < 0.2)")
    page.locator("kite-audio").get_by_label("Speed").select_option("0.25")  # as long as can be: the sound lasts 4.4 s
    until(page, f"{both}.every((one) => one.playbackRate === 0.25)")
    page.evaluate(f"void ({HEARD})({both})")
    page.locator("kite-audio").get_by_role("button", name="Play", exact=True).click()
    until(page, "Math.min(...heard.on) > 1.5", seen="heard")
    page.locator("kite-video").get_by_role("button", name="Pause").click()
    until(page, f"{both}.every((one) => one.paused)", seen="heard")
    assert page.evaluate("heard.told.filter((what) => what.startsWith('play ')).sort()") == ["play AUDIO", "play VIDEO"]


def test_a_series_zooms_by_wheel_and_keys_and_its_ranges_can_be_picked(opened: Callable[..., Person]) -> None:
    page = opened(CASES["series"]).page
    expect(page.locator("canvas.series-lane")).to_have_count(2)
    await_colours(page, "canvas.series-lane", 4)
    look = "document.querySelector('canvas.series-lane').toDataURL()"
    whole = page.evaluate(look)
    page.locator(".series").focus()
    page.keyboard.press("+")
    settled(page)
    closer = page.evaluate(look)
    page.keyboard.press("0")
    settled(page)
    assert closer != whole
    assert page.evaluate(look) == whole
    box = page.locator("canvas.series-lane").first.bounding_box()
    assert box
    page.mouse.move(box["x"] + 64 + (box["width"] - 64) * 9 / 48, box["y"] + 60)
    page.mouse.down()
    page.mouse.up()
    assert len(selection(page)) == 1
    expect(page.locator(".series-values").first).to_contain_text("°C")
    page.mouse.wheel(0, -400)
    settled(page)
    assert page.evaluate(look) != whole
    assert problems(page) == []


HEAD = "time,temperature,vibration\n"
T0, T5 = "2026-03-09 00:00", "2026-03-09 00:05"


@pytest.mark.parametrize(
    ("csv", "told"),
    [
        pytest.param("time,temperature\n1,2\n", "no column “vibration”", id="a column that is missing"),
        pytest.param(f"{HEAD}{T0},1,2\n{T5},oops,2\n", "Row 2 of column “temperature”", id="text in a channel"),
        pytest.param(f"{HEAD}{T5},1,2\n{T0},1,2\n", "does not ascend", id="time that goes back"),
        pytest.param(f"{HEAD}noon,1,2\n", "not of the time format", id="a time of another form"),
        pytest.param("", "empty", id="nothing"),
    ],
)
def test_a_fault_in_the_data_names_the_column_and_the_row(opened: Callable[..., Person], csv: str, told: str) -> None:
    case = Case(CASES["series"].config, {"csv": "/samples/pump.csv"}, [])
    ana = opened(case)
    ana.page.route("**/samples/pump.csv", lambda route: route.fulfill(body=csv, content_type="text/csv"))
    ana.page.reload()
    expect(ana.page.locator("kite-timeseries [role=alert]")).to_contain_text(told, timeout=30_000)


def test_a_million_points_are_drawn(opened: Callable[..., Person]) -> None:
    rows = ["time,temperature,vibration"]
    rows += [f"{i},{math.sin(i / 20000) * 10:.3f},{i % 997}" for i in range(1_000_000)]
    config = CASES["series"].config.replace(' timeFormat="%Y-%m-%d %H:%M"', "")
    ana = opened(Case(config, {"csv": "/samples/pump.csv"}, []))  # dates without a format: refused, and said
    expect(ana.page.locator("kite-timeseries [role=alert]")).to_contain_text("no number")
    ana.page.route("**/samples/pump.csv", lambda route: route.fulfill(body="\n".join(rows), content_type="text/csv"))
    ana.page.get_by_role("button", name="Try again").click()
    expect(ana.page.get_by_role("group", name="Time series, 1,000,000 points")).to_be_visible(timeout=60_000)
    settled(ana.page)
    await_colours(ana.page, "canvas.series-lane", 4)


def test_a_point_cloud_turns_by_mouse_and_keys_and_has_its_sides(opened: Callable[..., Person]) -> None:
    page = opened(CASES["cloud"]).page
    assert page.evaluate("document.querySelector('kite-pointcloud').drawnBy") in ("webgl2", "2d")
    expect(page.get_by_text("7,420 points")).to_be_visible()
    look = "document.querySelector('canvas.cloud-over').toDataURL()"
    seen = {page.evaluate(look)}
    for name in ("Top", "Side", "Front"):
        page.get_by_role("button", name=name, exact=True).click()
        settled(page)
        seen.add(page.evaluate(look))
    page.locator("canvas.cloud-over").focus()
    page.keyboard.press("ArrowLeft")
    settled(page)
    seen.add(page.evaluate(look))
    assert len(seen) == 5
    page.get_by_label("Colour by").select_option("intensity")
    page.get_by_role("button", name="Top", exact=True).click()
    assert problems(page) == []


def test_a_point_cloud_without_a_graphics_card_is_drawn_by_hand(opened: Callable[..., Person]) -> None:
    ana = opened(CASES["cloud"])
    ana.page.add_init_script(
        "const get = HTMLCanvasElement.prototype.getContext;"
        "HTMLCanvasElement.prototype.getContext = function (kind, ...more) {"
        " return kind.startsWith('webgl') ? null : get.call(this, kind, ...more) }"
    )
    page = ana.page
    page.reload()
    until(page, "document.querySelector('kite-pointcloud')?.drawnBy === '2d'")
    settled(page)
    await_colours(page, "canvas.cloud-points", 20)
    expect(page.get_by_text("Drawn without a graphics card")).to_be_visible()


def test_a_sound_of_ones_own_with_two_channels_has_a_lane_for_each(
    opened: Callable[..., Person], tmp_path: Path
) -> None:
    config = CASES["sound"].config.replace("<Audio ", '<Audio splitChannels="true" ')
    ana = opened(Case(config, {"audio": "/samples/speech.wav"}, []))
    place = tmp_path / "two.wav"
    with wave.open(str(place), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(b"".join(struct.pack("<hh", int(20000 * math.sin(i / 5)), 0) for i in range(16000)))
    ana.page.route("**/samples/speech.wav", lambda route: route.fulfill(path=place, content_type="audio/wav"))
    ana.page.reload()
    until(ana.page, f"!!{SURFACE}?.view")
    until(ana.page, "document.querySelector('kite-audio')?.duration === 2")
    until(ana.page, "document.querySelector('.media-note').textContent.trim() === ''")
    settled(ana.page)
    rows = ana.page.evaluate(
        """() => {
        const canvas = document.querySelector('canvas.wave-canvas')
        const { data } = canvas.getContext('2d').getImageData(canvas.width / 2, 0, 1, canvas.height)
        const ground = data[4 * 3]
        const lane = (canvas.height - 20) / 2
        const inked = (from, to) => {
          let count = 0
          for (let y = Math.round(from); y < to; y++) if (Math.abs(data[y * 4] - data[0]) > 30) count++
          return count
        }
        return [inked(2, lane - 2), inked(lane + 2, 2 * lane - 2), ground]
    }"""
    )
    assert rows[0] > 10  # the loud channel
    assert rows[1] <= 3  # the silent one: a line


def test_a_picture_page_loads_none_of_it(opened: Callable[..., Person]) -> None:
    plain = Case(
        "<View><Image name='i' value='$image'/>"
        "<RectangleLabels name='b' toName='i'><Label value='A'/></RectangleLabels></View>",
        {"image": PICTURE.format(ground="d9dddf", text="A")},
        [],
    )
    page = opened(plain).page
    loaded: list[str] = page.evaluate("performance.getEntriesByType('resource').map((entry) => entry.name)")
    assert loaded
    for part in ("kite-audio", "kite-video", "kite-timeseries", "kite-pointcloud", "kite-component", "figure", "pages"):
        assert not [name for name in loaded if f"/{part}" in name or f"image-{part}" in name]
