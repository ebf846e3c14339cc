"""The golden cases, and that they cover every attribute and every problem."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator

import pytest

from config_compiler import compile_config, reader
from config_compiler.diagnostics import TEXTS, Problems
from config_compiler.reader import Attribute, Element
from config_compiler.spans import Lines
from config_compiler.tags import registry
from config_compiler.tags.model import Tag
from tests.compiler import golden

CASES = golden.load()


@pytest.fixture(scope="module", autouse=True)
def _rewritten(update_golden: bool) -> None:
    if update_golden:
        for path in sorted(golden.FOLDER.glob("*.case")):
            golden.rewrite(path)
        CASES[:] = golden.load()


@pytest.mark.parametrize("place", range(len(CASES)), ids=[case.id for case in CASES])
def test_the_compiler_says_what_the_golden_case_says(place: int) -> None:
    case = CASES[place]
    assert case.expected, f"{case.id} has no expectation; run pytest tests/compiler --update-golden and read the result"
    assert golden.said(case.source) == case.expected


def test_there_are_cases_and_their_names_differ() -> None:
    assert len(CASES) > 70
    assert len({case.id for case in CASES}) == len(CASES)


def test_rewriting_is_refused_on_ci() -> None:
    run = [sys.executable, "-m", "pytest", "-q", "-k", "names_differ", "--update-golden", __file__]
    before = {path: path.read_bytes() for path in golden.FOLDER.glob("*.case")}
    done = subprocess.run(run, env={**os.environ, "CI": "1"}, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "--update-golden is refused when CI is set" in done.stdout
    assert {path: path.read_bytes() for path in golden.FOLDER.glob("*.case")} == before


def test_every_problem_is_in_a_golden_case() -> None:
    # These need more than a person types: too large, too deep, too many, a forbidden character, expat's last word.
    elsewhere = {"C001", "C005", "C006", "C007", "C008", "C009", "C118"}
    seen = {d.code for case in CASES for d in compile_config(case.source).diagnostics}
    assert set(TEXTS) - seen == elsewhere


def test_every_attribute_of_the_registry_changes_a_plan_in_a_golden_case() -> None:
    changing = {pair for case in CASES if compile_config(case.source).plan for pair in _changing(case.source)}
    supported = {(tag.name, attr.name) for tag in registry.TAGS for attr in tag.attrs if not attr.unsupported}
    own = {(tag.name, "toName") for tag in registry.TAGS if tag.role == "object"}  # it can only name itself
    assert supported - changing - own == set()


def test_every_attribute_that_can_be_wrong_is_wrong_in_a_golden_case() -> None:
    typed = ("bool", "int", "float", "enum", "color", "size", "range", "rate", "key", "style", "field")
    wrong = {pair for case in CASES for pair in _wrong(case.source)}
    can_be = {(tag.name, attr.name) for tag in registry.TAGS for attr in tag.attrs if attr.type in typed}
    skipped = {(tag.name, attr.name) for tag in registry.TAGS for attr in tag.attrs if attr.unsupported}
    assert can_be - skipped - wrong == set()


def test_every_tag_is_in_a_golden_case() -> None:
    seen = {tag.name for case in CASES for tag in _tags(case.source)}
    assert set(registry.TAG_NAMES) - seen == set()


def test_every_unsupported_attribute_is_reported_in_a_golden_case() -> None:
    unsupported = {f"{attr.name} on <{tag.name}>" for tag in registry.TAGS for attr in tag.attrs if attr.unsupported}
    messages = [d.message for case in CASES for d in compile_config(case.source).diagnostics if d.code == "C048"]
    assert unsupported
    assert {name for name in unsupported if not any(message.startswith(name) for message in messages)} == set()


def _tags(source: str) -> Iterator[Tag]:
    document = reader.read(source, Problems(Lines(source)))
    waiting = [document.root] if document.root else []
    while waiting:
        element = waiting.pop()
        if tag := registry.find(element.name):
            yield tag
        waiting += element.children


def _wrong(source: str) -> Iterator[tuple[str, str]]:
    """The (tag, attribute) pairs of *source* whose value a problem marks."""
    document = reader.read(source, Problems(Lines(source)))
    if document.root is None:
        return
    lines = Lines(source)
    marked = [(d.line, d.column, d.end_line, d.end_column) for d in compile_config(source).diagnostics]
    for element, attribute in _attributes(document.root):
        first, last = lines.place(attribute.value_span.start), lines.place(attribute.value_span.end)
        tag = registry.find(element.name)
        if tag and attribute.name.lower() in tag.by_name and any(first <= d[:2] and d[2:] <= last for d in marked):
            yield tag.name, tag.by_name[attribute.name.lower()].name


def _changing(source: str) -> Iterator[tuple[str, str]]:
    """The (tag, attribute) pairs of *source* without which the plan is another one or there is none."""
    document = reader.read(source, Problems(Lines(source)))
    assert document.root is not None
    before = _meaning(source)
    for element, attribute in _attributes(document.root):
        tag = registry.find(element.name)
        if tag is None or attribute.name.lower() not in tag.by_name:
            continue
        without = source[: attribute.span.start] + source[attribute.span.end :]
        if _meaning(without) != before:
            yield tag.name, tag.by_name[attribute.name.lower()].name


def _attributes(element: Element) -> Iterator[tuple[Element, Attribute]]:
    yield from ((element, attribute) for attribute in element.attributes)
    for child in element.children:
        yield from _attributes(child)


def _meaning(source: str) -> object:
    result = compile_config(source)
    if result.plan is None:
        return None
    data = json.loads(result.plan.to_json())
    del data["config_sha256"]
    return data
