"""Lambda's way in, on the embedded store: an event of the HTTP API in, an answer that it sends out."""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import entry
import pytest
from chalicelib import limits, setup, world
from chalicelib.storage.embedded import open_embedded

Ask = Callable[..., dict[str, Any]]
URL = "https://label.example.org"


@pytest.fixture
def link(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setenv("LABELKITE_PUBLIC_URL", URL)
    monkeypatch.setenv("LABELKITE_ORIGIN_KEY", "between us")
    store = open_embedded(tmp_path / "data", public_url=URL)
    yield setup.first_start(world.use(store), URL).token
    store.close()


@pytest.fixture
def ask(link: str) -> Ask:
    def ask(method: str, path: str, body: Any = None, *, query: str = "", binary: bool = False, **more: Any) -> Any:
        headers = {"host": "abc.execute-api.eu-central-1.amazonaws.com", "x-origin-key": "between us", "origin": URL}
        headers |= {"content-type": "application/json", **more.pop("headers", {})}
        event: dict[str, Any] = {
            "version": "2.0",
            "rawPath": path,
            "rawQueryString": query,
            "headers": {name: value for name, value in headers.items() if value is not None},
            "requestContext": {"http": {"method": method, "path": path, "sourceIp": "198.51.100.7"}, "requestId": "r1"},
            "isBase64Encoded": binary,
            **more,
        }
        if body is not None:
            text = json.dumps(body)
            event["body"] = base64.b64encode(text.encode()).decode() if binary else text
        return entry.api(event, None)

    return ask


def codes(answer: dict[str, Any]) -> list[str]:
    return [one["code"] for one in json.loads(answer["body"])["problems"]]


def test_a_session_begins_with_a_cookie_of_its_own_and_holds(ask: Ask, link: str) -> None:
    joined = ask("POST", "/api/session", {"invite": link, "name": "Olga"})
    assert joined["statusCode"] == 201
    (cookie,) = joined["cookies"]
    assert "Secure" in cookie
    assert "set-cookie" not in joined["headers"]
    pair = cookie.partition(";")[0]
    # API Gateway hands cookies over apart; a stand-in leaves them in the header.
    for how in ({"cookies": ["a=b", pair]}, {"headers": {"cookie": f"a=b; {pair}"}}):
        said = ask("GET", "/api/session", **how)
        assert json.loads(said["body"])["person"]["name"] == "Olga"


@pytest.mark.parametrize("binary", [False, True], ids=["text", "base64"])
def test_bodies_come_as_text_or_as_bytes(ask: Ask, link: str, binary: bool) -> None:
    joined = ask("POST", "/api/session", {"invite": link, "name": "Zoë 😀"}, binary=binary)
    assert json.loads(joined["body"])["person"]["name"] == "Zoë 😀"


def test_slashes_at_the_end_head_and_queries_mean_what_they_do_on_one_machine(ask: Ask, link: str) -> None:
    assert ask("GET", "/api/health/")["body"] == '{"ok":true}'
    assert (ask("HEAD", "/api/health")["statusCode"], ask("HEAD", "/api/health")["body"]) == (200, "")
    assert codes(ask("GET", "/api/nothing")) == ["no-route"]
    assert codes(ask("DELETE", "/api/health")) == ["no-method"]
    pair = ask("POST", "/api/session", {"invite": link, "name": "Olga"})["cookies"][0].partition(";")[0]
    assert codes(ask("GET", "/api/projects", query="page=1&page=x%20y", cookies=[pair])) == ["bad-parameter"]


def test_only_what_comes_through_the_site_is_answered(ask: Ask) -> None:
    for key in (None, "", "wrong", "ß"):
        refused = ask("GET", "/api/health", headers={"x-origin-key": key})
        assert (refused["statusCode"], codes(refused)) == (403, ["not-here"])
        assert refused["headers"]["x-request-id"] == "r1"
        assert URL in refused["body"]


def test_who_asks_is_whom_cloudfront_saw(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []
    real = entry.app.__class__.__call__

    def watch(app: Any, event: Any, context: Any) -> Any:
        seen.append(event["requestContext"]["identity"]["sourceIp"])
        return real(app, event, context)

    monkeypatch.setattr(entry.app.__class__, "__call__", watch)
    gateway = "198.51.100.7"  # it saw CloudFront there, and says so in the event
    passed = {
        f"192.0.2.5, {gateway}": "192.0.2.5",
        f"10.0.0.1, 192.0.2.5, {gateway}": "192.0.2.5",  # the first was made up by who asks
        f"{gateway}, 192.0.2.5, {gateway}": "192.0.2.5",  # also when it is an address of ours
        f"2001:db8::7, {gateway}": "2001:db8::7",
        "10.0.0.1, 192.0.2.5": "192.0.2.5",  # a gateway that adds nothing: nothing is made up either
        gateway: gateway,
        "": gateway,
    }
    for said in passed:
        ask("GET", "/api/health", headers={"x-forwarded-for": said})
    monkeypatch.delenv("LABELKITE_ORIGIN_KEY")  # nobody in front: what the request says is anybody's word
    ask("GET", "/api/health", headers={"x-forwarded-for": "10.0.0.1, 192.0.2.5"})
    assert seen == [*passed.values(), gateway]


def test_making_up_addresses_does_not_help_against_the_limit_of_strangers(
    ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(limits.RATES, "anyone", limits.Rate(per_s=1e-6, burst=5))

    def statuses(viewer: str, made_up: str) -> list[int]:
        passed = [f"{made_up}{number}, {viewer}, 198.51.100.7" for number in range(8)]
        return [ask("GET", "/api/session", headers={"x-forwarded-for": one})["statusCode"] for one in passed]

    assert statuses("192.0.2.5", "10.0.0.").count(429) == 3
    assert statuses("192.0.2.6", "192.0.2.").count(429) == 3  # somebody else has a limit of their own


def test_every_answer_says_the_request_s_number_that_the_gateway_logs(ask: Ask) -> None:
    for path, status in (("/api/health", 200), ("/api/nothing", 404), ("/elsewhere", 404), ("/api/projects", 401)):
        answer = ask("GET", path)
        assert (answer["statusCode"], answer["headers"]["x-request-id"]) == (status, "r1"), path


def test_long_answers_are_compressed_for_those_who_take_that(ask: Ask) -> None:
    plain = ask("GET", "/api/openapi.json")
    packed = ask("GET", "/api/openapi.json", headers={"accept-encoding": "gzip, deflate, br"})
    assert packed["isBase64Encoded"]
    assert packed["headers"]["content-encoding"] == "gzip"
    assert gzip.decompress(base64.b64decode(packed["body"])).decode() == plain["body"]
    assert "content-encoding" not in ask("GET", "/api/health", headers={"accept-encoding": "gzip"})["headers"]


def test_an_answer_that_lambda_could_not_send_is_told_as_such(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entry, "MAX_ANSWER_BYTES", 1000)
    said = ask("GET", "/api/openapi.json")
    assert (said["statusCode"], codes(said)) == (406, ["too-long"])
    assert said["headers"]["x-request-id"] == "r1"
