"""Classification answers: choices, ratings and texts. Each metric reads, compares, merges and writes one kind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from math import fsum
from typing import Any

from labeling import reading
from labeling.consensus.edit_distance import text_similarity
from labeling.consensus.model import Control, Json, median_low

Ballot = tuple[Hashable, ...]


@dataclass(frozen=True)
class AnswerMetric:
    """How answers of one control type are compared and merged.

    name(control) is what reports print. read gives the comparable form, None if the value is no answer at all.
    similarity is 0..1. merge gets the answers of those who answered (and `blank` for those who saw the control and
    left it empty, if blank is not None) and gives None where there is no majority. supports tells whether an answer
    stands behind the merged one.
    """

    name: Callable[[Control], str]
    read: Callable[[Control, Json], Any]
    similarity: Callable[[Control, Any, Any], float]
    merge: Callable[[Control, Sequence[Any]], Any]
    supports: Callable[[Any, Any], bool]
    write: Callable[[Any], Json]
    key: str
    blank: Callable[[Control], Any]


def vote(ballots: Sequence[Ballot], multiple: bool) -> Ballot | None:
    """What the majority says.

    multiple: every item that more than half of the ballots hold. Else: the one most frequent ballot (as a set).
    None where there is none: a tie, or no item with a majority although not most ballots are empty.
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
    if multiple:
        counts = Counter(item for ballot in ballots for item in set(ballot))
        chosen = {item for item, count in counts.items() if 2 * count > len(ballots)}
        if not chosen and 2 * sum(not ballot for ballot in ballots) <= len(ballots):
            return None
    else:
        ranked = Counter(frozenset(ballot) for ballot in ballots).most_common(2)
        if len(ranked) == 2 and ranked[0][1] == ranked[1][1]:
            return None
        chosen = set(ranked[0][0])
        ballots = [ballot for ballot in ballots if set(ballot) == chosen]
    place = {item: median_low([b.index(item) for b in ballots if item in b]) for item in chosen}
    return tuple(sorted(chosen, key=lambda item: (place[item], str(item))))


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


CHOICES = AnswerMetric(
    name=lambda control: "Jaccard index of the choices" if _multiple(control) else "equal choice",
    read=_read_choices,
    similarity=_choices_similarity,
    merge=lambda control, answers: vote(answers, _multiple(control)) or None,
    supports=lambda answer, merged: bool(set(answer) & set(merged)),
    write=lambda merged: {"choices": [list(item) if isinstance(item, tuple) else item for item in merged]},
    key="choices",
    blank=lambda control: () if _multiple(control) else None,
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
    merge=lambda _, answers: median_low(answers) if answers else None,
    supports=lambda answer, merged: bool(answer == merged),
    write=lambda merged: {"rating": merged},
    key="rating",
    blank=lambda _: None,
)


# Texts


def _read_texts(_: Control, value: Json) -> tuple[str, ...] | None:
    texts = reading.strings(value.get("text"))
    return texts if texts and any(texts) else None


def _texts_similarity(_: Control, a: Sequence[str], b: Sequence[str]) -> float:
    return text_similarity("\n".join(a), "\n".join(b))


def _medoid(control: Control, answers: Sequence[tuple[str, ...]]) -> tuple[str, ...] | None:
    """The answer most like all others; ties go to the shorter text, then to the first in code point order."""
    if not answers:
        return None
    counts = Counter(answers)

    def rank(answer: tuple[str, ...]) -> tuple[float, int, tuple[str, ...]]:
        likeness = fsum(count * _texts_similarity(control, answer, other) for other, count in counts.items())
        return (-likeness, sum(map(len, answer)), answer)

    return min(counts, key=rank)


TEXTAREA = AnswerMetric(
    name=lambda _: "1 - normalised edit distance",
    read=_read_texts,
    similarity=_texts_similarity,
    merge=_medoid,
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
    merge=lambda _, answers: next(iter(vote([(answer,) for answer in answers], multiple=False) or ()), None),
    supports=lambda answer, merged: bool(answer == merged),
    write=lambda merged: {"selected": merged},
    key="selected",
    blank=lambda _: None,
)
