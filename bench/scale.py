"""Next task and submit in a small project and in a huge one: the figures of both should be the same.

    .venv/bin/python -m bench scale [--sizes 1000 1000000] [--clients 16] [--people 500]

The projects' rows are written straight into the store, as an import writes them, before the server starts. Then the
same load as in `api` runs on each: everybody takes two tasks and submits them, overlap 2.
"""

from __future__ import annotations

import argparse
import itertools
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "lambda"), str(ROOT / "web/py")]

from chalicelib import keys, listing, models, world  # noqa: E402
from chalicelib.auth import Caller  # noqa: E402
from chalicelib.handlers import invites, projects  # noqa: E402
from chalicelib.storage.embedded import open_embedded  # noqa: E402
from chalicelib.storage.ports import Add, Put  # noqa: E402
from chalicelib.world import World  # noqa: E402

from bench import api  # noqa: E402
from tests.api.people import CHOICES, Process, Project  # noqa: E402

PART = 5_000
CHUNK = 10


def main(argv: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=[1_000, 1_000_000], help="tasks of each project")
    parser.add_argument("--clients", type=int, default=16, help="requests at the same time")
    parser.add_argument("--people", type=int, default=500, help="each takes two tasks and submits them")
    arguments = parser.parse_args(argv)
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        made = [(size, written(data, size)) for size in arguments.sizes]
        process = Process(data)
        try:
            for size, project in made:
                print(f"\n{size:,} tasks")
                print(f"{'clients':>7}  {'what':<8}{'a second':>9}{'p50 ms':>9}{'p95 ms':>9}{'p99 ms':>9}{'CPU ms':>9}")
                api.measure(process, arguments.clients, arguments.people, project)
        finally:
            process.stop()


def written(data: Path, size: int) -> Project:
    """A project of this many text tasks, and an annotator's link."""
    store = open_embedded(data, public_url="http://127.0.0.1")
    try:
        begun = time.perf_counter()
        used = world.of(store)
        body = models.read("NewProject", {"title": f"{size} texts", "label_config": CHOICES, "maximum_annotations": 2})
        id_ = int(projects.create(used, Caller(1, "Bench", "owner"), body)["id"])
        rows = _rows(used, id_, size)
        while part := list(itertools.islice(rows, PART)):
            used.records.load(part)
        used.records.transact([Put(*keys.serial(id_), {"inner": size}), Add(*keys.counts(id_, 0), {"new": size})])
        token = invites.make(used, role="annotator", project_id=id_, days=1, created_by=0)
        print(f"{size:,} tasks written in {time.perf_counter() - begun:.0f} s", flush=True)
        return Project(id_, token.text)
    finally:
        store.close()


def _rows(used: World, project: int, size: int) -> Iterator[Put]:
    """What an import writes of each task."""
    first = used.ids.several("task", size)[0]
    for inner in range(1, size + 1):
        task: dict[str, Any] = {
            "id": first + inner - 1,
            "inner_id": inner,
            "project": project,
            "data": {"text": f"Text number {inner}"},
            "meta": {},
            "allow_skip": True,
            "created_at": "2026-01-01T00:00:00Z",
            "created_by": 1,
            "predictions": [],
        }
        yield Put(*keys.task(task["id"]), task)
        yield Put(*keys.open_task(project, inner), listing.open_body(task["id"], inner))
        if inner % CHUNK == 0 or inner == size:
            ids = list(range(task["id"] - (inner - 1) % CHUNK, task["id"] + 1))
            yield Put(*keys.chunk(project, inner), {"tasks": ids})


if __name__ == "__main__":
    main()
