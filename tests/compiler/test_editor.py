"""What the author worker answers to the editor: problems with fixes, samples made up and put into the config."""

from __future__ import annotations

import json
from typing import Any

import pytest

from config_compiler import compile_config, editor

TEXT = '<Text name="t" value="$text"/>'


def test_a_compile_brings_the_plan_or_the_problems_with_their_fixes() -> None:
    fine: Any = editor.compile_source(f"<View>{TEXT}</View>")
    assert fine["plan"]["objects"][0]["name"] == "t"
    assert fine["diagnostics"] == []
    broken: Any = editor.compile_source(f"<View>{TEXT}<Choises/></View>")
    assert "plan" not in broken
    assert broken["diagnostics"][0]["fixes"][0]["title"] == "Change to <Choices>"
    assert json.loads(json.dumps(broken))["ms"] >= 0


def test_a_config_that_is_no_xml_is_not_laid_out() -> None:
    assert editor.format_source("<View/>") == {"source": "<View/>\n"}
    refused: Any = editor.format_source("<View>")
    assert refused["problems"][0]["where"] == "config line 1, column 1"


def test_sample_data_is_made_up_whatever_the_config_says() -> None:
    made: Any = editor.make_sample(f'<View><!-- {{"text": "mine"}} -->{TEXT}</View>')
    assert set(made["data"]) == {"text"}
    assert made["data"]["text"] != "mine"
    refused: Any = editor.make_sample("<View><Text/></View>")
    assert refused["problems"][0]["code"] == "C021"


@pytest.mark.parametrize(
    ("source", "start"),
    [
        pytest.param(f"<View>\n  {TEXT}\n</View>", '<View>\n  <!-- {\n    "text": "a -', id="a config without one"),
        pytest.param(
            f'<View>\n  {TEXT}\n  <!-- {{"text": "old"}} -->\n  <!-- {{"text": "older"}} -->\n</View>',
            f'<View>\n  {TEXT}\n  <!-- {{\n    "text": "a -',
            id="the first of two is replaced",
        ),
    ],
)
def test_sample_data_goes_into_the_config_as_a_comment(source: str, start: str) -> None:
    data = {"text": "a -- b ---> c & <d> 😀", "n": [1, None]}
    answer: Any = editor.put_sample(source, data)
    assert answer["source"].startswith(start)
    plan = compile_config(answer["source"]).plan
    assert plan is not None
    assert json.loads(plan.to_json())["sample"]["data"] == data


def test_a_sample_that_is_a_whole_task_keeps_its_annotations() -> None:
    source = f'<View><!-- {{"data": {{"text": "a"}}, "annotations": [{{"result": []}}]}} -->{TEXT}</View>'
    answer: Any = editor.put_sample(source, {"text": "b"})
    plan = compile_config(answer["source"]).plan
    assert plan is not None
    assert json.loads(plan.to_json())["sample"] == {"data": {"text": "b"}, "annotations": [{"result": []}]}
