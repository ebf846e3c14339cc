"""Routes of reviews, comments, and the history of annotations."""

from __future__ import annotations

from typing import Any

from chalicelib.handlers import comments, drafts, history, reviews
from chalicelib.handlers.quality import for_person
from chalicelib.http import App, Call


def register(app: App) -> None:
    serve = app.serve

    @serve("GET", "/api/projects/{project}/reviews", who="review", summary="What waits for review", query=("after",))
    def list_reviews(call: Call, project: int) -> Any:
        return reviews.listed(call.world, call.caller, project, call.text("after"))

    @serve(
        "GET", "/api/projects/{project}/reviews/next", who="review", summary="The next one, leased to you",
        query=("or_null",),
    )  # fmt: skip
    def next_review(call: Call, project: int) -> Any:
        return reviews.next_one(call.world, call.caller, project, or_null=call.flag("or_null"))

    @serve("GET", "/api/tasks/{task}/review", who="review", summary="Everything to decide on about a task")
    def get_review(call: Call, task: int) -> Any:
        return reviews.one(call.world, call.caller, task)

    @serve("POST", "/api/tasks/{task}/review", who="review", summary="Decide about a task", model="Decide")
    def decide_review(call: Call, task: int) -> Any:
        return reviews.decide(call.world, call.caller, task, call.read("Decide"), call.key)

    @serve("DELETE", "/api/tasks/{task}/review", who="review", summary="Take the newest decision back")
    def undo_review(call: Call, task: int) -> Any:
        return reviews.undo(call.world, call.caller, task)

    @serve("GET", "/api/tasks/{task}/others", who="label", summary="What others said, once you have answered")
    def others(call: Call, task: int) -> Any:
        return reviews.others(call.world, call.caller, task)

    @serve("GET", "/api/tasks/{task}/comments", who="label", summary="Comments at a task and its annotations")
    def list_comments(call: Call, task: int) -> Any:
        return comments.listed(call.world, call.caller, task)

    @serve("POST", "/api/tasks/{task}/comments", who="label", summary="Comment", model="NewComment", status=201)
    def add_comment(call: Call, task: int) -> Any:
        return comments.add(call.world, call.caller, task, call.read("NewComment"))

    @serve("PATCH", "/api/comments/{comment}", who="label", summary="Settle a comment", model="ChangeComment")
    def change_comment(call: Call, comment: int) -> Any:
        return comments.change(call.world, call.caller, comment, call.read("ChangeComment"))

    @serve("DELETE", "/api/comments/{comment}", who="label", summary="Delete an own comment", status=204)
    def delete_comment(call: Call, comment: int) -> Any:
        return comments.remove(call.world, call.caller, comment)

    @serve("GET", "/api/annotations/{annotation}/versions", who="label", summary="The history of an annotation")
    def list_versions(call: Call, annotation: int) -> Any:
        return history.listed(call.world, call.caller, annotation)

    @serve("GET", "/api/annotations/{annotation}/versions/{version}", who="label", summary="One version, ready to draw")
    def get_version(call: Call, annotation: int, version: int) -> Any:
        return for_person(call.world, call.caller, history.one(call.world, call.caller, annotation, version))

    @serve(
        "GET", "/api/annotations/{annotation}/versions/{version}/diff", who="label",
        summary="What a version changed, against the one before or another", query=("with",),
    )  # fmt: skip
    def diff_version(call: Call, annotation: int, version: int) -> Any:
        return history.diff(call.world, call.caller, annotation, version, call.whole("with", 0, least=0))

    @serve(
        "POST", "/api/annotations/{annotation}/restore", who="label", summary="Make an old version the newest again",
        model="Restore", status=201,
    )  # fmt: skip
    def restore(call: Call, annotation: int) -> Any:
        made = history.restore(call.world, call.caller, annotation, call.read("Restore"))
        return for_person(call.world, call.caller, made)

    @serve("POST", "/api/annotations/{annotation}/undelete", who="label", summary="Bring a removed annotation back")
    def undelete(call: Call, annotation: int) -> Any:
        return for_person(call.world, call.caller, history.undelete(call.world, call.caller, annotation))

    @serve("GET", "/api/tasks/{task}/removed", who="label", summary="Removed annotations that can be brought back")
    def removed_of_task(call: Call, task: int) -> Any:
        return history.removed_of_task(call.world, call.caller, task)

    @serve("GET", "/api/projects/{project}/removed", who="label", summary="Your own removed annotations")
    def removed_of_caller(call: Call, project: int) -> Any:
        return history.removed_of_caller(call.world, call.caller, project)

    @serve("GET", "/api/tasks/{task}/drafts", who="label", summary="Your draft of a task; everybody's for managers")
    def list_drafts(call: Call, task: int) -> Any:
        return drafts.of_task(call.world, call.caller, task)
