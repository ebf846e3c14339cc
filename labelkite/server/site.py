"""Everything else: the static site, from a table that is made once at start.

No request becomes a path: a request is looked up in the table, and what is not in it is not served.
"""

from __future__ import annotations

import asyncio
import functools
import hashlib
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from labelkite.server.messages import (
    SECURITY,
    Headers,
    Receive,
    Scope,
    Send,
    component_security,
    header,
    page_security,
    send_problem,
    send_whole,
)
from labelkite.server.objects import RangeNotThere, byte_range

CHUNK_BYTES = 256 << 10
KEPT_BYTES = 96 << 10
"""Files up to this size are kept in memory once they were asked for, ALL_KEPT_BYTES in sum."""
ALL_KEPT_BYTES = 6 << 20
HASHED_BYTES = 1 << 20
"""Above this size an ETag is made from size and time of the file, not from its content."""

ENCODINGS = (("br", ".br"), ("gzip", ".gz"))  # best first
IMMUTABLE = b"public, max-age=31536000, immutable"

COMPONENT_PAGE = "/component.html"
"""The page inside a component's frame: other rules, an origin of its own."""
PYODIDE = "/assets/pyodide-"
"""Such folders are open to every origin, for components written in Python. They hold nobody's data."""
FRAME_SCRIPT = "/assets/component-frame-"
PLAYED = (b"audio/", b"video/")

TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".json": "application/json",
    ".map": "application/json",
    ".webmanifest": "application/manifest+json",
    ".wasm": "application/wasm",
    ".txt": "text/plain; charset=utf-8",
    ".py": "text/plain; charset=utf-8",
    ".xml": "application/xml",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".gif": "image/gif",
    ".webp": "image/webp",
    ".avif": "image/avif",
    ".ico": "image/x-icon",
    ".csv": "text/csv; charset=utf-8",
    ".pdf": "application/pdf",
    ".wav": "audio/wav",
    ".mp3": "audio/mpeg",
    ".ogg": "audio/ogg",
    ".webm": "video/webm",
    ".mp4": "video/mp4",
    ".woff": "font/woff",
    ".woff2": "font/woff2",
    ".ttf": "font/ttf",
}


@dataclass(frozen=True, slots=True)
class Variant:
    """One stored form of a file: as it is (`""`), gzip or br."""

    place: Path
    size: int
    etag: bytes


@dataclass(frozen=True, slots=True)
class Entry:
    content_type: bytes
    cache_control: bytes
    variants: dict[str, Variant]
    open: bool = False
    """Pages of any origin may read it."""


class Site:
    """ASGI application for a folder of files. Raises FileNotFoundError when it holds no index.html.

    `files`: the origin of the files behind presigned addresses, when it is another one: the page may read from there.
    """

    def __init__(self, folder: Path, *, files: str = "") -> None:
        self._security = page_security(files)
        self._entries = dict(entries(folder))
        if "/index.html" not in self._entries:
            raise FileNotFoundError(f"{folder} holds no index.html")
        self._entries["/"] = self._entries["/index.html"]
        self._component_parts = tuple(component_parts(self._entries))
        self._kept: dict[Path, bytes] = {}
        self._kept_bytes = 0

    def __len__(self) -> int:
        return len(self._entries)

    async def __call__(self, scope: Scope, _: Receive, send: Send) -> None:
        method, path = scope["method"], scope["path"]
        if method not in ("GET", "HEAD"):
            allow = [(b"allow", b"GET, HEAD")]
            await send_problem(send, 405, "no-method", f"{method} is not possible at {path}.", headers=allow)
            return
        entry = self._entries.get(path)
        if entry is None and "." not in path.rpartition("/")[2]:
            entry = self._entries["/"]  # an address of the page's own router
        if entry is None:
            await send_problem(send, 404, "no-file", f"There is nothing at {path}.", hint="Reload the page.")
            return
        security = self._security
        if path == COMPONENT_PAGE:
            security = component_security(header(scope, b"host") or b"", self._component_parts)
        await self._send(entry, scope, send, security)

    async def _send(self, entry: Entry, scope: Scope, send: Send, security: Headers) -> None:
        encoding, unpack = choose(entry.variants, header(scope, b"accept-encoding"))
        variant = entry.variants[encoding]
        etag = b'W/"%s"' % variant.etag if unpack else b'"%s"' % variant.etag
        headers = [(b"cache-control", entry.cache_control), (b"etag", etag)]
        if entry.open:
            headers.append((b"access-control-allow-origin", b"*"))
        if len(entry.variants) > 1 or encoding:
            headers.append((b"vary", b"accept-encoding"))
        if _matches(header(scope, b"if-none-match"), etag):
            await send_whole(send, 304, b"", headers, security)
            return
        headers.append((b"content-type", entry.content_type))
        if entry.content_type.startswith(PLAYED) and not encoding:
            headers.append((b"accept-ranges", b"bytes"))
            if await self._sent_part(variant, scope, send, headers, security):
                return
        if encoding and not unpack:
            headers.append((b"content-encoding", encoding.encode()))
        if scope["method"] == "HEAD":
            length = [] if unpack else [(b"content-length", str(variant.size).encode())]
            await send({"type": "http.response.start", "status": 200, "headers": [*length, *security, *headers]})
            await send({"type": "http.response.body", "body": b""})
            return
        if variant.size <= KEPT_BYTES and not unpack:
            await send_whole(send, 200, self._small(variant), headers, security)
            return
        await _send_large(variant, unpack, headers, send)

    async def _sent_part(
        self, variant: Variant, scope: Scope, send: Send, headers: list[tuple[bytes, bytes]], security: Headers
    ) -> bool:
        """Answer a Range request for a sound or video: players seek by them. False: there is none."""
        if (header(scope, b"if-range") or b'"%s"' % variant.etag) != b'"%s"' % variant.etag:
            return False
        try:
            part = byte_range((header(scope, b"range") or b"").decode("latin-1"), variant.size)
        except RangeNotThere:
            await send_whole(send, 416, b"", [*headers, (b"content-range", b"bytes */%d" % variant.size)], security)
            return True
        if part is None:
            return False
        start, end = part
        headers = [*headers, (b"content-range", b"bytes %d-%d/%d" % (start, end - 1, variant.size))]
        body = await asyncio.get_running_loop().run_in_executor(None, _read_part, variant.place, start, end)
        await send_whole(send, 206, b"" if scope["method"] == "HEAD" else body, headers, security)
        return True

    def _small(self, variant: Variant) -> bytes:
        data = self._kept.get(variant.place)
        if data is None:
            data = variant.place.read_bytes()
            if self._kept_bytes + len(data) <= ALL_KEPT_BYTES:
                self._kept[variant.place] = data
                self._kept_bytes += len(data)
        return data


def _read_part(place: Path, start: int, end: int) -> bytes:
    with place.open("rb") as file:
        file.seek(start)
        return file.read(end - start)


async def _send_large(variant: Variant, unpack: bool, headers: list[tuple[bytes, bytes]], send: Send) -> None:
    loop = asyncio.get_running_loop()
    if not unpack:
        headers = [(b"content-length", str(variant.size).encode()), *headers]
    with await loop.run_in_executor(None, open, variant.place, "rb") as file:
        await send({"type": "http.response.start", "status": 200, "headers": [*SECURITY, *headers]})
        pull = functools.partial(next, _unpacked(file) if unpack else _chunks(file), None)
        while (chunk := await loop.run_in_executor(None, pull)) is not None:
            await send({"type": "http.response.body", "body": chunk, "more_body": True})
    await send({"type": "http.response.body", "body": b""})


def _chunks(file: BinaryIO) -> Iterator[bytes]:
    while chunk := file.read(CHUNK_BYTES):
        yield chunk


def _unpacked(file: BinaryIO) -> Iterator[bytes]:
    unpacker = zlib.decompressobj(wbits=31)
    for chunk in _chunks(file):
        while chunk:
            yield unpacker.decompress(chunk, CHUNK_BYTES * 4)
            chunk = unpacker.unconsumed_tail
    yield unpacker.flush()


def choose(variants: Iterable[str], accept: bytes | None) -> tuple[str, bool]:
    """The stored form to send, and whether it must be unpacked for a client that does not take it.

    `variants` are names out of "", "gzip" and "br"; a file may exist only as gzip.
    """
    accepted = _accepted(accept)
    for encoding, _ in ENCODINGS:
        if encoding in variants and accepted(encoding):
            return encoding, False
    return ("", False) if "" in variants else ("gzip", True)


def _accepted(accept: bytes | None) -> Callable[[str], bool]:
    """Whether an Accept-Encoding header takes an encoding; quality 0 means no."""
    qualities: dict[str, float] = {}
    for part in (accept or b"").decode("latin-1").split(","):
        name, _, parameter = part.strip().lower().partition(";")
        try:
            qualities[name.strip()] = float(parameter.strip().removeprefix("q=") or 1)
        except ValueError:
            qualities[name.strip()] = 0.0
    return lambda encoding: qualities.get(encoding, qualities.get("*", 0.0)) > 0


def _matches(if_none_match: bytes | None, etag: bytes) -> bool:
    if if_none_match is None:
        return False
    strong = etag.removeprefix(b"W/")
    return any(given.strip().removeprefix(b"W/") in (strong, b"*") for given in if_none_match.split(b","))


def entries(folder: Path) -> Iterator[tuple[str, Entry]]:
    forms: dict[str, dict[str, Variant]] = {}
    suffixes = {suffix: encoding for encoding, suffix in ENCODINGS}
    for place in sorted(folder.rglob("*")):
        if place.is_file():
            encoding = suffixes.get(place.suffix, "")
            name = "/" + place.relative_to(folder).as_posix()
            forms.setdefault(name.removesuffix(place.suffix) if encoding else name, {})[encoding] = _variant(place)
    for name, variants in forms.items():
        if "" not in variants and "gzip" not in variants:
            continue  # only br: not every client could read it
        hashed = name.startswith("/assets/")
        content_type = TYPES.get(Path(name).suffix.lower(), "application/octet-stream")
        caching = IMMUTABLE if hashed else b"no-cache"
        yield name, Entry(content_type.encode(), caching, variants, name.startswith(PYODIDE))


def component_parts(names: Iterable[str]) -> Iterator[str]:
    """What a component's page may load: its script, and folders of Pyodide."""
    found = {name for name in names if name.startswith(FRAME_SCRIPT) and name.endswith(".js")}
    found |= {name[: name.index("/", len(PYODIDE)) + 1] for name in names if name.startswith(PYODIDE)}
    yield from sorted(found)


def _variant(place: Path) -> Variant:
    status = place.stat()
    if status.st_size <= HASHED_BYTES:
        etag = hashlib.sha256(place.read_bytes()).hexdigest()[:24]
    else:
        etag = f"{status.st_size:x}-{status.st_mtime_ns:x}"
    return Variant(place, status.st_size, etag.encode() + place.suffix.encode())
