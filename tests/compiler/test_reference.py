"""The reference, the editor's data and the user's page agree with the registry and with the compiler."""

from __future__ import annotations

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


_OBJECTS = {
    "text": '<Text name="text" value="$t"/>',
    "html": '<HyperText name="html" value="$h"/>',
    "talk": '<Paragraphs name="talk" value="$p"/>',
    "image": '<Image name="image" value="$i"/>',
    "video": '<Video name="video" value="$v"/>',
    "audio": '<Audio name="audio" value="$a"/>',
    "pdf": '<Pdf name="pdf" value="$d"/>',
    "ts": '<TimeSeries name="ts" value="$s"><Channel column="a"/></TimeSeries>',
    "scan": '<PointCloud name="scan" value="$c"/>',
    "items": '<List name="items" value="$l"/>',
    "a,b": '<Text name="a" value="$a"/><Text name="b" value="$b"/>',
}
_AROUND = {
    "Label": '<Text name="text" value="$t"/><Labels name="l">{}</Labels>',
    "Choice": '<Text name="text" value="$t"/><Choices name="c">{}</Choices>',
    "Panel": '<Text name="text" value="$t"/><Collapse>{}</Collapse>',
    "Filter": '<Text name="text" value="$t"/>{}<Labels name="label"><Label value="A"/></Labels>',
    "Channel": '<TimeSeries name="ts" value="$s">{}</TimeSeries>',
    "MultiChannel": '<TimeSeries name="ts" value="$s">{}</TimeSeries>',
    "Shortcut": '<Text name="text" value="$t"/><TextArea name="a">{}</TextArea>',
    "Bucket": '<List name="items" value="$l"/><Ranker name="r">{}</Ranker>',
    "Rules": '<Image name="image" value="$i"/><RectangleLabels name="box"><Label value="A"/></RectangleLabels>{}',
    "Rule": '<Image name="image" value="$i"/><RectangleLabels name="box" value="$l"/><Rules>{}</Rules>',
    "Relation": '<Text name="text" value="$t"/><Relations>{}</Relations>',
}


@pytest.mark.parametrize("tag", registry.TAGS, ids=registry.TAG_NAMES)
def test_the_example_of_a_tag_compiles_where_it_belongs(tag: Tag) -> None:
    example = tag.example.replace(">…<", "><")
    if tag.name in _AROUND:
        around = _AROUND[tag.name]
    elif tag.role == "object":
        around = "{}"
    else:
        around = "".join(_OBJECTS[name] for name in _OBJECTS if f'toName="{name}"' in example) or _OBJECTS["text"]
        around += "{}"
    result = compile_config(f"<View>{around.format(example)}</View>")
    assert [d for d in result.diagnostics if d.code != "C137"] == []  # code for React is kept, but does not run
    assert result.plan


def test_what_may_stand_inside_a_tag() -> None:
    inside = {tag.name: reference.children(tag) for tag in registry.TAGS}
    assert inside["Choices"] == ("Choice", "View", "Header", "Filter", "Text", "HyperText")
    assert inside["Collapse"] == ("Panel",)
    assert inside["TimeSeries"] == ("Channel", "MultiChannel", "View", "HyperText")
    assert "Label" not in inside["View"]
    assert "Panel" not in inside["View"]
    assert inside["Rating"] == ()
