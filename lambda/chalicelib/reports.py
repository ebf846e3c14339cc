"""
The report of a project: a job reads every task once, stretch by stretch, and puts the tallies together at the end.

Each stretch leaves its tally as an object, so that the memory of a step does not grow with the project and a job that
was cut off goes on where it stopped. The whole report is an object too; a record names the newest one.
"""

from __future__ import annotations

import contextlib
import json
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

from chalicelib import configs, jobs, keys, label_numbers, people, people_numbers, settings, standing, tally
from chalicelib.configs import Config
from chalicelib.handlers.projects import progress
from chalicelib.http import JSON_TYPE, to_json
from chalicelib.jobs import FINAL, Work
from chalicelib.label_numbers import number
from chalicelib.standing import Standing
from chalicelib.storage.ports import Conflict, NotFound, Put
from chalicelib.tally import Tally
from chalicelib.times import iso
from chalicelib.world import World

if TYPE_CHECKING:
    from labeling.consensus.reliability import Level, Votes

JOB: Final = "report"
CHUNKS = 100
"""Rows of the list of tasks in one step."""
FRESH_S = 60
OLD_S = 3600
"""After so long a report is made again even if no counter has moved: corrections move none."""
STUCK_S = 600
PACE_DAYS = 7
SHOWN_DAYS = 90
LEVELS: Final[dict[str, Level]] = {"rating": "ordinal", "number": "interval"}
LEAST_KNOWN = 10
"""From so many answers to known tasks on, errors there are named rather than those against the others."""
KNOWN = "tasks with a known answer"
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
        job = jobs.start(world, JOB, project["id"], 0, unit="tasks")
        row |= {"job": job["id"], "begun_at": now, "stamp": stamp}
        with contextlib.suppress(Conflict):  # somebody else has begun one
            world.records.transact([Put(*keys.report(project["id"]), row, expect=record.version if record else 0)])
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
    return found


def _runs(world: World, row: Json) -> bool:
    record = world.records.get(*keys.job(row["job"])) if row.get("job") else None
    return record is not None and record.body["state"] not in FINAL


def fingerprint(world: World, project: Project) -> str:
    """Changes with every submit, skip, deletion, decision and import, and with the settings."""
    return to_json([progress(world, project["id"]), project["updated_at"]])


def person_in(report: Json | None, person: int) -> Json | None:
    """What the newest report says of one person."""
    return next((row for row in report["people"] if row["id"] == person), None) if report else None


# The job


def step(work: Work) -> bool:
    """Tally one stretch of tasks; after the last, put the report together."""
    world = work.world
    project = world.records.get(*keys.project(work.project))
    if project is None or project.body.get("deleted_at"):
        return True
    cursor = work.cursor
    stretch = int(cursor.get("stretches", 0))
    if cursor.get("read"):
        _finish(work, project.body, stretch)
        return True
    config = configs.load(world, work.project, project.body["config_version"])
    page = world.records.query(f"TASKS#{work.project}", after=cursor.get("after"), limit=CHUNKS)
    ids = [id_ for chunk in page.records for id_ in chunk.body["tasks"]]
    found = tally.of_tasks(world, project.body, config, ids)
    body = to_json(found.body()).encode()
    world.objects.put(_part(work, stretch), body, content_type=JSON_TYPE)
    after = page.records[-1].sk if page.records else cursor.get("after")
    done = work.body["progress"]["done"] + len(ids)
    work.save({"after": after, "stretches": stretch + 1, "read": page.cursor is None}, done=done)
    return False


def _part(work: Work, stretch: int) -> str:
    return f"reports/{work.project}/{work.id}/{stretch:06d}.json"


def _finish(work: Work, project: Project, stretches: int) -> None:
    world = work.world
    config = configs.load(world, project["id"], project["config_version"])
    whole = tally.added(json.loads(world.objects.get(_part(work, n))) for n in range(stretches))
    key = f"reports/{project['id']}/{work.id}.json"
    report = made(world, project, config, whole)
    world.objects.put(key, to_json(report).encode(), content_type=JSON_TYPE)
    for _ in range(10):
        record = world.records.get(*keys.report(project["id"]))
        row = dict(record.body) if record else {"job": work.id, "begun_at": world.clock(), "stamp": ""}
        old = str(row.get("object") or "")
        row["object"] = key
        try:
            world.records.transact([Put(*keys.report(project["id"]), row, expect=record.version if record else 0)])
        except Conflict:
            continue
        if old and old != key:
            world.objects.delete(old)
        break
    for n in range(stretches):
        world.objects.delete(_part(work, n))


def made(world: World, project: Project, config: Config, whole: Tally) -> Json:
    """The report of a tally."""
    own = standing.of_everybody(world, project["id"])
    days = _days(world, project["id"])
    numbers = _Labels(config, whole)
    ids = {int(key) for counts in (whole.items, whole.skipped) for key in counts} | own.keys()
    agreements, none = people_numbers.agreements(whole), people_numbers.NO_AGREEMENT
    named = {id_: row["name"] for id_, row in people.named(world, ids).items()}
    return {
        "made_at": iso(world.clock()),
        "project": project["id"],
        "progress": {**progress(world, project["id"]), "tasks": whole.states, "gold": whole.gold},
        "throughput": _throughput(days),
        "forecast": forecast(whole.missing, days, people_numbers.today(world)),
        "agreement": [_control(control, whole, numbers) for control in config.plan["controls"]],
        "people": [_person(id_, named, whole, own.get(id_), agreements.get(id_, none), numbers) for id_ in sorted(ids)],
        "quality": settings.of(project, "quality"),
    }


# Throughput and forecast


def _days(world: World, project_id: int) -> dict[str, Counter[str]]:
    """Counts of all people by day; `people` counts them."""
    days: dict[str, Counter[str]] = {}
    after = None
    while True:
        page = world.records.query(keys.day_counts(project_id), after=after, limit=1000)
        for row in page.records:
            counts = days.setdefault(row.sk.partition("#")[2], Counter())
            counts.update(dict(row.body))
            counts["people"] += 1
        if page.cursor is None:
            return dict(sorted(days.items()))
        after = page.cursor


def _throughput(days: Mapping[str, Counter[str]]) -> list[Json]:
    return [
        {"day": day, "items": counts["n"], "skipped": counts["skipped"], "people": counts["people"]}
        for day, counts in list(days.items())[-SHOWN_DAYS:]
    ]


def forecast(missing: int, days: Mapping[str, Mapping[str, int]], today: str) -> Json:
    """
    When the tasks that are there now have all their annotations, at the pace of the last days.

    Args:
        missing: annotations that are still to be made. days: counts by day; `labels` are annotations that count.
        today: such as 2026-11-22.
    """
    formula = f"days = missing / pace; pace = annotations of the last {PACE_DAYS} days (or since the first) / days"
    now = date.fromisoformat(today)
    first = min((date.fromisoformat(day) for day in days), default=now)
    over = max(1, min(PACE_DAYS, (now - first).days + 1))
    since = now - timedelta(days=over - 1)
    n = sum(counts.get("labels", 0) for day, counts in days.items() if since <= date.fromisoformat(day) <= now)
    pace = n / over
    said: Json = {"missing": missing, "pace_per_day": number(pace if n else None, n, "nothing was labeled lately")}
    said |= {"over_days": over, "formula": formula, "days": None, "date": None}
    if missing == 0:
        return said | {"days": 0, "date": today}
    if not n:
        return said | {"reason": f"nothing was labeled in the last {over} days"}
    needed = missing / pace
    if needed > 36_500:
        return said | {"days": needed, "reason": "more than a hundred years at this pace"}
    return said | {"days": needed, "date": (now + timedelta(days=math.ceil(needed))).isoformat()}


# Labels


Counts = Counter[tuple[str, str]]


class _Labels:
    """Of each control with labels, by person: what they said where what is right, and how the model sees them."""

    def __init__(self, config: Config, whole: Tally) -> None:
        from labeling.consensus.reliability import confusion

        self.votes: dict[str, Votes] = {}
        self.model: dict[str, dict[int, Json]] = {}
        self.others: dict[str, dict[int, Counts]] = {}
        self.known: dict[str, dict[int, Counts]] = {}
        self.pairs: dict[str, Counts] = {}
        for control in (c["name"] for c in config.plan["controls"]):
            names = list(whole.labels.get(control, ()))
            votes = label_numbers.shared_votes(whole.units.get(control, []), names)
            self.pairs[control] = _counts(whole.between.get(control, {}))
            if votes.tasks:
                right, self.model[control] = label_numbers.confirmed(votes)
                self.votes[control] = votes
                self.others[control] = {person: Counter(said) for person, said in confusion(votes, right).items()}
            elif control in whole.said:
                self.others[control] = {int(person): _counts(said) for person, said in whole.said[control].items()}
            if control in whole.known:
                self.known[control] = {
                    int(person): Counter({_pair(key, names): n for key, n in counts.items()})
                    for person, counts in whole.known[control].items()
                }

    def controls_of(self, person: int) -> list[str]:
        return [
            name for name in self.pairs if person in self.others.get(name, {}) or person in self.known.get(name, {})
        ]


def _counts(rows: Mapping[str, Mapping[str, int]]) -> Counts:
    return Counter({(a, b): n for a, row in rows.items() for b, n in row.items()})


def _pair(key: str, names: Sequence[str]) -> tuple[str, str]:
    right, said = key.split(",")
    return names[int(right)], names[int(said)]


def _control(control: Mapping[str, Any], whole: Tally, numbers: _Labels) -> Json:
    """Agreement on one control; coefficients where answers are one of a few values, labels where there are any."""
    name = control["name"]
    n, ppm = whole.agreement.get(name, (0, 0))
    pairs, votes = numbers.pairs[name], numbers.votes.get(name)
    labels = sorted({label for pair in pairs for label in pair if label})
    said: Json = {
        "control": name,
        "type": control["type"],
        "agreement": number(ppm / (n * tally.PPM) if n else None, n, "no task has two answers that can be compared"),
        "coefficients": None,
        "labels": label_numbers.by_label(pairs, labels),
        "confusion": [
            {"a": a, "b": b, "n": many} for (a, b), many in sorted(pairs.items(), key=lambda item: (-item[1], item[0]))
        ],
    }
    if votes is None:
        return said | {"reason": "no two answers to the same thing are one label each, which coefficients need"}
    return said | {"coefficients": label_numbers.coefficients(votes, LEVELS.get(control["type"], "nominal"))}


# People


def _person(
    id_: int, named: Mapping[int, str], whole: Tally, own: Standing | None, agreements: Json, numbers: _Labels
) -> Json:
    mine = own or Standing(id_, 0)
    controls = [_errors(id_, named[id_], control, numbers) for control in numbers.controls_of(id_)]
    return {
        "id": id_,
        "name": named[id_],
        **people_numbers.work(whole, id_),
        **agreements,
        "with_each": [{**row, "name": named.get(row["person"], "")} for row in agreements["with_each"]],
        **people_numbers.on_known_answers(mine),
        "paused": mine.paused,
        "discarded": mine.discarded or None,
        "labels": controls,
        "errs": [said for control in controls if (said := control["says"])],
    }


def _errors(id_: int, name: str, control: str, numbers: _Labels) -> Json:
    """On one control: against known answers where there are enough, else against what all the others make likely."""
    known: Counts = numbers.known.get(control, {}).get(id_, Counter())
    counts: Counts = numbers.others.get(control, {}).get(id_, Counter())
    judge = "what all answers together say" if control in numbers.votes else "the merged answers"
    mixed = label_numbers.mixed_up(counts)
    if not counts and known:
        counts, judge, mixed = known, KNOWN, label_numbers.mixed_up(known)
    if known.total() >= LEAST_KNOWN and (by_known := label_numbers.mixed_up(known))["pair"]:
        counts, judge, mixed = known, KNOWN, by_known
    right = sum(many for (a, b), many in counts.items() if a == b)
    n = counts.total()
    return {
        "control": control,
        "judged_by": judge,
        "right": number(right / n if n else None, n, "none of their answers can be judged yet"),
        "confusion": [{"right": a, "said": b, "n": many} for (a, b), many in sorted(counts.items()) if many],
        "dawid_skene": numbers.model.get(control, {}).get(id_),
        "mixed_up": mixed,
        "says": label_numbers.sentence(name, control, mixed, judge),
    }
