"""docs/plan.schema.json is the schema of the models, and every plan that the compiler makes fits it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from config_compiler import compile_config, templates
from labelkite.cli import main
from tests.compiler import golden

FILE = Path(__file__).resolve().parents[2] / "docs" / "plan.schema.json"
VALIDATOR = Draft202012Validator(json.loads(FILE.read_text("utf-8")))
CONFIGS = [
    *((case.id, case.source) for case in golden.load()),
    *((template.id, template.config) for group in templates.groups() for template in group.templates),
]
PLANS = [(name, plan.to_json()) for name, source in CONFIGS if (plan := compile_config(source).plan) is not None]


def test_the_file_is_what_the_command_prints(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema", "--plan"]) == 0
    assert capsys.readouterr().out == FILE.read_text("utf-8"), "run: labelkite schema --plan > docs/plan.schema.json"


def test_it_is_a_schema_and_there_are_plans() -> None:
    Draft202012Validator.check_schema(VALIDATOR.schema)
    assert len(PLANS) > 150


@pytest.mark.parametrize("place", range(len(PLANS)), ids=[name for name, _ in PLANS])
def test_a_plan_fits_the_schema(place: int) -> None:
    assert [fault.message for fault in VALIDATOR.iter_errors(json.loads(PLANS[place][1]))] == []


@pytest.mark.parametrize("member", ["tree", "objects", "controls", "fields", "config_sha256"])
def test_a_plan_without_a_part_does_not_fit(member: str) -> None:
    plan = json.loads(PLANS[0][1])
    del plan[member]
    assert not VALIDATOR.is_valid(plan)
