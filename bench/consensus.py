"""Time of the consensus: matching by number of boxes, whole tasks by kind and people, texts, import and export.

Run: python bench/consensus.py [--quick]
Prints a table; every figure is the median of the runs, in milliseconds of processor time.
"""

from __future__ import annotations

import argparse
import json
import platform
import random
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median
from time import process_time
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "web" / "py"))
sys.path.insert(0, str(Path(__file__).resolve().parent))

import consensus_shapes
from labeling import consensus, exports, imports

Json = dict[str, Any]
CHANCE = random.Random(7)


def control(name: str, kind: str, to: str, **more: Any) -> Json:
    return {"name": name, "tag": kind, "type": kind, "to": [to], **more}


def options(*names: str) -> list[Json]:
    return [{"value": name, "stored": name} for name in names]


PLAN: Json = {
    "plan": 1,
    "fields": [{"name": "text", "types": ["string"], "used_by": ["t"]}],
    "tree": {"node": "view", "key": "n0", "children": []},
    "objects": [{"name": "img", "type": "image"}, {"name": "t", "type": "text"}],
    "controls": [
        control("box", "rectanglelabels", "img", options=options("Car", "Person")),
        control("ner", "labels", "t", options=options("PER", "LOC")),
        control("mood", "choices", "t", options=options("Good", "Bad")),
        control("stars", "rating", "t", max_rating=5),
        control("note", "textarea", "t"),
    ],
}


def boxes(count: int, shake: float, turned: bool = False) -> list[Json]:
    """Boxes on a grid over the picture, each moved and resized a little: neighbours overlap, as in crowded pictures."""
    side = max(1, round(count**0.5))
    cell = 100 / side
    made = []
    for index in range(count):
        x, y = index % side * cell, index // side * cell
        value = {
            "x": x + CHANCE.uniform(-shake, shake) * cell,
            "y": y + CHANCE.uniform(-shake, shake) * cell,
            "width": cell * CHANCE.uniform(1.0, 1.3),
            "height": cell * CHANCE.uniform(1.0, 1.3),
            "rotation": CHANCE.uniform(-8, 8) if turned else 0,
            "rectanglelabels": [CHANCE.choice(["Car", "Car", "Car", "Person"])],
        }
        made.append(
            {
                "id": f"b{index}",
                "from_name": "box",
                "to_name": "img",
                "type": "rectanglelabels",
                "value": value,
                "original_width": 1600,
                "original_height": 1200,
            }
        )
    return made


def spans(count: int) -> list[Json]:
    made = []
    for index in range(count):
        start = index * 20 + CHANCE.randint(0, 6)
        value = {"start": start, "end": start + CHANCE.randint(8, 18), "labels": [CHANCE.choice(["PER", "LOC"])]}
        made.append({"id": f"s{index}", "from_name": "ner", "to_name": "t", "type": "labels", "value": value})
    return made


def small(person: int) -> list[Json]:
    words = CHANCE.choices(["red", "car", "at", "the", "corner", "of", "a", "street"], k=12)
    return [
        *boxes(5, 0.1),
        {"id": "m", "from_name": "mood", "to_name": "t", "type": "choices", "value": {"choices": ["Good"]}},
        {"id": "r", "from_name": "stars", "to_name": "t", "type": "rating", "value": {"rating": 1 + person % 5}},
        {"id": "n", "from_name": "note", "to_name": "t", "type": "textarea", "value": {"text": [" ".join(words)]}},
    ]


def task(results: list[list[Json]]) -> list[Json]:
    return [{"id": i, "version": 1, "completed_by": i, "result": result} for i, result in enumerate(results, 1)]


def essay(words: int) -> Json:
    text = " ".join(CHANCE.choices(["alpha", "beta", "gamma", "delta", "of", "the"], k=words))
    return {"id": "n", "from_name": "note", "to_name": "t", "type": "textarea", "value": {"text": [text]}}


def timed(call: Callable[[], object], runs: int) -> float:
    times = []
    for _ in range(runs):
        start = process_time()
        call()
        times.append((process_time() - start) * 1000)
    return median(times)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="smaller inputs, one run each")
    quick = parser.parse_args().quick
    runs, scale = (1, 10) if quick else (5, 1)

    rows: list[tuple[str, float, str]] = []

    def row(what: str, call: Callable[[], object], note: str = "") -> None:
        rows.append((what, timed(call, runs), note))

    for count in (10, 100, 1000, 10_000 // scale):
        straight = task([boxes(count, 0.15) for _ in range(2)])
        row(f"consensus, 2 people, {count:,} boxes each", partial(consensus.compute, PLAN, straight))
    count = 10_000 // scale
    turned = task([boxes(count, 0.15, turned=True) for _ in range(2)])
    row(f"consensus, 2 people, {count:,} turned boxes each", lambda: consensus.compute(PLAN, turned))
    crowd = task([boxes(1000 // scale, 0.15) for _ in range(5)])
    row(f"consensus, 5 people, {1000 // scale:,} boxes each", lambda: consensus.compute(PLAN, crowd))
    turned_crowd = task([boxes(100, 0.15, turned=True) for _ in range(5)])
    row(
        "consensus, 5 people, 100 boxes each",
        partial(consensus.compute, PLAN, task([boxes(100, 0.15) for _ in range(5)])),
    )
    row("consensus, 5 people, 100 turned boxes each", lambda: consensus.compute(PLAN, turned_crowd))
    for kind in consensus_shapes.KINDS:
        things = 20 if kind in ("brush", "bitmask") else 100
        things = max(4, things // scale)
        people = task([consensus_shapes.marked(kind, things, CHANCE) for _ in range(5)])
        note = "a megapixel each" if things <= 20 and kind in ("brush", "bitmask") else ""
        what = f"consensus, 5 people, {things} {consensus_shapes.NAMES[kind]} each"
        row(what, partial(consensus.compute, consensus_shapes.plan(kind), people), note)
    marked = task([spans(count) for _ in range(2)])
    row(f"consensus, 2 people, {count:,} spans each", lambda: consensus.compute(PLAN, marked))
    usual = task([small(person) for person in range(3)])
    row("consensus, 3 people, 5 boxes, choice, rating, note", lambda: consensus.compute(PLAN, usual), "a usual submit")
    words = 10_000 // scale
    written = task([[essay(words)] for _ in range(2)])
    row(f"consensus, 2 people, texts of {words:,} words", lambda: consensus.compute(PLAN, written))

    tasks = 100_000 // scale
    text = json.dumps([{"text": f"row {number} of many", "source": "bench"} for number in range(tasks)]).encode()
    row(f"import of {tasks:,} tasks, JSON", lambda: imports.parse(PLAN, "a.json", text), f"{len(text) / 1e6:.1f} MB")
    lines = "\n".join(["text,source", *(f"row {number} of many,bench" for number in range(tasks))]).encode()
    row(f"import of {tasks:,} tasks, CSV", lambda: imports.parse(PLAN, "a.csv", lines), f"{len(lines) / 1e6:.1f} MB")
    stored = [
        {"task": {"id": number, "data": {"text": "x" * 40}}, "annotations": usual[:2]} for number in range(tasks // 10)
    ]
    row(f"export of {tasks // 10:,} tasks, 2 annotations each", lambda: sum(map(len, exports.json_tasks(stored))))

    print(f"Python {platform.python_version()}, {platform.machine()}, median of {runs} runs\n")
    print(f"{'what':<54} {'ms':>10}")
    for what, milliseconds, note in rows:
        print(f"{what:<54} {milliseconds:>10,.1f}  {note}")


if __name__ == "__main__":
    main()
