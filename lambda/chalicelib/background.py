"""Work that no request waits for: which handler and which step there is for what."""

from __future__ import annotations

from chalicelib import (
    assigning,
    bulk,
    import_job,
    jobs,
    leases,
    pausing,
    project_pack,
    project_unpack,
    purge,
    recompute,
    relist,
    removal,
    reports,
    snapshots,
    source_sync,
    sources,
    table_index,
    webhook_delivery,
    write_back,
)
from chalicelib.handlers import exports
from chalicelib.jobs import STEPS
from chalicelib.world import World


def register(world: World) -> None:
    """Handlers of every kind of message, and steps of every kind of job."""
    STEPS.add("import", import_job.step)
    STEPS.add("export", exports.step)
    STEPS.add("states", recompute.states)
    STEPS.add("consensus", recompute.whole_consensus)
    STEPS.add("sync", source_sync.step)
    STEPS.add("write-back", write_back.step)
    STEPS.add("purge", purge.step)
    STEPS.add(project_pack.JOB, project_pack.step)
    STEPS.add(project_unpack.JOB, project_unpack.step)
    STEPS.add(relist.JOB, relist.step)
    STEPS.add(assigning.JOB, assigning.step)
    STEPS.add(assigning.HANDOVER, assigning.hand_over_step)
    STEPS.add(bulk.JOB, bulk.step)
    STEPS.add(bulk.UNDO, bulk.undo_step)
    STEPS.add(pausing.JOB, pausing.step)
    STEPS.add(reports.JOB, reports.step)
    STEPS.add(table_index.JOB, table_index.step)
    STEPS.add(snapshots.JOB, snapshots.step)
    STEPS.add(snapshots.COMPARE, snapshots.compare_step)
    jobs.register(world)
    webhook_delivery.register(world)
    write_back.register(world)
    world.jobs.handle("sweep", lambda job: leases.sweep_job(world, job))
    world.jobs.handle(snapshots.CLEAR, lambda job: snapshots.clear(world, job))
    world.jobs.handle("clear_task", lambda job: removal.clear(world, job))


def begin(world: World) -> None:
    """For a host that runs its jobs itself: look for what an earlier process left behind, and go on looking."""
    sources.serve_folders(world)
    world.jobs.enqueue("hooks-tick", {"start": True})


def tick(world: World) -> None:
    """For a host whose jobs run elsewhere: to be called once a minute."""
    webhook_delivery.tick(world)
