"""What a reviewer reads and decides: the tasks that wait, one of them with everybody's answers, and the decision."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from chalicelib import audit, auth, comments, configs, consensus, decisions, keys, migration, people, reviews, settings
from chalicelib import shown as shown_as
from chalicelib.annotation import validate
from chalicelib.auth import Caller
from chalicelib.commit import attempts, commit
from chalicelib.configs import Config
from chalicelib.decisions import Decision
from chalicelib.envelope import display_of
from chalicelib.handlers import work
from chalicelib.handlers.projects import progress
from chalicelib.problems import Refusal, not_found, problem, refuse
from chalicelib.queue import Lease, take_back
from chalicelib.storage.ports import Conflict, Operation, Put
from chalicelib.tasks import State, purpose_of, read_state, verified
from chalicelib.times import iso
from chalicelib.versions import newest
from chalicelib.world import World

if TYPE_CHECKING:
    from chalicelib.models_review import Decide

PAGE = 50
HISTORY = 100
_Body = Mapping[str, Any]


def listed(world: World, caller: Caller, project_id: int, after: str) -> dict[str, Any]:
    """What waits for a reviewer, in the order they get it: fifty at a time, `next` is the `after` of the next page."""
    project = auth.require(world, caller, project_id, "review")
    rows = list(itertools.islice(reviews.waiting(world, project_id, after), PAGE + 1))
    more, rows = len(rows) > PAGE, rows[:PAGE]
    ids = [row.body["task"] for row in rows]
    found = world.records.get_many([key for id_ in ids for key in (keys.task(id_), keys.state(id_))])
    config = configs.load(world, project_id, project["config_version"])
    shown = []
    for id_ in ids:
        task = found.get(keys.task(id_))
        state = read_state(task.body, found.get(keys.state(id_))) if task is not None else None
        if task is None or state is None or state.review.get("state") != "wanted":
            continue  # decided while we read
        held = any(purpose_of(x) == "review" and x["expires"] > world.now_ms() for x in state.leases)
        review = state.review
        shown.append(
            {
                "task": id_,
                "inner_id": task.body["inner_id"],
                "title": configs.title_of(config, task.body["data"]) or f"Task {task.body['inner_id']}",
                "why": review["why"],
                "again": bool(review.get("again")),
                "state": state.name,
                "since": iso(review["since"] / 1000),
                "agreement": state.agreement,
                "approved": len(review.get("approved_by", ())),
                "annotations": state.done,
                "held": held,
                "own": caller.person in {a["person"] for a in state.labels()},
            }
        )
    count = progress(world, project_id).get("review", 0)
    return {"reviews": shown, "count": count, "next": rows[-1].sk if more else None}


def next_one(world: World, caller: Caller, project_id: int, *, or_null: bool = False) -> dict[str, Any] | None:
    """The first task that waits and that the caller did not label themselves, leased to them."""
    access = auth.require_access(world, caller, project_id, "review")
    _require_reviewer(caller, access)
    given = reviews.next_for(world, access.project, caller.person)
    if given is None and or_null:
        return None
    if given is None:
        raise refuse(
            404,
            "no-review",
            "Nothing waits for you to review.",
            hint="Tasks that you labeled yourself go to other reviewers.",
        )
    return _whole(world, caller, access.project, given.task, given.state, lease=given.lease)


def one(world: World, caller: Caller, task_id: int) -> dict[str, Any]:
    """Everything to decide on: answers side by side, the proposed consensus, differences, comments, history."""
    task, state, project = work.read(world, caller, task_id, "review")
    return _whole(world, caller, project, task, state)


def _whole(
    world: World, caller: Caller, project: _Body, task: _Body, state: State, *, lease: Lease | None = None
) -> dict[str, Any]:
    config = configs.load(world, project["id"], project["config_version"])
    display, media = display_of(world, project["id"], config, task["data"])
    entries = {a["id"]: a for a in state.annotations if purpose_of(a) in ("label", "review")}
    bodies = [body for body in newest(world, state) if body["id"] in entries]
    rows = comments.of_task(world, task["id"])
    history = world.records.query(f"TASK#{task['id']}", "DECISION#", limit=HISTORY, reverse=True).records
    review = state.review
    named = people.named(
        world, [a["person"] for a in entries.values()] + review.get("approved_by", []) + _sent_people(review)
    )
    out = consensus.sent_back(state)
    answers = []
    for body in bodies:
        entry = entries[body["id"]]
        flags = {
            "purpose": purpose_of(entry),
            "ground_truth": body["ground_truth"],
            "discarded": bool(entry.get("discarded")),
            "sent_back": entry is out,
            "comments": comments.unresolved(row for row in rows if row["annotation"] == body["id"]),
        }
        result = migration.of_body(world, project["id"], body, config.version).result
        shown = shown_as.answer(world, project["id"], config, task, body, named[body["completed_by"]])
        answers.append({**shown, **flags, "result": result})
    answer = {
        "task": {"id": task["id"], "project": project["id"], "inner_id": task["inner_id"], "data": task["data"]},
        "state": state.name,
        "version": decisions.version_of(state),
        "review": _review(project, state, named),
        "config_version": config.version,
        "plan": config.plan,
        "display": display,
        "media": media,
        "annotations": answers,
        "consensus": shown_as.agreement(world, project, config, task, state, bodies, details=True),
        "comments": comments.seen_by(rows, caller.person, everything=True),
        "unresolved": comments.unresolved(rows),
        "decisions": [_decided(row.sk, row.body, review) for row in history],
    }
    if lease is not None:
        answer["lease"] = {"token": lease.token, "expires_at": iso(lease.expires_ms / 1000)}
    return answer


def _sent_people(review: _Body) -> list[int]:
    sent = review.get("sent") or {}
    return [sent["person"], sent["by"]] if sent else []


def _review(project: _Body, state: State, named: Mapping[int, _Body]) -> dict[str, Any] | None:
    """Where the task's review stands; None when nobody asked for one."""
    review = state.review
    if not review:
        return None
    shown: dict[str, Any] = {
        "state": review["state"],
        "why": review["why"],
        "again": bool(review.get("again")),
        "since": iso(review["since"] / 1000),
        "approvals": settings.of(project, "review")["approvals"],
        "approved_by": [named[id_] for id_ in review.get("approved_by", ())],
        "truth": review.get("truth"),
    }
    if sent := review.get("sent"):
        shown["sent_back"] = {
            "annotation": sent["annotation"],
            "to": named[sent["person"]],
            "by": named[sent["by"]],
        }
    return shown


def _decided(sk: str, body: _Body, review: _Body) -> dict[str, Any]:
    """One row of the history; `newest` can be taken back."""
    shown = {name: value for name, value in body.items() if name not in ("before", "made", "key")}
    return {**shown, "newest": review.get("decision") == sk}


def decide(world: World, caller: Caller, task_id: int, body: Decide, key: str) -> dict[str, Any]:
    """
    Raises:
        Refusal: 409 with the newest `version` and what stands now when anything was changed since the reviewer looked.
    """
    for _ in attempts(task_id):
        task, state, project = work.read(world, caller, task_id, "review")
        _require_reviewer(caller, auth.require_access(world, caller, project["id"], "review"), state)
        if key and (state.review.get("key") == key or _was_decided(world, task_id, key)):
            return _outcome(project, state)
        _require_current(state, body.version)
        decision = Decision(world, caller, project, task, state, state.copy(), world.clock())
        _apply(decision, body)
        row = decisions.row(decision, body.action, key)
        about = {"task": task_id, "action": body.action, **decision.about}
        operations = [
            *decision.operations, *take_back(state, caller.person), row,
            audit.operation(world, caller, project["id"], "review decided", about),
        ]  # fmt: skip
        if _commit(decision, operations):
            return _outcome(project, state)
    raise Conflict(*keys.state(task_id), expected=0, found=0)


def _commit(decision: Decision, operations: list[Operation]) -> bool:
    """False when the task has moved since it was read."""
    d = decision
    done = commit(
        d.world, d.caller, d.project, d.task, "review", d.before, d.state, operations, made=d.made, old=d.old
    )  # fmt: skip
    return done is not None


def _was_decided(world: World, task_id: int, key: str) -> bool:
    """Also what was taken back since: a request that arrives late does not decide it again."""
    rows = world.records.query(f"TASK#{task_id}", "DECISION#", limit=HISTORY, reverse=True).records
    return any(row.body.get("key") == key for row in rows)


def _outcome(project: _Body, state: State) -> dict[str, Any]:
    review = state.review
    return {
        "task": state.task,
        "state": state.name,
        "version": decisions.version_of(state),
        "verified": verified(state),
        "truth": review.get("truth"),
        "approved": len(review.get("approved_by", ())),
        "approvals": settings.of(project, "review")["approvals"],
    }


def _require_reviewer(caller: Caller, access: auth.Access, state: State | None = None) -> None:
    """
    The project may name its reviewers. Nobody decides about a task that they labeled, but managers, who may have to.
    """
    named = settings.of(access.project, "review")["people"]
    if "manage" in access.may:
        return
    if named and caller.person not in named:
        raise refuse(403, "not-reviewer", "Others review this project.", hint="Its managers choose who reviews.")
    if state is not None and caller.person in {a["person"] for a in state.labels()}:
        raise refuse(
            403, "own-work", "You labeled this task yourself, so somebody else decides about it.",
            hint="Take the next one that waits.",
        )  # fmt: skip


def _require_current(state: State, version: str) -> None:
    if state.gold:
        raise refuse(409, "known-answer", "The answer of this task is known already: it tests people.")
    if verified(state):
        raise _changed(state, "This task has been verified already.", "Take that decision back to decide anew.")
    if version != decisions.version_of(state):
        raise _changed(
            state, "Somebody changed this task while you looked at it.", "Look at the newest answers and decide again."
        )


def _changed(state: State, message: str, hint: str) -> Refusal:
    now: dict[str, Any] = {"version": decisions.version_of(state), "state": state.name}
    now["annotations"] = [{"id": a["id"], "version": a["version"]} for a in decisions.reviewable(state)]
    return Refusal(409, problem("changed-meanwhile", message, hint=hint), more=now)


def _apply(decision: Decision, body: Decide) -> None:
    if body.action in ("accept", "send_back") and body.annotation is None:
        raise refuse(400, "bad-member", "annotation must be the id of an answer.", where="field annotation")
    if body.action == "accept":
        decisions.accept(decision, body.annotation or 0)
    elif body.action == "send_back":
        decisions.send_back(decision, body.annotation or 0, body.comment, body.region)
        return
    else:
        _answer(decision, body)
    if body.comment.strip():
        about = decision.about.get("annotation") if body.action == "accept" else None
        comment, rows = comments.new(
            decision.world, decision.caller, decision.state, body.comment, annotation=about, region=body.region
        )
        decision.operations += rows
        decision.about["comment"] = comment["id"]


def _answer(decision: Decision, body: Decide) -> None:
    """The reviewer's own answer: what they send, or the proposed consensus."""
    world, project, task = decision.world, decision.project, decision.task
    bodies = newest(world, decision.state)
    more: dict[str, Any] = {"lead_time": body.lead_time}
    config = _config(world, project, body)
    if body.action == "merge":
        counting = consensus.counted(decision.state, bodies)
        if not counting:
            raise refuse(409, "nothing-to-merge", "No answer of this task counts.", hint="Correct it yourself.")
        read = migration.bodies(world, project["id"], counting, config.version)
        found = consensus.of_project(world, project, config, read, task["data"])
        result, more["merged_from"] = found["result"], found["made_from"]
    elif body.result is None:
        raise refuse(400, "bad-member", "result must be a list of objects.", where="field result")
    else:
        result = body.result
    known = [row for b in migration.bodies(world, project["id"], bodies, config.version) for row in b["result"]]
    problems = validate(config, result, task["data"], known)
    if problems:
        raise Refusal(400, *problems)
    decisions.answer(decision, result, config, **more)


def _config(world: World, project: _Body, body: Decide) -> Config:
    version = (
        project["config_version"] if body.action == "merge" or body.config_version is None else body.config_version
    )
    if version > project["config_version"]:
        raise refuse(
            400,
            "bad-member",
            "config_version must be a version of this project's config.",
            where="field config_version",
        )
    return configs.load(world, project["id"], version)


def undo(world: World, caller: Caller, task_id: int) -> dict[str, Any]:
    """
    Take the newest decision back: whoever made it, and managers.

    Raises:
        Refusal: 409 when there is none, 403 for somebody else's.
    """
    for _ in attempts(task_id):
        task, state, project = work.read(world, caller, task_id, "review")
        sk = state.review.get("decision")
        row = world.records.get(f"TASK#{task_id}", sk) if sk else None
        if row is None:
            raise refuse(409, "nothing-to-undo", "There is no decision about this task that could be taken back.")
        if row.body["person"]["id"] != caller.person and not auth.allowed(world, caller, project["id"], "manage"):
            raise refuse(403, "not-yours", "Only who decided, or a manager, can take this decision back.")
        decision = Decision(world, caller, project, task, state, state.copy(), world.clock())
        decisions.take_back(decision, row.body)
        undone = {**row.body, "undone": {"at": iso(decision.now), "by": caller.person}}
        about = {"task": task_id, "action": row.body["action"]}
        operations = [
            *decision.operations, Put(row.pk, row.sk, undone, expect=row.version),
            audit.operation(world, caller, project["id"], "review undone", about),
        ]  # fmt: skip
        if _commit(decision, operations):
            return _outcome(project, state)
    raise Conflict(*keys.state(task_id), expected=0, found=0)


def others(world: World, caller: Caller, task_id: int) -> dict[str, Any]:
    """What others said about a task that the caller has answered, if the project lets people see it. Without names."""
    task, state, project = work.read(world, caller, task_id)
    access = auth.require_access(world, caller, project["id"], "label")
    everything = "read" in access.may
    mine = state.newest_of(caller.person)
    allowed = settings.of(project, "queue")["show_others"] and mine is not None and not mine["cancelled"]
    if not everything and not allowed:
        raise (
            not_found("task", task_id)
            if mine is None
            else refuse(
                403, "not-shown", "Others' answers are not shown in this project.", hint="Its managers can allow it."
            )
        )
    config = configs.load(world, project["id"], project["config_version"])
    bodies = [] if state.gold and not everything else newest(world, state)  # as if nobody else had answered yet
    counting = [b for b in consensus.counted(state, bodies) if b["completed_by"] != caller.person]
    named = people.named(world, [b["completed_by"] for b in counting]) if everything else {}
    shown = []
    for n, body in enumerate(counting, 1):
        person = named[body["completed_by"]] if everything else {"name": f"Person {n}"}
        answer = shown_as.answer(world, project["id"], config, task, body, person, whole=True)
        shown.append(answer if everything else {**answer, "id": n, "lead_time": None})
    return {"task": {"id": task_id}, "config_version": config.version, "annotations": shown}
