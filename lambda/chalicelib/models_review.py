"""Bodies of the requests about reviews, comments and history."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from chalicelib.models import Body

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=5_000)]


class Decide(Body):
    """A reviewer's decision about a task."""

    action: Literal["accept", "merge", "correct", "send_back"]
    version: str = Field(max_length=100, description="The `version` that the review was read with.")
    annotation: int | None = Field(None, description="accept, send_back: which answer.")
    result: list[dict[str, Any]] | None = Field(None, description="correct: the reviewer's own answer.")
    lead_time: float | None = Field(None, ge=0, description="Seconds.")
    config_version: int | None = Field(None, ge=1, description="correct: the config that the work was done with.")
    comment: Annotated[str, StringConstraints(max_length=5_000)] = Field("", description="send_back: needed.")
    region: str | None = Field(None, max_length=200, description="The region that the comment is about.")


class NewComment(Body):
    """A comment at a task, at one of its annotations, or at a region of one."""

    text: Text
    annotation: int | None = None
    region: str | None = Field(None, max_length=200)
    reply_to: int | None = Field(None, description="The comment that this one answers.")


class ChangeComment(Body):
    """A comment is settled, or is not any more."""

    resolved: bool


class Restore(Body):
    """An old version that shall be the newest again."""

    version: int = Field(ge=1, description="The version whose content comes back.")
    current: int | None = Field(None, ge=1, description="The newest version that you know of; 409 if there is another.")
