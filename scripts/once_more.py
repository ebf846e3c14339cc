"""Run the browser tests; run the few that fail once more, alone.

A real browser, its workers and a server for each file share two cores that others use as well. A test that fails beside
all the others and passes alone is unsteady: its failure stands in the output in full and its name in the last lines, to
be looked into, but it does not hold up everybody's work. What is broken fails twice.

Called by `make test` as ``python -m scripts.once_more PYTEST_ARGUMENT ...``.
`ONCE_MORE=0` makes the first failure final.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

MOST = 3
"""More failures than these have a reason in common: no second run."""
LAST_FAILED = Path(".pytest_cache/v/cache/lastfailed")
TESTS_FAILED = 1  # pytest.ExitCode.TESTS_FAILED


def main(arguments: list[str]) -> int:
    LAST_FAILED.unlink(missing_ok=True)
    code = pytest(arguments)
    if code != TESTS_FAILED or os.environ.get("ONCE_MORE") == "0":
        return code
    failed = sorted(json.loads(LAST_FAILED.read_text())) if LAST_FAILED.exists() else []
    if not 0 < len(failed) <= MOST:
        return code
    print(f"\n{len(failed)} failed beside the others and now run once more, alone:", *failed, sep="\n  ", flush=True)
    again = pytest(["-q", *failed])
    verdict = "FAILED, beside others and alone:" if again else "UNSTEADY, passed alone (look into the failure above):"
    print(f"\n{verdict}", *failed, sep="\n  ", flush=True)
    return again


def pytest(arguments: list[str]) -> int:
    return subprocess.run([sys.executable, "-m", "pytest", *arguments], check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
