"""Class balance: how often each label was given, and how often it is what a task comes to.

Every label of every answer counts once: each region's, each option of several, each item of a taxonomy. What a task
comes to is its verified or known answer, else what two people or more merge to, else the one answer that is there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from chalicelib.configs import Config

GIVEN, FINAL = 0, 1
Counts = dict[str, dict[str, list[int]]]
"""control -> label -> [times given in answers, times in what tasks come to]."""


def add(counts: Counts, config: Config, result: Any, which: int) -> None:
    """Count the labels of one result."""
    for (control, label), n in in_result(config, result).items():
        counts.setdefault(control, {}).setdefault(label, [0, 0])[which] += n


def in_result(config: Config, result: Any) -> Counter[tuple[str, str]]:
    """(control, label) -> how often. Controls that the config does not have are left out."""
    found: Counter[tuple[str, str]] = Counter()
    for row in result if isinstance(result, list) else ():
        if isinstance(row, Mapping) and row.get("from_name") in config.index.controls:
            found.update((row["from_name"], label) for label in _labels(row.get("type"), row.get("value")))
    return found


def _labels(kind: Any, value: Any) -> Iterator[str]:
    if not isinstance(value, Mapping):
        return
    if kind == "rating" and "rating" in value:
        yield str(value["rating"])
    elif kind == "pairwise" and "selected" in value:
        yield str(value["selected"])
    elif isinstance(kind, str) and (kind in ("choices", "taxonomy") or kind.endswith("labels")):
        given = value.get(kind)
        for name in given if isinstance(given, list) else ():
            yield " / ".join(map(str, name)) if isinstance(name, list) else str(name)


def of_plan(controls: Iterable[Mapping[str, Any]]) -> dict[str, list[str]]:
    """The labels that a config offers, by control: those that nobody has used yet belong into a balance too."""
    return {
        control["name"]: [str(option["stored"]) for option in control.get("options", ()) if not option.get("children")]
        for control in controls
        if control["type"] == "choices" or control["type"].endswith("labels")
    }


def join(whole: Counts, part: Mapping[str, Mapping[str, list[int]]]) -> None:
    for control, labels in part.items():
        counts = whole.setdefault(control, {})
        for label, (given, final) in labels.items():
            sums = counts.setdefault(label, [0, 0])
            sums[GIVEN] += given
            sums[FINAL] += final
