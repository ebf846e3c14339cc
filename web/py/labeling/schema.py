"""JSON values against a JSON Schema: the part of draft 2020-12 that a component's result may be declared with.

Known keywords: ``type`` (a name or a list), ``enum``, ``const``, ``properties``, ``required``, ``additionalProperties``
(bool or schema), ``items`` (a schema), ``minItems``, ``maxItems``, ``uniqueItems``, ``minLength``, ``maxLength`` (code
points), ``minimum``, ``maximum``, ``exclusiveMinimum``, ``exclusiveMaximum``, ``multipleOf``, ``anyOf``, ``oneOf``,
``allOf``, ``not``; ``true`` and ``false`` as schemas. Everything else (``title``, ``format``, ``pattern``, ``$ref`` …)
is not looked at: a schema says at least what it says here, and never more than its author meant.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

from labeling import reading

#: Deeper values are refused: no result of a component is nested like that.
DEEPEST = 40


def faults(schema: object, value: object, path: str = "", *, whole: bool = True) -> list[str]:
    """What is wrong with *value*, a sentence each: "score: 11 is over 10". Empty: it fits.

    Args:
        schema: a JSON Schema; what is no schema allows everything.
        path: how the value itself is called in the sentences.
        whole: False for a value that is still being made: what is missing (``required``, ``minItems``, ``minLength``)
            is then no fault, and neither is what cannot be told before (``anyOf``, ``oneOf``, ``not``).
    """
    return list(_faults(schema if whole else _lenient(schema, 0), value, path, 0))


_UNFINISHED = frozenset({"required", "minItems", "minLength", "anyOf", "oneOf", "not"})


def _lenient(schema: object, depth: int) -> object:
    """*schema* without what only a finished value must keep."""
    rules = reading.mapping(schema)
    if rules is None or depth > DEEPEST:
        return schema
    made = {name: rule for name, rule in rules.items() if name not in _UNFINISHED}
    known = reading.mapping(rules.get("properties"))
    if known is not None:
        made["properties"] = {name: _lenient(rule, depth + 1) for name, rule in known.items()}
    for name in ("items", "additionalProperties"):
        if name in rules:
            made[name] = _lenient(rules[name], depth + 1)
    each = rules.get("allOf")
    if isinstance(each, list):
        made["allOf"] = [_lenient(rule, depth + 1) for rule in each]
    return made


def _faults(schema: object, value: object, path: str, depth: int) -> Iterator[str]:
    if schema is False:
        yield f"{_at(path)}must not be there"
    if depth > DEEPEST:
        yield f"{_at(path)}is nested too deeply"
    rules = reading.mapping(schema)
    if rules is None or depth > DEEPEST:
        return
    if (told := _wrong_type(rules.get("type"), value)) is not None:
        yield f"{_at(path)}{told}"
        return
    allowed = rules.get("enum")
    if isinstance(allowed, list) and not any(_same(value, entry) for entry in allowed):
        yield f"{_at(path)}{_said(value)} is none of {', '.join(map(_said, allowed[:8]))}"
    if "const" in rules and not _same(value, rules["const"]):
        yield f"{_at(path)}{_said(value)} is not {_said(rules['const'])}"
    if isinstance(value, str):
        yield from _text(rules, value, path)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield from _number(rules, value, path)
    elif isinstance(value, Mapping):
        yield from _object(rules, value, path, depth)
    elif isinstance(value, list | tuple):
        yield from _list(rules, value, path, depth)
    yield from _combined(rules, value, path, depth)


_KINDS = {
    "string": "a text", "number": "a number", "integer": "a whole number", "boolean": "true or false",
    "object": "an object", "array": "a list", "null": "nothing",
}  # fmt: skip


def _wrong_type(wanted: object, value: object) -> str | None:
    names = reading.strings(wanted)
    if not names or any(_is(value, name) for name in names):
        return None
    return f"{_said(value)} is not {' or '.join(_KINDS.get(name, name) for name in names)}"


def _is(value: object, kind: str) -> bool:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    match kind:
        case "string":
            return isinstance(value, str)
        case "number":
            return number
        case "integer":
            return number and math.isfinite(value) and value == int(value)  # type: ignore[arg-type,call-overload]
        case "boolean":
            return isinstance(value, bool)
        case "object":
            return isinstance(value, Mapping)
        case "array":
            return isinstance(value, list | tuple)
        case "null":
            return value is None
        case _:
            return True


def _text(rules: Mapping[str, object], value: str, path: str) -> Iterator[str]:
    least, most = reading.whole(rules.get("minLength")), reading.whole(rules.get("maxLength"))
    if least is not None and len(value) < least:
        yield f"{_at(path)}has {len(value)} characters, at least {least} are needed"
    if most is not None and len(value) > most:
        yield f"{_at(path)}has {len(value)} characters, at most {most} are allowed"


def _number(rules: Mapping[str, object], value: float, path: str) -> Iterator[str]:
    if not math.isfinite(value):
        yield f"{_at(path)}is not a finite number"
        return
    bounds = {key: reading.number(rules.get(key)) for key in _BOUNDS}
    if (least := bounds["minimum"]) is not None and value < least:
        yield f"{_at(path)}{value} is under {least}"
    if (most := bounds["maximum"]) is not None and value > most:
        yield f"{_at(path)}{value} is over {most}"
    if (over := bounds["exclusiveMinimum"]) is not None and value <= over:
        yield f"{_at(path)}{value} is not over {over}"
    if (under := bounds["exclusiveMaximum"]) is not None and value >= under:
        yield f"{_at(path)}{value} is not under {under}"
    if (step := bounds["multipleOf"]) is not None and step > 0 and not is_multiple(value, step):
        yield f"{_at(path)}{value} is not a multiple of {step}"


_BOUNDS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf")


def is_multiple(value: float, step: float) -> bool:
    """Whether *value* is a whole number of *step*, as far as doubles can tell (0.3 is three times 0.1)."""
    times = value / step
    return abs(times - round(times)) <= 1e-9 * max(1.0, abs(times))


def _object(rules: Mapping[str, object], value: Mapping[str, object], path: str, depth: int) -> Iterator[str]:
    known = reading.mapping(rules.get("properties")) or {}
    for name in reading.strings(rules.get("required")) or ():
        if name not in value:
            yield f"{_member(path, name)} is missing"
    more = rules.get("additionalProperties", True)
    for name, held in value.items():
        if name in known:
            yield from _faults(known[name], held, _member(path, name), depth + 1)
        elif more is False:
            yield f"{_member(path, name)} is not known"
        else:
            yield from _faults(more, held, _member(path, name), depth + 1)


def _list(rules: Mapping[str, object], value: Sequence[object], path: str, depth: int) -> Iterator[str]:
    least, most = reading.whole(rules.get("minItems")), reading.whole(rules.get("maxItems"))
    if least is not None and len(value) < least:
        yield f"{_at(path)}has {len(value)} items, at least {least} are needed"
    if most is not None and len(value) > most:
        yield f"{_at(path)}has {len(value)} items, at most {most} are allowed"
    if rules.get("uniqueItems") is True:
        seen = [repr(entry) for entry in value]
        if len(set(seen)) < len(seen):
            yield f"{_at(path)}has an item twice"
    if "items" in rules:
        for place, entry in enumerate(value, 1):
            yield from _faults(rules["items"], entry, f"{path or 'item'} {place}", depth + 1)


def _combined(rules: Mapping[str, object], value: object, path: str, depth: int) -> Iterator[str]:
    each = rules.get("allOf")
    for schema in each if isinstance(each, list) else ():
        yield from _faults(schema, value, path, depth + 1)
    for word in ("anyOf", "oneOf"):
        given = rules.get(word)
        if isinstance(given, list) and given:
            told = [list(_faults(schema, value, path, depth + 1)) for schema in given]
            fitting = sum(not entry for entry in told)
            if not fitting:
                yield f"{_at(path)}fits none of {len(given)} forms (the first: {told[0][0]})"
            elif word == "oneOf" and fitting > 1:
                yield f"{_at(path)}fits {fitting} forms where one is meant"
    if "not" in rules and not list(_faults(rules["not"], value, path, depth + 1)):
        yield f"{_at(path)}{_said(value)} is what is not allowed"


def _same(a: object, b: object) -> bool:
    # JSON tells true from 1; Python does not.
    return a == b and isinstance(a, bool) == isinstance(b, bool)


def _said(value: object) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Mapping):
        return "an object"
    if isinstance(value, list | tuple):
        return "a list"
    return repr(value)[:60] if isinstance(value, str) else str(value)


def _at(path: str) -> str:
    return f"{path}: " if path else ""


def _member(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name
