"""Our own tags, where one golden case cannot say it: what words are checked, what large taxonomies become."""

from __future__ import annotations

import gc
import json
from pathlib import Path

import pytest
from labeling import schema

from bench.compile import taxonomy
from config_compiler import compile_config, components
from config_compiler.tags import registry
from config_compiler.tags.rules import RULE

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "config.md").read_text("utf-8")


def plan_of(inside: str) -> dict[str, object]:
    result = compile_config(f"<View>{inside}</View>")
    assert result.plan, result.diagnostics
    made: dict[str, object] = json.loads(result.plan.to_json())
    return made


def test_the_compiler_knows_the_words_of_a_schema_that_the_engine_checks() -> None:
    checked = {word for word in components.KEYWORDS if f'"{word}"' in Path(schema.__file__).read_text("utf-8")}
    assert checked == set(components.KEYWORDS)
    told = (schema.__doc__ or "").split("``true``")[0]
    assert [word for word in components.KEYWORDS if f"``{word}``" not in told] == []
    assert [word for word in components.KEYWORDS if f"`{word}`" not in PAGE] == []


@pytest.mark.parametrize(
    ("word", "fits", "breaks"),
    [
        ("text", {"text": "a"}, {"text": 1}),
        ("number", {"number": 2.5}, {"number": "2"}),
        ("boolean", {"boolean": False}, {"boolean": 0}),
        ("choices:a,b", {"choices": ["a"]}, {"choices": ["c"]}),
        ("regions", {"regions": [{"x": 1}]}, {"regions": [1]}),
        ("any", {"x": None}, []),
    ],
)
def test_a_short_word_is_a_schema_of_one_member(word: str, fits: object, breaks: object) -> None:
    plan = plan_of(f'<Component name="c" data="$d" src="a.js" result="{word}"/>')
    (control,) = plan["controls"]  # type: ignore[misc]
    assert schema.faults(control["result"], fits) == []
    assert schema.faults(control["result"], breaks)


def test_every_check_of_a_rule_is_in_the_users_page() -> None:
    assert [attr.name for attr in RULE.attrs if f"`{attr.name}" not in PAGE] == []


def test_a_question_is_named_by_no_tag_that_a_person_can_write_twice() -> None:
    assert [tag.name for tag in registry.TAGS if tag.plan_tag] == []
    plan = plan_of('<Text name="t" value="$t"/><Question name="q" value="?" unanswerable="true"/>')
    assert [(control["tag"], control["name"]) for control in plan["controls"]] == [  # type: ignore[attr-defined]
        ("Labels", "q"),
        ("Choices", "q_none"),
    ]


def test_a_taxonomy_of_ten_thousand_items_is_in_the_plan_as_it_was_written() -> None:
    result = compile_config(taxonomy())
    assert result.diagnostics == ()
    assert result.plan
    (control,) = json.loads(result.plan.to_json())["controls"]
    groups = control["options"]
    assert sum(1 + sum(1 + len(part["children"]) for part in group["children"]) for group in groups) == 10_020
    assert groups[3]["children"][4]["children"][5] == {"value": "Item 3.4.5", "stored": "i3_4_5", "alias": "i3_4_5"}
    assert gc.isenabled(), "collecting garbage rests during a large compilation only"


def test_no_user_or_password_of_an_address_is_in_the_plan() -> None:
    plan = plan_of(
        '<Text name="t" value="$t"/>'
        '<Taxonomy name="x" apiUrl="https://me:secret@host.org/items"><Choice value="a"/></Taxonomy>'
    )
    (control,) = plan["controls"]  # type: ignore[misc]
    assert control["api_url"] == "https://host.org/items"
