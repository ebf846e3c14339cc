"""Opening a task: plan, data and stored results become the first state."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from labeling import display, labels, loading, plan_index, values
from labeling.model import Answer, AnswerValue, Origin, Picked, Rated, Region, Settings, State, Task, Texts
from labeling.plan_index import Control, OptionTable, PlanIndex
from labeling.problems import Problem
from labeling.spans import TextDoc

_SETTINGS = Settings()


def open_task(
    plan: Mapping[str, object] | PlanIndex,
    data: Mapping[str, object],
    result: object = (),
    settings: Settings = _SETTINGS,
    *,
    origin: Origin = "manual",
) -> State:
    """
    Args:
        result: stored results (own annotation, draft, prediction), a list or its JSON text. Empty: a new annotation,
            which starts with the config's preselected choices and pre-filled texts.
        origin: of results that do not say; "prediction" when a prediction is opened.

    Raises:
        PlanError: the plan cannot be run.
    """
    index = plan_index.index(plan)
    data = data if isinstance(data, Mapping) else {}
    tables: dict[str, OptionTable] = {}
    problems: list[Problem] = []
    for control in index.controls.values():
        tables[control.name], faults = display.options(control, data)
        problems += faults
    docs = {
        part.name: TextDoc.of(shown["text"])
        for part in index.objects.values()
        if part.type == "text" and "text" in (shown := display.object_display(part, data))
    }
    loaded = loading.load(index, result, tables=tables, docs=docs, origin=origin)
    regions = {region.id: region for region in loaded.regions}
    answers = dict(loaded.answers)
    if not regions and not answers and not loaded.refused:
        answers = _preselected(index, tables, data)
    task = Task(index, data, tables, settings, regions, answers, loaded.refused)
    counts = _counts(index, regions)
    active = {name: _active(index.controls[name], tables[name], settings.active.get(name, ())) for name in counts}
    for name, full in labels.full(task, counts).items():
        active[name] = tuple(label for label in active[name] if label not in full)
    return State(
        task=task,
        regions=regions,
        answers=answers,
        selection=(),
        active=active,
        counts=counts,
        sizes={},
        docs=docs,
        undo=(),
        redo=(),
        problems=(*problems, *(refused.problem for refused in loaded.refused)),
    )


def _counts(index: PlanIndex, regions: Mapping[str, Region]) -> dict[str, dict[str, int]]:
    counts: dict[str, dict[str, int]] = {control.name: {} for control in index.controls.values() if control.labels}
    for region in regions.values():
        for name, given in region.labels.items():
            for label in given:
                counts[name][label] = counts[name].get(label, 0) + 1
    return counts


def _active(control: Control, table: OptionTable, before: Sequence[str]) -> tuple[str, ...]:
    """Labels that are active from the start: those of the task *before* that this one has, else the ``selected``."""
    if control.allow_empty and labels.NO_LABEL in before:
        return (labels.NO_LABEL,)
    chosen = table.ordered(tuple(dict.fromkeys(name for name in before if table.stored(name) == name)))
    chosen = chosen or tuple(option.stored for option in table.options if option.selected)
    return chosen if control.choice == "multiple" else chosen[:1]


def _preselected(index: PlanIndex, tables: Mapping[str, OptionTable], data: Mapping[str, object]) -> dict[str, Answer]:
    """Answers that a new annotation starts with; they count though nobody touched them (reference, section 7)."""
    answers: dict[str, Answer] = {}
    for control in index.controls.values():
        if control.labels or control.per_region or not control.to:
            continue
        value = _start_value(control, tables[control.name], data)
        if value is not None:
            answers[control.name] = Answer(f"start-{control.position}", value, control.to[0])
    return answers


def _start_value(control: Control, table: OptionTable, data: Mapping[str, object]) -> AnswerValue | None:
    match control.type:
        case "choices":
            chosen = [stored for stored in table.paths if table.by_name[stored].selected]
            if control.choice != "multiple":
                chosen = chosen[:1]
            picked = tuple(table.paths[stored] if control.allow_nested else stored for stored in chosen)
            return Picked(picked) if picked else None
        case "textarea":
            text = values.as_text(values.resolve(control.value, data).value) if control.value else ""
            return Texts((text,)) if text.strip() else None
        case "rating":
            return Rated(min(control.default_value, control.max_rating)) if control.default_value > 0 else None
        case _:
            return None
