"""A project's settings: what they are when nobody has said anything. Models that check them: models_settings.py."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

DEFAULTS: Final[dict[str, dict[str, Any]]] = {
    "queue": {
        "order": "imported",
        "assign": "anyone",
        "people": [],
        "groups": [],
        "field": "",
        "lease_minutes": 30,
        "skip": "others",
        "show_others": False,
        "auto_advance": False,
    },
    "predictions": {"show": "start", "model": ""},
    "consensus": {"weights": {}, "thresholds": {}, "by_person": False},
    "disagreement": {"ask": 0, "then": "review"},
    "review": {"people": [], "approvals": 1, "share": 0.0},
    "quality": {
        "gold_every": 0,
        "attention_every": 0,
        "warm_up": 0,
        "repeat_every": 0,
        "repeat_after_days": 7,
        "pause_under": 0.0,
        "pause_after": 10,
        "then": "keep",
    },
    "cost": {"hourly_rate": 0.0, "currency": ""},
}
"""Groups of settings by name; docs/contracts.md, section 9, says what each member means."""


def of(project: Mapping[str, Any], group: str) -> dict[str, Any]:
    """One group of a project's settings, with the defaults of what it does not say."""
    return {**DEFAULTS[group], **(project.get(group) or {})}


def value(project: Mapping[str, Any], group: str, name: str) -> Any:
    """One member of a group."""
    said = project.get(group)
    return said[name] if said and name in said else DEFAULTS[group][name]
