"""The groups of a project's settings as requests bring them: each member may be absent and then stays as it is.

Names that Label Studio gives the same settings are read too, where the concept is the same. What the members mean is
told in docs/contracts.md, section 9; what holds for a project as a whole (that people are its members, that controls
are of its config) is checked in settings_check.py.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Share = Annotated[float, Field(ge=0, le=1)]
Count = Annotated[int, Field(ge=0, le=100_000)]
Group = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]
Ids = Annotated[list[int], Field(max_length=1000)]


class SettingsGroup(BaseModel):
    """A member that does not exist is a mistake: a setting that nobody reads is worse than an error."""

    model_config = ConfigDict(extra="forbid", strict=True)


class QueueSettings(SettingsGroup):
    """Who gets which task, and when."""

    order: Literal["imported", "random", "priority", "uncertainty"] | None = Field(
        None, description="`uncertainty`: the lowest score of the newest prediction first."
    )
    assign: Literal["anyone", "people", "groups", "field"] | None = None
    people: Ids | None = Field(None, description="With assign `people`: their ids.")
    groups: list[Group] | None = Field(None, max_length=100, description="With assign `groups`: their names.")
    field: Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)] | None = Field(
        None, description="With assign `field`: the member of a task's data that names the person or group."
    )
    lease_minutes: int | None = Field(None, ge=1, le=1440, description="How long a task stays with one person.")
    skip: Literal["others", "again", "drop", "refused"] | None = None
    show_others: bool | None = None
    auto_advance: bool | None = Field(
        None, description="A single choice, rating or pair that is all a task asks is sent as soon as it is decided."
    )


class PredictionSettings(SettingsGroup):
    """What people who label see of predictions."""

    show: Literal["start", "suggest", "hidden"] | None = Field(
        None, description="`start`: what a prediction says is there from the start; `suggest`: it has to be accepted."
    )
    model: Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)] | None = Field(
        None, description="The model version whose prediction is shown; empty, or without one of it: the newest."
    )


class ConsensusSettings(SettingsGroup):
    """How answers are compared."""

    weights: dict[str, Annotated[float, Field(ge=0, le=1000)]] | None = None
    thresholds: dict[str, Share] | None = None
    by_person: bool | None = None


class DisagreementSettings(SettingsGroup):
    """What happens where people disagree."""

    ask: int | None = Field(None, ge=0, le=20, description="So many people more than the overlap, one after the other.")
    then: Literal["review", "keep"] | None = None


class ReviewSettings(SettingsGroup):
    """Who looks at what is done."""

    people: Ids | None = Field(None, description="Ids of reviewers; none: everybody who may review.")
    approvals: int | None = Field(None, ge=1, le=10)
    share: Share | None = Field(None, description="Of the agreed tasks, drawn at random.")


class QualitySettings(SettingsGroup):
    """Tasks with a known answer, and what follows from them."""

    gold_every: Count | None = None
    attention_every: Count | None = None
    warm_up: Annotated[int, Field(ge=0, le=1000)] | None = None
    repeat_every: Count | None = None
    repeat_after_days: Annotated[int, Field(ge=0, le=3650)] | None = None
    pause_under: Share | None = None
    pause_after: Annotated[int, Field(ge=1, le=1000)] | None = None
    then: Literal["keep", "discard", "requeue"] | None = None


class CostSettings(SettingsGroup):
    """What work costs, for the report."""

    hourly_rate: float | None = Field(None, ge=0, le=1_000_000, description="For an hour of one person; 0: not said.")
    currency: Annotated[str, StringConstraints(strip_whitespace=True, max_length=8)] | None = Field(
        None, description="As it is shown: EUR, $ …"
    )


class Settings(BaseModel):
    """The members of a project that make it work one way or another; base of NewProject and ChangeProject."""

    model_config = ConfigDict(extra="ignore", strict=True)

    queue: QueueSettings | None = None
    predictions: PredictionSettings | None = None
    consensus: ConsensusSettings | None = None
    disagreement: DisagreementSettings | None = None
    review: ReviewSettings | None = None
    quality: QualitySettings | None = None
    cost: CostSettings | None = None
    is_paused: bool | None = Field(None, description="Nobody gets a new task.")
    sampling: Annotated[str, StringConstraints(max_length=60)] | None = Field(
        None, description="Label Studio's name of queue.order: Sequential, Uniform or Uncertainty sampling."
    )
    skip_queue: Annotated[str, StringConstraints(max_length=60)] | None = Field(
        None, description="Label Studio's name of queue.skip: REQUEUE_FOR_ME, REQUEUE_FOR_OTHERS, IGNORE_SKIPPED."
    )
    show_skip_button: bool | None = Field(None, description="false is queue.skip `refused`.")


class Assign(BaseModel):
    """Who gets this task from now on; nobody named: whoever the project's settings let."""

    model_config = ConfigDict(extra="ignore", strict=True)

    people: list[int] = Field(max_length=100)


class AssignMany(Assign):
    """The same for many tasks."""

    tasks: list[int] = Field(min_length=1, max_length=100_000)


class Reassign(BaseModel):
    """Who gets what somebody else holds or has assigned; nobody named: whoever the project's settings let."""

    model_config = ConfigDict(extra="ignore", strict=True)

    to: list[int] = Field(default_factory=list, max_length=100)


class ChangePriority(BaseModel):
    """null: the priority that the task was imported with."""

    model_config = ConfigDict(extra="ignore", strict=True)

    priority: float | None


GROUPS: dict[str, type[SettingsGroup]] = {
    "queue": QueueSettings,
    "predictions": PredictionSettings,
    "consensus": ConsensusSettings,
    "disagreement": DisagreementSettings,
    "review": ReviewSettings,
    "quality": QualitySettings,
    "cost": CostSettings,
}


def members_of(place: tuple[Any, ...]) -> list[str]:
    """Names that may stand where a request has an unknown one, for its hint."""
    return list(GROUPS[place[0]].model_fields) if len(place) == 2 and place[0] in GROUPS else []
