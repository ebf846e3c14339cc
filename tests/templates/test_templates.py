"""The gallery: every template is whole, compiles without a word, shows its own sample, and has a picture of itself."""

from __future__ import annotations

import hashlib
import json
import re

import pytest
from labeling import display, session, validation, view

from config_compiler import compile_config
from config_compiler.templates import FOLDER, GROUPS, Template, find, groups

ALL = [template for group in groups() for template in group.templates]
EACH = pytest.mark.parametrize("template", ALL, ids=[template.id for template in ALL])
#: Which config each picture was made from: id to the start of its SHA-256.
PICTURES = FOLDER / "pictures.json"


def test_there_are_enough_in_every_group_the_field_asks_for() -> None:
    assert len(ALL) >= 70
    assert [group.id for group in groups()] == list(GROUPS)
    assert all(len(group.templates) >= 4 for group in groups())


def test_ids_titles_and_configs_are_not_repeated() -> None:
    for values in ([t.id for t in ALL], [t.purpose for t in ALL], [t.config for t in ALL]):
        assert len(set(values)) == len(values)


def test_no_file_lies_around_that_no_group_names() -> None:
    named = {f"{group.id}/{template.id}.xml" for group in groups() for template in group.templates}
    assert {path.relative_to(FOLDER).as_posix() for path in FOLDER.glob("*/*.xml")} == named


def test_a_template_is_found_by_its_id() -> None:
    found = find("reading-comprehension")
    assert found is not None
    assert "<Question" in found.config
    assert find("no-such-template") is None


@EACH
def test_compiles_without_any_problem(template: Template) -> None:
    result = compile_config(template.config)
    told = [f"{d.line}:{d.column} {d.code} {d.message}" for d in result.diagnostics]
    assert told == []
    assert result.plan is not None
    assert result.plan.to_data()["controls"]


@EACH
def test_brings_a_sample_task_that_displays(template: Template) -> None:
    assert re.search(r"<!--\s*\{", template.config), "the sample is a comment of the config"
    compiled = compile_config(template.config)
    assert compiled.plan is not None
    plan = json.loads(compiled.plan.to_json())
    data = plan["sample"]["data"]
    shown = display.resolve(plan, data)
    assert shown["problems"] == []
    state = session.open_task(plan, data)
    assert view.full(state)["problems"] == []
    assert validation.validate(plan, [], data) == []


@EACH
def test_says_in_a_line_what_it_is_for(template: Template) -> None:
    assert 4 <= len(template.title) <= 48
    assert 12 <= len(template.purpose) <= 100
    assert template.purpose.endswith((".", "?"))
    assert len(template.terms.split()) >= 1
    assert len(template.config.splitlines()) <= 45


@EACH
def test_has_a_picture_of_this_very_config(template: Template) -> None:
    made_from = json.loads(PICTURES.read_text(encoding="utf-8"))
    assert template.picture.read_bytes()[8:12] == b"WEBP"
    assert template.picture.stat().st_size < 40_000
    digest = hashlib.sha256(template.config.encode()).hexdigest()[:16]
    assert made_from[template.id] == digest, "make it again: python -m scripts.gallery_pictures"
