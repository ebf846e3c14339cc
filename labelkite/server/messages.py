"""What every part of the host shares: ASGI's types, the error shape, the headers that every answer carries."""

from __future__ import annotations

import ipaddress
import json
import re
from collections.abc import Awaitable, Callable, Iterable, MutableMapping, Sequence
from typing import Any

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Headers = Sequence[tuple[bytes, bytes]]
Proxies = Sequence[ipaddress.IPv4Network | ipaddress.IPv6Network]

REQUEST_ID = "labelkite.request_id"
"""In a scope: the id that the answer and the log say."""

JSON = b"application/json"

CSP = (
    "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self' blob:; connect-src 'self'; "
    "style-src 'self'; object-src 'none'; base-uri 'none'; img-src 'self' data: blob: https:; "
    "media-src 'self' data: blob: https:; font-src 'self'; frame-ancestors 'none'; form-action 'self'"
)
PERMISSIONS = "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()"

# What a person uploaded is data, whatever type it claims: opened by itself it may run nothing and belongs to no origin.
USER_FILE_CSP = "sandbox; default-src 'none'; frame-ancestors 'self'"

_COMMON: Headers = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"permissions-policy", PERMISSIONS.encode()),
)
SECURITY: Headers = (*_COMMON, (b"content-security-policy", CSP.encode()))


def page_security(files: str = "") -> Headers:
    """Headers of the page. `files`: the origin of presigned addresses, when it is not the page's own."""
    policy = CSP
    for rule in ("connect-src 'self'", "img-src 'self'", "media-src 'self'"):
        policy = policy.replace(rule, f"{rule} {files}".rstrip())
    return (*_COMMON, (b"content-security-policy", policy.encode()))


USER_FILE_SECURITY: Headers = (
    *_COMMON,
    (b"content-security-policy", USER_FILE_CSP.encode()),
    (b"cross-origin-resource-policy", b"same-origin"),
)

_HOST = re.compile(r"[A-Za-z0-9.-]+(:\d+)?|\[[0-9a-fA-F:]+\](:\d+)?")


def component_security(host: bytes, parts: Iterable[str]) -> Headers:
    """
    Headers of the page inside a component's frame, whose code comes from a project's config.

    The page belongs to no origin (`sandbox` without `allow-same-origin`): no cookies, no storage, no way into the page
    around it. It may load nothing and reach nothing but `parts`, paths on this host that hold our own code.

    Args:
        host: the request's Host header; one that is no plain host gives a page that can load nothing.
    """
    name = host.decode("latin-1")
    ours = " ".join(name + part for part in parts) if _HOST.fullmatch(name) else ""
    rules = (
        "sandbox allow-scripts",
        "default-src 'none'",
        f"script-src {ours} blob: 'wasm-unsafe-eval'",
        "connect-src " + (ours or "'none'"),
        "worker-src blob:",
        "style-src 'unsafe-inline'",
        "img-src data: blob:",
        "media-src data: blob:",
        "font-src data:",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'self'",
    )
    return (*_COMMON, (b"content-security-policy", "; ".join(rules).encode()))


class TooLong(Exception):
    """A request's body has more bytes than its place takes."""


class Disconnected(Exception):
    """The client went away before its body was whole."""


def problem_body(code: str, message: str, hint: str = "", where: str = "") -> bytes:
    """One problem in the shape that every layer uses."""
    problems = [{"code": code, "message": message, "where": where, "hint": hint}]
    return json.dumps({"problems": problems}, ensure_ascii=False, separators=(",", ":")).encode()


async def send_whole(
    send: Send, status: int, body: bytes, headers: Iterable[tuple[bytes, bytes]], security: Headers = SECURITY
) -> None:
    """Send a whole answer with its length. A HEAD request's body is dropped by the HTTP server."""
    lengths = [] if status in (204, 304) else [(b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": [*lengths, *security, *headers]})
    await send({"type": "http.response.body", "body": body})


async def send_problem(
    send: Send, status: int, code: str, message: str, *, hint: str = "", headers: Iterable[tuple[bytes, bytes]] = ()
) -> None:
    content = [(b"content-type", JSON), (b"cache-control", b"no-store"), *headers]
    await send_whole(send, status, problem_body(code, message, hint), content)


def header(scope: Scope, name: bytes) -> bytes | None:
    """The first header of this (lower case) name."""
    for found, value in scope["headers"]:
        if found == name:
            return bytes(value)
    return None


def declared_length(scope: Scope) -> int:
    """Content-Length, or 0 when there is none (a chunked body) or it is no number."""
    text = header(scope, b"content-length") or b"0"
    return int(text) if text.isdigit() else 0


def client_address(scope: Scope, proxies: Proxies) -> str:
    """
    The address of who asks; behind proxies of ours the last one in X-Forwarded-For that is none of them.

    What stands before that one anybody may have written.
    """
    client = scope.get("client")
    address = str(client[0]) if client else ""
    said = ",".join(value.decode("latin-1") for name, value in scope["headers"] if name == b"x-forwarded-for")
    for hop in reversed([part.strip() for part in said.split(",") if part.strip()]):
        if not _is_one_of(address, proxies):
            break
        address = hop
    return address


def _is_one_of(address: str, proxies: Proxies) -> bool:
    try:
        there = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(there.version == network.version and there in network for network in proxies)
