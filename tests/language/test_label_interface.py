"""
Label Studio's own reader (``LabelInterface`` of its SDK) beside ours, on the same configs and results. Where the two
differ, the difference is stated here, and must still be there.
"""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from labeling import results, validation

from config_compiler import compile_config, result_schema
from config_compiler.templates import groups

HERE = Path(__file__).parent
SDK = HERE.parents[1] / ".cache/label-studio-sdk/bin/python"
CASES: list[dict[str, Any]] = json.loads((HERE / "label_studio_cases.json").read_text(encoding="utf-8"))
DATA = {
    "image": "https://example.org/a.png",
    "text": "abcdefghij",
    "h": "<p>abcdefghij</p>",
    "p": [{"author": "A", "text": "abcdefgh"}, {"author": "B", "text": "ijklmnop"}],
    "a": "https://example.org/a.wav",
    "b": "right",
    "v": "https://example.org/v.mp4",
    "ts": {"x": [1, 2], "time": [1, 2]},
    "items": [{"id": "a", "title": "A"}, {"id": "b", "title": "B"}],
    "chat": [],
    "pdf": "https://example.org/a.pdf",
    "o": [{"value": "anything"}],
}
EACH = pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])

#: Results that the SDK refuses and we take from our own page, as the editor of Label Studio does, and why.
WE_TAKE = {
    "rectlabels float": "boxes may leave the image and turn more than once",
    "choices alias by value": "a choice may be named by its value as well as by its alias",
    "choices nested list": "paths of choices, where allowNested says so",
    "ts no instant": "a result without `instant` is a range, as the editor reads it",
    "pairwise to self": "the editor writes the control's own name as its object",
}
#: What else the SDK refuses: an import takes it, because opening a task repairs it.
IMPORT_TAKES = {
    "rectlabels unknown label": "the label is kept until a person settles it",
    "bitmask as bitmaskregion": "an old name of the type",
    "textarea str": "one text for a list of one",
    "videovectorlabels key=videovectorlabels": "the key that the editor writes",
    "ranker list": "the old form of a ranking",
}
#: Results that the SDK takes and we refuse, and why: none.
WE_REFUSE: dict[str, str] = {}
#: Results that the schema of a config, meant for a model's output, refuses on purpose.
SCHEMA_REFUSES = {"number": "5 is above max=3 of the config"}


@pytest.fixture(scope="session")
def verdicts() -> list[dict[str, Any]]:
    """The SDK's, on the cases and on the configs of the gallery."""
    assert SDK.exists(), (
        "make test sets it up: python -m venv .cache/label-studio-sdk, requirements/label-studio-sdk.txt"
    )
    asked = [*CASES, *({"config": template.config, "result": None} for template in GALLERY)]
    done = subprocess.run(
        [str(SDK), str(HERE / "sdk_verdicts.py")], input=json.dumps(asked), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    told: list[dict[str, Any]] = json.loads(done.stdout)
    return told


GALLERY = [template for group in groups() for template in group.templates]


def test_the_sdk_still_says_what_was_written_down(verdicts: list[dict[str, Any]]) -> None:
    said = {case["name"]: one["accepted"] for case, one in zip(CASES, verdicts, strict=False)}
    assert said == {case["name"]: case["accepted"] for case in CASES}


@EACH
def test_every_config_compiles(case: dict[str, Any]) -> None:
    result = compile_config(case["config"])
    assert result.plan is not None, result.diagnostics


@EACH
def test_every_result_is_read_without_a_refusal(case: dict[str, Any]) -> None:
    loaded = results.load(plan_of(case), case["result"])
    assert loaded.refused == ()


@EACH
def test_strictness_differs_only_where_it_is_stated(case: dict[str, Any], verdicts: list[dict[str, Any]]) -> None:
    sdk = verdicts[CASES.index(case)]["accepted"]
    ours = validation.validate(plan_of(case), case["result"], DATA) == []
    differs = "we take it" if ours and not sdk else "we refuse it" if sdk and not ours else "same"
    stated = "we take it" if case["name"] in WE_TAKE else "we refuse it" if case["name"] in WE_REFUSE else "same"
    assert differs == stated


@EACH
def test_an_import_takes_what_the_editor_reads(case: dict[str, Any], verdicts: list[dict[str, Any]]) -> None:
    assert validation.validate(plan_of(case), case["result"], DATA, lenient=True) == []
    refused_by_sdk = not verdicts[CASES.index(case)]["accepted"]
    assert refused_by_sdk == (case["name"] in WE_TAKE | IMPORT_TAKES)


@EACH
def test_the_schema_of_the_config_takes_what_the_sdk_takes(case: dict[str, Any]) -> None:
    import jsonschema

    schema = result_schema.result_schema(plan_of(case))
    jsonschema.Draft202012Validator.check_schema(schema)
    faults = list(jsonschema.Draft202012Validator(schema).iter_errors(case["result"]))
    if case["accepted"]:
        assert bool(faults) == (case["name"] in SCHEMA_REFUSES), [fault.message for fault in faults]


def test_the_schema_refuses_a_label_the_config_does_not_have() -> None:
    import jsonschema

    case = next(case for case in CASES if case["name"] == "rectlabels unknown label")
    schema = result_schema.result_schema(plan_of(case))
    assert list(jsonschema.Draft202012Validator(schema).iter_errors(case["result"]))


#: Tags of ours that Label Studio does not have: its reader takes them for unknown tags and lets them be.
@pytest.mark.parametrize("template", GALLERY, ids=[template.id for template in GALLERY])
def test_label_studio_reads_the_gallery(template: Any, verdicts: list[dict[str, Any]]) -> None:
    said = verdicts[len(CASES) + GALLERY.index(template)]["config"]
    ours = ("PointCloud", "Cuboid", "PointLabels", "<Question", "<Rules", "<Component")
    if not any(tag in template.config for tag in ours):
        assert said is None


def plan_of(case: dict[str, Any]) -> dict[str, Any]:
    compiled = compile_config(case["config"])
    assert compiled.plan is not None
    plan: dict[str, Any] = json.loads(compiled.plan.to_json())
    return plan
