"""The one table that says how each type of control is compared and merged."""

from __future__ import annotations

from labeling.consensus.answers import CHOICES, RATING, TEXTAREA, AnswerMetric
from labeling.consensus.model import Control
from labeling.consensus.regions import BOXES, SPANS, RegionMetric

METRICS: dict[str, AnswerMetric | RegionMetric] = {
    "choices": CHOICES,
    "rating": RATING,
    "textarea": TEXTAREA,
    "labels": SPANS,
    "rectanglelabels": BOXES,
}
"""Control type (`control["type"]` of the plan) -> its metric."""


def metric_name(control: Control) -> str:
    """The name of the control's metric as reports print it."""
    metric = METRICS[control["type"]]
    return metric.name if isinstance(metric, RegionMetric) else metric.name(control)
