"""Runs intent scripts through the worker's border and prints a digest of all that came out.

One line per script: its name and the SHA-256 of every patch, the last view, the dump, the display and the reopened
view, as canonical JSON. The lines must be the same on every CPython and in Pyodide. A script is a JSON file with
`plan`, `data`, `result`, `intents` and, if it wants, `settings` and `origin`.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys

from border import Border


def main(folder: str) -> str:
    names = sorted(name for name in os.listdir(folder) if name.endswith(".json"))
    return "\n".join(f"{name.removesuffix('.json')} {digest(os.path.join(folder, name))}" for name in names)


def digest(path: str) -> str:
    with open(path, encoding="utf-8", newline="") as file:
        script = json.load(file)
    border = Border()
    sha = _ask(border, "plan", plan=script["plan"])["sha"]
    common = {"sha": sha, "data": script["data"], "result": script["result"]}
    common |= {member: script[member] for member in ("settings", "origin") if member in script}
    seen = [_ask(border, "open", session="live", intents=[], **common)]
    seen += [_ask(border, "intent", session="live", intent=intent) for intent in script["intents"]]
    dumped = _ask(border, "dump", session="live")
    # The log replayed must give the same view; what was written must open again.
    replayed = _ask(border, "open", session="replayed", intents=script["intents"], **common)
    again = _ask(border, "open", session="again", intents=[], **(common | {"result": dumped["result"]}))
    seen += [dumped, replayed, again, _ask(border, "display", sha=sha, data=script["data"])]
    canonical = json.dumps(seen, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def _ask(border: Border, op: str, **members: object) -> dict[str, object]:
    return json.loads(border.dispatch(json.dumps({"op": op, **members})))


if __name__ == "__main__":
    sys.stdout.write(main(sys.argv[1]) + "\n")
