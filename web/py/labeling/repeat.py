"""The plan of one task: a Repeater's children, copied for every item of the task's list (reference, section 3).

A repeater's node keeps its ``key`` and ``mode``, loses ``on`` and ``flag``, and has one ``view`` per copy as children.
The flag stands for the index, from 0, in every text of a copy: names, links, values, conditions. Keys of nodes in a
copy get the index behind them (``n4.0``, nested ``n4.0.2``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from labeling import values
from labeling.problems import Problem, problem

#: Copies in one task, of all Repeaters together: more cannot be worked through by a person, nor drawn.
MOST_COPIES = 1_000

#: (flag, index) of each Repeater around a copy, the outermost first.
_Indexes: TypeAlias = tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Expansion:
    """``plan`` without Repeaters that wait; ``problems``: lists that are too long."""

    plan: dict[str, object]
    problems: tuple[Problem, ...]


def expand(plan: Mapping[str, object], data: Mapping[str, object]) -> dict[str, object]:
    """The plan for a task with *data*. A missing field, or one that is no list, gives no copies."""
    return expansion(plan, data).plan


def expansion(plan: Mapping[str, object], data: Mapping[str, object]) -> Expansion:
    """As ``expand``, with the problems of lists that are too long."""
    maker = _Maker(data)
    tree = maker.node(plan.get("tree"), ())
    order = {name: place for place, name in enumerate(_names(tree))}
    objects = _ordered(maker.rows(plan.get("objects")), order)
    controls = _ordered(maker.rows(plan.get("controls")), order)
    homes = {str(row.get("name")): str(row.get("repeat") or "") for row in _list(plan.get("controls"))}
    made = {**plan, "tree": tree, "objects": objects, "controls": controls}
    if "hotkeys" in plan:
        made["hotkeys"] = maker.hotkeys(plan.get("hotkeys"), homes)
    if "rules" in plan:
        made["rules"] = maker.rules(plan.get("rules"), homes)
    return Expansion(made, tuple(maker.problems))


class _Maker:
    def __init__(self, data: Mapping[str, object]) -> None:
        self._data = data
        self._copies: dict[str, list[_Indexes]] = {}
        self._made = 0
        self.problems: list[Problem] = []

    def node(self, raw: object, at: _Indexes) -> object:
        """*raw* with its Repeaters expanded, inside a copy at the indexes *at*."""
        if not isinstance(raw, Mapping):
            return raw
        children = raw.get("children")
        inner = children if isinstance(children, list) else []
        node = {name: _filled(value, at) for name, value in raw.items() if name not in ("children", "css")}
        if "css" in raw:
            node["css"] = raw["css"]
        if "key" in raw:
            node["key"] = _key(str(raw["key"]), at)
        if raw.get("node") == "repeater" and "on" in raw:
            flag, home = str(node.pop("flag", "{{idx}}")), str(raw.get("key"))
            on = node.pop("on")
            node["children"] = [self._copy(node, home, inner, (*at, (flag, i))) for i in range(self._count(on, home))]
        elif children is not None:
            node["children"] = [self.node(child, at) for child in inner]
        return node

    def _copy(self, node: Mapping[str, object], home: str, inner: list[object], at: _Indexes) -> dict[str, object]:
        self._copies.setdefault(home, []).append(at)
        return {
            "node": "view",
            "key": f"{node.get('key')}.{at[-1][1]}",
            "display": "block",
            "style": {},
            "children": [self.node(child, at) for child in inner],
        }

    def _count(self, on: object, home: str) -> int:
        found = values.resolve(on, self._data).value if isinstance(on, Mapping) else None
        count = len(found) if isinstance(found, list) else 0
        room = MOST_COPIES - self._made
        if count > room:
            message = f"the list has {count} items, and a task may have {MOST_COPIES} copies in all"
            self.problems.append(
                problem("too-many-copies", message, f"repeater {home}", "split the task into smaller ones", node=home)
            )
            count = room
        self._made += count
        return count

    def rows(self, raw: object) -> list[dict[str, object]]:
        """Objects or controls: templates once for each copy, the others as they are."""
        made: list[dict[str, object]] = []
        for row in _list(raw):
            home = row.get("repeat")
            if home is None:
                made.append(dict(row))
                continue
            for at in self._copies.get(str(home), ()):
                copy = {name: _filled(value, at) for name, value in row.items() if name != "repeat"}
                made.append(copy)
        return made

    def hotkeys(self, raw: object, homes: Mapping[str, str]) -> list[dict[str, object]]:
        """A key of a template works in every copy: ``repeat`` (node, item) tells the copies of a page apart."""
        made: list[dict[str, object]] = []
        for row in _list(raw):
            intent = row.get("intent")
            home = homes.get(str(intent.get("control"))) if isinstance(intent, Mapping) else None
            if not home:
                made.append(dict(row))
                continue
            for at in self._copies.get(home, ()):
                node = _key(home, at[:-1])
                made.append({**row, "intent": _filled(intent, at), "repeat": {"node": node, "item": at[-1][1]}})
        return made

    def rules(self, raw: object, homes: Mapping[str, str]) -> list[dict[str, object]]:
        made: list[dict[str, object]] = []
        for row in _list(raw):
            home = homes.get(str(row.get("for")))
            if home:
                made += [{name: _filled(value, at) for name, value in row.items()} for at in self._copies.get(home, ())]
            else:
                made.append(dict(row))
        return made


def _key(key: str, at: _Indexes) -> str:
    return ".".join([key, *(str(index) for _, index in at)])


def _filled(value: object, at: _Indexes, *, path: bool = False) -> object:
    """*value* with the flags replaced in every text; a step of a path that is a flag becomes the index itself."""
    if not at:
        return value
    if isinstance(value, str):
        for flag, index in at:
            if path and value == flag:
                return index
            value = value.replace(flag, str(index))
        return value
    if isinstance(value, list | tuple):
        return [_filled(item, at, path=path) for item in value]
    if isinstance(value, Mapping):
        return {name: _filled(member, at, path=name == "path") for name, member in value.items()}
    return value


def _list(rows: object) -> list[Mapping[str, object]]:
    return [row for row in rows if isinstance(row, Mapping)] if isinstance(rows, list) else []


def _names(node: object) -> Iterator[str]:
    """Names of objects and controls in document order."""
    if not isinstance(node, Mapping):
        return
    if node.get("node") in ("object", "control"):
        yield str(node.get("name"))
    for child in node.get("children") or ():
        yield from _names(child)


def _ordered(rows: Sequence[dict[str, object]], order: Mapping[str, int]) -> list[dict[str, object]]:
    """*rows* in document order; one that is not in the tree stays behind the row before it."""
    places: list[int] = []
    for row in rows:
        places.append(order.get(str(row.get("name")), places[-1] if places else -1))
    return [row for _, row in sorted(zip(places, rows, strict=True), key=lambda pair: pair[0])]
