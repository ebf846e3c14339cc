"""The same API work on both sides: import, next task, submit, export."""

from __future__ import annotations

import itertools
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import httpx

from bench import http_load, machine, workload
from bench.processes import Process

IMPORTED = 10_000
CLIENTS = (1, 16)
SECONDS = 3.0
EXPORTED = 10_000


class ApiSide(Protocol):
    name: str
    url: str
    port: int
    token: str
    server: Process

    def new_project(self, kind: workload.Kind) -> int: ...

    def import_tasks(self, project: int, tasks: Sequence[Any]) -> None: ...

    def task_ids(self, project: int) -> list[int]: ...


@dataclass(slots=True)
class ApiRuns:
    """Medians are taken over the list members, one per run; rates in requests a second, latencies in ms."""

    imports: list[float] = field(default_factory=list)
    next_rate: dict[int, list[float]] = field(default_factory=lambda: {clients: [] for clients in CLIENTS})
    next_p95: dict[int, list[float]] = field(default_factory=lambda: {clients: [] for clients in CLIENTS})
    submit_rate: dict[int, list[float]] = field(default_factory=lambda: {clients: [] for clients in CLIENTS})
    submit_p50: dict[int, list[float]] = field(default_factory=lambda: {clients: [] for clients in CLIENTS})
    exports: list[float] = field(default_factory=list)
    memory: list[float] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    """Answers other than 2xx: their beginnings. They count in no rate."""


def run(side: ApiSide, into: ApiRuns) -> None:
    """A new project with 10,000 text tasks; then the next task and submits of three spans, by 1 and by 16 clients."""
    project = side.new_project(workload.TEXT)
    data = workload.texts(IMPORTED, sentences=1)
    tasks = [{"data": one} for one in data]
    begun = time.perf_counter()
    side.import_tasks(project, tasks)
    into.imports.append(time.perf_counter() - begun)
    ids = side.task_ids(project)
    if len(ids) != IMPORTED:
        raise RuntimeError(f"{side.name} has {len(ids)} tasks of {IMPORTED}")
    for clients in CLIENTS:
        ask = http_load.request("GET", f"/api/projects/{project}/next", port=side.port, token=side.token)
        outcome = _counted(
            side, into, http_load.run(side.port, itertools.repeat(ask), clients=clients, seconds=SECONDS)
        )
        into.next_rate[clients].append(outcome.rate)
        into.next_p95[clients].append(machine.percentile(outcome.latencies, 95))
    body = json.dumps({"result": workload.text_result(data[0]["text"]), "lead_time": 12.5}).encode()
    rest = iter(ids)
    for clients in CLIENTS:
        asks = (_submit(side, id_, body) for id_ in itertools.islice(rest, IMPORTED // len(CLIENTS)))
        outcome = _counted(side, into, http_load.run(side.port, asks, clients=clients, seconds=SECONDS))
        into.submit_rate[clients].append(outcome.rate)
        into.submit_p50[clients].append(machine.median(outcome.latencies))
    into.memory.append(machine.rss_mb(side.server.pid))


def prepare_export(side: ApiSide) -> int:
    """A project with 10,000 tasks of one annotation with three spans each, put there by import."""
    project = side.new_project(workload.TEXT)
    tasks = [
        {"data": data, "annotations": [{"result": workload.text_result(data["text"])}]}
        for data in workload.texts(EXPORTED, sentences=1)
    ]
    side.import_tasks(project, tasks)
    return project


def export(side: ApiSide, project: int, into: ApiRuns) -> None:
    """Tasks a second of the JSON export, to its last byte; every task must be in it with its annotation."""
    headers = {"Authorization": f"Token {side.token}"}
    begun = time.perf_counter()
    answer = httpx.get(
        f"{side.url}/api/projects/{project}/export?exportType=JSON", headers=headers, timeout=600, trust_env=False
    )
    took = time.perf_counter() - begun
    answer.raise_for_status()
    tasks = answer.json()
    whole = [task for task in tasks if [len(one["result"]) for one in task["annotations"]] == [3]]
    if len(whole) != EXPORTED:
        raise RuntimeError(f"{side.name} exported {len(whole)} whole tasks of {EXPORTED}")
    into.exports.append(EXPORTED / took)


def _submit(side: ApiSide, task: int, body: bytes) -> bytes:
    # Label Studio's path ends with a slash; Labelkite takes both.
    return http_load.request("POST", f"/api/tasks/{task}/annotations/", port=side.port, token=side.token, body=body)


def _counted(side: ApiSide, into: ApiRuns, outcome: http_load.Outcome) -> http_load.Outcome:
    into.failed += outcome.failures
    if not outcome.latencies:
        raise RuntimeError(f"{side.name}: every request failed, the first with {outcome.failures[:1]}")
    return outcome
