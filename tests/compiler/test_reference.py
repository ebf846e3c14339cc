"""The reference, the editor's data and the user's page agree with the registry and with the compiler."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from config_compiler import compile_config, reference
from config_compiler.diagnostics import TEXTS
from config_compiler.tags import registry
from config_compiler.tags.model import Tag

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGE = (DOCS / "config.md").read_text("utf-8")
CONFIGS = re.findall(r"```xml\n(.*?)```", PAGE, re.DOTALL)
BROKEN = re.findall(r"```xml problem\n(.*?)```\n+```text\n(.*?)```", PAGE, re.DOTALL)


def test_the_tag_reference_is_what_the_registry_says() -> None:
    written = (DOCS / "tags.md").read_text("utf-8")
    assert written == reference.markdown(), "run: python -m config_compiler.reference > docs/tags.md"


def test_the_tag_reference_names_every_tag_attribute_and_problem() -> None:
    text = reference.markdown()
    for tag in registry.TAGS:
        part = text.split(f"### {tag.name}\n")[1].split("\n##")[0]
        assert [attr.name for attr in tag.attrs if f"`{attr.name}`" not in part] == []
    assert [code for code in TEXTS if f"| {code} |" not in text] == []


def test_the_user_page_has_examples() -> None:
    assert len(CONFIGS) >= 8
    assert len(BROKEN) >= 1


@pytest.mark.parametrize("place", range(len(CONFIGS)))
def test_an_example_of_the_user_page_compiles_without_a_problem(place: int) -> None:
    result = compile_config(CONFIGS[place])
    assert result.diagnostics == ()
    assert result.plan is not None


@pytest.mark.parametrize("place", range(len(BROKEN)))
def test_a_broken_example_of_the_user_page_prints_what_the_page_shows(place: int) -> None:
    from config_compiler.diagnostics import format

    source, shown = BROKEN[place]
    printed = "\n".join(format(problem, "config.xml", source) for problem in compile_config(source).diagnostics)
    assert printed == shown.rstrip("\n")


def test_the_user_page_names_every_tag() -> None:
    assert [name for name in registry.TAG_NAMES if name not in PAGE] == []


@pytest.mark.parametrize("tag", registry.TAGS, ids=registry.TAG_NAMES)
def test_the_example_of_a_tag_compiles_where_it_belongs(tag: Tag) -> None:
    example = tag.example.replace("…", "")
    around = {
        "Label": '<Text name="text" value="$t"/><Labels name="l">{}</Labels>',
        "Choice": '<Text name="text" value="$t"/><Choices name="c">{}</Choices>',
        "RectangleLabels": '<Image name="image" value="$i"/>{}',
    }.get(tag.name, "{}" if tag.role == "object" else '<Text name="text" value="$t"/>{}')
    result = compile_config(f"<View>{around.format(example)}</View>")
    assert result.diagnostics == ()


def test_completion_offers_what_may_stand_inside() -> None:
    tags = {entry["name"]: entry for entry in reference.completion()}
    assert tags["Choices"]["children"] == ["Choice", "View", "Header"]
    assert "Label" not in tags["View"]["children"]
    assert tags["Rating"]["children"] == []
    (choice,) = [attr for attr in tags["Choices"]["attrs"] if attr["name"] == "choice"]
    assert choice["values"] == ["single", "single-radio", "multiple"]
    assert choice["default"] == "single"
    assert "smart" not in [attr["name"] for attr in tags["RectangleLabels"]["attrs"]]


def test_the_language_for_the_browser_is_json() -> None:
    data = json.loads(reference.language())
    assert [tag["name"] for tag in data["tags"]] == list(registry.TAG_NAMES)
    assert not set(data["not_yet"]) & set(registry.TAG_NAMES)
