"""Tables and lists: rows of texts from an object, a list of objects or CSV; items with ids for Ranker."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass

from labeling import reading, values
from labeling.displays import common
from labeling.displays.common import Item, ObjectDisplay
from labeling.plan_index import ObjectPart

_SEPARATORS = ",;\t|"
_NAMED = {"tab": "\t", "\\t": "\t", "space": " ", "comma": ",", "semicolon": ";", "pipe": "|"}


@dataclass(frozen=True, slots=True)
class Source:
    """What a Table's valueType says: ``csv|url|separator=;|headless`` or ``json``. No separator: guessed."""

    csv: bool = False
    url: bool = False
    headless: bool = False
    separator: str = ""

    @classmethod
    def of(cls, value_type: str) -> Source:
        words = [word.strip() for word in value_type.split("|")]
        # The pipe as a separator is cut in two by its own sign: "separator=" and "".
        separator = "|" if "separator=" in words else ""
        for word in words:
            if word.startswith("separator=") and (given := word.removeprefix("separator=")):
                separator = _NAMED.get(given.lower(), given[:1])
        return cls("csv" in words, "url" in words, "headless" in words, separator)


def table(part: ObjectPart, value: object, _: Mapping[str, object]) -> ObjectDisplay:
    """``columns`` and ``rows`` of texts, or ``url`` of the file that has them."""
    source = Source.of(part.value_type)
    if source.url and isinstance(value, str) and value.strip():
        return common.address(part, value)
    if source.csv and isinstance(value, str):
        return _csv_table(part, value, source)
    given = common.parsed(value)
    if isinstance(given, Mapping):
        return {"columns": ["Name", "Value"], "rows": [[str(key), values.as_text(held)] for key, held in given.items()]}
    if isinstance(given, list):
        return _table_of(part, given)
    hint = 'the field must be an object or a list of objects; for CSV text the tag says valueType="csv"'
    return common.wrong(part, value, "a table", hint)


def read(part: ObjectPart, text: str) -> ObjectDisplay:
    source = Source.of(part.value_type)
    if source.csv:
        return _csv_table(part, text, source)
    given = common.parsed(text)
    if isinstance(given, str):
        hint = 'for a CSV file the tag says valueType="csv|url"'
        return common.fault(part, "wrong-type", "its file is no JSON object or list", hint)
    return _table_of(part, given) if isinstance(given, list) else table(part, given, {})


def _table_of(part: ObjectPart, rows: list[object]) -> ObjectDisplay:
    if rows and all(isinstance(row, list) for row in rows):
        # Rows without names: the first one has them, as in CSV.
        cells = [[values.as_text(cell) for cell in row] for row in rows if isinstance(row, list)]
        return {"columns": cells[0], "rows": cells[1:]}
    if rows and not any(isinstance(row, Mapping | list) for row in rows):
        return {"columns": ["Value"], "rows": [[values.as_text(row)] for row in rows]}
    found: list[Mapping[str, object]] = []
    for place, row in enumerate(rows, 1):
        if not isinstance(row, Mapping):
            message = f"row {place} is {common.named(row)}, not an object"
            return common.fault(part, "bad-item", message, 'write each row as {"column": "cell"}')
        found.append(row)
    names = list(dict.fromkeys(key for row in found for key in row))
    return {"columns": list(map(str, names)), "rows": [[values.as_text(row.get(n)) for n in names] for row in found]}


def _csv_table(part: ObjectPart, text: str, source: Source) -> ObjectDisplay:
    rows = csv_rows(text, source.separator)
    if not rows:
        return common.fault(part, "wrong-type", "its CSV has no rows", "give a row of names and rows of cells")
    wide = max(map(len, rows))
    rows = [row + [""] * (wide - len(row)) for row in rows]
    if source.headless:
        return {"columns": [str(place) for place in range(1, wide + 1)], "rows": rows}
    return {"columns": rows[0], "rows": rows[1:]}


def csv_rows(text: str, separator: str = "") -> list[list[str]]:
    """Rows of cells, empty rows left out. Without a separator the most frequent one of the first line is taken."""
    text = text.removeprefix("\ufeff")
    if not separator:
        first = text.lstrip("\r\n").split("\n", 1)[0]
        separator = max(_SEPARATORS, key=first.count)
    try:
        return [row for row in csv.reader(text.splitlines(keepends=True), delimiter=separator) if any(row)]
    except csv.Error:
        # A cell beyond csv's limit, or a broken quote: quotes are then ordinary characters.
        return [line.split(separator) for line in text.splitlines() if line]


def items(part: ObjectPart, value: object, _: Mapping[str, object]) -> ObjectDisplay:
    """``items`` of a List with the ids that a Ranker orders them by; ids become texts."""
    given = common.parsed(value)
    if not isinstance(given, list):
        return common.wrong(part, value, "a list of items", 'write [{"id": "a", "title": "First", "body": "…"}]')
    made: list[Item] = []
    seen: set[str] = set()
    for place, row in enumerate(given):
        if isinstance(row, str | int | float) and not isinstance(row, bool):
            row = {"id": place, "body": row}
        if not isinstance(row, Mapping):
            message = f"item {place + 1} is {common.named(row)}, not an object"
            return common.fault(part, "bad-item", message, 'write {"id": "a", "title": "First", "body": "…"}')
        name = row.get("id", place)
        entry: Item = {
            "id": values.as_text(name) if isinstance(name, str | int | float) else str(place),
            "title": values.as_text(row.get("title")),
            "body": values.as_text(row.get("body")),
            "html": reading.text(row.get("html")) or "",
        }
        if entry["id"] in seen:
            hint = "give each item an id of its own"
            return common.fault(part, "bad-item", f"two items have the id {entry['id']!r}", hint)
        seen.add(entry["id"])
        made.append(entry)
    return {"items": made}


def read_items(part: ObjectPart, text: str) -> ObjectDisplay:
    return items(part, text, {})
