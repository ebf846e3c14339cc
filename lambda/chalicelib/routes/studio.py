"""Routes that Label Studio's SDK and its users' scripts know, beside those that our pages use too."""

from __future__ import annotations

from typing import Any

from chalicelib.handlers import predictions, studio
from chalicelib.http import App, Call


def register(app: App) -> None:
    serve = app.serve

    @serve("GET", "/api/version", who="anyone", summary="Which release this is")
    def version(_: Call) -> Any:
        return studio.version()

    @serve("GET", "/api/current-user", who="known", summary="Who am I, with Label Studio's members")
    def current_user(call: Call) -> Any:
        return studio.whoami(call.world, call.caller)

    @serve("GET", "/api/current-user/whoami", who="known", summary="Who am I, with Label Studio's members")
    def whoami(call: Call) -> Any:
        return studio.whoami(call.world, call.caller)

    @serve("GET", "/api/users", who="known", summary="Everybody in the projects that you may see")
    def users(call: Call) -> Any:
        return studio.users(call.world, call.caller)

    @serve("GET", "/api/users/{user}", who="known", summary="One of them")
    def one_user(call: Call, user: int) -> Any:
        return studio.one_user(call.world, call.caller, user)

    @serve(
        "GET", "/api/tasks", who="read", summary="Whole tasks of a project, page by page, filtered by a query",
        query=("project", "page", "page_size", "query", "only_annotated", "fields", "view", "include"),
    )  # fmt: skip
    def list_tasks(call: Call) -> Any:
        return studio.list_tasks(
            call.world, call.caller, call.whole("project", 0),
            call.whole("page", 1, most=10**7), call.whole("page_size", 30, most=500),
            call.text("query"), only_annotated=call.flag("only_annotated"),
        )  # fmt: skip

    @serve("POST", "/api/tasks", who="manage", summary="Add one task", model="NewTask", status=201)
    def create_task(call: Call) -> Any:
        return studio.create_task(call.world, call.caller, call.read("NewTask"), call.key)

    @serve("PATCH", "/api/tasks/{task}", who="manage", summary="Other data or meta for a task", model="ChangeTask")
    def change_task(call: Call, task: int) -> Any:
        return studio.change_task(call.world, call.caller, task, call.read("ChangeTask"))

    @serve(
        "GET", "/api/predictions", who="read", summary="Predictions of a task or a project", query=("task", "project")
    )
    def list_predictions(call: Call) -> Any:
        task, project = call.whole("task", 0, least=0), call.whole("project", 0, least=0)
        return predictions.listed(call.world, call.caller, task or None, project or None)

    @serve("POST", "/api/predictions", who="manage", summary="Add a prediction", model="NewPrediction", status=201)
    def create_prediction(call: Call) -> Any:
        return predictions.create(call.world, call.caller, call.read("NewPrediction"))

    @serve("GET", "/api/predictions/{prediction}", who="read", summary="One prediction")
    def get_prediction(call: Call, prediction: int) -> Any:
        return predictions.one(call.world, call.caller, prediction)

    @serve(
        "PATCH", "/api/predictions/{prediction}", who="manage", summary="Change a prediction", model="ChangePrediction"
    )
    def change_prediction(call: Call, prediction: int) -> Any:
        return predictions.change(call.world, call.caller, prediction, call.read("ChangePrediction"))

    @serve("DELETE", "/api/predictions/{prediction}", who="manage", summary="Delete a prediction", status=204)
    def delete_prediction(call: Call, prediction: int) -> Any:
        return predictions.remove(call.world, call.caller, prediction)

    @serve(
        "POST", "/api/projects/{project}/import/predictions", who="manage", summary="Add many predictions",
        model="NewPredictions", status=201,
    )  # fmt: skip
    def import_predictions(call: Call, project: int) -> Any:
        return predictions.load(call.world, call.caller, project, call.read("NewPredictions"))

    @serve("DELETE", "/api/tasks/{task}", who="manage", summary="Delete a task with everything about it", status=204)
    def delete_task(call: Call, task: int) -> Any:
        return studio.remove_task(call.world, call.caller, task)

    @serve(
        "POST", "/api/projects/{project}/validate", who="manage", summary="Compile a config for a project",
        model="CheckConfig",
    )  # fmt: skip
    def validate_config(call: Call, project: int) -> Any:
        return studio.validate_config(call.world, call.caller, project, call.read("CheckConfig"))

    @serve("GET", "/api/projects/{project}/export/formats", who="read", summary="Formats of exports")
    def export_formats(call: Call, project: int) -> Any:
        return studio.export_formats(call.world, call.caller, project)
