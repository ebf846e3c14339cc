"""``reduce(state, intent) -> (state, patch)``: the one way in which a state changes. Pure; clock and ids come in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import assert_never

from labeling import answers, history, intents, labels, regions, view
from labeling.edit import Edit
from labeling.geometry import Size, Span
from labeling.intents import (
    AddRegion,
    AddText,
    Choose,
    Delete,
    DeleteAll,
    Duplicate,
    EditRegion,
    EditText,
    Intent,
    Mark,
    Note,
    Nudge,
    ObjectLoaded,
    PickLabel,
    Rate,
    Redo,
    RemoveText,
    Reset,
    Select,
    SelectNext,
    TypeText,
    Undo,
)
from labeling.model import ChangeSet, State
from labeling.problems import Refusal, refuse
from labeling.spans import TextDoc
from labeling.view import Patch


def reduce(state: State, intent: Mapping[str, object]) -> tuple[State, Patch]:
    """
    Args:
        intent: the JSON of an intent (docs/contracts.md, section 2).

    Returns:
        The next state and what changed in its view. A bad intent changes nothing but the state's ``problems`` and gives
        ``{"problems": [Problem]}``; the next good one clears them.
    """
    edit = Edit(state)
    try:
        stamp, what = intents.parse(intent)
        after = _apply(edit, what, stamp)
    except Refusal as refusal:
        return replace(state, problems=(refusal.problem,)), {"problems": [refusal.problem]}
    renewed = _spans_of(after, what.object) if isinstance(what, ObjectLoaded) and what.text is not None else ()
    return after, view.patch(state, after, (*edit.regions, *renewed), tuple(edit.answers))


def _apply(edit: Edit, intent: Intent, stamp: intents.Stamp) -> State:
    match intent:
        case ObjectLoaded():
            _object_loaded(edit, intent)
            return edit.finish(stamp.gesture)
        case Undo():
            return _travel(edit, edit.state.undo, back=True)
        case Redo():
            return _travel(edit, edit.state.redo, back=False)
        case Reset():
            _reset(edit)
        case PickLabel():
            labels.pick_label(edit, intent)
        case AddRegion() | EditRegion() | Nudge() | Select() | SelectNext() | Delete() | DeleteAll() | Duplicate():
            regions.apply(edit, intent)
        case Mark() | Note():
            regions.apply(edit, intent)
        case Choose() | Rate() | TypeText() | AddText() | EditText() | RemoveText():
            answers.apply(edit, intent, stamp.at)
        case _:
            assert_never(intent)
    labels.release_full(edit)
    return edit.finish(stamp.gesture)


def _object_loaded(edit: Edit, intent: ObjectLoaded) -> None:
    part = edit.task.index.objects.get(intent.object)
    if part is None:
        raise refuse("unknown-object", f"no object {intent.object!r}", f"object {intent.object}", object=intent.object)
    if part.type == "image" and intent.width is not None and intent.height is not None:
        edit.sizes = {**edit.sizes, part.name: Size(intent.width, intent.height)}
    elif part.type == "text" and intent.text is not None:
        edit.docs = {**edit.docs, part.name: TextDoc.of(intent.text)}
    else:
        raise refuse("bad-intent", "an image brings width and height, a text its text", "intent object_loaded")


def _spans_of(state: State, name: str) -> tuple[str, ...]:
    """Regions whose UTF-16 offsets and quotes depend on the text that has just come."""
    return tuple(r.id for r in state.regions.values() if r.object == name and isinstance(r.shape, Span))


def _travel(edit: Edit, stack: tuple[ChangeSet, ...], *, back: bool) -> State:
    """One step through the history; with nothing there, only the problems are cleared."""
    if not stack:
        return edit.finish("")
    change = stack[-1]
    for name, (_, after) in (history.inverse(change) if back else change).regions.items():
        if after is None:
            edit.remove(name)
        else:
            edit.put(after)
    for control, (_, given) in (history.inverse(change) if back else change).answers.items():
        edit.put_answer(control, given)
    edit.selection = change.selection[0] if back else change.selection[1]
    labels.release_full(edit)
    state = edit.state
    if back:
        return edit.state_with(state.undo[:-1], (*state.redo, change))
    return edit.state_with((*state.undo, change), state.redo[:-1])


def _reset(edit: Edit) -> None:
    """Back to what was there when the task was opened, as one undoable step."""
    task, state = edit.task, edit.state
    for name in {**task.opened_regions, **state.regions}:
        opened = task.opened_regions.get(name)
        if opened is None:
            edit.remove(name)
        else:
            edit.put(opened)
    for control in {**task.opened_answers, **state.answers}:
        edit.put_answer(control, task.opened_answers.get(control))
    edit.selection = ()
    edit.resets = True
