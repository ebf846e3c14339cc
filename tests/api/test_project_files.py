"""Whole projects: as one file, from one file, copied, archived; and what the list tells of them."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from chalicelib import activity, jobs, keys, media, models, project_file, project_ids, project_pack, project_unpack
from chalicelib.auth import Caller
from chalicelib.handlers import (
    comments,
    drafts,
    imports,
    invites,
    predictions,
    project_files,
    projects,
    quality,
    reviews,
    snapshots,
    studio,
    submissions,
    tasks,
    webhooks,
    work,
)
from chalicelib.handlers import jobs as job_handlers
from chalicelib.jobs import Work
from chalicelib.problems import Refusal
from chalicelib.storage.ports import Job, Put

from tests.api import invariants
from tests.api.by_hand import Held
from tests.api.inside import Inside, opened
from tests.api.people import mood
from tests.api.reviewing import Scene, person
from tests.api.test_jobs import begin_import, run, stored, to_the_end, upload


@pytest.fixture
def inside(folder: Path) -> Iterator[Inside]:
    with opened(folder) as made:
        yield made


def rich(inside: Inside) -> Scene:
    """A project in which everything has happened once."""
    world = inside.world
    project = inside.project(
        0, title="Moods & more", description="D", expert_instruction="Be kind.", maximum_annotations=2,
        review={"share": 0.0}, disagreement={"then": "review"},
    )  # fmt: skip
    key = upload(inside, project, "a.gif", b"GIF89a" + bytes(range(256)) * 40)
    given = [
        {"data": {"text": f"Text {n}", "picture": f"/data/upload/{key.removeprefix('uploads/')}"}, "meta": {"n": n}}
        for n in range(1, 9)
    ]
    given[5]["predictions"] = [{"result": mood("Sad"), "score": 0.25, "model_version": "m1"}]
    given[7] |= {"meta": {"gold": True}, "annotations": [{"result": mood("Calm"), "ground_truth": True}]}
    imports.load(world, inside.owner, project, json.dumps(given).encode(), "application/json")
    at = Scene(
        inside,
        project,
        [inside.person(project, "Ana"), inside.person(project, "Bo 😀")],
        person(inside, project, "Rita", "reviewer"),
    )
    ana, bo = at.people
    first, (hers, _) = at.label("Calm", "Sad")
    second, _ = at.label("Sad", "Calm")
    _, (again, _) = at.label("Calm", "Calm")
    inside.clock.now += 60
    comments.add(
        world, at.rita, first, models.read("NewComment", {"text": "Why?", "annotation": hers["id"], "region": "m1"})
    )
    asked = comments.listed(world, at.rita, first)["comments"][0]
    comments.add(world, ana, first, models.read("NewComment", {"text": "Because.", "reply_to": asked["id"]}))
    at.decide(first, "send_back", annotation=hers["id"], comment="Look again.")
    inside.clock.now += 60
    at.decide(second, "accept", annotation=at.state(second).annotations[1]["id"])
    inside.clock.now += 60
    submissions.change(world, ana, again["id"], {"result": mood("Sad"), "lead_time": 3, "version": 1}, "")
    held = inside.next(bo, project)
    drafts.save(world, bo, held["task"]["id"], {"result": mood("Sad"), "lead_time": 2, "lease": held["lease"]["token"]})
    predictions.create(
        world, inside.owner, models.read("NewPrediction", {"task": held["task"]["id"], "result": mood()})
    )
    studio.remove_task(world, inside.owner, at.task_ids()[6])
    config = projects.one(world, inside.owner, project)["label_config"]
    more = config.replace("</Choices>", '<Choice value="Glad"/></Choices>')
    for asked in ({"description": "D2"}, {"label_config": more, "config_note": "one more"}):
        projects.change(world, inside.owner, project, models.read("ChangeProject", asked))
    inside.finish_jobs(project)
    webhooks.create(
        world, inside.owner, models.read("NewWebhook", {"url": "https://hooks.example/kite", "project": project})
    )
    return at


def file_of(inside: Inside, project: int, *, media: bool = True) -> bytes:
    job = project_files.pack(inside.world, inside.owner, project, models.read("NewProjectFile", {"media": media}))
    inside.finish_jobs(project)
    done = stored(inside, job)
    assert done["state"] == "done", done["problems"]
    assert done["progress"]["done"] == done["progress"]["total"]
    return inside.world.objects.get(done["result"]["key"])


def begun(inside: Inside, data: bytes, name: str = "moods.labelkite.gz") -> tuple[int, str]:
    """A closed project, and the key of the file that was sent for it."""
    made = project_files.begin(inside.world, inside.owner, models.read("NewFile", {"name": name, "size": len(data)}))
    inside.world.objects.put(made["upload"]["key"], data, content_type=project_file.MIME)
    return made["project"], made["upload"]["key"]


def restored(inside: Inside, data: bytes) -> tuple[int, dict[str, Any]]:
    """A new project of a file, and its job when it has ended."""
    project, key = begun(inside, data)
    body = models.read("RestoreProject", {"upload": key})
    job = project_files.restore(inside.world, inside.owner, project, body)
    inside.finish_jobs(project)
    return project, stored(inside, job)


def lines_of(data: bytes) -> list[dict[str, Any]]:
    return [json.loads(line) for line in gzip.decompress(data).splitlines()]


def timeless(data: bytes) -> list[dict[str, Any]]:
    """The lines without when they were written."""
    found = lines_of(data)
    found[0]["made_at"] = found[-1]["end"]["sha256"] = ""
    return found


@pytest.mark.both_stores
def test_a_project_goes_through_its_file_and_nothing_is_lost(inside: Inside) -> None:
    at = rich(inside)
    first = file_of(inside, at.project)
    kinds = [next(iter(line)) for line in lines_of(first)]
    assert {kind: kinds.count(kind) for kind in dict.fromkeys(kinds)} == {
        "labelkite_project": 1, "config": 2, "person": 4, "project": 1, "days": 2, "task": 7, "media": 1, "end": 1,
    }  # fmt: skip
    there = lines_of(first)
    members = {name for line in there if "task" in line for name in line}
    assert members == {
        "task",
        "state",
        "annotations",
        "predictions",
        "comments",
        "decisions",
        "drafts",
        "consensus",
        "gold",
    }
    new, job = restored(inside, first)
    assert job["state"] == "done", job["problems"]
    assert job["progress"] == {"done": 2 * len(first), "total": 2 * len(first), "unit": "bytes"}
    inside.clock.now += 3600
    assert timeless(file_of(inside, new)) == timeless(first)


def test_a_restored_project_works_on_where_the_first_one_stood(inside: Inside) -> None:
    at = rich(inside)
    before = projects.progress(inside.world, at.project)
    new, _ = restored(inside, file_of(inside, at.project))
    assert projects.progress(inside.world, new) == before
    assert invariants.check(inside.world, at.project) == []
    assert invariants.check(inside.world, new) == []
    copy = Scene(
        inside, new, [inside.person(new, "Cleo"), inside.person(new, "Dana")], person(inside, new, "Rita 2", "reviewer")
    )
    assert len(copy.waiting()) == len(at.waiting())
    task, _ = copy.label("Calm", "Calm")
    assert copy.state(task).name == "agreed"
    shown = tasks.answers(inside.world, inside.owner, copy.task_ids()[0])
    assert [said["person"]["name"] for said in shown["annotations"]] == ["Ana", "Bo 😀"]
    assert reviews.one(inside.world, copy.rita, copy.task_ids()[1])["decisions"][0]["person"]["name"] == "Rita"
    signed = inside.world.objects.head(f"uploads/{new}/" + "0" * 8 + "-0000-0000-0000-" + "0" * 12 + "-a.gif")
    assert signed is not None
    assert signed.content_type == "text/plain"
    assert inside.project(1) > new


def test_no_secret_and_no_address_of_a_person_is_in_the_file(inside: Inside) -> None:
    at = rich(inside)
    token = invites.make(
        inside.world, role="viewer", project_id=at.project, days=1, created_by=0, email="ana@example.org"
    )
    text = gzip.decompress(file_of(inside, at.project)).decode()
    for secret in (token.text, "hooks.example", "ana@example.org", "invite", '"hash"', "secret"):
        assert secret not in text
    hook = webhooks.listed(inside.world, inside.owner, at.project)[0]
    row = inside.world.records.get(*keys.hook(hook["id"]))
    assert row is not None
    assert row.body["secret"] not in text
    for session in inside.world.records.query(f"PERSON#{at.people[0].person}", "SESSION#").records:
        assert session.sk.partition("#")[2] not in text


def test_without_media_the_file_keeps_their_addresses(inside: Inside) -> None:
    at = rich(inside)
    found = lines_of(file_of(inside, at.project, media=False))
    assert "media" not in [next(iter(line)) for line in found]
    assert [line["task"]["data"]["picture"][:21] for line in found if "task" in line][:1] == ["/data/upload/project/"]


def cut(data: bytes) -> bytes:
    return data[: len(data) // 2]


def changed(data: bytes) -> bytes:
    return gzip.compress(gzip.decompress(data).replace(b"Text 3", b"Text 9"))


def without_end(data: bytes) -> bytes:
    return gzip.compress(gzip.decompress(data).rpartition(b'{"end"')[0])


def without_a_line(data: bytes) -> bytes:
    return gzip.compress(re.sub(rb'{"person".*?\n', b"", gzip.decompress(data), count=1))


@pytest.mark.parametrize("spoil", [cut, changed, without_end, without_a_line])
def test_a_damaged_file_is_told_before_anything_of_it_is_taken(inside: Inside, spoil: Callable[[bytes], bytes]) -> None:
    at = rich(inside)
    people = inside.world.ids.one("person")
    project, job = restored(inside, spoil(file_of(inside, at.project)))
    assert [job["state"], *(told["code"] for told in job["problems"])] == ["failed", "project-file-damaged"]
    assert "nothing of it was taken" in job["problems"][0]["hint"]
    assert inside.world.ids.one("person") == people + 1
    assert projects.progress(inside.world, project)["total"] == 0
    with pytest.raises(Refusal) as refused:
        work.next_task(inside.world, inside.owner, project, frozenset())
    assert refused.value.problems[0]["message"].startswith("This project is still being read")
    projects.remove(inside.world, inside.owner, project)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "no-project-file"),
        (b"[1, 2]", "no-project-file"),
        (gzip.compress(b'[{"text": "one"}]\n'), "project-file-damaged"),
        (gzip.compress(b'{"text": "one"}\n'), "no-project-file"),
        (gzip.compress(b'{"labelkite_project": 99}\n'), "project-file-newer"),
    ],
    ids=["empty", "JSON", "another gzip", "other lines", "newer"],
)
def test_a_wrong_file_is_refused_at_once(inside: Inside, data: bytes, code: str) -> None:
    project, key = begun(inside, data)
    with pytest.raises(Refusal) as refused:
        project_files.restore(inside.world, inside.owner, project, models.read("RestoreProject", {"upload": key}))
    assert (refused.value.status, refused.value.problems[0]["code"]) == (400, code)


def test_a_file_of_somebody_else_and_a_project_that_is_whole_are_refused(inside: Inside) -> None:
    whole = inside.project(1)
    data = file_of(inside, whole)
    project, _ = begun(inside, data)
    other, key = begun(inside, data)
    for target, named, code in ((project, key, "no-upload"), (whole, key, "not-restoring")):
        with pytest.raises(Refusal) as refused:
            project_files.restore(inside.world, inside.owner, target, models.read("RestoreProject", {"upload": named}))
        assert refused.value.problems[0]["code"] == code
    assert other != project


def test_settings_that_a_project_cannot_have_are_told_and_the_project_stays_closed(inside: Inside) -> None:
    lines = gzip.decompress(file_of(inside, inside.project(2))).splitlines(keepends=True)
    spoilt = [line.replace(b'"maximum_annotations":1', b'"maximum_annotations":"many"') for line in lines[:-1]]
    project, job = restored(inside, written([json.loads(line) for line in spoilt]))
    assert job["state"] == "failed"
    assert job["problems"][0]["where"] == "field maximum_annotations"
    assert projects.one(inside.world, inside.owner, project)["restoring"] is True


def written(lines: list[dict[str, Any]]) -> bytes:
    """A file of these lines, whole by its own account."""
    part = project_file.Part()
    for line in lines:
        part.add(line)
    part.end(tasks=0)
    return part.packed()


def test_what_shows_only_while_the_lines_become_rows_says_what_to_do_with_the_project(inside: Inside) -> None:
    lines = lines_of(file_of(inside, inside.project(2)))
    project, job = restored(inside, written([*lines[:-1], {"future": {}}]))
    assert job["problems"][0]["code"] == "project-file-damaged"
    assert job["problems"][0]["hint"] == project_unpack.LATE
    assert inside.progress(project)["total"] == 2


@pytest.mark.both_stores
def test_a_task_that_many_have_answered_and_discarded_work_go_through_the_file(inside: Inside) -> None:
    """More rows than one transaction takes: each person has a list, a count and an answer of their own."""
    project = inside.project(2, maximum_annotations=28)
    people = [inside.person(project, f"Person {n}") for n in range(28)]
    for who in people:
        inside.submit(who, inside.next(who, project))
    asked = models.read("Discard", {})
    quality.discard(inside.world, inside.owner, project, people[0].person, asked)
    inside.finish_jobs(project)
    assert invariants.check(inside.world, project) == []
    first = file_of(inside, project)
    new, job = restored(inside, first)
    assert job["state"] == "done", job["problems"]
    assert invariants.check(inside.world, new) == []
    assert timeless(file_of(inside, new)) == timeless(first)


def test_who_may_only_read_gets_no_project_file(inside: Inside) -> None:
    project = inside.project(2, cost={"hourly_rate": 31.5, "currency": "EUR"})
    file_of(inside, project)
    viewer, manager = person(inside, project, "Vera", "viewer"), person(inside, project, "Max", "manager")
    for who, members in ((viewer, {"filename", "tasks"}), (manager, {"filename", "tasks", "key", "url"})):
        (listed,) = job_handlers.listed(inside.world, who, project)["jobs"]
        alone: Any = job_handlers.one(inside.world, who, listed["id"], "").body
        assert set(listed["result"]) == set(alone["result"]) == members


@pytest.fixture
def by_hand(inside: Inside) -> Inside:
    inside.world.jobs = Held()
    return inside


def packed(by_hand: Inside, project: int) -> dict[str, Any]:
    return project_files.pack(by_hand.world, by_hand.owner, project, models.read("NewProjectFile", {"media": False}))


@pytest.mark.both_stores
def test_a_restore_is_begun_once_and_goes_on_when_it_is_resumed(
    by_hand: Inside, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = by_hand.world.objects.get(to_the_end(by_hand, packed(by_hand, by_hand.project(30)))["result"]["key"])
    project, key = begun(by_hand, data)
    for module, name, value in ((jobs, "BUDGET_S", 0), (project_unpack, "STEP_S", 0), (project_unpack, "BLOCK", 10)):
        monkeypatch.setattr(module, name, value)
    asked = models.read("RestoreProject", {"upload": key})
    job = project_files.restore(by_hand.world, by_hand.owner, project, asked)
    while by_hand.progress(project)["total"] < 20:
        run(by_hand, job)
    job_handlers.cancel(by_hand.world, by_hand.owner, job["id"])
    with pytest.raises(Refusal) as refused:
        project_files.restore(by_hand.world, by_hand.owner, project, asked)
    assert (refused.value.status, refused.value.problems[0]["code"]) == (409, "restore-begun")
    assert f"job {job['id']}" in refused.value.problems[0]["hint"]
    job_handlers.resume(by_hand.world, by_hand.owner, job["id"])
    assert to_the_end(by_hand, job)["state"] == "done"
    assert by_hand.progress(project)["total"] == 30
    record = by_hand.world.records.get(*keys.project(project))
    assert record is not None
    assert not {"restoring", "restored_by"} & record.body.keys()


def test_nothing_else_comes_into_a_project_while_it_is_restored(inside: Inside) -> None:
    project, _ = begun(inside, file_of(inside, inside.project(3)))
    tries: list[Callable[[], Any]] = [
        lambda: imports.load(inside.world, inside.owner, project, b"one", "text/plain"),
        lambda: projects.change(inside.world, inside.owner, project, models.read("ChangeProject", {"title": "T"})),
        lambda: snapshots.create(inside.world, inside.owner, project, models.read("NewSnapshot", {"name": "S"})),
    ]
    for one in tries:
        with pytest.raises(Refusal) as refused:
            one()
        assert (refused.value.status, refused.value.problems[0]["code"]) == (409, "restoring")
    job = begin_import(inside, project, upload(inside, project, "a.jsonl", b'{"text": "one"}'))
    inside.finish_jobs(project)
    assert [told["code"] for told in stored(inside, job)["problems"]] == ["restoring"]


def test_what_a_run_that_was_left_behind_packs_does_not_count(by_hand: Inside, monkeypatch: pytest.MonkeyPatch) -> None:
    project = by_hand.project(4)
    ana = by_hand.person(project)
    monkeypatch.setattr(jobs, "BUDGET_S", 0)
    job = packed(by_hand, project)
    run(by_hand, job)
    real = project_pack._tasks

    def slow(*given: Any) -> Any:
        """While it reads, somebody works, and another run packs the same tasks."""
        monkeypatch.setattr(project_pack, "_tasks", real)
        late = real(*given)
        by_hand.submit(ana, by_hand.next(ana, project))
        run(by_hand, job)
        return late

    monkeypatch.setattr(project_pack, "_tasks", slow)
    run(by_hand, job)
    done = to_the_end(by_hand, job)
    assert [info.key for info in by_hand.world.objects.list(f"exports/{project}/")[0]] == [done["result"]["key"]]
    new, key = begun(by_hand, by_hand.world.objects.get(done["result"]["key"]))
    asked = models.read("RestoreProject", {"upload": key})
    ended = to_the_end(by_hand, project_files.restore(by_hand.world, by_hand.owner, new, asked))
    assert ended["state"] == "done", ended["problems"]
    assert by_hand.progress(new)["annotations"] == 1


def test_an_answer_that_is_changed_while_it_is_packed_can_be_changed_in_the_restored_project(
    inside: Inside, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = inside.project(1)
    ana = inside.person(project)
    made = inside.submit(ana, inside.next(ana, project))
    real, asked = project_pack._versions, {"result": mood("Sad"), "version": 1}

    def meanwhile(*given: Any) -> Any:
        monkeypatch.undo()
        submissions.change(inside.world, ana, made["id"], asked, "")
        return real(*given)

    monkeypatch.setattr(project_pack, "_versions", meanwhile)
    new, _ = restored(inside, file_of(inside, project))
    ((_, state),) = next(iter(tasks.pages(inside.world, new)))
    assert submissions.change(inside.world, inside.owner, state.annotations[0]["id"], asked, "")["version"] == 2


def test_an_upload_with_dots_in_its_name_goes_through_the_file(inside: Inside) -> None:
    project = inside.project(1)
    for name in ("scan..2.png", "x" * 79 + ".y.png"):
        assert ".." not in media.new_key(project, name)
    inside.world.objects.put(f"uploads/{project}/0-scan..2.png", b"scan", content_type="image/png")  # of before
    new, job = restored(inside, file_of(inside, project))
    assert job["state"] == "done", job["problems"]
    assert inside.world.objects.get(f"uploads/{new}/0-scan..2.png") == b"scan"


def test_a_prediction_that_was_deleted_is_no_other_one_in_the_restored_project(inside: Inside) -> None:
    project = inside.project(0)
    given = [{"result": mood("Sad"), "model_version": f"m{n}"} for n in range(3)]
    task = [{"data": {"text": "T"}, "predictions": given}]
    imports.load(inside.world, inside.owner, project, json.dumps(task).encode(), "application/json")
    ana = inside.person(project)
    envelope = inside.next(ana, project)
    ((task_row, _),) = next(iter(tasks.pages(inside.world, project)))
    first = task_row["predictions"][0]
    inside.submit(ana, envelope, parent_prediction=first)
    predictions.remove(inside.world, inside.owner, first)
    new, _ = restored(inside, file_of(inside, project))
    ((_, state),) = next(iter(tasks.pages(inside.world, new)))
    found = inside.world.records.get(*keys.annotation(state.annotations[0]["id"], 1))
    assert found is not None
    assert found.body["parent_prediction"] is None


def test_an_answer_that_was_taken_out_is_no_other_one_in_a_consensus() -> None:
    ids = project_ids.Ids(1, 2, {}, {7: 1}, {}, {})
    stored_as = {"pairs": [{"a": 7, "b": 2}], "units": [{"annotation": 2, "by": [7, 2]}]}
    assert ids.consensus(stored_as) == {
        "pairs": [{"a": 1, "b": None}],
        "units": [{"annotation": None, "by": [1, None]}],
    }


def test_a_step_of_a_restore_ends_in_time_between_lines_that_are_no_tasks(
    by_hand: Inside, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = packed(by_hand, by_hand.project(1))
    project, key = begun(by_hand, by_hand.world.objects.get(to_the_end(by_hand, job)["result"]["key"]))
    asked = models.read("RestoreProject", {"upload": key})
    job = project_files.restore(by_hand.world, by_hand.owner, project, asked)
    monkeypatch.setattr(jobs, "BUDGET_S", 0)
    assert run(by_hand, job)["cursor"] == {"phase": "write"}
    monkeypatch.setattr(project_unpack, "STEP_S", 0)
    assert run(by_hand, job)["cursor"]["skip"] == 1


@pytest.mark.parametrize("first", ["restore", "purge"])
def test_a_copy_that_is_deleted_before_it_is_filled_leaves_no_file(by_hand: Inside, first: str) -> None:
    source = by_hand.project(2)
    asked = models.read("Duplicate", {"project": source, "data": True})
    made = project_files.duplicate(by_hand.world, by_hand.owner, asked)
    to_the_end(by_hand, {"id": made["job"]})
    projects.remove(by_hand.world, by_hand.owner, made["id"])
    listed = by_hand.world.records.query(f"JOBS#{made['id']}").records
    restore, purge = (row.body["job"] for row in listed)
    for job in (restore, purge) if first == "restore" else (purge, restore):
        for _ in range(3):
            jobs.run(by_hand.world, Job("1", "work", {"job": job}, 1))
    assert by_hand.world.objects.list("exports/")[0] == ()


def test_a_copy_that_is_deleted_while_it_is_packed_is_not_made(by_hand: Inside) -> None:
    source = by_hand.project(2)
    asked = models.read("Duplicate", {"project": source, "data": True})
    made = project_files.duplicate(by_hand.world, by_hand.owner, asked)
    projects.remove(by_hand.world, by_hand.owner, made["id"])
    assert to_the_end(by_hand, {"id": made["job"]})["state"] == "done"
    assert by_hand.world.objects.list("exports/")[0] == ()
    assert len(by_hand.world.records.query(f"JOBS#{made['id']}").records) == 1


def test_a_project_that_is_purged_while_it_is_restored_leaves_nothing(
    by_hand: Inside, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = by_hand.project(2)
    ana = by_hand.person(source)
    by_hand.submit(ana, by_hand.next(ana, source))
    job = packed(by_hand, source)
    project, key = begun(by_hand, by_hand.world.objects.get(to_the_end(by_hand, job)["result"]["key"]))
    body = models.read("RestoreProject", {"upload": key})
    job = project_files.restore(by_hand.world, by_hand.owner, project, body)
    real = project_unpack._list

    def slow(*given: Any) -> None:
        monkeypatch.undo()
        projects.remove(by_hand.world, by_hand.owner, project)
        (purge,) = _purges(by_hand, project)
        to_the_end(by_hand, {"id": purge})
        real(*given)

    monkeypatch.setattr(project_unpack, "_list", slow)
    jobs.run(by_hand.world, Job("1", "work", {"job": job["id"]}, 1))
    assert by_hand.world.records.query(f"TASKS#{project}").records
    (again,) = _purges(by_hand, project)
    to_the_end(by_hand, {"id": again})
    for pk in (f"TASKS#{project}", f"MEMBERS#{project}", keys.open_index(project, "", 0)):
        assert by_hand.world.records.query(pk).records == ()
    people = [row for row in by_hand.world.records.query(f"PERSON#{ana.person + 1}").records if row.sk != "PROFILE"]
    assert [row.sk for row in people] == []


def _purges(inside: Inside, project: int) -> list[int]:
    """Jobs that are to clear the project away."""
    listed = [row.body["job"] for row in inside.world.records.query(f"JOBS#{project}").records]
    return [id_ for id_ in listed if stored(inside, {"id": id_})["kind"] == "purge"]


def test_a_restore_that_is_cut_off_anywhere_ends_the_same(inside: Inside, monkeypatch: pytest.MonkeyPatch) -> None:
    at = rich(inside)
    first = file_of(inside, at.project)
    monkeypatch.setattr(project_unpack, "BLOCK", 2)
    monkeypatch.setattr(project_unpack, "STEP_S", 0)
    inside.world.jobs, queue = Held(), inside.world.jobs
    project, key = begun(inside, first)
    job = project_files.restore(inside.world, inside.owner, project, models.read("RestoreProject", {"upload": key}))
    real, n = Work.save, 0

    def dies(self: Work, *args: Any, **more: Any) -> None:
        nonlocal n
        n += 1
        if n % 3 == 2:
            raise RuntimeError("cut off")
        real(self, *args, **more)

    monkeypatch.setattr(Work, "save", dies)
    for _ in range(300):
        try:
            jobs.run(inside.world, Job("1", "work", {"job": job["id"]}, 1))
        except RuntimeError:
            continue
        if stored(inside, job)["state"] in jobs.FINAL:
            break
    monkeypatch.undo()
    inside.world.jobs = queue
    assert stored(inside, job)["state"] == "done", stored(inside, job)["problems"]
    assert projects.progress(inside.world, project) == projects.progress(inside.world, at.project)
    assert invariants.check(inside.world, project) == []
    assert timeless(file_of(inside, project)) == timeless(first)


def test_a_copy_with_the_data_has_the_same_people_and_its_own_media(inside: Inside) -> None:
    at = rich(inside)
    made = project_files.duplicate(
        inside.world, inside.owner, models.read("Duplicate", {"project": at.project, "data": True})
    )
    inside.finish_jobs(at.project)
    inside.finish_jobs(made["id"])
    shown = projects.one(inside.world, inside.owner, made["id"])
    assert (shown["title"], shown.get("restoring")) == ("Moods & more (copy)", None)
    assert timeless(file_of(inside, made["id"]))[2:] == [
        line if "project" not in line else {"project": {**line["project"], "title": "Moods & more (copy)"}}
        for line in timeless(file_of(inside, at.project))[2:]
    ]
    assert work.next_task(inside.world, at.people[0], made["id"], frozenset()) is not None
    assert inside.world.objects.list(f"exports/{at.project}/", limit=10)[0][-1].key.count("part") == 0
    projects.remove(inside.world, inside.owner, at.project)
    inside.finish_jobs(at.project)
    assert inside.world.objects.list(f"uploads/{made['id']}/")[0]


def test_a_copy_without_data_has_config_and_settings_and_names_nobody(inside: Inside) -> None:
    project = inside.project(3, queue={"order": "random"}, maximum_annotations=3)
    ana = inside.person(project)
    asked = models.read("ChangeProject", {"queue": {"assign": "people", "people": [ana.person]}})
    projects.change(inside.world, inside.owner, project, asked)
    made = project_files.duplicate(
        inside.world, inside.owner, models.read("Duplicate", {"project": project, "title": "Again"})
    )
    shown = projects.one(inside.world, inside.owner, made["id"])
    assert (shown["title"], shown["task_number"], shown["maximum_annotations"]) == ("Again", 0, 3)
    assert (shown["queue"]["order"], shown["queue"]["assign"], shown["queue"]["people"]) == ("random", "anyone", [])


def test_nothing_is_given_out_of_an_archived_project_and_links_say_so(inside: Inside) -> None:
    project = inside.project(3)
    ana = inside.person(project)
    held = inside.next(ana, project)
    token = invites.make(inside.world, role="annotator", project_id=project, days=1, created_by=0)

    def archive(value: bool) -> Any:
        asked = models.read("ChangeProject", {"is_archived": value})
        return projects.change(inside.world, inside.owner, project, asked)

    assert archive(True)["is_archived"] is True
    with pytest.raises(Refusal) as refused:
        inside.next(ana, project)
    assert refused.value.problems[0]["message"].startswith("This project is archived")
    said = json.loads(work.work(inside.world, ana, project).body)
    assert (said["paused"]["code"], said.get("next")) == ("paused", None)
    with pytest.raises(Refusal) as refused:
        invites.preview(inside.world, Caller(), models.read("PreviewInvite", {"invite": token.text}))
    assert refused.value.status == 410
    assert refused.value.problems[0]["message"].startswith("This project is archived")
    inside.submit(ana, held)
    assert file_of(inside, project)
    assert projects.listed(inside.world, inside.owner, 1, 10)["results"][0]["is_archived"] is True
    archive(False)
    assert inside.next(ana, project) is not None


def test_the_list_tells_who_works_today_and_what_waits_for_the_owner(inside: Inside) -> None:
    project, quiet = inside.project(4), inside.project(0)
    ana, bo = inside.person(project, "Ana"), inside.person(project, "Bo")
    inside.submit(ana, inside.next(ana, project))
    yesterday = inside.clock.day
    inside.clock.now += 24 * 3600
    inside.submit(bo, inside.next(bo, project))
    paused = {"person": ana.person, "project": project, "paused": {"at": 1, "why": "owner"}}
    inside.world.records.transact([Put(*keys.standing(project, ana.person), paused)])
    key = upload(inside, project, "a.jsonl", b'{"text": "one"}\n{"txet": "two"}\n')
    job = begin_import(inside, project, key)
    inside.finish_jobs(project)
    assert yesterday < inside.clock.day
    assert activity.listed(inside.world, inside.owner, [project, quiet, 999_999])["projects"] == [
        {
            "id": project, "managed": True, "people_today": 1, "last_day": inside.clock.day, "paused_people": 1,
            "refused": 1, "refused_job": job["id"],
        },
        {
            "id": quiet, "managed": True, "people_today": 0, "last_day": None, "paused_people": 0, "refused": 0,
            "refused_job": None,
        },
    ]  # fmt: skip
    assert activity.listed(inside.world, ana, [project])["projects"] == []
