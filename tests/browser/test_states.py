"""What every page of the owner says while it waits and when the server fails; a retry goes on without a reload."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from .conftest import Running
from .test_review import CONFIG as MOODS
from .test_review import Member, make_project, mood

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def paths(server: Running) -> dict[str, str]:
    """A project with an answer on which two people differ; by page its path."""
    project, tasks = make_project(server, "States", 2, maximum_annotations=2)
    ana, ben = Member(server, project, "Ana"), Member(server, project, "Ben")
    ana.submit([mood("a1", "Calm")])
    ben.submit([mood("b1", "Busy")])
    own = f"/projects/{project}"
    tabs = {tab: f"{own}/{tab}" for tab in ("explore", "data", "people", "report", "export", "settings")}
    return {"projects": "/projects", "project": own, **tabs, "person": f"{own}/people/{ana.id}",
            "task": f"{own}/tasks/{tasks[0]}", "review": f"/review/{project}"}  # fmt: skip


@pytest.fixture(params=["1280 light", "820 dark"])
def owner(server: Running, browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    width, scheme = request.param.split()
    context = browser.new_context(
        viewport={"width": int(width), "height": 900}, color_scheme=scheme, service_workers="block"
    )
    page = context.new_page()
    page.goto(server.owner_link)
    page.wait_for_url("**/projects")
    yield page
    context.close()


FAULT = '{"problems": [{"code": "fault", "message": "The server met a fault of its own.", "where": "", "hint": ""}]}'


def fails(route: Route) -> None:
    route.fulfill(status=500, content_type="application/json", body=FAULT)


def is_away(route: Route) -> None:
    route.abort("connectionrefused")


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        pytest.param(fails, "The server met a fault of its own.", id="a fault"),
        pytest.param(is_away, "The server does not answer.", id="away"),
    ],
)
def test_every_page_says_what_failed_and_goes_on_when_asked(
    server: Running, paths: dict[str, str], owner: Page, answers: Callable[[Route], None], said: str
) -> None:
    for name, path in paths.items():
        owner.route("**/api/**", answers)
        owner.goto(server.url + path)
        alert = owner.get_by_role("alert").filter(has_text="could not be loaded")
        expect(alert, name).to_contain_text(said)
        wide = owner.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, f"{name} is {wide} px wider than the window"
        owner.unroute("**/api/**")
        owner.keyboard.press("Tab")  # the keyboard's way: the button can be reached
        alert.get_by_role("button", name="Try again").focus()
        owner.keyboard.press("Enter")
        expect(alert, name).to_have_count(0)
        expect(owner.locator("main h1").first, name).to_be_visible()


def test_every_page_says_what_it_waits_for(server: Running, paths: dict[str, str], owner: Page) -> None:
    held: list[Route] = []
    slow = False

    def hold(route: Route) -> None:
        if slow:
            held.append(route)
        else:
            route.continue_()

    owner.route("**/api/**", hold)
    for name, path in paths.items():
        slow = True
        owner.goto(server.url + path)
        expect(owner.get_by_role("status").filter(has_text="…").first, name).to_be_visible()
        slow = False
        while held:
            held.pop().continue_()
        expect(owner.locator("main h1").first, name).to_be_visible()


def test_what_is_not_there_and_what_one_may_not_see_is_told(server: Running, owner: Page) -> None:
    owner.goto(f"{server.url}/projects/99999999/people")
    expect(owner.get_by_role("alert")).to_contain_text("There is no project 99999999 here.")
    expect(owner.get_by_role("alert")).not_to_contain_text("printed where Labelkite was started")


def test_a_task_is_shown_under_its_own_project_only(server: Running, paths: dict[str, str], owner: Page) -> None:
    other, _ = make_project(server, "Elsewhere", 1)
    task = paths["task"].rsplit("/", 1)[1]
    for path in (f"/projects/{other}/tasks/{task}", f"/review/{other}?task={task}"):
        owner.goto(server.url + path)
        expect(owner.get_by_role("alert"), path).to_contain_text(f"There is no task {task} in this project.")
        expect(owner.get_by_role("alert").get_by_role("link"), path).to_have_attribute("href", f"/projects/{other}")
    owner.goto(f"{server.url}/projects/99999999/tasks/{task}")
    expect(owner.get_by_role("alert").get_by_role("link", name="All projects")).to_be_visible()


def test_a_template_that_is_not_there_leads_to_those_that_are(server: Running, owner: Page) -> None:
    owner.goto(f"{server.url}/templates/no-such-thing")
    alert = owner.get_by_role("alert")
    expect(alert).to_contain_text("There is no template “no-such-thing”.")
    alert.get_by_role("link", name="All templates").press("Enter")
    expect(owner.get_by_role("heading", name="Templates", level=1)).to_be_visible()


def test_a_report_of_nothing_leads_to_what_is_missing(server: Running, owner: Page) -> None:
    made = server.api("POST", "/api/projects", json={"title": "Nothing yet", "label_config": MOODS}).json()
    owner.goto(f"{server.url}/projects/{made['id']}/report")
    expect(owner.get_by_role("heading", name="Nothing to report yet")).to_be_visible()
    expect(owner.get_by_role("link", name="All tables as CSV")).to_have_count(0)
    owner.get_by_role("main").get_by_role("link", name="Add data").press("Enter")
    expect(owner.get_by_role("heading", name="Add data")).to_be_visible()


def test_who_reviews_comes_to_the_project_and_is_offered_no_new_one(
    server: Running, paths: dict[str, str], browser: Browser
) -> None:
    link = server.api("POST", f"/api{paths['project']}/invites", json={"role": "reviewer"}).json()["url"]
    context = browser.new_context()
    page = context.new_page()
    page.goto(link)
    page.get_by_label("Your name").fill("Rhea")
    page.get_by_role("button", name="Open the project").click()
    expect(page).to_have_url(server.url + paths["project"])
    page.get_by_role("link", name="Labelkite").click()
    expect(page.get_by_role("link", name="States")).to_be_visible()
    expect(page.get_by_role("link", name="New project")).to_have_count(0)
    expect(page.get_by_text("Bring in a project")).to_have_count(0)
    context.close()
