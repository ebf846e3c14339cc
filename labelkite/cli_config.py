"""``labelkite check`` and ``labelkite compile``: configs on the command line."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from config_compiler import CompileResult, compile_config
from config_compiler.diagnostics import format as format_diagnostic
from config_compiler.formatting import format_config

if TYPE_CHECKING:
    from argparse import _SubParsersAction

FINE, ERRORS, UNREADABLE = 0, 1, 2


class Unreadable(Exception):
    """A file that is no text: the message says why."""


def add_commands(subparsers: _SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add ``check`` and ``compile``. Exit codes: 0 fine, 1 errors in a config, 2 a file cannot be read."""
    checker = subparsers.add_parser("check", help="report all problems of configs", description=check.__doc__)
    checker.add_argument("files", nargs="+", metavar="FILE", help="a config; - reads standard input")
    checker.add_argument("--json", action="store_true", help="print the problems as JSON")
    checker.set_defaults(run=check)
    compiler = subparsers.add_parser("compile", help="print the plan of a config", description=compile_file.__doc__)
    compiler.add_argument("file", metavar="FILE", help="a config; - reads standard input")
    compiler.set_defaults(run=compile_file)
    formatter = subparsers.add_parser("format", help="lay configs out", description=format_files.__doc__)
    formatter.add_argument("files", nargs="+", metavar="FILE", help="a config; - reads standard input and prints it")
    formatter.add_argument("--check", action="store_true", help="change nothing; exit code 1 if a file would change")
    formatter.set_defaults(run=format_files)


def check(args: argparse.Namespace) -> int:
    """Report all problems of the configs; the exit code is 1 if there are errors, warnings do not count."""
    code = FINE
    reports: list[dict[str, object]] = []
    for name in args.files:
        try:
            source = read(name)
        except Unreadable as fault:
            print(f"{name}: {fault}", file=sys.stderr)
            code = UNREADABLE
            reports.append({"file": name, "ok": False, "unreadable": str(fault), "diagnostics": []})
            continue
        result = compile_config(source)
        if not result.ok and code == FINE:
            code = ERRORS
        diagnostics = [diagnostic.to_dict() for diagnostic in result.diagnostics]
        reports.append({"file": name, "ok": result.ok, "diagnostics": diagnostics})
        if not args.json:
            tell(name, source, result, sys.stdout)
            print(f"{name}: {_summary(result)}")
    if args.json:
        print(json.dumps(reports, ensure_ascii=False, indent=2))
    return code


def compile_file(args: argparse.Namespace) -> int:
    """Print the plan of the config as JSON; problems go to standard error."""
    try:
        source = read(args.file)
    except Unreadable as fault:
        print(f"{args.file}: {fault}", file=sys.stderr)
        return UNREADABLE
    result = compile_config(source)
    tell(args.file, source, result, sys.stderr)
    if result.plan is None:
        return ERRORS
    sys.stdout.buffer.write(result.plan.to_json() + b"\n")
    sys.stdout.buffer.flush()
    return FINE


def format_files(args: argparse.Namespace) -> int:
    """Lay the configs out in place; what they compile to stays. The exit code is 1 if one is no sound XML."""
    code = FINE
    for name in args.files:
        try:
            source = read(name)
        except Unreadable as fault:
            print(f"{name}: {fault}", file=sys.stderr)
            code = UNREADABLE
            continue
        laid_out = format_config(source)
        if laid_out.source is None:
            for diagnostic in laid_out.diagnostics:
                print(format_diagnostic(diagnostic, name, source), file=sys.stderr)
        elif name == "-" and not args.check:
            sys.stdout.write(laid_out.source)
        elif laid_out.source != source:
            print(f"{name}: {'would change' if args.check else 'laid out'}")
            if not args.check:
                Path(name).write_bytes(laid_out.source.encode())
        if code == FINE and (laid_out.source is None or (args.check and laid_out.source != source)):
            code = ERRORS
    return code


def read(name: str) -> str:
    """
    The text of a config file, without a byte order mark.

    Raises:
        Unreadable: there is no such file, or it is no UTF-8 text.
    """
    try:
        data = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    except OSError as error:
        raise Unreadable(f"cannot be read: {error.strerror or error}") from error
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise Unreadable(f"is not UTF-8 text (line {line}); save it as UTF-8") from error


def tell(name: str, source: str, result: CompileResult, stream: TextIO) -> None:
    for diagnostic in result.diagnostics:
        print(format_diagnostic(diagnostic, name, source), file=stream)


def _summary(result: CompileResult) -> str:
    errors = sum(diagnostic.severity == "error" for diagnostic in result.diagnostics)
    warnings = len(result.diagnostics) - errors
    parts = [_count(errors, "error")] if errors else ["fine"]
    if warnings:
        parts.append(_count(warnings, "warning"))
    return ", ".join(parts)


def _count(number: int, word: str) -> str:
    return f"{number} {word}" + ("" if number == 1 else "s")
