"""Stored annotations to sheets: the newest version of each, its answers and regions by control."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from labeling import model
from labeling.conditions import holds
from labeling.consensus.answers import AnswerMetric
from labeling.consensus.model import Answer, Control, Json, Region, Sheet, Slot
from labeling.consensus.regions import RegionMetric
from labeling.consensus.registry import metrics_of
from labeling.plan_index import PlanIndex
from labeling.problems import Problem, problem

Plan = Mapping[str, Any]
Metrics = Mapping[str, AnswerMetric | RegionMetric]


def usable(annotations: Iterable[Json]) -> list[Json]:
    """The newest version of each annotation that was not skipped, by id; the same list whatever the order."""
    newest: dict[str, Json] = {}
    for annotation in annotations:
        key = json.dumps(annotation.get("id"))
        if annotation.get("id") is None:  # e.g. not stored yet
            key = "content " + json.dumps(annotation, sort_keys=True)
        known = newest.get(key)
        if known is None or annotation.get("version", 1) > known.get("version", 1):
            newest[key] = annotation
    kept = sorted(newest.items(), key=lambda pair: _natural(pair[0], pair[1].get("id")))
    return [annotation for _, annotation in kept if not annotation.get("was_cancelled")]


def _natural(key: str, identity: Any) -> tuple[int, int, str]:
    if isinstance(identity, int):
        return (0, identity, key)
    return (1, 0, key)


def read(index: PlanIndex, annotations: Sequence[Json]) -> tuple[list[Sheet], list[Problem]]:
    """One Sheet for each annotation and the problems of the results that could not be read (they are left out).

    Results of controls without a metric are left out too, without a problem: the control's entry has the reason.
    """
    plan: Plan = index.raw
    metrics = metrics_of(index)
    controls = {control["name"]: control for control in plan["controls"]}
    problems: list[Problem] = []
    sheets = []
    for annotation in annotations:
        sheet = Sheet(annotation.get("id"), annotation.get("version", 1))
        result = annotation.get("result")
        for number, item in enumerate(result if isinstance(result, list) else ()):
            trouble = _read_item(controls, index, metrics, sheet, number, item)
            if trouble:
                where = f"annotation {annotation.get('id')}, result {number + 1}"
                hint = "It was left out of the agreement; open the task and submit it again."
                problems.append(problem("unread-result", trouble, where, hint))
        sheets.append(sheet)
    for sheet in sheets:
        sheet.hidden = _hidden(index, sheet)
    return sheets, problems


def _read_item(
    controls: Mapping[str, Control], plan: PlanIndex, metrics: Metrics, sheet: Sheet, index: int, item: object
) -> str | None:
    """Put one result on the sheet; the reason as text if it cannot be read."""
    if not isinstance(item, dict):
        return "a result must be an object"
    if item.get("type") == "relation":
        return None  # relations belong to no control and are not compared
    control = controls.get(item["from_name"]) if isinstance(item.get("from_name"), str) else None
    if control is None:
        return f"from_name {item.get('from_name')!r} is no control of this config"
    metric = metrics.get(control["name"])
    if metric is None:
        return None
    value = item.get("value")
    if item.get("type") != control["type"] or not isinstance(value, dict):
        return f"control {control['name']!r} needs type {control['type']!r} and a value"
    identity = item.get("id")
    if identity is not None and not isinstance(identity, str):
        return "the id must be a text"
    identity = identity or f"result-{index}"
    page = item.get("item_index")
    page = page if isinstance(page, int) and not isinstance(page, bool) else 0

    table = plan.controls[control["name"]].table

    def stored(name: str) -> str:
        return table.stored(name) or name  # older results may hold an option's value in place of its alias

    if isinstance(metric, RegionMetric):
        shape = metric.read(item)
        labels = value.get(metric.key, [])
        if shape is None:
            return "the geometry is not complete"
        if not isinstance(labels, list) or not all(isinstance(label, str) for label in labels):
            return f"{metric.key} must be a list of texts"
        unique = tuple(dict.fromkeys(stored(label) for label in labels))
        region = Region(identity, index, unique, shape, (str(item.get("to_name")), page), item)
        regions = sheet.regions.setdefault(control["name"], {})
        regions.pop(identity, None)  # the same region twice: the last one wins
        regions[identity] = region
        return None

    answer = metric.read(control, value)
    if answer is None:
        blank = value.get(metric.key) in ([], 0, [""], "", None)
        return None if blank else f"the value does not fit a control of type {control['type']!r}"
    if control["type"] == "choices":
        answer = tuple(tuple(map(stored, entry)) if isinstance(entry, tuple) else stored(entry) for entry in answer)
    slot: Slot = identity if control.get("per_region") else page if control.get("per_item") else None
    sheet.answers.setdefault(control["name"], {})[slot] = Answer(identity, index, answer, item)
    return None


def _hidden(plan: PlanIndex, sheet: Sheet) -> frozenset[str]:
    """Controls that this person's own choices kept hidden. What depends on a selection counts as shown."""
    answers: dict[str, model.Answer] = {}
    for name, control in plan.controls.items():
        answer = sheet.answer(name, None)
        if answer and control.type == "choices":
            answers[name] = model.Answer(answer.id, model.Picked(answer.value), str(answer.item.get("to_name")))
    tables = {name: control.table for name, control in plan.controls.items()}
    return frozenset(
        name
        for name, control in plan.controls.items()
        if not control.per_region
        and any(
            condition.kind not in ("region-selected", "no-region-selected")
            and not holds(condition, plan, tables, answers, None)
            for condition in control.chain
        )
    )
