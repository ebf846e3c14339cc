"""One row to one task: the fields that the plan needs, the structure of annotations, and JSON that can be stored."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from math import isfinite
from sys import float_info
from typing import Any

from labeling.problems import Problem, problem

Json = dict[str, Any]

MOST_DEPTH = 64
"""Deepest nesting of lists and objects in a task."""

# Objects whose field is the address of a file.
_MEDIA = frozenset({"image", "audio", "video", "pdf", "pointcloud"})

_ENCODER = json.JSONEncoder(ensure_ascii=False, allow_nan=False)
_MAYBE_HUGE = re.compile(r"(?<!\d)\d{309}")
"""What could be a whole number beyond a double's range."""

# Names of the types in `plan["fields"]` -> what a JSON value must be. bool is no number.
_TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "number": (int, float),
    "boolean": (bool,),
    "list": (list,),
    "array": (list,),
    "dict": (dict,),
    "object": (dict,),
}


class TaskReader:
    """Reads rows for one plan. `notes` gathers what was left out on purpose, each once."""

    def __init__(self, plan: Mapping[str, Any], mapping: Mapping[str, str] | None = None) -> None:
        self.mapping = dict(mapping or {})
        self.fields: list[Mapping[str, Any]] = list(plan.get("fields") or ())
        self.names = [str(field.get("name")) for field in self.fields]
        media = {entry.get("name") for entry in plan.get("objects") or () if entry.get("type") in _MEDIA}
        self.addresses = {str(field.get("name")) for field in self.fields if set(field.get("used_by") or ()) & media}
        self.notes: dict[str, Problem] = {}

    def task(self, row: object, where: str) -> tuple[Json | None, list[Problem]]:
        """The task of one JSON row (the task itself, or its data), or the problems that refuse it."""
        if not isinstance(row, dict):
            hint = f'Write an object, e.g. {{"{self.names[0] if self.names else "text"}": …}}.'
            return None, [problem("not-a-task", f"A task must be an object, this is {_kind(row)}.", where, hint)]
        unfit = _unfit(row)
        if unfit:
            path, message, hint = unfit
            return None, [problem("bad-value", message, f"{where}{path}", hint)]
        if "data" not in row or ("data" in self.names and not isinstance(row["data"], dict)):
            faults = self.mapping_problems(row, where)
            return (None, faults) if faults else self._checked({"data": self._renamed(row)}, where)
        if not isinstance(row["data"], dict):
            message = f"data must be an object with the fields of the task, this is {_kind(row['data'])}."
            return None, [problem("bad-data", message, f"{where}, data", 'Write e.g. {"data": {"text": "…"}}.')]
        faults = self.mapping_problems(row["data"], where)
        if faults:
            return None, faults
        task = self._whole(row, where)
        return self._checked({**task, "data": self._renamed(row["data"])} if self.mapping else task, where)

    @property
    def columns(self) -> list[str]:
        """Names by which rows may say the fields of the plan."""
        return [*self.names, *self.mapping]

    def mapping_problems(self, present: Iterable[str], where: str) -> list[Problem]:
        """Columns that the mapping would make one field of."""
        if not self.mapping:
            return []
        came: dict[str, str] = {}
        problems = []
        for column in present:
            field = self.mapping.get(column, column)
            if field in came:
                message = f"{column!r} and {came[field]!r} would both become {field!r}."
                hint = "Map one of them to another name."
                problems.append(problem("mapped-twice", message, where, hint))
            came[field] = column
        return problems

    def _renamed(self, data: Json) -> Json:
        return {self.mapping.get(name, name): value for name, value in data.items()} if self.mapping else data

    def _whole(self, row: Json, where: str) -> Json:
        """The members of a task that an import reads; ids and counters are given anew."""
        task: Json = {"data": row["data"]}
        for key in ("annotations", "predictions", "drafts"):
            value = row.get(key)
            if isinstance(value, list) and value and all(_is_id(entry) for entry in value):
                # A plain export lists drafts and predictions by id only.
                message = f"{key.capitalize()} that are only listed by their id have no content to import."
                self.notes.setdefault(key, problem("only-ids", message, where, "Export them in full to keep them."))
            elif value is not None and value != []:
                task[key] = value
        drafts = task.get("drafts")
        if isinstance(drafts, list) and (len(drafts) > 1 or (drafts and task.get("annotations"))):
            message = "Of the drafts of a task the newest is kept, and none where it has annotations."
            hint = "A person has one draft of a task, and imported ones are those of who imports them."
            self.notes.setdefault("one-draft", problem("one-draft", message, where, hint))
        if isinstance(row.get("meta"), dict) and row["meta"]:
            task["meta"] = row["meta"]
        if isinstance(row.get("allow_skip"), bool):
            task["allow_skip"] = row["allow_skip"]
        if row.get("priority") is not None:
            task["priority"] = row["priority"]
        return task

    def _checked(self, task: Json, where: str) -> tuple[Json | None, list[Problem]]:
        problems = [*self._fields(task["data"], where), *_priority(task, where), *_answers(task, where)]
        return (None, problems) if problems else (task, [])

    def _fields(self, data: Mapping[str, Any], where: str) -> list[Problem]:
        problems = []
        for field, name in zip(self.fields, self.names, strict=True):
            value = data.get(name)
            place = f"{where}, field {name}"
            if value is None:
                message = f"The task has no {name!r}, which the config uses."
                problems.append(problem("missing-field", message, place, missing_hint(name, data, self.names)))
                continue
            allowed = [str(kind) for kind in field.get("types") or ()]
            if not _fits(value, allowed):
                message = f"{name!r} must be {_either(allowed)}, this is {_kind(value)}."
                problems.append(problem("wrong-type", message, place, "Change the value, or the config that uses it."))
            elif name in self.addresses and isinstance(value, str) and not value.strip():
                message = f"{name!r} is empty, so there is nothing to show."
                problems.append(problem("empty-field", message, place, "Give the address of the file."))
        return problems


def missing_hint(name: str, present: Iterable[str], wanted: Sequence[str]) -> str:
    """What the field could be instead: a name that is nearly the same, else the names that are there."""
    free = [other for other in present if other not in wanted]
    near = _nearest(name, free)
    if near:
        return f"Did you mean {near!r}? Rename it to {name!r}."
    if len(free) == 1:
        return f"Is it {free[0]!r}? Rename it to {name!r}."
    if free:
        listed = ", ".join(repr(other) for other in free[:8]) + (" …" if len(free) > 8 else "")
        return f"There are {listed}: rename one to {name!r}."
    return f"Add {name!r} to the task."


def guessed_mapping(columns: Sequence[str], fields: Sequence[str]) -> dict[str, str]:
    """By column the field that it most likely is, for fields that no column has the name of."""
    free = [column for column in columns if column and column not in fields]
    missing = [field for field in fields if field not in columns]
    guessed: dict[str, str] = {}
    for field in missing:
        near = _nearest(field, [column for column in free if column not in guessed])
        if near:
            guessed[near] = field
    left = [column for column in free if column not in guessed]
    open_fields = [field for field in missing if field not in guessed.values()]
    if len(open_fields) == 1 and len(left) == 1:
        guessed[left[0]] = open_fields[0]
    return guessed


def _nearest(name: str, free: Sequence[str]) -> str | None:
    """The name in *free* that is nearly *name*, or a part of it, or holds it."""
    lowered = {other.strip().lower(): other for other in free}
    near = get_close_matches(name.lower(), list(lowered), n=1, cutoff=0.6)
    if not near:
        near = [key for key in lowered if key and (key in name.lower() or name.lower() in key)][:1]
    return lowered[near[0]] if near else None


def _priority(task: Json, where: str) -> Iterable[Problem]:
    value = task.get("priority", 0)
    if isinstance(value, bool) or not isinstance(value, int | float) or value - value != 0:
        message = f"priority must be a number, this is {_kind(value)}."
        yield problem("bad-priority", message, f"{where}, priority", "Tasks with a higher number come first.")


def _answers(task: Json, where: str) -> list[Problem]:
    """Structure of annotations, predictions and drafts; what their results say is checked by labeling.results."""
    problems = []
    hint = 'Each needs a "result", a list of objects.'
    for key in ("annotations", "predictions", "drafts"):
        entries = task.get(key, [])
        if not isinstance(entries, list):
            problems.append(problem("bad-answers", f"{key} must be a list, this is {_kind(entries)}.", where, hint))
            continue
        for number, entry in enumerate(entries, 1):
            place = f"{where}, {key[:-1]} {number}"
            if not isinstance(entry, dict):
                message = f"This must be an object, and is {_kind(entry)}."
            elif not isinstance(entry.get("result"), list):
                message = "It has no list 'result'."
            elif not all(isinstance(item, dict) for item in entry["result"]):
                message = "Its 'result' holds something that is no object."
            elif not _is_duration(entry.get("lead_time")):
                message = "Its lead_time is no number of seconds."
            elif not isinstance(entry.get("was_cancelled", False), bool | None):
                message = "Its was_cancelled is neither true nor false."
            else:
                continue
            problems.append(problem("bad-answers", message, place, hint))
    return problems


def _unfit(row: Json) -> tuple[str, str, str] | None:
    """Path, message and hint of the first value that cannot be stored as JSON; None if all can."""
    try:
        text = _ENCODER.encode(row)
        text.encode()
        if text.count("[") + text.count("{") <= MOST_DEPTH and not _MAYBE_HUGE.search(text):
            return None
    except (ValueError, RecursionError):
        pass  # the walk finds the place
    stack: list[tuple[object, str, int]] = [(row, "", 1)]
    while stack:
        value, path, depth = stack.pop()
        if depth > MOST_DEPTH:
            return "", f"It is nested deeper than {MOST_DEPTH} levels.", "Flatten the task."
        if isinstance(value, float) and not isfinite(value):
            return path, f"{value} is no number in JSON.", "Write null or a number."
        if isinstance(value, int) and abs(value) > float_info.max:
            return path, "The number is larger than any that can be stored.", "Write null, a smaller number or a text."
        if isinstance(value, str) and not _is_unicode(value):
            hint = "Write the character as a whole; half of a surrogate pair cannot be stored or shown."
            return path, "The text holds half a character (a lone surrogate).", hint
        if isinstance(value, list):
            stack += [(item, f"{path}[{index}]", depth + 1) for index, item in reversed(list(enumerate(value)))]
        elif isinstance(value, dict):
            bad = next((key for key in value if not _is_unicode(key)), None)
            if bad is not None:
                return path, "A name holds half a character (a lone surrogate).", "Rename the field."
            lead = ", field " if not path else "."
            stack += [(item, f"{path}{lead}{key}", depth + 1) for key, item in reversed(list(value.items()))]
    return None


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _is_id(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_duration(value: object) -> bool:
    return value is None or (isinstance(value, (int, float)) and not isinstance(value, bool))


def _fits(value: object, allowed: Sequence[str]) -> bool:
    known = [_TYPES[kind] for kind in allowed if kind in _TYPES]
    if not known or len(known) < len(allowed):
        return True  # no types given, or one that takes anything
    if isinstance(value, bool):
        return (bool,) in known
    return any(isinstance(value, kinds) for kinds in known)


def _either(allowed: Sequence[str]) -> str:
    names = [{"string": "a text", "number": "a number", "dict": "an object"}.get(kind, f"a {kind}") for kind in allowed]
    return " or ".join(names)


def _kind(value: object) -> str:
    """A JSON value as a person names it."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return f"the text {value[:40]!r}" + ("…" if len(value) > 40 else "")
    if isinstance(value, (int, float)):
        return "a number"
    return "a list" if isinstance(value, list) else "an object"
