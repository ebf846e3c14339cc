"""Which answers of a task an export takes: what people said, what they agreed on, what a reviewer accepted.

| source | answers |
|---|---|
| annotations | what people submitted, without skipped and discarded work |
| consensus | one for each task: what a reviewer accepted, else the merged result, else the only annotation |
| reviewed | one: what a reviewer accepted, or the known answer of a gold task; other tasks are left out |

Formats with one answer for each task take, from `annotations`, what a reviewer accepted, else the newest.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from labeling.exports.fault import LeftOut

SOURCES = ("annotations", "consensus", "reviewed")
# Made to label the task; others (gold, repeat, attention …) are there to check people.
_LABELS = frozenset({None, "label", "review"})


@dataclass(frozen=True, slots=True)
class Answer:
    """`annotation`: as stored; of a consensus a record of its own with `id` null."""

    result: list[Any]
    annotation: Mapping[str, Any]

    @property
    def id(self) -> int | None:
        id_: int | None = self.annotation.get("id")
        return id_


def chosen(row: Mapping[str, Any], source: str, *, one: bool) -> tuple[list[Answer], int]:
    """
    The answers that count, newest last, and how many others there were.

    Raises:
        LeftOut: `not-annotated`, `skipped`, `no-consensus`, `not-reviewed`.
    """
    given = row.get("annotations") or ()
    done = [a for a in given if not a.get("was_cancelled") and not a.get("discarded")]
    done.sort(key=lambda a: (a.get("created_at") or "", a.get("id") or 0))
    truth = next((a for a in reversed(done) if a.get("ground_truth")), None)
    if source == "reviewed":
        if truth is None:
            raise LeftOut("not-reviewed" if given else "not-annotated")
        return [_answer(truth)], len(done) - 1
    if not done:
        raise LeftOut("skipped" if given else "not-annotated")
    if source == "annotations" and not one:
        return [_answer(a) for a in done], 0
    if truth is not None:
        return [_answer(truth)], len(done) - 1
    labels = [a for a in done if a.get("purpose") in _LABELS]
    if source == "annotations":
        if not labels:
            raise LeftOut("not-annotated")
        return [_answer(labels[-1])], len(done) - 1
    merged = (row.get("consensus") or {}).get("result")
    if merged is not None and len(labels) != 1:
        return [Answer(merged, _consensus(row, merged))], 0
    if len(labels) != 1:
        raise LeftOut("no-consensus")
    return [_answer(labels[0])], len(done) - 1


def _answer(annotation: Mapping[str, Any]) -> Answer:
    result = annotation.get("result")
    return Answer(result if isinstance(result, list) else [], annotation)


def _consensus(row: Mapping[str, Any], result: list[Any]) -> dict[str, Any]:
    task = row["task"]
    return {
        "id": None,
        "task": task["id"],
        "result": result,
        "completed_by": None,
        "created_at": task.get("updated_at"),
        "updated_at": task.get("updated_at"),
        "lead_time": None,
        "consensus": True,
    }
