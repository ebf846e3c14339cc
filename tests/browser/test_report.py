"""The report on a real server: charts with their tables, by keyboard, and the whole of it as one file."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from .axe import assert_usable
from .conftest import Person, Running
from .test_owner_pages import answer, as_owner, box, choice, make_project

pytestmark = pytest.mark.browser

TASKS = [{"data": {"image": "/samples/street.svg", "n": 1}}]


def test_the_report_is_charts_with_tables_and_goes_into_one_file(
    server: Running, person: Callable[..., Person], browser: Browser, shot: Callable[[Page, str], None], tmp_path: Path
) -> None:
    empty, project = make_project(server, "Unreported", TASKS), make_project(server, "Reported", TASKS)
    answer(server, project, "Ana", [box("a", 10, "Car"), choice("b", "Sun")])
    answer(server, project, "Li", [box("c", 10, "Car"), choice("d", "Rain")])
    rate = {"cost": {"hourly_rate": 1200, "currency": "EUR"}}
    assert server.api("PATCH", f"/api/projects/{project}", json=rate).status_code == 200

    page = as_owner(server, person)
    page.goto(f"{server.url}/projects/{empty}/report")
    expect(page.get_by_role("heading", name="Nothing to report yet")).to_be_visible()
    page.goto(f"{server.url}/projects/{project}/report")
    confusion = page.get_by_role("figure", name="weather: what two people say about the same thing")
    expect(confusion.get_by_role("img", name=re.compile("^weather: what two people say"))).to_be_visible()
    balance = page.get_by_role("figure", name="thing", exact=True)
    expect(balance.get_by_role("img")).to_be_visible()
    expect(page.get_by_text("No forecast:")).to_have_count(0)  # nothing is missing
    # two answers of 3 s at 1200 an hour, 1 a second each third: no task is agreed, since they differ
    cost = page.get_by_role("row", name=re.compile("^All"))
    expect(cost).to_contain_text("2.00 EUR")
    expect(cost).to_contain_text("1.00 EUR")
    assert_usable(page)
    shot(page, "owner-report-charts")

    summary = balance.get_by_text("As a table")
    expect(balance.get_by_role("table")).to_have_count(0)
    summary.focus()
    page.keyboard.press("Enter")
    car = balance.get_by_role("row", name=re.compile("^Car"))
    expect(car).to_contain_text("2")
    expect(car).to_contain_text("100 %")
    expect(balance.get_by_role("row", name=re.compile("^Sign"))).to_contain_text("0 %")

    with page.expect_download() as kept:
        page.get_by_role("button", name="Report as one page").click()
    file = tmp_path / "report.html"
    kept.value.save_as(file)
    assert kept.value.suggested_filename == "reported-report.html"
    reader = browser.new_context(java_script_enabled=False, offline=True)
    said: list[str] = []
    alone = reader.new_page()
    alone.on("console", lambda message: said.append(message.text))
    alone.goto(file.as_uri())
    expect(alone.get_by_role("heading", name="Report: Reported")).to_be_visible()
    drawings = alone.get_by_role("img")
    assert drawings.count() == page.locator("kite-chart svg").count() > 8
    width = drawings.first.bounding_box()
    assert width is not None
    assert width["width"] > 200, "drawn, not only there"
    expect(alone.get_by_role("row", name=re.compile("^All"))).to_contain_text("2.00 EUR")
    assert "<script" not in file.read_text()
    assert server.url not in file.read_text()
    assert said == []
    reader.close()
