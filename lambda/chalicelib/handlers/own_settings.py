"""What a person has set for themselves: keys, what they want to see. Pages say what it means; here it is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalicelib import auth, keys
from chalicelib.auth import Caller
from chalicelib.http import to_json
from chalicelib.problems import refuse
from chalicelib.storage.ports import Put
from chalicelib.world import World

if TYPE_CHECKING:
    from chalicelib.models_people import OwnSettings

MOST_BYTES = 16 << 10


def show(world: World, caller: Caller) -> dict[str, Any]:
    """The caller's own settings; an empty object before the first ones."""
    auth.require_known(caller)
    record = world.records.get(*keys.own_settings(caller.person))
    return dict(record.body["settings"]) if record else {}


def put(world: World, caller: Caller, body: OwnSettings) -> dict[str, Any]:
    """
    The whole object takes the place of the one there was.

    Raises:
        Refusal: 413 beyond `MOST_BYTES` of JSON in UTF-8.
    """
    auth.require_known(caller)
    settings = body.model_extra or {}
    size = len(to_json(settings).encode())
    if size > MOST_BYTES:
        raise refuse(
            413,
            "too-big",
            f"Your settings have {size:,} bytes; {MOST_BYTES:,} are possible.",
            where="body",
            hint="Take out keys of projects that you no longer label in.",
        )
    world.records.transact([Put(*keys.own_settings(caller.person), {"settings": settings})])
    return settings
