"""Webhooks as people see them: Label Studio's paths and members, and our log, replay and ping."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from chalicelib import auth, keys, outgoing, tokens, webhooks
from chalicelib.auth import Caller
from chalicelib.problems import not_found, refuse
from chalicelib.storage.ports import Delete, Operation, Put, Record
from chalicelib.times import iso
from chalicelib.webhook_delivery import KEPT, KEPT_S, new_delivery
from chalicelib.world import World

if TYPE_CHECKING:
    from chalicelib.models_jobs import ChangeWebhook, NewWebhook

MAX_HOOKS = 20
MAX_HEADERS = 10
RESERVED_HEADERS = frozenset(
    {
        "host", "content-length", "transfer-encoding", "connection", "content-type", "upgrade", "te", "trailer",
        "expect", "user-agent",
    }
)  # fmt: skip
ABOUT = {
    "PROJECT_CREATED": ("Project created", "For all projects only."),
    "PROJECT_UPDATED": ("Project updated", "Settings or config were changed."),
    "PROJECT_DELETED": ("Project deleted", "For all projects only."),
    "TASKS_CREATED": ("Tasks created", "Up to 500 tasks in each call."),
    "TASKS_DELETED": ("Tasks deleted", "Ids of up to 500 tasks in each call."),
    "ANNOTATION_CREATED": ("Annotation created", "Somebody submitted or skipped a task."),
    "ANNOTATIONS_CREATED": ("Annotations created", "Several at once, by an import."),
    "ANNOTATION_UPDATED": ("Annotation updated", "A new version."),
    "ANNOTATIONS_DELETED": ("Annotations deleted", "Their ids."),
    "CONSENSUS_REACHED": ("Consensus reached", "Enough people have annotated the task, and they agree."),
    "REVIEW_NEEDED": ("Review needed", "People disagree about the task, or it was drawn for a check."),
    "TASK_VERIFIED": ("Task verified", "A reviewer's answer stands."),
    "THRESHOLD_REACHED": ("Threshold reached", "Every nth verified task; `every` of the webhook is n."),
}


def info() -> dict[str, Any]:
    """Every event: Label Studio's form, the names first."""
    return {
        action: {
            "name": ABOUT[action][0],
            "description": ABOUT[action][1],
            "key": action,
            "organization-only": action in webhooks.ORGANIZATION_ONLY,
        }
        for action in webhooks.ACTIONS
    }


def listed(world: World, caller: Caller, project: int) -> list[dict[str, Any]]:
    """Of one project, or (project 0, for owners) all."""
    if project:
        auth.require(world, caller, project, "manage")
        rows = world.records.query(f"HOOKS#{project}").records
    else:
        auth.require_deployment(caller, "own")
        rows = world.records.query(keys.HOOKS, limit=1000).records
    found = []
    for start in range(0, len(rows), 100):
        wanted = [keys.hook(row.body["id"]) for row in rows[start : start + 100]]
        records = world.records.get_many(wanted)
        found += [shown(records[key].body) for key in wanted if key in records]
    return found


def create(world: World, caller: Caller, body: NewWebhook) -> dict[str, Any]:
    """The answer has the secret, this once. Without a project: for all projects, by owners."""
    if body.project is None:
        auth.require_deployment(caller, "own")
    else:
        auth.require(world, caller, body.project, "manage")
    if len(world.records.query(f"HOOKS#{body.project or 0}", limit=MAX_HOOKS).records) >= MAX_HOOKS:
        raise refuse(409, "too-many-webhooks", f"There are {MAX_HOOKS} webhooks already.", hint="Delete one first.")
    row = {
        "id": world.ids.one("hook"),
        "organization": 1,
        **body.model_dump(),
        "secret": f"whsec_{tokens.fresh()}",
        "created_by": caller.person,
        "created_at": iso(world.clock()),
        "updated_at": iso(world.clock()),
    }
    _check(world, row)
    here = {"id": row["id"], "project": row["project"]}
    world.records.transact(
        [
            Put(*keys.hook(row["id"]), row, expect=0),
            Put(*keys.listed_hook(row["id"]), here, expect=0),
            Put(*keys.project_hook(row["project"] or 0, row["id"]), here, expect=0),
        ]
    )
    _summarize(world, row["project"])
    world.jobs.enqueue("hooks-tick", {"start": True})
    return {**shown(row), "secret": row["secret"]}


def one(world: World, caller: Caller, hook_id: int) -> dict[str, Any]:
    return shown(_read(world, caller, hook_id).body)


def change(world: World, caller: Caller, hook_id: int, body: ChangeWebhook) -> dict[str, Any]:
    record = _read(world, caller, hook_id)
    asked = {name: value for name, value in body.model_dump(exclude_unset=True).items() if value is not None}
    fresh_secret = asked.pop("new_secret", False)
    row = {**record.body, **asked, "updated_at": iso(world.clock())}
    if fresh_secret:
        row["secret"] = f"whsec_{tokens.fresh()}"
    _check(world, row)
    world.records.transact([Put(record.pk, record.sk, row, expect=record.version)])
    _summarize(world, row["project"])
    return {**shown(row), **({"secret": row["secret"]} if fresh_secret else {})}


def remove(world: World, caller: Caller, hook_id: int) -> None:
    """What waits to be sent is not sent any more."""
    record = _read(world, caller, hook_id)
    row = record.body
    world.records.transact(
        [
            Delete(record.pk, record.sk),
            Delete(*keys.listed_hook(hook_id)),
            Delete(*keys.project_hook(row["project"] or 0, hook_id)),
        ]
    )
    _summarize(world, row["project"])
    world.jobs.enqueue("hooks-send", {"hook": hook_id})  # which clears away what is left of it


def deliveries(world: World, caller: Caller, hook_id: int) -> dict[str, Any]:
    """The last KEPT, newest first, each with its attempts."""
    _read(world, caller, hook_id)
    page = world.records.query(f"HOOK#{hook_id}", "DELIVERY#", limit=KEPT, reverse=True)
    return {"deliveries": [_delivery(row.body) for row in page.records]}


def replay(world: World, caller: Caller, hook_id: int, delivery_id: int) -> dict[str, Any]:
    """Send one delivery again now, under its event id."""
    _read(world, caller, hook_id)
    record = world.records.get(*keys.delivery(hook_id, delivery_id))
    if record is None:
        raise not_found("delivery", delivery_id)
    body = _replay(world, record)
    world.jobs.enqueue("hooks-send", {"hook": hook_id})
    return _delivery(body)


def replay_failed(world: World, caller: Caller, hook_id: int) -> dict[str, Any]:
    """Send everything of the log again that has been given up, or waits for its next attempt."""
    _read(world, caller, hook_id)
    page = world.records.query(f"HOOK#{hook_id}", "DELIVERY#", limit=KEPT, reverse=True)
    failed = [row for row in page.records if row.body["state"] != "delivered" and row.body["attempts"]]
    for row in failed:
        _replay(world, row)
    world.jobs.enqueue("hooks-send", {"hook": hook_id})
    return {"replayed": len(failed)}


def ping(world: World, caller: Caller, hook_id: int) -> dict[str, Any]:
    """A call with the action PING, to see whether the other side answers: look at the delivery a moment later."""
    _read(world, caller, hook_id)
    now_ms = world.now_ms()
    operations = new_delivery(world, hook_id, f"{uuid.uuid4().hex}-ping", {"action": "PING", "at": now_ms}, now_ms)
    world.records.transact(operations)
    world.jobs.enqueue("hooks-send", {"hook": hook_id})
    made = operations[0]
    assert isinstance(made, Put)
    return _delivery(made.body)


def shown(row: Mapping[str, Any]) -> dict[str, Any]:
    """Without the secret. Headers are shown: whoever sees them may manage the project."""
    return {name: value for name, value in row.items() if name not in ("secret", "created_by")}


def _delivery(body: Mapping[str, Any]) -> dict[str, Any]:
    said = body["said"]
    names = ("task", "project")
    return {
        **{name: body[name] for name in ("id", "event", "state", "created_at", "attempts")},
        "action": said["action"],
        "about": {name: said[name] for name in names if name in said},
    }


def _replay(world: World, record: Record) -> Mapping[str, Any]:
    body = {**record.body, "state": "waiting", "round": 0}
    now_ms = world.now_ms()
    operations: list[Operation] = [
        Put(record.pk, record.sk, body, expires_at=now_ms // 1000 + KEPT_S),
        Put(*keys.delivery_due(body["hook"], now_ms, body["id"]), {"delivery": body["id"]}),
    ]
    world.records.transact(operations)  # an older row that says when it is due finds nothing to do
    return body


def _read(world: World, caller: Caller, hook_id: int) -> Record:
    auth.require_known(caller)
    record = world.records.get(*keys.hook(hook_id))
    if record is None:
        raise not_found("webhook", hook_id)
    if record.body["project"] is None:
        auth.require_deployment(caller, "own")
    else:
        auth.require(world, caller, record.body["project"], "manage")
    return record


def _summarize(world: World, project_id: int | None) -> None:
    if project_id is None:
        webhooks.summarize_all(world)
    else:
        webhooks.summarize(world, project_id)


def _check(world: World, row: Mapping[str, Any]) -> None:
    """The address is looked at again at each call; here only what can never work is refused."""
    try:
        parts = outgoing.check_url(row["url"])
        assert parts.hostname
        outgoing.check_literal(parts.hostname, world.allowed)
    except outgoing.Forbidden as error:
        hint = "Use a public address, or let the operator allow it: labelkite up --allow-host NAME."
        raise refuse(400, "bad-address", f"{error}.", where="field url", hint=hint) from None
    unknown = sorted(set(row["actions"]) - set(webhooks.ACTIONS))
    if unknown:
        listed = ", ".join(webhooks.ACTIONS)
        message = f"There is no event {unknown[0][:60]}."
        raise refuse(400, "bad-member", message, where="field actions", hint=f"Use some of {listed}.")
    if "THRESHOLD_REACHED" in row["actions"] and not row["every"]:
        hint = "Say after how many verified tasks, e.g. 100."
        raise refuse(400, "bad-member", "THRESHOLD_REACHED needs `every`.", where="field every", hint=hint)
    headers: Mapping[str, str] = row["headers"]
    if len(headers) > MAX_HEADERS:
        raise refuse(400, "bad-member", f"A webhook may have {MAX_HEADERS} headers.", where="field headers")
    for name, value in headers.items():
        plain = name.isascii() and name.replace("-", "").replace("_", "").isalnum() and len(name) <= 100
        fits = len(value) <= 2000 and all(32 <= ord(letter) < 127 for letter in value)
        if not plain or not fits or name.lower() in RESERVED_HEADERS or name.lower().startswith("x-labelkite-"):
            message = f"The header {name[:60]!r} cannot be sent."
            hint = "Names are ASCII letters, digits and -; values ASCII. Host, Content-Type and such are set here."
            raise refuse(400, "bad-member", message, where="field headers", hint=hint)
