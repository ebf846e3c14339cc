"""The API's routes. Each hands its request to a handler; rules are there, hosts and storage are elsewhere."""

from __future__ import annotations

from typing import Any

from chalicelib import auth
from chalicelib.handlers import (
    config_versions,
    exports,
    imports,
    invites,
    projects,
    sessions,
    submissions,
    tasks,
    uploads,
    work,
)
from chalicelib.http import Answer, App, Call

app = App("labelkite")
serve = app.serve


@serve("GET", "/api/health", who="anyone", summary="Whether the server answers")
def health(_: Call) -> Any:
    return {"ok": True}


@serve("GET", "/api/openapi.json", who="anyone", summary="This description")
def openapi(_: Call) -> Any:
    from chalicelib.openapi import describe

    return describe(app.kite_routes)


@serve("POST", "/api/session", who="anyone", summary="Join by an invite link", model="Join", status=201)
def join(call: Call) -> Answer:
    return sessions.join(call.world, call.caller, call.read("Join"), secure=auth.is_secure(call.world, call.headers))


@serve("GET", "/api/session", who="known", summary="Who am I, and what may I open")
def who_am_i(call: Call) -> Any:
    return sessions.who(call.world, call.caller)


@serve("DELETE", "/api/session", who="anyone", summary="Leave: end the session", status=204)
def leave(call: Call) -> Answer:
    return sessions.leave(call.world, call.caller, secure=auth.is_secure(call.world, call.headers))


@serve("POST", "/api/invites/preview", who="anyone", summary="What a link leads to", model="PreviewInvite")
def preview_invite(call: Call) -> Any:
    return invites.preview(call.world, call.caller, call.read("PreviewInvite"))


@serve("DELETE", "/api/invites/{invite}", who="owner", summary="Switch a link off", status=204)
def revoke_invite(call: Call, invite: int) -> Any:
    return invites.revoke(call.world, invite)


@serve("GET", "/api/projects", who="owner", summary="All projects, newest first", query=("page", "page_size"))
def list_projects(call: Call) -> Any:
    return projects.listed(call.world, call.whole("page", 1, most=10_000), call.whole("page_size", 30, most=100))


@serve("POST", "/api/projects", who="owner", summary="Make a project", model="NewProject", status=201)
def create_project(call: Call) -> Any:
    return projects.create(call.world, call.caller, call.read("NewProject"))


@serve("POST", "/api/projects/validate", who="owner", summary="Compile a config without saving it", model="CheckConfig")
def validate_config(call: Call) -> Any:
    return projects.validate(call.read("CheckConfig"))


@serve("GET", "/api/projects/{project}", who="owner", summary="A project with its progress and plan")
def get_project(call: Call, project: int) -> Any:
    return projects.one(call.world, call.caller, project)


@serve("PATCH", "/api/projects/{project}", who="owner", summary="Change settings or config", model="ChangeProject")
def change_project(call: Call, project: int) -> Any:
    return projects.change(call.world, call.caller, project, call.read("ChangeProject"))


@serve("DELETE", "/api/projects/{project}", who="owner", summary="Delete a project with everything in it", status=204)
def delete_project(call: Call, project: int) -> Any:
    return projects.remove(call.world, call.caller, project)


@serve("GET", "/api/projects/{project}/configs", who="owner", summary="The configs of a project, newest first")
def list_configs(call: Call, project: int) -> Any:
    return config_versions.listed(call.world, call.caller, project)


@serve("GET", "/api/projects/{project}/configs/{version}", who="owner", summary="One config of a project")
def get_config(call: Call, project: int, version: int) -> Any:
    return config_versions.one(call.world, call.caller, project, version)


@serve(
    "POST", "/api/projects/{project}/configs/preview", who="owner",
    summary="What a new config would do to the answers that are there", model="PreviewConfig",
)  # fmt: skip
def preview_config(call: Call, project: int) -> Any:
    return config_versions.preview(call.world, call.caller, project, call.read("PreviewConfig"))


@serve("GET", "/api/projects/{project}/people", who="owner", summary="Who joined, and what they submitted")
def list_people(call: Call, project: int) -> Any:
    return projects.people(call.world, call.caller, project)


@serve("GET", "/api/projects/{project}/invites", who="owner", summary="The links of a project, newest first")
def list_invites(call: Call, project: int) -> Any:
    return invites.listed(call.world, call.caller, project)


@serve("POST", "/api/projects/{project}/invites", who="owner", summary="Make a link", model="NewInvite", status=201)
def create_invite(call: Call, project: int) -> Any:
    origin = auth.own_origin(call.world, call.headers)
    return invites.create(call.world, call.caller, project, call.read("NewInvite"), origin)


@serve("POST", "/api/projects/{project}/uploads", who="owner", summary="Addresses to send files to", model="NewUploads")
def presign_uploads(call: Call, project: int) -> Any:
    return uploads.presign(call.world, call.caller, project, call.read("NewUploads"))


@serve(
    "POST", "/api/projects/{project}/import", who="owner",
    summary="Import tasks (JSON, JSONL, CSV, TSV, text) or uploaded files", status=201,
    query=("return_task_ids", "ground_truth"),
)  # fmt: skip
def import_tasks(call: Call, project: int) -> Any:
    return imports.load(
        call.world,
        call.caller,
        project,
        call.raw,
        call.headers.get("content-type", ""),
        key=call.key,
        ground_truth=call.flag("ground_truth"),
        return_ids=call.flag("return_task_ids"),
    )


@serve(
    "GET",
    "/api/projects/{project}/tasks",
    who="owner",
    summary="The table of tasks",
    query=("page", "page_size", "state"),
)
def list_tasks(call: Call, project: int) -> Any:
    page, size = call.whole("page", 1), call.whole("page_size", 50, most=500)
    return tasks.listed(call.world, call.caller, project, page, size, call.text("state"))


@serve(
    "GET", "/api/projects/{project}/export", who="owner", summary="Download the annotations",
    query=("exportType", "download_all_tasks"),
)  # fmt: skip
def export(call: Call, project: int) -> Answer:
    everything = call.flag("download_all_tasks")
    return exports.export(call.world, call.caller, project, call.text("exportType", "JSON"), everything=everything)


@serve("GET", "/api/projects/{project}/work", who="member", summary="Everything the labeling page needs")
def get_work(call: Call, project: int) -> Answer:
    return work.work(call.world, call.caller, project)


@serve(
    "GET",
    "/api/projects/{project}/next",
    who="member",
    summary="The next task, leased to you",
    query=("exclude", "or_null"),
)
def next_task(call: Call, project: int) -> Any:
    return work.next_task(call.world, call.caller, project, call.ids("exclude"), or_null=call.flag("or_null"))


@serve("GET", "/api/projects/{project}/mine", who="member", summary="Your finished tasks, newest first")
def list_mine(call: Call, project: int) -> Any:
    return work.mine(call.world, call.caller, project)


@serve("GET", "/api/tasks/{task}", who="owner", summary="A task with its annotations")
def get_task(call: Call, task: int) -> Any:
    return tasks.one(call.world, call.caller, task)


@serve("GET", "/api/tasks/{task}/answers", who="owner", summary="Everybody's answers and the consensus, ready to draw")
def get_answers(call: Call, task: int) -> Any:
    return tasks.answers(call.world, call.caller, task)


@serve("GET", "/api/tasks/{task}/work", who="member", summary="A task you hold or have finished")
def get_task_work(call: Call, task: int) -> Any:
    return work.one(call.world, call.caller, task)


@serve("POST", "/api/tasks/{task}/lease", who="member", summary="Keep a task for another term", model="Renew")
def renew_lease(call: Call, task: int) -> Any:
    return work.renew(call.world, call.caller, task, call.read("Renew"))


@serve("DELETE", "/api/tasks/{task}/lease", who="member", summary="Give a task back", status=204)
def give_back(call: Call, task: int) -> Any:
    return work.give_back(call.world, call.caller, task)


@serve("PUT", "/api/tasks/{task}/draft", who="member", summary="Save unfinished work", model="Draft")
def save_draft(call: Call, task: int) -> Any:
    return submissions.save_draft(call.world, call.caller, task, call.json_object())


@serve("GET", "/api/tasks/{task}/annotations", who="owner", summary="The annotations of a task")
def list_annotations(call: Call, task: int) -> Any:
    return submissions.of_task(call.world, call.caller, task)


@serve(
    "POST", "/api/tasks/{task}/annotations", who="member", summary="Submit an annotation", model="Submit", status=201
)
def submit(call: Call, task: int) -> Any:
    made = submissions.submit(call.world, call.caller, task, call.json_object(), call.key)
    return Answer(submissions.with_consensus(call.world, made), 201) if call.caller.is_owner else made


@serve("GET", "/api/annotations/{annotation}", who="member", summary="An own annotation")
def get_annotation(call: Call, annotation: int) -> Any:
    return submissions.one(call.world, call.caller, annotation)


@serve("PATCH", "/api/annotations/{annotation}", who="member", summary="Correct an own annotation", model="Change")
def change_annotation(call: Call, annotation: int) -> Any:
    return submissions.change(call.world, call.caller, annotation, call.json_object(), call.key)


@serve("DELETE", "/api/annotations/{annotation}", who="member", summary="Take an own annotation back", status=204)
def delete_annotation(call: Call, annotation: int) -> Any:
    return submissions.remove(call.world, call.caller, annotation)
