"""The one table that says how each type of control is compared and merged."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from labeling.consensus.answers import CHOICES, PAIRWISE, RATING, TEXTAREA, AnswerMetric
from labeling.consensus.conversations import HYPERSPANS, phrases_metric
from labeling.consensus.custom import COMPONENT, REACTCODE
from labeling.consensus.model import Control
from labeling.consensus.plane import PLANE
from labeling.consensus.rankings import RANKER
from labeling.consensus.regions import HYPERTEXT_SPANS, SPANS, RegionMetric
from labeling.consensus.scales import NUMBER, datetime_metric
from labeling.consensus.taxonomies import TAXONOMY
from labeling.consensus.taxonomies import region_metric as labeling_taxonomy
from labeling.consensus.times import SEGMENTS, TIMELINES, series_metric
from labeling.consensus.tracks import VIDEO
from labeling.plan_index import Control as ControlPart
from labeling.plan_index import ObjectPart, PlanIndex

Maker = Callable[[ObjectPart, Mapping[str, object], str], RegionMetric]
"""Makes the metric of one object from it, the task's data and the member of `value` that holds the labels."""

METRICS: dict[str, AnswerMetric | RegionMetric] = {
    "choices": CHOICES,
    "rating": RATING,
    "textarea": TEXTAREA,
    "pairwise": PAIRWISE,
    "number": NUMBER,
    "taxonomy": TAXONOMY,
    "ranker": RANKER,
    "component": COMPONENT,
    "reactcode": REACTCODE,
    "timelinelabels": TIMELINES,
    **VIDEO,
    **PLANE,
}
"""Control type (`control["type"]` of the plan) -> its metric, where the type alone decides."""

BY_CONTROL: dict[str, Callable[[ControlPart], AnswerMetric]] = {"datetime": datetime_metric}
"""Control type -> what makes the metric of one control, where its attributes decide."""

BY_OBJECT: dict[str, dict[str, RegionMetric | Maker]] = {
    "labels": {
        "text": SPANS,
        "hypertext": replace(HYPERSPANS, key="labels"),
        "audio": SEGMENTS,
        "paragraphs": phrases_metric,
        "timeseries": series_metric,
    },
    "hypertextlabels": {"text": HYPERTEXT_SPANS, "hypertext": HYPERSPANS},
    "paragraphlabels": {"paragraphs": phrases_metric},
    "timeserieslabels": {"timeseries": series_metric},
}
"""Control type -> type of the labeled object -> metric: these mark what their object is made of."""

NOT_COMPARED: dict[str, str] = {
    "chatmessage": "each person's conversation goes its own way, so messages do not answer the same thing",
}
"""Type -> why its results are left out of agreement and merged result; the control's `reason` says so."""


def metrics_of(index: PlanIndex, data: Mapping[str, object] | None = None) -> Mapping[str, AnswerMetric | RegionMetric]:
    """Metrics by the control's name; a control that is not compared is not there. `data`: the task's."""
    found: dict[str, AnswerMetric | RegionMetric] = {}
    for control in index.controls.values():
        metric = METRICS.get(control.type)
        if control.type in BY_CONTROL:
            metric = BY_CONTROL[control.type](control)
        elif control.labeling:
            marks = _marking(control, index, data or {}, BY_OBJECT["labels"])
            metric = labeling_taxonomy(marks) if marks else None
        elif control.type in BY_OBJECT:
            metric = _marking(control, index, data or {}, BY_OBJECT[control.type])
        if metric is not None:
            found[control.name] = metric
    return found


def _marking(
    control: ControlPart, index: PlanIndex, data: Mapping[str, object], known: Mapping[str, RegionMetric | Maker]
) -> RegionMetric | None:
    """The metric of what the control marks on its object; None on objects of several types."""
    parts = [index.objects[name] for name in control.to]
    if len({part.type for part in parts}) != 1:
        return None
    metric = known.get(parts[0].type)
    if metric is None or isinstance(metric, RegionMetric):
        return metric
    return metric(parts[0], data, control.value_key)


def marks_others(control: Control, index: PlanIndex) -> bool:
    """Whether it labels regions that other controls make (Labels beside Rectangle, Brush …)."""
    part = index.controls[control["name"]]
    return part.type == "labels" and not any(part.makes(index.objects[name]) for name in part.to)


def why_not(control: Control, index: PlanIndex) -> str:
    """The reason for a control without a metric."""
    if marks_others(control, index):
        return "its labels belong to regions that other controls make, and are compared with them"
    kinds = sorted({index.objects[name].type for name in index.controls[control["name"]].to})
    on = f" on {', '.join(kinds)}" if control["type"] in BY_OBJECT else ""
    because = f": {NOT_COMPARED[control['type']]}" if control["type"] in NOT_COMPARED else ""
    return f"there is no metric for controls of type {control['type']!r}{on}{because}"


def metric_name(control: Control, metric: AnswerMetric | RegionMetric) -> str:
    """The name of the control's metric as reports print it."""
    return metric.name if isinstance(metric, RegionMetric) else metric.name(control)
