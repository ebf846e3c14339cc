"""The API part of the local host, over real HTTP: events, answers, errors, and requests that must not mix."""

from __future__ import annotations

import base64
import json
import logging
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from chalice import BadRequestError, Chalice, Response
from chalice.local import LambdaEventConverter, RouteMatcher

from labelkite.server import Host, Server
from labelkite.server.api import MAX_BODY_BYTES, Routes

CLIENTS = 16


def make_app() -> Chalice:
    app = Chalice("test-app", configure_logs=False)

    @app.route("/api/echo/{name}", methods=["GET", "POST", "PUT"], content_types=["*/*"])
    def echo(name: str) -> Any:
        request = app.current_request
        event = dict(request.to_original_event())
        event["body"] = base64.b64encode(request.raw_body or b"").decode()
        return event

    @app.route("/api/echo/fixed")
    def fixed() -> Any:
        return {"route": "fixed"}

    @app.route("/api/bytes", methods=["POST"], content_types=["*/*"])
    def raw() -> Any:
        return Response(app.current_request.raw_body, headers={"Content-Type": "application/octet-stream"})

    @app.route("/api/cookies")
    def cookies() -> Any:
        return Response({}, headers={"Set-Cookie": ["a=1; HttpOnly", "b=2"], "X-One": "1"})

    @app.route("/api/nothing", methods=["DELETE"])
    def nothing() -> Any:
        return Response("", status_code=204)

    @app.route("/api/text")
    def text() -> Any:
        return Response("Grüße 😀", headers={"Content-Type": "text/plain; charset=utf-8", "Cache-Control": "max-age=5"})

    @app.route("/api/crash")
    def crash() -> Any:
        raise RuntimeError("a secret detail")

    @app.route("/api/bad")
    def bad() -> Any:
        raise BadRequestError("this was wrong")

    @app.route("/api/json", methods=["POST"])
    def needs_json() -> Any:
        return app.current_request.json_body

    @app.route("/api/owner/{who}", methods=["POST"], content_types=["*/*"])
    def owner(who: str) -> Any:
        request = app.current_request
        first = request.headers["x-who"]
        threading.Event().wait(0.0005)  # where a real handler waits for the disk
        return {
            "path": who,
            "header": first,
            "again": app.current_request.headers["x-who"],
            "body": json.loads(app.current_request.raw_body)["who"],
            "query": app.current_request.query_params["who"],
        }

    return app


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with Server(Host(make_app())) as running:
        yield running


@pytest.fixture
def http(server: Server) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server.url) as client:
        yield client


def problem(answer: httpx.Response) -> dict[str, str]:
    """The one problem of an error answer, whose shape is checked on the way."""
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["cache-control"] == "no-store"
    assert set(answer.json()) == {"problems"}
    [only] = answer.json()["problems"]
    assert set(only) == {"code", "message", "where", "hint"}
    assert all(isinstance(value, str) for value in only.values())
    assert only["message"]
    return dict(only)


# -- what reaches the app


def test_an_event_has_the_shape_of_api_gateway(http: httpx.Client) -> None:
    event = http.get("/api/echo/a%20b%2Fc?x=1&y=&x=2&z=%C3%A9+%26", headers={"X-Thing": "Ü".encode("latin-1")}).json()
    assert (event["resource"], event["path"], event["httpMethod"]) == ("/api/echo/{name}", "/api/echo/a b/c", "GET")
    assert event["pathParameters"] == {"name": "a%20b%2Fc"}
    assert event["multiValueQueryStringParameters"] == {"x": ["1", "2"], "y": [""], "z": ["é &"]}
    assert event["queryStringParameters"] == {"x": "2", "y": "", "z": "é &"}
    assert event["headers"]["x-thing"] == "Ü"
    assert event["multiValueHeaders"]["host"] == [f"127.0.0.1:{http.base_url.port}"]
    context = event["requestContext"]
    assert (context["httpMethod"], context["resourcePath"]) == ("GET", "/api/echo/{name}")
    assert context["identity"]["sourceIp"] == "127.0.0.1"
    assert event["isBase64Encoded"] is False


def test_an_event_without_query_and_body_has_none_of_them(http: httpx.Client) -> None:
    event = http.get("/api/echo/x").json()
    assert (event["multiValueQueryStringParameters"], event["queryStringParameters"]) == (None, None)
    assert event["body"] == ""


@pytest.mark.parametrize(
    "path", ["/api/echo/x", "/api/echo/x/", "/api/echo/fixed", "/api/echo/a%20b?x=1&x=2&empty=&e=%C3%A9", "/api/text"]
)
def test_events_agree_with_chalice_local_where_both_have_a_member(path: str) -> None:
    app = make_app()
    theirs = LambdaEventConverter(RouteMatcher(list(app.routes))).create_lambda_event("GET", path, {"X-A": "1"}, b"")
    ours = Host(app)._api._event(
        {
            "path": path.partition("?")[0],
            "query_string": path.partition("?")[2].encode(),
            "headers": [(b"x-a", b"1")],
            "client": ("127.0.0.1", 1),
        },
        "GET",
        *(Routes(app.routes).match(path.partition("?")[0]) or pytest.fail("no route")),
        b"",
    )
    for name in ("headers", "pathParameters", "multiValueQueryStringParameters", "body"):
        assert ours[name] == theirs[name], name
    for name in ("httpMethod", "resourcePath", "path"):
        assert ours["requestContext"][name] == theirs["requestContext"][name], name


def test_headers_sent_twice_are_both_there(server: Server) -> None:
    with socket.create_connection((server.host, server.port)) as raw:
        raw.sendall(
            b"GET /api/echo/x HTTP/1.1\r\nHost: h\r\nX-A: 1\r\nX-A: 2\r\nCookie: a=1\r\nCookie: b=2\r\n"
            b"Connection: close\r\n\r\n"
        )
        answer = b"".join(iter(lambda: raw.recv(65536), b""))
    event = json.loads(answer.partition(b"\r\n\r\n")[2])
    assert event["multiValueHeaders"]["x-a"] == ["1", "2"]
    assert (event["headers"]["x-a"], event["headers"]["cookie"]) == ("1, 2", "a=1; b=2")


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"", id="empty"),
        pytest.param("Grüße 😀".encode(), id="UTF-8"),
        pytest.param(bytes(range(256)) * 3, id="binary"),
        pytest.param(b"\xff\xfe" * 1_000_000, id="2 MB"),
    ],
)
def test_bodies_arrive_byte_by_byte(http: httpx.Client, body: bytes) -> None:
    for content_type in ("application/json", "text/csv", "application/octet-stream"):
        event = http.put("/api/echo/x", content=body, headers={"Content-Type": content_type}).json()
        assert base64.b64decode(event["body"]) == body
        assert http.post("/api/bytes", content=body, headers={"Content-Type": content_type}).content == body


def test_a_chunked_body_arrives_whole(http: httpx.Client) -> None:
    pieces = [b"x" * 70_000, b"y" * 70_000, b"z"]
    event = http.post("/api/echo/x", content=iter(pieces)).json()
    assert base64.b64decode(event["body"]) == b"".join(pieces)


def test_fixed_routes_win_over_parameters_and_a_slash_at_the_end_does_not_count(http: httpx.Client) -> None:
    assert http.get("/api/echo/fixed").json() == {"route": "fixed"}
    assert http.get("/api/echo/fixed/").json() == {"route": "fixed"}
    assert http.get("/api/echo/fixed2").json()["pathParameters"] == {"name": "fixed2"}


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/api/projects", ("/api/projects", {})),
        ("/api/projects/7", ("/api/projects/{id}", {"id": "7"})),
        ("/api/projects/validate", ("/api/projects/validate", {})),
        ("/api/projects/validate/next", ("/api/projects/{id}/next", {"id": "validate"})),
        ("/api/projects/7/next", ("/api/projects/{id}/next", {"id": "7"})),
        ("/api/projects/7/x/8", ("/api/projects/{a}/x/{b}", {"a": "7", "b": "8"})),
        ("/api/projects//next", None),
        ("/api/projects/{}", ("/api/projects/{id}", {"id": "{}"})),
        ("/api", None),
        ("/api/projects/7/nothing", None),
        ("/api/projects/7/next/more", None),
    ],
)
def test_routes_are_found_by_segments(path: str, expected: object) -> None:
    patterns = ["/api/projects", "/api/projects/{id}", "/api/projects/validate", "/api/projects/{id}/next"]
    assert Routes(iter([*patterns, "/api/projects/{a}/x/{b}"])).match(path) == expected


# -- what comes back


def test_several_cookies_are_several_headers(http: httpx.Client) -> None:
    answer = http.get("/api/cookies")
    assert answer.headers.get_list("set-cookie") == ["a=1; HttpOnly", "b=2"]
    assert (answer.headers["x-one"], answer.headers["content-type"]) == ("1", "application/json")


def test_an_answer_says_itself_how_long_it_may_be_kept_else_it_may_not(http: httpx.Client) -> None:
    assert http.get("/api/text").headers["cache-control"] == "max-age=5"
    assert http.get("/api/cookies").headers["cache-control"] == "no-store"


def test_text_goes_out_as_utf_8_with_its_length(http: httpx.Client) -> None:
    answer = http.get("/api/text")
    assert (answer.text, answer.headers["content-length"]) == ("Grüße 😀", str(len("Grüße 😀".encode())))


def test_head_is_get_without_a_body(http: httpx.Client) -> None:
    answer = http.head("/api/text")
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["content-length"] == str(len("Grüße 😀".encode()))
    assert http.get("/api/text").status_code == 200  # the connection is still in step


def test_an_answer_without_content_has_no_length(http: httpx.Client) -> None:
    answer = http.delete("/api/nothing")
    assert (answer.status_code, answer.content, "content-length" in answer.headers) == (204, b"", False)


def test_answers_carry_the_security_headers(http: httpx.Client) -> None:
    for path in ("/api/text", "/api/nowhere", "/api/crash"):
        headers = http.get(path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert "frame-ancestors 'none'" in headers["content-security-policy"]


# -- errors


@pytest.mark.parametrize("path", ["/api", "/api/", "/api/nowhere", "/api/echo", "/api/echo/a/b", "/api//echo/x"])
def test_an_unknown_route_is_404_with_a_problem(http: httpx.Client, path: str) -> None:
    answer = http.get(path)
    assert answer.status_code == 404
    assert problem(answer)["code"] == "no-route"


def test_a_wrong_method_is_405_and_names_the_right_ones(http: httpx.Client) -> None:
    for method in ("DELETE", "PATCH", "OPTIONS"):
        answer = http.request(method, "/api/echo/x")
        assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD, POST, PUT")
        assert problem(answer)["code"] == "no-method"


def test_errors_that_chalice_makes_have_our_shape(http: httpx.Client) -> None:
    for answer, status, message in (
        (http.get("/api/bad"), 400, "this was wrong"),
        (http.post("/api/json", content=b"{", headers={"Content-Type": "application/json"}), 400, "Error Parsing JSON"),
        (http.post("/api/json", content=b"<a/>", headers={"Content-Type": "text/xml"}), 415, "Unsupported media type"),
    ):
        assert answer.status_code == status
        assert message in problem(answer)["message"]


def test_a_crash_is_500_with_an_id_that_the_log_has_too(http: httpx.Client, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        answer = http.get("/api/crash")
    assert answer.status_code == 500
    message = problem(answer)["message"]
    assert "secret" not in answer.text
    assert "Traceback" not in answer.text
    number = message.partition("(error ")[2].rstrip(").")
    assert number
    assert f"error {number} at GET /api/crash" in caplog.text
    assert "a secret detail" in caplog.text


def test_an_app_that_breaks_outside_its_views_is_500_too(caplog: pytest.LogCaptureFixture) -> None:
    class Broken(Chalice):  # type: ignore[misc]
        def __call__(self, event: Any, context: Any) -> Any:
            raise RuntimeError("before any view")

    app = Broken("broken", configure_logs=False)
    app.route("/api/x")(dict)
    with Server(Host(app)) as server:
        answer = httpx.get(f"{server.url}/api/x")
    assert answer.status_code == 500
    assert problem(answer)["message"].partition("(error ")[2].rstrip(").") in caplog.text


@pytest.mark.parametrize("chunked", [pytest.param(False, id="length known"), pytest.param(True, id="chunked")])
def test_a_body_over_16_mb_is_413_and_the_connection_goes_on(http: httpx.Client, chunked: bool) -> None:
    body = b"x" * (MAX_BODY_BYTES + 1)
    answer = http.post("/api/bytes", content=iter([body[: 1 << 23], body[1 << 23 :]]) if chunked else body)
    assert answer.status_code == 413
    assert problem(answer)["code"] == "too-big"
    assert http.post("/api/bytes", content=b"x" * MAX_BODY_BYTES).status_code == 200


def test_a_declared_gigabyte_is_refused_before_it_is_sent(server: Server) -> None:
    with socket.create_connection((server.host, server.port)) as raw:
        raw.sendall(b"POST /api/bytes HTTP/1.1\r\nHost: h\r\nContent-Length: 1000000000\r\n\r\nfirst bytes")
        assert raw.recv(65536).startswith(b"HTTP/1.1 413 ")


def test_noise_instead_of_http_is_400_and_the_server_goes_on(server: Server, http: httpx.Client) -> None:
    with socket.create_connection((server.host, server.port)) as raw:
        raw.sendall(b"\x16\x03\x01 not http at all\r\n\r\n")
        assert raw.recv(65536).startswith(b"HTTP/1.1 400 ")
    assert http.get("/api/text").status_code == 200


# -- pieces


class Streaming(Chalice):  # type: ignore[misc]
    """Hands out its second half as an iterator where the host says that it can."""

    def __call__(self, event: Any, context: Any) -> Any:
        answer = super().__call__(event, context)
        if event.get("canStream"):
            answer["stream"] = self.pieces()
        return answer

    def pieces(self) -> Iterator[bytes]:
        for n in range(1000):
            yield b"%04d" % n * 500


def test_a_streamed_answer_comes_in_pieces() -> None:
    app = Streaming("streaming", configure_logs=False)
    app.route("/api/export")(lambda: Response("", headers={"Content-Type": "application/json"}))
    with Server(Host(app)) as server, httpx.stream("GET", f"{server.url}/api/export") as answer:
        assert "content-length" not in answer.headers
        assert answer.read() == b"".join(app.pieces())


def test_a_streamed_answer_that_breaks_is_cut_and_does_not_look_whole(caplog: pytest.LogCaptureFixture) -> None:
    class Breaking(Streaming):
        def pieces(self) -> Iterator[bytes]:
            yield b"one"
            raise RuntimeError("the disk is away")

    app = Breaking("breaking", configure_logs=False)
    app.route("/api/export")(lambda: Response("", headers={"Content-Type": "application/json"}))
    with Server(Host(app)) as server, pytest.raises(httpx.RemoteProtocolError):
        httpx.get(f"{server.url}/api/export")
    assert "the disk is away" in caplog.text


# -- many at once


def ask_as(url: str, who: str, times: int) -> list[dict[str, str]]:
    """Answers to requests whose every part carries the same mark."""
    with httpx.Client(base_url=url) as client:
        return [
            client.post(f"/api/owner/{who}", params={"who": who}, headers={"X-Who": who}, json={"who": who}).json()
            for _ in range(times)
        ]


def test_16_clients_at_once_never_get_each_others_request(server: Server) -> None:
    with ThreadPoolExecutor(CLIENTS) as pool:
        jobs = [(f"client-{n}", pool.submit(ask_as, server.url, f"client-{n}", 40)) for n in range(CLIENTS)]
        for who, job in jobs:
            answers = job.result()
            assert len(answers) == 40
            assert all(set(answer.values()) == {who} for answer in answers)


def test_a_plain_chalice_app_does_mix_requests_up() -> None:
    """Why the host gives each thread its own request: with one attribute for all, a mix-up comes soon."""
    app = make_app()
    event = Host(make_app())._api._event
    gate = threading.Barrier(CLIENTS)
    mixed = threading.Event()

    def client(n: int) -> None:
        who = f"client-{n}"
        scope = {
            "path": f"/api/owner/{who}",
            "query_string": f"who={who}".encode(),
            "headers": [(b"x-who", who.encode())],
        }
        body = json.dumps({"who": who}).encode()
        gate.wait()
        while not mixed.is_set():
            answer = app(event(scope, "POST", "/api/owner/{who}", {"who": who}, body), None)
            if answer["statusCode"] != 200 or set(json.loads(answer["body"]).values()) != {who}:
                mixed.set()

    threads = [threading.Thread(target=client, args=(n,), daemon=True) for n in range(CLIENTS)]
    for thread in threads:
        thread.start()
    assert mixed.wait(60)
    for thread in threads:
        thread.join()


def test_a_slow_request_holds_nobody_up_and_is_answered_when_the_server_stops() -> None:
    app = Chalice("slow", configure_logs=False)
    inside, go_on = threading.Event(), threading.Event()

    @app.route("/api/slow")
    def slow() -> Any:
        inside.set()
        go_on.wait(30)
        return {"done": True}

    app.route("/api/quick", name="quick")(lambda: {"quick": True})
    server = Server(Host(app))
    server.start()
    with ThreadPoolExecutor(2) as pool:
        waiting = pool.submit(httpx.get, f"{server.url}/api/slow")
        assert inside.wait(30)
        assert httpx.get(f"{server.url}/api/quick").json() == {"quick": True}
        stopping = pool.submit(server.stop)
        while not server.stopping:
            threading.Event().wait(0.001)
        go_on.set()
        assert waiting.result().json() == {"done": True}
        stopping.result()
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{server.url}/api/quick")
