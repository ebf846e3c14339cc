"""The store on AWS: records in one DynamoDB table, objects in one S3 bucket, jobs in an SQS queue.

Nothing is asked and no client is made before the first use, so that a Lambda starts fast.
"""

from __future__ import annotations

import functools
import os
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from chalicelib import keys
from chalicelib.storage.aws.clients import Clients, Credentials
from chalicelib.storage.aws.jobs import AwsJobs
from chalicelib.storage.aws.objects import AwsObjects
from chalicelib.storage.aws.records import AwsRecords
from chalicelib.storage.ports import ABSENT, Conflict, Put, StorageError, Unavailable
from chalicelib.storage.whole import RESTORING

SECRET_BYTES = 32
ENVIRONMENT = {
    "LABELKITE_TABLE": "the DynamoDB table",
    "LABELKITE_BUCKET": "the S3 bucket",
    "LABELKITE_QUEUE": "the SQS queue: its address or its name; the one for dead jobs has -dead behind",
    "LABELKITE_PUBLIC_URL": "where people reach the site",
    "AWS_REGION": "the region; Lambda sets it",
    "AWS_ENDPOINT_URL": "where to reach AWS instead of its own addresses; for tests",
}


class NotConfigured(StorageError):
    """The environment does not say where the data are."""


@dataclass(eq=False)
class AwsStore:
    """The three ports on AWS, and the deployment's secret."""

    clients: Clients
    public_url: str
    records: AwsRecords
    objects: AwsObjects
    jobs: AwsJobs
    clock: Callable[[], float] = field(default=time.time, repr=False)

    @functools.cached_property
    def secret(self) -> bytes:
        """32 bytes that sign sessions and links: a record that is made at the first use, the same for every process."""
        while True:
            found = self.records.get(*keys.SECRET)
            if found is not None:
                return bytes.fromhex(found.body["hex"])
            if self.records.get(*RESTORING) is not None:
                raise Unavailable(
                    "a backup is being restored into the table; run the same restore again if it broke off"
                )
            try:
                made = {"hex": secrets.token_bytes(SECRET_BYTES).hex()}
                self.records.transact([Put(*keys.SECRET, made, expect=ABSENT)])
            except Conflict:
                continue

    def close(self) -> None:
        """Let the running job end and close the connections."""
        self.jobs.close()
        self.clients.close()


def open_aws(
    *,
    table: str,
    bucket: str,
    queue: str,
    dead_queue: str = "",
    public_url: str = "",
    region: str = "",
    endpoint_url: str | None = None,
    credentials: Credentials | None = None,
    clock: Callable[[], float] = time.time,
    work: bool = False,
    clients: Clients | None = None,
) -> AwsStore:
    """
    Open the store; nothing is asked of AWS yet.

    Args:
        queue, dead_queue: addresses or names; the second, unless given, is the first with `-dead` behind.
        work: run jobs in a thread of this process, where no Lambda does.
        clients: used as they are instead of region, endpoint and credentials.
    """
    clients = clients or Clients(region, endpoint_url, credentials)
    objects = AwsObjects(clients, bucket, clock=clock)
    records = AwsRecords(clients, table, objects, clock)
    jobs = AwsJobs(clients, queue, dead_queue or f"{queue}-dead", objects, records, clock, work)
    return AwsStore(clients, public_url.rstrip("/"), records, objects, jobs, clock)


def open_from_environment(environment: Any = os.environ, *, work: bool = False) -> AwsStore:
    """Open the store that the variables of ENVIRONMENT name.

    Raises:
        NotConfigured: names the variables that are missing.
    """
    missing = [f"{name} ({ENVIRONMENT[name]})" for name in list(ENVIRONMENT)[:3] if not environment.get(name)]
    if missing:
        raise NotConfigured(f"set {', '.join(missing)}")
    return open_aws(
        table=environment["LABELKITE_TABLE"],
        bucket=environment["LABELKITE_BUCKET"],
        queue=environment["LABELKITE_QUEUE"],
        public_url=environment.get("LABELKITE_PUBLIC_URL", ""),
        region=environment.get("AWS_REGION") or environment.get("AWS_DEFAULT_REGION") or "",
        endpoint_url=environment.get("AWS_ENDPOINT_URL") or None,
        work=work,
    )
