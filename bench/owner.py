"""The owner's pages with a real Chromium: an upload of many small files, and from one disagreement to the next.

    .venv/bin/python -m bench owner [--files 10000] [--reviews 60]

Upload: a folder of pictures of about 100 bytes through the import page, until all are tasks. Review: from the key that
accepts an answer to the frame that shows the next task, the answer of the server included.
"""

from __future__ import annotations

import argparse
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import httpx
from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "lambda"), str(ROOT / "web/py")]

from tests.api.people import BOXES, CHOICES, GIF, mood  # noqa: E402
from tests.browser.conftest import CHROMIUM_FLAGS, Running, start, stop, until  # noqa: E402

CHROMIUM = "/usr/bin/chromium"
# Presses two keys and waits for the frame in which another task is on the page; ms.
NEXT = """async () => {
  const title = () => document.querySelector('kite-review h1, main h1')?.textContent
  const before = title()
  const press = (key) => document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }))
  press('1')
  const begun = performance.now()
  press('a')
  while (title() === before) await new Promise((done) => requestAnimationFrame(done))
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))
  return performance.now() - begun
}"""


def main(argv: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=int, default=10_000)
    parser.add_argument("--reviews", type=int, default=60)
    arguments = parser.parse_args(argv)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        running = start(Path(folder) / "data", demo=False)
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_FLAGS)
        page = browser.new_context(viewport={"width": 1280, "height": 800}).new_page()
        try:
            page.goto(running.owner_link)
            page.wait_for_url("**/projects")
            uploaded(running, page, Path(folder) / "pictures", arguments.files)
            reviewed(running, page, arguments.reviews)
        finally:
            browser.close()
            stop(running)


def uploaded(running: Running, page: Page, folder: Path, files: int) -> None:
    project = _made(running, BOXES)
    folder.mkdir()
    for n in range(files):
        (folder / f"{n:05}.gif").write_bytes(GIF + b"\0" * (n % 64))
    page.goto(f"{running.url}/projects/{project}/data")
    chooser = page.locator("input[webkitdirectory]")
    chooser.wait_for(state="attached")
    begun = time.perf_counter()
    chooser.set_input_files(str(folder))
    handed = time.perf_counter() - begun
    until(page, f"/{files:,} tasks added/.test(document.body.innerText)", timeout_s=600)
    took = time.perf_counter() - begun
    print(f"upload of {files:,} files: {took:.1f} s, {files / took:.0f} a second ({handed:.1f} s in the file chooser)")


def reviewed(running: Running, page: Page, reviews: int) -> None:
    project = _made(running, CHOICES)
    tasks = [{"data": {"text": f"Text {n}"}} for n in range(reviews + 1)]
    _said(running.api("POST", f"/api/projects/{project}/import", json=tasks))
    for name, choice in (("Ana", "Calm"), ("Ben", "Sad")):
        invite = _said(running.api("POST", f"/api/projects/{project}/invites", json={"days": 1}))
        person = httpx.Client(base_url=running.url, headers={"Origin": running.url}, timeout=60)
        _said(person.post("/api/session", json={"invite": invite["token"], "name": name}))
        for _ in tasks:
            given = _said(person.get(f"/api/projects/{project}/next"))
            body = {"result": mood(choice), "lead_time": 1, "lease": given["lease"]["token"]}
            _said(person.post(f"/api/tasks/{given['task']['id']}/annotations", json=body))
    page.goto(f"{running.url}/review/{project}")
    until(page, "/^Task /.test(document.querySelector('main h1')?.textContent ?? '')")
    page.wait_for_timeout(500)
    took = []
    for _ in range(reviews):
        took.append(float(page.evaluate(NEXT)))
        page.wait_for_timeout(400)  # a person looks at the task
    took.sort()
    p95 = took[int(reviews * 0.95)]
    print(f"next of {reviews} disagreements: median {statistics.median(took):.0f} ms, p95 {p95:.0f} ms")


def _made(running: Running, config: str) -> int:
    body = {"title": re.sub(r"\W+", " ", config)[:20], "label_config": config, "maximum_annotations": 2}
    return int(_said(running.api("POST", "/api/projects", json=body))["id"])


def _said(answer: httpx.Response) -> dict[str, object]:
    answer.raise_for_status()
    said: dict[str, object] = answer.json()
    return said


if __name__ == "__main__":
    main()
