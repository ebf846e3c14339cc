"""What all parts of the plan are built from: the model, values, conditions."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

Json = Any  # of the sample task, of intents: any JSON


class Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class TextValue(Model):
    text: str


class PathValue(Model):
    path: tuple[str | int, ...]
    source: str


class PartsValue(Model):
    parts: tuple[TextValue | PathValue, ...]


Value = TextValue | PathValue | PartsValue


class Condition(Model):
    kind: Literal["choice-selected", "choice-unselected", "region-selected", "no-region-selected", "value-is"]
    tag: str | None = None
    labels: tuple[str, ...] | None = None
    choices: tuple[str, ...] | None = None
    role: str | None = None


Granularity = Literal["symbol", "word", "sentence", "paragraph"]
Scope = Literal["main", "input"]
"""Where a hotkey works: everywhere but in text fields, or in the text field that it belongs to."""
