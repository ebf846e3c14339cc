"""Frame times of the labeling surface in Chromium: drawing among many boxes, moving the view, opening long tasks.

    .venv/bin/python bench/surface.py [--rounds 3] [--headed]

Bundles the development page of the surface (web/static/dev) into a temporary folder and serves it on a free port of
this machine. Frame times are the distances between animation frames while Chromium gets mouse moves; 16.7 ms is one
frame at 60 Hz.
"""

from __future__ import annotations

import argparse
import functools
import http.server
import statistics
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
from bench import surface_page  # noqa: E402 - runs as a script too
from bench.frames import FLAGS, RECORD, STOP  # noqa: E402

STATIC = ROOT / "web" / "static"
ESBUILD = ROOT / "web" / "node_modules" / ".bin" / "esbuild"
CHROMIUM = "/usr/bin/chromium"
MOVES = 150

AFTER_RELEASE = """() => new Promise((done) => {
  const glass = document.querySelector('.image-glass')
  glass.addEventListener('pointerup', () => {
    const began = performance.now()
    requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now() - began)))
  }, { once: true })
})"""


# Sixty pixels of words with nothing over them, as near to the middle as they can be.
WORD = """() => {
  const sheet = document.querySelector('.text-sheet').getBoundingClientRect()
  const x = sheet.left + sheet.width / 2
  const onWord = (x, y) => {
    if (!document.elementFromPoint(x, y)?.matches('.text-chunk')) return false
    const { offsetNode, offset } = document.caretPositionFromPoint(x, y)
    const range = document.createRange()
    range.setStart(offsetNode, Math.max(0, offset - 1))
    range.setEnd(offsetNode, Math.min(offset + 1, offsetNode.length))
    return [...range.getClientRects()].some((box) => x >= box.left && x <= box.right && y >= box.top && y <= box.bottom)
  }
  for (let y = sheet.top + sheet.height / 2; y < sheet.bottom; y += 4) {
    if (onWord(x, y) && onWord(x + 60, y)) return { x, y }
  }
}"""
# From the release of the button until the frame in which the highlight of a new span stands.
SPAN_PAINTED = """() => new Promise((done) => {
  document.addEventListener('mouseup', () => {
    const began = performance.now()
    const there = () => [...CSS.highlights].some(([name, { size }]) => size && name.includes('-pending-'))
    const end = () => done(performance.now() - began)
    const step = () => requestAnimationFrame(there() ? end : step)
    requestAnimationFrame(step)
  }, { once: true, capture: true })
})"""


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Nothing: the table is the output."""


@contextmanager
def site() -> Iterator[str]:
    """The development page, bundled as a release is, at a local address."""
    with tempfile.TemporaryDirectory() as folder:
        bundle = [str(ESBUILD), "--bundle", "--minify", "--log-level=warning"]
        subprocess.run(
            [*bundle, "--splitting", "--format=esm", f"--outdir={folder}", str(STATIC / "dev" / "dev.js")], check=True
        )
        subprocess.run([*bundle, f"--outfile={folder}/surface.css", str(STATIC / "styles" / "index.css")], check=True)
        (Path(folder) / "surface.html").write_bytes((STATIC / "dev" / "surface.html").read_bytes())
        handler = functools.partial(Quiet, directory=folder)
        with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            try:
                yield f"http://127.0.0.1:{server.server_port}/surface.html"
            finally:
                server.shutdown()


def opened(page: Page, address: str) -> float:
    """Opens a state; milliseconds from the data in the page until all of it is painted."""
    page.goto(address)
    page.wait_for_selector("html[data-ready]", timeout=60_000)
    page.wait_for_timeout(300)
    return float(page.evaluate("openedIn"))


def frames(page: Page, x0: float, y0: float, x1: float, y1: float) -> list[float]:
    page.evaluate(RECORD)
    for step in range(1, MOVES + 1):
        part = step / MOVES
        page.mouse.move(x0 + (x1 - x0) * part, y0 + (y1 - y0) * part)
    return [float(value) for value in page.evaluate(STOP)][1:]


def draw(page: Page) -> tuple[list[float], float]:
    """Frame times while one more box is drawn, and milliseconds from letting go until it stands."""
    box = page.locator(".image-glass").bounding_box()
    assert box
    x, y = box["x"] + box["width"] * 0.2, box["y"] + box["height"] * 0.2
    page.mouse.move(x, y)
    page.mouse.down()
    times = frames(page, x, y, x + box["width"] * 0.5, y + box["height"] * 0.5)
    settled = page.evaluate_handle(f"() => ({{ promise: ({AFTER_RELEASE})() }})")
    page.mouse.up()
    return times, float(page.evaluate("async (box) => await box.promise", settled))


def pan(page: Page) -> list[float]:
    """Frame times while the zoomed view is dragged with the middle button."""
    box = page.locator(".image-glass").bounding_box()
    assert box
    x, y = box["x"] + box["width"] * 0.3, box["y"] + box["height"] * 0.3
    page.mouse.move(x, y)
    page.mouse.wheel(0, -300)
    page.wait_for_timeout(400)
    page.mouse.down(button="middle")
    times = frames(page, x, y, x + 300, y + 200)
    page.mouse.up(button="middle")
    return times


def scroll(page: Page) -> list[float]:
    """Frame times while a text is scrolled from its first line by the wheel."""
    box = page.locator(".text-sheet").bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.evaluate(RECORD)
    for _ in range(MOVES):
        page.mouse.wheel(0, 120)
    return [float(value) for value in page.evaluate(STOP)][1:]


def mark(page: Page) -> float:
    """Milliseconds from letting the button go until the new span is painted."""
    place = page.evaluate(WORD)
    page.mouse.move(place["x"], place["y"])
    page.mouse.down()
    page.mouse.move(place["x"] + 60, place["y"], steps=4)
    settled = page.evaluate_handle(f"() => ({{ promise: ({SPAN_PAINTED})() }})")
    page.mouse.up()
    return float(page.evaluate("async (box) => await box.promise", settled))


def percentile(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, round(share * (len(ordered) - 1)))]


def row(name: str, *cells: str) -> None:
    print(f"| {name:<44} | " + " | ".join(f"{cell:>8}" for cell in cells) + " |", flush=True)


def frame_cells(times: list[float]) -> tuple[str, str, str]:
    return f"{percentile(times, 0.5):.1f}", f"{percentile(times, 0.95):.1f}", f"{max(times):.1f}"


def texts(page: Page, address: str, rounds: int) -> None:
    """Scrolling and marking: sizes as Label Studio was measured (100 KB with 1,000 spans), and ten times that."""
    cases = (
        ("100 KB, 1,000 spans", "case=long&size=100000&count=1000"),
        ("1 MB, 10,000 spans", "case=long&size=1000000&count=10000"),
        ("1 MB, 10,000 spans, 1,000 relations", "case=long&size=1000000&count=10000&relations=1000"),
        ("1 MB in one line, 10,000 spans", "case=long&size=1000000&count=10000&unbroken"),
    )
    print()
    row("texts, milliseconds", "open", "p50", "p95", "longest", "new span")
    row("---", "---", "---", "---", "---", "---")
    for name, query in cases:
        times, marked, open_ms = [], [], []
        for _ in range(rounds):
            open_ms.append(opened(page, f"{address}?{query}"))
            marked.append(mark(page))
            times += scroll(page)
        cells = (*frame_cells(times), f"{statistics.median(marked):.0f}")
        row(f"scroll {name}", f"{statistics.median(open_ms):.0f}", *cells)


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rounds", type=int, default=3, help="repetitions; the median over them is printed")
    options.add_argument("--texts", action="store_true", help="only texts")
    options.add_argument("--no-page", action="store_true", help="without the labeling page on a real server")
    options.add_argument("--headed", action="store_true", help="show the browser")
    given = options.parse_args()
    with site() as address, sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS, headless=not given.headed)
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        if given.texts:
            texts(page, address, given.rounds)
            browser.close()
            return 0
        row("frames, milliseconds", "p50", "p95", "longest", "release")
        row("---", "---", "---", "---", "---")
        for count in (100, 1000, 10_000):
            drawn: list[float] = []
            settled: list[float] = []
            for _ in range(given.rounds):
                opened(page, f"{address}?case=boxes&count={count}")
                times, after = draw(page)
                drawn += times
                settled.append(after)
            row(f"draw one more among {count:,} boxes", *frame_cells(drawn), f"{statistics.median(settled):.0f}")
        for count in (1000, 10_000):
            opened(page, f"{address}?case=boxes&count={count}")
            row(f"move the view over {count:,} boxes", *frame_cells(pan(page)), "")
        texts(page, address, given.rounds)
        print()
        row("opening, milliseconds", "median")
        row("---", "---")
        for name, query in (
            ("1,000 boxes", "case=boxes&count=1000"),
            ("10,000 boxes", "case=boxes&count=10000"),
            ("100 KB of text, 1,000 spans", "case=long&size=100000&count=1000"),
            ("1 MB of text, 10,000 spans", "case=long&size=1000000&count=10000"),
        ):
            times = [opened(page, f"{address}?{query}") for _ in range(given.rounds)]
            row(name, f"{statistics.median(times):.0f}")
        browser.close()
    if not given.no_page:
        print()
        surface_page.measure(10_000, given.rounds)
    return 0


if __name__ == "__main__":
    sys.exit(main())
