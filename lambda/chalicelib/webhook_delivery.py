"""Webhooks, the outer side: what lies in a project's outbox is handed to its webhooks, and sent until it arrives.

hooks-out  reads the outbox of a project; each event becomes one delivery for each webhook that wants it.
hooks-send makes the calls of one webhook that are due. A call that fails is due again later, for a day.
tick       once a minute: looks for what was left behind by a process that ended at the wrong moment.

A delivery has a row with its attempts and, while it waits, a row in the order of when it is due. Taking it moves the
second row a minute on, so whoever else looks does not send it too, and a process that dies only makes it late.
"""

from __future__ import annotations

import hashlib
import hmac
import time
from collections.abc import Mapping
from typing import Any

from chalicelib import configs, keys, migration, outgoing, webhooks, write_back
from chalicelib.http import to_json
from chalicelib.storage.ports import ABSENT, Conflict, Delete, Job, Operation, Put, Record
from chalicelib.storage.walk import every
from chalicelib.times import iso
from chalicelib.world import World

BUDGET_S = 15.0
WAITS_S = (10, 30, 120, 600, 1800, 3600, 7200, 14400, 21600, 28800)
"""Between attempts; about 22 hours in all."""
LEASE_MS = 60_000
KEPT = 100
EXCERPT = 500
KEPT_S = 30 * 24 * 3600
TICK_S = 60
LONGEST_DELAY_S = 900  # of a queue on AWS; for longer waits the tick looks
PAGE = 50
FAILURES_IN_A_ROW = 3
DONE = ("delivered", "failed")


# -- from the outbox to deliveries


def hand_out(world: World, job: Job) -> None:
    """The job hooks-out, body `{"project"}`."""
    project_id = job.body["project"]
    hooks = webhooks.hooks_of(world, project_id)
    touched: set[int] = set()
    for shard in range(keys.SHARDS):
        pk = keys.outbox_shard(project_id, shard)
        while True:
            page = world.records.query(pk, limit=PAGE)
            for row in page.records:
                touched |= _hand_out(world, row, project_id, hooks)
            if page.cursor is None:
                break
    for hook_id in touched:
        world.jobs.enqueue("hooks-send", {"hook": hook_id})


def _hand_out(world: World, row: Record, project_id: int, hooks: list[Mapping[str, Any]]) -> set[int]:
    """
    Deliveries for every webhook, then the row goes. Run twice it makes a delivery twice, under the same event id.
    """
    touched: set[int] = set()
    made: list[Operation] = []
    now_ms = world.now_ms()
    for number, event in enumerate(row.body["events"]):
        event_id = f"{row.body['id']}-{number}"
        said = {**event, "project": project_id, "at": row.body["at"]}
        for hook in hooks:
            if webhooks.wants(hook, event["action"]):
                made += new_delivery(world, hook["id"], event_id, said, now_ms)
                touched.add(hook["id"])
            if event["action"] == "TASK_VERIFIED" and webhooks.wants(hook, "THRESHOLD_REACHED"):
                _count(world, hook, event_id, said, now_ms)
                touched.add(hook["id"])
    for start in range(0, len(made), 24):
        world.records.transact(made[start : start + 24])
    world.records.transact([Delete(row.pk, row.sk)])
    return touched


def _count(world: World, hook: Mapping[str, Any], event_id: str, said: Mapping[str, Any], now_ms: int) -> None:
    """Count a verified task for a webhook, once; every nth is an event of its own."""
    key = keys.hook_count(hook["id"])
    while True:
        record = world.records.get(*key)
        body: Mapping[str, Any] = record.body if record else {"verified": 0, "seen": []}
        if event_id in body["seen"]:
            return
        total = body["verified"] + 1
        counted = {"verified": total, "seen": [*body["seen"][-49:], event_id]}
        operations: list[Operation] = [Put(*key, counted, expect=record.version if record else ABSENT)]
        if total % hook["every"] == 0:
            reached = {**said, "action": "THRESHOLD_REACHED", "verified": total}
            operations += new_delivery(world, hook["id"], f"{event_id}-{total}", reached, now_ms)
        try:
            world.records.transact(operations)
        except Conflict:
            continue
        return


def new_delivery(world: World, hook_id: int, event_id: str, event: Mapping[str, Any], now_ms: int) -> list[Operation]:
    id_ = world.ids.one("delivery")
    body = {
        "id": id_,
        "hook": hook_id,
        "event": event_id,
        "said": dict(event),
        "state": "waiting",
        "created_at": iso(now_ms / 1000),
        "attempts": [],
        "round": 0,
    }
    expires_at = now_ms // 1000 + KEPT_S
    return [
        Put(*keys.delivery(hook_id, id_), body, expires_at=expires_at),
        Put(*keys.delivery_due(hook_id, now_ms, id_), {"delivery": id_}),
    ]


# -- sending


def send(world: World, job: Job) -> None:
    """The job hooks-send, body `{"hook"}`: what is due, for BUDGET_S at most."""
    hook_id = job.body["hook"]
    until = time.monotonic() + BUDGET_S
    failures = 0
    while failures < FAILURES_IN_A_ROW and time.monotonic() < until:
        record = world.records.get(*keys.hook(hook_id))
        if record is None:
            _forget(world, hook_id)
            return
        page = world.records.query(f"HOOK#{hook_id}", "DUE#", limit=1)
        due_ms = int(page.records[0].sk.split("#")[1]) if page.records else None
        if due_ms is None or due_ms > world.now_ms():
            _trim(world, hook_id)
            if due_ms is not None:
                _plan(world, hook_id, (due_ms - world.now_ms()) / 1000)
            return
        taken = _take(world, hook_id, page.records[0])
        if taken is not None:
            failures = 0 if _attempt(world, record.body, *taken) else failures + 1
    _trim(world, hook_id)
    _plan(world, hook_id, 10 if failures else 0)


def _plan(world: World, hook_id: int, wait_s: float) -> None:
    """One more run after `wait_s`, unless one is planned until then. For long waits the tick does it."""
    if wait_s <= 0:
        world.jobs.enqueue("hooks-send", {"hook": hook_id})
        return
    if wait_s > LONGEST_DELAY_S:
        return
    now, delay_s = world.clock(), int(wait_s) + 1
    record = world.records.get(*keys.hook_plan(hook_id))
    if record is not None and now < record.body["at"] <= now + delay_s:
        return
    try:
        expect = record.version if record else ABSENT
        world.records.transact([Put(*keys.hook_plan(hook_id), {"at": now + delay_s}, expect=expect)])
    except Conflict:
        return
    world.jobs.enqueue("hooks-send", {"hook": hook_id}, delay_s=delay_s)


def _take(world: World, hook_id: int, row: Record) -> tuple[Record, Put] | None:
    """Move the due row on, so that nobody else sends it meanwhile; None when somebody else did, or it is over."""
    delivery = world.records.get(*keys.delivery(hook_id, row.body["delivery"]))
    later = Put(*keys.delivery_due(hook_id, world.now_ms() + LEASE_MS, row.body["delivery"]), row.body)
    gone = Delete(row.pk, row.sk, expect=row.version)
    try:
        if delivery is None or delivery.body["state"] != "waiting":
            world.records.transact([gone])
            return None
        world.records.transact([gone, later])
    except Conflict:
        return None
    return delivery, later


def _attempt(world: World, hook: Mapping[str, Any], delivery: Record, taken: Put) -> bool:
    """Call once, and write down what came of it. Whether it arrived."""
    body = dict(delivery.body)
    begun, at = time.monotonic(), world.clock()
    status, told = 0, ""
    if not hook["is_active"]:
        told, body["state"] = "The webhook is switched off", "failed"
    else:
        try:
            content = to_json(payload(world, hook, body)).encode()
            reply = outgoing.post(hook["url"], content, _headers(hook, body, content, at), world.allowed)
            status, told = reply.status, reply.body[: EXCERPT * 4].decode("utf-8", "replace")
            if 300 <= status < 400:
                told = f"Redirects are not followed. To {reply.headers.get('location', 'nowhere')}"
        except (outgoing.Forbidden, outgoing.Unreachable) as error:
            told = f"{error}."
    attempt = {
        "at": iso(at),
        "status": status,
        "ms": round((time.monotonic() - begun) * 1000),
        "excerpt": told[:EXCERPT],
    }
    body["attempts"] = [*body["attempts"][-19:], attempt]
    arrived = 200 <= status < 300
    operations: list[Operation] = [Delete(taken.pk, taken.sk)]
    if arrived:
        body["state"] = "delivered"
    elif body["state"] == "waiting":
        if body["round"] < len(WAITS_S):
            due_ms = int((at + WAITS_S[body["round"]]) * 1000)
            operations.append(Put(*keys.delivery_due(hook["id"], due_ms, body["id"]), {"delivery": body["id"]}))
            body["round"] += 1
        else:
            body["state"] = "failed"
    expires_at = int(at) + KEPT_S
    operations.append(Put(delivery.pk, delivery.sk, body, expires_at=expires_at))
    world.records.transact(operations)
    return arrived


def _headers(hook: Mapping[str, Any], delivery: Mapping[str, Any], content: bytes, at: float) -> dict[str, str]:
    return {
        **hook["headers"],
        "Content-Type": "application/json",
        "User-Agent": "Labelkite-Webhook/1",
        "X-Labelkite-Event": delivery["event"],
        "X-Labelkite-Action": delivery["said"]["action"],
        "X-Labelkite-Signature": signature(hook["secret"], int(at), content),
    }


def signature(secret: str, at: int, content: bytes) -> str:
    """`t=<seconds since 1970>,v1=<HMAC-SHA256 of "t.body" in hex>`."""
    digest = hmac.new(secret.encode(), f"{at}.".encode() + content, hashlib.sha256).hexdigest()
    return f"t={at},v1={digest}"


def _trim(world: World, hook_id: int) -> None:
    """Of deliveries that are done keep the newest; those that wait stay."""
    page = world.records.query(f"HOOK#{hook_id}", "DELIVERY#", limit=KEPT, reverse=True)
    if page.cursor is None:
        return
    older = world.records.query(f"HOOK#{hook_id}", "DELIVERY#", after=page.cursor, limit=KEPT, reverse=True)
    gone = [Delete(row.pk, row.sk) for row in older.records if row.body["state"] in DONE]
    for start in range(0, len(gone), 25):
        world.records.transact(gone[start : start + 25])


def _forget(world: World, hook_id: int) -> None:
    """Everything of a webhook that was deleted."""
    while True:
        page = world.records.query(f"HOOK#{hook_id}", limit=25)
        if page.records:
            world.records.transact([Delete(row.pk, row.sk) for row in page.records])
        if page.cursor is None:
            return


# -- what is said


def payload(world: World, hook: Mapping[str, Any], delivery: Mapping[str, Any]) -> dict[str, Any]:
    """Label Studio's members for its events; `event` and `sent_for` are ours, and so are other events."""
    said = delivery["said"]
    body: dict[str, Any] = {
        "action": said["action"],
        "event": delivery["event"],
        "happened_at": iso(said["at"] / 1000),
    }
    if not hook["send_payload"] or said["action"] == "PING":
        return body
    project = world.records.get(*keys.project(said["project"]))
    if project is None:
        return {**body, "project": {"id": said["project"]}}
    body["project"] = _project(world, project.body)
    if said["action"] == "ANNOTATIONS_CREATED":
        body |= _imported(world, project.body, said["tasks"])
    elif "tasks" in said:
        body["tasks"] = _tasks(world, said["tasks"], whole=said["action"] == "TASKS_CREATED")
    if "annotations" in said:
        body["annotations"] = said["annotations"]
    if "annotation" in said:
        reference = said["annotation"]
        row = world.records.get(*keys.annotation(reference["id"], reference["version"]))
        shown = [dict(row.body)] if row else [{"id": reference["id"]}]
        if row:
            shown = migration.bodies(world, project.body["id"], shown, project.body["config_version"])
        body["annotation"] = shown[0]
    if "task" in said:
        body["task"] = next(iter(_tasks(world, [said["task"]], whole=True)), {"id": said["task"]})
        if said["action"] in webhooks.OURS:
            consensus = world.records.get(*keys.consensus(said["task"]))
            body["consensus"] = _consensus(consensus.body) if consensus else None
    for name in ("why", "verified"):
        if name in said:
            body[name] = said[name]
    return body


def _imported(world: World, project: Mapping[str, Any], ids: list[int]) -> dict[str, Any]:
    """The annotations that tasks were imported with, and these tasks: lists, under the names of a single one."""
    with_them: list[int] = []
    bodies: list[dict[str, Any]] = []
    for start in range(0, len(ids), 100):
        found = world.records.get_many([keys.state(id_) for id_ in ids[start : start + 100]])
        for key in (key for id_ in ids[start : start + 100] if (key := keys.state(id_)) in found):
            state = found[key].body
            brought = [keys.annotation(a["id"], 1) for a in state["annotations"] if not a["at"]][:100]
            rows = world.records.get_many(brought) if brought else {}
            mine = [dict(row.body) for row in rows.values() if row.body["last_action"] == "imported"]
            with_them += [state["task"]] if mine else []
            bodies += sorted(mine, key=lambda body: int(body["id"]))
    shown = migration.bodies(world, project["id"], bodies, project["config_version"])
    return {"annotation": shown, "task": _tasks(world, with_them, whole=True)}


def _project(world: World, row: Mapping[str, Any]) -> dict[str, Any]:
    config = configs.load(world, row["id"], row["config_version"]) if not row.get("deleted_at") else None
    names = ("id", "title", "description", "expert_instruction", "maximum_annotations", "created_at", "config_version")
    shown = {name: row.get(name) for name in names}
    return {**shown, "label_config": config.label_config} if config else shown


def _tasks(world: World, ids: list[int], *, whole: bool) -> list[dict[str, Any]]:
    if not whole:
        return [{"id": id_} for id_ in ids]
    shown = []
    for start in range(0, len(ids), 100):
        found = world.records.get_many([keys.task(id_) for id_ in ids[start : start + 100]])
        for id_ in ids[start : start + 100]:
            row = found.get(keys.task(id_))
            names = ("id", "inner_id", "project", "data", "meta", "created_at")
            shown.append({name: row.body.get(name) for name in names} if row else {"id": id_})
    return shown


def _consensus(body: Mapping[str, Any]) -> dict[str, Any]:
    return {name: body.get(name) for name in ("agreement", "reason", "made_from", "result")}


# -- looking for what was left behind


def tick(world: World, job: Job | None = None) -> None:
    """
    The job hooks-tick: goes on while there is a webhook or a target. Any number may be begun; all but one end soon.

    Args:
        job: its body has `start` when it begins a new chain; None: called by a schedule of the host's.
    """
    record = world.records.get(*keys.TICK)
    now = world.clock()
    if job is not None and not job.body.get("start") and record is not None and record.body["next_at"] > now:
        return  # another one has been here
    if not sweep(world) + write_back.sweep(world):
        return
    try:
        expect = record.version if record else ABSENT
        world.records.transact([Put(*keys.TICK, {"next_at": now + TICK_S}, expect=expect)])
    except Conflict:
        return
    world.jobs.enqueue("hooks-tick", {}, delay_s=TICK_S + 1)


def sweep(world: World) -> int:
    """Wake everything that is due and that nobody may be looking after. The number of webhooks."""
    hooks = [row.body for row in every(world.records, keys.HOOKS)]
    for hook in hooks:
        due = world.records.query(f"HOOK#{hook['id']}", "DUE#", limit=1).records
        if due and int(due[0].sk.split("#")[1]) <= world.now_ms():
            world.jobs.enqueue("hooks-send", {"hook": hook["id"]})
    for project_id in _projects(world, hooks):
        if any(world.records.query(keys.outbox_shard(project_id, n), limit=1).records for n in range(keys.SHARDS)):
            world.jobs.enqueue("hooks-out", {"project": project_id})
    return len(hooks)


def _projects(world: World, hooks: list[Mapping[str, Any]]) -> list[int]:
    found = {hook["project"] for hook in hooks if hook["project"]}
    if any(not hook["project"] for hook in hooks):
        found |= {row.body["id"] for row in every(world.records, keys.PROJECTS)}
    return sorted(found)


def register(world: World) -> None:
    world.jobs.handle("hooks-out", lambda job: hand_out(world, job))
    world.jobs.handle("hooks-send", lambda job: send(world, job), lane="hooks")
    world.jobs.handle("hooks-tick", lambda job: tick(world, job))
