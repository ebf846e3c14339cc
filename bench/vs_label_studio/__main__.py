"""Measure both in turn, print one table. `--runs N` for a quicker, rougher one."""

from __future__ import annotations

import argparse
import dataclasses
import json
import os
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from types import TracebackType
from typing import Protocol, Self, TypeVar

from playwright.sync_api import sync_playwright

from bench import machine, server_start, visits, workload
from bench.labelkite_up import Labelkite
from bench.vs_label_studio import api_runs, install, report
from bench.vs_label_studio.label_studio import LabelStudio
from bench.vs_label_studio.report import Measured

RUNS = 5
EXPORTS = 3
FIRST_STARTS = 3
"""Label Studio's takes half a minute."""
SUBMITS = 2
"""In each visit."""
_T = TypeVar("_T")


class AnySide(visits.Side, api_runs.ApiSide, server_start.Startable, Protocol):
    """All that is measured of a side. Entering it makes a data folder and starts the server on it."""

    name: str

    def prepare(self, kind: workload.Kind, tasks: int) -> None: ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


def in_turn(sides: tuple[_T, _T], runs: int) -> Iterator[_T]:
    """Each side once a run; who goes first alternates, so that neither always follows the other's heat."""
    for run in range(runs):
        yield from sides if run % 2 == 0 else reversed(sides)


def main() -> int:
    arguments = argparse.ArgumentParser(prog="python -m bench.vs_label_studio", description=__doc__)
    arguments.add_argument("--runs", type=int, default=RUNS, help=f"of everything that is measured (default {RUNS})")
    runs = arguments.parse_args().runs
    install.command()
    header = machine.header(Label_Studio=f"{install.VERSION}, its own server, SQLite")
    if machine.QUIET not in os.environ:
        print(header, flush=True)
    measured: dict[str, Measured] = defaultdict(Measured)
    begun = time.monotonic()

    def say(text: str) -> None:
        print(f"[{time.monotonic() - begun:4.0f} s] {text}", file=sys.stderr, flush=True)

    say("starts")
    makers: tuple[Callable[[], AnySide], Callable[[], AnySide]] = (Labelkite, LabelStudio)
    for make in in_turn(makers, min(runs, FIRST_STARTS) - 1):
        with make() as side:
            measured[side.name].starts.first.append(side.server.started)
            side.server.stop()
            _start_again(side, measured[side.name].starts)
    with ExitStack() as stack:
        sides: tuple[AnySide, AnySide] = (stack.enter_context(Labelkite()), stack.enter_context(LabelStudio()))
        for side in sides:
            starts = measured[side.name].starts
            starts.first.append(side.server.started)
            side.server.stop()
            while len(starts.later) < runs:
                server_start.start_again(side, starts)
            side.server.start()
        with sync_playwright() as play:
            for kind in workload.KINDS:
                say(f"page: {kind.name}")
                for side in sides:
                    side.prepare(kind, runs * SUBMITS + 5)
                for side in in_turn(sides, runs):
                    visits.visit(play, side, kind, measured[side.name].visits[kind.name], submits=SUBMITS)
                for side in sides:
                    measured[side.name].traffic[kind.name] = visits.traffic(play, side, kind)
        say("API")
        for side in in_turn(sides, runs):
            api_runs.run(side, measured[side.name].api)
        say("export")
        projects = {side.name: api_runs.prepare_export(side) for side in sides}
        for side in in_turn(sides, min(runs, EXPORTS)):
            api_runs.export(side, projects[side.name], measured[side.name].api)
    text = report.markdown(measured["Label Studio"], measured["Labelkite"], header)
    print("\n" + text.removeprefix(header).strip(), flush=True)
    kept = machine.keep("vs_label_studio", text)
    raw = {name: dataclasses.asdict(side) for name, side in measured.items()}
    kept.with_suffix(".json").write_text(json.dumps(raw, indent=1))
    say(f"done; kept in {kept}")
    return 0


def _start_again(side: server_start.Startable, starts: server_start.Starts) -> None:
    for _ in range(2):
        server_start.start_again(side, starts)


if __name__ == "__main__":
    sys.exit(main())
