"""Request bodies about the table of tasks."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator


class _Body(BaseModel):
    model_config = ConfigDict(extra="ignore", strict=True)


class CheckTasks(_Body):
    """Which of these tasks a filter of the table finds; of texts too, which the table does not have."""

    query: dict[str, Any]
    tasks: list[int] = Field(min_length=1, max_length=2_000)


class Change(BaseModel):
    """Who gets the tasks (`[]`: whoever the settings let) or their priority (null: the import's): one of these."""

    model_config = ConfigDict(extra="forbid", strict=True)

    people: list[int] = Field(default_factory=list, max_length=100)
    priority: float | None = Field(None, allow_inf_nan=False)

    @model_validator(mode="after")
    def _one(self) -> Change:
        if len(self.model_fields_set) != 1:
            raise ValueError("name one of people and priority")
        return self


class ChangeTasks(_Body):
    """The same change to many tasks, which can be undone for a day."""

    tasks: list[int] = Field(min_length=1, max_length=100_000)
    change: Change


class NewView(_Body):
    """A filter and an order of the table, under a name."""

    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
    shared: bool = Field(False, description="Everybody who manages the project sees it.")
    query: dict[str, Any] | None = None
    order: list[Annotated[str, StringConstraints(max_length=200)]] = Field(default_factory=list, max_length=5)
    shape: Annotated[str, StringConstraints(pattern=r"^(table|grid)$")] = "table"
