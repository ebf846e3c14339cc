"""The requests' bodies. Loaded with the first request that has one, so that a cold start does not pay for pydantic.

Submits and drafts are checked by hand (handlers/submissions.py), because a result may have ten thousand regions; their
models stand here for the API's description.
"""

from __future__ import annotations

import difflib
import importlib
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, TypeAdapter, ValidationError

from chalicelib.models_settings import Settings, members_of
from chalicelib.problems import Refusal, problem

Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
LongText = Annotated[str, StringConstraints(max_length=20_000)]
Overlap = Annotated[int, Field(ge=1, le=100, description="How many people label each task.")]
Threshold = Annotated[float, Field(ge=0, le=1, description="Least agreement, 0-1, with which a task counts as agreed.")]


class Body(BaseModel):
    """Members that we do not know are left out, as Label Studio's clients send many."""

    model_config = ConfigDict(extra="ignore", strict=True)


class NewProject(Settings):
    """A project; names of the members are Label Studio's."""

    title: Title
    label_config: str
    description: LongText = ""
    expert_instruction: LongText = Field("", description="Shown to annotators.")
    maximum_annotations: Overlap = 1
    agreement_threshold: Threshold = 0.7


class ChangeProject(Settings):
    """Members that are absent stay as they are."""

    title: Title | None = None
    label_config: str | None = None
    description: LongText | None = None
    expert_instruction: LongText | None = None
    maximum_annotations: Overlap | None = None
    agreement_threshold: Threshold | None = None
    is_archived: bool | None = Field(None, description="Nobody gets a task or joins any more; all stays readable.")

    config_mapping: dict[str, Any] | None = Field(
        None, description='What old names become: {"controls", "objects", "options": {control: {old: new}}}.'
    )
    config_note: Annotated[str, StringConstraints(max_length=500)] | None = None
    config_same_as: int | None = Field(None, ge=1, description="Go back: the version that this config is again.")
    accept_orphans: bool = Field(False, description="Results that the new config has no place for may be put aside.")


class PreviewConfig(Body):
    """A config that is not saved yet: what would it do to the answers?"""

    label_config: str
    mapping: dict[str, Any] | None = None


class CheckConfig(Body):
    """A labeling config to compile, without a project."""

    label_config: str


class NewUpload(Body):
    """A file that will be sent straight to the store."""

    name: str = Field(min_length=1, max_length=300)
    size: int = Field(ge=0, description="Bytes.")
    type: str = Field("", max_length=200, pattern=r"^[ -~]*$", description="MIME type.")


class Submit(Body):
    """An annotation. `result` is Label Studio's result JSON."""

    result: list[dict[str, Any]]
    lead_time: float | None = Field(None, ge=0, description="Seconds.")
    lease: str | None = Field(None, description="The token that came with the task. Owners need none.")
    was_cancelled: bool = Field(False, description="Skip: somebody else gets the task.")
    config_version: int | None = Field(
        None, ge=1, description="The config the work was done with; the newest when absent."
    )


class Change(Body):
    """A new version of an annotation."""

    result: list[dict[str, Any]]
    lead_time: float | None = Field(None, ge=0)
    version: int = Field(ge=1, description="The version that this one replaces.")
    was_cancelled: bool = False
    config_version: int | None = Field(None, ge=1)


class Draft(Body):
    """Unfinished work. It may be incomplete, so it is not checked against the plan."""

    result: list[dict[str, Any]]
    lead_time: float | None = Field(None, ge=0)
    lease: str | None = Field(None, description="The token of the task; null while correcting an own annotation.")
    version: int | None = Field(None, ge=1, description="While correcting: the version that the work began with.")


class Renew(Body):
    """A lease's token."""

    token: str = Field(max_length=100)


class GiveBack(Body):
    """Tasks that one holds and does not want to."""

    tasks: list[int] = Field(max_length=200)


NewUploads = Annotated[list[NewUpload], Field(min_length=1, max_length=1000)]
LISTS: dict[str, Any] = {"NewUploads": NewUploads}


def read(name: str, value: Any) -> Any:
    """
    Raises:
        Refusal: 400 with a problem for each member that is wrong.
    """
    adapter = adapter_of(name)
    try:
        return adapter.validate_python(value)
    except ValidationError as error:
        raise Refusal(400, *[_problem(fault) for fault in error.errors(include_url=False)]) from None


_adapters: dict[str, TypeAdapter[Any]] = {}


PARTS = (
    "models_jobs", "models_people", "models_projects", "models_quality", "models_review", "models_settings",
    "models_studio", "models_table",
)  # fmt: skip
"""Modules that hold the bodies of one part of the API each; they load with the first request that needs them."""


def adapter_of(name: str) -> TypeAdapter[Any]:
    if name not in _adapters:
        _adapters[name] = TypeAdapter(_found(name))
    return _adapters[name]


def _found(name: str) -> Any:
    if found := LISTS.get(name) or globals().get(name):
        return found
    for part in PARTS:
        if found := getattr(importlib.import_module(f"chalicelib.{part}"), name, None):
            return found
    raise KeyError(name)


def _problem(fault: Any) -> dict[str, Any]:
    place = ".".join(str(part) for part in fault["loc"])
    if fault["type"] == "extra_forbidden":
        known = members_of(fault["loc"])
        near = difflib.get_close_matches(str(fault["loc"][-1]), known, 1)
        hint = f"Did you mean “{near[0]}”?" if near else f"There are: {', '.join(known)}."
        return problem("bad-member", f"There is no setting {place}.", where=f"field {place}", hint=hint)
    if fault["type"] == "missing":
        message = f"{place} is missing."
    else:
        message = f"{place or 'The body'}: {fault['msg'][0].lower()}{fault['msg'][1:]}."
    return problem(
        "bad-member",
        message,
        where=f"field {place}" if place else "body",
        hint="See /api/openapi.json for the members.",
    )
