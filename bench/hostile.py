"""Configs made to hurt: how long each takes to be refused, and how much memory, each in a process of its own."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from bench.machine import ROOT, table

FIELD = '<Text name="t" value="$t"/>'
LAUGHS = "".join(f'<!ENTITY l{n} "{ten}">' for n in range(1, 10) for ten in [f"&l{n - 1};" * 10])
CONFIGS: dict[str, Callable[[], str]] = {
    "nested 100,000 deep": lambda: "<View>" * 100_000,
    "nested 65 deep, 1 MB in all": lambda: f"{'<View>' * 65}{' ' * 900_000}",
    "an attribute of 900,000 characters": lambda: f'<View>{FIELD}<Header value="{"a" * 900_000}" size="x"/></View>',
    "80,000 attributes": lambda: "<View " + " ".join(f"a{n}=''" for n in range(80_000)) + "/>",
    "190,000 references": lambda: f"<View>{FIELD}{'&amp;' * 190_000}</View",
    "240,000 unknown entities": lambda: f"<View>{FIELD}{'&no;' * 240_000}</View>",
    "a billion laughs": lambda: f'<!DOCTYPE a [<!ENTITY l0 "ha">{LAUGHS}]><View><Header value="&l9;"/></View>',
    "an outside entity": lambda: '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><View>&b;</View>',
    "200,000 end tags": lambda: "<View>" + "</a" * 200_000,
    "150,000 open quotes": lambda: "<View>" + "<a b='" * 150_000,
    "30,000 unknown tags": lambda: f"<View>{'<Lable/>' * 30_000}</View>",
    "a file of 50 MB": lambda: f"<View>{FIELD}{'<View/>' * 7_000_000}</View>",
}


def peak_mb() -> float:
    """The most memory that this process has had, MB. What ``getrusage`` says counts the process that started it too."""
    try:
        status = Path("/proc/self/status").read_text("ascii")
        return int(status.partition("VmHWM:")[2].split()[0]) * 1024 / 1e6
    except (OSError, IndexError):
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6


def one(name: str) -> dict[str, float | str]:
    """Compile the config *name* once here; time in ms and how the peak of memory grew, MB."""
    from config_compiler import compile_config

    source = CONFIGS[name]()
    compile_config(f"<View>{FIELD}</View>")
    before = peak_mb()
    begun = time.perf_counter()
    result = compile_config(source)
    taken = time.perf_counter() - begun
    grown = peak_mb() - before
    errors = [d.code for d in result.diagnostics if d.severity == "error"]
    said = "a plan" if result.plan else ", ".join(dict.fromkeys(errors))
    return {"ms": taken * 1000, "mb": grown, "said": said}


def rows() -> list[list[str]]:
    found = []
    for name in CONFIGS:
        command = [sys.executable, "-m", "bench.hostile", name]
        runs = [json.loads(subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout) for _ in range(3)]
        best = min(runs, key=lambda run: run["ms"])
        found.append([name, f"{best['ms']:.0f}", f"{best['mb']:.0f}", best["said"]])
    return found


def main() -> int:
    if len(sys.argv) > 1:
        print(json.dumps(one(sys.argv[1])))
    else:
        print(table(("hostile config", "ms", "more memory, MB", "said"), rows()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
