"""A crowd of people with known error rates on each store, whose server is killed: figures, and whether all is right.

python -m bench crowd [--people 50] [--tasks 5000] [--kills 5] [--store embedded|aws|both]
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from bench.machine import say_header
from labelkite import locations

locations.use_lambda()

from tests.aws import Ministack  # noqa: E402
from tests.crowd.scene import Outcome, Size, environment_of, perform  # noqa: E402


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m bench crowd", description=__doc__)
    parser.add_argument("--people", type=int, default=50)
    parser.add_argument("--tasks", type=int, default=5000)
    parser.add_argument("--kills", type=int, default=5)
    parser.add_argument("--store", choices=("embedded", "aws", "both"), default="both")
    asked = parser.parse_args(arguments)
    size = Size(asked.people, asked.tasks, asked.kills)
    say_header()
    print(f"{size.people} people, {size.tasks} tasks, overlap {size.overlap} (+{size.ask} where they disagree)\n")
    with tempfile.TemporaryDirectory() as folder:
        if asked.store != "aws":
            show("embedded", perform(Path(folder) / "data", size))
        if asked.store != "embedded":
            with Ministack(Path(folder) / "ministack") as aws:
                show("AWS (emulated)", perform(Path(folder) / "aws", size, environment_of(aws)))


def show(store: str, outcome: Outcome) -> None:
    rows = {
        "seconds": f"{outcome.seconds:.0f}",
        "annotations acknowledged": f"{outcome.acknowledged:,} ({outcome.acknowledged / outcome.seconds:.0f} a second)",
        "kills of the server, requests sent again": f"{outcome.kills}, {outcome.retries:,}",
        "consensus right": f"{outcome.consensus_right:.2%}",
        "best person right": f"{outcome.people_right[outcome.best]:.2%} ({outcome.best})",
        "paused": ", ".join(outcome.paused) or "nobody",
        "progress": ", ".join(f"{name} {n:,}" for name, n in outcome.progress.items()),
        "who errs on what": "; ".join(outcome.sentences) or "nothing is said",
        "wrong": "; ".join(outcome.faults) or "nothing: each task has its answers, none is lost, counters are exact",
    }
    print(f"| {store} | |\n|---|---|")
    for name, value in rows.items():
        print(f"| {name} | {value} |")
    print()


if __name__ == "__main__":
    main()
