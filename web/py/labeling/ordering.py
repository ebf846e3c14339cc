"""The order of regions, which is that of painting and of the result; and groups: one is the parent of others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from labeling.edit import Edit
from labeling.intents_batch import Group, Reorder, Ungroup, Where
from labeling.model import Region, place
from labeling.problems import refuse


def apply(edit: Edit, intent: Reorder | Group | Ungroup) -> None:
    match intent:
        case Reorder(_, to, beside):
            _reorder(edit, chosen(edit, intent.regions), to, edit.must_have(beside) if beside is not None else None)
        case Group():
            _group(edit, intent)
        case Ungroup():
            _ungroup(edit, chosen(edit, intent.regions))


def chosen(edit: Edit, names: tuple[str, ...] | None) -> list[Region]:
    """The regions named (None: the selected ones), in the order of the list.

    Raises:
        Refusal: there are none.
    """
    given = edit.selection if names is None else names
    if not given:
        raise refuse("no-region", "no region is selected", "selection", "select a region first")
    return sorted((edit.must_have(name) for name in given), key=lambda region: region.n)


def _reorder(edit: Edit, regions: list[Region], to: Where, beside: Region | None) -> None:
    """Numbers change hands among the regions of one picture or text, or are new ones at either end."""
    names = {region.id for region in regions}
    for home in dict.fromkeys((region.object, region.item) for region in regions):
        there = [one for one in edit.state.regions.values() if (one.object, one.item) == home]
        if beside is None:
            after = _ordered([one.id for one in there], names, to)
        else:
            after = _placed(there, names, beside.n + (to == "after"))
        if after == [one.id for one in there]:
            continue
        count = sum(one.id in names for one in there)
        for region, n in _numbers(edit, there, after, to, count):
            if region.n != n:
                edit.put(replace(region, n=n))


def _numbers(edit: Edit, there: list[Region], after: list[str], to: Where, count: int) -> list[tuple[Region, int]]:
    """The regions in their new order with their new numbers; where there is room, only what moves gets another one."""
    held = {one.id: one for one in there}
    if to == "front":
        return [(held[name], edit.next_n()) for name in after[-count:]]
    if to == "back" and there[0].n > count and there[0].n == next(iter(edit.state.regions.values())).n:
        return [(held[name], there[0].n - count + at) for at, name in enumerate(after[:count])]
    return [(held[name], before.n) for before, name in zip(there, after, strict=True)]


def _ordered(order: Sequence[str], names: set[str], to: Where) -> list[str]:
    """*order*, in which what comes later lies in front, with *names* moved."""
    moved = [name for name in order if name in names]
    rest = [name for name in order if name not in names]
    if to == "front":
        return rest + moved
    if to == "back":
        return moved + rest
    after = list(order)
    steps = range(len(after) - 2, -1, -1) if to == "forward" else range(len(after) - 1)
    for at in steps:
        one, next_one = after[at], after[at + 1]
        if (one in names) is (to == "forward") and (next_one in names) is (to == "backward"):
            after[at], after[at + 1] = next_one, one
    return after


def _placed(there: Sequence[Region], names: set[str], n: int) -> list[str]:
    """The order in which *names* come before everything that has the number *n* or a later one."""
    rest = [one for one in there if one.id not in names]
    at = sum(one.n < n for one in rest)
    return [one.id for one in (*rest[:at], *(one for one in there if one.id in names), *rest[at:])]


def _group(edit: Edit, intent: Group) -> None:
    given = edit.selection if intent.regions is None else intent.regions
    name = intent.parent or (given[0] if given else None)
    children = [edit.must_have(child) for child in given if child != name]
    if name is None or not children:
        hint = "select two or more regions; the first one becomes their parent"
        raise refuse("too-few-regions", "a group needs two regions", "selection", hint)
    parent = edit.must_have(name)
    above = {parent.id} | _ancestors(edit, parent)
    for child in children:
        if child.id in above:
            raise refuse(
                "group-loop", f"{place(parent)} is in the group of {place(child)}", place(child), "ungroup it first"
            )
        if child.object != parent.object:
            message = f"{place(child)} is on {child.object}, not on {parent.object}"
            raise refuse("two-objects", message, place(child), "regions of one picture or text can be grouped")
        edit.put(replace(edit.must_change(child), parent=parent.id))


def _ancestors(edit: Edit, region: Region) -> set[str]:
    found: set[str] = set()
    above = region.parent
    while above is not None and above not in found:
        found.add(above)
        held = edit.region(above)
        above = held.parent if held else None
    return found


def _ungroup(edit: Edit, regions: list[Region]) -> None:
    """Children leave their group; of a selected parent all children do, to the group that it is in itself."""
    names = {region.id for region in regions}
    parents = {one.parent for one in edit.state.regions.values() if one.parent in names}
    for one in edit.state.regions.values():
        if one.parent in names:
            above = edit.state.regions[one.parent].parent if one.parent else None
            edit.put(replace(edit.must_change(one), parent=None if above in names else above))
        elif one.id in names and one.id not in parents and one.parent is not None:
            edit.put(replace(edit.must_change(one), parent=None))
