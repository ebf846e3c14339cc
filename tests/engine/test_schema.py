"""JSON values against the schemas that components declare."""

from __future__ import annotations

import pytest
from labeling import schema

NESTED: object = {"type": "object", "properties": {}}
for _ in range(100):
    NESTED = {"type": "object", "properties": {"a": NESTED}}

CASES = [
    pytest.param({"type": "string"}, 3, "3 is not a text", id="type"),
    pytest.param({"type": ["string", "null"]}, None, None, id="one of two types"),
    pytest.param({"type": "integer"}, 3.0, None, id="3.0 is whole"),
    pytest.param({"type": "integer"}, 3.5, "not a whole number", id="3.5 is not whole"),
    pytest.param({"type": "number"}, True, "true is not a number", id="true is no number"),
    pytest.param({"enum": [1, "a"]}, "b", "none of 1, 'a'", id="enum"),
    pytest.param({"enum": [1]}, True, "true is none of 1", id="true is not 1"),
    pytest.param({"const": "x"}, "y", "is not 'x'", id="const"),
    pytest.param({"minimum": 1, "maximum": 5}, 0, "under 1", id="minimum"),
    pytest.param({"minimum": 1, "maximum": 5}, 6, "over 5", id="maximum"),
    pytest.param({"exclusiveMinimum": 1}, 1, "not over 1", id="exclusive minimum"),
    pytest.param({"exclusiveMaximum": 1}, 1, "not under 1", id="exclusive maximum"),
    pytest.param({"multipleOf": 0.1}, 0.3, None, id="three times 0.1"),
    pytest.param({"multipleOf": 0.1}, 0.35, "multiple", id="multiple"),
    pytest.param({"minLength": 2}, "😀", "1 characters", id="code points count"),
    pytest.param({"maxLength": 1}, "ab", "at most 1", id="max length"),
    pytest.param({"required": ["a"]}, {}, "a is missing", id="required"),
    pytest.param({"properties": {"a": {"type": "string"}}}, {"a": 1}, "a: 1 is not a text", id="a property"),
    pytest.param({"additionalProperties": False}, {"b": 1}, "b is not known", id="an unknown property"),
    pytest.param({"additionalProperties": {"type": "string"}}, {"b": 1}, "b: 1", id="other properties"),
    pytest.param({"items": {"type": "string"}}, ["a", 1], "item 2: 1", id="items"),
    pytest.param({"minItems": 1}, [], "at least 1", id="min items"),
    pytest.param({"maxItems": 1}, [1, 2], "at most 1", id="max items"),
    pytest.param({"uniqueItems": True}, [1, 1], "twice", id="unique"),
    pytest.param({"anyOf": [{"type": "string"}, {"type": "number"}]}, [], "none of 2", id="any of"),
    pytest.param({"oneOf": [{"type": "number"}, {"minimum": 1}]}, 2, "2 forms", id="one of"),
    pytest.param({"allOf": [{"minimum": 1}, {"maximum": 2}]}, 3, "over 2", id="all of"),
    pytest.param({"not": {"type": "string"}}, "a", "not allowed", id="not"),
    pytest.param(False, 1, "must not be there", id="false"),
    pytest.param(True, 1, None, id="true"),
    pytest.param("nonsense", 1, None, id="no schema"),
    pytest.param({"format": "email", "$ref": "#/x"}, 1, None, id="what is not looked at"),
    pytest.param({"type": "number"}, float("nan"), "finite", id="not a number"),
]


@pytest.mark.parametrize(("given", "value", "words"), CASES)
def test_values_fit_or_say_why(given: object, value: object, words: str | None) -> None:
    told = schema.faults(given, value)
    assert (told == []) if words is None else words in told[0]


def test_a_value_that_is_still_being_made_may_lack_something() -> None:
    rules = {
        "required": ["a", "b"],
        "properties": {"a": {"type": "array", "minItems": 2, "items": {"minLength": 3, "type": "string"}}},
    }
    assert schema.faults(rules, {"a": ["x"]}, whole=False) == []
    assert len(schema.faults(rules, {"a": ["x"]})) == 3
    assert schema.faults(rules, {"a": [1]}, whole=False) == ["a 1: 1 is not a text"]


def test_deep_values_end() -> None:
    value: object = {}
    for _ in range(100):
        value = {"a": value}
    assert any("deeply" in told for told in schema.faults(NESTED, value))
    assert schema.faults(NESTED, value, whole=False)
