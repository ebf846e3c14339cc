"""Predictions as suggestions on the labeling page: by key, by click, by score, all; and what others answered."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from .conftest import Person, Running, join, python_ready, until
from .test_two_annotators import PICTURE

pytestmark = pytest.mark.browser

CONFIG = """<View>
  <RectangleLabels name="box" toName="photo" smart="true"><Label value="Cup"/><Label value="Spoon"/></RectangleLabels>
  <Image name="photo" value="$image"/>
  <Choices name="mood" toName="photo" required="true"><Choice value="Calm"/><Choice value="Busy"/></Choices>
</View>"""
SURFACE = "document.querySelector('kite-surface')"


def box(name: str, x: float, y: float, score: float, side: float = 10) -> dict[str, Any]:
    value = {"x": x, "y": y, "width": side, "height": side, "rotation": 0, "rectanglelabels": ["Cup"]}
    common = {"from_name": "box", "to_name": "photo", "type": "rectanglelabels"}
    return {"id": name, **common, "value": value, "score": score}


def predicted() -> list[dict[str, Any]]:
    mood = {"id": "m", "from_name": "mood", "to_name": "photo", "type": "choices", "value": {"choices": ["Calm"]}}
    boxes = [box("a", 5, 5, 0.9), box("b", 30, 5, 0.8), box("c", 55, 5, 0.3), box("d", 5, 50, 0.2)]
    boxes += [box("e", 50, 50, 0.7, 40), box("f", 60, 60, 0.6)]
    new = {"model_version": "v2", "score": 0.93, "result": [*boxes, mood]}
    return [{"model_version": "v1", "score": 0.5, "result": [box("old", 20, 20, 0.5)]}, new]


def make_project(server: Running) -> tuple[int, str]:
    settings = {"title": "Suggested", "label_config": CONFIG, "predictions": {"show": "suggest"}}
    number = server.api("POST", "/api/projects", json=settings).json()["id"]
    tasks = [{"data": {"image": PICTURE}, "predictions": predicted()}]
    assert server.api("POST", f"/api/projects/{number}/import", json=tasks).status_code == 201
    invite = server.api("POST", f"/api/projects/{number}/invites", json={"role": "annotator", "days": 1})
    return number, invite.json()["url"]


def left(page: Page, count: int) -> None:
    until(page, f"{SURFACE}.view.suggestions === {count} && {SURFACE}.pending.length === 0")


def click_at(page: Page, x: float, y: float) -> None:
    """A click on the picture, at percent of it."""
    place = page.evaluate(
        """([x, y]) => {
          const image = document.querySelector('kite-image')
          const { naturalWidth: wide, naturalHeight: high } = image.picture
          const [sx, sy] = image.camera.toScreen(x * wide / 100, y * high / 100)
          const { left, top } = image.querySelector('canvas').getBoundingClientRect()
          return [left + sx, top + sy]
        }""",
        [x, y],
    )
    page.mouse.click(*place)


def test_suggestions_are_decided_by_key_by_click_by_score_and_all_at_once(
    server: Running, person: Callable[..., Person], shot: Callable[[Page, str], None]
) -> None:
    project, link = make_project(server)
    page = person().page
    join(page, link, "Ida")
    python_ready(page)
    bar = page.get_by_role("region", name="Suggestions")
    expect(bar).to_contain_text("7 suggestions")
    shot(page, "label-suggestions")
    page.set_viewport_size({"width": 800, "height": 700})
    expect(bar.get_by_role("button", name="Accept all")).to_be_in_viewport()
    shot(page, "label-suggestions-narrow")
    page.set_viewport_size({"width": 1280, "height": 800})

    # Another model's prediction may be taken as long as nothing was done.
    bar.get_by_label("Prediction").select_option(label="v1, 0.50")
    left(page, 1)
    bar.get_by_label("Prediction").select_option(label="v2, 0.93")
    left(page, 7)

    # One by one: the first is accepted, the second rejected; the next one is selected each time.
    page.keyboard.press("Alt+a")
    left(page, 6)
    assert page.evaluate(f"{SURFACE}.view.selection") == ["b"]
    page.keyboard.press("Alt+x")
    left(page, 5)
    assert page.evaluate(f"Object.keys({SURFACE}.view.regions).sort()") == ["a", "c", "d", "e", "f"]
    expect(bar.get_by_label("Prediction")).to_be_disabled()

    # A click of the smart tool takes the smallest one under it, with the label that is picked.
    page.keyboard.press("Escape")
    page.keyboard.press("2")
    until(page, f"({SURFACE}.view.active.box ?? [])[0] === 'Spoon'")
    click_at(page, 65, 65)
    left(page, 4)
    assert page.evaluate(f"{SURFACE}.view.regions.f.labels") == ["Spoon"]
    assert page.evaluate(f"!!{SURFACE}.view.regions.e.suggestion")

    # What is undecided is still there after a reload.
    until(page, "document.querySelector('kite-save-state').state === 'saved'")
    page.reload()
    python_ready(page)
    left(page, 4)

    # By score.
    page.locator("#suggestions-from").evaluate(
        "(input) => { input.value = '0.5'; input.dispatchEvent(new Event('input', { bubbles: true })) }"
    )
    bar.get_by_role("button", name="Reject 2 below").click()
    left(page, 2)
    assert page.evaluate(f"Object.keys({SURFACE}.view.regions).sort()") == ["a", "e", "f"]

    # What is only suggested is no answer: the question is still open.
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("alert").filter(has_text="missing")).to_be_visible()
    page.locator("kite-suggested").get_by_role("button", name="Accept").click()
    left(page, 1)

    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("alert").filter(has_text="suggestion")).to_be_visible()
    bar.get_by_role("button", name="Accept all").click()
    left(page, 0)
    expect(bar).to_be_hidden()
    page.keyboard.press("Control+z")
    left(page, 1)
    page.keyboard.press("Control+y")
    left(page, 0)
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", name="All done")).to_be_visible()
    until(page, "document.querySelector('kite-save-state').state === 'saved'")

    (task,) = server.api("GET", f"/api/projects/{project}/export?exportType=JSON").json()
    result = task["annotations"][0]["result"]
    assert {row["id"]: row["origin"] for row in result} == {
        "a": "prediction", "e": "prediction", "f": "prediction-changed", "m": "prediction",
    }  # fmt: skip
    assert not any("suggestion" in row for row in result)


def test_after_ones_own_answer_that_of_others_is_looked_at_and_taken_over(
    server: Running, person: Callable[..., Person], shot: Callable[[Page, str], None]
) -> None:
    settings = {"title": "Shown", "label_config": CONFIG, "maximum_annotations": 2, "queue": {"show_others": True}}
    number = server.api("POST", "/api/projects", json=settings).json()["id"]
    prediction = {"result": [box("big", 20, 20, 0.9, 40)]}
    server.api(
        "POST", f"/api/projects/{number}/import", json=[{"data": {"image": PICTURE}, "predictions": [prediction]}]
    )
    link = server.api("POST", f"/api/projects/{number}/invites", json={"role": "annotator", "days": 1}).json()["url"]
    moods = {"Ana": "Calm", "Li": "Busy"}
    people = {name: person(dark=name == "Li") for name in moods}
    for name, mood in moods.items():
        page = people[name].page
        join(page, link, name)
        python_ready(page)
        page.get_by_role("radio", name=mood).check()
        if name == "Li":
            page.get_by_role("option").first.click()
            page.keyboard.press("Delete")
            until(page, f"Object.keys({SURFACE}.view.regions).length === 0")
        page.keyboard.press("Control+Enter")
        expect(page.get_by_role("heading", name="All done")).to_be_visible()
        until(page, "document.querySelector('kite-save-state').state === 'saved'")

    page = people["Li"].page
    page.get_by_role("button", name="My work").first.click()
    page.locator(".mine-list button").first.click()
    others = page.get_by_role("region", name="Answers of others")
    others.get_by_role("button", name="Show the answers of others").click()
    expect(others).to_contain_text("Calm")
    expect(others.get_by_role("button", name="Person 1")).to_have_attribute("aria-pressed", "true")
    assert page.evaluate(f"{SURFACE}.layers.length") == 1
    others.get_by_role("button", name="Beside mine").click()
    expect(page.locator(".others-beside kite-image")).to_be_visible()
    until(page, "document.querySelector('.others-beside kite-image').picture !== null")
    # Whoever zooms one picture zooms both.
    scale = "document.querySelector('.others-beside kite-image').camera.scale"
    page.evaluate("document.querySelector('.label-work > kite-surface kite-image').zoomBy(2)")
    until(page, f"Math.abs({scale} - document.querySelector('kite-image').camera.scale) < 1e-9")
    shot(page, "label-others-dark")
    others.get_by_role("button", name="Take this answer over").click()
    until(page, f"{SURFACE}.pending.length === 0 && {SURFACE}.view.answers.mood.choices[0] === 'Calm'")
    assert page.evaluate(f"Object.keys({SURFACE}.view.regions).length") == 1
    page.keyboard.press("Control+z")
    until(
        page, f"Object.keys({SURFACE}.view.regions).length === 0 && {SURFACE}.view.answers.mood.choices[0] === 'Busy'"
    )
