"""Intents as the page sends them, to the classes of intents.py: every member is checked here, once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from labeling import reading
from labeling.intents import (
    LONGEST_TEXT,
    AddRegion,
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
    Target,
    TogglePath,
    TypeText,
    Undo,
    Unrelate,
    ViewItem,
)
from labeling.problems import refuse

_T = TypeVar("_T")


def parse(raw: object) -> tuple[Stamp, Intent]:
    """
    Raises:
        Refusal: unknown-intent, or bad-intent with the member that is missing or of the wrong type.
    """
    if not isinstance(raw, Mapping):
        raise refuse("bad-intent", "an intent is a JSON object", "intent")
    form = _Form(raw)
    stamp = Stamp(form.number("at"), form.optional_text("gesture") or "")
    return stamp, _intent(form)


def _intent(form: _Form) -> Intent:
    match form.type:
        case "object_loaded":
            return ObjectLoaded(
                form.text("object"),
                form.positive("width", "a number of pixels"),
                form.positive("height", "a number of pixels"),
                form.optional_text("text"),
                form.positive("duration", "a number of seconds"),
                form.whole("item") if form.has("item") else None,
            )
        case "pick_label":
            return PickLabel(form.text("control"), form.text("label"), form.optional_text("by") == "key")
        case "add_region":
            name, control = form.identifier("region"), form.optional_text("control")
            return AddRegion(name, form.text("object"), form.mapping("shape"), control)
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
        case "view_item":
            return ViewItem(form.text("node" if form.has("node") else "object"), form.whole("item"))
        case "undo":
            return Undo()
        case "redo":
            return Redo()
        case "reset":
            return Reset()
        case _:
            raise refuse("unknown-intent", f"unknown intent {form.type[:40]!r}", "intent")


class _Form:
    """Reads the members of one intent; each reader refuses what it cannot use."""

    def __init__(self, raw: Mapping[str, object]) -> None:
        self._raw = raw
        self.type = str(raw.get("type", ""))

    def has(self, name: str) -> bool:
        return self._raw.get(name) is not None

    def text(self, name: str) -> str:
        return self._must(name, self.optional_text(name), "a text")

    def optional_text(self, name: str) -> str | None:
        value = self._raw.get(name)
        if value is not None and (not isinstance(value, str) or len(value) > LONGEST_TEXT):
            raise self._bad(name, "a text")
        return value

    def number(self, name: str, default: float | None = None) -> float:
        if default is not None and not self.has(name):
            return default
        # Times are larger than any coordinate.
        value = self._raw.get(name)
        if name == "at" and isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < 1e15:
            return value
        return self._must(name, reading.number(value), "a number")

    def positive(self, name: str, wanted: str) -> float | None:
        value = reading.number(self._raw.get(name)) if self.has(name) else None
        if self.has(name) and (value is None or value <= 0):
            raise self._bad(name, wanted)
        return value

    def whole(self, name: str) -> int:
        return self._must(name, reading.whole(self._raw.get(name)), "a whole number")

    def flag(self, name: str) -> bool | None:
        value = self._raw.get(name)
        if value is not None and not isinstance(value, bool):
            raise self._bad(name, "true or false")
        return value

    def mapping(self, name: str) -> Mapping[str, object]:
        return self._must(name, reading.mapping(self._raw.get(name)), "an object")

    def names(self, name: str) -> tuple[str, ...]:
        value = self._raw.get(name)
        found = reading.strings(value) if isinstance(value, list) else None
        return tuple(dict.fromkeys(self._must(name, found, "a list of region ids")))

    def identifier(self, name: str) -> str:
        return self._must(name, reading.identifier(self._raw.get(name)), "an id of letters, digits, - and _")

    def identifiers(self, name: str) -> list[str]:
        value = self._raw.get(name)
        rows = value if isinstance(value, list) else []
        found = [entry for row in rows if (entry := reading.identifier(row))]
        if not isinstance(value, list) or len(found) != len(rows) or len(set(found)) != len(found):
            raise self._bad(name, "a list of different ids")
        return found

    def choice(self) -> str | tuple[str, ...]:
        value = self._raw.get("choice")
        if isinstance(value, list):
            path = reading.strings(value)
            return self._must("choice", path or None, "a choice or a path of them")
        return self.text("choice")

    def path(self, name: str) -> tuple[str, ...]:
        value = self._raw.get(name)
        found = reading.strings(value) if isinstance(value, list) else None
        return self._must(name, found or None, "a path of names")

    def labels(self, name: str) -> tuple[str, ...]:
        value = self._raw.get(name)
        found = reading.strings(value) if isinstance(value, list) else None
        return tuple(dict.fromkeys(self._must(name, found, "a list of labels")))

    def target(self, *, paged: bool = True) -> Target:
        """Whose answer it is, and the id that a new one gets."""
        answer = self.identifier("answer") if self.has("answer") else None
        item = self.whole("item") if paged and self.has("item") else None
        return Target(self.optional_text("region"), item, answer, self.number("at"))

    def _must(self, name: str, value: _T | None, wanted: str) -> _T:
        if value is None:
            raise self._bad(name, wanted)
        return value

    def _bad(self, name: str, wanted: str) -> Exception:
        where = f"intent {self.type[:40]}"
        return refuse("bad-intent", f"member {name!r} must be {wanted}", where, "this is a fault of the page")
