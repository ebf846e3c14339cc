"""Tasks with a known answer, the feedback of a warm-up, and what an owner does about a person's work."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from chalicelib import (
    audit,
    auth,
    configs,
    gold,
    keys,
    pausing,
    people,
    people_numbers,
    quality,
    refresh,
    standing,
    versions,
)
from chalicelib.annotation import entry_of, new_annotation, validate
from chalicelib.auth import Caller
from chalicelib.commit import attempts
from chalicelib.handlers import work
from chalicelib.problems import Refusal, not_found, refuse
from chalicelib.standing import Standing
from chalicelib.storage.ports import Conflict, Delete, Operation, Put
from chalicelib.tasks import State, purpose_of
from chalicelib.times import iso
from chalicelib.world import World

if TYPE_CHECKING:
    from chalicelib.models_quality import Discard, Message, SetGold

MESSAGES = 50
ROWS = 100
_Body = Mapping[str, Any]


def set_gold(world: World, caller: Caller, task_id: int, body: SetGold) -> dict[str, Any]:
    """
    Give a task a known answer, or take it away again. The task leaves the queue and comes back to it with that.

    Raises:
        Refusal: 400 with the problems of the result; 404 for an annotation of another task; 409 `no-answer` when none
            is named and the task has none that is marked as the ground truth.
    """
    for _ in attempts(task_id):
        task, state, project = work.read(world, caller, task_id, "manage")
        known = gold.of_task(world, task_id)
        before = state.copy()
        state.gold = body.kind or ""
        operations: list[Operation] = []
        made = None
        if body.kind is None:
            operations += gold.unlisting(task, known) if known else []
        else:
            made, rows = _right(world, caller, project, task, state, body, known)
            operations += rows
            right = made or _named(world, state, body, known)
            remark = body.feedback if body.feedback is not None else known.remark if known else ""
            operations += gold.listing(task, body.kind, right, remark, world.now_ms())
            if known:
                operations.append(Delete(keys.gold_list(project["id"]), known.listed))
        about = {"task": task_id, "kind": body.kind}
        operations.append(audit.operation(world, caller, project["id"], "known answer set", about))
        settled = refresh.operations(world, project, task, before, state, made=made, back=body.kind is None)
        try:
            world.records.transact([*_each_once(operations), *settled])
        except Conflict:
            continue
        return _shown(world, project, task, state)
    raise Conflict(*keys.state(task_id), expected=0, found=0)


def _each_once(operations: list[Operation]) -> list[Operation]:
    """A list row that is written again in the same millisecond is not deleted."""
    written = {(op.pk, op.sk) for op in operations if isinstance(op, Put)}
    return [op for op in operations if not isinstance(op, Delete) or (op.pk, op.sk) not in written]


def _right(
    world: World, caller: Caller, project: _Body, task: _Body, state: State, body: SetGold, known: gold.Known | None
) -> tuple[dict[str, Any] | None, list[Operation]]:
    """The version that must be written so that the right answer is marked as such, and its rows; changes the state."""
    now = world.clock()
    if body.result is not None:
        config = configs.load(world, project["id"], project["config_version"])
        problems = validate(config, body.result, task["data"])
        if problems:
            raise Refusal(400, *problems)
        id_ = world.ids.one("annotation")
        made = new_annotation(
            id_, task["id"], project["id"], caller.person, body.result,
            lead_time=None, was_cancelled=False, config_version=config.version, now=iso(now), purpose="review",
        )  # fmt: skip
        made |= {"ground_truth": True, "last_action": "known answer"}
        return made, versions.put(state, config, task, made, "", now, listed=False)
    right = _named(world, state, body, known)
    if right.get("ground_truth"):
        return None, []
    config = configs.load(world, project["id"], right["config_version"])
    made = versions.following(world, right, caller, right["result"], config, now, "known answer", ground_truth=True)
    old = next(entry for entry in state.annotations if entry["id"] == made["id"])
    entry = entry_of(made, "", at_ms=old["at"], keys=old["keys"])
    kept = {name: old[name] for name in versions.KEPT_FLAGS if name in old}
    state.annotations[state.annotations.index(old)] = entry | kept
    return made, [Put(*keys.annotation(made["id"], made["version"]), made, expect=0)]


def _named(world: World, state: State, body: SetGold, known: gold.Known | None) -> _Body:
    """The newest version of the annotation that the request names, or else of the one that is marked as right."""
    bodies = versions.newest(world, state)
    if body.annotation is not None:
        found = next((b for b in bodies if b["id"] == body.annotation), None)
        if found is None or found["was_cancelled"]:
            raise not_found("annotation", body.annotation)
        return found
    wanted = known.answer["id"] if known else state.review.get("truth")
    marked = [b for b in bodies if b["id"] == wanted] or [b for b in bodies if b["ground_truth"]]
    if not marked:
        raise refuse(
            409,
            "no-answer",
            "It is not known yet what is right for this task.",
            where="field annotation",
            hint="Name one of its annotations, or send the right answer as `result`.",
        )
    return marked[-1]


def _shown(world: World, project: _Body, task: _Body, state: State) -> dict[str, Any]:
    known = gold.of_task(world, task["id"]) if state.gold else None
    counted = world.records.get(*keys.known_answer_count(task["id"]))
    return _row(project, task, known, counted.body if counted else {})


def _row(project: _Body, task: _Body, known: gold.Known | None, counted: _Body) -> dict[str, Any]:
    n = counted.get("n", 0)
    return {
        "task": task["id"],
        "inner_id": task["inner_id"],
        "project": project["id"],
        "kind": known.kind if known else None,
        "annotation": known.answer["id"] if known else None,
        "feedback": known.remark if known else "",
        "answers": n,
        "score": counted.get("ppm", 0) / (n * standing.PPM) if n else None,
    }


def list_gold(world: World, caller: Caller, project_id: int, after: str) -> dict[str, Any]:
    """
    Tasks with a known answer, a hundred at a time: how many answered each, and how right they were on average. One that
    most people get wrong may be wrong itself.
    """
    project = auth.require(world, caller, project_id, "manage")
    config = configs.load(world, project_id, project["config_version"])
    page = world.records.query(keys.gold_list(project_id), after=after or None, limit=ROWS)
    rows = []
    for listed in page.records:
        id_ = listed.body["task"]
        found = world.records.get_many([keys.task(id_), keys.known_answer(id_), keys.known_answer_count(id_)])
        task, known = found.get(keys.task(id_)), found.get(keys.known_answer(id_))
        if task is None or known is None:
            continue
        answer = world.records.get(*keys.annotation(known.body["annotation"], known.body["version"]))
        counted = found.get(keys.known_answer_count(id_))
        if answer is not None:
            row = _row(project, task.body, gold.read(known, answer), counted.body if counted else {})
            title = configs.title_of(config, task.body["data"]) or f"Task {task.body['inner_id']}"
            rows.append({**row, "title": title})
    return {"gold": rows, "next": page.records[-1].sk if page.cursor is not None else None}


def feedback(world: World, caller: Caller, task_id: int) -> dict[str, Any]:
    """After a task of the warm-up; of every other task there is none, so nobody learns which had a known answer."""
    task, state, project = work.read(world, caller, task_id)
    entry = state.annotation_of(caller.person, "warm_up")
    if entry is not None:
        record = world.records.get(*keys.annotation(entry["id"], entry["version"]))
        config = configs.load(world, project["id"], project["config_version"])
        said = quality.feedback_of(world, project["id"], config, task, record.body) if record else None
        if said is not None:
            return said
    raise refuse(404, "no-feedback", "There is no feedback to this task.")


def for_person(world: World, caller: Caller, made: dict[str, Any]) -> dict[str, Any]:
    """
    An own annotation as whoever only labels may see it: it does not tell why they got the task. After a task of the
    warm-up it brings the feedback.
    """
    said = dict(made)
    if purpose_of(made) == "warm_up":
        found = world.records.get_many([keys.task(made["task"]), keys.project(made["project"])])
        task, project = found[keys.task(made["task"])].body, found[keys.project(made["project"])].body
        config = configs.load(world, project["id"], project["config_version"])
        said["feedback"] = quality.feedback_of(world, project["id"], config, task, made)
    if not auth.allowed(world, caller, made["project"], "read"):
        for name in ("purpose", "ground_truth"):
            said.pop(name, None)
    return said


# People


def require_member(world: World, caller: Caller, project_id: int, person: int) -> _Body:
    """The project, for managers, if this person ever had to do with it."""
    project = auth.require(world, caller, project_id, "manage")
    asked = [keys.member(project_id, person), keys.work_count(project_id, person), keys.standing(project_id, person)]
    if not world.records.get_many(asked):
        raise not_found("person", person)
    return project


def pause(world: World, caller: Caller, project_id: int, person: int) -> dict[str, Any]:
    project = require_member(world, caller, project_id, person)
    own = pausing.pause(world, project, person, caller.person)
    audit.write(world, caller, project_id, "person paused", {"person": person})
    return standing_shown(world, own)


def resume(world: World, caller: Caller, project_id: int, person: int) -> dict[str, Any]:
    project = require_member(world, caller, project_id, person)
    own = pausing.resume(world, project, person)
    audit.write(world, caller, project_id, "person resumed", {"person": person})
    return standing_shown(world, own)


def discard(world: World, caller: Caller, project_id: int, person: int, body: Discard) -> dict[str, Any]:
    project = require_member(world, caller, project_id, person)
    own = pausing.discard(world, project, person, "" if body.undo else "requeue" if body.requeue else "discard")
    done = "work counted again" if body.undo else "work discarded"
    audit.write(world, caller, project_id, done, {"person": person, "requeue": body.requeue})
    return standing_shown(world, own)


def standing_shown(world: World, own: Standing) -> dict[str, Any]:
    """What an owner sees of it."""
    paused = dict(own.paused) if own.paused else None
    if paused and paused.get("by"):
        paused["by"] = people.named(world, [paused["by"]])[paused["by"]]
    return {
        "paused": paused,
        "discarded": own.discarded or None,
        "job": own.job if own.busy else None,
        **people_numbers.on_known_answers(own),
    }


def message(world: World, caller: Caller, project_id: int, person: int, body: Message) -> dict[str, Any]:
    require_member(world, caller, project_id, person)
    row = {"text": body.text, "from": caller.name, "by": caller.person, "at": iso(world.clock())}
    world.records.transact(
        [
            Put(*keys.message(project_id, person, world.now_ms()), row),
            audit.operation(world, caller, project_id, "message sent", {"person": person}),
        ]
    )
    return row


def messages_of(world: World, project_id: int, person: int) -> list[dict[str, Any]]:
    """Newest first."""
    page = world.records.query(keys.messages(project_id, person), limit=MESSAGES, reverse=True)
    return [{name: row.body[name] for name in ("text", "from", "at")} for row in page.records]
