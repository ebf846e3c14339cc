"""A queue whose messages a test runs itself, when it wants."""

from __future__ import annotations

from typing import Any

from chalicelib.storage.ports import Job


class Held:
    """The Jobs port; `waiting` are the messages in the order they were sent, whenever they are due."""

    def __init__(self) -> None:
        self.waiting: list[Job] = []

    def enqueue(self, kind: str, body: Any, *, delay_s: int = 0) -> str:
        self.waiting.append(Job(str(len(self.waiting)), kind, dict(body), 1))
        return str(len(self.waiting))

    def handle(self, *_: Any, **__: Any) -> None:
        pass
