"""The consensus of one task: agreement control by control, the merged result and who is behind it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import fsum
from typing import Literal

from labeling import plan_index
from labeling.consensus import relations
from labeling.consensus.answers import AnswerMetric
from labeling.consensus.matching import NotComparable, TooManyPairs
from labeling.consensus.merge import merge
from labeling.consensus.model import Control, Json, Sheet, Slot
from labeling.consensus.regions import DECIMALS, Cluster, Pairing, RegionMetric, cluster, compare
from labeling.consensus.registry import metric_name, metrics_of, why_not
from labeling.consensus.sheets import Metrics, Plan, read, usable
from labeling.plan_index import PlanIndex

Decision = Literal["working", "agreed", "disagree"]

TOO_MANY = "too many regions lie on each other to be compared exactly"


def compute(
    plan: Plan,
    annotations: Iterable[Json],
    weights: Mapping[str, float] | None = None,
    index: PlanIndex | None = None,
    data: Mapping[str, object] | None = None,
    people: Mapping[int, float] | None = None,
    details: bool = False,
) -> Json:
    """
    The consensus of one task.

    Args:
        plan: the plan's JSON.
        annotations: as stored: `id`, `version`, `completed_by`, `result`, `was_cancelled`. Skipped ones and older
            versions of the same id do not count. Their order does not matter.
        weights: weight of each control in the agreement of the task, by name; 1 where it is not given, 0 leaves it out.
        index: the plan's index, for callers that keep one.
        data: the task's data, which Repeaters, conversations and time series need.
        people: how much each person counts in votes and averages, by `completed_by`; 1 where it is not given. Scores
            of pairs do not depend on it.
        details: pairs also list the regions that were matched, renamed, missing and extra, by id: for pages that draw
            them. What is stored has numbers only.

    Returns the Consensus of docs/contracts.md, section 6. Agreements are 0..1, or None with a `reason`. `problems`
    lists stored results that could not be read; they do not count.
    """
    return consider(plan, annotations, weights, index, data, people, details).consensus


@dataclass(frozen=True)
class Considered:
    """A consensus and what it was made from: the task's index, its sheets, the metrics of its controls."""

    consensus: Json
    index: PlanIndex
    sheets: Sequence[Sheet]
    metrics: Metrics


def consider(
    plan: Plan,
    annotations: Iterable[Json],
    weights: Mapping[str, float] | None = None,
    index: PlanIndex | None = None,
    data: Mapping[str, object] | None = None,
    people: Mapping[int, float] | None = None,
    details: bool = False,
) -> Considered:
    """`compute`, for those who go on with what was read."""
    kept = usable(annotations)
    shown = plan_index.for_task(index or plan, data or {})
    metrics = metrics_of(shown, data)
    sheets, problems = read(shown, kept, metrics, people)
    comparison = _Comparison(shown, sheets, metrics, details)
    given: Plan = shown.raw
    controls = {control["name"]: comparison.control(control) for control in given["controls"]}
    result, support, links = merge(given, sheets, comparison.clusters, comparison.metrics)
    linked = comparison.relations(links)
    counted = controls if linked is None else {**controls, relations.NAME: linked}
    agreement, reason = _task_agreement(counted, len(sheets), weights or {})
    found: Json = {
        "made_from": [{"annotation": sheet.annotation, "version": sheet.version} for sheet in sheets],
        "n": len(sheets),
        "agreement": agreement,
        "reason": reason,
        "controls": controls,
        "result": result,
        "support": support,
        "problems": problems,
    }
    if linked is not None:
        found["relations"] = linked
    return Considered(found, shown, sheets, metrics)


def decide(consensus: Json, need: int, threshold: float | None) -> Decision:
    """
    What becomes of a task: `working` (people are missing), `agreed`, or `disagree`.

    Args:
        consensus: what `compute` gave. need: annotations that the task should have, at least 1.
        threshold: least agreement, 0..1; None accepts whatever enough people said.

    An undefined agreement is no low one: the task is agreed if one person is enough or if everybody left everything
    empty, and goes to a person (`disagree`) otherwise, because agreement has not been shown.
    """
    if consensus["n"] < max(1, need):
        return "working"
    if threshold is None or consensus["n"] == 1:
        return "agreed"
    if consensus["agreement"] is None:
        return "disagree" if consensus["support"] else "agreed"
    return "agreed" if consensus["agreement"] >= threshold - 1e-9 else "disagree"


def _task_agreement(
    controls: Mapping[str, Json], n: int, weights: Mapping[str, float]
) -> tuple[float | None, str | None]:
    """Weighted mean over the controls with a defined agreement."""
    if n < 2:
        return None, _too_few(n)
    defined = [
        (weights.get(name, 1.0), entry["agreement"])
        for name, entry in controls.items()
        if entry["agreement"] is not None and weights.get(name, 1.0) > 0
    ]
    if not defined:
        return None, "no control has an agreement: " + "; ".join(
            f"{name}: {entry['reason']}" for name, entry in controls.items()
        )
    total = fsum(weight for weight, _ in defined)
    return min(1.0, fsum(weight * agreement for weight, agreement in defined) / total), None


def _mean(scores: Sequence[float]) -> float | None:
    return min(1.0, round(fsum(scores) / len(scores), DECIMALS)) if scores else None


def _details(pairing: Pairing, left: Sequence[str], right: Sequence[str]) -> Json:
    """Ids of the regions of a (*left*) and b (*right*): what both marked, what only one did."""
    same = list(zip(pairing.same, pairing.equal, strict=True))
    matched_a, matched_b = {i for (i, _, _), _ in same}, {j for (_, j, _), _ in same}
    return {
        "matched": [[left[i], right[j], iou] for (i, j, iou), equal in same if equal],
        "renamed": [[left[i], right[j], iou] for (i, j, iou), equal in same if not equal],
        "missing": [identity for j, identity in enumerate(right) if j not in matched_b],
        "extra": [identity for i, identity in enumerate(left) if i not in matched_a],
    }


def _too_few(n: int) -> str:
    return "nobody has annotated this task" if n == 0 else "only one person has annotated this task"


class _Comparison:
    """The sheets of one task, compared pair by pair; regions are matched once and used by every control on them."""

    def __init__(self, index: PlanIndex, sheets: list[Sheet], metrics: Metrics, details: bool = False) -> None:
        self.index = index
        self.details = details
        self.metrics = metrics
        self.sheets = sheets
        self.pairs = list(combinations(range(len(sheets)), 2))
        self.pairings: dict[str, dict[tuple[int, int], Pairing]] = {}
        self.clusters: dict[str, list[Cluster]] = {}
        self.unmatched: dict[str, str] = {}
        self.by_object: dict[str, list[str]] = {}
        plan: Plan = index.raw
        for control in plan["controls"]:
            metric = self.metrics.get(control["name"])
            if isinstance(metric, RegionMetric):
                self._match(control, metric)

    def _match(self, control: Control, metric: RegionMetric) -> None:
        name = control["name"]
        for target in control.get("to", ()):
            self.by_object.setdefault(target, []).append(name)
        regions = [list(sheet.regions.get(name, {}).values()) for sheet in self.sheets]
        try:
            self.pairings[name] = {
                (p, q): compare(metric, regions[p], regions[q]) for p, q in self.pairs if self._seen(control, p, q)
            }
            self.clusters[name] = cluster(metric, regions, self.pairings[name])
        except TooManyPairs:
            self.unmatched[name] = TOO_MANY
        except NotComparable as undefined:
            self.unmatched[name] = undefined.reason

    def _answered(self, control: Control, person: int) -> bool:
        sheet, name = self.sheets[person], control["name"]
        return bool(sheet.answers.get(name) or sheet.regions.get(name))

    def _seen(self, control: Control, *people: int) -> bool:
        """An answer proves that the control was seen, whatever the conditions say."""
        name = control["name"]
        return all(name not in self.sheets[p].hidden or self._answered(control, p) for p in people)

    def control(self, control: Control) -> Json:
        """The entry of one control in `controls`."""
        metric = self.metrics.get(control["name"])
        if metric is None:
            return {"metric": None, "agreement": None, "reason": why_not(control, self.index), "pairs": []}
        entry: Json = {"metric": metric_name(control, metric), "agreement": None, "reason": None, "pairs": []}
        if len(self.sheets) < 2:
            entry["reason"] = _too_few(len(self.sheets))
            return entry
        if control["name"] in self.unmatched:
            entry["reason"] = self.unmatched[control["name"]]
            return entry
        for p, q in self.pairs:
            pair: Json = {"a": self.sheets[p].annotation, "b": self.sheets[q].annotation}
            if isinstance(metric, RegionMetric):
                pair |= self._region_score(control, p, q)
            else:
                pair |= self._answer_score(control, metric, p, q)
            entry["pairs"].append(pair)
        scores = [pair["score"] for pair in entry["pairs"] if pair["score"] is not None]
        if scores:
            entry["agreement"] = min(1.0, fsum(scores) / len(scores))
        else:
            entry["reason"] = self._why_undefined(control)
        if isinstance(metric, RegionMetric):
            for member in ("mean_iou", "found", "placed", "named"):
                entry[member] = _mean([pair[member] for pair in entry["pairs"] if pair.get(member) is not None])
        return entry

    def _region_score(self, control: Control, p: int, q: int) -> Json:
        pairing = self.pairings[control["name"]].get((p, q))
        if pairing is None:
            return {"score": None, "reason": "hidden from one of them"}
        only_a, only_b = (size - pairing.matched for size in pairing.sizes)
        found: Json = {
            "score": pairing.score,
            "matched": pairing.matched,
            "only_a": only_a,
            "only_b": only_b,
            "mean_iou": pairing.mean_iou,
            "found": pairing.found,
            "placed": pairing.placed,
            "named": pairing.named,
        }
        if self.details:
            left, right = (list(self.sheets[person].regions.get(control["name"], {})) for person in (p, q))
            found["details"] = _details(pairing, left, right)
        return found

    def _answer_score(self, control: Control, metric: AnswerMetric, p: int, q: int) -> Json:
        """Mean similarity over the slots (whole object, pages, matched regions) where there is something to compare."""
        name = control["name"]
        if not self._seen(control, p, q):
            return {"score": None, "reason": "hidden from one of them"}
        slots: list[tuple[Slot, Slot]]
        if control.get("per_region"):
            slots = list(self._matched_regions(control, p, q))
            if not slots:
                return {"score": None, "reason": "no region was marked by both"}
        else:
            both = self.sheets[p].answers.get(name, {}).keys() | self.sheets[q].answers.get(name, {}).keys()
            slots = [(slot, slot) for slot in sorted(both, key=lambda slot: (slot is not None, slot or 0))]
        scores = []
        for slot_p, slot_q in slots:
            a, b = self.sheets[p].answer(name, slot_p), self.sheets[q].answer(name, slot_q)
            if a is None and b is None:
                continue
            left = a.value if a else metric.blank(control)
            right = b.value if b else metric.blank(control)
            if left is not None and right is not None:
                score = metric.similarity(control, left, right)
                if score is not None:
                    scores.append(score)
        if scores:
            return {"score": min(1.0, fsum(scores) / len(scores))}
        answered = [self._answered(control, person) for person in (p, q)]
        return {"score": None, "reason": "only one of them answered" if any(answered) else "neither answered"}

    def _matched_regions(self, control: Control, p: int, q: int) -> dict[tuple[Slot, Slot], None]:
        """Pairs of region ids on the control's objects that mean the same thing."""
        found: dict[tuple[Slot, Slot], None] = {}
        for target in control.get("to", ()):
            for name in self.by_object.get(target, ()):
                pairing = self.pairings.get(name, {}).get((p, q))
                if pairing is None:
                    continue
                left = list(self.sheets[p].regions.get(name, {}))
                right = list(self.sheets[q].regions.get(name, {}))
                found.update({(left[i], right[j]): None for i, j, _ in pairing.same})
        return found

    def relations(self, links: Sequence[relations.Merged]) -> Json | None:
        """The entry of the links between regions; None where links have no labels and nobody drew one."""
        if self.index.relations is None and not any(sheet.links for sheet in self.sheets):
            return None
        entry: Json = {"metric": relations.METRIC, "agreement": None, "reason": None, "pairs": []}
        if len(self.sheets) < 2:
            entry["reason"] = _too_few(len(self.sheets))
        elif self.unmatched:
            entry["reason"] = next(iter(self.unmatched.values()))
        else:
            for p, q in self.pairs:
                pair: Json = {"a": self.sheets[p].annotation, "b": self.sheets[q].annotation}
                pair |= relations.pair_score(self.sheets[p], self.sheets[q], self._same(p, q))
                entry["pairs"].append(pair)
            entry["agreement"] = _mean([pair["score"] for pair in entry["pairs"] if pair["score"] is not None])
            if entry["agreement"] is None:
                entry["reason"] = "no two people marked the same two regions"
        entry["links"] = [
            {
                "from": link.row["from_id"],
                "to": link.row["to_id"],
                "direction": link.row["direction"],
                "labels": link.row.get("labels", []),
                "by": [self.sheets[person].annotation for person in link.by],
                "of": len(self.sheets),
                "kept": link.reason is None,
                **({"reason": link.reason} if link.reason else {}),
            }
            for link in links
        ]
        return entry

    def _same(self, p: int, q: int) -> dict[str, str]:
        """Region of *q* -> region of *p* that means the same thing."""
        found = {}
        for name, pairings in self.pairings.items():
            pairing = pairings.get((p, q))
            if pairing is not None:
                left, right = (list(self.sheets[person].regions.get(name, {})) for person in (p, q))
                found.update({right[j]: left[i] for i, j, _ in pairing.same})
        return found

    def _why_undefined(self, control: Control) -> str:
        people = range(len(self.sheets))
        saw = [p for p in people if self._seen(control, p)]
        answered = sum(self._answered(control, p) for p in people)
        if not saw:
            return "hidden for everybody"
        if len(saw) == 1:
            return "hidden for all but one person"
        if answered == 0:
            return "nobody answered it"
        if answered == 1:
            return f"only one of {len(saw)} people answered it"
        if control.get("per_region"):
            return "no two people answered it for the same region"
        return "no two people answered the same part of it"


__all__ = ["Decision", "compute", "decide"]
