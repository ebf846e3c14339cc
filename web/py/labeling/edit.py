"""The changes of one intent, collected, then made into the next state and an undo step.

The only mutable thing in the engine: it lives for one call of ``reduce``. Nothing is rebuilt that did not change.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import replace

from labeling import history
from labeling.geometry import Size
from labeling.model import Answer, ChangeSet, Held, Region, Relation, State, Task, place, revised
from labeling.problems import Problem, refuse
from labeling.spans import TextDoc

#: An edit of so many regions keeps all there are before and after it, if it is of one in so many of them.
_MANY, _SHARE = 200, 10


class Edit:
    def __init__(self, state: State) -> None:
        self.state = state
        self.task: Task = state.task
        self.selection = state.selection
        self.resets = False
        #: Told although the edit is done: what could not be pasted.
        self.problems: tuple[Problem, ...] = ()
        self.regions: dict[str, tuple[Region | None, Region | None]] = {}
        self.answers: dict[str, tuple[Answer | None, Answer | None]] = {}
        self.sizes: Mapping[str, Size] = state.sizes
        self.docs: Mapping[str, TextDoc] = state.docs
        self.items: Mapping[str, int] = state.items
        self.lengths: Mapping[str, float] = state.lengths
        self.relations: tuple[Relation, ...] = state.relations
        self._active = state.active
        self._added = 0
        self._counts: Mapping[str, Mapping[str, int]] | None = None
        self._travelled: Held | None = None

    def region(self, name: str) -> Region | None:
        change = self.regions.get(name)
        return change[1] if change else self.state.regions.get(name)

    def must_have(self, name: str) -> Region:
        """The region, or a refusal that names it."""
        region = self.region(name)
        if region is None:
            raise refuse("unknown-region", f"no region {name!r} in this task", f"region {name}", region=name)
        return region

    def must_change(self, region: Region) -> Region:
        """Refuse to change a region that is locked or read-only."""
        if region.readonly:
            raise refuse("readonly", "this region cannot be changed", place(region), region=region.id)
        if region.locked:
            raise refuse("locked", "this region is locked", place(region), "unlock it first", region=region.id)
        return region

    def next_n(self) -> int:
        """The number of the next new region: one after the last in the list."""
        last = next(reversed(self.state.regions.values()), None) if self.state.regions else None
        self._added += 1
        return (last.n if last else 0) + self._added

    def put(self, region: Region) -> None:
        """Add the region, or replace the one with its id."""
        self._change(region.id, region)

    def remove(self, name: str) -> None:
        """Take the region away, and the links that it has."""
        self._change(name, None)
        if any(name in (relation.from_id, relation.to_id) for relation in self.relations):
            self.relations = tuple(r for r in self.relations if name not in (r.from_id, r.to_id))

    def replay(self, change: ChangeSet) -> None:
        """Everything that *change* says, at once: an undo of thousands of regions compares none of them."""
        self.regions, self._counts = dict(change.regions), None
        self._travel(change.held)
        for control, (_, given) in change.answers.items():
            self.put_answer(control, given)
        if change.relations is not None:
            self.relations = change.relations[1]
        self.selection = change.selection[1]

    def travel(self, change: ChangeSet) -> None:
        """As ``replay``, without a word about the regions; *change* must have ``held``."""
        assert change.held is not None
        self._travel(change.held)
        self.answers, self.selection = dict(change.answers), change.selection[1]
        if change.relations is not None:
            self.relations = change.relations[1]

    def _travel(self, held: tuple[Held, Held] | None) -> None:
        if held is not None:
            self._travelled = held[1]
            self._counts = held[1].counts

    def _change(self, name: str, after: Region | None) -> None:
        self._counts = None
        before = self.regions[name][0] if name in self.regions else self.state.regions.get(name)
        if before is after or (before is not None and before == after):
            self.regions.pop(name, None)
        else:
            self.regions[name] = (before, after)

    def answer(self, control: str) -> Answer | None:
        change = self.answers.get(control)
        return change[1] if change else self.state.answers.get(control)

    def put_answer(self, control: str, after: Answer | None) -> None:
        before = self.state.answers.get(control)
        if before == after:
            self.answers.pop(control, None)
        else:
            self.answers[control] = (before, after)

    @property
    def changes_regions(self) -> bool:
        return self._travelled is not None or bool(self.regions)

    @property
    def active(self) -> Mapping[str, tuple[str, ...]]:
        return self._active

    def activate(self, control: str, labels: tuple[str, ...]) -> None:
        if self._active.get(control) != labels:
            self._active = {**self._active, control: labels}

    def counts(self) -> Mapping[str, Mapping[str, int]]:
        """How many regions use each label after this edit; controls without a change keep their own dict."""
        if self._counts is None:
            self._counts = self._counted()
        return self._counts

    def _counted(self) -> Mapping[str, Mapping[str, int]]:
        counts = dict(self.state.counts)
        for before, after in self.regions.values():
            if before and after and before.labels == after.labels and before.suggestion == after.suggestion:
                continue
            for region, step in ((before, -1), (after, 1)):
                for control, labels in region.labels.items() if region and not region.suggestion else ():
                    used = counts.get(control, {})
                    if used is self.state.counts.get(control, used):
                        used = counts[control] = dict(used)
                    assert isinstance(used, dict)
                    for label in labels:
                        used[label] = used.get(label, 0) + step
                        if not used[label]:
                            del used[label]
        return counts

    def suggested(self) -> int:
        """How many suggestions there are after this edit."""
        if self._travelled is not None:
            return self._travelled.suggested
        count = self.state.suggested
        for before, after in (*self.regions.values(), *self.answers.values()):
            count += (after is not None and after.suggestion) - (before is not None and before.suggestion)
        return count

    def finish(self, gesture: str) -> State:
        """The next state, with this edit as an undo step (joined to the last one of the same gesture)."""
        undo, redo, steps = self.state.undo, self.state.redo, self.state.steps
        linked = None if self.relations == self.state.relations else (self.state.relations, self.relations)
        if self.regions or self.answers or linked:
            change = ChangeSet(
                gesture,
                self.regions,
                self.answers,
                (self.state.selection, self.selection),
                resets=self.resets,
                relations=linked,
                step=steps + 1,
            )
            if len(self.regions) > _MANY and len(self.regions) * _SHARE > len(self.state.regions):
                after = Held(self._next_regions(), self.counts(), self.suggested())
                change = replace(change, held=(self.state.held, after))
                self._travelled = after
            undo, redo, steps = history.push(undo, change, joins=not redo), (), steps + 1
        return replace(self.state_with(undo, redo), steps=steps)

    def state_with(self, undo: tuple[ChangeSet, ...], redo: tuple[ChangeSet, ...]) -> State:
        return replace(
            self.state,
            task=self.task,
            regions=self._next_regions(),
            answers=self._next_answers(),
            selection=self.selection,
            active=self._active,
            counts=self.counts() if self.changes_regions else self.state.counts,
            sizes=self.sizes,
            docs=self.docs,
            items=self.items,
            lengths=self.lengths,
            relations=self.relations,
            undo=undo,
            redo=redo,
            problems=self.problems,
            suggested=self.suggested(),
        )

    def _next_regions(self) -> dict[str, Region]:
        if self._travelled is not None:
            return self._travelled.regions
        if not self.regions:
            return self.state.regions
        regions = dict(self.state.regions)
        added = []
        moved = False
        for name, (before, after) in self.regions.items():
            if after is None:
                regions.pop(name, None)
            elif before is None:
                added.append(after)
            else:
                regions[name] = after
                moved = moved or before.n != after.n
        if moved:
            return {one.id: one for one in sorted([*regions.values(), *added], key=lambda region: region.n)}
        return _with_added(regions, added)

    def _next_answers(self) -> Mapping[str, Answer]:
        if not self.answers:
            return self.state.answers
        answers = dict(self.state.answers)
        for control, (_, after) in self.answers.items():
            if after is None:
                answers.pop(control, None)
            else:
                answers[control] = after
        return answers


def _with_added(regions: dict[str, Region], added: list[Region]) -> dict[str, Region]:
    """The dict in the order of ``n``: new regions go to the end, those that come back go to their old place."""
    if not added:
        return regions
    added.sort(key=lambda region: region.n)
    last = next(reversed(regions.values()), None) if regions else None
    if last is None or added[0].n > last.n:
        for region in added:
            regions[region.id] = region
        return regions
    if len(added) > 20:
        return {region.id: region for region in sorted([*regions.values(), *added], key=lambda region: region.n)}
    names, values = list(regions), list(regions.values())
    for region in added:
        after = bisect_right(values, region.n, key=lambda other: other.n)
        names.insert(after, region.id)
        values.insert(after, region)
    return dict(zip(names, values, strict=True))


def touched(region: Region) -> Region:
    """A prediction's region that a person changed says so, and is no suggestion any more."""
    return region if _untold(region) else revised(region, origin="prediction-changed", suggestion=False)


def changed(region: Region, **values: object) -> Region:
    """The region with other values, by a person: ``touched`` is in it."""
    if _untold(region):
        return revised(region, **values)
    return revised(region, origin="prediction-changed", suggestion=False, **values)


def _untold(region: Region) -> bool:
    """Whether it says already that a person had a hand in it."""
    return region.origin != "prediction" and not region.suggestion
