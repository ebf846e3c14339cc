"""The first steps of a deployment: the owner's link, and tokens for scripts."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass

from chalicelib import api_tokens, keys
from chalicelib.handlers import invites
from chalicelib.storage.ports import Conflict, Put
from chalicelib.times import iso
from chalicelib.world import World

OWNER_LINK_DAYS = 7


@dataclass(frozen=True, slots=True)
class OwnerLink:
    token: str
    url: str


def first_start(world: World, public_url: str) -> OwnerLink:
    """
    A link that makes whoever opens it an owner. Safe to call at every start.

    Tokens are stored as hashes only, so an earlier link cannot be shown again: each start makes a new one and switches
    off those that nobody has opened.
    """
    page = world.records.query(keys.OWNER_INVITES, limit=100, reverse=True)
    for row in page.records:
        found = world.records.get_many([keys.invite(row.body["id"]), keys.invite_uses(row.body["id"])])
        record = found.get(keys.invite(row.body["id"]))
        if record is not None and not record.body["revoked"] and keys.invite_uses(row.body["id"]) not in found:
            with contextlib.suppress(Conflict):
                world.records.transact(
                    [Put(record.pk, record.sk, {**record.body, "revoked": True}, expect=record.version)]
                )
    token = invites.make(world, role="owner", project_id=None, days=OWNER_LINK_DAYS, created_by=0)
    return OwnerLink(token.text, invites.url_of(public_url, token))


def new_api_token(world: World) -> str:
    """A token for scripts, with an owner's rights. Only its hash is kept, so this is the one time it can be shown."""
    token, _, operations = api_tokens.new(
        world, _script_person(world), "Script", "owner", title="made on the command line"
    )
    world.records.transact(operations)
    return token


def _script_person(world: World) -> int:
    """The one person in whose name all scripts work."""
    record = world.records.get(*keys.SCRIPT_PERSON)
    if record is None:
        id_ = world.ids.one("person")
        profile = {"id": id_, "name": "Script", "role": "owner", "created_at": iso(world.clock())}
        with contextlib.suppress(Conflict):
            world.records.transact(
                [Put(*keys.SCRIPT_PERSON, {"person": id_}, expect=0), Put(*keys.person(id_), profile, expect=0)]
            )
        record = world.records.get(*keys.SCRIPT_PERSON)
    assert record is not None
    return int(record.body["person"])
