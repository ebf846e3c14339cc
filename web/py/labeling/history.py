"""Undo and redo as data: change sets with before and after, one per gesture. No clock decides what one step is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TypeAlias, TypeVar

from labeling.model import ChangeSet, Relation

T = TypeVar("T")
_Relations: TypeAlias = tuple[tuple[Relation, ...], tuple[Relation, ...]] | None


def push(undo: tuple[ChangeSet, ...], change: ChangeSet, *, joins: bool) -> tuple[ChangeSet, ...]:
    """*undo* with *change* on top; a neighbour of the same gesture is joined with it.

    Args:
        joins: False after an undo: what was undone ends the gesture.
    """
    if joins and undo and change.gesture and undo[-1].gesture == change.gesture:
        joined = join(undo[-1], change)
        if not joined.regions and not joined.answers and joined.relations is None:
            return undo[:-1]
        return (*undo[:-1], joined)
    return (*undo, change)


def join(first: ChangeSet, second: ChangeSet) -> ChangeSet:
    """One change set with the effect of both; parts that end as they began are left out."""
    return ChangeSet(
        second.gesture,
        _join(first.regions, second.regions),
        _join(first.answers, second.answers),
        (first.selection[0], second.selection[1]),
        resets=second.resets,
        relations=_join_relations(first.relations, second.relations),
        step=first.step,
        held=(first.held[0], second.held[1]) if first.held and second.held else None,
    )


def _join_relations(first: _Relations, second: _Relations) -> _Relations:
    if first is None or second is None:
        return first or second
    return None if first[0] == second[1] else (first[0], second[1])


def without_regions(change: ChangeSet) -> ChangeSet:
    """For a change that holds all there was before and after: what else it says."""
    return replace(change, regions={})


def inverse(change: ChangeSet) -> ChangeSet:
    """The change set that takes *change* back."""
    return ChangeSet(
        change.gesture,
        {name: (after, before) for name, (before, after) in change.regions.items()},
        {name: (after, before) for name, (before, after) in change.answers.items()},
        (change.selection[1], change.selection[0]),
        relations=None if change.relations is None else (change.relations[1], change.relations[0]),
        step=change.step,
        held=None if change.held is None else (change.held[1], change.held[0]),
    )


def _join(
    first: Mapping[str, tuple[T | None, T | None]], second: Mapping[str, tuple[T | None, T | None]]
) -> dict[str, tuple[T | None, T | None]]:
    joined = dict(first)
    for name, (before, after) in second.items():
        joined[name] = (first[name][0] if name in first else before, after)
    return {name: change for name, change in joined.items() if change[0] != change[1]}
