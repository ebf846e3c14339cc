"""Routes of snapshots."""

from __future__ import annotations

from typing import Any

from chalicelib.handlers import snapshots
from chalicelib.http import App, Call


def register(app: App) -> None:
    serve = app.serve

    @serve("GET", "/api/projects/{project}/snapshots", who="read", summary="The dataset as it was, newest first")
    def list_snapshots(call: Call, project: int) -> Any:
        return snapshots.listed(call.world, call.caller, project)

    @serve(
        "POST", "/api/projects/{project}/snapshots", who="manage", summary="Keep the dataset as it is now, by a job",
        model="NewSnapshot", status=201,
    )  # fmt: skip
    def create_snapshot(call: Call, project: int) -> Any:
        return snapshots.create(call.world, call.caller, project, call.read("NewSnapshot"))

    @serve(
        "DELETE", "/api/projects/{project}/snapshots/{snapshot}", who="manage", summary="Delete a snapshot for good",
        status=204,
    )  # fmt: skip
    def delete_snapshot(call: Call, project: int, snapshot: int) -> Any:
        return snapshots.remove(call.world, call.caller, project, snapshot)

    @serve(
        "POST", "/api/projects/{project}/snapshots/{snapshot}/compare", who="read", model="NewComparison", status=201,
        summary="What has changed since, by a job",
    )  # fmt: skip
    def compare_snapshots(call: Call, project: int, snapshot: int) -> Any:
        return snapshots.compare(call.world, call.caller, project, snapshot, call.read("NewComparison"))
