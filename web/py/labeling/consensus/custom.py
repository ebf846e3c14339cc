"""Answers of a project's own components: any JSON object. Two are equal or they are not."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from labeling.consensus.answers import AnswerMetric, leader, tally
from labeling.consensus.model import Control, Json, tidy


def _plain(value: Any) -> Any:
    """1.0 as 1: JSON does not tell them apart."""
    if isinstance(value, float):
        return tidy(value) if abs(value) < 1e300 else value
    if isinstance(value, dict):
        return {key: _plain(member) for key, member in value.items()}
    return [_plain(member) for member in value] if isinstance(value, list) else value


def _read(key: str, value: Json) -> str | None:
    given = value.get(key, value.get("custom"))
    return json.dumps(_plain(given), sort_keys=True, ensure_ascii=False) if isinstance(given, dict) else None


def _merge(_: Control, answers: Sequence[str], weights: Sequence[float]) -> str | None:
    """The answer that most gave: with equality as likeness that is the medoid. None where two are ahead."""
    return leader(tally(answers, weights))  # type: ignore[return-value]  # it holds answers


COMPONENT = AnswerMetric(
    name=lambda _: "equal answer",
    read=lambda _, value: _read("component", value),
    similarity=lambda _, a, b: float(a == b),
    merge=_merge,
    supports=lambda answer, merged: bool(answer == merged),
    write=lambda merged: {"component": json.loads(merged)},
    key="component",
    blank=lambda _: None,
)

REACTCODE = replace(
    COMPONENT,
    read=lambda _, value: _read("reactcode", value),
    write=lambda merged: {"reactcode": json.loads(merged)},
    key="reactcode",
)
"""ReactCode and CustomInterface."""
