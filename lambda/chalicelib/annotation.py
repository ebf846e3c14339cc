"""An annotation's versions as they are stored: Label Studio's members, and our `version` and `config_version`."""

from __future__ import annotations

import sys
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from chalicelib.configs import Config
from chalicelib.problems import Problem

MOST = sys.float_info.max


def is_number(value: Any) -> bool:
    """A number that a double can hold; JSON's true is none."""
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= MOST


def validate(
    config: Config, result: list[Any], data: Mapping[str, Any], known: Sequence[Any] = (), *, lenient: bool = False
) -> list[Problem]:
    """
    What does not fit the plan.

    Args:
        known: results that were stored before; what is unchanged is not checked again.
        lenient: for imports: forms that opening a task repairs are fine. Names that the config does not have are not:
            whoever imports them should say what they become.
    """
    from labeling import results

    faults = results.validate(config.index, result, data, known=known)
    if faults and lenient:
        unknown = [p for p in faults if p["code"] in ("unknown-label", "unknown-choice")]
        faults = results.validate(config.index, result, data, lenient=True) + unknown
    return [dict(p) for p in faults]


def new_annotation(
    id_: int,
    task_id: int,
    project_id: int,
    person: int,
    result: list[Any],
    *,
    lead_time: float | None,
    was_cancelled: bool,
    config_version: int,
    now: str,
    purpose: str = "label",
) -> dict[str, Any]:
    """The first version; `now` in ISO form. The purpose is a member only when it is another than to label the task."""
    return ({} if purpose == "label" else {"purpose": purpose}) | {
        "id": id_,
        "task": task_id,
        "project": project_id,
        "version": 1,
        "completed_by": person,
        "updated_by": person,
        "result": result,
        "result_count": len(result),
        "was_cancelled": was_cancelled,
        "ground_truth": False,
        "lead_time": lead_time,
        "config_version": config_version,
        "last_action": "submitted",
        "unique_id": str(uuid.uuid4()),
        "created_at": now,
        "updated_at": now,
    }


MAX_KEYS = 8


def entry_of(
    body: Mapping[str, Any], key: str, *, at_ms: int = 0, keys: Mapping[str, int] | None = None
) -> dict[str, Any]:
    """
    What the state row keeps of an annotation.

    Args:
        key: the client's idempotency key of this version, empty when it sent none.
        at_ms: place in the person's finished list; 0 for imported ones, which are in none.
        keys: versions by the keys of earlier writes, so that a late repetition of one of them changes nothing.
    """
    known = dict(keys or {})
    if key:
        known[key] = body["version"]
    entry = {
        "id": body["id"],
        "version": body["version"],
        "person": body["completed_by"],
        "cancelled": body["was_cancelled"],
        "updated_at": body["updated_at"],
        "at": at_ms,
        "keys": dict(list(known.items())[-MAX_KEYS:]),
    }
    return entry | ({"purpose": body["purpose"]} if body.get("purpose") else {})
