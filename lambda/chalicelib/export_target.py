"""The file of an export in the owner's own bucket or folder: where a source of the project has its target."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from chalicelib import keys
from chalicelib.buckets import open_bucket, read_place
from chalicelib.problems import refuse
from chalicelib.storage.ports import StorageError

if TYPE_CHECKING:
    from chalicelib.jobs import Work
    from chalicelib.sources import Source
    from chalicelib.world import World

FOLDER = "exports/"
"""Below the target, beside the results of single tasks."""


def require(world: World, project_id: int, source_id: int) -> Source:
    """
    Raises:
        Refusal: 400: it is no source of the project with a target, or the operator does not allow it.
    """
    record = world.records.get(*keys.source(source_id))
    if record is None or record.body["project"] != project_id or not record.body["target"]:
        hint = "Give a source of the project a target (Data, Sources), then name it."
        raise refuse(400, "no-target", f"Source {source_id} has no place for results.", where="field to", hint=hint)
    read_place(world, record.body["target"], "field to")
    return record.body


def send(work: Work) -> str:
    """
    Write the file that the job has made, and its report, below the target; gives the address. Done again it writes the
    same files over.

    Raises:
        Refusal: the place is gone, or does not take the file.
    """
    world, result = work.world, work.body["result"]
    source = require(world, work.project, work.asked["to"])
    place = read_place(world, source["target"], "field to")
    stem, _, ending = result["filename"].rpartition(".")
    lead = f"{FOLDER}{stem}-{result['format'].lower()}-{work.id}"
    bucket = open_bucket(world, place, source["id"])
    info = world.objects.head(result["key"])
    content_type = info.content_type if info is not None else "application/octet-stream"
    report = json.dumps(result["report"], indent=2, ensure_ascii=False).encode() + b"\n"
    try:
        chunks = world.objects.stream(result["key"])
        bucket.put_stream(f"{place.prefix}{lead}.{ending}", chunks, content_type=content_type)
        bucket.put(f"{place.prefix}{lead}.report.json", report, content_type="application/json")
    except (OSError, StorageError) as fault:
        message = f"The file could not be written to {place.address}: {type(fault).__name__}."
        hint = "See that the server may write there, then resume the job."
        raise refuse(409, "not-written", message, where="field to", hint=hint) from fault
    return f"{place.address.rstrip('/')}/{lead}.{ending}"
