"""Formatting: one layout, the same plan, nothing lost."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from config_compiler import compile_config, outline
from config_compiler.formatting import WIDTH, format_config
from tests.compiler import golden

DOCS = Path(__file__).resolve().parents[2] / "docs"
CONFIGS = [
    *((case.id, case.source) for case in golden.load()),
    *(
        (f"docs {n}", text)
        for n, text in enumerate(re.findall(r"```xml\n(.*?)```", (DOCS / "config.md").read_text("utf-8"), re.S))
    ),
]
LAID_OUT = [(name, source) for name, source in CONFIGS if format_config(source).source is not None]


def formatted(source: str) -> str:
    text = format_config(source).source
    assert text is not None
    return text


def meaning(source: str) -> object:
    """The plan without the hash of the source, or what is wrong without the places."""
    result = compile_config(source)
    if result.plan is None:
        return sorted((one.code, re.sub(r"line \d+", "line", one.message)) for one in result.diagnostics)
    data = json.loads(result.plan.to_json())
    del data["config_sha256"]
    return data


def comments(source: str) -> list[str]:
    """The words of all comments."""
    return [" ".join(text.split()) for text in outline.read(source).comments()]


def test_there_are_configs_to_lay_out() -> None:
    assert len(LAID_OUT) > 60


@pytest.mark.parametrize("place", range(len(LAID_OUT)), ids=[name for name, _ in LAID_OUT])
def test_formatting_never_changes_what_a_config_means(place: int) -> None:
    _, source = LAID_OUT[place]
    text = formatted(source)
    assert meaning(text) == meaning(source)
    assert comments(text) == comments(source)
    assert formatted(text) == text


WITHOUT_COMMENTS = [(name, source) for name, source in LAID_OUT if "<!--" not in source]


@pytest.mark.parametrize("place", range(len(WITHOUT_COMMENTS)), ids=[name for name, _ in WITHOUT_COMMENTS])
def test_formatting_finds_one_layout_whatever_the_blanks_between_tags_were(place: int) -> None:
    text = formatted(WITHOUT_COMMENTS[place][1])
    shown = [one for one in outline.scan(text) if one.kind == "text" and text[one.start : one.end].strip()]
    if not shown:  # between tags that stand beside a text, blanks count
        pressed = "".join(text[one.start : one.end].strip() for one in outline.scan(text))
        assert formatted(pressed) == re.sub(r"\n\n+", "\n", text)


@pytest.mark.parametrize(
    ("source", "after"),
    [
        pytest.param(
            '<View><Text name="t"   value="$t"></Text></View>',
            '<View>\n  <Text name="t" value="$t"/>\n</View>\n',
            id="one tag a line, two blanks a level, empty elements short",
        ),
        pytest.param(
            "<View><Header value='a \"b\"' size='3'/></View>",
            '<View>\n  <Header value=\'a "b"\' size="3"/>\n</View>\n',
            id="double quotes where the value has none",
        ),
        pytest.param(
            '<View><Text name="t" value="$t" showLabels="true" selectionEnabled="true" '
            f'highlightColor="{"x" * 80}"/></View>',
            '<View>\n  <Text\n    name="t"\n    value="$t"\n    showLabels="true"\n    selectionEnabled="true"\n'
            f'    highlightColor="{"x" * 80}"/>\n</View>\n',
            id="a long tag gets one attribute a line",
        ),
        pytest.param(
            "<View>\n\n<!-- one -->\n\n\n\n<Header>a\n  b</Header> <!-- beside -->\n"
            "<Style><![CDATA[.a > b { color: red }]]></Style></View>",
            "<View>\n  <!-- one -->\n\n  <Header>a\n  b</Header> <!-- beside -->\n"
            "  <Style><![CDATA[.a > b { color: red }]]></Style>\n</View>\n",
            id="comments, blank lines, texts and CDATA stay",
        ),
        pytest.param(
            '<View>\n<!--\n  {"text": "a",\n   "n": 1}\n-->\n<Text name="t" value="$text"/>\n</View>',
            '<View>\n  <!--\n    {"text": "a",\n     "n": 1}\n  -->\n  <Text name="t" value="$text"/>\n</View>\n',
            id="a comment of several lines moves as a whole",
        ),
        pytest.param(
            '\ufeff<?xml version="1.0"?>\r\n<View>\r\n<Text name="t" value="a&#10;b &amp; $t"/></View>',
            '\ufeff<?xml version="1.0"?>\n<View>\n  <Text name="t" value="a&#10;b &amp; $t"/>\n</View>\n',
            id="references, the declaration and the byte order mark stay",
        ),
    ],
)
def test_a_config_is_laid_out(source: str, after: str) -> None:
    assert formatted(source) == after
    assert formatted(after) == after


def test_lines_are_not_longer_than_needed() -> None:
    labels = "".join(f'<Label value="{"word " * n}" hotkey="{n}"/>' for n in range(1, 30))
    text = formatted(f'<View><Text name="t" value="$t"/><Labels name="l" toName="t">{labels}</Labels></View>')
    assert max(len(line) for line in text.split("\n") if not line.lstrip().startswith("value=")) <= WIDTH


def test_a_config_that_is_no_xml_stays_and_the_problems_are_told() -> None:
    result = format_config("<View><Text></View>")
    assert result.source is None
    assert [one.code for one in result.diagnostics] == ["C102"]
