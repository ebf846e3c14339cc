"""
Lambda's way in for requests: an event of API Gateway's HTTP API (payload format 2.0) becomes one that Chalice knows.

The API has one route for everything. Which of the app's routes is meant is found here, as on the local server, so
that no route has to be set up twice. What comes past the site's own address is refused.
"""

from __future__ import annotations

import base64
import gzip
import hmac
import json
import os
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from app import app
from chalicelib import logs
from chalicelib.problems import problem
from chalicelib.routing import Routes

ROUTES = Routes(app.routes)
ORIGIN_KEY = "LABELKITE_ORIGIN_KEY"
"""What CloudFront adds to every request as `x-origin-key`; unset: nobody stands in front."""
COMPRESS_FROM = 1024
MAX_ANSWER_BYTES = 6_000_000
"""Lambda sends no more than 6 MB (6,291,556 bytes), with its own JSON around it."""


def api(event: Mapping[str, Any], context: Any) -> dict[str, Any]:
    """Answer one request."""
    id_ = str(event["requestContext"].get("requestId") or logs.fresh_id())
    said = _answer(event, context, id_)
    said["headers"]["x-request-id"] = id_  # the gateway's log has it, of what never came to the app too
    return said


def _answer(event: Mapping[str, Any], context: Any, id_: str) -> dict[str, Any]:
    headers = {name.lower(): str(value) for name, value in (event.get("headers") or {}).items()}
    if event.get("cookies"):
        headers["cookie"] = "; ".join(event["cookies"])
    key = os.environ.get(ORIGIN_KEY, "")
    if key and not hmac.compare_digest(headers.pop("x-origin-key", "").encode(), key.encode()):
        hint = f"Use {os.environ.get('LABELKITE_PUBLIC_URL', 'the address of the site')}."
        return _problem(403, "not-here", "This is not the address of the site.", hint)
    asked = event["requestContext"]["http"]
    method, path = asked["method"], str(event.get("rawPath") or asked.get("path") or "/")
    found = ROUTES.match(path)
    if found is None:
        return _problem(404, "no-route", f"There is nothing at {path}.", "See /api/openapi.json.")
    pattern, parameters = found
    known = "GET" if method == "HEAD" and "HEAD" not in app.routes[pattern] else method
    public = urlsplit(os.environ.get("LABELKITE_PUBLIC_URL", ""))
    if public.netloc:
        headers |= {"host": public.netloc, "x-forwarded-proto": public.scheme}
    request = _request(event, headers, known, path, pattern, parameters, id_, behind=bool(key))
    answer = app(request, context)
    return _sent(answer, method, "gzip" in headers.get("accept-encoding", ""))


def _request(
    event: Mapping[str, Any],
    headers: dict[str, str],
    method: str,
    path: str,
    pattern: str,
    parameters: Mapping[str, str],
    id_: str,
    *,
    behind: bool,
) -> dict[str, Any]:
    """The same request as a REST API would send it (payload format 1.0)."""
    queries: dict[str, list[str]] = {}
    for name, value in parse_qsl(event.get("rawQueryString") or "", keep_blank_values=True):
        queries.setdefault(name, []).append(value)
    return {
        "resource": pattern,
        "path": path,
        "httpMethod": method,
        "headers": headers,
        "multiValueHeaders": {name: [value] for name, value in headers.items()},
        "queryStringParameters": {name: values[-1] for name, values in queries.items()} or None,
        "multiValueQueryStringParameters": queries or None,
        "pathParameters": parameters,
        "stageVariables": None,
        "requestContext": {
            "httpMethod": method,
            "resourcePath": pattern,
            "path": path,
            "stage": event["requestContext"].get("stage", ""),
            "requestId": id_,
            "identity": {
                "sourceIp": _client(event, headers, behind=behind),
                "userAgent": headers.get("user-agent", ""),
            },
        },
        "body": event.get("body"),
        "isBase64Encoded": bool(event.get("isBase64Encoded")),
    }


def _client(event: Mapping[str, Any], headers: Mapping[str, str], *, behind: bool) -> str:
    """
    Who asks. What a client writes itself stands first in `x-forwarded-for`; CloudFront adds who asked it, and the
    gateway adds who asked the gateway, which it also says in the event. So behind CloudFront it is the last address
    that is not the gateway's own word.
    """
    caller = str(event["requestContext"]["http"].get("sourceIp") or "")
    if not behind:
        return caller
    passed = [part.strip() for part in headers.get("x-forwarded-for", "").split(",") if part.strip()]
    if passed and passed[-1] == caller:
        passed.pop()
    return passed[-1] if passed else caller


def _sent(answer: Mapping[str, Any], method: str, may_compress: bool) -> dict[str, Any]:
    body = answer.get("body") or ""
    data = base64.b64decode(body) if answer.get("isBase64Encoded") else str(body).encode()
    headers, cookies = {}, []
    for name, value in (answer.get("headers") or {}).items():
        if name.lower() == "set-cookie":
            cookies.append(str(value))
        else:
            headers[name.lower()] = str(value)
    for name, values in (answer.get("multiValueHeaders") or {}).items():
        if name.lower() == "set-cookie":
            cookies += [str(value) for value in values]
        else:
            headers[name.lower()] = ", ".join(map(str, values))
    said: dict[str, Any] = {"statusCode": int(answer["statusCode"]), "headers": headers, "isBase64Encoded": False}
    if cookies:
        said["cookies"] = cookies
    if may_compress and len(data) >= COMPRESS_FROM and "content-encoding" not in headers:
        data = gzip.compress(data, 5, mtime=0)
        headers |= {"content-encoding": "gzip", "vary": "accept-encoding"}
    if "content-encoding" in headers or answer.get("isBase64Encoded"):
        said |= {"body": base64.b64encode(data).decode(), "isBase64Encoded": True}
    else:
        said["body"] = data.decode()
    if len(said["body"]) > MAX_ANSWER_BYTES:
        hint = "Ask for less at once; export by a job (POST /api/projects/{id}/export/jobs): its result has an address."
        return _problem(406, "too-long", "This answer is longer than Lambda may send.", hint)
    if method == "HEAD":
        said |= {"body": "", "isBase64Encoded": False}
    return said


def _problem(status: int, code: str, message: str, hint: str) -> dict[str, Any]:
    body = json.dumps({"problems": [problem(code, message, hint=hint)]}, ensure_ascii=False)
    headers = {"content-type": "application/json", "cache-control": "no-store"}
    return {"statusCode": status, "headers": headers, "body": body, "isBase64Encoded": False}
