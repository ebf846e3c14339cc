"""Taxonomy answers: items as paths, compared and merged by their nodes, ancestors included."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from labeling import reading
from labeling.consensus.answers import AnswerMetric, vote
from labeling.consensus.model import Control, Json
from labeling.consensus.regions import RegionMetric
from labeling.plan_index import OptionTable

Path = tuple[str, ...]

BETWEEN = "\x1f"
"""Joins the steps of a path where a label must be one text (unit separator: no name of an item has it)."""


def read_paths(given: object) -> tuple[Path, ...] | None:
    """Paths from the root, without repetition; a bare text is a path of one. None if something is no path."""
    if isinstance(given, str):
        given = [given]
    if not isinstance(given, list | tuple):
        return None
    paths = [reading.strings(entry) for entry in given]
    found = tuple(dict.fromkeys(path for path in paths if path))
    return found if found and len([path for path in paths if path]) == len(paths) else None


def stored_paths(table: OptionTable, paths: Sequence[Path]) -> tuple[Path, ...]:
    """The paths as the config stores them; one that it does not know stays as it is."""
    return tuple(dict.fromkeys(table.path(path) or path for path in paths))


def nodes(paths: Iterable[Path]) -> dict[Path, None]:
    """The items and all their ancestors, each as its path, in order."""
    return {path[:depth]: None for path in paths for depth in range(1, len(path) + 1)}


def path_text(path: Path) -> str:
    """The path as reports print it."""
    return " / ".join(path)


def region_metric(marks: RegionMetric) -> RegionMetric:
    """The metric of a Taxonomy that labels regions, from that of the regions: a label is a path, joined by BETWEEN."""

    def said(value: Json, table: OptionTable) -> tuple[str, ...] | None:
        given = value.get("taxonomy")
        paths = read_paths(given)
        if paths is None:
            return () if given in (None, []) else None
        return tuple(BETWEEN.join(path) for path in stored_paths(table, paths))

    return replace(marks, key="taxonomy", said=said, write=lambda labels: [label.split(BETWEEN) for label in labels])


def similarity(_: Control, a: Sequence[Path], b: Sequence[Path]) -> float:
    """
    Hierarchical F1: 2 |A & B| / (|A| + |B|), A and B the items with all their ancestors (without the root).

    Source: Kiritchenko, Matwin, Nock and Famili (2006), Learning and evaluation in the presence of class hierarchies,
    Advances in Artificial Intelligence, LNCS 4013: hP = |A & B| / |A|, hR = |A & B| / |B|, hF their harmonic mean.

    >>> similarity({}, [("Animal", "Dog", "Poodle")], [("Animal", "Dog", "Boxer")]) == 4 / 6
    True
    """
    left, right = nodes(a), nodes(b)
    if not left and not right:
        return 1.0
    return 2 * len(left.keys() & right.keys()) / (len(left) + len(right))


def merge(control: Control, answers: Sequence[Sequence[Path]], weights: Sequence[float]) -> tuple[Path, ...] | None:
    """
    Every node that more than half chose, themselves or by something below it; of these only the deepest, and those that
    more than half chose as they are. With `leafs_only` a branch on which nobody's leaf has a majority is left out.
    """
    if answers and all(answer == answers[0] for answer in answers):
        return tuple(answers[0]) or None
    chosen = vote([tuple(nodes(answer)) for answer in answers], True, weights) or ()
    exact = {*(vote([tuple(answer) for answer in answers], True, weights) or ())}
    inner = {path[:depth] for path in chosen if isinstance(path, tuple) for depth in range(1, len(path))}
    kept = [path for path in chosen if isinstance(path, tuple) and (path in exact or path not in inner)]
    if control.get("leafs_only"):
        kept = [path for path in kept if path in exact]
    return tuple(kept) or None


def _write(merged: Sequence[Path]) -> Json:
    return {"taxonomy": [list(path) for path in merged]}


TAXONOMY = AnswerMetric(
    name=lambda _: "hierarchical F1 of the items",
    read=lambda _, value: read_paths(value.get("taxonomy")),
    similarity=similarity,
    merge=merge,
    supports=lambda answer, merged: not nodes(answer).keys().isdisjoint(merged),
    write=_write,
    key="taxonomy",
    # Where several items may be picked, none of them is an answer too.
    blank=lambda control: None if control.get("max_usages") == 1 else (),
    stored=stored_paths,
    labels=lambda answer: tuple(path_text(path) for path in answer),
)
