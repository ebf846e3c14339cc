"""The people of a project: who they are, what they may, and the end of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from chalicelib import access, api_tokens, audit, auth, keys, sessions, standing, workload
from chalicelib.access import May
from chalicelib.auth import Caller
from chalicelib.problems import not_found, refuse
from chalicelib.storage.ports import ABSENT, Check, Conflict, Delete, Operation, Put, Record
from chalicelib.storage.walk import every
from chalicelib.times import iso
from chalicelib.world import World

if TYPE_CHECKING:
    from chalicelib.models_people import ChangePerson

MOST = 1000
TRIES = 10


def needed_for(role: str) -> May:
    """Who may hand out this role, change it and take it away."""
    return "own" if role in ("owner", "manager") else "manage"


def members(world: World, project_id: int) -> list[Mapping[str, Any]]:
    """Rows of those who joined, a thousand at most."""
    page = world.records.query(f"MEMBERS#{project_id}", "PERSON#", limit=MOST)
    return [row.body for row in page.records]


def listed(world: World, caller: Caller, project_id: int, *, work: bool = False) -> dict[str, Any]:
    """
    Who joined, what they submitted, when last. A thousand people at most. Addresses are for managers.

    work: with `load` and `pace` of each, as `workload.of` tells them.
    """
    seen = auth.require_access(world, caller, project_id, "read")
    page = world.records.query(f"MEMBERS#{project_id}", "COUNT#", limit=MOST)
    counted = {row.sk.partition("#")[2]: row.body for row in page.records}
    joined = {keys.number(row["person"]): row for row in members(world, project_id)}
    ids = sorted(int(padded) for padded in joined.keys() | counted.keys())
    own = standing.of_everybody(world, project_id)
    profiles: dict[int, Mapping[str, Any]] = {}
    for start in range(0, len(ids), 100):
        found = world.records.get_many([keys.person(id_) for id_ in ids[start : start + 100]])
        profiles.update({record.body["id"]: record.body for record in found.values()})
    loads = workload.of(world, project_id, ids) if work else {}
    rows = []
    for person in ids:
        padded = keys.number(person)
        profile = profiles.get(person) or {"name": f"Person {person}", "role": "owner"}
        row = joined.get(padded) or _outsider(profile)
        last = world.records.query(f"PERSON#{person}", keys.finished_prefix(project_id), limit=1, reverse=True).records
        shown = {
            "id": person,
            "name": row["name"],
            "role": "owner" if profile["role"] == "owner" else row["role"],
            "groups": row.get("groups", []),
            "annotations": counted.get(padded, {}).get("annotations", 0),
            "updated_at": last[0].body["updated_at"] if last else None,
            "paused": bool(person in own and own[person].paused),
            "discarded": bool(person in own and own[person].discarded),
        }
        shown |= loads.get(person, {})
        if "manage" in seen.may:
            shown["email"] = profile.get("email") or None
        rows.append(shown)
    return {"people": rows}


def _outsider(profile: Mapping[str, Any]) -> Mapping[str, Any]:
    """An owner who labeled without ever opening a link of this project, or somebody who was removed from it."""
    return {"name": profile["name"], "role": "owner" if profile["role"] == "owner" else "removed"}


def put_member(
    world: World,
    person: int,
    name: str,
    project_id: int,
    invite: Mapping[str, Any],
    before: Record | None,
) -> list[Operation]:
    """The two rows of a membership by an invite. Who has a higher role keeps it, and the invite they have it by."""
    if before is not None and _rank(before.body["role"]) <= _rank(invite["role"]):
        return []
    row = {
        **(before.body if before else {"joined_at": iso(world.clock())}),
        "person": person,
        "name": name,
        "role": invite["role"],
        "project": project_id,
        "invite": invite["id"],
    }
    return [
        Put(*keys.membership(person, project_id), row, expect=before.version if before else ABSENT),
        Put(*keys.member(project_id, person), row),
    ]


def _rank(role: str) -> int:
    return next((at for at, name in enumerate(access.ROLES) if name == role), len(access.ROLES))


def change(world: World, caller: Caller, project_id: int, person: int, body: ChangePerson) -> dict[str, Any]:
    """
    Role and groups; they count from the person's next request on.

    Raises:
        Refusal: 409 `last-owner`, 409 `owns-server`, 403 for a manager who would make or change an owner or a manager.
    """
    auth.require(world, caller, project_id, "manage")
    for _ in range(TRIES):
        member = _member(world, project_id, person)
        old = dict(member.body)
        row = {**old, **{name: value for name, value in body.model_dump().items() if value is not None}}
        if row == old:
            return _shown(row)
        operations: list[Operation] = []
        if row["role"] != old["role"]:
            operations += _may_move(world, caller, project_id, old, row["role"])
            row["invite"] = 0  # given by hand now: the end of the link they came by does not end it
        moved = {
            name: {"from": old.get(name), "to": row[name]}
            for name in ("role", "groups")
            if row.get(name) != old.get(name)
        }
        operations += [
            Put(member.pk, member.sk, row, expect=member.version),
            Put(*keys.member(project_id, person), row),
            audit.operation(world, caller, project_id, "person changed", {"person": person, **moved}),
        ]
        try:
            world.records.transact(operations)
        except Conflict:
            continue
        return _shown(row)
    raise Conflict(*keys.membership(person, project_id), expected=1, found=0)


def remove(world: World, caller: Caller, project_id: int, person: int) -> None:
    """
    Their membership ends with their next request; their work stays. No link that was made until now lets them in again.

    Raises:
        Refusal: as `change`.
    """
    auth.require(world, caller, project_id, "manage")
    for _ in range(TRIES):
        member = _member(world, project_id, person)
        operations = _may_move(world, caller, project_id, member.body, None)
        left = {"person": person, "at": iso(world.clock()), "invites_until": world.ids.one("invite")}
        operations.append(Put(*keys.left(project_id, person), left))
        if _transacted(world, [*operations, *_removal(world, caller, project_id, member)]):
            return
    raise Conflict(*keys.membership(person, project_id), expected=1, found=0)


def _removal(world: World, caller: Caller, project_id: int, member: Record) -> list[Operation]:
    row = member.body
    about = {"person": row["person"], "name": row["name"], "role": row["role"]}
    operations: list[Operation] = [
        Delete(member.pk, member.sk, expect=member.version),
        Delete(*keys.member(project_id, row["person"])),
        audit.operation(world, caller, project_id, "person removed", about),
    ]
    if row.get("invite"):
        left = {"person": row["person"], "at": iso(world.clock()), "removed": True}
        operations.append(Put(*keys.joined_by(row["invite"], row["person"]), left))
    return operations


def _transacted(world: World, operations: list[Operation]) -> bool:
    try:
        world.records.transact(operations)
    except Conflict:
        return False
    return True


def _member(world: World, project_id: int, person: int) -> Record:
    member = world.records.get(*keys.membership(person, project_id))
    if member is None:
        raise not_found("person", person)
    return member


def _shown(row: Mapping[str, Any]) -> dict[str, Any]:
    return {"id": row["person"], "name": row["name"], "role": row["role"], "groups": row.get("groups", [])}


def _may_move(
    world: World, caller: Caller, project_id: int, row: Mapping[str, Any], role: str | None
) -> list[Operation]:
    """Whether the caller may take this role away and give that one; operations that must hold while it is done."""
    for touched in (row["role"], role):
        if touched is not None:
            auth.require(world, caller, project_id, needed_for(touched))
    profile = world.records.get(*keys.person(row["person"]))
    if profile is not None and profile.body["role"] == "owner":
        raise refuse(
            409,
            "owns-server",
            f"{row['name']} is an owner of this server, and so of every project in it.",
            hint="Revoke the owner link that they came by, with its people.",
        )
    if row["role"] != "owner" or caller.is_owner:
        return []
    # Two owners who remove each other at the same moment: each checks that the other still is one.
    other = next((m for m in members(world, project_id) if m["role"] == "owner" and m["person"] != row["person"]), None)
    witness = world.records.get(*keys.membership(other["person"], project_id)) if other else None
    if witness is None or witness.body["role"] != "owner":
        raise refuse(
            409,
            "last-owner",
            f"{row['name']} is the last owner of this project.",
            hint="Make somebody else an owner first.",
        )
    return [Check(witness.pk, witness.sk, witness.version)]


def end_of_invite(world: World, caller: Caller, project_id: int | None, invite_id: int) -> None:
    """Everybody who has their place by this invite loses it, except the caller."""
    for person in _joined(world, invite_id):
        if person == caller.person:
            continue
        if project_id is None:
            end_owner(world, caller, person)
            continue
        for _ in range(TRIES):
            member = world.records.get(*keys.membership(person, project_id))
            if member is None or member.body.get("invite") != invite_id:
                break
            if _transacted(world, _removal(world, caller, project_id, member)):
                break


def _joined(world: World, invite_id: int) -> Iterator[int]:
    return (row.body["person"] for row in every(world.records, f"INVITE#{invite_id}", "JOINED#"))


def end_owner(world: World, caller: Caller, person: int) -> None:
    """An owner of the deployment no longer is one: sessions and tokens that say so end. Memberships stay."""
    for _ in range(TRIES):
        profile = world.records.get(*keys.person(person))
        if profile is None:
            return
        done = _transacted(
            world,
            [
                Put(profile.pk, profile.sk, {**profile.body, "role": "annotator"}, expect=profile.version),
                audit.operation(world, caller, audit.DEPLOYMENT, "owner removed", {"person": person}),
            ],
        )
        if done:
            break
    sessions.end_all(world, person)
    api_tokens.end_all(world, person)
