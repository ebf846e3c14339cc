"""What an annotation starts with: answers that count though nobody touched them (reference, sections 7 and 13)."""

from __future__ import annotations

from dataclasses import replace

from labeling import conditions, items, reading, values
from labeling.answers import ranking
from labeling.edit import Edit
from labeling.model import Answer, AnswerValue, Itemized, Numbered, Paths, Picked, Rated, Task, Texts
from labeling.plan_index import Control, OptionTable

#: Types whose answer is there on submit even if it was opened without one, as from a prediction.
_ALWAYS = ("ranker", "number")


def answers(task: Task, *, new: bool) -> dict[str, Answer]:
    """Answers of a new annotation, by control.

    Args:
        new: there are no results at all; else only those that each submit has to have.
    """
    made: dict[str, Answer] = {}
    for control in task.index.controls.values():
        if not control.answers or control.per_region or not control.to or not (new or control.type in _ALWAYS):
            continue
        value = _value(task, control)
        if value is None:
            continue
        name, to = f"start-{control.position}", control.to[0]
        if control.per_item:
            pages = {page: Answer(f"{name}-{page}", value, to) for page in range(items.pages(task, to))}
            made[control.name] = Answer(f"items-{control.position}", Itemized(), to, items=pages)
        else:
            made[control.name] = Answer(name, value, to)
    return made


def of_region(edit: Edit, name: str) -> None:
    """Give the new region the default numbers and ratings of the controls that ask about it."""
    region = edit.region(name)
    if region is None:
        return
    task = edit.task
    given = dict(region.answers)
    for control in task.index.region_controls:
        if control.type not in ("number", "rating") or control.name in given:
            continue
        value = _value(task, control)
        answers = edit.state.settled_answers
        if value is not None and conditions.applies(control, region, task.index, task.tables, answers):
            given[control.name] = Answer(region.id, value, region.object)
    if given != region.answers:
        edit.put(replace(region, answers=given))


def _value(task: Task, control: Control) -> AnswerValue | None:
    table = task.tables[control.name]
    match control.type:
        case "choices":
            chosen = [stored for stored in table.paths if table.by_name[stored].selected]
            if control.choice != "multiple":
                chosen = chosen[:1]
            picked = tuple(table.paths[stored] if control.allow_nested else stored for stored in chosen)
            return Picked(picked) if picked else None
        case "taxonomy":
            paths = _selected_paths(table)
            return Paths(paths if control.max_usages is None else paths[: control.max_usages]) if paths else None
        case "textarea":
            text = values.as_text(values.resolve(control.value, task.data).value) if control.value else ""
            return Texts((text,)) if text.strip() else None
        case "rating":
            return Rated(min(control.default_value, control.max_rating)) if control.default_value > 0 else None
        case "number":
            number = reading.number(control.raw.get("default_value"))
            return None if number is None else Numbered(number)
        case "ranker":
            return ranking.start(task, control)
        case _:
            return None


def _selected_paths(table: OptionTable) -> tuple[tuple[str, ...], ...]:
    return tuple(path for stored, path in table.paths.items() if table.by_name[stored].selected)
