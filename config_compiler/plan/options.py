"""Options of controls: labels and choices."""

from __future__ import annotations

from typing import Literal

from config_compiler.plan.base import Granularity, Model, Value


class Option(Model):
    """``stored`` is what results hold. Members after ``group`` are there only if the config gives them."""

    value: str
    stored: str
    text: Value
    color: str
    hotkey: str | None = None
    hint: str | None = None
    html: str | None = None
    alias: str | None = None
    show_alias: bool
    selected: bool
    max_usages: int | None = None
    granularity: Granularity | None = None
    group: str | None = None
    alias_style: dict[str, str] | None = None
    selected_color: str | None = None
    size: Literal["small", "medium", "large"] | None = None
    category: int | None = None
    model_index: int | None = None
    style: dict[str, str] | None = None
    children: tuple[Option, ...] | None = None
