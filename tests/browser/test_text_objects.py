"""Documents, conversations, tables and layout as a person meets them: names, keys, and nothing on the console.

The states are hand-made (web/static/dev/documents.js), the page is bundled as a release is and served under its policy.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from .conftest import Person, Running, join, python_ready, until
from .devpage import build, served
from .test_documents import painted


@pytest.fixture(scope="module")
def states(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("states")
    build(folder)
    with served(folder) as address:
        yield address


@pytest.fixture
def opened(states: str, person: Callable[..., Person]) -> Callable[..., Page]:
    """Open one state; afterwards nothing may stand on the console (see ``person``)."""

    def make(case: str, *, width: int = 1280, height: int = 800, dark: bool = False) -> Page:
        page = person(width=width, height=height, dark=dark).page
        page.goto(f"{states}?case={case}")
        until(page, "document.documentElement.dataset.ready !== undefined")
        return page

    return make


def intents(page: Page, kind: str) -> list[dict[str, object]]:
    found: list[dict[str, object]] = page.evaluate(
        "(kind) => globalThis.intents.filter((one) => one.type === kind)", kind
    )
    return found


CASES = [
    ("hypertext", "Document"),
    ("paragraphs", "Conversation"),
    ("chat", "Messages"),
    ("table", "Table, 450 rows"),
    ("list", "Search results"),
    ("pdf", "PDF document, 3 pages"),
]


def shown(page: Page, states: str, case: str) -> None:
    """Another state on the same page: a new page costs more than all the test."""
    page.goto(f"{states}?case={case}")
    until(page, "document.documentElement.dataset.ready !== undefined")


def test_the_keyboard_reaches_all_data_and_its_name_says_what_it_is(states: str, person: Callable[..., Person]) -> None:
    page = person().page
    for case, name in CASES:
        shown(page, states, case)
        for _ in range(20):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.getAttribute('aria-label')") == name:
                break
        else:
            pytest.fail(f"{case}: twenty steps of the keyboard did not reach {name!r}")


@pytest.mark.parametrize("dark", [pytest.param(False, id="light"), pytest.param(True, id="dark")])
def test_axe_finds_no_fault_and_the_page_is_no_wider_than_a_phone(
    states: str, person: Callable[..., Person], dark: bool
) -> None:
    page = person(width=390, height=780, dark=dark).page
    faults: list[tuple[str, str, str]] = []
    for case in [*(name for name, _ in CASES), "pdf&ocr", "layout", "question", "repeater", "unknown"]:
        shown(page, states, case)
        page.add_script_tag(url="/axe.min.js")
        found = page.evaluate("axe.run('kite-surface', { resultTypes: ['violations'] })")
        faults += [
            (case, rule["id"], node["html"][:120])
            for rule in found["violations"]
            if rule["impact"] in ("serious", "critical")
            for node in rule["nodes"]
        ]
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, case
    assert faults == []


def test_a_document_runs_nothing_loads_nothing_and_stays_in_its_place(opened: Callable[..., Page]) -> None:
    page = opened("hypertext")
    text = page.locator("kite-rich .document")
    expect(text).to_contain_text("Delivered to Ada Lovelace in Berlin")
    assert page.title() == "Labeling surface: states"
    assert (
        page.locator("kite-rich :is(script, style, form, input, [onclick], [href], [src], [style*=position])").count()
        == 0
    )
    looks = page.evaluate(
        "(() => { const root = document.querySelector('kite-rich').shadowRoot;"
        "const [box, title, own] = [root.querySelector('.box'), root.querySelector('h1'), document.querySelector('h1')]"
        ".map((one) => getComputedStyle(one));"
        "return [box.fontStyle, box.position, box.backgroundImage, title.color, title.position, own.color] })()"
    )
    assert looks[:5] == ["italic", "static", "none", "rgb(122, 31, 31)", "static"]
    assert looks[5] != "rgb(122, 31, 31)"  # its CSS has not left it


def test_links_of_a_document_lead_away_only_if_the_config_says_so(opened: Callable[..., Page]) -> None:
    page = opened("hypertext&links")
    link = page.locator("kite-rich a")
    assert [link.get_attribute(name) for name in ("href", "target", "rel")] == [
        "https://example.org/berlin",
        "_blank",
        "noopener noreferrer",
    ]


def test_stored_regions_of_a_document_are_seen_and_picked(opened: Callable[..., Page]) -> None:
    page = opened("hypertext")
    assert page.get_by_text("comes later").count() == 0
    assert painted(page) == ["Ada Lovelace", "Berlin"]
    page.locator("kite-rich b").click()
    assert intents(page, "select")[-1]["regions"] == ["r1"]
    expect(page.get_by_role("option", name="Person, “Ada Lovelace”")).to_be_visible()


def test_a_document_behind_an_address_is_fetched_and_a_missing_one_says_what_to_do(
    opened: Callable[..., Page],
) -> None:
    page = opened("hypertext&url=page.html")
    expect(page.locator("kite-rich .document")).to_have_text("A page that was fetched.")
    told = intents(page, "object_loaded")[-1]
    assert (told["text"], told["source"]) == ("A page that was fetched.", "<p>A page that was fetched.</p>")
    assert told["nodes"] == [["/p[1]/text()[1]", 24, True]]


@pytest.mark.complaints_expected
def test_data_that_does_not_come_says_what_to_do(opened: Callable[..., Page]) -> None:
    for case in ("hypertext&url=missing.html", "paragraphs&url=missing.json", "pdf&url=missing.pdf"):
        page = opened(case)
        alert = page.get_by_role("alert").filter(has_text="could not be loaded")
        expect(alert).to_contain_text("From 127.0.0.1")
        expect(alert.get_by_role("button", name="Try again")).to_be_visible()
        expect(alert.get_by_role("link", name="Download it")).to_be_visible()


def test_a_pdf_that_is_none_is_offered_as_a_download(opened: Callable[..., Page]) -> None:
    page = opened("pdf&url=page.html")
    alert = page.get_by_role("alert").filter(has_text="This PDF cannot be shown")
    expect(alert.get_by_role("link", name="Download it")).to_have_attribute("href", "page.html")


def test_a_conversation_shows_who_speaks_and_its_stored_phrases(opened: Callable[..., Page]) -> None:
    page = opened("paragraphs")
    phrases = page.locator(".phrase")
    expect(phrases).to_have_count(5)
    expect(phrases.nth(1)).to_contain_text("Customer")
    expect(phrases.nth(1)).to_contain_text("0:04")
    assert painted(page) == ["nobody answers my mails"]
    page = opened("paragraphs&layout=none&empty")
    expect(page.get_by_text("This conversation is empty.")).to_be_visible()


def test_messages_are_text_and_those_that_were_written_can_be_selected_by_key(opened: Callable[..., Page]) -> None:
    page = opened("chat")
    expect(page.get_by_text("<b>Not bold.</b>")).to_be_visible()
    page.get_by_role("button", name="Select message 1, User").press("Enter")
    assert intents(page, "select")[-1]["regions"] == ["r1"]


def test_a_long_table_keeps_its_head_and_makes_its_rows_on_the_way(opened: Callable[..., Page]) -> None:
    page = opened("table")
    assert page.locator("tbody tr").count() == 200
    page.get_by_role("region", name="Table, 450 rows").press("End")
    until(page, "document.querySelectorAll('tbody tr').length > 200")
    head = page.get_by_role("columnheader", name="City")
    expect(head).to_be_in_viewport()
    expect(page.get_by_text("rows; more come as you scroll")).to_contain_text("of 450")


def test_pages_of_a_pdf_are_drawn_when_they_come_near_and_read_out(opened: Callable[..., Page]) -> None:
    page = opened("pdf", height=500)
    until(page, "document.querySelector('.pdf-page[data-page=\"1\"] > canvas').width > 0")
    until(page, "document.querySelector('.pdf-page .pdf-text').textContent === 'First page'")
    assert page.evaluate("document.querySelector('.pdf-page[data-page=\"3\"] > canvas').width") == 0
    page.get_by_role("spinbutton", name="Page").fill("3")
    page.keyboard.press("Enter")
    until(page, "document.querySelector('.pdf-page[data-page=\"3\"] > canvas').width > 0")
    until(page, "document.querySelector('.pdf-page[data-page=\"1\"] > canvas').width === 0")
    wide = "document.querySelector('.pdf-page').clientWidth"
    before = page.evaluate(wide)
    page.get_by_role("button", name="Zoom in").click()
    until(page, f"{wide} > {before} * 1.2")


def test_small_pages_stand_beside_a_pdf_and_are_gone_through_by_keys(opened: Callable[..., Page]) -> None:
    page = opened("pdf", height=500)
    page.locator(".pdf-sheet").press("o")
    first = page.get_by_role("button", name="Page 1 of 3")
    expect(first).to_be_focused()
    until(page, "document.querySelectorAll('.pdf-small-page > canvas').length >= 2")
    page.keyboard.press("End")
    last = page.get_by_role("button", name="Page 3 of 3")
    expect(last).to_be_focused()
    expect(last).to_have_attribute("aria-current", "page")
    until(page, "document.querySelector('.pdf-page[data-page=\"3\"] > canvas').width > 0")
    page.keyboard.press("ArrowUp")
    expect(page.get_by_role("spinbutton", name="Page")).to_have_value("2")
    page.keyboard.press("Escape")
    expect(page.locator(".pdf-sheet")).to_be_focused()
    first.click()
    expect(page.get_by_role("spinbutton", name="Page")).to_have_value("1")
    page.get_by_role("button", name="Small pages", exact=True).click()
    expect(page.locator("kite-pdf-strip")).to_have_count(0)


def test_a_filter_is_reached_by_its_key_and_picks_by_enter(opened: Callable[..., Page]) -> None:
    page = opened("layout")
    page.keyboard.press("Shift+F")
    page.keyboard.type("s")
    expect(page.get_by_text("1 more letter")).to_be_visible()
    expect(page.locator("[data-name=topic] .choice")).to_have_count(4)
    page.keyboard.type("a")
    expect(page.locator("[data-name=topic] .choice")).to_contain_text(["Sailing"])
    page.keyboard.press("Enter")
    assert intents(page, "choose")[-1]["choice"] == "Sailing"
    expect(page.locator("[data-name=topic] .choice")).to_have_count(4)


def test_markdown_is_cleaned_and_panels_fold_by_key_one_at_a_time(opened: Callable[..., Page]) -> None:
    page = opened("layout")
    expect(page.get_by_role("heading", name="How to label")).to_be_visible()
    assert page.locator("kite-markdown script").count() == 0
    expect(page.get_by_text("Neutral")).to_be_visible()
    page.locator("summary", has_text="Quality").press("Enter")
    expect(page.get_by_text("Good", exact=True)).to_be_visible()
    expect(page.get_by_text("Neutral")).to_be_hidden()


def test_a_question_lists_its_answers(opened: Callable[..., Page]) -> None:
    page = opened("question")
    question = page.get_by_role("region", name="Why was the regatta called off?")
    question.get_by_role("button", name="there was no wind", exact=True).click()
    assert intents(page, "select")[-1]["regions"] == ["r1"]
    question.get_by_role("button", name="Delete the answer there was no wind").click()
    assert intents(page, "delete")[-1]["regions"] == ["r1"]
    expect(question.get_by_role("button", name="there was no wind", exact=True)).to_have_count(0)


def test_pages_of_a_repeater_turn_by_key_and_hotkeys_are_those_of_the_page(opened: Callable[..., Page]) -> None:
    page = opened("repeater")
    expect(page.get_by_role("heading", name="Part 1")).to_be_visible()
    page.keyboard.press("Alt+ArrowRight")
    expect(page.get_by_role("heading", name="Part 2")).to_be_visible()
    assert intents(page, "view_item") == [{"type": "view_item", "node": "n1", "item": 1}]
    page.keyboard.press("1")
    assert intents(page, "choose")[-1]["control"] == "c1"
    expect(page.get_by_role("button", name="Undo")).to_be_visible()
    page.get_by_role("button", name="Next page").click()
    expect(page.get_by_text("3 of 3")).to_be_visible()
    page.keyboard.press("Alt+ArrowRight")
    assert len(intents(page, "view_item")) == 2


def test_copies_beneath_each_other_answer_to_the_keys_of_the_one_with_the_keyboard(opened: Callable[..., Page]) -> None:
    page = opened("repeater&mode=list")
    expect(page.get_by_role("heading", name="Part 3")).to_be_attached()
    page.keyboard.press("1")
    page.locator("[data-name=c2] input").first.focus()
    page.keyboard.press("1")
    assert [one["control"] for one in intents(page, "choose")] == ["c0", "c2"]


def test_what_cannot_be_shown_yet_is_named(opened: Callable[..., Page]) -> None:
    page = opened("unknown")
    notes = page.get_by_role("note")
    expect(notes).to_have_count(3)
    expect(notes.nth(0)).to_contain_text("Hologram")
    expect(notes.nth(1)).to_contain_text("This question cannot be answered here yet.")


def test_pages_of_pictures_and_texts_fetch_no_viewer(opened: Callable[..., Page]) -> None:
    def fetched(page: Page) -> list[str]:
        names: list[str] = json.loads(
            page.evaluate("JSON.stringify(performance.getEntriesByType('resource').map((one) => one.name))")
        )
        return [name.rsplit("/", 1)[-1] for name in names]

    for case in ("image", "text"):
        found = fetched(opened(case))
        assert not [name for name in found if name.startswith(("kite-", "pdf", "purify", "marked"))], found
    assert any(name.startswith("kite-hypertext") for name in fetched(opened("hypertext")))


CONFIG = """<View>
  <Markdown>
    ## Compare

    Read *both* parts of $title, please.
  </Markdown>
  <Repeater on="$parts" indexFlag="{{idx}}" mode="pagination">
    <HyperText name="part_{{idx}}" value="$parts[{{idx}}].html"/>
    <Choices name="good_{{idx}}" toName="part_{{idx}}"><Choice value="Good"/><Choice value="Bad"/></Choices>
  </Repeater>
  <Table name="facts" value="$facts"/>
</View>"""


def test_a_config_with_pages_of_documents_is_labelled_from_its_link_to_its_answer(
    server: Running, person: Callable[..., Person]
) -> None:
    project = server.api("POST", "/api/projects", json={"title": "Parts", "label_config": CONFIG}).json()["id"]
    parts = [{"html": "<p>The <b>first</b> part</p>"}, {"html": "<p>The second part</p>"}]
    task = {"title": "the letter", "parts": parts, "facts": {"year": 1842}}
    server.api("POST", f"/api/projects/{project}/import", json=[{"data": task}])
    invite = server.api("POST", f"/api/projects/{project}/invites", json={"role": "annotator", "days": 1}).json()
    page = person().page
    join(page, invite["url"], "Ana")
    expect(page.get_by_role("heading", name="Compare")).to_be_visible()
    expect(page.get_by_text("Read both parts of the letter, please.")).to_be_visible()
    expect(page.get_by_role("cell", name="1842")).to_be_visible()
    expect(page.get_by_text("The first part")).to_be_visible()
    page.keyboard.press("1")
    page.keyboard.press("Alt+ArrowRight")
    expect(page.get_by_text("The second part")).to_be_visible()
    page.keyboard.press("2")
    python_ready(page)
    page.get_by_role("button", name="Submit").click()
    until(page, "document.body.textContent.includes('1 done')")
    [row] = server.api("GET", f"/api/projects/{project}/tasks").json()["tasks"]
    made = None
    for _ in range(600):  # what is done is in the browser first, then on its way
        made = next(iter(server.api("GET", f"/api/tasks/{row['id']}/annotations").json()), None)
        if made:
            break
        page.wait_for_timeout(100)
    assert made
    assert [(one["from_name"], one["value"]["choices"]) for one in made["result"]] == [
        ("good_0", ["Good"]),
        ("good_1", ["Bad"]),
    ]
