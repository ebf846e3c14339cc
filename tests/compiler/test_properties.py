"""Whatever is written, the compiler ends with a plan or an error, at places that are there, and says the same again."""

from __future__ import annotations

import json
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from labeling import display, plan_index

from bench.mutations import mutated
from config_compiler import compile_config, templates
from config_compiler.compiler import CompileResult
from config_compiler.complete import complete
from config_compiler.fixes import with_fixes
from config_compiler.formatting import format_config
from config_compiler.hover import hover
from config_compiler.spans import Lines
from config_compiler.tags import registry
from tests.compiler import generated

few = settings(max_examples=200, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
SEEDS = st.integers(0, 2**32).map(Random)
TEMPLATES = [template for group in templates.groups() for template in group.templates]
CONFIGS = [template.config for template in TEMPLATES]


def compiled(source: str) -> CompileResult:
    """The result, after what holds for every config was checked."""
    result, again = compile_config(source), compile_config(source)
    assert again.diagnostics == result.diagnostics
    assert (result.plan is None) == any(one.severity == "error" for one in result.diagnostics)
    lines = Lines(source)
    for one in result.diagnostics:
        assert one.message
        assert one.hint
        start, end = lines.offset(one.line, one.column), lines.offset(one.end_line, one.end_column)
        assert start <= end
        assert lines.place(start) == (one.line, one.column)
        assert lines.place(end) == (one.end_line, one.end_column)
    if result.plan is not None:
        assert again.plan is not None
        assert again.plan.to_json() == result.plan.to_json()
        plan_index.index(json.loads(result.plan.to_json()))
    return result


def edited(source: str, random: Random) -> None:
    """What the editor asks for never raises, and what it would replace is there."""
    with_fixes(source, compile_config(source).diagnostics)
    laid_out = format_config(source).source
    assert laid_out is None or format_config(laid_out).source == laid_out
    offset = random.randrange(len(source) + 1)
    for answer in (complete(source, offset), hover(source, offset)):
        start, end = answer.get("from", 0), answer.get("to", 0)
        assert isinstance(start, int)
        assert isinstance(end, int)
        assert 0 <= start <= end <= len(source)


@few
@given(SEEDS)
def test_any_nesting_of_any_tags_is_a_plan_or_an_error(random: Random) -> None:
    source = generated.anything(random)
    compiled(source)
    edited(source, random)


@few
@given(SEEDS)
def test_a_config_that_fits_has_a_plan_and_shows_its_own_sample(random: Random) -> None:
    result = compiled(generated.sound(random))
    if result.plan is not None:
        plan = json.loads(result.plan.to_json())
        assert display.resolve(plan, plan["sample"]["data"])["problems"] == []


def test_what_is_made_to_fit_mostly_does_and_has_every_object_and_control() -> None:
    sources = [generated.sound(Random(seed)) for seed in range(600)]
    plans = [plan for source in sources if (plan := compile_config(source).plan) is not None]
    assert len(plans) > 400
    made = {part.tag for plan in plans for part in plan.controls} | {
        part.type for plan in plans for part in plan.objects
    }
    objects = {tag.object_type for tag in registry.TAGS if tag.role == "object"}
    controls = {tag.name for tag in registry.TAGS if tag.role in ("regions", "answers")}
    assert objects | controls - {"Pairwise"} <= made  # it needs two objects, and is in the golden cases


@pytest.mark.parametrize("place", range(len(CONFIGS)), ids=[template.id for template in TEMPLATES])
def test_a_broken_template_is_a_plan_or_an_error(place: int) -> None:
    for seed in range(6):
        random = Random(f"{TEMPLATES[place].id} {seed}")
        source = mutated(random, CONFIGS[place], CONFIGS)
        compiled(source)
        edited(source, random)


@few
@given(st.text(alphabet=st.sampled_from("<>/=\"'&;$ \n!-[]aV{}?"), max_size=60))
def test_any_text_is_a_plan_or_an_error(source: str) -> None:
    compiled(source)
    edited(source, Random(1))
