"""A proxy between a store and ministack that makes chosen requests go wrong, the way networks and busy services do.

    with Proxy(aws.url) as proxy:
        store = aws.store(url=proxy.url)
        proxy.next("PutItem", lose)           # forwarded, but its answer never comes
        proxy.next("PutItem", busy("ThrottlingException"))    # not forwarded

Names are the operations of DynamoDB and SQS; for S3 the method and the sort of request: `PUT object`, `POST uploadId`.
"""

from __future__ import annotations

import http.client
import json
import random
import re
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Literal
from urllib.parse import parse_qs, urlsplit

Answer = tuple[int, dict[str, str], bytes]


@dataclass
class Request:
    """What came, and how to hand it on."""

    name: str
    body: bytes
    forward: Callable[[], Answer]
    path: str = ""
    """With its query."""
    signed_as: str = ""
    """The access key; empty where the address itself is signed, which is a browser's request."""


Trick = Callable[[Request], Answer | Literal["nothing"]]


def lose(request: Request) -> Literal["nothing"]:
    """Carried out, but the connection breaks before the answer."""
    request.forward()
    return "nothing"


def fail_after(request: Request) -> Answer:
    """Carried out, and the service says 500."""
    request.forward()
    return error(500, "InternalServerError")


def busy(code: str, status: int = 400, **more: Any) -> Trick:
    """Not carried out."""
    return lambda request: error(status, code, **more)


def instead(body: dict[str, Any]) -> Trick:
    return lambda request: (200, JSON, json.dumps(body).encode())


def after(first: Trick, then: Callable[[], Any]) -> Trick:
    """Do something else between the request and its (lost) answer."""

    def run(request: Request) -> Any:
        answer = first(request)
        then()
        return answer

    return run


JSON = {"content-type": "application/x-amz-json-1.0"}


def error(status: int, code: str, **more: Any) -> Answer:
    if code == "SlowDown":
        text = f"<?xml version='1.0'?><Error><Code>{code}</Code><Message>slower</Message></Error>"
        return status, {"content-type": "application/xml"}, text.encode()
    body = {"__type": f"com.amazonaws.dynamodb.v20120810#{code}", "message": code, **more}
    return status, JSON, json.dumps(body).encode()


@dataclass
class Proxy:
    upstream: str
    seen: list[str] = field(default_factory=list)
    """Names of the requests, in order."""
    _tricks: dict[str, list[Trick]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def next(self, name: str, *tricks: Trick) -> None:
        """The next requests of this name meet these tricks, one each; then they pass again."""
        with self._lock:
            self._tricks.setdefault(name, []).extend(tricks)

    def left(self) -> list[str]:
        """Names whose tricks nothing has met: a test that planned them tests less than it says."""
        with self._lock:
            return [name for name, tricks in self._tricks.items() if tricks]

    def take(self, name: str) -> Trick | None:
        with self._lock:
            self.seen.append(name)
            tricks = self._tricks.get(name)
            return tricks.pop(0) if tricks else None

    def __enter__(self) -> Proxy:
        proxy = self

        class Handler(_Handler):
            owner = proxy

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


#: What AWS says when it is asked too much, by service, with the status.
TOO_MUCH = {
    "dynamodb": ("ProvisionedThroughputExceededException", 400),
    "s3": ("SlowDown", 503),
    "sqs": ("RequestThrottled", 400),
}


class Throttle(Proxy):
    """
    Refuses a share of all requests by chance, as AWS refuses what is too much; nothing of those is carried out.

    `share`: between 0 and 1, to be changed at any time. What browsers ask with signed addresses passes.
    """

    def __init__(self, upstream: str, share: float = 0, seed: int = 1) -> None:
        super().__init__(upstream)
        self.share = share
        self.refused = Counter[str]()
        self._chance = random.Random(seed)

    def take(self, name: str) -> Trick | None:
        return super().take(name) or self._perhaps

    def _perhaps(self, request: Request) -> Answer:
        with self._lock:
            if not request.signed_as or self._chance.random() >= self.share:
                refused = None
            else:
                refused = TOO_MUCH[service_of(request)]
                self.refused[request.name] += 1
        return error(refused[1], refused[0]) if refused else request.forward()


def service_of(request: Request) -> str:
    """`dynamodb`, `s3` or `sqs`."""
    if " " in request.name:
        return "s3"
    return "sqs" if "Message" in request.name or "Queue" in request.name else "dynamodb"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    owner: Proxy

    def _serve(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        signed = re.search(r"Credential=([^/]+)", self.headers.get("authorization") or "")
        request = Request(self._name(), body, lambda: self._forward(body), self.path, signed[1] if signed else "")
        trick = self.owner.take(request.name)
        answer = request.forward() if trick is None else trick(request)
        if answer == "nothing":
            self.close_connection = True
            self.connection.close()
            return
        status, headers, content = answer
        self.send_response_only(status)
        for name, value in headers.items():
            if name.lower() not in ("transfer-encoding", "connection", "content-length"):
                self.send_header(name, value)
        length = headers.get("content-length") if self.command == "HEAD" else headers.get("promised")
        self.send_header("content-length", length or str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)
        self.close_connection |= "promised" in headers  # after less than was promised, the connection breaks

    do_GET = do_PUT = do_POST = do_DELETE = do_HEAD = _serve

    def _name(self) -> str:
        target = self.headers.get("x-amz-target")
        if target:
            return target.rpartition(".")[2]
        parts = urlsplit(self.path)
        query = parse_qs(parts.query, keep_blank_values=True)
        for sort in ("uploads", "partNumber", "uploadId", "list-type"):
            if sort in query:
                return f"{self.command} {sort}"
        return f"{self.command} {'object' if parts.path.count('/') > 1 else 'bucket'}"

    def _forward(self, body: bytes) -> Answer:
        connection = http.client.HTTPConnection(urlsplit(self.owner.upstream).netloc, timeout=60)
        try:
            connection.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
            for name, value in self.headers.items():
                connection.putheader(name, value)
            connection.endheaders(body)
            answer = connection.getresponse()
            return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
        finally:
            connection.close()

    def log_message(self, format: str, *args: Any) -> None:
        pass
