"""What a few tasks say about people and labels, in a form that adds up: one tally for each stretch of a project.

A report reads every task once, a stretch at a time, so it needs the same memory for a stretch of any project. Tallies
are JSON; `added` joins them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from chalicelib import classes, gold, keys, migration, quality, settings
from chalicelib.configs import Config
from chalicelib.storage.ports import Record
from chalicelib.tasks import State, purpose_of, wanted_by
from chalicelib.world import World

PPM = 1_000_000
PER_READ = 100
MOST_KEPT = 20_000
PLAIN = ("choices", "rating", "pairwise", "taxonomy", "textarea", "number", "datetime")
"""Types of controls whose comparison needs nothing but the answers."""
_Body = Mapping[str, Any]
Found = dict[keys.Key, Record]


@dataclass(slots=True)
class Tally:
    """
    Members, by control where they have one (JSON knows only text keys, so people are texts here):
        states: tasks by state, of those that somebody has touched. missing: annotations that these still want.
        gold: tasks with a known answer.
        items, skipped: by person. active, lead: times of their annotations in ms, measured by the page or not.
        agreement: [tasks, sum of agreements in millionths].
        pairs: by "a,b" (smaller id first) [tasks, sum of scores in millionths].
        merged: by person [tasks, sum of their agreement with the merged answer of two people or more].
        days: the same of all controls together, by person and the day (UTC) on which they answered.
        classes: labels as they were given and as tasks come to them, see classes.py.
        said: by person, `{label of the merged answer: {what they said: n}}`; "" is no label. between: `{a: {b: n}}`,
            what two people called the same thing. Also of regions.
        units: one list `[person, label, person, label, …]` for each thing that was labeled; labels are numbers into
            `labels`.
        known: by person, `{"right,said": n}` on tasks with a known answer; numbers as in `units`.
    """

    states: dict[str, int] = field(default_factory=dict)
    missing: int = 0
    gold: int = 0
    items: dict[str, int] = field(default_factory=dict)
    skipped: dict[str, int] = field(default_factory=dict)
    active: dict[str, list[int]] = field(default_factory=dict)
    lead: dict[str, list[int]] = field(default_factory=dict)
    agreement: dict[str, list[int]] = field(default_factory=dict)
    pairs: dict[str, dict[str, list[int]]] = field(default_factory=dict)
    merged: dict[str, dict[str, list[int]]] = field(default_factory=dict)
    days: dict[str, dict[str, list[int]]] = field(default_factory=dict)
    classes: classes.Counts = field(default_factory=dict)
    said: dict[str, dict[str, dict[str, dict[str, int]]]] = field(default_factory=dict)
    between: dict[str, dict[str, dict[str, int]]] = field(default_factory=dict)
    labels: dict[str, dict[str, int]] = field(default_factory=dict)
    units: dict[str, list[list[int]]] = field(default_factory=dict)
    known: dict[str, dict[str, dict[str, int]]] = field(default_factory=dict)

    def body(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in Tally.__slots__}

    def number_of(self, control: str, label: str) -> int:
        numbers = self.labels.setdefault(control, {})
        return numbers.setdefault(label, len(numbers))


def of_tasks(world: World, project: _Body, config: Config, ids: Sequence[int]) -> Tally:
    """The tally of these tasks."""
    tally, facts = Tally(), _Facts(project, config)
    for start in range(0, len(ids), PER_READ):
        part = ids[start : start + PER_READ]
        states = world.records.get_many([keys.state(id_) for id_ in part])
        touched = [State(**record.body) for record in states.values()]
        rows = _rows(world, touched, everything=not facts.plain)
        for state in touched:
            _add_task(world, project, config, tally, state, rows, facts)
    return tally


def _rows(world: World, states: Sequence[State], *, everything: bool) -> Found:
    wanted: list[keys.Key] = []
    for state in states:
        wanted += (keys.annotation(a["id"], a["version"]) for a in state.annotations)
        if everything and len(state.annotations) > 1:
            wanted.append(keys.consensus(state.task))
        if everything or state.gold:
            wanted.append(keys.task(state.task))
        if state.gold:
            wanted.append(keys.known_answer(state.task))
    found: Found = {}
    for start in range(0, len(wanted), PER_READ):
        found.update(world.records.get_many(wanted[start : start + PER_READ]))
    return found


def _add_task(
    world: World, project: _Body, config: Config, tally: Tally, state: State, rows: Found, facts: _Facts
) -> None:
    tally.states[state.name] = tally.states.get(state.name, 0) + 1
    tally.missing += max(0, wanted_by(project, state) - state.done)
    tally.gold += bool(state.gold)
    bodies = {
        a["id"]: rows[key].body for a in state.annotations if (key := keys.annotation(a["id"], a["version"])) in rows
    }
    for entry in state.annotations:
        if entry["at"] and entry["id"] in bodies and purpose_of(entry) != "review":
            _add_work(tally, entry, bodies[entry["id"]])
    counting = [bodies[a["id"]] for a in state.labels() if not a["cancelled"] and a["id"] in bodies]
    current = migration.bodies(world, project["id"], counting, config.version)
    _add_units(config, tally, current)
    for body in current:
        classes.add(tally.classes, config, body["result"], classes.GIVEN)
    final: Any = next((body["result"] for body in current if body.get("ground_truth")), None)
    if len(current) > 1:
        row, task = rows.get(keys.consensus(state.task)), rows.get(keys.task(state.task))
        fact = facts.of(row.body if row else None, current, task.body["data"] if task else {})
        _add_facts(tally, fact, current)
        final = fact.result if final is None else final
    elif current and final is None:
        final = current[0]["result"]
    classes.add(tally.classes, config, final, classes.FINAL)
    if state.gold:
        _add_known(world, project, config, tally, state, rows, bodies)


def _add_work(tally: Tally, entry: _Body, body: _Body) -> None:
    person = str(entry["person"])
    which = tally.skipped if entry["cancelled"] else tally.items
    which[person] = which.get(person, 0) + 1
    ms = quality.time_ms_of(body)
    if ms:
        (tally.active if body.get("active_ms") is not None else tally.lead).setdefault(person, []).append(ms)


@dataclass(frozen=True, slots=True)
class _Fact:
    """
    agreement: of each control that has one. made: contributions, with places in the list of people for them.
    result: the merged one.
    """

    agreement: dict[str, float]
    made: dict[str, Any]
    result: Any


class _Facts:
    """
    What tasks say about their people (labeling.consensus.people).

    Where answers alone decide (`plain`), the consensus is a matter of what was said, whoever said it: a few ways to
    answer come again and again, so each is compared once and no stored consensus is read.
    """

    def __init__(self, project: _Body, config: Config) -> None:
        self.config = config
        self.plain = (
            not config.index.repeats
            and not settings.of(project, "consensus")["by_person"]
            and all(c["type"] in PLAIN and not c.get("per_region") for c in config.plan["controls"])
        )
        self.known: dict[tuple[str, ...], _Fact] = {}

    def of(self, stored: _Body | None, bodies: Sequence[_Body], data: _Body) -> _Fact:
        """`stored`: the task's consensus, if it was read."""
        key = tuple(_said(body["result"]) for body in bodies) if self.plain else ()
        fact = self.known.get(key) if key else None
        if fact is None:
            fact = self._made(stored, bodies, data)
            if key and len(self.known) < MOST_KEPT:
                self.known[key] = fact
        return fact

    def _made(self, stored: _Body | None, bodies: Sequence[_Body], data: _Body) -> _Fact:
        from labeling import consensus
        from labeling.consensus.people import contributions

        plan, index = self.config.plan, self.config.index
        found = dict(stored) if stored else consensus.compute(plan, [dict(b) for b in bodies], index=index, data=data)
        placed = [{**body, "completed_by": place} for place, body in enumerate(bodies)]
        agreement = {name: c["agreement"] for name, c in found["controls"].items() if c["agreement"] is not None}
        return _Fact(agreement, contributions(found, plan, placed, index, data), found["result"])


def _said(result: Any) -> str:
    """What a result says, without its ids."""
    return repr([(row.get("from_name"), row.get("item_index"), row.get("value")) for row in result])


def _add_facts(tally: Tally, fact: _Fact, bodies: Sequence[_Body]) -> None:
    """`bodies`: as the fact was made of, in their order."""
    made = fact.made
    people = [str(body["completed_by"]) for body in bodies]
    for name, agreement in fact.agreement.items():
        _plus(tally.agreement.setdefault(name, [0, 0]), agreement)
    for place, controls in made["people"].items():
        person, day = people[int(place)], str(bodies[int(place)]["created_at"])[:10]
        for control, one in controls.items():
            _add(tally.days.setdefault(person, {}).setdefault(day, [0, 0]), one)
            _add(tally.merged.setdefault(control, {}).setdefault(person, [0, 0]), one)
            if "labels" in one:
                _add_counts(tally.said.setdefault(control, {}).setdefault(person, {}), one["labels"])
    for pair, controls in made["pairs"].items():
        a, b = sorted((people[int(place)] for place in pair.split(" ")), key=int)
        for control, one in controls.items():
            _add(tally.pairs.setdefault(control, {}).setdefault(f"{a},{b}", [0, 0]), one)
    for control, counts in made["labels"].items():
        _add_counts(tally.between.setdefault(control, {}), counts)


def _add(sums: list[int], one: Mapping[str, int]) -> None:
    sums[0] += one["n"]
    sums[1] += one["score_ppm"]


def _add_counts(whole: dict[str, dict[str, int]], part: Mapping[str, Mapping[str, int]]) -> None:
    for a, row in part.items():
        counts = whole.setdefault(a, {})
        for b, n in row.items():
            counts[b] = counts.get(b, 0) + n


def _plus(sums: list[int], score: float) -> None:
    sums[0] += 1
    sums[1] += round(score * PPM)


def _add_units(config: Config, tally: Tally, bodies: Sequence[_Body]) -> None:
    """Labels that people gave to the same thing."""
    units: dict[tuple[str, str], list[int]] = {}
    for body in bodies:
        for control, slot, label in labels_of(config, body["result"]):
            unit = units.setdefault((control, slot), [])
            unit += (body["completed_by"], tally.number_of(control, label))
    for (control, _), unit in units.items():
        tally.units.setdefault(control, []).append(unit)


def _add_known(
    world: World, project: _Body, config: Config, tally: Tally, state: State, rows: Found, bodies: Mapping[int, _Body]
) -> None:
    row = rows.get(keys.known_answer(state.task))
    if row is None:
        return
    record = world.records.get(*keys.annotation(row.body["annotation"], row.body["version"]))
    if record is None:
        return
    known = gold.read(row, record)
    given = [
        bodies[a["id"]]
        for a in state.annotations
        if purpose_of(a) in gold.KINDS and not a["cancelled"] and a["id"] in bodies
    ]
    right, *said = migration.bodies(world, project["id"], [known.answer, *given], config.version)
    answers = {(control, slot): label for control, slot, label in labels_of(config, right["result"])}
    for body in said:
        for control, slot, label in labels_of(config, body["result"]):
            if (control, slot) in answers:
                pair = f"{tally.number_of(control, answers[control, slot])},{tally.number_of(control, label)}"
                counts = tally.known.setdefault(control, {}).setdefault(str(body["completed_by"]), {})
                counts[pair] = counts.get(pair, 0) + 1


def labels_of(config: Config, result: Any) -> Iterable[tuple[str, str, str]]:
    """(control, page of the object, label) of each answer that is one of a few values."""
    for row in result:
        if not isinstance(row, dict):
            continue
        control, value = row.get("from_name"), row.get("value")
        if not isinstance(control, str) or not isinstance(value, dict) or "labels" in value:
            continue
        label = _label(row.get("type"), value)
        if label is not None and not _is_per_region(config, control):
            yield control, str(row.get("item_index", "")), label


def _label(kind: Any, value: Mapping[str, Any]) -> str | None:
    """None for answers that pick several, or none, or that are no pick at all."""
    match kind:
        case "choices":
            chosen = value.get("choices")
            return str(chosen[0]) if isinstance(chosen, list) and len(chosen) == 1 else None
        case "rating":
            return str(value["rating"]) if "rating" in value else None
        case "pairwise":
            return str(value["selected"]) if "selected" in value else None
        case "taxonomy":
            paths = value.get("taxonomy")
            if not isinstance(paths, list) or len(paths) != 1 or not isinstance(paths[0], list):
                return None
            return " / ".join(map(str, paths[0]))
    return None


def _is_per_region(config: Config, control: str) -> bool:
    part = config.index.controls.get(control)
    return part is None or bool(part.raw.get("per_region"))


def added(bodies: Iterable[_Body]) -> Tally:
    """One tally of several stored ones, in any order."""
    whole = Tally()
    for body in bodies:
        for name in ("states", "items", "skipped"):
            for key, n in body[name].items():
                counts = getattr(whole, name)
                counts[key] = counts.get(key, 0) + n
        whole.missing += body["missing"]
        whole.gold += body["gold"]
        for name in ("active", "lead"):
            for person, times in body[name].items():
                getattr(whole, name).setdefault(person, []).extend(times)
        _join(whole.agreement, body["agreement"])
        for name in ("pairs", "merged", "days"):
            for outer, sums in body[name].items():
                _join(getattr(whole, name).setdefault(outer, {}), sums)
        classes.join(whole.classes, body["classes"])
        for control, people in body["said"].items():
            for person, counts in people.items():
                _add_counts(whole.said.setdefault(control, {}).setdefault(person, {}), counts)
        for control, counts in body["between"].items():
            _add_counts(whole.between.setdefault(control, {}), counts)
        _add_labels(whole, body)
    return whole


def _join(whole: dict[str, list[int]], part: Mapping[str, Sequence[int]]) -> None:
    for key, (n, ppm) in part.items():
        sums = whole.setdefault(key, [0, 0])
        sums[0] += n
        sums[1] += ppm


def _add_labels(whole: Tally, body: _Body) -> None:
    for control, numbers in body["labels"].items():
        new = {old: whole.number_of(control, label) for label, old in numbers.items()}
        units = whole.units.setdefault(control, [])
        for unit in body["units"].get(control, ()):
            units.append([new[value] if place % 2 else value for place, value in enumerate(unit)])
        for person, counts in body["known"].get(control, {}).items():
            kept = whole.known.setdefault(control, {}).setdefault(person, {})
            for pair, n in counts.items():
                right, said = (new[int(part)] for part in pair.split(","))
                kept[f"{right},{said}"] = kept.get(f"{right},{said}", 0) + n
