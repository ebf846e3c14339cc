"""`python -m bench` runs every benchmark, one after the other; `python -m bench NAME ... [OPTIONS]` runs those."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
import time

from bench import machine

ORDER = (
    "compile", "engine", "pyodide_times", "consensus", "exports", "reliability", "server_start", "api", "scale", "aws",
    "aws_load", "page", "editor", "surface", "taxonomy", "masks", "pictures", "explore", "owner", "vs_label_studio",
)  # fmt: skip


#: Not a measurement: only when asked for.
ASKED = ("fuzz", "hostile", "crowd")


def main(arguments: list[str]) -> int:
    """
    Each benchmark gets a process of its own, so that none pays for the memory or the imports of another.

    Args:
        arguments: names, then options that each of them gets.
    """
    first = next((place for place, word in enumerate(arguments) if word.startswith("-")), len(arguments))
    names, options = [word.replace("-", "_") for word in arguments[:first]], arguments[first:]
    known = [name for name in ORDER if importlib.util.find_spec(f"bench.{name}") is not None]
    unknown = [name for name in names if name not in (*known, *ASKED)]
    if unknown or (options and not names):
        wrong = f"There is no benchmark {', '.join(unknown)}." if unknown else "Options need the name of a benchmark."
        print(f"{wrong} There are: {', '.join((*known, *ASKED))}.", file=sys.stderr)
        return 2
    print(machine.header(), flush=True)
    failed = []
    for name in names or known:
        print(f"\n# {name}\n", flush=True)
        begun = time.monotonic()
        paths = [str(machine.ROOT / part) for part in ("lambda", "web/py")] + [os.environ.get("PYTHONPATH", "")]
        environment = {**os.environ, machine.QUIET: "1", "PYTHONPATH": os.pathsep.join(filter(None, paths))}
        command = [sys.executable, "-m", f"bench.{name}", *options]
        ended = subprocess.run(command, cwd=machine.ROOT, env=environment)
        print(f"\n{name}: {time.monotonic() - begun:.0f} s", flush=True)
        if ended.returncode:
            failed.append(name)
    if failed:
        print(f"\nFailed: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
