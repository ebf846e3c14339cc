"""The table of tasks at a million: its size on the wire, when it can be used, how long a filter and a sort take.

    .venv/bin/python -m bench explore [--tasks 1000000] [--answered 0.5]

Rows are written straight into the store, as imports and submits write them. Then the blocks are made by the job, and a
real Chromium opens the page twice: once with nothing kept, once as on every later visit.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import random
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import httpx
from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "lambda"), str(ROOT / "web/py")]

from chalicelib import keys, listing, models, world  # noqa: E402
from chalicelib.auth import Caller  # noqa: E402
from chalicelib.handlers import projects  # noqa: E402
from chalicelib.storage.embedded import open_embedded  # noqa: E402
from chalicelib.storage.ports import Add, Put  # noqa: E402
from chalicelib.tasks import State  # noqa: E402
from chalicelib.world import World  # noqa: E402

from tests.api.people import CHOICES, mood  # noqa: E402
from tests.browser.conftest import CHROMIUM_FLAGS, Running, start, stop  # noqa: E402

PART = 5_000
CHUNK = 60
NOW_MS = 1_790_000_000_000
FILTER = {"and": [{"column": "state", "operator": "equal", "value": "disagree"},
                  {"column": "data.source", "operator": "contains", "value": "shop"},
                  {"column": "length.text", "operator": "greater", "value": 60}]}  # fmt: skip
QUESTIONS: dict[str, tuple[Any, list[str]]] = {
    "filter by state": ({"column": "state", "operator": "equal", "value": "disagree"}, []),
    "filter by three columns": (FILTER, []),
    "sort by agreement": (None, ["agreement"]),
    "sort by time, newest first": (None, ["-updated"]),
    "filter and sort": (FILTER, ["-updated"]),
}


def main(argv: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tasks", type=int, default=1_000_000)
    parser.add_argument("--answered", type=float, default=0.5, help="share of the tasks with two answers")
    parser.add_argument("--folder", type=Path, help="keep the data here, and use what is there")
    arguments = parser.parse_args(argv)
    with tempfile.TemporaryDirectory() as folder:
        data = (arguments.folder or Path(folder)) / "data"
        if data.exists():
            project = 1
        else:
            data.parent.mkdir(parents=True, exist_ok=True)
            project = written(data, arguments.tasks, arguments.answered)
        running = start(data, demo=False)
        try:
            made(running, project)
            browsed(running, project)
        finally:
            stop(running)


def written(data: Path, size: int, answered: float) -> int:
    begun = time.perf_counter()
    store = open_embedded(data, public_url="http://127.0.0.1")
    try:
        used = world.of(store)
        body = models.read(
            "NewProject", {"title": f"{size:,} texts", "label_config": CHOICES, "maximum_annotations": 2}
        )
        id_ = int(projects.create(used, Caller(1, "Bench", "owner"), body)["id"])
        rows = _rows(used, id_, size, answered)
        while part := list(itertools.islice(rows, PART)):
            used.records.load(part)
        done = int(size * answered)
        counts = {"new": size - done, "agreed": done - done // 4, "disagree": done // 4, "annotations": 2 * done}
        used.records.transact([Put(*keys.serial(id_), {"inner": size}), Add(*keys.counts(id_, 0), counts)])
        print(f"{size:,} tasks written in {time.perf_counter() - begun:.0f} s", flush=True)
        return id_
    finally:
        store.close()


def _rows(used: World, project: int, size: int, answered: float) -> Iterator[Put]:
    chance = random.Random(7)
    first = used.ids.several("task", size)[0]
    notes = used.ids.several("annotation", 2 * int(size * answered))
    for inner in range(1, size + 1):
        id_ = first + inner - 1
        text = (
            f"Text number {inner}, " + "which goes on for a while " * chance.randrange(9) + "." * chance.randrange(26)
        )
        yield Put(*keys.task(id_), {
            "id": id_, "inner_id": inner, "project": project, "meta": {}, "allow_skip": True, "created_by": 1,
            "data": {"text": text, "source": chance.choice(("web", "shop north", "shop south", "mail")),
                     "stars": chance.randrange(50) / 10, "customer": f"customer-{chance.randrange(size)}"},
            "created_at": "2026-01-01T00:00:00Z", "predictions": [],
        })  # fmt: skip
        if inner <= int(size * answered):
            yield from _answers(project, id_, inner, notes[2 * inner - 2], chance)
        else:
            yield Put(*keys.open_task(project, inner), listing.open_body(id_, inner))
        if inner % CHUNK == 0 or inner == size:
            yield Put(*keys.chunk(project, inner), {"tasks": list(range(id_ - (inner - 1) % CHUNK, id_ + 1))})


def _answers(project: int, task: int, inner: int, note: int, chance: random.Random) -> Iterator[Put]:
    differ = inner % 4 == 0
    at_ms = NOW_MS + chance.randrange(86_400_000)
    seconds, people = chance.randrange(1, 90), chance.sample(range(5, 45), 2)
    entries = []
    for n in (0, 1):
        said = ("Calm", "Sad")[(at_ms + (n if differ else 0)) % 2]
        body = {"id": note + n, "task": task, "project": project, "version": 1, "result": mood(said),
                "completed_by": people[n], "was_cancelled": False, "lead_time": seconds,
                "config_version": 1}  # fmt: skip
        yield Put(*keys.annotation(note + n, 1), body)
        entries.append({"id": note + n, "person": people[n], "version": 1, "cancelled": False, "at": at_ms})
    name = "disagree" if differ else "agreed"
    state = State(task, project, inner, annotations=entries, listed_open=False, name=name,  # type: ignore[arg-type]
                  agreement=0.0 if differ else 1.0, updated_at=at_ms)  # fmt: skip
    yield Put(*keys.state(task), state.body())
    yield Put(*keys.in_state(project, name, inner), {"task": task})


def made(running: Running, project: int) -> None:
    """Until the job has made the blocks."""
    begun = time.perf_counter()
    while (said := running.api("GET", f"/api/projects/{project}/table").json())["job"] is not None:
        time.sleep(0.2)
    seconds = time.perf_counter() - begun
    total = sum(block["size"] for block in said["blocks"])
    print(f"{len(said['blocks'])} blocks, {total / 1e6:.1f} MB on the wire, made in {seconds:.1f} s", flush=True)
    times = []
    with httpx.Client(base_url=running.url, headers={"Authorization": f"Token {running.token}"}) as client:
        for _ in range(20):
            begun = time.perf_counter()
            answer = client.get(f"/api/projects/{project}/table/changes?after={said['changes']}")
            times.append(time.perf_counter() - begun)
            assert answer.status_code == httpx.codes.OK
    print(f"asking for changes: {1000 * sorted(times)[10]:.1f} ms")


def browsed(running: Running, project: int) -> None:
    path = os.environ.get("CHROMIUM", "/usr/bin/chromium")
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as profile:
        context = playwright.chromium.launch_persistent_context(
            profile, executable_path=path, args=CHROMIUM_FLAGS, viewport={"width": 1280, "height": 900}
        )
        page = context.new_page()
        page.goto(running.owner_link)
        page.wait_for_url("**/projects")
        for visit in ("first visit", "next visit"):
            page.goto(f"{running.url}/projects/{project}/explore")
            usable, ready = _marked(page, "kite-explore-usable"), _marked(page, "kite-explore-ready")
            everything = page.locator(".ex-found").inner_text()
            print(f"{visit:>12}: rows after {usable:.0f} ms, all {everything} after {ready:.0f} ms")
        for name, (query, order) in QUESTIONS.items():
            took = [_asked(page, query, order) for _ in range(5)]
            first, again = took[0][0], sorted(ms for ms, _ in took[1:])[1]
            print(f"{name:>28}: {first:6.0f} ms the first time, {again:5.0f} ms again, {took[0][1]['found']:,} found")
        counted = page.evaluate(
            "async () => { const i = document.querySelector('kite-explore').index, t = performance.now();"
            " await i.counted(['state', 'labels', 'agreement', 'people']); return performance.now() - t }"
        )
        print(f"{'counts of four columns':>28}: {counted:6.0f} ms")
        context.close()


def _marked(page: Page, name: str) -> float:
    ends = time.monotonic() + 300
    while True:
        found = page.evaluate(f"performance.getEntriesByName('{name}')[0]?.startTime ?? 0")
        all_here = name != "kite-explore-ready" or page.evaluate(
            "(() => { const { progress } = document.querySelector('kite-explore')?.index ?? {};"
            " return progress && progress.blocks >= progress.of })()"
        )
        if found and all_here:
            return float(found)
        assert time.monotonic() < ends, f"{name} did not come"
        page.wait_for_timeout(50)


def _asked(page: Page, query: Any, order: list[str]) -> tuple[float, Any]:
    script = (
        "async ([query, order]) => { const i = document.querySelector('kite-explore').index, t = performance.now();"
        " const said = await i.ask(query, order); await i.window(0, 30); return [performance.now() - t, said] }"
    )
    ms, said = page.evaluate(script, [json.loads(json.dumps(query)), order])
    return float(ms), said


if __name__ == "__main__":
    main()
