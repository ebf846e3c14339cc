"""Intents as the page sends them, to the classes of intents.py: every member is checked here, once."""

from __future__ import annotations

from collections.abc import Mapping

from labeling import batch_reading, paint_reading
from labeling.intent_form import Form
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
from labeling.problems import refuse


def parse(raw: object) -> tuple[Stamp, Intent]:
    """
    Raises:
        Refusal: unknown-intent, or bad-intent with the member that is missing or of the wrong type.
    """
    if not isinstance(raw, Mapping):
        raise refuse("bad-intent", "an intent is a JSON object", "intent")
    form = Form(raw)
    stamp = Stamp(form.number("at"), form.optional_text("gesture") or "")
    return stamp, _intent(form)


def _intent(form: Form) -> Intent:
    match form.type:
        case "object_loaded":
            return ObjectLoaded(
                form.text("object"),
                form.positive("width", "a number of pixels"),
                form.positive("height", "a number of pixels"),
                form.optional_text("text"),
                form.positive("duration", "a number of seconds"),
                form.whole("item") if form.has("item") else None,
                form.text_nodes("nodes"),
                form.optional_text("source"),
            )
        case "pick_label":
            return PickLabel(form.text("control"), form.text("label"), form.optional_text("by") == "key")
        case "add_region":
            name, control = form.identifier("region"), form.optional_text("control")
            return AddRegion(name, form.text("object"), form.mapping("shape"), control)
        case "add_regions":
            names, shapes = tuple(form.identifiers("regions")), form.mappings("shapes")
            return AddRegions(names, form.text("object"), shapes, form.optional_text("control"))
        case "edit_region":
            return EditRegion(form.text("region"), form.mapping("shape"))
        case "nudge":
            return Nudge(form.number("dx", 0), form.number("dy", 0), form.flag("grow") or False)
        case "select":
            return Select(form.names("regions"), form.flag("add") or False, form.optional_text("by") == "key")
        case "select_next":
            return SelectNext(-1 if form.number("step", 1) < 0 else 1)
        case "delete":
            return Delete(form.names("regions") if form.has("regions") else None)
        case "delete_all":
            return DeleteAll()
        case "duplicate":
            return Duplicate(tuple(form.identifiers("ids")))
        case "mark":
            return Mark(form.names("regions"), form.flag("hidden"), form.flag("locked"))
        case "note":
            return Note(form.text("region"), form.text("text"))
        case "choose":
            return Choose(form.text("control"), form.choice(), form.flag("checked"), form.target())
        case "toggle_path":
            return TogglePath(form.text("control"), form.path("path"), form.flag("checked"), form.target())
        case "rate":
            step = form.whole("step") if form.has("step") else None
            return Rate(form.text("control"), form.whole("rating") if step is None else None, step, form.target())
        case "set_answer":
            step = form.whole("step") if form.has("step") else None
            value = form.mapping("value") if form.has("value") else None
            return SetAnswer(form.text("control"), value, step, form.target())
        case "move_item":
            # Here "item" is the id of what moves, not a page.
            bucket, target = form.optional_text("bucket"), form.target(paged=False)
            return MoveItem(form.text("control"), form.text("item"), bucket, form.whole("index"), target)
        case "type_text":
            return TypeText(form.text("control"), form.text("text"), form.target())
        case "insert_text":
            place = form.whole("place") if form.has("place") else None
            return InsertText(form.text("control"), form.text("text"), place, form.target())
        case "add_text":
            return AddText(form.text("control"), form.optional_text("text"), form.target())
        case "edit_text":
            return EditText(form.text("control"), form.whole("index"), form.text("text"), form.target())
        case "remove_text":
            return RemoveText(form.text("control"), form.whole("index"), form.target())
        case "message":
            role, content = form.text("role"), form.text("content")
            return SendMessage(form.text("control"), role, content, form.identifier("answer"), form.number("at"))
        case "edit_message":
            return EditMessage(form.text("region"), form.text("content"))
        case "relate":
            return Relate(form.text("from"), form.text("to"))
        case "unrelate":
            return Unrelate(form.text("from"), form.text("to"))
        case "set_relation":
            labels = form.labels("labels") if form.has("labels") else None
            return SetRelation(form.text("from"), form.text("to"), form.optional_text("direction"), labels)
        case "paint":
            return paint_reading.read(form)
        case "view_item":
            return ViewItem(form.text("node" if form.has("node") else "object"), form.whole("item"))
        case "prefer":
            return Prefer(form.flag("keep_labels"), form.flag("select_new"))
        case "undo":
            return Undo()
        case "redo":
            return Redo()
        case "reset":
            return Reset()
        case _:
            if (several := batch_reading.read(form)) is not None:
                return several
            raise refuse("unknown-intent", f"unknown intent {form.type[:40]!r}", "intent")
