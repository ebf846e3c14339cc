"""What became of tasks and regions on the way into a format: counts and a few examples, as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

MOST_EXAMPLES = 50


class Report:
    """
    Counts of one export; `body` is JSON, so that a job can go on with it.

    Members of `body`: `format`, `tasks` (`read`, `written`, `left_out` by reason), `answers` (`written`, `left_out` by
    reason), `regions` (`written`, `dropped` by reason, `changed` by what was done to them), `splits` (tasks by name),
    `notes` (counts of other things to know), `examples` (the first MOST_EXAMPLES: `{"task", "region"?, "reason"}`).
    """

    def __init__(self, format_name: str, body: Mapping[str, Any] | None = None) -> None:
        self.body: dict[str, Any] = dict(body) if body else {
            "format": format_name,
            "tasks": {"read": 0, "written": 0, "left_out": {}},
            "answers": {"written": 0, "left_out": {}},
            "regions": {"written": 0, "dropped": {}, "changed": {}},
            "splits": {},
            "notes": {},
            "examples": [],
        }  # fmt: skip

    def read(self) -> None:
        self.body["tasks"]["read"] += 1

    def task_written(self, answers: int, split: str) -> None:
        self.body["tasks"]["written"] += 1
        self.body["answers"]["written"] += answers
        if split:
            _count(self.body["splits"], split)

    def task_left_out(self, task: int, reason: str) -> None:
        _count(self.body["tasks"]["left_out"], reason)
        if reason != "not-annotated":
            self._example(task, reason)

    def answer_left_out(self, reason: str, count: int = 1) -> None:
        if count:
            _count(self.body["answers"]["left_out"], reason, count)

    def region_written(self, count: int = 1) -> None:
        self.body["regions"]["written"] += count

    def dropped(self, task: int, region: str, reason: str) -> None:
        _count(self.body["regions"]["dropped"], reason)
        self._example(task, reason, region)

    def changed(self, what: str) -> None:
        _count(self.body["regions"]["changed"], what)

    def note(self, what: str) -> None:
        _count(self.body["notes"], what)

    def _example(self, task: int, reason: str, region: str | None = None) -> None:
        if len(self.body["examples"]) < MOST_EXAMPLES:
            place = {} if region is None else {"region": region}
            self.body["examples"].append({"task": task, **place, "reason": reason})


def _count(counts: dict[str, int], name: str, by: int = 1) -> None:
    counts[name] = counts.get(name, 0) + by
