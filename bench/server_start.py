"""How long a server takes until it answers, the first time and later, and the memory it has at rest."""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass, field
from typing import Protocol

from bench import machine
from bench.labelkite_up import Labelkite
from bench.machine import median
from bench.processes import Process

RUNS = 5
REST_S = 4.0


@dataclass(slots=True)
class Starts:
    """Seconds to the first answered request; MB at rest. One member per run."""

    first: list[float] = field(default_factory=list)
    later: list[float] = field(default_factory=list)
    memory: list[float] = field(default_factory=list)


class Startable(Protocol):
    server: Process

    def new_server(self) -> Process: ...


def start_again(side: Startable, into: Starts) -> None:
    """The server of a folder that has been used before; ended again."""
    with side.new_server() as server:
        into.later.append(server.started)
        time.sleep(REST_S)
        into.memory.append(machine.rss_mb(server.pid))


def main() -> int:
    machine.say_header()
    starts = Starts()
    for _ in range(RUNS):
        with Labelkite() as kite:
            starts.first.append(kite.server.started)
            kite.server.stop()
            start_again(kite, starts)
    text = machine.table(
        ("start", "median", "limit"),
        [
            ["first ever, with an empty data folder", f"{median(starts.first):.2f} s", "3 s"],
            ["later", f"{median(starts.later):.2f} s", "1 s"],
            ["memory at rest", f"{median(starts.memory):.0f} MB", "120 MB"],
        ],
    )
    print(text)
    machine.keep("server_start", f"{machine.header()}\n\n{text}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
