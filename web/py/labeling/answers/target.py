"""What an answering intent is about: the control, and the answer of the whole object, of one page or of one region."""

from __future__ import annotations

from dataclasses import replace

from labeling import conditions, items
from labeling.edit import Edit, touched
from labeling.intents import Target
from labeling.model import Answer, AnswerValue, Itemized, Origin, Region, place
from labeling.plan_index import Control
from labeling.problems import Refusal, refuse


def control_of(edit: Edit, name: str, *wanted: str) -> Control:
    """The control of one of the types *wanted*, or a refusal that names what there is not."""
    control = edit.task.index.controls.get(name)
    if control is None or control.type not in wanted:
        raise refuse("unknown-control", f"no {' or '.join(wanted)} control {name!r}", f"control {name}")
    return control


def fault(code: str, message: str, control: Control, hint: str = "") -> Refusal:
    return refuse(code, message, f"control {control.name}", hint, control=control.name)


def current(edit: Edit, control: Control, target: Target) -> Answer | None:
    """The answer that an intent is about, after checking that it may be changed now."""
    region = None
    if control.per_region:
        region = _region(edit, control, target)
        answer = region.answers.get(control.name)
    else:
        region = edit.state.selected
        answer = edit.answer(control.name)
    shown_for = region
    if not conditions.shown(
        control, edit.task.index, edit.task.tables, edit.state.settled_answers, shown_for, edit.state.items
    ):
        raise fault("hidden-control", "this control is not shown now", control)
    if control.per_item:
        answer = answer.items.get(_item(edit, control, target)) if answer else None
    if answer is not None and answer.readonly:
        raise fault("readonly", "this answer cannot be changed", control)
    return answer


def change(edit: Edit, control: Control, target: Target, value: AnswerValue | None, nothing: AnswerValue) -> None:
    """Put *value* in the place of the answer; None, or what equals *nothing*, takes it away."""
    answer = current(edit, control, target)
    after_value = nothing if value is None else value
    if (answer.value if answer else nothing) == after_value:
        return
    if control.per_region:
        region = _region(edit, control, target)
        made = None
        if after_value != nothing:
            made = _renewed(answer, after_value) or Answer(region.id, after_value, region.object)
        rest = {name: given for name, given in region.answers.items() if name != control.name}
        if made is not None:
            rest[control.name] = made
        edit.put(touched(replace(region, answers=rest)))
        return
    made = None
    if after_value != nothing:
        made = _renewed(answer, after_value) or Answer(_new_id(control, target), after_value, control.to[0])
    if control.per_item:
        made = _on_page(edit, control, target, made)
    edit.put_answer(control.name, made)


def _renewed(answer: Answer | None, value: AnswerValue) -> Answer | None:
    if answer is None:
        return None
    changed: Origin = "prediction-changed" if answer.origin == "prediction" else answer.origin
    return replace(answer, value=value, origin=changed, suggestion=False)


def _on_page(edit: Edit, control: Control, target: Target, made: Answer | None) -> Answer | None:
    """The answer of all pages after one of them changed; None when the last one is gone."""
    whole = edit.answer(control.name) or Answer(f"items-{control.position}", Itemized(), control.to[0])
    page = _item(edit, control, target)
    pages = {number: answer for number, answer in whole.items.items() if number != page}
    if made is not None:
        pages[page] = made
    return replace(whole, items=dict(sorted(pages.items())), suggestion=False) if pages else None


def _region(edit: Edit, control: Control, target: Target) -> Region:
    name = target.region
    if name is None:
        name = edit.selection[0] if len(edit.selection) == 1 else None
    if name is None:
        raise fault("no-region", "this control answers for a region", control, "select one region first")
    region = edit.must_change(edit.must_have(name))
    if region.object not in control.to:
        raise fault("wrong-region", f"this control does not answer for {place(region)}", control)
    return region


def _item(edit: Edit, control: Control, target: Target) -> int:
    name = control.to[0]
    page = items.viewed(edit.state.items, name) if target.item is None else target.item
    count = items.pages(edit.task, name)
    if not 0 <= page < count:
        raise fault("unknown-item", f"there is no page {page + 1}, {name} has {count}", control)
    return page


def _new_id(control: Control, target: Target) -> str:
    # Only for intents without an id (hotkeys of a plan, scripts): unique, as a control has one answer for a page.
    if target.answer is not None:
        return target.answer
    page = "" if target.item is None else f"-{target.item}"
    return f"a{control.position}{page}-{int(target.at):x}"
