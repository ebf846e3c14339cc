"""The owner's pages about people's work: settings, people, known answers, the report."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from .conftest import Person, Running
from .test_owner_pages import answer, as_owner, choice, make_project

pytestmark = pytest.mark.browser

TASKS = [{"data": {"image": "/samples/street.svg", "n": n}} for n in range(2)]


@pytest.fixture
def answered(server: Running) -> int:
    """A project where Ana and Li have answered the first of two tasks, and differ."""
    project = make_project(server, "Weather", TASKS)
    assert answer(server, project, "Ana", [choice("a", "Sun")]) == answer(server, project, "Li", [choice("b", "Rain")])
    return project


def field(page: Page, label: str) -> Locator:
    return page.locator(".field").filter(has=page.get_by_label(label))


def test_settings_are_kept_and_a_wrong_one_is_refused_at_its_field(
    server: Running, person: Callable[..., Person], answered: int, shot: Callable[[Page, str], None]
) -> None:
    someone = person()
    page = someone.page
    page.goto(server.owner_link)
    page.wait_for_url("**/projects")
    page.goto(f"{server.url}/projects/{answered}/settings?part=labeling")
    page.get_by_label("Order of the tasks").select_option("In random order")
    minutes = page.get_by_label("Minutes a task stays with one person")
    minutes.fill("5000")
    expect(page.get_by_text("Tasks that wait are put in the new order")).to_be_visible()
    page.keyboard.press("Enter")
    expect(field(page, "Minutes a task stays with one person").locator(".field-problem")).to_contain_text("1440")
    expect(minutes).to_be_focused()
    assert server.api("GET", f"/api/projects/{answered}").json()["queue"]["order"] == "imported"
    shot(page, "owner-setting-refused")
    someone.complaints.clear()  # the browser notes every answer 400

    minutes.fill("45")
    page.get_by_role("button", name="Save changes").click()
    expect(page.locator(".ow-foot .ow-good")).to_be_visible()
    page.get_by_label("Settings").get_by_role("link", name="Agreement", exact=True).click()
    page.get_by_role("group", name="Agreed from, for single questions").get_by_label("weather").fill("0.9")
    page.get_by_role("button", name="Save changes").click()
    expect(page.locator(".ow-foot .ow-good")).to_be_visible()
    page.goto(f"{server.url}/projects/{answered}/settings?part=labeling")
    expect(minutes).to_have_value("45")
    expect(page.get_by_label("Order of the tasks")).to_have_value("random")
    stored = server.api("GET", f"/api/projects/{answered}").json()
    assert (stored["queue"]["lease_minutes"], stored["consensus"]["thresholds"]) == (45, {"weather": 0.9})


def test_who_may_only_look_sees_settings_that_cannot_be_changed(
    server: Running, person: Callable[..., Person], answered: int
) -> None:
    link = server.api("POST", f"/api/projects/{answered}/invites", json={"role": "viewer"}).json()
    page = person().page
    joined = page.context.request.post(
        f"{server.url}/api/session", data={"invite": link["token"], "name": "Vera"}, headers={"Origin": server.url}
    )
    assert joined.status == 201
    page.goto(f"{server.url}/projects/{answered}/settings?part=quality")
    expect(page.get_by_label("Pause people whose score is under")).to_be_disabled()
    expect(page.get_by_role("button", name="Save changes")).to_have_count(0)
    page.goto(f"{server.url}/projects/{answered}/people")
    expect(page.get_by_role("cell", name="Ana", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="Copy link")).to_have_count(0)


def test_a_person_is_paused_and_resumed_and_their_work_put_aside(
    server: Running, person: Callable[..., Person], answered: int, shot: Callable[[Page, str], None]
) -> None:
    page = as_owner(server, person)
    page.goto(f"{server.url}/projects/{answered}/people")
    page.get_by_role("link", name="Ana").click()
    expect(page.get_by_role("heading", name="Ana")).to_be_visible()
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_text("They get no new tasks")).to_be_visible()
    page.get_by_label("A word to Ana").fill("Rain is more than clouds.")
    page.get_by_role("button", name="Send").click()
    expect(page.locator(".pj-words")).to_contain_text("Rain is more than clouds.")
    shot(page, "owner-person")
    page.get_by_role("link", name="All people").click()
    expect(page.get_by_role("row").filter(has=page.get_by_role("link", name="Ana"))).to_contain_text("Paused")
    page.get_by_role("link", name="Ana").click()
    page.get_by_role("button", name="Resume").click()
    expect(page.get_by_role("button", name="Pause")).to_be_visible()

    page.get_by_role("button", name="Discard work …").click()
    dialog = page.get_by_role("dialog", name="Discard the work of Ana?")
    expect(dialog).to_contain_text("stay stored")
    dialog.get_by_role("button", name="Discard work").click()
    expect(page.get_by_text("Their work does not count.")).to_be_visible()
    expect(page.locator(".ow-progress")).to_contain_text("1 answer so far")
    page.get_by_role("button", name="Count their work again …").click()
    page.get_by_role("dialog").get_by_role("button", name="Count it again").click()
    expect(page.locator(".ow-progress")).to_contain_text("2 answers so far")


def test_a_link_is_made_for_a_role_a_number_of_people_and_an_address(
    server: Running, person: Callable[..., Person], answered: int
) -> None:
    page = as_owner(server, person)
    page.goto(f"{server.url}/projects/{answered}/people")
    page.get_by_role("button", name="Make another link …").click()
    dialog = page.get_by_role("dialog", name="Make a link")
    dialog.get_by_label("Whoever opens it becomes").select_option("reviewer")
    dialog.get_by_label("People who may join by it").fill("2")
    dialog.get_by_label("Only for this mail address").fill("rosa@example.org")
    dialog.get_by_role("button", name="Make link").click()
    expect(page.get_by_label("Link", exact=True)).to_have_value(re.compile(rf"^{re.escape(server.url)}/join#\S+$"))
    page.get_by_role("button", name="Done").click()
    row = page.get_by_role("row", name=re.compile("Reviewer"))
    expect(row).to_contain_text("only rosa@example.org")
    expect(row).to_contain_text("0 of 2")


def test_a_task_gets_a_known_answer_and_the_report_tells_of_the_work(
    server: Running, person: Callable[..., Person], answered: int, shot: Callable[[Page, str], None]
) -> None:
    page = as_owner(server, person)
    page.goto(f"{server.url}/projects/{answered}/report")
    expect(page.get_by_text("Answers still wanted")).to_be_visible()
    agreement = page.get_by_role("row", name=re.compile("^weather"))
    expect(agreement).to_contain_text("0.00")
    expect(agreement).to_contain_text("from 1 item")
    expect(page.get_by_role("row", name=re.compile("^thing"))).to_contain_text("not known")
    expect(page.get_by_role("row", name=re.compile("^Ana")).first).to_be_visible()
    shot(page, "owner-report")
    table = page.context.request.get(page.get_by_role("link", name="people as CSV").evaluate("link => link.href"))
    assert [line.split(",")[1] for line in table.text().splitlines()] == ["name", "Ana", "Li"]

    page.locator(".ow-tabs").get_by_role("link", name="Tasks").click()
    page.get_by_role("button", name="Known answer of").click()
    dialog = page.get_by_role("dialog", name="Known answer of")
    dialog.get_by_label("Rain").check()
    dialog.get_by_role("button", name="Make it a known answer").click()
    expect(dialog).to_have_count(0)
    gold = server.api("GET", f"/api/projects/{answered}/gold").json()["gold"]
    assert [row["kind"] for row in gold] == ["gold"]
    page.goto(f"{server.url}/projects/{answered}/settings?part=quality")
    page.get_by_role("button", name="Remove known answer").click()
    page.get_by_role("dialog").get_by_role("button", name="Remove known answer").click()
    expect(page.get_by_text("None yet")).to_be_visible()
    assert server.api("GET", f"/api/projects/{answered}/gold").json()["gold"] == []
