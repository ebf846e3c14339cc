"""What a person did, as data. JSON becomes one of these classes here, once; ``at`` and new ids come in with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias, TypeVar

from labeling import reading
from labeling.problems import refuse

_T = TypeVar("_T")
#: A shape as the page sends it; what it must hold depends on the object.
RawShape: TypeAlias = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Stamp:
    """``at``: ms since 1970, UTC. ``gesture`` joins neighbours into one undo step; empty joins nothing."""

    at: float
    gesture: str = ""


@dataclass(frozen=True, slots=True)
class ObjectLoaded:
    object: str
    width: float | None = None
    height: float | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True)
class PickLabel:
    control: str
    label: str
    by_key: bool = False


@dataclass(frozen=True, slots=True)
class AddRegion:
    region: str
    object: str
    shape: RawShape


@dataclass(frozen=True, slots=True)
class EditRegion:
    region: str
    shape: RawShape


@dataclass(frozen=True, slots=True)
class Nudge:
    dx: float
    dy: float
    grow: bool


@dataclass(frozen=True, slots=True)
class Select:
    regions: tuple[str, ...]
    add: bool
    by_key: bool = False


@dataclass(frozen=True, slots=True)
class SelectNext:
    step: int


@dataclass(frozen=True, slots=True)
class Delete:
    regions: tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class DeleteAll:
    pass


@dataclass(frozen=True, slots=True)
class Duplicate:
    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Mark:
    regions: tuple[str, ...]
    hidden: bool | None
    locked: bool | None


@dataclass(frozen=True, slots=True)
class Note:
    region: str
    text: str


@dataclass(frozen=True, slots=True)
class Choose:
    control: str
    choice: str | tuple[str, ...]
    checked: bool | None
    region: str | None
    answer: str | None


@dataclass(frozen=True, slots=True)
class Rate:
    """Sets the rating, or with ``step`` adds to the one there is: past the largest comes 0."""

    control: str
    rating: int | None
    step: int | None
    region: str | None
    answer: str | None


@dataclass(frozen=True, slots=True)
class TypeText:
    control: str
    text: str
    region: str | None
    answer: str | None


@dataclass(frozen=True, slots=True)
class AddText:
    """Adds the text that is being typed, or ``text`` if given."""

    control: str
    text: str | None
    region: str | None
    answer: str | None


@dataclass(frozen=True, slots=True)
class EditText:
    control: str
    index: int
    text: str
    region: str | None


@dataclass(frozen=True, slots=True)
class RemoveText:
    control: str
    index: int
    region: str | None


@dataclass(frozen=True, slots=True)
class Undo:
    pass


@dataclass(frozen=True, slots=True)
class Redo:
    pass


@dataclass(frozen=True, slots=True)
class Reset:
    pass


RegionIntent: TypeAlias = (
    AddRegion | EditRegion | Nudge | Select | SelectNext | Delete | DeleteAll | Duplicate | Mark | Note
)
AnswerIntent: TypeAlias = Choose | Rate | TypeText | AddText | EditText | RemoveText
Intent: TypeAlias = ObjectLoaded | PickLabel | RegionIntent | AnswerIntent | Undo | Redo | Reset

#: Longest text that one intent may bring, in code points.
LONGEST_TEXT = 2_000_000


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
                form.text("object"), form.pixels("width"), form.pixels("height"), form.optional_text("text")
            )
        case "pick_label":
            return PickLabel(form.text("control"), form.text("label"), form.optional_text("by") == "key")
        case "add_region":
            return AddRegion(form.identifier("region"), form.text("object"), form.mapping("shape"))
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
            return Choose(form.text("control"), form.choice(), form.flag("checked"), *form.target())
        case "rate":
            step = form.whole("step") if form.has("step") else None
            return Rate(form.text("control"), form.whole("rating") if step is None else None, step, *form.target())
        case "type_text":
            return TypeText(form.text("control"), form.text("text"), *form.target())
        case "add_text":
            return AddText(form.text("control"), form.optional_text("text"), *form.target())
        case "edit_text":
            return EditText(form.text("control"), form.whole("index"), form.text("text"), form.target()[0])
        case "remove_text":
            return RemoveText(form.text("control"), form.whole("index"), form.target()[0])
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

    def pixels(self, name: str) -> float | None:
        value = reading.number(self._raw.get(name)) if self.has(name) else None
        if self.has(name) and (value is None or value <= 0):
            raise self._bad(name, "a number of pixels")
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

    def target(self) -> tuple[str | None, str | None]:
        """The region that is answered for, and the id that a new answer gets."""
        return self.optional_text("region"), self.identifier("answer") if self.has("answer") else None

    def _must(self, name: str, value: _T | None, wanted: str) -> _T:
        if value is None:
            raise self._bad(name, wanted)
        return value

    def _bad(self, name: str, wanted: str) -> Exception:
        where = f"intent {self.type[:40]}"
        return refuse("bad-intent", f"member {name!r} must be {wanted}", where, "this is a fault of the page")
