"""Bodies of the paths that are Label Studio's and that our own pages do not use."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field, StringConstraints

from chalicelib.models import Body

Version = Annotated[str, StringConstraints(max_length=200)]


class NewPrediction(Body):
    """What a model said of a task. `result` is Label Studio's result JSON."""

    task: int = Field(ge=1)
    result: list[dict[str, Any]]
    score: float | None = Field(None, description="How sure the model is; lower ones are labeled first if you ask so.")
    model_version: Version = "undefined"


class ChangePrediction(Body):
    """Members that are absent stay as they are."""

    result: list[dict[str, Any]] | None = None
    score: float | None = None
    model_version: Version | None = None


class NewTask(Body):
    """One task with its data."""

    project: int = Field(ge=1)
    data: dict[str, Any]
    meta: dict[str, Any] | None = None
    predictions: list[dict[str, Any]] | None = None
    annotations: list[dict[str, Any]] | None = None


class ChangeTask(Body):
    """Members that are absent stay as they are."""

    data: dict[str, Any] | None = None
    meta: dict[str, Any] | None = None
    allow_skip: bool | None = None


NewPredictions = Annotated[list[NewPrediction], Field(min_length=1, max_length=10_000)]
