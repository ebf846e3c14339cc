"""All that a project's labels say about its people and labels: one call, plain JSON, for reports and jobs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from labeling.consensus.reliability.dawid_skene import DawidSkene, dawid_skene
from labeling.consensus.reliability.fleiss import fleiss_of
from labeling.consensus.reliability.krippendorff import alpha_of
from labeling.consensus.reliability.pairs import agreement_matrix, confusion, label_pairs, label_scores
from labeling.consensus.reliability.percent import percent_of
from labeling.consensus.reliability.ratings import UndefinedAgreement
from labeling.consensus.reliability.votes import Row, Votes, majority, read
from labeling.consensus.reliability.wawa import wawa

Json = dict[str, Any]

DECIMALS = 9


def reliability(rows: Iterable[Row], truth: Mapping[str, Mapping[Any, str]] | None = None) -> dict[str, Json]:
    """
    Reliability of people and labels, for each control.

    Args:
        rows: (task, person, control, label), one for each label that somebody gave; any order. Tasks and people are any
            ids. Answers with several labels, or with none, have no place here.
        truth: control -> task -> the label that is known (verified, gold). Other tasks go by the majority.

    Returns:
        control -> {"tasks", "votes", "labels": [..], "agreement": {name: {"value": -1..1 or null, "reason"}},
        "people": [{"person", "votes", "wawa", "accuracy" (Dawid-Skene), "confusion": {true: {said: share}} (Dawid-
        Skene; null: saw none), "labels": {label: {"given", "true", "right", "precision", "recall"}}}],
        "pairs": [{"a", "b", "n", "agreement", "kappa", "reason"}], "confused": [{"a", "b", "pairs"}],
        "model": {"rounds", "converged", "shares"} or {"reason"}}. Undefined numbers are null.
    """
    return {control: _control(votes, (truth or {}).get(control, {})) for control, votes in read(rows).items()}


def _control(votes: Votes, known: Mapping[Any, str]) -> Json:
    model: DawidSkene | None = None
    try:
        model = dawid_skene(votes)
        told: Json = {
            "rounds": model.rounds,
            "converged": model.converged,
            "shares": {label: _short(share) for label, share in zip(model.labels, model.shares, strict=True)},
        }
    except UndefinedAgreement as undefined:
        told = {"reason": undefined.reason}
    units = votes.units()
    agreement = {
        "percent": _defined(lambda: percent_of(units)),
        "fleiss": _defined(lambda: fleiss_of(units)),
        "krippendorff": _defined(lambda: alpha_of(units)),
    }
    most = majority(votes)
    names = (None if label is None else votes.labels[label] for label in most)
    truth = {**dict(zip(votes.tasks, names, strict=True)), **known}
    return {
        "tasks": len(votes.tasks),
        "votes": len(votes),
        "labels": list(votes.labels),
        "agreement": agreement,
        "people": _people(votes, truth, model),
        "pairs": [
            {
                "a": a,
                "b": b,
                "n": pair.n,
                "agreement": _short(pair.agreement),
                "kappa": _short(pair.kappa),
                "reason": pair.reason,
            }
            for (a, b), pair in agreement_matrix(votes).items()
        ],
        "confused": [{"a": a, "b": b, "pairs": count} for (a, b), count in label_pairs(votes).items()],
        "model": told,
    }


def _people(votes: Votes, truth: Mapping[Any, str | None], model: DawidSkene | None) -> list[Json]:
    skills = wawa(votes).skills
    counted = confusion(votes, truth)
    given = dict.fromkeys(range(len(votes.people)), 0)
    for unit in votes.of_task:
        for person, _ in unit:
            given[person] += 1
    made = []
    for number, person in enumerate(votes.people):
        scores = label_scores(counted[person])
        made.append(
            {
                "person": person,
                "votes": given[number],
                "wawa": _short(skills[person]),
                "accuracy": _short(model.accuracy(person)) if model else None,
                "confusion": _shares(model, person) if model else None,
                "labels": {
                    label: {
                        "given": score.given,
                        "true": score.true,
                        "right": score.right,
                        "precision": _short(score.precision),
                        "recall": _short(score.recall),
                    }
                    for label, score in scores.items()
                },
            }
        )
    return made


def _shares(model: DawidSkene, person: Any) -> Json:
    rows = zip(model.labels, model.confusion[person], strict=True)
    return {
        true: None if row is None else {said: _short(share) for said, share in zip(model.labels, row, strict=True)}
        for true, row in rows
    }


def _short(value: float | None) -> float | None:
    return None if value is None else round(value, DECIMALS)


def _defined(coefficient: Callable[[], float]) -> Json:
    try:
        return {"value": _short(coefficient()), "reason": None}
    except UndefinedAgreement as undefined:
        return {"value": None, "reason": undefined.reason}
