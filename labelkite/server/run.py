"""uvicorn around the host: bind, serve in this thread or beside it, stop cleanly."""

from __future__ import annotations

import contextlib
import errno
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from types import TracebackType
from typing import Any

import uvicorn

from labelkite.server.protocol import Protocol

KEEP_ALIVE_S = 75  # longer than browsers and proxies keep a connection, so that it is they who close it
GRACE_S = 15
SWITCH_S = 0.001
"""How long a thread may keep the interpreter. The usual 5 ms would be the wait of whoever comes back from a commit."""


class PortTaken(Exception):
    def __init__(self, host: str, first: int, last: int) -> None:
        ports = f"port {first} is" if first == last else f"ports {first} to {last} are"
        super().__init__(f"{ports} in use on {host}")


def bind(host: str, port: int, tries: int = 1) -> socket.socket:
    """A listening socket on *port*, or on the next of *tries* ports that is free; port 0 takes any.

    Raises:
        PortTaken
        OSError: the host is not an address of this machine, or the port is not allowed.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    for candidate in range(port, port + tries):
        listener = socket.socket(family, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, candidate))
            listener.listen(1024)
        except OSError as error:
            listener.close()
            if error.errno != errno.EADDRINUSE:
                raise
        else:
            return listener
    raise PortTaken(host, port, port + tries - 1)


class _Uvicorn(uvicorn.Server):
    """Says when it answers, and ends by returning instead of raising the signal again."""

    def __init__(self, config: uvicorn.Config, ready: threading.Event) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._ready.set()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        with super().capture_signals():
            yield
            self._captured_signals.clear()


class Server:
    """
    Serves an ASGI application: `run` in the main thread (ends on SIGINT and SIGTERM), or beside as a context manager.

        with Server(Host(app, site=folder)) as server:
            httpx.get(server.url)
    """

    def __init__(self, app: Any, *, listener: socket.socket | None = None) -> None:
        self.app = app
        self._listener = bind("127.0.0.1", 0) if listener is None else listener
        self.host, self.port = self._listener.getsockname()[:2]
        self._ready = threading.Event()
        self._thread: threading.Thread | None = None
        config = uvicorn.Config(
            app,
            loop="auto",
            http=Protocol,
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            timeout_keep_alive=KEEP_ALIVE_S,
            timeout_graceful_shutdown=GRACE_S,
        )
        self._uvicorn = _Uvicorn(config, self._ready)

    @property
    def url(self) -> str:
        return address(self.host, self.port)

    @property
    def stopping(self) -> bool:
        return self._uvicorn.should_exit

    def run(self, when_ready: Callable[[], None] | None = None) -> None:
        """Serve until a signal or `stop`; requests that have begun are answered first (up to GRACE_S)."""
        if when_ready is not None:

            def wait() -> None:
                self._ready.wait()
                when_ready()

            threading.Thread(target=wait, name="labelkite-ready", daemon=True).start()
        sys.setswitchinterval(SWITCH_S)
        try:
            self._uvicorn.run(sockets=[self._listener])
        finally:
            self._listener.close()
            close = getattr(self.app, "close", None)
            if close is not None:
                close()

    def start(self) -> None:
        """Serve in a thread; returns when the first request would be answered."""
        self._thread = threading.Thread(target=self.run, name="labelkite-server", daemon=True)
        self._thread.start()
        while not self._ready.wait(0.1):
            if not self._thread.is_alive():
                raise RuntimeError("the server did not start; its log says why")

    def stop(self) -> None:
        self._uvicorn.should_exit = True
        if self._thread is not None:
            self._thread.join()

    def __enter__(self) -> Server:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def address(host: str, port: int) -> str:
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
