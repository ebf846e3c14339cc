"""Overlaps that take long to compute, remembered by the shapes: matching and merging ask for the same ones."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol, TypeVar


class Knowing(Protocol):
    """known: id of another shape -> that shape (so that its id stays its own) and the overlap with it."""

    @property
    def known(self) -> dict[int, tuple[Any, float]]: ...


K = TypeVar("K", bound=Knowing)


def remember(a: K, b: K, overlap: float) -> float:
    """Note the overlap of two shapes with both, and give it back."""
    a.known[id(b)], b.known[id(a)] = (b, overlap), (a, overlap)
    return overlap


def remembered(overlap: Callable[[K, K], float]) -> Callable[[K, K], float]:
    """The same function, computed once for each two shapes, so that it is also exactly symmetric."""

    def ask(a: K, b: K) -> float:
        found = a.known.get(id(b))
        if found is None:
            return remember(a, b, overlap(a, b))
        return found[1]

    ask.__doc__ = overlap.__doc__
    return ask
