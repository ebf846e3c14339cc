"""A picture of 30,000 x 30,000 pixels by its tiles, in Chromium: opening, zooming, frames of a drag, memory.

    .venv/bin/python -m bench pictures [--size 30000]

A real `labelkite up` that may read a folder with a Deep Zoom picture (JPEG tiles of 512 pixels, photographic noise) and
a TIFF pyramid of 16-bit values (12,000 x 9,000). Goals: all of it seen 1 s after its description is there, frames 20 ms
(p95), memory of the page under 400 MB: the picture in one piece would take 3,600 MB.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from bench import machine
from bench.frames import FLAGS, RECORD, STOP
from bench.labelkite_up import Labelkite
from bench.masks import page_mb, wait
from tests.browser import picture_files

CONFIG = """<View>
  <RectangleLabels name="box" toName="img"><Label value="Cell"/></RectangleLabels>
  <Image name="img" value="$image"/>
</View>"""
IMAGE = "document.querySelector('kite-image')"
MOVES = 120


class Tiles:
    """Requests for tiles, as the browser tells of them; not those of the worker that reads TIFF."""

    def __init__(self, page: Page) -> None:
        self.count = 0
        page.on("request", lambda asked: self._note(asked.url))

    def _note(self, url: str) -> None:
        self.count += "_files/" in url

    def all_here(self, page: Page, began: float) -> float:
        """Seconds from *began* until everything that is looked at is there."""
        page.wait_for_timeout(300)  # the view is painted anew when it rests
        wait(page, f"!{IMAGE}.picture.pending")
        return time.perf_counter() - began


def visit(page: Page, link: str, first: bool) -> tuple[float, Tiles]:
    """Seconds from the page's data to the picture on the screen."""
    tiles = Tiles(page)
    page.goto(link)
    if first:
        page.get_by_label("Your name").fill("Ana")
        page.get_by_role("button", name="Start labeling").click()
    wait(page, f"{IMAGE}?.state.kind === 'loading' || {IMAGE}?.state.kind === 'shown'")
    began = time.perf_counter()
    wait(page, f"{IMAGE}?.state.kind === 'shown'")
    shown = time.perf_counter() - began
    wait(page, "performance.getEntriesByName('kite-python-annotate').length > 0")
    tiles.all_here(page, began)
    return shown, tiles


def pan(page: Page) -> list[float]:
    """Frame times while the picture is dragged with the middle button."""
    box = page.locator(".image-glass").bounding_box()
    assert box
    x, y = box["x"] + box["width"] * 0.7, box["y"] + box["height"] * 0.6
    page.mouse.move(x, y)
    page.mouse.down(button="middle")
    page.evaluate(RECORD)
    for step in range(1, MOVES + 1):
        page.mouse.move(x - 4 * step, y - 2 * step)
    found = [float(frame) for frame in page.evaluate(STOP)][1:]
    page.mouse.up(button="middle")
    return found


def measured(page: Page, link: str, first: bool) -> list[str]:
    shown, tiles = visit(page, link, first)
    at_first = tiles.count
    box = page.locator(".image-glass").bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] * 0.4, box["y"] + box["height"] * 0.4)
    began = time.perf_counter()
    page.keyboard.press("Shift+0")  # 100 %
    sharp = tiles.all_here(page, began)
    frames = [frame for _ in range(4) for frame in pan(page)]
    tiles.all_here(page, began)
    return [
        f"{shown:.2f} s", f"{at_first}", f"{sharp:.2f} s", f"{machine.median(frames):.0f} ms",
        f"{machine.percentile(frames, 95):.0f} ms", f"{tiles.count}", f"{page_mb():.0f} MB",
    ]  # fmt: skip


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--size", type=int, default=30_000)
    given = options.parse_args()
    machine.say_header()
    with tempfile.TemporaryDirectory(prefix="bench-pictures-") as name:
        folder = Path(name).resolve()
        picture_files.deep_zoom(folder, "slide", given.size, 512, Image.effect_noise((512, 512), 60).convert("RGB"))
        picture_files.pyramid_tiff(folder / "scan.tif", 12_000, 9_000, tile=512)
        os.environ["LABELKITE_ALLOW_FOLDERS"] = str(folder)
        columns = [in_browser(folder, file) for file in ("slide.dzi", "scan.tif")]
    told = (
        "all of it on the screen", "tiles fetched until then", "to 100 %, all of it sharp", "frames of a drag, p50",
        "frames of a drag, p95", "tiles fetched in all", "memory of the page",
    )  # fmt: skip
    goals = ("1 s", "", "", "", "20 ms", "", "400 MB")
    rows = list(zip(told, *columns, goals, strict=True))
    found = machine.table((f"{given.size:,} pixels square", "Deep Zoom", "TIFF, 12,000 x 9,000", "goal"), rows)
    print(found)
    machine.keep("pictures", "\n\n".join((machine.header(), found)))


def in_browser(folder: Path, file: str) -> list[str]:
    with Labelkite() as kite, sync_playwright() as playwright:
        wanted = {"title": "Pictures", "label_config": CONFIG, "maximum_annotations": 1}
        project = kite.call("POST", "/api/projects", wanted)["id"]
        source = {"address": str(folder), "mode": "files", "pattern": "none of them"}
        number = kite.call("POST", f"/api/projects/{project}/sources", source)["id"]
        kite.import_tasks(project, [{"data": {"image": f"/data/folder/{number}/{file}"}}])
        link = kite.call("POST", f"/api/projects/{project}/invites", {"role": "annotator", "days": 1})["url"]
        browser = playwright.chromium.launch(executable_path=machine.browser(), args=FLAGS)
        page = browser.new_page(viewport={"width": 1366, "height": 768})
        found = measured(page, link, True)
        browser.close()
    return found


if __name__ == "__main__":
    main()
