"""What one task says about its people: whole numbers that counters add up, per person, per pair, per label."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from math import fsum
from typing import Any

from labeling import plan_index
from labeling.consensus.answers import AnswerMetric
from labeling.consensus.compute import Considered, consider
from labeling.consensus.model import Control, Json, Region, Sheet, Slot
from labeling.consensus.registry import metrics_of
from labeling.consensus.sheets import Metrics, Plan, read, usable
from labeling.plan_index import PlanIndex

PPM = 1_000_000
"""Scores are counted in millionths, so that sums of many are exact in any store."""

NONE = ""
"""Stands for no label: what somebody missed, or marked alone."""


def contributions(
    consensus: Json,
    plan: Plan,
    annotations: Iterable[Json],
    index: PlanIndex | None = None,
    data: Mapping[str, object] | None = None,
) -> Json:
    """
    The part of one task in the counters of its people.

    Args:
        consensus: what `compute` gave for these annotations. plan, annotations, index, data: as `compute` takes them.

    Returns (docs/contracts.md, section 6), all counts whole numbers, members without a count left out:
        people: person -> control -> {"n": 1, "score_ppm", "labels": {consensus: {said: count}}}: against the consensus.
        pairs: "a b" (ids, the smaller first) -> control -> {"n": 1, "score_ppm"}: against each other.
        labels: control -> {a: {b: count}}, a <= b: what two people called the same thing.
    Empty with fewer than two annotations. A control whose answers have no majority counts for pairs only.
    """
    kept = usable(annotations)
    shown = plan_index.for_task(index or plan, data or {})
    metrics = metrics_of(shown, data)
    sheets, _ = read(shown, kept, metrics)
    return _contributions(Considered(consensus, shown, sheets, metrics))


def counted(
    plan: Plan,
    annotations: Iterable[Json],
    weights: Mapping[str, float] | None = None,
    index: PlanIndex | None = None,
    data: Mapping[str, object] | None = None,
    people: Mapping[int, float] | None = None,
) -> tuple[Json, Json]:
    """The consensus as `compute` gives it and its contributions, in two thirds of the time of one after the other."""
    found = consider(plan, annotations, weights, index, data, people)
    return found.consensus, _contributions(found)


def _contributions(found: Considered) -> Json:
    made: Json = {"people": {}, "pairs": {}, "labels": {}}
    if len(found.sheets) < 2:
        return made
    merged, _ = read(found.index, [{"id": None, "result": found.consensus["result"]}], found.metrics)
    task = _Task(found.metrics, found.sheets, merged[0], found.consensus["support"])
    given: Plan = found.index.raw
    for control in given["controls"]:
        if control["name"] in found.metrics:
            _count(made, control, task)
    _count_pairs(made["pairs"], found.consensus, {str(sheet.annotation): sheet.person for sheet in found.sheets})
    return made


def difference(before: Json | None, after: Json | None) -> Json:
    """What to add to counters that hold *before* so that they hold *after*; None: nothing. Empty if they are equal."""
    found: Json = {}
    left, right = before or {}, after or {}
    for key in [*left, *(key for key in right if key not in left)]:
        a, b = left.get(key), right.get(key)
        if isinstance(a, dict) or isinstance(b, dict):
            inner = difference(a, b)
            if inner:
                found[key] = inner
        elif (b or 0) != (a or 0):
            found[key] = (b or 0) - (a or 0)
    return found


def flat(counts: Json) -> Iterator[tuple[tuple[str, ...], int]]:
    """(path of names, count) of each count: ("people", "7", "mood", "n"), 1."""
    for key, value in counts.items():
        if isinstance(value, dict):
            for path, count in flat(value):
                yield (key, *path), count
        else:
            yield (key,), value


class _Task:
    """The sheets of one task, the merged one, and which merged region each person's region went into."""

    def __init__(self, metrics: Metrics, sheets: Sequence[Sheet], merged: Sheet, support: Mapping[str, Json]) -> None:
        self.metrics, self.sheets, self.merged = metrics, sheets, merged
        self.things: dict[tuple[str, str], str] = {}  # (annotation, region) -> merged region, kept or not
        for identity, entry in support.items():
            for source in entry.get("sources", ()):
                self.things[str(source["annotation"]), source["id"]] = identity

    def thing(self, sheet: Sheet, region: str) -> str | None:
        return self.things.get((str(sheet.annotation), region))

    def region_score(self, control: Control, sheet: Sheet) -> float:
        """F1 of the person's regions that are in the consensus with the same labels."""
        mine, agreed = sheet.regions.get(control["name"], {}), self.merged.regions.get(control["name"], {})
        if not mine and not agreed:
            return 1.0
        right = sum(
            1
            for identity, region in mine.items()
            if (found := agreed.get(self.thing(sheet, identity) or "")) and found.said == region.said
        )
        return 2 * right / (len(mine) + len(agreed))

    def answer_score(self, control: Control, metric: AnswerMetric, sheet: Sheet) -> float | None:
        """Mean likeness of the person's answers and the merged ones, where there is one."""
        scores = []
        for a, b in self.answers(control, metric, sheet):
            score = metric.similarity(control, a, b)
            if score is not None:
                scores.append(score)
        return fsum(scores) / len(scores) if scores else None

    def answers(self, control: Control, metric: AnswerMetric, sheet: Sheet) -> Iterator[tuple[Any, Any]]:
        """(the person's, the merged) answer of each place with a merged one; the blank one where that is an answer."""
        name = control["name"]
        own: dict[Slot, Any] = {}
        for slot, answer in sheet.answers.get(name, {}).items():
            own[self.thing(sheet, str(slot)) if control.get("per_region") else slot] = answer.value
        marked: set[Slot] = {self.thing(sheet, identity) for regions in sheet.regions.values() for identity in regions}
        for slot, agreed in self.merged.answers.get(name, {}).items():
            if control.get("per_region") and slot not in marked:
                continue
            mine = own.get(slot, metric.blank(control))
            if mine is not None:
                yield mine, agreed.value


def _count(made: Json, control: Control, task: _Task) -> None:
    """One control: each person against the consensus, and all labels against each other."""
    name = control["name"]
    metric = task.metrics[name]
    for sheet in task.sheets:
        seen = name not in sheet.hidden or sheet.answers.get(name) or sheet.regions.get(name)
        if sheet.person is None or not seen:
            continue
        labels: Json = {}
        if isinstance(metric, AnswerMetric):
            score = task.answer_score(control, metric, sheet)
            if metric.labels:
                for mine, agreed in task.answers(control, metric, sheet):
                    _compare(labels, metric.labels(agreed), metric.labels(mine))
        else:
            score = task.region_score(control, sheet)
            agreed_regions = task.merged.regions.get(name, {})
            found = {task.thing(sheet, identity): region for identity, region in sheet.regions.get(name, {}).items()}
            for identity, region in agreed_regions.items():
                _compare(labels, _named(region), _named(found.pop(identity)) if identity in found else ())
            for region in found.values():
                _compare(labels, (), _named(region))
        if score is not None:
            entry: Json = {"n": 1, "score_ppm": round(score * PPM)}
            if labels:
                entry["labels"] = labels
            made["people"].setdefault(str(sheet.person), {})[name] = entry
    between: Json = {}
    for left, right in combinations(task.sheets, 2):
        for a, b in _both(control, metric, task, left, right):
            _compare_pair(between, a, b)
    if between:
        made["labels"][name] = between


def _named(region: Region) -> tuple[str, ...]:
    return tuple(name.replace("\x1f", " / ") for name in region.labels)


def _both(
    control: Control, metric: Any, task: _Task, left: Sheet, right: Sheet
) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
    """What two people called the same thing: the object, a page, or a region that both marked."""
    name = control["name"]
    if not isinstance(metric, AnswerMetric):
        there = {task.thing(right, identity): region for identity, region in right.regions.get(name, {}).items()}
        for identity, region in left.regions.get(name, {}).items():
            other = there.get(task.thing(left, identity))
            if other is not None:
                yield _named(region), _named(other)
    elif metric.labels:
        place = (
            (lambda sheet, slot: task.thing(sheet, str(slot))) if control.get("per_region") else (lambda _, slot: slot)
        )
        theirs = {place(right, slot): answer.value for slot, answer in right.answers.get(name, {}).items()}
        for slot, answer in left.answers.get(name, {}).items():
            if place(left, slot) in theirs:
                yield metric.labels(answer.value), metric.labels(theirs[place(left, slot)])


def _compare(counts: Json, agreed: Iterable[str], said: Iterable[str]) -> None:
    """Count labels in common, the one taken for another one, and those that were missed or added."""
    wanted, given = list(dict.fromkeys(agreed)), list(dict.fromkeys(said))
    missed = [label for label in wanted if label not in given]
    added = [label for label in given if label not in wanted]
    for label in wanted:
        if label in given:
            _add(counts, label, label)
    if len(missed) == len(added) == 1:
        _add(counts, missed[0], added[0])
        return
    for label in missed:
        _add(counts, label, NONE)
    for label in added:
        _add(counts, NONE, label)


def _compare_pair(counts: Json, a: tuple[str, ...], b: tuple[str, ...]) -> None:
    found: Json = {}
    _compare(found, a, b)
    for (first, second), count in flat(found):
        low, high = sorted((first, second))
        _add(counts, low, high, count)


def _add(counts: Json, row: str, column: str, count: int = 1) -> None:
    line = counts.setdefault(row, {})
    line[column] = line.get(column, 0) + count


def _count_pairs(counts: Json, consensus: Json, person_of: Mapping[str, Any]) -> None:
    for name, entry in consensus["controls"].items():
        for pair in entry["pairs"]:
            a, b = person_of.get(str(pair["a"])), person_of.get(str(pair["b"]))
            if pair["score"] is None or a is None or b is None or a == b:
                continue
            low, high = sorted((a, b))
            held = counts.setdefault(f"{low} {high}", {}).setdefault(name, {"n": 0, "score_ppm": 0})
            held["n"] += 1
            held["score_ppm"] += round(pair["score"] * PPM)
