"""Fixes for data fields, the sample task and styles."""

from __future__ import annotations

import re
from collections.abc import Iterator

from config_compiler import edits, snippets, style
from config_compiler.diagnostics import Edit, Fix
from config_compiler.fixes.case import Case, Maker
from config_compiler.inventory import fresh
from config_compiler.spans import Span
from config_compiler.tags import registry


def _field_name(text: str) -> str:
    """*text* as the name of a field."""
    name = re.sub(r"[^A-Za-z0-9_]+", "_", text.strip()).strip("_")
    return name if name and not name[0].isdigit() else f"field_{name}".rstrip("_")


def make_field(case: Case) -> Iterator[Fix]:
    yield case.replaced(f"${_field_name(case.text)}")
    yield from case.without_attribute()


def _no_field(case: Case) -> Iterator[Fix]:
    if case.attribute:
        yield from make_field(case)
    elif case.node and not (case.tag and case.tag.role == "plan"):  # nothing may stand in those
        for kind in ("Text", "Image"):
            tag = registry.find(kind)
            if tag:
                text = snippets.with_name(tag, case.known, case.known.fresh_name(tag), case.known.fresh_field(tag))
                yield Fix(f"Add <{kind}>", (edits.insert_first(case.outline, case.node, text),))


def _path(case: Case) -> Iterator[Fix]:
    steps = re.findall(r"[A-Za-z_]\w*|\d+", case.text)
    if not steps:
        return
    path = "".join(f"[{step}]" if step.isdigit() else f".{step}" for step in steps).lstrip(".")
    for one in dict.fromkeys((f"${path}", f"${_field_name(case.text)}")):
        yield case.replaced(one)


def _sample(case: Case) -> Iterator[Fix]:
    before = case.source[: case.span.start].rstrip()
    if before.endswith(",") and case.text in ("}", "]"):
        yield Fix("Delete the comma before it", (Edit(len(before) - 1, len(before), ""),))


_DATA = re.compile(r"\"data\"\s*:\s*\{")


def _sample_field(case: Case) -> Iterator[Fix]:
    """A field that the sample task lacks; which one stands in the message only, so all that are missing are added."""
    given = case.known.sample
    lists = {
        written.value[1:]
        for tag, node in case.known.tagged
        for written in node.token.attributes
        if (attr := tag.by_name.get(written.name.lower())) and attr.type == "field"
    }
    missing = [
        name
        for name, by in case.known.fields.items()
        if by.startswith("used") and name.isidentifier() and name not in given
    ]
    found = _DATA.search(case.source, case.span.start, case.span.end)
    at = found.end() if found else case.source.find("{", case.span.start) + 1
    gap = ", " if not case.source[at:].lstrip().startswith("}") else ""
    if missing and at:
        words = ", ".join(
            f'"{name}": ' + ('[{"value": "One"}, {"value": "Two"}]' if name in lists else f'"{name}"')
            for name in missing
        )
        yield Fix(f"Add {', '.join(missing)} to the sample", (Edit(at, at, words + gap),))


def _second_sample(case: Case) -> Iterator[Fix]:
    yield Fix("Delete this comment", (edits.remove(case.source, case.span),))


def _second_type(case: Case) -> Iterator[Fix]:
    if case.text.startswith("$"):
        name = fresh(_field_name(case.text), case.known.fields)
        yield case.replaced(f"${name}")


def _amount(case: Case) -> Iterator[Fix]:
    yield case.replaced(f"{case.text.lstrip('$')} dollars")


def _full_stop(case: Case) -> Iterator[Fix]:
    yield case.replaced(f"{case.text[:-1]} .", "Put a space before the full stop")


def _no_declaration(case: Case) -> Iterator[Fix]:
    """Without the CSS declaration at the place."""
    span = case.attribute.value_span if case.attribute else None
    around = case.outline.innermost(case.span.start)
    if span is None and around:
        span = Span(around.token.end, around.end)
    if span is None:
        return
    start = max(case.source.rfind(mark, span.start, case.span.start) for mark in ";{}") + 1 or span.start
    ends = [at for mark in ";}" if (at := case.source.find(mark, case.span.end, span.end)) >= 0]
    end = min(ends, default=span.end)
    end += case.source[end : end + 1] == ";"
    first = case.source[start:end]
    start += len(first) - len(first.lstrip())
    yield Fix("Remove it", (Edit(start, end, ""),))


def _style_property(case: Case) -> Iterator[Fix]:
    end = re.compile(r"[;}\"']|\Z").search(case.source, case.span.end)
    value = case.source[case.span.end : end.start()] if end else ""
    if not style.declarations(case.diagnostic.meant + value)[1]:
        yield from case.meant()
    yield from _no_declaration(case)


def _at_rule(case: Case) -> Iterator[Fix]:
    around = case.outline.innermost(case.span.start)
    if around is None:
        return
    source, depth, at = case.source, 0, case.span.start
    while at < around.end:
        char = source[at]
        at += 1
        depth += (char == "{") - (char == "}")
        if (char == ";" and depth == 0) or (char == "}" and depth <= 0):
            break
    yield Fix("Remove it", (edits.remove(source, Span(case.span.start, at)),))


FIXES: dict[str, Maker] = {
    "C017": make_field,
    "C070": _no_field,
    "C071": make_field,
    "C072": _path,
    "C073": _sample,
    "C074": _sample_field,
    "C075": _second_sample,
    "C076": _second_type,
    "C077": _amount,
    "C078": _full_stop,
    "C079": make_field,
    "C080": _style_property,
    "C081": _no_declaration,
    "C082": _no_declaration,
    "C083": _at_rule,
}
