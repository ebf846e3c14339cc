"""
The plan: what a config compiles to. Everything after the compiler reads its JSON only (docs/contracts.md, section 1).

Members that are ``None`` are left out of the JSON. A change that old readers would misread raises ``PLAN_VERSION``.
"""

from __future__ import annotations

import json
from typing import Annotated, Literal

from pydantic import Field

from config_compiler.plan.answers import AnswerControl
from config_compiler.plan.base import Json, Model, Scope
from config_compiler.plan.nodes import Node
from config_compiler.plan.objects import Object
from config_compiler.plan.options import Option
from config_compiler.plan.regions import RegionControl

PLAN_VERSION = 1

__all__ = ["PLAN_VERSION", "Control", "DataField", "Hotkey", "Node", "Object", "Plan"]

Control = Annotated[RegionControl | AnswerControl, Field(discriminator="type")]


class DataField(Model):
    """A member of ``task.data`` that a task must have; ``types`` are names of JSON types, any of them."""

    name: str
    types: tuple[Literal["string", "number", "list", "object"], ...]
    used_by: tuple[str, ...]


class Hotkey(Model):
    key: str
    scope: Scope
    does: str
    intent: dict[str, Json]


class Relations(Model):
    """Labels that relations may have."""

    choice: Literal["single", "multiple"]
    options: tuple[Option, ...]


class Plan(Model):
    plan: Literal[1] = 1
    config_sha256: str
    requires: tuple[str, ...]
    fields: tuple[DataField, ...]
    tree: Node
    objects: tuple[Object, ...]
    controls: tuple[Control, ...]
    hotkeys: tuple[Hotkey, ...]
    relations: Relations | None = None
    rules: tuple[dict[str, Json], ...] | None = None
    sample: dict[str, Json]

    def to_data(self) -> dict[str, Json]:
        """The plan as JSON data: members in the order of the models, without those that are ``None``."""
        data = self.model_dump(mode="json", exclude_none=True)  # lists, as the engine wants them, in place of tuples
        data["sample"] = self.sample  # its nulls are the author's
        return data

    def to_json(self) -> bytes:
        """
        The plan as canonical JSON: UTF-8, no blanks, members in order. The same plan gives the same bytes
        everywhere.
        """
        return json.dumps(self.to_data(), ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
