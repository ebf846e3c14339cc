"""What a model suggested: accepted, which makes it an answer like any other, or rejected, which takes it away."""

from __future__ import annotations

from dataclasses import replace

from labeling import labels, reading
from labeling.edit import Edit, touched
from labeling.intents_batch import Accept, Reject
from labeling.model import Answer, Region
from labeling.problems import refuse


def apply(edit: Edit, intent: Accept | Reject) -> None:
    """Names of what is no suggestion any more are passed over: it may have been decided a moment ago."""
    regions, answers = _meant(edit, intent)
    if isinstance(intent, Reject):
        for region in regions:
            edit.remove(region.id)
        gone = {region.id for region in regions}
        edit.selection = tuple(name for name in edit.selection if name not in gone)
        for control in answers:
            edit.put_answer(control, None)
        return
    for region in regions:
        settled = replace(region, suggestion=False)
        edit.put(_relabelled(edit, settled) if intent.relabel else settled)
    for control, answer in answers.items():
        edit.put_answer(control, replace(answer, suggestion=False))
    labels.check_limits(edit)


def _meant(edit: Edit, intent: Accept | Reject) -> tuple[list[Region], dict[str, Answer]]:
    for name in intent.regions or ():
        edit.must_have(name)
    for control in intent.controls or ():
        if control not in edit.task.index.controls:
            raise refuse("unknown-control", f"no control {control!r:.60}", f"control {control:.60}")
    everything = intent.regions is None and intent.controls is None
    named, asked = frozenset(intent.regions or ()), frozenset(intent.controls or ())
    regions = [
        region
        for region in edit.state.regions.values()
        if region.suggestion and (everything or region.id in named) and _scored(region.score, intent)
    ]
    answers = {
        control: answer
        for control, answer in edit.state.answers.items()
        if answer.suggestion and (everything or control in asked) and _scored(score_of(answer), intent)
    }
    return regions, answers


def score_of(answer: Answer) -> float | None:
    """How sure the model was of an answer, where its result says it."""
    return reading.number(answer.kept.members.get("score"))


def _scored(score: float | None, intent: Accept | Reject) -> bool:
    """Whether the score is in the range asked for; what has no score is in none."""
    if intent.above is None and intent.below is None:
        return True
    if score is None:
        return False
    return (intent.above is None or score >= intent.above) and (intent.below is None or score < intent.below)


def _relabelled(edit: Edit, region: Region) -> Region:
    """With the labels that a region drawn in its place would have got now, where there are any."""
    control = edit.task.index.controls[region.control]
    part = edit.task.index.objects[region.object]
    given = labels.active_for(edit.task, part, edit.active, labels.Tool(region.shape.kind, control))
    given = {name: names for name, names in given.items() if names}
    changed = {**region.labels, **given}
    return region if changed == region.labels else touched(replace(region, labels=changed))
