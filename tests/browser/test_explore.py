"""The table of all tasks: filters, sorting, counts, search in texts, opening in place; what others do appears."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Running, until
from tests.browser.test_owner_pages import as_owner

CONFIG = (
    '<View><Text name="t" value="$text"/><Choices name="mood" toName="t">'
    '<Choice value="Calm"/><Choice value="Sad"/></Choices></View>'
)
LONG = "A story that is much longer than what the table keeps of a text, so that only the server can look into it. "


def answer(choice: str) -> dict[str, Any]:
    result = {"id": "m", "from_name": "mood", "to_name": "t", "type": "choices", "value": {"choices": [choice]}}
    return {"result": [result], "lead_time": 3}


def project_of(server: Running) -> tuple[str, list[int]]:
    body = {"title": "Stories", "label_config": CONFIG, "maximum_annotations": 1}
    id_ = server.api("POST", "/api/projects", json=body).json()["id"]
    rows = [{"text": f"{LONG}Number {n:03} ends here.", "city": ("Oslo", "Rome")[n % 2], "size": n} for n in range(300)]
    made = server.api("POST", f"/api/projects/{id_}/import?return_task_ids=true", json=[{"data": row} for row in rows])
    ids: list[int] = made.json()["task_ids"]
    for n in range(20):
        server.api("POST", f"/api/tasks/{ids[n]}/annotations", json=answer("Calm" if n < 15 else "Sad"))
    return str(id_), ids


def titles(page: Page) -> list[str]:
    found: list[str] = page.evaluate("[...document.querySelectorAll('.ex-table tbody tr')].map(row => row.id)")
    return found


def table_of(server: Running, person: Callable[..., Any], project: int) -> Page:
    page = as_owner(server, person)
    page.goto(f"{server.url}/projects/{project}/explore")
    return page


def test_an_owner_filters_sorts_searches_and_opens_tasks(
    server: Running, person: Callable[..., Any], shot: Callable[[Page, str], None]
) -> None:
    project, ids = project_of(server)
    page = table_of(server, person, project)
    found = page.locator(".ex-found")
    expect(found).to_have_text("300", timeout=120_000)
    expect(page.locator(".ex-bars").first).to_contain_text("Waiting")

    page.get_by_role("button", name="Agreed 20").click()
    expect(found).to_have_text("20")
    page.get_by_role("button", name="mood: Sad 5").click()
    expect(found).to_have_text("5")
    expect(page.locator(".ex-tests")).to_contain_text("State is Agreed")
    page.get_by_role("button", name="Clear all").click()
    expect(found).to_have_text("300")

    page.get_by_role("button", name="#", exact=True).click()
    page.get_by_role("button", name="#", exact=True).click()
    until(page, f"document.querySelector('.ex-table tbody tr')?.id === 'ex-{ids[299]}'")
    box = page.locator(".ex-box")
    box.focus()
    page.keyboard.press("End")
    until(page, f"!!document.querySelector('#ex-{ids[0]}.is-at')")
    page.keyboard.press("Home")
    until(page, f"!!document.querySelector('#ex-{ids[299]}.is-at')")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    expect(page.get_by_role("toolbar")).to_contain_text("2 tasks selected")
    for id_ in ids[298:]:
        expect(page.locator(f"#ex-{id_}")).to_have_attribute("aria-selected", "true")
        expect(page.locator(f"#ex-{id_} input")).to_be_checked()
    page.keyboard.press("Home")
    shot(page, "explore")

    page.keyboard.press("Enter")
    task = page.get_by_role("dialog", name="Task 300")
    expect(task).to_contain_text("Number 299")
    page.keyboard.press("j")
    expect(page.get_by_role("dialog", name="Task 299")).to_contain_text("Number 298")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)

    page.get_by_label("Search in the data").fill("number 12")
    expect(found).to_have_text("10")
    expect(page.locator(".ex-status")).not_to_contain_text("Searching")
    page.get_by_label("Search in the data").fill("")
    expect(found).to_have_text("300")

    page.get_by_role("button", name="Agreed 20").click()
    expect(found).to_have_text("20")
    server.api("POST", f"/api/tasks/{ids[50]}/annotations", json=answer("Sad"))
    expect(found).to_have_text("21")  # within seconds, by itself

    page.get_by_role("button", name="Save view …").click()
    page.get_by_label("Name").fill("Done")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_label("Saved view")).to_contain_text("Done")
    page.reload()
    expect(found).to_have_text("21", timeout=120_000)  # the address has the filter


FAULT = '{"problems": [{"code": "fault", "message": "Not now.", "where": "", "hint": ""}]}'


@pytest.mark.complaints_expected
def test_one_retry_is_enough_and_what_is_closed_leads_on(server: Running, person: Callable[..., Any]) -> None:
    project, _ = project_of(server)
    page = person().page
    page.goto(server.owner_link)
    page.wait_for_url("**/projects")

    def answer_with(status: int) -> None:
        page.unroute("**/api/**")
        if status:
            page.route(
                "**/api/**", lambda route: route.fulfill(status=status, content_type="application/json", body=FAULT)
            )

    answer_with(500)
    page.goto(f"{server.url}/projects/{project}/explore")
    again = page.get_by_role("button", name="Try again")
    expect(again).to_have_count(1)
    answer_with(0)
    again.click()
    expect(page.locator(".ex-found")).to_have_text("300", timeout=120_000)
    for status in (500, 403):
        answer_with(status)
        alert = page.get_by_role("alert")
        expect(alert).to_contain_text("The table is not up to date.")
        if status == 403:  # asking again would not help
            expect(alert.get_by_role("link", name="All projects")).to_have_attribute("href", "/projects")
            expect(again).to_have_count(0)
        answer_with(0)
        expect(alert).to_have_count(0)  # by itself, as soon as the server answers
        expect(page.locator(".topbar [role=status]")).to_have_count(0)


def test_a_change_to_many_tasks_is_undone_by_keyboard_and_spares_what_others_did(
    server: Running, person: Callable[..., Any], shot: Callable[[Page, str], None]
) -> None:
    project, ids = project_of(server)
    page = table_of(server, person, project)
    expect(page.locator(".ex-found")).to_have_text("300", timeout=120_000)
    page.locator(".ex-box").focus()
    page.keyboard.press("Control+a")
    page.get_by_role("button", name="Priority …").click()
    page.get_by_role("spinbutton").fill("7")
    page.keyboard.press("Enter")
    bar = page.locator("kite-explore-undo")
    expect(bar).to_contain_text("300 tasks got priority 7.")
    expect(bar.get_by_role("button", name="Undo")).to_be_focused()
    shot(page, "explore-undo")
    server.api("PUT", f"/api/tasks/{ids[4]}/priority", json={"priority": 2})
    server.api("DELETE", f"/api/tasks/{ids[5]}")
    page.reload()
    expect(bar).to_contain_text("300 tasks got priority 7.")
    page.keyboard.press("Control+z")
    expect(bar).to_contain_text("298 tasks are as before; 1 was changed since and left alone; 1 is no longer there.")
    expect(bar.get_by_role("button", name="Undo")).to_have_count(0)
    bar.get_by_role("button", name="Close").press("Enter")
    expect(page.locator(".ex-box")).to_be_focused()
    expect(bar).to_be_hidden()


def test_filters_stand_in_groups_and_views_keep_them(
    server: Running, person: Callable[..., Any], shot: Callable[[Page, str], None]
) -> None:
    project, _ = project_of(server)
    page = table_of(server, person, project)
    found = page.locator(".ex-found")
    expect(found).to_have_text("300", timeout=120_000)

    def add(column: str, operator: str, value: str) -> None:
        page.get_by_label("Column", exact=True).select_option(column)
        page.get_by_label("How", exact=True).select_option(operator)
        page.get_by_label("Value", exact=True).fill(value)
        page.get_by_role("button", name="Add", exact=True).press("Enter")

    page.keyboard.press("f")
    add("data.city", "equal", "Oslo")
    expect(found).to_have_text("150")
    page.keyboard.press("f")
    page.get_by_label("Where to").select_option("in a new group")
    add("data.size", "less", "10")
    expect(found).to_have_text("5")
    page.get_by_role("button", name="Add a filter to group 1").press("Enter")
    shot(page, "explore-groups")
    add("data.size", "greater", "289")
    expect(found).to_have_text("10")
    sentence = page.get_by_text("Tasks where city is Oslo and (size is less than 10 or size is more than 289).")
    expect(sentence).to_be_visible()
    page.get_by_role("button", name="Save view …").click()
    page.get_by_label("Name").fill("Both ends")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_label("Saved view")).to_contain_text("Both ends")
    page.get_by_role("button", name="Tasks match any of group 1; change").click()
    expect(found).to_have_text("0")
    page.get_by_role("button", name="Clear all").click()
    expect(found).to_have_text("300")
    page.get_by_label("Saved view").select_option("Both ends")
    expect(found).to_have_text("10")
    page.reload()
    expect(sentence).to_be_visible(timeout=120_000)
    expect(found).to_have_text("10")
    for words in ("size is less than 10", "size is more than 289"):
        page.get_by_role("button", name=f"Remove the filter {words} from group 1").click()
    expect(found).to_have_text("150")
