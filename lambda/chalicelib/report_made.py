"""The report of a tally: how far a project is, how well people agree, who errs on what, over time and in time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from chalicelib import classes, label_numbers, people, people_numbers, report_days, settings, standing, tally
from chalicelib.configs import Config
from chalicelib.forecast import forecast
from chalicelib.handlers.projects import progress
from chalicelib.label_numbers import number
from chalicelib.standing import Standing
from chalicelib.tally import Tally
from chalicelib.times import iso
from chalicelib.world import World

if TYPE_CHECKING:
    from labeling.consensus.reliability import Level, Votes

LEVELS: Final[dict[str, Level]] = {"rating": "ordinal", "number": "interval"}
LEAST_KNOWN = 10
"""From so many answers to known tasks on, errors there are named rather than those against the others."""
KNOWN = "tasks with a known answer"
FORM = 2
"""Of the stored report: one of another form, of an older version, is not shown."""
MOST_PAIRED = 60
"""Beyond so many people a kappa for each two of them is left out."""
Json = dict[str, Any]
Project = Mapping[str, Any]


def made(world: World, project: Project, config: Config, whole: Tally) -> Json:
    """The report of a tally."""
    own = standing.of_everybody(world, project["id"])
    days = report_days.read(world, project["id"])
    all_days = report_days.of_all(days)
    today = people_numbers.today(world)
    counted = progress(world, project["id"])
    # Nobody has touched the rest: they have no row of their own, and the counters know how many there are.
    untouched = max(0, counted["total"] - sum(whole.states.values()))
    states = {**whole.states, "new": whole.states.get("new", 0) + untouched}
    missing = whole.missing + untouched * int(project["maximum_annotations"])
    numbers = _Labels(config, whole)
    ids = {int(key) for counts in (whole.items, whole.skipped) for key in counts} | own.keys()
    agreements, none = people_numbers.agreements(whole), people_numbers.NO_AGREEMENT
    named = {id_: row["name"] for id_, row in people.named(world, ids).items()}
    return {
        "form": FORM,
        "made_at": iso(world.clock()),
        "project": project["id"],
        "progress": {**counted, "tasks": {name: n for name, n in states.items() if n}, "gold": whole.gold},
        "throughput": report_days.throughput(all_days, counted["annotations"]),
        "forecast": forecast(missing, all_days, today),
        "agreement": [_control(control, whole, numbers) for control in config.plan["controls"]],
        "people": [_person(id_, named, whole, own.get(id_), agreements.get(id_, none), numbers) for id_ in sorted(ids)],
        "pairs": _pairs(named, agreements, numbers),
        "people_days": report_days.of_people(days, whole, today),
        "times": report_days.times(whole),
        "classes": _classes(config, whole),
        "quality": settings.of(project, "quality"),
    }


def _pairs(named: Mapping[int, str], agreements: Mapping[int, Json], numbers: _Labels) -> list[Json]:
    """Each two people who share tasks: mean agreement; Cohen's kappa of each control whose answers are one label."""
    from labeling.consensus.reliability import agreement_matrix

    kappas: dict[tuple[int, int], list[Json]] = {}
    for control, votes in numbers.votes.items() if len(agreements) <= MOST_PAIRED else ():
        for two, pair in agreement_matrix(votes).items():
            kappa = number(pair.kappa, pair.n, pair.reason)
            kappas.setdefault(two, []).append({"control": control, "kappa": kappa})
    rows = []
    for a, found in sorted(agreements.items()):
        for row in found["with_each"]:
            b = row["person"]
            if a < b:
                names = {"a": a, "b": b, "name_a": named.get(a, ""), "name_b": named.get(b, "")}
                agreement = {name: value for name, value in row.items() if name != "person"}
                rows.append({**names, "agreement": agreement, "kappas": kappas.get((a, b), [])})
    return rows


def _classes(config: Config, whole: Tally) -> list[Json]:
    """By control, the labels that the config offers and those that were used, the most frequent first."""
    offered = classes.of_plan(config.plan["controls"])
    found = []
    for control in config.plan["controls"]:
        name = control["name"]
        counts = whole.classes.get(name, {})
        if name not in offered and not counts:
            continue
        labels = dict.fromkeys([*offered.get(name, ()), *counts])
        rows = [
            {"label": label, "given": counts.get(label, [0, 0])[0], "final": counts.get(label, [0, 0])[1]}
            for label in labels
        ]
        found.append({"control": name, "labels": sorted(rows, key=lambda row: (-row["final"], -row["given"]))})
    return found


# Labels


Counts = Counter[tuple[str, str]]


class _Labels:
    """Of each control with labels, by person: what they said where what is right, and how the model sees them."""

    def __init__(self, config: Config, whole: Tally) -> None:
        from labeling.consensus.reliability import confusion

        self.votes: dict[str, Votes] = {}
        self.model: dict[str, dict[int, Json]] = {}
        self.others: dict[str, dict[int, Counts]] = {}
        self.known: dict[str, dict[int, Counts]] = {}
        self.pairs: dict[str, Counts] = {}
        for control in (c["name"] for c in config.plan["controls"]):
            names = list(whole.labels.get(control, ()))
            votes = label_numbers.shared_votes(whole.units.get(control, []), names)
            self.pairs[control] = _counts(whole.between.get(control, {}))
            if votes.tasks:
                right, self.model[control] = label_numbers.confirmed(votes)
                self.votes[control] = votes
                self.others[control] = {person: Counter(said) for person, said in confusion(votes, right).items()}
            elif control in whole.said:
                self.others[control] = {int(person): _counts(said) for person, said in whole.said[control].items()}
            if control in whole.known:
                self.known[control] = {
                    int(person): Counter({_pair(key, names): n for key, n in counts.items()})
                    for person, counts in whole.known[control].items()
                }

    def controls_of(self, person: int) -> list[str]:
        return [
            name for name in self.pairs if person in self.others.get(name, {}) or person in self.known.get(name, {})
        ]


def _counts(rows: Mapping[str, Mapping[str, int]]) -> Counts:
    return Counter({(a, b): n for a, row in rows.items() for b, n in row.items()})


def _pair(key: str, names: Sequence[str]) -> tuple[str, str]:
    right, said = key.split(",")
    return names[int(right)], names[int(said)]


def _control(control: Mapping[str, Any], whole: Tally, numbers: _Labels) -> Json:
    """Agreement on one control; coefficients where answers are one of a few values, labels where there are any."""
    name = control["name"]
    n, ppm = whole.agreement.get(name, (0, 0))
    pairs, votes = numbers.pairs[name], numbers.votes.get(name)
    labels = sorted({label for pair in pairs for label in pair if label})
    said: Json = {
        "control": name,
        "type": control["type"],
        "agreement": number(ppm / (n * tally.PPM) if n else None, n, "no task has two answers that can be compared"),
        "coefficients": None,
        "labels": label_numbers.by_label(pairs, labels),
        "confusion": [
            {"a": a, "b": b, "n": many} for (a, b), many in sorted(pairs.items(), key=lambda item: (-item[1], item[0]))
        ],
    }
    if votes is None:
        return said | {"reason": "no two answers to the same thing are one label each, which coefficients need"}
    return said | {"coefficients": label_numbers.coefficients(votes, LEVELS.get(control["type"], "nominal"))}


# People


def _person(
    id_: int, named: Mapping[int, str], whole: Tally, own: Standing | None, agreements: Json, numbers: _Labels
) -> Json:
    mine = own or Standing(id_, 0)
    controls = [_errors(id_, named[id_], control, numbers) for control in numbers.controls_of(id_)]
    return {
        "id": id_,
        "name": named[id_],
        **people_numbers.work(whole, id_),
        "quartiles_ms": report_days.quartiles([*whole.active.get(str(id_), ()), *whole.lead.get(str(id_), ())]),
        **agreements,
        "with_each": [{**row, "name": named.get(row["person"], "")} for row in agreements["with_each"]],
        **people_numbers.on_known_answers(mine),
        "paused": mine.paused,
        "discarded": mine.discarded or None,
        "labels": controls,
        "errs": [said for control in controls if (said := control["says"])],
    }


def _errors(id_: int, name: str, control: str, numbers: _Labels) -> Json:
    """On one control: against known answers where there are enough, else against what all the others make likely."""
    known: Counts = numbers.known.get(control, {}).get(id_, Counter())
    counts: Counts = numbers.others.get(control, {}).get(id_, Counter())
    judge = "what all answers together say" if control in numbers.votes else "the merged answers"
    mixed = label_numbers.mixed_up(counts)
    if not counts and known:
        counts, judge, mixed = known, KNOWN, label_numbers.mixed_up(known)
    if known.total() >= LEAST_KNOWN and (by_known := label_numbers.mixed_up(known))["pair"]:
        counts, judge, mixed = known, KNOWN, by_known
    right = sum(many for (a, b), many in counts.items() if a == b)
    n = counts.total()
    return {
        "control": control,
        "judged_by": judge,
        "right": number(right / n if n else None, n, "none of their answers can be judged yet"),
        "confusion": [{"right": a, "said": b, "n": many} for (a, b), many in sorted(counts.items()) if many],
        "dawid_skene": numbers.model.get(control, {}).get(id_),
        "mixed_up": mixed,
        "says": label_numbers.sentence(name, control, mixed, judge),
    }
