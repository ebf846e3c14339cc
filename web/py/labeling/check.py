"""What stands between the annotator and Submit, all at once: what is missing, and what the server would refuse.

Each message is a sentence that can be read alone: it names a control by the heading that people see over it. What one
answer's value breaks is in ``answer_checks``.
"""

from __future__ import annotations

from collections.abc import Iterator

from labeling import answer_checks, answers, conditions, items, labels, messages, reading, rules, titles
from labeling.model import Answer, Itemized, Region, State, Texts, place
from labeling.plan_index import Control
from labeling.problems import Problem, problem

#: So many options are named in a hint.
_NAMED = 4


def problems(state: State) -> list[Problem]:
    """Answers that are missing, too many or unknown to the config, labels used too often; then the config's own rules.

    Empty, or warnings only: may be submitted. Unknown labels and choices come with old results; they are kept until a
    person settles them.
    """
    undecided, state = _undecided(state), state.settled
    names = titles.titles(state.task.index, state.task.data)
    found = [
        fault
        for control in state.task.index.controls.values()
        for fault in _control(state, control, f"“{names.get(control.name, control.name)}”")
    ]
    return [*found, *rules.problems(state), *undecided]


def _undecided(state: State) -> list[Problem]:
    """A warning of suggestions that were neither accepted nor rejected: they are not submitted."""
    if not state.suggested:
        return []
    told = "1 suggestion is undecided" if state.suggested == 1 else f"{state.suggested} suggestions are undecided"
    first = next((region.id for region in state.regions.values() if region.suggestion), None)
    hint = "accept or reject them; what is undecided is not submitted"
    made = problem("undecided", told, "suggestions", hint, region=first)
    made["severity"] = "warning"
    return [made]


def _control(state: State, control: Control, name: str) -> Iterator[Problem]:
    task = state.task
    if control.labels:
        yield from _labels(state, control, name if name != f"“{control.name}”" else "")
    elif control.type == "chatmessage":
        yield from _messages(state, control, name)
    elif control.plain:
        return
    elif control.per_region:
        for region in state.regions.values():
            if conditions.applies(control, region, task.index, task.tables, state.answers):
                where = f"{control.name} of {place(region)}"
                yield from _answer(state, control, region.answers.get(control.name), region, name, where, place(region))
    elif control.per_item:
        whole = state.answers.get(control.name)
        given = whole.items if whole and isinstance(whole.value, Itemized) else {}
        for page in range(items.pages(task, control.to[0])):
            at = {**state.items, control.to[0]: page}
            if conditions.shown(control, task.index, task.tables, state.answers, state.selected, at):
                where = f"{control.name} of page {page + 1}"
                yield from _answer(state, control, given.get(page), None, name, where, f"page {page + 1}")
    elif conditions.shown(control, task.index, task.tables, state.answers, state.selected, state.items):
        yield from _answer(state, control, state.answers.get(control.name), None, name, f"control {control.name}", "")


def _answer(
    state: State, control: Control, answer: Answer | None, region: Region | None, name: str, where: str, part: str
) -> Iterator[Problem]:
    """
    Args:
        part: of the object that is asked about: a region or page; empty for all of it.
    """
    value = answer.value if answer else None
    if control.required and (value is None or _blank(value)):
        told = f"{name} needs an answer for {part}" if part else f"{name} needs an answer"
        yield _fault("required", control.required_message or told, where, control, region, _way_out(state, control))
    if value is not None:
        about = f"{name} of {part}" if part else name
        for code, told in answer_checks.faults(state.task, control, value):
            yield _fault(code, f"{about}: {told}", where, control, region)


def _way_out(state: State, control: Control) -> str:
    match control.type:
        case "choices":
            return f"pick {_listed([option.value for option in state.task.tables[control.name].options])}"
        case "taxonomy":
            return "pick an item"
        case "rating":
            return f"give it 1 to {control.max_rating}"
        case "number":
            least, most = reading.number(control.raw.get("min")), reading.number(control.raw.get("max"))
            return f"write a number from {least} to {most}" if None not in (least, most) else "write a number"
        case "datetime":
            return "pick a date or time"
        case "pairwise":
            return "pick one of the two"
        case "ranker":
            return "put the items in order"
        case "component" | "reactcode":
            return "answer in the frame above"
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
    return answers.is_empty(value)  # type: ignore[arg-type]


def _messages(state: State, control: Control, name: str) -> Iterator[Problem]:
    """A conversation that is too short or too long."""
    count = messages.given(state.task, control) + messages.written(state.regions, control)
    least, most = (reading.whole(control.raw.get(member)) for member in ("min_messages", "max_messages"))
    where = f"control {control.name}"
    if least is not None and count < least:
        told = f"{name} has {count} of at least {least} messages"
        yield _fault("too-few-messages", told, where, control, None, f"write {least - count} more")
    if most is not None and count > most:
        told = f"{name} has {count} messages, at most {most} are allowed"
        yield _fault("too-many-messages", told, where, control, None, f"delete {count - most} of yours")


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
