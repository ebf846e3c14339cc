"""The store on AWS: the contract, and what only it has to get right."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from chalice import Chalice
from chalicelib.storage.aws import AwsStore, NotConfigured, faults, open_aws, open_from_environment
from chalicelib.storage.aws.clients import Clients, Credentials
from chalicelib.storage.aws.items import key_of
from chalicelib.storage.aws.jobs import MAX_ATTEMPTS, DeadJob
from chalicelib.storage.ports import Add, Conflict, Delete, Job, ObjectConflict, Put, Unavailable

from labelkite.server import Host, Server
from tests.aws import Ministack
from tests.storage.contract import RACERS, Clock, StorageContract, race
from tests.storage.proxy import Proxy, after, busy, fail_after, instead, lose


@pytest.fixture
def clock() -> Clock:
    return Clock(time.time())  # signatures are checked by somebody else's clock


@pytest.fixture
def store(aws: Ministack, clock: Clock) -> Iterator[AwsStore]:
    opened = aws.store(work=True, clock=clock)
    yield opened
    opened.jobs.close()


@pytest.fixture
def http() -> Iterator[httpx.Client]:
    with httpx.Client() as client:
        yield client


class TestAws(StorageContract):
    pass


# -- answers that are lost: the write counts once, and its answer is the one that was lost


@pytest.fixture(scope="session")
def proxied(aws: Ministack) -> Iterator[tuple[Proxy, Clients]]:
    with Proxy(aws.url) as running:
        clients = aws.clients(running.url)
        yield running, clients
        clients.close()


@pytest.fixture
def proxy(proxied: tuple[Proxy, Clients]) -> Iterator[Proxy]:
    running = proxied[0]
    running.seen.clear()
    yield running
    assert running.left() == []


@pytest.fixture
def shaky(aws: Ministack, proxied: tuple[Proxy, Clients], clock: Clock) -> AwsStore:
    """A store whose requests go through the proxy."""
    return aws.store(clients=proxied[1], clock=clock)


def body_of(store: AwsStore, sk: str) -> Any:
    found = store.records.get("P", sk)
    return found and (found.version, dict(found.body))


LOST = [lose, fail_after]
LOST_IDS = ["the connection breaks", "the service says 500"]


@pytest.mark.parametrize("trick", LOST, ids=LOST_IDS)
@pytest.mark.parametrize(
    ("name", "operations", "answer", "after_it"),
    [
        pytest.param(
            "TransactWriteItems",
            [Put("P", "A", {"n": 2}, expect=1), Add("P", "N", {"n": 5}), Delete("P", "B", expect=1), Put("P", "C", {})],
            (2, 0, 0, 0),
            {"A": (2, {"n": 2}), "N": (2, {"n": 15}), "B": None, "C": (1, {})},
            id="several operations",
        ),
        pytest.param("PutItem", [Put("P", "A", {"n": 2}, expect=1)], (2,), {"A": (2, {"n": 2})}, id="a replacement"),
        pytest.param("PutItem", [Put("P", "X", {"n": 2}, expect=0)], (1,), {"X": (1, {"n": 2})}, id="a creation"),
        pytest.param("DeleteItem", [Delete("P", "A")], (0,), {"A": None}, id="a delete"),
        pytest.param("TransactWriteItems", [Delete("P", "A", expect=1)], (0,), {"A": None}, id="a delete that expects"),
        pytest.param(
            "TransactWriteItems", [Add("P", "N", {"n": 5})], (0,), {"N": (2, {"n": 15})}, id="a lone addition"
        ),
    ],
)
def test_a_write_whose_answer_is_lost_counts_once(
    shaky: AwsStore, proxy: Proxy, trick: Any, name: str, operations: Any, answer: Any, after_it: dict[str, Any]
) -> None:
    shaky.records.transact([Put("P", "A", {"n": 1}), Put("P", "B", {}), Add("P", "N", {"n": 10})])
    proxy.next(name, trick, trick)
    assert shaky.records.transact(operations) == answer
    assert {sk: body_of(shaky, sk) for sk in after_it} == after_it
    assert proxy.seen.count(name) >= 3


def test_a_put_over_anything_whose_answer_is_lost_is_there(shaky: AwsStore, proxy: Proxy) -> None:
    proxy.next("UpdateItem", lose)
    shaky.records.transact([Put("P", "A", {"n": 1})])
    assert shaky.records.get("P", "A").body == {"n": 1}  # type: ignore[union-attr]


@pytest.mark.parametrize("trick", LOST, ids=LOST_IDS)
def test_an_addition_whose_answer_is_lost_is_told_its_own_sum(shaky: AwsStore, proxy: Proxy, trick: Any) -> None:
    assert shaky.records.add("P", "N", {"id": 10}) == {"id": 10}
    proxy.next("UpdateItem", trick, trick)
    assert shaky.records.add("P", "N", {"id": 1, "other": 7}) == {"id": 11, "other": 7}
    assert shaky.records.add("P", "N", {"id": 1}) == {"id": 12}
    assert shaky.records.get("P", "N").body == {"id": 12, "other": 7}  # type: ignore[union-attr]


def test_an_addition_is_told_its_own_sum_although_others_added_before_its_second_try(
    shaky: AwsStore, proxy: Proxy
) -> None:
    others: list[int] = []
    proxy.next("UpdateItem", after(lose, lambda: others.append(shaky.records.add("P", "N", {"id": 1})["id"])))
    assert shaky.records.add("P", "N", {"id": 1}) == {"id": 1}
    assert others == [2]
    assert shaky.records.get("P", "N").body == {"id": 2}  # type: ignore[union-attr]


def test_receipts_of_additions_do_not_heap_up(shaky: AwsStore, clock: Clock) -> None:
    for _ in range(30):
        shaky.records.add("P", "N", {"id": 1})
    other = replace(shaky.records)  # another process, which did not make the receipts
    clock.now += 700
    assert other.add("P", "N", {"id": 1}) == {"id": 31}
    assert other.add("P", "N", {"id": 1}) == {"id": 32}
    item = shaky.clients.dynamodb.get_item(TableName=shaky.records.table, Key=key_of("P", "N"))["Item"]
    assert sum(name.startswith("r:") for name in item) == 1


def test_a_put_whose_answer_is_lost_and_that_others_replaced_since_is_not_called_a_conflict(
    shaky: AwsStore, proxy: Proxy
) -> None:
    shaky.records.transact([Put("P", "A", {"n": 1})])
    proxy.next("PutItem", after(lose, lambda: shaky.records.transact([Put("P", "A", {"n": 3}, expect=2)])))
    with pytest.raises(Unavailable, match="P/A was lost"):
        shaky.records.transact([Put("P", "A", {"n": 2}, expect=1)])
    assert body_of(shaky, "A") == (3, {"n": 3})


def test_a_conflict_stays_one_when_its_answer_is_lost(shaky: AwsStore, proxy: Proxy) -> None:
    shaky.records.transact([Put("P", "A", {"n": 1})])
    proxy.next("TransactWriteItems", lose)
    with pytest.raises(Conflict) as conflict:
        shaky.records.transact([Put("P", "A", {"n": 2}, expect=7), Put("P", "B", {})])
    assert (conflict.value.sk, conflict.value.expected, conflict.value.found) == ("A", 7, 1)
    assert body_of(shaky, "B") is None


def test_a_read_whose_answer_is_lost_is_asked_again(shaky: AwsStore, proxy: Proxy) -> None:
    shaky.records.transact([Put("P", "A", {"n": 1}), Put("P", "B", {"n": 2})])
    for name in ("GetItem", "BatchGetItem", "Query"):
        proxy.next(name, lose, fail_after)
    assert body_of(shaky, "A") == (1, {"n": 1})
    assert len(shaky.records.get_many([("P", "A"), ("P", "B")])) == 2
    assert len(shaky.records.query("P").records) == 2


def test_loaded_records_are_there_although_answers_are_lost(shaky: AwsStore, proxy: Proxy) -> None:
    proxy.next("BatchWriteItem", lose, fail_after)
    shaky.records.load([Put("P", f"{n:02}", {"n": n}) for n in range(30)])
    assert [row.body["n"] for row in shaky.records.query("P").records] == list(range(30))


@pytest.mark.parametrize("trick", LOST, ids=LOST_IDS)
def test_an_object_whose_answer_is_lost_was_put_by_us(shaky: AwsStore, proxy: Proxy, trick: Any) -> None:
    proxy.next("PUT object", trick)
    first = shaky.objects.put("a", b"1", content_type="a/b", if_absent=True)
    proxy.next("PUT object", trick)
    second = shaky.objects.put("a", b"2", content_type="a/b", if_match=first.etag)
    assert (shaky.objects.get("a"), shaky.objects.head("a")) == (b"2", second)
    proxy.next("PUT object", trick)
    with pytest.raises(ObjectConflict) as conflict:
        shaky.objects.put("a", b"3", content_type="a/b", if_match=first.etag)
    assert conflict.value.found_etag == second.etag
    proxy.next("GET object", trick)
    assert shaky.objects.get("a") == b"2"
    proxy.next("DELETE object", trick)
    shaky.objects.delete("a")
    assert shaky.objects.head("a") is None


@pytest.mark.parametrize("trick", LOST, ids=LOST_IDS)
def test_an_object_in_parts_is_whole_although_answers_are_lost(shaky: AwsStore, proxy: Proxy, trick: Any) -> None:
    proxy.next("POST uploads", trick)
    proxy.next("PUT partNumber", trick)
    proxy.next("POST uploadId", trick)
    info = shaky.objects.put_stream("a", [b"x" * (9 << 20), b"y" * (9 << 20)], content_type="a/b")
    assert info.size == 18 << 20
    assert shaky.objects.get("a") == b"x" * (9 << 20) + b"y" * (9 << 20)


def test_a_stream_goes_on_where_it_broke_off(shaky: AwsStore, proxy: Proxy) -> None:
    data = bytes(range(256)) * 4096
    shaky.objects.put("a", data, content_type="a/b")
    proxy.next("GET object", lambda request: cut(request.forward(), 300_000))
    assert b"".join(shaky.objects.stream("a", 100_000)) == data
    assert proxy.seen.count("GET object") == 2


def cut(answer: Any, size: int) -> Any:
    """All headers, but only the first bytes of the body."""
    status, headers, content = answer
    return status, {**headers, "promised": str(len(content))}, content[:size]


@pytest.mark.parametrize("trick", LOST, ids=LOST_IDS)
def test_a_job_whose_answer_is_lost_is_in_the_queue_under_one_id(shaky: AwsStore, proxy: Proxy, trick: Any) -> None:
    proxy.next("SendMessage", trick)
    id_ = shaky.jobs.enqueue("import", {"n": 1})
    ran: list[Job] = []
    shaky.jobs.handle("import", ran.append)
    assert run_event(shaky) == []
    assert {job.id for job in ran} == {id_}


# -- services that are busy


THROTTLED = busy("ProvisionedThroughputExceededException")
CANCELLED = busy(
    "TransactionCanceledException", CancellationReasons=[{"Code": "TransactionConflict"}, {"Code": "None"}]
)


def test_a_busy_table_is_asked_again(shaky: AwsStore, proxy: Proxy) -> None:
    for name in ("PutItem", "GetItem", "BatchGetItem", "Query", "DeleteItem", "UpdateItem", "BatchWriteItem"):
        proxy.next(name, THROTTLED, busy("ThrottlingException"))
    proxy.next("TransactWriteItems", CANCELLED, THROTTLED, busy("TransactionInProgressException"))
    records = shaky.records
    assert records.transact([Put("P", "A", {}, expect=0)]) == (1,)
    assert records.transact([Put("P", "B", {}, expect=0), Put("P", "C", {}, expect=0)]) == (1, 1)
    assert records.add("P", "N", {"n": 1}) == {"n": 1}
    records.load([Put("P", "D", {})])
    records.transact([Delete("P", "D")])
    assert (body_of(shaky, "A"), len(records.get_many([("P", "A"), ("P", "B")]))) == ((1, {}), 2)
    assert [row.sk for row in records.query("P").records] == ["A", "B", "C", "N"]


def test_what_a_busy_table_hands_back_of_a_batch_is_sent_again(shaky: AwsStore, proxy: Proxy) -> None:
    def unprocessed(member: str) -> Any:
        def run(request: Any) -> Any:
            asked = json.loads(request.body)["RequestItems"]
            return instead({"Responses": {}, member: asked})(request)

        return run

    proxy.next("BatchWriteItem", unprocessed("UnprocessedItems"))
    shaky.records.load([Put("P", f"{n}", {}) for n in range(5)])
    proxy.next("BatchGetItem", unprocessed("UnprocessedKeys"), unprocessed("UnprocessedKeys"))
    assert len(shaky.records.get_many([("P", f"{n}") for n in range(7)])) == 5


def test_busy_buckets_and_queues_are_asked_again(shaky: AwsStore, proxy: Proxy) -> None:
    proxy.next("PUT object", busy("SlowDown", 503))
    proxy.next("GET object", busy("SlowDown", 503))
    proxy.next("SendMessage", busy("RequestThrottled"))
    shaky.objects.put("a", b"1", content_type="a/b", if_absent=True)
    assert shaky.objects.get("a") == b"1"
    assert shaky.jobs.enqueue("x", {})


def test_a_service_that_stays_busy_is_unavailable(
    shaky: AwsStore, proxy: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(faults, "TRIES", 3)
    proxy.next("PutItem", *[THROTTLED] * 3)
    with pytest.raises(Unavailable, match="tried 3 times"):
        shaky.records.transact([Put("P", "A", {}, expect=0)])
    proxy.next("GetItem", *[lose] * 3)
    with pytest.raises(Unavailable):
        shaky.records.get("P", "A")


def test_a_table_that_is_not_there_is_unavailable_and_named(aws: Ministack) -> None:
    records = replace(aws.store().records, table="nothing-here")
    for ask in (
        lambda: records.get("P", "A"),
        lambda: records.query("P"),
        lambda: records.transact([Put("P", "A", {})]),
        lambda: records.add("P", "A", {"n": 1}),
    ):
        with pytest.raises(Unavailable, match="ResourceNotFound"):
            ask()


def test_an_endpoint_that_nobody_listens_at_is_unavailable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(faults, "TRIES", 2)
    clients = Clients("us-east-1", "http://127.0.0.1:9", Credentials("a", "b"))
    store = open_aws(table="t", bucket="b", queue="http://127.0.0.1:9/q", clients=clients)
    with pytest.raises(Unavailable):
        store.records.get("P", "A")
    with pytest.raises(Unavailable):
        store.objects.get("a")
    with pytest.raises(Unavailable):
        store.jobs.enqueue("x", {})


# -- bodies


@pytest.mark.parametrize(
    ("text", "attribute"),
    [
        pytest.param("x" * 500, "b", id="short"),
        pytest.param("x" * 20_000, "z", id="deflates well"),
        pytest.param(random.Random(1).randbytes(500_000).hex(), "o", id="too long for an item"),
    ],
)
def test_a_body_lies_where_it_costs_least(store: AwsStore, text: str, attribute: str) -> None:
    store.records.transact([Put("P", "A", {"text": text})])
    item = store.clients.dynamodb.get_item(TableName=store.records.table, Key=key_of("P", "A"))["Item"]
    assert set(item) == {"pk", "sk", "v", attribute}
    assert len(store.objects.list("records/")[0]) == (attribute == "o")
    assert body_of(store, "A") == (1, {"text": text})


# -- addresses


def test_an_address_is_signed_by_the_deployments_own_key(store: AwsStore, http: httpx.Client) -> None:
    store.objects.put("a", b"1", content_type="a/b")
    thief = replace(store.objects, clients=replace(store.clients, credentials=Credentials("test", "guessed")))
    answer = http.get(thief.presign_get("a", expires_s=60))
    assert (answer.status_code, "SignatureDoesNotMatch" in answer.text) == (403, True)
    answer = StorageContract.send(http, thief.presign_upload("b", max_bytes=9, content_type="a/b", expires_s=60), b"1")
    assert (answer.status_code, "SignatureDoesNotMatch" in answer.text) == (403, True)


def test_a_form_is_for_one_key_only(store: AwsStore, http: httpx.Client) -> None:
    upload = store.objects.presign_upload("a", max_bytes=9, content_type="a/b", expires_s=60)
    other = replace(upload, fields={**upload.fields, "key": "b"})
    assert StorageContract.send(http, other, b"1").status_code == 403
    assert store.objects.list("")[0] == ()


def test_an_address_and_a_form_carry_the_token_of_temporary_credentials(store: AwsStore) -> None:
    lent = replace(store.objects, clients=replace(store.clients, credentials=Credentials("a", "b", "the token")))
    assert "&X-Amz-Security-Token=the%20token&" in lent.presign_get("a", expires_s=60)
    upload = lent.presign_upload("a", max_bytes=1, content_type="a/b", expires_s=60)
    assert upload.fields["x-amz-security-token"] == "the token"


def test_the_page_may_reach_the_bucket_and_the_host_serves_no_files_itself(store: AwsStore, tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("<!doctype html>")
    app = Chalice("no-routes", configure_logs=False)
    with Server(Host(app, objects=store.objects, site=tmp_path)) as server, httpx.Client(base_url=server.url) as client:
        policy = client.get("/").headers["content-security-policy"]
        assert f"connect-src 'self' {store.clients.endpoint_url};" in policy
        assert f"media-src 'self' {store.clients.endpoint_url} data:" in policy
        assert client.get("/objects/a.txt").status_code == 404


def test_an_address_on_aws_is_that_of_the_bucket() -> None:
    clients = Clients("eu-central-1", None, Credentials("a", "b"))
    objects = open_aws(table="t", bucket="files", queue="q", clients=clients).objects
    url = urlsplit(objects.presign_get("a b/ü", expires_s=60))
    assert (url.netloc, url.path) == ("files.s3.eu-central-1.amazonaws.com", "/a%20b/%C3%BC")
    assert objects.origin() == "https://files.s3.eu-central-1.amazonaws.com"


# -- jobs


def receive(store: AwsStore, queue_url: str = "") -> list[dict[str, Any]]:
    """All messages that can be had now, as Lambda gets them."""
    answer = store.clients.sqs.receive_message(
        QueueUrl=queue_url or store.jobs.queue_url,
        MaxNumberOfMessages=10,
        MessageSystemAttributeNames=["ApproximateReceiveCount"],
    )
    return [
        {
            "messageId": message["MessageId"],
            "receiptHandle": message["ReceiptHandle"],
            "body": message["Body"],
            "attributes": message["Attributes"],
        }
        for message in answer.get("Messages", ())
    ]


def run_event(store: AwsStore) -> list[str]:
    """What Lambda does with a batch: run it, and delete what did not fail. Ids of the messages that stay."""
    messages = receive(store)
    failed = [entry["itemIdentifier"] for entry in store.jobs.process_event({"Records": messages})["batchItemFailures"]]
    for message in messages:
        if message["messageId"] not in failed:
            store.clients.sqs.delete_message(QueueUrl=store.jobs.queue_url, ReceiptHandle=message["receiptHandle"])
    return failed


@pytest.fixture
def waiting(aws: Ministack, clock: Clock) -> AwsStore:
    """A store without a thread for jobs, as on Lambda."""
    return aws.store(clock=clock)


def test_of_a_batch_only_what_failed_stays_in_the_queue(waiting: AwsStore) -> None:
    ran: list[int] = []

    def handler(job: Job) -> None:
        if job.body["n"] == 2:
            raise RuntimeError("not this one")
        ran.append(job.body["n"])

    waiting.jobs.handle("x", handler)
    for n in range(4):
        waiting.jobs.enqueue("x", {"n": n})
    assert len(run_event(waiting)) == 1
    assert sorted(ran) == [0, 1, 3]
    assert receive(waiting) == []  # the one that failed waits for its next attempt


def test_a_job_that_keeps_failing_is_put_aside_with_its_error(waiting: AwsStore) -> None:
    attempts: list[int] = []

    def handler(job: Job) -> None:
        attempts.append(job.attempt)
        raise RuntimeError("the disk is square")

    waiting.jobs.handle("x", handler)
    id_ = waiting.jobs.enqueue("x", {"n": 1})
    for attempt in range(1, MAX_ATTEMPTS + 1):
        [message] = receive(waiting)
        assert int(message["attributes"]["ApproximateReceiveCount"]) == attempt
        left = waiting.jobs.process_event({"Records": [message]})["batchItemFailures"]
        assert bool(left) == (attempt < MAX_ATTEMPTS)
        waiting.jobs.hold(message["receiptHandle"], 0)  # instead of waiting
    waiting.clients.sqs.delete_message(QueueUrl=waiting.jobs.queue_url, ReceiptHandle=message["receiptHandle"])
    assert attempts == list(range(1, MAX_ATTEMPTS + 1))
    [dead] = waiting.jobs.dead()
    assert dead == DeadJob(Job(id_, "x", {"n": 1}, MAX_ATTEMPTS), "RuntimeError: the disk is square")
    [message] = receive(waiting, waiting.jobs.dead_queue_url)
    assert json.loads(message["body"])["error"] == "RuntimeError: the disk is square"
    waiting.jobs.handle("x", lambda job: attempts.append(-job.attempt))
    waiting.jobs.revive(id_)
    assert run_event(waiting) == []
    assert (attempts[-1], waiting.jobs.dead()) == (-1, ())


def test_a_job_that_takes_its_process_down_every_time_is_put_aside(waiting: AwsStore) -> None:
    waiting.jobs.handle("x", lambda job: pytest.fail("it is not run again"))
    waiting.jobs.enqueue("x", {})
    for _ in range(MAX_ATTEMPTS):
        [message] = receive(waiting)
        waiting.jobs.hold(message["receiptHandle"], 0)
    assert run_event(waiting) == []
    assert "the process ended while the job ran" in waiting.jobs.dead()[0].error


def test_a_job_without_a_handler_waits_and_says_so(waiting: AwsStore, caplog: pytest.LogCaptureFixture) -> None:
    waiting.jobs.enqueue("unheard of", {})
    assert len(run_event(waiting)) == 1
    assert "unheard of" in caplog.text


def test_a_job_may_wait_longer_than_the_queue_allows(waiting: AwsStore, clock: Clock) -> None:
    waiting.jobs.handle("x", lambda job: pytest.fail("too early"))
    waiting.jobs.enqueue("x", {"n": 1}, delay_s=2000)
    assert receive(waiting) == []
    message = {"id": "1", "kind": "x", "body": {}, "due": clock.now + 1100}
    assert waiting.jobs.process(json.dumps(message), "", 1)  # the first wait is over: it is put back
    asked = ["ApproximateNumberOfMessagesDelayed", "ApproximateNumberOfMessages"]
    counts = waiting.clients.sqs.get_queue_attributes(QueueUrl=waiting.jobs.queue_url, AttributeNames=asked)
    assert counts["Attributes"] == {asked[0]: "2", asked[1]: "0"}
    clock.now += 1100
    ran: list[Job] = []
    waiting.jobs.handle("x", ran.append)
    assert waiting.jobs.process(json.dumps(message), "", 1)
    assert len(ran) == 1


def test_a_job_too_long_for_a_message_travels_as_an_object_and_leaves_none(waiting: AwsStore) -> None:
    ran: list[Job] = []
    waiting.jobs.handle("x", ran.append)
    body = {"rows": ["é" * 100] * 4000}
    waiting.jobs.enqueue("x", body)
    assert len(waiting.objects.list("jobs/")[0]) == 1
    assert run_event(waiting) == []
    assert [job.body for job in ran] == [body]
    assert waiting.objects.list("jobs/")[0] == ()


def test_the_poller_tries_a_failed_job_again(store: AwsStore) -> None:
    attempts: list[int] = []
    done = threading.Event()

    def handler(job: Job) -> None:
        attempts.append(job.attempt)
        if job.attempt == 1:
            raise RuntimeError("not yet")
        done.set()

    store.jobs.handle("x", handler)
    store.jobs.enqueue("x", {})
    assert done.wait(30)
    assert attempts == [1, 2]


# -- the deployment


def test_every_process_has_the_same_secret(aws: Ministack) -> None:
    store = aws.store()
    stores = [replace(store) for _ in range(RACERS)]
    secrets = race(lambda i: stores[i].secret)
    assert len(set(secrets)) == 1
    assert len(secrets[0]) == 32


def test_opening_asks_nothing_and_imports_no_client() -> None:
    code = (
        "import sys; from chalicelib.storage.aws import open_from_environment; "
        "store = open_from_environment({'LABELKITE_TABLE': 't', 'LABELKITE_BUCKET': 'b', 'LABELKITE_QUEUE': 'q'}); "
        "store.jobs.handle('x', print); "
        "print([name for name in sys.modules if name.startswith('botocore')])"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_an_environment_that_names_no_table_is_told_what_to_set() -> None:
    with pytest.raises(NotConfigured, match=r"set LABELKITE_BUCKET \(the S3 bucket\), LABELKITE_QUEUE"):
        open_from_environment({"LABELKITE_TABLE": "t"})


def test_queues_are_found_by_their_names(aws: Ministack) -> None:
    made = aws.store("named")
    store = open_aws(table="named", bucket="named", queue="named", clients=made.clients)
    id_ = store.jobs.enqueue("x", {})
    assert json.loads(receive(made)[0]["body"])["id"] == id_
    assert (store.jobs.queue_url, store.jobs.dead_queue_url) == (made.jobs.queue_url, made.jobs.dead_queue_url)


def test_resources_are_made_once(aws: Ministack) -> None:
    store = aws.store("twice")
    store.records.transact([Put("P", "A", {})])
    assert body_of(aws.store("twice"), "A") == (1, {})
