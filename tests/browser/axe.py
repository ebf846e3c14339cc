"""axe-core on a page: what people with a screen reader, or without a mouse, could not use."""

from __future__ import annotations

import json
from typing import Any

from playwright.sync_api import Page

from .conftest import ROOT

AXE = ROOT / "web" / "node_modules" / "axe-core" / "axe.min.js"
GRAVE = ("serious", "critical")


def violations(page: Page, where: str = "document") -> list[str]:
    """
    What is serious or critical, one line each; the page's policy does not keep the debugger out.

    Args:
        where: a CSS selector; only what is inside is looked at.
    """
    session = page.context.new_cdp_session(page)
    scope = "document" if where == "document" else f"document.querySelector({json.dumps(where)})"
    run = f"axe.run({scope}, {{resultTypes: ['violations']}}).then((found) => JSON.stringify(found.violations))"
    session.send("Runtime.evaluate", {"expression": AXE.read_text()})
    said = session.send("Runtime.evaluate", {"expression": run, "awaitPromise": True, "returnByValue": True})
    session.detach()
    found: list[dict[str, Any]] = json.loads(said["result"]["value"])
    return [
        f"{one['id']} ({one['impact']}): {one['help']}: {'; '.join(node['html'][:120] for node in one['nodes'][:3])}"
        for one in found
        if one["impact"] in GRAVE
    ]


def assert_usable(page: Page, where: str = "document") -> None:
    found = violations(page, where)
    assert not found, "\n".join(found)
