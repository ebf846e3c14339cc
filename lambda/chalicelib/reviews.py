"""
What happens when people disagree, and which tasks wait for a reviewer.

`follow` decides it anew from the task's state after every change: ask one more person, have it reviewed, or leave it.
Nothing here is a one-way street: people who correct their answers until they agree need no reviewer any more. The
decisions of reviewers are in decisions.py.
"""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Iterator, Mapping
from typing import Any

from chalicelib import keys, queue, review_index, settings, tokens
from chalicelib.consensus import sent_back
from chalicelib.queue import Given
from chalicelib.storage.ports import Record
from chalicelib.storage.walk import every
from chalicelib.tasks import State, purpose_of, read_state, verified, wanted_by
from chalicelib.world import World

PAGE = 50
WINDOW = 25
"""Waiting tasks that are looked at together."""
BACK = 8
"""The same of tasks that were sent back to one person."""


def follow(world: World, project: Mapping[str, Any], state: State, now_ms: int) -> None:
    """
    Set `extra` and `review` of a task whose annotations, consensus or project have changed. To be called between
    consensus and `settle`, which lists the task where reviewers find it.
    """
    if state.gold:
        state.review = {}
    elif not verified(state):
        _decide(world, project, state, now_ms)


def _decide(world: World, project: Mapping[str, Any], state: State, now_ms: int) -> None:
    review = state.review
    if review.get("state") == "sent_back":
        if sent_back(state) is not None:
            return
        came_back = any(a["id"] == review["sent"]["annotation"] for a in _standing(state))
        review = {"state": "wanted", "why": review["why"], "since": now_ms, "again": came_back}
    review = _still_approved(state, review)
    _ask(project, state)
    why = _why(world, project, state, review)
    if why is None:
        review = {}
    elif review.get("state") != "wanted":
        review = {"state": "wanted", "why": why, "since": now_ms}
    elif review["why"] != why:
        review = {**review, "why": why}
    state.review = review


def _still_approved(state: State, review: dict[str, Any]) -> dict[str, Any]:
    """Approvals are of one version: a newer one begins anew."""
    truth = (review.get("truth"), review.get("truth_version"))
    if review.get("approved_by") and truth not in {(a["id"], a["version"]) for a in _standing(state)}:
        return {k: v for k, v in review.items() if k not in ("approved_by", "truth", "truth_version")}
    return review


def _standing(state: State) -> list[dict[str, Any]]:
    return [a for a in state.annotations if not a.get("discarded")]


def _ask(project: Mapping[str, Any], state: State) -> None:
    """One more person while those who are asked disagree; nobody more once they agree."""
    most = settings.of(project, "disagreement")["ask"]
    overlap = max(0, wanted_by(project, state) - state.extra)
    beyond = max(0, state.done - overlap)
    if state.done >= overlap and state.verdict == "agreed":
        state.extra = min(state.extra, beyond)
    elif state.verdict == "disagree" and state.done >= overlap + state.extra:
        state.extra = max(state.extra, min(most, beyond + 1))
    state.extra = min(state.extra, max(most, beyond))


def _why(world: World, project: Mapping[str, Any], state: State, review: Mapping[str, Any]) -> str | None:
    """Why the task needs a reviewer now; None: it does not."""
    if not state.done:
        return None
    if review.get("again") or review.get("approved_by"):
        return str(review["why"])
    if state.done < wanted_by(project, state):
        return None
    if state.verdict == "disagree":
        return "disagreement" if settings.of(project, "disagreement")["then"] == "review" else None
    return "audit" if _is_audited(world, project, state) else None


def _is_audited(world: World, project: Mapping[str, Any], state: State) -> bool:
    """A share of the agreed tasks, by a keyed hash: the same ones at every look, and nobody can tell which."""
    share = settings.of(project, "review")["share"]
    if not share:
        return False
    drawn = int(tokens.sign(world.secret, "audit", state.project, state.task)[:13], 16) / 16**13
    return bool(drawn < share)


def waiting(world: World, project_id: int, after: str = "") -> Iterator[Record]:
    """Rows of the tasks that wait for a reviewer, in their order, from behind the sk `after`."""
    shards = [
        every(world.records, keys.review_shard(project_id, n), after=after or None, page=PAGE)
        for n in range(keys.SHARDS)
    ]
    return heapq.merge(*shards, key=lambda row: row.sk)


def next_for(world: World, project: Mapping[str, Any], person: int) -> Given | None:
    """
    The task that this reviewer holds, else the first that waits, leased to them; None when nothing waits for them.

    Nobody is handed a task that they labeled themselves, and no two reviewers the same.
    """
    now_ms = world.now_ms()
    rows = (row for row in waiting(world, project["id"]) if person not in row.body["people"])
    while window := list(itertools.islice(rows, WINDOW)):
        found = [one for one in _tasks(world, [row.body["task"] for row in window]) if _waits(one[1])]
        held = [(task, state, lease) for task, state in found for lease in _reviewing(state, now_ms)]
        for task, state, lease in held:
            if lease["person"] == person:
                return Given(task, state, queue.lease_of(world, state, lease))
        taken = {task["id"] for task, _, _ in held}
        for task, state in found:
            if task["id"] not in taken and person not in {a["person"] for a in state.labels()}:
                given = queue.lease_special(world, project, person, task, state, "review")
                if given is not None and _is_alone(given, person, now_ms):
                    return given
                if given is not None:  # another reviewer was quicker, or it was decided
                    queue.release(world, project, person, task["id"])
    return None


def _is_alone(given: Given, person: int, now_ms: int) -> bool:
    return _waits(given.state) and all(x["person"] == person for x in _reviewing(given.state, now_ms))


def _waits(state: State) -> bool:
    return state.review.get("state") == "wanted"


def _reviewing(state: State, now_ms: int) -> list[dict[str, Any]]:
    return [x for x in state.leases if purpose_of(x) == "review" and x["expires"] > now_ms]


def sent_back_to(
    world: World, project: Mapping[str, Any], person: int, exclude: frozenset[int] = frozenset()
) -> Given | None:
    """Own work that a reviewer sent back, leased to its person again; None when there is none."""
    if not project.get("sends_back"):
        return None
    page = world.records.query(f"PERSON#{person}", keys.sent_back_prefix(project["id"]), limit=BACK)
    for task, state in _tasks(world, [row.body["task"] for row in page.records if row.body["task"] not in exclude]):
        if not has_back(state, person):
            continue
        held = state.lease_of(person, world.now_ms())
        if held is not None:
            return Given(task, state, queue.lease_of(world, state, held))
        given = queue.lease_special(world, project, person, task, state, "label")
        if given is not None:
            return given
    return None


def has_back(state: State, person: int) -> bool:
    """Whether this person has the task back from a reviewer and has not answered yet."""
    return review_index.person_back(state) == person and sent_back(state) is not None


def _tasks(world: World, ids: list[int]) -> list[tuple[Mapping[str, Any], State]]:
    found = world.records.get_many([key for id_ in ids for key in (keys.task(id_), keys.state(id_))])
    tasks = [(id_, found[keys.task(id_)].body) for id_ in ids if keys.task(id_) in found]
    return [(body, read_state(body, found.get(keys.state(id_)))) for id_, body in tasks]
