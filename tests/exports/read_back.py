"""Files of exports, read by the tools of their world in an environment of their own."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
PYTHON = HERE.parents[1] / ".cache" / "export-readers" / "bin" / "python"


def read_back(asked: list[tuple[str, Path]]) -> list[Any]:
    """What the tools say of the files: `(tool, path)` of tests/exports/readers.py."""
    assert PYTHON.exists(), (
        "make test sets it up: python -m venv .cache/export-readers, requirements/export-readers.txt"
    )
    told = json.dumps([{"tool": tool, "path": str(path)} for tool, path in asked])
    done = subprocess.run(
        [str(PYTHON), str(HERE / "readers.py")], input=told, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]
    found: list[Any] = json.loads(done.stdout)
    return found
