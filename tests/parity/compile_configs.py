"""Compiles every *.xml of a folder and prints the sha256 of what comes out: plan bytes and diagnostics."""

import hashlib
import os

import config_compiler


def main(folder: str) -> str:
    lines = []
    for name in sorted(os.listdir(folder)):
        if not name.endswith(".xml"):
            continue
        with open(os.path.join(folder, name), encoding="utf-8", newline="") as file:
            answer = config_compiler.compile_json(file.read())
        lines.append(f"{name} {hashlib.sha256(answer.encode()).hexdigest()}")
    return "\n".join(lines)
