"""Messages that annotators add to a conversation; Label Studio stores each as a region (reference, 11.11)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from labeling import reading
from labeling.plan_parts import ShapeKind
from labeling.shapes.kind import Context, Fault, Json, Kind, Value, rest, short

_KEY = "chatmessage"
_KNOWN = frozenset({"role", "content", "createdAt"})
LONGEST_MESSAGE = 1_000_000


@dataclass(frozen=True, slots=True)
class Message:
    """``created_at``: ms since 1970, None if not told. ``more``: members that we do not know."""

    kind: ClassVar[ShapeKind] = "message"
    role: str
    content: str
    created_at: float | None = None
    more: Mapping[str, object] = field(default_factory=dict)


def _message(row: Value) -> Message | str:
    role, content = reading.text(row.get("role")), reading.text(row.get("content"))
    if role is None or content is None:
        return "a message needs role and content as texts"
    return Message(role, content, _milliseconds(row.get("createdAt")), rest(row, _KNOWN))


def _milliseconds(given: object) -> float | None:
    if not isinstance(given, int | float) or isinstance(given, bool):
        return None
    return given if abs(given) < 1e15 else None


def _read_message(value: Value, _: Context) -> Message | str:
    row = reading.mapping(value.get(_KEY))
    return "a chat result needs value.chatmessage" if row is None else _message(row)


def _faults(row: Value) -> Iterator[Fault]:
    for name in ("role", "content"):
        if not isinstance(row.get(name), str):
            yield Fault("bad-shape", f"{name} must be a text, not {short(row.get(name))}")
    content = row.get("content")
    if isinstance(content, str) and len(content) > LONGEST_MESSAGE:
        yield Fault("bad-shape", f"the message is longer than {LONGEST_MESSAGE} characters")
    created = row.get("createdAt")
    if created is not None and _milliseconds(created) is None:
        yield Fault("bad-shape", f"createdAt must be milliseconds since 1970, not {short(created)}")


def _message_faults(value: Value, _: Context) -> Iterator[Fault]:
    row = reading.mapping(value.get(_KEY))
    if row is None:
        yield Fault("bad-shape", f"value.{_KEY} must be an object with role and content")
        return
    yield from _faults(row)


def _view(shape: Message, _: Context) -> Json:
    made: Json = {**shape.more, "role": shape.role, "content": shape.content}
    return made if shape.created_at is None else {**made, "createdAt": shape.created_at}


def _write(shape: Message, at: Context) -> Json:
    return {_KEY: _view(shape, at)}


def drawn_message(raw: Value, at: Context, where: str) -> Message:
    """The message of an intent's shape: the members stand alone, without ``chatmessage`` around them."""
    for fault in _faults(raw):
        raise at.refuse(fault.code, fault.message, where, fault.hint)
    shape = _message(raw)
    assert isinstance(shape, Message)
    if not shape.content.strip():
        raise at.refuse("empty-text", "the message is empty", where, "type something first")
    return shape


MESSAGE = Kind(
    name="message",
    shape=Message,
    members=frozenset({_KEY}),
    read=_read_message,
    faults=_message_faults,
    write=_write,
    view=_view,
    draw=drawn_message,
    text=lambda shape, _: shape.content,
)
