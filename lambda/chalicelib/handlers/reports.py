"""What owners and people themselves read of the work: a person's numbers, one's own, the project's report, tables."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from typing import Any

from chalicelib import auth, keys, label_numbers, pausing, people, people_numbers, reports, settings, standing
from chalicelib.auth import Caller
from chalicelib.handlers.quality import messages_of, require_member, standing_shown
from chalicelib.http import Answer
from chalicelib.problems import refuse
from chalicelib.world import World

Json = dict[str, Any]
TABLES = ("people", "confusion")


def report(world: World, caller: Caller, project_id: int, table: str) -> Json | Answer:
    """The newest report, or one of its tables as CSV. `report` is null until the first is made."""
    project = auth.require(world, caller, project_id, "read")
    found = reports.newest(world, project)
    if not table:
        return found
    if table not in TABLES:
        raise refuse(400, "bad-parameter", f"table must be {' or '.join(TABLES)}.", where="parameter table")
    if found["report"] is None:
        raise refuse(409, "no-report", "The report is being made.", hint="Ask again in a moment.")
    rows = _people_table(found["report"]) if table == "people" else _confusion_table(found["report"])
    name = f"project-{project_id}-{table}.csv"
    headers = {"Content-Type": "text/csv; charset=utf-8", "Content-Disposition": f'attachment; filename="{name}"'}
    return Answer(_csv(rows), 200, headers)


def _people_table(report: Json) -> Iterable[list[Any]]:
    scores = ("skip_rate", "with_others", "with_consensus", "gold", "attention", "themselves")
    yield ["id", "name", "items", "skipped", "median_ms", "mean_ms", "timed"] + [
        column for name in scores for column in (name, f"{name}_n")
    ] + ["paused", "errs"]  # fmt: skip
    for row in report["people"]:
        time = row["time"]
        yield [
            row["id"], row["name"], row["items"], row["skipped"], time["median_ms"], time["mean_ms"], time["n"],
            *(value for name in scores for value in (row[name]["value"], row[name]["n"])),
            bool(row["paused"]), " ".join(row["errs"]),
        ]  # fmt: skip


def _confusion_table(report: Json) -> Iterable[list[Any]]:
    """Of each person what they said where what is right, and of all together (person empty) pairs of two people."""
    yield ["control", "person", "name", "right", "said", "n", "judged_by"]
    for control in report["agreement"]:
        for row in control["confusion"]:
            yield [control["control"], "", "", row["a"], row["b"], row["n"], "two people"]
    for person in report["people"]:
        for control in person["labels"]:
            for row in control["confusion"]:
                yield [
                    control["control"], person["id"], person["name"], row["right"], row["said"], row["n"],
                    control["judged_by"],
                ]  # fmt: skip


def _csv(rows: Iterable[list[Any]]) -> str:
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
