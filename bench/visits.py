"""A person's visit to a labeling page in real Chromium: open the link cold, open it again, label tasks, submit them."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from playwright.sync_api import BrowserContext, Locator, Page, Playwright, ProxySettings, TimeoutError

from bench import machine
from bench.wire import Wire
from bench.workload import Kind

VIEWPORT = 1366, 768
THINKING_MS = 1000
"""Between the last touch of an answer and Submit: nobody is faster, and a side that works ahead may."""
PATIENCE_MS = 60_000
_OWN = {"accounts.google.com", "update.googleapis.com", "clients2.google.com", "content-autofill.googleapis.com"}
"""What Chromium itself asks for, whatever page is open."""
_PROBE = (Path(__file__).parent / "probe.js").read_text(encoding="utf-8")
_ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


class Side(Protocol):
    """A labeling tool that runs, seen by an annotator who is logged in."""

    name: str
    content: dict[str, str]
    """Kind to a JS function: an id of the task that is on the screen, '' for none."""
    label: dict[str, str]
    """Kind to a JS function: the element of the label or choice that is pressed."""
    python_mark: str | None

    def cookies(self) -> list[dict[str, Any]]: ...

    def link(self, kind: Kind) -> str: ...

    def stage(self, page: Page, kind: Kind) -> Locator:
        """The element on which the image or the text is shown."""
        ...

    def answered(self, page: Page, kind: Kind) -> Locator:
        """An element that is only there when the page holds an answer."""
        ...


@dataclass(frozen=True, slots=True)
class Load:
    """One opening; times in ms from the start of the navigation. `blocked`: long tasks that began before usable."""

    usable: float
    blocked: float
    python: float | None


@dataclass(slots=True)
class Visits:
    """Everything that was measured of one kind on one side, a list member per run."""

    cold: list[Load] = field(default_factory=list)
    warm: list[Load] = field(default_factory=list)
    submits: list[float] = field(default_factory=list)
    """ms from the click on Submit to the next task usable."""


@dataclass(frozen=True, slots=True)
class Traffic:
    """Of one opening: until it was usable, and until it had settled."""

    bytes_usable: int
    bytes_all: int
    requests_usable: int
    requests_all: int
    outside: tuple[str, ...]


def visit(play: Playwright, side: Side, kind: Kind, into: Visits, *, submits: int) -> None:
    """One run: a new profile opens the link cold, opens it again in a new tab, and labels *submits* tasks."""
    with _profile(play, side, kind) as context:
        page = context.pages[0]
        into.cold.append(load(page, side, kind))
        settle(page, side)
        page = _new_tab(context)
        into.warm.append(load(page, side, kind))
        settle(page, side)
        for _ in range(submits):
            into.submits.append(submit(page, side, kind))


def traffic(play: Playwright, side: Side, kind: Kind) -> tuple[Traffic, Traffic]:
    """Cold and warm, counted on the wire in a profile of its own."""
    with Wire() as wire, _profile(play, side, kind, wire) as context:
        cold = _counted(context.pages[0], side, kind, wire)
        return cold, _counted(_new_tab(context), side, kind, wire)


def load(page: Page, side: Side, kind: Kind) -> Load:
    page.goto(side.link(kind), wait_until="commit")
    _until(page, "() => window.__bench?.usable", f"{side.name}: {kind.name} did not become usable")
    python = None
    if side.python_mark:
        mark = f"performance.getEntriesByName('{side.python_mark}')[0]?.startTime"
        _until(page, f"() => {mark}", f"{side.name}: Python did not get ready")
        python = float(page.evaluate(mark))
    page.wait_for_timeout(300)  # long tasks are reported late
    usable, tasks = page.evaluate("[__bench.usable, __bench.longTasks]")
    return Load(float(usable), sum(duration for start, duration in tasks if start < usable), python)


def settle(page: Page, side: Side) -> None:
    """Until the page has nothing more to fetch: a service worker that installs, an image that is loaded ahead."""
    with suppress(TimeoutError):  # a page that polls is settled too
        page.wait_for_load_state("networkidle", timeout=5000)
    if side.python_mark:
        page.evaluate("navigator.serviceWorker?.ready.then(() => true)")
    page.wait_for_timeout(500)


def submit(page: Page, side: Side, kind: Kind) -> float:
    """Answer the task as a person would, with the mouse; ms from the click on Submit until the next task is usable."""
    answer(page, side, kind)
    page.wait_for_timeout(THINKING_MS)
    page.get_by_role("button", name="Submit").first.click()
    _until(page, "() => __bench.next", f"{side.name}: no {kind.name} task after Submit")
    return float(page.evaluate("__bench.next - __bench.pressed"))


def answer(page: Page, side: Side, kind: Kind) -> None:
    """Press the label; draw a box or mark words. That the page then holds the answer proves it was usable."""
    handle = page.evaluate_handle(f"() => ({side.label[kind.name]})()").as_element()
    if handle is None:
        raise RuntimeError(f"{side.name}: the label {kind.label} is gone")
    handle.click()
    if kind.name != "choices":
        box = side.stage(page, kind).bounding_box()
        if box is None:
            raise RuntimeError(f"{side.name}: there is nothing to draw on")
        if kind.name == "image":
            start, end = (0.3, 0.3), (0.45, 0.5)
            points = [(box["x"] + box["width"] * x, box["y"] + box["height"] * y) for x, y in (start, end)]
        else:
            points = [(box["x"] + 120, box["y"] + 14), (box["x"] + 190, box["y"] + 14)]
        page.mouse.move(*points[0])
        page.mouse.down()
        page.mouse.move(*points[1], steps=4)
        page.mouse.up()
    side.answered(page, kind).first.wait_for(timeout=10_000)


def _counted(page: Page, side: Side, kind: Kind, wire: Wire) -> Traffic:
    wire.clear()
    load(page, side, kind)
    settle(page, side)
    usable_at = float(page.evaluate("__bench.usableAt")) / 1000
    end = float("inf")
    return Traffic(
        wire.bytes_until(usable_at),
        wire.bytes_until(end),
        len(wire.requests_until(usable_at)),
        len(wire.requests_until(end)),
        tuple(sorted(wire.outside - _OWN)),
    )


@contextmanager
def _profile(play: Playwright, side: Side, kind: Kind, wire: Wire | None = None) -> Iterator[BrowserContext]:
    """A fresh browser with a profile on disk, as people have one, and nobody's cache in it."""
    proxy: ProxySettings | None = {"server": wire.url, "bypass": "<-loopback>"} if wire else None
    with tempfile.TemporaryDirectory(prefix="bench-profile-", ignore_cleanup_errors=True) as folder:
        context = play.chromium.launch_persistent_context(
            folder,
            executable_path=machine.browser(),
            args=list(_ARGUMENTS),
            viewport={"width": VIEWPORT[0], "height": VIEWPORT[1]},
            proxy=proxy,
        )
        try:
            context.add_cookies(side.cookies())  # type: ignore[arg-type]
            context.add_init_script(f"({_PROBE})({side.content[kind.name]}, {side.label[kind.name]})")
            yield context
        finally:
            context.close()


def _new_tab(context: BrowserContext) -> Page:
    """Another tab, then the old ones closed: what they held of the task is let go of."""
    old: Sequence[Page] = list(context.pages)
    page = context.new_page()
    for other in old:
        other.close()
    return page


def _until(page: Page, expression: str, otherwise: str) -> None:
    try:
        page.wait_for_function(expression, polling=50, timeout=PATIENCE_MS)
    except TimeoutError as error:
        said = page.evaluate("document.body?.innerText.slice(0, 400)")
        raise RuntimeError(f"{otherwise} in {PATIENCE_MS / 1000:.0f} s. The page says: {said!r}") from error
