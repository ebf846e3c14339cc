"""
What a change of the config does to results that are there: old plan + new plan -> changes.

Pure, on the plans' JSON. A control or label that is gone may have been renamed; what the author says (*mapping*) goes
first, then what was only respelt is guessed and marked so. ``labeling.migrate`` applies the changes to results.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from typing import Any, NotRequired, TypedDict

Plan = Mapping[str, Any]

#: Two words are the same, respelt, from this likeness on (0 to 1).
RESPELT = 0.75
#: More options than this are not compared pair by pair: their names decide alone.
MOST_COMPARED = 200


class OptionChange(TypedDict):
    """``stored``: the whole path where options are nested, joined by " / "."""

    stored: str
    becomes: str | None
    what: str
    guessed: NotRequired[bool]


class ControlChange(TypedDict):
    """``what``: kept, renamed, retyped or removed. ``options`` is empty if all of them stay."""

    control: str
    becomes: str | None
    what: str
    reason: str
    options: list[OptionChange]
    guessed: NotRequired[bool]


class ObjectChange(TypedDict):
    object: str
    becomes: str | None
    what: str
    guessed: NotRequired[bool]


class Added(TypedDict):
    control: str
    option: NotRequired[str]


class Changes(TypedDict):
    """``needs``: fields that tasks must have now and did not before. ``same``: nothing happens to any result."""

    objects: list[ObjectChange]
    controls: list[ControlChange]
    added: list[Added]
    needs: list[str]
    same: bool


def is_mapping(given: object) -> bool:
    """Whether *given* has the form of *mapping* in :func:`changes`; its names may be any."""
    options = given.get("options", {}) if isinstance(given, dict) else None
    if not isinstance(given, dict) or not isinstance(options, dict):
        return False
    return all(
        isinstance(names, dict) and all(value is None or isinstance(value, str) for value in names.values())
        for names in (given.get("controls", {}), given.get("objects", {}), *options.values())
    )


def changes(old: Plan, new: Plan, mapping: Mapping[str, Any] | None = None) -> Changes:
    """
    Args:
        old, new: plans as JSON data.
        mapping: ``{"objects", "controls", "options": {control: {old: new}}}``, all optional; names in *options* are
            those of the old config. A name that the new config does not have is as good as none.

    Returns:
        Every object and control of *old* with what becomes of it, in its order.
    """
    said: Mapping[str, Any] = mapping or {}
    objects = _objects(old, new, said.get("objects") or {})
    becomes = {row["object"]: row["becomes"] for row in objects}
    controls = _controls(old, new, said, becomes)
    taken = {row["becomes"] for row in controls}
    added: list[Added] = [{"control": c["name"]} for c in new["controls"] if c["name"] not in taken]
    for row in controls:
        if row["becomes"] is not None:
            added += _added_options(row, _control(old, row["control"]), _control(new, row["becomes"]))
    had = {field["name"] for field in old["fields"]}
    needs = [field["name"] for field in new["fields"] if field["name"] not in had]
    same = all(row["what"] == "kept" and not row["options"] for row in controls) and all(
        row["what"] == "kept" for row in objects
    )
    return {"objects": objects, "controls": controls, "added": added, "needs": needs, "same": same}


def _objects(old: Plan, new: Plan, said: Mapping[str, str | None]) -> list[ObjectChange]:
    types = {part["name"]: part["type"] for part in new["objects"]}
    free = [name for name in types if name not in {part["name"] for part in old["objects"]} | set(said.values())]
    rows: list[ObjectChange] = []
    for part in old["objects"]:
        name, kind = part["name"], part["type"]
        fits = [other for other in free if types[other] == kind]
        if name in said:
            wanted = said[name]
            target = wanted if wanted is not None and types.get(wanted) == kind else None
            rows.append(_object(name, target, guessed=False))
        elif types.get(name) == kind:
            rows.append(_object(name, name, guessed=False))
        elif len(fits) == 1 and sum(other["type"] == kind for other in old["objects"]) == 1:
            free.remove(fits[0])  # the only one of its type, in both
            rows.append(_object(name, fits[0], guessed=True))
        elif respelt := _respelt(name, fits):
            free.remove(respelt)
            rows.append(_object(name, respelt, guessed=True))
        else:
            rows.append(_object(name, None, guessed=False))
    return rows


def _object(name: str, becomes: str | None, *, guessed: bool) -> ObjectChange:
    what = "removed" if becomes is None else "kept" if becomes == name else "renamed"
    row: ObjectChange = {"object": name, "becomes": becomes, "what": what}
    if guessed:
        row["guessed"] = True
    return row


def _controls(old: Plan, new: Plan, said: Mapping[str, Any], objects: Mapping[str, str | None]) -> list[ControlChange]:
    wanted: Mapping[str, str | None] = said.get("controls") or {}
    options: Mapping[str, Mapping[str, str | None]] = said.get("options") or {}
    names = [control["name"] for control in new["controls"]]
    free = [name for name in names if name not in {c["name"] for c in old["controls"]} | set(wanted.values())]
    rows = []
    for control in old["controls"]:
        name = control["name"]
        fits = [other for other in free if not _clash(control, _control(new, other), objects)]
        target, guessed = name if name in names else None, False
        if name in wanted:
            target = wanted[name] if wanted[name] in names else None
        elif target is None and fits:
            target = fits[0] if len(fits) == 1 and _alike(control, _control(new, fits[0])) else _respelt(name, fits)
            guessed = target is not None
        if guessed and target is not None:
            free.remove(target)
        rows.append(_changed(control, new, target, objects, options.get(name) or {}, guessed=guessed))
    return rows


def _changed(
    control: Plan,
    new: Plan,
    target: str | None,
    objects: Mapping[str, str | None],
    said: Mapping[str, str | None],
    *,
    guessed: bool,
) -> ControlChange:
    name = control["name"]
    row: ControlChange = {"control": name, "becomes": None, "what": "removed", "reason": "", "options": []}
    if target is None:
        row["reason"] = "the new config has no such control"
        return row
    other = _control(new, target)
    if clash := _clash(control, other, objects):
        row["what"], row["reason"] = "retyped", clash
        return row
    row["becomes"], row["what"] = target, "kept" if target == name else "renamed"
    if guessed:
        row["guessed"] = True
    listed = list(_options(control, other, said))
    row["options"] = listed if any(entry["what"] != "kept" for entry in listed) else []
    return row


def _clash(control: Plan, other: Plan, objects: Mapping[str, str | None]) -> str:
    """Why results of *control* cannot be results of *other*; empty: they can."""
    if control["type"] != other["type"]:
        return f"results of type {control['type']} cannot become {other['type']}"
    targets = [objects.get(name) for name in control.get("to", ())]
    if control.get("to") and not any(target in other.get("to", ()) for target in targets):
        return f"it worked on {', '.join(control['to'])}, the new one works on {', '.join(other.get('to', ()))}"
    if bool(control.get("per_region")) != bool(other.get("per_region")):
        return "answers about regions cannot become answers about the whole task, nor the other way round"
    return ""


def _alike(control: Plan, other: Plan) -> bool:
    """Whether two controls of one type ask the same: they share half of their options, or have none."""
    mine, theirs = set(_paths(control)), set(_paths(other))
    return (not mine and not theirs) or len(mine & theirs) * 2 >= max(len(mine), len(theirs), 1)


def _options(control: Plan, other: Plan, said: Mapping[str, str | None]) -> Iterator[OptionChange]:
    if other.get("dynamic") is not None:  # whatever was stored may be an option of the task's data
        theirs = [*_paths(other), *_paths(control)]
    else:
        theirs = list(_paths(other))
    mine = list(_paths(control))
    known = set(theirs)
    free = [path for path in theirs if path not in set(mine)]
    close = len(mine) <= MOST_COMPARED and len(free) <= MOST_COMPARED
    by_name = {_joined(path): path for path in theirs}
    for path in mine:
        stored = _joined(path)
        if stored in said:
            wanted = by_name.get(said[stored] or "")
            yield _option(path, wanted)
        elif path in known:
            yield _option(path, path)
        elif close and (found := _respelt(stored, [_joined(candidate) for candidate in free])):
            free.remove(by_name[found])
            yield {**_option(path, by_name[found]), "guessed": True}
        else:
            yield _option(path, None)


def _option(path: tuple[str, ...], becomes: tuple[str, ...] | None) -> OptionChange:
    what = "removed" if becomes is None else "kept" if becomes == path else "renamed"
    return {"stored": _joined(path), "becomes": None if becomes is None else _joined(becomes), "what": what}


def _added_options(row: ControlChange, old: Plan, new: Plan) -> list[Added]:
    had = {_joined(path) for path in _paths(old)} | {entry["becomes"] for entry in row["options"]}
    return [{"control": new["name"], "option": name} for path in _paths(new) if (name := _joined(path)) not in had]


def _control(plan: Plan, name: str) -> Plan:
    return next(control for control in plan["controls"] if control["name"] == name)


def _paths(control: Plan) -> list[tuple[str, ...]]:
    """Stored options: paths from the root where answers are paths, single names else."""
    nested = control["type"] == "taxonomy" or control.get("allow_nested") is True
    found: list[tuple[str, ...]] = []
    todo: list[tuple[tuple[str, ...], Sequence[Plan]]] = [((), control.get("options") or ())]
    while todo:
        above, options = todo.pop(0)
        for option in options:
            path = (*above, option["stored"]) if nested else (option["stored"],)
            found.append(path)
            if option.get("children"):
                todo.append((path, option["children"]))
    return found


def _joined(path: tuple[str, ...]) -> str:
    return " / ".join(path)


def _respelt(name: str, candidates: Sequence[str]) -> str | None:
    """The one of *candidates* that is *name* written a little differently."""
    plain = _plain(name)
    scored = [(SequenceMatcher(None, plain, _plain(other)).ratio(), other) for other in candidates]
    best = max(scored, default=(0.0, ""))
    return best[1] if best[0] >= RESPELT else None


def _plain(name: str) -> str:
    return "".join(ch for ch in name.casefold() if ch.isalnum()) or name.casefold()
