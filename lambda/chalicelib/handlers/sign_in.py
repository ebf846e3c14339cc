"""Sign-in by OpenID Connect: there and back. Who comes back is the person whom the provider vouches for.

A sign-in finds the person by the provider's subject or by the verified address, and lets them in to every invite that
is bound to that address. It makes nobody a member by itself.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Mapping
from typing import Any

from chalicelib import audit, auth, keys, oidc, sessions, tokens
from chalicelib.auth import Caller
from chalicelib.handlers import invites
from chalicelib.http import Answer
from chalicelib.oidc import Identity, Settings
from chalicelib.problems import Refusal, refuse
from chalicelib.storage.ports import Conflict, Delete, Operation, Put
from chalicelib.times import iso
from chalicelib.world import World

LOG = logging.getLogger("labelkite")
COOKIE = "kite_signin"
START = "/api/session/oidc"
BACK = f"{START}/callback"
TERM_S = 600
TRIES = 10


def providers() -> dict[str, Any]:
    setup = oidc.settings()
    return {"providers": [{"name": setup.name, "url": START}] if setup else []}


def start(world: World, caller: Caller, headers: Mapping[str, str], back: str, *, connect: bool) -> Answer:
    """
    Send the browser to the provider.

    Args:
        back: a path of this site to come back to.
        connect: the address will belong to the person who is signed in now, rather than to whoever it belongs to.
    """
    setup = _setup()
    if connect:
        auth.require_known(caller)
        if not caller.session:
            raise refuse(
                403, "no-session", "An API token connects no account.", hint="Do this in the browser, signed in."
            )
    origin = auth.own_origin(world, headers)
    begun = oidc.begin(setup, f"{origin}{BACK}")
    expires_at = int(world.clock()) + TERM_S
    row = {
        "nonce": begun.nonce,
        "verifier": begun.verifier,
        "redirect_uri": f"{origin}{BACK}",
        "back": back if _is_own_path(back) else "/",
        "connect": caller.person if connect else 0,
        "expires_at": expires_at,
    }
    key = keys.sign_in(tokens.digest(begun.state))
    world.records.transact([Put(*key, row, expect=0, expires_at=expires_at)])
    secure = "; Secure" if auth.is_secure(world, headers) else ""
    cookie = f"{COOKIE}={begun.state}; Path={START}; Max-Age={TERM_S}; HttpOnly; SameSite=Lax{secure}"
    return Answer("", 302, {"Location": begun.url, "Set-Cookie": cookie})


def _setup() -> Settings:
    setup = oidc.settings()
    if setup is None:
        raise refuse(404, "no-sign-in", "No sign-in is set up on this server.", hint="Open the link you were sent.")
    return setup


def _is_own_path(path: str) -> bool:
    return path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable() and len(path) < 500


def come_back(world: World, caller: Caller, headers: Mapping[str, str], query: Mapping[str, str]) -> Answer:
    """The provider sent the browser back: a session, or the page that says why not."""
    try:
        row = _taken(world, headers, query.get("state", ""))
        if query.get("error"):
            raise refuse(403, "sign-in-refused", "You did not sign in.")
        setup = _setup()
        who = oidc.finish(setup, query.get("code", ""), row["redirect_uri"], row["verifier"], row["nonce"])
        person = _person(world, caller, setup, who, row["connect"])
    except Refusal as refusal:
        LOG.warning("a sign-in failed: %s", refusal)
        # The page has words for each code: text in an address could be anybody's.
        return Answer("", 303, {"Location": f"/join?sign-in={refusal.problems[0]['code']}"})
    token, operations = sessions.new(
        world, person.person, person.name, person.role, email=person.email, agent=headers.get("user-agent", "")
    )
    signed = audit.operation(world, person, audit.DEPLOYMENT, "signed in", {"email": person.email})
    old = sessions.end(world, caller.session) if caller.session else []
    world.records.transact([*operations, signed, *old])
    secure = auth.is_secure(world, headers)
    return Answer("", 303, {"Location": row["back"], "Set-Cookie": auth.cookie_header(token, secure=secure)})


def _taken(world: World, headers: Mapping[str, str], state: str) -> Mapping[str, Any]:
    """The sign-in that this browser began with this state. It is taken out, so it works once."""
    key = keys.sign_in(tokens.digest(state))
    record = world.records.get(*key)
    own = tokens.same(auth.cookie_of(headers, COOKIE), state)
    if record is None or not state or not own or record.body["expires_at"] <= world.clock():
        raise refuse(400, "sign-in-over", "This sign-in is over.", hint="Begin again.")
    try:
        world.records.transact([Delete(*key, expect=record.version)])
    except Conflict:
        raise refuse(400, "sign-in-over", "This sign-in is over.", hint="Begin again.") from None
    return record.body


def _person(world: World, caller: Caller, setup: Settings, who: Identity, connect: int) -> Caller:
    """The person who signed in, with every invite that waits for their address."""
    for _ in range(TRIES):
        operations: list[Operation] = []
        subject = keys.subject(hashlib.sha256(f"{setup.issuer}\n{who.subject}".encode()).hexdigest())
        address = keys.address(invites.address_hash(who.email))
        found = world.records.get_many([subject, address])
        known = found.get(subject) or found.get(address)
        if connect:
            if known is not None and known.body["person"] != connect:
                raise refuse(409, "address-taken", f"{who.email} belongs to another person here.")
            if caller.person != connect or not caller.session:
                raise refuse(403, "sign-in-over", "You left while you signed in.", hint="Begin again.")
            known_id = connect
        else:
            known_id = known.body["person"] if known is not None else 0
        waiting = _waiting(world, who.email)
        if known_id:
            profile = world.records.get(*keys.person(known_id))
            if profile is None:
                raise refuse(403, "no-access", "Your account here was removed.", hint="Ask an owner for a link.")
            person = Caller(known_id, profile.body["name"], profile.body["role"], email=who.email)
            if profile.body.get("email") != who.email:
                row = {**profile.body, "email": who.email}
                operations.append(Put(profile.pk, profile.sk, row, expect=profile.version))
        elif waiting:
            person = Caller(world.ids.one("person"), who.name, email=who.email)
            row = {"id": person.person, "name": who.name, "role": "annotator", "created_at": iso(world.clock())}
            operations.append(Put(*keys.person(person.person), {**row, "email": who.email}, expect=0))
        else:
            raise refuse(
                403,
                "no-access",
                f"{who.email} has no access here yet.",
                hint="Open the link that you were sent, or ask an owner to invite this address.",
            )
        for key in (subject, address):
            if key not in found:
                operations.append(Put(*key, {"person": person.person}, expect=0))
        try:
            if operations:
                world.records.transact(operations)
        except Conflict:
            continue
        return _admitted(world, person, waiting)
    raise Conflict(*address, expected=0, found=1)


def _waiting(world: World, email: str) -> list[int]:
    """Ids of the invites that are bound to an address and still work."""
    page = world.records.query(f"ADDRESS#{invites.address_hash(email)}", "INVITE#", limit=100)
    ids = []
    for row in page.records:
        record = world.records.get(*keys.invite(row.body["id"]))
        try:
            if record is not None:
                invites.usable(world, record.body)
                ids.append(row.body["id"])
        except Refusal:
            continue
    return ids


def _admitted(world: World, person: Caller, waiting: list[int]) -> Caller:
    for id_ in waiting:
        for _ in range(TRIES):
            record = world.records.get(*keys.invite(id_))
            if record is None:
                break
            try:
                operations = invites.admit(world, person, record, invites.usable(world, record.body))
                if operations:
                    world.records.transact(operations)
            except Conflict:
                continue
            except Refusal:  # revoked, used up or removed meanwhile: the sign-in itself is right
                pass
            break
    return person
