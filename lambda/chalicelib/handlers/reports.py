"""What owners and people themselves read of the work: a person's numbers, one's own, the project's report, tables."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from chalicelib import (
    auth,
    keys,
    label_numbers,
    pausing,
    people,
    people_numbers,
    report_tables,
    reports,
    settings,
    standing,
    workload,
)
from chalicelib.auth import Caller
from chalicelib.handlers.quality import messages_of, require_member, standing_shown
from chalicelib.http import Answer
from chalicelib.problems import refuse
from chalicelib.report_tables import Table
from chalicelib.world import World

Json = dict[str, Any]
ALL = "all"
"""In place of a table's name: every table, in an archive."""


def report(world: World, caller: Caller, project_id: int, table: str, tables: str = "") -> Json | Answer:
    """
    The newest report; `report` is null until the first is made. With `tables` also its tables, as charts and files have
    them, and what the work has cost; or one of these tables as CSV, or all in a zip.
    """
    seen = auth.require_access(world, caller, project_id, "read")
    found = reports.newest(world, seen.project)
    # Who may not manage sees the hours, but not what people are paid.
    rate = settings.of(seen.project, "cost") if "manage" in seen.may else settings.DEFAULTS["cost"]
    if not table:
        if not tables or found["report"] is None:
            return found
        shown = [one.body() for one in report_tables.every(found["report"], rate)]
        return {**found, "tables": shown, "cost": report_tables.costs(found["report"], rate)}
    if table not in (*report_tables.MAKERS, ALL):
        names = ", ".join(report_tables.MAKERS)
        raise refuse(400, "bad-parameter", f"table must be one of {names}, or {ALL}.", where="parameter table")
    if found["report"] is None:
        raise refuse(409, "no-report", "The report is being made.", hint="Ask again in a moment.")
    if table == ALL:
        said = _headers(f"project-{project_id}-report.zip", "application/zip")
        return Answer(headers=said, stream=[_archive(found["report"], rate)])
    text = _csv(report_tables.table(table, found["report"], rate))
    return Answer(text, headers=_headers(f"project-{project_id}-{table}.csv", "text/csv; charset=utf-8"))


def _headers(name: str, kind: str) -> dict[str, str]:
    return {"Content-Type": kind, "Content-Disposition": f'attachment; filename="{name}"'}


def _archive(report: Json, rate: Json) -> bytes:
    """A file for each table; `tables.csv` says what they are and how they are computed."""
    out = io.BytesIO()
    at = datetime.fromisoformat(report["made_at"]).timetuple()[:6]
    about = [["file", "title", "how it is computed"]]
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for table in report_tables.every(report, rate):
            archive.writestr(zipfile.ZipInfo(f"{table.id}.csv", at), _csv(table), zipfile.ZIP_DEFLATED)
            about.append([f"{table.id}.csv", table.title, table.how])
        archive.writestr(zipfile.ZipInfo("tables.csv", at), _lines(about), zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _csv(table: Table) -> str:
    return _lines([[column.name for column in table.columns], *table.rows])


def _lines(rows: Iterable[Sequence[Any]]) -> str:
    """A text that a spreadsheet would take for a formula gets an apostrophe before it."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    for row in rows:
        writer.writerow([f"'{v}" if isinstance(v, str) and v[:1] in ("=", "+", "-", "@", "\t") else v for v in row])
    return out.getvalue()


def person(world: World, caller: Caller, project_id: int, person_id: int) -> Json:
    """
    One person's numbers: what is counted at once (days, known answers), and what the newest report says of them.
    """
    project = require_member(world, caller, project_id, person_id)
    own = standing.of(world, project_id, person_id)
    if own.busy and not own.job:
        pausing.carry_out(world, project, own)
    found = reports.newest(world, project)
    name = people.named(world, [person_id])[person_id]["name"]
    return {
        "id": person_id,
        "name": name,
        "standing": standing_shown(world, own),
        "days": people_numbers.days_of(world, project_id, person_id),
        "messages": messages_of(world, project_id, person_id),
        "report": reports.person_in(found["report"], person_id),
        "report_made_at": found["made_at"],
        "job": found["job"],
        **workload.of(world, project_id, [person_id])[person_id],
    }


def me(world: World, caller: Caller, project_id: int) -> Json:
    """
    One's own numbers and messages. Nothing here moves with a task that has a known answer: it would tell which one that
    was.
    """
    project = auth.require(world, caller, project_id, "label")
    own = standing.of(world, project_id, caller.person)
    days = people_numbers.days_of(world, project_id, caller.person)
    made = world.records.get(*keys.work_count(project_id, caller.person))
    handed = sum(day["items"] + day["skipped"] for day in days)
    skipped = sum(day["skipped"] for day in days)
    row = world.records.get(*keys.report(project_id))
    mine = reports.person_in(reports.stored(world, row.body), caller.person) if row else None
    warm_up = settings.of(project, "quality")["warm_up"]
    none = label_numbers.number(None, 0, "no report has been made yet")
    return {
        "id": caller.person,
        "name": caller.name,
        "annotations": made.body.get("annotations", 0) if made else 0,
        "items": sum(day["items"] for day in days),
        "skipped": skipped,
        "skip_rate": label_numbers.number(skipped / handed if handed else None, handed, "nothing submitted yet"),
        "days": [{name: value for name, value in day.items() if name != "gold"} for day in days],
        "time": mine["time"] if mine else {"median_ms": None, "mean_ms": None, "n": 0, "reason": none["reason"]},
        "with_others": mine["with_others"] if mine else none,
        "with_consensus": mine["with_consensus"] if mine else none,
        "warm_up": {**people_numbers.scored(own.warm_up, "no warm-up"), "of": warm_up},
        "paused": bool(own.paused),
        "messages": messages_of(world, project_id, caller.person),
    }
