"""Waiting for what jobs and other threads do: asked again and again, until a deadline that says what was seen last."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any


def until(
    happened: Callable[[], Any], within_s: float = 30, told: Callable[[], Any] = lambda: "it did not happen"
) -> Any:
    """The first true answer of *happened*; *told*: what a failure shows."""
    ends = time.monotonic() + within_s
    while not (found := happened()):
        assert time.monotonic() < ends, told()
        time.sleep(0.005)
    return found
