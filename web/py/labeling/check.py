"""What stands between the annotator and Submit, all at once: what is missing, and what the server would refuse.

Each message is a sentence that can be read alone: it names a control by the heading that people see over it.
"""

from __future__ import annotations

from collections.abc import Iterator

from labeling import answers, conditions, labels, titles
from labeling.model import Answer, Picked, Rated, Region, State, Texts, place
from labeling.plan_index import Control
from labeling.problems import Problem, problem

#: So many options are named in a hint.
_NAMED = 4


def problems(state: State) -> list[Problem]:
    """Answers that are missing, too many or unknown to the config, labels used too often. Empty: may be submitted.

    Unknown labels and choices come with old results; they are kept until a person settles them.
    """
    names = titles.titles(state.task.index, state.task.data)
    return [
        fault
        for control in state.task.index.controls.values()
        for fault in _control(state, control, f"“{names.get(control.name, control.name)}”")
    ]


def _control(state: State, control: Control, name: str) -> Iterator[Problem]:
    task = state.task
    if control.labels:
        yield from _labels(state, control, name if name != f"“{control.name}”" else "")
        return
    if not control.per_region:
        if conditions.shown(control, task.index, task.tables, state.answers, state.selected):
            yield from _answer(state, control, state.answers.get(control.name), None, name)
        return
    for region in state.regions.values():
        if conditions.applies(control, region, task.index, task.tables, state.answers):
            yield from _answer(state, control, region.answers.get(control.name), region, name)


def _answer(
    state: State, control: Control, answer: Answer | None, region: Region | None, name: str
) -> Iterator[Problem]:
    where = f"{control.name} of {place(region)}" if region else f"control {control.name}"
    about = f"{name} of {place(region)}" if region else name
    value = answer.value if answer else None
    if control.required and (value is None or _blank(value)):
        told = f"{name} needs an answer for {place(region)}" if region else f"{name} needs an answer"
        yield _fault("required", control.required_message or told, where, control, region, _way_out(state, control))
    if isinstance(value, Picked) and control.choice != "multiple" and len(value.choices) > 1:
        message = f"{about}: only one choice may be picked, not {len(value.choices)}"
        yield _fault("too-many-choices", message, where, control, region)
    if isinstance(value, Picked) and control.dynamic is None:
        chosen = [part for choice in value.choices for part in ((choice,) if isinstance(choice, str) else choice)]
        for part in chosen:
            if state.task.tables[control.name].stored(part) is None:
                yield _fault("unknown-choice", f"{about}: the config has no choice {part!r}", where, control, region)
    if isinstance(value, Rated) and value.rating > control.max_rating:
        message = f"{about}: a rating is 1 to {control.max_rating}, not {value.rating}"
        yield _fault("bad-rating", message, where, control, region)
    most = control.max_submissions
    if isinstance(value, Texts) and most is not None and len(value.texts) > most:
        message = f"{about}: {len(value.texts)} texts are too many, at most {most}"
        yield _fault("too-many-texts", message, where, control, region)


def _way_out(state: State, control: Control) -> str:
    match control.type:
        case "choices":
            return f"pick {_listed([option.value for option in state.task.tables[control.name].options])}"
        case "rating":
            return f"give it 1 to {control.max_rating}"
        case _:
            return "write a text"


def _listed(names: list[str]) -> str:
    """ "Sunny, Rain or Snow"; long lists are cut."""
    if len(names) > _NAMED:
        return f"{', '.join(names[: _NAMED - 1])} … or {names[-1]}"
    return " or ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else "".join(names)


def _blank(value: object) -> bool:
    if isinstance(value, Texts):
        return not value.texts and not value.typing.strip()
    return isinstance(value, Picked) and answers.is_empty(value)


def _labels(state: State, control: Control, name: str) -> Iterator[Problem]:
    used = state.counts.get(control.name, {})
    where = f"control {control.name}"
    if control.required and not used and not any(control.name in r.labels for r in state.regions.values()):
        given = _listed([option.value for option in state.task.tables[control.name].options])
        told = f"nothing is marked yet for {name}" if name else "nothing is marked yet"
        hint = f"mark at least one place as {given}"
        yield _fault("required", control.required_message or told, where, control, None, hint)
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
                    message = f"{place(region)}: the config has no label {label!r}"
                    hint = "pick another or delete the region"
                    yield _fault("unknown-label", message, place(region), control, region, hint)


def _fault(code: str, message: str, where: str, control: Control, region: Region | None, hint: str = "") -> Problem:
    about = region.id if region else None
    return problem(code, message, where, hint, control=control.name, region=about, node=control.node)
