"""Long work: progress, cancel, resume, and what a process that dies in the middle leaves."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from chalicelib import import_job, jobs, keys, models, task_blocks
from chalicelib.handlers import exports, imports, projects
from chalicelib.handlers import jobs as handlers
from chalicelib.handlers import webhooks as webhook_handlers
from chalicelib.jobs import STEPS, Work
from chalicelib.outgoing import Allowed
from chalicelib.problems import Refusal
from chalicelib.storage.ports import Job

from tests.api.by_hand import Held
from tests.api.inside import Inside, opened
from tests.api.people import mood
from tests.api.receiver import receiving
from tests.api.waiting import until


@pytest.fixture
def inside(folder: Path) -> Iterator[Inside]:
    with opened(folder) as inside:
        yield inside


@pytest.fixture
def by_hand(inside: Inside) -> Inside:
    inside.world.jobs = Held()
    return inside


def run(inside: Inside, job: dict[str, Any], attempt: int = 1) -> dict[str, Any]:
    """One message of the job."""
    jobs.run(inside.world, Job("1", "work", {"job": job["id"]}, attempt))
    return stored(inside, job)


def stored(inside: Inside, job: dict[str, Any]) -> dict[str, Any]:
    record = inside.world.records.get(*keys.job(job["id"]))
    assert record is not None
    return dict(record.body)


def to_the_end(inside: Inside, job: dict[str, Any]) -> dict[str, Any]:
    for _ in range(1000):
        if (body := run(inside, job))["state"] in jobs.FINAL:
            return body
    raise AssertionError(body)


def upload(inside: Inside, project: int, name: str, data: bytes) -> str:
    key = f"uploads/{project}/{'0' * 8}-0000-0000-0000-{'0' * 12}-{name}"
    inside.world.objects.put(key, data, content_type="text/plain")
    return key


def begin_import(inside: Inside, project: int, *uploads: str, **more: Any) -> dict[str, Any]:
    return imports.start(inside.world, inside.owner, project, models.read("NewImport", {"uploads": [*uploads], **more}))


def tasks(inside: Inside, project: int) -> list[dict[str, Any]]:
    answer = exports.export(inside.world, inside.owner, project, "JSON", everything=True)
    found: list[dict[str, Any]] = json.loads(b"".join(answer.stream or ()))
    return found


def texts_of(inside: Inside, project: int) -> list[str]:
    return [task["data"]["text"] for task in tasks(inside, project)]


def lines(count: int) -> bytes:
    return b"".join(json.dumps({"text": f"Text {n}"}).encode() + b"\n" for n in range(count))


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.json", b'[{"text": "one"}, {"data": {"text": "t\xc3\xbco \xf0\x9f\x98\x80"}}]'),
        ("a.jsonl", b'{"text": "one"}\n\n{"text": "t\xc3\xbco \xf0\x9f\x98\x80"}'),
        ("a.csv", b'\xef\xbb\xbfmore;text\r\n1;one\r\n"a\nb";t\xc3\xbco \xf0\x9f\x98\x80\r\n'),
        ("a.tsv", b"text\tmore\none\t\nt\xc3\xbco \xf0\x9f\x98\x80\t1\n"),
        ("a.txt", b"one\nt\xc3\xbco \xf0\x9f\x98\x80\n"),
        ("a.json", b'{"text": "one"}\n{"text": "t\xc3\xbco \xf0\x9f\x98\x80"}'),
        ("a.jsonl", '{"text": "one"}\n{"text": "tüo 😀"}'.encode("utf-16")),
    ],
    ids=["JSON", "JSON lines", "CSV", "TSV", "text", "JSON that is lines", "UTF-16"],
)
def test_each_kind_of_file_becomes_tasks_in_order(by_hand: Inside, name: str, data: bytes) -> None:
    project = by_hand.project(0)
    done = to_the_end(by_hand, begin_import(by_hand, project, upload(by_hand, project, name, data)))
    assert texts_of(by_hand, project) == ["one", "tüo 😀"]
    assert (done["state"], done["result"]["task_count"], done["problems"]) == ("done", 2, [])
    assert done["progress"] == {"done": len(data), "total": len(data), "unit": "bytes"}
    assert by_hand.progress(project)["total"] == 2


@pytest.mark.parametrize(
    "data", [b'[{"text": "one"}, {"text": "two"}', b'[{"text": "one"} {"text": "two"}]', b'[{"text": "one"}, x]']
)
def test_of_a_broken_list_what_stands_before_the_fault_is_imported_and_the_fault_is_told(
    by_hand: Inside, data: bytes
) -> None:
    project = by_hand.project(0)
    done = to_the_end(by_hand, begin_import(by_hand, project, upload(by_hand, project, "a.json", data)))
    assert texts_of(by_hand, project)[0] == "one"
    assert [found["code"] for found in done["problems"]] == ["bad-json"]
    assert done["problems"][0]["where"].startswith("a.json, row ")


def test_rows_that_do_not_fit_are_told_and_the_others_go_in(by_hand: Inside) -> None:
    project = by_hand.project(0)
    data = b'{"text": "one"}\n{"txet": "two"}\n{bad\n{"text": "four"}\n'
    other = upload(by_hand, by_hand.project(0), "a.jsonl", data)
    mine = upload(by_hand, project, "b.jsonl", data)
    done = to_the_end(by_hand, begin_import(by_hand, project, other, mine, f"uploads/{project}/{'0' * 36}-gone.csv"))
    assert texts_of(by_hand, project) == ["one", "four"]
    assert [found["code"] for found in done["problems"]] == ["foreign-upload", "no-upload", "missing-field", "bad-json"]
    assert done["result"]["refused_count"] == 4


def test_annotations_and_predictions_come_along(by_hand: Inside) -> None:
    project = by_hand.project(0, maximum_annotations=2)
    answers = [{"result": mood("Calm")}, {"result": mood("Sad")}]
    rows = [
        {"data": {"text": "a"}, "annotations": answers, "predictions": [{"result": mood("Sad"), "score": 0.5}]},
        {"data": {"text": "b"}, "annotations": answers[:1]},
        {"data": {"text": "c"}, "annotations": [{"result": [{"from_name": "nobody"}]}]},
    ]
    done = to_the_end(
        by_hand, begin_import(by_hand, project, upload(by_hand, project, "a.json", json.dumps(rows).encode()))
    )
    assert done["result"]["annotation_count"] == 3
    assert done["result"]["prediction_count"] == 1
    assert [len(task["annotations"]) for task in tasks(by_hand, project)] == [2, 1]
    totals = by_hand.progress(project)
    assert (totals["disagree"], totals["working"], totals["annotations"]) == (1, 1, 3)


def test_an_import_costs_the_same_memory_at_any_size_and_others_go_on(inside: Inside) -> None:
    """20,000 tasks while somebody labels; each of their requests is answered before the import is done."""
    project, other = inside.project(0), inside.project(30)
    person = inside.person(other)
    job = begin_import(inside, project, upload(inside, project, "a.jsonl", lines(20_000)))
    seen = set()
    for _ in range(30):
        inside.submit(person, inside.next(person, other))
        seen.add(stored(inside, job)["state"])
    assert seen & {"queued", "running"}, "nobody waited for the import"
    until(lambda: stored(inside, job)["state"] == "done")
    assert inside.progress(project)["total"] == 20_000
    assert inside.next(inside.person(project), project)["task"]["data"] == {"text": "Text 0"}


def test_progress_grows_and_asking_again_costs_nothing_while_nothing_has_changed(
    by_hand: Inside, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_job, "STEP_S", 0)
    monkeypatch.setattr(jobs, "BUDGET_S", 0)
    project = by_hand.project(0)
    job = begin_import(by_hand, project, upload(by_hand, project, "a.jsonl", lines(3000)))
    one = handlers.one(by_hand.world, by_hand.owner, job["id"], "")
    assert one.body["state"] == "queued"
    again = handlers.one(by_hand.world, by_hand.owner, job["id"], one.headers["ETag"])
    assert (again.status, again.body) == (304, "")
    done = [run(by_hand, job)["progress"]["done"] for _ in range(3)]
    assert done == sorted(set(done))
    assert handlers.one(by_hand.world, by_hand.owner, job["id"], one.headers["ETag"]).status == 200


def test_a_cancelled_import_says_what_was_imported_and_goes_on_when_resumed(
    by_hand: Inside, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_job, "STEP_S", 0)
    monkeypatch.setattr(jobs, "BUDGET_S", 0)
    project = by_hand.project(0)
    job = begin_import(by_hand, project, upload(by_hand, project, "a.jsonl", lines(2500)))
    run(by_hand, job)
    said = handlers.cancel(by_hand.world, by_hand.owner, job["id"])
    assert (said["state"], said["result"]["task_count"]) == ("cancelled", 1000)
    assert run(by_hand, job)["state"] == "cancelled", "a message that was under way does nothing"
    assert by_hand.progress(project)["total"] == 1000
    assert handlers.resume(by_hand.world, by_hand.owner, job["id"])["state"] == "queued"
    done = to_the_end(by_hand, job)
    assert done["result"]["task_count"] == 2500
    assert texts_of(by_hand, project) == [f"Text {n}" for n in range(2500)]
    with pytest.raises(Refusal):
        handlers.cancel(by_hand.world, by_hand.owner, job["id"])


def test_a_job_that_is_cancelled_in_the_middle_of_a_step_stops_there(by_hand: Inside) -> None:
    project = by_hand.project(0)
    job = begin_import(by_hand, project, upload(by_hand, project, "a.jsonl", lines(5000)))
    real = by_hand.world.records.load
    loaded: list[int] = []

    def load(puts: Any) -> None:
        loaded.append(len(puts))
        if len(loaded) == 3:
            jobs.cancel(by_hand.world, job["id"])
        real(puts)

    by_hand.world.records.load = load  # type: ignore[method-assign]
    assert run(by_hand, job)["state"] == "cancelled"
    by_hand.world.records.load = real  # type: ignore[method-assign]
    assert by_hand.progress(project)["total"] == 1000
    handlers.resume(by_hand.world, by_hand.owner, job["id"])
    to_the_end(by_hand, job)
    assert texts_of(by_hand, project) == [f"Text {n}" for n in range(5000)]
    assert no_orphans(by_hand, project)


def no_orphans(inside: Inside, project: int) -> bool:
    """Every task row is in the list of the project; ids that were taken and not used have none."""
    listed = {task["id"] for task in tasks(inside, project)}
    last = inside.world.ids.one("task")
    found = {id_ for id_ in range(1, last) if inside.world.records.get(*keys.task(id_)) is not None}
    return found == listed


class Died(BaseException):
    pass


@pytest.mark.parametrize("write", range(1, 13))
def test_an_import_that_dies_at_any_write_goes_on_without_losing_or_doubling_a_task(
    by_hand: Inside, monkeypatch: pytest.MonkeyPatch, write: int
) -> None:
    monkeypatch.setattr(task_blocks, "BLOCK", 12)
    monkeypatch.setattr(import_job, "BLOCK", 12)
    project = by_hand.project(0)
    job = begin_import(by_hand, project, upload(by_hand, project, "a.jsonl", lines(30)))
    records = by_hand.world.records
    real_load, real_transact = records.load, records.transact
    left = [write]

    def dying(real: Callable[[Any], Any]) -> Callable[[Any], Any]:
        def call(operations: Any) -> Any:
            left[0] -= 1
            if left[0] == 0:
                if real is real_load:
                    real(operations[: len(operations) // 2])  # a load may be cut off in the middle
                raise Died
            return real(operations)

        return call

    records.load, records.transact = dying(real_load), dying(real_transact)  # type: ignore[method-assign]
    with pytest.raises(Died):
        to_the_end(by_hand, job)
    records.load, records.transact = real_load, real_transact  # type: ignore[method-assign]
    done = to_the_end(by_hand, job)
    assert done["result"]["task_count"] == 30
    assert texts_of(by_hand, project) == [f"Text {n}" for n in range(30)]
    assert by_hand.progress(project)["total"] == 30
    assert no_orphans(by_hand, project)
    person = by_hand.person(project)
    for n in range(30):
        envelope = by_hand.next(person, project)
        assert envelope["task"]["data"] == {"text": f"Text {n}"}
        by_hand.submit(person, envelope)
    assert by_hand.next(person, project) is None


def test_two_runs_of_one_job_do_not_do_its_work_twice(inside: Inside) -> None:
    project, count = inside.project(0), inside.size(4000, 1200)
    job = begin_import(inside, project, upload(inside, project, "a.jsonl", lines(count)))
    others = [threading.Thread(target=run, args=(inside, job)) for _ in range(3)]
    for other in others:
        other.start()
    for other in others:
        other.join()
    until(lambda: stored(inside, job)["state"] in jobs.FINAL or run(inside, job)["state"] in jobs.FINAL)
    assert texts_of(inside, project) == [f"Text {n}" for n in range(count)]


@pytest.mark.embedded_only
def test_a_job_that_keeps_breaking_has_failed_and_goes_on_when_resumed(by_hand: Inside) -> None:
    project = by_hand.project(1)
    broken = [True]

    def step(work: Work) -> bool:
        if broken[0]:
            raise OSError("no network")
        work.save({}, result={"key": "x", "filename": "y"})
        return True

    STEPS.add("breaking", step)
    job = jobs.start(by_hand.world, "breaking", project, 1)
    for attempt in range(1, jobs.ATTEMPTS):
        with pytest.raises(OSError, match="no network"):
            run(by_hand, job, attempt)
    failed = run(by_hand, job, jobs.ATTEMPTS)
    assert (failed["state"], failed["problems"][0]["code"]) == ("failed", "job-broke")
    assert "network" not in json.dumps(failed), "what broke is in the log, and may name what nobody should see"
    broken[0] = False
    handlers.resume(by_hand.world, by_hand.owner, job["id"])
    assert to_the_end(by_hand, job)["state"] == "done"
    assert handlers.one(by_hand.world, by_hand.owner, job["id"], "").body["result"]["url"].startswith("/objects/x?")


@pytest.mark.parametrize("format_", ["JSON", "JSON_MIN"])
def test_an_export_into_a_file_has_what_the_streamed_one_has(by_hand: Inside, format_: str) -> None:
    project = by_hand.project(30, maximum_annotations=2)
    for name in ("Ana", "Ben"):
        person = by_hand.person(project, name)
        for _ in range(12):
            by_hand.submit(person, by_hand.next(person, project), "Calm" if name == "Ana" else "Sad")
    asked = models.read("NewExport", {"format": format_})
    done = to_the_end(by_hand, exports.start(by_hand.world, by_hand.owner, project, asked))
    found = json.loads(by_hand.world.objects.get(done["result"]["key"]))
    if format_ == "JSON":
        answer = exports.export(by_hand.world, by_hand.owner, project, "JSON", everything=False)
        assert found == json.loads(b"".join(answer.stream or ()))
    else:
        assert sorted(row["mood"] for row in found) == ["Calm"] * 12 + ["Sad"] * 12
    assert done["progress"]["done"] == 30
    assert by_hand.world.objects.list(f"exports/{project}/{done['id']}/")[0] == ()


def test_an_export_of_a_project_without_tasks_is_an_empty_list(by_hand: Inside) -> None:
    asked = models.read("NewExport", {})
    done = to_the_end(by_hand, exports.start(by_hand.world, by_hand.owner, by_hand.project(0), asked))
    assert json.loads(by_hand.world.objects.get(done["result"]["key"])) == []


def test_recomputing_writes_nothing_for_tasks_that_stay_as_they_are(by_hand: Inside) -> None:
    project = by_hand.project(6, maximum_annotations=2)
    for name in ("Ana", "Ben"):
        person = by_hand.person(project, name)
        for _ in range(3):
            by_hand.submit(person, by_hand.next(person, project))
    versions = {n: by_hand.world.records.get(*keys.state(n)) for n in range(1, 7)}
    body = models.read("NewRecompute", {"what": "consensus"})
    done = to_the_end(by_hand, projects.recompute(by_hand.world, by_hand.owner, project, body))
    assert done["progress"] == {"done": 6, "total": 6, "unit": "tasks"}
    assert {n: by_hand.world.records.get(*keys.state(n)) for n in range(1, 7)} == versions


def test_new_settings_are_carried_to_the_tasks_by_a_job(by_hand: Inside) -> None:
    project = by_hand.project(3)
    person = by_hand.person(project)
    by_hand.submit(person, by_hand.next(person, project))
    assert by_hand.progress(project)["agreed"] == 1
    projects.change(by_hand.world, by_hand.owner, project, models.read("ChangeProject", {"maximum_annotations": 2}))
    job = handlers.listed(by_hand.world, by_hand.owner, project)["jobs"][0]
    to_the_end(by_hand, job)
    assert by_hand.progress(project)["working"] == 1
    assert by_hand.next(by_hand.person(project, "Ben"), project) is not None


@pytest.mark.embedded_only
def test_of_a_deleted_project_only_its_own_row_and_its_links_stay(by_hand: Inside) -> None:
    project = by_hand.project(25)
    person = by_hand.person(project)
    for _ in range(5):
        by_hand.submit(person, by_hand.next(person, project))
    by_hand.next(person, project)
    to_the_end(by_hand, exports.start(by_hand.world, by_hand.owner, project, models.read("NewExport", {})))
    projects.remove(by_hand.world, by_hand.owner, project)
    purge = next(m for m in by_hand.world.jobs.waiting[::-1] if m.kind == "work")  # type: ignore[attr-defined]
    job = stored(by_hand, {"id": purge.body["job"]})
    with pytest.raises(Refusal):
        handlers.cancel(by_hand.world, by_hand.owner, job["id"])
    assert to_the_end(by_hand, job)["state"] == "done"
    rows = by_hand.world.records._database  # type: ignore[attr-defined]
    with rows.reader() as connection:
        left = connection.execute(
            "SELECT pk, sk FROM records WHERE pk LIKE ? OR pk LIKE ? OR pk LIKE 'TASK#%' OR pk LIKE 'ANNOTATION#%'",
            (f"%#{project}", f"%#{project}#%"),
        ).fetchall()
    own = {(pk, sk.partition("#")[0]) for pk, sk in left if not pk.startswith(("PERSON#", "INVITE#", "HOOK", "AUDIT"))}
    assert own <= {(f"PROJECT#{project}", "PROJECT"), (f"PROJECT#{project}", "INVITE")}
    assert by_hand.world.objects.list(f"exports/{project}/")[0] == ()


def test_jobs_are_for_those_who_may_see_the_project(by_hand: Inside) -> None:
    project = by_hand.project(1)
    person, stranger = by_hand.person(project), by_hand.person(by_hand.project(1), "Ben")
    job = begin_import(by_hand, project, upload(by_hand, project, "a.jsonl", lines(1)))
    for who, status in ((person, 403), (stranger, 404)):
        for attempt in (
            lambda who=who: handlers.one(by_hand.world, who, job["id"], ""),
            lambda who=who: handlers.listed(by_hand.world, who, project),
            lambda who=who: handlers.cancel(by_hand.world, who, job["id"]),
            lambda who=who: handlers.resume(by_hand.world, who, job["id"]),
        ):
            with pytest.raises(Refusal) as refused:
                attempt()
            assert refused.value.status == status


def test_jobs_of_one_kind_are_found_behind_many_others(by_hand: Inside) -> None:
    project = by_hand.project(1)
    job = begin_import(by_hand, project, upload(by_hand, project, "a.jsonl", lines(1)))
    for _ in range(handlers.LISTED):
        jobs.start(by_hand.world, "report", project, 0, unit="tasks")
    assert all(one["kind"] == "report" for one in handlers.listed(by_hand.world, by_hand.owner, project)["jobs"])
    listed = handlers.listed(by_hand.world, by_hand.owner, project, "import")["jobs"]
    assert [one["id"] for one in listed] == [job["id"]]


def test_webhooks_and_short_work_do_not_wait_for_long_work(inside: Inside) -> None:
    inside.world.allowed = Allowed.read(["127.0.0.1"])
    project, go_on = inside.project(1), threading.Event()

    def step(work: Work) -> bool:
        go_on.wait(60)
        return True

    STEPS.add("waiting", step)
    with receiving() as receiver:
        asked = models.read("NewWebhook", {"url": receiver.url, "project": project})
        webhook_handlers.create(inside.world, inside.owner, asked)
        job = jobs.start(inside.world, "waiting", project, 1)
        until(lambda: stored(inside, job)["state"] == "running")
        person = inside.person(project)
        inside.submit(person, inside.next(person, project))
        assert receiver.wait(1)
        assert stored(inside, job)["state"] == "running"
        go_on.set()
        until(lambda: stored(inside, job)["state"] == "done")
