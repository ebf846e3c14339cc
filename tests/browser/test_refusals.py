"""What the server says no to comes back to the person, with the reason, and can be mended."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from .conftest import Person, Running, join, python_ready, until
from .test_two_annotators import PICTURE, make_project, saved

pytestmark = pytest.mark.browser


@pytest.mark.complaints_expected
def test_a_correction_of_a_newer_version_comes_back_and_is_not_lost(
    server: Running, person: Callable[..., Person], shot: Callable[[Page, str], None]
) -> None:
    """Ana corrects a task whose annotation has been changed from elsewhere since she opened it."""
    tasks = [{"image": PICTURE, "caption": "Eight."}, {"image": PICTURE, "caption": "Nine."}]
    project, link = make_project(server, "Changed meanwhile", tasks)
    ana = person()
    page = ana.page
    join(page, link, "Ana")
    python_ready(page)
    page.get_by_role("radio", name="Calm").check()
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("Nine.")).to_be_visible()
    saved(page)
    page.get_by_role("button", name="Back").click()
    expect(page.get_by_text("Eight.")).to_be_visible()
    annotation = server.api("GET", f"/api/projects/{project}/export?exportType=JSON").json()[0]["annotations"][0]
    # The same person from another browser: same session cookie, a newer version.
    changed = page.evaluate(
        """async ([id, result]) => (await fetch(`/api/annotations/${id}`, {method: 'PATCH',
           headers: {'Content-Type': 'application/json'}, body: JSON.stringify({result, version: 1})})).status""",
        [annotation["id"], annotation["result"]],
    )
    assert changed == 200
    page.get_by_role("radio", name="Busy").check()
    page.get_by_role("button", name="Update").click()
    expect(page.get_by_text("changed meanwhile").first).to_be_visible()
    shot(page, "label-refused")
    page.get_by_role("button", name="Open it").click()
    expect(page.get_by_text("Eight.")).to_be_visible()
    expect(page.get_by_role("radio", name="Busy")).to_be_checked()
    page.get_by_role("button", name="Update").click()
    expect(page.get_by_text("Nine.")).to_be_visible()
    saved(page)
    exported = server.api("GET", f"/api/projects/{project}/export?exportType=JSON").json()
    latest = next(task for task in exported if task["data"]["caption"] == "Eight.")["annotations"][0]
    assert latest["result"][0]["value"] == {"choices": ["Busy"]}


def test_the_page_follows_a_config_that_the_owner_changes(server: Running, person: Callable[..., Person]) -> None:
    config = '<View><Text name="t" value="$caption"/><Choices name="c" toName="t"><Choice value="{}"/></Choices></View>'
    tasks = [{"caption": f"Number {n}."} for n in range(4)]
    project, link = make_project(server, "New config", tasks, config.format("Old"))
    ana = person()
    page = ana.page
    join(page, link, "Ana")
    python_ready(page)
    changed = server.api("PATCH", f"/api/projects/{project}", json={"label_config": config.format("New")})
    assert changed.status_code == 200
    for left in (3, 2, 1, 0):
        task = page.evaluate("document.querySelector('kite-surface').task")
        page.get_by_role("radio").check()
        page.keyboard.press("Control+Enter")
        another = f"![undefined, {task}].includes(document.querySelector('kite-surface')?.task)"
        until(page, another if left else "!document.querySelector('kite-surface')")  # it may take a moment to come
    expect(page.get_by_role("heading", name="All done")).to_be_visible()
    saved(page)
    exported = server.api("GET", f"/api/projects/{project}/export?exportType=JSON").json()
    made = [task["annotations"][0] for task in exported]
    # What was begun before the change is taken with its config; "Old" has no place in the new one and stays beside it.
    rows = [row for one in made for row in (*one["result"], *(orphan["result"] for orphan in one.get("orphans", ())))]
    said = [row["value"]["choices"][0] for row in rows]
    assert len(said) == 4
    assert "New" in said
