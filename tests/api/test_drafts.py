"""Drafts that are saved at the very moment of a submit: whichever comes first, the page never shows the older one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from chalicelib import keys
from chalicelib.handlers import drafts, submissions, tasks, work
from chalicelib.storage.ports import Put

from tests.api.inside import Inside, opened
from tests.api.people import mood
from tests.api.reviewing import Scene, scene


@pytest.fixture(scope="module")
def inside(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Inside]:
    folder: Path = tmp_path_factory.mktemp("drafts")
    with opened(folder / "data") as made:
        yield made


def saved_on(at: Scene, task: int, state: int) -> None:
    """A draft of the first person that read the state row at this version and is written only now."""
    row: dict[str, Any] = {"result": mood("Sad"), "lead_time": 1.0, "saved_at": "2026-11-22T00:00:00Z"}
    row |= {"config_version": 1, "task": task, "person": at.people[0].person, "state": state}
    at.inside.world.records.transact([Put(*keys.draft(task, at.people[0].person), row)])


def test_a_draft_that_was_overtaken_by_its_submit_counts_nowhere(inside: Inside) -> None:
    at = scene(inside)
    used, ana = inside.world, at.people[0]
    given = work.next_task(used, ana, at.project, frozenset())
    assert given is not None
    task = given["task"]["id"]
    before = at.state(task).record_version
    body = {"result": mood("Calm"), "lead_time": 1.0, "lease": given["lease"]["token"]}
    submissions.submit(used, ana, task, body, "")
    saved_on(at, task, before)
    assert "draft_saved_at" not in work.one(used, ana, task)
    assert drafts.of_task(used, ana, task) == {"drafts": []}
    assert tasks.one(used, inside.owner, task)["drafts"] == []
    saved_on(at, task, at.state(task).record_version)
    assert work.one(used, ana, task)["draft_saved_at"] == "2026-11-22T00:00:00Z"
