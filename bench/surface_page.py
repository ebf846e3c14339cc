"""10,000 boxes on the labeling page itself: a real server, Python in its worker, drafts, the list of regions.

    .venv/bin/python -m bench.surface_page [--count 10000] [--rounds 3] [--profile FILE]

The development page of bench/surface.py shows what the drawing costs; this one what a person waits for. Each step is
timed from its key or the release of the button: until it is painted, and until Python has said the same.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, CDPSession, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
from bench.frames import FLAGS, RECORD, STOP  # noqa: E402 - runs as a script too
from bench.labelkite_up import Labelkite  # noqa: E402
from bench.machine import median, percentile  # noqa: E402
from bench.workload import Kind  # noqa: E402

CHROMIUM = "/usr/bin/chromium"
MOVES = 150
LABELS = ("Car", "Person", "Sign")
CONFIG = """<View><Image name="photo" value="$image"/><RectangleLabels name="box" toName="photo">
<Label value="Car"/><Label value="Person"/><Label value="Sign"/></RectangleLabels></View>"""
KIND = Kind("boxes", CONFIG, "Car")

# Waits in the page: `seen` is looked at in every frame, `done` is the frame after the one in which it holds.
STEP = """([how, count]) => {
  const surface = document.querySelector('kite-surface')
  const seen = {
    all: () => surface.shown.selection.length === count,
    none: () => surface.shown.selection.length === 0,
    gone: () => Object.keys(surface.shown.regions).length < count,
    back: () => Object.keys(surface.shown.regions).length === count,
    moved: () => before !== JSON.stringify(surface.shown.regions[one].shape),
    named: () => before !== surface.shown.regions[one].labels.join(),
  }[how]
  const one = Object.keys(surface.shown.regions).at(-2)
  const { labels, shape } = surface.shown.regions[one] ?? {}
  const before = how === 'named' ? labels?.join() : JSON.stringify(shape)
  window.step_ = new Promise((done, fail) => {
    setTimeout(() => fail(new Error(`never seen: ${how}`)), 60000)
    let began = 0
    const start = () => {
      if (began) return
      began = performance.now()
      let shown = 0
      const look = () => {
        if (!shown && seen()) shown = performance.now()
        if (shown && !surface.pending.length) {
          requestAnimationFrame(() => done([shown - began, performance.now() - began]))
          return
        }
        requestAnimationFrame(look)
      }
      requestAnimationFrame(look)
    }
    const once = { capture: true, signal: AbortSignal.timeout(30000) }
    document.addEventListener('keydown', ({ key }) => { if (key !== 'Control' && key !== 'Shift') start() }, once)
    document.addEventListener('pointerup', start, once)
  })
}"""
SETTLED = """() => new Promise((done, fail) => {
  setTimeout(() => fail(new Error('Python does not answer')), 120000)
  const open = () => performance.getEntriesByName('kite-opened').length > 0
  const look = () => {
    if (open() && !document.querySelector('kite-surface').pending.length) done()
    else setTimeout(look, 50)
  }
  look()
})"""
MARK = "(name) => performance.getEntriesByName(name)[0]?.startTime ?? null"
# The first frame in which boxes are on their layer, counted from when the picture was there.
OPENED = """() => new Promise((done) => {
  const look = () => {
    const stage = document.querySelector('kite-image')
    const picture = performance.getEntriesByType('resource').find(({ name }) => name.includes('photo-'))
    const layer = stage?.querySelectorAll('canvas')[1]
    const painted = () => layer.getContext('2d').getImageData(0, 0, layer.width, layer.height).data.some(Boolean)
    const boxes = layer?.width && painted()
    if (picture && boxes) done(performance.now() - picture.responseEnd)
    else requestAnimationFrame(look)
  }
  look()
})"""


def boxes(count: int, size: tuple[int, int]) -> list[dict[str, Any]]:
    """Boxes on a grid of a hundred columns."""
    common = {"from_name": "box", "to_name": "photo", "type": "rectanglelabels", "image_rotation": 0, "score": 0.5}
    common |= {"original_width": size[0], "original_height": size[1]}
    rows = []
    for number in range(count):
        place = {"x": number % 100 * 0.98, "y": number // 100 * 0.98, "width": 0.7, "height": 0.7, "rotation": 0}
        value = {**place, "rectanglelabels": [LABELS[number % 3]]}
        rows.append({**common, "id": f"box-{number}", "value": value})
    return rows


def prepare(kite: Labelkite, count: int, tasks: int) -> None:
    """A project whose tasks have a photo and a prediction of so many boxes."""
    project = kite.new_project(KIND)
    kite.import_photos(project, 1)
    [first] = kite.task_ids(project)
    data = kite.call("GET", f"/api/tasks/{first}")["data"]
    rows = boxes(count, (1200, 800))
    for _ in range(tasks):
        task = {"data": data, "predictions": [{"model_version": "bench", "score": 0.8, "result": rows}]}
        kite.import_tasks(project, [task])
    kite.call("DELETE", f"/api/tasks/{first}")
    kite.enter(project, KIND)


def step(page: Page, how: str, count: int, act: Any) -> tuple[float, float]:
    page.evaluate(STEP, [how, count])
    act()
    shown, settled = page.evaluate("() => window.step_")
    return float(shown), float(settled)


def settled(page: Page) -> None:
    """Python has the task, and everything that was done."""
    page.evaluate(SETTLED)


def glass(page: Page, x: float, y: float) -> tuple[float, float]:
    """A place of the picture's canvas, in pixels of the page; from shares of it."""
    box = page.locator(".image-glass").bounding_box()
    assert box
    return box["x"] + box["width"] * x, box["y"] + box["height"] * y


def pulled(page: Page, start: tuple[float, float], end: tuple[float, float]) -> list[float]:
    """Frame times while the mouse goes from start to end with its button down; it stays down."""
    page.mouse.move(*start)
    page.mouse.down()
    page.evaluate(RECORD)
    for number in range(1, MOVES + 1):
        part = number / MOVES
        page.mouse.move(start[0] + (end[0] - start[0]) * part, start[1] + (end[1] - start[1]) * part)
    return [float(value) for value in page.evaluate(STOP)][1:]


class Figures:
    """What was measured, by name: lists that grow with the rounds."""

    def __init__(self) -> None:
        self.frames: dict[str, list[float]] = {}
        self.times: dict[str, list[tuple[float, ...]]] = {}

    def add(self, name: str, *times: float) -> None:
        self.times.setdefault(name, []).append(times)

    def add_frames(self, name: str, frames: list[float]) -> None:
        self.frames.setdefault(name, []).extend(frames)

    def say(self) -> None:
        print("| step, milliseconds                            |  painted |   Python |")
        print("|---|---:|---:|")
        for name, rows in self.times.items():
            cells = [f"{median([row[at] for row in rows]):8.0f}" for at in range(len(rows[0]))]
            print(f"| {name:<45} | {' | '.join([*cells, '        '][:2])} |")
        print("\n| frames, milliseconds                          |      p50 |      p95 |  longest |")
        print("|---|---:|---:|---:|")
        for name, frames in self.frames.items():
            cells = [f"{value:8.1f}" for value in (median(frames), percentile(frames, 95), max(frames))]
            print(f"| {name:<45} | {' | '.join(cells)} |", flush=True)


def one_round(browser: Browser, kite: Labelkite, count: int, found: Figures, profile: Path | None) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    context.add_cookies(kite.cookies())  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(kite.link(KIND), wait_until="commit")
    page.locator(".image-glass").wait_for()
    found.add("open: boxes, after the picture is there", float(page.evaluate(OPENED)))
    found.add("usable, from the link", float(page.evaluate(MARK, "kite-usable") or 0))
    page.keyboard.press("1")
    frames = pulled(page, glass(page, 0.2, 0.2), glass(page, 0.4, 0.4))
    page.mouse.up()
    found.add_frames("draw before Python is there", frames)
    settled(page)
    python, opened = (float(page.evaluate(MARK, name)) for name in ("kite-python-annotate", "kite-opened"))
    found.add("Python is there; has the task", python, opened)
    trace = context.new_cdp_session(page) if profile else None
    if trace:
        trace.send("Profiler.enable")
        trace.send("Profiler.start")
    total = count + 1
    page.keyboard.press("Escape")

    frames = pulled(page, glass(page, 0.3, 0.3), glass(page, 0.6, 0.6)) if page.keyboard.press("1") is None else []
    found.add_frames("draw one more", frames)
    found.add("let go of it", *step(page, "back", total + 1, page.mouse.up))
    total += 1
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    page.mouse.click(*glass(page, 0.45, 0.301))
    settled(page)
    found.add_frames("drag one", pulled(page, glass(page, 0.45, 0.302), glass(page, 0.5, 0.5)))
    page.mouse.up()
    settled(page)
    page.mouse.move(*glass(page, 0.99, 0.99))

    keys = page.keyboard
    for name, how, press, back in (
        ("select all", "all", "Control+a", None),
        ("move all by a key", "moved", "ArrowRight", "moved"),
        ("label all", "named", "3", "named"),
        ("delete all", "gone", "Delete", "back"),
    ):
        found.add(name, *step(page, how, total, lambda press=press: keys.press(press)))
        settled(page)
        if back:
            found.add(f"{name}: undo", *step(page, back, total, lambda: keys.press("Control+z")))
            settled(page)
            if name == "label all" or name == "move all by a key":
                found.add(f"{name}: again", *step(page, back, total, lambda: keys.press("Control+y")))
                settled(page)
                keys.press("Control+z")
                settled(page)
    found.add("select none", *step(page, "none", total, lambda: keys.press("Escape")))
    settled(page)
    found.add("select all by a band", *band(page, total))
    settled(page)
    frames = pulled(page, glass(page, 0.5, 0.5), glass(page, 0.52, 0.52))
    found.add_frames("drag all", frames)
    found.add("let go of all", *step(page, "moved", total, page.mouse.up))
    settled(page)
    found.add("drag all: undo", *step(page, "moved", total, lambda: keys.press("Control+z")))
    if trace and profile:
        keep(trace, profile)
    page.keyboard.press("Escape")
    settled(page)
    began = float(page.evaluate("() => performance.now()"))
    keys.press("Control+Enter")
    page.evaluate("""() => new Promise((done) => {
      const look = () => (performance.getEntriesByName('kite-next-usable').length ? done() : setTimeout(look, 10))
      look()
    })""")
    found.add("submit, until the next is there", float(page.evaluate(MARK, "kite-next-usable")) - began)
    context.close()


def band(page: Page, total: int) -> tuple[float, float]:
    """Everything inside a rectangle that is pulled with Shift."""
    page.keyboard.press("Escape")
    settled(page)
    page.keyboard.down("Shift")
    page.mouse.move(*glass(page, 0.001, 0.001))
    page.mouse.down()
    page.mouse.move(*glass(page, 0.5, 0.5), steps=5)
    page.mouse.move(*glass(page, 0.999, 0.999), steps=5)
    times = step(page, "all", total, page.mouse.up)
    page.keyboard.up("Shift")
    return times


def keep(trace: CDPSession, profile: Path) -> None:
    profile.write_text(json.dumps(trace.send("Profiler.stop")["profile"]), encoding="utf-8")


def measure(count: int, rounds: int, profile: Path | None = None) -> None:
    print(f"load {os.getloadavg()[0]:.1f}, {count:,} boxes on the labeling page, {rounds} rounds", flush=True)
    found = Figures()
    with Labelkite() as kite, sync_playwright() as play:
        prepare(kite, count, 2 * rounds)
        browser = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for number in range(rounds):
            one_round(browser, kite, count, found, profile if number == rounds - 1 else None)
        browser.close()
    found.say()


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--count", type=int, default=10_000)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--profile", type=Path, help="keeps the last round's JavaScript profile")
    given = options.parse_args()
    measure(given.count, given.rounds, given.profile)
    return 0


if __name__ == "__main__":
    sys.exit(main())
