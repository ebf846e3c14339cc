"""Webhooks: what is sent, signed and tried again; whom nobody may make this server call."""

from __future__ import annotations

import hashlib
import hmac
import json
import socket
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest
from chalicelib import keys, models, outgoing, webhook_delivery, webhooks
from chalicelib.auth import Caller
from chalicelib.handlers import imports, projects
from chalicelib.handlers import webhooks as handlers
from chalicelib.outgoing import Allowed, Forbidden, Unreachable
from chalicelib.problems import Refusal
from chalicelib.storage.ports import Conflict, Job, Put

from tests.api.by_hand import Held
from tests.api.inside import Inside, opened
from tests.api.people import mood
from tests.api.receiver import Receiver, receiving, reply
from tests.api.waiting import until


@pytest.fixture
def inside(folder: Path) -> Iterator[Inside]:
    with opened(folder) as inside:
        inside.world.allowed = Allowed.read(["127.0.0.1"])
        yield inside


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as receiver:
        yield receiver


def hook(inside: Inside, url: str, project: int | None = None, **more: Any) -> dict[str, Any]:
    return handlers.create(
        inside.world, inside.owner, models.read("NewWebhook", {"url": url, "project": project, **more})
    )


def deliveries(inside: Inside, hook: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = handlers.deliveries(inside.world, inside.owner, hook["id"])["deliveries"]
    return found


def later(inside: Inside, seconds: float) -> None:
    inside.clock.now += seconds
    inside.world.jobs.wake()  # type: ignore[attr-defined]


@pytest.mark.both_stores
def test_a_submit_is_told_with_the_members_of_label_studio(inside: Inside, receiver: Receiver) -> None:
    project = inside.project(1)
    hook(inside, receiver.url, project, actions=["ANNOTATION_CREATED"], send_for_all_actions=False)
    person = inside.person(project)
    made = inside.submit(person, inside.next(person, project))
    body = receiver.wait(1)[0].body
    assert body["action"] == "ANNOTATION_CREATED"
    assert body["project"]["id"] == project
    assert body["task"]["data"] == {"text": "Text number 1"}
    assert (body["annotation"]["id"], body["annotation"]["result"]) == (made["id"], made["result"])


def test_every_change_of_a_project_is_told(inside: Inside, receiver: Receiver) -> None:
    hook(inside, receiver.url)
    project = inside.project(3, maximum_annotations=1)
    projects.change(inside.world, inside.owner, project, models.read("ChangeProject", {"title": "New"}))
    person = inside.person(project)
    inside.submit(person, inside.next(person, project))
    later(inside, 2)
    receiver.wait(5)
    projects.remove(inside.world, inside.owner, project)
    later(inside, 2)
    receiver.wait(6)
    assert receiver.actions() == [
        "ANNOTATION_CREATED", "CONSENSUS_REACHED", "PROJECT_CREATED", "PROJECT_DELETED", "PROJECT_UPDATED",
        "TASKS_CREATED",
    ]  # fmt: skip
    created = next(call.body for call in receiver.calls if call.body["action"] == "TASKS_CREATED")
    assert [task["data"]["text"] for task in created["tasks"]] == [f"Text number {n}" for n in (1, 2, 3)]


def test_an_import_that_brings_annotations_tells_them_under_label_studios_members(
    inside: Inside, receiver: Receiver
) -> None:
    project = inside.project(0)
    hook(inside, receiver.url, project, actions=["ANNOTATIONS_CREATED"], send_for_all_actions=False)
    rows = [
        {"data": {"text": "plain"}},
        {"data": {"text": "labeled"}, "annotations": [{"result": mood("Sad")}, {"result": mood("Calm")}]},
    ]
    imports.load(inside.world, inside.owner, project, json.dumps(rows[:1]).encode(), "application/json")
    imports.load(inside.world, inside.owner, project, json.dumps(rows).encode(), "application/json")
    body = receiver.wait(1)[0].body
    assert receiver.actions() == ["ANNOTATIONS_CREATED"], "nothing for an import without any"
    assert [task["data"]["text"] for task in body["task"]] == ["labeled"]
    assert [one["result"] for one in body["annotation"]] == [mood("Sad"), mood("Calm")]
    assert {one["task"] for one in body["annotation"]} == {body["task"][0]["id"]}


def test_the_signature_is_that_of_time_and_body_under_the_secret_that_was_shown_once(
    inside: Inside, receiver: Receiver
) -> None:
    made = hook(inside, receiver.url)
    assert "secret" not in handlers.one(inside.world, inside.owner, made["id"])
    handlers.ping(inside.world, inside.owner, made["id"])
    call = receiver.wait(1)[0]
    at, _, given = call.headers["x-labelkite-signature"].removeprefix("t=").partition(",v1=")
    assert int(at) == int(inside.clock.now)
    message = f"{at}.".encode() + call.raw
    assert hmac.compare_digest(given, hmac.new(made["secret"].encode(), message, hashlib.sha256).hexdigest())


def test_nobody_pays_for_events_that_nobody_wants(inside: Inside) -> None:
    project = inside.project(1)
    row = inside.world.records.get(*keys.project(project)).body
    assert webhooks.operations(inside.world, row, [("ANNOTATION_CREATED", {"task": 1})]) == []
    made = hook(inside, "http://127.0.0.1:9/", project, actions=["TASKS_CREATED"], send_for_all_actions=False)
    row = inside.world.records.get(*keys.project(project)).body
    assert webhooks.operations(inside.world, row, [("ANNOTATION_CREATED", {"task": 1})]) == []
    assert len(webhooks.operations(inside.world, row, [("TASKS_CREATED", {"tasks": [1]})])) == 1
    handlers.remove(inside.world, inside.owner, made["id"])
    row = inside.world.records.get(*keys.project(project)).body
    assert webhooks.operations(inside.world, row, [("TASKS_CREATED", {"tasks": [1]})]) == []


@pytest.fixture
def by_hand(inside: Inside) -> Inside:
    inside.world.jobs = Held()
    return inside


def send(inside: Inside, hook: dict[str, Any]) -> None:
    """One run of what sends the calls of a webhook that are due."""
    webhook_delivery.send(inside.world, Job("1", "hooks-send", {"hook": hook["id"]}, 1))


def test_what_fails_is_tried_again_with_growing_waits_under_the_same_event(by_hand: Inside, receiver: Receiver) -> None:
    statuses = [500, 503, 200]
    receiver.answer = lambda handler: reply(handler, statuses[len(receiver.calls) - 1])
    made = hook(by_hand, receiver.url)
    handlers.ping(by_hand.world, by_hand.owner, made["id"])
    calls = []
    for wait_s in (0, 9, 2, 12, 17, 2, 1000):
        by_hand.clock.now += wait_s
        send(by_hand, made)
        calls.append(len(receiver.calls))
    assert calls == [1, 1, 2, 2, 2, 3, 3], "after 10 seconds, then after 30"
    log = deliveries(by_hand, made)[0]
    assert (log["state"], [attempt["status"] for attempt in log["attempts"]]) == ("delivered", statuses)
    assert len({call.headers["x-labelkite-event"] for call in receiver.calls}) == 1


def test_after_a_day_a_delivery_is_given_up_and_can_be_replayed(by_hand: Inside, receiver: Receiver) -> None:
    receiver.answer = lambda handler: reply(handler, 500, b"no")
    made = hook(by_hand, receiver.url)
    handlers.ping(by_hand.world, by_hand.owner, made["id"])
    for wait_s in (*webhook_delivery.WAITS_S, 0):
        send(by_hand, made)
        assert deliveries(by_hand, made)[0]["state"] == ("waiting" if wait_s else "failed")
        by_hand.clock.now += wait_s
    log = deliveries(by_hand, made)[0]
    assert log["attempts"][-1] == {**log["attempts"][-1], "status": 500, "excerpt": "no"}
    assert 20 * 3600 < sum(webhook_delivery.WAITS_S) < 24 * 3600
    receiver.answer = lambda handler: reply(handler, 204)
    assert handlers.replay_failed(by_hand.world, by_hand.owner, made["id"]) == {"replayed": 1}
    send(by_hand, made)
    assert deliveries(by_hand, made)[0]["state"] == "delivered"
    handlers.replay(by_hand.world, by_hand.owner, made["id"], log["id"])
    send(by_hand, made)
    assert len(deliveries(by_hand, made)[0]["attempts"]) == len(log["attempts"]) + 2
    assert len({call.headers["x-labelkite-event"] for call in receiver.calls}) == 1


def test_a_receiver_that_is_away_is_not_asked_by_ever_more_messages(by_hand: Inside) -> None:
    made = hook(by_hand, "http://127.0.0.1:9/")
    for _ in range(5):
        handlers.ping(by_hand.world, by_hand.owner, made["id"])
    held = by_hand.world.jobs
    assert isinstance(held, Held)
    sent = [message for message in held.waiting if message.kind == "hooks-send"]
    held.waiting.clear()
    for _ in sent:
        send(by_hand, made)
    assert [message.kind for message in held.waiting] == ["hooks-send"], "one run is planned, whatever came before"


def test_redirects_are_not_followed(inside: Inside, receiver: Receiver) -> None:
    receiver.answer = lambda handler: reply(handler, 302, Location="http://127.0.0.1:1/secret")
    made = hook(inside, receiver.url)
    handlers.ping(inside.world, inside.owner, made["id"])
    attempt = until(lambda: deliveries(inside, made)[0]["attempts"])[0]
    assert attempt["status"] == 302
    assert attempt["excerpt"] == "Redirects are not followed. To http://127.0.0.1:1/secret"
    assert len(receiver.calls) == 1


def test_a_receiver_that_trickles_is_cut_off_in_time(receiver: Receiver) -> None:
    def trickle(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", "1000")
        handler.end_headers()
        try:
            for _ in range(1000):
                handler.wfile.write(b".")
                handler.wfile.flush()
                time.sleep(0.05)
        except OSError:
            pass

    receiver.answer = trickle
    begun = time.monotonic()
    with pytest.raises(Unreachable, match=r"No answer within 0\.3 seconds"):
        outgoing.post(receiver.url, b"{}", {}, Allowed.read(["127.0.0.1"]), timeout_s=0.3)
    assert time.monotonic() - begun < 20, "it waited for the whole answer"


def test_of_a_long_answer_only_the_start_is_read(receiver: Receiver) -> None:
    receiver.answer = lambda handler: reply(handler, 200, b"x" * (1 << 20))
    answer = outgoing.post(receiver.url, b"{}", {}, Allowed.read(["127.0.0.1"]))
    assert len(answer.body) == outgoing.MAX_REPLY_BYTES


def test_an_answer_that_is_no_http_is_a_failure(inside: Inside) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        made = hook(inside, f"http://127.0.0.1:{server.getsockname()[1]}/")
        handlers.ping(inside.world, inside.owner, made["id"])
        connection, _ = server.accept()
        with connection:
            connection.recv(10_000)
            connection.sendall(b"220 mail.example ready\r\n")
    attempt = until(lambda: deliveries(inside, made)[0]["attempts"])[0]
    assert (attempt["status"], attempt["excerpt"][:21]) == (0, "The connection broke:")


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1", "127.1.2.3", "0.0.0.0", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
        "224.0.0.1", "240.0.0.1", "255.255.255.255", "[::1]", "[::]", "[fe80::1]", "[fc00::1]", "[ff02::1]",
        "[::ffff:127.0.0.1]", "[::ffff:10.0.0.1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "[2001:0:1::1]",
    ],
)  # fmt: skip
def test_addresses_that_are_not_public_are_refused_when_a_webhook_is_made(folder: Path, host: str) -> None:
    with opened(folder) as inside:
        with pytest.raises(Refusal) as refused:
            hook(inside, f"http://{host}/hook")
        assert refused.value.problems[0]["code"] == "bad-address"


@pytest.mark.parametrize("url", ["http://localhost:{port}/", "http://127.1:{port}/", "http://2130706433:{port}/"])
def test_names_and_spellings_of_private_addresses_are_refused_at_the_call(folder: Path, url: str) -> None:
    with opened(folder) as inside, receiving() as receiver:
        port = receiver.url.rpartition(":")[2].partition("/")[0]
        made = hook(inside, url.format(port=port))
        handlers.ping(inside.world, inside.owner, made["id"])
        attempt = until(lambda: deliveries(inside, made)[0]["attempts"])[0]
        assert attempt["status"] == 0
        assert "not a public address" in attempt["excerpt"]
        assert receiver.calls == []


def test_the_connection_goes_to_the_address_that_was_checked(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name that is public when it is checked and private when it is used gains nothing: it is asked once."""
    asked: list[str] = []
    real = socket.getaddrinfo

    def once(host: str, *args: Any, **more: Any) -> Any:
        if host == "rebinding.example":
            asked.append(host)
            return real("127.0.0.1" if len(asked) == 1 else "10.9.9.9", *args, **more)
        return real(host, *args, **more)

    monkeypatch.setattr(socket, "getaddrinfo", once)
    url = receiver.url.replace("127.0.0.1", "rebinding.example")
    assert outgoing.post(url, b"{}", {}, Allowed.read(["127.0.0.1"])).status == 200
    assert asked == ["rebinding.example"]
    assert receiver.calls[0].headers["host"].startswith("rebinding.example:")


def test_one_private_address_among_those_of_a_name_is_enough_to_refuse_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def both(*args: Any, **more: Any) -> Any:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, 80)) for ip in ("93.184.215.14", "10.0.0.1")]

    monkeypatch.setattr(socket, "getaddrinfo", both)
    with pytest.raises(Forbidden, match=r"10\.0\.0\.1"):
        outgoing.resolve("two.example", 80, Allowed())


@pytest.mark.parametrize(
    ("entries", "host", "permitted"),
    [
        (["127.0.0.1"], "127.0.0.1", True),
        (["127.0.0.1"], "127.0.0.2", False),
        (["10.0.0.0/8"], "10.200.3.4", True),
        (["fd00::/8"], "fd12::1", True),
        ([], "93.184.215.14", True),
        ([" ", "Hooks.Internal."], "10.0.0.1", False),
    ],
    ids=str,
)
def test_what_the_operator_allows(entries: list[str], host: str, permitted: bool) -> None:
    import ipaddress

    assert Allowed.read(entries).permits(host, ipaddress.ip_address(host)) is permitted


def test_an_allowed_name_may_have_any_address() -> None:
    import ipaddress

    assert Allowed.read(["Hooks.Internal."]).permits("hooks.internal", ipaddress.ip_address("10.0.0.1"))


@pytest.mark.parametrize(
    ("asked", "where"),
    [
        ({"url": "ftp://example.org/"}, "field url"),
        ({"url": "https://user:secret@example.org/"}, "field url"),
        ({"url": "https://"}, "field url"),
        ({"url": "https://example.org:99999/"}, "field url"),
        ({"url": "https://exämple.org/"}, "field url"),
        ({"actions": ["NOTHING"]}, "field actions"),
        ({"actions": ["THRESHOLD_REACHED"]}, "field every"),
        ({"headers": {"Host": "other"}}, "field headers"),
        ({"headers": {"X-A": "b\r\nX-C: d"}}, "field headers"),
        ({"headers": {"X-Labelkite-Event": "1"}}, "field headers"),
        ({"headers": {f"X-{n}": "1" for n in range(11)}}, "field headers"),
    ],
    ids=str,
)
def test_webhooks_that_cannot_work_are_refused(inside: Inside, asked: dict[str, Any], where: str) -> None:
    with pytest.raises(Refusal) as refused:
        hook(inside, **{"url": "https://example.org/", **asked})
    assert refused.value.status == 400
    assert refused.value.problems[0]["where"] == where


def test_own_headers_are_sent_along(inside: Inside, receiver: Receiver) -> None:
    made = hook(inside, receiver.url, headers={"Authorization": "Bearer abc"}, send_payload=False)
    handlers.ping(inside.world, inside.owner, made["id"])
    call = receiver.wait(1)[0]
    assert call.headers["authorization"] == "Bearer abc"
    assert call.body.keys() == {"action", "event", "happened_at"}


def test_an_event_whose_wake_was_lost_is_found_by_the_next_look(inside: Inside, receiver: Receiver) -> None:
    project = inside.project(1)
    hook(inside, receiver.url, project)
    row = inside.world.records.get(*keys.project(project)).body
    inside.world.records.transact(webhooks.operations(inside.world, row, [("PROJECT_UPDATED", {})]))
    # The process ends here, before it wakes anybody.
    webhook_delivery.tick(inside.world)
    assert receiver.wait(1)[0].body["action"] == "PROJECT_UPDATED"


def test_a_delivery_whose_process_died_under_way_is_made_again(inside: Inside, receiver: Receiver) -> None:
    made = hook(inside, "http://127.0.0.1:9/", is_active=True)
    now_ms = inside.world.now_ms()
    waiting = webhook_delivery.new_delivery(inside.world, made["id"], "e-0", {"action": "PING", "at": now_ms}, now_ms)
    inside.world.records.transact(waiting)
    due = inside.world.records.query(f"HOOK#{made['id']}", "DUE#").records[0]
    assert webhook_delivery._take(inside.world, made["id"], due) is not None  # and then it dies
    assert webhook_delivery._take(inside.world, made["id"], due) is None, "nobody else may take it meanwhile"
    handlers.change(inside.world, inside.owner, made["id"], models.read("ChangeWebhook", {"url": receiver.url}))
    later(inside, webhook_delivery.LEASE_MS / 1000 + 1)
    webhook_delivery.tick(inside.world)
    assert receiver.wait(1)[0].headers["x-labelkite-event"] == "e-0"


def test_a_change_that_is_not_written_is_not_told(inside: Inside, receiver: Receiver) -> None:
    project = inside.project(1)
    hook(inside, receiver.url, project)
    record = inside.world.records.get(*keys.project(project))
    operations = webhooks.operations(inside.world, record.body, [("PROJECT_UPDATED", {})])
    with pytest.raises(Conflict):
        inside.world.records.transact([Put(record.pk, record.sk, record.body, expect=99), *operations])
    webhook_delivery.tick(inside.world)
    handlers.ping(inside.world, inside.owner, handlers.listed(inside.world, inside.owner, project)[0]["id"])
    assert [call.body["action"] for call in receiver.wait(1)] == ["PING"]


def test_every_nth_verified_task_is_an_event_of_its_own(inside: Inside, receiver: Receiver) -> None:
    project = inside.project(1)
    hook(inside, receiver.url, project, actions=["THRESHOLD_REACHED"], send_for_all_actions=False, every=3)
    row = inside.world.records.get(*keys.project(project)).body
    for n in range(7):
        webhooks.tell(inside.world, row, [("TASK_VERIFIED", {"task": n + 1})])
    later(inside, 2)
    calls = receiver.wait(2)
    assert sorted(call.body["verified"] for call in calls) == [3, 6]
    assert receiver.actions() == ["THRESHOLD_REACHED"] * 2


def test_many_changes_share_a_wake_and_none_is_left_behind(inside: Inside, receiver: Receiver) -> None:
    project = inside.project(30)
    hook(inside, receiver.url, project, actions=["ANNOTATION_CREATED"], send_for_all_actions=False)
    person = inside.person(project)
    for _ in range(30):
        inside.submit(person, inside.next(person, project))
    later(inside, 2)
    calls = receiver.wait(30)
    assert len({call.body["task"]["id"] for call in calls}) == 30


def test_a_slow_receiver_holds_up_neither_other_webhooks_nor_long_work(inside: Inside, receiver: Receiver) -> None:
    project = inside.project(0)
    with socket.create_server(("127.0.0.1", 0)) as never_answers:
        slow = hook(inside, f"http://127.0.0.1:{never_answers.getsockname()[1]}/", project)
        handlers.ping(inside.world, inside.owner, slow["id"])
        connection, _ = never_answers.accept()
        quick = hook(inside, receiver.url, project)
        handlers.ping(inside.world, inside.owner, quick["id"])
        receiver.wait(1)
        imports.load(inside.world, inside.owner, project, b"one\n", "text/plain")
        assert deliveries(inside, slow)[0]["attempts"] == []
        connection.close()


def test_of_the_log_the_last_hundred_are_kept(inside: Inside, receiver: Receiver) -> None:
    made = hook(inside, receiver.url)
    for _ in range(105):
        handlers.ping(inside.world, inside.owner, made["id"])
    receiver.wait(105)
    until(lambda: all(d["state"] == "delivered" for d in deliveries(inside, made)))
    webhook_delivery.send(inside.world, Job("1", "hooks-send", {"hook": made["id"]}, 1))
    assert len(inside.world.records.query(f"HOOK#{made['id']}", "DELIVERY#", limit=200).records) == 100


def test_nothing_of_a_deleted_webhook_stays(inside: Inside, receiver: Receiver) -> None:
    made = hook(inside, receiver.url)
    handlers.ping(inside.world, inside.owner, made["id"])
    until(lambda: deliveries(inside, made)[0]["state"] == "delivered")
    handlers.remove(inside.world, inside.owner, made["id"])
    until(lambda: not inside.world.records.query(f"HOOK#{made['id']}").records)
    assert handlers.listed(inside.world, inside.owner, 0) == []


def test_members_of_a_project_may_not_see_or_make_webhooks(inside: Inside) -> None:
    project = inside.project(1)
    made = hook(inside, "https://example.org/", project)
    person: Caller = inside.person(project)
    body = models.read("NewWebhook", {"url": "https://example.org/", "project": project})
    for attempt in (
        lambda: handlers.one(inside.world, person, made["id"]),
        lambda: handlers.listed(inside.world, person, project),
        lambda: handlers.listed(inside.world, person, 0),
        lambda: handlers.create(inside.world, person, body),
        lambda: handlers.remove(inside.world, person, made["id"]),
    ):
        with pytest.raises(Refusal) as refused:
            attempt()
        assert refused.value.status == 403


def test_the_events_are_described() -> None:
    assert handlers.info().keys() == set(webhooks.ACTIONS)
    assert handlers.info()["PROJECT_CREATED"]["organization-only"] is True
