"""A task with one picture, open in the browser: drawn on in pixels of the picture, by mouse, finger and keys."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, CDPSession, Page

from .conftest import ROOT, Person, Running, join, python_ready, until
from .test_by_hand import SURFACE, view
from .test_two_annotators import PICTURE, make_project, wait_for_regions

WIDTH, HEIGHT = 480, 320
SDK = ROOT / ".cache" / "label-studio-sdk" / "bin" / "python"
VERDICTS = ROOT / "tests" / "language" / "sdk_verdicts.py"

Point = tuple[float, float]


class Picture:
    """A task with a picture of 480 x 320 pixels; places are pixels of the picture."""

    def __init__(self, page: Page, cdp: CDPSession) -> None:
        self.page = page
        self.cdp = cdp

    def at(self, x: float, y: float) -> Point:
        """Where a pixel is in the window."""
        found: list[float] = self.page.evaluate(
            "([x, y]) => { const image = document.querySelector('kite-image'),"
            " stage = image.querySelector('canvas.image-glass').getBoundingClientRect(),"
            " [sx, sy] = image.camera.toScreen(x, y); return [stage.left + sx, stage.top + sy] }",
            [x, y],
        )
        return found[0], found[1]

    def take(self, tool: str) -> None:
        self.page.locator(f"[data-tool={tool}]").click()
        self.held(tool)

    def hold(self, key: str, tool: str) -> None:
        self.page.keyboard.press(key)
        self.held(tool)

    def held(self, tool: str) -> None:
        until(
            self.page, f"document.querySelector('[data-tool={tool}]').matches('[aria-checked=true]:not(.is-waiting)')"
        )
        view(self.page)

    def click(self, x: float, y: float, *held: str) -> None:
        self.drag((x, y), (x, y), *held)

    def drag(self, start: Point, end: Point, *held: str) -> None:
        for key in held:
            self.page.keyboard.down(key)
        self.page.mouse.move(*self.at(*start))
        self.page.mouse.down()
        if start != end:
            self.page.mouse.move(*self.at((start[0] + end[0]) / 2, (start[1] + end[1]) / 2))
            self.page.mouse.move(*self.at(*end))
        self.page.mouse.up()
        for key in held:
            self.page.keyboard.up(key)

    def keys(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def touch(self, kind: str, *points: Point) -> None:
        placed = [dict(zip("xy", self.at(*point), strict=True), id=n) for n, point in enumerate(points)]
        self.cdp.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": placed})

    def intent(self, **intent: object) -> None:
        self.page.evaluate(
            f"(detail) => {SURFACE}.dispatchEvent(new CustomEvent('kite-intent', {{ detail, bubbles: true }}))", intent
        )
        view(self.page)

    def regions(self, count: int | None = None) -> list[dict[str, Any]]:
        if count is not None:
            wait_for_regions(self.page, count)
        return sorted(view(self.page)["regions"].values(), key=lambda region: region["n"])

    def shape(self) -> dict[str, Any]:
        """Of the one region."""
        (region,) = self.regions(1)
        found: dict[str, Any] = region["shape"]
        return found

    def said(self) -> str:
        return self.page.locator("kite-image [aria-live]").inner_text()

    def clear(self) -> None:
        """Nothing drawn, nothing selected, no label picked, the whole picture in the window."""
        self.intent(type="delete_all")
        self.intent(type="select", regions=[], add=False)
        for control, labels in view(self.page)["active"].items():
            for label in labels:
                self.intent(type="pick_label", control=control, label=label)
        self.page.evaluate(f"{SURFACE}.tools = {{}}; document.querySelector('kite-image').fit()")


@contextmanager
def open_picture(
    server: Running, browser: Browser, title: str, config: str, **kept: object
) -> Iterator[tuple[Picture, Running, int]]:
    """A new project of one picture, opened by an annotator; *kept*: what the browser has stored, as JSON, by name."""
    number, link = make_project(server, title, [{"image": PICTURE}], config)
    context = browser.new_context(viewport={"width": 1280, "height": 800}, has_touch=True)
    for name, value in kept.items():
        context.add_init_script(f"localStorage.setItem('{name}', {json.dumps(json.dumps(value))})")
    ana = Person(context)
    join(ana.page, link, "Ana")
    python_ready(ana.page)
    ana.page.evaluate(f"{SURFACE}.ready.then(() => true)")
    yield Picture(ana.page, context.new_cdp_session(ana.page)), server, number
    complaints = ana.complaints
    context.close()
    assert not complaints
