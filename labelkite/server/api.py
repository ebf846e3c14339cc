"""`/api/*`: an HTTP request becomes an API Gateway event (REST, format 1), Chalice answers it, in a pool of threads.

Events are built here and not by chalice.local, which keeps one value per header and searches all routes one by one;
where both mean the same, the tests compare them.
"""

from __future__ import annotations

import asyncio
import base64
import functools
import json
import logging
import threading
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import parse_qsl

from chalicelib import logs
from chalicelib.routing import Routes

from labelkite.server.messages import (
    JSON,
    REQUEST_ID,
    SECURITY,
    Disconnected,
    Proxies,
    Receive,
    Scope,
    Send,
    TooLong,
    client_address,
    declared_length,
    problem_body,
    send_problem,
    send_whole,
)

MAX_BODY_BYTES = 16 << 20
THREADS = 4

log = logging.getLogger("labelkite.server")


class _OwnRequest:
    """Chalice keeps the current request in one attribute of the app; here each thread has its own.

    Set in front of the app's own class, so that handlers that imported the app see it too.
    """

    _own = threading.local()

    @property
    def current_request(self) -> Any:
        return getattr(self._own, "request", None)

    @current_request.setter
    def current_request(self, request: Any) -> None:
        self._own.request = request

    @property
    def lambda_context(self) -> Any:
        return getattr(self._own, "context", None)

    @lambda_context.setter
    def lambda_context(self, context: Any) -> None:
        self._own.context = context


def give_each_thread_its_request(app: Any) -> None:
    """Cure `app.current_request` under concurrent use, in place. Doing it twice changes nothing."""
    kind = type(app)
    if not issubclass(kind, _OwnRequest):
        app.__class__ = type(kind.__name__, (_OwnRequest, kind), {})


class Context:
    """What Lambda passes as the context, as far as it means something here."""

    function_name = "labelkite"
    function_version = "$LATEST"
    memory_limit_in_mb = "0"

    def __init__(self, request_id: str) -> None:
        self.aws_request_id = request_id


class Api:
    """ASGI application for everything under `/api`."""

    def __init__(
        self, app: Any, *, max_body_bytes: int = MAX_BODY_BYTES, threads: int = THREADS, proxies: Proxies = ()
    ) -> None:
        give_each_thread_its_request(app)
        self._app = app
        self._routes = Routes(app.routes)
        self._max_body_bytes = max_body_bytes
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="labelkite-api")
        self._proxies = proxies

    def close(self) -> None:
        self._pool.shutdown()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        method = scope["method"]
        matched = self._routes.match(scope["raw_path"].decode("latin-1"))
        if matched is None:
            await send_problem(
                send, 404, "no-route", f"There is nothing at {scope['path']}.", hint="See /api/openapi.json."
            )
            return
        pattern, parameters = matched
        methods = self._app.routes[pattern]
        if method == "HEAD" and "HEAD" not in methods:
            method = "GET"
        if method not in methods:
            allowed = ", ".join(sorted({*methods, "HEAD"} if "GET" in methods else methods))
            await send_problem(
                send,
                405,
                "no-method",
                f"{scope['method']} is not possible at {scope['path']}.",
                hint=f"Use {allowed}.",
                headers=[(b"allow", allowed.encode())],
            )
            return
        try:
            body = await read_body(scope, receive, self._max_body_bytes)
        except TooLong:
            await send_problem(
                send,
                413,
                "too-big",
                f"This request is bigger than {self._max_body_bytes >> 20} MB.",
                hint="Upload big files first (uploads), then import them by their keys.",
            )
            return
        except Disconnected:
            return
        event = self._event(scope, method, pattern, parameters, body)
        await self._answer(event, send)

    def _event(
        self, scope: Scope, method: str, pattern: str, parameters: Mapping[str, str], body: bytes | None
    ) -> dict[str, Any]:
        """The request as API Gateway would hand it over, except that a body stays bytes instead of becoming base64."""
        many: dict[str, list[str]] = {}
        for name, value in scope["headers"]:
            many.setdefault(name.decode("latin-1"), []).append(value.decode("latin-1"))
        queries: dict[str, list[str]] = {}
        if scope["query_string"]:
            for name, value in parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True):
                queries.setdefault(name, []).append(value)
        return {
            "resource": pattern,
            "path": scope["path"],
            "httpMethod": method,
            "headers": {
                name: values[-1] if len(values) == 1 else _joined(name, values) for name, values in many.items()
            },
            "multiValueHeaders": many,
            "queryStringParameters": {name: values[-1] for name, values in queries.items()} or None,
            "multiValueQueryStringParameters": queries or None,
            "pathParameters": parameters,
            "stageVariables": None,
            "requestContext": {
                "httpMethod": method,
                "resourcePath": pattern,
                "path": scope["path"],
                "stage": "api",
                "requestId": scope.get(REQUEST_ID) or logs.fresh_id(),
                "identity": {
                    "sourceIp": client_address(scope, self._proxies),
                    "userAgent": many.get("user-agent", [""])[-1],
                },
            },
            "body": body,
            "isBase64Encoded": False,
            "canStream": True,
        }

    async def _answer(self, event: dict[str, Any], send: Send) -> None:
        loop = asyncio.get_running_loop()
        status, headers, body, stream = await loop.run_in_executor(self._pool, self._call, event)
        if stream is None:
            await send_whole(send, status, body, headers)
            return
        await send({"type": "http.response.start", "status": status, "headers": [*SECURITY, *headers]})
        pull = functools.partial(next, stream, None)
        while (piece := await loop.run_in_executor(self._pool, pull)) is not None:
            await send({"type": "http.response.body", "body": piece, "more_body": True})
        await send({"type": "http.response.body", "body": b""})

    def _call(self, event: dict[str, Any]) -> tuple[int, list[tuple[bytes, bytes]], bytes, Iterator[bytes] | None]:
        """Runs in a thread of the pool: status, headers, body, and the rest of the body when it comes in pieces."""
        request_id = event["requestContext"]["requestId"]
        try:
            answer = self._app(event, Context(request_id))
            status = int(answer["statusCode"])
            body = answer.get("body") or b""
            if answer.get("isBase64Encoded"):
                body = base64.b64decode(body)
            elif isinstance(body, str):
                body = body.encode()
            headers = _headers(answer)
            stream = answer.get("stream")
            if status >= 400 and b'"Code"' in body[:40]:
                body = self._own_shape(status, body, event)
            return status, headers, body, None if stream is None else iter(stream)
        except Exception:
            log.exception("error %s at %s %s", request_id, event["httpMethod"], event["path"])
            return 500, [(b"content-type", JSON), (b"cache-control", b"no-store")], _internal(request_id), None

    @staticmethod
    def _own_shape(status: int, body: bytes, event: Mapping[str, Any]) -> bytes:
        """Chalice's own errors `{"Code", "Message"}` in the shape of all others."""
        try:
            said = json.loads(body)
            code, message = said["Code"], said["Message"]
        except (ValueError, LookupError, TypeError):
            return body
        request_id = event["requestContext"]["requestId"]
        if status == 500:  # Chalice has written the traceback to its log just before
            log.error("error %s at %s %s: see the traceback above", request_id, event["httpMethod"], event["path"])
            return _internal(request_id)
        return problem_body(str(code), str(message))


async def read_body(scope: Scope, receive: Receive, max_bytes: int) -> bytes | None:
    """The whole body, None when there is none.

    Raises:
        TooLong: as soon as it is known, by the length that the client declares or by what has come.
        Disconnected
    """
    if declared_length(scope) > max_bytes:
        raise TooLong
    message = await receive()
    if message["type"] == "http.disconnect":
        raise Disconnected
    if not message.get("more_body"):
        body = bytes(message["body"])
        if len(body) > max_bytes:
            raise TooLong
        return body or None
    pieces, length = [message["body"]], len(message["body"])
    while message.get("more_body"):
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Disconnected
        pieces.append(message["body"])
        length += len(message["body"])
        if length > max_bytes:
            raise TooLong
    return b"".join(pieces)


def _joined(name: str, values: list[str]) -> str:
    return "; ".join(values) if name == "cookie" else ", ".join(values)


def _headers(answer: Mapping[str, Any]) -> list[tuple[bytes, bytes]]:
    """The headers of an answer, lower case; JSON and no-store when it does not say otherwise."""
    headers: list[tuple[bytes, bytes]] = []
    for name, value in (answer.get("headers") or {}).items():
        headers.append((name.lower().encode("latin-1"), str(value).encode("latin-1")))
    for name, values in (answer.get("multiValueHeaders") or {}).items():
        headers.extend((name.lower().encode("latin-1"), str(value).encode("latin-1")) for value in values)
    names = {name for name, _ in headers}
    if b"content-type" not in names:
        headers.append((b"content-type", JSON))
    if b"cache-control" not in names:
        headers.append((b"cache-control", b"no-store"))
    return [(name, value) for name, value in headers if name != b"content-length"]


def _internal(request_id: str) -> bytes:
    return problem_body(
        "internal",
        f"Something went wrong on the server (error {request_id}).",
        "Your work is kept in this browser. The server's log has the details under this number.",
    )
