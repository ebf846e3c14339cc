"""Train, validation and test sets that stay the same: a task's set follows from its key alone."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass

from labeling.exports.fault import ExportFault

NAMES = ("train", "val", "test")
_NAME = re.compile(r"[A-Za-z0-9_-]{1,40}")


@dataclass(frozen=True, slots=True)
class Splits:
    """
    Shares by name, in order; they are scaled to sum up to 1.

    A task is in the set that a number made of the SHA-256 of *seed* and its key falls into. So the same task is in the
    same set in every export, whatever other tasks there are, and with larger shares of a later set no task moves back.
    """

    shares: tuple[tuple[str, float], ...]
    seed: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(name for name, _ in self.shares)

    def of(self, key: str) -> str:
        digest = hashlib.sha256(f"{self.seed}\n{key}".encode("utf-8", "surrogatepass")).digest()
        # 48 bits and whole numbers of 2**-48: no rounding that another machine could do otherwise.
        place = int.from_bytes(digest[:6], "big")
        total = sum(share for _, share in self.shares)
        before = 0.0
        for name, share in self.shares:
            before += share
            if place < int(before / total * (1 << 48)):
                return name
        return self.shares[-1][0]


def read(given: object, seed: str = "") -> Splits | None:
    """
    Of `{"train": 0.8, "val": 0.1, "test": 0.1}`, the text `train:0.8,val:0.1`, or `0.8,0.1,0.1`; None of nothing.

    Raises:
        ExportFault: no shares, or names that could not be names of files.
    """
    if given in (None, "", {}):
        return None
    pairs = _pairs(given)
    shares = [(name, share) for name, share in pairs if share > 0]
    names = [name for name, _ in shares]
    if not shares or any(share < 0 or share > 1e6 for _, share in pairs) or len(set(names)) != len(names):
        raise _bad("A split needs shares above 0, each name once.")
    if not all(_NAME.fullmatch(name) for name in names):
        raise _bad("Names of sets are letters, digits, - and _.")
    return Splits(tuple(shares), seed)


def _pairs(given: object) -> list[tuple[str, float]]:
    try:
        if isinstance(given, Mapping):
            return [(str(name), float(share)) for name, share in given.items()]
        parts = [part.strip() for part in str(given).split(",") if part.strip()]
        if any(":" in part for part in parts):
            return [(name.strip(), float(share)) for name, _, share in (part.partition(":") for part in parts)]
        if len(parts) > len(NAMES):
            raise _bad(f"Without names there may be {len(NAMES)} shares: {', '.join(NAMES)}.")
        return [(name, float(part)) for name, part in zip(NAMES, parts, strict=False)]
    except (TypeError, ValueError):
        raise _bad("Shares are numbers.") from None


def _bad(message: str) -> ExportFault:
    return ExportFault("bad-split", message, "split", 'Such as "train:0.8,val:0.1,test:0.1".')
