"""How often one caller may ask: a token bucket each (Turner 1986, New directions in communications).

The buckets are in the memory of one process: enough to keep a script that went wrong from taking the server away from
everybody else. On AWS, API Gateway's own limits stand before it.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Callable
from dataclasses import dataclass

from chalicelib.problems import Refusal, problem


@dataclass(frozen=True, slots=True)
class Rate:
    """`per_s` requests a second for long, `burst` at once."""

    per_s: float
    burst: float


RATES = {"anyone": Rate(50, 500), "session": Rate(300, 1500), "token": Rate(3000, 6000)}
"""By how somebody is known: by address alone, as a person in a browser, as a script."""
MOST = 20_000


class Limits:
    """Buckets by (kind, who), the full ones forgotten."""

    def __init__(self, clock: Callable[[], float], rates: dict[str, Rate] | None = None) -> None:
        self._clock = clock
        self._rates = RATES if rates is None else rates
        self._buckets: dict[tuple[str, str], tuple[float, float]] = {}
        self._lock = threading.Lock()

    def take(self, kind: str, who: str) -> None:
        """
        Raises:
            Refusal: 429 with the seconds to wait in `Retry-After`.
        """
        rate = self._rates[kind]
        now = self._clock()
        with self._lock:
            left, at = self._buckets.get((kind, who), (rate.burst, now))
            left = min(rate.burst, left + max(0.0, now - at) * rate.per_s)
            if left >= 1:
                self._buckets[kind, who] = (left - 1, now)
                if len(self._buckets) > MOST:
                    self._forget(now)
                return
            self._buckets[kind, who] = (left, now)
        wait = math.ceil((1 - left) / rate.per_s)
        message = f"These are more than {rate.per_s:g} requests a second."
        refusal = Refusal(429, problem("too-often", message, hint=f"Wait {wait} s, then go on more slowly."))
        refusal.headers["Retry-After"] = str(wait)
        raise refusal

    def _forget(self, now: float) -> None:
        """Buckets that have filled up again say nothing."""
        for (kind, who), (left, at) in list(self._buckets.items()):
            rate = self._rates[kind]
            if left + (now - at) * rate.per_s >= rate.burst:
                del self._buckets[kind, who]
        while len(self._buckets) > MOST:  # so many at once: the longest unseen go
            del self._buckets[next(iter(self._buckets))]
