"""What a rule may touch: the three ports, a secret, a clock. The host sets it once before it serves."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from chalicelib.ids import Ids
from chalicelib.storage.ports import Jobs, Objects, Records


@dataclass(eq=False)
class World:
    objects: Objects
    records: Records
    jobs: Jobs
    secret: bytes
    clock: Callable[[], float] = time.time
    """Seconds since 1970."""
    public_url: str = ""
    ids: Ids = field(init=False)
    configs: dict[tuple[int, int], Any] = field(init=False, default_factory=dict)
    """Compiled configs by (project, version): immutable, so they may be kept for as long as the process lives."""
    migrations: dict[tuple[int, int, int], Any] = field(init=False, default_factory=dict)
    """Steps between two config versions of a project; immutable too."""
    sweep_at: dict[int, float] = field(init=False, default_factory=dict)
    """Per project the time before which no lease can expire, so that `next` need not look."""

    def __post_init__(self) -> None:
        self.ids = Ids(self.records)

    def now_ms(self) -> int:
        return int(self.clock() * 1000)


_current: World | None = None


def use(store: Any) -> World:
    """Serve from *store*: a World, or an open store with `.objects .records .jobs .secret`."""
    global _current
    from chalicelib import background

    world = of(store)
    background.register(world)
    _current = world
    return world


def of(store: Any) -> World:
    """A World on *store*, without serving from it and without running its jobs."""
    if isinstance(store, World):
        return store
    public_url = getattr(store, "public_url", "")
    return World(store.objects, store.records, store.jobs, store.secret, public_url=public_url)


def current() -> World:
    if _current is None:
        raise RuntimeError("call chalicelib.world.use(store) before serving")
    return _current
