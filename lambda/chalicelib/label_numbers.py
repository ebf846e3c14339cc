"""Agreement and errors on labels, from who gave which label to what: coefficients, confusion, who mixes up what.

A unit is one thing that people labeled: `[person, label, person, label, …]`, labels as numbers. Everything is undefined
with a reason or a number with its n; nothing is guessed. The models are those of `labeling.consensus.reliability`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from labeling.consensus.reliability import Level, Votes

Unit = Sequence[int]
Json = dict[str, Any]
Counts = Mapping[tuple[str, str], int]
"""(what is right, what was said) -> how often."""
MOST_LABELS = 60
"""Beyond so many labels, as trees and many joint options have, a matrix of all pairs for each person says little."""
LEAST_ERRORS = 5
LEAST_SHARE = 0.1
"""A pair of labels is named as mixed up from so many errors, and this share of the answers that it could happen in."""


def number(value: float | None, n: int, reason: str | None = None) -> Json:
    """A number as every report has it: the value, how much it rests on, why there is none."""
    return {"value": value, "n": n} | ({} if value is not None else {"reason": reason or "nothing to count yet"})


def shared_votes(units: Sequence[Unit], names: Sequence[str]) -> Votes:
    """The units that two people or more labeled; tasks are numbered, labels sorted."""
    from labeling.consensus.reliability import Votes

    shared = [unit for unit in units if len(unit) > 2]
    people = sorted({person for unit in shared for person in unit[0::2]})
    place = {person: number for number, person in enumerate(people)}
    labels = sorted(names)
    new = [labels.index(name) for name in names]
    cast = tuple(
        tuple(sorted((place[p], new[x]) for p, x in zip(unit[0::2], unit[1::2], strict=True))) for unit in shared
    )
    return Votes(tuple(range(len(shared))), tuple(people), tuple(labels), cast)


def coefficients(votes: Votes, level: Level) -> Json:
    """
    Percent, Cohen (two people in all), Fleiss, Krippendorff. `n`: things that two people labeled.

    Args:
        level: `nominal`; `ordinal` and `interval` count only where all labels are numbers.
    """
    from labeling.consensus.reliability import UndefinedAgreement, agreement_matrix
    from labeling.consensus.reliability.fleiss import fleiss_of
    from labeling.consensus.reliability.krippendorff import alpha_of
    from labeling.consensus.reliability.percent import percent_of

    n = len(votes.tasks)
    units = votes.units()
    as_numbers = _numeric(votes.labels) if level != "nominal" else None
    used: Level = level if as_numbers else "nominal"
    valued: Any = [[as_numbers[label] for label in unit] for unit in units] if as_numbers else units

    def of(coefficient: Callable[[], float]) -> Json:
        if not n:
            return number(None, 0, "nothing was labeled by two people")
        try:
            return number(coefficient(), n)
        except UndefinedAgreement as undefined:
            return number(None, n, undefined.reason)

    cohen = number(None, n, f"it is for two people; {len(votes.people)} labeled the same things here")
    if len(votes.people) == 2:
        (pair,) = agreement_matrix(votes).values()
        cohen = number(pair.kappa, pair.n, pair.reason)
    return {
        "percent": of(lambda: percent_of(units)),
        "cohen": cohen,
        "fleiss": of(lambda: fleiss_of(units)),
        "krippendorff": {**of(lambda: alpha_of(valued, used)), "level": used},
    }


def _numeric(names: Sequence[str]) -> dict[str, float] | None:
    try:
        return {name: float(name) for name in names}
    except ValueError:
        return None


def by_label(pairs: Counts, names: Sequence[str]) -> list[Json]:
    """
    For each label how often a second person says it too when one says it: 2 n_ll / (2 n_ll + n_lx), `n` pairs.

    Args:
        pairs: labels that two people gave to one thing -> how often; see reliability.label_pairs.

    Source: Fleiss (1981), Statistical Methods for Rates and Proportions, 2nd ed., sec. 13.1: specific agreement.
    """
    same: Counter[str] = Counter()
    other: Counter[str] = Counter()
    for (a, b), many in pairs.items():
        if a == b:
            same[a] += many
        else:
            other[a] += many
            other[b] += many
    rows = []
    for name in names:
        n = same[name] + other[name]
        value = 2 * same[name] / (2 * same[name] + other[name]) if n else None
        rows.append({"label": name, **number(value, n, "no two people called such a thing so")})
    return rows


def confirmed(votes: Votes) -> tuple[dict[int, str | None], dict[int, Json]]:
    """
    What each thing probably is, by Dawid and Skene's model, and how that sees each person:
    `{"accuracy": number, "labels", "confusion": [[share, …] | None, …]}`, rows: what a thing is, None: they saw none.

    Where the model does not exist (one label only) or would be too large, the majority stands in for it.
    """
    from labeling.consensus.reliability import UndefinedAgreement, dawid_skene, majority

    try:
        model = dawid_skene(votes) if votes.tasks and len(votes.labels) <= MOST_LABELS else None
    except UndefinedAgreement:
        model = None
    if model is None:
        most = majority(votes)
        return {task: None if x is None else votes.labels[x] for task, x in zip(votes.tasks, most, strict=True)}, {}
    cast = Counter(person for given in votes.of_task for person, _ in given)
    seen = {
        person: {
            "accuracy": number(model.accuracy(person), cast[place]),
            "labels": list(model.labels),
            "confusion": [None if row is None else list(row) for row in model.confusion[person]],
        }
        for place, person in enumerate(votes.people)
    }
    return {task: model.label(task) for task in votes.tasks}, seen


def mixed_up(counts: Counts) -> Json:
    """
    The pair of labels that a person mixes up most, both ways together.

    `{"pair": [a, b] | None, "errors", "of", "ways": [{"right", "said", "n", "of"}], "n"}`: `of` are answers where one
    of the two was right.
    """
    n = sum(counts.values())
    per_right: Counter[str] = Counter()
    pairs: Counter[tuple[str, str]] = Counter()
    for (right, said), many in counts.items():
        per_right[right] += many
        if right != said:
            pairs[min(right, said), max(right, said)] += many
    for (a, b), errors in sorted(pairs.items(), key=lambda item: (-item[1], item[0])):
        of = per_right[a] + per_right[b]
        if errors < LEAST_ERRORS or errors < LEAST_SHARE * of:
            continue
        ways = [
            {"right": x, "said": y, "n": counts[x, y], "of": per_right[x]}
            for x, y in ((a, b), (b, a))
            if counts.get((x, y))
        ]
        return {"pair": [a, b], "errors": errors, "of": of, "ways": ways, "n": n}
    reason = f"no two labels were mixed up {LEAST_ERRORS} times and in {LEAST_SHARE:.0%} of the answers"
    return {"pair": None, "errors": pairs.total(), "n": n, "reason": reason}


def sentence(name: str, control: str, mixed: Json, judge: str) -> str | None:
    """What a person errs on, in words."""
    if mixed["pair"] is None:
        return None
    a, b = mixed["pair"]
    ways = "; ".join(map(_way, mixed["ways"]))
    what = f"mixes up {a} and {b}" if a and b else f"is unsure about {a or b}"
    return f"{name} {what} ({control}): {ways}, judged by {judge}."


def _way(way: Json) -> str:
    """No label (a thing that is missed, or marked where there is none) has no name."""
    share = f"{way['n']} of {way['of']} answers ({100 * way['n'] / way['of']:.0f} %)"
    if not way["said"]:
        return f"leaves {way['right']} out in {share}"
    if not way["right"]:
        return f"marks {way['said']} where there is none, {way['n']} times"
    return f"says {way['said']} where {way['right']} is right in {share}"
