"""Routes of long work and of what the outside is told."""

from __future__ import annotations

from typing import Any

from chalicelib.handlers import exports, imports, jobs, projects, sources, webhooks
from chalicelib.http import Answer, App, Call


def register(app: App) -> None:
    serve = app.serve

    @serve(
        "GET", "/api/projects/{project}/jobs", who="read", summary="Long work of a project, newest first",
        query=("kind",),
    )  # fmt: skip
    def list_jobs(call: Call, project: int) -> Any:
        return jobs.listed(call.world, call.caller, project, call.text("kind"))

    @serve("GET", "/api/jobs/{job}", who="read", summary="A job and how far it is; with an ETag to ask again cheaply")
    def get_job(call: Call, job: int) -> Answer:
        return jobs.one(call.world, call.caller, job, call.headers.get("if-none-match", ""))

    @serve("POST", "/api/jobs/{job}/cancel", who="manage", summary="Stop a job; what is done stays done")
    def cancel_job(call: Call, job: int) -> Any:
        return jobs.cancel(call.world, call.caller, job)

    @serve("POST", "/api/jobs/{job}/resume", who="manage", summary="Let a stopped job go on from there")
    def resume_job(call: Call, job: int) -> Any:
        return jobs.resume(call.world, call.caller, job)

    @serve(
        "POST", "/api/projects/{project}/import/jobs", who="manage", summary="Import uploaded files by a job",
        model="NewImport", status=201,
    )  # fmt: skip
    def start_import(call: Call, project: int) -> Any:
        return imports.start(call.world, call.caller, project, call.read("NewImport"))

    @serve(
        "POST", "/api/projects/{project}/export/jobs", who="read", summary="Export into a file by a job",
        model="NewExport", status=201,
    )  # fmt: skip
    def start_export(call: Call, project: int) -> Any:
        return exports.start(call.world, call.caller, project, call.read("NewExport"))

    @serve(
        "POST", "/api/projects/{project}/recompute", who="manage", summary="Make consensus and states again by a job",
        model="NewRecompute", status=201,
    )  # fmt: skip
    def start_recompute(call: Call, project: int) -> Any:
        return projects.recompute(call.world, call.caller, project, call.read("NewRecompute"))

    @serve("GET", "/api/webhooks", who="manage", summary="Webhooks of a project, or all", query=("project",))
    def list_webhooks(call: Call) -> Any:
        return webhooks.listed(call.world, call.caller, call.whole("project", 0))

    @serve("POST", "/api/webhooks", who="manage", summary="Call an address when something happens", model="NewWebhook",
           status=201)  # fmt: skip
    def create_webhook(call: Call) -> Any:
        return webhooks.create(call.world, call.caller, call.read("NewWebhook"))

    @serve("GET", "/api/webhooks/info", who="known", summary="The events there are")
    def webhook_info(_: Call) -> Any:
        return webhooks.info()

    @serve("GET", "/api/webhooks/{webhook}", who="manage", summary="A webhook")
    def get_webhook(call: Call, webhook: int) -> Any:
        return webhooks.one(call.world, call.caller, webhook)

    @serve("PATCH", "/api/webhooks/{webhook}", who="manage", summary="Change a webhook", model="ChangeWebhook")
    def change_webhook(call: Call, webhook: int) -> Any:
        return webhooks.change(call.world, call.caller, webhook, call.read("ChangeWebhook"))

    @serve("DELETE", "/api/webhooks/{webhook}", who="manage", summary="Delete a webhook", status=204)
    def delete_webhook(call: Call, webhook: int) -> Any:
        return webhooks.remove(call.world, call.caller, webhook)

    @serve("POST", "/api/webhooks/{webhook}/ping", who="manage", summary="Call a webhook to see whether it answers")
    def ping_webhook(call: Call, webhook: int) -> Any:
        return webhooks.ping(call.world, call.caller, webhook)

    @serve("GET", "/api/webhooks/{webhook}/deliveries", who="manage", summary="The last hundred calls, newest first")
    def list_deliveries(call: Call, webhook: int) -> Any:
        return webhooks.deliveries(call.world, call.caller, webhook)

    @serve("POST", "/api/webhooks/{webhook}/replay", who="manage", summary="Send again what did not arrive")
    def replay_failed(call: Call, webhook: int) -> Any:
        return webhooks.replay_failed(call.world, call.caller, webhook)

    @serve("POST", "/api/webhooks/{webhook}/deliveries/{delivery}/replay", who="manage", summary="Send one call again")
    def replay_delivery(call: Call, webhook: int, delivery: int) -> Any:
        return webhooks.replay(call.world, call.caller, webhook, delivery)

    @serve("GET", "/api/projects/{project}/sources", who="read", summary="Buckets and folders that files come from")
    def list_sources(call: Call, project: int) -> Any:
        return sources.listed(call.world, call.caller, project)

    @serve(
        "POST", "/api/projects/{project}/sources", who="manage", summary="Take files from a bucket or a folder",
        model="NewSource", status=201,
    )  # fmt: skip
    def create_source(call: Call, project: int) -> Any:
        return sources.create(call.world, call.caller, project, call.read("NewSource"))

    @serve("GET", "/api/sources/{source}", who="read", summary="A source")
    def get_source(call: Call, source: int) -> Any:
        return sources.one(call.world, call.caller, source)

    @serve("PATCH", "/api/sources/{source}", who="manage", summary="Change a source", model="ChangeSource")
    def change_source(call: Call, source: int) -> Any:
        return sources.change(call.world, call.caller, source, call.read("ChangeSource"))

    @serve("DELETE", "/api/sources/{source}", who="manage", summary="Delete a source; its tasks stay", status=204)
    def delete_source(call: Call, source: int) -> Any:
        return sources.remove(call.world, call.caller, source)

    @serve("POST", "/api/sources/{source}/preview", who="manage", summary="What a sync would do")
    def preview_source(call: Call, source: int) -> Any:
        return sources.preview(call.world, call.caller, source)

    @serve("POST", "/api/sources/{source}/sync", who="manage", summary="Sync by a job", model="SyncSource", status=201)
    def sync_source(call: Call, source: int) -> Any:
        return sources.sync(call.world, call.caller, source, call.read("SyncSource"))
