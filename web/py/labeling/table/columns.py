"""Which columns the table has, and what is kept of a value of the tasks' own data."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypedDict

Kind = Literal["whole", "share", "code", "list"]
"""whole: integers from 0 on. share: 0 to 1, kept to four digits. code: one of few texts. list: some of few texts."""


class Row(TypedDict, total=False):
    """
    One task. What is missing is None, 0 or empty, as its column's kind has it.

    Members:
        id, inner: of the task; inner counts from 1 in its project and is never given twice.
        state: as in the API.
        agreement, score: 0-1; score is that of the newest prediction.
        done, skipped, predictions, comments: how many; comments: threads that are not resolved.
        people: ids of those who have answered. labels: what answers say, as `control: label`.
        created, updated: seconds since 1970. seconds: work on it, of all people.
        review: empty, or as in the API. gold: empty, or the kind of task with a known answer.
        data: the task's data, of which little is kept: see `Field`. For a block its values may be `Field`s already.
    """

    id: int
    inner: int
    state: str
    agreement: float | None
    score: float | None
    done: int
    skipped: int
    predictions: int
    comments: int
    people: list[int]
    labels: list[str]
    created: int
    updated: int
    seconds: int
    review: str
    gold: str
    data: Mapping[str, object]


#: Those that other columns than the data have, in the order of the file.
COLUMNS: Mapping[str, Kind] = {
    "id": "whole",
    "inner": "whole",
    "state": "code",
    "agreement": "share",
    "score": "share",
    "done": "whole",
    "skipped": "whole",
    "predictions": "whole",
    "comments": "whole",
    "people": "list",
    "labels": "list",
    "created": "whole",
    "updated": "whole",
    "seconds": "whole",
    "review": "code",
    "gold": "code",
}
#: Members that only work on a task changes: the others are as the task was imported or last edited.
WORK = ("state", "agreement", "done", "skipped", "comments", "people", "labels", "updated", "seconds", "review")

MOST_FIELDS = 64
"""Of the data of a project; fields beyond are not in the table."""
LONGEST = 80
"""Letters of a text that may be one of few; longer ones count as running text."""


@dataclass(frozen=True, slots=True)
class Field:
    """What is kept of a value: a number, or a short text that other tasks may have too; of all else how long it is."""

    number: float | None = None
    text: str | None = None
    length: int = 0


NOTHING = Field()


def kept(value: object) -> Field:
    """Of a value of a task's data. Numbers have no length; lists and objects have that of their JSON."""
    match value:
        case None:
            return NOTHING
        case bool():
            return Field(text="true" if value else "false")
        case int() | float():
            try:
                number = float(value)
            except OverflowError:
                return Field(length=len(str(value)))
            return Field(number=number) if math.isfinite(number) else NOTHING
        case str():
            return Field(text=value if len(value) <= LONGEST else None, length=len(value))
        case _:
            return Field(length=len(json.dumps(value, ensure_ascii=False)))
