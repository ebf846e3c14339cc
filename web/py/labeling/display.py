"""What the page shows for one task: every Value of the plan replaced by the task's data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NotRequired, TypedDict

from labeling import displays, plan_index, reading, titles, values
from labeling.displays.common import ObjectDisplay
from labeling.options import option_json, options
from labeling.plan_index import Control, ObjectPart, PlanIndex
from labeling.problems import Problem, problem

__all__ = ["Display", "ObjectDisplay", "fetched", "object_display", "options", "resolve"]


class Display(TypedDict):
    """``plan`` only with a Repeater: the plan of this one task. ``relations`` only with a Relations tag."""

    objects: dict[str, ObjectDisplay]
    texts: dict[str, str]
    options: dict[str, list[dict[str, object]]]
    problems: list[Problem]
    relations: NotRequired[list[dict[str, object]]]
    plan: NotRequired[Mapping[str, object]]


#: Members of a control that are shown as text and may hold a Value.
_TEXTS = ("label", "placeholder", "value", "required_message")
#: Nodes whose ``value`` is shown as text.
_SAID = frozenset({"header", "markdown", "panel", "question"})


def resolve(plan: Mapping[str, object] | PlanIndex, data: Mapping[str, object]) -> Display:
    """
    Args:
        data: the task's ``data``.

    Returns:
        Display. ``texts`` has a text per node key ("n2": headers, markdown, panels, questions), per text of a control
        ("notes/label") and the heading that people see over a control ("notes/title"), if there is one.
    """
    data = data if isinstance(data, Mapping) else {}
    given = plan_index.index(plan)
    index = plan_index.for_task(given, data)
    shown: Display = {"objects": {}, "texts": {}, "options": {}, "problems": list(index.problems)}
    if given.repeats:
        shown["plan"] = index.raw
    for part in index.objects.values():
        shown["objects"][part.name] = entry = object_display(part, data)
        if "problem" in entry:
            shown["problems"].append(entry["problem"])
    for node in index.tree:
        value = reading.mapping(node.get("value"))
        if node.get("node") in _SAID and value is not None:
            key = str(node.get("key"))
            shown["texts"][key] = _text(value, data, f"{node.get('node')} {key}", shown["problems"], node=key)
    shown["texts"] |= {f"{name}/title": title for name, title in titles.titles(index, data).items()}
    for control in index.controls.values():
        _control(shown, control, data)
    if index.relations is not None:
        given_options = index.relations.table.options
        shown["relations"] = [option_json(option, data, "relations", shown["problems"]) for option in given_options]
    return shown


def object_display(part: ObjectPart, data: Mapping[str, object]) -> ObjectDisplay:
    """One object's data, or the problem with it."""
    show = displays.SHOW[part.type]
    if part.value is None:
        if part.type == "component":  # without a field of its own, a component gets the whole task
            return show(part, dict(data), data)
        return displays.common.fault(part, "no-field", "the config gives it no value", "give the tag a value")
    found = values.resolve(part.value, data)
    if found.missing:
        hint = f"add the field {found.missing[0]!r} to the task's data"
        return displays.common.fault(part, "no-field", f"the task has no field {found.missing[0]!r}", hint)
    return show(part, found.value, data)


def fetched(part: ObjectPart, text: str) -> ObjectDisplay:
    """What an object shows whose data the page has fetched from its ``url``: series, phrases, rows, items, messages."""
    read = displays.READ.get(part.type)
    return {"text": text} if read is None else read(part, text)


def _control(shown: Display, control: Control, data: Mapping[str, object]) -> None:
    problems = shown["problems"]
    for member in _TEXTS:
        given = control.raw.get(member)
        if isinstance(given, Mapping):
            where = f"{member} of {control.name}"
            shown["texts"][f"{control.name}/{member}"] = _text(given, data, where, problems, control.name)
        elif isinstance(given, str) and given:
            shown["texts"][f"{control.name}/{member}"] = given
    if control.type == "taxonomy" and control.dynamic is None and not control.raw.get("labeling"):
        return  # the plan has them: a tree may have a hundred thousand nodes, and says the same in every task
    if control.type in ("choices", "taxonomy") or isinstance(control.raw.get("options"), list):
        table, faults = options(control, data)
        shown["options"][control.name] = [option_json(o, data, control.name, problems) for o in table.options]
        problems += faults


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
