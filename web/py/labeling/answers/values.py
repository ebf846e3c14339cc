"""Answers that come as one value: numbers, dates, taxonomies, comparisons, rankings and those of components."""

from __future__ import annotations

import json
from collections.abc import Mapping

from labeling import reading, schema
from labeling.answers import choices, dates, ranking
from labeling.answers.target import control_of, current, fault
from labeling.edit import Edit
from labeling.intents import LONGEST_TEXT, SetAnswer
from labeling.model import AnswerValue, Custom, Dated, Numbered, Paths, Selected
from labeling.plan_index import Control

#: Types of controls whose answer is set as a whole.
TYPES = ("number", "datetime", "taxonomy", "pairwise", "ranker", "component", "reactcode")


def given(edit: Edit, intent: SetAnswer) -> tuple[Control, AnswerValue | None]:
    """The control and its new answer, None for no answer. What cannot be an answer at all is refused.

    A number or date out of its range is taken: it is on the screen, and ``check`` says what is wrong with it.
    """
    control = control_of(edit, intent.control, *TYPES)
    current(edit, control, intent.target)
    if intent.step is not None:
        return control, _stepped(edit, control, intent, intent.step)
    value = intent.value
    if value is None:
        return control, None
    match control.type:
        case "number":
            return control, _number(control, value)
        case "datetime":
            return control, _date(control, value)
        case "taxonomy":
            return control, _paths(edit, control, value)
        case "pairwise":
            return control, _side(control, value)
        case "ranker":
            return control, ranking.given(edit, control, value.get("ranker"))
        case _:
            return control, _custom(control, value)


def _number(control: Control, value: Mapping[str, object]) -> Numbered | None:
    raw = value.get("number")
    if raw is None:
        return None
    number = reading.number(raw)
    if number is None:
        raise fault("bad-answer", f"{raw!r:.40} is not a number", control, "write a number, for example 2.5")
    return Numbered(number)


def _stepped(edit: Edit, control: Control, intent: SetAnswer, step: int) -> Numbered:
    """The number *step* steps further; after the largest comes the smallest. Without a number: the first."""
    if control.type != "number":
        raise fault("bad-answer", "only numbers go by steps", control)
    least, most = reading.number(control.raw.get("min")), reading.number(control.raw.get("max"))
    wide = reading.number(control.raw.get("step")) or 1
    answer = current(edit, control, intent.target)
    if answer is None or not isinstance(answer.value, Numbered):
        first = least if least is not None else step * wide
        return Numbered(first)
    number = _tidy(answer.value.number + step * wide)
    if most is not None and number > most:
        number = least if least is not None else 0
    elif least is not None and number < least:
        number = most if most is not None else least
    return Numbered(number)


def _tidy(number: float) -> int | float:
    """Without the last bits that adding 0.1 leaves behind."""
    number = round(number, 9)
    return int(number) if number == int(number) else number


def _date(control: Control, value: Mapping[str, object]) -> Dated | None:
    raw = value.get("datetime")
    if raw is None or raw == "":
        return None
    text = reading.text(raw) or ""
    written = dates.written(control, text)
    if written is None and dates.iso_of(control, text) is not None:
        written = text  # it is written as the config wants it already
    if written is None:
        asked = " and ".join(part for part in ("year", "month", "date", "time") if part in dates.parts(control))
        raise fault("bad-answer", f"{raw!r:.40} is not a {asked}", control, "for example " + _EXAMPLES[asked])
    return Dated(written)


_EXAMPLES = {
    "date and time": "2024-05-01T10:30", "date": "2024-05-01", "time": "10:30", "year and month": "2024-05",
    "year": "2024", "month": "05", "year and time": "2024T10:30", "month and time": "05T10:30",
    "year and month and time": "2024-05T10:30",
}  # fmt: skip


def _paths(edit: Edit, control: Control, value: Mapping[str, object]) -> Paths | None:
    rows = value.get("taxonomy")
    if rows is None:
        return None
    paths = [reading.strings(row) for row in rows] if isinstance(rows, list) else [None]
    found = [choices.known_path(edit, control, path) for path in paths if path]
    if len(found) != len(paths):
        raise fault("bad-answer", "a taxonomy's answer is a list of paths", control, 'for example [["Animal", "Cat"]]')
    made = choices.in_order(edit.task.tables[control.name], tuple(found))
    choices.allowed(control, made)
    return Paths(made)


def _side(control: Control, value: Mapping[str, object]) -> Selected | None:
    side = value.get("selected")
    if side is None:
        return None
    if side not in ("left", "right"):
        raise fault("bad-answer", f"{side!r:.40} is neither left nor right", control)
    return Selected(str(side))


def _custom(control: Control, value: Mapping[str, object]) -> Custom:
    raw = value.get("component", value.get(control.type))
    found = reading.mapping(raw)
    if found is None:
        raise fault("bad-answer", "a component answers with an object", control, 'for example {"component": {"x": 1}}')
    if len(json.dumps(found)) > LONGEST_TEXT:
        raise fault("bad-answer", f"the answer has more than {LONGEST_TEXT} characters", control)
    # What is still missing may come with the next answer; it stands before Submit, not before work.
    if told := schema.faults(control.raw.get("result"), found, whole=False):
        raise fault("bad-answer", f"the answer is not what the config declares: {told[0]}", control)
    return Custom(found)
