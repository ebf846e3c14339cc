"""Components: the worked examples, what a person is told when one fails, and the walls of the sandbox."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Frame, Page, expect

from .conftest import ROOT, Person, Running, join, python_ready, until
from .media_tasks import PICTURE

pytestmark = pytest.mark.browser

EXAMPLES = ROOT / "examples" / "components"
SURFACE = "document.querySelector('kite-surface')"
LINES = [
    {"name": "Tea <b>", "price": 2.5, "count": 4},
    {"name": "Cups", "price": 7.25, "count": 2},
]


@pytest.fixture
def opened(server: Running, person: Callable[..., Person]) -> Callable[..., Person]:
    """A person on the first task of a new project, with Python up."""

    def make(config: str, data: dict[str, Any], **kind: Any) -> Person:
        made = server.api("POST", "/api/projects", json={"title": "Component", "label_config": config})
        assert made.status_code == 201, made.text
        number = made.json()["id"]
        imported = server.api("POST", f"/api/projects/{number}/import", json=[{"data": data}])
        assert imported.status_code == 201, imported.text
        invite = server.api("POST", f"/api/projects/{number}/invites", json={"role": "annotator", "days": 1})
        ana = person(returning=True, **kind)
        join(ana.page, invite.json()["url"], "Ana")
        python_ready(ana.page)
        return ana

    return make


def component(code: str, language: str = "js", result: str = '{"type": "object"}') -> str:
    return (
        f"<View><Component name='own' language='{language}' data='$given' result='{result}'>"
        f"<![CDATA[{code}]]></Component></View>"
    )


def frame_of(page: Page) -> Frame:
    page.locator("iframe.component-frame").wait_for()
    until(page, "document.querySelector('kite-component').ready.then(() => true)", timeout_s=60)
    return next(frame for frame in page.frames if frame.url.endswith("/component.html"))


def answer_of(page: Page, name: str) -> Any:
    until(page, f"{SURFACE}.pending.length === 0")
    return page.evaluate(f"({SURFACE}.view.answers[{json.dumps(name)}] || {{}}).component")


def wait_for_answer(page: Page, name: str, wanted: Any) -> None:
    text = json.dumps(json.dumps(wanted, separators=(",", ":")))
    until(page, f"JSON.stringify(({SURFACE}.view.answers[{json.dumps(name)}] || {{}}).component) === {text}")


def test_a_colour_picker_in_javascript_answers_and_is_told_what_its_schema_refuses(
    opened: Callable[..., Person], shot: Callable[[Page, str], None]
) -> None:
    config = (EXAMPLES / "picture-colour.xml").read_text()
    ana = opened(config, {"image": PICTURE.format(ground="d9dddf", text="A"), "shades": ["#aa3311", "#225588"]})
    frame = frame_of(ana.page)
    frame.get_by_label("Main colour").fill("#aa3311")
    wait_for_answer(ana.page, "look", {"colour": "#aa3311", "strength": 50})
    shot(ana.page, "component-colour")
    frame.get_by_label("Strength").fill("95")
    expect(ana.page.locator("kite-component [role=alert]")).to_contain_text("90")
    assert answer_of(ana.page, "look") == {"colour": "#aa3311", "strength": 50}
    frame.get_by_label("Strength").fill("70")
    wait_for_answer(ana.page, "look", {"colour": "#aa3311", "strength": 70})
    expect(ana.page.locator("kite-component [role=alert]")).to_have_count(0)
    ana.page.get_by_role("button", name="Undo").click()
    until(ana.page, f"!{SURFACE}.view.answers.look || {SURFACE}.view.answers.look.component.strength !== 70")
    expect(frame.get_by_label("Strength")).not_to_have_value("70")


def test_a_table_in_python_draws_its_data_as_text_and_answers_by_buttons(
    opened: Callable[..., Person], shot: Callable[[Page, str], None]
) -> None:
    ana = opened((EXAMPLES / "order-lines.xml").read_text(), {"lines": LINES})
    frame = frame_of(ana.page)
    expect(frame.get_by_role("cell", name="Tea <b>")).to_be_visible()
    expect(frame.get_by_role("cell", name="14.50")).to_be_visible()
    frame.get_by_role("button", name="wrong").nth(1).click()
    wait_for_answer(ana.page, "lines", {"wrong": [1]})
    expect(frame.get_by_role("button", pressed=True)).to_have_count(1)
    shot(ana.page, "component-lines")
    ana.page.get_by_role("button", name="Undo").click()
    expect(frame.get_by_role("button", pressed=True)).to_have_count(0)


def test_a_custom_element_gets_properties_and_tells_values_by_events(opened: Callable[..., Person]) -> None:
    code = """export default class extends HTMLElement {
      connectedCallback() {
        this.innerHTML = '<button>Add</button>'
        this.firstChild.onclick = () => this.dispatchEvent(new CustomEvent('value', { detail: { sum: this.data + 1 } }))
      }
    }"""
    ana = opened(component(code), {"given": 41})
    frame_of(ana.page).get_by_role("button", name="Add").click()
    wait_for_answer(ana.page, "own", {"sum": 42})


@pytest.mark.parametrize(
    ("code", "language", "told"),
    [
        pytest.param("const a = 1\nconst b = (", "js", "in line 2", id="code that is no JavaScript"),
        pytest.param(
            "\n\nexport default function mount() {\n\n  nobody.knows()\n}",
            "js",
            "in line 3",
            id="an error when it starts",
        ),
        pytest.param("const a = 1", "js", "export default function mount", id="nothing to start"),
        pytest.param(
            "def render(data, value, params):\n    return data['no']", "python", "in line 2", id="an error of Python"
        ),
        pytest.param("def render(:", "python", "in line 1", id="code that is no Python"),
        pytest.param("def draw(): pass", "python", "no function render", id="Python without render"),
    ],
)
def test_an_error_of_a_component_is_shown_with_its_line(
    opened: Callable[..., Person], code: str, language: str, told: str
) -> None:
    ana = opened(component(code, language), {"given": {}})
    alert = ana.page.locator("kite-component [role=alert]")
    expect(alert).to_contain_text(told, timeout=60_000)
    expect(alert.get_by_role("button", name="Start it again")).to_be_visible()
    ana.complaints.clear()  # the browser says on the console what the page says in words


def test_a_value_that_is_no_json_is_refused_in_words(opened: Callable[..., Person]) -> None:
    code = "export default function mount({ send }) { const loop = {}; loop.self = loop; send(loop) }"
    page = opened(component(code), {"given": {}}).page
    expect(page.locator("kite-component [role=alert]")).to_contain_text("circular")


def test_python_that_never_ends_is_stopped(opened: Callable[..., Person]) -> None:
    code = "def render(data, value, params):\n    while True:\n        pass"
    ana = opened(component(code, "python"), {"given": {}})
    expect(ana.page.locator("kite-component [role=alert]")).to_contain_text("was stopped", timeout=60_000)
    ana.page.get_by_role("button", name="Keys").click()  # the page around it is alive
    expect(ana.page.get_by_role("dialog")).to_be_visible()


ESCAPES = """
const tried = {}
const attempt = async (name, escape) => {
  try { tried[name] = 'done: ' + await escape() } catch (error) { tried[name] = error.name }
}
export default async function mount({ send, data }) {
  await attempt('fetch', () => fetch('/api/session'))
  await attempt('fetch with cookies', () => fetch(data.origin + '/api/session', { credentials: 'include' }))
  await attempt('fetch outside', () => fetch(data.outside))
  await attempt('request', () => new Promise((done, fault) => {
    const asked = new XMLHttpRequest()
    asked.onload = done
    asked.onerror = () => fault(new TypeError('refused'))
    asked.open('GET', data.outside)
    asked.send()
  }))
  await attempt('socket', () => new Promise((done, fault) => {
    const socket = new WebSocket(data.outside.replace('http', 'ws'))
    socket.onopen = done
    socket.onerror = () => fault(new TypeError('refused'))
  }))
  await attempt('picture', () => new Promise((done, fault) => {
    const image = new Image()
    image.onload = done
    image.onerror = () => fault(new TypeError('refused'))
    image.src = data.outside
  }))
  await attempt('script', () => import(data.outside))
  await attempt('cookie', () => document.cookie)
  await attempt('local storage', () => localStorage.getItem('x'))
  await attempt('session storage', () => sessionStorage.getItem('x'))
  await attempt('database', () => new Promise((done, fault) => {
    const asked = indexedDB.open('x')
    asked.onsuccess = done
    asked.onerror = () => fault(asked.error)
  }))
  await attempt('service worker', () => navigator.serviceWorker.register('/sw.js'))
  await attempt('parent', () => parent.document.title)
  await attempt('top', () => top.document.title)
  await attempt('frames', () => [...parent.frames].map((frame) => frame.document.title))
  await attempt('top navigation', () => { top.location = data.outside })
  await attempt('window', () => { if (!open(data.outside)) throw new TypeError('refused') })
  await attempt('eval', () => eval('1'))
  await attempt('peer', () => new RTCPeerConnection())
  await attempt('nested page', () => {
    const frame = document.body.appendChild(document.createElement('iframe'))
    frame.src = data.origin + '/'
    return frame.contentDocument.title
  })
  send({ tried, origin: origin })
}
"""


def test_a_component_reaches_nothing_around_it(server: Running, opened: Callable[..., Person]) -> None:
    outside = server.url.replace("127.0.0.1", "localhost") + "/samples/street.svg"
    ana = opened(component(ESCAPES), {"given": {"origin": server.url, "outside": outside}})
    frame_of(ana.page)
    until(ana.page, f"!!({SURFACE}.view.answers.own)", timeout_s=60)
    answer = answer_of(ana.page, "own")
    assert answer["origin"] == "null"
    assert {name: how for name, how in answer["tried"].items() if how.startswith("done")} == {}
    assert len(answer["tried"]) == 20
    assert ana.page.url.startswith(server.url + "/")
    ana.complaints.clear()  # every attempt leaves its line on the console


def test_a_component_cannot_carry_data_away_by_leaving_its_frame(
    server: Running, opened: Callable[..., Person]
) -> None:
    outside = server.url.replace("127.0.0.1", "localhost") + "/samples/street.svg"
    code = "export default function mount({ data }) { location.href = data.outside + '?stolen=' + data.secret }"
    ana = opened(component(code), {"given": {"outside": outside, "secret": "name"}})
    ana.page.wait_for_timeout(1000)
    assert not any("stolen" in frame.url for frame in ana.page.frames)
    ana.complaints.clear()


def test_python_reaches_no_network_and_no_page(server: Running, opened: Callable[..., Person]) -> None:
    code = """
import js, json
from pyodide.code import run_js

def tried(text):
    try:
        return f"done: {run_js(text)}"
    except BaseException as error:
        return type(error).__name__

def render(data, value, params):
    escapes = ("document.cookie", "localStorage.length", "parent.document.title", "indexedDB.open('x').x.y")
    found = {text: tried(text) for text in escapes}
    request = js.XMLHttpRequest.new()
    try:
        request.open("GET", data["origin"] + "/api/session", False)
        request.send()
        found["request"] = f"done: {request.status}"
    except BaseException as error:
        found["request"] = type(error).__name__
    return f"<pre>{json.dumps(found)}</pre><script>parent.postMessage('x', '*')</script><img src=x onerror=alert(1)>"
"""
    ana = opened(component(code, "python"), {"given": {"origin": server.url}})
    frame = frame_of(ana.page)
    found = json.loads(frame.locator("pre").inner_text())
    assert {name: how for name, how in found.items() if how.startswith("done")} == {}
    assert frame.locator("script[src]").count() == frame.locator("script").count()
    assert frame.locator("[onerror]").count() == 0
    ana.complaints.clear()


def test_the_frame_says_what_it_may_load(server: Running) -> None:
    answer = server.api("GET", "/component.html")
    policy = answer.headers["content-security-policy"]
    assert "sandbox allow-scripts;" in policy
    assert "default-src 'none'" in policy
    host = server.url.removeprefix("http://")
    places = re.search(r"connect-src ([^;]*)", policy)
    assert places
    assert all(place.startswith(f"{host}/assets/") for place in places[1].split())


@pytest.mark.parametrize("name", ["picture-colour", "order-lines"])
def test_the_docs_print_the_examples_as_they_are(name: str) -> None:
    assert (EXAMPLES / f"{name}.xml").read_text() in (ROOT / "docs" / "components.md").read_text()
