"""
What a submit, a correction or a draft sends: its members, its lease, its config.

Read by hand: a result may have ten thousand regions.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from chalicelib import auth, configs, migration, settings, tokens
from chalicelib.annotation import is_number, validate
from chalicelib.auth import Caller
from chalicelib.configs import Config
from chalicelib.problems import Refusal, refuse
from chalicelib.world import World

_Body = Mapping[str, Any]
MAX_WHOLE = 2**53


@dataclass(frozen=True, slots=True)
class Sent:
    """`more`: Label Studio's members that are kept with the annotation, and `active_ms`; only those that were sent."""

    result: list[dict[str, Any]]
    lead_time: float | None
    was_cancelled: bool
    lease: str | None
    config_version: Any
    more: dict[str, Any] = field(default_factory=dict)


def read(body: _Body) -> Sent:
    """
    Raises:
        Refusal: 400 for a member of another type.
    """
    result = body.get("result")
    if not isinstance(result, list) or not all(isinstance(item, dict) for item in result):
        raise _bad("result", "result must be a list of objects.")
    lead_time = body.get("lead_time")
    if lead_time is not None and not (is_number(lead_time) and lead_time >= 0):
        raise _bad("lead_time", "lead_time must be seconds, 0 or more.")
    cancelled = body.get("was_cancelled", False)
    if not isinstance(cancelled, bool):
        raise _bad("was_cancelled", "was_cancelled must be true or false.")
    lease = body.get("lease")
    if lease is not None and not isinstance(lease, str):
        raise _bad("lease", "lease must be the token that came with the task.")
    return Sent(result, lead_time, cancelled, lease, body.get("config_version"), _more(body))


def _more(body: _Body) -> dict[str, Any]:
    kept: dict[str, Any] = {}
    if body.get("ground_truth") is not None:
        if not isinstance(body["ground_truth"], bool):
            raise _bad("ground_truth", "ground_truth must be true or false.")
        kept["ground_truth"] = body["ground_truth"]
    for name in ("parent_prediction", "parent_annotation", "draft_id"):
        if body.get(name) is not None:
            kept[name] = _whole(body[name], name, "must be an id")
    if body.get("active_ms") is not None:
        kept["active_ms"] = _whole(body["active_ms"], "active_ms", "must be whole milliseconds, 0 or more")
    if body.get("started_at") is not None:
        kept["started_at"] = _time(body["started_at"])
    return kept


def _whole(value: Any, name: str, said: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= MAX_WHOLE:
        raise _bad(name, f"{name} {said}.")
    return value


def _time(value: Any) -> str:
    try:
        datetime.fromisoformat(value)
    except (TypeError, ValueError):
        raise _bad("started_at", "started_at must be a time in ISO 8601.") from None
    return str(value)


def _bad(name: str, message: str) -> Refusal:
    return refuse(400, "bad-member", message, where=f"field {name}")


def whole(body: _Body, name: str, meaning: str) -> int:
    """A member that must be a whole number from 1."""
    value = body.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise _bad(name, f"{name} must be {meaning}.")
    return value


def kept_members(world: World, caller: Caller, project_id: int, sent: Sent) -> dict[str, Any]:
    """`more` as it is stored: only those who review can say that an annotation is the ground truth."""
    more = dict(sent.more)
    if more.get("ground_truth") and not auth.allowed(world, caller, project_id, "review"):
        del more["ground_truth"]
    return more


def purpose_of(world: World, caller: Caller, task_id: int, lease: str | None) -> str | None:
    """Why the caller was handed the task, by the lease they send; None without a lease that is theirs."""
    purpose = tokens.purpose_of_lease(world.secret, lease, task_id, caller.person) if lease is not None else None
    if purpose == "review":
        raise refuse(
            400,
            "for-review",
            "This task was given to you to review it.",
            where="field lease",
            hint="Send your decision to /api/tasks/{id}/review.",
        )
    return purpose


def require_lease(world: World, caller: Caller, project_id: int, purpose: str | None, lease: str | None) -> str:
    """
    Raises:
        Refusal: 403 for a task that was never handed to the caller. Those who review may label any task.
    """
    if purpose is not None:
        return purpose
    if lease is None and auth.allowed(world, caller, project_id, "review"):
        return "label"
    raise refuse(
        403,
        "no-lease",
        "This task was not given to you.",
        where="field lease",
        hint="Take the next task of the project and send its lease along.",
    )


def by_script(caller: Caller, sent: Sent) -> bool:
    """Sent with an API token and without having been handed the task: taken as an import is."""
    return sent.lease is None and not caller.session


def with_ids(sent: Sent) -> Sent:
    """Label Studio's clients may leave out the ids of results; each gets one."""
    named = [item if item.get("id") else {**item, "id": secrets.token_urlsafe(8)[:10]} for item in sent.result]
    return replace(sent, result=named)


def checked(
    world: World, project: _Body, task: _Body, sent: Sent, before: _Body | None, *, lenient: bool = False
) -> Config:
    """
    The config that the work was done with, once the result fits it. A skipped task's result is kept as it is.

    Args:
        before: the version that the work began with: what is unchanged since is not checked again.
        lenient: as for imports.
    """
    version = sent.config_version
    if version is None:
        version = project["config_version"]
    elif not isinstance(version, int) or isinstance(version, bool) or not 1 <= version <= project["config_version"]:
        raise _bad("config_version", "config_version must be a version of this project's config.")
    config = configs.load(world, project["id"], version)
    if sent.was_cancelled:
        if not task["allow_skip"] or settings.value(project, "queue", "skip") == "refused":
            raise refuse(
                400,
                "no-skip",
                "This task may not be skipped.",
                hint="Its owner wants an answer from everybody who gets it.",
            )
        return config
    known = migration.of_body(world, project["id"], before, version).result if before else ()
    problems = validate(config, sent.result, task["data"], known, lenient=lenient)
    if problems:
        raise Refusal(400, *problems)
    return config
