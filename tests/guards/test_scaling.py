"""The costs in docs/scaling.md are those that `labelkite deploy` reckons with."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

from labelkite.deploy import costs

ROOT = Path(__file__).resolve().parents[2]


def test_the_table_of_costs_is_the_one_that_a_deployment_shows() -> None:
    told = (ROOT / "docs" / "scaling.md").read_text()
    assert "\n".join(costs.markdown("arm64")) in told


def test_more_people_cost_more_of_everything() -> None:
    sizes = [costs.estimate(size, "arm64") for size in costs.SCALES]
    for less, more in pairwise(sizes):
        assert all(a <= b for (_, a), (_, b) in zip(less.parts, more.parts, strict=True))
