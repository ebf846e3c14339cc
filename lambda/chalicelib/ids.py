"""Integer ids: unique in the deployment, never reused, taken in blocks so that a submit pays no write for one."""

from __future__ import annotations

import threading
from typing import Literal

from chalicelib import keys
from chalicelib.storage.ports import Records

Kind = Literal[
    "annotation", "comment", "delivery", "hook", "invite", "job", "person", "prediction", "project", "snapshot",
    "source", "task", "token", "view",
]  # fmt: skip
BLOCK = {"annotation": 64, "delivery": 64}


class Ids:
    """A process takes a block of ids from the counter and hands them out; what is left when it ends is never used."""

    def __init__(self, records: Records) -> None:
        self._records = records
        self._lock = threading.Lock()
        self._next: dict[str, int] = {}
        self._end: dict[str, int] = {}

    def one(self, kind: Kind) -> int:
        return self.several(kind, 1)[0]

    def several(self, kind: Kind, count: int) -> range:
        """`count` ids in a row."""
        while True:
            with self._lock:
                first = self._next.get(kind, 0)
                if first and first + count <= self._end[kind]:
                    self._next[kind] = first + count
                    return range(first, first + count)
            # Not under the lock: others may go on with what is left meanwhile.
            take = max(count, BLOCK.get(kind, 1))
            end = self._records.add(*keys.IDS, {kind: take})[kind] + 1
            if take == count:
                return range(end - take, end)
            with self._lock:
                self._next[kind], self._end[kind] = end - take, end
