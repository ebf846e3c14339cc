"""A task's state row, and what follows from its change: where the queue lists it, how the project counts it.

The row is written with the version it was read at, so it is the lock of its task: leases, annotations and the consensus
are all written in a transaction with it, and whoever lost the race reads again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from chalicelib import keys, listing, review_index, settings, table_changes
from chalicelib.storage.ports import ABSENT, Add, Delete, Operation, Put, Record

StateName = Literal["new", "working", "agreed", "disagree", "verified", "dropped"]
STATES: tuple[StateName, ...] = ("new", "working", "agreed", "disagree", "verified", "dropped")
FINISHED: tuple[StateName, ...] = ("agreed", "disagree", "verified", "dropped")
"""States in which nobody is asked any more. `dropped`: without an answer, where one skip means that nobody gets it."""
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
        lane, position: where these rows are and what they are sorted by, see orders.py.
        ranks: `{"priority"?, "score"?}`, where they are others than at import.
        agreement: of the newest consensus, 0-1; None when it is undefined.
        verdict: what the consensus says once enough people have annotated.
        extra: people who are asked beyond the project's overlap, because those so far disagree.
        assigned: ids of the only people who may get the task; empty: everybody whom the project's settings let.
        listed_for: those of them who have a row of it in their own list.
        later: `{"person", "at"}` of people who put it off; it comes back to them last. `at`: ms since 1970, in its key.
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
    lane: str = ""
    position: str = ""
    ranks: dict[str, float] = field(default_factory=dict)
    assigned: list[int] = field(default_factory=list)
    listed_for: list[int] = field(default_factory=list)
    later: list[dict[str, int]] = field(default_factory=list)
    gold: str = ""
    review: dict[str, Any] = field(default_factory=dict)
    listed_review: str = ""
    record_version: int = ABSENT

    @property
    def done(self) -> int:
        """Annotations that count: skipped ones do not, somebody else gets the task instead."""
        return sum(not a["cancelled"] for a in self.labels())

    def labels(self) -> list[dict[str, Any]]:
        """Entries of the annotations that were made to label the task, skipped ones too, without discarded ones."""
        return [a for a in self.annotations if purpose_of(a) == "label" and not a.get("discarded")]

    @property
    def given_up(self) -> int:
        """Annotations that were discarded and that nobody else is asked for."""
        lost = (a for a in self.annotations if a.get("discarded") and not a.get("asked_again"))
        return sum(not a["cancelled"] for a in lost)

    @property
    def most(self) -> int:
        """How many annotations it can get from those who have it assigned, with those that others have made."""
        return len(self.assigned) + sum(not a["cancelled"] for a in self.labels() if a["person"] not in self.assigned)

    def annotation_of(self, person: int, purpose: str = "label") -> dict[str, Any] | None:
        return next((a for a in self.annotations if a["person"] == person and purpose_of(a) == purpose), None)

    def newest_of(self, person: int) -> dict[str, Any] | None:
        """The last annotation of theirs, whatever they had the task for; not their review of others."""
        return next((a for a in self.annotations[::-1] if a["person"] == person and purpose_of(a) != "review"), None)

    def lease_of(self, person: int, now_ms: int) -> dict[str, Any] | None:
        return next((x for x in self.leases if x["person"] == person and x["expires"] > now_ms), None)

    def room(self, need: int) -> int:
        return need - self.done - sum(purpose_of(x) == "label" for x in self.leases)

    def copy(self) -> State:
        members = {name: getattr(self, name) for name in State.__slots__}
        for name in ("annotations", "leases", "later"):
            members[name] = [entry.copy() for entry in members[name]]
        for name in ("ranks", "assigned", "listed_for", "review"):
            members[name] = members[name].copy()
        return State(**members)

    def body(self) -> dict[str, Any]:
        """As stored. Members that few tasks have are left out when they say nothing."""
        kept = {name: getattr(self, name) for name in STORED}
        return kept | {name: value for name in RARE if (value := getattr(self, name))}


STORED = (
    "task", "project", "inner", "annotations", "leases", "listed_open", "listed_returned", "name", "agreement",
    "verdict", "updated_at",
)  # fmt: skip
RARE = (
    "extra", "lane", "position", "ranks", "assigned", "listed_for", "later", "gold", "review", "listed_review",
)  # fmt: skip


def purpose_of(entry: Mapping[str, Any]) -> str:
    """Of an annotation's entry, an annotation's body or a lease."""
    purpose: str = entry.get("purpose", "label")
    return purpose


def read_state(task: Mapping[str, Any], record: Record | None) -> State:
    """A task that nobody has touched has no state row yet."""
    if record is None:
        return untouched(task["id"], task["project"], task["inner_id"], task)
    state = State(record_version=record.version, **record.body)
    return state.copy()


def untouched(id_: int, project_id: int, inner: int, given: Mapping[str, Any]) -> State:
    """As import lists a task."""
    return State(id_, project_id, inner, lane=given.get("lane", ""), position=given.get("position", ""))


def verified(state: State) -> bool:
    """A reviewer's answer stands: nobody else is asked."""
    return state.review.get("state") == "verified"


def wanted_by(project: Mapping[str, Any], state: State) -> int:
    """How many annotations the task should have; none once its answer is known, or where one skip ends it."""
    if state.gold or verified(state) or dropped(project, state):
        return 0
    wanted = max(0, int(project["maximum_annotations"]) + state.extra - state.given_up)
    return min(wanted, state.most) if state.assigned else wanted


def dropped(project: Mapping[str, Any], state: State) -> bool:
    """Somebody skipped it, and in this project nobody gets a skipped task any more."""
    if settings.value(project, "queue", "skip") != "drop":
        return False
    return any(a["cancelled"] for a in state.labels())


def name_of(project: Mapping[str, Any], state: State) -> StateName:
    if state.gold or verified(state):
        return "verified"
    if state.done == 0:
        return "dropped" if dropped(project, state) else "new"
    return "working" if state.done < wanted_by(project, state) else state.verdict


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
    after.name = name_of(project, after)
    operations = listing.put_off_by_skipping(before, after, project, now_ms)
    free = after.room(wanted_by(project, after)) > 0
    operations += listing.operations(before, after, project, now_ms, free=free, back=back)
    operations += review_index.operations(before, after)
    operations.append(Put(*keys.state(after.task), after.body(), expect=before.record_version))
    operations += _counted(before, after)
    if table_changes.tells(before, after):
        operations.append(table_changes.operation(after.project, after.task, after.inner, now_ms))
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
    waiting = bool(after.listed_review) - bool(before.listed_review)
    if waiting:
        by["review"] = waiting
    if by:
        operations.append(Add(*keys.counts(after.project, after.task), by))
    return operations
