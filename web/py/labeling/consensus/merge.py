"""Merged results: what more than half of the people said, as Label Studio's JSON, and who is behind each part."""

from __future__ import annotations

import base64
import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from labeling.consensus.answers import AnswerMetric
from labeling.consensus.model import Answer, Control, Json, Sheet, Slot, median_low
from labeling.consensus.regions import Cluster, RegionMetric, merged_labels
from labeling.consensus.sheets import Metrics, Plan

_OWN = frozenset({"id", "from_name", "to_name", "type", "value", "parentID"})
_PICTURE = ("original_width", "original_height", "image_rotation")

_Source = tuple[int, str]


def merge(
    plan: Plan, sheets: Sequence[Sheet], clusters: Mapping[str, Sequence[Cluster]], metrics: Metrics
) -> tuple[list[Json], dict[str, Json]]:
    """
    The merged result and its support.

    A region is kept if more than half of the people marked it and its label has a majority; an answer if more than half
    of those who saw the control gave one and the metric finds a majority. What is not kept is in the support only, with
    `kept` false and a `reason`. A task of two people therefore keeps what both marked.

    Ids: the id of the sources if those that stand behind a kept result all have the same, else 10 characters of a hash
    of the sources. Order: the lower median of the places that the sources have in their annotations. So copies of one
    annotation merge to that annotation, and the order of people does not matter.
    """
    return _Merger(plan, sheets, metrics).run(clusters)


class _Merger:
    def __init__(self, plan: Plan, sheets: Sequence[Sheet], metrics: Metrics) -> None:
        self.plan, self.sheets, self.metrics = plan, sheets, metrics
        self.rows: list[tuple[int, int, str, Json]] = []
        self.support: dict[str, Json] = {}
        self.region_of: dict[_Source, str] = {}  # region of a person -> merged region
        self.shape_of: dict[str, Json] = {}  # merged region -> its geometry
        self.parents: list[tuple[Json, Sequence[_Source]]] = []

    def run(self, clusters: Mapping[str, Sequence[Cluster]]) -> tuple[list[Json], dict[str, Json]]:
        controls = list(enumerate(self.plan["controls"]))
        for place, control in controls:
            metric = self.metrics.get(control["name"])
            if isinstance(metric, RegionMetric):
                for found in clusters.get(control["name"], ()):
                    self._region(place, control, metric, found)
        for place, control in controls:
            metric = self.metrics.get(control["name"])
            if isinstance(metric, AnswerMetric) and control.get("per_region"):
                self._region_answers(place, control, metric, clusters)
            elif isinstance(metric, AnswerMetric):
                self._answers(place, control, metric)
        self._link_parents()
        self.rows.sort(key=lambda row: row[:3])
        support = dict(sorted(self.support.items()))
        return [row[3] for row in self.rows], support

    def _region(self, place: int, control: Control, metric: RegionMetric, found: Cluster) -> None:
        people, regions = list(found.members), list(found.members.values())
        of = sum(control["name"] not in sheet.hidden or control["name"] in sheet.regions for sheet in self.sheets)
        labels = merged_labels(control, found)
        reason = None
        if 2 * len(people) <= of:
            reason = f"marked by {len(people)} of {of}"
        elif labels is None:
            reason = "the label is tied"
        sources = [(person, region.id) for person, region in found.members.items()]
        # Labels of a second control on regions that were merged already belong to the merged one.
        known = {self.region_of.get(source) for source in sources}
        joined = known.pop() if len(known) == 1 and reason is None else None
        identity = joined or self._identity(sources, shared=reason is None)
        if joined is None:
            self._note(identity, people, of, reason, control, sources)
        if reason is not None or labels is None:
            return
        self.region_of.update(dict.fromkeys(sources, identity))
        items = [region.item for region in regions]
        stored = {key for item in items for key in item["value"]}
        shape = self.shape_of.setdefault(identity, metric.merge([region.shape for region in regions]))
        value = {key: member for key, member in shape.items() if key in stored}
        value |= _common([item["value"] for item in items], leave_out={*metric.members, metric.key})
        value[metric.key] = list(labels)
        row = _envelope(identity, control, items, value)
        self.parents.append((row, [(person, region.id) for person, region in found.members.items()]))
        self.rows.append((median_low([region.index for region in regions]), place, identity, row))

    def _region_answers(
        self, place: int, control: Control, metric: AnswerMetric, clusters: Mapping[str, Sequence[Cluster]]
    ) -> None:
        """The answers about each kept region, given by the people who marked it."""
        done: set[str] = set()
        for owner in self.plan["controls"]:
            region_metric = self.metrics.get(owner["name"])
            if not isinstance(region_metric, RegionMetric) or not set(owner["to"]) & set(control["to"]):
                continue
            for found in clusters.get(owner["name"], ()):
                identity = self.region_of.get(next((p, region.id) for p, region in found.members.items()))
                if identity is None or identity in done:
                    continue
                answers = {
                    person: answer
                    for person, region in found.members.items()
                    if (answer := self.sheets[person].answer(control["name"], region.id))
                }
                if not answers:
                    continue
                done.add(identity)
                merged, reason = _decide(control, metric, answers.values(), len(found.members))
                by = [p for p, answer in answers.items() if merged is None or metric.supports(answer.value, merged)]
                entry: Json = {"by": self._ids(by), "of": len(found.members), "kept": merged is not None}
                if reason:
                    entry["reason"] = reason
                self.support[identity].setdefault("answers", {})[control["name"]] = entry
                if merged is None:
                    continue
                items = [answer.item for answer in answers.values()]
                shape = dict(self.shape_of[identity])
                drop = {*region_metric.members, metric.key}
                if "text" in shape and not all("text" in item["value"] for item in items):
                    del shape["text"]
                value = {**shape, **_common([item["value"] for item in items], leave_out=drop), **metric.write(merged)}
                row = _envelope(identity, control, items, value)
                self.parents.append((row, [(person, found.members[person].id) for person in answers]))
                index = median_low([answer.index for answer in answers.values()])
                self.rows.append((index, place, identity, row))

    def _answers(self, place: int, control: Control, metric: AnswerMetric) -> None:
        """The answer about the whole object, or about each page of it."""
        name = control["name"]
        slots: set[Slot] = {slot for sheet in self.sheets for slot in sheet.answers.get(name, ())}
        of = sum(name not in sheet.hidden or name in sheet.answers for sheet in self.sheets)
        for slot in sorted(slots, key=lambda slot: (slot is not None, slot or 0)):
            answers = {
                person: answer for person, sheet in enumerate(self.sheets) if (answer := sheet.answer(name, slot))
            }
            merged, reason = _decide(control, metric, answers.values(), of)
            by = [p for p, answer in answers.items() if merged is None or metric.supports(answer.value, merged)]
            sources = [(person, answers[person].id) for person in by]
            identity = self._identity(sources, shared=merged is not None and 2 * len(by) > of)
            self._note(identity, by, of, reason, control, sources)
            if merged is None:
                continue
            items = [answers[person].item for person in by]
            value = {**_common([item["value"] for item in items], leave_out={metric.key}), **metric.write(merged)}
            row = _envelope(identity, control, items, value)
            index = median_low([answers[person].index for person in by])
            self.rows.append((index, place, identity, row))

    def _note(
        self,
        identity: str,
        people: Sequence[int],
        of: int,
        reason: str | None,
        control: Control,
        sources: Sequence[_Source],
    ) -> None:
        entry: Json = {
            "by": self._ids(people),
            "of": of,
            "kept": reason is None,
            "control": control["name"],
            "sources": [{"annotation": self.sheets[p].annotation, "id": source} for p, source in sources],
        }
        if reason:
            entry["reason"] = reason
        if identity not in self.support or reason is None:  # one region may miss a majority in two controls
            self.support[identity] = entry

    def _ids(self, people: Iterable[int]) -> list[Any]:
        return [self.sheets[person].annotation for person in people]

    def _identity(self, sources: Sequence[_Source], shared: bool) -> str:
        """The common id of the sources if *shared* allows it, else a hash; always the same for the same sources.

        More than half of the people stand behind a shared id, so two kept results cannot claim the same one.
        """
        names = {name for _, name in sources}
        if shared and len(names) == 1:
            return names.pop()
        text = json.dumps(sorted([str(self.sheets[person].annotation), name] for person, name in sources))
        digest = hashlib.sha256(text.encode()).digest()
        return base64.urlsafe_b64encode(digest)[:10].decode()

    def _link_parents(self) -> None:
        """parentID of a merged region: the merged region that holds the parents of all its sources."""
        for row, sources in self.parents:
            parents = set()
            for person, identity in sources:
                parent = self._parent(person, identity)
                parents.add(self.region_of.get((person, parent)) if parent else None)
            if len(parents) == 1 and (parent := parents.pop()) and parent != row["id"]:
                row["parentID"] = parent

    def _parent(self, person: int, identity: str) -> str | None:
        for regions in self.sheets[person].regions.values():
            if identity in regions:
                parent = regions[identity].item.get("parentID")
                return parent if isinstance(parent, str) else None
        return None


def _decide(control: Control, metric: AnswerMetric, answers: Iterable[Answer], of: int) -> tuple[Any, str | None]:
    """The merged answer of those who could answer, or None and the reason."""
    values = [answer.value for answer in answers]
    blank = metric.blank(control)
    if 2 * len(values) <= of:
        return None, f"answered by {len(values)} of {of}"
    if blank is not None:
        values += [blank] * (of - len(values))
    merged = metric.merge(control, values)
    return merged, None if merged is not None else "there is no majority"


def _envelope(identity: str, control: Control, items: Sequence[Json], value: Json) -> Json:
    """A result around *value*; other members are kept where all sources agree, the picture's size by majority."""
    to_name = items[0].get("to_name") or control["to"][0]
    row: Json = {"id": identity, "from_name": control["name"], "to_name": to_name, "type": control["type"]}
    row["value"] = value
    row.update(_common(items, leave_out={*_OWN, *_PICTURE}))
    for key in _PICTURE:
        sizes = [item[key] for item in items if key in item]
        if sizes and all(size == sizes[0] for size in sizes):
            row[key] = sizes[0]
        elif sizes:
            counts = Counter(map(json.dumps, sizes))
            row[key] = json.loads(min(counts, key=lambda text: (-counts[text], text)))
    return row


def _common(objects: Sequence[Json], leave_out: set[str]) -> Json:
    """Members that all objects have with equal values."""
    first = objects[0]
    return {
        key: member
        for key, member in first.items()
        if key not in leave_out and all(key in other and other[key] == member for other in objects[1:])
    }
