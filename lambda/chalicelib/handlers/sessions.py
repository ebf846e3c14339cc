"""Joining by a link, and who one is afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalicelib import audit, auth, keys, sessions
from chalicelib.auth import Caller
from chalicelib.handlers import invites
from chalicelib.http import Answer
from chalicelib.problems import refuse
from chalicelib.storage.ports import Conflict, Operation, Put
from chalicelib.times import iso
from chalicelib.world import World

if TYPE_CHECKING:
    from chalicelib.models_people import Join

TRIES = 50


def join(world: World, caller: Caller, body: Join, *, secure: bool, agent: str = "") -> Answer:
    """
    Open an invite: a browser that is known keeps its person, any other becomes a new one.

    A link that makes an owner of the deployment starts a new session, so that an old cookie gains nothing.
    """
    person = 0
    for _ in range(TRIES):
        invite, project = invites.opened(world, body.invite)
        invites.require_address(caller, invite.body, body.email)
        operations: list[Operation] = []
        headers: dict[str, str] = {}
        joining = caller
        if not caller.known:
            if not body.name:
                raise refuse(
                    400,
                    "name-needed",
                    "Please type your name.",
                    where="name",
                    hint="It is shown to the owner beside your work.",
                )
            person = person or world.ids.one("person")
            joining = Caller(person, body.name, "owner" if project is None else "annotator")
            operations.append(Put(*keys.person(person), _profile(joining, world.clock()), expect=0))
        elif project is None and not caller.is_owner:
            profile = world.records.get(*keys.person(caller.person))
            kept = profile.body if profile else _profile(caller, world.clock())
            joining = Caller(caller.person, caller.name, "owner", email=caller.email)
            row = {**kept, "role": "owner"}
            operations.append(Put(*keys.person(caller.person), row, expect=profile.version if profile else 0))
            operations += sessions.end(world, caller.session) if caller.session else []
        given = invites.admit(world, joining, invite, project)
        if joining is not caller:
            token, made = sessions.new(
                world, joining.person, joining.name, joining.role, email=joining.email, agent=agent
            )
            operations += made
            headers = {"Set-Cookie": auth.cookie_header(token, secure=secure)}
        try:
            if operations or given:
                world.records.transact([*operations, *given])
        except Conflict:
            continue
        shown = who(world, joining)
        if project is not None:
            shown["project"] = {"id": project["id"], "title": project["title"]}
        return Answer(shown, 201, headers)
    raise Conflict(*keys.invite_uses(0), expected=0, found=0)


def _profile(caller: Caller, now: float) -> dict[str, Any]:
    return {"id": caller.person, "name": caller.name, "role": caller.role, "created_at": iso(now)}


def who(world: World, caller: Caller) -> dict[str, Any]:
    """The caller, and the projects they may open (at most a hundred)."""
    auth.require_known(caller)
    projects = auth.projects_of(world, caller)
    return {
        "person": {"id": caller.person, "name": caller.name, "role": caller.role},
        "projects": [
            {"id": id_, "title": seen.project["title"], "role": seen.role, "may": sorted(seen.may)}
            for id_, seen in sorted(projects.items())
        ],
    }


def listed(world: World, caller: Caller) -> dict[str, Any]:
    """The caller's browsers that are signed in."""
    auth.require_known(caller)
    return {"sessions": sessions.listed(world, caller.person, caller.session)}


def leave(world: World, caller: Caller, *, secure: bool, everywhere: bool = False) -> Answer:
    """End the session, or all of the person's; leaving twice is no fault."""
    if everywhere:
        auth.require_known(caller)
        if not caller.session:
            raise refuse(
                403, "no-session", "An API token ends no sessions.", hint="Sign in with a browser, or revoke the token."
            )
        ended = sessions.end_all(world, caller.person)
        audit.write(world, caller, audit.DEPLOYMENT, "signed out everywhere", {"sessions": ended})
    elif caller.session:
        operations = sessions.end(world, caller.session)
        if operations:
            world.records.transact(operations)
    return Answer(None, 204, {"Set-Cookie": auth.cookie_header("", secure=secure, max_age_s=0)})
