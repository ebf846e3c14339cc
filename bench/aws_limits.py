"""From counted requests to limits: with how many people which limit of an account, or of one project, is reached.

The rules are AWS's published ones (units: aws_meter; limits: the defaults of accounts in us-east-1, November 2026).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from bench import machine
from bench.aws import MOST_READS, MOST_WRITES, PER_PERSON, PER_TASK, ROUND_TRIP_MS
from bench.aws_meter import Meter, Used
from bench.aws_wire import JOBS
from labelkite.deploy import costs

EACH = ("draft", "submit", "next")
"""Calls of the page for each task."""
OPENING = ("preview", "join", "work", "settings", "me")
"""Calls of the first opening of a link, before two of `next`."""
GOAL_USD = 25
"""For a million annotations."""

PROCESSOR = 1024 / 1769
"""Of one processor, what a function of 1,024 MB gets: a whole one at 1,769 MB."""
FUNCTIONS, FUNCTIONS_NEW = 1000, 10
TABLE_WRITES, TABLE_READS = 40_000, 40_000
TABLE_WRITES_NEW, TABLE_READS_NEW = 4_000, 12_000
GATEWAY_S, GATEWAY_BURST = 10_000, 5_000
PREFIX_WRITES, PREFIX_READS = 3_500, 5_500
EDGE_S = 250_000
RUSH_S = 10
"""In which everybody opens the link, at the worst."""
ITEM_BYTES, ANSWER_BYTES = 400 * 1024, 6 * 1024 * 1024


@dataclass
class Measured:
    """What bench/aws_load.py has seen."""

    meter: Meter
    cpu_ms: Mapping[str, float]
    """Processor milliseconds of the functions for a call, on this machine."""
    biggest_answer: tuple[int, str]
    biggest_item: tuple[int, str]
    prefixes: Counter[str]
    failed: Counter[str]
    people: int
    annotations: int
    """Of the people who worked at once."""
    opened: int
    seconds: float
    statuses: Counter[str]
    progress: Mapping[str, int]


def report(measured: Measured, pace_s: float) -> str:
    """All tables as Markdown."""
    parts = [
        calls(measured),
        f"{measured.people} at once, {measured.annotations:,} annotations: {load(measured)}",
        hot(measured),
        f"With {pace_s:g} s a task, people at work at once until a limit is reached:\n\n{limits(measured, pace_s)}",
        bill(measured),
        sizes(measured),
    ]
    return "\n\n".join(parts)


def calls(measured: Measured) -> str:
    """Units of each kind of call, one after the other."""
    rows = []
    for label, used in measured.meter.used.items():
        if not used.calls or label in ("load", "load opens", "health"):
            continue
        rows.append(
            [
                label + (", per task" if label == "import" else ""),
                f"{used.calls}",
                f"{sum(used.writes.values()) / used.calls:.1f}",
                f"{sum(used.reads.values()) / used.calls:.1f}",
                f"{_asked(used, 'dynamodb') / used.calls:.1f}",
                f"{_asked(used, 's3') / used.calls:.1f}",
                f"{_asked(used, 'sqs') / used.calls:.1f}",
                f"{own_ms(measured, label):.0f}",
            ]
        )
    return machine.table(("call", "seen", "write units", "read units", "DynamoDB", "S3", "SQS", "function ms"), rows)


def _asked(used: Used, service: str) -> int:
    return sum(count for name, count in used.requests.items() if name.startswith(f"{service}."))


def own_ms(measured: Measured, label: str) -> float:
    """Milliseconds of the function for a call: its processor time at its share of a processor, and its round trips."""
    used = measured.meter.used[label]
    asked = sum(used.requests.values()) / max(1, used.calls)
    return max(1.0, measured.cpu_ms.get(label, 0)) / PROCESSOR + ROUND_TRIP_MS * asked


def per_annotation(measured: Measured) -> dict[str, float]:
    """Writes, reads, requests to SQS and S3 for an annotation among many, jobs included."""
    found = {"writes": 0.0, "reads": 0.0, "sqs": 0.0, "s3": 0.0, "jobs": 0.0}
    for label in ("load", "load" + JOBS):
        used = measured.meter[label]
        found["writes"] += sum(used.writes.values())
        found["reads"] += sum(used.reads.values())
        found["sqs"] += used.requests["sqs.send_message"] + used.requests["sqs.send_message_batch"]
        found["s3"] += _asked(used, "s3")
    return {name: amount / measured.annotations for name, amount in found.items()}


def load(measured: Measured) -> str:
    one = per_annotation(measured)
    failed = sum(n for name, n in measured.failed.items() if name.startswith("load "))
    return (
        f"{one['writes']:.1f} write and {one['reads']:.1f} read units each, {one['sqs']:.2f} messages, {one['s3']:.2f} "
        f"requests to S3; {failed / measured.annotations:.2f} requests refused because somebody else was first"
    )


def keys(measured: Measured, labels: tuple[str, ...], each: int) -> list[tuple[float, str, float, float]]:
    """Share of a partition, kind of key, write and read units for each annotation: the hottest key of each kind."""
    writes, reads = Counter[str](), Counter[str]()
    for label in labels:
        writes.update(measured.meter[label].writes)
        reads.update(measured.meter[label].reads)
    best: dict[str, tuple[float, str, float, float]] = {}
    for key in {*writes, *reads}:
        if PER_TASK.match(key) or PER_PERSON.match(key):
            continue  # more people or tasks mean more of them, not hotter ones
        kind = re.sub(r"\d+", "*", re.sub(r"[0-9a-f]{10,}", "*", key))
        share = max(writes[key] / MOST_WRITES, reads[key] / MOST_READS) / each
        best[kind] = max(best.get(kind, (0.0, "", 0.0, 0.0)), (share, kind, writes[key] / each, reads[key] / each))
    return sorted(best.values(), reverse=True)


def hot(measured: Measured, most: int = 10) -> str:
    """Keys that all of one project share."""
    one = per_annotation(measured)
    rows = [
        [kind, f"{writes:.2f}", f"{reads:.2f}", f"{writes / one['writes']:.0%}", f"{1 / share:,.0f}"]
        for share, kind, writes, reads in keys(measured, ("load", "load" + JOBS), measured.annotations)[:most]
    ]
    columns = ("hottest key of a kind", "writes per annotation", "reads", "of all writes", "annotations/s until full")
    return machine.table(columns, rows)


def limits(measured: Measured, pace_s: float) -> str:
    """Limits with the people that reach them, the nearest first."""
    one = per_annotation(measured)
    function_s = sum(own_ms(measured, label) for label in EACH) / 1000
    opening_s = (sum(own_ms(measured, label) for label in OPENING) + 2 * own_ms(measured, "next")) / 1000
    requests, opening = len(EACH), len(OPENING) + 2
    each = f"{function_s * 1000:.0f} ms an annotation"
    written, read = f"{one['writes']:.1f} an annotation", f"{one['reads']:.1f} an annotation"
    called, first = f"{requests} an annotation", f"{opening} an opening"
    found: list[tuple[float, str, float, str]] = [
        (FUNCTIONS_NEW * pace_s / function_s, "functions at once, new account", FUNCTIONS_NEW, each),
        (FUNCTIONS * pace_s / function_s, "functions at once", FUNCTIONS, each),
        (
            FUNCTIONS * RUSH_S / opening_s,
            f"functions at once: all open within {RUSH_S} s",
            FUNCTIONS,
            f"{opening_s * 1000:.0f} ms an opening",
        ),
        (TABLE_WRITES_NEW * pace_s / one["writes"], "write units/s, new table", TABLE_WRITES_NEW, written),
        (TABLE_WRITES * pace_s / one["writes"], "write units/s, table", TABLE_WRITES, written),
        (TABLE_READS_NEW * pace_s / one["reads"], "read units/s, new table", TABLE_READS_NEW, read),
        (TABLE_READS * pace_s / one["reads"], "read units/s, table", TABLE_READS, read),
        (GATEWAY_S * pace_s / requests, "requests/s, API Gateway", GATEWAY_S, called),
        (GATEWAY_BURST / 2, "burst, API Gateway: all submit in one moment", GATEWAY_BURST, "2 (submit, next)"),
        (GATEWAY_BURST / opening, "burst, API Gateway: all open in one moment", GATEWAY_BURST, first),
        (PREFIX_READS * pace_s, "S3 reads/s, one project's uploads", PREFIX_READS, "1 file a task (assumed)"),
        (EDGE_S * pace_s / requests, "requests/s, CloudFront", EDGE_S, called),
    ]
    for share, kind, writes, reads in keys(measured, ("load", "load" + JOBS), measured.annotations)[:4]:
        units = f"{writes:.2f} writes, {reads:.2f} reads an annotation"
        found.append((pace_s / share, f"**one project**: partition `{kind}`", MOST_WRITES, units))
    for share, kind, writes, reads in keys(measured, ("load opens",), measured.people)[:1]:
        units = f"{writes:.2f} writes, {reads:.2f} reads a person"
        name = f"**one project**: partition `{kind}`, all join within {RUSH_S} s"
        found.append((RUSH_S / share, name, MOST_WRITES, units))
    rows = [[name, f"{limit:,}", units, f"{people:,.0f}"] for people, name, limit, units in sorted(found)]
    return machine.table(("limit", "default", "measured", "people"), rows)


def bill(measured: Measured) -> str:
    """USD of a million annotations, two a task, by what was counted; beside it what costs.py reckons with."""
    one, imported = per_annotation(measured), measured.meter["import"]
    writes = one["writes"] + sum(imported.writes.values()) / imported.calls / 2
    reads = one["reads"] + sum(imported.reads.values()) / imported.calls / 2
    seconds = sum(own_ms(measured, label) for label in EACH) / 1000
    n = len(EACH)
    amounts = [
        ("write units", writes, costs.WRITES, costs.WRITE_UNIT),
        ("read units", reads, costs.READS, costs.READ_UNIT),
        ("requests to API Gateway", n, costs.REQUESTS, costs.GATEWAY_REQUEST),
        ("requests to functions", n, costs.REQUESTS, costs.LAMBDA_REQUEST),
        ("seconds of functions of 1 GB", seconds, costs.REQUESTS * costs.SECONDS, costs.GB_SECOND["arm64"]),
        ("requests to CloudFront", n, costs.REQUESTS, costs.EDGE_REQUEST),
    ]
    rows, sums = [], [0.0, 0.0]
    for name, counted, reckoned, price in amounts:
        usd = [counted * price * 1e6, reckoned * price * 1e6]
        sums = [a + b for a, b in zip(sums, usd, strict=True)]
        rows.append([name, f"{counted:.2f}", f"{usd[0]:.2f}", f"{reckoned:.2f}", f"{usd[1]:.2f}"])
    rows.append(["all", "", f"{sums[0]:.2f}", "", f"{sums[1]:.2f}"])
    told = machine.table(("of an annotation", "counted", "USD a million", "costs.py", "USD a million"), rows)
    return f"{told}\n\nGoal: under {GOAL_USD} USD a million."


def sizes(measured: Measured) -> str:
    item, where = measured.biggest_item
    where = re.sub(r"[0-9a-f]{10,}", "*", where)
    answer, label = measured.biggest_answer
    prefixes = ", ".join(f"{name.replace('|', ' · ')}: {n}" for name, n in measured.prefixes.most_common(6)) or "none"
    return (
        f"Biggest item: {item:,} bytes ({item / ITEM_BYTES:.1%} of what one may have), {where}. "
        f"Biggest answer: {answer:,} bytes ({answer / ANSWER_BYTES:.1%}), {label}. S3: {prefixes}."
    )
