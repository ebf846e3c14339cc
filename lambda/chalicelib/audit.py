"""The audit log: who did what, when. Rows are only ever added.

What belongs to no project (sign-ins, tokens, projects made and deleted) is under DEPLOYMENT.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from chalicelib import keys
from chalicelib.auth import Caller
from chalicelib.problems import refuse
from chalicelib.storage.ports import Put
from chalicelib.times import iso
from chalicelib.world import World

DEPLOYMENT = 0
PAGE = 100
DAYS_A_REQUEST = 31
"""Empty days are asked for one by one, so a request looks at so many and hands on where it stopped."""
LONGEST = 200
"""Characters of a text in `about`; what is longer is cut."""


def operation(world: World, caller: Caller, project_id: int, action: str, about: Mapping[str, Any]) -> Put:
    """
    The row of one action, for the transaction of the action itself.

    Args:
        project_id: the project, or DEPLOYMENT.
        action: a noun and a past participle, e.g. "invite made", "settings changed".
        about: what it was done to, JSON; ids rather than texts, for a change `{"from", "to"}`.
    """
    now = world.clock()
    day = datetime.fromtimestamp(now, UTC).date().isoformat()
    body = {
        "at": iso(now),
        "person": caller.person,
        "name": caller.name,
        "by": caller.token or "session" if caller.known else "nobody",
        "action": action,
        "about": _short(dict(about)),
    }
    return Put(*keys.audit(project_id, day, int(now * 1000), secrets.token_hex(4)), body, expect=0)


def write(world: World, caller: Caller, project_id: int, action: str, about: Mapping[str, Any]) -> None:
    """Right after (or before) an action that is no transaction of its own."""
    world.records.transact([operation(world, caller, project_id, action, about)])


def _short(value: Any) -> Any:
    if isinstance(value, str):
        return value if len(value) <= LONGEST else f"{value[:LONGEST]}…"
    if isinstance(value, Mapping):
        return {name: _short(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_short(inner) for inner in value[:50]]
    return value


def listed(world: World, project_id: int, *, since: str, day: str, after: str) -> dict[str, Any]:
    """
    Newest first: `{"entries", "next"}`; `next` is the `after` of the next page, null at the end.

    Args:
        since: when the project was made, ISO; there is nothing before.
        day: only this day, "2026-11-22". Empty: from today back.
        after: where the page before ended.
    """
    first = date.fromisoformat(since[:10])
    today = datetime.fromtimestamp(world.clock(), UTC).date()
    at, _, cursor = after.partition("/")
    looked = _day(at or day, "after" if at else "day") if at or day else today
    entries: list[Mapping[str, Any]] = []
    for _ in range(DAYS_A_REQUEST):
        if looked < first:
            return {"entries": entries, "next": None}
        page = world.records.query(
            f"AUDIT#{project_id}#{looked.isoformat()}", after=cursor or None, limit=PAGE - len(entries), reverse=True
        )
        entries += [dict(row.body) for row in page.records]
        cursor = ""
        if page.cursor is not None:
            return {"entries": entries, "next": f"{looked.isoformat()}/{page.records[-1].sk}"}
        if day:
            return {"entries": entries, "next": None}
        looked -= timedelta(days=1)
        if len(entries) == PAGE:
            break
    return {"entries": entries, "next": looked.isoformat() if looked >= first else None}


def _day(text: str, name: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise refuse(
            400, "bad-parameter", f"{name} must be a day such as 2026-11-22.", where=f"parameter {name}"
        ) from None
