"""What a change of a task sets off beside its consensus; submits, corrections and reviews all go through here.

Each part gives operations for the same transaction (at most 25 in all, so each has a share), and wakes what must look
at the change once it is committed. Losing that wake, in a crash, must lose nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from chalicelib import quality, reviews, webhooks
from chalicelib.auth import Caller
from chalicelib.configs import Config
from chalicelib.storage.ports import Operation
from chalicelib.tasks import State, settle
from chalicelib.world import World

Action = Literal["submit", "change", "remove", "restore", "review"]


@dataclass(slots=True)
class Change:
    """
    One change of a task on its way into the store.

    Members:
        before, after: state as read, and as it will be; parts may still set members of `after`.
        made: the annotation version that is written, if one is. old: the version before it.
        bodies: newest version of each annotation that labels the task as it will be, skipped ones too; and `made`.
        found: the task's consensus as it will be; None with fewer than two annotations that count.
        events: (name, payload) for webhooks; parts add theirs.
    """

    world: World
    caller: Caller
    project: Mapping[str, Any]
    config: Config
    task: Mapping[str, Any]
    action: Action
    before: State
    after: State
    made: Mapping[str, Any] | None = None
    old: Mapping[str, Any] | None = None
    bodies: Sequence[Mapping[str, Any]] = ()
    found: Mapping[str, Any] | None = None
    events: list[tuple[str, dict[str, Any]]] = field(default_factory=list)


def operations(change: Change, now_ms: int, *, back: bool = False) -> list[Operation]:
    """
    Of every part, and those of the task's state, which is settled by them. Called after the consensus was made.

    Reviews and quality may still set members of `change.after`; webhooks see it as it will be.
    """
    reviews.follow(change.world, change.project, change.after, now_ms)
    found = quality.operations(change)
    found += settle(change.before, change.after, change.project, now_ms, back=back)
    found += webhooks.operations(change.world, change.project, [*webhooks.events_of(change), *change.events])
    return found


def after_commit(change: Change) -> None:
    """Wake what looks at the change."""
    quality.after_commit(change)
    webhooks.after(change.world, change.project)
