"""
What differs between two lists of results: versions of one annotation, or two people's answers.

Results with one id are one region or one answer. What a control says and where a region is are told apart, so a box
that was moved and renamed is one `moved` and one `changed`. Answers without geometry are matched by control when their
ids differ: an answer that was taken away and given again is the same answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from labeling.plan_parts import VALUE_KEYS

Json = Mapping[str, Any]
_Key = tuple[str, ...]
_Part = tuple[_Key, str]
"""One result: its region, answer or relation, and its control."""


def compare(before: Sequence[Json], after: Sequence[Json]) -> dict[str, Any]:
    """
    From *before* to *after*, results in Label Studio's form:

        added, removed: `{"id", "control", "object", "type", "item"?, "value"}` each, `value`: what the control says
            (labels, choices, a number, …), None for a region without labels. Links have `from_id` and `to_id`.
        changed: the same members with `from` and `to` instead of `value`.
        moved: `{"id", "object", "type", "item"?, "from", "to"}`: where a region was and is, members of its `value`.
        same: how many results say the same in both.

    The order is that of *after*, then that of *before*.
    """
    old, new = _parts(before), _parts(after)
    _rematch(old, new)
    found: dict[str, Any] = {"added": [], "removed": [], "changed": [], "moved": [], "same": 0}
    moved: set[_Key] = set()
    for place, row in new.items():
        if place not in old:
            found["added"].append({**_named(row), "value": said(row)})
            continue
        earlier = old[place]
        told = said(earlier) == said(row) and earlier.get("meta") == row.get("meta")
        if not told:
            found["changed"].append({**_named(row), **_from_to(earlier, row)})
        was, is_ = _where(earlier), _where(row)
        if was == is_:
            found["same"] += told
        elif place[0] not in moved:
            moved.add(place[0])
            entry = {name: value for name, value in _named(row).items() if name != "control"}
            found["moved"].append({**entry, "from": was, "to": is_})
    found["removed"] = [{**_named(row), "value": said(row)} for place, row in old.items() if place not in new]
    return found


def differs(found: Json) -> bool:
    """Whether `compare` found anything."""
    return any(found[name] for name in ("added", "removed", "changed", "moved"))


def said(row: Json) -> Any:
    """What the control of a result says, without where; of a link its labels and direction."""
    if row.get("type") == "relation":
        return {"labels": list(row.get("labels") or ()), "direction": row.get("direction", "right")}
    value = row.get("value")
    return value.get(_said_key(row)) if isinstance(value, Mapping) else value


def _said_key(row: Json) -> str:
    kind = str(row.get("type"))
    return VALUE_KEYS.get(kind, kind)


def _where(row: Json) -> dict[str, Any]:
    """Geometry: every member of the value but what the control says."""
    value = row.get("value")
    return {k: v for k, v in value.items() if k != _said_key(row)} if isinstance(value, Mapping) else {}


def _from_to(before: Json, after: Json) -> dict[str, Any]:
    change = {"from": said(before), "to": said(after)}
    if before.get("meta") != after.get("meta"):
        change["meta"] = {"from": before.get("meta"), "to": after.get("meta")}
    return change


def _named(row: Json) -> dict[str, Any]:
    if row.get("type") == "relation":
        return {"type": "relation", "from_id": row.get("from_id"), "to_id": row.get("to_id")}
    named = {
        "id": row.get("id"),
        "control": row.get("from_name"),
        "object": row.get("to_name"),
        "type": row.get("type"),
    }
    return named | ({"item": row["item_index"]} if row.get("item_index") is not None else {})


def _parts(rows: Iterable[Json]) -> dict[_Part, Json]:
    found: dict[_Part, Json] = {}
    for n, row in enumerate(rows):
        if row.get("type") == "relation":
            key: _Key = ("relation", str(row.get("from_id")), str(row.get("to_id")))
        else:
            key = ("result", str(row.get("id") or f"no id {n}"), str(row.get("item_index")))
        found[key, str(row.get("from_name"))] = row
    return found


def _rematch(old: dict[_Part, Json], new: dict[_Part, Json]) -> None:
    """Give answers of the whole object that only their ids tell apart the places of those they follow."""
    free = {_answer(row): place for place, row in old.items() if place not in new and _is_answer(row)}
    for place, row in list(new.items()):
        if place not in old and _is_answer(row) and (earlier := free.pop(_answer(row), None)) is not None:
            old[place] = old.pop(earlier)


def _is_answer(row: Json) -> bool:
    return row.get("type") != "relation" and not _where(row)


def _answer(row: Json) -> _Key:
    return tuple(str(row.get(name)) for name in ("from_name", "to_name", "type", "item_index"))
