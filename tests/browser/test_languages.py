"""The pages of an annotator in Arabic, written from right to left: the same work gives the same result."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from .axe import assert_usable
from .conftest import Person, Running, python_ready, until
from .test_by_hand import BOXES, STAGE, SURFACE
from .test_two_annotators import PICTURE, make_project

pytestmark = pytest.mark.browser

PAGE = "() => [document.documentElement.lang, document.documentElement.dir]"


def settled(page: Page) -> None:
    until(page, f"{SURFACE}.pending.length === 0")


def label(page: Page) -> None:
    """By keyboard alone: a box from the middle of the picture, three stars."""
    until(page, f"!!{SURFACE}")
    page.evaluate(f"{SURFACE}.ready.then(() => true)")
    page.keyboard.press("2")
    settled(page)
    page.locator(STAGE).focus()
    page.keyboard.press("Enter")
    for key in [*["ArrowRight"] * 4, *["ArrowDown"] * 3]:
        page.keyboard.press(f"Shift+{key}")
    page.keyboard.press("Enter")
    until(page, f"{SURFACE}.view.count === 1 || Object.keys({SURFACE}.view.regions).length === 1")
    settled(page)


def without_ids(result: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{name: value for name, value in row.items() if name != "id"} for row in result]


def test_work_in_arabic_gives_the_result_of_work_in_english(
    server: Running, person: Callable[..., Person], shot: Callable[[Page, str], None]
) -> None:
    project, link = make_project(server, "Two languages", [{"image": PICTURE}, {"image": PICTURE}], BOXES)
    page = person().page
    page.goto(link)
    page.get_by_role("button", name="العربية").click()
    expect(page.get_by_role("button", name="بدء التوسيم")).to_be_visible()
    assert page.evaluate(PAGE) == ["ar", "rtl"]
    shot(page, "join-arabic")
    page.get_by_label("اسمك").fill("سلمى")
    page.get_by_role("button", name="بدء التوسيم").click()
    python_ready(page)
    label(page)
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("alert")).to_contain_text("أمر واحد ناقص قبل الإرسال")
    expect(page.get_by_role("alert")).to_contain_text("يحتاج إلى إجابة")  # the engine's own sentence
    shot(page, "label-arabic")
    assert_usable(page)
    page.get_by_role("radio", name="Outdoors").check()
    page.keyboard.press("?")
    expect(page.get_by_role("heading", name="المفاتيح")).to_be_visible()
    shot(page, "keys-arabic")
    page.keyboard.press("Escape")
    first = page.evaluate(f"{SURFACE}.task")
    page.keyboard.press("Control+Enter")
    until(page, f"{SURFACE} && {SURFACE}.task !== {first}")

    page.get_by_role("button", name="التفضيلات").click()
    shot(page, "preferences-arabic")
    page.get_by_label("اللغة").select_option("en")
    expect(page.get_by_role("button", name="Submit")).to_be_visible()
    assert page.evaluate(PAGE) == ["en", ""]
    python_ready(page)
    label(page)
    page.get_by_role("radio", name="Outdoors").check()
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("All done")).to_be_visible()

    def stored() -> list[list[dict[str, Any]]]:
        tasks = server.api("GET", f"/api/projects/{project}/export?exportType=JSON").json()
        return [without_ids(task["annotations"][0]["result"]) for task in tasks]

    arabic, english = stored()
    assert arabic == english
    assert {row["type"] for row in arabic} == {"rectanglelabels", "choices"}
