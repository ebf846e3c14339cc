"""What an annotation costs on AWS, which partition keys would be hot, and how long the Lambda app takes to import.

Runs the whole API over HTTP on the AWS adapters against ministack and counts requests and units (aws_meter). Times of
ministack mean nothing for AWS and are not shown. The hot keys are worked out from the counts: so many annotators, each
so fast, on one project. What a key got per annotation of this run is what it would get per annotation of that one.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench import machine
from bench.aws_meter import BACKGROUND, Meter, MeteredClients
from labelkite import locations
from tests.api.people import Browser, Project, mood
from tests.aws import CREDENTIALS, REGION, Ministack

#: USD, us-east-1, on demand, written down in November 2026: check AWS's price list before relying on them.
PRICES = {
    "DynamoDB write units": 0.625e-6,
    "DynamoDB read units": 0.125e-6,
    "Lambda GB-seconds": 0.0000166667,
    "Lambda requests": 0.20e-6,
    "API Gateway requests (REST)": 3.50e-6,
    "API Gateway requests (HTTP)": 1.00e-6,
    "S3 puts": 5e-6,
    "SQS requests": 0.40e-6,
}
MOST_WRITES, MOST_READS = 1000, 3000
"""Units a second that one partition of DynamoDB gives."""
ROUND_TRIP_MS = 5
"""Assumed for one request from a Lambda to DynamoDB in its region."""
MEMORY_GB = 1.0
ANNOTATORS = 1000
PACES_S = (10, 5)
#: Keys of which there is one for each task or person: more people or tasks mean more of them, not hotter ones.
PER_TASK = re.compile(r"(TASK|ANNOTATION|DECISION)#")
PER_PERSON = re.compile(r"(PERSON|SESSION|TOKEN|ONCE|MESSAGES)#")
IMPORT_LIMIT_MS = 700
IMPORTS = 7


@dataclass
class Run:
    meter: Meter
    annotations: int
    people: int
    cpu_ms: dict[str, float]
    """Processor time of one call, this process's share of client and server together less a call of nothing."""


@contextmanager
def api(meter: Meter) -> Iterator[tuple[str, str]]:
    """The API on ministack in this process: its address and the owner's link."""
    locations.use_lambda()
    from chalicelib import setup, world
    from chalicelib.storage.aws import open_aws

    from labelkite.server import Host, Server

    with tempfile.TemporaryDirectory() as folder, Ministack(Path(folder)) as aws:
        clients = MeteredClients(REGION, aws.url, CREDENTIALS)
        clients.meter = meter
        store = open_aws(**aws.resources("bench"), clients=clients, work=True)
        with Server(Host(locations.load_app(), objects=store.objects)) as server:
            link = setup.first_start(world.use(store), server.url)
            yield server.url, link.token
        store.close()


def crowd(people: int, each: int, overlap: int) -> Run:
    """*people* label *each* tasks of a project with *overlap* annotations a task, one after the other."""
    meter, cpu = Meter(), Counter[str]()
    tasks = -(-people * each // overlap) + 10
    with api(meter) as (url, owner_link):
        owner = Browser(url)
        owner.join(owner_link, "Olga")
        project = owner.project(maximum_annotations=overlap)
        meter.label = "import"
        rows = [
            {"data": {"text": f"Text number {n}. " + "It was a bright cold day in April. " * 12}} for n in range(tasks)
        ]
        owner.call("POST", f"/api/projects/{project.id}/import", rows, status=201)
        meter["import"].calls = tasks
        meter.label = "join"
        browsers = [Browser(url) for _ in range(people)]
        for n, browser in enumerate(browsers):
            browser.join(project.invite, f"Person {n}")
        nothing = _nothing(browsers[0])
        for turn in range(each):
            for browser in browsers:
                _one(browser, project, meter, cpu, turn)
        per_call = {label: cpu[label] / meter[label].calls - nothing for label in ("next", "submit")}
    return Run(meter, people * each, people, per_call)


def _one(browser: Browser, project: Project, meter: Meter, cpu: Counter[str], turn: int) -> None:
    choices = ("Calm", "Sad")
    meter.label = "next"
    begun = time.process_time()
    envelope = browser.next(project)
    cpu["next"] += (time.process_time() - begun) * 1000
    meter["next"].calls += 1
    meter.label = "submit"
    begun = time.process_time()
    result = mood(choices[(browser.person + turn) % 2])
    browser.submit(envelope, result, key=f"{browser.person}-{turn}")
    cpu["submit"] += (time.process_time() - begun) * 1000
    meter["submit"].calls += 1


def _nothing(browser: Browser) -> float:
    """Processor milliseconds of a call that does nothing."""
    begun = time.process_time()
    for _ in range(50):
        browser.call("GET", "/api/health")
    return (time.process_time() - begun) * 1000 / 50


def say_counts(run: Run) -> str:
    rows = []
    for label in ("next", "submit", "import", BACKGROUND):
        used = run.meter[label]
        calls = used.calls or run.annotations
        requests = sum(count for name, count in used.requests.items() if name.startswith("dynamodb."))
        rows.append(
            [
                {"import": "import, per task", BACKGROUND: "in the background, per annotation"}.get(label, label),
                f"{sum(used.writes.values()) / calls:.1f}",
                f"{sum(used.reads.values()) / calls:.1f}",
                f"{used.told / calls:.1f}",
                f"{requests / calls:.1f}",
                f"{run.cpu_ms[label]:.1f}" if label in run.cpu_ms else "",
            ]
        )
    return machine.table(
        ("call", "write units", "read units", "units that ministack counts", "requests to DynamoDB", "CPU ms"), rows
    )


def say_rows(run: Run) -> str:
    """Where the write units of an annotation go."""
    rows = Counter[str]()
    for label in ("next", "submit", BACKGROUND):
        rows.update(run.meter[label].rows)
    told = [[name, f"{units / run.annotations:.1f}"] for name, units in rows.most_common()]
    return machine.table(("row", "write units per annotation"), told)


def say_costs(run: Run, gateway: str) -> tuple[str, float]:
    """The bill of one million annotations, and its sum."""
    calls, million = ("next", "submit"), 1_000_000
    everything = (*calls, BACKGROUND)
    writes = sum(sum(run.meter[label].writes.values()) for label in everything) / run.annotations
    reads = sum(sum(run.meter[label].reads.values()) for label in everything) / run.annotations
    asked = Counter[str]()
    for label in everything:
        asked.update(run.meter[label].requests)
    round_trips = sum(n for name, n in asked.items() if name.startswith("dynamodb.")) / run.annotations
    seconds = (sum(run.cpu_ms.values()) + ROUND_TRIP_MS * round_trips) / 1000
    jobs = asked["sqs.send_message"] / run.annotations
    imported = run.meter["import"]
    per_task = [sum(units.values()) / imported.calls for units in (imported.writes, imported.reads)]
    overlap = run.annotations / (imported.calls - 10)
    amounts = {
        "DynamoDB write units": writes + per_task[0] / overlap,
        "DynamoDB read units": reads + per_task[1] / overlap,
        "Lambda GB-seconds": seconds * MEMORY_GB,
        "Lambda requests": len(calls) + jobs,
        gateway: float(len(calls)),
        "S3 puts": asked["s3.put_object"] / run.annotations,
        "SQS requests": 3 * jobs,
    }
    rows, total = [], 0.0
    for name, amount in amounts.items():
        cost = amount * million * PRICES[name]
        total += cost
        rows.append([name, f"{amount:.3f}", f"{PRICES[name] * million:.3f}", f"{cost:.2f}"])
    rows.append(["all of it", "", "", f"{total:.2f}"])
    return machine.table(("of a million annotations", "per annotation", "USD per million", "USD"), rows), total


def hottest(run: Run, pace_s: float, count: int = 10) -> tuple[str, list[str]]:
    """The keys with the most units a second, and those above what a partition gives."""
    annotations_per_s = ANNOTATORS / pace_s
    kinds = ("next", "submit", BACKGROUND)
    keys = {pk for label in kinds for pk in (*run.meter[label].writes, *run.meter[label].reads)}
    found = []
    for pk in keys:
        writes, reads = (
            sum(getattr(run.meter[label], name)[pk] for label in kinds) / run.annotations * annotations_per_s
            for name in ("writes", "reads")
        )
        if PER_TASK.match(pk):  # one task gets its annotations and no more, however many people there are
            writes, reads = writes / annotations_per_s, reads / annotations_per_s
        elif PER_PERSON.match(pk):
            writes, reads = writes * run.people / ANNOTATORS, reads * run.people / ANNOTATORS
        found.append((max(writes / MOST_WRITES, reads / MOST_READS), pk, writes, reads))
    found.sort(reverse=True)
    shown, seen = [], Counter[str]()
    for share, pk, writes, reads in found:
        kind = re.sub(r"[0-9a-f]{16,}", "*", pk)
        kind = re.sub(r"\d+", "*", kind) if PER_TASK.match(pk) or PER_PERSON.match(pk) else kind
        seen[kind] += 1
        if seen[kind] == 1:
            shown.append([kind, f"{writes:.0f}", f"{reads:.0f}", f"{share:.0%}"])
    above = [pk for share, pk, _, _ in found if share > 1]
    return machine.table(("partition key", "write units/s", "read units/s", "of a partition"), shown[:count]), above


def import_ms() -> tuple[float, float, str]:
    """Median processor ms to import the Lambda app and to make the first client; the longest imports in it."""
    code = (
        "import time; begun = time.process_time(); import app; there = time.process_time(); "
        "from chalicelib.storage.aws.clients import Clients, Credentials; "
        "Clients('us-east-1', None, Credentials('a', 'b')).dynamodb; "
        "print((there - begun) * 1000, (time.process_time() - there) * 1000)"
    )
    folders = [str(locations.lambda_folder()), str(machine.ROOT / "web/py"), str(machine.ROOT)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(folders)}

    def run(*options: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, *options, "-c", code]
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=True)

    run()  # writes the .pyc files, as a deployment ships them
    times = [[float(part) for part in run().stdout.split()] for _ in range(IMPORTS)]
    rows = []
    for line in run("-X", "importtime").stderr.splitlines():
        parts = line.removeprefix("import time:").split("|")
        if len(parts) == 3 and parts[0].strip().isdigit():
            rows.append((int(parts[1]) / 1000, parts[2].strip()))
    longest = [[name, f"{ms:.0f}"] for ms, name in sorted(rows, reverse=True)[:12]]
    told = machine.table(("import, with what it imports", "ms"), longest)
    return machine.median([a for a, _ in times]), machine.median([b for _, b in times]), told


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--people", type=int, default=12)
    parser.add_argument("--each", type=int, default=10, help="annotations of each person")
    parser.add_argument("--overlap", type=int, default=2, help="annotations of each task")
    parser.add_argument("--only-import", action="store_true", help="only how long the Lambda app takes to import")
    options = parser.parse_args()
    machine.say_header()
    texts = []

    def say(text: str) -> None:
        print(text, flush=True)
        texts.append(text)

    app_ms, client_ms, longest = import_ms()
    say(
        f"Import of the Lambda app {app_ms:.0f} ms (limit {IMPORT_LIMIT_MS} ms), first client {client_ms:.0f} ms more\n"
    )
    say(longest)
    too_hot: list[str] = []
    if not options.only_import:
        run = crowd(options.people, options.each, options.overlap)
        say(
            f"\n{options.people} people, {options.each} annotations each, {options.overlap} a task, choices on a text\n"
        )
        say(say_counts(run))
        say(f"\n{say_rows(run)}")
        for gateway in ("API Gateway requests (REST)", "API Gateway requests (HTTP)"):
            costs, _ = say_costs(run, gateway)
            say(f"\n{costs}")
        for pace_s in PACES_S:
            hot, above = hottest(run, pace_s)
            say(f"\n{ANNOTATORS:,} annotators, one annotation each per {pace_s} s, one project\n\n{hot}")
            too_hot += above
        named = ", ".join(sorted(set(too_hot))) or "none"
        say(f"\nKeys above a partition's {MOST_WRITES:,} write and {MOST_READS:,} read units: {named}")
    machine.keep("aws", f"{machine.header()}\n\n" + "\n".join(texts))
    return 1 if too_hot or app_ms > IMPORT_LIMIT_MS else 0


if __name__ == "__main__":
    sys.exit(main())
