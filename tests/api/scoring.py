"""What tests of quality share: known answers, people with error rates, jobs that are waited for."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import Any

from chalicelib import keys, models, standing
from chalicelib.auth import Caller
from chalicelib.handlers import imports, projects, quality, tasks
from chalicelib.jobs import FINAL
from chalicelib.problems import Refusal
from chalicelib.standing import Standing

from tests.api.inside import Inside
from tests.api.people import mood
from tests.api.waiting import until

LABELS = ("Calm", "Sad", "Glad")
THREE = (
    '<View><Text name="t" value="$text"/><Choices name="mood" toName="t">'
    + "".join(f'<Choice value="{label}"/>' for label in LABELS)
    + "</Choices></View>"
)
Answer = Callable[[str], str | None]
"""What a person says where this label is right; None: they skip it."""


def truth_of(n: int) -> str:
    """Text number n is about this."""
    return LABELS[n % len(LABELS)]


def number_of(envelope: Any) -> int:
    return int(envelope["task"]["data"]["text"].split(" ")[-1])


def project(inside: Inside, count: int, *, gold: int = 0, kind: str = "gold", **more: Any) -> int:
    """
    A project of `count` texts, the first `gold` of them with a known answer of this kind. The deployment's secret is
    always the same, so people get the same tasks in each run.
    """
    inside.world.secret = b"the same in each run of the test"
    id_ = inside.project(0, label_config=THREE, **more)
    lines = "\n".join(f"Text number {n}" for n in range(1, count + 1))
    if count:
        imports.load(inside.world, inside.owner, id_, lines.encode(), "text/plain")
    if gold:
        give_answers(inside, id_, gold, kind)
    return id_


def give_answers(inside: Inside, project_id: int, count: int, kind: str, first: int = 1) -> list[int]:
    ids = []
    for task, _ in [row for page in tasks.pages(inside.world, project_id) for row in page][
        first - 1 : first - 1 + count
    ]:
        right = mood(truth_of(task["inner_id"]))
        body = models.read("SetGold", {"kind": kind, "result": right, "feedback": f"See text {task['inner_id']}."})
        assert quality.set_gold(inside.world, inside.owner, task["id"], body)["kind"] == kind
        ids.append(task["id"])
    return ids


def change(inside: Inside, project_id: int, **settings: Any) -> None:
    projects.change(inside.world, inside.owner, project_id, models.read("ChangeProject", settings))


def right(share: float, seed: int) -> Answer:
    """Right so often, else one of the other labels."""
    chance = random.Random(seed)

    def say(label: str) -> str:
        return label if chance.random() < share else chance.choice([other for other in LABELS if other != label])

    return say


def swapping(a: str, b: str, share: float, seed: int) -> Answer:
    """Takes a for b and b for a so often; all else right."""
    chance = random.Random(seed)
    other = {a: b, b: a}
    return lambda label: other[label] if label in other and chance.random() < share else label


def always_wrong(label: str) -> str:
    return LABELS[LABELS.index(label) - 1]


def go(inside: Inside, project_id: int, person: Caller, answer: Answer, most: int = 10_000) -> list[int]:
    """Work until nothing is left, the person is paused, or `most` tasks are done; numbers of the texts in turn."""
    done: list[int] = []
    while len(done) < most:
        try:
            envelope = inside.next(person, project_id)
        except Refusal as refusal:
            if refusal.problems[0]["code"] != "paused":
                raise
            break
        if envelope is None:
            break
        n = number_of(envelope)
        said = answer(truth_of(n))
        done.append(n)
        inside.submit(person, envelope, said or "Calm", was_cancelled=said is None)
    return done


def in_turn(inside: Inside, project_id: int, crowd: Sequence[tuple[Caller, Answer]]) -> None:
    """Everybody does one task after the other until nobody gets one."""
    left = list(crowd)
    while left:
        left = [one for one in left if go(inside, project_id, *one, most=1)]


def standing_of(inside: Inside, project_id: int, person: Caller) -> Standing:
    return standing.of(inside.world, project_id, person.person)


def wait(inside: Inside, job: int | None) -> Any:
    """The record of a job that is through."""
    assert job
    place = keys.job(job)

    def stored() -> Any:
        record = inside.world.records.get(*place)
        assert record is not None
        return record.body

    until(lambda: stored()["state"] in FINAL, told=stored)
    assert stored()["state"] == "done", stored()
    return stored()
