"""A config's own rules in front of an annotator: errors stop a submit, warnings are told once."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from .conftest import Person, Running, join, python_ready
from .test_two_annotators import make_project, saved

pytestmark = pytest.mark.browser

CONFIG = """<View>
  <Question name="who" toName="text" value="$question" unanswerable="true" required="true"/>
  <Text name="text" value="$text"/>
  <Header value="How sure are you?"/>
  <Rating name="sure" toName="text"/>
  <Rules><Rule for="sure" min="3" severity="warning" message="You are not sure: is there really no answer?"/></Rules>
</View>"""


def test_an_error_stops_a_submit_and_a_warning_is_told_once(
    server: Running, person: Callable[..., Person], shot: Callable[[Page, str], None]
) -> None:
    tasks = [{"text": f"Text {n}: it rained.", "question": f"Who wrote text {n}?"} for n in (1, 2)]
    project, link = make_project(server, "Rules", tasks, CONFIG)
    page = person().page
    join(page, link, "Ana")
    python_ready(page)
    expect(page.get_by_text("Who wrote text 1?").first).to_be_visible()
    page.get_by_role("button", name="Submit").click()
    expect(page.get_by_text("mark the answer in the text, or pick “Not answerable”").first).to_be_visible()
    page.get_by_role("radio", name="Not answerable").or_(page.get_by_role("checkbox", name="Not answerable")).check()
    page.get_by_role("radio", name="2", exact=False).first.click()
    page.get_by_role("button", name="Submit").click()
    expect(page.get_by_text("You are not sure: is there really no answer?").first).to_be_visible()
    expect(page.get_by_text("One thing to look at once more")).to_be_visible()
    shot(page, "label-warning")
    expect(page.get_by_text("Text 1: it rained.").first).to_be_visible()
    page.get_by_role("button", name="Submit").click()
    expect(page.get_by_text("Who wrote text 2?").first).to_be_visible()
    saved(page)
    exported = server.api("GET", f"/api/projects/{project}/export?exportType=JSON").json()
    results = {row["from_name"]: row["value"] for row in exported[0]["annotations"][0]["result"]}
    assert results == {"who_none": {"choices": ["Not answerable"]}, "sure": {"rating": 2}}
