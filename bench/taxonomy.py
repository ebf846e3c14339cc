"""A Taxonomy of a hundred thousand nodes, Choices of ten thousand, in Chromium: opening, first suggestion, memory.

    .venv/bin/python bench/taxonomy.py [--nodes 100000] [--choices 10000] [--rounds 5]

Times go from the press of a key or button to the frame after the rows that answer it are drawn, so a frame of the
screen (16.7 ms at 60 Hz) is in each of them. Goals: 50 ms for a suggestion, 300 ms for opening.
"""

from __future__ import annotations

import argparse
import statistics
import sys
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.frames import FLAGS
from bench.surface import CHROMIUM, site

SUGGESTION_MS, OPENING_MS = 50, 300

LISTEN = """([begins, ends]) => {
  window.took_ = null
  let began = 0
  addEventListener(begins, () => { began = performance.now() }, { capture: true, once: true })
  addEventListener(ends, () => {
    const element = document.querySelector('kite-choices-many, kite-taxonomy')
    const painted = () => { window.took_ = performance.now() - began }
    element.updateComplete.then(() => requestAnimationFrame(() => setTimeout(painted)))
  }, { once: true })
}"""


def took(page: Page) -> float:
    while (ms := page.evaluate("window.took_")) is None:
        page.wait_for_timeout(5)
    return float(ms)


def measured(browser: Browser, address: str, words: list[str], rounds: int) -> dict[str, list[float]]:
    """Milliseconds by what was done; `memory`: megabytes of the page's heap once the panel is open."""
    found: dict[str, list[float]] = {"open": [], "first key": [], "next keys": [], "memory": []}
    for _ in range(rounds):
        page = browser.new_page()
        page.goto(address)
        page.wait_for_selector("html[data-ready]", state="attached", timeout=60_000)
        button = page.locator(".taxonomy-button")
        button.wait_for()
        page.evaluate(LISTEN, ["pointerdown", "click"])
        button.click()
        found["open"].append(took(page))
        for at, letter in enumerate(" ".join(words)):
            page.evaluate(LISTEN, ["keydown", "input"])
            page.keyboard.press(letter if letter != " " else "Space")
            found["next keys" if at else "first key"].append(took(page))
        page.keyboard.press("Control+a")
        page.keyboard.press("Delete")
        session = page.context.new_cdp_session(page)
        session.send("HeapProfiler.collectGarbage")
        found["memory"].append(page.evaluate("performance.memory.usedJSHeapSize") / 1e6)
        page.close()
    return found


def line(what: str, values: list[float], unit: str, goal: float | None) -> str:
    middle, worst = statistics.median(values), max(values)
    said = "" if goal is None else f"   goal {goal:g} {unit}: {'reached' if middle <= goal else 'MISSED'}"
    return f"  {what:<12} median {middle:7.1f} {unit}, worst {worst:7.1f} {unit} of {len(values)}{said}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--nodes", type=int, default=100_000)
    parser.add_argument("--choices", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    with site() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[*FLAGS, "--enable-precise-memory-info"])
        for what, query, words in (
            (f"Taxonomy, {given.nodes:,} nodes", f"case=tree&count={given.nodes}", ["sp", "42"]),
            (f"Choices, {given.choices:,} options", f"case=many&count={given.choices}", ["st", "42"]),
        ):
            print(what)
            found = measured(browser, f"{address}?{query}", words, given.rounds)
            print(line("open", found["open"], "ms", OPENING_MS))
            print(line("first key", found["first key"], "ms", SUGGESTION_MS))
            print(line("next keys", found["next keys"], "ms", SUGGESTION_MS))
            print(line("heap", found["memory"], "MB", None))
        browser.close()


if __name__ == "__main__":
    main()
