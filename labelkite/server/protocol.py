"""HTTP as uvicorn reads it, with an end to what it would read for ever: heads and trailers that go on and on."""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

MAX_HEAD_BYTES = 64 << 10
"""Of a request line with all headers, and one read of the socket more; nginx takes 32 KB."""
HEAD_S = 60.0
"""From the connection, or from a request's first byte, until its headers are there."""


class Protocol(HttpToolsProtocol):
    """Cuts a connection whose headers or trailers grow without end, or come a byte at a time."""

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._without_progress = 0
        self._progress = False
        self._deadline: asyncio.TimerHandle | None = None
        self._expect_head()

    def connection_lost(self, exc: Exception | None) -> None:
        self._head_is_there()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        self._progress = False
        super().data_received(data)
        self._without_progress = 0 if self._progress else self._without_progress + len(data)
        if self._without_progress > MAX_HEAD_BYTES and not self.transport.is_closing():
            self._refuse("The headers of this request are too long.")

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._expect_head()

    def on_headers_complete(self) -> None:
        self._progress = True
        self._head_is_there()
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        self._progress = True
        super().on_body(body)

    def on_message_complete(self) -> None:
        self._progress = True
        super().on_message_complete()

    def _expect_head(self) -> None:
        self._head_is_there()
        self._deadline = self.loop.call_later(HEAD_S, self._too_slow)

    def _head_is_there(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _too_slow(self) -> None:
        self._deadline = None
        if not self.transport.is_closing():
            self.transport.close()

    def _refuse(self, why: str) -> None:
        if self.cycle is None or self.cycle.response_complete:
            self.send_400_response(why)
        else:
            self.transport.abort()  # an answer is on its way already
