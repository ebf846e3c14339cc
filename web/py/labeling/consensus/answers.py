"""Classification answers: what a metric of them is, votes and medoids, and choices, ratings, texts, comparisons."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import fsum
from typing import Any

from labeling import reading
from labeling.consensus.edit_distance import text_similarity
from labeling.consensus.medoids import medoid
from labeling.consensus.model import Control, Json
from labeling.consensus.weighing import SLACK, Weights, median_low, most, usable
from labeling.plan_index import OptionTable

Ballot = tuple[Hashable, ...]


@dataclass(frozen=True)
class AnswerMetric:
    """How answers of one control type are compared and merged.

    name(control) is what reports print. read gives the comparable form, None if the value is no answer at all.
    similarity is 0..1, or None where two answers cannot be compared. merge gets the answers of those who answered (and
    `blank` for those who saw the control and left it empty, if blank is not None) with the weight of each, and gives
    None where there is no majority. supports tells whether an answer stands behind the merged one. stored puts what the
    config stores in place of other names that older results hold. labels: what was said, as names that reports count
    (confusion, reliability of people); None for answers that are no names.
    """

    name: Callable[[Control], str]
    read: Callable[[Control, Json], Any]
    similarity: Callable[[Control, Any, Any], float | None]
    merge: Callable[[Control, Sequence[Any], Sequence[float]], Any]
    supports: Callable[[Any, Any], bool]
    write: Callable[[Any], Json]
    key: str
    blank: Callable[[Control], Any]
    stored: Callable[[OptionTable, Any], Any] = lambda _, answer: answer
    labels: Callable[[Any], tuple[str, ...]] | None = None


def vote(ballots: Sequence[Ballot], multiple: bool, weights: Weights = None) -> Ballot | None:
    """What the majority says.

    multiple: every item that more than half of the ballots (by weight) hold. Else: the one ballot with the most weight
    (as a set). None where there is none: a tie, or no item with a majority although not most ballots are empty.
    Items stand in the order in which the voters put them (lower median of positions), so equal ballots come back as
    they are, and the order of voters does not matter.

    >>> vote([("a", "b"), ("b", "c"), ("b", "a")], multiple=True)
    ('a', 'b')
    >>> vote([("a",), ("b",)], multiple=False) is None
    True
    """
    if not ballots:
        return None
    if all(ballot == ballots[0] for ballot in ballots):
        return tuple(dict.fromkeys(ballots[0]))
    used = usable(weights, len(ballots))
    if multiple:
        behind: dict[Hashable, list[float]] = {}
        for ballot, weight in zip(ballots, used, strict=True):
            for item in set(ballot):
                behind.setdefault(item, []).append(weight)
        chosen = {item for item, held in behind.items() if most(held, used)}
        if not chosen and not most([w for ballot, w in zip(ballots, used, strict=True) if not ballot], used):
            return None
    else:
        winner = leader(tally(map(frozenset, ballots), weights))
        if not isinstance(winner, frozenset):
            return None
        chosen = set(winner)
        used = [weight for ballot, weight in zip(ballots, used, strict=True) if set(ballot) == chosen]
        ballots = [ballot for ballot in ballots if set(ballot) == chosen]
    place = {}
    for item in chosen:
        said = [(ballot.index(item), weight) for ballot, weight in zip(ballots, used, strict=True) if item in ballot]
        place[item] = median_low([index for index, _ in said], [weight for _, weight in said])
    return tuple(sorted(chosen, key=lambda item: (place[item], str(item))))


def leader(behind: Mapping[Hashable, Sequence[float]]) -> Hashable | None:
    """What has the most weight behind it, None if two have the same."""
    ranked = sorted(((fsum(held), item) for item, held in behind.items()), key=lambda pair: -pair[0])
    if len(ranked) > 1 and ranked[1][0] >= ranked[0][0] * (1 - SLACK):
        return None
    return ranked[0][1] if ranked else None


def tally(answers: Iterable[Hashable], weights: Weights = None) -> dict[Hashable, list[float]]:
    """The weights of those behind each answer."""
    given = list(answers)
    behind: dict[Hashable, list[float]] = {}
    for answer, weight in zip(given, usable(weights, len(given)), strict=True):
        behind.setdefault(answer, []).append(weight)
    return behind


# Choices


def _multiple(control: Control) -> bool:
    return control.get("choice") == "multiple"


def _read_choices(_: Control, value: Json) -> Ballot | None:
    choices = value.get("choices")
    if isinstance(choices, str):
        choices = [choices]
    if not isinstance(choices, list):
        return None
    read: list[Hashable] = []
    for choice in choices:
        if isinstance(choice, list) and all(isinstance(step, str) for step in choice):
            choice = tuple(choice)  # nested choices are stored as paths
        elif not isinstance(choice, str):
            return None
        if choice not in read:
            read.append(choice)
    return tuple(read) or None


def _choices_similarity(control: Control, a: Ballot, b: Ballot) -> float:
    """Jaccard index |a & b| / |a | b| for several choices, else 1 if the sets are equal and 0 if not."""
    left, right = set(a), set(b)
    if not _multiple(control):
        return float(left == right)
    return len(left & right) / len(left | right)


def _stored_choices(table: OptionTable, answer: Ballot) -> Ballot:
    """Older results may hold an option's value in place of its alias."""

    def stored(name: Any) -> str:
        return table.stored(name) or name

    return tuple(tuple(map(stored, entry)) if isinstance(entry, tuple) else stored(entry) for entry in answer)


CHOICES = AnswerMetric(
    name=lambda control: "Jaccard index of the choices" if _multiple(control) else "equal choice",
    read=_read_choices,
    similarity=_choices_similarity,
    merge=lambda control, answers, weights: vote(answers, _multiple(control), weights) or None,
    supports=lambda answer, merged: bool(set(answer) & set(merged)),
    write=lambda merged: {"choices": [list(item) if isinstance(item, tuple) else item for item in merged]},
    key="choices",
    blank=lambda control: () if _multiple(control) else None,
    stored=_stored_choices,
    labels=lambda answer: tuple(" / ".join(item) if isinstance(item, tuple) else item for item in answer),
)


# Ratings


def _read_rating(_: Control, value: Json) -> int | None:
    rating = reading.whole(value.get("rating"))
    return rating if rating is not None and rating > 0 else None  # 0 stars is "not rated" and is never stored


def _rating_similarity(control: Control, a: float, b: float) -> float:
    """1 - |a - b| / (max_rating - 1): the ends of the scale score 0, neighbours on a scale of five 0.75."""
    top = reading.number(control.get("max_rating")) or 5
    reach = top - 1 if top > 1 else 1
    return max(0.0, 1.0 - abs(a - b) / reach)


RATING = AnswerMetric(
    name=lambda _: "distance on the rating scale",
    read=_read_rating,
    similarity=_rating_similarity,
    merge=lambda _, answers, weights: median_low(answers, weights) if answers else None,
    supports=lambda answer, merged: bool(answer == merged),
    write=lambda merged: {"rating": merged},
    key="rating",
    blank=lambda _: None,
    labels=lambda answer: (str(answer),),
)


# Texts


def _read_texts(_: Control, value: Json) -> tuple[str, ...] | None:
    texts = reading.strings(value.get("text"))
    return texts if texts and any(texts) else None


def _texts_similarity(_: Control, a: Sequence[str], b: Sequence[str]) -> float:
    return text_similarity("\n".join(a), "\n".join(b))


def _merge_texts(control: Control, answers: Sequence[Any], weights: Sequence[float]) -> Any:
    """The answer most like all others; of equally good ones the shorter text, then the first in code point order."""
    behind: dict[Any, list[float]] = {**tally(answers, weights)}
    if not behind:
        return None
    mass = [fsum(held) for held in behind.values()]
    return medoid(
        list(behind),
        mass,
        lambda a, b: _texts_similarity(control, a, b),
        lambda answer: (sum(map(len, answer)), answer),
    )


TEXTAREA = AnswerMetric(
    name=lambda _: "1 - normalised edit distance",
    read=_read_texts,
    similarity=_texts_similarity,
    merge=_merge_texts,
    supports=lambda answer, merged: bool(answer == merged),
    write=lambda merged: {"text": list(merged)},
    key="text",
    blank=lambda _: None,
)


# Comparisons


PAIRWISE = AnswerMetric(
    name=lambda _: "equal choice",
    read=lambda _, value: value["selected"] if value.get("selected") in ("left", "right") else None,
    similarity=lambda _, a, b: float(a == b),
    merge=lambda _, answers, weights: next(iter(vote([(answer,) for answer in answers], False, weights) or ()), None),
    supports=lambda answer, merged: bool(answer == merged),
    write=lambda merged: {"selected": merged},
    key="selected",
    blank=lambda _: None,
    labels=lambda answer: (answer,),
)
