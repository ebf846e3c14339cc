"""Calls to addresses that people give us: only to where the network's rules and the operator allow.

A name is resolved once, every address of it is checked, and the connection is made to one of those, so that a name
which answers differently the second time (DNS rebinding) gains nothing. Redirects are never followed.
"""

from __future__ import annotations

import contextlib
import http.client
import ipaddress
import os
import socket
import ssl
import threading
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import SplitResult, urlsplit

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

TIMEOUT_S = 10.0
MAX_REPLY_BYTES = 64 << 10
ENVIRONMENT = "LABELKITE_ALLOW_HOSTS"
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


class Forbidden(Exception):
    """The address may not be called; the message says why."""


class Unreachable(Exception):
    """Nobody answered, or not in time; the message says what happened."""


@dataclass(frozen=True, slots=True)
class Allowed:
    """What the operator allows beside public addresses: host names, addresses, networks."""

    names: frozenset[str] = frozenset()
    networks: tuple[Network, ...] = ()

    @classmethod
    def read(cls, entries: Iterable[str]) -> Allowed:
        """
        Args:
            entries: `hooks.internal`, `10.1.2.3`, `10.0.0.0/8`.
        """
        names: set[str] = set()
        networks: list[Network] = []
        for entry in (entry.strip() for entry in entries):
            try:
                networks.append(ipaddress.ip_network(entry, strict=False))
            except ValueError:
                if entry:
                    names.add(entry.lower().rstrip("."))
        return cls(frozenset(names), tuple(networks))

    @classmethod
    def from_environment(cls) -> Allowed:
        return cls.read(os.environ.get(ENVIRONMENT, "").split(","))

    def permits(self, host: str, address: Address) -> bool:
        if host.lower().rstrip(".") in self.names:
            return True
        if any(address.version == network.version and address in network for network in self.networks):
            return True
        return is_public(address)


def is_public(address: Address) -> bool:
    """Whether an address belongs to the open internet, also when it only wraps another one."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if inner is None and address in _NAT64:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(inner)
        if address.teredo is not None or address.is_site_local:
            return False
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)


def check_url(url: str) -> SplitResult:
    """
    Raises:
        Forbidden: it is no plain http or https address.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise Forbidden(f"{url[:80]} is no address: {error}") from None
    if parts.scheme not in ("http", "https") or not host or port == 0:
        raise Forbidden("The address must start with http:// or https:// and name a host")
    if parts.username is not None or parts.password is not None:
        raise Forbidden("The address must not hold a name or password; send them in a header")
    if any(ord(letter) <= 32 or ord(letter) >= 127 for letter in url):
        raise Forbidden("The address must be written in ASCII without spaces")
    return parts


def resolve(host: str, port: int, allowed: Allowed) -> list[Address]:
    """
    Every address of a host.

    Raises:
        Forbidden: one of them may not be called.
        Unreachable: the name has none.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise Unreachable(f"The name {host} has no address") from None
    addresses = list(dict.fromkeys(ipaddress.ip_address(str(entry[4][0]).partition("%")[0]) for entry in found))
    for address in addresses:
        if not allowed.permits(host, address):
            raise Forbidden(f"{host} is {address}, which is not a public address; the operator has not allowed it")
    return addresses


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    body: bytes
    """The first MAX_REPLY_BYTES."""
    headers: Mapping[str, str] = field(default_factory=dict)


def post(url: str, body: bytes, headers: Mapping[str, str], allowed: Allowed, timeout_s: float = TIMEOUT_S) -> Reply:
    """
    POST and read the answer, all within `timeout_s`.

    Raises:
        Forbidden, Unreachable
    """
    parts = check_url(url)
    assert parts.hostname
    begun = time.monotonic()
    secure = parts.scheme == "https"
    port = parts.port or (443 if secure else 80)
    addresses = resolve(parts.hostname, port, allowed)
    connection: http.client.HTTPConnection
    if secure:
        connection = http.client.HTTPSConnection(parts.hostname, port)
    else:
        connection = http.client.HTTPConnection(parts.hostname, port)
    try:
        made = _connect(addresses, port, begun + timeout_s)
    except OSError as error:
        raise Unreachable(f"No connection: {error.strerror or error}") from None
    deadline = _Deadline(made, begun + timeout_s)
    try:
        connection.sock = deadline.secured(parts.hostname) if secure else made
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("POST", target, body, {**headers, "Connection": "close"})
        answer = connection.getresponse()
        told = {name.lower(): value for name, value in answer.getheaders()}
        reply = Reply(answer.status, answer.read(MAX_REPLY_BYTES), told)
    except (OSError, http.client.HTTPException, ValueError) as error:
        if deadline.over:
            raise Unreachable(f"No answer within {timeout_s:g} seconds") from None
        raise Unreachable(f"The connection broke: {type(error).__name__}: {error}"[:300]) from None
    finally:
        deadline.close()
        connection.close()
    if deadline.over:
        raise Unreachable(f"No answer within {timeout_s:g} seconds")
    return reply


def _connect(addresses: Iterable[Address], port: int, until: float) -> socket.socket:
    last: OSError = OSError("there is no address")
    for address in addresses:
        try:
            return socket.create_connection((str(address), port), timeout=max(0.1, until - time.monotonic()))
        except OSError as error:
            last = error
    raise last


class _Deadline:
    """Cuts a connection when the whole call has taken too long; a socket's own timeout starts again with each byte."""

    def __init__(self, made: socket.socket, until: float) -> None:
        self._socket = made
        self.over = False
        made.settimeout(max(0.1, until - time.monotonic()))
        self._timer = threading.Timer(max(0.0, until - time.monotonic()), self._cut)
        self._timer.daemon = True
        self._timer.start()

    def secured(self, host: str) -> ssl.SSLSocket:
        """The certificate must be the name's, whatever address was called."""
        made = ssl.create_default_context().wrap_socket(
            self._socket, server_hostname=host, do_handshake_on_connect=False
        )
        self._socket = made
        made.do_handshake()
        return made

    def _cut(self) -> None:
        self.over = True
        with contextlib.suppress(OSError, ValueError):
            self._socket.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        self._timer.cancel()
        self._socket.close()


def check_literal(host: str, allowed: Allowed) -> None:
    """
    Refuse an address that is written as one and may not be called; names are looked up at the call only.

    Raises:
        Forbidden
    """
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return
    if not allowed.permits(host, address):
        raise Forbidden(f"{host} is not a public address; the operator has not allowed it")
