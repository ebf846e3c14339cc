"""Messages that annotators write into a Chat: regions of kind ``message`` after those that the task brings."""

from __future__ import annotations

from dataclasses import replace
from typing import assert_never

from labeling import display, reading, shapes
from labeling.edit import Edit, touched
from labeling.intents import EditMessage, MessageIntent, SendMessage
from labeling.model import Region, Task, place
from labeling.plan_index import Control
from labeling.problems import Refusal, refuse
from labeling.shapes import Message


def apply(edit: Edit, intent: MessageIntent) -> None:
    match intent:
        case SendMessage():
            _send(edit, intent)
        case EditMessage():
            _edit(edit, intent)
        case _:
            assert_never(intent)


def roles(control: Control) -> tuple[str, ...]:
    """Roles that the annotator may write as (reference, 11.11)."""
    given = reading.strings(control.raw.get("roles"))
    return given or (("user",) if control.raw.get("llm") else ("user", "assistant"))


def may_edit(control: Control, role: str) -> bool:
    """Whether messages of *role* may be changed: ``editable`` is true, false or a list of roles."""
    given = control.raw.get("editable")
    return role in (reading.strings(given) or ()) if isinstance(given, list | str) else given is True


def given(task: Task, control: Control) -> int:
    """How many messages the task itself brings."""
    parts = (task.index.objects[name] for name in control.to)
    return sum(len(display.object_display(part, task.data).get("messages", ())) for part in parts)


def written(regions: dict[str, Region], control: Control) -> int:
    return sum(isinstance(region.shape, Message) and region.control == control.name for region in regions.values())


def _send(edit: Edit, intent: SendMessage) -> None:
    control = edit.task.index.controls.get(intent.control)
    if control is None or control.type != "chatmessage":
        raise refuse("unknown-control", f"no chat {intent.control!r:.60}", f"control {intent.control}")
    if edit.region(intent.region) is not None:
        raise refuse("id-taken", f"there is a region {intent.region!r} already", f"region {intent.region}")
    if intent.role not in roles(control):
        hint = "roles: " + ", ".join(roles(control))
        raise _fault("unknown-role", f"messages of {intent.role!r:.40} cannot be written here", control, hint)
    most = reading.whole(control.raw.get("max_messages"))
    if most is not None and given(edit.task, control) + written(edit.state.regions, control) >= most:
        message = f"the conversation has {most} messages, more are not allowed"
        raise _fault("too-many-messages", message, control, "delete one of yours first")
    shape = _shape(edit, control, intent.role, intent.content, intent.at, f"message in {control.name}")
    edit.put(Region(intent.region, edit.next_n(), control.to[0], control.name, shape, {}))


def _edit(edit: Edit, intent: EditMessage) -> None:
    region = edit.must_change(edit.must_have(intent.region))
    control = edit.task.index.controls[region.control]
    if not isinstance(region.shape, Message):
        raise refuse("not-a-message", f"{place(region)} is no message", place(region), region=region.id)
    if not may_edit(control, region.shape.role):
        message = f"messages of {region.shape.role!r:.40} cannot be changed"
        raise _fault("not-editable", message, control, "delete it and write another")
    drawn = _shape(edit, control, region.shape.role, intent.content, None, place(region))
    shape = replace(region.shape, content=drawn.content)
    if shape != region.shape:
        edit.put(touched(replace(region, shape=shape)))


def _shape(edit: Edit, control: Control, role: str, content: str, at: float | None, where: str) -> Message:
    raw: dict[str, object] = {"role": role, "content": content}
    if at is not None:
        raw["createdAt"] = int(at)
    part = edit.task.index.objects[control.to[0]]
    shape = shapes.draw("message", raw, shapes.Context(part, control), where)
    assert isinstance(shape, Message)
    return shape


def _fault(code: str, message: str, control: Control, hint: str) -> Refusal:
    return refuse(code, message, f"control {control.name}", hint, control=control.name)
