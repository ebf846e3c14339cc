"""A person's place in a project's queue: the rows of the indexes up to there are done, held or put off by them.

The place moves forward only, so nobody's finished part of an index is ever read again. In orders other than that of
import, rows come into an index behind people's places; what such a place was made for is in its stamp, and with
another stamp the person begins at the start again.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from chalicelib import keys, orders, settings
from chalicelib.storage.ports import ABSENT, Conflict, Page, Put, Record
from chalicelib.world import World

Project = Mapping[str, Any]

SETTLED_MS = 60_000
"""Clocks differ and writes overtake each other, so a row may come into the returned index behind rows that are this
much younger."""
FRESH_S = 60
"""In orders that change while people work, everybody begins at the start again after so long."""
END = "~"
"""After every sk of the indexes, which start with hex digits or a g."""


@dataclass(slots=True)
class Place:
    """
    Members:
        at: sk of the last row that is behind them, by index. END: there will be no more rows in it.
        passed: rows beyond that which are not for them either, because they took a later row when others raced for
            this one.
        held: tasks that were leased to them last; whether they still are, the state rows say.
        stamp: what `at` in the open indexes is true for.
        lanes: where they take from, best first.
        assigned: single tasks of this project are assigned to people.
    """

    person: int
    project: int
    at: dict[str, str]
    passed: dict[str, list[str]]
    held: list[int]
    stamp: str
    lanes: list[str]
    assigned: bool
    serial: int = 0
    record_version: int = ABSENT
    moved: bool = field(default=False, compare=False)

    def put(self, held: list[int]) -> Put:
        at = {index: sk for index, sk in self.at.items() if sk}
        passed = {index: sks for index, sks in self.passed.items() if sks}
        body = {"at": at, "passed": passed, "held": held, "stamp": self.stamp}
        return Put(*keys.queue(self.person, self.project), body, expect=self.record_version)


def read(world: World, project: Project, person: int) -> Place:
    """The place, and what the person may take. One read."""
    id_, queue = project["id"], settings.of(project, "queue")
    key, serial = keys.queue(person, id_), keys.serial(id_)
    membership, profile = keys.membership(person, id_), keys.person(person)
    asked = [key]
    if queue["order"] != "imported":
        asked.append(serial)
    if queue["assign"] in ("groups", "field"):
        asked += [membership, profile]
    found = world.records.get_many(asked)
    member = found[membership].body if membership in found else {}
    named = found[profile].body if profile in found else {}
    imported = found[serial].body["inner"] if serial in found else 0
    stamp = _stamp(project, queue["order"], imported, world.clock())
    lanes = _lanes(queue, person, str(member.get("name") or named.get("name") or ""), member.get("groups") or [])
    body: Mapping[str, Any] = found[key].body if key in found else {}
    place = Place(
        person,
        id_,
        dict(body.get("at", {})),
        {index: list(sks) for index, sks in body.get("passed", {}).items()},
        list(body.get("held", [])),
        stamp,
        lanes,
        bool(project.get("assigns")),
        imported,
        found[key].version if key in found else ABSENT,
    )
    if body.get("stamp", "") != stamp:
        place.at = {index: sk for index, sk in place.at.items() if index.startswith("RETURNED#")}
        place.passed = {index: sks for index, sks in place.passed.items() if index.startswith("RETURNED#")}
    return place


def _stamp(project: Project, order: str, imported: int, now: float) -> str:
    """Empty while nothing can have come in behind a place: in the order of import, never yet changed."""
    parts = [str(project.get("queue_epoch", 0))]
    if order != "imported":
        parts.append(str(imported))
    if order in ("priority", "uncertainty"):
        parts.append(str(int(now // FRESH_S)))
    return "" if parts == ["0"] else "/".join(parts)


def _lanes(queue: Mapping[str, Any], person: int, name: str, groups: list[str]) -> list[str]:
    """Lanes that the project's settings let this person take from; what is assigned to them alone comes on top."""
    match queue["assign"]:
        case "people":
            return [orders.ANYONE] if person in queue["people"] else []
        case "groups":
            wanted = {orders.lane_of(group) for group in queue["groups"]}
            return [orders.ANYONE] if wanted & {orders.lane_of(group) for group in groups} else []
        case "field":
            return orders.lanes_of([person, name, *groups])
    return [orders.ANYONE]


@dataclass(slots=True)
class Window:
    """A few rows of an index after a place in it."""

    index: str
    after: str
    page: Page

    @property
    def is_returned(self) -> bool:
        return self.index.startswith("RETURNED#")


def look(world: World, index: str, after: str, limit: int) -> Window:
    return Window(index, after, world.records.query(index, after=after or None, limit=limit))


def pass_over(place: Place, window: Window, mine: set[int], now_ms: int) -> list[Record]:
    """Note the window's rows that are not for this person, move the place over them, and give the others."""
    index, after, rows = window.index, window.after, window.page.records
    known = place.passed.setdefault(index, [])
    already = set(known)
    known += [row.sk for row in rows if row.body["task"] in mine and row.sk not in already]
    passed = set(known)
    place.moved = place.moved or len(passed) > len(already)
    at = place.at.get(index, "")
    if at >= after:
        sure = settled_until(now_ms) if window.is_returned else END
        for row in rows:
            if row.sk in passed and row.sk < sure:
                at = max(at, row.sk)
            elif row.sk > at:
                break
        place.at[index] = at
    last = rows[-1].sk if rows and window.page.cursor is not None else END
    listed = {row.sk for row in rows}
    place.passed[index] = [sk for sk in known if sk > at and (sk in listed or not after < sk <= last)]
    return [row for row in rows if row.sk not in passed]


def settled_until(now_ms: int) -> str:
    """Up to here nothing more comes into a returned index."""
    return f"{now_ms - SETTLED_MS:014d}"


def save(world: World, place: Place) -> None:
    """Keep what was passed although nothing was taken. Losing it costs only reading it again."""
    with contextlib.suppress(Conflict):
        world.records.transact([place.put(place.held)])
