"""What `python -m bench fuzz` and hostile configs found that is no golden case: each was wrong once."""

from __future__ import annotations

import pytest

from config_compiler import compile_config
from config_compiler.complete import complete
from config_compiler.diagnostics import MAX_DIAGNOSTICS
from config_compiler.formatting import format_config


@pytest.mark.parametrize("source", ["<View></View \n>", "</\u00a0>", "<View></ >"])
def test_completion_behind_the_name_of_an_end_tag_replaces_nothing_before_it(source: str) -> None:
    for offset in range(len(source) + 1):
        answer = complete(source, offset)
        start, end = answer["from"], answer["to"]
        assert isinstance(start, int)
        assert isinstance(end, int)
        assert start <= offset <= end


def test_errors_are_not_hidden_by_warnings_however_many_these_are() -> None:
    warnings = "".join(f'<Header value="a" odd{n}="b"/>' for n in range(MAX_DIAGNOSTICS + 50))
    result = compile_config(f"<View>{warnings}</View>")
    assert result.plan is None
    assert [one.code for one in result.diagnostics if one.severity == "error"] == ["C070"]
    assert len(result.diagnostics) == MAX_DIAGNOSTICS + 1
    assert result.diagnostics[-1].message == "51 more problems are not shown"


def test_a_value_on_the_line_after_its_name_is_laid_out_as_one_attribute() -> None:
    laid_out = format_config('<View><Text name=\r"t" value=\n  "$t"/></View>').source
    assert laid_out == '<View>\n  <Text name="t" value="$t"/>\n</View>\n'
    assert format_config(laid_out).source == laid_out


def test_the_sample_of_a_field_that_two_use_fits_the_one_that_asks_for_more() -> None:
    source = '<View><Text name="t" value="$a"/><Labels name="l" toName="t" value="$a"/></View>'
    plan = compile_config(source).plan
    assert plan is not None
    assert [field.types for field in plan.fields] == [("list",)]
    assert isinstance(plan.sample["data"]["a"], list)  # type: ignore[index, call-overload]
