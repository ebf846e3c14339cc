"""What the tests of reviews, comments and history share: a project with a reviewer, people who disagree on purpose."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from chalicelib import keys, models, reviews
from chalicelib.auth import Caller
from chalicelib.handlers import invites, projects, sessions, tasks
from chalicelib.handlers import reviews as review_handlers
from chalicelib.tasks import State, read_state

from tests.api import invariants
from tests.api.inside import Inside


@dataclass
class Scene:
    """One project; `people` label it, `rita` reviews it."""

    inside: Inside
    project: int
    people: list[Caller]
    rita: Caller

    def task_ids(self) -> list[int]:
        page = self.inside.world.records.query(f"TASKS#{self.project}")
        return [id_ for chunk in page.records for id_ in chunk.body["tasks"]]

    def state(self, task: int) -> State:
        records = self.inside.world.records
        body = records.get(*keys.task(task))
        assert body is not None
        return read_state(body.body, records.get(*keys.state(task)))

    def label(self, *choices: str) -> tuple[int, list[Any]]:
        """The people label the next task, one after the other: its id and their annotations."""
        made = []
        task = 0
        for person, choice in zip(self.people, choices, strict=False):
            envelope = self.inside.next(person, self.project)
            assert task in (0, envelope["task"]["id"])
            task = envelope["task"]["id"]
            made.append(self.inside.submit(person, envelope, choice))
        return task, made

    def look(self, task: int, reviewer: Caller | None = None) -> Any:
        return review_handlers.one(self.inside.world, reviewer or self.rita, task)

    def decide(
        self, task: int, action: str, reviewer: Caller | None = None, *, version: str = "", key: str = "", **more: Any
    ) -> Any:
        """A decision, on what stands now when no version is given."""
        body = {"action": action, "version": version or self.look(task, reviewer)["version"], **more}
        read = models.read("Decide", body)
        return review_handlers.decide(self.inside.world, reviewer or self.rita, task, read, key)

    def waiting(self) -> list[int]:
        return [row.body["task"] for row in reviews.waiting(self.inside.world, self.project)]

    def assert_in_line(self) -> None:
        """Counters, indexes, lists and the consensus say exactly what the state rows say; so does the review index."""
        world = self.inside.world
        assert invariants.check(world, self.project) == []
        states = [state for page in tasks.pages(world, self.project) for _, state in page]
        wanted = {s.task for s in states if s.review.get("state") == "wanted"}
        assert sorted(self.waiting()) == sorted(wanted)
        assert self.inside.progress(self.project).get("review", 0) == len(wanted)
        for who in self.people:
            rows = world.records.query(f"PERSON#{who.person}", keys.sent_back_prefix(self.project)).records
            assert {row.body["task"] for row in rows} == {
                s.task
                for s in states
                if s.review.get("state") == "sent_back" and s.review["sent"]["person"] == who.person
            }


def person(inside: Inside, project: int, name: str, role: str) -> Caller:
    token = invites.make(inside.world, role=role, project_id=project, days=30, created_by=0)
    said = sessions.join(
        inside.world, Caller(), models.read("Join", {"invite": token.text, "name": name}), secure=False
    )
    return Caller(said.body["person"]["id"], name, "annotator")


def scene(inside: Inside, tasks: int = 1, *, people: int = 2, **settings: Any) -> Scene:
    """
    A project with overlap `people`. `settings`: groups such as `disagreement={"ask": 1}`; and `overlap`.
    """
    project = inside.project(tasks, maximum_annotations=settings.pop("overlap", people))
    if settings:
        change(inside, project, **settings)
    names = ["Ana", "Ben", "Cem", "Dora", "Emil", "Fay"][:people]
    return Scene(
        inside, project, [inside.person(project, name) for name in names], person(inside, project, "Rita", "reviewer")
    )


def change(inside: Inside, project: int, **groups: Any) -> None:
    projects.change(inside.world, inside.owner, project, models.read("ChangeProject", groups))
