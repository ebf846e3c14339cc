"""What the page shows for one task: every Value of the plan replaced by the task's data."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from typing import TypedDict

from labeling import colours, plan_index, reading, titles, values
from labeling.plan_index import Control, ObjectPart, Option, OptionTable, PlanIndex
from labeling.problems import Problem, problem


class ObjectDisplay(TypedDict, total=False):
    """An image has ``url``; a text ``text``, or ``url`` when the page must fetch it; else ``problem`` says why not."""

    url: str
    text: str
    problem: Problem


class Display(TypedDict):
    objects: dict[str, ObjectDisplay]
    texts: dict[str, str]
    options: dict[str, list[dict[str, object]]]
    problems: list[Problem]


# Browsers skip blanks and control characters in and before a scheme.
_SKIPPED = re.compile("[\x00-\x20\x7f]")
_SCRIPTS = ("javascript:", "vbscript:")
#: Members of a control that are shown as text and may hold a Value.
_TEXTS = ("label", "placeholder", "value", "required_message")


def resolve(plan: Mapping[str, object] | PlanIndex, data: Mapping[str, object]) -> Display:
    """
    Args:
        data: the task's ``data``.

    Returns:
        Display. ``texts`` has a text per Header's node key ("n2"), per text of a control ("notes/label") and the
        heading that people see over a control ("notes/title"), if there is one.
    """
    index = plan_index.index(plan)
    data = data if isinstance(data, Mapping) else {}
    shown: Display = {"objects": {}, "texts": {}, "options": {}, "problems": []}
    for part in index.objects.values():
        shown["objects"][part.name] = entry = object_display(part, data)
        if "problem" in entry:
            shown["problems"].append(entry["problem"])
    for node in index.tree:
        value = reading.mapping(node.get("value"))
        if node.get("node") == "header" and value is not None:
            key = str(node.get("key"))
            shown["texts"][key] = _text(value, data, f"header {key}", shown["problems"], node=key)
    shown["texts"] |= {f"{name}/title": title for name, title in titles.titles(index, data).items()}
    for control in index.controls.values():
        for member in _TEXTS:
            given = control.raw.get(member)
            if isinstance(given, Mapping):
                where = f"{member} of {control.name}"
                shown["texts"][f"{control.name}/{member}"] = _text(given, data, where, shown["problems"], control.name)
            elif isinstance(given, str) and given:
                shown["texts"][f"{control.name}/{member}"] = given
        if control.labels or control.type == "choices":
            table, faults = options(control, data)
            shown["options"][control.name] = [_option_json(o, data, control, shown["problems"]) for o in table.options]
            shown["problems"] += faults
    return shown


def object_display(part: ObjectPart, data: Mapping[str, object]) -> ObjectDisplay:
    """One object's data, or the problem with it."""
    if part.value is None:
        return {"problem": _fault(part, "no-field", "the config gives it no value", "give the tag a value")}
    found = values.resolve(part.value, data)
    if found.missing:
        hint = f"add the field {found.missing[0]!r} to the task's data"
        return {"problem": _fault(part, "no-field", f"the task has no field {found.missing[0]!r}", hint)}
    if part.type == "image":
        return _image(part, found.value)
    return _text_object(part, found.value)


def options(control: Control, data: Mapping[str, object]) -> tuple[OptionTable, list[Problem]]:
    """The control's options: those of the config, then those of the task's data (reference, section 4)."""
    if control.dynamic is None:
        return control.table, []
    where = f"options of {control.name}"
    found = values.resolve(control.dynamic, data)
    if found.missing:
        fault = problem("no-field", f"the task has no field {found.missing[0]!r}", where, control=control.name)
        return control.table, [fault]
    if not isinstance(found.value, list):
        fault = problem("wrong-type", "the field is not a list of options", where, control=control.name)
        return control.table, [fault]
    taken = [option.color for option in control.table.options]
    made, faults = _dynamic(found.value, taken, where, control.name)
    return OptionTable.of((*control.table.options, *made)), faults


def _dynamic(rows: list[object], taken: list[str], where: str, name: str) -> tuple[list[Option], list[Problem]]:
    made: list[Option] = []
    faults: list[Problem] = []
    for place, row in enumerate(rows, 1):
        members = _option_members(row)
        if members is None:
            message = f"option {place} has no text as its 'value'"
            faults.append(problem("bad-option", message, where, 'write {"value": "Cat"} or "Cat"', control=name))
            continue
        background = members.pop("background", None)
        colour = str(background) if colours.is_colour(background) else colours.next_free(taken, len(taken))
        taken.append(colour)
        children = members.pop("children", None)
        entry: dict[str, object] = {**members, "color": colour}
        if isinstance(children, list) and children:
            inner, inner_faults = _dynamic(children, taken, where, name)
            entry["children"] = [dict(option.raw) for option in inner]
            faults += inner_faults
        made.append(plan_index.option(entry))
    return made, faults


# Keys of an item of the task's data, lower case, to members of an Option.
_ITEM = {
    "alias": "alias", "hint": "hint", "html": "html", "hotkey": "hotkey", "selected": "selected",
    "showalias": "show_alias", "maxusages": "max_usages", "granularity": "granularity",
    "background": "background", "children": "children",
}  # fmt: skip


def _option_members(row: object) -> dict[str, object] | None:
    if isinstance(row, str | int | float) and not isinstance(row, bool):
        row = {"value": values.as_text(row)}
    if not isinstance(row, Mapping):
        return None
    lower = {str(key).lower(): value for key, value in row.items()}
    value = lower.get("value")
    if not isinstance(value, str | int | float) or isinstance(value, bool) or value == "":
        return None
    text = values.as_text(value)
    members: dict[str, object] = {"value": text, "stored": text, "text": {"text": text}, "show_alias": False}
    members["selected"] = False
    for key, member in _ITEM.items():
        if lower.get(key) is not None:
            members[member] = lower[key]
    if alias := reading.text(members.get("alias")):
        members["stored"] = alias
    for flag in ("selected", "show_alias"):
        members[flag] = members[flag] in (True, "true")
    if (usages := members.get("max_usages")) is not None:
        members["max_usages"] = int(usages) if isinstance(usages, str) and usages.isdecimal() else reading.whole(usages)
    return members


def _option_json(
    option: Option, data: Mapping[str, object], control: Control, problems: list[Problem]
) -> dict[str, object]:
    entry = {key: value for key, value in option.raw.items() if value is not None}
    entry |= {"value": option.value, "stored": option.stored, "color": option.color or colours.of_text(option.stored)}
    text = option.raw.get("text")
    where = f"option {option.value} of {control.name}"
    if isinstance(text, Mapping):
        entry["text"] = _text(text, data, where, problems, control.name)
    elif not isinstance(text, str):
        entry["text"] = option.value
    if option.children:
        entry["children"] = [_option_json(child, data, control, problems) for child in option.children]
    return entry


def _text(
    value: Mapping[str, object],
    data: Mapping[str, object],
    where: str,
    problems: list[Problem],
    control: str | None = None,
    node: str | None = None,
) -> str:
    found = values.resolve(value, data)
    for name in found.missing:
        hint = f"add the field {name!r} to the task's data"
        problems.append(problem("no-field", f"the task has no field {name!r}", where, hint, control=control, node=node))
    return values.as_text(found.value)


def _image(part: ObjectPart, value: object) -> ObjectDisplay:
    if isinstance(value, list):
        value = value[0] if value else None
    if not isinstance(value, str) or not value.strip():
        hint = "the field must be the address of an image"
        return {"problem": _fault(part, "wrong-type", f"its field holds {_named(value)}, not an address", hint)}
    return _address(part, value)


def _text_object(part: ObjectPart, value: object) -> ObjectDisplay:
    if isinstance(value, bool) or not isinstance(value, str | int | float | list):
        hint = "the field must be a text, a number or a list of them"
        return {"problem": _fault(part, "wrong-type", f"its field holds {_named(value)}, not a text", hint)}
    text = values.as_text(value)
    if part.encoding in ("base64", "base64unicode"):
        try:
            # Missing padding is common and harmless; anything that is not base64 is named, not shown as garbage.
            blob = base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
            text = blob.decode("latin-1" if part.encoding == "base64" else "utf-8")
        except (binascii.Error, ValueError):
            hint = f"the config says encoding={part.encoding!r}"
            return {"problem": _fault(part, "bad-encoding", "its field cannot be decoded", hint)}
    return _address(part, text) if part.value_type == "url" else {"text": text}


def _address(part: ObjectPart, url: str) -> ObjectDisplay:
    if _SKIPPED.sub("", url).lower().startswith(_SCRIPTS):
        return {"problem": _fault(part, "unsafe-address", "its address is a script", "use an https: or data: address")}
    return {"url": url}


def _fault(part: ObjectPart, code: str, message: str, hint: str) -> Problem:
    return problem(code, message, f"{part.type} {part.name}", hint, object=part.name)


def _named(value: object) -> str:
    if value is None:
        return "nothing"
    names = {bool: "true or false", str: "an empty text", list: "a list", dict: "an object"}
    return names.get(type(value), "a number")
