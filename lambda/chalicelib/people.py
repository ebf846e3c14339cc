"""Names of people, for what shows who did something."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from chalicelib import keys
from chalicelib.world import World


def named(world: World, ids: Iterable[int]) -> dict[int, dict[str, Any]]:
    """`{"id", "name"}` by id. Who has no profile is "Person 7"."""
    wanted = sorted(set(ids))
    found = {id_: {"id": id_, "name": f"Person {id_}"} for id_ in wanted}
    for start in range(0, len(wanted), 100):
        for record in world.records.get_many([keys.person(id_) for id_ in wanted[start : start + 100]]).values():
            found[record.body["id"]]["name"] = record.body["name"]
    return found
