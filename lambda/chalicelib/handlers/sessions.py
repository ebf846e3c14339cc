"""Joining by a link, and who one is afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from chalicelib import auth, keys
from chalicelib.auth import Caller, Role
from chalicelib.handlers import invites
from chalicelib.http import Answer
from chalicelib.problems import refuse
from chalicelib.storage.ports import Add, Delete, Operation, Put
from chalicelib.times import iso
from chalicelib.world import World

if TYPE_CHECKING:
    from chalicelib.models import Join


def join(world: World, caller: Caller, body: Join, *, secure: bool) -> Answer:
    """
    Open an invite: a browser that is known keeps its person, any other becomes a new one.

    A link that gives more than the session has (an owner's) starts a new session, so that an old cookie gains nothing.
    """
    invite, project = invites.opened(world, body.invite)
    operations: list[Operation] = [Add(*keys.invite_uses(invite["id"]), {"uses": 1})]
    role = cast(Role, invite["role"])
    headers = {}
    if not caller.known:
        if not body.name:
            raise refuse(
                400,
                "name-needed",
                "Please type your name.",
                where="name",
                hint="It is shown to the owner beside your work.",
            )
        caller = Caller(world.ids.one("person"), body.name, role)
        operations.append(Put(*keys.person(caller.person), _profile(caller, world.clock()), expect=0))
        headers = _start(world, caller, operations, secure)
    elif role == "owner" and not caller.is_owner:
        if caller.session:
            operations.append(Delete(*keys.session(caller.session)))
        caller = Caller(caller.person, caller.name, role)
        operations.append(Put(*keys.person(caller.person), _profile(caller, world.clock())))
        headers = _start(world, caller, operations, secure)
    if project is not None:
        member = {
            "person": caller.person,
            "name": caller.name,
            "role": role,
            "project": project["id"],
            "joined_at": iso(world.clock()),
        }
        operations.append(Put(*keys.membership(caller.person, project["id"]), member))
        operations.append(Put(*keys.member(project["id"], caller.person), member))
    world.records.transact(operations)
    shown = who(world, caller)
    if project is not None:
        shown["project"] = {"id": project["id"], "title": project["title"]}
    return Answer(shown, 201, headers)


def _profile(caller: Caller, now: float) -> dict[str, Any]:
    return {"id": caller.person, "name": caller.name, "role": caller.role, "created_at": iso(now)}


def _start(world: World, caller: Caller, operations: list[Operation], secure: bool) -> dict[str, str]:
    token, put = auth.new_session(world, caller.person, caller.name, caller.role)
    operations.append(put)
    return {"Set-Cookie": auth.cookie_header(token, secure=secure)}


def who(world: World, caller: Caller) -> dict[str, Any]:
    """The caller, and the projects they may open (at most a hundred)."""
    auth.require_known(caller)
    if caller.is_owner:
        page = world.records.query(keys.PROJECTS, limit=100)
        ids = [row.body["id"] for row in page.records]
    else:
        page = world.records.query(f"PERSON#{caller.person}", "MEMBER#", limit=100)
        ids = [row.body["project"] for row in page.records]
    found = world.records.get_many([keys.project(id_) for id_ in ids])
    projects = [found[key].body for id_ in ids if (key := keys.project(id_)) in found]
    return {
        "person": {"id": caller.person, "name": caller.name, "role": caller.role},
        "projects": [{"id": p["id"], "title": p["title"]} for p in projects if not p.get("deleted_at")],
    }


def leave(world: World, caller: Caller, *, secure: bool) -> Answer:
    """End the session; leaving twice is no fault."""
    if caller.session:
        world.records.transact([Delete(*keys.session(caller.session))])
    return Answer(None, 204, {"Set-Cookie": auth.cookie_header("", secure=secure, max_age_s=0)})
