"""Routes of the table of tasks that owners filter, sort and count."""

from __future__ import annotations

from typing import Any

from chalicelib.handlers import table
from chalicelib.http import App, Call


def register(app: App) -> None:
    serve = app.serve

    @serve("GET", "/api/projects/{project}/table", who="manage", summary="Where the blocks of the table of tasks are")
    def index(call: Call, project: int) -> Any:
        return table.index(call.world, call.caller, project)

    @serve(
        "GET", "/api/projects/{project}/table/changes", who="manage", summary="Tasks that changed since",
        query=("after",),
    )  # fmt: skip
    def changes(call: Call, project: int) -> Any:
        return table.changes(call.world, call.caller, project, call.whole("after", 0, least=0, most=10**14 - 1))

    @serve(
        "GET", "/api/projects/{project}/table/rows", who="manage", summary="Titles, data and pictures of some tasks",
        query=("ids",),
    )  # fmt: skip
    def rows(call: Call, project: int) -> Any:
        return table.rows(call.world, call.caller, project, call.ids("ids"))

    @serve(
        "POST", "/api/projects/{project}/table/check", who="manage", summary="Which of some tasks a filter finds",
        model="CheckTasks",
    )  # fmt: skip
    def check(call: Call, project: int) -> Any:
        return table.check(call.world, call.caller, project, call.read("CheckTasks"))

    @serve(
        "POST", "/api/projects/{project}/bulk", who="manage", summary="The same change to many tasks, by a job",
        model="ChangeTasks", status=202,
    )  # fmt: skip
    def change_tasks(call: Call, project: int) -> Any:
        return table.change_tasks(call.world, call.caller, project, call.read("ChangeTasks"))

    @serve("GET", "/api/projects/{project}/bulk", who="manage", summary="Changes to many tasks that can be undone")
    def changed_tasks(call: Call, project: int) -> Any:
        return table.changed_tasks(call.world, call.caller, project)

    @serve(
        "POST", "/api/projects/{project}/bulk/{job}/undo", who="manage", summary="Undo a change to many tasks",
        status=202,
    )  # fmt: skip
    def undo_tasks(call: Call, project: int, job: int) -> Any:
        return table.undo_tasks(call.world, call.caller, project, job)

    @serve("GET", "/api/projects/{project}/views", who="manage", summary="Saved views of the table: own and shared")
    def list_views(call: Call, project: int) -> Any:
        return table.views(call.world, call.caller, project)

    @serve(
        "POST", "/api/projects/{project}/views", who="manage", summary="Save a view of the table", model="NewView",
        status=201,
    )  # fmt: skip
    def add_view(call: Call, project: int) -> Any:
        return table.add_view(call.world, call.caller, project, call.read("NewView"))

    @serve(
        "PUT", "/api/projects/{project}/views/{view}", who="manage", summary="Change a view of one's own",
        model="NewView",
    )  # fmt: skip
    def change_view(call: Call, project: int, view: int) -> Any:
        return table.change_view(call.world, call.caller, project, view, call.read("NewView"))

    @serve("DELETE", "/api/projects/{project}/views/{view}", who="manage", summary="Delete a view of one's own",
           status=204)  # fmt: skip
    def remove_view(call: Call, project: int, view: int) -> Any:
        return table.remove_view(call.world, call.caller, project, view)
