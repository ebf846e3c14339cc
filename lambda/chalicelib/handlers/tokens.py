"""API tokens of a person: made once in the browser, listed without the secret, revoked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalicelib import api_tokens, audit, auth, keys
from chalicelib.auth import Caller
from chalicelib.problems import not_found, refuse
from chalicelib.storage.ports import Record
from chalicelib.world import World

if TYPE_CHECKING:
    from chalicelib.models_people import NewToken

WRITE = ("label", "manage", "read", "review")


def create(world: World, caller: Caller, body: NewToken) -> dict[str, Any]:
    """
    A token that may at most what its person may at the moment of each call. Shown this once.

    Raises:
        Refusal: 403 for a token with a scope that would make a wider one, 409 for too many.
    """
    _require_whole(caller)
    for project in body.projects or ():
        if auth.look(world, caller, project) is None:
            raise not_found("project", project)
    if len(api_tokens.of_person(world, caller.person)) >= api_tokens.MOST:
        raise refuse(
            409, "too-many-tokens", f"You have {api_tokens.MOST} tokens.", hint="Revoke those that nobody uses."
        )
    scope = {word for asked in body.scope for word in (WRITE if asked == "write" else (asked,))}
    token, row, operations = api_tokens.new(
        world, caller.person, caller.name, caller.role,
        title=body.name, scope=sorted(scope), projects=body.projects, days=body.days,
    )  # fmt: skip
    about = {"token": row["id"], "name": body.name, "scope": row["scope"], "projects": row["projects"]}
    world.records.transact([*operations, audit.operation(world, caller, audit.DEPLOYMENT, "token made", about)])
    return {**api_tokens.shown(row), "token": token}


def _require_whole(caller: Caller) -> None:
    auth.require_known(caller)
    if caller.scope is not None or caller.projects is not None:
        raise refuse(
            403,
            "narrow-token",
            "A token with a scope makes and shows no tokens.",
            hint="Do this in the browser.",
        )


def listed(world: World, caller: Caller) -> dict[str, Any]:
    """The caller's own; owners of the deployment see those of `labelkite token` too."""
    _require_whole(caller)
    return {"tokens": [api_tokens.shown(record.body) for record in _own(world, caller)]}


def _own(world: World, caller: Caller) -> list[Record]:
    found = api_tokens.of_person(world, caller.person)
    script = world.records.get(*keys.SCRIPT_PERSON) if caller.is_owner else None
    if script is not None and script.body["person"] != caller.person:
        found += api_tokens.of_person(world, script.body["person"])
    return found


def revoke(world: World, caller: Caller, token_id: int) -> None:
    """The next request with it is refused."""
    _require_whole(caller)
    record = next((record for record in _own(world, caller) if record.body["id"] == token_id), None)
    if record is None:
        raise not_found("token", token_id)
    about = {"token": token_id, "name": record.body["title"]}
    world.records.transact(
        [*api_tokens.end(record), audit.operation(world, caller, audit.DEPLOYMENT, "token revoked", about)]
    )
