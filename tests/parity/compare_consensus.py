"""Computes the consensus of every task of a folder and prints a digest of each: numbers, merged result, support.

A task is a JSON file with `plan` and `annotations`.
"""

from __future__ import annotations

import hashlib
import json
import os

from labeling.consensus import compute


def main(folder: str) -> str:
    lines = []
    for name in sorted(os.listdir(folder)):
        with open(os.path.join(folder, name), encoding="utf-8", newline="") as file:
            task = json.load(file)
        text = json.dumps(compute(task["plan"], task["annotations"], details=True), sort_keys=True)
        lines.append(f"{name.removesuffix('.json')} {hashlib.sha256(text.encode()).hexdigest()}")
    return "\n".join(lines)
