"""The table: what, Label Studio, Labelkite, ratio, goal, met?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from bench import machine, workload
from bench.machine import median
from bench.server_start import Starts
from bench.visits import Load, Traffic, Visits
from bench.vs_label_studio import install
from bench.vs_label_studio.api_runs import IMPORTED, ApiRuns

COLUMNS = ("what", "Label Studio", "Labelkite", "ratio", "goal", "met?")
_NAMES = {"image": "image boxes", "text": "text spans", "choices": "choices"}


@dataclass(slots=True)
class Measured:
    """Everything of one side."""

    starts: Starts = field(default_factory=Starts)
    visits: dict[str, Visits] = field(default_factory=lambda: {kind.name: Visits() for kind in workload.KINDS})
    traffic: dict[str, tuple[Traffic, Traffic]] = field(default_factory=dict)
    api: ApiRuns = field(default_factory=ApiRuns)


@dataclass(frozen=True, slots=True)
class Goal:
    """One of: at most so many times Label Studio's figure, at most, at least."""

    times: float | None = None
    most: float | None = None
    least: float | None = None

    def text(self, show: Callable[[float], str]) -> str:
        if self.times is not None:
            return f"{self.times:g} x"
        if self.most is not None:
            return f"at most {show(self.most)}"
        return f"at least {show(self.least)}" if self.least is not None else "–"

    def met(self, theirs: float, ours: float) -> str:
        if self.times is not None:
            return _yes(ours <= self.times * theirs)
        if self.most is not None:
            return _yes(ours <= self.most)
        return _yes(ours >= self.least) if self.least is not None else "–"


NO_GOAL = Goal()


def rows(theirs: Measured, ours: Measured) -> list[list[str]]:
    """Cells of the table; a ratio is Labelkite divided by Label Studio."""
    found: list[list[str]] = []
    for kind in workload.KINDS:
        found += _page_rows(kind.name, theirs, ours)
    found += _api_rows(theirs.api, ours.api)
    found += [
        _row("server start, first ever", median(theirs.starts.first), median(ours.starts.first), _s, Goal(most=3)),
        _row("server start, later", median(theirs.starts.later), median(ours.starts.later), _s, Goal(most=1)),
        _row("server memory at rest", median(theirs.starts.memory), median(ours.starts.memory), _mb, Goal(most=120)),
        _row("server memory after the API runs", theirs.api.memory[-1], ours.api.memory[-1], _mb, NO_GOAL),
    ]
    return found


def notes(theirs: Measured, ours: Measured) -> list[str]:
    """What the table leaves out: how many runs, and requests that failed."""
    said = [
        f"Label Studio is version {install.VERSION}; a ratio is Labelkite divided by Label Studio.",
        f"Runs: {len(ours.visits['image'].cold)} openings, {len(ours.visits['image'].submits)} submits of each kind, "
        f"{len(ours.api.imports)} of each API row, {len(ours.api.exports)} exports, {len(ours.starts.first)} first and "
        f"{len(ours.starts.later)} later starts, on each side.",
    ]
    for name, side in (("Label Studio", theirs), ("Labelkite", ours)):
        done = sum(1 for _ in side.api.failed)
        if done:
            said.append(
                f"{name} answered {done} API requests with an error ({side.api.failed[0][:3]}); they count in no rate."
            )
        outside = sorted({host for cold, warm in side.traffic.values() for host in (*cold.outside, *warm.outside)})
        if outside:
            said.append(f"{name}'s page asked for hosts outside this machine (refused): {', '.join(outside)}.")
    return said


def _page_rows(kind: str, theirs: Measured, ours: Measured) -> list[list[str]]:
    name = _NAMES[kind]
    them, us = theirs.visits[kind], ours.visits[kind]
    (their_cold, their_warm), (our_cold, our_warm) = theirs.traffic[kind], ours.traffic[kind]
    python_cold, python_warm = ([load.python or 0.0 for load in loads] for loads in (us.cold, us.warm))
    return [
        _row(f"{name}: link to usable, cold", _usable(them.cold), _usable(us.cold), _ms, Goal(times=0.25)),
        _row(f"{name}: link to usable, warm", _usable(them.warm), _usable(us.warm), _ms, Goal(times=0.1)),
        _row(
            f"{name}: Python ready, cold (theirs: usable)",
            _usable(them.cold),
            median(python_cold),
            _ms,
            Goal(times=0.5),
        ),
        _row(
            f"{name}: Python ready, warm (theirs: usable)",
            _usable(them.warm),
            median(python_warm),
            _ms,
            Goal(times=0.2),
        ),
        _row(f"{name}: blocked before usable, cold", _blocked(them.cold), _blocked(us.cold), _ms, NO_GOAL),
        _row(
            f"{name}: bytes before usable, cold",
            their_cold.bytes_usable / 1e6,
            our_cold.bytes_usable / 1e6,
            _size,
            Goal(most=0.4),
        ),
        _row(f"{name}: bytes in all, cold", their_cold.bytes_all / 1e6, our_cold.bytes_all / 1e6, _size, NO_GOAL),
        _row(f"{name}: bytes in all, warm", their_warm.bytes_all / 1e6, our_warm.bytes_all / 1e6, _size, NO_GOAL),
        _row(
            f"{name}: requests before usable, cold",
            their_cold.requests_usable,
            our_cold.requests_usable,
            _count,
            NO_GOAL,
        ),
        _row(f"{name}: submit to next usable", median(them.submits), median(us.submits), _ms, Goal(most=50)),
    ]


def _api_rows(them: ApiRuns, us: ApiRuns) -> list[list[str]]:
    found = []
    for clients in us.submit_rate:
        who = f"{clients} client{'s' if clients > 1 else ''}"
        found += [
            _row(
                f"submit by API, {who}",
                median(them.submit_rate[clients]),
                median(us.submit_rate[clients]),
                _rate,
                Goal(least=1000),
            ),
            _row(
                f"submit by API, {who}: median wait",
                median(them.submit_p50[clients]),
                median(us.submit_p50[clients]),
                _wait,
                NO_GOAL,
            ),
        ]
    for clients in us.next_rate:
        who = f"{clients} client{'s' if clients > 1 else ''}"
        found += [
            _row(
                f"next task by API, {who}",
                median(them.next_rate[clients]),
                median(us.next_rate[clients]),
                _rate,
                Goal(least=3000),
            ),
            _row(
                f"next task by API, {who}: p95 wait",
                median(them.next_p95[clients]),
                median(us.next_p95[clients]),
                _wait,
                Goal(most=20),
            ),
        ]
    their_import, our_import = (median([IMPORTED / seconds for seconds in side.imports]) for side in (them, us))
    return [
        *found,
        _row(
            f"import of {IMPORTED:,} text tasks by API, tasks",
            their_import,
            our_import,
            _rate,
            Goal(least=1_000_000 / 60),
        ),
        _row("export as JSON, annotated tasks", median(them.exports), median(us.exports), _rate, Goal(least=20_000)),
    ]


def _row(what: str, theirs: float, ours: float, show: Callable[[float], str], goal: Goal) -> list[str]:
    ratio = ours / theirs if theirs else 0.0
    return [what, show(theirs), show(ours), _ratio(ratio) if theirs else "–", goal.text(show), goal.met(theirs, ours)]


def _usable(loads: Sequence[Load]) -> float:
    return median([load.usable for load in loads])


def _blocked(loads: Sequence[Load]) -> float:
    return median([load.blocked for load in loads])


def _ratio(ratio: float) -> str:
    return f"{ratio:,.0f}" if ratio >= 10 else f"{ratio:.1f}" if ratio >= 2 else f"{ratio:.2f}"


def _ms(value: float) -> str:
    return f"{value:,.0f} ms"


def _wait(value: float) -> str:
    return f"{value:,.1f} ms" if value < 100 else f"{value:,.0f} ms"


def _s(value: float) -> str:
    return f"{value:.2f} s" if value < 10 else f"{value:.0f} s"


def _mb(value: float) -> str:
    return f"{value:.0f} MB"


def _size(value: float) -> str:
    return f"{value:.2f} MB"


def _count(value: float) -> str:
    return f"{value:.0f}"


def _rate(value: float) -> str:
    return f"{value:,.0f} a second" if value >= 100 else f"{value:.1f} a second"


def _yes(met: bool) -> str:
    return "yes" if met else "no"


def markdown(theirs: Measured, ours: Measured, header: str) -> str:
    """The whole report: header, table, notes."""
    lines = [header, "", machine.table(COLUMNS, rows(theirs, ours)), "", *notes(theirs, ours)]
    return "\n".join(lines)
