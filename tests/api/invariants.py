"""Every row of a project, compared with every other: what no crowd, crash or race may ever break.

`check(world, project)` walks all tasks and indexes and gives one line for each inconsistency, so a test asserts that it
is `[]`. It reads a project at rest: nobody may be at work meanwhile.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from chalicelib import keys, listing
from chalicelib.consensus import sent_back
from chalicelib.handlers import tasks
from chalicelib.storage.walk import every
from chalicelib.tasks import STATES, State, name_of, purpose_of, wanted_by
from chalicelib.world import World

Key = tuple[str, str]


def check(world: World, project_id: int) -> list[str]:
    """One line for each thing that is wrong."""
    record = world.records.get(*keys.project(project_id))
    assert record is not None, f"there is no project {project_id}"
    project = record.body
    rows = [(task, state) for page in tasks.pages(world, project_id) for task, state in page]
    faults: list[str] = []
    for task, state in rows:
        faults += [f"task {state.task}: {fault}" for fault in _task(world, project, task, state)]
    states = [state for _, state in rows]
    faults += _indexes(world, project_id, states)
    faults += _counters(world, project_id, states)
    faults += _people(world, project_id, states)
    return faults


def exactly(world: World, project_id: int) -> Counter[int]:
    """How many tasks have how many annotations that count."""
    return Counter(state.done for page in tasks.pages(world, project_id) for _, state in page)


def _task(world: World, project: Mapping[str, Any], task: Mapping[str, Any], state: State) -> Iterator[str]:
    name = name_of(project, state)
    if state.name != name:
        yield f"is {state.name}, its annotations make it {name}"
    made = Counter((a["person"], purpose_of(a)) for a in state.annotations)
    yield from (f"person {person} has {n} annotations ({purpose})" for (person, purpose), n in made.items() if n > 1)
    free = state.room(wanted_by(project, state)) > 0
    public = state.listed_open or bool(state.listed_returned)
    if public != (free and not state.assigned):
        yield f"listed: {public}, has room: {free}, assigned to {state.assigned}"
    if state.record_version:
        yield from _versions(world, state)
    held = Counter(lease["person"] for lease in state.leases)
    yield from (f"person {person} holds it {n} times" for person, n in held.items() if n > 1)
    again = listing.skipped_come_again(project)
    put_off = {x["person"] for x in state.later}
    for person in state.assigned:
        done = listing.finished_by(state, person, again)
        if free and not done and person not in held and person not in put_off and person not in state.listed_for:
            yield f"person {person} has it assigned and not in their list"


def _versions(world: World, state: State) -> Iterator[str]:
    rows = {row.sk: row.body for row in every(world.records, f"TASK#{state.task}")}
    for entry in state.annotations:
        found = world.records.get_many([keys.annotation(entry["id"], n) for n in {1, entry["version"]}])
        first, newest = (found.get(keys.annotation(entry["id"], n)) for n in (1, entry["version"]))
        stored = newest.body if newest is not None else None
        if stored is None:
            yield f"version {entry['version']} of annotation {entry['id']} is not stored"
        elif (stored["completed_by"], stored["was_cancelled"]) != (entry["person"], entry["cancelled"]):
            yield f"annotation {entry['id']} and its entry differ"
        if first is None or first.body["task"] != state.task:
            yield f"annotation {entry['id']} has no first version, which says where it is"
        if entry["at"]:
            done = world.records.get(*keys.finished(entry["person"], state.project, entry["at"], state.task))
            if done is None or done.body["annotation"] != entry["id"]:
                yield f"annotation {entry['id']} is not in the list of person {entry['person']}"
    consensus = rows.get(keys.consensus(state.task)[1])
    back = sent_back(state)
    counting = {(a["id"], a["version"]) for a in state.labels() if not a["cancelled"] and a is not back}
    made_from = {(m["annotation"], m["version"]) for m in consensus["made_from"]} if consensus else set()
    if len(counting) >= 2 and made_from != counting:
        yield f"its consensus is made from {sorted(made_from)}, there are {sorted(counting)}"
    if len(counting) < 2 and consensus is not None:
        yield "it has a consensus of fewer than two"


def _indexes(world: World, project_id: int, states: list[State]) -> Iterator[str]:
    """Rows that should be there and rows that are, of every index; a row too many sends people to a wrong place."""
    should: dict[str, set[Key]] = {name: set() for name in ("open", "returned", "leases", "states", "review")}
    lanes = {state.lane for state in states} | {""}
    for state in states:
        if state.listed_open:
            should["open"].add(keys.open_task(project_id, state.inner, state.lane, state.position))
        if state.listed_returned:
            should["returned"].add((keys.returned_index(project_id, state.lane), state.listed_returned))
        for lease in state.leases:
            should["leases"].add(keys.lease(project_id, lease["expires"], state.task, lease["person"]))
        if state.name != "new":
            should["states"].add(keys.in_state(project_id, state.name, state.inner))
        if state.review.get("state") == "wanted":
            should["review"].add((keys.review_shard(project_id, state.task), state.listed_review))
    shards = range(keys.SHARDS + 1)
    partitions = {
        "open": [keys.open_index(project_id, lane, shard) for lane in lanes for shard in shards],
        "returned": [keys.returned_index(project_id, lane) for lane in lanes],
        "leases": [keys.lease_index(project_id, shard) for shard in range(keys.SHARDS)],
        "states": [f"TASKS#{project_id}#{name}" for name in STATES],
        "review": [keys.review_shard(project_id, shard) for shard in range(keys.SHARDS)],
    }
    for name, pks in partitions.items():
        there = {(row.pk, row.sk) for pk in pks for row in every(world.records, pk)}
        yield from (f"{name}: {key} is missing" for key in sorted(should[name] - there))
        yield from (f"{name}: {key} is too much" for key in sorted(there - should[name]))


def _counters(world: World, project_id: int, states: list[State]) -> Iterator[str]:
    counted: Counter[str] = Counter()
    rows = world.records.get_many([keys.counts(project_id, shard) for shard in range(keys.SHARDS)])
    for row in rows.values():
        counted.update(dict(row.body))
    should: Counter[str] = Counter(state.name for state in states)
    should["annotations"] = sum(state.done for state in states)
    should["skipped"] = sum(len(state.labels()) - state.done for state in states)
    should["review"] = sum(state.review.get("state") == "wanted" for state in states)
    for name in sorted({*STATES, "annotations", "skipped", "review"}):
        if counted[name] != should[name]:
            yield f"counters: {name} is {counted[name]}, there are {should[name]}"


def _people(world: World, project_id: int, states: list[State]) -> Iterator[str]:
    members = [row for row in every(world.records, f"MEMBERS#{project_id}") if row.sk.startswith("PERSON#")]
    people = {int(row.sk.partition("#")[2]) for row in members}
    people |= {a["person"] for state in states for a in state.annotations}
    own = {(person, state.task) for state in states for person in state.listed_for}
    later = {(x["person"], state.task) for state in states for x in state.later}
    tasks_of = {state.task for state in states}
    for person in sorted(people):
        count = world.records.get(*keys.work_count(project_id, person))
        done = sum(
            a["person"] == person and not a["cancelled"] and bool(a["at"]) and not a.get("discarded")
            for state in states for a in state.annotations
        )  # fmt: skip
        if (count.body.get("annotations", 0) if count else 0) != done:
            yield f"person {person}: counted {count.body if count else None}, made {done}"
        for prefix, wanted in ((keys.own_prefix(project_id), own), (keys.later_prefix(project_id), later)):
            there = {(person, row.body["task"]) for row in every(world.records, f"PERSON#{person}", prefix)}
            mine = {pair for pair in wanted if pair[0] == person}
            yield from (f"person {person}: {prefix} misses task {task}" for _, task in sorted(mine - there))
            extra = {pair for pair in there - mine if pair[1] in tasks_of}
            yield from (f"person {person}: {prefix} has task {task} too much" for _, task in sorted(extra))
