"""Compiling and labeling in the Pyodide that the site serves, started by Node, beside this CPython."""

from __future__ import annotations

import json
import runpy
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from bench.compile import configs

ROOT = Path(__file__).resolve().parent.parent
SCRIPT = ROOT / "bench" / "in_pyodide.py"


def measured(folder: Path) -> dict[str, dict[str, Any]]:
    """By interpreter: what bench/in_pyodide.py gives."""
    command = ["node", str(ROOT / "tests/parity/in_pyodide.mjs"), str(SCRIPT), str(folder), "author"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    sys.path[:0] = [str(ROOT), str(ROOT / "web/py")]
    here = runpy.run_path(str(SCRIPT))["main"](str(folder))
    return {"CPython": json.loads(here), "Pyodide": json.loads(done.stdout.strip().splitlines()[-1])}


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        typical = [source for _, source in configs() if len(source) < 3000]
        for number, source in enumerate(typical):
            Path(folder, f"{number:02}.xml").write_text(source, encoding="utf-8")
        found = measured(Path(folder))
    names = list(found)
    print(f"| median, ms | {' | '.join(names)} |\n|---|{'--:|' * len(names)}")
    compiles = [f"{statistics.median(found[name]['compile']):.2f}" for name in names]
    print(f"| compile, over {len(typical)} typical configs | {' | '.join(compiles)} |")
    for count in ("0", "1000", "10000"):
        for intent in found["CPython"]["intents"][count]:
            row = [f"{found[name]['intents'][count][intent]:.3f}" for name in names]
            print(f"| {intent} at {int(count):,} regions | {' | '.join(row)} |")


if __name__ == "__main__":
    main()
