"""Snapshots: what they keep when everything else changes, what a comparison tells, what is left when they are gone."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from chalicelib import jobs, models, snapshots
from chalicelib.auth import Caller
from chalicelib.handlers import exports, imports, projects, quality, studio, submissions
from chalicelib.handlers import snapshots as handlers
from chalicelib.problems import Refusal
from chalicelib.snapshot_diff import Difference
from chalicelib.storage.ports import Job

from tests.api.by_hand import Held
from tests.api.inside import Inside, opened
from tests.api.people import mood
from tests.api.test_exports import TEXTS, download, file_of
from tests.api.test_jobs import run, to_the_end

Json = dict[str, Any]


@pytest.fixture
def inside(folder: Path) -> Iterator[Inside]:
    with opened(folder) as inside:
        inside.world.jobs = Held()
        yield inside


def answered(inside: Inside, project: int, person: Caller, count: int, choice: str = "Calm") -> list[Any]:
    made = []
    for _ in range(count):
        made.append(inside.submit(person, inside.next(person, project), choice))
    return made


def make(inside: Inside, project: int, name: str, note: str = "") -> Json:
    return handlers.create(
        inside.world, inside.owner, project, models.read("NewSnapshot", {"name": name, "note": note})
    )


def kept(inside: Inside, project: int, name: str) -> Json:
    """Made to the end."""
    made = make(inside, project, name)
    done = to_the_end(inside, {"id": made["job"]})
    assert done["state"] == "done", done["problems"]
    (found,) = [
        one for one in handlers.listed(inside.world, inside.owner, project)["snapshots"] if one["id"] == made["id"]
    ]
    return dict(found)


def rows(inside: Inside, project: int, snapshot: int) -> list[Json]:
    return list(snapshots.rows(inside.world, handlers.ready(inside.world, project, snapshot)))


def compared(inside: Inside, project: int, before: int, after: int = 0) -> Json:
    asked = models.read("NewComparison", {"after": after})
    done = to_the_end(inside, handlers.compare(inside.world, inside.owner, project, before, asked))
    assert done["state"] == "done", done["problems"]
    result: Json = done["result"]
    return result


@pytest.fixture
def moods(inside: Inside) -> int:
    """Nine tasks in two rows of the list."""
    project = inside.project(4)
    imports.load(inside.world, inside.owner, project, b"Five\nSix\nSeven\nEight\nNine", "text/plain")
    return project


def test_a_snapshot_stays_as_it_was_while_the_project_goes_on(
    inside: Inside, moods: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshots, "PART", 5)  # the two rows fall into two parts
    ana = inside.person(moods)
    first, *_ = answered(inside, moods, ana, 3)
    snapshot = kept(inside, moods, "before the talk")
    assert (snapshot["state"], snapshot["tasks"], snapshot["annotated"], snapshot["annotations"]) == ("ready", 9, 3, 3)
    before = json.dumps(rows(inside, moods, snapshot["id"]))
    asked = {"result": mood("Sad"), "version": first["version"]}
    submissions.change(inside.world, ana, first["id"], asked, "")
    answered(inside, moods, ana, 2)
    studio.remove_task(inside.world, inside.owner, first["task"])
    assert json.dumps(rows(inside, moods, snapshot["id"])) == before
    assert [row["task"]["inner_id"] for row in rows(inside, moods, snapshot["id"])] == list(range(1, 10))


def test_a_comparison_tells_what_is_new_gone_and_other(inside: Inside, moods: int) -> None:
    ana = inside.person(moods)
    first, second, _ = answered(inside, moods, ana, 3)
    old = kept(inside, moods, "old")
    assert compared(inside, moods, old["id"])["tasks"] == {
        "before": 9, "after": 9, "same": 9, "added": 0, "removed": 0, "data": 0, "answers": 0, "predictions": 0,
    }  # fmt: skip
    submissions.change(inside.world, ana, first["id"], {"result": mood("Sad"), "version": first["version"]}, "")
    (third,) = answered(inside, moods, ana, 1, "Sad")
    studio.remove_task(inside.world, inside.owner, second["task"])
    new = kept(inside, moods, "new")
    for found in (compared(inside, moods, old["id"], new["id"]), compared(inside, moods, old["id"])):
        assert found["tasks"] == {
            "before": 9, "after": 8, "same": 6, "added": 0, "removed": 1, "data": 0, "answers": 2, "predictions": 0,
        }  # fmt: skip
        assert found["annotations"] == {"before": 3, "after": 3, "added": 1, "removed": 1, "changed": 1}
        assert found["controls"] == {"mood": 3}
        assert found["labels"] == {"mood": {"Calm": [3, 1], "Sad": [0, 2]}}
        assert found["examples"]["answers"] == [first["task"], third["task"]]
        assert found["examples"]["removed"] == [second["task"]]
    back = compared(inside, moods, new["id"], old["id"])
    assert (back["tasks"]["added"], back["tasks"]["removed"], back["tasks"]["answers"]) == (1, 0, 2)


def test_a_name_is_taken_once_and_free_again_when_its_snapshot_is_deleted(inside: Inside, moods: int) -> None:
    snapshot = kept(inside, moods, "Release 1")
    with pytest.raises(Refusal) as refusal:
        make(inside, moods, "release 1")
    assert refusal.value.problems[0]["code"] == "name-taken"
    handlers.remove(inside.world, inside.owner, moods, snapshot["id"])
    held = inside.world.jobs
    assert isinstance(held, Held)
    snapshots.clear(inside.world, next(job for job in held.waiting if job.kind == snapshots.CLEAR))
    assert inside.world.objects.list(snapshots.folder(moods, snapshot["id"]))[0] == ()
    with pytest.raises(Refusal, match="no snapshot"):
        handlers.ready(inside.world, moods, snapshot["id"])
    assert kept(inside, moods, "Release 1")["tasks"] == 9


@pytest.mark.parametrize("most", [1, 16 << 20], ids=["a task at a time", "a part at a time"])
def test_an_export_of_a_snapshot_is_that_of_the_moment_when_it_was_made(
    inside: Inside, moods: int, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshots, "PART", 5)
    monkeypatch.setattr(exports, "PART_BYTES", most)
    ana = inside.person(moods)
    answered(inside, moods, ana, 6)
    before = download(inside, moods, "JSON", everything=True), download(inside, moods, "CSV")
    snapshot = kept(inside, moods, "then")
    answered(inside, moods, ana, 2)
    asked = {"snapshot": str(snapshot["id"])}
    assert (
        download(inside, moods, "JSON", everything=True, **asked),
        download(inside, moods, "CSV", **asked),
    ) == before
    asked_of_job = {"snapshot": snapshot["id"], "format": "CSV"}
    done = to_the_end(inside, exports.start(inside.world, inside.owner, moods, models.read("NewExport", asked_of_job)))
    assert done["state"] == "done", done["problems"]
    assert file_of(inside, done) == before[1]
    assert done["result"]["report"]["tasks"]["written"] == 6
    assert done["progress"]["done"] == 9


@pytest.mark.parametrize(
    ("asked", "code"),
    [({"snapshot": "first"}, "bad-parameter"), ({"snapshot": "77"}, "no-snapshot"), ({"query": "{}"}, "no-filter")],
    ids=["no number", "none", "with a filter"],
)
def test_an_export_of_a_snapshot_that_cannot_be_is_refused(inside: Inside, moods: int, asked: Json, code: str) -> None:
    with pytest.raises(Refusal) as refusal:
        download(inside, moods, "JSON", **{"snapshot": "1", **asked})
    assert refusal.value.problems[0]["code"] == code


def test_a_snapshot_that_is_deleted_while_it_is_made_leaves_nothing(inside: Inside, moods: int) -> None:
    made = make(inside, moods, "never")
    with pytest.raises(Refusal) as refusal:
        handlers.ready(inside.world, moods, made["id"])
    assert refusal.value.problems[0]["code"] == "not-ready"
    handlers.remove(inside.world, inside.owner, moods, made["id"])
    assert run(inside, {"id": made["job"]})["state"] == "done"
    assert inside.world.objects.list(snapshots.folder(moods, made["id"]))[0] == ()
    assert handlers.listed(inside.world, inside.owner, moods) == {"snapshots": []}


def test_what_a_run_that_was_left_behind_writes_does_not_count(
    inside: Inside, moods: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = make(inside, moods, "twice")
    monkeypatch.setattr("secrets.token_hex", lambda _: "late")
    late = snapshots.live

    def slow(*given: Any) -> Iterator[Json]:
        """While it reads, another run makes all of it."""
        monkeypatch.undo()
        to_the_end(inside, {"id": made["job"]})
        yield from list(late(*given))[:1]

    monkeypatch.setattr(snapshots, "live", slow)
    run(inside, {"id": made["job"]})
    found = rows(inside, moods, made["id"])
    assert len(found) == 9
    assert len(inside.world.objects.list(snapshots.folder(moods, made["id"]))[0]) == 1


def test_a_project_that_is_purged_while_a_part_is_written_leaves_none(
    inside: Inside, moods: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, late = make(inside, moods, "never"), snapshots.live

    def slow(*given: Any) -> Iterator[Json]:
        found = list(late(*given))
        projects.remove(inside.world, inside.owner, moods)
        newest = inside.world.records.query(f"JOBS#{moods}", limit=1, reverse=True).records[0]
        assert to_the_end(inside, {"id": newest.body["job"]})["kind"] == "purge"
        yield from found

    monkeypatch.setattr(snapshots, "live", slow)
    jobs.run(inside.world, Job("1", "work", {"job": made["job"]}, 1))
    assert inside.world.objects.list("snapshots/")[0] == ()


def test_a_part_with_much_in_it_is_made_in_several_steps(
    inside: Inside, moods: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    ana = inside.person(moods)
    answered(inside, moods, ana, 3)
    whole = kept(inside, moods, "at once")
    before = download(inside, moods, "CSV", everything=True)
    monkeypatch.setattr(snapshots, "PART_BYTES", 1)
    monkeypatch.setattr(jobs, "BUDGET_S", 0)
    made = make(inside, moods, "bit by bit")
    assert run(inside, {"id": made["job"]})["cursor"]["inner"] == 1
    assert to_the_end(inside, {"id": made["job"]})["state"] == "done"
    assert rows(inside, moods, made["id"]) == rows(inside, moods, whole["id"])
    assert compared(inside, moods, whole["id"], made["id"])["tasks"]["same"] == 9
    assert download(inside, moods, "CSV", everything=True, snapshot=str(made["id"])) == before
    held = handlers.ready(inside.world, moods, made["id"])
    assert (held["tasks"], held["annotations"], held["annotated"]) == (9, 3, 3)


def test_discarded_work_counts_neither_in_a_snapshot_nor_in_a_comparison(inside: Inside, moods: int) -> None:
    ana = inside.person(moods)
    answered(inside, moods, ana, 2)
    asked = models.read("Discard", {})
    quality.discard(inside.world, inside.owner, moods, ana.person, asked)
    held = inside.world.jobs
    assert isinstance(held, Held)
    to_the_end(inside, {"id": held.waiting[-1].body["job"]})
    snapshot = kept(inside, moods, "after")
    assert (snapshot["annotations"], snapshot["annotated"]) == (0, 0)
    assert compared(inside, moods, snapshot["id"])["annotations"]["before"] == 0
    assert [a["discarded"] for row in rows(inside, moods, snapshot["id"]) for a in row["annotations"]] == [True, True]


def test_a_snapshot_that_is_deleted_while_it_is_compared_ends_the_comparison(inside: Inside, moods: int) -> None:
    old, new = kept(inside, moods, "old"), kept(inside, moods, "new")
    job = handlers.compare(
        inside.world, inside.owner, moods, old["id"], models.read("NewComparison", {"after": new["id"]})
    )
    handlers.remove(inside.world, inside.owner, moods, new["id"])
    ended = to_the_end(inside, job)
    assert (ended["state"], ended["problems"][0]["code"]) == ("failed", "no-snapshot")


def test_a_comparison_holds_one_task_of_each_side_at_a_time() -> None:
    read: list[str] = []

    def side(name: str, inners: Iterator[int]) -> Iterator[Json]:
        for inner in inners:
            read.append(f"{name}{inner}")
            yield {"task": {"id": 100 + inner, "inner_id": inner, "data": {}}, "annotations": [], "predictions": []}

    found = Difference()
    assert found.part(side("a", iter((1, 2, 4, 6))), side("b", iter((2, 3, 4)))) == 3
    assert read == ["a1", "b2", "a2", "a4", "b3", "b4", "a6"]
    tasks = {name: found.body["tasks"][name] for name in ("before", "after", "same", "added", "removed")}
    assert tasks == {"before": 4, "after": 3, "same": 2, "added": 1, "removed": 2}
    assert found.body["examples"]["removed"] == [101, 106]


def test_answers_are_read_with_the_config_of_the_moment_when_it_was_made(inside: Inside) -> None:
    project = inside.project(2, label_config=TEXTS)
    ana = inside.person(project)
    result = [{"id": "m", "from_name": "mood", "to_name": "t", "type": "choices", "value": {"choices": ["Calm"]}}]
    inside.submit(ana, inside.next(ana, project), result=result)
    old = kept(inside, project, "old names")
    change = {"label_config": TEXTS.replace("mood", "tone"), "config_mapping": {"controls": {"mood": "tone"}}}
    projects.change(inside.world, inside.owner, project, models.read("ChangeProject", change))
    assert [a["result"][0]["from_name"] for row in rows(inside, project, old["id"]) for a in row["annotations"]] == [
        "mood"
    ]
    assert compared(inside, project, old["id"])["tasks"]["same"] == 2  # a name is no change of the answer
    new = kept(inside, project, "new names")
    assert [a["result"][0]["from_name"] for row in rows(inside, project, new["id"]) for a in row["annotations"]] == [
        "tone"
    ]
    for before, after in ((old, new), (new, old)):
        found = compared(inside, project, before["id"], after["id"])
        assert (found["tasks"]["same"], found["controls"], found["labels"]) == (2, {}, {"tone": {"Calm": [1, 1]}})


@pytest.mark.parametrize("asked", [{"name": ""}, {"name": "x" * 101}, {}], ids=["empty", "long", "none"])
def test_a_snapshot_needs_a_name(asked: Json) -> None:
    with pytest.raises(Refusal) as refusal:
        models.read("NewSnapshot", asked)
    assert refusal.value.problems[0]["where"] == "field name"


def test_a_snapshot_is_not_compared_with_itself(inside: Inside, moods: int) -> None:
    snapshot = kept(inside, moods, "one")
    with pytest.raises(Refusal) as refusal:
        compared(inside, moods, snapshot["id"], snapshot["id"])
    assert refusal.value.problems[0]["code"] == "same-snapshot"


def test_clearing_twice_is_no_error(inside: Inside, moods: int) -> None:
    for _ in range(2):
        snapshots.clear(inside.world, Job("1", snapshots.CLEAR, {"project": moods, "snapshot": 4}, 1))
