"""A project's configs by version, what a change would do to its answers, and the change itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from chalicelib import auth, configs, migration
from chalicelib.auth import Caller
from chalicelib.handlers import submissions, tasks
from chalicelib.problems import Refusal, problem, refuse
from chalicelib.world import World

if TYPE_CHECKING:
    from chalicelib.models import PreviewConfig

#: Answers that are counted for a preview; of more, the answer says how many were looked at.
MOST_COUNTED = 20_000


def listed(world: World, caller: Caller, project_id: int) -> dict[str, Any]:
    """Newest first. ``same_as``: the old version that it is again."""
    project = auth.require(world, caller, project_id, "read")
    used: dict[int, int] = {}
    for body in _annotations(world, project_id, MOST_COUNTED):
        used[body["config_version"]] = used.get(body["config_version"], 0) + 1
    rows = migration.history(world, project_id)
    return {
        "configs": [
            {
                "version": version,
                "created_at": row["created_at"],
                "by": row.get("by"),
                "note": row.get("note") or "",
                "same_as": row.get("same_as"),
                "annotations": used.get(version, 0),
                "current": version == project["config_version"],
            }
            for version, row in sorted(rows.items(), reverse=True)
        ]
    }


def one(world: World, caller: Caller, project_id: int, version: int) -> dict[str, Any]:
    auth.require(world, caller, project_id, "read")
    config = configs.load(world, project_id, version)
    return {"version": config.version, "label_config": config.label_config}


def preview(world: World, caller: Caller, project_id: int, body: PreviewConfig) -> dict[str, Any]:
    """What would happen to the answers that are there. Nothing is written."""
    project = auth.require(world, caller, project_id, "manage")
    require_mapping(body.mapping, "mapping")
    plan, diagnostics = configs.compile_source(body.label_config)
    if plan is None:
        return {"diagnostics": diagnostics, "changes": None}
    found = effect(world, project, plan, body.mapping)
    return {"diagnostics": diagnostics, **found}


def effect(
    world: World, project: Mapping[str, Any], plan: Mapping[str, Any], mapping: Mapping[str, Any] | None
) -> dict[str, Any]:
    """
    Returns:
        ``changes`` and ``counts``: answers, their results kept, renamed and orphaned, in all and per control;
        ``looked_at`` of ``annotations`` were counted.
    """
    from labeling.migrate import Migration

    from config_compiler.migrate import changes

    current = configs.load(world, project["id"], project["config_version"])
    found = changes(current.plan, plan, mapping)
    given = (
        migration.of_body(world, project["id"], body, current.version).result
        for body in _annotations(world, project["id"], MOST_COUNTED)
    )
    counts = Migration(dict(found)).count(given).to_dict()
    return {"changes": found, "counts": counts}


def require_mapping(mapping: object, member: str) -> None:
    """
    Args:
        mapping: what a request says of names, or None; ``member`` is where it says so.

    Raises:
        Refusal: 400, when it has another form.
    """
    from config_compiler.migrate import is_mapping

    if mapping is not None and not is_mapping(mapping):
        hint = 'Send {"controls": {"old": "new"}, "objects": {…}, "options": {"control": {"old": "new"}}}.'
        raise refuse(400, "bad-member", f"{member} has another form.", where=f"field {member}", hint=hint)


def require_consent(found: Mapping[str, Any], accepted: bool) -> None:
    """
    Raises:
        Refusal: 409 ``orphans`` with the changes, when answers would have no place and nobody said that this is fine.
    """
    orphaned = found["counts"]["results"]["orphaned"]
    if orphaned and not accepted:
        raise Refusal(
            409,
            problem(
                "orphans",
                f"{orphaned:,} results would have no place in the new config.",
                where="field label_config",
                hint="Map the old names to new ones (config_mapping), or send accept_orphans: true. "
                "They stay stored and come back when the config goes back.",
            ),
            more=dict(found),
        )


def _annotations(world: World, project_id: int, most: int) -> Iterator[dict[str, Any]]:
    """The newest version of every annotation, *most* of them."""
    seen = 0
    for page in tasks.pages(world, project_id):
        for _, state in page:
            if not state.annotations:
                continue
            for body in submissions.newest(world, state):
                yield body
                seen += 1
                if seen >= most:
                    return
