"""A task's state row, and what follows from its change: where the queue lists it, how the project counts it.

The row is written with the version it was read at, so it is the lock of its task: leases, annotations and the consensus
are all written in a transaction with it, and whoever lost the race reads again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from chalicelib import keys
from chalicelib.storage.ports import ABSENT, Add, Delete, Operation, Put, Record

StateName = Literal["new", "working", "agreed", "disagree", "verified"]
STATES: tuple[StateName, ...] = ("new", "working", "agreed", "disagree", "verified")
Purpose = Literal["label", "gold", "attention", "warm_up", "repeat", "review"]
"""Why somebody has a task. Only `label` counts towards the overlap and the consensus of all."""


@dataclass(slots=True)
class State:
    """
    Members of the row:
        annotations: one entry for each, see annotation.entry_of.
        leases: `{"person", "expires", "purpose"?}`, expires in ms since 1970.
        listed_open: the task still has its row in the open index, which import made.
        listed_returned: the sk of its row in the returned index, empty when it has none.
        agreement: of the newest consensus, 0-1; None when it is undefined.
        verdict: what the consensus says once enough people have annotated.
        extra: people who are asked beyond the project's overlap, because those so far disagree.
        assigned: ids of the only people who may get the task; empty: everybody whom the project's settings let.
        gold: `gold`, `attention` or `warm_up` of a task with a known answer, which is in no queue; empty otherwise.
        review: `{}` or `{"state": "wanted" | "sent_back" | "verified", "why", "approved_by": [..], "truth": id}`.
        listed_review: the sk of its row in the review index, empty when it has none.
    """

    task: int
    project: int
    inner: int
    annotations: list[dict[str, Any]] = field(default_factory=list)
    leases: list[dict[str, Any]] = field(default_factory=list)
    listed_open: bool = True
    listed_returned: str = ""
    name: StateName = "new"
    agreement: float | None = None
    verdict: StateName = "agreed"
    updated_at: int = 0
    extra: int = 0
    assigned: list[int] = field(default_factory=list)
    gold: str = ""
    review: dict[str, Any] = field(default_factory=dict)
    listed_review: str = ""
    record_version: int = ABSENT

    @property
    def done(self) -> int:
        """Annotations that count: skipped ones do not, somebody else gets the task instead."""
        return sum(not a["cancelled"] for a in self.labels())

    def labels(self) -> list[dict[str, Any]]:
        """Entries of the annotations that were made to label the task, skipped ones too."""
        return [a for a in self.annotations if purpose_of(a) == "label"]

    def annotation_of(self, person: int, purpose: str = "label") -> dict[str, Any] | None:
        return next((a for a in self.annotations if a["person"] == person and purpose_of(a) == purpose), None)

    def lease_of(self, person: int, now_ms: int) -> dict[str, Any] | None:
        return next((x for x in self.leases if x["person"] == person and x["expires"] > now_ms), None)

    def room(self, need: int) -> int:
        return need - self.done - sum(purpose_of(x) == "label" for x in self.leases)

    def copy(self) -> State:
        return replace(
            self,
            annotations=[dict(a) for a in self.annotations],
            leases=[dict(x) for x in self.leases],
            assigned=list(self.assigned),
            review=dict(self.review),
        )

    def body(self) -> dict[str, Any]:
        """As stored. Members that few tasks have are left out when they say nothing."""
        kept = {name: getattr(self, name) for name in STORED}
        return kept | {name: value for name in RARE if (value := getattr(self, name))}


STORED = (
    "task", "project", "inner", "annotations", "leases", "listed_open", "listed_returned", "name", "agreement",
    "verdict", "updated_at",
)  # fmt: skip
RARE = ("extra", "assigned", "gold", "review", "listed_review")


def purpose_of(entry: Mapping[str, Any]) -> str:
    """Of an annotation's entry, an annotation's body or a lease."""
    purpose: str = entry.get("purpose", "label")
    return purpose


def read_state(task: Mapping[str, Any], record: Record | None) -> State:
    """A task that nobody has touched has no state row yet."""
    if record is None:
        return State(task["id"], task["project"], task["inner_id"])
    state = State(record_version=record.version, **record.body)
    return state.copy()


def verified(state: State) -> bool:
    """A reviewer's answer stands: nobody else is asked."""
    return state.review.get("state") == "verified"


def wanted_by(project: Mapping[str, Any], state: State) -> int:
    """How many annotations the task should have; none once its answer is known."""
    return 0 if state.gold or verified(state) else int(project["maximum_annotations"]) + state.extra


def name_of(done: int, need: int, verdict: StateName) -> StateName:
    if done == 0:
        return "new"
    return "working" if done < need else verdict


def drop_expired(state: State, now_ms: int, most: int = 8) -> list[Operation]:
    """Take leases that are over out of the state; gives the deletions of their rows in the lease index."""
    over = [x for x in state.leases if x["expires"] <= now_ms][:most]
    state.leases = [x for x in state.leases if x not in over]
    return [Delete(*keys.lease(state.project, x["expires"], state.task, x["person"])) for x in over]


def settle(
    before: State, after: State, project: Mapping[str, Any], now_ms: int, *, back: bool = False
) -> list[Operation]:
    """
    The operations that bring state row, queue indexes and counters in line with `after`, whose listing members and name
    it sets.

    Args:
        before: as read; its record version is the condition of the write.
        back: the task was given up by somebody whose place in the queue is already behind it, so it must be listed
            anew.
    """
    wanted = wanted_by(project, after)
    after.name = "verified" if verified(after) else name_of(after.done, wanted, after.verdict)
    operations: list[Operation] = []
    if after.room(wanted) > 0:
        unlisted = not after.listed_open and not after.listed_returned
        if unlisted or back:
            key = keys.returned(after.project, now_ms, after.task)
            if after.listed_returned and after.listed_returned != key[1]:
                operations.append(Delete(key[0], after.listed_returned))
            operations.append(Put(*key, {"task": after.task, "inner": after.inner}))
            after.listed_returned = key[1]
    else:
        if after.listed_open:
            operations.append(Delete(*keys.open_task(after.project, after.inner)))
            after.listed_open = False
        if after.listed_returned:
            operations.append(Delete(f"RETURNED#{after.project}", after.listed_returned))
            after.listed_returned = ""
    operations.append(Put(*keys.state(after.task), after.body(), expect=before.record_version))
    operations += _counted(before, after)
    return operations


def _counted(before: State, after: State) -> list[Operation]:
    operations: list[Operation] = []
    by: dict[str, int] = {}
    if before.name != after.name:
        by[before.name], by[after.name] = -1, 1
        if before.name != "new":
            operations.append(Delete(*keys.in_state(before.project, before.name, before.inner)))
        if after.name != "new":
            operations.append(Put(*keys.in_state(after.project, after.name, after.inner), {"task": after.task}))
    done = after.done - before.done
    skipped = len(after.labels()) - after.done - (len(before.labels()) - before.done)
    if done:
        by["annotations"] = done
    if skipped:
        by["skipped"] = skipped
    if by:
        operations.append(Add(*keys.counts(after.project, after.task), by))
    return operations
