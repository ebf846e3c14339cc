"""The API's routes. Each hands its request to a handler; rules are there, hosts and storage are elsewhere."""

from __future__ import annotations

from typing import Any

from chalicelib import auth, import_options, import_preview, logs, taking, world
from chalicelib.handlers import (
    assignments,
    audit_log,
    config_versions,
    drafts,
    exports,
    imports,
    invites,
    own_settings,
    people,
    projects,
    sessions,
    sign_in,
    submissions,
    tasks,
    tokens,
    uploads,
    work,
)
from chalicelib.handlers.quality import for_person
from chalicelib.http import Answer, App, Call
from chalicelib.routes import background, quality, review, snapshots, studio, table, whole

app = App("labelkite")
serve = app.serve
studio.register(app)
whole.register(app)
quality.register(app)
background.register(app)
review.register(app)
snapshots.register(app)
table.register(app)


@serve("GET", "/api/health", who="anyone", summary="Whether the server answers")
def health(call: Call) -> Any:
    """Owners of the server also see what this process has answered, and the jobs."""
    caller = call.caller
    if caller.role != "owner" or caller.projects is not None or "own" not in (caller.scope or {"own"}):
        return {"ok": True}
    return {"ok": True, **logs.SEEN.numbers(), "jobs": call.world.jobs.counts()}


@serve("GET", "/api/openapi.json", who="anyone", summary="This description")
def openapi(_: Call) -> Any:
    from chalicelib.openapi import describe

    return describe(app.kite_routes)


@serve("POST", "/api/session", who="anyone", summary="Join by an invite link", model="Join", status=201)
def join(call: Call) -> Answer:
    secure, agent = auth.is_secure(call.world, call.headers), call.headers.get("user-agent", "")
    return sessions.join(call.world, call.caller, call.read("Join"), secure=secure, agent=agent)


@serve("GET", "/api/session", who="known", summary="Who am I, and what may I open")
def who_am_i(call: Call) -> Any:
    return sessions.who(call.world, call.caller)


@serve("DELETE", "/api/session", who="anyone", summary="Leave: end the session", status=204, query=("everywhere",))
def leave(call: Call) -> Answer:
    secure = auth.is_secure(call.world, call.headers)
    return sessions.leave(call.world, call.caller, secure=secure, everywhere=call.flag("everywhere"))


@serve("GET", "/api/sessions", who="known", summary="The browsers in which you are signed in")
def list_sessions(call: Call) -> Any:
    return sessions.listed(call.world, call.caller)


@serve("GET", "/api/me/settings", who="known", summary="Your own settings: keys, what you want to see")
def show_own_settings(call: Call) -> Any:
    return own_settings.show(call.world, call.caller)


@serve("PUT", "/api/me/settings", who="known", summary="Set them all", model="OwnSettings")
def put_own_settings(call: Call) -> Any:
    return own_settings.put(call.world, call.caller, call.read("OwnSettings"))


@serve("GET", "/api/session/providers", who="anyone", summary="Where one can sign in")
def list_providers(_: Call) -> Any:
    return sign_in.providers()


@serve(
    "GET", "/api/session/oidc", who="anyone", summary="Go to the provider and sign in there", status=302,
    query=("back", "connect"),
)  # fmt: skip
def start_sign_in(call: Call) -> Answer:
    back = call.text("back", "/")
    return sign_in.start(call.world, call.caller, call.headers, back, connect=call.flag("connect"))


@serve(
    "GET", "/api/session/oidc/callback", who="anyone", summary="Where the provider sends the browser back to",
    status=303, query=("state", "code", "error"),
)  # fmt: skip
def finish_sign_in(call: Call) -> Answer:
    query = {name: call.text(name) for name in ("state", "code", "error")}
    return sign_in.come_back(call.world, call.caller, call.headers, query)


@serve("GET", "/api/tokens", who="known", summary="Your API tokens")
def list_tokens(call: Call) -> Any:
    return tokens.listed(call.world, call.caller)


@serve("POST", "/api/tokens", who="known", summary="Make an API token, shown once", model="NewToken", status=201)
def create_token(call: Call) -> Any:
    return tokens.create(call.world, call.caller, call.read("NewToken"))


@serve("DELETE", "/api/tokens/{token}", who="known", summary="Revoke an API token", status=204)
def revoke_token(call: Call, token: int) -> Any:
    return tokens.revoke(call.world, call.caller, token)


@serve("GET", "/api/audit", who="own", summary="Who did what on this server", query=("day", "after"))
def list_audit(call: Call) -> Any:
    return audit_log.of_deployment(call.world, call.caller, day=call.text("day"), after=call.text("after"))


@serve("POST", "/api/invites/preview", who="anyone", summary="What a link leads to", model="PreviewInvite")
def preview_invite(call: Call) -> Any:
    return invites.preview(call.world, call.caller, call.read("PreviewInvite"))


@serve("DELETE", "/api/invites/{invite}", who="manage", summary="Switch a link off", status=204, query=("and_people",))
def revoke_invite(call: Call, invite: int) -> Any:
    return invites.revoke(call.world, call.caller, invite, and_people=call.flag("and_people"))


@serve("GET", "/api/projects", who="known", summary="One's projects, newest first", query=("page", "page_size"))
def list_projects(call: Call) -> Any:
    page, size = call.whole("page", 1, most=10_000), call.whole("page_size", 30, most=100)
    return projects.listed(call.world, call.caller, page, size)


@serve("POST", "/api/projects", who="create", summary="Make a project", model="NewProject", status=201)
def create_project(call: Call) -> Any:
    return projects.create(call.world, call.caller, call.read("NewProject"))


@serve("POST", "/api/projects/validate", who="manage", summary="Compile without saving", model="CheckConfig")
def validate_config(call: Call) -> Any:
    return projects.validate(call.world, call.caller, call.read("CheckConfig"))


@serve("GET", "/api/projects/{project}", who="read", summary="A project with its progress and plan")
def get_project(call: Call, project: int) -> Any:
    return projects.one(call.world, call.caller, project)


@serve("PATCH", "/api/projects/{project}", who="manage", summary="Change settings or config", model="ChangeProject")
def change_project(call: Call, project: int) -> Any:
    return projects.change(call.world, call.caller, project, call.read("ChangeProject"))


@serve("DELETE", "/api/projects/{project}", who="own", summary="Delete a project with everything in it", status=204)
def delete_project(call: Call, project: int) -> Any:
    return projects.remove(call.world, call.caller, project)


@serve("GET", "/api/projects/{project}/configs", who="read", summary="The configs of a project, newest first")
def list_configs(call: Call, project: int) -> Any:
    return config_versions.listed(call.world, call.caller, project)


@serve("GET", "/api/projects/{project}/configs/{version}", who="read", summary="One config of a project")
def get_config(call: Call, project: int, version: int) -> Any:
    return config_versions.one(call.world, call.caller, project, version)


@serve(
    "POST", "/api/projects/{project}/configs/preview", who="manage",
    summary="What a new config would do to the answers that are there", model="PreviewConfig",
)  # fmt: skip
def preview_config(call: Call, project: int) -> Any:
    return config_versions.preview(call.world, call.caller, project, call.read("PreviewConfig"))


@serve(
    "GET", "/api/projects/{project}/people", who="read", summary="Who joined, and what they submitted", query=("work",)
)  # fmt: skip
def list_people(call: Call, project: int) -> Any:
    return people.listed(call.world, call.caller, project, work=call.flag("work"))


@serve("PATCH", "/api/projects/{project}/people/{person}", who="manage", summary="Role, groups", model="ChangePerson")
def change_person(call: Call, project: int, person: int) -> Any:
    return people.change(call.world, call.caller, project, person, call.read("ChangePerson"))


@serve(
    "DELETE", "/api/projects/{project}/people/{person}", who="manage", status=204,
    summary="Remove somebody from the project; their work stays",
)  # fmt: skip
def remove_person(call: Call, project: int, person: int) -> Any:
    return people.remove(call.world, call.caller, project, person)


@serve(
    "GET", "/api/projects/{project}/audit", who="manage", summary="Who did what in this project",
    query=("day", "after"),
)  # fmt: skip
def list_project_audit(call: Call, project: int) -> Any:
    return audit_log.of_project(call.world, call.caller, project, day=call.text("day"), after=call.text("after"))


@serve("GET", "/api/projects/{project}/invites", who="manage", summary="The links of a project, newest first")
def list_invites(call: Call, project: int) -> Any:
    return invites.listed(call.world, call.caller, project)


@serve("POST", "/api/projects/{project}/invites", who="manage", summary="Make a link", model="NewInvite", status=201)
def create_invite(call: Call, project: int) -> Any:
    origin = auth.own_origin(call.world, call.headers)
    return invites.create(call.world, call.caller, project, call.read("NewInvite"), origin)


@serve("POST", "/api/projects/{project}/uploads", who="manage", summary="Where to send files", model="NewUploads")
def presign_uploads(call: Call, project: int) -> Any:
    return uploads.presign(call.world, call.caller, project, call.read("NewUploads"))


@serve("GET", "/api/projects/{project}/media", who="read", summary="Go to a file that a task's data name",
       query=("address",), status=302)  # fmt: skip
def one_file(call: Call, project: int) -> Answer:
    return uploads.file(call.world, call.caller, project, call.text("address"))


@serve(
    "POST", "/api/projects/{project}/import", who="manage",
    summary="Import tasks (JSON, JSONL, CSV, TSV, text) or uploaded files", status=201,
    query=("return_task_ids", "ground_truth", "preview", "as", "mapping", "image_root", "key", "duplicates"),
)  # fmt: skip
def import_tasks(call: Call, project: int) -> Any:
    wish = import_options.read({name: call.text(name) for name in import_options.PARAMETERS})
    content_type = call.headers.get("content-type", "")
    if call.flag("preview"):
        return import_preview.show(call.world, call.caller, project, call.raw, content_type, wish)
    return imports.load(
        call.world,
        call.caller,
        project,
        call.raw,
        content_type,
        wish,
        key=call.key,
        ground_truth=call.flag("ground_truth"),
        return_ids=call.flag("return_task_ids"),
    )


@serve(
    "GET",
    "/api/projects/{project}/tasks",
    who="read",
    summary="The table of tasks",
    query=("page", "page_size", "state"),
)
def list_tasks(call: Call, project: int) -> Any:
    page, size = call.whole("page", 1), call.whole("page_size", 50, most=500)
    return tasks.listed(call.world, call.caller, project, page, size, call.text("state"))


@serve(
    "GET", "/api/projects/{project}/export", who="read", summary="Download the annotations",
    query=("exportType", "download_all_tasks", *exports.ASKED),
)  # fmt: skip
def export(call: Call, project: int) -> Answer:
    everything, asked = call.flag("download_all_tasks"), {name: call.text(name) for name in exports.ASKED}
    kind = call.text("exportType", "JSON")
    return exports.export(call.world, call.caller, project, kind, everything=everything, asked=asked)


@serve("GET", "/api/projects/{project}/work", who="label", summary="Everything the labeling page needs")
def get_work(call: Call, project: int) -> Answer:
    return work.work(call.world, call.caller, project)


@serve(
    "GET",
    "/api/projects/{project}/next",
    who="label",
    summary="The next task, leased to you",
    query=("exclude", "or_null"),
)
def next_task(call: Call, project: int) -> Any:
    return work.next_task(call.world, call.caller, project, call.ids("exclude"), or_null=call.flag("or_null"))


@serve(
    "GET",
    "/api/projects/{project}/next/many",
    who="label",
    summary="Several tasks at once, leased to you",
    query=("count", "exclude"),
)
def next_tasks(call: Call, project: int) -> Any:
    count = call.whole("count", taking.MANY, most=taking.MANY)
    return work.next_tasks(call.world, call.caller, project, call.ids("exclude"), count)


@serve("POST", "/api/projects/{project}/leases/return", who="label", summary="Give several tasks back",
       model="GiveBack")  # fmt: skip
def give_back_many(call: Call, project: int) -> Any:
    return work.give_back_many(call.world, call.caller, project, call.read("GiveBack"))


@serve("GET", "/api/projects/{project}/mine", who="label", summary="Your finished tasks, newest first")
def list_mine(call: Call, project: int) -> Any:
    return work.mine(call.world, call.caller, project)


@serve("GET", "/api/tasks/{task}", who="read", summary="A task with its annotations")
def get_task(call: Call, task: int) -> Any:
    return tasks.one(call.world, call.caller, task)


@serve("GET", "/api/tasks/{task}/answers", who="read", summary="Everybody's answers and the consensus, ready to draw")
def get_answers(call: Call, task: int) -> Any:
    return tasks.answers(call.world, call.caller, task)


@serve("GET", "/api/tasks/{task}/work", who="label", summary="A task you hold or have finished", query=("prediction",))
def get_task_work(call: Call, task: int) -> Any:
    return work.one(call.world, call.caller, task, call.whole("prediction", 0, least=0) or None)


@serve("POST", "/api/tasks/{task}/lease", who="label", summary="Keep a task for another term", model="Renew")
def renew_lease(call: Call, task: int) -> Any:
    return work.renew(call.world, call.caller, task, call.read("Renew"))


@serve("DELETE", "/api/tasks/{task}/lease", who="label", summary="Give a task back", status=204)
def give_back(call: Call, task: int) -> Any:
    return work.give_back(call.world, call.caller, task)


@serve("POST", "/api/tasks/{task}/lease/postpone", who="label", summary="Put a task off until the others are done",
       status=204)  # fmt: skip
def postpone(call: Call, task: int) -> Any:
    return work.give_back(call.world, call.caller, task, later=True)


@serve("POST", "/api/tasks/{task}/assign", who="manage", summary="Name the people who get a task", model="Assign")
def assign_task(call: Call, task: int) -> Any:
    return assignments.assign(call.world, call.caller, task, call.read("Assign"))


@serve("POST", "/api/projects/{project}/assign", who="manage", summary="The same for many tasks", model="AssignMany")
def assign_tasks(call: Call, project: int) -> Any:
    return assignments.assign_many(call.world, call.caller, project, call.read("AssignMany"))


@serve(
    "POST", "/api/projects/{project}/people/{person}/reassign", who="manage",
    summary="Hand what somebody holds or has assigned to others", model="Reassign",
)  # fmt: skip
def reassign(call: Call, project: int, person: int) -> Any:
    return assignments.hand_over(call.world, call.caller, project, person, call.read("Reassign"))


@serve("PUT", "/api/tasks/{task}/priority", who="manage", summary="How soon a task comes", model="ChangePriority")
def set_priority(call: Call, task: int) -> Any:
    return assignments.set_priority(call.world, call.caller, task, call.read("ChangePriority"))


@serve("PUT", "/api/tasks/{task}/draft", who="label", summary="Save unfinished work", model="Draft")
def save_draft(call: Call, task: int) -> Any:
    return drafts.save(call.world, call.caller, task, call.json_object())


@serve("GET", "/api/tasks/{task}/annotations", who="read", summary="The annotations of a task")
def list_annotations(call: Call, task: int) -> Any:
    return submissions.of_task(call.world, call.caller, task)


@serve("POST", "/api/tasks/{task}/annotations", who="label", summary="Submit an annotation", model="Submit", status=201)
def submit(call: Call, task: int) -> Any:
    made = submissions.submit(call.world, call.caller, task, call.json_object(), call.key)
    made = for_person(call.world, call.caller, made)
    shown = auth.allowed(call.world, call.caller, made["project"], "read")
    return Answer(submissions.with_consensus(call.world, made), 201) if shown else made


@serve("GET", "/api/annotations/{annotation}", who="label", summary="An own annotation")
def get_annotation(call: Call, annotation: int) -> Any:
    return for_person(call.world, call.caller, submissions.one(call.world, call.caller, annotation))


@serve("PATCH", "/api/annotations/{annotation}", who="label", summary="Correct an own annotation", model="Change")
def change_annotation(call: Call, annotation: int) -> Any:
    made = submissions.change(call.world, call.caller, annotation, call.json_object(), call.key)
    return for_person(call.world, call.caller, made)


@serve("DELETE", "/api/annotations/{annotation}", who="label", summary="Take an own annotation back", status=204)
def delete_annotation(call: Call, annotation: int) -> Any:
    return submissions.remove(call.world, call.caller, annotation)


@app.lambda_function(name="jobs")
def jobs(event: dict[str, Any], _: Any) -> dict[str, Any]:
    """Jobs of the queue, which calls this with a batch of them (ReportBatchItemFailures)."""
    return world.run_jobs(event)


@app.lambda_function(name="tick")
def tick(_event: dict[str, Any], _: Any) -> None:
    """Once a minute, by a schedule: looks for work that was left behind when a process ended at the wrong moment."""
    world.tick()
