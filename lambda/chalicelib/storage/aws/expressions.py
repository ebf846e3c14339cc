"""One operation of the port as one write of DynamoDB, with the condition that makes it hold or not happen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from chalicelib.storage.aws.items import MEMBER, Body, Item, key_of, number
from chalicelib.storage.ports import ABSENT, Add, Check, Delete, Operation, Put

Kind = Literal["Put", "Update", "Delete", "ConditionCheck"]

TTL = {"#ttl": "ttl"}  # a reserved word
IS_ABSENT = "(attribute_not_exists(pk) OR #ttl <= :now)"
IS_AT = "(v = :expected AND (attribute_not_exists(#ttl) OR #ttl > :now))"


@dataclass(frozen=True, slots=True)
class Write:
    kind: Kind
    parameters: dict[str, Any]
    """Of PutItem, UpdateItem or DeleteItem, or of this member of TransactWriteItems, without the table."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What a row was when a write without an expectation could not be made blindly; `item` None: there was none."""

    item: Mapping[str, Any] | None


def write(operation: Operation, body: Body | None, now: int) -> Write:
    """
    The write of one operation. One without an expectation may be refused although nothing was expected:

    - a Put over a counter's row, whose members an update cannot name, and
    - an Add to a row that ends, which may be over.

    Then `replacement` makes it on what the row is.
    """
    match operation:
        case Put(expect=None):
            assert body is not None
            return _overwrite(operation, body)
        case Put(expect=expect):
            assert body is not None
            assert expect is not None
            return Write("Put", {"Item": item_of(operation, body, expect + 1), **_expecting(expect, now)})
        case Add():
            return Write("Update", {"Key": key_of(operation.pk, operation.sk), **addition(operation)})
        case Delete(expect=None):
            return Write("Delete", {"Key": key_of(operation.pk, operation.sk)})
        case Delete(expect=expect):
            assert expect is not None
            return Write("Delete", {"Key": key_of(operation.pk, operation.sk), **_expecting(expect, now)})
        case Check():
            key = key_of(operation.pk, operation.sk)
            return Write("ConditionCheck", {"Key": key, **_expecting(operation.expect, now)})


def replacement(pk: str, sk: str, body: Body, seen: Seen, expires_at: int | None) -> Write:
    """Write the whole row if it is still what was seen."""
    put = Put(pk, sk, {}, expires_at=expires_at)
    if seen.item is None:
        return Write("Put", {"Item": item_of(put, body, 1), "ConditionExpression": "attribute_not_exists(pk)"})
    version = int(seen.item["v"]["N"])
    condition = {"ConditionExpression": "v = :seen", "ExpressionAttributeValues": {":seen": number(version)}}
    return Write("Put", {"Item": item_of(put, body, version + 1), **condition})


def item_of(put: Put, body: Body, version: int) -> Item:
    item = {**key_of(put.pk, put.sk), "v": number(version), body.name: body.value}
    if put.expires_at is not None:
        item["ttl"] = number(put.expires_at)
    return item


def addition(operation: Add) -> dict[str, Any]:
    """The parameters of an Add. Numbers that are added commute, so nobody waits and nobody reads before."""
    names = {f"#n{i}": MEMBER + name for i, name in enumerate(operation.by)}
    values = {f":n{i}": number(amount) for i, amount in enumerate(operation.by.values())}
    adds = ", ".join(["v :one", *(f"#n{i} :n{i}" for i in range(len(names)))])
    return {
        "UpdateExpression": f"SET c = :one ADD {adds}",
        "ConditionExpression": "attribute_not_exists(#ttl)",
        "ExpressionAttributeNames": {**TTL, **names},
        "ExpressionAttributeValues": {":one": number(1), **values},
    }


def _overwrite(put: Put, body: Body) -> Write:
    """Write over anything, one version further: only an update can count without being told from where."""
    values = {":zero": number(0), ":one": number(1), ":body": body.value}
    sets, gone = f"v = if_not_exists(v, :zero) + :one, {body.name} = :body", [n for n in "bzo" if n != body.name]
    if put.expires_at is None:
        gone.append("#ttl")
    else:
        sets += ", #ttl = :ttl"
        values[":ttl"] = number(put.expires_at)
    return Write(
        "Update",
        {
            "Key": key_of(put.pk, put.sk),
            "UpdateExpression": f"SET {sets} REMOVE {', '.join([*gone, 'w'])}",
            "ConditionExpression": "attribute_not_exists(c)",
            "ExpressionAttributeNames": TTL,
            "ExpressionAttributeValues": values,
        },
    )


def _expecting(expect: int, now: int) -> dict[str, Any]:
    values = {":now": number(now)}
    if expect != ABSENT:
        values[":expected"] = number(expect)
    return {
        "ConditionExpression": IS_ABSENT if expect == ABSENT else IS_AT,
        "ExpressionAttributeNames": TTL,
        "ExpressionAttributeValues": values,
    }
