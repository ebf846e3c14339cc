"""Texts of the annotators' pages: all of them in the catalogue, every language complete, nothing left over."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest

from scripts import texts
from scripts.lit_templates import words_in_templates

MODULES = [path for path in texts.modules() if texts.is_annotators(str(path.relative_to(texts.STATIC)))]
TEMPLATES = [path for path in MODULES if "html`" in path.read_text()]
USED = texts.used()
SAID = texts.said()


@pytest.fixture(scope="module")
def plurals() -> dict[str, dict[str, str]]:
    """English texts that count something, read from the module itself."""
    module = (texts.TEXTS / "english.js").as_uri()
    script = f"import {{ PLURALS }} from '{module}'; console.log(JSON.stringify(PLURALS))"
    done = subprocess.run(
        ["node", "--input-type=module", "-e", script], capture_output=True, text=True, check=True, timeout=30
    )
    found: dict[str, dict[str, str]] = json.loads(done.stdout)
    return found


def test_there_is_something_to_guard() -> None:
    assert len(USED) > 900
    assert len(SAID) > 150
    assert len(TEMPLATES) > 60
    assert texts.languages()


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(texts.STATIC)))
def test_templates_have_no_words_beside_the_catalogue(path: Path) -> None:
    assert [*words_in_templates(path.read_text())] == []


def test_words_in_a_template_are_found() -> None:
    source = 'html`<p title="Take away">${t(\'Fine\')} <b>Not fine</b> <kbd class="kbd">Enter</kbd></p>`'
    assert [*words_in_templates(source)] == [(1, "Take away"), (1, "Not fine")]


@pytest.mark.parametrize("language", texts.languages())
@pytest.mark.parametrize("part", ["interface", "said"])
def test_a_language_has_every_text_and_no_other(language: str, part: str) -> None:
    wanted = set(USED) if part == "interface" else SAID
    assert {text: USED.get(text, "the engine") for text in wanted - set(texts.catalogue(language)[part])} == {}
    assert set(texts.catalogue(language)[part]) - wanted == set()


@pytest.mark.parametrize("language", texts.languages())
def test_translations_have_the_marks_of_the_english_text(language: str, plurals: dict[str, dict[str, str]]) -> None:
    given = texts.catalogue(language)
    for text, entry in [*given["interface"].items(), *given["said"].items()]:
        forms: dict[str, str] = entry if isinstance(entry, dict) else {"only": str(entry)}
        wanted = texts.FORMS[language] if text in plurals else {"only"}
        assert set(forms) == wanted, f"{text!r}: a text that counts has the forms of {language}, another one has one"
        for form in forms.values():
            assert form.strip(), text
            counted = {"n"} if text in plurals else set()
            assert texts.marks(text) - counted <= texts.marks(form) <= texts.marks(text), (text, form)


def test_plural_texts_are_used(plurals: dict[str, dict[str, str]]) -> None:
    assert set(plurals) - set(USED) == set()
    assert [text for text, forms in plurals.items() if set(forms) != {"one", "other"} or forms["other"] != text] == []


@pytest.mark.parametrize("call", ["t(`so {n}`)", "t('so ' + name)", 't("so")', "rich(`so`)"])
def test_texts_that_are_put_together_are_refused(call: str) -> None:
    assert texts._MADE.search(call)


def test_numbers_and_dates_are_written_in_the_language_of_the_page() -> None:
    kinds = "NumberFormat|DateTimeFormat|ListFormat|RelativeTimeFormat"
    other = rf"toLocale(?:Date|Time)?String\(\s*(?:\)|\[\]|'en|undefined)|Intl\.(?:{kinds})\(\s*(?:\)|'en|undefined)"
    found = {str(path.relative_to(texts.STATIC)): re.findall(other, path.read_text()) for path in MODULES}
    assert {name: calls for name, calls in found.items() if calls} == {}
