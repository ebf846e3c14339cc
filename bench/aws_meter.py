"""Counts what requests to DynamoDB, S3 and SQS cost: units by partition key, from the sizes of the items.

Source of the rules: AWS, "DynamoDB read and write operations": a write unit per begun KB of the item, twice that in a
transaction; a read unit per begun 4 KB, for each item of a batch, for the sum of a query; at least one each.
"""

from __future__ import annotations

import re
import threading
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from chalicelib.storage.aws.clients import Clients

BACKGROUND = "in the background"
DIGITS = re.compile(r"[0-9a-f]{10,}|\d+")
WRITES = {"put_item": "Put", "update_item": "Update", "delete_item": "Delete"}


@dataclass
class Used:
    """Of one kind of call."""

    calls: int = 0
    requests: Counter[str] = field(default_factory=Counter)
    """By service and operation, such as `dynamodb.query`."""
    writes: Counter[str] = field(default_factory=Counter)
    """Write units by partition key."""
    reads: Counter[str] = field(default_factory=Counter)
    rows: Counter[str] = field(default_factory=Counter)
    """Write units by kind of row."""
    told: float = 0.0
    """What the service itself said it took, reads and writes together."""


class Meter:
    """Requests count for the label that is set when they are made, those of job threads for BACKGROUND."""

    def __init__(self) -> None:
        self.label = "start"
        self.used: dict[str, Used] = {}
        self._lock = threading.Lock()

    def __getitem__(self, label: str) -> Used:
        return self.used.setdefault(label, Used())

    def count(
        self, service: str, operation: str, asked: Mapping[str, Any], answer: Mapping[str, Any], *, label: str = ""
    ) -> None:
        """One request that was answered. `label`: what it counts for instead; job threads are known by their name."""
        job = threading.current_thread().name.startswith("labelkite-jobs")
        if job and operation == "receive_message":
            return  # Lambda is called by the queue; only the local poller asks
        with self._lock:
            used = self[label or (BACKGROUND if job else self.label)]
            used.requests[f"{service}.{operation}"] += 1
            if service == "dynamodb":
                self._units(used, operation, asked, answer)

    def _units(self, used: Used, operation: str, asked: Mapping[str, Any], answer: Mapping[str, Any]) -> None:
        told = answer.get("ConsumedCapacity", [])
        used.told += sum(entry.get("CapacityUnits", 0) for entry in (told if isinstance(told, list) else [told]))
        if operation in WRITES:
            _write(used, WRITES[operation], asked, 1)
        elif operation == "transact_write_items":
            for member in asked["TransactItems"]:
                for kind, parameters in member.items():
                    _write(used, kind, parameters, 2)
        elif operation == "batch_write_item":
            for entries in asked["RequestItems"].values():
                for entry in entries:
                    for kind, parameters in entry.items():
                        _write(used, kind.removesuffix("Request"), parameters, 1)
        elif operation == "get_item":
            used.reads[asked["Key"]["pk"]["S"]] += read_units(item_size(answer.get("Item", {})))
        elif operation == "batch_get_item":
            found = [item for entries in answer.get("Responses", {}).values() for item in entries]
            sizes = {(item["pk"]["S"], item["sk"]["S"]): item_size(item) for item in found}
            for table in asked["RequestItems"].values():
                for key in table["Keys"]:
                    used.reads[key["pk"]["S"]] += read_units(sizes.get((key["pk"]["S"], key["sk"]["S"]), 0))
        elif operation == "query":
            pk = asked["ExpressionAttributeValues"][":pk"]["S"]
            used.reads[pk] += read_units(sum(item_size(item) for item in answer.get("Items", [])))


class MeteredClients(Clients):
    """Clients whose requests are counted by `meter`."""

    meter: Meter

    @property
    def dynamodb(self) -> Any:
        return _Metered(self.meter, "dynamodb", super().dynamodb)

    @property
    def s3(self) -> Any:
        return _Metered(self.meter, "s3", super().s3)

    @property
    def sqs(self) -> Any:
        return _Metered(self.meter, "sqs", super().sqs)


class _Metered:
    def __init__(self, meter: Meter, service: str, client: Any) -> None:
        self._meter, self._service, self._client = meter, service, client

    def __getattr__(self, operation: str) -> Any:
        send = getattr(self._client, operation)

        def counted(**asked: Any) -> Any:
            if self._service == "dynamodb":
                asked["ReturnConsumedCapacity"] = "TOTAL"
            answer = send(**asked)
            self._meter.count(self._service, operation, asked, answer)
            return answer

        return counted


def _write(used: Used, kind: str, parameters: Mapping[str, Any], factor: int) -> None:
    """
    Count one write; a transaction has the factor 2.

    Of an update and a deletion only the request is known: the rows that are updated or deleted all the time (counters,
    rows of indexes) are shorter than a KB.
    """
    if kind == "Put":
        key, size = parameters["Item"], item_size(parameters["Item"])
    else:
        key = parameters["Key"]
        size = item_size(key) + item_size(parameters.get("ExpressionAttributeValues", {}))
    units = factor * max(1, -(-size // 1024))
    pk, sk = key["pk"]["S"], key["sk"]["S"]
    used.writes[pk] += units
    used.rows[f"{DIGITS.sub('', pk).strip('#')}/{DIGITS.sub('', sk).strip('#')}".rstrip("/")] += units


def read_units(size: int) -> int:
    return max(1, -(-size // 4096))


def item_size(item: Mapping[str, Any]) -> int:
    """Bytes as DynamoDB counts them: names and values; of a number about half a byte a digit."""
    return sum(len(name.encode()) + _value_size(value) for name, value in item.items())


def _value_size(value: Mapping[str, Any]) -> int:
    [(kind, content)] = value.items()
    if kind == "N":
        return len(content) // 2 + 2
    return len(content.encode() if isinstance(content, str) else content)
