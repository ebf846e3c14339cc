"""What a rule may touch: the three ports, a secret, a clock. The host sets it once before it serves."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from chalicelib.ids import Ids
from chalicelib.limits import Limits
from chalicelib.outgoing import Allowed
from chalicelib.storage.ports import Jobs, Objects, Records

FOLDERS = "LABELKITE_ALLOW_FOLDERS"


def folders_from_environment() -> tuple[Path, ...]:
    return tuple(Path(part).resolve() for part in os.environ.get(FOLDERS, "").split(os.pathsep) if part)


BUCKETS = "LABELKITE_ALLOW_BUCKETS"


def buckets_from_environment() -> tuple[str, ...]:
    return tuple(part.strip() for part in os.environ.get(BUCKETS, "").split(",") if part.strip())


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
    sweep_planned: dict[int, float] = field(init=False, default_factory=dict)
    """Per project until when a job that gives back what ran out is known to be planned."""
    hooks_woken: dict[int, tuple[float, float]] = field(init=False, default_factory=dict)
    """Per project when the delivery of webhooks was last woken, and until when a wake is planned."""
    allowed: Allowed = field(default_factory=Allowed.from_environment)
    """Hosts that webhooks may call although they are not public."""
    folders: tuple[Path, ...] = field(default_factory=folders_from_environment)
    """Folders of this machine that projects may take as sources; none on AWS."""
    buckets: tuple[str, ...] = field(default_factory=buckets_from_environment)
    """Buckets and prefixes (`s3://bucket/prefix`) that projects may take as sources."""
    s3: Any = None
    """Clients for them, made when the first one is read."""
    sources_known: dict[int, tuple[float, list[Any]]] = field(init=False, default_factory=dict)
    """Per project its sources, and until when that counts."""

    limits: Limits = field(init=False, default_factory=lambda: Limits(time.monotonic))
    """How often one caller may ask this process."""

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
    """The world to serve from. On Lambda nobody calls `use`: the first request opens what the environment names."""
    if _current is None:
        return open_from_environment()
    return _current


def open_from_environment() -> World:
    """Serve from the table, bucket and queue that LABELKITE_TABLE, LABELKITE_BUCKET and LABELKITE_QUEUE name."""
    if "LABELKITE_TABLE" not in os.environ:
        raise RuntimeError("call chalicelib.world.use(store) before serving, or set LABELKITE_TABLE and its like")
    from chalicelib import logs
    from chalicelib.storage import aws

    if function := os.environ.get("AWS_LAMBDA_FUNCTION_NAME"):
        logs.set_up(sys.stdout, lines=True, requests=True, metrics=function)
    return use(aws.open_from_environment())


def tick() -> None:
    """What a schedule does once a minute where jobs run elsewhere."""
    from chalicelib import background

    background.tick(current())


def run_jobs(event: dict[str, Any]) -> dict[str, Any]:
    """What the queue's Lambda does with a batch of messages; the answer names those that have to be tried again."""
    from chalicelib.storage.aws.jobs import AwsJobs

    jobs = current().jobs
    if not isinstance(jobs, AwsJobs):
        raise RuntimeError("only the jobs of a queue come as events")
    return jobs.process_event(event)
