"""What stands between the annotator and Submit, all at once: what is missing, and what the server would refuse."""

from __future__ import annotations

from collections.abc import Iterator

from labeling import answers, conditions, labels
from labeling.model import Answer, Picked, Rated, Region, State, Texts, place
from labeling.plan_index import Control
from labeling.problems import Problem, problem


def problems(state: State) -> list[Problem]:
    """Answers that are missing, too many or unknown to the config, labels used too often. Empty: may be submitted.

    Unknown labels and choices come with old results; they are kept until a person settles them.
    """
    return [fault for control in state.task.index.controls.values() for fault in _control(state, control)]


def _control(state: State, control: Control) -> Iterator[Problem]:
    task = state.task
    if control.labels:
        yield from _labels(state, control)
        return
    if not control.per_region:
        if conditions.shown(control, task.index, task.tables, state.answers, state.selected):
            yield from _answer(state, control, state.answers.get(control.name), None)
        return
    for region in state.regions.values():
        if conditions.applies(control, region, task.index, task.tables, state.answers):
            yield from _answer(state, control, region.answers.get(control.name), region)


def _answer(state: State, control: Control, answer: Answer | None, region: Region | None) -> Iterator[Problem]:
    where = f"{control.name} of {place(region)}" if region else f"control {control.name}"
    value = answer.value if answer else None
    if control.required and (value is None or _blank(value)):
        message = control.required_message or f"{control.name} needs an answer"
        yield _fault("required", message, where, control, region)
    if isinstance(value, Picked) and control.choice != "multiple" and len(value.choices) > 1:
        message = f"only one choice may be picked, not {len(value.choices)}"
        yield _fault("too-many-choices", message, where, control, region)
    if isinstance(value, Picked) and control.dynamic is None:
        names = [name for choice in value.choices for name in ((choice,) if isinstance(choice, str) else choice)]
        for name in names:
            if state.task.tables[control.name].stored(name) is None:
                yield _fault("unknown-choice", f"the config has no choice {name!r}", where, control, region)
    if isinstance(value, Rated) and value.rating > control.max_rating:
        yield _fault("bad-rating", f"a rating is 1 to {control.max_rating}, not {value.rating}", where, control, region)
    most = control.max_submissions
    if isinstance(value, Texts) and most is not None and len(value.texts) > most:
        yield _fault("too-many-texts", f"{len(value.texts)} texts are too many, at most {most}", where, control, region)


def _blank(value: object) -> bool:
    if isinstance(value, Texts):
        return not value.texts and not value.typing.strip()
    return isinstance(value, Picked) and answers.is_empty(value)


def _labels(state: State, control: Control) -> Iterator[Problem]:
    used = state.counts.get(control.name, {})
    where = f"control {control.name}"
    if control.required and not used and not any(control.name in r.labels for r in state.regions.values()):
        message = control.required_message or f"{control.name} needs at least one region"
        yield _fault("required", message, where, control, None)
    for label, number in used.items():
        most = labels.limit(control, labels.option(state.task, control.name, label))
        if most is not None and number > most:
            message = f"{label} is used {number} times, at most {most} are allowed"
            yield _fault("label-overused", message, where, control, None)

    unknown = {label for label in used if state.task.tables[control.name].stored(label) is None}
    if unknown and control.dynamic is None:
        for region in state.regions.values():
            for label in region.labels.get(control.name, ()):
                if label in unknown:
                    message = f"the config has no label {label!r}; pick another or delete the region"
                    yield _fault("unknown-label", message, place(region), control, region)


def _fault(code: str, message: str, where: str, control: Control, region: Region | None) -> Problem:
    return problem(code, message, where, control=control.name, region=region.id if region else None, node=control.node)
