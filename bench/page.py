"""Link to usable and submit to next usable: real Chromium on a real `labelkite up`, three kinds of project."""

from __future__ import annotations

import sys

from playwright.sync_api import sync_playwright

from bench import machine, visits, workload
from bench.labelkite_up import Labelkite
from bench.machine import median, percentile

RUNS = 5
SUBMITS = 4
COLUMNS = (
    "project", "usable cold, ms", "warm, ms", "Python ready cold, ms", "warm, ms", "blocked cold, ms",
    "KB before usable", "requests", "KB in all", "submit to next: median, ms", "p95, ms",
)  # fmt: skip


def row(kind: workload.Kind, runs: visits.Visits, traffic: visits.Traffic) -> list[str]:
    return [
        kind.name,
        f"{median([run.usable for run in runs.cold]):.0f}",
        f"{median([run.usable for run in runs.warm]):.0f}",
        f"{median([run.python or 0 for run in runs.cold]):.0f}",
        f"{median([run.python or 0 for run in runs.warm]):.0f}",
        f"{median([run.blocked for run in runs.cold]):.0f}",
        f"{traffic.bytes_usable / 1000:.0f}",
        f"{traffic.requests_usable}",
        f"{traffic.bytes_all / 1000:.0f}",
        f"{median(runs.submits):.0f}",
        f"{percentile(runs.submits, 95):.0f}",
    ]


def main() -> int:
    machine.say_header()
    rows = []
    with Labelkite() as kite, sync_playwright() as play:
        for kind in workload.KINDS:
            kite.prepare(kind, RUNS * SUBMITS + 5)
            runs = visits.Visits()
            for _ in range(RUNS):
                visits.visit(play, kite, kind, runs, submits=SUBMITS)
            cold, _ = visits.traffic(play, kite, kind)
            if cold.outside:
                raise RuntimeError(f"The page asked for hosts outside: {', '.join(cold.outside)}")
            rows.append(row(kind, runs, cold))
    text = machine.table(COLUMNS, rows)
    print(text)
    machine.keep("page", f"{machine.header()}\n\n{text}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
