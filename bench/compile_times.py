"""Run by bench/compile.py on CPython and in Pyodide: times in ms as JSON. Only modules that the site has there."""

import json
import os
import time

from config_compiler import compile_config
from config_compiler.editor import compile_source


def timed(run, budget_s=0.5, most=200):
    """Times of repeated runs in ms, sorted; the first does not count."""
    run()
    taken = []
    while sum(taken) < budget_s * 1000 and len(taken) < most:
        begun = time.perf_counter()
        run()
        taken.append((time.perf_counter() - begun) * 1000)
    return sorted(taken)


def compiled(source):
    result = compile_config(source)
    return result.plan.to_json() if result.plan else b""


def typed(before, place, count=12):
    """Times of edits: *count* letters typed behind the text *place*, each compiled as the author worker does it."""
    at = before.index(place) + len(place)
    taken = []
    for number in range(1, count + 1):
        source = before[:at] + "abcdefghijkl"[:number] + before[at:]
        begun = time.perf_counter()
        json.dumps(compile_source(source), separators=(",", ":"))
        taken.append((time.perf_counter() - begun) * 1000)
    return sorted(taken[1:])


def main(folder):
    """Configs by their place: ``GROUP/NAME.xml``; those of ``edits`` have a first line with the text to type behind."""
    found = {}
    for group in sorted(os.listdir(folder)):
        for name in sorted(os.listdir(os.path.join(folder, group))):
            with open(os.path.join(folder, group, name), encoding="utf-8") as file:
                source = file.read()
            if group == "edits":
                place, _, source = source.partition("\n")
                times = typed(source, place)
            else:
                times = timed(lambda source=source: compiled(source), 0.1 if group == "templates" else 1.0)
            middle = times[len(times) // 2]
            found[f"{group}/{name}"] = [round(middle, 3), round(times[int(len(times) * 0.95)], 3)]
    return json.dumps(found)
