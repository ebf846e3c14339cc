"""Merged results: what more than half of the people said, as Label Studio's JSON, and who is behind each part."""

from __future__ import annotations

import base64
import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from labeling.consensus.answers import AnswerMetric, vote
from labeling.consensus.model import Answer, Control, Json, Region, Sheet, Slot, median_low
from labeling.consensus.regions import Cluster, RegionMetric
from labeling.consensus.relations import Merged
from labeling.consensus.relations import merge as merge_links
from labeling.consensus.sheets import Metrics, Plan
from labeling.consensus.weighing import most

_OWN = frozenset({"id", "from_name", "to_name", "type", "value", "parentID"})
_PICTURE = ("original_width", "original_height", "image_rotation")

_Source = tuple[int, str]


def merge(
    plan: Plan, sheets: Sequence[Sheet], clusters: Mapping[str, Sequence[Cluster]], metrics: Metrics
) -> tuple[list[Json], dict[str, Json], list[Merged]]:
    """
    The merged result, its support, and the links between merged regions (those that are kept are in the result, last).

    A region is kept if more than half of the people (by weight) marked it and its label has a majority; an answer if
    more than half of those who saw the control gave one and the metric finds a majority. What is not kept is in the
    support only, with `kept` false and a `reason`. A task of two people therefore keeps what both marked.

    Ids: the id of the sources if those that stand behind a kept result all have the same, else 10 characters of a hash
    of the sources. Order: the lower median of the places that the sources have in their annotations. So copies of one
    annotation merge to that annotation, and the order of people does not matter.
    """
    return _Merger(plan, sheets, metrics).run(clusters)


class _Merger:
    def __init__(self, plan: Plan, sheets: Sequence[Sheet], metrics: Metrics) -> None:
        self.plan, self.sheets, self.metrics = plan, sheets, metrics
        self.controls = {control["name"]: control for control in plan["controls"]}
        self.places = {name: place for place, name in enumerate(self.controls)}
        self._seen = {
            name: [p for p, sheet in enumerate(sheets) if name not in sheet.hidden or name in sheet.regions]
            for name in self.controls
        }  # people who could mark regions of a control
        self.rows: list[tuple[int, int, str, Json]] = []
        self.support: dict[str, Json] = {}
        self.region_of: dict[_Source, str] = {}  # region of a person -> merged region
        self.shape_of: dict[str, Json] = {}  # merged region -> its geometry
        self.parents: list[tuple[Json, Sequence[_Source]]] = []

    def run(self, clusters: Mapping[str, Sequence[Cluster]]) -> tuple[list[Json], dict[str, Json], list[Merged]]:
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
        several = self.plan.get("relations", {}).get("choice") != "single"
        links = merge_links(self.sheets, lambda person, region: self.region_of.get((person, region)), several)
        return [*(row[3] for row in self.rows), *(link.row for link in links if not link.reason)], support, links

    def _region(self, place: int, control: Control, metric: RegionMetric, found: Cluster) -> None:
        people, regions = list(found.members), list(found.members.values())
        name = control["name"]
        seen = self._seen[name]
        labels = self._vote(control, [(person, region.labels) for person, region in found.members.items()])
        marks = {name: self._marked(name, found) for name in self._markers(regions)}
        tied = labels is None or (metric.key is None and None in marks.values())
        reason = None
        if not self._most(people, seen):
            reason = f"marked by {len(people)} of {len(seen)}"
        elif tied:
            reason = "the label is tied"
        sources = [(person, region.id) for person, region in found.members.items()]
        # Labels of a second control on regions that were merged already belong to the merged one.
        known = {self.region_of.get(source) for source in sources}
        joined = known.pop() if len(known) == 1 and reason is None else None
        identity = joined or self._identity(sources, shared=reason is None)
        if joined is None:
            self._note(identity, people, len(seen), reason, control, sources)
        if reason is not None or labels is None:
            return
        self.region_of.update(dict.fromkeys(sources, identity))
        if identity not in self.shape_of:
            self.shape_of[identity] = metric.merge([region.shape for region in regions], self._weights(people))
        own = [(person, region) for person, region in found.members.items() if region.own]
        if own:
            told = labels or any(metric.key in region.item["value"] for _, region in own)
            said = {metric.key: metric.write(labels)} if metric.key and told else {}
            rows = [(person, region.index, region.id, region.item) for person, region in own]
            self._region_row(place, control, metric, identity, rows, said)
        for name, given in marks.items():
            if given:
                rows = [
                    (person, mark.index, region.id, mark.item)
                    for person, region in found.members.items()
                    if (mark := region.marks.get(name))
                ]
                marker = self.controls[name]
                self._region_row(self.places[name], marker, metric, identity, rows, {marker["type"]: list(given)})

    def _region_row(
        self,
        place: int,
        control: Control,
        metric: RegionMetric,
        identity: str,
        rows: Sequence[tuple[int, int, str, Json]],
        said: Json,
    ) -> None:
        """One result of a merged region, from those (person, index, id of the region, stored result) behind it."""
        items = [item for _, _, _, item in rows]
        stored = {key for item in items for key in item["value"]}
        value = {key: member for key, member in self.shape_of[identity].items() if key in stored}
        value |= _common([item["value"] for item in items], leave_out={*metric.members, *said})
        value |= said
        row = _envelope(identity, control, items, value)
        self.parents.append((row, [(person, source) for person, _, source, _ in rows]))
        self.rows.append((median_low([index for _, index, _, _ in rows]), place, identity, row))

    def _markers(self, regions: Sequence[Region]) -> list[str]:
        """Labels controls that label some of the regions."""
        names = {name for region in regions if region.marks for name in region.marks}
        return sorted(names, key=self.places.__getitem__)

    def _marked(self, name: str, found: Cluster) -> tuple[str, ...] | None:
        """The labels that the majority of a cluster gave by a Labels control, None if there is a tie."""
        ballots = [
            (person, region.marks[name].labels if name in region.marks else ())
            for person, region in found.members.items()
        ]
        return self._vote(self.controls[name], ballots)

    def _vote(self, control: Control, ballots: Sequence[tuple[int, tuple[str, ...]]]) -> tuple[str, ...] | None:
        """The labels that the majority gave, None if there is a tie."""
        labels = [given for _, given in ballots]
        if labels.count(labels[0]) == len(labels):
            return labels[0]
        weights = self._weights(person for person, _ in ballots)
        several = control.get("choice") == "multiple"
        return vote(labels, several, weights)  # type: ignore[return-value]  # ballots hold labels

    def _decide(
        self, control: Control, metric: AnswerMetric, answers: Mapping[int, Answer], seen: Sequence[int]
    ) -> tuple[Any, str | None]:
        """The merged answer of those who saw the control, or None and the reason."""
        if not self._most(answers, seen):
            return None, f"answered by {len(answers)} of {len(seen)}"
        people, values = list(answers), [answer.value for answer in answers.values()]
        blank = metric.blank(control)
        if blank is not None:
            silent = [person for person in seen if person not in answers]
            people, values = people + silent, values + [blank] * len(silent)
        merged = metric.merge(control, values, self._weights(people))
        return merged, None if merged is not None else "there is no majority"

    def _weights(self, people: Iterable[int]) -> list[float]:
        return [self.sheets[person].weight for person in people]

    def _most(self, people: Iterable[int], seen: Iterable[int]) -> bool:
        """Whether *people* are more than half, by weight, of those who saw the control."""
        return most(self._weights(people), self._weights(seen))

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
                merged, reason = self._decide(control, metric, answers, list(found.members))
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
        seen = [p for p, sheet in enumerate(self.sheets) if name not in sheet.hidden or name in sheet.answers]
        for slot in sorted(slots, key=lambda slot: (slot is not None, slot or 0)):
            answers = {
                person: answer for person, sheet in enumerate(self.sheets) if (answer := sheet.answer(name, slot))
            }
            merged, reason = self._decide(control, metric, answers, seen)
            by = [p for p, answer in answers.items() if merged is None or metric.supports(answer.value, merged)]
            sources = [(person, answers[person].id) for person in by]
            identity = self._identity(sources, shared=merged is not None and self._most(by, seen))
            self._note(identity, by, len(seen), reason, control, sources)
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
