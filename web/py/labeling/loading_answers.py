"""Values of answers, read leniently: lists or bare strings, aliases or values, plain lists of a ranker."""

from __future__ import annotations

from collections.abc import Mapping

from labeling import reading
from labeling.model import (
    AnswerValue,
    Choice,
    Custom,
    Dated,
    Numbered,
    Paths,
    Picked,
    Ranked,
    Rated,
    Selected,
    Texts,
)
from labeling.plan_index import Control, OptionTable


def read(control: Control, table: OptionTable, value: Mapping[str, object]) -> AnswerValue | None:
    """What the control's result says; None if its member is missing or of a wrong type."""
    given = value.get(control.value_key)
    match control.type:
        case "choices":
            choices = _choices(control, table, given)
            return None if choices is None else Picked(choices)
        case "taxonomy":
            paths = _paths(table, given)
            return None if paths is None else Paths(paths)
        case "textarea":
            texts = reading.strings(given)
            return None if texts is None else Texts(texts)
        case "rating":
            rating = reading.whole(given)
            return None if rating is None or rating < 0 else Rated(rating)
        case "number":
            number = _number(given)
            return None if number is None else Numbered(number)
        case "datetime":
            return Dated(given) if isinstance(given, str) and given else None
        case "pairwise":
            side = given[0] if isinstance(given, list) and len(given) == 1 else given
            return Selected(side) if isinstance(side, str) and side else None
        case "ranker":
            order = _order(control, given)
            return None if order is None else Ranked(order)
        case "component" | "reactcode":
            custom = given if given is not None else value.get("custom")
            return Custom(custom) if isinstance(custom, dict) else None
        case _:
            return None


def _choices(control: Control, table: OptionTable, given: object) -> tuple[Choice, ...] | None:
    if isinstance(given, str):
        given = [given]
    if not isinstance(given, list | tuple):
        return None
    choices: list[Choice] = []
    for entry in given:
        path = reading.strings(entry)
        if not path:
            return None
        stored = tuple(table.stored(name) or name for name in path)
        choices.append(stored if control.allow_nested or not isinstance(entry, str) else stored[0])
    return tuple(dict.fromkeys(choices))


def _paths(table: OptionTable, given: object) -> tuple[tuple[str, ...], ...] | None:
    """A bare string is a path of one. A path that the table does not have stays as it is."""
    if isinstance(given, str):
        given = [given]
    if not isinstance(given, list | tuple):
        return None
    paths: list[tuple[str, ...]] = []
    for entry in given:
        path = reading.strings(entry)
        if not path:
            return None
        paths.append(table.path(path) or path)
    return tuple(dict.fromkeys(paths))


def _number(given: object) -> int | float | None:
    """Larger than any coordinate may be: an answer may be a population or a date in milliseconds."""
    if isinstance(given, bool) or not isinstance(given, int | float):
        return None
    return given if -1e300 < given < 1e300 else None


def _order(control: Control, given: object) -> dict[str, tuple[str, ...]] | None:
    """By bucket; a plain list is that of a ranker without buckets, under its own name."""
    if isinstance(given, list):
        given = {control.buckets[0] if control.buckets else control.name: given}
    if not isinstance(given, dict):
        return None
    order: dict[str, tuple[str, ...]] = {}
    for bucket, items in given.items():
        names = _ids(items)
        if not isinstance(bucket, str) or names is None:
            return None
        order[bucket] = names
    return order


def _ids(items: object) -> tuple[str, ...] | None:
    if not isinstance(items, list):
        return None
    made = []
    for item in items:
        if isinstance(item, bool) or not isinstance(item, str | int):
            return None
        made.append(str(item))
    return tuple(made)
