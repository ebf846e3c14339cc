"""A task as the labeling page gets it: drawn at once from `display` and `view`, labeled on from `result`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast

from chalicelib import media, migration
from chalicelib.configs import Config
from chalicelib.queue import Lease
from chalicelib.storage.ports import Record
from chalicelib.times import iso
from chalicelib.world import World

if TYPE_CHECKING:
    from labeling.model import Origin


def display_of(world: World, project_id: int, config: Config, data: Any) -> tuple[dict[str, Any], list[str]]:
    """The Display with presigned URLs, and the URLs of its media."""
    from labeling import display

    shown = cast(dict[str, Any], display.resolve(config.index, data))
    return shown, media.sign_display(world, project_id, shown)


def view_of(
    config: Config,
    data: Any,
    result: list[Any],
    origin: Origin = "manual",
    *,
    suggest: bool = False,
    begun: bool = True,
) -> dict[str, Any]:
    """
    The engine's own view of stored results.

    Args:
        suggest: those of a prediction have to be accepted.
        begun: somebody has worked on it; else nothing stored means that it starts as the config says.
    """
    from labeling import session, view
    from labeling.model import Settings

    state = session.open_task(config.index, data, result, Settings(suggest=suggest), origin=origin, begun=begun)
    return cast(dict[str, Any], view.full(state))


def envelope(
    world: World,
    project_id: int,
    config: Config,
    task: Mapping[str, Any],
    *,
    annotation: Record | None = None,
    draft: Record | None = None,
    lease: Lease | None = None,
    prediction: Record | None = None,
    suggest: bool = False,
    predictions: Sequence[Mapping[str, Any]] = (),
) -> dict[str, Any]:
    """
    Args:
        annotation: the person's own newest version, if they have submitted.
        draft: their unfinished work; it is newer than the annotation, because a submit removes it.
        prediction: what a model thinks; shown while there is neither.
        suggest: what it thinks has to be accepted first.
        predictions: all that one may choose from.
    """
    shown, urls = display_of(world, project_id, config, task["data"])
    newest = draft or annotation or prediction
    found = migration.of_body(world, project_id, newest.body, config.version) if newest is not None else None
    result = found.result if found else []
    origin: Origin = "prediction" if newest is not None and newest is prediction else "manual"
    begun = newest is not None and newest is not prediction
    body: dict[str, Any] = {
        "task": {"id": task["id"], "data": task["data"]},
        "config_version": config.version,
        "display": shown,
        "view": view_of(config, task["data"], result, origin, suggest=suggest, begun=begun),
        "result": result,
        "origin": origin,
        "media": urls,
    }
    if begun:
        body["begun"] = True
    if suggest:
        body["suggest"] = True
    if newest is not None and newest is prediction:
        body["prediction"] = prediction.body["id"]
        body["predictions"] = list(predictions)
    if task.get("allow_skip") is False:
        body["task"]["allow_skip"] = False
    if found and found.orphans:
        body["orphans"] = found.orphans
    if annotation is not None:
        body["annotation"] = {"id": annotation.body["id"], "version": annotation.body["version"]}
    if draft is not None:
        body["draft_saved_at"] = draft.body["saved_at"]
        body["lead_time"] = draft.body["lead_time"]
    if lease is not None:
        body["lease"] = {"token": lease.token, "expires_at": iso(lease.expires_ms / 1000)}
    return body
