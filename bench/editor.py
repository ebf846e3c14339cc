"""Keystroke to preview: a config of 25 lines, typed on in a real Chromium until the preview shows the key.

The time runs from the moment the browser took the key until the frame that shows it is painted; the keys come one by
one, 400 ms apart.
"""

from __future__ import annotations

import re
import sys

from playwright.sync_api import Page, sync_playwright

from bench import machine
from bench.labelkite_up import Labelkite
from bench.machine import median, percentile

KEYS = 30
FLAGS = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync")
PAUSE_MS = 400
COLUMNS = ("what is typed", "median, ms", "p95, ms", "longest, ms", "longest task, ms")
LABELS = "\n".join(f'    <Label value="Kind {n}" background="#e69f00"/>' for n in range(1, 9))
CHOICES = "\n".join(f'    <Choice value="Weather {n}"/>' for n in range(1, 6))
CONFIG = f"""<View>
  <!-- {{"data": {{"image": "/samples/street.svg", "title": "A street"}}}} -->
  <Header value="Mark it"/>
  <RectangleLabels name="thing" toName="photo">
{LABELS}
  </RectangleLabels>
  <Image name="photo" value="$image" zoom="true"/>
  <Choices name="weather" toName="photo" required="true">
{CHOICES}
  </Choices>
  <Rating name="quality" toName="photo"/>
  <TextArea name="notes" toName="photo" placeholder="What else?"/>
</View>"""
#: Where the cursor goes (line and column of the config) and where the preview shows what is typed.
PLACES = {"a heading": ("Mark it", ".node-header"), "the name of a label": ("Kind 8", ".label-name")}
WATCH = """([selector]) => {
  const state = (window.__keys = { pressed: 0, seen: '', times: [], long: 0 })
  addEventListener('keydown', (event) => { state.pressed = event.timeStamp }, { capture: true })
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) state.long = Math.max(state.long, duration)
  }).observe({ type: 'longtask' })
  const shown = () => Array.from(document.querySelectorAll('kite-surface ' + selector), (one) => one.textContent).join()
  state.seen = shown()
  const look = () => {
    const now = shown()
    if (state.pressed && now !== state.seen) {
      const { pressed } = state
      Object.assign(state, { seen: now, pressed: 0 })
      const painted = new MessageChannel() // a task behind this frame: by then it is painted
      painted.port1.onmessage = () => state.times.push(performance.now() - pressed)
      painted.port2.postMessage(0)
    }
    requestAnimationFrame(look)
  }
  requestAnimationFrame(look)
}"""


def opened(page: Page, link: str) -> None:
    page.goto(link)
    page.wait_for_url("**/projects")
    page.goto(link.split("/join")[0] + "/projects/new")
    page.wait_for_selector("kite-surface", timeout=90_000)


def typed(page: Page, before: str, selector: str) -> tuple[list[float], float]:
    """Times in ms of keys typed behind the text *before*, and the longest task of the page meanwhile."""
    page.evaluate("(source) => { document.querySelector('kite-config-editor').value = source }", CONFIG)
    page.wait_for_timeout(2000)
    line = next(n for n, text in enumerate(CONFIG.split("\n"), 1) if before in text)
    column = CONFIG.split("\n")[line - 1].index(before) + len(before) + 1
    page.evaluate("([line, column]) => document.querySelector('kite-code').go(line, column)", [line, column])
    page.evaluate(WATCH, [selector])
    for n in range(KEYS):
        page.keyboard.press("abcdefghij"[n % 10])
        page.wait_for_timeout(PAUSE_MS)
    found = page.evaluate("window.__keys")
    if len(found["times"]) < KEYS - 1:
        raise RuntimeError(f"The preview showed {len(found['times'])} of {KEYS} keys")
    return found["times"], found["long"]


def main() -> int:
    machine.say_header()
    rows = []
    with Labelkite() as kite, sync_playwright() as play:
        link = re.findall(r"http://\S+/join#\S+", (kite.folder / "log").read_text("utf-8"))[0]
        browser = play.chromium.launch(executable_path=machine.browser(), args=list(FLAGS))
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        opened(page, link)
        for name, (before, selector) in PLACES.items():
            times, longest = typed(page, before, selector)
            numbers = (median(times), percentile(times, 95), max(times), longest)
            rows.append([name, *(f"{number:.0f}" for number in numbers)])
        browser.close()
    text = machine.table(COLUMNS, rows)
    print(text)
    machine.keep("editor", f"{machine.header()}\n\n{text}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
