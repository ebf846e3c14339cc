"""The whole way through the real page: an owner, two annotators, a consensus, a download."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from .conftest import Person, Running, join, python_ready, until

pytestmark = pytest.mark.browser

CONFIG = """<View>
  <RectangleLabels name="box" toName="photo"><Label value="Cup"/><Label value="Spoon"/></RectangleLabels>
  <Image name="photo" value="$image"/>
  <Labels name="who" toName="caption"><Label value="Person"/><Label value="Place"/></Labels>
  <Text name="caption" value="$caption"/>
  <Choices name="mood" toName="photo" required="true"><Choice value="Calm"/><Choice value="Busy"/></Choices>
  <Rating name="quality" toName="photo"/>
  <TextArea name="note" toName="photo" rows="1" maxSubmissions="1"/>
</View>"""

# A 480 x 320 picture that needs no file: two plain areas.
PICTURE = (
    "data:image/svg+xml;utf8,<svg xmlns='http://www.w3.org/2000/svg' width='480' height='320'>"
    "<rect width='480' height='320' fill='%23d9dddf'/>"
    "<rect x='96' y='64' width='192' height='160' fill='%23a0522d'/></svg>"
)


def make_project(server: Running, title: str, tasks: list[dict[str, str]], config: str = CONFIG) -> tuple[int, str]:
    made = server.api("POST", "/api/projects", json={"title": title, "label_config": config, "maximum_annotations": 2})
    assert made.status_code == 201, made.text
    number = made.json()["id"]
    imported = server.api("POST", f"/api/projects/{number}/import", json=[{"data": task} for task in tasks])
    assert imported.status_code == 201, imported.text
    invite = server.api("POST", f"/api/projects/{number}/invites", json={"role": "annotator", "days": 1})
    return number, invite.json()["url"]


def drag(page: Page, selector: str, start: tuple[float, float], end: tuple[float, float]) -> None:
    """Drag over an element, places as fractions of its box."""
    box = page.locator(selector).bounding_box()
    assert box
    at = [(box["x"] + box["width"] * x, box["y"] + box["height"] * y) for x, y in (start, end)]
    page.mouse.move(*at[0])
    page.mouse.down()
    page.mouse.move((at[0][0] + at[1][0]) / 2, (at[0][1] + at[1][1]) / 2)
    page.mouse.move(*at[1])
    page.mouse.up()


def regions(page: Page) -> int:
    count: int = page.evaluate("Object.keys(document.querySelector('kite-surface').view.regions).length")
    return count


def wait_for_regions(page: Page, count: int) -> None:
    surface = "document.querySelector('kite-surface')"
    until(page, f"Object.keys({surface}.view.regions).length === {count} && {surface}.pending.length === 0")


def saved(page: Page) -> None:
    until(page, "document.querySelector('kite-save-state').state === 'saved'", timeout_s=60)


def label_task(page: Page, mood: str, end: tuple[float, float]) -> None:
    page.keyboard.press("1")
    drag(page, "kite-image canvas >> nth=0", (0.42, 0.2), end)
    wait_for_regions(page, 1)
    page.keyboard.press("Escape")
    page.get_by_role("radio", name=mood).check()
    page.get_by_role("radio", name="4", exact=False).first.check(force=True)


def test_two_people_label_and_the_owner_sees_and_downloads_the_consensus(
    server: Running, person: Callable[..., Person], shot: Callable[[Page, str], None]
) -> None:
    tasks = [{"image": PICTURE, "caption": f"Ana meets Li in Oslo, picture {n}."} for n in (1, 2)]
    project, link = make_project(server, "Cups", tasks)
    ana, li, owner = person(), person(dark=True), person()

    join(ana.page, link, "Ana")
    join(li.page, link, "Li")
    python_ready(ana.page)
    python_ready(li.page)
    seen: dict[str, list[int]] = {"Ana": [], "Li": []}
    for one, name, end in ((ana, "Ana", (0.58, 0.7)), (li, "Li", (0.59, 0.72))):
        for number in (1, 2):
            page = one.page
            expect(page.get_by_text(f"picture {number}")).to_be_visible()
            seen[name].append(page.evaluate("document.querySelector('kite-surface').task"))
            label_task(page, "Calm" if number == 1 or name == "Ana" else "Busy", end)
            shot(page, f"label-{name.lower()}-{number}")
            page.keyboard.press("Control+Enter")
        expect(one.page.get_by_role("heading", name="All done")).to_be_visible()
        saved(one.page)
    assert seen["Ana"] == seen["Li"]
    assert len(set(seen["Ana"])) == 2

    owner.page.goto(server.owner_link)
    owner.page.wait_for_url("**/projects")
    shot(owner.page, "owner-projects")
    owner.page.goto(f"{server.url}/projects/{project}")
    expect(owner.page.get_by_role("heading", name="Cups")).to_be_visible()
    shot(owner.page, "owner-project")
    owner.page.goto(f"{server.url}/projects/{project}/tasks/{seen['Ana'][1]}")
    for text in ("Ana", "Li"):
        expect(owner.page.get_by_text(text, exact=False).first).to_be_visible()
    shot(owner.page, "owner-task")

    owner.page.goto(f"{server.url}/projects/{project}")
    owner.page.get_by_role("link", name="Export", exact=True).first.click()
    owner.page.get_by_role("radio", name=re.compile("^JSON ")).check()
    owner.page.get_by_role("button", name="Export JSON").click()
    with owner.page.expect_download() as waiting:
        owner.page.get_by_role("link", name=re.compile("Download JSON")).click()
    exported = json.loads(waiting.value.path().read_text())
    assert [len(task["annotations"]) for task in exported] == [2, 2]
    first, second = sorted(exported, key=lambda task: task["id"])
    assert first["consensus"]["controls"]["mood"]["agreement"] == 1
    assert second["consensus"]["controls"]["mood"]["agreement"] == 0
    boxes = [entry for entry in first["consensus"]["result"] if entry["from_name"] == "box"]
    assert len(boxes) == 1
    assert boxes[0]["value"]["rectanglelabels"] == ["Cup"]


def test_closing_the_tab_in_the_middle_loses_no_work(server: Running, person: Callable[..., Person]) -> None:
    _, link = make_project(server, "Half done", [{"image": PICTURE, "caption": "One."}])
    ana = person()
    join(ana.page, link, "Ana")
    python_ready(ana.page)
    ana.page.keyboard.press("1")
    for step in range(3):
        drag(ana.page, "kite-image canvas >> nth=0", (0.4, 0.2 + step * 0.2), (0.6, 0.3 + step * 0.2))
    wait_for_regions(ana.page, 3)
    ana.page.keyboard.press("Control+z")
    wait_for_regions(ana.page, 2)
    address = ana.page.url
    ana.page.close(run_before_unload=False)  # at once: nothing may have to be saved on the way out

    again = ana.open()
    again.goto(address)
    python_ready(again)
    wait_for_regions(again, 2)
    again.keyboard.press("Control+Shift+z")  # even the undone step is still there
    wait_for_regions(again, 3)


def test_work_done_before_python_is_there_counts(server: Running, person: Callable[..., Person]) -> None:
    _, link = make_project(server, "Early bird", [{"image": PICTURE, "caption": "Two."}])
    ana = person()
    held: list[Route] = []
    ana.page.route("**/assets/pyscript-*/core.js", lambda route: held.append(route))
    join(ana.page, link, "Ana")
    assert not ana.page.evaluate("performance.getEntriesByName('kite-python-annotate').length")
    ana.page.keyboard.press("1")
    drag(ana.page, "kite-image canvas >> nth=0", (0.4, 0.2), (0.6, 0.6))
    ana.page.get_by_role("radio", name="Busy").check()
    assert regions(ana.page) == 0  # still only an echo
    for route in held:
        route.continue_()
    python_ready(ana.page)
    wait_for_regions(ana.page, 1)
    answers = ana.page.evaluate("document.querySelector('kite-surface').view.answers")
    assert answers["mood"]["choices"] == ["Busy"]


def test_a_worker_that_dies_is_replaced_and_the_state_is_back(server: Running, person: Callable[..., Person]) -> None:
    _, link = make_project(server, "Crash", [{"image": PICTURE, "caption": "Three."}])
    ana = person()
    join(ana.page, link, "Ana")
    python_ready(ana.page)
    ana.page.keyboard.press("1")
    drag(ana.page, "kite-image canvas >> nth=0", (0.4, 0.2), (0.6, 0.6))
    wait_for_regions(ana.page, 1)
    ana.page.workers[0].evaluate("self.close()")
    drag(ana.page, "kite-image canvas >> nth=0", (0.4, 0.7), (0.6, 0.9))
    wait_for_regions(ana.page, 2)
    ana.complaints.clear()


@pytest.mark.complaints_expected
def test_python_that_does_not_load_at_first_is_loaded_again_and_a_submit_waits_for_it(
    server: Running, person: Callable[..., Person]
) -> None:
    _, link = make_project(
        server, "Late", [{"image": PICTURE, "caption": "Five."}, {"image": PICTURE, "caption": "Six."}]
    )
    ana = person()
    missed: list[str] = []

    def miss_one(route: Route) -> None:
        if missed:
            route.fallback()
        else:
            missed.append(route.request.url)
            route.abort()

    ana.context.route("**/assets/pyscript-*/core.js*", miss_one)
    page = ana.page
    join(page, link, "Ana")
    page.get_by_role("radio", name="Calm").check()
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("Six.")).to_be_visible()
    assert missed


def test_a_required_answer_that_is_missing_stops_the_submit_and_is_named(
    server: Running, person: Callable[..., Person], shot: Callable[[Page, str], None]
) -> None:
    _, link = make_project(server, "Required", [{"image": PICTURE, "caption": "Four."}])
    ana = person()
    join(ana.page, link, "Ana")
    python_ready(ana.page)
    ana.page.get_by_role("button", name="Submit").click()
    expect(ana.page.get_by_role("alert")).to_contain_text("mood")
    shot(ana.page, "label-required")
    ana.page.get_by_role("radio", name="Calm").check()
    ana.page.get_by_role("button", name="Submit").click()
    expect(ana.page.get_by_role("heading", name="All done")).to_be_visible()


def test_a_finished_task_can_be_corrected(server: Running, person: Callable[..., Person]) -> None:
    project, link = make_project(
        server, "Correct me", [{"image": PICTURE, "caption": "Five."}, {"image": PICTURE, "caption": "Six."}]
    )
    ana = person()
    page = ana.page
    join(page, link, "Ana")
    python_ready(page)
    page.get_by_role("radio", name="Calm").check()
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("Six.")).to_be_visible()
    saved(page)
    page.get_by_role("button", name="Back").click()
    expect(page.get_by_text("Five.")).to_be_visible()
    page.get_by_role("radio", name="Busy").check()
    page.get_by_role("button", name="Update").click()
    expect(page.get_by_text("Six.")).to_be_visible()
    saved(page)
    exported = server.api("GET", f"/api/projects/{project}/export?exportType=JSON").json()
    results = [entry["value"] for task in exported for one in task["annotations"] for entry in one["result"]]
    assert results == [{"choices": ["Busy"]}]


@pytest.mark.complaints_expected
def test_the_server_goes_away_in_the_middle_and_nothing_is_lost(
    own_server: Callable[..., Running], person: Callable[..., Person], shot: Callable[[Page, str], None]
) -> None:
    running = own_server()
    project, link = make_project(running, "Away", [{"image": PICTURE, "caption": f"Task {n}."} for n in (1, 2, 3)])
    ana = person()
    page = ana.page
    join(page, link, "Ana")
    python_ready(page)
    page.get_by_role("radio", name="Calm").check()
    # Task 2 has been fetched ahead; without that the page would rightly wait for the server.
    until(page, "performance.getEntriesByType('resource').some((e) => e.name.includes('/next?') && e.responseEnd > 0)")
    running.kill()
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("Task 2.")).to_be_visible()
    expect(page.locator("kite-save-state")).to_contain_text("Not saved")
    shot(page, "label-server-away")
    own_server(running.port)
    saved(page)
    exported = running.api("GET", f"/api/projects/{project}/export?exportType=JSON").json()
    assert sum(len(task["annotations"]) for task in exported) == 1


def test_a_second_tab_does_not_overwrite_the_first(
    server: Running, person: Callable[..., Person], shot: Callable[[Page, str], None]
) -> None:
    _, link = make_project(server, "Tabs", [{"image": PICTURE, "caption": "Seven."}])
    ana = person()
    join(ana.page, link, "Ana")
    python_ready(ana.page)
    second = ana.open()
    second.goto(ana.page.url)
    expect(second.get_by_role("heading", name="open in another tab")).to_be_visible()
    shot(second, "label-second-tab")
    second.get_by_role("button", name="Work in this tab").click()
    expect(second.get_by_text("Seven.")).to_be_visible()
    expect(ana.page.get_by_role("heading", name="open in another tab")).to_be_visible()


def test_a_link_that_is_wrong_says_so_in_plain_words(
    server: Running, person: Callable[..., Person], shot: Callable[[Page, str], None]
) -> None:
    stranger = person()
    stranger.page.goto(f"{server.url}/join#not-a-link")
    expect(stranger.page.get_by_role("alert")).to_be_visible()
    shot(stranger.page, "join-wrong-link")
    stranger.complaints.clear()  # the browser logs the refused request by itself
