"""How a request to AWS can fail, and what that says about the write.

busy       nothing was written: throttled, in conflict with a running transaction, not even connected. Tried again.
doubtful   nobody knows: the answer was lost, or the service says 5xx. Tried again; the next answer is read with that in
           mind.
refused    nothing was written, and trying again would be refused too.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping
from typing import Any, Literal

from chalicelib.storage.ports import Unavailable

TRIES = 10
FIRST_WAIT_S = 0.03
LONGEST_WAIT_S = 1.5
GIVE_UP_S = 20.0

BUSY = frozenset(
    {
        "ConditionalRequestConflict",
        "OperationAborted",
        "OverLimit",
        "ProvisionedThroughputExceeded",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "RequestThrottled",
        "RequestThrottledException",
        "SlowDown",
        "Throttling",
        "ThrottlingError",
        "ThrottlingException",
        "TransactionConflict",
        "TransactionConflictException",
        "TransactionInProgressException",
    }
)
Verdict = Literal["busy", "doubtful", "refused"]


class Refused(Exception):
    """The service said no. `doubtful`: an earlier try of the same request may have been carried out."""

    def __init__(self, code: str, response: Mapping[str, Any], *, doubtful: bool) -> None:
        super().__init__(f"{code}: {response.get('Error', {}).get('Message', '')}")
        self.code, self.response, self.doubtful = code, response, doubtful

    @property
    def status(self) -> int:
        return int(self.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))


def call(send: Callable[..., Any], **parameters: Any) -> Any:
    """Send a request until it is answered, with growing waits that differ from caller to caller.

    Raises:
        Refused: the service said no.
        Unavailable: it did not answer in GIVE_UP_S or TRIES.
    """
    begun = time.monotonic()
    doubtful = False
    for tried in range(1, TRIES + 1):
        try:
            return send(**parameters)
        except Exception as error:
            verdict, code, response = judge(error)
            if verdict == "refused":
                raise Refused(code, response, doubtful=doubtful) from error
            doubtful |= verdict == "doubtful"
            if tried == TRIES or time.monotonic() - begun > GIVE_UP_S:
                raise Unavailable(f"AWS did not answer ({code}), tried {tried} times") from error
        pause(tried)
    raise AssertionError("unreachable")


def ask(send: Callable[..., Any], **parameters: Any) -> Any:
    """The same for requests that are refused only when something is wrong with them or with the place.

    Raises:
        ValueError: the service cannot take what it was sent.
        Unavailable: it did not answer, or does not let us in, or there is no such table, bucket or queue.
    """
    try:
        return call(send, **parameters)
    except Refused as refused:
        raise rejected(refused) from refused


def rejected(refused: Refused) -> Exception:
    """A request that AWS does not understand is a fault of the caller; anything else is one of the place."""
    return ValueError(str(refused)) if refused.code == "ValidationException" else Unavailable(str(refused))


def pause(tried: int) -> None:
    """Wait before the next try, between a half and all of a time that doubles."""
    time.sleep(random.uniform(0.5, 1) * min(LONGEST_WAIT_S, FIRST_WAIT_S * 2 ** (tried - 1)))


def judge(error: Exception) -> tuple[Verdict, str, Mapping[str, Any]]:
    """What a botocore exception means for the request, its code and the service's answer.

    Raises the exception itself when it is none of botocore's, or when it says that the request cannot even be made.
    """
    from botocore import exceptions

    if isinstance(error, exceptions.ClientError):
        return _judge_answer(error.response)
    name = type(error).__name__
    not_sent = (exceptions.ConnectTimeoutError, exceptions.EndpointConnectionError, exceptions.ProxyConnectionError)
    if isinstance(error, not_sent):
        return "busy", name, {}
    if isinstance(error, (exceptions.HTTPClientError, exceptions.IncompleteReadError)):
        return "doubtful", name, {}
    if isinstance(error, exceptions.BotoCoreError):
        raise Unavailable(f"AWS cannot be asked: {error}") from error
    if type(error).__module__ == "botocore.parsers":  # half an answer
        return "doubtful", name, {}
    raise error


def _judge_answer(response: Mapping[str, Any]) -> tuple[Verdict, str, Mapping[str, Any]]:
    code = str(response.get("Error", {}).get("Code", ""))
    if code == "TransactionCanceledException":
        reasons = {reason.get("Code", "None") for reason in response.get("CancellationReasons", ())} - {"None"}
        return ("busy" if reasons and reasons <= BUSY else "refused"), code, response
    if code in BUSY:
        return "busy", code, response
    if int(response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)) >= 500:
        return "doubtful", code, response
    return "refused", code, response
