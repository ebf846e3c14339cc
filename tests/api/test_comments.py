"""Comments: who sees which, settling, deleting, and where they are counted."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from chalicelib import keys, models
from chalicelib.auth import Caller
from chalicelib.handlers import comments, work
from chalicelib.problems import Refusal

from tests.api.inside import Inside, opened
from tests.api.reviewing import Scene, person, scene


@pytest.fixture
def inside(folder: Path) -> Iterator[Inside]:
    with opened(folder) as made:
        yield made


def add(at: Scene, who: Caller, task: int, text: str, **about: Any) -> Any:
    return comments.add(at.inside.world, who, task, models.read("NewComment", {"text": text, **about}))


def seen(at: Scene, who: Caller, task: int) -> list[str]:
    return [comment["text"] for comment in comments.listed(at.inside.world, who, task)["comments"]]


def settle(at: Scene, who: Caller, comment: Any, resolved: bool = True) -> Any:
    return comments.change(at.inside.world, who, comment["id"], models.read("ChangeComment", {"resolved": resolved}))


def test_annotators_see_comments_on_their_own_work_only(inside: Inside) -> None:
    at = scene(inside)
    ana, ben = at.people
    task, (hers, his) = at.label("Calm", "Sad")
    add(at, at.rita, task, "To Ana", annotation=hers["id"])
    add(at, at.rita, task, "To Ben", annotation=his["id"], region="m1")
    add(at, at.rita, task, "Among us")
    add(at, ana, task, "Is this one funny?")
    assert seen(at, ana, task) == ["To Ana", "Is this one funny?"]
    assert seen(at, ben, task) == ["To Ben"]
    assert seen(at, at.rita, task) == ["To Ana", "To Ben", "Among us", "Is this one funny?"]


def test_an_answer_to_a_comment_reaches_who_asked(inside: Inside) -> None:
    at = scene(inside)
    ana, ben = at.people
    task, _ = at.label("Calm", "Sad")
    asked = add(at, ana, task, "Is this one funny?")
    told = add(at, at.rita, task, "It is.", reply_to=asked["id"])
    assert told["reply_to"] == asked["id"]
    assert seen(at, ana, task) == ["Is this one funny?", "It is."]
    assert seen(at, ben, task) == []
    with pytest.raises(Refusal) as refused:
        add(at, ben, task, "Me too", reply_to=asked["id"])
    assert refused.value.status == 404


@pytest.mark.both_stores
def test_comments_are_settled_and_opened_again(inside: Inside) -> None:
    at = scene(inside)
    task, (hers, _) = at.label("Calm", "Sad")
    made = add(at, at.rita, task, "Look again", annotation=hers["id"])
    assert comments.listed(inside.world, at.people[0], task)["unresolved"] == 1
    done = settle(at, at.people[0], made)
    assert (done["resolved"], done["resolved_by"]["name"]) == (True, "Ana")
    assert comments.listed(inside.world, at.people[0], task)["unresolved"] == 0
    shown = at.look(task)
    assert (shown["unresolved"], len(shown["comments"])) == (0, 1)
    settle(at, at.rita, made, False)
    shown = at.look(task)
    assert (shown["unresolved"], [a["comments"] for a in shown["annotations"]]) == (1, [1, 0])
    with pytest.raises(Refusal) as refused:
        settle(at, at.people[1], made)
    assert refused.value.status == 404


def test_one_deletes_ones_own_and_managers_any(inside: Inside) -> None:
    at = scene(inside)
    task, (hers, _) = at.label("Calm", "Sad")
    first = add(at, at.rita, task, "One", annotation=hers["id"])
    second = add(at, at.people[0], task, "Two")
    with pytest.raises(Refusal) as refused:
        comments.remove(inside.world, at.people[0], first["id"])
    assert refused.value.status == 403
    comments.remove(inside.world, at.people[0], second["id"])
    comments.remove(inside.world, inside.owner, first["id"])
    assert seen(at, at.rita, task) == []
    assert inside.world.records.get(*keys.comment_place(first["id"])) is None
    with pytest.raises(Refusal) as refused:
        comments.remove(inside.world, at.rita, first["id"])
    assert refused.value.status == 404


def test_only_who_holds_or_answered_a_task_comments_on_it(inside: Inside) -> None:
    at = scene(inside, tasks=2)
    ana = at.people[0]
    held = inside.next(ana, at.project)["task"]["id"]
    add(at, ana, held, "The end is missing.")
    stranger = person(inside, at.project, "Zoe", "annotator")
    with pytest.raises(Refusal) as refused:
        add(at, stranger, held, "Hello?")
    assert refused.value.status == 404
    with pytest.raises(Refusal) as refused:
        comments.listed(inside.world, stranger, held)
    assert refused.value.status == 404
    inside.submit(ana, inside.next(ana, at.project))
    assert [c["text"] for c in work.one(inside.world, ana, held)["comments"]] == ["The end is missing."]


def test_somebody_elses_annotation_is_not_commented_by_annotators(inside: Inside) -> None:
    at = scene(inside)
    task, (hers, _) = at.label("Calm", "Sad")
    with pytest.raises(Refusal) as refused:
        add(at, at.people[1], task, "Wrong!", annotation=hers["id"])
    assert refused.value.status == 404


def test_an_empty_comment_is_refused(inside: Inside) -> None:
    at = scene(inside)
    task, _ = at.label("Calm", "Sad")
    with pytest.raises(Refusal) as refused:
        add(at, at.rita, task, "   ")
    assert refused.value.status == 400
