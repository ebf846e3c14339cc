"""The list of a project's people when it is long, and the page of one person."""

from __future__ import annotations

import re
from collections.abc import Callable

import httpx
import pytest
from playwright.sync_api import Page, expect

from .axe import assert_usable
from .conftest import Person, Running
from .test_owner_pages import as_owner
from .test_review import Member, make_project, mood

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def crowd(server: Running) -> tuple[int, int]:
    """A project of 130 people, one of whom has answered once and holds the next task; its id and theirs."""
    project, _ = make_project(server, "Crowd", 3, maximum_annotations=2)
    invite = server.api("POST", f"/api/projects/{project}/invites", json={"role": "annotator", "days": 1}).json()
    for n in range(129):
        name = "لجنة المراجعة الطويلة الاسم جدا" if n == 7 else f"Person of the crowd {n}"
        said = httpx.post(
            f"{server.url}/api/session",
            json={"invite": invite["token"], "name": name},
            headers={"Origin": server.url},
            timeout=60,
        )
        assert said.status_code == 201, said.text
    ana = Member(server, project, "Ana")
    ana.submit([mood("a1", "Calm")])
    return project, ana.id


def names(page: Page) -> list[str]:
    return page.locator("kite-people-list a[data-row]").all_inner_texts()


def test_a_long_list_is_searched_filtered_and_sorted(
    server: Running, person: Callable[..., Person], crowd: tuple[int, int], shot: Callable[[Page, str], None]
) -> None:
    project, _ = crowd
    page = as_owner(server, person)
    page.goto(f"{server.url}/projects/{project}/people")
    expect(page.get_by_role("button", name="Show 30 more")).to_be_visible()
    page.get_by_role("button", name="7 days", exact=True).click()
    expect(page.get_by_role("columnheader", name="7 days")).to_have_attribute("aria-sort", "descending")
    assert names(page)[0] == "Ana"
    row = page.get_by_role("row").filter(has=page.get_by_role("link", name="Ana", exact=True))
    expect(row.get_by_role("cell").nth(6)).to_have_text("1")  # answers
    expect(row.get_by_role("cell").nth(7)).to_have_text("1")  # today
    shot(page, "people-long")
    page.keyboard.press("/")
    search = page.get_by_role("searchbox", name="Search people")
    expect(search).to_be_focused()
    search.fill("crowd 12")
    expect(page.get_by_text("10 of 130 people")).to_be_visible()
    assert set(names(page)) == {f"Person of the crowd {n}" for n in (12, *range(120, 129))}
    search.fill("nobody of this name")
    page.get_by_role("button", name="Show all").click()
    expect(page.get_by_text("130 people", exact=True)).to_be_visible()
    assert_usable(page)


def test_several_are_put_into_a_group_and_paused_at_once(
    server: Running, person: Callable[..., Person], crowd: tuple[int, int]
) -> None:
    project, _ = crowd
    page = as_owner(server, person)
    page.goto(f"{server.url}/projects/{project}/people")
    page.get_by_role("searchbox", name="Search people").fill("crowd 11")
    page.get_by_label("Tick all 11 that are found").check()
    bar = page.get_by_role("group", name="For those who are ticked")
    bar.get_by_role("button", name="Groups …").click()
    page.keyboard.press("Escape")
    expect(bar.get_by_role("button", name="Groups …")).to_be_focused()
    page.keyboard.press("Enter")
    page.get_by_label("Add to").fill("Night shift, Birds")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Groups of 11 people are saved.")).to_be_visible()
    people = server.api("GET", f"/api/projects/{project}/people").json()["people"]
    assert sum(one["groups"] == ["Night shift", "Birds"] for one in people) == 11
    page.set_viewport_size({"width": 820, "height": 900})
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    page.get_by_role("searchbox", name="Search people").fill("")
    page.get_by_role("combobox", name="Group").select_option("Birds")
    expect(page.get_by_text("11 of 130 people")).to_be_visible()
    page.get_by_label("Tick Person of the crowd 112", exact=True).check()
    bar.get_by_role("button", name="Pause …").click()
    page.get_by_role("dialog").get_by_role("button", name="Pause", exact=True).click()
    expect(page.get_by_text("1 person paused.")).to_be_visible()
    expect(page.locator("kite-people-list .badge", has_text="Paused")).to_have_count(1)


def test_a_person_who_has_done_nothing_is_told_in_words_and_answers_are_a_click_away(
    server: Running, person: Callable[..., Person], crowd: tuple[int, int], shot: Callable[[Page, str], None]
) -> None:
    project, ana = crowd
    people = server.api("GET", f"/api/projects/{project}/people").json()["people"]
    idle = next(one["id"] for one in people if one["name"].endswith("crowd 3"))
    page = as_owner(server, person)
    page.goto(f"{server.url}/projects/{project}/people/{idle}")
    expect(page.get_by_text("They have not answered anything yet.")).to_be_visible()
    expect(page.locator(".pj-tile")).to_have_count(0)
    shot(page, "person-idle")
    page.goto(f"{server.url}/projects/{project}/people/{ana}")
    expect(page.get_by_text("1 answer today, 1 in the last seven days")).to_be_visible()
    discard = page.get_by_role("button", name="Discard work …")
    discard.click()
    page.keyboard.press("Escape")
    expect(discard).to_be_focused()
    page.get_by_role("link", name="Their answers").click()
    expect(page).to_have_url(re.compile("/explore"))
    expect(page.locator(".ex-found")).to_have_text("1")
