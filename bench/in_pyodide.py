"""Run inside Pyodide by bench/pyodide_times.py: median times in ms as JSON."""

import json
import os
import time

from labeling import reduce, session, view

import config_compiler

BOXES = """<View><Image name="img" value="$image"/><RectangleLabels name="box" toName="img">
<Label value="Car"/><Label value="Sign"/></RectangleLabels><Choices name="sky" toName="img"><Choice value="Sun"/>
<Choice value="Rain"/></Choices></View>"""


def timed(run, budget_s=0.5):
    """Median of repeated runs, in ms."""
    run()
    taken = []
    while sum(taken) < budget_s and len(taken) < 500:
        begun = time.perf_counter()
        run()
        taken.append(time.perf_counter() - begun)
    return round(sorted(taken)[len(taken) // 2] * 1000, 3)  # the cut library has no statistics


def region(n):
    x, y = n % 100, n // 100
    return {
        "id": f"r{n}", "from_name": "box", "to_name": "img", "type": "rectanglelabels", "original_width": 1000,
        "original_height": 1000, "value": {"x": x, "y": y, "width": 0.8, "height": 0.8, "rotation": 0,
        "rectanglelabels": ["Car"]},
    }  # fmt: skip


def intents(plan, count):
    state = session.open_task(plan, {"image": "x.jpg"}, [region(n) for n in range(count)])
    for intent in (
        {"type": "object_loaded", "object": "img", "width": 1000, "height": 1000, "at": 1},
        {"type": "pick_label", "control": "box", "label": "Car", "at": 2},
    ):
        state, _ = reduce(state, intent)
    shape = {"x": 40, "y": 40, "width": 10, "height": 10, "rotation": 0}
    add = {"type": "add_region", "region": "new", "object": "img", "shape": shape, "at": 3}
    made, _ = reduce(state, add)
    edit = {"type": "edit_region", "region": "new", "shape": {**shape, "x": 41}, "at": 4}
    pick = {"type": "choose", "control": "sky", "choice": "Sun", "answer": "a", "at": 5}
    return {
        "add_region": timed(lambda: reduce(state, add)),
        "edit_region": timed(lambda: reduce(made, edit)),
        "choose": timed(lambda: reduce(made, pick)),
        "undo": timed(lambda: reduce(made, {"type": "undo", "at": 6})),
        "whole view": timed(lambda: view.full(made)),
    }


def main(folder):
    compiles = []
    for name in sorted(os.listdir(folder)):
        with open(os.path.join(folder, name), encoding="utf-8") as file:
            source = file.read()
        compiles.append(timed(lambda source=source: config_compiler.compile_json(source), 0.2))
    plan = json.loads(config_compiler.compile_json(BOXES))["plan"]
    table = {}
    for count in (0, 1000, 10000):
        table[count] = intents(plan, count)
    return json.dumps({"compile": compiles, "intents": table})
