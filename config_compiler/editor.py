"""What the editor in the browser asks for, as JSON-like answers: compiled with quick fixes, and laid out."""

from __future__ import annotations

import json
import time

from config_compiler import edits, outline
from config_compiler.compiler import compile_config
from config_compiler.diagnostics import Edit
from config_compiler.fixes import with_fixes
from config_compiler.formatting import format_config
from config_compiler.garbage import without_collection


def compile_source(source: str) -> dict[str, object]:
    """
    ``{"plan"?, "diagnostics", "ms"}``, to be written as JSON: lists may be tuples. Diagnostics have their fixes, ``ms``
    is the time of the compiler alone.
    """
    begun = time.perf_counter()
    answer: dict[str, object] = {}
    with without_collection(source):
        result = compile_config(source)
        if result.plan is not None:
            answer["plan"] = result.plan.to_data()
        answer["ms"] = round((time.perf_counter() - begun) * 1000, 1)
        answer["diagnostics"] = [one.to_dict() for one in with_fixes(source, result.diagnostics)]
    return answer


def format_source(source: str) -> dict[str, object]:
    """``{"source"}``, or ``{"problems"}`` that say why the XML cannot be laid out."""
    laid_out = format_config(source)
    if laid_out.source is not None:
        return {"source": laid_out.source}
    return {
        "problems": [
            {
                "code": one.code,
                "message": one.message,
                "where": f"config line {one.line}, column {one.column}",
                "hint": one.hint,
            }
            for one in laid_out.diagnostics
            if one.severity == "error"
        ]
    }


def make_sample(source: str) -> dict[str, object]:
    """``{"data"}``: a task made up for the config, whatever its own sample is; ``{"problems"}`` if it has errors."""
    cut = [Edit(token.start, token.end, "") for token in outline.scan(source) if _is_sample(source, token)]
    result = compile_config(edits.apply(source, cut))
    if result.plan is None:
        fault = next(one for one in result.diagnostics if one.severity == "error")
        where = f"config line {fault.line}"
        return {"problems": [{"code": fault.code, "message": fault.message, "where": where, "hint": fault.hint}]}
    return {"data": json.loads(result.plan.to_json())["sample"]["data"]}


def put_sample(source: str, data: object) -> dict[str, object]:
    """
    ``{"source"}``: the config with *data* as its sample, in place of the one it has or as the first thing in it.

    A sample that is a whole task keeps its other members.
    """
    found = outline.read(source)
    samples = [token for token in found.tokens if _is_sample(source, token)]
    task: object = data
    for token in samples[:1]:
        try:
            before = json.loads(source[token.start + 4 : token.end - 3])
        except (ValueError, RecursionError):
            before = {}
        if {"data", "annotations", "predictions"} & set(before):
            task = {**before, "data": data}
    # Two dashes would end the comment; in JSON they stand in strings only, where one can be written as its number.
    text = json.dumps(task, ensure_ascii=False, indent=2).replace("--", "-\\u002d")
    inside = [node for node in found.nodes if node.token.finished]
    at = samples[0].start if samples else inside[0].token.end if inside else 0
    indent = edits.indent_at(source, at) + ("" if samples or not inside else edits.INDENT)
    comment = f"<!-- {text} -->".replace("\n", f"\n{indent}")
    if samples:
        edit = Edit(at, samples[0].end, comment)
    else:
        edit = Edit(at, at, f"\n{indent}{comment}" if inside else f"{comment}\n")
    return {"source": edits.apply(source, [edit])}


def _is_sample(source: str, token: outline.Token) -> bool:
    return token.kind == "comment" and token.finished and source[token.start + 4 : token.end].lstrip().startswith("{")
