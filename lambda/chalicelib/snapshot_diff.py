"""What is different between two states of a dataset: tasks, data, answers, how often each label is used."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

EXAMPLES = 50
"""Ids of tasks that are told of each kind of change."""
MOST_LABELS = 2000
ANSWERS = ("before", "after", "added", "removed", "changed")
KINDS = ("added", "removed", "data", "answers", "predictions")

Row = Mapping[str, Any]


class Difference:
    """
    Counts, part by part.

    `body`, JSON: `tasks` (`before`, `after`, `same`, and how many were `added`, `removed`, or have other `data`,
    `answers`, `predictions`: a task can be in several of these), `annotations` (`before`, `after`, `added`, `removed`,
    `changed`; skipped ones are left out), `controls` (tasks whose answer to it is another), `labels` (by control and
    label `[before, after]`, how many results have it), `examples` (ids of the first tasks of each kind).
    """

    def __init__(self, so_far: Mapping[str, Any] | None = None) -> None:
        told = so_far or {}
        self.tasks: Counter[str] = Counter(told.get("tasks", {}))
        self.annotations: Counter[str] = Counter(told.get("annotations", {}))
        self.controls: Counter[str] = Counter(told.get("controls", {}))
        labels: Mapping[str, Mapping[str, list[int]]] = told.get("labels", {})
        self.labels = {control: {label: list(n) for label, n in found.items()} for control, found in labels.items()}
        self.examples: dict[str, list[int]] = {kind: list(told.get("examples", {}).get(kind, [])) for kind in KINDS}
        self._known = sum(map(len, self.labels.values()))

    @property
    def body(self) -> dict[str, Any]:
        names = ("before", "after", "same", *KINDS)
        return {
            "tasks": {name: self.tasks[name] for name in names},
            "annotations": {name: self.annotations[name] for name in ANSWERS},
            "controls": dict(sorted(self.controls.items())),
            "labels": self.labels,
            "examples": self.examples,
        }

    def part(self, before: Iterable[Row], after: Iterable[Row]) -> int:
        """Compare the same part of both, each in the order of the list; the number of tasks of the later one."""
        earlier, read = iter(before), 0
        old = next(earlier, None)
        for row in after:
            read += 1
            inner = row["task"]["inner_id"]
            while old is not None and old["task"]["inner_id"] < inner:
                self._task(old, None)
                old = next(earlier, None)
            if old is not None and old["task"]["inner_id"] == inner:
                self._task(old, row)
                old = next(earlier, None)
            else:
                self._task(None, row)
        while old is not None:
            self._task(old, None)
            old = next(earlier, None)
        return read

    def _task(self, old: Row | None, new: Row | None) -> None:
        self.tasks["before"] += old is not None
        self.tasks["after"] += new is not None
        had, has = _answers(old), _answers(new)
        for at, answers in enumerate((had, has)):
            for annotation in answers.values():
                self._count(at, annotation)
        self.annotations.update(before=len(had), after=len(has))
        self.annotations["added"] += len(has.keys() - had.keys())
        self.annotations["removed"] += len(had.keys() - has.keys())
        changed = [id_ for id_ in had.keys() & has.keys() if had[id_]["result"] != has[id_]["result"]]
        self.annotations["changed"] += len(changed)
        kinds = []
        if old is None or new is None:
            kinds.append("added" if old is None else "removed")
        else:
            if old["task"]["data"] != new["task"]["data"]:
                kinds.append("data")
            if changed or had.keys() != has.keys():
                kinds.append("answers")
            if _predicted(old) != _predicted(new):
                kinds.append("predictions")
        self.controls.update(_controls(had, has))
        task = (new or old or {})["task"]["id"]
        for kind in kinds:
            self.tasks[kind] += 1
            if len(self.examples[kind]) < EXAMPLES:
                self.examples[kind].append(task)
        self.tasks["same"] += not kinds

    def _count(self, at: int, annotation: Row) -> None:
        for result in annotation["result"]:
            for label in _labels(result):
                labels = self.labels.setdefault(str(result.get("from_name")), {})
                if label not in labels:
                    if self._known >= MOST_LABELS:
                        continue
                    self._known += 1
                labels.setdefault(label, [0, 0])[at] += 1


def counting(row: Row) -> list[Row]:
    """The answers of a row that are work: neither skipped nor discarded."""
    return [a for a in row["annotations"] if not a.get("was_cancelled") and not a.get("discarded")]


def _answers(row: Row | None) -> dict[int, Row]:
    return {a["id"]: a for a in counting(row)} if row else {}


def _predicted(row: Row) -> list[Any]:
    return [(p.get("model_version"), p.get("score"), p.get("result")) for p in row["predictions"]]


def _controls(had: Mapping[int, Row], has: Mapping[int, Row]) -> set[str]:
    """Controls whose results are not the same in both."""
    return {control for control, result in _by_control(had).items() ^ _by_control(has).items() if control}


def _by_control(answers: Mapping[int, Row]) -> dict[str, str]:
    held: dict[str, list[Any]] = {}
    for id_, annotation in sorted(answers.items()):
        for result in annotation["result"]:
            if isinstance(result, dict):
                held.setdefault(str(result.get("from_name") or result.get("type") or ""), []).append((id_, result))
    return {control: json.dumps(results, sort_keys=True) for control, results in held.items()}


def _labels(result: Any) -> list[str]:
    """Labels or choices of one result; texts, numbers and paths of a taxonomy have too many values to be counted."""
    value = result.get("value") if isinstance(result, dict) else None
    given = value.get(result.get("type")) if isinstance(value, dict) else None
    if not isinstance(given, list) or result.get("type") == "textarea":
        return []
    return [one for one in given if isinstance(one, str)]
