"""Stored annotations to sheets: the newest version of each, its answers and regions by control."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from labeling import model, reading
from labeling.conditions import holds
from labeling.consensus.answers import AnswerMetric
from labeling.consensus.model import Answer, Control, Json, Mark, Region, Sheet, Slot
from labeling.consensus.regions import RegionMetric
from labeling.consensus.registry import marks_others
from labeling.consensus.relations import read_link
from labeling.plan_index import OptionTable, PlanIndex
from labeling.problems import Problem, problem

Plan = Mapping[str, Any]
Metrics = Mapping[str, AnswerMetric | RegionMetric]


def usable(annotations: Iterable[Json]) -> list[Json]:
    """The newest version of each annotation that was not skipped, by id; the same list whatever the order."""
    newest: dict[str, Json] = {}
    for annotation in annotations:
        identity = annotation.get("id")
        key = str(identity) if identity.__class__ is int else json.dumps(identity)
        if identity is None:  # e.g. not stored yet
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


def read(
    index: PlanIndex, annotations: Sequence[Json], metrics: Metrics, people: Mapping[int, float] | None = None
) -> tuple[list[Sheet], list[Problem]]:
    """One Sheet for each annotation and the problems of the results that could not be read (they are left out).

    Results of controls without a metric are left out too, without a problem: the control's entry has the reason.
    `people`: weight of each person, by `completed_by`; 1 where it is not given.
    """
    plan: Plan = index.raw
    controls = {control["name"]: control for control in plan["controls"]}
    marking = frozenset(name for name, control in controls.items() if marks_others(control, index))
    problems: list[Problem] = []
    sheets = []
    for annotation in annotations:
        person = _person(annotation.get("completed_by"))
        weight = people.get(person, 1.0) if people and person is not None else 1.0
        sheet = Sheet(annotation.get("id"), annotation.get("version", 1), person=person, weight=max(0.0, weight))
        result = annotation.get("result")
        marks: list[tuple[str, str, Mark]] = []
        for number, item in enumerate(result if isinstance(result, list) else ()):
            if isinstance(item, dict) and item.get("from_name") in marking:
                trouble = _read_mark(controls, index, marks, number, item)
            else:
                trouble = _read_item(controls, index, metrics, sheet, number, item)
            if trouble:
                where = f"annotation {annotation.get('id')}, result {number + 1}"
                hint = "It was left out of the agreement; open the task and submit it again."
                problems.append(problem("unread-result", trouble, where, hint))
        for name, identity, mark in marks:
            _put_mark(index, metrics, sheet, name, identity, mark)
        if sheet.links:
            there = {identity for regions in sheet.regions.values() for identity in regions}
            # Others link what is not compared, or nothing.
            sheet.links = [link for link in sheet.links if link.start in there and link.end in there]
        sheets.append(sheet)
    if sheets and not any(sheet.weight for sheet in sheets):
        for sheet in sheets:  # nobody counts: everybody does
            sheet.weight = 1.0
    if any(control.chain for control in index.controls.values()):
        for sheet in sheets:
            sheet.hidden = _hidden(index, sheet)
    return sheets, problems


def _person(completed_by: object) -> int | None:
    """The id in `completed_by`, which exports may have as an object."""
    found = completed_by.get("id") if isinstance(completed_by, dict) else completed_by
    return found if isinstance(found, int) else None


def _read_mark(
    controls: Mapping[str, Control], plan: PlanIndex, marks: list[tuple[str, str, Mark]], index: int, item: Json
) -> str | None:
    """Labels that a Labels control gives to a region of another control; the reason as text if they cannot be read."""
    control = controls[item["from_name"]]
    value, identity = item.get("value"), item.get("id")
    if item.get("type") != control["type"] or not isinstance(value, dict) or not isinstance(identity, str):
        return f"control {control['name']!r} needs type {control['type']!r}, a value and the id of a region"
    stored = _labels(value.get(control["type"], []), plan.controls[control["name"]].table)
    if stored is None:
        return f"{control['type']} must be a list of texts"
    marks.append((control["name"], identity, Mark(index, stored, item)))
    return None


def _put_mark(index: PlanIndex, metrics: Metrics, sheet: Sheet, name: str, identity: str, mark: Mark) -> None:
    """Give the region its labels. A region of which only they tell belongs to the control that fits its geometry."""
    found = False
    for regions in sheet.regions.values():
        if identity in regions:
            regions[identity].marks[name] = mark
            found = True
    if found:
        return
    to_name = str(mark.item.get("to_name") or index.controls[name].to[0])
    fitting: list[tuple[int, int, str, RegionMetric]] = []
    for place, maker in enumerate(index.makers.get(to_name, ())):
        metric = metrics.get(maker.name)
        if isinstance(metric, RegionMetric):
            fitting.append((-len(metric.members & mark.item["value"].keys()), place, maker.name, metric))
    for _, _, maker_name, metric in sorted(fitting, key=lambda entry: entry[:2]):
        shape = metric.read(mark.item)
        if shape is not None:
            page = (to_name, metric.lane(mark.item))
            region = Region(identity, mark.index, (), shape, page, mark.item, {name: mark}, own=False)
            sheet.regions.setdefault(maker_name, {})[identity] = region
            return


def _labels(given: object, table: OptionTable) -> tuple[str, ...] | None:
    """Labels as they are stored (older results may have a value in place of its alias); None if they are none."""
    if not isinstance(given, list) or not all(isinstance(label, str) for label in given):
        return None
    return tuple(dict.fromkeys([table.stored(label) or label for label in given]))


def _read_item(
    controls: Mapping[str, Control], plan: PlanIndex, metrics: Metrics, sheet: Sheet, index: int, item: object
) -> str | None:
    """Put one result on the sheet; the reason as text if it cannot be read."""
    if not isinstance(item, dict):
        return "a result must be an object"
    if item.get("type") == "relation":
        link = read_link(item, index, plan.relations)
        if isinstance(link, str):
            return link
        sheet.links.append(link)
        return None
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
    table = plan.controls[control["name"]].table
    if isinstance(metric, RegionMetric):
        shape = metric.read(item)
        if shape is None:
            return "the geometry is not complete"
        if metric.said:
            unique = metric.said(value, table)
        else:
            unique = _labels(value.get(metric.key, []), table) if metric.key else ()
        if unique is None:
            return f"{metric.key} must be a list of texts"
        to_name = str(item.get("to_name") or control["to"][0])
        region = Region(identity, index, unique, shape, (to_name, metric.lane(item)), item)
        regions = sheet.regions.setdefault(control["name"], {})
        regions.pop(identity, None)  # the same region twice: the last one wins
        regions[identity] = region
        return None

    answer = metric.read(control, value)
    if answer is None:
        blank = value.get(metric.key) in ([], 0, [""], "", None)
        return None if blank else f"the value does not fit a control of type {control['type']!r}"
    answer = metric.stored(table, answer)
    page = reading.whole(item.get("item_index")) or 0
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
