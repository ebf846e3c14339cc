"""Where reviewers find the tasks that wait for them, and people the ones they got back: indexes over the states."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalicelib import keys
from chalicelib.storage.ports import Delete, Operation, Put

if TYPE_CHECKING:
    from chalicelib.tasks import State

ORDER = {"disagreement": 1, "audit": 2}
"""Which reviews come first; before all of them what came back from its person (0)."""


def operations(before: State, after: State) -> list[Operation]:
    """The rows that a change of the task's review needs, three at most; sets `after.listed_review`."""
    found: list[Operation] = []
    shard = keys.review_shard(after.project, after.task)
    row = _row(after) if after.review.get("state") == "wanted" else None
    sk = _key(after)[1] if row else ""
    if before.listed_review and before.listed_review != sk:
        found.append(Delete(shard, before.listed_review))
    if row and (before.listed_review != sk or _row(before) != row):
        found.append(Put(shard, sk, row))
    after.listed_review = sk
    had, has = person_back(before), person_back(after)
    if had and had != has:
        found.append(Delete(*keys.sent_back(had, after.project, after.task)))
    if has and has != had:
        found.append(Put(*keys.sent_back(has, after.project, after.task), {"task": after.task}))
    return found


def _key(state: State) -> keys.Key:
    review = state.review
    order = 0 if review.get("again") else ORDER.get(review["why"], 9)
    return keys.review(state.project, order, review["since"], state.task)


def _row(state: State) -> dict[str, Any]:
    people = sorted({a["person"] for a in state.labels()})
    return {"task": state.task, "inner": state.inner, "why": state.review.get("why"), "people": people}


def person_back(state: State) -> int:
    """Who has the task back; 0: nobody."""
    person: int = state.review["sent"]["person"] if state.review.get("state") == "sent_back" else 0
    return person
