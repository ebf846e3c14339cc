"""
Makes the gallery's pictures: each template opened in real Chromium, as people see it, without the list of regions.

``python -m scripts.gallery_pictures [ID …]`` after ``make build``; without ids, those whose config has changed. Writes
``<id>.webp`` beside each config and, in ``pictures.json``, which config each was made from.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Page, sync_playwright

from config_compiler.templates import FOLDER, Template, groups

WIDTH, HEIGHT = 960, 600
CLIP = {"x": 0, "y": 0, "width": WIDTH, "height": HEIGHT, "scale": 0.5}
FOLLOW = """(href) => {
  const link = Object.assign(document.createElement('a'), { href })
  document.body.append(link)
  link.click()
  link.remove()
}"""


def digest(template: Template) -> str:
    return hashlib.sha256(template.config.encode()).hexdigest()[:16]


def take(page: Page, origin: str, template: Template) -> list[str]:
    """Open the template, wait until its media are painted, take its picture. Returns what the console complained of."""
    complaints: list[str] = []

    def heard(message: object) -> None:
        if getattr(message, "type", "") == "error":
            complaints.append(getattr(message, "text", ""))

    page.on("console", heard)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.evaluate(FOLLOW, f"{origin}/templates/{template.id}?bare")  # within the site: Python starts once
    own = f"kite-template-page[name={template.id}][data-ready=yes]"
    page.wait_for_selector(own, state="attached", timeout=60_000)
    page.wait_for_timeout(400)
    session = page.context.new_cdp_session(page)
    made = session.send("Page.captureScreenshot", {"format": "webp", "quality": 80, "clip": CLIP})
    template.picture.write_bytes(base64.b64decode(made["data"]))
    page.remove_listener("console", heard)
    return complaints


@contextmanager
def served() -> Iterator[str]:
    """The product on a free port, without a project: its origin."""
    with tempfile.TemporaryDirectory() as data:
        command = [sys.executable, "-m", "labelkite", "up", "--data", f"{data}/store", "--port", "0", "--no-demo"]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        assert process.stdout is not None
        try:
            for line in process.stdout:
                if found := re.search(r"http://[\d.]+:\d+", line):
                    yield found.group()
                    return
            raise RuntimeError("labelkite up printed no address")
        finally:
            process.terminate()
            process.wait()


def main(wanted: list[str]) -> int:
    record = FOLDER / "pictures.json"
    known: dict[str, str] = json.loads(record.read_text(encoding="utf-8")) if record.exists() else {}
    every = [template for group in groups() for template in group.templates]
    stale = [t for t in every if (t.id in wanted if wanted else known.get(t.id) != digest(t) or not t.picture.exists())]
    faults = 0
    with served() as origin, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-sync", "--no-first-run"]
        )
        page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
        page.goto(f"{origin}/templates?no-sw")
        for template in stale:
            complaints = take(page, origin, template)
            faults += bool(complaints)
            print(f"{template.picture.stat().st_size:>6} {template.id} {'; '.join(complaints)[:200]}")
            known[template.id] = digest(template)
        browser.close()
    known = {template.id: known[template.id] for template in every if template.id in known}
    record.write_text(json.dumps(known, indent=1) + "\n", encoding="utf-8")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
