"""
Annotations that were taken out of their task: listed for some days, and brought back by whoever changes their mind.

Their versions are never deleted. The row at the task holds what the state row knew of the annotation, the row at the
person is their list.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chalicelib import configs, keys, pausing, versions
from chalicelib.auth import Caller
from chalicelib.problems import refuse
from chalicelib.storage.ports import Check, Delete, Operation, Put, Record
from chalicelib.tasks import State, purpose_of
from chalicelib.times import iso
from chalicelib.world import World

KEPT_S = 30 * 24 * 3600
LISTED = 200
_Body = Mapping[str, Any]


def operations(
    world: World, caller: Caller, project: _Body, task: _Body, state: State, entry: dict[str, Any]
) -> list[Operation]:
    """Take the entry out of the state, off the person's list, and keep it where it is found again."""
    person, id_, now = entry["person"], entry["id"], world.clock()
    at_ms, until = int(now * 1000), int(now) + KEPT_S
    state.annotations.remove(entry)
    config = configs.load(world, project["id"], project["config_version"])
    title = configs.title_of(config, task["data"]) or f"Task {task['inner_id']}"
    shown = {"annotation": id_, "task": task["id"], "title": title, "person": person, "version": entry["version"]}
    shown |= {"removed_at": iso(now), "removed_by": caller.person, "until": iso(until)}
    gone: list[Operation] = [
        # It stays, so that whoever deletes the task finds the versions too.
        Put(*keys.removed(task["id"], id_), {**shown, "entry": entry, "at": at_ms, "end": until}),
        Put(*keys.removed_of(person, project["id"], at_ms, id_), shown, expires_at=until),
        Delete(*keys.draft(task["id"], person)),
    ]
    if entry["at"]:
        gone.append(Delete(*keys.finished(person, project["id"], entry["at"], task["id"])))
        gone += versions.counted(project["id"], person, -int(not entry["cancelled"]))
    return gone


def find(world: World, task_id: int, annotation_id: int) -> Record:
    """
    Raises:
        Refusal: 410 when it is in its task, or was removed too long ago.
    """
    row = world.records.get(*keys.removed(task_id, annotation_id))
    if row is None or row.body["end"] <= world.clock():
        raise refuse(
            410,
            "not-removed",
            "This annotation is not among the removed ones.",
            hint=f"They can be brought back for {KEPT_S // 86400} days.",
        )
    return row


def undo(world: World, project: _Body, task: _Body, state: State, row: Record) -> list[Operation]:
    """
    Put the entry back as it was. Where its person's work was discarded meanwhile, it is discarded too.

    Raises:
        Refusal: 409 when the person has answered the task anew since.
    """
    entry = dict(row.body["entry"])
    person = entry["person"]
    if state.annotation_of(person, purpose_of(entry)) is not None:
        raise refuse(
            409,
            "answered-anew",
            "This person has answered the task again meanwhile.",
            hint="Remove that answer first, or take over what you need from the old one.",
        )
    own = pausing.standing_when_back(world, project["id"], entry)
    state.annotations.append(entry)
    state.annotations.sort(key=lambda a: a["id"])
    back: list[Operation] = [
        Delete(row.pk, row.sk, expect=row.version),
        Delete(*keys.removed_of(person, project["id"], row.body["at"], entry["id"])),
    ]
    if entry["at"]:
        body = versions.stored(world, task["id"], entry["id"], entry["version"])
        config = configs.load(world, project["id"], project["config_version"])
        listing = versions.listing(config, task, body)
        back.append(Put(*keys.finished(person, project["id"], entry["at"], task["id"]), listing))
        back += versions.counted(project["id"], person, int(not entry["cancelled"] and not entry.get("discarded")))
    if own is not None:
        back.append(Check(*keys.standing(project["id"], person), expect=own.record_version))
    return back


def of_task(world: World, task_id: int) -> list[dict[str, Any]]:
    """Removed annotations of a task that can still be brought back, newest first."""
    rows = world.records.query(f"TASK#{task_id}", "REMOVED#", limit=LISTED, reverse=True).records
    kept = [row.body for row in rows if row.body["end"] > world.clock()]
    shown = [{k: v for k, v in body.items() if k not in ("entry", "at", "end")} for body in kept]
    return sorted(shown, key=lambda row: str(row["removed_at"]), reverse=True)


def has_answered(world: World, task_id: int, person: int, purpose: str) -> bool:
    """Whether an annotation of theirs that was made for this purpose was taken out of the task."""
    after = None
    while True:
        page = world.records.query(f"TASK#{task_id}", "REMOVED#", after=after, limit=LISTED)
        if any(row.body["person"] == person and purpose_of(row.body["entry"]) == purpose for row in page.records):
            return True
        if page.cursor is None:
            return False
        after = page.cursor


def of_person(world: World, project_id: int, person: int) -> list[dict[str, Any]]:
    """A person's removed annotations of a project, newest first."""
    prefix = keys.removed_prefix(project_id)
    rows = world.records.query(f"PERSON#{person}", prefix, limit=LISTED, reverse=True).records
    return [dict(row.body) for row in rows]
