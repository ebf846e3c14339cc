"""Where a task stands in its project's queue: the lane of those who may take it, and its position in the lane.

A position is a text that sorts; of two tasks that nothing else parts, the one that was imported first comes first. In
the order of import it is empty and the number of the task stands for it.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib import keys, settings
from chalicelib.annotation import is_number

ANYONE = ""
MAX_NAME = 200
LAST = "g"
"""After every number, which is written in hex digits."""


@dataclass(frozen=True, slots=True)
class Ranks:
    """What some orders go by. None: unknown, such tasks come last."""

    priority: float | None = None
    score: float | None = None
    """Of the newest prediction, 0-1 where it is a probability: the lower, the more there is to learn."""


def position(project: Mapping[str, Any], task_id: int, inner: int, ranks: Ranks) -> str:
    match of(project):
        case "random":
            drawn = hashlib.sha256(f"{project['id']}/{task_id}".encode()).hexdigest()[:12]
            return f"{drawn}#{keys.number(inner)}"
        case "priority":
            priority = 0.0 if ranks.priority is None else ranks.priority
            return f"{ascending(-priority)}#{keys.number(inner)}"
        case "uncertainty":
            rank = LAST if ranks.score is None else ascending(ranks.score)
            return f"{rank}#{keys.number(inner)}"
    return ""


def ascending(value: float) -> str:
    """Sixteen hex digits that sort as the numbers do: the bits of a double, turned round for those below zero."""
    (bits,) = struct.unpack(">Q", struct.pack(">d", value + 0.0))
    bits = bits ^ (0xFFFF_FFFF_FFFF_FFFF if bits >> 63 else 1 << 63)
    return f"{bits:016x}"


def lane(project: Mapping[str, Any], data: Any) -> str:
    """Whose tasks these are; `ANYONE` for everybody whom the settings let take tasks at all."""
    queue = settings.of(project, "queue")
    if queue["assign"] != "field" or not isinstance(data, Mapping):
        return ANYONE
    value = data.get(queue["field"])
    return lane_of(value) if isinstance(value, str) or is_number(value) else ANYONE


def lane_of(name: Any) -> str:
    """The lane of a name, an id or a group, however it is capitalised."""
    plain = " ".join(str(name).split()).casefold()[:MAX_NAME]
    return f"={plain}" if plain else ANYONE


def lanes_of(names: Iterable[Any]) -> list[str]:
    """Lanes that somebody with these names and groups takes from, own ones first, then what is for anyone."""
    named = [lane_of(name) for name in names]
    return [*dict.fromkeys(name for name in named if name), ANYONE]


def ranks_of(given: Mapping[str, Any], scores: Iterable[Any] = ()) -> Ranks:
    """
    Args:
        given: a task's JSON, which may have a `priority`.
        scores: of its predictions, oldest first.
    """
    priority = given.get("priority")
    known = [score for score in scores if is_number(score)]
    return Ranks(None if priority is None or not is_number(priority) else float(priority), known[-1] if known else None)


def of(project: Mapping[str, Any]) -> str:
    """imported, random, priority or uncertainty."""
    return str(settings.value(project, "queue", "order"))
