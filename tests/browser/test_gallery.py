"""The gallery in real Chromium: found, tried, used; every template shows its sample without a word on the console."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from config_compiler.templates import Template, groups

from .conftest import Person, Running, until

pytestmark = pytest.mark.browser

FOLLOW = """(href) => {
  const link = Object.assign(document.createElement('a'), { href })
  document.body.append(link)
  link.click()
  link.remove()
}"""
ALL = [template for group in groups() for template in group.templates]
PYTHON_MS = 90_000


@pytest.fixture(scope="module")
def gallery_page(browser, server: Running):  # type: ignore[no-untyped-def]
    """One page for all templates: the author engine starts once in it."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    page.goto(f"{server.url}/templates")
    expect(page.get_by_role("heading", name="Templates")).to_be_visible()
    yield page
    context.close()


def test_a_person_searches_tries_and_uses_a_template(server: Running, person: Callable[..., Person]) -> None:
    page = person().page
    page.goto(server.owner_link)
    page.wait_for_url("**/projects")
    page.goto(f"{server.url}/templates")
    search = page.get_by_role("searchbox")
    expect(page.locator(".gl-card")).to_have_count(len(ALL))
    search.fill("question passage")
    expect(page.locator(".gl-card")).to_have_count(1)
    page.keyboard.press("Tab")
    page.locator(".gl-card").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/templates/reading-comprehension")
    expect(page.locator("kite-surface")).to_contain_text("lighthouse", timeout=PYTHON_MS)
    page.get_by_role("link", name="Use this template").click()
    page.wait_for_url("**/projects/new?template=reading-comprehension")
    expect(page.get_by_role("group", name="Start from")).to_contain_text("Reading comprehension")
    expect(page.locator("kite-config-editor kite-surface")).to_contain_text("lighthouse", timeout=PYTHON_MS)


def test_a_search_that_finds_nothing_says_so(server: Running, person: Callable[..., Person]) -> None:
    page = person().page
    page.goto(f"{server.url}/templates")
    page.get_by_role("searchbox").fill("zebra crossing")
    expect(page.get_by_text("No template fits")).to_be_visible()
    page.get_by_role("button", name="Show all").click()
    expect(page.locator(".gl-card")).to_have_count(len(ALL))


def test_the_new_project_page_takes_another_template_and_back(server: Running, person: Callable[..., Person]) -> None:
    page = person().page
    page.goto(server.owner_link)
    page.wait_for_url("**/projects")
    page.goto(f"{server.url}/projects/new")
    page.get_by_role("button", name="Browse").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.locator(".gl-card").first).to_be_visible()
    dialog.get_by_role("button", name="Audio 7").click()
    dialog.get_by_role("button", name="Transcribe speech").click()
    expect(dialog).to_be_hidden()
    start = page.get_by_role("group", name="Start from")
    expect(start).to_contain_text("Transcribe speech")
    page.get_by_role("button", name="Undo the change of template").click()
    expect(start).to_contain_text("Boxes on photos")


def test_a_template_that_is_not_there_says_so(server: Running, person: Callable[..., Person]) -> None:
    page = person().page
    page.goto(f"{server.url}/templates/no-such-template")
    expect(page.get_by_role("alert")).to_contain_text("no-such-template")


@pytest.mark.parametrize("template", ALL, ids=[template.id for template in ALL])
def test_shows_its_sample_without_a_complaint(gallery_page: Page, template: Template) -> None:
    page = gallery_page
    complaints: list[str] = []

    def heard(message: object) -> None:
        if getattr(message, "type", "") == "error":
            complaints.append(str(getattr(message, "text", "")))

    page.on("console", heard)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    # Within the site, so that the engine stays: as a click on the card does.
    page.evaluate(FOLLOW, f"/templates/{template.id}")
    place = "document.querySelector('kite-template-page')"
    until(page, f"{place}?.name === '{template.id}' && {place}.dataset.ready === 'yes'", timeout_s=90)
    surface = page.locator("kite-surface")
    expect(surface).to_be_visible()
    assert page.get_by_role("alert").count() == 0
    assert surface.locator("kite-placeholder").count() == 0, surface.locator("kite-placeholder").all_inner_texts()
    assert complaints == []
