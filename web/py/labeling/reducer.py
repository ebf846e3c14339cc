"""``reduce(state, intent) -> (state, patch)``: the one way in which a state changes. Pure; clock and ids come in."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

from labeling import (
    answers,
    batch,
    display,
    history,
    intent_reading,
    labels,
    messages,
    painting,
    regions,
    relations,
    view,
)
from labeling import items as pages
from labeling.answers import starts
from labeling.edit import Edit
from labeling.geometry import Size
from labeling.intents import (
    AddRegion,
    AddRegions,
    AddText,
    Choose,
    Delete,
    DeleteAll,
    Duplicate,
    EditMessage,
    EditRegion,
    EditText,
    InsertText,
    Intent,
    Mark,
    MoveItem,
    Note,
    Nudge,
    ObjectLoaded,
    PickLabel,
    Prefer,
    Rate,
    Redo,
    Relate,
    RemoveText,
    Reset,
    Select,
    SelectNext,
    SendMessage,
    SetAnswer,
    SetRelation,
    Stamp,
    TogglePath,
    TypeText,
    Undo,
    Unrelate,
    ViewItem,
)
from labeling.intents_paint import Paint
from labeling.model import ChangeSet, State
from labeling.plan_index import ObjectPart
from labeling.problems import Refusal, refuse
from labeling.spans import TextDoc
from labeling.view_types import Patch


def reduce(state: State, intent: Mapping[str, object], known: Collection[object] | None = None) -> tuple[State, Patch]:
    """
    Args:
        intent: the JSON of an intent (docs/contracts.md, section 2).
        known: for a caller that remembers what steps did to regions and answers: the numbers of those steps. The patch
            then says which step was made, and of an undo of a known one no more than which it was.

    Returns:
        The next state and what changed in its view. A bad intent changes nothing but the state's ``problems`` and gives
        ``{"problems": [Problem]}``; the next good one clears them.
    """
    edit = Edit(state)
    try:
        stamp, what = intent_reading.parse(intent)
        after = _apply(edit, what, stamp)
    except Refusal as refusal:
        return replace(state, problems=(refusal.problem,)), {"problems": [refusal.problem]}
    if isinstance(what, Undo | Redo):
        return after, _of_travel(state, after, known, back=isinstance(what, Undo))
    renewed = _marks_of(after, what.object) if isinstance(what, ObjectLoaded) else ()
    patch = view.patch(state, after, (*edit.regions, *renewed), tuple(edit.answers))
    # A stack that got shorter: the gesture is back where it began, and its step is no more.
    if known is not None and after.steps != state.steps and after.undo and len(after.undo) >= len(state.undo):
        patch["step"] = after.undo[-1].step
        patch["joins"] = after.undo[-1].step != after.steps
    return after, patch


def _of_travel(state: State, after: State, known: Collection[object] | None, *, back: bool) -> Patch:
    stack = state.undo if back else state.redo
    if not stack:
        return view.patch(state, after, (), ())
    change = stack[-1]
    if known is None or change.step not in known:
        return view.patch(state, after, change.regions, tuple(change.answers))
    patch = view.patch(state, after, (), (), answered=bool(change.answers))
    patch["step"], patch["way"] = change.step, "back" if back else "again"
    return patch


def _apply(edit: Edit, intent: Intent, stamp: Stamp) -> State:
    match intent:
        case ObjectLoaded():
            _object_loaded(edit, intent)
            return edit.finish(stamp.gesture)
        case ViewItem(name, item):
            _view_item(edit, name, item)
            return edit.finish(stamp.gesture)
        case Prefer():
            _prefer(edit, intent)
            return edit.finish(stamp.gesture)
        case Undo():
            return _travel(edit, edit.state.undo, back=True)
        case Redo():
            return _travel(edit, edit.state.redo, back=False)
        case Reset():
            _reset(edit)
        case PickLabel():
            labels.pick_label(edit, intent)
        case AddRegion() | AddRegions() | EditRegion() | Nudge() | Select() | SelectNext():
            regions.apply(edit, intent)
            if isinstance(intent, AddRegion):
                _begin(edit, intent.region)
            elif isinstance(intent, AddRegions):
                for name in intent.regions:
                    if edit.region(name) is not None:
                        _begin(edit, name)
        case Delete() | DeleteAll() | Duplicate() | Mark() | Note():
            regions.apply(edit, intent)
        case Paint():
            painting.apply(edit, intent)
            if intent.region not in edit.state.regions:
                _begin(edit, intent.region)
        case Choose() | TogglePath() | Rate() | SetAnswer() | MoveItem():
            answers.apply(edit, intent)
        case TypeText() | InsertText() | AddText() | EditText() | RemoveText():
            answers.apply(edit, intent)
        case SendMessage() | EditMessage():
            messages.apply(edit, intent)
        case Relate() | Unrelate() | SetRelation():
            relations.apply(edit, intent)
        case _:  # the type checker knows that nothing but these is left
            batch.apply(edit, intent)
    labels.release_full(edit)
    return edit.finish(stamp.gesture)


def _object_loaded(edit: Edit, intent: ObjectLoaded) -> None:
    part = edit.task.index.objects.get(intent.object)
    if part is None:
        raise refuse("unknown-object", f"no object {intent.object!r}", f"object {intent.object}", object=intent.object)
    if part.type == "image" and intent.width is not None and intent.height is not None:
        size, viewed = Size(intent.width, intent.height), pages.viewed(edit.items, part.name)
        item = viewed if intent.item is None else intent.item
        known = {pages.size_key(part.name, item): size} if part.pages else {}
        edit.sizes = {**edit.sizes, **known, **({part.name: size} if item == viewed or not part.pages else {})}
    elif part.type == "hypertext" and intent.text is not None and intent.nodes is not None:
        edit.docs = {**edit.docs, part.name: _document(edit, part, intent.text, intent.nodes, intent.source)}
    elif part.type in ("text", "hypertext") and intent.text is not None:
        edit.docs = {**edit.docs, part.name: TextDoc.of(intent.text)}
    elif part.type == "paragraphs" and intent.text is not None:
        shown = display.fetched(part, intent.text)
        if "problem" in shown:
            raise Refusal(shown["problem"])
        texts = tuple(phrase["text"] for phrase in shown.get("phrases", ()))
        edit.task = replace(edit.task, phrases={**edit.task.phrases, part.name: texts})
    elif part.type in ("audio", "video") and intent.duration is not None:
        edit.lengths = {**edit.lengths, part.name: intent.duration}
    else:
        wanted = _LOADED.get(part.type, "nothing that the engine asks for")
        raise refuse("bad-intent", f"of {part.type} {part.name} the page tells {wanted}", "intent object_loaded")


def _document(
    edit: Edit, part: ObjectPart, text: str, nodes: tuple[tuple[str, int, bool], ...], source: str | None
) -> TextDoc:
    if source is None:  # not fetched: it is in the task
        source = display.object_display(part, edit.task.data).get("text")
    doc = TextDoc.of_document(text, nodes, source)
    if doc is None:
        raise refuse("bad-intent", "the lengths of the nodes are not that of the text", "intent object_loaded")
    return doc


_LOADED = {
    "image": "width and height", "text": "its text", "hypertext": "its text", "paragraphs": "the text of its file",
    "audio": "its duration", "video": "its duration",
}  # fmt: skip


def _begin(edit: Edit, name: str) -> None:
    """What a new region starts with. Marks of a labeling Taxonomy are selected: their items are picked next."""
    starts.of_region(edit, name)
    region = edit.region(name)
    if region is not None and edit.task.index.controls[region.control].labeling:
        edit.selection = (name,)


def _view_item(edit: Edit, name: str, item: int) -> None:
    """Look at another page. What is selected on a page that is no longer shown is let go."""
    index = edit.task.index
    part = index.objects.get(name)
    count = pages.pages(edit.task, name) if part and part.pages else pages.copies(index).get(name)
    if count is None:
        raise refuse("unknown-object", f"nothing called {name!r:.60} has pages", f"object {name}")
    if not 0 <= item < count:
        raise refuse("unknown-item", f"there is no page {item + 1}, {name} has {count}", f"object {name}")
    edit.items = {**edit.items, name: item}
    if part:
        # The size of the page before is not this one's.
        size = edit.sizes.get(pages.size_key(name, item))
        rest = {key: held for key, held in edit.sizes.items() if key != name}
        edit.sizes = rest if size is None else {**rest, name: size}
    on_page = pages.filter_of(edit.task, edit.items)
    left = (region for kept in edit.selection if (region := edit.region(kept)))
    edit.selection = tuple(region.id for region in left if on_page(region))


def _prefer(edit: Edit, intent: Prefer) -> None:
    held = edit.task.settings
    keep = held.keep_labels if intent.keep_labels is None else intent.keep_labels
    select = held.select_new if intent.select_new is None else intent.select_new
    edit.task = replace(edit.task, settings=replace(held, keep_labels=keep, select_new=select))


def _marks_of(state: State, name: str) -> tuple[str, ...]:
    """Regions whose offsets in the view, quotes or units depend on what has just been told of their object."""
    if state.task.index.objects[name].type == "image":
        return ()
    return tuple(region.id for region in state.regions.values() if region.object == name)


def _travel(edit: Edit, stack: tuple[ChangeSet, ...], *, back: bool) -> State:
    """One step through the history; with nothing there, only the problems are cleared."""
    if not stack:
        return edit.finish("")
    change = stack[-1]
    whole = history.without_regions(change) if change.held else change
    whole = history.inverse(whole) if back else whole
    if change.held:
        edit.travel(whole)
    else:
        edit.replay(whole)
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
    edit.relations = task.opened_relations
    edit.selection = ()
    edit.resets = True
