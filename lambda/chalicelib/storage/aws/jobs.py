"""The Jobs port on one SQS queue, and a second one for what keeps failing.

A message is one job. SQS counts how often it was handed out; that is the attempt, so a job that takes its process down
counts as well. Waits between attempts are the message's visibility. After MAX_ATTEMPTS the job goes to the second queue
with its error, and a record says so, where people look for it.
"""

from __future__ import annotations

import functools
import json
import logging
import secrets
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from chalicelib import keys, logs
from chalicelib.storage.aws import faults
from chalicelib.storage.aws.clients import Clients
from chalicelib.storage.aws.objects import AwsObjects
from chalicelib.storage.ports import Delete, Job, Put, Records, StorageError, Unavailable

MAX_ATTEMPTS = 6
FIRST_BACK_OFF_S = 2
LONGEST_BACK_OFF_S = 600
LONGEST_DELAY_S = 900
"""SQS takes no longer one; a job that waits longer is put back until its time has come."""
INLINE_BYTES = 200_000
"""Longer bodies are objects; a message may have 256 KB (262,144 bytes)."""
LARGE = "jobs/"

log = logging.getLogger("labelkite.jobs")


@dataclass(frozen=True, slots=True)
class DeadJob:
    job: Job
    error: str


@dataclass(eq=False)
class AwsJobs:
    """
    Args:
        queue, dead_queue: addresses or names.
        work: run jobs in a thread of this process from the first `handle` on (tests and local use). On Lambda the queue
            calls `process_event` instead.
    """

    clients: Clients
    queue: str
    dead_queue: str
    objects: AwsObjects
    records: Records
    clock: Callable[[], float] = time.time
    work: bool = False
    _handlers: dict[str, Callable[[Job], None]] = field(init=False, default_factory=dict, repr=False)
    _poller: Any = field(init=False, default=None, repr=False)
    _lock: threading.Lock = field(init=False, default_factory=threading.Lock, repr=False)

    @functools.cached_property
    def queue_url(self) -> str:
        return self._address(self.queue)

    @functools.cached_property
    def dead_queue_url(self) -> str:
        return self._address(self.dead_queue)

    def enqueue(self, kind: str, body: Mapping[str, Any], *, delay_s: int = 0) -> str:
        id_ = secrets.token_hex(12)
        text = json.dumps(body, separators=(",", ":"), allow_nan=False)
        message: dict[str, Any] = {"id": id_, "kind": kind, "due": self.clock() + delay_s}
        if len(text) > INLINE_BYTES:
            message["object"] = f"{LARGE}{id_}.json"
            self.objects.keep(message["object"], text.encode(), "application/json")
        else:
            message["body"] = json.loads(text)
        self._send(self.queue_url, message, delay_s)
        return id_

    def handle(self, kind: str, handler: Callable[[Job], None], *, lane: str = "main") -> None:
        """Lanes need no care here: Lambda runs as many jobs at once as there are, and the poller several."""
        del lane
        with self._lock:
            self._handlers[kind] = handler
            if self.work and self._poller is None:
                from chalicelib.storage.aws.poller import Poller

                self._poller = Poller(self)
                self._poller.start()

    def process_event(self, event: Mapping[str, Any]) -> dict[str, Any]:
        """Run the jobs of a Lambda event of the queue; the answer names those that have to stay in it."""
        failed = [
            {"itemIdentifier": message["messageId"]}
            for message in event["Records"]
            if not self.process(
                message["body"], message["receiptHandle"], int(message["attributes"]["ApproximateReceiveCount"])
            )
        ]
        return {"batchItemFailures": failed}

    def process(self, text: str, receipt: str, attempt: int) -> bool:
        """Run the job of one message. False: the message has to stay in the queue."""
        message = json.loads(text)
        wait_s = message["due"] - self.clock()
        if wait_s > 1:
            self._send(self.queue_url, message, wait_s)
            return True
        job = Job(message["id"], message["kind"], message.get("body", {}), attempt)
        try:
            if attempt > MAX_ATTEMPTS:
                raise RuntimeError("the process ended while the job ran, every time")
            if "object" in message:
                job = Job(job.id, job.kind, json.loads(self.objects.get(message["object"])), attempt)
            with logs.job(job.id, job.kind, attempt):
                self._handlers[job.kind](job)
        except Exception as error:
            log.warning("job %s (%s) failed at attempt %d", job.id, job.kind, attempt, exc_info=True)
            said = f"no handler for {error}" if isinstance(error, KeyError) and job.kind not in self._handlers else None
            return self._failed(message, job, said or f"{type(error).__name__}: {error}", receipt)
        if "object" in message:
            self.objects.delete(message["object"])
        return True

    def dead(self) -> tuple[DeadJob, ...]:
        """Jobs that failed for good, oldest first, at most 1,000."""
        rows = self.records.query(keys.DEAD_JOBS, limit=1000).records
        return tuple(DeadJob(_job_of(row.body), row.body["error"]) for row in rows)

    def counts(self) -> dict[str, int]:
        """`waiting`: those in the queue, running ones included, about; `dead`: those that failed for good, to 1,000."""
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesDelayed"]
        names.append("ApproximateNumberOfMessagesNotVisible")
        asked = {"QueueUrl": self.queue_url, "AttributeNames": names}
        found = faults.ask(self.clients.sqs.get_queue_attributes, **asked)["Attributes"]
        return {"waiting": sum(int(found.get(name, 0)) for name in names), "dead": len(self.dead())}

    def revive(self, job_id: str) -> None:
        """Give a dead job its attempts back. Its message in the second queue stays there: it is a copy."""
        rows = self.records.query(keys.DEAD_JOBS, limit=1000).records
        for row in rows:
            if row.body["id"] == job_id:
                message = {name: row.body[name] for name in ("id", "kind", "body", "object") if name in row.body}
                self._send(self.queue_url, {**message, "due": self.clock()}, 0)
                self.records.transact([Delete(row.pk, row.sk)])

    @property
    def stopping(self) -> bool:
        """Handlers that could go on for long leave the rest to the next run."""
        return self._poller is not None and bool(self._poller.stopping)

    def close(self) -> None:
        """Let the running jobs end; what does not end is run again later."""
        if self._poller is not None:
            self._poller.close()

    def _failed(self, message: Mapping[str, Any], job: Job, error: str, receipt: str) -> bool:
        """Put the message aside for good, or back for a while. False: it stays in the queue."""
        if job.attempt < MAX_ATTEMPTS:
            back_off_s = min(FIRST_BACK_OFF_S * 2 ** (job.attempt - 1), LONGEST_BACK_OFF_S)
            self.hold(receipt, back_off_s)
            return False
        told = {**message, "attempt": job.attempt, "error": error[:2000]}
        try:
            self.records.transact([Put(*keys.dead_job(int(message["due"] * 1000), job.id), told)])
            self._send(self.dead_queue_url, told, 0)
        except StorageError:
            log.exception("job %s could not be put aside; it stays in the queue", job.id)
            return False
        return True

    def hold(self, receipt: str, seconds: int) -> None:
        """Nobody else gets the message for so long. A message that is not ours any more is left alone."""
        try:
            faults.call(
                self.clients.sqs.change_message_visibility,
                QueueUrl=self.queue_url,
                ReceiptHandle=receipt,
                VisibilityTimeout=seconds,
            )
        except (faults.Refused, Unavailable):
            log.warning("a message could not be held; it comes again when the queue says so", exc_info=True)

    def _address(self, queue: str) -> str:
        return queue if "://" in queue else str(faults.ask(self.clients.sqs.get_queue_url, QueueName=queue)["QueueUrl"])

    def _send(self, queue_url: str, message: Mapping[str, Any], delay_s: float) -> None:
        """Send once or, when the answer is lost, twice: a job may run twice anyhow."""
        faults.ask(
            self.clients.sqs.send_message,
            QueueUrl=queue_url,
            MessageBody=json.dumps(message, separators=(",", ":")),
            DelaySeconds=max(0, min(LONGEST_DELAY_S, round(delay_s))),
        )


def _job_of(body: Mapping[str, Any]) -> Job:
    return Job(body["id"], body["kind"], body.get("body", {}), body["attempt"])
