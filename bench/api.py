"""How many tasks a second the API hands out and how many annotations it takes, over real HTTP against a real server.

    .venv/bin/python bench/api.py [--people 600] [--clients 1 8 16]

A project of short texts with choices and overlap 2, so that every second submit computes a consensus. First everybody
takes two tasks (`next`, a new lease each), then everybody submits them; both phases are timed by themselves. The server
is one process, the load comes from another: keep-alive sockets, requests built before the clock starts. "CPU ms" is the
server's own processor time for a request.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import multiprocessing
import os
import platform
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from urllib.parse import urlsplit

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.api.people import Browser, Process, Project, mood, texts

LEASES = 2


def main(argv: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=600, help="each takes two tasks and submits them")
    parser.add_argument("--clients", type=int, nargs="+", default=[1, 8, 16], help="requests at the same time")
    arguments = parser.parse_args(argv)
    print(
        f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, {arguments.people} people"
    )
    print(f"{'clients':>7}  {'what':<8}{'a second':>9}{'p50 ms':>9}{'p95 ms':>9}{'p99 ms':>9}{'CPU ms':>9}")
    for clients in arguments.clients:
        with tempfile.TemporaryDirectory() as folder:
            process = Process(Path(folder) / "data")
            try:
                measure(process, clients, arguments.people)
            finally:
                process.stop()


def measure(process: Process, clients: int, people: int, project: Project | None = None) -> None:
    """`project`: one that is there already, with overlap 2 and enough tasks."""
    owner = Browser(process.url, token=process.token)
    project = project or owner.project(tasks=texts(people * LEASES), maximum_annotations=2)
    path = f"/api/projects/{project.id}/next"
    host = urlsplit(process.url).netloc
    joins = [request("POST", "/api/session", host, {"invite": project.invite, "name": f"P{n}"}) for n in range(people)]
    cookies = [
        head.partition(b"kite_session=")[2].partition(b";")[0].decode()
        for _, head, _ in loaded(host, clients, joins).answers
    ]
    given: list[list[bytes]] = []
    loads = []
    process.cpu_s()
    for turn in range(LEASES):
        exclude = [
            f"?exclude={json.loads(body)['task']['id']}" if turn else "" for body in (given[0] if turn else cookies)
        ]
        asks = [request("GET", path + e, host, None, cookie) for e, cookie in zip(exclude, cookies, strict=True)]
        load = loaded(host, clients, asks)
        given.append([body for _, _, body in load.answers])
        loads.append(load)
    report(clients, "next", loads, process)
    submits = []
    for bodies in given:
        for n, (body, cookie) in enumerate(zip(bodies, cookies, strict=True)):
            envelope = json.loads(body)
            sent = {"result": mood("Sad" if n % 3 else "Calm"), "lead_time": 4.2, "lease": envelope["lease"]["token"]}
            submits.append(request("POST", f"/api/tasks/{envelope['task']['id']}/annotations", host, sent, cookie))
    process.cpu_s()
    report(clients, "submit", [loaded(host, clients, submits)], process)


def request(method: str, path: str, host: str, body: object, cookie: str = "") -> bytes:
    data = b"" if body is None else json.dumps(body).encode()
    lines = [f"{method} {path} HTTP/1.1", f"Host: {host}", f"Origin: http://{host}", f"Content-Length: {len(data)}"]
    lines += ["Content-Type: application/json"] if data else []
    lines += [f"Cookie: kite_session={cookie}"] if cookie else []
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + data


@dataclass
class Load:
    """What came back: wall time, then seconds, head and body of each answer in the order of the requests."""

    wall_s: float
    answers: list[tuple[float, bytes, bytes]]


def loaded(host: str, clients: int, requests: list[bytes]) -> Load:
    """Send all requests from another process, `clients` at a time."""
    ours, theirs = multiprocessing.Pipe()
    worker = multiprocessing.Process(target=_work, args=(theirs, host, clients, requests))
    worker.start()
    load: Load = ours.recv()
    worker.join()
    return load


def _work(pipe: Connection, host: str, clients: int, requests: list[bytes]) -> None:
    pipe.send(asyncio.run(_send_all(host, clients, requests)))


async def _send_all(host: str, clients: int, requests: list[bytes]) -> Load:
    address, _, port = host.partition(":")
    answers = [(0.0, b"", b"")] * len(requests)
    waiting = iter(range(len(requests)))
    connections = [await asyncio.open_connection(address, int(port)) for _ in range(clients)]

    async def client(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for n in waiting:
            begun = time.perf_counter()
            writer.write(requests[n])
            head = await reader.readuntil(b"\r\n\r\n")
            length = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0])
            body = await reader.readexactly(length)
            answers[n] = (time.perf_counter() - begun, head, body)
            if not head.startswith(b"HTTP/1.1 2"):
                raise RuntimeError(f"{head!r} {body!r}")
        writer.close()

    begun = time.perf_counter()
    await asyncio.gather(*(client(*connection) for connection in connections))
    return Load(time.perf_counter() - begun, answers)


def report(clients: int, what: str, loads: Sequence[Load], process: Process) -> None:
    times_ms = [seconds * 1000 for load in loads for seconds, _, _ in load.answers]
    rate = len(times_ms) / sum(load.wall_s for load in loads)
    cuts = statistics.quantiles(times_ms, n=100)
    cpu_ms = process.cpu_s() / len(times_ms) * 1000
    print(
        f"{clients:>7}  {what:<8}{rate:>9.0f}{cuts[49]:>9.2f}{cuts[94]:>9.2f}{cuts[98]:>9.2f}{cpu_ms:>9.2f}", flush=True
    )


if __name__ == "__main__":
    main()
