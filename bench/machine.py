"""What a figure was taken on: machine, date, versions; and the arithmetic and tables that benchmarks share."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import shutil
import statistics
import subprocess
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from labelkite import locations

QUIET = "LABELKITE_BENCH_QUIET"
"""Set by `python -m bench`, which prints the header once for all."""
ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "bench" / "results"
_BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def header(**more: str) -> str:
    """Markdown list: date, processor, memory, system, versions; *more* adds lines, underscores as spaces."""
    facts = {
        "Date": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "Machine": f"{os.cpu_count()} cores, {_processor()}, {_memory_gb():.0f} GB",
        "System": f"{platform.platform()}, load {os.getloadavg()[0]:.1f} before",
        "Python": f"{platform.python_implementation()} {platform.python_version()}",
        "Browser": browser_version(),
        "Labelkite": locations.version(),
        **{name.replace("_", " "): text for name, text in more.items()},
    }
    return "\n".join(f"- {name}: {text}" for name, text in facts.items())


def say_header(**more: str) -> None:
    """Print the header, unless `python -m bench` has done so."""
    if QUIET not in os.environ:
        print(header(**more) + "\n", flush=True)


def browser() -> str:
    """Path of the Chromium that is installed. Raises FileNotFoundError with what to do."""
    for name in _BROWSERS:
        path = shutil.which(name)
        if path:
            return path
    raise FileNotFoundError("The page benchmarks need Chromium. Install it (on Debian: sudo apt-get install chromium).")


def browser_version() -> str:
    try:
        said = subprocess.run([browser(), "--version"], capture_output=True, text=True, timeout=30, check=False)
    except (FileNotFoundError, subprocess.TimeoutExpired):
        return "none"
    return f"{said.stdout.strip()}, Playwright {importlib.metadata.version('playwright')}"


def median(values: Sequence[float]) -> float:
    return statistics.median(values)


def percentile(values: Sequence[float], percent: float) -> float:
    """Nearest rank: the smallest value that at least *percent* of all do not exceed."""
    ordered = sorted(values)
    rank = -(-len(ordered) * percent // 100)
    return ordered[max(0, int(rank) - 1)]


def table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table, padded for terminals too; the first column left-aligned, the others right."""
    widths = [max(len(row[i]) for row in (columns, *rows)) for i in range(len(columns))]
    lines = [_line(columns, widths), "|" + "|".join(_rule(i, width) for i, width in enumerate(widths)) + "|"]
    return "\n".join([*lines, *(_line(row, widths) for row in rows)])


def keep(name: str, text: str) -> Path:
    """Write a table with its header to bench/results, which git ignores."""
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"{name}.md"
    path.write_text(text + "\n", encoding="utf-8")
    return path


def rss_mb(pid: int) -> float:
    """Resident memory of a process and all its descendants, MB (10^6 bytes)."""
    listed = subprocess.run(["ps", "-axo", "pid=,ppid=,rss="], capture_output=True, text=True, check=True).stdout
    rows = [tuple(int(cell) for cell in line.split()) for line in listed.splitlines()]
    wanted, total, grew = {pid}, 0, True
    while grew:
        more = {child for child, parent, _ in rows if parent in wanted} - wanted
        wanted |= more
        grew = bool(more)
    for child, _, kib in rows:
        total += kib if child in wanted else 0
    return total * 1024 / 1e6


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    first, *others = zip(cells, widths, strict=True)
    padded = [first[0].ljust(first[1]), *(cell.rjust(width) for cell, width in others)]
    return "| " + " | ".join(padded) + " |"


def _rule(column: int, width: int) -> str:
    return "-" * (width + 2) if column == 0 else "-" * (width + 1) + ":"


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or "unknown processor"
    named = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return named[0] if named else "unknown processor"


def _memory_gb() -> float:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
