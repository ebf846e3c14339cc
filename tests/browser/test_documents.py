"""HyperText, conversations and PDFs marked by mouse, finger and keyboard: what is stored, checked, and found again."""

from __future__ import annotations

import base64
import io
import json
import subprocess
import wave
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from .conftest import ROOT, Person, Running, join, python_ready, until
from .devpage import pdf
from .test_two_annotators import make_project

pytestmark = pytest.mark.browser

SDK = ROOT / ".cache" / "label-studio-sdk" / "bin" / "python"
VERDICTS = ROOT / "tests" / "language" / "sdk_verdicts.py"
SURFACE = "document.querySelector('kite-surface')"
PAGE = (
    "<h1>Übung &amp; <i>Spiel</i></h1><script>alert(1)</script>\r\n<p>Ada <b>Love</b>lace met 😀 Babbage.<br>"
    "Second line</p>\n<table><tr><td>outer<table><tr><td>inner</td><td>one</td></tr></table></td><td>beta</td></tr>"
    "</table><pre>def f(x):\n    return x &lt; 3</pre><p dir='rtl'>שלום עולם, זה טקסט.</p>"
    "<p><a href='#top'>anchor</a></p>"
)
HYPER = """<View>
  <HyperTextLabels name="ner" toName="page">
    <Label value="Person"/><Label value="Place"/><Label value="Term" granularity="word"/>
  </HyperTextLabels>
  <HyperText name="page" value="$html"/>
  <View style="height: 120px"><Table name="facts" value="$facts"/></View>
</View>"""
TALK = """<View>
  <ParagraphLabels name="act" toName="talk"><Label value="Question"/><Label value="Complaint"/></ParagraphLabels>
  <Paragraphs name="talk" value="$talk" layout="dialogue" audioUrl="$sound" contextScroll="true" granularity="word"/>
</View>"""
PAPER = """<View>
  <OcrLabels name="ocr" toName="paper"><Label value="Title"/><Label value="Sum"/></OcrLabels>
  <Pdf name="paper" value="$paper"/>
</View>"""
CHAT = """<View>
  <Chat name="chat" value="$messages" editable="true"/>
  <Rating name="good" toName="chat" perRegion="true"/>
</View>"""


def view(page: Page) -> dict[str, Any]:
    """The engine's view, once it has answered everything."""
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    until(page, f"{SURFACE}.pending.length === 0")
    found: dict[str, Any] = page.evaluate(f"{SURFACE}.view")
    return found


def texts(page: Page) -> list[str]:
    return [region["text"] for region in view(page)["regions"].values()]


def last(page: Page) -> dict[str, Any]:
    found: dict[str, Any] = list(view(page)["regions"].values())[-1]
    return found


def painted(page: Page) -> list[str]:
    """What is highlighted, once names and paint have settled."""
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    found: list[str] = page.evaluate(
        "[...CSS.highlights.values()].flatMap((one) => [...one].map((range) => { const live = new Range();"
        " live.setStart(range.startContainer, range.startOffset); live.setEnd(range.endContainer, range.endOffset);"
        " return String(live) }))"
    )
    return sorted(found)


def place(page: Page, root: str, text: str) -> tuple[float, float, float]:
    """Left, right and middle height of a text below *root* (JavaScript); near an edge a drag would scroll."""
    box: list[float] = page.evaluate(
        f"""(text) => {{
          const walk = document.createTreeWalker({root}, NodeFilter.SHOW_TEXT)
          for (let node = walk.nextNode(); node; node = walk.nextNode()) {{
            const at = node.data.indexOf(text)
            if (at < 0) continue
            const range = document.createRange()
            range.setStart(node, at)
            range.setEnd(node, at + text.length)
            range.startContainer.parentElement.scrollIntoView({{ block: 'center' }})
            const box = range.getBoundingClientRect()
            return [box.left, box.right, box.top + box.height / 2]
          }}
        }}""",
        text,
    )
    return box[0], box[1], box[2]


def drag(page: Page, start: tuple[float, float], end: tuple[float, float]) -> None:
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move((start[0] + end[0]) / 2, (start[1] + end[1]) / 2)
    page.mouse.move(*end)
    page.mouse.up()


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


@pytest.fixture
def opened(server: Running, person: Callable[..., Person]) -> Callable[..., tuple[Page, int]]:
    """A page with the first of two equal tasks of a new project, and the project's number."""

    def make(config: str, task: dict[str, Any], **kind: Any) -> tuple[Page, int]:
        number, link = make_project(server, "Documents", [task, task], config)
        page = person(**kind).page
        join(page, link, "Ana")
        python_ready(page)
        page.evaluate(f"{SURFACE}.ready.then(() => true)")
        return page, number

    return make


def submitted(page: Page, server: Running, number: int, config: str) -> list[dict[str, Any]]:
    """Submit; the stored result, which Label Studio's own SDK takes too."""
    page.keyboard.press("Control+Enter")
    until(page, "document.body.textContent.includes('1 done')")
    rows = server.api("GET", f"/api/projects/{number}/tasks").json()["tasks"]
    made = [one for row in rows for one in server.api("GET", f"/api/tasks/{row['id']}/annotations").json()]
    result: list[dict[str, Any]] = made[0]["result"]
    asked = json.dumps([{"config": config, "result": result}])
    told = subprocess.run([str(SDK), str(VERDICTS)], input=asked, capture_output=True, text=True, check=True)
    assert json.loads(told.stdout) == [{"config": None, "accepted": True}]
    return result


DOCUMENT = "document.querySelector('kite-rich').shadowRoot.querySelector('.document')"


def test_a_document_is_marked_by_mouse_finger_and_keys_and_found_again(
    opened: Callable[..., tuple[Page, int]], server: Running
) -> None:
    rows = [{"city": f"City {at}", "people": at} for at in range(20)]
    page, number = opened(HYPER, {"html": PAGE, "facts": rows})
    expect(page.locator(".bar-note")).to_have_count(0)  # nothing "comes later"
    # Over an element, by mouse.
    page.keyboard.press("1")
    left, _, y = place(page, DOCUMENT, "Love")
    _, right, _ = place(page, DOCUMENT, "lace")
    drag(page, (left + 1, y), (right, y))
    # A word by two clicks; in a cell of a table in a table; from right to left.
    page.keyboard.press("3")
    left, right, y = place(page, DOCUMENT, "inner")
    page.mouse.dblclick((left + right) / 2, y)
    left, right, y = place(page, DOCUMENT, "שלום")
    drag(page, (right - 1, y), (left + 1, y))
    assert texts(page) == ["Lovelace", "inner", "שלום"]
    # Words that are selected without a label wait for one.
    press(page, "Escape", "Escape", "Escape")
    left, right, y = place(page, DOCUMENT, "return x < 3")
    drag(page, (left + 1, y), (right + 1, y))
    expect(page.get_by_text("Pick a label for it")).to_be_visible()
    page.keyboard.press("2")
    assert (last(page)["text"], last(page)["labels"]) == ("return x < 3", ["Place"])
    # By keys: the caret goes on where the last selection ended.
    page.locator(".sheet").first.focus()
    press(page, "Control+Home", "ArrowRight", "Shift+ArrowRight", "Shift+ArrowRight", "Shift+ArrowRight", "Enter")
    assert last(page)["text"] == "bun"
    # Words that are looked for are selected, and a label's key marks them; the same words a second time are refused.
    count = len(texts(page))
    for _ in range(2):
        press(page, "Control+f")
        expect(page.get_by_role("searchbox", name="Find in the text")).to_be_focused()
        page.keyboard.type("second line")
        press(page, "Escape", "2")
        assert (last(page)["text"], len(texts(page))) == ("Second line", count + 1)
    press(page, "Control+z", "Control+Home", "ArrowRight", "Shift+ArrowRight", "Shift+ArrowRight", "Shift+ArrowRight")
    assert page.evaluate("document.querySelector('kite-rich').shadowRoot.getSelection().toString()") == "bun"
    press(page, "ArrowRight")
    assert len(texts(page)) == count
    # The end of the selected one is pulled, then moved by keys.
    left, right, y = place(page, DOCUMENT, "lace")
    page.mouse.click(left + 2, y)
    assert view(page)["selection"] == [next(iter(view(page)["regions"]))]
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    grip = page.locator(".span-grip.is-end").bounding_box()
    assert grip
    drag(page, (grip["x"] + 1, grip["y"] + grip["height"] / 2), (place(page, DOCUMENT, " met")[1], y))
    assert texts(page)[0] == "Lovelace met"
    press(page, "Alt+Shift+ArrowLeft", "Alt+Shift+ArrowUp")
    assert texts(page)[0] == " Lovelace me"
    press(page, "Alt+Shift+ArrowRight", "Alt+Shift+ArrowDown", "Escape")
    # A finger selects first, and marks when it has what it wants.
    page.keyboard.press("2")
    touch = page.context.new_cdp_session(page)
    left, right, y = place(page, DOCUMENT, "beta")
    at = {"x": (left + right) / 2, "y": y}
    touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [at]})
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    cell = f"[...{DOCUMENT}.querySelectorAll('td')].at(-1).firstChild"
    page.evaluate(f"{DOCUMENT}.getRootNode().getSelection().setBaseAndExtent({cell}, 0, {cell}, 4)")
    until(page, "document.querySelector('kite-hypertext').classList.contains('has-selection')")
    page.locator("kite-hypertext > .text-mark").dispatch_event("click")
    assert (last(page)["text"], last(page)["labels"]) == ("beta", ["Place"])
    # Words of a link are selected like others; it leads nowhere out of the document.
    address = page.url
    left, right, y = place(page, DOCUMENT, "anchor")
    drag(page, (left + 1, y), (right - 1, y))
    assert last(page)["text"] == "anchor"
    page.mouse.click(left + 3, y)
    assert page.url == address
    # A table is searched.
    page.get_by_role("searchbox", name="Find in the table").fill("city 12")
    expect(page.get_by_text("1 of 20 rows")).to_be_visible()
    shown, marks = painted(page), texts(page)
    result = submitted(page, server, number, HYPER)
    assert [row["value"]["text"] for row in result] == marks
    whole = page.evaluate(f"{DOCUMENT}.textContent")
    for row in result:
        value = row["value"]
        assert (row["type"], whole[slice(*value["globalOffsets"].values())]) == ("hypertextlabels", value["text"])
    first = result[0]["value"]
    assert [first[name] for name in ("start", "startOffset", "end", "endOffset")] == [
        "/p[1]/b[1]/text()[1]",
        0,
        "/p[1]/text()[2]",
        8,
    ]
    sources = [PAGE[slice(*row["value"]["sourceOffsets"].values())] for row in result]
    assert sources == ["Love</b>lace met", "inner", "שלום", "return x &lt; 3", "bun", "beta", "anchor"]
    page.get_by_role("button", name="Back").click()
    until(page, f"Object.keys({SURFACE}?.view?.regions ?? {{}}).length === 7")
    page.evaluate(f"{SURFACE}.ready.then(() => true)")
    until(page, "[...CSS.highlights.values()].some((one) => one.size)")
    assert painted(page) == shown


def sound() -> str:
    """Four seconds of silence."""
    made = io.BytesIO()
    with wave.open(made, "wb") as file:
        file.setparams((1, 2, 8000, 0, "NONE", ""))
        file.writeframes(bytes(2 * 8000 * 4))
    return "data:audio/wav;base64," + base64.b64encode(made.getvalue()).decode()


PHRASES = [
    {"author": "Ana", "text": "How can I help?", "start": 0.0, "end": 1.0},
    {"author": "Bo", "text": "My order 😀 has not come.", "start": 1.0, "end": 2.0},
    {"author": "Ana", "text": "The number, please.", "start": 2.0, "end": 3.0},
    {"author": "Bo", "text": "It is 1288.", "start": 3.0, "end": 3.3},
    {"author": "Ana", "text": "Thank you.", "start": 3.3, "end": 3.6},
    {"author": "Bo", "text": "When will it be here?", "start": 3.6, "end": 4.0},
]


def test_phrases_are_walked_played_labelled_with_one_key_and_marked_in_part(
    opened: Callable[..., tuple[Page, int]], server: Running
) -> None:
    page, number = opened(TALK, {"talk": PHRASES, "sound": sound()}, height=900)
    sheet = page.get_by_role("region", name="Conversation").locator("visible=true").last
    sheet.focus()
    press(page, "ArrowDown", "1", "ArrowDown", "1", "2")  # the second one is labelled anew, not twice
    regions = list(view(page)["regions"].values())
    assert [(one["text"], one["labels"]) for one in regions] == [
        ("How can I help?", ["Question"]),
        ("My order 😀 has not come.", ["Complaint"]),
    ]
    # A part of a phrase by keys, words by the engine; a part over two phrases by mouse.
    press(page, "ArrowDown", "Control+ArrowRight", "ArrowRight", "Shift+ArrowRight", "Shift+ArrowRight", "Enter")
    assert last(page)["text"] == "number"
    talk = "document.querySelector('.phrases')"
    left, _, y = place(page, talk, "is 1288")
    _, right, below = place(page, talk, "Thank")
    drag(page, (left + 2, y), (right - 2, below))
    assert last(page)["text"].split("\n") == ["is 1288.", "Thank"]
    assert "is 1288." in painted(page)
    assert "Ana" not in painted(page)  # what stands between two phrases is none of their words
    # Three clicks take the whole phrase.
    left, right, y = place(page, talk, "Thank")
    page.mouse.move((left + right) / 2, y)
    for clicks in (1, 2, 3):
        page.mouse.down(click_count=clicks)
        page.mouse.up(click_count=clicks)
    assert last(page)["text"] == "Thank you."
    press(page, "Control+z")
    # Enter plays the phrase that was walked to, and the page goes along.
    sheet.focus()
    press(page, "Escape", "ArrowDown", "ArrowDown")
    at = page.evaluate("document.querySelector('kite-paragraphs').at")
    page.keyboard.press("Enter")
    until(page, f"document.querySelector('audio').currentTime > {PHRASES[at]['start']}")
    until(page, "document.querySelector('audio').paused")  # at the end of the phrase
    page.get_by_role("button", name="Play from 0:00").click()
    until(page, "document.querySelector('.phrase.is-playing')?.dataset.at === '0'")
    page.get_by_role("button", name="Stop at 0:00").click()
    # Looked for by author and words; a region that is hidden then is shown when it is asked for.
    page.get_by_role("combobox", name="Whose phrases").select_option("Bo")
    page.get_by_role("searchbox", name="Find in the conversation").fill("ORDER")
    expect(page.get_by_text("1 of 6")).to_be_visible()
    page.get_by_role("option", name="How can I help?").click()
    expect(page.locator(".phrase").first).to_be_visible()
    result = submitted(page, server, number, TALK)
    assert [[row["value"][name] for name in ("start", "startOffset", "end", "endOffset")] for row in result] == [
        ["0", 0, "0", 15],
        ["1", 0, "1", 24],
        ["2", 4, "2", 10],
        ["3", 3, "4", 5],
    ]


def test_pages_of_a_pdf_get_boxes_by_text_by_drag_and_by_keys(
    opened: Callable[..., tuple[Page, int]], server: Running
) -> None:
    paper = pdf(["Invoice 1288 of May", "Total 12.00 EUR", *(f"Page {at} of many" for at in range(3, 41))])
    page, number = opened(PAPER, {"paper": "data:application/pdf;base64," + base64.b64encode(paper).decode()})
    expect(page.locator(".bar-note")).to_have_count(0)
    until(page, "document.querySelector('.pdf-text span') !== null")
    pages = "document.querySelector('.pdf-pages')"
    # Words that are selected become a box around them.
    page.keyboard.press("1")
    left, right, y = place(page, pages, "Invoice 1288")
    drag(page, (left + 1, y), (right, y))
    shape = last(page)["shape"]
    assert (shape["ocrtext"], shape["pageIndex"]) == ("Invoice 1288", 1)
    assert abs(shape["x"] - 60 / 595) < 0.01
    assert 0.1 < shape["y"] < 0.2
    # A box gets the words in it; the key works also after a click on a label.
    page.locator(".bar-labels").get_by_text("Sum").click()
    press(page, "b")
    left, right, y = place(page, pages, "of May")
    drag(page, (left - 4, y - 25), (right + 10, y + 25))
    assert last(page)["shape"]["ocrtext"] == "of May"
    # It is moved off them, by the mouse and by keys, and turned.
    press(page, "Escape", "Escape")
    page.mouse.click((left + right) / 2, y)
    view(page)
    drag(page, ((left + right) / 2, y), ((left + right) / 2, y + 120))
    assert "ocrtext" not in last(page)["shape"]
    before = last(page)["shape"]
    press(page, "Shift+ArrowRight", "ArrowDown", "Alt+ArrowRight")
    after = last(page)["shape"]
    page_size = (("x", 595), ("y", 842), ("width", 595))
    assert [round((after[name] - before[name]) * points, 3) for name, points in page_size] == [10, 1, 1]
    press(page, "Escape", "Escape")
    # By keys alone: another page, a caret in its text, a box with the cursor.
    page.locator(".pdf-sheet").focus()
    press(page, "PageDown")
    until(page, "document.querySelector('.pdf-page[data-page=\"2\"] .pdf-text span') !== null")
    until(page, "document.querySelector('kite-pdf').page === 2 && document.querySelector('.pdf-sheet').scrollTop > 300")
    page.keyboard.press("1")
    until(page, "document.querySelector('.pdf-sheet').matches('.is-armed')")
    press(page, "Enter", *["Shift+ArrowRight"] * 3, "Shift+ArrowDown", "Enter")
    assert len(view(page)["regions"]) == 3
    assert last(page)["shape"]["pageIndex"] == 2
    # A box by keys may begin on another one; Shift+Enter picks what is under the cursor.
    press(page, "Escape", "Enter", *["Shift+ArrowLeft"] * 2, "Shift+ArrowDown", "Enter")
    assert len(view(page)["regions"]) == 4
    press(page, "Escape", "Shift+ArrowRight", "ArrowDown", "Shift+Enter")
    assert len(view(page)["selection"]) == 1
    press(page, "Delete")
    assert len(view(page)["regions"]) == 3
    press(page, *["Control+z"] * 3)
    assert len(view(page)["regions"]) == 2
    # The search reads all pages, goes there, and the text that it finds can be marked.
    page.keyboard.press("Control+f")
    page.keyboard.type("page 40 of")
    expect(page.get_by_text("1 of 1", exact=True)).to_be_visible()
    until(page, "document.querySelector('.pdf-page[data-page=\"40\"] .pdf-text span') !== null")
    assert page.evaluate("[...document.querySelectorAll('.pdf-photo')].filter((one) => one.width > 0).length") < 8
    press(page, "Escape", "t", "Home", "Control+ArrowRight", "Shift+Control+ArrowRight")
    wide = page.evaluate("document.querySelector('.pdf-page').clientWidth")
    page.mouse.move(400, 500)
    page.keyboard.down("Control")
    page.mouse.wheel(0, -200)
    page.keyboard.up("Control")
    until(page, f"document.querySelector('.pdf-page').clientWidth > {wide} * 1.2")
    page.keyboard.press("Enter")
    value = last(page)["shape"]
    assert (value["pageIndex"], value["ocrtext"]) == (40, "40")
    result = submitted(page, server, number, PAPER)
    assert [row["value"].get("ocrtext") for row in result] == ["Invoice 1288", None, "40"]


def test_messages_are_written_gone_through_changed_and_rated_by_keys(
    opened: Callable[..., tuple[Page, int]], server: Running
) -> None:
    page, number = opened(CHAT, {"messages": [{"role": "user", "content": "Why is the sky blue?"}]})
    page.get_by_role("textbox", name="Message as user").fill("And at dusk?")
    page.keyboard.press("Enter")
    page.keyboard.type("Red light is left.")
    page.keyboard.press("Enter")
    assert texts(page) == ["And at dusk?", "Red light is left."]
    page.get_by_role("log", name="Messages").focus()
    press(page, "ArrowUp", "ArrowUp")
    assert view(page)["selection"] == [next(iter(view(page)["regions"]))]
    page.keyboard.press("Enter")
    page.keyboard.press("End")
    page.keyboard.type(" And at dawn?")
    page.keyboard.press("Enter")
    assert texts(page)[0] == "And at dusk? And at dawn?"
    page.keyboard.press("ArrowDown")
    page.get_by_role("radio", name="4", exact=False).first.check(force=True)
    page.get_by_role("log", name="Messages").focus()
    press(page, "ArrowUp", "Delete")
    assert texts(page) == ["Red light is left."]
    result = submitted(page, server, number, CHAT)
    assert [row["type"] for row in result] == ["chatmessage", "rating"]
    assert result[0]["value"]["chatmessage"]["content"] == "Red light is left."
