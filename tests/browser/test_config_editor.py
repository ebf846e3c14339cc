"""The config editor in a real Chromium: a config out of nothing by keyboard alone, and the preview beside it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from .conftest import Person, Running, until

pytestmark = pytest.mark.browser
PYTHON_MS = 90_000

CODE = "document.querySelector('kite-config-editor').value"
FOCUSED = "document.activeElement"


def editor(server: Running, person: Callable[..., Person], **look: int | bool) -> Page:
    """An owner on the page of a new project; Python is there and the preview is shown."""
    page = person(returning=True, **look).page
    page.goto(server.owner_link)
    page.wait_for_url("**/projects")
    page.goto(f"{server.url}/projects/new")
    expect(page.locator("kite-surface")).to_be_attached(timeout=PYTHON_MS)
    expect(page.locator(".ce-status")).to_contain_text("no problems")
    return page


def tab_to(page: Page, wanted: str, key: str = "Tab") -> None:
    """Press Tab until the focus is on what `wanted` (JavaScript) says."""
    for _ in range(80):
        if page.evaluate(wanted):
            return
        page.keyboard.press(key)
    raise AssertionError(f"Tab never got to {wanted}")


def write(page: Page, source: str) -> None:
    """A whole new config, as if it was pasted; the cursor is at its end."""
    page.locator("kite-code[language=xml]").click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(source)


def popup(page: Page) -> Locator:
    return page.locator("kite-code[language=xml] .cm-tooltip-autocomplete")


def choose(page: Page, typed: str, label: str) -> None:
    """Type, wait until `label` is the chosen one of the suggestions, take it."""
    page.keyboard.type(typed)
    expect(popup(page).locator("li[aria-selected] .cm-completionLabel")).to_have_text(label)
    # CodeMirror takes no key for a list that is younger than this, so that nobody takes what they have not seen.
    page.wait_for_timeout(100)
    page.keyboard.press("Enter")
    expect(popup(page).filter(has_text=typed)).to_have_count(0)


def test_a_config_is_written_mended_tried_and_read_by_keyboard_alone(
    server: Running, person: Callable[..., Person], shot: Callable[[Page, str], None]
) -> None:
    page = editor(server, person, width=1440, height=900)
    in_config = f"{FOCUSED}?.matches('kite-code[language=xml]')"
    tab_to(page, in_config)
    page.keyboard.press("Control+a")
    page.keyboard.press("Delete")
    expect(page.get_by_role("heading", name="A config makes the page that people label on")).to_be_visible()
    shot(page, "editor-empty")

    choose(page, "<", "View")
    choose(page, "<Text", "Text")
    page.keyboard.press("Enter")
    choose(page, "<Choi", "Choices")
    page.keyboard.type("Happy")
    page.keyboard.press("End")
    page.keyboard.press("Enter")
    choose(page, "<Cho", "Choice")
    page.keyboard.type("Sad 😀")
    shot(page, "editor-written")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("End")
    page.keyboard.press("ArrowLeft")
    choose(page, " req", "required")
    assert page.evaluate(CODE) == (
        '<View>\n  <Text name="text" value="$text"/>\n  <Choices name="choices" toName="text" required="true">\n'
        '    <Choice value="Happy"/>\n    <Choice value="Sad 😀"/>\n  </Choices>\n</View>'
    )
    expect(page.locator("kite-surface")).to_contain_text("Sad 😀")
    expect(page.locator(".ce-status")).to_contain_text("no problems")

    # a problem behind an emoji on its line, mended from the menu
    for _ in range(2):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("End")
    page.keyboard.type(' <Choic value="😀 Other"')
    page.keyboard.press("Escape")
    page.keyboard.type("/>")
    problem = page.locator(".ce-problem")
    expect(problem).to_contain_text("5:29")
    underlined = page.locator("kite-code[language=xml] .cm-lintRange-error")
    expect(underlined.first).to_have_text("<Choic")
    page.keyboard.press("Control+Home")
    page.keyboard.press("F8")
    page.keyboard.press("Alt+Enter")
    fixes = page.get_by_role("dialog", name="Fixes")
    expect(fixes.get_by_role("button").first).to_be_focused()
    shot(page, "editor-fixes")
    page.keyboard.press("Enter")
    expect(page.locator(".ce-status")).to_contain_text("no problems")
    expect(page.locator("kite-surface")).to_contain_text("😀 Other")
    assert page.evaluate(in_config), "the focus is back in the editor"

    page.keyboard.press("Shift+Alt+f")
    until(page, f"{CODE}.includes('\\n    <Choice value=\"😀 Other\"/>\\n')")

    # other data, an answer, its result
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    assert not page.evaluate(in_config), "Tab leaves the editor"
    tab_to(page, f"{FOCUSED}?.matches('kite-code[language=json]')")
    page.keyboard.press("Control+a")
    page.keyboard.type('{"text": "Kites fly."')
    expect(page.locator("kite-surface")).to_contain_text("Kites fly.")
    tab_to(page, f"!!{FOCUSED}?.closest('kite-surface')", "Shift+Tab")
    page.keyboard.press("1")
    tab_to(page, f"{FOCUSED}?.matches('[role=tab][aria-selected=true]')")
    page.keyboard.press("ArrowRight")
    result = page.get_by_role("region", name="Result, JSON")
    expect(result).to_contain_text('"Happy"')
    expect(result).to_contain_text('"from_name": "choices"')
    expect(page.get_by_role("tab", name="Result JSON (1)")).to_be_focused()
    shot(page, "editor-result")


def test_the_sample_task_is_changed_reset_made_anew_and_put_into_the_config(
    server: Running, person: Callable[..., Person]
) -> None:
    page = editor(server, person)
    write(page, '<View>\n  <!-- {"title": "One"} -->\n  <Text name="t" value="$title"/>\n</View>')
    data = page.locator("kite-code[language=json]")
    text = "document.querySelector('kite-code[language=json]').value"
    until(page, f"{text}.includes('One')")
    data.click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text('{"title": "Three -- four", }')
    expect(page.locator(".ce-side [role=status]")).to_contain_text("Not JSON")
    expect(data.locator(".cm-lintRange-error")).to_have_count(1)
    page.keyboard.press("Control+a")
    page.keyboard.insert_text('{"name": "Three -- four"}')
    expect(page.locator(".ce-side [role=status]")).to_contain_text("Not in this task: title")
    page.keyboard.press("Control+a")
    page.keyboard.insert_text('{"title": "Three -- four"}')
    expect(page.locator("kite-surface")).to_contain_text("Three -- four")
    page.get_by_role("button", name="Put into the config").click()
    until(page, f"{CODE}.includes('Three -\\\\u002d four')")
    expect(page.locator(".ce-status")).to_contain_text("no problems")
    expect(page.locator("kite-surface")).to_contain_text("Three -- four")
    page.get_by_role("button", name="Make sample data").click()
    expect(page.locator("kite-surface")).not_to_contain_text("Three -- four")
    page.get_by_role("button", name="Back to the config’s sample").click()
    expect(page.locator("kite-surface")).to_contain_text("Three -- four")


def test_the_preview_keeps_the_last_good_config_and_an_answer_survives_an_edit(
    server: Running, person: Callable[..., Person]
) -> None:
    page = editor(server, person)
    write(
        page,
        '<View>\n  <Text name="t" value="$t"/>\n  <Choices name="c" toName="t">\n    <Choice value="Good"/>\n'
        "  </Choices>\n</View>",
    )
    page.locator("kite-surface .choice-name", has_text="Good").click()
    expect(page.get_by_role("tab", name="Result JSON (1)")).to_be_visible()
    write(page, '<View>\n  <Text name="t" value="$t"/>\n  <Choices name="c" toName="t">\n    <Choice value="Good"')
    expect(page.locator(".ce-kept")).to_be_visible()
    expect(page.locator("kite-surface")).to_contain_text("Good")
    page.keyboard.insert_text('/><Choice value="Bad"/></Choices></View>')
    expect(page.locator("kite-surface")).to_contain_text("Bad")
    expect(page.locator(".ce-kept")).to_have_count(0)
    expect(page.get_by_role("tab", name="Result JSON (1)")).to_be_visible()


def test_documentation_is_shown_at_the_cursor_and_under_the_pointer(
    server: Running, person: Callable[..., Person]
) -> None:
    page = editor(server, person)
    write(page, '<View>\n  <Text name="t" value="$t"/>\n  <Rating name="r" toName="t"/>\n</View>')
    expect(page.locator(".ce-status")).to_contain_text("no problems")
    page.locator("kite-code[language=xml] .cm-line", has_text="Rating").get_by_text("Rating").hover()
    doc = page.locator("kite-code[language=xml] .code-doc")
    expect(doc).to_contain_text("Give some stars")
    page.mouse.move(5, 5)
    expect(doc).to_have_count(0)
    page.keyboard.press("Control+Home")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("F1")
    expect(doc).to_contain_text("A box around other tags")
    page.keyboard.press("Escape")
    expect(doc).to_have_count(0)
    page.keyboard.press("End")
    page.keyboard.press("Enter")
    expect(popup(page)).to_have_count(0)  # between tags only who asks gets a list
    page.keyboard.press("Control+Space")
    expect(popup(page)).to_contain_text("RectangleLabels")


def test_a_tag_is_renamed_with_its_end_tag_and_closed_by_itself(server: Running, person: Callable[..., Person]) -> None:
    page = editor(server, person)
    write(page, "<View>\n  <Panel>a</Panel>\n</View>")
    page.keyboard.press("Control+Home")
    page.keyboard.press("ArrowDown")
    for _ in range(8):
        page.keyboard.press("ArrowRight")
    page.keyboard.type("s")
    until(page, f"{CODE} === '<View>\\n  <Panels>a</Panels>\\n</View>'")
    page.keyboard.press("Backspace")
    page.keyboard.press("Backspace")
    until(page, f"{CODE} === '<View>\\n  <Pane>a</Pane>\\n</View>'")
    page.keyboard.press("Control+z")
    until(page, f"{CODE}.includes('<Panel') && {CODE}.includes('</Panel')")
    write(page, "")
    page.keyboard.type("<View")
    page.keyboard.press("Escape")
    page.keyboard.type(">")
    until(page, f"{CODE} === '<View></View>'")


@pytest.mark.complaints_expected
def test_the_preview_comes_back_when_the_worker_dies(server: Running, person: Callable[..., Person]) -> None:
    page = editor(server, person)
    for worker in page.workers:
        worker.evaluate("self.close()")
    page.locator("kite-code[language=xml]").click()
    page.keyboard.press("Control+Home")
    page.keyboard.press("End")
    page.keyboard.insert_text('\n  <Header value="After the fall"/>')
    expect(page.locator("kite-surface")).to_contain_text("After the fall", timeout=PYTHON_MS)


@pytest.mark.parametrize("width", [1440, 1024, 390])
def test_nothing_is_cut_off_at_any_width(
    server: Running, person: Callable[..., Person], shot: Callable[[Page, str], None], width: int
) -> None:
    page = editor(server, person, width=width, height=844 if width == 390 else 900)
    write(page, '<View>\n  <Text name="t" value="$t" colour="red"/>\n  <Ratng name="r"/>\n</View>')
    expect(page.locator(".ce-problem")).to_have_count(2)
    shot(page, f"editor-{width}")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("button", name="Change to <Rating>").click()
    expect(page.locator(".ce-problem")).to_have_count(1)
    if width == 390:
        page.get_by_role("button", name="Preview", exact=True).click()
        expect(page.locator("kite-surface")).to_be_visible()
        shot(page, "editor-390-preview")
        page.get_by_role("button", name="Data and result").click()
        expect(page.locator("kite-code[language=json]")).to_be_visible()
        shot(page, "editor-390-data")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
