"""Exports over the API: downloads, jobs that are stopped and go on, filters, reports."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from chalicelib import models
from chalicelib.handlers import exports, imports, jobs, projects, studio
from chalicelib.http import Answer
from chalicelib.jobs import STEPS, Work
from chalicelib.problems import Refusal

from tests.api.by_hand import Held
from tests.api.inside import Inside, opened
from tests.api.people import Browser, Project
from tests.api.test_jobs import run, to_the_end

Json = dict[str, Any]

TEXTS = """<View><Text name="t" value="$text"/>
  <Labels name="ner" toName="t"><Label value="Word"/></Labels>
  <Choices name="mood" toName="t"><Choice value="Calm"/><Choice value="Sad"/></Choices></View>"""


@pytest.fixture
def by_hand(folder: Path) -> Iterator[Inside]:
    with opened(folder) as inside:
        inside.world.jobs = Held()
        yield inside


@pytest.fixture
def annotated(by_hand: Inside) -> int:
    """A project of 30 texts of which 12 have two annotations, the rest none."""
    project = by_hand.project(30, maximum_annotations=2, label_config=TEXTS)
    for name, choice in (("Ana", "Calm"), ("Ben", "Sad")):
        person = by_hand.person(project, name)
        for _ in range(12):
            mark = {"id": "w", "from_name": "ner", "to_name": "t", "type": "labels"}
            mood = {"id": "m", "from_name": "mood", "to_name": "t", "type": "choices", "value": {"choices": [choice]}}
            result = [{**mark, "value": {"start": 0, "end": 4, "text": "Text", "labels": ["Word"]}}, mood]
            by_hand.submit(person, by_hand.next(person, project), result=result)
    return project


def start(inside: Inside, project: int, **asked: Any) -> Json:
    return exports.start(inside.world, inside.owner, project, models.read("NewExport", asked))


def counted_steps(monkeypatch: pytest.MonkeyPatch) -> list[Work]:
    """The works of all steps that exports take from now on."""
    taken: list[Work] = []
    own = STEPS["export"]

    def counted(work: Work) -> bool:
        taken.append(work)
        return own(work)

    monkeypatch.setitem(STEPS._of, "export", counted)
    return taken


def file_of(inside: Inside, job: Json) -> bytes:
    data: bytes = inside.world.objects.get(job["result"]["key"])
    return data


def download(inside: Inside, project: int, format_: str, **asked: Any) -> bytes:
    everything = asked.pop("everything", False)
    answer = exports.export(inside.world, inside.owner, project, format_, everything=everything, asked=asked)
    assert isinstance(answer, Answer)
    return b"".join(answer.stream or ())


@pytest.mark.parametrize("format_", ["JSON", "JSON_MIN", "JSONL", "CSV", "TSV", "CONLL2003", "SPACY", "HF_DATASET"])
@pytest.mark.parametrize("split", ["", "train:0.5,val:0.5"])
def test_a_job_that_ends_after_every_row_of_the_list_makes_the_file_of_the_download(
    by_hand: Inside, annotated: int, format_: str, split: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exports, "PART_TASKS", 1)
    monkeypatch.setattr(exports, "AT_ONCE", 1)
    done = to_the_end(by_hand, start(by_hand, annotated, format=format_, split=split))
    assert done["state"] == "done", done["problems"]
    assert file_of(by_hand, done) == download(by_hand, annotated, format_, split=split)
    report = done["result"]["report"]
    assert (report["tasks"]["read"], report["tasks"]["written"]) == (12, 12)
    assert sum(report["splits"].values()) == (12 if split else 0)
    assert by_hand.world.objects.list(f"exports/{annotated}/{done['id']}/")[0] == ()


def test_a_step_ends_when_it_has_written_much(by_hand: Inside, annotated: int, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = download(by_hand, annotated, "JSONL", everything=True)
    monkeypatch.setattr(exports, "PART_BYTES", 1)
    monkeypatch.setattr(exports, "AT_ONCE", 1)
    steps = counted_steps(monkeypatch)
    done = to_the_end(by_hand, start(by_hand, annotated, format="JSONL", download_all_tasks=True))
    assert len(steps) > 1
    assert file_of(by_hand, done) == whole
    assert done["progress"]["done"] == 30


def test_predictions_of_many_tasks_are_read_together(by_hand: Inside, monkeypatch: pytest.MonkeyPatch) -> None:
    project = by_hand.project(0)
    counts = [1, 0, 2, 150, 99, 1, 1, 0, 100, *[1] * 30]
    given = [
        {"data": {"text": "T"}, "predictions": [{"result": [], "model_version": f"{n}-{m}"} for m in range(count)]}
        for n, count in enumerate(counts)
    ]
    imports.load(by_hand.world, by_hand.owner, project, json.dumps(given).encode(), "application/json")
    real, asked = by_hand.world.records.get_many, [0]

    def counted(wanted: Any) -> Any:
        asked[0] += any(sk.startswith("PREDICTION#") for _, sk in wanted)
        return real(wanted)

    monkeypatch.setattr(by_hand.world.records, "get_many", counted)
    found = json.loads(download(by_hand, project, "JSON", everything=True))
    names = [[one["model_version"] for one in task["predictions"]] for task in found]
    assert names == [[f"{n}-{m}" for m in range(count)] for n, count in enumerate(counts)]
    assert asked[0] == 7


def test_what_a_run_that_was_left_behind_exports_does_not_count(
    by_hand: Inside, annotated: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exports, "PART_TASKS", 10)
    monkeypatch.setattr(exports, "AT_ONCE", 1)
    job, real = start(by_hand, annotated, format="JSONL", download_all_tasks=True), exports._part

    def slow(*given: Any) -> Any:
        """While it reads, a task is deleted, and another run makes the whole file."""
        monkeypatch.setattr(exports, "_part", real)
        late = real(*given)
        first = by_hand.world.records.query(f"TASKS#{annotated}", limit=1).records[0].body["tasks"][0]
        studio.remove_task(by_hand.world, by_hand.owner, first)
        to_the_end(by_hand, job)
        return late

    monkeypatch.setattr(exports, "_part", slow)
    done = run(by_hand, job)
    assert file_of(by_hand, done) == download(by_hand, annotated, "JSONL", everything=True)
    assert [info.key for info in by_hand.world.objects.list(f"exports/{annotated}/")[0]] == [done["result"]["key"]]


def test_an_export_goes_on_where_it_stopped(by_hand: Inside, annotated: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "PART_TASKS", 1)
    monkeypatch.setattr(exports, "AT_ONCE", 1)
    job = start(by_hand, annotated, format="CSV", download_all_tasks=True)
    own = STEPS["export"]
    left = [2]

    def dying(work: Work) -> bool:
        if not left[0]:
            raise OSError("the machine goes down")
        left[0] -= 1
        return own(work)

    monkeypatch.setitem(STEPS._of, "export", dying)
    with pytest.raises(OSError, match="goes down"):
        run(by_hand, job)
    monkeypatch.setitem(STEPS._of, "export", own)
    jobs.cancel(by_hand.world, by_hand.owner, job["id"])
    jobs.resume(by_hand.world, by_hand.owner, job["id"])
    done = to_the_end(by_hand, job)
    assert file_of(by_hand, done) == download(by_hand, annotated, "CSV", everything=True)
    assert done["result"]["report"]["tasks"]["read"] == 30


def test_predictions_come_along_in_full_and_can_be_imported_again(by_hand: Inside) -> None:
    project = by_hand.project(0, label_config=TEXTS)
    said = {"id": "m", "from_name": "mood", "to_name": "t", "type": "choices", "value": {"choices": ["Calm"]}}
    tasks = [{"data": {"text": "a"}, "predictions": [{"result": [said], "score": 0.5, "model_version": "v1"}]}]
    imports.load(by_hand.world, by_hand.owner, project, json.dumps(tasks).encode(), "application/json")
    for frames in ("", "true"):
        whole = download(by_hand, project, "JSON", everything=True, frames=frames)
        ((task,), (made,)) = (json.loads(whole), json.loads(whole)[0]["predictions"])
        assert (made["result"], made["score"], made["model_version"]) == ([said], 0.5, "v1")
        assert task["total_predictions"] == 1
    other = by_hand.project(0, label_config=TEXTS)
    told = imports.load(by_hand.world, by_hand.owner, other, whole, "application/json")
    assert (told["task_count"], told["prediction_count"], told["refused"]) == (1, 1, [])


def test_a_config_that_is_saved_while_an_export_runs_does_not_change_its_answers(
    by_hand: Inside, annotated: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exports, "PART_TASKS", 1)
    monkeypatch.setattr(exports, "AT_ONCE", 1)
    before = download(by_hand, annotated, "JSON_MIN")
    job = start(by_hand, annotated, format="JSON_MIN")
    own, steps = STEPS["export"], 0

    def changed(work: Work) -> bool:
        nonlocal steps
        steps += 1
        if steps == 2:
            renamed = {"label_config": TEXTS.replace("Calm", "Quiet"), "accept_orphans": True}
            projects.change(by_hand.world, by_hand.owner, annotated, models.read("ChangeProject", renamed))
        return own(work)

    monkeypatch.setitem(STEPS._of, "export", changed)
    done = to_the_end(by_hand, job)
    assert steps > 2
    assert file_of(by_hand, done) == before
    assert download(by_hand, annotated, "JSON_MIN") != before


def test_the_consensus_is_exported_where_it_is_asked_for(by_hand: Inside, annotated: int) -> None:
    (first, *rest) = json.loads(download(by_hand, annotated, "JSON_MIN", source="consensus"))
    assert len(rest) == 11
    assert (first["annotation_id"], first["ner"][0]["labels"]) == (None, ["Word"])
    assert "mood" not in first, "they do not agree on it"
    assert json.loads(download(by_hand, annotated, "JSON_MIN", source="reviewed")) == []


def test_a_filter_of_the_task_list_chooses_the_tasks(by_hand: Inside, annotated: int) -> None:
    query = json.dumps({"filters": {"items": [{"filter": "filter:tasks:inner_id", "operator": "less", "value": 4}]}})
    found = json.loads(download(by_hand, annotated, "JSON", query=query, everything=True))
    assert [task["inner_id"] for task in found] == [1, 2, 3]
    done = to_the_end(by_hand, start(by_hand, annotated, query=query, download_all_tasks=True))
    assert json.loads(file_of(by_hand, done)) == found
    with pytest.raises(Refusal) as refusal:
        start(by_hand, annotated, query="{")
    assert refusal.value.problems[0]["code"] == "bad-query"


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        pytest.param({"format": "EXCEL"}, "bad-format", id="format"),
        pytest.param({"format": "COCO"}, "format-does-not-fit", id="format that does not fit the config"),
        pytest.param({"format": "CSV", "split": "x"}, "bad-split", id="split"),
        pytest.param({"format": "CONLL2003", "object": "u"}, "bad-object", id="object"),
        pytest.param({"format": "CSV", "size": "big"}, "bad-size", id="size"),
    ],
)
def test_what_cannot_be_exported_is_refused_at_once(by_hand: Inside, asked: Json, code: str) -> None:
    project = by_hand.project(1, label_config=TEXTS)
    with pytest.raises(Refusal) as by_job:
        start(by_hand, project, **asked)
    with pytest.raises(Refusal) as by_download:
        download(by_hand, project, asked["format"], **asked)
    assert [by_job.value.status, by_job.value.problems[0]["code"]] == [400, code]
    assert by_download.value.problems == by_job.value.problems
    assert jobs.listed(by_hand.world, by_hand.owner, project)["jobs"] == []


def test_archives_and_tables_come_over_the_wire_with_their_type_and_name(
    owner: Browser, annotator: Callable[[Project, str], Browser]
) -> None:
    project = owner.project(tasks=[{"data": {"text": f"Text {n}"}} for n in range(3)])
    ana = annotator(project, "Ana")
    ana.submit(ana.next(project))
    answer = owner.http.get(f"/api/projects/{project.id}/export?exportType=HF_DATASET&split=train:1,test:1")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/zip")
    assert answer.headers["content-disposition"] == f'attachment; filename="project-{project.id}.zip"'
    with zipfile.ZipFile(io.BytesIO(answer.content)) as opened_:
        assert {"train.jsonl", "test.jsonl", "README.md", "report.json"} == set(opened_.namelist())
    answer = owner.http.get(f"/api/projects/{project.id}/export?exportType=CSV")
    assert answer.headers["content-type"].startswith("text/csv")
    assert answer.content.startswith(b'"annotation_id",')
    formats = owner.call("GET", f"/api/projects/{project.id}/export/formats")
    fitting = {one["name"] for one in formats if not one["disabled"]}
    assert fitting == {"JSON", "JSON_MIN", "CSV", "TSV", "JSONL", "HF_DATASET", "PARQUET", "SPACY"}
