"""Routes about the quality of people's work: known answers, pausing, numbers, reports."""

from __future__ import annotations

from typing import Any

from chalicelib.handlers import quality, reports
from chalicelib.http import App, Call


def register(app: App) -> None:
    serve = app.serve

    @serve("PUT", "/api/tasks/{task}/gold", who="manage", summary="Give a task a known answer", model="SetGold")
    def set_gold(call: Call, task: int) -> Any:
        return quality.set_gold(call.world, call.caller, task, call.read("SetGold"))

    @serve("GET", "/api/projects/{project}/gold", who="manage", summary="Tasks with a known answer", query=("after",))
    def list_gold(call: Call, project: int) -> Any:
        return quality.list_gold(call.world, call.caller, project, call.text("after"))

    @serve("GET", "/api/tasks/{task}/feedback", who="label", summary="How right your answer of the warm-up was")
    def feedback(call: Call, task: int) -> Any:
        return quality.feedback(call.world, call.caller, task)

    @serve("GET", "/api/projects/{project}/me", who="label", summary="Your own numbers and messages")
    def me(call: Call, project: int) -> Any:
        return reports.me(call.world, call.caller, project)

    @serve(
        "GET", "/api/projects/{project}/report", who="read", summary="The project's report", query=("table", "tables"),
    )  # fmt: skip
    def report(call: Call, project: int) -> Any:
        return reports.report(call.world, call.caller, project, call.text("table"), call.text("tables"))

    @serve("GET", "/api/projects/{project}/people/{person}", who="manage", summary="One person's numbers")
    def person(call: Call, project: int, person: int) -> Any:
        return reports.person(call.world, call.caller, project, person)

    @serve("POST", "/api/projects/{project}/people/{person}/pause", who="manage", summary="No new tasks for a person")
    def pause(call: Call, project: int, person: int) -> Any:
        return quality.pause(call.world, call.caller, project, person)

    @serve("POST", "/api/projects/{project}/people/{person}/resume", who="manage", summary="They go on")
    def resume(call: Call, project: int, person: int) -> Any:
        return quality.resume(call.world, call.caller, project, person)

    @serve(
        "POST", "/api/projects/{project}/people/{person}/discard", who="manage", model="Discard",
        summary="Put a person's work aside, or count it again",
    )  # fmt: skip
    def discard(call: Call, project: int, person: int) -> Any:
        return quality.discard(call.world, call.caller, project, person, call.read("Discard"))

    @serve(
        "POST", "/api/projects/{project}/people/{person}/message", who="manage", model="Message", status=201,
        summary="A word to one person",
    )  # fmt: skip
    def message(call: Call, project: int, person: int) -> Any:
        return quality.message(call.world, call.caller, project, person, call.read("Message"))
