"""Options of a control: those of the config, then those of the task's data (reference, section 4); and as JSON."""

from __future__ import annotations

from collections.abc import Mapping

from labeling import colours, plan_index, reading, values
from labeling.plan_index import Control, Option, OptionTable
from labeling.problems import Problem, problem


def options(control: Control, data: Mapping[str, object]) -> tuple[OptionTable, list[Problem]]:
    """The options that *control* has in a task, and what is wrong with those of the data."""
    if control.dynamic is None:
        return control.table, []
    where = f"options of {control.name}"
    found = values.resolve(control.dynamic, data)
    if found.missing:
        hint = f"add the field {found.missing[0]!r} to the task's data"
        message = f"the task has no field {found.missing[0]!r}"
        return control.table, [problem("no-field", message, where, hint, control=control.name)]
    if not isinstance(found.value, list):
        hint = 'write ["Cat", "Dog"] or [{"value": "Cat"}]'
        message = "the field is not a list of options"
        return control.table, [problem("wrong-type", message, where, hint, control=control.name)]
    taken = [option.color for option in control.table.options]
    made, faults = _dynamic(found.value, taken, where, control.name)
    return OptionTable.of((*control.table.options, *made)), faults


def option_json(option: Option, data: Mapping[str, object], where: str, problems: list[Problem]) -> dict[str, object]:
    """The option as Display has it: its text resolved, its colour found.

    Args:
        where: the option's owner, for problems.
    """
    entry = {key: value for key, value in option.raw.items() if value is not None}
    entry |= {"value": option.value, "stored": option.stored, "color": option.color or colours.of_text(option.stored)}
    text = option.raw.get("text")
    if isinstance(text, Mapping):
        found = values.resolve(text, data)
        for name in found.missing:
            message, hint = f"the task has no field {name!r}", f"add the field {name!r} to the task's data"
            problems.append(problem("no-field", message, f"option {option.value} of {where}", hint, control=where))
        entry["text"] = values.as_text(found.value)
    elif not isinstance(text, str):
        entry["text"] = option.value
    if option.children:
        entry["children"] = [option_json(child, data, where, problems) for child in option.children]
    return entry


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
    "background": "background", "color": "background", "children": "children",
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
