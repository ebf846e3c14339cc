"""Many keep-alive clients on one HTTP server, with a client so small that the server is what is measured."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import uvloop


@dataclass(frozen=True, slots=True)
class Outcome:
    """`seconds` of wall time, and the latency in ms of each request that was answered with 2xx."""

    seconds: float
    latencies: tuple[float, ...]
    failures: tuple[str, ...]

    @property
    def rate(self) -> float:
        return len(self.latencies) / self.seconds


def request(method: str, path: str, *, port: int, token: str, body: bytes = b"") -> bytes:
    """The bytes of one HTTP/1.1 request with an API token and a JSON body."""
    head = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAuthorization: Token {token}\r\n"
    if body:
        head += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
    return head.encode() + b"\r\n" + body


def run(port: int, requests: Sequence[bytes] | Iterator[bytes], *, clients: int, seconds: float) -> Outcome:
    """Each client sends the next of *requests* when its last was answered, until they are used up or time is over."""
    return uvloop.run(_run(port, iter(requests), clients, seconds))


async def _run(port: int, requests: Iterator[bytes], clients: int, seconds: float) -> Outcome:
    latencies: list[float] = []
    failures: list[str] = []
    connections = [_Connection() for _ in range(clients)]
    for connection in connections:
        await connection.connect(port)
    begun = time.perf_counter()

    async def work(connection: _Connection) -> None:
        for data in requests:
            sent = time.perf_counter()
            if sent - begun > seconds:
                return
            if connection.closed:
                await connection.connect(port)
            status, body = await connection.ask(data)
            if 200 <= status < 300:
                latencies.append((time.perf_counter() - sent) * 1000)
            else:
                failures.append(f"{status} {body[:200].decode(errors='replace')}")

    await asyncio.gather(*(work(connection) for connection in connections))
    took = time.perf_counter() - begun
    for connection in connections:
        connection.close()
    return Outcome(took, tuple(latencies), tuple(failures))


class _Connection(asyncio.Protocol):
    """HTTP/1.1, one request at a time: bodies with a length, in chunks, or up to the end of the connection."""

    def __init__(self) -> None:
        self.closed = True
        self._transport: asyncio.Transport | None = None
        self._answer: asyncio.Future[tuple[int, bytes]] | None = None
        self._data = b""

    async def connect(self, port: int) -> None:
        transport, _ = await asyncio.get_running_loop().create_connection(lambda: self, "127.0.0.1", port)
        self._transport = transport
        self._data = b""
        self.closed = False

    async def ask(self, data: bytes) -> tuple[int, bytes]:
        if self._transport is None:
            raise ConnectionError("not connected")
        self._answer = asyncio.get_running_loop().create_future()
        self._transport.write(data)
        return await self._answer

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()

    def data_received(self, data: bytes) -> None:
        self._data += data
        head, end, body = self._data.partition(b"\r\n\r\n")
        if not end:
            return
        lower = head.lower()
        if b"\r\ncontent-length:" in lower:
            length = int(lower.split(b"\r\ncontent-length:")[1].split(b"\r\n")[0])
            if len(body) < length:
                return
        elif b"\r\ntransfer-encoding: chunked" in lower:
            if not body.endswith(b"0\r\n\r\n"):
                return
        elif not head.split(b" ", 2)[1].startswith(b"204"):
            return
        if b"\r\nconnection: close" in lower:
            self.closed = True
        self._done(head, body)

    def connection_lost(self, error: Exception | None) -> None:
        self.closed = True
        head, end, body = self._data.partition(b"\r\n\r\n")
        if end:
            self._done(head, body)
        elif self._answer is not None and not self._answer.done():
            self._answer.set_result((0, f"connection lost: {error}".encode()))

    def _done(self, head: bytes, body: bytes) -> None:
        self._data = b""
        if self._answer is not None and not self._answer.done():
            self._answer.set_result((int(head.split(b" ", 2)[1]), body))
