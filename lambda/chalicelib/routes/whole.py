"""Routes of whole projects: what the list shows of them, one as a file, from a file, copied."""

from __future__ import annotations

from typing import Any

from chalicelib import activity
from chalicelib.handlers import project_files
from chalicelib.http import App, Call


def register(app: App) -> None:
    serve = app.serve

    @serve("GET", "/api/projects/activity", who="known", summary="Who works today, what waits for the owner",
           query=("projects",))  # fmt: skip
    def project_activity(call: Call) -> Any:
        return activity.listed(call.world, call.caller, call.ids("projects"))

    @serve("POST", "/api/projects/files", who="create", summary="Where to send a project file, and its project",
           model="NewFile", status=201)  # fmt: skip
    def begin_project(call: Call) -> Any:
        return project_files.begin(call.world, call.caller, call.read("NewFile"))

    @serve("POST", "/api/projects/{project}/restore", who="own", summary="Fill a project from its uploaded file",
           model="RestoreProject", status=201)  # fmt: skip
    def restore_project(call: Call, project: int) -> Any:
        return project_files.restore(call.world, call.caller, project, call.read("RestoreProject"))

    @serve("POST", "/api/projects/{project}/file/jobs", who="manage", summary="The whole project as one file, by a job",
           model="NewProjectFile", status=201)  # fmt: skip
    def pack_project(call: Call, project: int) -> Any:
        return project_files.pack(call.world, call.caller, project, call.read("NewProjectFile"))

    @serve("POST", "/api/projects/copies", who="create", summary="Another project like one that is here",
           model="Duplicate", status=201)  # fmt: skip
    def duplicate_project(call: Call) -> Any:
        return project_files.duplicate(call.world, call.caller, call.read("Duplicate"))
