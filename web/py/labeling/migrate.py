"""Stored results read under a newer config: what is kept, what is renamed, what belongs to nothing any more.

Works on results' JSON by the changes that ``config_compiler.migrate.changes`` found. Nothing is lost: what belongs to
nothing is given back beside the results, and comes back by itself when the config goes back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from labeling import reading

Json: TypeAlias = Mapping[str, object]
ResultJson: TypeAlias = dict[str, object]

#: Members of ``value`` that hold stored options: lists of names, or of paths.
_NAMES = ("choices", "taxonomy")


@dataclass(frozen=True, slots=True)
class Orphan:
    """A result, or labels of it, that the newer config has no place for; ``reason`` in plain words."""

    result: object
    reason: str


@dataclass(slots=True)
class Counts:
    """How many results are kept, renamed or orphaned, in all and by control of the old config."""

    annotations: int = 0
    kept: int = 0
    renamed: int = 0
    orphaned: int = 0
    by_control: dict[str, dict[str, int]] = field(default_factory=dict)

    def to_dict(self) -> dict[str, object]:
        results = {"kept": self.kept, "renamed": self.renamed, "orphaned": self.orphaned}
        return {"annotations": self.annotations, "results": results, "per_control": self.by_control}


class Migration:
    """The changes between two configs, ready to be applied to many lists of results."""

    def __init__(self, changes: Json) -> None:
        self._objects = {str(row["object"]): row for row in _rows(changes, "objects")}
        self._controls = {str(row["control"]): row for row in _rows(changes, "controls")}
        self._options = {
            name: {str(entry["stored"]): entry.get("becomes") for entry in _rows(row, "options")}
            for name, row in self._controls.items()
        }
        self.same = changes.get("same") is True

    def apply(self, result: object) -> tuple[list[object], list[Orphan]]:
        """
        Args:
            result: a list of results as stored.

        Returns:
            The results as the newer config reads them, in their order, and what it has no place for. What is no result
            at all goes through unchanged.
        """
        kept, orphans, _ = self._run(result)
        return kept, orphans

    def count(self, results: Iterable[object]) -> Counts:
        """
        Args:
            results: the list of results of each annotation.
        """
        counts = Counts()
        for result in results:
            counts.annotations += 1
            _, _, told = self._run(result)
            for control, what in told:
                by = counts.by_control.setdefault(control, {"kept": 0, "renamed": 0, "orphaned": 0})
                by[what] += 1
                setattr(counts, what, getattr(counts, what) + 1)
        return counts

    def _run(self, result: object) -> tuple[list[object], list[Orphan], list[tuple[str, str]]]:
        if isinstance(result, str):
            result = reading.json_text(result)
        if not isinstance(result, list | tuple):
            return [], [], []
        if self.same:
            return list(result), [], [(_name(row), "kept") for row in result]
        kept: list[object] = []
        orphans: list[Orphan] = []
        told: list[tuple[str, str]] = []
        gone: set[object] = set()
        alive: set[object] = set()
        for row in result:
            if not isinstance(row, dict) or not isinstance(row.get("from_name"), str):
                kept.append(row)
                continue
            made, reason = self._row(row)
            if made is None:
                orphans.append(Orphan(row, reason))
                gone.add(_id(row, "id"))
            else:
                kept.append(made)
                alive.add(_id(row, "id"))
                if reason:
                    orphans.append(Orphan(row, reason))
            told.append((_name(row), "orphaned" if reason else "kept" if made == row else "renamed"))
        lost = gone - alive
        for place in [place for place, row in enumerate(kept) if _relates(row, lost)]:
            orphans.append(Orphan(kept[place], "one of its regions has no place in the newer config"))
        return [row for row in kept if not _relates(row, lost)], orphans, told

    def _row(self, row: ResultJson) -> tuple[ResultJson | None, str]:
        """The result under the newer config, and what was lost of it; None: all of it."""
        name = str(row["from_name"])
        change = self._controls.get(name)
        if change is None:  # not of the old config either: whoever reads it knows what to do with it
            return row, ""
        becomes = change.get("becomes")
        if not isinstance(becomes, str):
            return None, str(change.get("reason") or f"{name} is gone")
        made = {**row, "from_name": becomes}
        to_name = row.get("to_name")
        if to_name == name:
            made["to_name"] = becomes
        elif isinstance(to_name, str) and (target := self._objects.get(to_name)) is not None:
            if not isinstance(target.get("becomes"), str):
                return None, f"the object {to_name} is gone"
            made["to_name"] = target["becomes"]
        value = reading.mapping(row.get("value"))
        if value is None:
            return made, ""
        options = self._options[name]
        if value.get("ranker") is not None and isinstance(value["ranker"], Mapping):
            ranker = {becomes if key == name else key: order for key, order in value["ranker"].items()}
            made["value"] = {**value, "ranker": ranker}
        for member in (str(row.get("type", "")), "labels", *_NAMES):
            names = value.get(member)
            if options and isinstance(names, list):
                renamed, lost = _renamed(names, options)
                if lost and not renamed:
                    return None, f"{', '.join(lost)} is gone from {becomes}"
                made["value"] = {**value, member: renamed}
                return made, f"{', '.join(lost)} is gone from {becomes}" if lost else ""
        return made, ""


def _renamed(names: Sequence[object], options: Mapping[str, object]) -> tuple[list[object], list[str]]:
    """Names (or paths of them) of the newer config, and those that are gone."""
    made: list[object] = []
    lost: list[str] = []
    for entry in names:
        path = [entry] if isinstance(entry, str) else entry
        if not isinstance(path, list) or not all(isinstance(part, str) for part in path):
            made.append(entry)
            continue
        joined = " / ".join(path)
        if joined not in options:
            made.append(entry)
        elif isinstance(becomes := options[joined], str):
            new: object = becomes if isinstance(entry, str) else becomes.split(" / ")
            if joined == becomes:
                new = entry
            if new not in made:
                made.append(new)
        else:
            lost.append(joined)
    return made, lost


def _relates(row: object, lost: set[object]) -> bool:
    if not isinstance(row, dict) or row.get("type") != "relation":
        return False
    return _id(row, "from_id") in lost or _id(row, "to_id") in lost


def _id(row: ResultJson, member: str) -> str | int | None:
    """Drafts may hold anything; what is no id names no result."""
    found = row.get(member)
    return found if isinstance(found, str | int) else None


def _name(row: object) -> str:
    return str(row.get("from_name") or row.get("type") or "") if isinstance(row, dict) else ""


def _rows(of: Json, member: str) -> list[Json]:
    rows = of.get(member)
    return [row for row in rows if isinstance(row, Mapping)] if isinstance(rows, list) else []
