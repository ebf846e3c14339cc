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
        "component.html": b"<!doctype html><title>Component</title>",
        "assets/component-frame-1a.js": b"void 0",
        "assets/pyodide-2b/pyodide.mjs": b"export {}",
        "assets/pyodide-2b/lib.zip": b"PK",
        "samples/speech.wav": b"RIFF",
        "samples/clip.webm": b"webm",
        "samples/pump.csv": b"a,b",
    }
    for name, data in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
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
    host = [] if any(header.startswith("Host:") for header in headers) else ["Host: h"]
    lines = [f"GET {path} HTTP/1.1", *host, *headers, "Connection: close", "", ""]
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


def policy(answer: httpx.Response) -> dict[str, str]:
    rules = answer.headers["content-security-policy"].split("; ")
    return {name: places for name, _, places in (rule.partition(" ") for rule in rules)}


def test_the_page_of_components_belongs_to_no_origin_and_reaches_only_our_own_code(http: httpx.Client) -> None:
    answer = http.get("/component.html")
    rules = policy(answer)
    host = http.base_url.netloc.decode()
    ours = f"{host}/assets/component-frame-1a.js {host}/assets/pyodide-2b/"
    assert rules["sandbox"] == "allow-scripts"
    assert rules["default-src"] == rules["base-uri"] == rules["form-action"] == "'none'"
    assert rules["script-src"] == f"{ours} blob: 'wasm-unsafe-eval'"
    assert rules["connect-src"] == ours
    assert rules["frame-ancestors"] == "'self'"
    assert answer.headers["x-content-type-options"] == "nosniff"
    again = http.get("/component.html", headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, policy(again)) == (304, rules)
    assert policy(http.head("/component.html")) == rules


@pytest.mark.parametrize(
    "host", ["evil.example; script-src *", "a b", "*", ""], ids=["a rule", "a blank", "all", "none"]
)
def test_a_host_header_that_is_no_host_opens_nothing_to_components(server: Server, host: str) -> None:
    head, _ = raw_get(server, "/component.html", f"Host: {host}")
    rules = next(line for line in head.split(b"\r\n") if line.lower().startswith(b"content-security-policy"))
    assert b"evil" not in rules
    assert b"*" not in rules


def test_only_pyodide_is_open_to_other_origins(http: httpx.Client) -> None:
    paths = {
        path: http.get(path).headers.get("access-control-allow-origin")
        for path in (
            "/",
            "/assets/app-1a2b.js",
            "/assets/component-frame-1a.js",
            "/component.html",
            "/samples/pump.csv",
        )
    }
    assert set(paths.values()) == {None}
    for path in ("/assets/pyodide-2b/pyodide.mjs", "/assets/pyodide-2b/lib.zip"):
        assert http.get(path).headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize(
    ("name", "wanted"),
    [("speech.wav", "audio/wav"), ("clip.webm", "video/webm"), ("pump.csv", "text/csv; charset=utf-8")],
)
def test_types_of_sample_media(http: httpx.Client, name: str, wanted: str) -> None:
    assert http.get(f"/samples/{name}").headers["content-type"] == wanted


def test_players_may_ask_for_a_part_of_a_sound(http: httpx.Client) -> None:
    whole = http.get("/samples/speech.wav")
    assert (whole.status_code, whole.headers["accept-ranges"]) == (200, "bytes")
    part = http.get("/samples/speech.wav", headers={"Range": "bytes=1-2"})
    assert (part.status_code, part.content, part.headers["content-range"]) == (206, b"IF", "bytes 1-2/4")
    assert http.get("/samples/speech.wav", headers={"Range": "bytes=9-"}).status_code == 416
    assert http.get("/samples/speech.wav", headers={"Range": "bytes=1-2", "If-Range": '"old"'}).status_code == 200
    assert http.get("/assets/plan-3.json", headers={"Range": "bytes=0-0"}).status_code == 200


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
