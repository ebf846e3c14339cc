"""Runs the jobs of the queue in this process, for tests and `labelkite up --store aws`. Lambda needs none of it."""

from __future__ import annotations

import logging
import threading
import time
from types import TracebackType
from typing import TYPE_CHECKING, Any

from chalicelib.storage.aws import faults
from chalicelib.storage.ports import Unavailable

if TYPE_CHECKING:
    from chalicelib.storage.aws.jobs import AwsJobs

WAIT_S = 1
"""How long a request waits for messages; also how long `close` may take when nothing runs."""
HOLD_S = 120
CLOSE_WAIT_S = 20.0
THREADS = 4

log = logging.getLogger("labelkite.jobs")


class Poller:
    """A few threads that take one message after the other."""

    def __init__(self, jobs: AwsJobs) -> None:
        self._jobs = jobs
        self._stopping = threading.Event()
        self._threads = [
            threading.Thread(target=self._work, name=f"labelkite-jobs-{n}", daemon=True) for n in range(THREADS)
        ]

    @property
    def stopping(self) -> bool:
        return self._stopping.is_set()

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def close(self) -> None:
        self._stopping.set()
        until = time.monotonic() + CLOSE_WAIT_S
        for thread in self._threads:
            if thread is not threading.current_thread():
                thread.join(max(0.0, until - time.monotonic()))

    def _work(self) -> None:
        while not self._stopping.is_set():
            try:
                self._turn()
            except Unavailable as error:
                log.error("jobs wait: %s", error)
                self._stopping.wait(WAIT_S)

    def _turn(self) -> None:
        for message in self._receive():
            receipt = message["ReceiptHandle"]
            attempt = int(message["Attributes"]["ApproximateReceiveCount"])
            with _Holding(self._jobs, receipt):
                done = self._jobs.process(message["Body"], receipt, attempt)
            if done:
                self._ask(self._jobs.clients.sqs.delete_message, ReceiptHandle=receipt)

    def _receive(self) -> list[Any]:
        answer = self._ask(
            self._jobs.clients.sqs.receive_message,
            MaxNumberOfMessages=1,
            WaitTimeSeconds=WAIT_S,
            VisibilityTimeout=HOLD_S,
            MessageSystemAttributeNames=["ApproximateReceiveCount"],
        )
        return list(answer.get("Messages", ()))

    def _ask(self, send: Any, **asked: Any) -> Any:
        return faults.ask(send, QueueUrl=self._jobs.queue_url, **asked)


class _Holding:
    """Keeps the message from others for as long as its job runs here."""

    def __init__(self, jobs: AwsJobs, receipt: str) -> None:
        self._jobs, self._receipt = jobs, receipt
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._hold, name="labelkite-hold", daemon=True)

    def _hold(self) -> None:
        while not self._done.wait(HOLD_S / 3):
            self._jobs.hold(self._receipt, HOLD_S)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._done.set()
        self._thread.join()
