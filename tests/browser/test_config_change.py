"""An owner changes the config of a project that has answers: sees what happens, maps a name, goes back."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from .conftest import Person, Running
from .test_owner_pages import PYTHON_MS, answer, as_owner, make_project

pytestmark = pytest.mark.browser

BOX = {
    "id": "b1",
    "from_name": "thing",
    "to_name": "photo",
    "type": "rectanglelabels",
    "original_width": 640,
    "original_height": 480,
    "image_rotation": 0,
    "value": {"x": 10, "y": 10, "width": 20, "height": 20, "rotation": 0, "rectanglelabels": ["Sign"]},
}
SUN = {"id": "w1", "from_name": "weather", "to_name": "photo", "type": "choices", "value": {"choices": ["Sun"]}}


@pytest.fixture
def answered(server: Running) -> tuple[int, int]:
    """A project with one answer, a sign in the sun: its number and the task's."""
    project = make_project(server, "Street", [{"data": {"image": "/samples/street.svg"}}])
    return project, answer(server, project, "Ana", [BOX, SUN])


def write(page: Page, old: str, new: str) -> None:
    """Replace a text in the config, as somebody who pastes does."""
    editor = page.locator("kite-code[language=xml] .cm-content")
    source = page.evaluate("document.querySelector('kite-config-editor').value")
    assert old in source
    editor.click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(source.replace(old, new))


def test_names_are_mapped_before_the_config_is_saved(
    server: Running, person: Callable[..., Person], answered: tuple[int, int], shot: Callable[[Page, str], None]
) -> None:
    project, task = answered
    page = as_owner(server, person)
    page.goto(f"{server.url}/projects/{project}/settings")
    expect(page.locator("kite-config-editor kite-surface")).to_be_visible(timeout=PYTHON_MS)
    write(page, '"Sign"', '"Notice"')
    page.get_by_role("button", name="Save changes").click()
    dialog = page.get_by_role("dialog", name="What happens to the answers that are there")
    expect(dialog).to_contain_text("1 set aside")
    save = dialog.get_by_role("button", name="Save this config")
    expect(save).to_be_disabled()
    shot(page, "owner-config-change")
    dialog.get_by_label("What Sign becomes").select_option("Notice")
    expect(dialog).to_contain_text("1 renamed")
    expect(dialog).to_contain_text("0 set aside")
    dialog.get_by_label("Note").fill("Notices, not signs")
    save.click()
    expect(page.locator(".ow-foot .ow-good")).to_be_visible()
    shown = server.api("GET", f"/api/tasks/{task}/answers").json()["annotations"][0]["view"]
    assert [region["labels"] for region in shown["regions"].values()] == [["Notice"]]
    page.get_by_text("Versions of the config").click()
    expect(page.locator("kite-config-history")).to_contain_text("Notices, not signs")


def test_what_is_set_aside_needs_consent_and_comes_back(
    server: Running, person: Callable[..., Person], answered: tuple[int, int], shot: Callable[[Page, str], None]
) -> None:
    project, task = answered
    page = as_owner(server, person)
    page.goto(f"{server.url}/projects/{project}/settings")
    expect(page.locator("kite-config-editor kite-surface")).to_be_visible(timeout=PYTHON_MS)
    write(page, '<Label value="Sign"/>', "")
    page.get_by_role("button", name="Save changes").click()
    dialog = page.get_by_role("dialog", name="What happens to the answers that are there")
    dialog.get_by_label("Set 1 result aside").check()
    dialog.get_by_role("button", name="Save this config").click()
    expect(page.locator(".ow-foot .ow-good")).to_be_visible()
    assert server.api("GET", f"/api/tasks/{task}/answers").json()["annotations"][0]["view"]["regions"] == {}

    page.get_by_text("Versions of the config").click()
    history = page.locator("kite-config-history")
    history.get_by_role("button", name="Look").last.click()
    expect(history.locator("pre")).to_contain_text("Sign")
    shot(page, "owner-config-versions")
    history.get_by_role("button", name="Go back to it").click()
    page.get_by_role("button", name="Save changes").click()
    if dialog.is_visible():
        dialog.get_by_role("button", name="Save this config").click()
    expect(history.locator("tbody tr").first).to_contain_text("the same as 1")
    view = server.api("GET", f"/api/tasks/{task}/answers").json()["annotations"][0]["view"]
    assert [region["labels"] for region in view["regions"].values()] == [["Sign"]]


def test_the_dialog_can_be_left_without_a_trace(
    server: Running, person: Callable[..., Person], answered: tuple[int, int]
) -> None:
    project, _ = answered
    page = as_owner(server, person)
    page.goto(f"{server.url}/projects/{project}/settings")
    expect(page.locator("kite-config-editor kite-surface")).to_be_visible(timeout=PYTHON_MS)
    write(page, '"Sun"', '"Bright"')
    page.get_by_role("button", name="Save changes").click()
    dialog = page.get_by_role("dialog", name="What happens to the answers that are there")
    expect(dialog).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(page.get_by_role("button", name="Save changes")).to_be_enabled()
    assert server.api("GET", f"/api/projects/{project}").json()["config_version"] == 1
