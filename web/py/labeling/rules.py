"""The config's own checks before a submit: ``plan.rules`` (docs/config.md, "Rules").

A rule is about the regions or answers of one control. It looks at the view's JSON, which is the same for every kind of
region and answer, and says its message once for each region or answer that breaks it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from labeling import conditions, extents, items, reading, titles, view
from labeling.extents import Extent
from labeling.model import Region, State, place
from labeling.patterns import Pattern
from labeling.plan_index import Control
from labeling.problems import Problem, problem

Json = Mapping[str, object]


def problems(state: State) -> list[Problem]:
    """What the rules of the plan say about *state*; those of severity "warning" do not stand in the way of a submit."""
    rules = state.task.index.rules
    return _Run(state).all(rules) if rules else []


@dataclass(frozen=True, slots=True)
class _Target:
    """One answer that a rule looks at: of the whole object, of a region, or of a page."""

    answer: Json
    region: Region | None
    where: str


class _Run:
    """One evaluation; what several rules need is made once."""

    def __init__(self, state: State) -> None:
        self._state, self._index = state, state.task.index
        shown = view.full(state)
        self._regions: Mapping[str, Json] = shown["regions"]
        self._answers: Mapping[str, Json] = shown["answers"]
        self._titles = titles.titles(self._index, state.task.data)
        self._extents: dict[str, Extent | None] = {}

    def all(self, rules: Sequence[Json]) -> list[Problem]:
        found: list[Problem] = []
        for rule in rules:
            control = self._index.controls.get(str(rule.get("for")))
            if control and self._applies(rule, control):
                found += self._answered(rule, control) if _asks(control) else self._marked(rule, control)
        return found

    def _applies(self, rule: Json, control: Control) -> bool:
        """Whether the control can be answered now, and nothing that the rule rests for is."""
        state, index = self._state, self._index
        if conditions.dropped(control, index, state.task.tables, state.answers, None):
            return False
        return not self._has(str(rule["unless"]), None) if "unless" in rule else True

    # regions

    def _marked(self, rule: Json, control: Control) -> Iterator[Problem]:
        label = reading.text(rule.get("label"))
        regions = [region for region in self._state.regions.values() if _made(region, control, label)]
        count = len(regions)
        where = f"control {control.name}"
        least, most = reading.whole(rule.get("min_count")), reading.whole(rule.get("max_count"))
        if least is not None and count < least:
            yield self._fault(rule, control, None, where, count)
        if most is not None and count > most:
            yield self._fault(rule, control, regions[most], where, count)
        for region in regions:
            if self._breaks(rule, region):
                yield self._fault(rule, control, region, place(region), count)
        if rule.get("overlap") is False:
            for region in self._covering(regions):
                yield self._fault(rule, control, region, place(region), count)
        for member, wanted in (("needs", True), ("excludes", False)):
            if member in rule:
                yield from self._together(rule, control, regions, str(rule[member]), wanted)

    def _breaks(self, rule: Json, region: Region) -> bool:
        if "min_size" in rule or "max_size" in rule:
            found = self._extent(region)
            text = str(self._regions[region.id].get("text") or "")
            least, most = reading.number(rule.get("min_size")), reading.number(rule.get("max_size"))
            small = extents.size_of(found, False, text) if found and least is not None else None
            large = extents.size_of(found, True, text) if found and most is not None else None
            # A side of 8 pixels is often 7.9999 in percent.
            if (small is not None and least is not None and small < least - 1e-3) or (
                large is not None and most is not None and large > most + 1e-3
            ):
                return True
        if (container := reading.mapping(rule.get("inside"))) and not self._is_inside(region, container):
            return True
        if (wanted := reading.text(rule.get("relation"))) and not self._is_related(region, wanted):
            return True
        text = str(self._regions[region.id].get("text") or "")
        return bool(text) and _wrong_text(rule, text)

    def _is_inside(self, region: Region, container: Json) -> bool:
        name, label = reading.text(container.get("control")), reading.text(container.get("label"))
        inner = self._extent(region)
        if inner is None:
            return True
        for other in self._state.regions.values():
            if other.id == region.id or other.object != region.object or other.item != region.item:
                continue
            labels = other.labels.get(name, ()) if name else other.all_labels
            if name and name not in other.labels and other.control != name:
                continue
            if label is not None and label not in labels:
                continue
            if (outer := self._extent(other)) and extents.lies_in(inner, outer):
                return True
        return False

    def _is_related(self, region: Region, label: str) -> bool:
        return any(
            region.id in (relation.from_id, relation.to_id) and (label == "*" or label in relation.labels)
            for relation in self._state.relations
        )

    def _covering(self, regions: list[Region]) -> list[Region]:
        """Those that cover an earlier one, each once; looked at from left to right, so that far ones never meet."""
        found: dict[str, Region] = {}
        by_page: dict[tuple[str, int | None], list[tuple[Region, Extent]]] = {}
        for region in regions:
            if extent := self._extent(region):
                by_page.setdefault((region.object, region.item), []).append((region, extent))
        for entries in by_page.values():
            begun: list[tuple[float, Region, Extent]] = []  # with the right end of each
            for region, extent in sorted(entries, key=lambda entry: (_ends(entry[1])[0], entry[0].n)):
                left, right = _ends(extent)
                begun = [entry for entry in begun if entry[0] >= left]
                for _, other, theirs in begun:
                    later = region if region.n > other.n else other
                    # Asking is what costs: thousands of regions may lie on one place.
                    if later.id not in found and extents.cover(extent, theirs):
                        found[later.id] = later
                begun.append((right, region, extent))
        return sorted(found.values(), key=lambda region: region.n)

    def _extent(self, region: Region) -> Extent | None:
        if region.id not in self._extents:
            shown = self._regions[region.id]
            shape = reading.mapping(shown.get("shape")) or {}
            size = region.size or self._state.sizes.get(region.object)
            self._extents[region.id] = extents.extent(str(shown.get("kind")), shape, size)
        return self._extents[region.id]

    # answers

    def _answered(self, rule: Json, control: Control) -> Iterator[Problem]:
        for target in self._targets(control):
            if self._misses(rule, target):
                count = _count(target.answer, reading.text(rule.get("label")))
                yield self._fault(rule, control, target.region, target.where, count)

    def _targets(self, control: Control) -> Iterator[_Target]:
        state, index, tables = self._state, self._index, self._state.task.tables
        if control.per_region:
            for region in state.regions.values():
                if conditions.applies(control, region, index, tables, state.answers):
                    given = reading.mapping(self._regions[region.id].get("answers")) or {}
                    answer = reading.mapping(given.get(control.name)) or {}
                    yield _Target(answer, region, f"{control.name} of {place(region)}")
        elif control.per_item:
            given = reading.mapping((self._answers.get(control.name) or {}).get("items")) or {}
            for page in range(items.pages(state.task, control.to[0])):
                at = {**state.items, control.to[0]: page}
                if conditions.shown(control, index, tables, state.answers, state.selected, at):
                    answer = reading.mapping(given.get(str(page))) or {}
                    yield _Target(answer, None, f"{control.name} of page {page + 1}")
        elif conditions.shown(control, index, tables, state.answers, state.selected, state.items):
            yield _Target(self._answers.get(control.name) or {}, None, f"control {control.name}")

    def _misses(self, rule: Json, target: _Target) -> bool:
        answer = target.answer
        chosen = reading.strings(rule.get("choice"))
        fits = chosen is None or not set(chosen).isdisjoint(_choices(answer))
        if "needs" in rule or "excludes" in rule:
            given = fits if chosen is not None else bool(answer)
            if given and "needs" in rule and not self._has(str(rule["needs"]), target.region):
                return True
            if given and "excludes" in rule and self._has(str(rule["excludes"]), target.region):
                return True
        count = _count(answer, reading.text(rule.get("label")))
        least, most = reading.whole(rule.get("min_count")), reading.whole(rule.get("max_count"))
        if (least is not None and count < least) or (most is not None and count > most):
            return True
        number = reading.number(answer.get("number", answer.get("rating")))
        low, high = reading.number(rule.get("min")), reading.number(rule.get("max"))
        if number is not None and ((low is not None and number < low) or (high is not None and number > high)):
            return True
        return any(_wrong_text(rule, text) for text in _texts(answer))

    # both

    def _together(
        self, rule: Json, control: Control, regions: list[Region], name: str, wanted: bool
    ) -> Iterator[Problem]:
        """Regions that need (or exclude) an answer: each its own, or one of the whole object."""
        other = self._index.controls.get(name)
        if other is None or not regions:
            return
        if other.per_region:
            for region in regions:
                applies = conditions.applies(other, region, self._index, self._state.task.tables, self._state.answers)
                if applies and self._has(name, region) is not wanted:
                    yield self._fault(rule, control, region, place(region), len(regions))
        elif self._has(name, None) is not wanted:
            yield self._fault(rule, control, regions[0], f"control {control.name}", len(regions))

    def _has(self, name: str, region: Region | None) -> bool:
        """Whether the control *name* is answered: for *region* if it is asked for each, else anywhere."""
        other = self._index.controls.get(name)
        if other is None:
            return False
        if not _asks(other):
            return any(_made(one, other, None) for one in self._state.regions.values())
        if other.per_region:
            regions = [region] if region else list(self._state.regions.values())
            return any(_given(self._answer_of(one, name)) for one in regions)
        return _given(self._answers.get(name) or {})

    def _answer_of(self, region: Region, name: str) -> Json:
        given = reading.mapping(self._regions[region.id].get("answers")) or {}
        return reading.mapping(given.get(name)) or {}

    def _fault(self, rule: Json, control: Control, region: Region | None, where: str, count: int) -> Problem:
        stored = [label] if (label := reading.text(rule.get("label"))) else region.all_labels if region else []
        names = [self._shown(control, name) for name in stored]
        filled = {
            "{label}": ", ".join(names),
            "{count}": str(count),
            "{title}": self._titles.get(control.name, control.name),
        }
        message = str(rule.get("message", ""))
        for mark, text in filled.items():
            message = message.replace(mark, text)
        about = region.id if region else None
        made = problem("rule", message, where, "", control=control.name, region=about, node=control.node)
        if rule.get("severity") == "warning":
            made["severity"] = "warning"
        return made

    def _shown(self, control: Control, stored: str) -> str:
        """What people see of a label."""
        tables = self._state.task.tables
        own = [tables[control.name]] if control.name in tables else []
        found = (table.by_name.get(stored) for table in (*own, *tables.values()))
        return next((option.value for option in found if option), stored)


def _asks(control: Control) -> bool:
    return control.answers


def _made(region: Region, control: Control, label: str | None) -> bool:
    """Whether *control* made or labelled the region, with *label* if one is meant."""
    labels = region.labels.get(control.name)
    if label is not None:
        return labels is not None and label in labels
    return labels is not None or region.control == control.name


def _ends(extent: Extent) -> tuple[float, float]:
    """The first and last place of an extent on the axis along which regions are compared."""
    if extent.outline:
        left, _, right, _ = extent.bounds
        return left, right
    if extent.ranges:
        places = [place[0] if isinstance(place, tuple) else place for entry in extent.ranges for place in entry]
        return min(places), max(places)
    return (min(extent.members), max(extent.members)) if extent.members else (0, 0)


def _choices(answer: Json) -> set[str]:
    """What is chosen: choices, the items of nested ones, the sides of a pair."""
    found: set[str] = set()
    for member in ("choices", "taxonomy"):
        rows = answer.get(member)
        for row in rows if isinstance(rows, list) else ():
            found.update([row] if isinstance(row, str) else [str(row[-1])] if row else ())
    return found | ({str(answer["selected"])} if "selected" in answer else set())


def _texts(answer: Json) -> list[str]:
    texts = list(reading.strings(answer.get("text")) or ())
    typing = reading.text(answer.get("typing"))
    texts += [typing] if typing and typing.strip() else []
    date = reading.text(answer.get("datetime"))
    return [*texts, date] if date else texts


def _count(answer: Json, bucket: str | None) -> int:
    if order := reading.mapping(answer.get("ranker")):
        lists = [held for name, held in order.items() if (name == bucket if bucket else name != "_")]
        return sum(len(held) for held in lists if isinstance(held, list))
    for member in ("choices", "taxonomy"):
        if isinstance(rows := answer.get(member), list):
            return len(rows)
    return len(_texts(answer)) if "text" in answer else int(bool(answer))


def _given(answer: Json) -> bool:
    items = reading.mapping(answer.get("items"))
    if items is not None:
        return any(_given(reading.mapping(held) or {}) for held in items.values())
    return any(value not in (None, "", [], {}) for value in answer.values())


def _wrong_text(rule: Json, text: str) -> bool:
    least, most = reading.whole(rule.get("min_length")), reading.whole(rule.get("max_length"))
    if (least is not None and len(text) < least) or (most is not None and len(text) > most):
        return True
    allowed = reading.strings(rule.get("one_of"))
    if allowed is not None and text.strip() not in allowed:
        return True
    pattern = reading.mapping(rule.get("pattern"))
    return pattern is not None and not Pattern(pattern).matches(text)
