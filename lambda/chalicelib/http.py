"""The border to Chalice: an event becomes a Call, an answer a response, and every error has one shape."""

from __future__ import annotations

import base64
import contextvars
import hashlib
import json
import logging
import math
import re
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import unquote

from chalice.app import Chalice, Response

from chalicelib import access, auth, logs
from chalicelib.access import Who
from chalicelib.auth import Caller
from chalicelib.problems import Problem, Refusal, problem, refuse
from chalicelib.storage.ports import Conflict, Full, StorageError
from chalicelib.world import World, current

if TYPE_CHECKING:
    from pydantic import BaseModel

    M = TypeVar("M", bound=BaseModel)

LOG = logging.getLogger("labelkite")
MAX_BODY_BYTES = 16 << 20
#: What could be a number beyond a double's range, which Python reads as infinity and no store keeps.
_MAYBE_HUGE = re.compile(r"[eE]\+?\d{3}|(?<!\d)\d{309}")
JSON_TYPE = "application/json"
_request: contextvars.ContextVar[Any] = contextvars.ContextVar("request", default=None)


def to_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


@dataclass(slots=True)
class Answer:
    """What a handler returns when a plain JSON body with 200 is not enough."""

    body: Any = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    stream: Iterable[bytes] | None = None
    """Sent instead of the body, piece by piece where the host can."""


@dataclass(slots=True)
class Call:
    """One request, read as far as its route needs."""

    world: World
    caller: Caller
    method: str
    headers: Mapping[str, str]
    """Names in lower case."""
    query: Mapping[str, list[str]]
    raw: bytes

    def json(self) -> Any:
        return read_json(self.raw)

    def json_object(self) -> dict[str, Any]:
        value = self.json()
        if not isinstance(value, dict):
            raise refuse(400, "bad-body", "The body must be a JSON object.", where="body")
        return value

    def read(self, model: str) -> Any:
        """The body as the pydantic model of this name. Models load with the first request that needs one."""
        from chalicelib import models

        return models.read(model, self.json())

    def text(self, name: str, default: str = "") -> str:
        values = self.query.get(name)
        return values[-1] if values else default

    def whole(self, name: str, default: int, *, least: int = 1, most: int = 2**53) -> int:
        text = self.text(name)
        if not text:
            return default
        if not (text.isascii() and text.isdigit() and len(text) <= 20 and least <= int(text) <= most):
            raise refuse(
                400,
                "bad-parameter",
                f"{name} must be a whole number from {least} to {most}.",
                where=f"parameter {name}",
            )
        return int(text)

    def flag(self, name: str) -> bool:
        return self.text(name).lower() in ("1", "true", "yes")

    def ids(self, name: str) -> frozenset[int]:
        """Ids with commas between them; repeating the parameter adds more."""
        parts = [part for text in self.query.get(name, ()) for part in text.split(",") if part]
        if not all(part.isascii() and part.isdigit() and len(part) < 16 for part in parts):
            raise refuse(
                400, "bad-parameter", f"{name} must be ids with commas between them.", where=f"parameter {name}"
            )
        return frozenset(map(int, parts))

    @property
    def key(self) -> str:
        """The client's idempotency key; empty when it sent none."""
        key = self.headers.get("idempotency-key", "")
        if len(key) > 200:
            raise refuse(400, "bad-key", "An Idempotency-Key may have 200 characters.", where="header Idempotency-Key")
        return key


def read_json(raw: bytes) -> Any:
    def no_constant(name: str) -> Any:
        raise ValueError(f"{name} is not JSON")

    def finite(number: str) -> float:
        if math.isinf(value := float(number)):
            raise ValueError(f"{number[:20]}… is larger than any number that can be stored")
        return value

    try:
        text = raw.decode("utf-8-sig")
        value = json.loads(text, parse_constant=no_constant)
        if _MAYBE_HUGE.search(text):
            json.loads(text, parse_float=finite, parse_int=finite)
        if "\\ud" in text or "\\uD" in text:
            to_json(value).encode()  # half a surrogate pair cannot be stored
    except UnicodeError:
        raise refuse(
            400, "bad-json", "The body is not UTF-8 text.", where="body", hint="Save or send it as UTF-8."
        ) from None
    except RecursionError:
        raise refuse(400, "bad-json", "The JSON in the body is nested too deeply.", where="body") from None
    except ValueError as error:
        raise refuse(
            400,
            "bad-json",
            f"The body is not JSON: {error}.",
            where="body",
            hint="Check for a missing comma, quote or bracket.",
        ) from None
    return value


def path_id(text: str, kind: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 15:
        raise refuse(404, f"no-{kind}", f"There is no {kind} {unquote(text)[:40]} here.", hint="Ids are whole numbers.")
    return int(text)


@dataclass(frozen=True, slots=True)
class Route:
    method: str
    path: str
    who: Who
    summary: str
    model: str
    """Name of the request body's pydantic model in chalicelib/models.py, empty when there is no JSON body."""
    status: int
    query: tuple[str, ...]


class App(Chalice):
    """Chalice with a current request for each thread, and our shape for the errors that Chalice makes itself."""

    def __init__(self, name: str) -> None:
        super().__init__(app_name=name, configure_logs=False)
        self.kite_routes: list[Route] = []

    @property
    def current_request(self) -> Any:
        return _request.get()

    @current_request.setter
    def current_request(self, request: Any) -> None:
        _request.set(request)

    def serve(
        self,
        method: str,
        path: str,
        *,
        who: Who,
        summary: str,
        model: str = "",
        status: int = 200,
        query: tuple[str, ...] = (),
    ) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """Register `handler(call, *path parameters)` as a route of Chalice and as an entry of the API's description."""
        access.require_word(who, f"{method} {path}")
        self.kite_routes.append(Route(method, path, who, summary, model, status, query))

        def register(handler: Callable[..., Any]) -> Callable[..., Any]:
            def view(**parameters: str) -> Response:
                return _respond(handler, who, status, self.current_request, parameters)

            self.route(path, methods=[method], name=f"{method} {path}", content_types=[])(view)
            return handler

        return register

    def __call__(self, event: Any, context: Any) -> dict[str, Any]:
        """Answer an event of API Gateway; the answer says its request's id, and the log has a line of it."""
        where = event.get("requestContext") or {}
        id_ = str(where.get("requestId") or getattr(context, "aws_request_id", "") or logs.fresh_id())
        begun = time.perf_counter()
        with logs.within(id_):
            answer = self._routed(event, context)
            answer["headers"] = {**(answer.get("headers") or {}), "X-Request-Id": id_}
            ms = (time.perf_counter() - begun) * 1000
            logs.request(
                str(where.get("httpMethod", "")), str(where.get("resourcePath")), int(answer["statusCode"]), ms
            )
        return answer

    def _routed(self, event: Any, context: Any) -> dict[str, Any]:
        where = event.get("requestContext") or {}
        path, method = where.get("resourcePath"), where.get("httpMethod", "")
        methods = self.routes.get(path) if path else None
        if methods is None:
            missing = problem(
                "no-route",
                f"There is nothing at {event.get('path') or path or 'this address'}.",
                hint="See /api/openapi.json.",
            )
            return _plain(404, [missing])
        if method not in methods:
            allowed = ", ".join(sorted(methods))
            return _plain(
                405,
                [problem("no-method", f"{method} is not possible here.", hint=f"Use {allowed}.")],
                {"Allow": allowed},
            )
        answer: dict[str, Any] = super().__call__(event, context)
        stream = _stream.get()
        if stream is not None:
            _stream.set(None)
            is_archive = answer.pop("isBase64Encoded", False)
            if event.get("canStream"):
                answer["stream"] = stream
            elif is_archive:
                hint = "Export by a job (POST /api/projects/{id}/export/jobs): its result has the file's address."
                return _plain(406, [problem("no-archive", "Archives are not sent at once from here.", hint=hint)])
            else:
                answer["body"] = b"".join(stream).decode()
        return answer


_stream: contextvars.ContextVar[Iterator[bytes] | None] = contextvars.ContextVar("stream", default=None)


def _plain(status: int, problems: list[Problem], headers: dict[str, str] | None = None) -> dict[str, Any]:
    answer: dict[str, Any] = _failed(status, problems, headers).to_dict()
    return answer


def _failed(status: int, problems: list[Problem], headers: dict[str, str] | None = None, **more: Any) -> Response:
    body = to_json({"problems": problems, **more})
    return Response(body, {"Content-Type": JSON_TYPE, "Cache-Control": "no-store", **(headers or {})}, status)


def _respond(
    handler: Callable[..., Any], who: Who, status: int, request: Any, parameters: Mapping[str, str]
) -> Response:
    with auth.watch() as asked:
        response = _answer(handler, who, status, request, parameters, asked)
    if asked.cookie:
        response.headers.setdefault("Set-Cookie", asked.cookie)
    return response


def _answer(
    handler: Callable[..., Any],
    who: Who,
    status: int,
    request: Any,
    parameters: Mapping[str, str],
    asked: auth.Asked,
) -> Response:
    """Run a handler; whatever it raises leaves as a list of problems, never as a traceback."""
    try:
        call = _call(request, who)
        ids = {name: path_id(text, name) for name, text in parameters.items()}
        if "project" in ids and who in access.PERMISSIONS:  # before anything of the request is looked at
            auth.require(call.world, call.caller, ids["project"], who)
        answer = handler(call, *ids.values())
        if who not in ("anyone", "known") and not asked.may:
            raise RuntimeError(f"the handler of this route answered without asking for {who!r}")
        if not isinstance(answer, Answer):
            answer = Answer(answer, status)
        headers = {"Content-Type": JSON_TYPE, "Cache-Control": "no-store", **answer.headers}
        if answer.stream is not None:
            _stream.set(iter(answer.stream))
        body = _body_of(answer)
        if call.method in ("GET", "HEAD") and answer.status == 200 and body and isinstance(body, str):
            headers.setdefault("ETag", f'"{hashlib.blake2b(body.encode(), digest_size=16).hexdigest()}"')
            if headers["ETag"] in call.headers.get("if-none-match", ""):
                return Response("", {**headers}, 304)
        return Response(body, {**headers}, answer.status)
    except Refusal as refusal:
        return _failed(refusal.status, refusal.problems, refusal.headers, **refusal.more)
    except Conflict:
        return _failed(
            409,
            [
                problem(
                    "busy",
                    "Somebody else changed the same thing at the same moment; nothing was changed here.",
                    hint="Try again.",
                )
            ],
        )
    except Full:
        return _failed(
            507,
            [
                problem(
                    "disk-full",
                    "The disk of the server is full. Your work is safe in this browser and is sent again by itself.",
                    hint="Tell the owner to free some space there; leave this tab open until all is saved.",
                )
            ],
        )
    except StorageError as error:
        LOG.warning("storage did not answer: %s", error)
        return _failed(
            503,
            [
                problem(
                    "store-away",
                    f"The server cannot reach its storage right now (request {logs.current_id()}).",
                    hint="Your work is kept in this browser; try again in a minute.",
                )
            ],
            {"Retry-After": "2"},
        )
    except Exception:
        id_ = logs.current_id()
        LOG.exception("unexpected error %s at %s %s", id_, request.method, request.path, exc_info=sys.exc_info())
        return _failed(
            500,
            [
                problem(
                    "unexpected",
                    f"Something went wrong on the server (error {id_}).",
                    hint="Your work is kept in this browser. The server's log has the details under this number.",
                )
            ],
        )


def _body_of(answer: Answer) -> str | bytes:
    if answer.stream is not None:  # it takes the body's place later; Chalice wants bytes for what is no text
        return b"" if answer.headers.get("Content-Type") == "application/zip" else ""
    if answer.status == 204:
        return ""
    return answer.body if isinstance(answer.body, str) else to_json(answer.body)


def _call(request: Any, who: Who) -> Call:
    event = request.to_original_event()
    world = current()
    headers = {name.lower(): value for name, value in (event.get("headers") or {}).items()}
    method = request.method
    address = (event.get("requestContext", {}).get("identity") or {}).get("sourceIp") or ""
    try:
        caller = auth.authenticate(world, method, headers)
    except Refusal:
        world.limits.take("anyone", address)
        raise
    if caller.known:
        world.limits.take("session" if caller.session else "token", str(caller.person))
    else:
        world.limits.take("anyone", address)
    if who == "create":
        auth.require_deployment(caller, "create")
    elif who != "anyone":
        auth.require_known(caller)
    body = event.get("body")
    if body is None:
        raw = b""
    elif event.get("isBase64Encoded"):
        raw = base64.b64decode(body)
    else:
        raw = body if isinstance(body, bytes) else body.encode("utf-8", "surrogatepass")
    if len(raw) > MAX_BODY_BYTES:
        raise refuse(
            413,
            "too-big",
            f"This request has {len(raw) >> 20} MB; {MAX_BODY_BYTES >> 20} MB are allowed.",
            hint="Upload big files first (uploads), then import them by their keys.",
        )
    return Call(world, caller, method, headers, event.get("multiValueQueryStringParameters") or {}, raw)
