"""
The report of a project: a job tallies its tasks, stretch by stretch, and puts the tallies together at the end.

Each stretch of the list of tasks leaves its tally as an object. The next report reads only the stretches again in which
a task has changed since (the log of changes says which), and those that are new: what it costs follows the work that
was done, not the size of the project. The memory of a step does not grow with it either, and a job that was cut off
goes on where it stopped. The whole report is an object too; a record names the newest one.
"""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Mapping
from typing import Any, Final

from chalicelib import configs, jobs, keys, report_made, table_changes, tally
from chalicelib.handlers.projects import progress
from chalicelib.http import JSON_TYPE, to_json
from chalicelib.jobs import FINAL, Work
from chalicelib.storage.ports import Conflict, NotFound, Put
from chalicelib.world import World

JOB: Final = "report"
CHUNKS = 100
"""Rows of the list of tasks in one step."""
FRESH_S = 60
OLD_S = 3600
"""After so long a report is made again even if no counter has moved: corrections move none."""
STUCK_S = 600
FORM = 3
"""Of the tallies: those of another form are not read."""
KEPT_MS = (table_changes.KEPT_S - 24 * 3600) * 1000
"""The log of changes forgets; tallies that are older are made anew."""
RULES = ("config_version", "maximum_annotations", "agreement_threshold", "queue", "consensus", "quality")
"""Members of a project that tallies depend on."""
Json = dict[str, Any]
Project = Mapping[str, Any]


# The newest report


def newest(world: World, project: Project) -> Json:
    """`{"report" | None, "made_at", "job"}`: the newest one; a new one is begun when it is out of date."""
    record = world.records.get(*keys.report(project["id"]))
    row = dict(record.body) if record else {}
    stamp = fingerprint(world, project)
    now = world.clock()
    age = now - row.get("begun_at", 0)
    runs = _runs(world, row) and age < STUCK_S
    if not runs and (not row.get("object") or (age > FRESH_S and row.get("stamp") != stamp) or age > OLD_S):
        place = keys.report(project["id"])
        row = jobs.begun_once(world, JOB, project["id"], place, record, row | {"begun_at": now, "stamp": stamp})
        runs = True
    found = stored(world, row)
    return {"report": found, "made_at": found["made_at"] if found else None, "job": row["job"] if runs else None}


def stored(world: World, row: Mapping[str, Any]) -> Json | None:
    """The report that the record names."""
    if not row.get("object"):
        return None
    try:
        found: Json = json.loads(world.objects.get(row["object"]))
    except NotFound:
        return None  # a newer one has just taken its place
    return found if found.get("form") == report_made.FORM else None


def _runs(world: World, row: Json) -> bool:
    record = world.records.get(*keys.job(row["job"])) if row.get("job") else None
    return record is not None and record.body["state"] not in FINAL


def fingerprint(world: World, project: Project) -> str:
    """Changes with every submit, skip, deletion, decision and import, and with the settings."""
    return to_json([report_made.FORM, progress(world, project["id"]), project["updated_at"]])


def person_in(report: Json | None, person: int) -> Json | None:
    """What the newest report says of one person."""
    return next((row for row in report["people"] if row["id"] == person), None) if report else None


# The job


def step(work: Work) -> bool:
    """Say what has to be read; tally one stretch; after the last, put the report together."""
    world = work.world
    record = world.records.get(*keys.project(work.project))
    newest = world.records.get(*keys.report(work.project))
    if record is None or record.body.get("deleted_at") or (newest is not None and newest.body["job"] > work.id):
        return True  # a younger job of the same kind: this one was thought to be stuck
    project, cursor = record.body, work.cursor
    if "until" not in cursor:
        work.save(_plan(world, project, anew=bool(cursor.get("anew"))))
        return False
    try:
        if cursor["todo"] or not cursor["read"]:
            _stretch(work, project)
            return False
        _finish(work, project)
    except NotFound:  # another report has replaced a tally meanwhile: made without what was kept
        work.save({"anew": True})
        return False
    return True


def _plan(world: World, project: Project, *, anew: bool) -> Json:
    """
    Where the job begins. `stale`: numbers of the kept stretches that are read again; `todo`: those still to read;
    `tail`: the number of the first one that is not kept, `after`: the last place in the list before it.
    """
    now = world.now_ms()
    plan: Json = {"until": now, "stale": [], "todo": [], "tail": 0, "after": None, "read": False, "kept": None}
    record = world.records.get(*keys.report(project["id"]))
    name = record.body.get("tallies") if record else None
    if anew or not name:
        return plan
    try:
        kept = json.loads(world.objects.get(name))
    except NotFound:
        return plan
    if kept["rules"] != _rules(project) or now - kept["until"] > KEPT_MS:
        return plan
    ends = [end for end, _ in kept["stretches"]]
    tail = max(0, len(ends) - 1)  # the last one may have grown
    changed = set(table_changes.every(world, project["id"], kept["until"]))
    stale = sorted({n for n in (bisect_left(ends, keys.number(inner)) for inner in changed) if n < tail})
    return plan | {"stale": stale, "todo": stale, "tail": tail, "after": ends[tail - 1] if tail else None, "kept": name}


def _rules(project: Project) -> str:
    return to_json([FORM, *(project.get(name) for name in RULES)])


def _stretch(work: Work, project: Project) -> None:
    """The tally of one stretch: the next stale one, or the next beyond those that are kept."""
    world, cursor = work.world, work.cursor
    stale = bool(cursor["todo"])
    number, after = cursor["tail"], cursor["after"]
    if stale:
        number = cursor["todo"][0]
        ends = [end for end, _ in json.loads(world.objects.get(cursor["kept"]))["stretches"]]
        after = ends[number - 1] if number else None
    page = world.records.query(f"TASKS#{work.project}", after=after, limit=CHUNKS)
    rows = [row for row in page.records if not stale or row.sk <= ends[number]]
    ids = [id_ for row in rows for id_ in row.body["tasks"]]
    config = configs.load(world, work.project, project["config_version"])
    found = tally.of_tasks(world, project, config, ids)
    body = to_json({"end": rows[-1].sk if rows else "", "tally": found.body()}).encode()
    world.objects.put(_part(work.project, number, work.id), body, content_type=JSON_TYPE)
    if stale:
        cursor["todo"] = cursor["todo"][1:]
    else:
        cursor |= {"tail": number + 1, "after": rows[-1].sk if rows else after, "read": page.cursor is None}
    work.save(cursor, done=work.body["progress"]["done"] + len(ids))


def _part(project_id: int, number: int, job: int) -> str:
    return f"reports/{project_id}/tallies/{number:06d}-{job}.json"


def _finish(work: Work, project: Project) -> None:
    world, id_, cursor = work.world, work.project, work.cursor
    kept = json.loads(world.objects.get(cursor["kept"])) if cursor["kept"] else {"stretches": []}
    stale = set(cursor["stale"])
    before = [job for _, job in kept["stretches"]]
    first_new = max(0, len(before) - 1)
    by = [before[n] if n < first_new and n not in stale else work.id for n in range(cursor["tail"])]
    ends: list[str] = []

    def parts() -> Any:
        for n, job in enumerate(by):
            part = json.loads(world.objects.get(_part(id_, n, job)))
            ends.append(part["end"])
            yield part["tally"]

    whole = tally.added(parts())
    config = configs.load(world, id_, project["config_version"])
    report = report_made.made(world, project, config, whole)
    names = {"object": f"reports/{id_}/{work.id}.json", "tallies": f"reports/{id_}/tallies/{work.id}.json"}
    world.objects.put(names["object"], to_json(report).encode(), content_type=JSON_TYPE)
    index = {"rules": _rules(project), "until": cursor["until"], "stretches": list(zip(ends, by, strict=True))}
    world.objects.put(names["tallies"], to_json(index).encode(), content_type=JSON_TYPE)
    for _ in range(10):
        record = world.records.get(*keys.report(id_))
        row = dict(record.body) if record else {"job": work.id, "begun_at": world.clock(), "stamp": ""}
        old = {name: str(row.get(name) or "") for name in names}
        row |= names
        try:
            world.records.transact([Put(*keys.report(id_), row, expect=record.version if record else 0)])
        except Conflict:
            continue
        for name, key in old.items():
            if key and key != names[name]:
                world.objects.delete(key)
        break
    _clear(world, id_, {_part(id_, n, job) for n, job in enumerate(by)} | {names["tallies"]})


def _clear(world: World, project_id: int, used: set[str]) -> None:
    """Tallies that the newest report does not have: of stretches read again, and of jobs that broke off."""
    after = None
    while True:
        found, after = world.objects.list(f"reports/{project_id}/tallies/", after=after)
        for info in found:
            if info.key not in used:
                world.objects.delete(info.key)
        if after is None:
            return
