"""How a person stands in a project: scores on known answers, what they were given of those, whether they are paused.

One row for each person and project. Scores are kept as a count and a sum of millionths, so that the same answers give
the same row in any order.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from chalicelib import keys
from chalicelib.problems import Refusal, refuse
from chalicelib.storage.ports import ABSENT, Put, Record
from chalicelib.world import World

PPM = 1_000_000


@dataclass(slots=True)
class Scores:
    """n answers with a score, their sum in millionths, and `other` answers that have none (skipped, not comparable)."""

    n: int = 0
    sum_ppm: int = 0
    other: int = 0

    def add(self, score: float | None) -> None:
        if score is None:
            self.other += 1
        else:
            self.n += 1
            self.sum_ppm += round(score * PPM)

    @property
    def mean(self) -> float | None:
        return self.sum_ppm / (self.n * PPM) if self.n else None

    def body(self) -> list[int]:
        return [self.n, self.sum_ppm, self.other]


@dataclass(slots=True)
class Standing:
    """
    Members of the row:
        items: tasks submitted or skipped since the project mixes in known answers; decides when the next one is due.
        gold, attention, warm_up, repeat: scores by why the task was given. An attention check scores 1 or 0.
        window: gold and attention since the person was last resumed; what the pause is decided by.
        given: by purpose, the stretch of items that has had its task of that purpose.
        places, passed: by kind, how far the list of known answers was gone through, and the rows given out beyond it.
        repeat_place: how far the person's finished list was gone through for repetitions.
        open: [task, purpose] that were given out and not submitted yet.
        paused: None, or `{"at", "why": "score" | "owner", "by", "score", "n"}`.
        discarded: what became of their work: `""`, or `discard` or `requeue`. turn: counts these decisions, so that
            a job of an earlier one stops. busy: the job of the newest decision is not through yet. job: its id.
    """

    person: int
    project: int
    items: int = 0
    gold: Scores = field(default_factory=Scores)
    attention: Scores = field(default_factory=Scores)
    warm_up: Scores = field(default_factory=Scores)
    repeat: Scores = field(default_factory=Scores)
    window: Scores = field(default_factory=Scores)
    given: dict[str, str] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)
    passed: dict[str, list[str]] = field(default_factory=dict)
    repeat_place: str = ""
    open: list[list[Any]] = field(default_factory=list)
    paused: dict[str, Any] | None = None
    discarded: str = ""
    turn: int = 0
    busy: bool = False
    job: int = 0
    record_version: int = ABSENT

    def put_aside(self, what: str) -> None:
        """Decide what becomes of their work; a job carries it out."""
        self.discarded, self.turn, self.busy, self.job = what, self.turn + 1, True, 0

    def scores(self, purpose: str) -> Scores:
        return {"gold": self.gold, "attention": self.attention, "warm_up": self.warm_up, "repeat": self.repeat}[purpose]

    def body(self) -> dict[str, Any]:
        """As stored; members that say nothing are left out."""
        said: dict[str, Any] = {}
        for member in fields(self):
            value = getattr(self, member.name)
            if member.name == "record_version":
                continue
            if isinstance(value, Scores):
                value = value.body() if value.n or value.other else None
            if value or member.name in ("person", "project"):
                said[member.name] = value
        return said

    def operation(self) -> Put:
        return Put(*keys.standing(self.project, self.person), self.body(), expect=self.record_version)


def read(project_id: int, person: int, record: Record | None) -> Standing:
    if record is None:
        return Standing(person, project_id)
    said: dict[str, Any] = {
        name: Scores(*value) if isinstance(value, list) and name in SCORES else _copied(value)
        for name, value in record.body.items()
    }
    return Standing(**said, record_version=record.version)


SCORES = ("gold", "attention", "warm_up", "repeat", "window")


def _copied(value: Any) -> Any:
    """Rows are shared with the store; lists and objects in them must not be changed."""
    if isinstance(value, list):
        return [_copied(inner) for inner in value]
    return {name: _copied(inner) for name, inner in value.items()} if isinstance(value, Mapping) else value


def of(world: World, project_id: int, person: int) -> Standing:
    return read(project_id, person, world.records.get(*keys.standing(project_id, person)))


def of_everybody(world: World, project_id: int) -> dict[int, Standing]:
    """Standings of all who have one, by person."""
    found: dict[int, Standing] = {}
    after = None
    while True:
        page = world.records.query(f"MEMBERS#{project_id}", "QUALITY#", after=after, limit=1000)
        for row in page.records:
            person = int(row.body["person"])
            found[person] = read(project_id, person, row)
        if page.cursor is None:
            return found
        after = page.cursor


def paused() -> Refusal:
    """What a paused person hears. It does not say which answers were checked."""
    return refuse(
        403,
        "paused",
        "There is a break for you in this project: its owner would like to look at your work with you first.",
        hint="Nothing is lost, and what you have drawn is saved. Ask the person who sent you the link how to go on.",
    )
