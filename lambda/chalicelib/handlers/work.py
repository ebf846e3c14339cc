"""What an annotator's page reads: the project, the next task, their finished ones; and the leases on tasks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from chalicelib import (
    auth,
    comments,
    configs,
    keys,
    model_answers,
    queue,
    reviews,
    settings,
    taking,
    tokens,
    unfinished,
)
from chalicelib.access import May
from chalicelib.auth import Caller
from chalicelib.configs import Config
from chalicelib.envelope import envelope
from chalicelib.handlers.projects import progress
from chalicelib.http import Answer, to_json
from chalicelib.leases import give, lease_of, row_of, take_back
from chalicelib.problems import Refusal, not_found, refuse
from chalicelib.queue import Given
from chalicelib.storage.ports import Record
from chalicelib.tasks import State, purpose_of, read_state, settle
from chalicelib.times import iso
from chalicelib.world import World

if TYPE_CHECKING:
    from chalicelib.models import GiveBack, Renew

FINISHED = 200


def work(world: World, caller: Caller, project_id: int) -> Answer:
    """Everything the labeling page needs, in one answer. The plan is put in as the text that is stored."""
    seen = auth.require_access(world, caller, project_id, "label")
    project = seen.project
    config = configs.load(world, project_id, project["config_version"])
    given, paused = None, None
    try:
        given = queue.next_task(world, project, caller.person)
    except Refusal as refusal:
        paused = refusal.problems[0]
        if paused["code"] != "paused":
            raise
    mine = world.records.get(*keys.work_count(project_id, caller.person))
    body = {
        "project": {
            "id": project_id,
            "title": project["title"],
            "instructions": project["expert_instruction"],
            "config_version": config.version,
            "skip": settings.value(project, "queue", "skip"),
            "auto_advance": settings.value(project, "queue", "auto_advance"),
            "show_others": settings.value(project, "queue", "show_others"),
        },
        "person": {"id": caller.person, "name": caller.name, "role": seen.role, "may": sorted(seen.may)},
        "progress": {**progress(world, project_id), "mine": mine.body.get("annotations", 0) if mine else 0},
    }
    if paused is not None:
        body["paused"] = paused
    if given is not None:
        body["next"] = _given(world, caller, project, config, given)
    return Answer(f'{to_json(body)[:-1]},"plan":{config.plan_json}}}')


def next_task(
    world: World, caller: Caller, project_id: int, exclude: frozenset[int], *, or_null: bool = False
) -> dict[str, Any] | None:
    """
    Raises:
        Refusal: 404 `no-task` when nothing is left for this person at this moment; with `or_null` that is None, for a
            page that asks ahead and to which running out is no error. 404 or 403 `paused` with either.
    """
    project = auth.require(world, caller, project_id, "label")
    given = queue.next_task(world, project, caller.person, exclude)
    if given is None and or_null:
        return None
    if given is None:
        raise refuse(
            404,
            "no-task",
            "There is no task left for you in this project.",
            hint="Thank you! Others may still be at work; look again later.",
        )
    config = configs.load(world, project_id, project["config_version"])
    return _given(world, caller, project, config, given)


def next_tasks(
    world: World, caller: Caller, project_id: int, exclude: frozenset[int], count: int
) -> dict[str, list[dict[str, Any]]]:
    """Up to *count* tasks at once, each as `next_task` has it; none when nothing is left."""
    project = auth.require(world, caller, project_id, "label")
    config = configs.load(world, project_id, project["config_version"])
    given = queue.next_tasks(world, project, caller.person, exclude, count)
    return {"tasks": [_given(world, caller, project, config, one) for one in given]}


def _given(world: World, caller: Caller, project: Mapping[str, Any], config: Config, given: Given) -> dict[str, Any]:
    project_id, id_ = project["id"], given.task["id"]
    draft = keys.draft(id_, caller.person)
    if reviews.has_back(given.state, caller.person):
        return _back(world, caller, project_id, config, given)
    asked = model_answers.keys_of(project, given.task)
    found = {**(given.read or {}), **world.records.get_many(asked if given.read is not None else [*asked, draft])}
    said = [found.get(key) for key in asked]
    return envelope(
        world, project_id, config, given.task,
        draft=unfinished.current(found.get(draft), given.state), lease=given.lease,
        prediction=model_answers.chosen(project, said), suggest=model_answers.suggests(project),
        predictions=model_answers.listed(said),
    )  # fmt: skip


def _back(world: World, caller: Caller, project_id: int, config: Config, given: Given) -> dict[str, Any]:
    """Own work that a reviewer sent back: the annotation as it is, or what was begun of its correction."""
    id_, entry = given.task["id"], given.state.annotation_of(caller.person) or {}
    draft, annotation = keys.draft(id_, caller.person), keys.annotation(entry["id"], entry["version"])
    found = world.records.get_many([draft, annotation])
    shown = envelope(
        world, project_id, config, given.task,
        annotation=found.get(annotation), draft=unfinished.current(found.get(draft), given.state), lease=given.lease,
    )  # fmt: skip
    return {**shown, "sent_back": True, "comments": _comments(world, caller, id_)}


def _comments(world: World, caller: Caller, task_id: int) -> list[dict[str, Any]]:
    """Those about the caller's own work, and their own ones."""
    return comments.seen_by(comments.of_task(world, task_id), caller.person, everything=False)


def one(world: World, caller: Caller, task_id: int, prediction: int | None = None) -> dict[str, Any]:
    """
    A task the caller holds or has finished; who may see everything may look at any.

    Args:
        prediction: which one to start from, of those that the task has; the draft is then left aside.
    """
    task, state, project = read(world, caller, task_id)
    lease = state.lease_of(caller.person, world.now_ms())
    entry = state.newest_of(caller.person) if lease is None else state.annotation_of(caller.person, purpose_of(lease))
    if entry is None and lease is None and not auth.allowed(world, caller, project["id"], "read"):
        raise refuse(
            404,
            "not-yours",
            "You do not hold this task any more.",
            hint="Take the next task; this one went to somebody else.",
        )
    asked = {"draft": keys.draft(task_id, caller.person)}
    if entry is not None:
        asked["annotation"] = keys.annotation(entry["id"], entry["version"])
    said = model_answers.keys_of(project, task) if entry is None else []
    found = world.records.get_many([*asked.values(), *said])
    config = configs.load(world, project["id"], project["config_version"])
    held = lease_of(world, state, lease) if lease is not None else None
    rows = {name: found.get(key) for name, key in asked.items()}
    rows["draft"] = unfinished.current(rows["draft"], state)
    predictions = [found.get(key) for key in said]
    rows["prediction"] = model_answers.chosen(project, predictions, prediction)
    if prediction is not None:
        rows["draft"] = None
    shown = envelope(
        world, project["id"], config, task, lease=held, suggest=model_answers.suggests(project),
        predictions=model_answers.listed(predictions), **rows,
    )  # fmt: skip
    if written := _comments(world, caller, task_id):
        shown["comments"] = written
    return {**shown, "sent_back": True} if reviews.has_back(state, caller.person) else shown


def read(
    world: World, caller: Caller, task_id: int, may: May = "label"
) -> tuple[Mapping[str, Any], State, Mapping[str, Any]]:
    """Task, state and project for those who may; for strangers there is no such task."""
    return read_with(world, caller, task_id, (), may)[:3]


def read_with(
    world: World, caller: Caller, task_id: int, more: Sequence[keys.Key], may: May = "label"
) -> tuple[Mapping[str, Any], State, Mapping[str, Any], Mapping[keys.Key, Record]]:
    """As `read`, with the rows of `more` that are there, in the same request to the store."""
    auth.require_known(caller)
    found = world.records.get_many([keys.task(task_id), keys.state(task_id), *more])
    task = found.get(keys.task(task_id))
    if task is None:
        raise not_found("task", task_id)
    project_id = task.body["project"]
    project = auth.require_access(world, caller, project_id, may, kind="task", shown=task_id).project
    return task.body, read_state(task.body, found.get(keys.state(task_id))), project, found


def mine(world: World, caller: Caller, project_id: int) -> dict[str, Any]:
    """The caller's finished tasks, newest first, the last two hundred."""
    auth.require(world, caller, project_id, "label")
    prefix = keys.finished_prefix(project_id)
    page = world.records.query(f"PERSON#{caller.person}", prefix, limit=FINISHED, reverse=True)
    return {"tasks": [dict(row.body) for row in page.records]}


def renew(world: World, caller: Caller, task_id: int, body: Renew) -> dict[str, Any]:
    """The same lease for another term."""
    _, state, project = read(world, caller, task_id)
    now_ms = world.now_ms()
    before, held = state.copy(), state.lease_of(caller.person, now_ms)
    if held is None or tokens.purpose_of_lease(world.secret, body.token, task_id, caller.person) is None:
        raise refuse(
            409,
            "lease-over",
            "Your time with this task is over.",
            hint="Submit what you have: it is taken if the task is still free, and kept beside the others if not.",
        )
    operations = take_back(state, caller.person)
    lease = give(state, project, caller.person, now_ms, purpose_of(held))
    row = row_of(state, lease)
    operations = [op for op in operations if (op.pk, op.sk) != (row.pk, row.sk)]
    world.records.transact([*operations, *settle(before, state, project, now_ms), row])
    given = lease_of(world, state, lease)
    return {"token": given.token, "expires_at": iso(given.expires_ms / 1000)}


def give_back_many(world: World, caller: Caller, project_id: int, body: GiveBack) -> dict[str, list[int]]:
    """The same for several tasks of a project. Gives those that were held."""
    project = auth.require(world, caller, project_id, "label")
    ids = [task["id"] for task, _ in taking.states(world, body.tasks) if task["project"] == project_id]
    return {"tasks": [id_ for id_ in ids if queue.release(world, project, caller.person, id_)]}


def give_back(world: World, caller: Caller, task_id: int, *, later: bool = False) -> None:
    """
    Others may take the task at once. Giving back what one does not hold is no fault. The draft stays.

    Args:
        later: put it off: it comes back to the caller after everything else, if nobody has done it until then.
    """
    _, _, project = read(world, caller, task_id)
    queue.release(world, project, caller.person, task_id, later=later)
