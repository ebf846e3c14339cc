"""Secrets in links, cookies and headers: made here, stored only as hashes, compared in constant time.

An invite's token is `id.expiry.random.signature`: the signature lets a made-up link be refused without a read, the
stored hash makes sure that only the token that was handed out works. A lease's token is a signature over task, person
and expiry, so that a submit that comes late can still prove that the task had been handed to this person.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass


def fresh() -> str:
    """256 random bits."""
    return secrets.token_urlsafe(32)


def digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def same(a: str, b: str) -> bool:
    return hmac.compare_digest(a.encode("utf-8", "replace"), b.encode("utf-8", "replace"))


def sign(secret: bytes, *parts: object) -> str:
    message = "\x1f".join(str(part) for part in parts).encode("utf-8", "replace")
    return hmac.new(secret, message, hashlib.sha256).hexdigest()[:40]


@dataclass(frozen=True, slots=True)
class InviteToken:
    id: int
    expires_at: int
    """Seconds since 1970."""
    text: str


def new_invite(secret: bytes, id_: int, expires_at: int) -> InviteToken:
    head = f"{id_}.{expires_at}.{fresh()}"
    return InviteToken(id_, expires_at, f"{head}.{sign(secret, 'invite', head)}")


def read_invite(secret: bytes, text: str) -> InviteToken | None:
    """None: this deployment never made it."""
    head, _, signature = text.strip().rpartition(".")
    if not same(signature, sign(secret, "invite", head)):
        return None
    id_, expires_at, _ = head.split(".")
    return InviteToken(int(id_), int(expires_at), text.strip())


def new_lease(secret: bytes, task_id: int, person_id: int, expires_ms: int, purpose: str = "label") -> str:
    """The purpose is signed but not told, so that nobody sees which task has a known answer."""
    return f"{expires_ms}-{_signed_lease(secret, task_id, person_id, expires_ms, purpose)}"


def purpose_of_lease(secret: bytes, token: str, task_id: int, person_id: int) -> str | None:
    """Why this person was once handed this task; None: they never were. The lease may have expired since."""
    expires, _, signature = token.partition("-")
    for purpose in PURPOSES:
        if same(signature, _signed_lease(secret, task_id, person_id, expires, purpose)):
            return purpose
    return None


PURPOSES = ("label", "gold", "attention", "warm_up", "repeat", "review")


def _signed_lease(secret: bytes, task_id: int, person_id: int, expires: object, purpose: str) -> str:
    more = () if purpose == "label" else (purpose,)
    return sign(secret, "lease", task_id, person_id, expires, *more)
