"""Makes a table, a bucket and two queues, for tests and local use. A deployment has its own, with backups."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from chalicelib.storage.aws import faults
from chalicelib.storage.aws.clients import Clients
from chalicelib.storage.aws.poller import HOLD_S
from chalicelib.storage.ports import Unavailable

THERE_ALREADY = frozenset({"BucketAlreadyOwnedByYou", "QueueAlreadyExists", "ResourceInUseException"})
RECEIVES = 12
"""After so many, SQS itself moves a message to the second queue: twice our own limit, for what cannot even be read."""


def create_resources(clients: Clients, *, table: str, bucket: str, queue: str) -> tuple[str, str]:
    """Make what is not there yet. Returns the addresses of the queue and of the one for dead jobs."""
    _make_table(clients, table)
    _make_bucket(clients, bucket)
    dead = _make_queue(clients, f"{queue}-dead", {"MessageRetentionPeriod": "1209600"})
    arn = _once(clients.sqs.get_queue_attributes, QueueUrl=dead, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    redrive = json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": RECEIVES})
    return _make_queue(clients, queue, {"VisibilityTimeout": str(HOLD_S), "RedrivePolicy": redrive}), dead


def _make_table(clients: Clients, table: str) -> None:
    _once(
        clients.dynamodb.create_table,
        TableName=table,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk")],
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
    )
    clients.dynamodb.get_waiter("table_exists").wait(TableName=table, WaiterConfig={"Delay": 1})
    ttl = _once(clients.dynamodb.describe_time_to_live, TableName=table)["TimeToLiveDescription"]
    if ttl["TimeToLiveStatus"] in ("DISABLED", "DISABLING"):
        _once(
            clients.dynamodb.update_time_to_live,
            TableName=table,
            TimeToLiveSpecification={"Enabled": True, "AttributeName": "ttl"},
        )


def _make_bucket(clients: Clients, bucket: str) -> None:
    region = clients.current_region()
    where = {} if region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": region}}
    _once(clients.s3.create_bucket, Bucket=bucket, **where)
    # Files go from the browser straight to the bucket and back; the signature says what may be done, not the origin.
    rule = {
        "AllowedMethods": ["GET", "HEAD", "POST"],
        "AllowedOrigins": ["*"],
        "AllowedHeaders": ["*"],
        "ExposeHeaders": ["ETag", "Content-Range", "Accept-Ranges"],
        "MaxAgeSeconds": 3000,
    }
    _once(clients.s3.put_bucket_cors, Bucket=bucket, CORSConfiguration={"CORSRules": [rule]})


def _make_queue(clients: Clients, name: str, attributes: dict[str, str]) -> str:
    return str(_once(clients.sqs.create_queue, QueueName=name, Attributes=attributes)["QueueUrl"])


def _once(send: Callable[..., Any], **asked: Any) -> Any:
    try:
        return faults.call(send, **asked)
    except faults.Refused as refused:
        if refused.code in THERE_ALREADY:
            return {}
        raise Unavailable(str(refused)) from refused
