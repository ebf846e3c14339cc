"""200 masks on a picture of 4,000 x 3,000 pixels: memory, frames while a stroke is painted, undo, submit, in Chromium.

    .venv/bin/python -m bench masks [--masks 200]

A real `labelkite up`, a task whose prediction has the masks, one annotator with brush and mouse. Beside it what a
stroke, encoding and decoding take in CPython. What the driver keeps of the page (Pyodide as base64, 26 MB) counts as
memory too. Goals: memory of the page under 400 MB, frames of a stroke 20 ms (p95), submit (from the key to the request
that leaves, by the browser's clock) under 300 ms, undo of a stroke under 50 ms.
"""

from __future__ import annotations

import argparse
import base64
import math
import os
import random
import struct
import time
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from labeling import masks
from labeling.masks import Mask, png, png_writing, rle, text
from playwright.sync_api import Page, sync_playwright

from bench import machine
from bench.frames import FLAGS, RECORD, STOP
from bench.labelkite_up import Labelkite

WIDTH, HEIGHT = 4000, 3000
CONFIG = """<View>
  <BrushLabels name="m" toName="img" opacity="0.5"><Label value="Cell"/><Label value="Gap"/></BrushLabels>
  <Image name="img" value="$image"/>
</View>"""
SURFACE = "document.querySelector('kite-surface')"
MOVES = 120
STROKES = 5

TIMED = """(intent) => new Promise((done) => {
  const surface = document.querySelector('kite-surface')
  const began = performance.now()
  const look = () => (surface.pending.length ? requestAnimationFrame(look) : done(performance.now() - began))
  surface.dispatchEvent(new CustomEvent('kite-intent', { detail: intent, bubbles: true }))
  requestAnimationFrame(look)
})"""
#: The browser's own clock: the driver, who is told of the megabytes that are sent, has a longer one.
NOTE_PRESS = """() => addEventListener('keydown', (event) => { window.pressed_ = event.timeStamp }, true)"""
SENT = "performance.getEntriesByType('resource').findLast((one) => one.name.endsWith('/annotations'))"
PLACE = """([x, y]) => {
  const image = document.querySelector('kite-image')
  const glass = image.querySelector('.image-glass').getBoundingClientRect()
  const [sx, sy] = image.camera.toScreen(x, y)
  return [glass.left + sx, glass.top + sy]
}"""


def picture() -> str:
    """A PNG of two greys, small as a file, twelve megapixels when it is open."""
    line = b"\0" + bytes(90 if x // 250 % 2 else 140 for x in range(WIDTH))

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 0, 0, 0, 0)
    data = b"".join(
        (png.SIGNATURE, chunk(b"IHDR", head), chunk(b"IDAT", zlib.compress(line * HEIGHT)), chunk(b"IEND", b""))
    )
    return png.LEAD + base64.b64encode(data).decode()


def blob(chance: random.Random) -> Mask:
    """A cell of some hundred pixels across, drawn by a hand that shakes."""
    x, y, size = chance.uniform(200, WIDTH - 200), chance.uniform(200, HEIGHT - 200), chance.uniform(60, 180)
    turn = [2 * math.pi * k / 14 for k in range(14)]
    ring = [
        (x + size * chance.uniform(0.7, 1) * math.cos(a), y + size * chance.uniform(0.7, 1) * math.sin(a)) for a in turn
    ]
    return masks.union(masks.from_rings([ring], WIDTH, HEIGHT), masks.stroke([*ring, ring[0]], 9, WIDTH, HEIGHT))


def rows(count: int) -> list[dict[str, Any]]:
    chance = random.Random(7)
    around = {"original_width": WIDTH, "original_height": HEIGHT, "image_rotation": 0}
    made = []
    for number in range(count):
        value = {"format": "rle", "rle": list(rle.write(blob(chance))), "brushlabels": ["Cell"]}
        made.append(
            {"id": f"m{number}", "from_name": "m", "to_name": "img", "type": "brushlabels", "value": value, **around}
        )
    return made


def in_cpython() -> list[tuple[str, str]]:
    """Times of single operations, best of five."""
    points = [(1000 + 8 * k, 1000 + 300 * math.sin(k / 10)) for k in range(100)]
    large = masks.union(masks.stroke(points, 40, WIDTH, HEIGHT), masks.stroke([(1500, 1500)], 400, WIDTH, HEIGHT))
    dab = masks.stroke([(1500, 1900)], 40, WIDTH, HEIGHT)
    code, bitmap = rle.write(large), png_writing.write(large)

    def best(work: Callable[[], object]) -> str:
        times = []
        for _ in range(5):
            began = time.perf_counter()
            work()
            times.append((time.perf_counter() - began) * 1000)
        return f"{min(times):.1f} ms"

    fresh = [Mask(WIDTH, HEIGHT, large.top, large.rows)]
    return [
        ("stroke of 100 points, radius 40", best(lambda: masks.stroke(points, 40, WIDTH, HEIGHT))),
        ("a dab onto a mask of 680 rows", best(lambda: masks.union(large, dab))),
        ("rows as text for the page", best(lambda: text.rows_text(large.top, large.rows))),
        (f"encode, {len(code):,} bytes of RLE", best(lambda: rle.write(Mask(WIDTH, HEIGHT, large.top, fresh[0].rows)))),
        ("decode RLE", best(lambda: rle.read(code, WIDTH, HEIGHT))),
        (
            f"encode, {len(bitmap):,} bytes of PNG",
            best(lambda: png_writing.write(Mask(WIDTH, HEIGHT, large.top, large.rows))),
        ),
        ("decode PNG", best(lambda: png.read(bitmap))),
    ]


def page_mb() -> float:
    """Memory of the largest renderer that this process has started: its share of all pages, MB."""
    parents, shares = {}, {}
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit():
            continue
        try:
            parents[int(folder.name)] = int((folder / "stat").read_text().rsplit(")", 1)[1].split()[1])
            if "--type=renderer" in (folder / "cmdline").read_text():
                lines = (folder / "smaps_rollup").read_text().splitlines()
                shares[int(folder.name)] = next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
        except (OSError, ValueError, IndexError):
            continue

    def ours(pid: int) -> bool:
        while pid > 1:
            if pid == os.getpid():
                return True
            pid = parents.get(pid, 0)
        return False

    return max((kib for pid, kib in shares.items() if ours(pid)), default=0) * 1024 / 1e6


def stroke(page: Page, number: int) -> list[float]:
    """Frame times of one stroke across the masks, until the engine has answered."""
    y = 500 + 400 * number
    start = page.evaluate(PLACE, [600, y])
    page.mouse.move(*start)
    page.evaluate(RECORD)
    page.mouse.down()
    for k in range(MOVES):
        page.mouse.move(*page_place(start, k))
    page.mouse.up()
    wait(page, f"{SURFACE}.pending.length === 0")
    return [float(frame) for frame in page.evaluate(STOP)]


def page_place(start: list[float], k: int) -> tuple[float, float]:
    return start[0] + 4 * k, start[1] + 30 * math.sin(k / 8)


def wait(page: Page, condition: str) -> None:
    deadline = time.monotonic() + 120
    while not page.evaluate(condition):
        if time.monotonic() > deadline:
            raise TimeoutError(f"not true after two minutes: {condition}")
        page.wait_for_timeout(10)


def in_page(count: int) -> list[tuple[str, str, str]]:
    """Rows: what, figure, goal."""
    with Labelkite() as kite, sync_playwright() as playwright:
        project = kite.call(
            "POST", "/api/projects", {"title": "Masks", "label_config": CONFIG, "maximum_annotations": 1}
        )["id"]
        task = {"data": {"image": picture()}, "predictions": [{"model_version": "bench", "result": rows(count)}]}
        kite.import_tasks(project, [task, {"data": {"image": picture()}}])
        link = kite.call("POST", f"/api/projects/{project}/invites", {"role": "annotator", "days": 1})["url"]
        browser = playwright.chromium.launch(executable_path=machine.browser(), args=FLAGS)
        page = browser.new_page(viewport={"width": 1366, "height": 768})
        page.goto(link)
        page.get_by_label("Your name").fill("Ana")
        began = time.perf_counter()
        page.get_by_role("button", name="Start labeling").click()
        wait(page, f"!!{SURFACE}?.ready")
        page.evaluate(f"{SURFACE}.ready.then(() => true)")
        wait(page, f"Object.keys({SURFACE}.view.regions).length === {count}")
        opened = time.perf_counter() - began
        wait(page, "performance.getEntriesByName('kite-python-annotate').length > 0")
        wait(page, f"{SURFACE}.pending.length === 0")
        page.keyboard.press("1")
        wait(page, f"{SURFACE}.pending.length === 0")
        frames = [frame for number in range(STROKES) for frame in stroke(page, number)]
        memory = page_mb()
        undo = [page.evaluate(TIMED, {"type": "undo"}) for _ in range(STROKES)]
        for _ in range(STROKES):
            page.evaluate(TIMED, {"type": "redo"})
        with page.expect_request(
            lambda asked: asked.method == "POST" and asked.url.endswith("/annotations")
        ) as waiting:
            page.evaluate(NOTE_PRESS)
            page.keyboard.press("Control+Enter")
        size = len(waiting.value.post_data or "")
        wait(page, f"!!({SENT})")
        submit = float(page.evaluate(f"({SENT}).requestStart - window.pressed_"))
        browser.close()
    return [
        ("open, from the click on Start to all regions", f"{opened:.1f} s", ""),
        (f"frames of a stroke, p50 of {len(frames)}", f"{machine.median(frames):.0f} ms", ""),
        ("frames of a stroke, p95", f"{machine.percentile(frames, 95):.0f} ms", "20 ms"),
        ("memory of the page with its worker", f"{memory:.0f} MB", "400 MB"),
        ("undo of a stroke, median", f"{machine.median(undo):.0f} ms", "50 ms"),
        (f"submit: key to request with {size / 1e6:.1f} MB", f"{submit:.0f} ms", "300 ms"),
    ]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--masks", type=int, default=200)
    given = options.parse_args()
    machine.say_header()
    found = [
        machine.table(("in the page", "measured", "goal"), in_page(given.masks)),
        machine.table(("in CPython", "time"), in_cpython()),
    ]
    print("\n\n".join(found))
    machine.keep("masks", "\n\n".join((machine.header(), *found)))


if __name__ == "__main__":
    main()
