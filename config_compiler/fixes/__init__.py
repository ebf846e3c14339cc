"""
Quick fixes: for a problem of a config the changes that solve it, best first.

``with_fixes(source, diagnostics)`` gives the diagnostics with their fixes. The modules of this package have a table
each that says which function knows a code.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace as changed

from config_compiler.diagnostics import Diagnostic, Fix
from config_compiler.fixes import attributes, data, links, xml
from config_compiler.fixes.case import Case, Maker
from config_compiler.inventory import Inventory
from config_compiler.outline import read
from config_compiler.spans import Lines, Span

MAX_FIXED = 100  # problems of one config that get fixes
FIXES: dict[str, Maker] = {**links.FIXES, **attributes.FIXES, **data.FIXES, **xml.FIXES}


def with_fixes(source: str, diagnostics: tuple[Diagnostic, ...]) -> tuple[Diagnostic, ...]:
    """The *diagnostics* of *source*, the first hundred with their fixes. Never raises for what a config contains."""
    if not diagnostics or len(source) > 1_000_000:
        return diagnostics
    outline = read(source)
    known = Inventory(outline)
    starts = [node.token.start for node in outline.nodes]
    lines = Lines(source)
    found: list[Diagnostic] = []
    for place, one in enumerate(diagnostics):
        made: tuple[Fix, ...] = ()
        if place < MAX_FIXED:
            span = Span(lines.offset(one.line, one.column), lines.offset(one.end_line, one.end_column))
            case = Case(one, span, outline, known, starts)
            made = tuple(fix for fix in dict.fromkeys(FIXES.get(one.code, _any)(case)) if _changes(source, fix))
        found.append(changed(one, fixes=made) if made else one)
    return tuple(found)


def _changes(source: str, fix: Fix) -> bool:
    """Whether *fix* does anything: what is asked for may be there already, and something else keeps it from working."""
    return any(source[edit.start : edit.end] != edit.text for edit in fix.edits)


def _any(case: Case) -> Iterator[Fix]:
    """For codes without a function of their own: the word that was meant, or without an attribute that only warns."""
    yield from case.meant()
    if case.diagnostic.severity == "warning" and case.attribute and case.span.start == case.attribute.name_span.start:
        yield from case.without_attribute()
