"""Invite links: made and switched off by owners, opened by whoever has one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from chalicelib import auth, keys, tokens
from chalicelib.auth import Caller, link_problem
from chalicelib.problems import not_found
from chalicelib.storage.ports import Put
from chalicelib.times import iso
from chalicelib.tokens import InviteToken
from chalicelib.world import World

if TYPE_CHECKING:
    from chalicelib.models import NewInvite, PreviewInvite

DAY_S = 24 * 3600


def create(world: World, caller: Caller, project_id: int, body: NewInvite, origin: str) -> dict[str, Any]:
    auth.require_member(world, caller, project_id)
    token = make(world, role=body.role, project_id=project_id, days=body.days, created_by=caller.person)
    return {"id": token.id, "url": url_of(origin, token), "token": token.text, "expires_at": iso(token.expires_at)}


def make(world: World, *, role: str, project_id: int | None, days: int, created_by: int) -> InviteToken:
    """A new invite; its token exists only in the returned value."""
    now = world.clock()
    token = tokens.new_invite(world.secret, world.ids.one("invite"), int(now) + days * DAY_S)
    row = {
        "id": token.id,
        "role": role,
        "project": project_id,
        "hash": tokens.digest(token.text),
        "created_at": iso(now),
        "created_by": created_by,
        "expires_at": token.expires_at,
        "revoked": False,
    }
    place = keys.project_invite(project_id, token.id) if project_id else (keys.OWNER_INVITES, keys.number(token.id))
    world.records.transact([Put(*keys.invite(token.id), row, expect=0), Put(*place, {"id": token.id}, expect=0)])
    return token


def url_of(origin: str, token: InviteToken) -> str:
    """The token is in the fragment, which browsers send to no server and write into no log."""
    return f"{origin.rstrip('/')}/join#{token.text}"


def listed(world: World, caller: Caller, project_id: int) -> dict[str, Any]:
    auth.require_member(world, caller, project_id)
    page = world.records.query(f"PROJECT#{project_id}", "INVITE#", limit=100, reverse=True)
    found = world.records.get_many([keys.invite(row.body["id"]) for row in page.records])
    rows = [found[key].body for row in page.records if (key := keys.invite(row.body["id"])) in found]
    return {"invites": [_shown(row) for row in rows]}


def _shown(row: Mapping[str, Any]) -> dict[str, Any]:
    shown = {name: row[name] for name in ("id", "role", "created_at", "revoked")}
    return {**shown, "expires_at": iso(row["expires_at"])}


def revoke(world: World, invite_id: int) -> None:
    record = world.records.get(*keys.invite(invite_id))
    if record is None:
        raise not_found("invite", invite_id)
    world.records.transact([Put(*keys.invite(invite_id), {**record.body, "revoked": True}, expect=record.version)])


def preview(world: World, caller: Caller, body: PreviewInvite) -> dict[str, Any]:
    """What a link leads to, before anybody joins."""
    row, project = opened(world, body.invite)
    shown = None
    if project is not None:
        shown = {"id": project["id"], "title": project["title"], "instructions": project["expert_instruction"]}
    return {"project": shown, "role": row["role"], "needs_name": not caller.known}


def opened(world: World, text: str) -> tuple[Mapping[str, Any], Mapping[str, Any] | None]:
    """
    The invite of a token, and its project (None for a link to the whole deployment).

    Raises:
        Refusal: in words for the person who opened the link.
    """
    token = tokens.read_invite(world.secret, text)
    record = world.records.get(*keys.invite(token.id)) if token else None
    if token is None or record is None or not tokens.same(record.body["hash"], tokens.digest(token.text)):
        raise link_problem("link-unknown")
    if token.expires_at <= world.clock():
        raise link_problem("link-expired")
    if record.body["revoked"]:
        raise link_problem("link-revoked")
    if record.body["project"] is None:
        return record.body, None
    project = world.records.get(*keys.project(record.body["project"]))
    if project is None or project.body.get("deleted_at"):
        raise link_problem("link-project-gone")
    return record.body, project.body
