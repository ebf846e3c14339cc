"""One origin for the API, the objects and the site."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from chalicelib import logs
from chalicelib.storage.aws.objects import AwsObjects
from chalicelib.storage.embedded.objects import EmbeddedObjects

from labelkite.server.api import Api
from labelkite.server.messages import REQUEST_ID, Proxies, Receive, Scope, Send, send_problem
from labelkite.server.objects import ObjectHost
from labelkite.server.site import Site

log = logging.getLogger("labelkite.server")


class Host:
    """
    The ASGI application.

    Args:
        app: the Chalice app; its world must have been set.
        objects: what `/objects/` serves; None for a host without files, and those of S3 are reached at S3.
        site: folder of the built site, None for a host without pages.
        proxies: whose word counts for the address of who asks.
    """

    def __init__(
        self,
        app: Any,
        *,
        objects: EmbeddedObjects | AwsObjects | None = None,
        site: Path | None = None,
        proxies: Proxies = (),
    ) -> None:
        self._api = Api(app, proxies=proxies)
        self._objects = ObjectHost(objects, objects.clock) if isinstance(objects, EmbeddedObjects) else None
        files = objects.origin() if isinstance(objects, AwsObjects) else ""
        self._site = None if site is None else Site(site, files=files)

    def close(self) -> None:
        """Wait for what the threads still do."""
        self._api.close()
        if self._objects is not None:
            self._objects.close()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        started = False
        number = scope[REQUEST_ID] = logs.fresh_id()

        async def watch(message: Any) -> None:
            nonlocal started
            started = True
            if message["type"] == "http.response.start":
                told = [pair for pair in message["headers"] if pair[0] != b"x-request-id"]
                message = {**message, "headers": [*told, (b"x-request-id", number.encode())]}
            await send(message)

        try:
            await self._part(scope["path"])(scope, receive, watch)
        except Exception:
            log.exception("error %s at %s %s", number, scope["method"], scope["path"])
            if started:
                raise  # the answer is half out: the connection is cut, so that nobody takes it for whole
            await send_problem(
                watch,
                500,
                "internal",
                f"Something went wrong on the server (error {number}).",
                hint="The server's log has the details under this number.",
            )

    def _part(self, path: str) -> Callable[[Scope, Receive, Send], Awaitable[None]]:
        if path.startswith("/api/") or path == "/api":
            return self._api
        if self._objects is not None and path.startswith("/objects/"):
            return self._objects
        return self._site or _nothing


async def _nothing(scope: Scope, _: Receive, send: Send) -> None:
    await send_problem(
        send, 404, "no-file", f"There is nothing at {scope['path']}.", hint="This host serves the API only."
    )
