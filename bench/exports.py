"""Tasks a second of exports, by format: the formats alone, and a job on the embedded store from its start to the file.

Run: python -m bench exports [--tasks 10000] [--quick]
A task has one annotation: a picture with five boxes, a polygon and a mask; figures are processor time of one run.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "web" / "py"), str(ROOT / "lambda"), str(ROOT)]

from chalicelib import models  # noqa: E402
from chalicelib.handlers import exports as handlers  # noqa: E402
from chalicelib.handlers import imports  # noqa: E402
from labeling.exports import open_export, written  # noqa: E402

from tests.api.by_hand import Held  # noqa: E402
from tests.api.inside import Inside, opened  # noqa: E402
from tests.api.test_jobs import to_the_end  # noqa: E402
from tests.exports.samples import PICTURES, annotation, box, painted, plan, polygon, row  # noqa: E402

FORMATS = ("JSON", "JSONL", "CSV", "COCO", "YOLO", "YOLO_SEG", "VOC", "BRUSH_TO_PNG", "HF_DATASET")
JOBS = ("JSON", "CSV", "COCO", "YOLO")


def result(number: int) -> list[dict[str, Any]]:
    boxes = [box(f"r{n}", "Big car", 5 * n, number % 50, 10, 20) for n in range(5)]
    blob = [(200 * y + 40, 200 * y + 80) for y in range(20, 60)]
    return [*boxes, polygon("p", "Tree", (10, 10), (50, 10), (50, 50)), painted("m", *blob)]


def rows(count: int) -> Iterator[dict[str, Any]]:
    for number in range(1, count + 1):
        yield row(number, {"image": f"s3://photos/{number}.jpg"}, annotation(number, *result(number)))


def alone(name: str, count: int) -> float:
    given = list(rows(count))
    begun = time.process_time()
    for _ in written(open_export(name, plan(PICTURES)), given):
        pass
    return count / (time.process_time() - begun)


def stored(inside: Inside, count: int) -> int:
    project = inside.project(0, label_config=PICTURES)
    for start in range(0, count, 1000):
        tasks = [
            {"data": {"image": f"s3://photos/{n}.jpg"}, "annotations": [{"result": result(n)}]}
            for n in range(start, min(start + 1000, count))
        ]
        imports.load(inside.world, inside.owner, project, json.dumps(tasks).encode(), "application/json")
    return project


def by_job(inside: Inside, project: int, name: str, count: int) -> float:
    inside.world.jobs = Held()
    begun = time.process_time()
    asked = models.read("NewExport", {"format": name})
    done = to_the_end(inside, handlers.start(inside.world, inside.owner, project, asked))
    took = time.process_time() - begun
    if done["result"]["report"]["tasks"]["written"] != count:
        raise RuntimeError(f"{name}: {done['result']['report']['tasks']}")
    return count / took


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tasks", type=int, default=10_000)
    parser.add_argument("--quick", action="store_true", help="a tenth of the tasks")
    given = parser.parse_args()
    count = given.tasks // 10 if given.quick else given.tasks
    print(f"{'format, ' + format(count, ',') + ' tasks':<28} {'alone, a second':>18} {'as a job, a second':>20}")
    with tempfile.TemporaryDirectory() as folder, opened(Path(folder)) as inside:
        project = stored(inside, count)
        for name in FORMATS:
            job = f"{by_job(inside, project, name, count):>20,.0f}" if name in JOBS else ""
            print(f"{name:<28} {alone(name, count):>18,.0f} {job}", flush=True)


if __name__ == "__main__":
    main()
