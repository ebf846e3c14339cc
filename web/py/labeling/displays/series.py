"""Time series: columns by the names that the config's channels use, from an object of columns, rows, or CSV text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

from labeling.displays import common, tables
from labeling.displays.common import ObjectDisplay
from labeling.plan_index import ObjectPart

Cell = float | str | None
_HINT = 'write {"column": [1, 2, 3]}; for the address of a CSV file the tag says valueType="url"'


def show(part: ObjectPart, value: object, _: Mapping[str, object]) -> ObjectDisplay:
    """``series``, or ``url`` of the file that has them."""
    given = common.parsed(value)
    if isinstance(given, Mapping):
        return _series(part, {str(name): column for name, column in given.items()})
    if isinstance(given, list) and all(isinstance(row, Mapping) for row in given):
        return _series(part, _columns_of(given))
    if isinstance(given, str) and given.strip() and part.value_type in ("", "url"):
        return common.address(part, given)
    return common.wrong(part, value, "columns of numbers", _HINT)


def read(part: ObjectPart, text: str) -> ObjectDisplay:
    """The display of a file's text: JSON as in a task, or CSV."""
    given = common.parsed(text)
    if not isinstance(given, str):
        return show(part, given, {})
    rows = tables.csv_rows(text, str(part.raw.get("sep") or ""))
    if not rows:
        return common.fault(part, "wrong-type", "its file has no rows", "give a CSV file with a row of names")
    # A file without a row of names: its columns are called by their numbers.
    headless = any(common.number(cell) is not None for cell in rows[0])
    names = [str(place) for place in range(len(rows[0]))] if headless else [cell.strip() for cell in rows[0]]
    body = rows if headless else rows[1:]
    return _series(part, {name: [row[at] if at < len(row) else "" for row in body] for at, name in enumerate(names)})


def _columns_of(rows: Sequence[Mapping[str, object]]) -> dict[str, object]:
    names = dict.fromkeys(str(name) for row in rows for name in row)
    return {name: [row.get(name) for row in rows] for name in names}


def _series(part: ObjectPart, columns: Mapping[str, object]) -> ObjectDisplay:
    time = part.raw.get("time_column")
    time = str(time) if isinstance(time, str | int) and not isinstance(time, bool) and time != "" else None
    channels = part.raw.get("channels")
    wanted = [str(c.get("column")) for c in channels if isinstance(c, Mapping)] if isinstance(channels, list) else []
    made: dict[str, list[Cell]] = {}
    for name in dict.fromkeys(([time] if time is not None else []) + (wanted or [n for n in columns if n != time])):
        found = _find(columns, name)
        if found is None:
            there = ", ".join(list(columns)[:10]) or "none"
            what = "time column" if name == time else "column"
            return common.fault(part, "no-column", f"its data has no {what} {name!r}", f"columns of the data: {there}")
        column = columns[found]
        if not isinstance(column, list):
            return common.fault(
                part, "wrong-type", f"its column {found!r} holds {common.named(column)}, no list", _HINT
            )
        made[name] = [_cell(cell, texts=name == time) for cell in column]
    lengths = {name: len(column) for name, column in made.items()}
    if len(set(lengths.values())) > 1:
        told = ", ".join(f"{name} {length}" for name, length in list(lengths.items())[:6])
        message = f"its columns have different lengths ({told})"
        return common.fault(part, "uneven-columns", message, "each column needs one value per point in time")
    if time is not None and (place := _descends(made[time])):
        message = f"its times must rise, but value {place + 1} of {time!r} is before value {place}"
        return common.fault(part, "time-order", message, "sort the rows by time")
    return {"series": made}


def _find(columns: Mapping[str, object], name: str) -> str | None:
    """A column by its name, its name in another case, or its place from 0."""
    if name in columns:
        return name
    lower = name.lower()
    for column in columns:
        if column.lower() == lower:
            return column
    if name.isascii() and name.isdecimal() and int(name) < len(columns):
        return list(columns)[int(name)]
    return None


def _cell(cell: object, *, texts: bool) -> Cell:
    """A number, or None for a gap; times may be texts, to be read by the tag's timeFormat."""
    found = common.number(cell)
    if found is not None:
        return int(found) if isinstance(found, float) and found.is_integer() and abs(found) < 1e15 else found
    return cell if texts and isinstance(cell, str) and cell else None


def _descends(times: Sequence[Cell]) -> int | None:
    """The place (from 1) of the first number whose successor is smaller; texts are left to their format."""
    for place, (before, after) in enumerate(pairwise(times), 1):
        if isinstance(before, int | float) and isinstance(after, int | float) and after < before:
            return place
    return None
