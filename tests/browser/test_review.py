"""What annotators and reviewers see of each other: practice, a break, work that comes back, a review by keyboard."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, expect

from .conftest import Person, Running, python_ready, until

pytestmark = pytest.mark.browser

CONFIG = """<View>
  <RectangleLabels name="box" toName="photo"><Label value="Cup"/><Label value="Spoon"/></RectangleLabels>
  <Image name="photo" value="$image"/>
  <Header value="Mood"/>
  <Choices name="mood" toName="photo" required="true"><Choice value="Calm"/><Choice value="Busy"/></Choices>
</View>"""
PICTURE = (
    "data:image/svg+xml;utf8,<svg xmlns='http://www.w3.org/2000/svg' width='480' height='320'>"
    "<rect width='480' height='320' fill='%23d9dddf'/></svg>"
)
Json = dict[str, Any]


def box(id_: str, x: float, label: str) -> Json:
    value = {"x": x, "y": 20, "width": 30, "height": 40, "rotation": 0, "rectanglelabels": [label]}
    return {
        "id": id_, "from_name": "box", "to_name": "photo", "type": "rectanglelabels", "original_width": 480,
        "original_height": 320, "image_rotation": 0, "value": value,
    }  # fmt: skip


def mood(id_: str, name: str) -> Json:
    return {"id": id_, "from_name": "mood", "to_name": "photo", "type": "choices", "value": {"choices": [name]}}


def asked(answer: httpx.Response) -> Any:
    assert answer.status_code < 300, answer.text
    return answer.json()


def make_project(server: Running, title: str, tasks: int, **settings: Any) -> tuple[int, list[int]]:
    """Its id, and those of its tasks."""
    made = {"title": title, "label_config": CONFIG, **settings}
    project = asked(server.api("POST", "/api/projects", json=made))["id"]
    data = [{"data": {"image": PICTURE, "n": n}} for n in range(tasks)]
    asked(server.api("POST", f"/api/projects/{project}/import", json=data))
    listed = asked(server.api("GET", f"/api/tasks?project={project}"))["tasks"]
    return project, sorted(task["id"] for task in listed)


class Member:
    """Somebody of a project: by the API, and in a browser that has their cookie."""

    def __init__(self, server: Running, project: int, name: str, role: str = "annotator") -> None:
        self.server, self.project = server, project
        token = asked(server.api("POST", f"/api/projects/{project}/invites", json={"role": role, "days": 1}))["token"]
        self.client = httpx.Client(base_url=server.url, headers={"Origin": server.url})
        joined = asked(self.client.post("/api/session", json={"invite": token, "name": name}))
        self.id: int = joined["person"]["id"]

    def submit(self, result: list[Json]) -> None:
        given = asked(self.client.get(f"/api/projects/{self.project}/next"))
        body = {"result": result, "lead_time": 3, "lease": given["lease"]["token"]}
        asked(self.client.post(f"/api/tasks/{given['task']['id']}/annotations", json=body))

    def opens(self, person: Person, path: str) -> Page:
        cookies = [(cookie.name, cookie.value or "") for cookie in self.client.cookies.jar]
        person.context.add_cookies([{"name": name, "value": value, "url": self.server.url} for name, value in cookies])
        person.page.goto(self.server.url + path)
        return person.page

    def labels(self, person: Person) -> Page:
        page = self.opens(person, f"/label/{self.project}")
        python_ready(page)
        return page


def test_practice_shows_how_right_an_answer_was_before_the_next_task(
    server: Running, person: Callable[..., Person], shot: Callable[[Page, str], None]
) -> None:
    project, tasks = make_project(server, "Practice", 2, quality={"warm_up": 1})
    known = {"kind": "warm_up", "result": [box("g", 20, "Cup"), mood("m", "Busy")], "feedback": "Two people are busy."}
    asked(server.api("PUT", f"/api/tasks/{tasks[0]}/gold", json=known))
    page = Member(server, project, "Ana").labels(person())
    page.get_by_role("radio", name="Calm").check()
    page.keyboard.press("Control+Enter")

    lesson = page.get_by_role("region", name="How right your answer was")
    expect(lesson).to_contain_text("Practice 1 of 1")
    expect(lesson).to_contain_text("Two people are busy.")
    expect(lesson.get_by_role("status")).to_contain_text("0 %")
    expect(lesson.get_by_role("row").filter(has_text="Mood")).to_contain_text("Calm")
    layer = "document.querySelector('kite-surface').layers[0]"
    assert page.evaluate(f"[{layer}.name, Object.values({layer}.view.regions)[0].labels[0]]") == ["Right answer", "Cup"]
    shot(page, "label-practice")

    page.keyboard.press("Enter")
    expect(lesson).to_have_count(0)
    page.get_by_role("radio", name="Busy").check()
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", name="All done")).to_be_visible()
    expect(page.get_by_role("region", name="Your numbers")).to_contain_text("Answers2")
    stored = [a for id_ in tasks for a in asked(server.api("GET", f"/api/tasks/{id_}/annotations"))]
    times = [(a["active_ms"], a["lead_time"] * 1000) for a in stored if "active_ms" in a]
    assert len(times) == 2
    assert all(0 < active <= lead + 100 for active, lead in times)


def test_a_break_in_the_middle_of_work_is_a_page_of_its_own_and_loses_nothing(
    server: Running, person: Callable[..., Person], shot: Callable[[Page, str], None]
) -> None:
    project, tasks = make_project(server, "Break", 3, maximum_annotations=2)
    ana = Member(server, project, "Ana")
    browser = person()
    page = ana.labels(browser)
    page.get_by_role("radio", name="Calm").check()
    people = f"/api/projects/{project}/people/{ana.id}"
    asked(server.api("POST", f"{people}/message", json={"text": "Let us talk."}))
    asked(server.api("POST", f"{people}/pause"))
    page.keyboard.press("Control+Enter")

    expect(page.get_by_role("heading", name="Time for a break")).to_be_visible()
    expect(page.get_by_text("its owner would like to look at your work")).to_be_visible()
    expect(page.get_by_role("region", name="Your numbers")).to_contain_text("Let us talk.")
    until(page, "document.querySelector('kite-save-state').state === 'saved'")
    shot(page, "label-paused")
    assert sum(len(asked(server.api("GET", f"/api/tasks/{id_}/annotations"))) for id_ in tasks) == 1

    asked(server.api("POST", f"{people}/resume"))
    page.get_by_role("button", name="Look again").click()
    expect(page.locator("kite-surface")).to_be_visible()
    expect(page.get_by_label("Messages")).to_contain_text("Let us talk.")
    page.get_by_role("button", name="I have read it").click()
    expect(page.get_by_label("Messages")).to_have_count(0)
    assert all("403" in complaint for complaint in browser.complaints)  # what the break is told by
    browser.complaints.clear()


def test_a_review_by_keyboard_sends_back_what_comes_corrected_and_is_accepted(
    server: Running, person: Callable[..., Person], shot: Callable[[Page, str], None]
) -> None:
    project, (task, _) = make_project(server, "Cups to review", 2, maximum_annotations=2)
    ana, ben = Member(server, project, "Ana"), Member(server, project, "Ben")
    ana.submit([box("a1", 20, "Cup"), mood("a2", "Calm")])
    ben.submit([box("b1", 21, "Spoon"), mood("b2", "Busy")])
    ana.submit([mood("a3", "Calm")])
    ben.submit([mood("b3", "Busy")])
    rita = Member(server, project, "Rita", "reviewer")
    review = rita.opens(person(), f"/review/{project}")
    expect(review.get_by_role("heading", name="Task 1")).to_be_visible()
    expect(review.get_by_text("Ana: Cup; Ben: Spoon")).to_be_visible()
    review.keyboard.press("a")
    expect(review.get_by_text("Pick the answer that is right first")).to_be_visible()
    review.keyboard.press("2")
    answers = review.get_by_role("region", name="Answers", exact=True)
    expect(answers.get_by_role("button", pressed=True)).to_contain_text("Against Ana: 1 with another label")
    review.keyboard.press("Alt+.")  # the region that the comment is about
    until(review, "document.querySelector('kite-surface').view.selection.length === 1")
    shot(review, "review")
    review.keyboard.press("b")
    review.keyboard.type("Is this a spoon?")
    expect(review.get_by_role("dialog")).to_contain_text("Spoon 1")
    review.keyboard.press("Control+Enter")
    expect(review.get_by_role("heading", name="Task 2")).to_be_visible()
    expect(review.get_by_role("dialog")).to_have_count(0)
    review.keyboard.press("1")
    review.keyboard.press("a")
    expect(review.get_by_role("heading", name="Nothing waits for review")).to_be_visible()

    page = ben.labels(person(dark=True))
    strip = page.get_by_label("Sent back")
    expect(strip).to_contain_text("Is this a spoon?")
    expect(page.get_by_role("button", name="It stays as it is")).to_be_visible()
    strip.get_by_role("button", name="Spoon 1").click()
    until(page, "document.querySelector('kite-surface').view.selection[0] === 'b1'")
    page.keyboard.press("1")  # the label Cup
    page.get_by_role("radio", name="Calm").check()
    shot(page, "label-sent-back")
    page.get_by_role("button", name="Send the correction").click()
    expect(page.get_by_role("heading", name="All done")).to_be_visible()
    until(page, "document.querySelector('kite-save-state').state === 'saved'")

    review.get_by_role("button", name="Look again").click()
    expect(review.get_by_text("It was sent back and has been answered")).to_be_visible()
    expect(review.get_by_role("heading", name="No differences")).to_be_visible()
    review.keyboard.press("2")
    review.keyboard.press("a")
    expect(review.get_by_text("Ben’s answer is accepted.")).to_be_visible()
    assert asked(rita.client.get(f"/api/tasks/{task}/review"))["state"] == "verified"
    review.keyboard.press("u")
    expect(review.get_by_text("The decision is taken back.")).to_be_visible()
    review.keyboard.press("0")
    review.keyboard.press("e")
    expect(review.get_by_role("button", name="Save as the right answer")).to_be_enabled(timeout=90_000)
    review.get_by_role("radio", name="Busy").check()
    review.keyboard.press("Control+Enter")
    expect(review.get_by_text("Your correction is the right answer now.")).to_be_visible()
    truth = [a for a in asked(server.api("GET", f"/api/tasks/{task}/annotations")) if a["ground_truth"]]
    assert [a["completed_by"] for a in truth] == [rita.id]
    assert [row["value"] for row in truth[0]["result"] if row["from_name"] == "mood"] == [{"choices": ["Busy"]}]


def test_who_does_not_review_is_told_so_in_words(server: Running, person: Callable[..., Person]) -> None:
    project, _ = make_project(server, "Not for all", 1)
    browser = person()
    page = Member(server, project, "Ana").opens(browser, f"/review/{project}")
    expect(page.get_by_role("heading", name="You do not review this project")).to_be_visible()
    expect(page.get_by_role("link", name="Label instead")).to_be_visible()
    browser.complaints.clear()  # the browser notes the refusals
