"""A project's own component: the data that it asks for and the address of its code."""

from __future__ import annotations

from collections.abc import Mapping

from labeling import values
from labeling.displays import common
from labeling.displays.common import ObjectDisplay
from labeling.plan_index import ObjectPart


def show(part: ObjectPart, value: object, data: Mapping[str, object]) -> ObjectDisplay:
    """``data``: the field that the tag names (*value*), else all of the task's; ``src``: where its code is."""
    made: ObjectDisplay = {"data": value}
    src = part.raw.get("src")
    if not isinstance(src, Mapping):
        return made
    found = values.resolve(src, data)
    if found.missing:
        hint = f"add the field {found.missing[0]!r} to the task's data"
        return common.fault(part, "no-field", f"the task has no field {found.missing[0]!r}, its code's address", hint)
    if not isinstance(found.value, str) or not found.value.strip():
        return common.wrong(part, found.value, "the address of its code", "src must be an address")
    if common.is_script(found.value):
        return common.fault(part, "unsafe-address", "the address of its code is a script", "use an https: address")
    return {**made, "src": found.value}
