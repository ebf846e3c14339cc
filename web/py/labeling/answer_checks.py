"""What is wrong with an answer that is there: out of range, too many, unknown to the config. In words, by control."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias, assert_never

from labeling import reading, schema
from labeling.answers import choices, dates, ranking
from labeling.model import (
    AnswerValue,
    Custom,
    Dated,
    Itemized,
    Numbered,
    Paths,
    Picked,
    Ranked,
    Rated,
    Selected,
    Task,
    Texts,
)
from labeling.plan_index import Control

#: A code and the end of a sentence that begins with what the answer is about.
Told: TypeAlias = tuple[str, str]


def faults(task: Task, control: Control, value: AnswerValue) -> Iterator[Told]:
    match value:
        case Picked():
            yield from _picked(task, control, value)
        case Paths():
            yield from _paths(task, control, value)
        case Texts(texts):
            most = control.max_submissions
            if most is not None and len(texts) > most:
                yield "too-many-texts", f"{len(texts)} texts are too many, at most {most}"
        case Rated(rating):
            if rating > control.max_rating:
                yield "bad-rating", f"a rating is 1 to {control.max_rating}, not {rating}"
        case Numbered(number):
            yield from _number(control, number)
        case Dated(text):
            if told := dates.out_of_range(control, text):
                yield "out-of-range", told
        case Selected(side):
            if side not in ("left", "right"):
                yield "unknown-choice", f"{side!r:.40} is neither left nor right"
        case Ranked(order):
            ids = ranking.known_ids(task, control)
            if ids and (told := ranking.faults(order, ids)):
                yield "bad-ranking", told
        case Custom(given):
            for told in schema.faults(control.raw.get("result"), given)[:5]:
                yield "bad-answer", told
        case Itemized():
            return
        case _:
            assert_never(value)


def _picked(task: Task, control: Control, value: Picked) -> Iterator[Told]:
    if control.choice != "multiple" and len(value.choices) > 1:
        yield "too-many-choices", f"only one choice may be picked, not {len(value.choices)}"
    if control.dynamic is None:
        chosen = [part for choice in value.choices for part in ((choice,) if isinstance(choice, str) else choice)]
        for part in chosen:
            if task.tables[control.name].stored(part) is None:
                yield "unknown-choice", f"the config has no choice {part!r}"


def _paths(task: Task, control: Control, value: Paths) -> Iterator[Told]:
    if control.max_usages is not None and len(value.paths) > control.max_usages:
        yield "too-many-choices", f"{len(value.paths)} items are too many, at most {control.max_usages}"
    if choices.loads_elsewhere(control):
        return
    table = task.tables[control.name]
    for path in value.paths:
        found = table.path(path)
        if found is None and control.dynamic is None:
            yield "unknown-choice", f"the config has no item {' / '.join(path)!r}"
        elif found is not None and control.raw.get("leafs_only") is True and choices.children_of(table, found):
            yield "not-a-leaf", f"{path[-1]} has items beneath it: pick one of them"


def _number(control: Control, number: float) -> Iterator[Told]:
    least, most = reading.number(control.raw.get("min")), reading.number(control.raw.get("max"))
    if least is not None and number < least:
        yield "out-of-range", f"{number} is under {least}"
    if most is not None and number > most:
        yield "out-of-range", f"{number} is over {most}"
    step = reading.number(control.raw.get("step"))
    # 1 is what a config without a step has: it does not mean whole numbers only.
    if step is not None and step > 0 and step != 1 and not schema.is_multiple(number - (least or 0), step):
        yield "out-of-range", f"{number} does not fit steps of {step}"
