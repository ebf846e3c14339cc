"""Which drafts count: a submit deletes the one that it found, but another may have been on its way at that moment."""

from __future__ import annotations

from chalicelib.storage.ports import Record
from chalicelib.tasks import State


def current(row: Record | None, state: State) -> Record | None:
    """
    The draft, unless its person has submitted the task since the state that it was saved on. Such a draft is as good as
    deleted: looking costs a fifth of a read, deleting in every submit what is mostly not there two writes.
    """
    if row is None:
        return None
    person: int = row.body["person"]
    answered = max((a.get("own", 0) for a in state.annotations if a["person"] == person), default=0)
    return row if row.body.get("state", answered) >= answered else None
