"""The stages in their order."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from config_compiler import (
    answer_checks,
    attrs,
    check,
    components,
    conditions,
    data,
    hotkeys,
    reader,
    rules,
    samples,
    style,
    tree,
)
from config_compiler.diagnostics import Diagnostic, Problems
from config_compiler.garbage import without_collection
from config_compiler.spans import Lines
from config_compiler.tree import Config

if TYPE_CHECKING:
    from config_compiler.plan import Plan


@dataclass(frozen=True, slots=True)
class CompileResult:
    """``plan`` is ``None`` when there are errors. ``diagnostics`` are in the order of their places."""

    plan: Plan | None
    diagnostics: tuple[Diagnostic, ...]

    @property
    def ok(self) -> bool:
        return self.plan is not None


def compile_config(source: str) -> CompileResult:
    """
    Compile the text of a config.

    The same text gives the same diagnostics and the same bytes of ``plan.to_json()`` on every Python. Nothing in
    *source* makes it raise.
    """
    with without_collection(source):
        return _compiled(source)


def _compiled(source: str) -> CompileResult:
    problems = Problems(Lines(source))
    document = reader.read(source, problems)
    if document.root is None or not document.sound:
        return CompileResult(None, problems.sorted())
    config = tree.build(document.root, problems)
    _sheets(config, problems)
    links = check.check(config, problems)
    answer_checks.check(config, links, problems)
    components.check(config, problems)
    ruled = rules.read(config, links, problems)
    when = conditions.read_all(config, problems)
    keys = hotkeys.assign(config, problems)
    fields, made = data.needs(config, problems)
    sample = samples.read(document.comments, fields, problems)
    if problems.failed:
        return CompileResult(None, problems.sorted())
    from config_compiler.lower import lower  # pydantic is loaded for the first plan, not for every check

    sha256 = hashlib.sha256(source.encode()).hexdigest()
    return CompileResult(lower(config, links, when, keys, fields, sample or made, sha256, ruled), problems.sorted())


def _sheets(config: Config, problems: Problems) -> None:
    """Report what ``<Style>`` may not do."""
    for item in config.root.walk() if config.root else ():
        if item.tag.name == "Style" and (written := item.values.given("value")):
            attrs.report_style(style.sheet(written.value)[1], written, problems)


def compile_json(source: str) -> str:
    """``{"plan"?: …, "diagnostics": […]}`` as JSON: what the editor asks for, through the worker."""
    result = compile_config(source)
    diagnostics: list[dict[str, Any]] = [diagnostic.to_dict() for diagnostic in result.diagnostics]
    listed = json.dumps(diagnostics, ensure_ascii=False, separators=(",", ":"))
    if result.plan is None:
        return f'{{"diagnostics":{listed}}}'
    return f'{{"plan":{result.plan.to_json().decode()},"diagnostics":{listed}}}'
