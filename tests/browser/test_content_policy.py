"""The page's policy (CSP) with Python at work: nothing of ours violates it, and what others wrote runs nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from .conftest import Person, Running, join, python_ready, until

pytestmark = pytest.mark.browser

COUNT = """
window.__violations = []
document.addEventListener('securitypolicyviolation', (event) => {
  window.__violations.push(`${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`)
})
"""
HOSTILE = '"\'><img src=x onerror="window.__ran=1"><script>window.__ran=2</script>{{7*7}}${window.__ran=3}<b>bold</b>'
CONFIG = (
    '<View><Header value="$head"/><Text name="t" value="$text"/><HyperText name="h" value="$page"/>'
    '<Choices name="mood" toName="t"><Choice value="Calm"/>'
    '<Choice value="&lt;img src=x onerror=window.__ran=4&gt;" alias="odd"/></Choices>'
    '<TextArea name="note" toName="t" maxSubmissions="1"/></View>'
)
PAGES = (
    "projects/{}",
    "projects/{}/people",
    "projects/{}/report",
    "projects/{}/settings",
    "projects/{}/export",
    "projects/{}/data",
    "review/{}",
)


def watched(made: Person) -> Person:
    made.context.add_init_script(COUNT)
    return made


def violations(page: Page) -> list[str]:
    found: list[str] = page.evaluate("window.__violations")
    return found


def project_of(server: Running, title: str, rows: list[dict[str, Any]]) -> tuple[int, str]:
    made = server.api("POST", "/api/projects", json={"title": title, "label_config": CONFIG, "maximum_annotations": 1})
    assert made.status_code == 201, made.text
    id_ = made.json()["id"]
    imported = server.api("POST", f"/api/projects/{id_}/import", json=[{"data": row} for row in rows])
    assert imported.json()["task_count"] == len(rows), imported.text
    invite = server.api("POST", f"/api/projects/{id_}/invites", json={}).json()["url"]
    return id_, invite


def rows(text: str) -> list[dict[str, Any]]:
    page = f"<p>{text}</p><style>@import 'https://example.org/x.css'; p {{ color: red }}</style>"
    return [{"text": f"{text} {n}", "head": text, "page": page, "size": n} for n in range(3)]


def submitted(page: Page) -> None:
    """Submit, and wait for the next task."""
    task = page.evaluate("document.querySelector('kite-surface').task")
    page.keyboard.press("Control+Enter")
    until(page, f"![{task}, undefined].includes(document.querySelector('kite-surface')?.task)")


def test_the_counter_counts(server: Running, browser: Any) -> None:
    """A violation on purpose, so that none below means none."""
    context = browser.new_context()
    page = watched(Person(context)).page
    page.goto(server.url)
    page.evaluate(
        "document.body.append(Object.assign(document.createElement('script'), {textContent: 'window.__ran = 1'}))"
    )
    until(page, "window.__violations.length > 0")
    assert violations(page)[0].startswith("script-src")
    assert page.evaluate("window.__ran") is None
    context.close()


def test_no_page_violates_its_policy_with_python_running(server: Running, person: Callable[..., Person]) -> None:
    """Labeling, the editor with its preview, Explore and the owner's other pages, each with its worker at work."""
    id_, invite = project_of(server, "Policy", rows("Plain words"))
    labeling = watched(person()).page
    join(labeling, invite, "Ana")
    python_ready(labeling)
    labeling.get_by_role("radio", name="Calm").check()
    submitted(labeling)
    python = "crossOriginIsolated === false && performance.getEntriesByName('kite-python-annotate').length > 0"
    assert labeling.evaluate(python)
    assert violations(labeling) == []

    owner = watched(person()).page
    owner.goto(server.owner_link)
    owner.wait_for_url("**/projects")
    owner.goto(f"{server.url}/projects/new")
    expect(owner.locator("kite-surface")).to_be_attached(timeout=90_000)
    expect(owner.locator(".ce-status")).to_contain_text("no problems")
    assert violations(owner) == []

    owner.goto(f"{server.url}/projects/{id_}/explore")
    expect(owner.locator(".ex-found")).to_have_text("3", timeout=120_000)
    owner.get_by_role("button", name="mood: Calm 1").click()
    expect(owner.locator(".ex-found")).to_have_text("1")
    assert violations(owner) == []

    for path in PAGES:
        owner.goto(f"{server.url}/{path.format(id_)}")
        expect(owner.locator("h1").first).to_be_visible()
        owner.wait_for_load_state("networkidle")
        assert violations(owner) == [], path


@pytest.mark.complaints_expected  # the picture that a hostile HyperText names is not there
def test_hostile_words_are_words_everywhere(server: Running, person: Callable[..., Person]) -> None:
    """In a title, a name, data, a choice, an answer and a comment: shown as they are, and nothing of them runs."""
    id_, invite = project_of(server, HOSTILE, rows(HOSTILE))
    labeling = watched(person())
    join(labeling.page, invite, HOSTILE[:60])
    python_ready(labeling.page)
    page = labeling.page
    expect(page.locator("kite-text").first).to_contain_text("<script>window.__ran=2</script>")
    assert page.evaluate("document.querySelectorAll('img[src=x]').length") == 0
    page.get_by_role("radio", name="<img").check()
    page.get_by_role("textbox").first.fill(HOSTILE)
    submitted(page)

    owner = watched(person())
    owner.page.goto(server.owner_link)
    owner.page.wait_for_url("**/projects")
    expect(owner.page.locator("main")).to_contain_text("<script>window.__ran=2</script>")
    for path in PAGES:
        owner.page.goto(f"{server.url}/{path.format(id_)}")
        expect(owner.page.locator("h1").first).to_be_visible()
        owner.page.wait_for_load_state("networkidle")
        ran = owner.page.evaluate("[window.__ran ?? null, document.querySelectorAll('img[src=x]').length]")
        assert ran == [None, 0], path
    owner.page.goto(f"{server.url}/projects/{id_}/explore")
    expect(owner.page.locator(".ex-found")).to_have_text("3", timeout=120_000)
    expect(owner.page.locator(".ex-table")).to_contain_text("<script>window.__ran=2</script>")
    assert owner.page.evaluate("window.__ran ?? null") is None
    assert page.evaluate("window.__ran ?? null") is None
    assert not [text for text in (*owner.complaints, *labeling.complaints) if "Content Security Policy" in text]
