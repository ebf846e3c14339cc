"""What an owner writes for those who label: Markdown, cleaned."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from .conftest import Person, Running, join
from .test_review import CONFIG

pytestmark = pytest.mark.browser

WORDS = """## What to mark
Every **cup**
and every spoon.

1. Not the table
2. Not [this](https://example.com/why)

<img src="x" onerror="document.title='gone wrong'"><script>document.title='gone wrong'</script>
snake_case_stays
"""


def test_instructions_are_read_as_markdown_where_people_join_and_where_they_label(
    server: Running, person: Callable[..., Person]
) -> None:
    made = {"title": "Cups", "label_config": CONFIG, "expert_instruction": WORDS}
    project = server.api("POST", "/api/projects", json=made).json()["id"]
    server.api("POST", f"/api/projects/{project}/import", json=[{"image": "https://example.com/cup.jpg"}])
    link = server.api("POST", f"/api/projects/{project}/invites", json={"role": "annotator"}).json()["url"]
    ana = person()
    page = ana.open()
    page.goto(link)
    words = page.locator(".join-instructions")
    expect(words.get_by_role("heading", name="What to mark")).to_be_visible()
    expect(words.get_by_role("listitem")).to_have_count(2)
    expect(words.locator("strong")).to_have_text("cup")
    expect(words.locator("p").first.locator("br")).to_have_count(1)
    expect(words.get_by_role("link", name="this")).to_have_attribute("rel", "noopener noreferrer")
    expect(words).to_contain_text("snake_case_stays")
    join(page, link, "Ana")
    page.get_by_role("button", name="Instructions").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("heading", name="What to mark")).to_be_visible()
    expect(dialog.locator("script")).to_have_count(0)
    expect(dialog.locator("[onerror]")).to_have_count(0)
    assert "gone wrong" not in page.title()
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    ana.complaints.clear()  # the pictures are not there
