"""Reading the audit log: a project's for its managers, the deployment's for its owners."""

from __future__ import annotations

from typing import Any

from chalicelib import audit, auth, keys
from chalicelib.auth import Caller
from chalicelib.times import iso
from chalicelib.world import World


def of_project(world: World, caller: Caller, project_id: int, *, day: str, after: str) -> dict[str, Any]:
    project = auth.require(world, caller, project_id, "manage")
    return audit.listed(world, project_id, since=project["created_at"], day=day, after=after)


def of_deployment(world: World, caller: Caller, *, day: str, after: str) -> dict[str, Any]:
    """What belongs to no one project."""
    auth.require_deployment(caller, "own")
    first = world.records.query(keys.OWNER_INVITES, limit=1).records
    made = world.records.get(*keys.invite(first[0].body["id"])) if first else None
    since = made.body["created_at"] if made else iso(world.clock())
    return audit.listed(world, audit.DEPLOYMENT, since=since, day=day, after=after)
