"""
Components: what they may answer and what they are given. ``result`` is a short word or a JSON Schema of the answer,
which is always a JSON object; the words that are checked are those of :mod:`labeling.schema` (docs/config.md).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from config_compiler import samples
from config_compiler.attrs import Values
from config_compiler.diagnostics import REASONS, Problems, shown
from config_compiler.tree import Config, Item

Schema = dict[str, Any]

MAX_JSON = 20_000

_TYPES = ("string", "number", "integer", "boolean", "object", "array", "null")
_SCHEMAS = ("items", "additionalProperties", "not")
_SCHEMA_LISTS = ("anyOf", "oneOf", "allOf")
_NUMBERS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf")
_COUNTS = ("minItems", "maxItems", "minLength", "maxLength")
_NOTES = ("title", "description", "default", "examples", "$schema", "$id", "$comment")
KEYWORDS = (
    "type", "enum", "const", "properties", "required", *_SCHEMAS, *_SCHEMA_LISTS, *_NUMBERS, *_COUNTS, "uniqueItems",
)  # fmt: skip


def _one(name: str, schema: Schema) -> Schema:
    return {"type": "object", "properties": {name: schema}, "required": [name], "additionalProperties": False}


_ANY: Schema = {"type": "object"}
_WORDS: dict[str, Schema] = {
    "any": _ANY,
    "text": _one("text", {"type": "string"}),
    "number": _one("number", {"type": "number"}),
    "boolean": _one("boolean", {"type": "boolean"}),
    "regions": _one("regions", {"type": "array", "items": {"type": "object"}}),
}
_OUTPUTS: dict[str, Schema] = {  # types of ReactCode's outputs
    "choices": {"type": ["string", "array"]},
    "multichoices": {"type": "array"},
    "number": {"type": "number"},
    "rating": {"type": "number"},
}


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a JSON text: a key of ``diagnostics.REASONS``, its facts, and where in the text."""

    reason: str
    at: int | None = None
    word: str = ""
    wanted: str = ""


def check(config: Config, problems: Problems) -> None:
    """Report what is wrong with the components of *config*."""
    for item in config.objects:
        if item.tag.object_type == "component":
            _code(item, problems)
            _json(item, problems)
            if item.tag.result_type == "reactcode":
                problems.add("C137", item.span, tag=item.tag.name)


def result_of(values: Values) -> Schema:
    """The JSON Schema that the component's ``result`` or ``outputs`` stands for; any object where it cannot be read."""
    if values.has("outputs"):
        return _outputs(values.text("outputs") or "")[0]
    return _result(values.text("result") or "any")[0]


def params_of(values: Values) -> dict[str, Any] | None:
    """The settings in ``params``."""
    return _object(values.text("params") or "")[0] if values.given("params") else None


def _code(item: Item, problems: Problems) -> None:
    source, code = item.values.given("src"), item.values.given("code")
    there = [written for written in (source, code) if written and written.value.strip()]
    if not there and item.tag.name == "Component":  # of the others C137 says already that their code is not run
        problems.add("C138", item.span, tag=item.tag.name, reason_key="no_code", way="add_code")
    elif len(there) == 2 and source:
        problems.add("C138", source.name_span, tag=item.tag.name, reason_key="two_codes", way="one_code")


def _json(item: Item, problems: Problems) -> None:
    values = item.values
    for name, way in (("result", "result_words"), ("outputs", "result_words"), ("params", "params_json")):
        written = values.given(name)
        if written is None:
            continue
        read = {"result": _result, "outputs": _outputs, "params": _object}[name]
        found, fault = read(written.value)
        if fault:
            span = written.value_span if fault.at is None else written.part(fault.at, fault.at + 1)
            reason = REASONS[fault.reason]
            if fault.wanted:
                reason = reason.format(word=shown(fault.word), wanted=fault.wanted)
            near = (fault.word if fault.reason == "schema_word" else "", (*_WORDS, "choices:a,b"))
            problems.add("C139", span, name=name, reason=reason, near=near, way=way)
        elif name != "params":
            for word in dict.fromkeys(_unread(found)):
                problems.add("C136", written.value_span, name=name, value=shown(word), known=KEYWORDS)


def _result(text: str) -> tuple[Schema, Fault | None]:
    word = text.strip()
    if word.startswith("{"):
        return _schema(text)
    if word.lower() in _WORDS:
        return _WORDS[word.lower()], None
    if word.lower().startswith("choices:"):
        choices = [choice.strip() for choice in word[len("choices:") :].split(",") if choice.strip()]
        if not choices:
            return _ANY, Fault("schema_choices")
        return _one("choices", {"type": "array", "items": {"type": "string", "enum": choices}}), None
    return _ANY, Fault("schema_word", word=word)


def _outputs(text: str) -> tuple[Schema, Fault | None]:
    """ReactCode's: a schema, or a list of names (each may be a type, which is then its own name)."""
    if text.strip().startswith("{"):
        return _schema(text)
    names = [name for part in text.split(",") if (name := part.strip())]
    return ({"type": "object", "properties": {name: _OUTPUTS.get(name, {}) for name in names}} if names else _ANY), None


def _schema(text: str) -> tuple[Schema, Fault | None]:
    found, fault = _object(text)
    if fault:
        return _ANY, fault
    if fault := next(_faults(found), None):
        return _ANY, fault
    if found.get("type", "object") != "object":
        return _ANY, Fault("schema_object")
    return {"type": "object", **found}, None


def _object(text: str) -> tuple[dict[str, Any], Fault | None]:
    """The JSON object in *text*. The place of a fault is ours: messages of ``json`` differ from Python to Python."""
    if len(text) > MAX_JSON:
        return {}, Fault("large")
    if wrong := samples.fault_in(text):
        return {}, Fault(*wrong)
    try:
        found = json.loads(text)
        json.dumps(found, ensure_ascii=False, allow_nan=False).encode()
    except UnicodeEncodeError:
        return {}, Fault("surrogate")
    except ValueError:
        return {}, Fault("number")
    return (found, None) if isinstance(found, dict) else ({}, Fault("params_object"))


def _faults(schema: object) -> Iterator[Fault]:
    """What is no schema in *schema*."""
    if isinstance(schema, bool):
        return
    if not isinstance(schema, dict):
        yield Fault("schema_shape", word=json.dumps(schema, ensure_ascii=False), wanted="a schema")
        return
    for word, value in schema.items():
        if wanted := _wanted(word, value):
            yield Fault("schema_shape", word=f"{word}: {json.dumps(value, ensure_ascii=False)}", wanted=wanted)
    for inner in _inner(schema):
        yield from _faults(inner)


def _wanted(word: str, value: object) -> str | None:
    """What the value of the keyword *word* has to be, if it is not that."""
    names = value if isinstance(value, list) else [value]
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if word == "type" and not (names and all(name in _TYPES for name in names)):
        return f"one of {', '.join(_TYPES)}"
    if word in ("enum", *_SCHEMA_LISTS) and not (isinstance(value, list) and value):
        return "a list that is not empty"
    if word == "properties" and not isinstance(value, dict):
        return "an object"
    if word == "required" and not (isinstance(value, list) and all(isinstance(name, str) for name in value)):
        return "a list of names"
    if word in _NUMBERS and not number:
        return "a number"
    if word in _COUNTS and not (number and isinstance(value, int) and value >= 0):
        return "a whole number from 0"
    if word == "uniqueItems" and not isinstance(value, bool):
        return "true or false"
    return None


def _inner(schema: dict[str, Any]) -> Iterator[object]:
    """The schemas inside *schema*."""
    for word in _SCHEMAS:
        if word in schema:
            yield schema[word]
    for word in _SCHEMA_LISTS:
        yield from schema[word] if isinstance(schema.get(word), list) else ()
    properties = schema.get("properties")
    yield from properties.values() if isinstance(properties, dict) else ()


def _unread(schema: object) -> Iterator[str]:
    """Words of *schema* that no check looks at."""
    if isinstance(schema, dict):
        yield from (word for word in schema if word not in KEYWORDS and word not in _NOTES)
        for inner in _inner(schema):
            yield from _unread(inner)
