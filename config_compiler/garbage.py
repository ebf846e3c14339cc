"""Of a large config so many objects are made, none of them garbage, that looking for some takes as long as the work."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

_LARGE = 100_000


@contextmanager
def without_collection(source: str) -> Iterator[None]:
    """Look for no garbage while something is made of a large *source*."""
    collects = len(source) > _LARGE and gc.isenabled()
    if collects:
        gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()
