"""Presigned files over real HTTP: what a browser and a hostile client see. The rest is in the storage contract."""

from __future__ import annotations

import hashlib
import socket
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from chalice import Chalice
from chalicelib.storage.embedded import EmbeddedStore, open_embedded

from labelkite.server import Host, Server
from labelkite.server.objects import RangeNotThere, byte_range

DATA = bytes(range(256)) * 12_000  # 3 MB: more than one chunk


@pytest.fixture
def store(tmp_path: Path) -> Iterator[EmbeddedStore]:
    opened = open_embedded(tmp_path, public_url="")
    yield opened
    opened.close()


@pytest.fixture
def server(store: EmbeddedStore) -> Iterator[Server]:
    with Server(Host(Chalice("none", configure_logs=False), objects=store.objects)) as running:
        yield running


@pytest.fixture
def http(server: Server) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server.url) as client:
        yield client


@pytest.fixture
def url(store: EmbeddedStore) -> str:
    store.objects.put("uploads/1/page.html", DATA, content_type="text/html")
    return store.objects.presign_get("uploads/1/page.html", expires_s=600)


def test_a_file_comes_with_what_a_browser_needs_to_keep_it_and_not_to_run_it(http: httpx.Client, url: str) -> None:
    answer = http.get(url)
    assert answer.content == DATA
    headers = answer.headers
    assert (headers["content-type"], headers["content-length"]) == ("text/html", str(len(DATA)))
    assert headers["etag"] == f'"{hashlib.sha256(DATA).hexdigest()}"'
    kind, _, seconds = headers["cache-control"].partition(", max-age=")
    assert kind == "private"
    assert 590 <= int(seconds) <= 750
    assert headers["content-security-policy"].startswith("sandbox; default-src 'none'")
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert "content-disposition" not in headers


def test_a_file_that_the_browser_has_is_not_sent_again(http: httpx.Client, url: str) -> None:
    etag = http.get(url).headers["etag"]
    answer = http.get(url, headers={"If-None-Match": etag})
    assert (answer.status_code, answer.content, answer.headers["etag"]) == (304, b"", etag)
    assert http.get(url, headers={"If-None-Match": '"other"'}).status_code == 200


def test_head_gives_the_headers_only(http: httpx.Client, url: str) -> None:
    answer = http.head(url)
    assert (answer.status_code, answer.content, answer.headers["content-length"]) == (200, b"", str(len(DATA)))


@pytest.mark.parametrize(
    ("asked", "status", "start", "end"),
    [
        pytest.param("bytes=0-", 206, 0, len(DATA), id="all of it"),
        pytest.param("bytes=100-199", 206, 100, 200, id="in the middle"),
        pytest.param("bytes=2000000-2999999", 206, 2_000_000, 3_000_000, id="over several chunks"),
        pytest.param("bytes=-10", 206, len(DATA) - 10, len(DATA), id="the end"),
        pytest.param("bytes=3071990-9999999", 206, 3_071_990, len(DATA), id="over the end"),
        pytest.param("bytes=-9999999", 206, 0, len(DATA), id="more than all from the end"),
        pytest.param("bytes=0-1,5-6", 200, 0, len(DATA), id="several: the whole"),
        pytest.param("bytes=9-3", 200, 0, len(DATA), id="backwards: the whole"),
        pytest.param("lines=1-2", 200, 0, len(DATA), id="another unit: the whole"),
    ],
)
def test_ranges(http: httpx.Client, url: str, asked: str, status: int, start: int, end: int) -> None:
    answer = http.get(url, headers={"Range": asked})
    assert answer.status_code == status
    assert answer.content == DATA[start:end]
    if status == 206:
        assert answer.headers["content-range"] == f"bytes {start}-{end - 1}/{len(DATA)}"


def test_a_range_behind_the_end_is_416(http: httpx.Client, url: str) -> None:
    answer = http.get(url, headers={"Range": f"bytes={len(DATA)}-"})
    assert (answer.status_code, answer.headers["content-range"]) == (416, f"bytes */{len(DATA)}")


def test_a_range_of_another_version_gives_the_whole(http: httpx.Client, url: str) -> None:
    answer = http.get(url, headers={"Range": "bytes=0-9", "If-Range": '"older"'})
    assert (answer.status_code, len(answer.content)) == (200, len(DATA))
    answer = http.get(url, headers={"Range": "bytes=0-9", "If-Range": answer.headers["etag"]})
    assert (answer.status_code, answer.content) == (206, DATA[:10])


def test_an_empty_file_has_no_ranges() -> None:
    assert byte_range("", 0) is None
    with pytest.raises(RangeNotThere):
        byte_range("bytes=0-", 0)


@pytest.mark.parametrize(
    "path",
    [
        "/objects/",
        "/objects/secret",
        "/objects/../secret",
        "/objects/%2e%2e/secret",
        "/objects/..%2fsecret?expires=9999999999&method=GET&signature=00",
        "/objects/a%00b",
        "/objects/%ff?expires=x&max=y",
        "/objects/a?expires=9999999999&method=GET&signature=%C3%A9",
    ],
)
def test_an_address_that_nobody_made_is_403_with_a_problem(server: Server, store: EmbeddedStore, path: str) -> None:
    with socket.create_connection((server.host, server.port)) as raw:  # httpx would tidy the path up
        raw.sendall(f"GET {path} HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n".encode())
        answer = b"".join(iter(lambda: raw.recv(65536), b""))
    assert answer.startswith(b"HTTP/1.1 403 ")
    assert b'{"problems":[{"code":"bad-signature"' in answer
    assert store.secret not in answer


def test_the_address_of_a_deep_zoom_picture_is_good_for_its_tiles_and_nothing_else(
    http: httpx.Client, store: EmbeddedStore
) -> None:
    for key in ("a/slide.dzi", "a/slide_files/3/1_2.jpg", "a/other_files/3/1_2.jpg", "a/slide_files/notes.txt"):
        store.objects.put(key, key.encode(), content_type="image/jpeg")
    signed = store.objects.presign_get("a/slide.dzi", expires_s=600)
    path, _, query = signed.partition("?")
    tile = http.get(f"{path.removesuffix('slide.dzi')}slide_files/3/1_2.jpg?{query}")
    assert (tile.status_code, tile.content) == (200, b"a/slide_files/3/1_2.jpg")
    for other in ("other_files/3/1_2.jpg", "slide_files/notes.txt", "slide_files/3/%2e%2e/3/1_2.jpg", "b.dzi"):
        answer = http.get(f"{path.removesuffix('slide.dzi')}{other}?{query}")
        assert answer.status_code == 403, other
    assert http.put(f"{path.removesuffix('slide.dzi')}slide_files/3/1_2.jpg?{query}", content=b"x").status_code == 403
    upload = store.objects.presign_upload("a/new.dzi", max_bytes=10, content_type="image/jpeg", expires_s=600)
    target = upload.url.replace("new.dzi", "new_files/1/0_0.jpg")
    assert http.put(target, content=b"x", headers=dict(upload.headers)).status_code == 403


def test_other_methods_are_405(http: httpx.Client, url: str) -> None:
    for method in ("POST", "DELETE", "PATCH"):
        answer = http.request(method, url)
        assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD, PUT")
        assert answer.json()["problems"][0]["code"] == "no-method"


def test_a_replaced_file_is_served_anew(http: httpx.Client, store: EmbeddedStore, url: str) -> None:
    before = http.get(url).headers["etag"]
    store.objects.put("uploads/1/page.html", b"new", content_type="text/plain")
    answer = http.get(url, headers={"If-None-Match": before})
    assert (answer.content, answer.headers["content-type"]) == (b"new", "text/plain")


def test_an_upload_answers_with_what_was_stored(http: httpx.Client, store: EmbeddedStore) -> None:
    upload = store.objects.presign_upload("uploads/2/é.bin", max_bytes=len(DATA), content_type="a/b", expires_s=60)
    answer = http.put(upload.url, content=DATA, headers=dict(upload.headers))
    etag = hashlib.sha256(DATA).hexdigest()
    assert answer.json() == {"key": "uploads/2/é.bin", "size": len(DATA), "etag": etag}
    assert store.objects.get("uploads/2/é.bin") == DATA


def test_a_declared_gigabyte_is_refused_before_it_is_sent(server: Server, store: EmbeddedStore) -> None:
    upload = store.objects.presign_upload("big", max_bytes=10_000_000, content_type="a/b", expires_s=60)
    head = f"PUT {upload.url} HTTP/1.1\r\nHost: h\r\nContent-Type: a/b\r\nContent-Length: 1000000000\r\n\r\nfirst"
    with socket.create_connection((server.host, server.port)) as raw:
        raw.sendall(head.encode())
        answer = raw.recv(65536)
        while b"}" not in answer:
            answer += raw.recv(65536)
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert b'{"problems":[{"code":"too-big"' in answer
    assert list((store.folder / "objects" / "tmp").iterdir()) == []


def test_an_upload_that_breaks_off_leaves_nothing(server: Server, store: EmbeddedStore) -> None:
    store.objects.put("a", b"old", content_type="a/b")
    upload = store.objects.presign_upload("a", max_bytes=10_000_000, content_type="a/b", expires_s=60)
    head = f"PUT {upload.url} HTTP/1.1\r\nHost: h\r\nContent-Type: a/b\r\nContent-Length: 5000000\r\n\r\n"
    with socket.create_connection((server.host, server.port)) as raw:
        raw.sendall(head.encode() + b"x" * 2_000_000)
    server.stop()  # waits until the request has ended
    assert store.objects.get("a") == b"old"
    assert list((store.folder / "objects" / "tmp").iterdir()) == []


def test_the_addresses_are_paths_of_the_serving_host(store: EmbeddedStore, url: str) -> None:
    upload = store.objects.presign_upload("a", max_bytes=1, content_type="a/b", expires_s=60)
    for address in (url, upload.url):
        assert (urlsplit(address).scheme, urlsplit(address).netloc) == ("", "")
        assert address.startswith("/objects/")
