"""The one table that says how each type of control is compared and merged."""

from __future__ import annotations

from collections.abc import Mapping

from labeling.consensus.answers import CHOICES, PAIRWISE, RATING, TEXTAREA, AnswerMetric
from labeling.consensus.model import Control
from labeling.consensus.regions import BOXES, HYPERTEXT_SPANS, SPANS, RegionMetric
from labeling.plan_index import PlanIndex

METRICS: dict[str, AnswerMetric | RegionMetric] = {
    "choices": CHOICES,
    "rating": RATING,
    "textarea": TEXTAREA,
    "pairwise": PAIRWISE,
    "labels": SPANS,
    "hypertextlabels": HYPERTEXT_SPANS,
    "rectanglelabels": BOXES,
}
"""Control type (`control["type"]` of the plan) -> its metric."""

NOT_COMPARED = frozenset({
    "rectangle", "ellipse", "ellipselabels", "polygon", "polygonlabels", "keypoint", "keypointlabels", "brush",
    "brushlabels", "magicwand", "bitmask", "bitmasklabels", "vector", "vectorlabels", "paragraphlabels",
    "timeserieslabels", "timelinelabels", "videorectangle", "videovector", "videovectorlabels", "ocrlabels", "cuboid",
    "cuboidlabels", "pointlabels", "chatmessage", "taxonomy", "number", "datetime", "ranker", "component", "reactcode",
})  # fmt: skip
"""Types whose results are left out of agreement and merged result; the control's `reason` says so."""

_TEXT_ONLY = (SPANS, HYPERTEXT_SPANS)


def metrics_of(index: PlanIndex) -> Mapping[str, AnswerMetric | RegionMetric]:
    """Metrics by the control's name; a control that is not compared is not there.

    Labels follow their object: only those of plain texts are compared as spans.
    """
    found = {}
    for control in index.controls.values():
        metric = METRICS.get(control.type)
        if metric in _TEXT_ONLY and not all(index.objects[name].type == "text" for name in control.to):
            metric = None
        if metric is not None:
            found[control.name] = metric
    return found


def why_not(control: Control, index: PlanIndex) -> str:
    """The reason for a control without a metric."""
    kinds = sorted({index.objects[name].type for name in index.controls[control["name"]].to})
    on = f" on {', '.join(kinds)}" if control["type"] in METRICS else ""
    return f"there is no metric for controls of type {control['type']!r}{on}"


def metric_name(control: Control, metric: AnswerMetric | RegionMetric) -> str:
    """The name of the control's metric as reports print it."""
    return metric.name if isinstance(metric, RegionMetric) else metric.name(control)
