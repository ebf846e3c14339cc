"""A real server, a real Chromium, real people: fixtures of the browser tests."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Playwright, expect, sync_playwright
from playwright.sync_api import Error as PlaywrightError

ROOT = Path(__file__).resolve().parents[2]
expect.set_options(timeout=45_000)  # a busy machine may take seconds until Python answers in the page
SCREENSHOTS = ROOT / "tests" / "screenshots"
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--force-color-profile=srgb",
]


@dataclass
class Running:
    """`labelkite up` in a process of its own."""

    url: str
    owner_link: str
    demo_links: list[str]
    token: str
    data: Path
    process: subprocess.Popen[str]
    port: int

    def api(self, method: str, path: str, **given: object) -> httpx.Response:
        headers = {"Authorization": f"Token {self.token}"}
        return httpx.request(method, self.url + path, headers=headers, timeout=60, **given)  # type: ignore[arg-type]

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start(data: Path, *, demo: bool, port: int | None = None) -> Running:
    """Start a server and read its links off what it prints."""
    port = port or free_port()
    command = [sys.executable, "-m", "labelkite", "up", "--data", str(data), "--port", str(port)]
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "web/py")]),
        "PYTHONUNBUFFERED": "1",
    }
    process = subprocess.Popen(
        command + ([] if demo else ["--no-demo"]),
        cwd=data.parent,
        env=environment,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    assert process.stdout is not None
    printed: list[str] = []
    links: list[str] = []
    deadline = time.monotonic() + 90
    wanted = 3 if demo else 1
    while len(links) < wanted:
        line = process.stdout.readline()
        if not line or "No demo" in line or time.monotonic() > deadline:  # after that line no other comes
            raise AssertionError("the server did not print its links:\n" + "".join(printed))
        printed.append(line)
        links += re.findall(r"http://\S+/join#\S+", line)
    minted = subprocess.run(
        [sys.executable, "-m", "labelkite", "token", "--data", str(data)],
        env=environment,
        cwd=data.parent,
        text=True,
        capture_output=True,
        check=True,
    )
    token = minted.stdout.split()[-1]
    return Running(f"http://127.0.0.1:{port}", links[0], links[1:], token, data, process, port)


def stop(running: Running) -> None:
    if running.process.poll() is None:
        running.process.send_signal(signal.SIGINT)
        try:
            running.process.wait(15)
        except subprocess.TimeoutExpired:
            running.kill()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    running = start(tmp_path_factory.mktemp("served") / "data", demo=True)
    yield running
    stop(running)


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[Callable[..., Running]]:
    """Servers of one test's own, which it may kill."""
    started: list[Running] = []

    def make(port: int | None = None) -> Running:
        started.append(start(tmp_path / "data", demo=False, port=port))
        return started[-1]

    yield make
    for running in started:
        stop(running)


def chromium() -> str:
    names = ("chromium", "chromium-browser", "google-chrome")
    found = next((path for name in names if (path := shutil.which(name))), None)
    assert found, "no Chromium on this machine; run: make browser"
    return found


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    launched = playwright.chromium.launch(executable_path=chromium(), args=CHROMIUM_FLAGS)
    yield launched
    launched.close()


class Person:
    """One browser profile, with what it said on the console."""

    def __init__(self, context: BrowserContext) -> None:
        self.context = context
        self.complaints: list[str] = []
        self.page = self.open()

    def open(self) -> Page:
        page = self.context.new_page()
        page.on("console", self._note)
        page.on("pageerror", lambda error: self.complaints.append(f"page error: {error}"))
        return page

    def leave(self) -> None:
        self.context.close()

    def _note(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.complaints.append(f"{message.text} ({message.location.get('url', '')})")


class KeptProfile:
    """A browser on disk that has been to the site before: its files, compiled, and its service worker stay in it.

    Whoever comes next finds nothing of the person before: no cookie, no stored or drafted thing, no open page.
    """

    PERSONAL = "cookies,file_systems,indexeddb,local_storage"

    def __init__(self, playwright: Playwright, folder: Path, origin: str, late_frames: int) -> None:
        self.origin = origin
        self.context = playwright.chromium.launch_persistent_context(
            folder, executable_path=chromium(), args=CHROMIUM_FLAGS, viewport={"width": 1280, "height": 800}
        )
        if late_frames:
            self.context.add_init_script(LATE_FRAMES % late_frames)
        self.taken = False
        self._blank = self.context.pages[0]  # without a page the browser ends
        self._devtools = self.context.new_cdp_session(self._blank)

    def empty(self) -> None:
        for page in self.context.pages:
            if page is not self._blank:
                page.close()
        self.context.unroute_all(behavior="ignoreErrors")
        self.context.set_offline(False)
        self.context.clear_permissions()
        self.context.clear_cookies()
        self._devtools.send("Storage.clearDataForOrigin", {"origin": self.origin, "storageTypes": self.PERSONAL})
        self.taken = False


class Returning(Person):
    """Somebody at the kept profile."""

    def __init__(self, profile: KeptProfile, width: int, height: int, dark: bool) -> None:
        self.profile, self.width, self.height, self.dark = profile, width, height, dark
        profile.taken = True
        super().__init__(profile.context)

    def open(self) -> Page:
        page = super().open()
        page.set_viewport_size({"width": self.width, "height": self.height})
        page.emulate_media(color_scheme="dark" if self.dark else "light")
        return page

    def leave(self) -> None:
        self.profile.empty()


@pytest.fixture(scope="session")
def kept_profile(
    playwright: Playwright, server: Running, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[KeptProfile]:
    late = request.config.getoption("--slow-frames")
    profile = KeptProfile(playwright, tmp_path_factory.mktemp("profile"), server.url, late)
    yield profile
    profile.context.close()


@pytest.fixture
def person(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Callable[..., Person]]:
    """Make people, each with a profile of their own; afterwards nobody may have seen an error on the console.

    A test that takes the server away says so with `expect_complaints`. A first visit fetches, keeps and compiles the
    whole site, which costs more than most tests: one that is not about that asks for somebody `returning`, whose
    browser has it all. A second such person of the same test makes a first visit.
    """
    people: list[Person] = []
    tolerated = request.node.get_closest_marker("complaints_expected") is not None

    def make(*, width: int = 1280, height: int = 800, dark: bool = False, returning: bool = False) -> Person:
        if returning and not (kept := request.getfixturevalue("kept_profile")).taken:
            people.append(Returning(kept, width, height, dark))
            return people[-1]
        context = browser.new_context(
            viewport={"width": width, "height": height}, color_scheme="dark" if dark else "light", accept_downloads=True
        )
        if late := request.config.getoption("--slow-frames"):
            context.add_init_script(LATE_FRAMES % late)
        people.append(Person(context))
        return people[-1]

    yield make
    complaints = [complaint for one in people for complaint in one.complaints]
    for one in people:
        one.leave()
    assert tolerated or not complaints


@pytest.fixture
def shot(request: pytest.FixtureRequest) -> Callable[[Page, str], None]:
    """Write a screenshot to the ignored folder."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)

    def take(page: Page, name: str) -> None:
        page.screenshot(path=SCREENSHOTS / f"{name}.png")

    return take


LATE_FRAMES = """{
  const own = requestAnimationFrame.bind(window)
  window.requestAnimationFrame = (draw) => own(() => setTimeout(() => own(draw), %d))
}"""
# What a failure needs to be understood where nobody can look: what was on its way, and what the page says.
SEEN = """(() => {
  const { task, pending, view, shown } = document.querySelector('kite-surface') ?? {}
  const speaking = document.querySelectorAll('[role=alert], [role=status], [role=dialog], h1')
  const said = [...speaking].map((one) => one.innerText.trim()).filter(Boolean)
  const { activeElement: at } = document
  return JSON.stringify({
    path: location.pathname, task, pending, active: view?.active, shown: shown?.active, tools: shown?.tools,
    regions: Object.keys(view?.regions ?? {}).length, selection: view?.selection?.length,
    words: String(getSelection()), keyboard: at && `${at.localName}.${at.className}`, said,
  }).slice(0, 3000)
})()"""


def until(page: Page, expression: str, *, timeout_s: float = 60, seen: str = "null") -> None:
    """Wait for an expression to be true. Playwright's own wait evaluates text in the page, which our CSP forbids.

    What the expression asks may not be on the page yet, or just now be exchanged: that it fails is "not yet", and told
    in the end, together with what the expression `seen` gives.
    """
    deadline = time.monotonic() + timeout_s
    while True:
        fault = ""
        try:
            if page.evaluate(expression):
                return
        except PlaywrightError as error:
            fault = f"\nit failed: {error.message}"
        if time.monotonic() >= deadline:
            pytest.fail(
                f"not true after {timeout_s} s: {expression}{fault}\nthe page: {page.evaluate(SEEN)}\n"
                f"{seen}: {page.evaluate(f'JSON.stringify({seen})')}",
                pytrace=True,
            )
        page.wait_for_timeout(20)


def join(page: Page, link: str, name: str) -> None:
    page.goto(link)
    page.get_by_label("Your name").fill(name)
    page.locator(".join-start").click()
    until(page, "performance.getEntriesByName('kite-usable').length > 0")


def python_ready(page: Page) -> None:
    until(page, "performance.getEntriesByName('kite-python-annotate').length > 0", timeout_s=120)
