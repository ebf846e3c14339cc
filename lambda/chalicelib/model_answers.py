"""Which prediction of a task somebody who labels it is shown, and how: the project's settings `predictions`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from chalicelib import keys, settings
from chalicelib.keys import Key
from chalicelib.problems import not_found
from chalicelib.storage.ports import Record

CHOICE = 10
"""Of so many predictions, the newest ones, one may be chosen."""


def keys_of(project: Mapping[str, Any], task: Mapping[str, Any]) -> list[Key]:
    """What is to be read: nothing where annotators do not see predictions."""
    if settings.value(project, "predictions", "show") == "hidden":
        return []
    return [keys.prediction(task["id"], id_) for id_ in task["predictions"][-CHOICE:]]


def chosen(project: Mapping[str, Any], found: Sequence[Record | None], asked: int | None = None) -> Record | None:
    """
    The prediction that the work starts from: the one *asked* for, else the newest of the project's model, else the
    newest.

    Args:
        found: those that were read, the newest last.

    Raises:
        Refusal: 404, there is no such prediction to be seen.
    """
    there = [record for record in found if record is not None]
    if asked is not None:
        wanted = next((record for record in there if record.body["id"] == asked), None)
        if wanted is None:
            raise not_found("prediction", asked)
        return wanted
    model = settings.value(project, "predictions", "model")
    of_model = [record for record in there if model and record.body.get("model_version") == model]
    return (of_model or there)[-1] if there else None


def suggests(project: Mapping[str, Any]) -> bool:
    """Whether what a prediction says has to be accepted first."""
    return bool(settings.value(project, "predictions", "show") == "suggest")


def listed(found: Sequence[Record | None]) -> list[dict[str, Any]]:
    """The predictions as the page names them, the newest first."""
    bodies = [record.body for record in found if record is not None]
    return [
        {"id": body["id"], "model_version": body.get("model_version"), "score": body.get("score")}
        for body in reversed(bodies)
    ]
