"""All of a table and its bucket, for backup and restore.

DynamoDB's Scan reads no single moment. So the table is read again until nothing has changed between two readings: what
both saw is then how the table was at the moment between them. Where people work without a pause, a copy of the table as
it was at one moment is read instead (point-in-time recovery, `moment`).
"""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import time
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from chalicelib import keys
from chalicelib.storage import checks
from chalicelib.storage.aws import AwsStore, faults, items
from chalicelib.storage.aws.jobs import LARGE as LARGE_JOBS
from chalicelib.storage.aws.records import LARGE as LARGE_RECORDS
from chalicelib.storage.aws.records import LOAD_ROWS, LOAD_THREADS
from chalicelib.storage.ports import Delete, NotFound, ObjectInfo, Put, Unavailable
from chalicelib.storage.whole import LEFT_OUT, RESTORING, Moving, Row, Say, Waiting, is_first_start

READINGS = 5
WAIT_S = 5
COPY_TRIES = 1440
"""Looks, WAIT_S apart, whether the copy of the table is there: two hours."""
OWN_OBJECTS = (LARGE_RECORDS, LARGE_JOBS)
"""Long bodies of records and jobs: parts of those, not objects of their own."""
CONTENT = frozenset(("v", "b", "z", "o", "ttl"))
"""Attributes of an item that are the record; the others say who wrote it."""
SCRATCH = """
CREATE TABLE IF NOT EXISTS seen (
  pk TEXT NOT NULL, sk TEXT NOT NULL, version INTEGER NOT NULL, expires_at INTEGER, body TEXT NOT NULL,
  mark BLOB NOT NULL, reading INTEGER NOT NULL, PRIMARY KEY (pk, sk)
) WITHOUT ROWID"""


class WholeAws:
    """
    Args:
        moment: read a copy of the table as it was a few minutes ago, and delete that copy afterwards.
    """

    store_kind = "aws"

    def __init__(self, store: AwsStore, *, moment: bool = False) -> None:
        self._store = store
        self._moment = moment
        self._seen: sqlite3.Connection | None = None

    # -- reading

    def freeze(self, scratch: Path, say: Say) -> None:
        if self._seen is not None:
            self._seen.close()
        place = scratch / "seen.db"
        place.unlink(missing_ok=True)
        os.close(os.open(place, os.O_WRONLY | os.O_CREAT, 0o600))
        self._seen = sqlite3.connect(place, isolation_level=None)
        self._seen.execute("PRAGMA journal_mode=OFF")
        self._seen.execute("PRAGMA synchronous=OFF")
        self._seen.execute(SCRATCH)
        if self._moment:
            name = f"{self._store.records.table}-backup-{int(time.time())}"
            self._copy_table(name, say)
            try:
                self._read(name, 1, say)
            finally:
                faults.ask(self._store.clients.dynamodb.delete_table, TableName=name)
            return
        for reading in range(1, READINGS + 1):
            changed = self._read(self._store.records.table, reading, say)
            if reading > 1 and not changed:
                return
        raise Moving(READINGS, changed)

    def _copy_table(self, name: str, say: Say) -> None:
        client = self._store.clients.dynamodb
        faults.ask(
            client.restore_table_to_point_in_time,
            SourceTableName=self._store.records.table,
            TargetTableName=name,
            UseLatestRestorableTime=True,
            BillingModeOverride="PAY_PER_REQUEST",
        )
        for tried in range(COPY_TRIES):
            state = faults.ask(client.describe_table, TableName=name)["Table"]["TableStatus"]
            if state == "ACTIVE":
                return
            say("copy of the table", tried * WAIT_S, None)
            time.sleep(WAIT_S)
        raise Unavailable(f"the copy {name} of the table is still not there; delete it when it is")

    def _read(self, table: str, reading: int, say: Say) -> int:
        """Read every item once. The number of records that are other than in the reading before."""
        assert self._seen is not None
        now, changed, read = int(time.time()), 0, 0
        asked: dict[str, Any] = {"TableName": table, "ConsistentRead": True}
        while True:
            answer = faults.ask(self._store.clients.dynamodb.scan, **asked)
            self._seen.execute("BEGIN")
            for item in answer["Items"]:
                key = (item["pk"]["S"], item["sk"]["S"])
                if items.is_live(item, now) and key not in LEFT_OUT and key[0] != keys.DEAD_JOBS:
                    changed += self._look(key, item, reading)
                    read += 1
            self._seen.execute("COMMIT")
            say(f"reading {reading} of the table, records", read, None)
            if "LastEvaluatedKey" not in answer:
                break
            asked["ExclusiveStartKey"] = answer["LastEvaluatedKey"]
        gone = self._seen.execute("DELETE FROM seen WHERE reading <> ?", (reading,)).rowcount
        return changed + gone

    def _look(self, key: tuple[str, str], item: Mapping[str, Any], reading: int) -> int:
        """Keep an item; 1 when it is other than it was."""
        assert self._seen is not None
        told = {name: value for name, value in item.items() if name in CONTENT or name[:2] == items.MEMBER}
        mark = hashlib.blake2b(repr(sorted(told.items())).encode(), digest_size=16).digest()
        same = self._seen.execute(
            "UPDATE seen SET reading = ? WHERE pk = ? AND sk = ? AND mark = ?", (reading, *key, mark)
        ).rowcount
        if same:
            return 0
        text = _text(item, self._store.objects.get)
        end = int(item["ttl"]["N"]) if "ttl" in item else None
        row = (*key, int(item["v"]["N"]), end, text, mark, reading)
        self._seen.execute("REPLACE INTO seen VALUES (?, ?, ?, ?, ?, ?, ?)", row)
        return 1

    def rows(self) -> Iterator[Row]:
        assert self._seen is not None, "call freeze first"
        select = "SELECT pk, sk, version, expires_at, body FROM seen ORDER BY pk, sk"
        return (Row(*row) for row in self._seen.execute(select))

    def objects(self) -> Iterator[ObjectInfo]:
        after: str | None = None
        while True:
            found, after = self._store.objects.list("", after=after)
            yield from (info for info in found if not info.key.startswith(OWN_OBJECTS))
            if after is None:
                return

    def open(self, key: str) -> tuple[ObjectInfo, Iterator[bytes]]:
        info = self._store.objects.head(key)
        if info is None:
            raise NotFound(f"there is no object {key}")
        return info, self._store.objects.stream(key)

    def waiting(self) -> Iterator[Waiting]:
        for row in self._store.records.query(keys.DEAD_JOBS, limit=1000).records:
            body = row.body
            held = json.loads(self._store.objects.get(body["object"])) if "object" in body else body.get("body", {})
            yield Waiting(body["kind"], held, body["due"], body["attempt"], body["error"], dead=True)

    def secret(self) -> bytes:
        return self._store.secret

    # -- writing

    def foreign(self) -> str:
        table, asked = self._store.records.table, {"ProjectionExpression": "pk"}
        while True:
            answer = faults.ask(self._store.clients.dynamodb.scan, TableName=table, ConsistentRead=True, **asked)
            for item in answer["Items"]:
                if not is_first_start(item["pk"]["S"]):
                    return f"records ({item['pk']['S']})"
            if "LastEvaluatedKey" not in answer:
                break
            asked["ExclusiveStartKey"] = answer["LastEvaluatedKey"]
        found = next(self.objects(), None)
        return f"files ({found.key})" if found else ""

    def marked(self) -> str:
        found = self._store.records.get(*RESTORING)
        return str(found.body["backup"]) if found else ""

    def begin(self, backup_id: str) -> None:
        self._store.records.transact([Put(*RESTORING, {"backup": backup_id})])

    def clear(self, say: Say) -> None:
        asked: dict[str, Any] = {"TableName": self._store.records.table, "ProjectionExpression": "pk, sk"}
        gone = 0
        while True:
            answer = faults.ask(self._store.clients.dynamodb.scan, ConsistentRead=True, **asked)
            found = [key for key in answer["Items"] if (key["pk"]["S"], key["sk"]["S"]) != RESTORING]
            self._write([{"DeleteRequest": {"Key": key}} for key in found])
            gone += len(found)
            say("records deleted", gone, None)
            if "LastEvaluatedKey" not in answer:
                break
            asked["ExclusiveStartKey"] = answer["LastEvaluatedKey"]
        while found_objects := self._store.objects.list("")[0]:
            with ThreadPoolExecutor(LOAD_THREADS) as pool:
                list(pool.map(lambda info: self._store.objects.delete(info.key), found_objects))

    def load(self, rows: Sequence[Row]) -> None:
        puts = [Put(row.pk, row.sk, {}, expires_at=row.expires_at) for row in rows]
        self._write(
            [
                {"PutRequest": {"Item": self._store.records.item_of(put, row.text, row.version)}}
                for put, row in zip(puts, rows, strict=True)
            ]
        )

    def _write(self, requests: Sequence[Mapping[str, Any]]) -> None:
        parts = [requests[start : start + LOAD_ROWS] for start in range(0, len(requests), LOAD_ROWS)]
        with ThreadPoolExecutor(LOAD_THREADS, thread_name_prefix="labelkite-load") as pool:
            list(pool.map(self._store.records.write_batch, parts))

    def put(self, info: ObjectInfo, chunks: Iterable[bytes]) -> None:
        self._store.objects.put_stream(info.key, chunks, content_type=info.content_type or "application/octet-stream")

    def finish(self, secret: bytes | None, jobs: Iterable[Waiting]) -> None:
        now = time.time()
        for n, job in enumerate(jobs):
            if job.dead:
                id_ = f"restored-{n}"
                told = {"id": id_, "kind": job.kind, "body": job.body, "due": job.due_at}
                row = {**told, "attempt": job.attempt, "error": job.error}
                self._store.records.transact([Put(*keys.dead_job(int(job.due_at * 1000), id_), row)])
            else:
                self._store.jobs.enqueue(job.kind, job.body, delay_s=max(0, round(job.due_at - now)))
        if secret is not None:
            self._store.records.transact([Put(*keys.SECRET, {"hex": secret.hex()})])
            self._store.__dict__.pop("secret", None)
        self._store.records.transact([Delete(*RESTORING)])

    def close(self) -> None:
        if self._seen is not None:
            self._seen.close()
        self._store.close()


def _text(item: Mapping[str, Any], fetch: Any) -> str:
    """The body as it was written; of a counter the sum of what was written and added."""
    if "c" in item:
        return checks.to_json(items.body_of(item, fetch))
    if "b" in item:
        return str(item["b"]["S"])
    if "z" in item:
        return zlib.decompress(item["z"]["B"]).decode()
    return zlib.decompress(fetch(item["o"]["S"])).decode() if "o" in item else "{}"
