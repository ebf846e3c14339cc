"""
What a change of the config does to results that are there: old plan + new plan -> changes.

Pure, on the plans' JSON. A control or label that is gone may have been renamed; what the author says (*mapping*) goes
first, then what was only respelt is guessed and marked so. ``labeling.migrate`` applies the changes to results.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, NotRequired, TypedDict

Plan = Mapping[str, Any]

#: Two words are the same, respelt, from this likeness on (0 to 1).
RESPELT = 0.75
#: More options than this are not compared pair by pair: their names decide alone.
MOST_COMPARED = 200
#: So many pairs of names are compared in all, and none that is longer: what is left decides by its names alone.
_PAIRS = 60_000
_LONGEST = 200


@dataclass(slots=True)
class _Guesses:
    """How many pairs of names may still be compared: a config may hold thousands of each."""

    left: int = _PAIRS


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
    guesses = _Guesses()
    objects = _objects(old, new, said.get("objects") or {}, guesses)
    becomes = {row["object"]: row["becomes"] for row in objects}
    controls = _controls(old, new, said, becomes, guesses)
    taken = {row["becomes"] for row in controls}
    added: list[Added] = [{"control": c["name"]} for c in new["controls"] if c["name"] not in taken]
    before, after = _by_name(old), _by_name(new)
    for row in controls:
        if row["becomes"] is not None:
            added += _added_options(row, before[row["control"]], after[row["becomes"]])
    had = {field["name"] for field in old["fields"]}
    needs = [field["name"] for field in new["fields"] if field["name"] not in had]
    same = all(row["what"] == "kept" and not row["options"] for row in controls) and all(
        row["what"] == "kept" for row in objects
    )
    return {"objects": objects, "controls": controls, "added": added, "needs": needs, "same": same}


def _objects(old: Plan, new: Plan, said: Mapping[str, str | None], guesses: _Guesses) -> list[ObjectChange]:
    types = {part["name"]: part["type"] for part in new["objects"]}
    used = {part["name"] for part in old["objects"]} | set(said.values())
    free = [name for name in types if name not in used]
    kinds = Counter(part["type"] for part in old["objects"])
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
        elif len(fits) == 1 and kinds[kind] == 1:
            free.remove(fits[0])  # the only one of its type, in both
            rows.append(_object(name, fits[0], guessed=True))
        elif respelt := _respelt(name, fits, guesses):
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


def _controls(
    old: Plan, new: Plan, said: Mapping[str, Any], objects: Mapping[str, str | None], guesses: _Guesses
) -> list[ControlChange]:
    wanted: Mapping[str, str | None] = said.get("controls") or {}
    options: Mapping[str, Mapping[str, str | None]] = said.get("options") or {}
    names = _by_name(new)
    used = {c["name"] for c in old["controls"]} | set(wanted.values())
    free = [name for name in names if name not in used]
    rows = []
    for control in old["controls"]:
        name = control["name"]
        target, guessed = name if name in names else None, False
        if name in wanted:
            said_name = wanted[name]
            target = said_name if said_name in names else None
        elif target is None and len(free) <= MOST_COMPARED:
            fits = [other for other in free if not _clash(control, names[other], objects)]
            only = fits[0] if len(fits) == 1 and _alike(control, names[fits[0]]) else None
            target = only or _respelt(name, fits, guesses)
            guessed = target is not None
        if guessed and target is not None:
            free.remove(target)
        other = names[target] if target is not None else None
        rows.append(_changed(control, other, objects, options.get(name) or {}, guesses, guessed=guessed))
    return rows


def _changed(
    control: Plan,
    other: Plan | None,
    objects: Mapping[str, str | None],
    said: Mapping[str, str | None],
    guesses: _Guesses,
    *,
    guessed: bool,
) -> ControlChange:
    name = control["name"]
    row: ControlChange = {"control": name, "becomes": None, "what": "removed", "reason": "", "options": []}
    if other is None:
        row["reason"] = "the new config has no such control"
        return row
    if clash := _clash(control, other, objects):
        row["what"], row["reason"] = "retyped", clash
        return row
    row["becomes"], row["what"] = other["name"], "kept" if other["name"] == name else "renamed"
    if guessed:
        row["guessed"] = True
    listed = list(_options(control, other, said, guesses))
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


def _options(control: Plan, other: Plan, said: Mapping[str, str | None], guesses: _Guesses) -> Iterator[OptionChange]:
    if other.get("dynamic") is not None:  # whatever was stored may be an option of the task's data
        theirs = [*_paths(other), *_paths(control)]
    else:
        theirs = list(_paths(other))
    mine = list(_paths(control))
    known = set(theirs)
    ours = set(mine)
    free = [path for path in theirs if path not in ours]
    close = len(mine) <= MOST_COMPARED and len(free) <= MOST_COMPARED
    by_name = {_joined(path): path for path in theirs}
    for path in mine:
        stored = _joined(path)
        if stored in said:
            wanted = by_name.get(said[stored] or "")
            yield _option(path, wanted)
        elif path in known:
            yield _option(path, path)
        elif close and (found := _respelt(stored, [_joined(candidate) for candidate in free], guesses)):
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


def _by_name(plan: Plan) -> dict[str, Plan]:
    return {control["name"]: control for control in plan["controls"]}


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


def _respelt(name: str, candidates: Sequence[str], guesses: _Guesses) -> str | None:
    """The one of *candidates* that is *name* written a little differently; None too where it costs too much to tell."""
    if len(candidates) > guesses.left or len(name) > _LONGEST:
        return None
    guesses.left -= len(candidates)
    plain = _plain(name)
    best, found = RESPELT, ""
    matcher = SequenceMatcher(None, "", "")
    matcher.set_seq1(plain)
    for other in candidates:
        if len(other) > _LONGEST:
            continue
        matcher.set_seq2(_plain(other))
        if matcher.real_quick_ratio() < best or matcher.quick_ratio() < best:
            continue  # both are upper bounds
        score = matcher.ratio()
        if (score, other) > (best, found):
            best, found = score, other
    return found or None


def _plain(name: str) -> str:
    return "".join(ch for ch in name.casefold() if ch.isalnum()) or name.casefold()
