"""Logs: one JSON object a line, with the id of the request or job it belongs to; and what is counted on the way.

No line holds a secret, a token, a signed address or a mail address: `scrub` takes out what looks like one, wherever it
comes from. Queries of addresses, bodies and names of people are never logged at all; people and tasks are ids.

On Lambda a request's line is also a metric (CloudWatch's embedded metric format), so that metrics cost no request.
"""

from __future__ import annotations

import contextlib
import contextvars
import json
import logging
import re
import secrets
import threading
import time
from collections import Counter, deque
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, TextIO

NAMESPACE = "Labelkite"
KEPT = 1000
"""Durations that the numbers of `Seen` are made of."""

REQUESTS = logging.getLogger("labelkite.requests")
JOBS = logging.getLogger("labelkite.jobs.done")
_current: contextvars.ContextVar[str] = contextvars.ContextVar("log-id", default="")

_SECRETS = (
    (re.compile(r"(?i)\b((?:x-amz-)?(?:signature|credential|security-token)|code|state|token)=[^&\s\"'\\]+"), r"\1=…"),
    (re.compile(r"(?i)\b(token|bearer|basic) [\w.~+/=-]{8,}"), r"\1 …"),
    (re.compile(r"\b\d+\.\d{9,12}\.[\w-]{20,}\.[0-9a-f]{40}\b"), "…"),  # an invite link's token
    (re.compile(r"\bwhsec_[\w-]+"), "whsec_…"),
    (re.compile(r"(?<![\w-])[\w-]{43}(?![\w-])"), "…"),  # 32 bytes as base64: sessions, tokens
    (re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"), "…@…"),
)


def scrub(text: str) -> str:
    for pattern, instead in _SECRETS:
        text = pattern.sub(instead, text)
    return text


def fresh_id() -> str:
    return secrets.token_hex(6)


def current_id() -> str:
    """Of the request or job that this thread is in; empty outside of both."""
    return _current.get()


@contextlib.contextmanager
def within(id_: str) -> Iterator[None]:
    """Lines that are written inside belong to this request or job."""
    token = _current.set(id_)
    try:
        yield
    finally:
        _current.reset(token)


class Lines(logging.Formatter):
    """A record as one line of JSON: `at`, `level`, `logger`, `message`, `request`, what was told, `error`."""

    def format(self, record: logging.LogRecord) -> str:
        told: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": scrub(record.getMessage()),
        }
        if _current.get():
            told["request"] = _current.get()
        told |= getattr(record, "told", {})
        if record.exc_info and record.exc_info[0] is not None:
            told["error"] = scrub(self.formatException(record.exc_info))
        return json.dumps(told, ensure_ascii=False, default=str, separators=(",", ":"))


class Plain(logging.Formatter):
    """The same for people: time, level, logger, message, and the id where there is one."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        text = super().format(record)
        told = "".join(f" {name}={value}" for name, value in getattr(record, "told", {}).items() if name != "_aws")
        return scrub(text) + (f" [{_current.get()}]" if _current.get() else "") + told


def set_up(stream: TextIO, *, lines: bool, requests: bool, metrics: str = "") -> None:
    """
    Send the log of this process to a stream, once.

    Args:
        lines: JSON lines; else text for people.
        requests: each request and each job too; else warnings and errors only.
        metrics: name of the function whose metrics CloudWatch makes of the lines; empty: none.
    """
    handler = logging.StreamHandler(stream)
    handler.setFormatter(Lines() if lines else Plain())
    root = logging.getLogger()
    for old in list(root.handlers):
        root.removeHandler(old)
    root.addHandler(handler)
    root.setLevel(logging.WARNING)
    for logger in (REQUESTS, JOBS):
        logger.setLevel(logging.INFO if requests else logging.WARNING)
    global _metrics
    _metrics = metrics


_metrics = ""


def _with_metrics(told: dict[str, Any], units: Mapping[str, str]) -> dict[str, Any]:
    """The same with what CloudWatch needs to make metrics of it."""
    if not _metrics:
        return told
    described = [{"Name": name, "Unit": unit} for name, unit in units.items()]
    directive = {"Namespace": NAMESPACE, "Dimensions": [["function"]], "Metrics": described}
    return {
        **told,
        "function": _metrics,
        "_aws": {"Timestamp": int(time.time() * 1000), "CloudWatchMetrics": [directive]},
    }


def request(method: str, route: str, status: int, ms: float) -> None:
    """Count a request and log it. `route`: the pattern, without ids, so that lines can be grouped by it."""
    SEEN.add(status, ms)
    if not REQUESTS.isEnabledFor(logging.INFO):
        return
    told = {"method": method, "route": route, "status": status, "ms": round(ms, 1), "server_error": int(status >= 500)}
    units = {"ms": "Milliseconds", "server_error": "Count"}
    REQUESTS.info("request", extra={"told": _with_metrics(told, units)})


@contextlib.contextmanager
def job(id_: str, kind: str, attempt: int) -> Iterator[None]:
    """Lines inside belong to this job; its end is logged. Errors go on."""
    begun, failed = time.perf_counter(), 1
    with within(f"job-{id_}"):
        try:
            yield
            failed = 0
        finally:
            if JOBS.isEnabledFor(logging.INFO):
                ms = round((time.perf_counter() - begun) * 1000, 1)
                told = {"kind": kind, "attempt": attempt, "job_ms": ms, "job_failed": failed}
                units = {"job_ms": "Milliseconds", "job_failed": "Count"}
                JOBS.info("job", extra={"told": _with_metrics(told, units)})


class Seen:
    """What this process has answered since it started."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._statuses: Counter[str] = Counter()
        self._ms: deque[float] = deque(maxlen=KEPT)
        self._begun = time.monotonic()

    def add(self, status: int, ms: float) -> None:
        with self._lock:
            self._statuses[f"{status // 100}xx"] += 1
            self._ms.append(ms)

    def numbers(self) -> dict[str, Any]:
        """`ms`: median and 95th percentile of the last KEPT requests; null before the first."""
        with self._lock:
            statuses, ms = dict(self._statuses), sorted(self._ms)
        return {
            "up_s": int(time.monotonic() - self._begun),
            "requests": statuses,
            "ms": {
                "p50": round(ms[len(ms) // 2], 1) if ms else None,
                "p95": round(ms[int(len(ms) * 0.95)], 1) if ms else None,
            },
        }


SEEN = Seen()
