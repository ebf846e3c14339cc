"""`/objects/*`: presigned reads and uploads of the embedded store, streamed, never a whole file in memory."""

from __future__ import annotations

import asyncio
import functools
import json
import re
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from email.utils import formatdate
from typing import BinaryIO, TypeVar
from urllib.parse import parse_qsl, quote, unquote

from chalicelib.storage.embedded.objects import EmbeddedObjects, TooLarge
from chalicelib.storage.embedded.signing import PATH, Grant, Refused
from chalicelib.storage.ports import Full, NotFound, ObjectInfo, StorageError

from labelkite.server.messages import (
    JSON,
    USER_FILE_SECURITY,
    Receive,
    Scope,
    Send,
    declared_length,
    header,
    problem_body,
    send_whole,
)

T = TypeVar("T")
CHUNK_BYTES = 1 << 20
THREADS = 8
REFUSAL_HINTS = {
    "expired": "Reload the page: it asks for a new address.",
    "bad-signature": "Ask the server for an address; addresses cannot be changed or used for something else.",
}
RANGE = re.compile(r"bytes=(\d*)-(\d*)")


class ObjectHost:
    """ASGI application for the presigned addresses that `EmbeddedObjects` makes."""

    def __init__(self, objects: EmbeddedObjects, clock: Callable[[], float] = time.time) -> None:
        self._objects = objects
        self._clock = clock
        self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="labelkite-objects")

    def close(self) -> None:
        self._pool.shutdown()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        method = scope["method"]
        if method not in ("GET", "HEAD", "PUT"):
            allow = [(b"allow", b"GET, HEAD, PUT")]
            await _refuse(send, 405, "no-method", f"{method} is not possible here.", headers=allow)
            return
        query = dict(parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True))
        key = unquote(scope["raw_path"].decode("latin-1").removeprefix(PATH), errors="replace")
        try:
            grant = self._objects.signer.verify(method, key, query, self._clock())
        except Refused as refused:
            await _refuse(send, 403, refused.code, f"{refused}.".capitalize(), hint=REFUSAL_HINTS[refused.code])
            return
        try:
            if method == "PUT":
                await self._upload(grant, scope, receive, send)
            else:
                await self._read(grant, scope, send)
        except NotFound:
            await _refuse(send, 404, "no-object", "The file behind this address is not there any more.")
        except TooLarge:
            await _refuse(
                send,
                413,
                "too-big",
                f"The file is bigger than the {grant.max_bytes} bytes that were announced for it.",
                hint="Ask for a new upload address with the file's real size.",
            )
        except Full:
            await _refuse(
                send, 507, "disk-full", "The disk of the server is full.", hint="Free some space, then upload again."
            )
        except StorageError as error:
            await _refuse(
                send, 503, "store-away", f"The file cannot be reached: {error}.", hint="Try again in a minute."
            )

    async def _in_thread(self, run: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._pool, run)

    # -- uploads

    async def _upload(self, grant: Grant, scope: Scope, receive: Receive, send: Send) -> None:
        if declared_length(scope) > grant.max_bytes:
            raise TooLarge(grant.max_bytes)
        said = (header(scope, b"content-type") or b"").decode("latin-1")
        if said != grant.content_type:
            await _refuse(
                send,
                403,
                "bad-type",
                f"This address is for a file of type {grant.content_type}, not {said or 'without a type'}.",
                hint="Send the headers that came with the address.",
            )
            return
        info = await self._receive(grant, receive)
        if info is not None:
            body = json.dumps({"key": info.key, "size": info.size, "etag": info.etag}).encode()
            await send_whole(
                send,
                200,
                body,
                [(b"content-type", JSON), (b"cache-control", b"no-store"), (b"etag", _etag(info))],
                USER_FILE_SECURITY,
            )

    async def _receive(self, grant: Grant, receive: Receive) -> ObjectInfo | None:
        """Write the body to its place; None when the client went away."""
        incoming = await self._in_thread(
            functools.partial(
                self._objects.receive, grant.key, content_type=grant.content_type, max_bytes=grant.max_bytes
            )
        )
        waiting = bytearray()
        try:
            more = True
            while more:
                message = await receive()
                if message["type"] == "http.disconnect":
                    return None
                waiting += message["body"]
                more = message.get("more_body", False)
                if len(waiting) >= CHUNK_BYTES or not more:
                    await self._in_thread(functools.partial(incoming.write, bytes(waiting)))
                    waiting.clear()
            return await self._in_thread(incoming.commit)
        finally:
            await asyncio.shield(self._in_thread(functools.partial(incoming.__exit__, None, None, None)))

    # -- reads

    async def _read(self, grant: Grant, scope: Scope, send: Send) -> None:
        info, file = await self._in_thread(functools.partial(self._objects.open, grant.key))
        try:
            await self._send_file(grant, info, file, scope, send)
        finally:
            file.close()

    async def _send_file(self, grant: Grant, info: ObjectInfo, file: BinaryIO, scope: Scope, send: Send) -> None:
        headers = [
            (b"etag", _etag(info)),
            (b"cache-control", b"private, max-age=%d" % max(0, int(grant.expires - self._clock()))),
            (b"accept-ranges", b"bytes"),
            (b"last-modified", formatdate(info.modified_at, usegmt=True).encode()),
        ]
        if header(scope, b"if-none-match") == _etag(info):
            await send_whole(send, 304, b"", headers, USER_FILE_SECURITY)
            return
        headers.append((b"content-type", (grant.content_type or info.content_type).encode("latin-1", "replace")))
        if grant.filename:
            name = f"attachment; filename*=UTF-8''{quote(grant.filename, safe='')}"
            headers.append((b"content-disposition", name.encode()))
        asked = (header(scope, b"range") or b"").decode("latin-1")
        if_range = header(scope, b"if-range")
        if if_range is not None and if_range != _etag(info):
            asked = ""
        try:
            part = byte_range(asked, info.size)
        except RangeNotThere:
            headers.append((b"content-range", b"bytes */%d" % info.size))
            await send_whole(send, 416, b"", headers, USER_FILE_SECURITY)
            return
        start, end = part or (0, info.size)
        if part is not None:
            headers.append((b"content-range", b"bytes %d-%d/%d" % (start, end - 1, info.size)))
        headers += [(b"content-length", str(end - start).encode()), *USER_FILE_SECURITY]
        await send({"type": "http.response.start", "status": 200 if part is None else 206, "headers": headers})
        if scope["method"] == "HEAD":
            await send({"type": "http.response.body", "body": b""})
            return
        left = end - start
        if start:
            file.seek(start)
        while left > CHUNK_BYTES:
            chunk = await self._in_thread(functools.partial(file.read, CHUNK_BYTES))
            left -= len(chunk)
            await send({"type": "http.response.body", "body": chunk, "more_body": True})
        chunk = await self._in_thread(functools.partial(file.read, left)) if left else b""
        await send({"type": "http.response.body", "body": chunk})


class RangeNotThere(Exception):
    """Nothing of what a Range header asks for is in the file."""


def byte_range(asked: str, size: int) -> tuple[int, int] | None:
    """
    Start and end (exclusive) of what a Range header asks for; None means the whole file.

    A header that asks for several parts, or for none in a form that we know, counts as no header.

    Raises:
        RangeNotThere

    Source: RFC 9110, section 14.
    """
    match = RANGE.fullmatch(asked)
    if match is None or match.groups() == ("", ""):
        return None
    first, last = match.groups()
    if not first:
        start, end = max(0, size - int(last)), size
    elif last and int(last) < int(first):
        return None
    else:
        start, end = int(first), min(size, int(last) + 1 if last else size)
    if start >= end:
        raise RangeNotThere
    return start, end


async def _refuse(
    send: Send,
    status: int,
    code: str,
    message: str,
    *,
    hint: str = "",
    headers: list[tuple[bytes, bytes]] | None = None,
) -> None:
    content = [(b"content-type", JSON), (b"cache-control", b"no-store"), *(headers or [])]
    await send_whole(send, status, problem_body(code, message, hint), content, USER_FILE_SECURITY)


def _etag(info: ObjectInfo) -> bytes:
    return b'"%s"' % info.etag.encode()
