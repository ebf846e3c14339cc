"""The Records port on one DynamoDB table.

**Lost answers.** A write whose answer is lost is sent again, and must then count once and be answered as if it had been
sent once. How, depends on the write:

- Several operations: TransactWriteItems with a ClientRequestToken. For ten minutes DynamoDB answers the same token with
  the same answer. It bills twice the units, which is what all-or-none costs anyhow.
- A Put without an expectation: said twice it means the same, so a plain UpdateItem.
- A Put that expects: a plain PutItem, half the price of a transaction, that leaves a random mark `w` in the row. If a
  second try is refused and the row bears our mark, it was us. If it bears another, nobody knows whether we came before
  them: Unavailable, not Conflict, which would promise that nothing was written.
- A Delete: plain. One that expects, and a lone Add: a transaction of one, since the row keeps no mark of them.
- A Check is a read.
- `add`: UpdateItem, which alone tells the sum. It writes the sum into a receipt of its own in the row as well, on the
  condition that there is no such receipt: so a second try is refused, and the receipt has the answer. A receipt goes
  with the next `add` of the same process, or of any after ten minutes.
- `load`: BatchWriteItem, which writes whole rows over what is there; said twice it means the same.
"""

from __future__ import annotations

import hashlib
import secrets
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, Protocol

from chalicelib.storage import checks
from chalicelib.storage.aws import expressions, faults, items
from chalicelib.storage.aws.clients import Clients
from chalicelib.storage.aws.expressions import Seen, Write
from chalicelib.storage.aws.items import Body, Item
from chalicelib.storage.ports import (
    ABSENT,
    Add,
    Check,
    Conflict,
    Delete,
    Operation,
    Page,
    Put,
    Record,
    Unavailable,
)

TRANSACTION_BYTES = 2_900_000
"""What one transaction carries in its bodies; DynamoDB takes 4 MB, as base64 to be on the safe side."""
LOAD_ROWS = 25
"""What BatchWriteItem takes at once."""
LOAD_THREADS = 8
RECEIPT_MS = 600_000
RECEIPTS_AT_ONCE = 40
"""How many old receipts one `add` takes away: an expression has at most 4 KB."""
LARGE = "records/"


class Large(Protocol):
    """Where bodies go that no item can hold. What was put under a key stays what it is: the key is its hash."""

    def get(self, key: str) -> bytes: ...

    def keep(self, key: str, data: bytes, content_type: str) -> None: ...


@dataclass(eq=False)
class AwsRecords:
    clients: Clients
    table: str
    large: Large
    clock: Callable[[], float] = time.time
    _receipts: dict[tuple[str, str], list[str]] = field(init=False, default_factory=dict, repr=False)
    _receipts_lock: threading.Lock = field(init=False, default_factory=threading.Lock, repr=False)

    # -- reading: always consistent, so that who is told of a write sees it

    def get(self, pk: str, sk: str) -> Record | None:
        item = self._item(pk, sk)
        return None if item is None or not items.is_live(item, self._now()) else items.read(item, self.large.get)

    def get_many(self, keys: Sequence[tuple[str, str]]) -> dict[tuple[str, str], Record]:
        if len(keys) > checks.MAX_KEYS:
            raise ValueError(f"at most {checks.MAX_KEYS} keys, got {len(keys)}")
        wanted = list(dict.fromkeys(keys))
        if len(wanted) == 1:
            record = self.get(*wanted[0])
            return {} if record is None else {wanted[0]: record}
        found = {(item["pk"]["S"], item["sk"]["S"]): item for item in self._batch(wanted)}
        now = self._now()
        live = {key: found[key] for key in wanted if key in found and items.is_live(found[key], now)}
        return {key: items.read(item, self.large.get) for key, item in live.items()}

    def query(
        self, pk: str, prefix: str = "", *, after: str | None = None, limit: int = 100, reverse: bool = False
    ) -> Page:
        checks.check_limit(limit)
        if after is not None and not (after and after.startswith(prefix)):  # outside of the range: before or behind
            if (after > prefix) != reverse:
                return Page((), None)
            after = None
        records: list[Record] = []
        for item in self._walk(pk, prefix, after, limit, reverse):
            if len(records) == limit:
                return Page(tuple(records), records[-1].sk)
            records.append(items.read(item, self.large.get))
        return Page(tuple(records), None)

    def _item(self, pk: str, sk: str) -> Mapping[str, Any] | None:
        key = items.key_of(pk, sk)
        answer = faults.ask(self.clients.dynamodb.get_item, TableName=self.table, Key=key, ConsistentRead=True)
        found: Mapping[str, Any] | None = answer.get("Item")
        return found

    def _batch(self, keys: Sequence[tuple[str, str]]) -> Iterator[Mapping[str, Any]]:
        """The items of several keys; DynamoDB hands back what it had no capacity for, to be asked again."""
        left: Any = [items.key_of(*key) for key in keys]
        tried = 0
        while left:
            asked = {self.table: {"Keys": left, "ConsistentRead": True}}
            answer = faults.ask(self.clients.dynamodb.batch_get_item, RequestItems=asked)
            got = answer["Responses"].get(self.table, [])
            yield from got
            left = answer.get("UnprocessedKeys", {}).get(self.table, {}).get("Keys")
            tried = 0 if got else tried + 1
            if tried > faults.TRIES:
                raise Unavailable("DynamoDB has no capacity for these reads")
            if left:
                faults.pause(tried + 1)

    def _walk(self, pk: str, prefix: str, after: str | None, limit: int, reverse: bool) -> Iterator[Mapping[str, Any]]:
        """Live items in order; each request asks for one more than is needed, to know whether there are more."""
        values: Item = {":pk": {"S": pk}}
        condition = "pk = :pk"
        if prefix:
            condition += " AND begins_with(sk, :prefix)"
            values[":prefix"] = {"S": prefix}
        asked: dict[str, Any] = {
            "TableName": self.table,
            "KeyConditionExpression": condition,
            "ExpressionAttributeValues": values,
            "ConsistentRead": True,
            "ScanIndexForward": not reverse,
            "Limit": limit + 1,
        }
        if after is not None:
            asked["ExclusiveStartKey"] = items.key_of(pk, after)
        now = self._now()
        while True:
            answer = faults.ask(self.clients.dynamodb.query, **asked)
            yield from (item for item in answer["Items"] if items.is_live(item, now))
            if "LastEvaluatedKey" not in answer:
                return
            asked["ExclusiveStartKey"] = answer["LastEvaluatedKey"]

    # -- writing

    def transact(self, operations: Sequence[Operation]) -> tuple[int, ...]:
        texts = checks.check_transaction(operations)
        if not operations:
            return ()
        now = self._now()
        if len(operations) == 1 and isinstance(operations[0], Check):
            self._check(operations[0], now)
        else:
            self._write(operations, self._bodies(operations, texts), now)
        return tuple(_version(operation) for operation in operations)

    def add(self, pk: str, sk: str, by: Mapping[str, int]) -> dict[str, int]:
        operation = Add(pk, sk, by)
        checks.encode(operation)
        receipt = f"{items.RECEIPT}{int(self.clock() * 1000):x}:{secrets.token_hex(4)}"
        with self._receipts_lock:
            old = self._receipts.pop((pk, sk), [])
        asked = _with_receipt(expressions.addition(operation), receipt, len(by), old[:RECEIPTS_AT_ONCE])
        try:
            answer = faults.call(
                self.clients.dynamodb.update_item,
                TableName=self.table,
                Key=items.key_of(pk, sk),
                ReturnValues="ALL_NEW",
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
                **asked,
            )
            item = answer["Attributes"]
        except faults.Refused as refused:
            found = refused.response.get("Item", {})
            if refused.code != "ConditionalCheckFailedException":
                raise faults.rejected(refused) from refused
            if f"{receipt}:0" not in found:
                return self._add_to_a_row_that_ends(operation)
            item = found
        with self._receipts_lock:
            self._receipts.setdefault((pk, sk), []).extend([*_old_receipts(item, receipt), *old[RECEIPTS_AT_ONCE:]])
        members = {name: item.get(f"{receipt}:{i}", {"N": "0"}) for i, name in enumerate(by)}
        base = items.body_of({name: item[name] for name in "bzo" if name in item}, self.large.get)
        return {name: base.get(name, 0) + int(value["N"]) for name, value in members.items()}

    def load(self, puts: Sequence[Put]) -> None:
        texts = [checks.encode(put) for put in puts]
        starts = range(0, len(puts), LOAD_ROWS)
        parts = [(puts[start : start + LOAD_ROWS], texts[start : start + LOAD_ROWS]) for start in starts]
        if len(parts) < 2:
            for part in parts:
                self._load(*part)
            return
        with ThreadPoolExecutor(min(LOAD_THREADS, len(parts)), thread_name_prefix="labelkite-load") as pool:
            list(pool.map(self._load, *zip(*parts, strict=True)))

    def _load(self, puts: Sequence[Put], texts: Sequence[str]) -> None:
        """Up to LOAD_ROWS rows."""
        rows = {
            (put.pk, put.sk): expressions.item_of(put, self._fit(items.pack(text)), 1)
            for put, text in zip(puts, texts, strict=True)
        }
        self.write_batch([{"PutRequest": {"Item": item}} for item in rows.values()])

    def write_batch(self, requests: Sequence[Mapping[str, Any]]) -> None:
        """Up to LOAD_ROWS writes of BatchWriteItem; those that DynamoDB had no capacity for are sent again."""
        left: Any = requests
        tried = 0
        while left:
            answer = faults.ask(self.clients.dynamodb.batch_write_item, RequestItems={self.table: left})
            rest = answer.get("UnprocessedItems", {}).get(self.table) or []
            tried = 0 if len(rest) < len(left) else tried + 1
            if tried > faults.TRIES:
                raise Unavailable("DynamoDB has no capacity for these writes")
            if rest:
                faults.pause(tried + 1)
            left = rest

    def item_of(self, put: Put, text: str, version: int) -> Item:
        """A record as an item, at a version; what no item can hold is an object before it."""
        return expressions.item_of(put, self._fit(items.pack(text)), version)

    def _add_to_a_row_that_ends(self, operation: Add) -> dict[str, int]:
        """The row has an end: it may be over, then it counts as absent, and it loses its end with the addition."""
        while True:
            record = self.get(operation.pk, operation.sk)
            body = checks.added(operation, {} if record is None else record.body)
            try:
                self.transact([Put(operation.pk, operation.sk, body, expect=record.version if record else ABSENT)])
                return {name: body[name] for name in operation.by}
            except Conflict:
                continue

    def _check(self, operation: Check, now: int) -> None:
        found = items.version_of(self._item(operation.pk, operation.sk), now)
        if found != operation.expect:
            raise Conflict(operation.pk, operation.sk, expected=operation.expect, found=found)

    def _write(self, operations: Sequence[Operation], bodies: Sequence[Body | None], now: int) -> None:
        """Send the writes; again, on what was seen, while a blind one meets a row that it must not change."""
        seen: dict[int, Seen] = {}
        for _ in range(faults.TRIES):
            writes = [
                self._on_what_was_seen(operation, body, seen[i], now) if i in seen
                else expressions.write(operation, body, now)
                for i, (operation, body) in enumerate(zip(operations, bodies, strict=True))
            ]  # fmt: skip
            met = self._send(operations, writes, now, plain=not seen)
            if not met:
                return
            seen.update(met)
        raise Unavailable("rows kept changing while they were written")

    def _on_what_was_seen(self, operation: Operation, body: Body | None, seen: Seen, now: int) -> Write:
        pk, sk = operation.pk, operation.sk
        if isinstance(operation, Put):
            assert body is not None
            return expressions.replacement(pk, sk, body, seen, operation.expires_at)
        assert isinstance(operation, Add)
        live = seen.item is not None and items.is_live(seen.item, now)
        before = items.body_of(seen.item, self.large.get) if live and seen.item is not None else {}
        text = checks.to_json(checks.added(operation, before))
        return expressions.replacement(pk, sk, self._fit(items.pack(text)), seen, None)

    def _send(
        self, operations: Sequence[Operation], writes: Sequence[Write], now: int, *, plain: bool
    ) -> dict[int, Seen]:
        """Empty when written; else what the rows are of those writes that have to be made on it."""
        if len(writes) == 1 and plain:
            match operations[0]:
                case Put(expect=None) | Delete(expect=None):
                    return self._send_blind(operations[0], writes[0], now)
                case Put():
                    return self._send_marked(operations[0], writes[0], now)
        members = [
            {
                write.kind: {
                    "TableName": self.table,
                    "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
                    **write.parameters,
                }
            }
            for write in writes
        ]
        try:
            faults.call(
                self.clients.dynamodb.transact_write_items,
                TransactItems=members,
                ClientRequestToken=secrets.token_hex(16),
            )
        except faults.Refused as refused:
            if refused.code != "TransactionCanceledException":
                raise faults.rejected(refused) from refused
            return _read_reasons(operations, refused, now)
        return {}

    def _send_blind(self, operation: Operation, write: Write, now: int) -> dict[int, Seen]:
        client = self.clients.dynamodb
        send = client.update_item if write.kind == "Update" else client.delete_item
        try:
            faults.call(
                send, TableName=self.table, ReturnValuesOnConditionCheckFailure="ALL_OLD", **write.parameters
            )  # fmt: skip
        except faults.Refused as refused:
            return _read_refusal(operation, refused, now)
        return {}

    def _send_marked(self, operation: Operation, write: Write, now: int) -> dict[int, Seen]:
        mark = secrets.token_bytes(9)
        asked = {**write.parameters, "Item": {**write.parameters["Item"], "w": {"B": mark}}}
        try:
            faults.call(
                self.clients.dynamodb.put_item,
                TableName=self.table,
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
                **asked,
            )
        except faults.Refused as refused:
            if refused.code == "ConditionalCheckFailedException" and refused.doubtful:
                if refused.response.get("Item", {}).get("w", {}).get("B") == mark:
                    return {}
                key = f"{operation.pk}/{operation.sk}"
                raise Unavailable(f"the answer of a write to {key} was lost and others wrote since") from refused
            return _read_refusal(operation, refused, now)
        return {}

    # -- bodies

    def _bodies(self, operations: Sequence[Operation], texts: Sequence[str]) -> list[Body | None]:
        """Bodies as they go into the items. Those that are too long are objects before any item names them."""
        bodies = [
            self._fit(items.pack(text)) if isinstance(operation, Put) else None
            for operation, text in zip(operations, texts, strict=True)
        ]
        while sum(body.size for body in bodies if body is not None) > TRANSACTION_BYTES:
            longest = max(range(len(bodies)), key=lambda i: body.size if (body := bodies[i]) is not None else 0)
            body = bodies[longest]
            assert body is not None
            bodies[longest] = self._put_elsewhere(body)
        return bodies

    def _fit(self, body: Body) -> Body:
        return self._put_elsewhere(body) if body.size > items.INLINE_BYTES else body

    def _put_elsewhere(self, body: Body) -> Body:
        data = items.deflated(body)
        key = LARGE + hashlib.sha256(data).hexdigest()
        self.large.keep(key, data, "application/zlib")
        return items.elsewhere(key)

    def _now(self) -> int:
        return int(self.clock())


def _version(operation: Operation) -> int:
    """The new version, where the operation itself tells it."""
    return operation.expect + 1 if isinstance(operation, Put) and operation.expect is not None else 0


def _with_receipt(asked: Mapping[str, Any], receipt: str, members: int, old: Sequence[str]) -> dict[str, Any]:
    """An addition that notes in the row what each member came to, once, and takes old notes away."""
    names = {**asked["ExpressionAttributeNames"], **{f"#r{i}": f"{receipt}:{i}" for i in range(max(1, members))}}
    sets = [f"#r{i} = if_not_exists(#n{i}, :none) + :n{i}" for i in range(members)] or ["#r0 = :none"]
    update = asked["UpdateExpression"].replace("SET ", f"SET {', '.join(sets)}, ", 1)
    if old:
        names |= {f"#o{i}": name for i, name in enumerate(old)}
        update += f" REMOVE {', '.join(f'#o{i}' for i in range(len(old)))}"
    return {
        "UpdateExpression": update,
        "ConditionExpression": f"{asked['ConditionExpression']} AND attribute_not_exists(#r0)",
        "ExpressionAttributeNames": names,
        "ExpressionAttributeValues": {**asked["ExpressionAttributeValues"], ":none": items.number(0)},
    }


def _old_receipts(item: Mapping[str, Any], own: str) -> list[str]:
    """Names of the receipts that nobody asks for any more: the own one, which was read, and those past their time."""
    now_ms = int(own.split(":")[1], 16)
    return [
        name
        for name in item
        if name.startswith(items.RECEIPT)
        and (name.startswith(own) or int(name.split(":")[1], 16) < now_ms - RECEIPT_MS)
    ]


def _read_reasons(operations: Sequence[Operation], refused: faults.Refused, now: int) -> dict[int, Seen]:
    """What the rows are that a cancelled transaction met.

    Raises:
        Conflict: an expectation does not hold; the first one, in the order of the operations.
    """
    met: dict[int, Seen] = {}
    for i, reason in enumerate(refused.response.get("CancellationReasons", ())):
        code = reason.get("Code", "None")
        if code == "ConditionalCheckFailed":
            item = reason.get("Item") or None
            _expect(operations[i], item, now)
            met[i] = Seen(item)
        elif code != "None" and code not in faults.BUSY:
            raise ValueError(f"{operations[i].pk}/{operations[i].sk}: {reason.get('Message', code)}") from refused
    if not met:
        raise Unavailable(str(refused)) from refused
    return met


def _read_refusal(operation: Operation, refused: faults.Refused, now: int) -> dict[int, Seen]:
    if refused.code != "ConditionalCheckFailedException":
        raise faults.rejected(refused) from refused
    item = refused.response.get("Item") or None
    _expect(operation, item, now)
    return {0: Seen(item)}


def _expect(operation: Operation, item: Mapping[str, Any] | None, now: int) -> None:
    if not isinstance(operation, Add) and operation.expect is not None:
        found = items.version_of(item, now)
        raise Conflict(operation.pk, operation.sk, expected=operation.expect, found=found)
