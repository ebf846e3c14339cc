"""The static site over real HTTP: encodings, caching, types, addresses of the page's own router."""

from __future__ import annotations

import gzip
import socket
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from chalice import Chalice

from labelkite.server import Host, Server
from labelkite.server.messages import CSP
from labelkite.server.site import Site, choose

INDEX = b"<!doctype html><title>Labelkite</title>"
SCRIPT = b"export const one = 1\n" * 200
BIG = bytes(range(256)) * 20_000  # 5 MB
BROTLI = b"not really brotli, but the server must not look"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("dist")
    assets = root / "assets"
    assets.mkdir()
    files = {
        "index.html": INDEX,
        "sw.js": b"self.skipWaiting()",
        "assets/app-1a2b.js": SCRIPT,
        "assets/app-1a2b.js.gz": gzip.compress(SCRIPT),
        "assets/app-1a2b.js.br": BROTLI,
        "assets/snapshot-3c4d.bin.gz": gzip.compress(BIG, 1),
        "assets/runtime-5e6f.mjs": b"export {}",
        "assets/core-7a8b.wasm": BIG,
        "assets/engine-9c0d.zip": b"PK",
        "assets/lxml.whl": b"PK",
        "assets/style-1.css": b"a{}",
        "assets/icon-2.svg": b"<svg/>",
        "assets/plan-3.json": b"{}",
        "assets/font-4.woff2": b"wOF2",
        "assets/only.js.br": BROTLI,
    }
    for name, data in files.items():
        (root / name).write_bytes(data)
    (root.parent / "outside.txt").write_bytes(b"outside")
    return root


@pytest.fixture(scope="module")
def server(folder: Path) -> Iterator[Server]:
    with Server(Host(Chalice("none", configure_logs=False), site=folder)) as running:
        yield running


@pytest.fixture
def http(server: Server) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server.url) as client:
        yield client


def raw_get(server: Server, path: str, *headers: str) -> tuple[bytes, bytes]:
    """Head and body of an answer as they came over the wire."""
    lines = [f"GET {path} HTTP/1.1", "Host: h", *headers, "Connection: close", "", ""]
    with socket.create_connection((server.host, server.port)) as raw:
        raw.sendall("\r\n".join(lines).encode())
        head, _, body = b"".join(iter(lambda: raw.recv(65536), b"")).partition(b"\r\n\r\n")
    return head, body


@pytest.mark.parametrize("path", ["/", "/index.html", "/projects/7", "/join", "/projects/7/tasks/", "/p?x=a.b"])
def test_pages_are_index_html_and_are_asked_for_again_each_time(http: httpx.Client, path: str) -> None:
    answer = http.get(path)
    assert (answer.status_code, answer.content) == (200, INDEX)
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["cache-control"] == "no-cache"
    again = http.get(path, headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_the_service_worker_is_asked_for_again_each_time(http: httpx.Client) -> None:
    answer = http.get("/sw.js")
    assert (answer.headers["cache-control"], answer.headers["content-type"]) == (
        "no-cache",
        "text/javascript; charset=utf-8",
    )
    assert http.get("/sw.js", headers={"If-None-Match": f'"x", W/{answer.headers["etag"]}'}).status_code == 304


def test_hashed_files_are_kept_for_ever(http: httpx.Client) -> None:
    for name in ("app-1a2b.js", "snapshot-3c4d.bin", "core-7a8b.wasm"):
        assert http.head(f"/assets/{name}").headers["cache-control"] == "public, max-age=31536000, immutable"


@pytest.mark.parametrize(
    ("name", "content_type"),
    [
        ("app-1a2b.js", "text/javascript; charset=utf-8"),
        ("runtime-5e6f.mjs", "text/javascript; charset=utf-8"),
        ("core-7a8b.wasm", "application/wasm"),
        ("engine-9c0d.zip", "application/octet-stream"),
        ("lxml.whl", "application/octet-stream"),
        ("snapshot-3c4d.bin", "application/octet-stream"),
        ("style-1.css", "text/css; charset=utf-8"),
        ("icon-2.svg", "image/svg+xml"),
        ("plan-3.json", "application/json"),
        ("font-4.woff2", "font/woff2"),
    ],
)
def test_types(http: httpx.Client, name: str, content_type: str) -> None:
    assert http.get(f"/assets/{name}").headers["content-type"] == content_type


@pytest.mark.parametrize(
    ("accept", "encoding"),
    [
        pytest.param("gzip, deflate, br, zstd", "br", id="a browser"),
        pytest.param("gzip", "gzip", id="gzip only"),
        pytest.param("br;q=0, gzip;q=0.5", "gzip", id="br refused"),
        pytest.param("*", "br", id="anything"),
        pytest.param("identity", None, id="as it is"),
        pytest.param("gzip;q=0", None, id="gzip refused"),
        pytest.param("", None, id="empty"),
    ],
)
def test_the_best_stored_form_is_chosen(server: Server, accept: str, encoding: str | None) -> None:
    head, body = raw_get(server, "/assets/app-1a2b.js", f"Accept-Encoding: {accept}")
    stored = {"br": BROTLI, "gzip": gzip.compress(SCRIPT), None: SCRIPT}[encoding]
    assert (gzip.decompress(body) if encoding == "gzip" else body) == (SCRIPT if encoding == "gzip" else stored)
    assert (f"content-encoding: {encoding}".encode() in head) is (encoding is not None)
    assert b"vary: accept-encoding" in head


def test_each_stored_form_has_its_own_etag(http: httpx.Client) -> None:
    etags = [
        http.head("/assets/app-1a2b.js", headers={"Accept-Encoding": accept}).headers["etag"]
        for accept in ("br", "gzip", "identity")
    ]
    assert len(set(etags)) == 3


def test_a_file_that_exists_only_as_gzip_reaches_every_client(server: Server, http: httpx.Client) -> None:
    head, body = raw_get(server, "/assets/snapshot-3c4d.bin", "Accept-Encoding: gzip")
    assert b"content-encoding: gzip" in head
    assert gzip.decompress(body) == BIG
    head, _ = raw_get(server, "/assets/snapshot-3c4d.bin")
    assert b"content-encoding" not in head
    assert http.get("/assets/snapshot-3c4d.bin", headers={"Accept-Encoding": "identity"}).content == BIG
    assert http.head("/assets/snapshot-3c4d.bin", headers={"Accept-Encoding": "identity"}).status_code == 200


def test_a_big_file_comes_whole_with_its_length(http: httpx.Client) -> None:
    answer = http.get("/assets/core-7a8b.wasm")
    assert (answer.content, answer.headers["content-length"]) == (BIG, str(len(BIG)))


@pytest.mark.parametrize(
    "path",
    [
        "/assets/gone-0000.js",
        "/favicon.ico",
        "/assets/app-1a2b.js.gz",
        "/assets/only.js",
        "/../outside.txt",
        "/%2e%2e/outside.txt",
        "/assets/..%2f..%2foutside.txt",
        "/assets/%00.js",
        "//etc/hosts.txt",
        "/C:\\windows\\win.ini",
    ],
)
def test_what_is_not_in_the_table_is_404_with_a_problem(server: Server, path: str) -> None:
    head, body = raw_get(server, path)
    assert head.startswith(b"HTTP/1.1 404 ")
    assert b'{"problems":[{"code":"no-file"' in body
    assert b"outside" not in body.partition(b"There is nothing")[0]


def test_other_methods_are_405(http: httpx.Client) -> None:
    answer = http.post("/", content=b"x")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD")


def test_pages_and_files_carry_the_security_headers(http: httpx.Client) -> None:
    for path in ("/", "/assets/app-1a2b.js", "/assets/core-7a8b.wasm", "/assets/gone.js"):
        headers = http.get(path).headers
        assert headers["content-security-policy"] == CSP
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert "camera=()" in headers["permissions-policy"]


def test_the_policy_allows_wasm_and_no_inline_code() -> None:
    rules = dict(rule.split(" ", 1) for rule in CSP.split("; "))
    assert rules["script-src"] == "'self' 'wasm-unsafe-eval'"
    assert "unsafe-inline" not in CSP
    assert rules["img-src"] == rules["media-src"] == "'self' data: blob: https:"
    assert (rules["frame-ancestors"], rules["form-action"], rules["connect-src"]) == ("'none'", "'self'", "'self'")


def test_a_folder_without_a_page_is_refused_at_the_start(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"holds no index\.html"):
        Site(tmp_path)


def test_a_form_that_the_client_takes_wins_over_unpacking() -> None:
    assert choose(["gzip"], b"gzip") == ("gzip", False)
    assert choose(["gzip"], None) == ("gzip", True)
    assert choose(["", "gzip"], None) == ("", False)
