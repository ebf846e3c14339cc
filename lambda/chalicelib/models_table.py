"""Request bodies about the table of tasks."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints


class _Body(BaseModel):
    model_config = ConfigDict(extra="ignore", strict=True)


class CheckTasks(_Body):
    """Which of these tasks a filter of the table finds; of texts too, which the table does not have."""

    query: dict[str, Any]
    tasks: list[int] = Field(min_length=1, max_length=2_000)


class NewView(_Body):
    """A filter and an order of the table, under a name."""

    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
    shared: bool = Field(False, description="Everybody who manages the project sees it.")
    query: dict[str, Any] | None = None
    order: list[Annotated[str, StringConstraints(max_length=200)]] = Field(default_factory=list, max_length=5)
    shape: Annotated[str, StringConstraints(pattern=r"^(table|grid)$")] = "table"
