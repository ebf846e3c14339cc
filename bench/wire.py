"""A SOCKS5 proxy that counts every byte and request of the browser, those of workers and service workers too.

The browser's own events see only what one of its targets asked for; a counter on the wire cannot miss anything. It also
refuses and lists whatever a page wants from outside. Times are never taken through it.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
import threading
import time
from dataclasses import dataclass, field
from types import TracebackType

_REQUEST = re.compile(rb"(?:GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS) (\S+) HTTP/1\.[01]\r\n")
_LOCAL = ("127.0.0.1", "localhost", "::1")


@dataclass
class Wire:
    """`with Wire() as wire:` listens on a free port. `received` and `requests` carry seconds since 1970."""

    received: list[tuple[float, int]] = field(default_factory=list)
    requests: list[tuple[float, str]] = field(default_factory=list)
    outside: set[str] = field(default_factory=set)
    port: int = 0
    _loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.new_event_loop)
    _thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        return f"socks5://127.0.0.1:{self.port}"

    def clear(self) -> None:
        self.received.clear()
        self.requests.clear()

    def bytes_until(self, moment: float) -> int:
        return sum(size for at, size in list(self.received) if at <= moment)

    def requests_until(self, moment: float) -> list[str]:
        return [path for at, path in list(self.requests) if at <= moment]

    def __enter__(self) -> Wire:
        listening = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(listening,), name="wire", daemon=True)
        self._thread.start()
        listening.wait(10)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        if self._thread is not None:
            self._thread.join()

    def _run(self, listening: threading.Event) -> None:
        async def begin() -> None:
            server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
            self.port = server.sockets[0].getsockname()[1]
            listening.set()

        self._loop.create_task(begin())
        self._loop.run_forever()
        for task in asyncio.all_tasks(self._loop):
            task.cancel()
        self._loop.run_until_complete(asyncio.sleep(0))
        self._loop.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection: RFC 1928 without authentication, CONNECT only."""
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            _, methods = await reader.readexactly(2)
            await reader.readexactly(methods)
            writer.write(b"\x05\x00")
            host, port = await _read_address(reader)
            if host not in _LOCAL:
                self.outside.add(host)
                writer.write(b"\x05\x02\x00\x01\0\0\0\0\0\0")  # not allowed by ruleset
            else:
                up_reader, up_writer = await asyncio.open_connection(host, port)
                writer.write(b"\x05\x00\x00\x01\0\0\0\0\0\0")
                await asyncio.gather(self._up(reader, up_writer), self._down(up_reader, writer))
        writer.close()

    async def _up(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(1 << 16):
            now = time.time()
            self.requests.extend((now, path.decode()) for path in _REQUEST.findall(data))
            writer.write(data)
            await writer.drain()
        writer.close()

    async def _down(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(1 << 18):
            self.received.append((time.time(), len(data)))
            writer.write(data)
            await writer.drain()
        writer.close()


async def _read_address(reader: asyncio.StreamReader) -> tuple[str, int]:
    _, _, _, form = await reader.readexactly(4)
    if form == 3:
        host = (await reader.readexactly((await reader.readexactly(1))[0])).decode()
    elif form == 1:
        host = ".".join(str(part) for part in await reader.readexactly(4))
    else:
        raw = (await reader.readexactly(16)).hex()
        host = "::1" if raw == "0" * 31 + "1" else raw
    return host, int.from_bytes(await reader.readexactly(2), "big")
