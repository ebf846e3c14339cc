"""``labelkite schema``, ``docs``, ``diff`` and ``templates``: what the language and a config mean."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from config_compiler import compile_config
from labelkite.cli_config import ERRORS, FINE, UNREADABLE, Unreadable, read, tell

if TYPE_CHECKING:
    from argparse import _SubParsersAction

WOULD_ORPHAN = 3


def add_commands(subparsers: _SubParsersAction[argparse.ArgumentParser]) -> None:
    """Exit codes: 0 fine, 1 errors in a config, 2 a file cannot be read, 3 a change leaves results without a place."""
    schema = subparsers.add_parser("schema", help="JSON Schema of a config's results", description=print_schema.__doc__)
    schema.add_argument("file", metavar="FILE", nargs="?", help="a config; - reads standard input")
    schema.add_argument(
        "--plan", action="store_true", help="the schema of compiled plans, in place of a config's results"
    )
    schema.set_defaults(run=print_schema)
    docs = subparsers.add_parser("docs", help="write the reference of all tags", description=print_docs.__doc__)
    docs.add_argument("what", nargs="?", choices=("tags", "problems"), default="tags", help="default: tags")
    docs.set_defaults(run=print_docs)
    diff = subparsers.add_parser("diff", help="what a changed config does to results", description=print_diff.__doc__)
    diff.add_argument("old", metavar="OLD", help="a config")
    diff.add_argument("new", metavar="NEW", help="the config in its place")
    diff.add_argument(
        "--results", metavar="FILE", help="an export, or tasks with annotations: count what happens to them"
    )
    diff.add_argument("--map", metavar="FILE", help='JSON: {"controls": {"old": "new"}, "options": {"control": {…}}}')
    diff.add_argument("--json", action="store_true", help="print the changes as JSON")
    diff.set_defaults(run=print_diff)
    gallery = subparsers.add_parser("templates", help="configs to start from", description=print_templates.__doc__)
    gallery.add_argument("id", metavar="ID", nargs="?", help="print this one; without it, all are listed")
    gallery.set_defaults(run=print_templates)


def print_schema(args: argparse.Namespace) -> int:
    """Print the JSON Schema (draft 2020-12) of the results that a config makes, for a model's output."""
    if args.plan:
        from config_compiler.plan import Plan

        schema: dict[str, Any] = {"$schema": "https://json-schema.org/draft/2020-12/schema", **Plan.model_json_schema()}
    else:
        plan = _plan(args.file or "-")
        if isinstance(plan, int):
            return plan
        from config_compiler.result_schema import result_schema

        schema = result_schema(plan)
    print(json.dumps(schema, ensure_ascii=False, indent=2))
    return FINE


def print_docs(args: argparse.Namespace) -> int:
    """Print the reference of all tags and attributes, or of all problems that a config can have, as Markdown."""
    from config_compiler import problem_docs, reference

    sys.stdout.write(problem_docs.markdown() if args.what == "problems" else reference.markdown())
    return FINE


def print_diff(args: argparse.Namespace) -> int:
    """Tell what a change of the config does to results: kept, renamed, or left without a place."""
    from labeling.migrate import Migration

    from config_compiler.migrate import changes

    old, new = _plan(args.old), _plan(args.new)
    for plan in (old, new):
        if isinstance(plan, int):
            return plan
    assert isinstance(old, dict)
    assert isinstance(new, dict)
    try:
        mapping = _mapping(args.map) if args.map else None
        results = list(_results(_json(args.results))) if args.results else None
    except Unreadable as fault:
        print(f"labelkite diff: {fault}", file=sys.stderr)
        return UNREADABLE
    found = changes(old, new, mapping)
    counts = Migration(dict(found)).count(results).to_dict() if results is not None else None
    if args.json:
        print(json.dumps({"changes": found, "counts": counts}, ensure_ascii=False, indent=2))
    else:
        for line in told(found, counts):
            print(line)
    lost = any(row["becomes"] is None for row in found["controls"])
    lost = lost or any(option["becomes"] is None for row in found["controls"] for option in row["options"])
    return WOULD_ORPHAN if (counts["results"]["orphaned"] if counts else lost) else FINE  # type: ignore[index]


def told(found: Any, counts: Any) -> Iterator[str]:
    """The changes in lines for people."""
    if found["same"]:
        yield "Every result stays as it is."
    for row in found["objects"]:
        if row["what"] != "kept":
            yield _line("object", row["object"], row)
    for row in found["controls"]:
        if row["what"] != "kept":
            yield _line("control", row["control"], row)
        for option in row["options"]:
            if option["what"] != "kept":
                yield _line(f"  {row['control']}:", option["stored"], option)
    for entry in found["added"]:
        yield f"new: {entry['control']}" + (f": {entry['option']}" if "option" in entry else "")
    if found["needs"]:
        yield f"tasks need now: {', '.join(found['needs'])}"
    if counts is not None:
        results = counts["results"]
        yield (
            f"{counts['annotations']} annotations: {results['kept']} results kept, {results['renamed']} renamed, "
            f"{results['orphaned']} without a place"
        )


def _line(kind: str, name: str, row: Any) -> str:
    guess = " (guessed: map it if that is wrong)" if row.get("guessed") else ""
    if row["becomes"] is None:
        what = "cannot be kept" if row["what"] == "retyped" else "gone"
        return f"{kind} {name}: {what}" + (f", {row['reason']}" if row.get("reason") else "")
    return f"{kind} {name} → {row['becomes']}{guess}"


def print_templates(args: argparse.Namespace) -> int:
    """List the gallery's templates, or print one of them: `labelkite templates ocr > config.xml`."""
    from config_compiler import templates

    if args.id is None:
        for group in templates.groups():
            print(f"\n{group.title}: {group.about}")
            for template in group.templates:
                print(f"  {template.id:<26}{template.purpose}")
        return FINE
    found = templates.find(args.id)
    if found is None:
        print(f"labelkite templates: there is no template {args.id!r}; without a name all are listed", file=sys.stderr)
        return UNREADABLE
    sys.stdout.write(found.config)
    return FINE


def _plan(name: str) -> dict[str, Any] | int:
    """The plan of the config file, or the exit code once its problems are told."""
    try:
        source = read(name)
    except Unreadable as fault:
        print(f"{name}: {fault}", file=sys.stderr)
        return UNREADABLE
    result = compile_config(source)
    if result.plan is None:
        tell(name, source, result, sys.stderr)
        return ERRORS
    return result.plan.to_data()


def _json(name: str) -> Any:
    """
    The data in the JSON file.

    Raises:
        Unreadable: there is no such file, or it is no JSON; the message names it.
    """
    try:
        return json.loads(read(name))
    except Unreadable as fault:
        raise Unreadable(f"{name}: {fault}") from fault
    except json.JSONDecodeError as fault:
        raise Unreadable(f"{name}: is not JSON: {fault.msg} in line {fault.lineno}") from fault
    except RecursionError as fault:
        raise Unreadable(f"{name}: is nested too deep") from fault


def _mapping(name: str) -> Any:
    """
    Names of the old config and what becomes of them, from a JSON file.

    Raises:
        Unreadable: it has another form; the message names it.
    """
    from config_compiler.migrate import is_mapping

    given = _json(name)
    if is_mapping(given):
        return given
    form = '{"controls": {"old": "new"}, "options": {"control": {"old": "new"}}}'
    raise Unreadable(f"{name}: must have the form {form}")


def _results(given: Any) -> Iterable[Any]:
    """Lists of results: of the annotations of tasks, or the list itself."""
    rows = given if isinstance(given, list) else [given]
    if rows and all(isinstance(row, dict) and "from_name" in row for row in rows):
        yield rows
        return
    for row in rows:
        annotations = row.get("annotations") if isinstance(row, dict) else None
        for annotation in annotations if isinstance(annotations, list) else ():
            if isinstance(annotation, dict):
                yield annotation.get("result")
