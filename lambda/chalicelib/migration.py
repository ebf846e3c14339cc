"""
Configs over time: how results made with one version are read under another.

Versions of a project form a tree: each knows the one it was changed from, and what the author said about names. Going
back makes a new version that *is* an old one, so answers of back then are read as they were. Stored results are never
rewritten; what a version has no place for is carried along as an orphan, and comes back with a config that has.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any, cast

from chalicelib.storage.walk import every
from chalicelib.world import World

if TYPE_CHECKING:
    from labeling.migrate import Migration

_Body = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Read:
    """``orphans``: ``{"result", "reason", "config_version"}`` each; the version is the one that has a place for it."""

    result: list[Any]
    orphans: list[dict[str, Any]]


def of_body(world: World, project_id: int, body: _Body, current: int) -> Read:
    """Results of an annotation, a draft or a prediction, and its orphans, under the version *current*."""
    made: int = body.get("config_version") or current
    carried: Sequence[_Body] = body.get("orphans") or ()
    if made == current and not carried:
        return Read(body["result"], [])
    kept, orphans = _through(steps(world, project_id, made, current), body["result"], made)
    taken = {_place(row) for row in kept}
    for orphan in carried:
        again, lost = _through(
            steps(world, project_id, orphan["config_version"], current), [orphan["result"]], orphan["config_version"]
        )
        fresh = [row for row in again if _place(row) not in taken]
        kept += fresh
        if lost or not again:
            orphans.append(dict(orphan))
    return Read(kept, orphans)


def bodies(world: World, project_id: int, given: Sequence[_Body], current: int) -> list[dict[str, Any]]:
    """The same bodies with their results under the version *current*, and as ``orphans`` what has no place there."""
    return [_read(world, project_id, body, current) for body in given]


def _read(world: World, project_id: int, body: _Body, current: int) -> dict[str, Any]:
    if body.get("config_version") == current and not body.get("orphans"):
        return dict(body)
    found = of_body(world, project_id, body, current)
    rest = {name: value for name, value in body.items() if name != "orphans"}
    return {**rest, "result": found.result, **({"orphans": found.orphans} if found.orphans else {})}


def _place(row: Any) -> tuple[Any, Any]:
    """What a result is about: two results of one place cannot both be there."""
    named = (row.get("id"), row.get("from_name")) if isinstance(row, dict) else (None, None)
    return named if all(isinstance(part, str | int) for part in named) else (id(row), None)


def _through(chain: Sequence[tuple[int, Migration]], result: Any, made: int) -> tuple[list[Any], list[dict[str, Any]]]:
    """Apply the steps one after the other; orphans name the version before the step that lost them."""
    orphans: list[dict[str, Any]] = []
    kept: list[Any] = list(result) if isinstance(result, list) else []
    before = made
    for version, step in chain:
        kept, lost = step.apply(kept)
        orphans += [{"result": one.result, "reason": one.reason, "config_version": before} for one in lost]
        before = version
    return kept, orphans


def steps(world: World, project_id: int, made: int, current: int) -> list[tuple[int, Migration]]:
    """The changes from version *made* to *current*, each with the version it leads to. Empty: none."""
    key = (project_id, made, current)
    found = world.migrations.get(key)
    if found is None:
        if len(world.migrations) > 512:
            world.migrations.clear()
        found = world.migrations[key] = _steps(world, project_id, made, current)
    return cast("list[tuple[int, Migration]]", found)


def _steps(world: World, project_id: int, made: int, current: int) -> list[tuple[int, Migration]]:
    if made == current:
        return []
    rows = history(world, project_id)
    there, back = _ancestors(rows, made), _ancestors(rows, current)
    common = next((version for version in there if version in back), None)
    chain: list[tuple[int, Migration]] = []
    if common is None:  # a version that is no longer known: names alone decide
        return [(current, _between(rows, made, current, {}))] if made in rows and current in rows else []
    for child, parent in pairwise(there[: there.index(common) + 1]):
        chain.append((parent, _between(rows, child, parent, _inverse(rows[child].get("mapping") or {}))))
    path = back[: back.index(common) + 1][::-1]
    for parent, child in pairwise(path):
        chain.append((child, _between(rows, parent, child, rows[child].get("mapping") or {})))
    return chain


def history(world: World, project_id: int) -> dict[int, _Body]:
    """Config rows by version, oldest first."""
    rows = every(world.records, f"PROJECT#{project_id}", "CONFIG#", page=50)
    return {record.body["version"]: record.body for record in rows}


def _own(rows: Mapping[int, _Body], version: int) -> int:
    """The version itself, or the old one that it is again."""
    again: int | None = rows[version].get("same_as") if version in rows else None
    return version if again is None else _own(rows, again)


def _ancestors(rows: Mapping[int, _Body], version: int) -> list[int]:
    """The version and those it was changed from, newest first."""
    found = [_own(rows, version)]
    while found[-1] in rows and (parent := rows[found[-1]].get("changed_from") or found[-1] - 1) >= 1:
        found.append(_own(rows, parent))
    return found


def _between(rows: Mapping[int, _Body], old: int, new: int, mapping: Mapping[str, Any]) -> Migration:
    from labeling.migrate import Migration

    from config_compiler.migrate import changes

    return Migration(changes(json.loads(rows[old]["plan"]), json.loads(rows[new]["plan"]), mapping))


def _inverse(mapping: Mapping[str, Any]) -> dict[str, Any]:
    """New names to old ones. Of several old names that became one, the first."""
    controls = _turned(mapping.get("controls") or {})
    options = {}
    for control, names in (mapping.get("options") or {}).items():
        new_name = (mapping.get("controls") or {}).get(control) or control
        options[new_name] = _turned(names)
    return {"objects": _turned(mapping.get("objects") or {}), "controls": controls, "options": options}


def _turned(names: Mapping[str, str | None]) -> dict[str, str]:
    turned: dict[str, str] = {}
    for old, new in names.items():
        if new is not None:
            turned.setdefault(new, old)
    return turned
