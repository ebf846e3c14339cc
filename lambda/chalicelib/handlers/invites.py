"""Invite links: made and switched off by those who manage a project, opened by whoever has one."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from chalicelib import access, audit, auth, keys, oidc, tokens
from chalicelib.auth import Caller, link_problem
from chalicelib.handlers import people
from chalicelib.problems import not_found, refuse
from chalicelib.storage.ports import Add, Check, Operation, Put, Record
from chalicelib.times import iso
from chalicelib.tokens import InviteToken
from chalicelib.world import World

if TYPE_CHECKING:
    from chalicelib.models_people import NewInvite, PreviewInvite

DAY_S = 24 * 3600


def create(world: World, caller: Caller, project_id: int, body: NewInvite, origin: str) -> dict[str, Any]:
    auth.require(world, caller, project_id, people.needed_for(body.role))
    token = make(
        world, role=body.role, project_id=project_id, days=body.days, created_by=caller.person,
        max_uses=body.max_uses, email=body.email or "", caller=caller,
    )  # fmt: skip
    return {"id": token.id, "url": url_of(origin, token), "token": token.text, "expires_at": iso(token.expires_at)}


def make(
    world: World,
    *,
    role: str,
    project_id: int | None,
    days: int,
    created_by: int,
    max_uses: int | None = None,
    email: str = "",
    caller: Caller = auth.NOBODY,
) -> InviteToken:
    """A new invite; its token exists only in the returned value. `project_id` None: a link to the whole deployment."""
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
        "max_uses": max_uses,
        "email": email,
    }
    place = keys.project_invite(project_id, token.id) if project_id else (keys.OWNER_INVITES, keys.number(token.id))
    about = {"invite": token.id, "role": role, "days": days, "max_uses": max_uses, "email": email}
    operations: list[Operation] = [
        Put(*keys.invite(token.id), row, expect=0),
        Put(*place, {"id": token.id}, expect=0),
        audit.operation(world, caller, project_id or audit.DEPLOYMENT, "invite made", about),
    ]
    if email:
        bound = keys.address_invite(address_hash(email), token.id)
        operations.append(Put(*bound, {"id": token.id}, expect=0, expires_at=token.expires_at))
    world.records.transact(operations)
    return token


def address_hash(email: str) -> str:
    return hashlib.sha256(email.strip().lower().encode()).hexdigest()


def url_of(origin: str, token: InviteToken) -> str:
    """The token is in the fragment, which browsers send to no server and write into no log."""
    return f"{origin.rstrip('/')}/join#{token.text}"


def listed(world: World, caller: Caller, project_id: int) -> dict[str, Any]:
    """Newest first, with the uses and with the people who have their place in the project by it."""
    auth.require(world, caller, project_id, "manage")
    page = world.records.query(f"PROJECT#{project_id}", "INVITE#", limit=100, reverse=True)
    ids = [row.body["id"] for row in page.records]
    found = world.records.get_many([keys.invite(id_) for id_ in ids])
    used = world.records.get_many([keys.invite_uses(id_) for id_ in ids])
    joined: dict[int, list[dict[str, Any]]] = {}
    for row in people.members(world, project_id):
        shown = {"id": row["person"], "name": row["name"], "joined_at": row["joined_at"]}
        joined.setdefault(row.get("invite", 0), []).append(shown)
    return {
        "invites": [
            {
                **_shown(found[keys.invite(id_)].body),
                "uses": used[key].body.get("uses", 0) if (key := keys.invite_uses(id_)) in used else 0,
                "people": joined.get(id_, []),
            }
            for id_ in ids
            if keys.invite(id_) in found
        ]
    }


def _shown(row: Mapping[str, Any]) -> dict[str, Any]:
    shown = {name: row[name] for name in ("id", "role", "created_at", "revoked")}
    more = {"max_uses": row.get("max_uses"), "email": row.get("email") or None}
    return {**shown, **more, "expires_at": iso(row["expires_at"])}


def revoke(world: World, caller: Caller, invite_id: int, *, and_people: bool) -> None:
    """No more joins; with `and_people` those who have their place by it lose it at once, except the caller."""
    record = world.records.get(*keys.invite(invite_id))
    if record is None:
        raise not_found("invite", invite_id)
    project_id = record.body["project"]
    if project_id is None:
        auth.require_deployment(caller, "own")
    else:
        auth.require_access(
            world, caller, project_id, people.needed_for(record.body["role"]), kind="invite", shown=invite_id
        )
    about = {"invite": invite_id, "and_people": and_people}
    world.records.transact(
        [
            Put(record.pk, record.sk, {**record.body, "revoked": True}, expect=record.version),
            audit.operation(world, caller, project_id or audit.DEPLOYMENT, "invite revoked", about),
        ]
    )
    if and_people:
        people.end_of_invite(world, caller, project_id, invite_id)


def preview(world: World, caller: Caller, body: PreviewInvite) -> dict[str, Any]:
    """What a link leads to, before anybody joins."""
    record, project = opened(world, body.invite)
    row, shown = record.body, None
    if project is not None:
        shown = {"id": project["id"], "title": project["title"], "instructions": project["expert_instruction"]}
    answer = {
        "project": shown,
        "role": row["role"],
        "may": sorted(access.of_role(row["role"])),
        "needs_name": not caller.known,
    }
    if row.get("email") and row["email"] != caller.email:
        answer |= {"bound_to": _masked(row["email"]), "needs": "sign-in" if oidc.settings() else "email"}
    return answer


def _masked(email: str) -> str:
    """Enough for its owner to know which of their addresses is meant."""
    name, _, domain = email.partition("@")
    return f"{name[0]}…@{domain}"


def require_address(caller: Caller, invite: Mapping[str, Any], given: str) -> None:
    """
    Whether the caller is the person whom the invite is for: by the address that the provider vouched for, or, where
    no sign-in is set up, by knowing it.
    """
    email = invite.get("email")
    if not email or email == caller.email:
        return
    if oidc.settings() is not None:
        raise refuse(
            403,
            "sign-in-needed",
            f"This link is for {_masked(email)} only.",
            hint="Sign in with that address first."
            if not caller.email
            else f"You are signed in as {caller.email}; sign in with the address that the link was sent to.",
        )
    if not tokens.same(given.strip().lower(), email):
        raise refuse(
            403,
            "address-needed",
            f"This link is for {_masked(email)} only.",
            where="email",
            hint="Type the mail address that the link was sent to.",
        )


def opened(world: World, text: str) -> tuple[Record, Mapping[str, Any] | None]:
    """
    The invite of a token, and its project (None for a link to the whole deployment).

    Raises:
        Refusal: in words for the person who opened the link.
    """
    token = tokens.read_invite(world.secret, text)
    record = world.records.get(*keys.invite(token.id)) if token else None
    if token is None or record is None or not tokens.same(record.body["hash"], tokens.digest(token.text)):
        raise link_problem("link-unknown")
    return record, usable(world, record.body)


def usable(world: World, invite: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The project of an invite that still works. Raises what `opened` does."""
    if invite["expires_at"] <= world.clock():
        raise link_problem("link-expired")
    if invite["revoked"]:
        raise link_problem("link-revoked")
    if invite["project"] is None:
        return None
    project = world.records.get(*keys.project(invite["project"]))
    if project is None or project.body.get("deleted_at"):
        raise link_problem("link-project-gone")
    if project.body.get("archived_at"):
        raise link_problem("link-archived")
    return project.body


def admit(world: World, caller: Caller, invite: Record, project: Mapping[str, Any] | None) -> list[Operation]:
    """
    Operations (at most six) that give the caller what an invite gives; none for who has it already. A role is never
    lowered by a link. The invite itself is checked in the same transaction, so nobody joins after it was revoked.

    Raises:
        Refusal: the invite is used up, or the person was removed.
    """
    row = invite.body
    asked = [keys.joined_by(row["id"], caller.person), keys.invite_uses(row["id"])]
    if project is not None:
        asked += [keys.membership(caller.person, project["id"]), keys.left(project["id"], caller.person)]
    found = world.records.get_many(asked)
    joined, uses = found.get(asked[0]), found.get(asked[1])
    member = found.get(asked[2]) if project is not None else None
    left = found.get(asked[3]) if project is not None else None
    if (joined is not None and joined.body.get("removed")) or (left and row["id"] < left.body["invites_until"]):
        raise link_problem("link-removed")
    if joined is not None and (member is not None if project is not None else caller.is_owner):
        return []
    now = iso(world.clock())
    about = {"invite": row["id"], "role": row["role"]}
    operations: list[Operation] = [
        Check(invite.pk, invite.sk, invite.version),
        _used(row, uses),
        Put(*asked[0], {"person": caller.person, "at": now}),
        audit.operation(world, caller, row["project"] or audit.DEPLOYMENT, "joined", about),
    ]
    if project is not None:
        operations += people.put_member(world, caller.person, caller.name, project["id"], row, member)
    return operations


def _used(invite: Mapping[str, Any], uses: Record | None) -> Operation:
    """Counted exactly where the number matters; elsewhere many may join at the same moment."""
    key, most = keys.invite_uses(invite["id"]), invite.get("max_uses")
    if most is None:
        return Add(*key, {"uses": 1})
    so_far = uses.body["uses"] if uses else 0
    if so_far >= most:
        raise link_problem("link-used-up")
    return Put(*key, {"uses": so_far + 1}, expect=uses.version if uses else 0)
