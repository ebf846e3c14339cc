"""What the list of projects tells beside their progress: who works today, the last day of work, what waits."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime
from typing import Any

from chalicelib import auth, jobs, keys, standing
from chalicelib.auth import Caller
from chalicelib.problems import refuse
from chalicelib.world import World

MOST = 50
DAYS = 1000
"""Rows of days that are read together; of projects with more of them each person's last one is looked up."""
MOST_PEOPLE = 200
JOBS = 20
IMPORTS = ("import", "sync")


def listed(world: World, caller: Caller, ids: Collection[int]) -> dict[str, Any]:
    """
    `{"projects": [{"id", "managed", "people_today", "last_day", "paused_people", "refused", "refused_job"}]}`; a day is
    like 2026-11-22 (UTC), null before the first answer. managed: by the caller. refused: entries that the newest
    import by a job refused. Projects that the caller may not read are left out.
    """
    auth.require_known(caller)
    if len(ids) > MOST:
        raise refuse(400, "bad-parameter", f"At most {MOST} projects at once.", where="parameter projects")
    today = datetime.fromtimestamp(world.clock(), UTC).date().isoformat()
    readable = [id_ for id_ in sorted(ids) if auth.allowed(world, caller, id_, "read")]
    return {"projects": [_one(world, caller, id_, today) for id_ in readable]}


def _one(world: World, caller: Caller, project_id: int, today: str) -> dict[str, Any]:
    days = _days(world, project_id)
    stands = standing.of_everybody(world, project_id)
    refused, job = _refused(world, project_id)
    return {
        "id": project_id,
        "managed": auth.allowed(world, caller, project_id, "manage"),
        "people_today": sum(day == today for day in days.values()),
        "last_day": max(days.values(), default=None),
        "paused_people": sum(bool(own.paused) for own in stands.values()),
        "refused": refused,
        "refused_job": job,
    }


def _days(world: World, project_id: int) -> dict[str, str]:
    """The last day of everybody who has worked, by person."""
    pk = keys.day_counts(project_id)
    page = world.records.query(pk, limit=DAYS)
    last = {person: day for row in page.records for person, _, day in [row.sk.partition("#")]}  # in their order
    if page.cursor is None:
        return last
    members = world.records.query(f"MEMBERS#{project_id}", "COUNT#", limit=MOST_PEOPLE).records
    for row in members:
        person = row.sk.partition("#")[2]
        for newest in world.records.query(pk, f"{person}#", limit=1, reverse=True).records:
            last[person] = newest.sk.partition("#")[2]
    return last


def _refused(world: World, project_id: int) -> tuple[int, int | None]:
    """Of the newest import that was a job."""
    rows = world.records.query(f"JOBS#{project_id}", limit=JOBS, reverse=True).records
    found = world.records.get_many([keys.job(row.body["job"]) for row in rows])
    for row in rows:
        record = found.get(keys.job(row.body["job"]))
        if record is not None and record.body["kind"] in IMPORTS and record.body["state"] in jobs.FINAL:
            told = [p for p in record.body["problems"] if p.get("severity") != "warning" and p["code"] != "duplicate"]
            count = (record.body["result"] or {}).get("refused_count", len(told))
            return count, record.body["id"] if count else None
    return 0, None
