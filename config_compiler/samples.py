"""The sample task in a comment: read it, or say where it stops to be JSON."""

from __future__ import annotations

import json
import re
from typing import Any

from config_compiler.data import Need
from config_compiler.diagnostics import Problems
from config_compiler.reader import Comment
from config_compiler.spans import Span

MAX_DEPTH = 64

_SAMPLE = re.compile(r"\s*\{")
_TOKEN = re.compile(
    r"[ \t\r\n]*(?:(?P<string>\"(?:[^\"\\\x00-\x1f]|\\(?:[\"\\/bfnrt]|u[0-9a-fA-F]{4}))*\")"
    r"|(?P<value>-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|true|false|null)(?![\w.+-])"
    r"|(?P<mark>[\[\]{},:]))"
)
_BLANKS = re.compile(r"[ \t\r\n]*")


def read(comments: tuple[Comment, ...], fields: tuple[Need, ...], problems: Problems) -> dict[str, Any] | None:
    """The sample task in the first comment that starts with ``{``; problems with it are reported."""
    found: dict[str, Any] | None = None
    first: Comment | None = None
    for comment in comments:
        if not _SAMPLE.match(comment.text):
            continue
        if first:
            problems.add("C075", comment.span, line=problems.line(first.span))
            continue
        first = comment
        found = _task(comment, problems)
        if found:
            for need in fields:
                if need.name not in found["data"]:
                    problems.add("C074", comment.span, name=need.name)
    return found


def _task(comment: Comment, problems: Problems) -> dict[str, Any] | None:
    """
    The task: the comment's object is its data, unless it has one of the keys of a whole task.

    The place of a fault is found here and not taken from ``json``, whose messages differ from Python to Python.
    """
    fault = fault_in(comment.text)
    if fault:
        way, at = fault
        start = comment.text_span.start + at
        problems.add("C073", Span(start, min(start + 1, comment.text_span.end)), reason_key=way, way="json")
        return None
    try:
        task = json.loads(comment.text)
        json.dumps(task, ensure_ascii=False, allow_nan=False).encode()
    except UnicodeEncodeError:
        _refuse("surrogate", comment, problems)
        return None
    except ValueError:
        _refuse("number", comment, problems)
        return None
    if not {"data", "annotations", "predictions"} & task.keys():
        return {"data": task}
    if not isinstance(task.get("data"), dict):
        _refuse("data", comment, problems)
        return None
    return {"data": task["data"], **task}


def _refuse(way: str, comment: Comment, problems: Problems) -> None:
    problems.add("C073", comment.span, reason_key=way, way="json")


def fault_in(text: str) -> tuple[str, int] | None:
    """What is wrong first, a key of ``diagnostics.REASONS``, and where; ``None`` when *text* is one JSON object."""
    expected, at = "value", 0
    stack: list[str] = []
    while expected != "end":
        token = _TOKEN.match(text, at)
        if token is None:
            return expected, _after_blanks(text, at)
        mark, place = token["mark"], token.start(token.lastgroup or 0)
        if expected in ("value", "item") and mark in ("{", "["):
            stack.append(mark)
            if len(stack) > MAX_DEPTH:
                return "deep", place
            expected = "first_name" if mark == "{" else "item"
        elif expected in ("value", "item") and mark is None:
            expected = "more" if stack else "end"
        elif expected in ("name", "first_name") and token["string"]:
            expected = "colon"
        elif expected == "colon" and mark == ":":
            expected = "value"
        elif expected == "more" and mark == ",":
            expected = "name" if stack[-1] == "{" else "value"
        elif (expected in ("more", "first_name") and mark == "}" and stack[-1] == "{") or (
            expected in ("more", "item") and mark == "]" and stack[-1] == "["
        ):
            stack.pop()
            expected = "more" if stack else "end"
        else:
            return expected, place
        at = token.end()
    rest = _after_blanks(text, at)
    return ("end", rest) if rest < len(text) else None


def _after_blanks(text: str, at: int) -> int:
    blanks = _BLANKS.match(text, at)
    return blanks.end() if blanks else at
