"""Bodies of requests about known answers and about people's work; see models.py."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from chalicelib.models import Body

Remark = Annotated[str, StringConstraints(max_length=5000)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]


class SetGold(Body):
    """Make a task one with a known answer. Without `annotation` and `result` it is the answer that is there."""

    kind: Literal["gold", "attention", "warm_up"] | None = Field(
        description="What it is given out for; null: it is an ordinary task again."
    )
    annotation: int | None = Field(None, ge=1, description="The annotation of this task that is right.")
    result: list[dict[str, Any]] | None = Field(None, description="The right answer itself, as a result.")
    feedback: Remark | None = Field(None, description="Shown after the task in a warm-up, beside the right answer.")


class Discard(Body):
    """Put a person's work aside, so that it counts nowhere."""

    requeue: bool = Field(False, description="Others get the tasks.")
    undo: bool = Field(False, description="It counts again.")


class Message(Body):
    """A word to one person, shown on their page."""

    text: Text
