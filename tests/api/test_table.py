"""The table of tasks: blocks made by a job, what changed since, checks of texts, views; on both stores."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from chalicelib import comments as comment_rows
from chalicelib import keys, models, table_index, table_rows
from chalicelib.handlers import comments, studio, table, tasks
from chalicelib.handlers import imports as import_handlers
from chalicelib.problems import Refusal
from labeling.table.query import select
from labeling.table.reading import Codes, Lists, Table
from labeling.table.writing import block

from tests.api.inside import Inside, opened

pytestmark = pytest.mark.both_stores


@pytest.fixture
def inside(folder: Path) -> Iterator[Inside]:
    with opened(folder) as made:
        yield made


class Page:
    """What the page in the browser does: blocks once, then what changed."""

    def __init__(self, inside: Inside, project: int) -> None:
        self.inside, self.project = inside, project
        self.table = Table()
        self.gone: set[int] = set()
        self.versions: dict[int, str] = {}
        self.after = 0

    def load(self) -> Any:
        said = table.index(self.inside.world, self.inside.owner, self.project)
        self.inside.finish_jobs(self.project)
        self.inside.clock.now += 60
        said = table.index(self.inside.world, self.inside.owner, self.project)
        assert said["job"] is None
        for told in said["blocks"]:
            if self.versions.get(told["number"]) != told["version"]:
                key = f"tables/{self.project}/{told['number']:06d}-{told['version']}.lkt"
                data = self.inside.world.objects.get(key)
                assert len(data) == told["size"]
                self.table.put(told["number"], data)
                self.versions[told["number"]] = told["version"]
        self.after = said["changes"]
        self.follow()
        return said

    def follow(self) -> int:
        """How many rows came."""
        rows = 0
        while True:
            said = table.changes(self.inside.world, self.inside.owner, self.project, self.after)
            self.table.change(said["rows"])
            self.gone |= set(said["gone"])
            self.after = said["until"]
            rows += len(said["rows"])
            if not said["more"]:
                return rows

    def found(self, column: str, operator: str, value: Any) -> list[int]:
        yes = select(self.table, {"column": column, "operator": operator, "value": value}).yes
        return [int(inner) for inner in self.table.inner[yes] if int(inner) not in self.gone]


def test_the_page_sees_a_submit_a_correction_and_a_deletion_at_once(inside: Inside) -> None:
    project = inside.project(12, maximum_annotations=2)
    ana, ben = inside.person(project), inside.person(project, "Ben")
    page = Page(inside, project)
    assert page.load()["people"] == {str(ana.person): "Ana", str(ben.person): "Ben"}
    assert page.found("state", "equal", "new") == list(range(1, 13))

    inside.clock.now += 60
    task = inside.next(ana, project)
    inside.submit(ana, task, "Calm")
    assert page.follow() == 1
    assert page.found("state", "equal", "working") == [1]
    assert page.found("labels", "contains", "Calm") == [1]
    assert page.found("people", "contains", ana.person) == [1]
    inside.submit(ben, inside.next(ben, project), "Sad")
    page.follow()
    assert page.found("state", "equal", "disagree") == [1]
    assert page.found("agreement", "less", 0.5) == [1]
    labels = page.table.column("labels")
    assert isinstance(labels, Lists)
    assert set(labels.names) == {"mood: Calm", "mood: Sad"}

    studio.remove_task(inside.world, inside.owner, task["task"]["id"])
    page.follow()
    assert page.found("state", "empty", False) == list(range(2, 13))

    fresh = Page(inside, project)
    fresh.load()
    assert fresh.found("state", "empty", False) == list(range(2, 13))


def test_who_answered_without_a_link_of_the_project_is_named_too(inside: Inside) -> None:
    project = inside.project(2)
    inside.submit(inside.owner, inside.next(inside.owner, project))
    told = table.index(inside.world, inside.owner, project)["people"]
    assert set(told) == {str(inside.owner.person)}


def test_taking_a_task_is_no_change_that_the_table_shows(inside: Inside) -> None:
    project = inside.project(3)
    ana = inside.person(project)
    page = Page(inside, project)
    page.load()
    inside.clock.now += 60
    inside.next(ana, project)
    assert page.follow() == 0


def test_tasks_that_are_added_and_data_that_is_changed_are_in_new_blocks(inside: Inside) -> None:
    project = inside.project(3)
    page = Page(inside, project)
    first = page.load()
    assert (len(first["blocks"]), first["total"]) == (1, 3)
    inside.clock.now += 60
    import_handlers.load(inside.world, inside.owner, project, b"one more\nand one", "text/plain")
    page.load()
    assert page.found("id", "greater", 0) == [1, 2, 3, 4, 5]
    inside.clock.now += 60
    ids = page.table.column("id")
    body = models.read("ChangeTask", {"data": {"text": "other", "size": 7}})
    studio.change_task(inside.world, inside.owner, int(ids[1]), body)  # type: ignore[index]
    inside.clock.now += 60
    page.load()
    assert page.found("data.size", "equal", 7) == [2]
    inside.clock.now += 60
    versions = dict(page.versions)
    page.load()
    assert page.versions == versions


def test_a_long_log_is_put_into_blocks_and_begins_anew(inside: Inside, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table_index, "MOST_CHANGED", keys.SHARDS)
    monkeypatch.setattr(table_index, "BLOCK", 8)
    project = inside.project(24)
    ana = inside.person(project)
    page = Page(inside, project)
    page.load()
    assert sorted(page.versions) == [0, 1, 2]
    before = dict(page.versions)
    inside.clock.now += 60
    for _ in range(12):  # one after the other: shards are ids modulo 8, so four of them have two
        inside.submit(ana, inside.next(ana, project))
    inside.clock.now += 60
    page.load()
    assert page.follow() == 0, "the log begins anew"
    assert page.found("state", "equal", "agreed") == list(range(1, 13))
    state = page.table.column("state")
    assert isinstance(state, Codes)
    assert page.versions[2] == before[2]
    assert page.versions[0] != before[0]


def test_comments_that_wait_are_counted(inside: Inside) -> None:
    project = inside.project(2)
    ana = inside.person(project)
    page = Page(inside, project)
    page.load()
    inside.clock.now += 60
    task = inside.next(ana, project)
    inside.submit(ana, task)
    said = models.read("NewComment", {"text": "Is this right?"})
    made = comments.add(inside.world, inside.owner, task["task"]["id"], said)
    untouched = int(page.table.column("id")[1])  # type: ignore[index,call-overload]
    comments.add(inside.world, inside.owner, untouched, said)
    page.follow()
    assert page.found("comments", "equal", 1) == [1, 2]
    comments.change(inside.world, inside.owner, made["id"], models.read("ChangeComment", {"resolved": True}))
    page.follow()
    assert page.found("comments", "equal", 0) == [1]
    assert page.found("comments", "equal", 1) == [2], "a question about a task that nobody has labeled yet"


def test_a_table_whose_job_was_lost_is_made_by_another(inside: Inside, monkeypatch: pytest.MonkeyPatch) -> None:
    project = inside.project(2)
    with monkeypatch.context() as lost:
        lost.setattr(inside.world.jobs, "enqueue", lambda *_, **__: None)
        begun = table.index(inside.world, inside.owner, project)["job"]
    inside.clock.now += table_index.STUCK_S - 10
    assert table.index(inside.world, inside.owner, project)["job"] == begun
    inside.clock.now += 20
    assert table.index(inside.world, inside.owner, project)["job"] not in (begun, None)
    inside.world.jobs.enqueue("work", {"job": begun})  # it turns up after all
    page = Page(inside, project)
    page.load()
    assert len(page.table) == 2
    made, _ = inside.world.objects.list(f"tables/{project}/")
    assert len(made) == 1, "the job that was given up leaves nothing"


def test_a_block_is_the_same_from_whole_data_and_from_what_it_keeps_of_it(inside: Inside) -> None:
    project = inside.project(0)
    rows = [{"text": "é" * 200, "n": 1.5, "no": None, "list": [1, "two"], "yes": True}, {"text": "short", "n": "1"}]
    import_handlers.load(inside.world, inside.owner, project, json.dumps(rows).encode(), "application/json")
    record = inside.world.records.get(*keys.project(project))
    assert record is not None
    ids = tasks.ids_after(inside.world, project, 0, 10)
    whole, brief = (table_rows.of_tasks(inside.world, record.body, ids, brief=brief) for brief in (False, True))
    assert block(whole) == block(brief)
    assert "é" * 100 not in str(brief)


def test_texts_are_checked_by_the_server_and_other_projects_stay_closed(inside: Inside) -> None:
    project, other = inside.project(5), inside.project(1)
    page, strange = Page(inside, project), Page(inside, other)
    page.load()
    strange.load()
    ids = [int(n) for n in (*page.table.column("id"), *strange.table.column("id"))]  # type: ignore[misc]
    query = {"or": [{"column": "data.text", "operator": "contains", "value": "NUMBER 1"}, {"and": []}]}
    body = models.read("CheckTasks", {"query": query["or"][0], "tasks": ids})
    assert table.check(inside.world, inside.owner, project, body) == {"tasks": ids[:1]}
    rows = table.rows(inside.world, inside.owner, project, frozenset(ids))["tasks"]
    assert [row["title"] for row in rows] == [f"Text number {n}" for n in range(1, 6)]
    asked = {"query": {"column": "mood"}, "tasks": ids}
    with pytest.raises(Refusal) as bad:
        table.check(inside.world, inside.owner, project, models.read("CheckTasks", asked))
    assert bad.value.problems[0]["code"] == "bad-query"


def test_a_check_reads_comments_only_for_a_filter_of_comments(inside: Inside, monkeypatch: pytest.MonkeyPatch) -> None:
    project = inside.project(3)
    ids = tasks.ids_after(inside.world, project, 0, 10)
    comments.add(inside.world, inside.owner, ids[1], models.read("NewComment", {"text": "Is this right?"}))
    asked: list[int] = []
    counted = comment_rows.of_task
    monkeypatch.setattr(comment_rows, "of_task", lambda world, task: (asked.append(task), counted(world, task))[1])
    text = {"column": "data.text", "operator": "contains", "value": "number"}
    open_ones = {"column": "comments", "operator": "greater", "value": 0}

    def checked(query: Any) -> Any:
        body = models.read("CheckTasks", {"query": query, "tasks": ids})
        return table.check(inside.world, inside.owner, project, body)["tasks"]

    assert (checked(text), asked) == (list(ids), [])
    assert checked({"and": [text, {"not": {"or": [open_ones]}}]}) == [ids[0], ids[2]]


def test_a_view_is_seen_by_others_only_when_it_is_shared(inside: Inside) -> None:
    project = inside.project(1)
    ana = inside.person(project)
    query = {"column": "state", "operator": "equal", "value": "disagree"}
    own = table.add_view(
        inside.world, inside.owner, project, models.read("NewView", {"name": " Mine ", "query": query})
    )
    assert (own["name"], own["own"], own["query"]) == ("Mine", True, query)
    with pytest.raises(Refusal):
        table.views(inside.world, ana, project)
    from chalicelib.auth import Caller

    second = Caller(1_000_002, "Omar", "owner")
    assert table.views(inside.world, second, project) == {"views": []}
    body = models.read("NewView", {"name": "Ours", "query": query, "shared": True, "order": ["-updated"]})
    table.change_view(inside.world, inside.owner, project, own["id"], body)
    (seen,) = table.views(inside.world, second, project)["views"]
    assert (seen["name"], seen["own"], seen["order"]) == ("Ours", False, ["-updated"])
    with pytest.raises(Refusal) as refused:
        table.remove_view(inside.world, second, project, own["id"])
    assert refused.value.status == 403
    table.remove_view(inside.world, inside.owner, project, own["id"])
    assert table.views(inside.world, inside.owner, project) == {"views": []}
