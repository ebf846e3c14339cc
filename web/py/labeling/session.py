"""Opening a task: plan, data and stored results become the first state."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from labeling import contexts, labels, loading, plan_index
from labeling.answers import starts
from labeling.model import Origin, Region, Settings, State, Task
from labeling.options import options
from labeling.plan_index import Control, OptionTable, PlanIndex
from labeling.problems import Problem

_SETTINGS = Settings()


def open_task(
    plan: Mapping[str, object] | PlanIndex,
    data: Mapping[str, object],
    result: object = (),
    settings: Settings = _SETTINGS,
    *,
    origin: Origin = "manual",
    begun: bool = False,
) -> State:
    """
    Args:
        result: stored results (own annotation, draft, prediction), a list or its JSON text. Empty: a new annotation,
            which starts with the config's preselected choices and pre-filled texts.
        origin: of results that do not say; "prediction" when a prediction is opened.
        begun: somebody has worked on it: an empty result is what they left, and nothing is preselected.

    Raises:
        PlanError: the plan cannot be run.
    """
    data = data if isinstance(data, Mapping) else {}
    index = plan_index.for_task(plan, data)
    tables: dict[str, OptionTable] = {}
    problems: list[Problem] = list(index.problems)
    for control in index.controls.values():
        tables[control.name], faults = options(control, data)
        problems += faults
    docs, phrases = contexts.docs(index, data), contexts.phrases(index, data)
    loaded = loading.load(index, result, tables=tables, docs=docs, phrases=phrases, origin=origin)
    regions = {region.id: region for region in loaded.regions}
    answers = dict(loaded.answers)
    if settings.suggest and origin == "prediction":
        regions = {name: replace(region, suggestion=True, origin="prediction") for name, region in regions.items()}
        answers = {name: replace(answer, suggestion=True, origin="prediction") for name, answer in answers.items()}
    task = Task(index, data, tables, settings, regions, answers, loaded.refused, loaded.relations, phrases)
    new = not begun and not regions and not answers and not loaded.refused
    if new or origin == "prediction":
        answers = {**starts.answers(task, new=new), **answers}
        task = replace(task, opened_answers=answers)
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
        relations=loaded.relations,
        suggested=sum(r.suggestion for r in regions.values()) + sum(a.suggestion for a in answers.values()),
    )


def _counts(index: PlanIndex, regions: Mapping[str, Region]) -> dict[str, dict[str, int]]:
    counts: dict[str, dict[str, int]] = {control.name: {} for control in index.controls.values() if control.labels}
    for region in regions.values():
        if region.suggestion:
            continue
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
