"""Sources: a folder or a bucket whose files become tasks, are handed out, and get the results back."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from chalicelib import jobs, keys, media, models, name_pattern, sources, write_back
from chalicelib.buckets import Folder
from chalicelib.handlers import exports
from chalicelib.handlers import jobs as job_handlers
from chalicelib.handlers import sources as handlers
from chalicelib.problems import Refusal
from chalicelib.storage.ports import Job, NotFound

from tests.api.by_hand import Held
from tests.api.inside import Inside, opened
from tests.api.people import BOXES, GIF
from tests.api.waiting import until
from tests.aws import Ministack


class Files:
    """A place for files, as a test sees it: a folder, or a bucket behind the same four words."""

    def __init__(self, address: str, write: Callable[[str, bytes], None], delete: Callable[[str], None]) -> None:
        self.address, self.write, self.delete = address, write, delete


@pytest.fixture
def inside(folder: Path) -> Iterator[Inside]:
    with opened(folder) as inside:
        yield inside


@pytest.fixture(params=["folder", "bucket"])
def files(request: pytest.FixtureRequest, inside: Inside, tmp_path: Path) -> Files:
    if request.param == "folder":
        root = tmp_path / "files"
        root.mkdir()
        inside.world.folders = (root.resolve(),)
        return Files(str(root / "in"), *_folder(root / "in"))
    running: Ministack = request.getfixturevalue("aws")
    clients = running.clients()
    name = f"files-{time.monotonic_ns()}"
    clients.s3.create_bucket(Bucket=name)
    inside.world.s3, inside.world.buckets = clients, (f"s3://{name}",)

    def write(key: str, data: bytes) -> None:
        clients.s3.put_object(Bucket=name, Key=f"in/{key}", Body=data)

    def delete(key: str) -> None:
        clients.s3.delete_object(Bucket=name, Key=f"in/{key}")

    return Files(f"s3://{name}/in/", write, delete)


def _folder(root: Path) -> tuple[Callable[[str, bytes], None], Callable[[str], None]]:
    root.mkdir()

    def write(key: str, data: bytes) -> None:
        (root / key).parent.mkdir(parents=True, exist_ok=True)
        (root / key).write_bytes(data)

    return write, lambda key: (root / key).unlink()


def source(inside: Inside, project: int, files: Files, **more: Any) -> dict[str, Any]:
    asked = models.read("NewSource", {"address": files.address, **more})
    return handlers.create(inside.world, inside.owner, project, asked)


def preview(inside: Inside, made: dict[str, Any]) -> dict[str, Any]:
    return handlers.preview(inside.world, inside.owner, made["id"])


def sync(inside: Inside, made: dict[str, Any], **asked: Any) -> dict[str, Any]:
    begun = handlers.sync(inside.world, inside.owner, made["id"], models.read("SyncSource", asked))
    return finished(inside, begun)


def finished(inside: Inside, job: dict[str, Any]) -> dict[str, Any]:
    def stored() -> dict[str, Any]:
        return dict(inside.world.records.get(*keys.job(job["id"])).body)

    until(lambda: stored()["state"] in jobs.FINAL, told=stored)
    body = stored()
    assert body["state"] == "done", body
    return dict(body)


def tasks(inside: Inside, project: int) -> list[dict[str, Any]]:
    answer = exports.export(inside.world, inside.owner, project, "JSON", everything=True)
    found: list[dict[str, Any]] = json.loads(b"".join(answer.stream or ()))
    return found


def values(inside: Inside, project: int, field: str = "image") -> list[str]:
    return [task["data"][field] for task in tasks(inside, project)]


def test_each_file_becomes_a_task_that_names_it(inside: Inside, files: Files) -> None:
    for key in ("b.gif", "a/x.gif", "a-b.gif", "ü.gif"):
        files.write(key, GIF)
    project = inside.project(0, label_config=BOXES)
    made = source(inside, project, files)
    assert preview(inside, made)["counts"] == {"added": 4, "changed": 0, "removed": 0, "same": 0}
    assert tasks(inside, project) == [], "a preview changes nothing"
    assert sync(inside, made)["result"]["added"] == 4
    names = [value.rpartition("in/" if "s3:" in value else f"/{made['id']}/")[2] for value in values(inside, project)]
    assert names == ["a-b.gif", "a/x.gif", "b.gif", "ü.gif" if "s3:" in values(inside, project)[0] else "%C3%BC.gif"]
    assert preview(inside, made)["counts"] == {"added": 0, "changed": 0, "removed": 0, "same": 4}


def test_a_second_sync_adds_only_what_is_new(inside: Inside, files: Files) -> None:
    files.write("a.gif", GIF)
    project = inside.project(0, label_config=BOXES)
    made = source(inside, project, files)
    sync(inside, made)
    files.write("b.gif", GIF)
    assert [found["key"].rpartition("/")[2] for found in preview(inside, made)["added"]] == ["b.gif"]
    sync(inside, made)
    sync(inside, made)
    assert len(tasks(inside, project)) == 2


def test_files_of_tasks_are_read_row_by_row(inside: Inside, files: Files) -> None:
    files.write("1.json", b'[{"text": "one"}, {"txet": "two"}]')
    files.write("2.jsonl", b'{"text": "three"}\n{"text": "four"}\n')
    files.write("3.csv", b"text\nfive\n")
    files.write("4.gif", GIF)
    project = inside.project(0)
    done = sync(inside, source(inside, project, files, mode="tasks"))
    assert values(inside, project, "text") == ["one", "three", "four", "five"]
    assert (done["result"]["added"], done["result"]["task_count"], done["result"]["refused_count"]) == (3, 4, 1)
    assert done["problems"][0]["where"].startswith("1.json, row 2")


def test_a_changed_file_of_tasks_is_read_anew_while_nobody_has_worked_on_it(inside: Inside, files: Files) -> None:
    files.write("1.json", b'[{"text": "one"}, {"text": "two"}]')
    project = inside.project(0)
    made = source(inside, project, files, mode="tasks")
    sync(inside, made)
    files.write("1.json", b'[{"text": "three"}]  ')
    assert preview(inside, made)["counts"]["changed"] == 1
    assert sync(inside, made)["result"]["changed"] == 1
    assert values(inside, project, "text") == ["three"]


def test_tasks_that_somebody_has_annotated_stay_when_their_file_changes_or_goes(inside: Inside, files: Files) -> None:
    files.write("1.json", b'[{"text": "one"}]')
    project = inside.project(0)
    made = source(inside, project, files, mode="tasks")
    sync(inside, made)
    person = inside.person(project)
    inside.submit(person, inside.next(person, project))
    files.write("1.json", b'[{"text": "three"}]  ')
    assert sync(inside, made)["problems"][0]["code"] == "changed-after-work"
    files.delete("1.json")
    assert sync(inside, made, delete_removed=True)["problems"][0]["code"] == "removed-after-work"
    assert values(inside, project, "text") == ["one"]


def test_removed_files_are_told_and_their_tasks_deleted_only_when_asked(inside: Inside, files: Files) -> None:
    for key in ("a.gif", "b.gif"):
        files.write(key, GIF)
    project = inside.project(0, label_config=BOXES)
    made = source(inside, project, files)
    sync(inside, made)
    files.delete("a.gif")
    assert len(preview(inside, made)["removed"]) == 1
    assert sync(inside, made)["result"]["removed"] == 1
    assert len(tasks(inside, project)) == 2
    assert sync(inside, made, delete_removed=True)["result"]["deleted"] == 1
    assert len(tasks(inside, project)) == 1
    assert inside.progress(project)["total"] == 1


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"pattern": r".*\.gif"}, ["a.gif", "deep/b.gif"]),
        ({"recursive": False}, ["a.gif", "a.txt"]),
        ({"pattern": r"deep/.*"}, ["deep/b.gif"]),
        ({"pattern": "a"}, []),
    ],
    ids=str,
)
def test_the_filter_is_for_the_whole_path_below_the_prefix(
    inside: Inside, files: Files, settings: dict[str, Any], expected: list[str]
) -> None:
    for key in ("a.gif", "a.txt", "deep/b.gif"):
        files.write(key, GIF)
    files.write("empty.gif", b"")
    made = source(inside, inside.project(0, label_config=BOXES), files, **settings)
    assert [found["key"].removeprefix("in/") for found in preview(inside, made)["added"]] == expected


def test_results_are_written_back_as_readable_json_on_each_change(inside: Inside, files: Files) -> None:
    files.write("1.json", b'[{"text": "one"}, {"text": "two"}]')
    project = inside.project(0)
    target = files.address.replace("/in", "/out")
    if not target.startswith("s3:"):
        Path(target).mkdir()
    made = source(inside, project, files, mode="tasks", target=target)
    sync(inside, made)
    person = inside.person(project)
    annotation = inside.submit(person, inside.next(person, project))
    inside.clock.now += 10
    inside.world.jobs.wake()  # type: ignore[attr-defined]
    bucket = sources.open_source(inside.world, inside.world.records.get(*keys.source(made["id"])).body)
    until(lambda: not inside.world.records.query(f"WRITE#{project}").records)
    if target.startswith("s3:"):
        text = b"".join(bucket.stream(f"out/{annotation['task']}.json"))
    else:
        text = (Path(target) / f"{annotation['task']}.json").read_bytes()
    task = json.loads(text)
    assert (task["id"], task["annotations"][0]["id"]) == (annotation["task"], annotation["id"])
    assert text.startswith(b'{\n  "id": ')
    handlers.change(inside.world, inside.owner, made["id"], models.read("ChangeSource", {"target": ""}))
    assert not inside.world.records.get(*keys.project(project)).body["targets"]


def test_many_changes_of_a_task_are_written_back_once(inside: Inside, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "out").mkdir()
    inside.world.folders = (tmp_path.resolve(),)
    project = inside.project(1)
    asked = {"address": str(tmp_path / "in"), "mode": "tasks", "target": str(tmp_path / "out")}
    handlers.create(inside.world, inside.owner, project, models.read("NewSource", asked))
    for name in ("Ana", "Ben", "Cleo"):
        person = inside.person(project, name)
        inside.submit(person, inside.next(person, project) or {"task": {"id": 1}, "lease": {"token": ""}})
        break
    assert len(inside.world.records.query(f"WRITE#{project}").records) == 1
    write_back.run(inside.world, Job("1", "write-back", {"project": project}, 1))
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["1.json"]


def test_only_one_sync_of_a_source_runs(inside: Inside, files: Files) -> None:
    made = source(inside, inside.project(0, label_config=BOXES), files)
    inside.world.records.transact([])
    jobs_port = inside.world.jobs

    class Nothing:
        def enqueue(self, *args: Any, **more: Any) -> str:
            return "0"

    inside.world.jobs = Nothing()  # type: ignore[assignment]
    begun = handlers.sync(inside.world, inside.owner, made["id"], models.read("SyncSource", {}))
    with pytest.raises(Refusal) as refused:
        handlers.sync(inside.world, inside.owner, made["id"], models.read("SyncSource", {}))
    assert refused.value.problems[0]["code"] == "sync-runs"
    job_handlers.cancel(inside.world, inside.owner, begun["id"])
    inside.world.jobs = jobs_port
    assert sync(inside, made)["state"] == "done"


def test_a_sync_that_is_resumed_after_another_began_makes_nothing_twice(inside: Inside, files: Files) -> None:
    project = inside.project(0, label_config=BOXES)
    made = source(inside, project, files)
    files.write("a.jpg", b"1")
    jobs_port, held = inside.world.jobs, Held()
    inside.world.jobs = held  # type: ignore[assignment]
    first = handlers.sync(inside.world, inside.owner, made["id"], models.read("SyncSource", {}))
    job_handlers.cancel(inside.world, inside.owner, first["id"])
    handlers.sync(inside.world, inside.owner, made["id"], models.read("SyncSource", {}))
    job_handlers.resume(inside.world, inside.owner, first["id"])
    inside.world.jobs = jobs_port
    for message in held.waiting[::-1]:
        jobs.run(inside.world, message)
    record = inside.world.records.get(*keys.job(first["id"]))
    assert record is not None
    assert (record.body["state"], record.body["problems"][0]["code"]) == ("failed", "sync-runs")
    assert len(tasks(inside, project)) == 1


@pytest.mark.parametrize(
    "pattern",
    [
        "", r".*\.jpe?g", r"(?i).*\.(jpe?g|png)", r"(train|val)/[^/]+/.*\.csv", r"\d{4}(-\d{2}){2}[)(*+|]+x",
        "(?!tmp).*", r"(?P<a>x+)?\(y\)*",
    ],
)  # fmt: skip
def test_patterns_that_people_write_are_fine(pattern: str) -> None:
    assert name_pattern.fault_of(pattern) is None


@pytest.mark.parametrize(
    "pattern",
    [
        pytest.param("(a+)+b", id="a repetition of a repetition"),
        pytest.param("((a|ab)c?)*d", id="of alternatives, deeper"),
        pytest.param("(?:a?){40}a{40}", id="of what may be missing"),
        pytest.param("(?x)(a+) +b", id="hidden by a flag"),
        pytest.param("([)]a*)+", id="with a bracket in a class"),
        pytest.param(r"(.*)\1\1\1", id="a part of itself"),
        pytest.param("(", id="no regular expression"),
        pytest.param("(?>a*)", id="a kind of group that is not known"),
    ],
)
def test_patterns_that_could_match_for_ever_are_refused(inside: Inside, tmp_path: Path, pattern: str) -> None:
    inside.world.folders = (tmp_path.resolve(),)
    asked = {"address": str(tmp_path), "mode": "tasks", "pattern": pattern}
    with pytest.raises(Refusal) as refused:
        handlers.create(inside.world, inside.owner, inside.project(0), models.read("NewSource", asked))
    assert refused.value.problems[0]["code"] == "bad-pattern"


# -- what nobody may reach


@pytest.mark.parametrize("address", ["/", "/etc", "..", "s3://", "s3://other/", "s3://../", "ftp://x/"])
def test_places_that_the_operator_did_not_allow_are_refused(inside: Inside, tmp_path: Path, address: str) -> None:
    inside.world.folders, inside.world.buckets = (tmp_path.resolve(),), ("s3://pics",)
    with pytest.raises(Refusal) as refused:
        handlers.create(
            inside.world,
            inside.owner,
            inside.project(0),
            models.read("NewSource", {"address": address, "mode": "tasks"}),
        )
    assert refused.value.status == 400


@pytest.mark.parametrize(
    "address",
    [
        "s3://pics-of-others/", "s3://pics2", "s3://shared/team-secret/", "s3://shared/team", "{tmp}/../", "{tmp}/link",
        "{tmp}/file",
    ],
)  # fmt: skip
def test_nothing_beside_what_is_allowed_is_reached_by_its_spelling(
    inside: Inside, tmp_path: Path, address: str
) -> None:
    (tmp_path / "link").symlink_to("/etc")
    (tmp_path / "file").write_bytes(b"x")
    inside.world.folders, inside.world.buckets = (tmp_path.resolve(),), ("s3://pics", "s3://shared/team")
    asked = {"address": address.format(tmp=tmp_path), "mode": "tasks"}
    with pytest.raises(Refusal):
        handlers.create(inside.world, inside.owner, inside.project(0), models.read("NewSource", asked))


@pytest.fixture
def tree(tmp_path: Path) -> Folder:
    root = tmp_path / "root"
    (root / "a/b").mkdir(parents=True)
    (root / "a/b/c.txt").write_bytes(b"0123456789")
    (root / "a.txt").write_bytes(b"x")
    (tmp_path / "secret").write_bytes(b"secret")
    (root / "link").symlink_to(tmp_path / "secret")
    (root / "a/up").symlink_to(tmp_path)
    os.mkfifo(root / "pipe")
    return Folder(root, lambda key, _: key)


@pytest.mark.parametrize(
    "key", ["link", "a/up/secret", "../secret", "a/../../secret", "/etc/passwd", "a//b", "pipe", "a", ""]
)
def test_no_path_leaves_the_folder(tree: Folder, key: str) -> None:
    with pytest.raises(NotFound):
        tree.open(key)


def test_links_and_pipes_are_not_listed(tree: Folder) -> None:
    assert [info.key for info in tree.list("")[0]] == ["a.txt", "a/b/c.txt"]
    assert b"".join(tree.stream("a/b/c.txt", start=7)) == b"789"


def test_a_folder_is_listed_in_the_order_of_its_keys_page_by_page(tmp_path: Path) -> None:
    names = ["a", "a-b", "a.b", "ab/c", "b/a/c", "b/a.c", "b/é", "z", "ü"]
    for name in names:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"1")
    folder = Folder(tmp_path, lambda key, _: key)
    found: list[str] = []
    after: str | None = None
    while True:
        page, after = folder.list("", after=after, limit=2)
        found += [info.key for info in page]
        if after is None:
            break
    assert found == sorted(names)
    assert [info.key for info in folder.list("b/")[0]] == sorted(name for name in names if name.startswith("b/"))


def test_files_are_handed_out_only_by_the_sources_of_their_project(inside: Inside, files: Files) -> None:
    files.write("a.gif", GIF)
    project, other = inside.project(0, label_config=BOXES), inside.project(0, label_config=BOXES)
    made = source(inside, project, files)
    sync(inside, made)
    url = values(inside, project)[0]
    signed = media.sign(inside.world, project, url)
    assert isinstance(signed, str)
    assert signed != url
    refused = media.sign(inside.world, other, url)
    assert isinstance(refused, dict)
    assert refused["code"] == "no-source"
    handlers.remove(inside.world, inside.owner, made["id"])
    assert isinstance(media.sign(inside.world, project, url), dict)


def test_a_file_of_a_folder_is_served_under_its_address_and_no_other(inside: Inside, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in/a.gif").write_bytes(GIF)
    inside.world.folders = (tmp_path.resolve(),)
    project = inside.project(0, label_config=BOXES)
    asked = models.read("NewSource", {"address": str(tmp_path / "in")})
    made = handlers.create(inside.world, inside.owner, project, asked)
    sources.serve_folders(inside.world)
    info, file = inside.world.objects.open(f"folder/{made['id']}/a.gif")  # type: ignore[attr-defined]
    with file:
        assert (info.content_type, file.read()) == ("image/gif", GIF)
    for key in (f"folder/{made['id']}/b.gif", f"folder/{made['id'] + 1}/a.gif", "folder/x/a.gif", "folder/"):
        with pytest.raises(NotFound):
            inside.world.objects.open(key)  # type: ignore[attr-defined]
    inside.world.folders = ()
    with pytest.raises(NotFound):
        inside.world.objects.open(f"folder/{made['id']}/a.gif")  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("asked", "where"),
    [
        ({"pattern": "("}, "field pattern"),
        ({"field": "nothing"}, "field field"),
        ({"target": "{in}"}, "field target"),
        ({"target": "{in}/out"}, "field target"),
        ({"target": "/etc"}, "field target"),
    ],
    ids=str,
)
def test_sources_that_cannot_work_are_refused(
    inside: Inside, tmp_path: Path, asked: dict[str, str], where: str
) -> None:
    (tmp_path / "in/out").mkdir(parents=True)
    inside.world.folders = (tmp_path.resolve(),)
    given = {name: value.replace("{in}", str(tmp_path / "in")) for name, value in asked.items()}
    body = models.read("NewSource", {"address": str(tmp_path / "in"), **given})
    with pytest.raises(Refusal) as refused:
        handlers.create(inside.world, inside.owner, inside.project(0, label_config=BOXES), body)
    assert refused.value.problems[0]["where"] == where


def test_an_export_is_written_to_the_target_with_its_report(inside: Inside, files: Files) -> None:
    project = inside.project(3)
    target = files.address.replace("/in", "/out")
    if not target.startswith("s3:"):
        Path(target).mkdir()
    made = source(inside, project, files, mode="tasks", target=target)
    asked = models.read("NewExport", {"format": "JSONL", "download_all_tasks": True, "to": made["id"]})
    done = finished(inside, exports.start(inside.world, inside.owner, project, asked))
    stem = f"exports/project-{project}-jsonl-{done['id']}"
    assert done["result"]["target"] == f"{target.rstrip('/')}/{stem}.jsonl"
    if target.startswith("s3:"):
        clients, name = inside.world.s3, target.split("/")[2]
        written, report = (
            clients.s3.get_object(Bucket=name, Key=f"out/{stem}{ending}")["Body"].read()
            for ending in (".jsonl", ".report.json")
        )
    else:
        written, report = ((Path(target) / f"{stem}{ending}").read_bytes() for ending in (".jsonl", ".report.json"))
    assert written == inside.world.objects.get(done["result"]["key"])
    assert json.loads(report) == done["result"]["report"]
    assert [json.loads(line)["data"]["text"] for line in written.splitlines()] == [
        f"Text number {n}" for n in (1, 2, 3)
    ]
    assert tasks(inside, project) == [json.loads(line) for line in written.splitlines()]


def test_only_a_target_of_the_project_takes_an_export(inside: Inside, files: Files) -> None:
    project, other = inside.project(1), inside.project(1)
    target = files.address.replace("/in", "/out")
    if not target.startswith("s3:"):
        Path(target).mkdir()
    without = source(inside, project, files, mode="tasks")
    foreign = source(inside, other, files, mode="tasks", target=target)
    for number in (without["id"], foreign["id"], 999):
        asked = models.read("NewExport", {"format": "JSONL", "to": number})
        with pytest.raises(Refusal) as told:
            exports.start(inside.world, inside.owner, project, asked)
        assert told.value.problems[0]["code"] == "no-target"
    viewer = inside.person(project, "Vera")
    asked = models.read("NewExport", {"format": "JSONL", "to": foreign["id"]})
    with pytest.raises(Refusal):
        exports.start(inside.world, viewer, other, asked)


def test_an_export_whose_target_is_gone_fails_and_goes_on_when_it_is_back(inside: Inside, tmp_path: Path) -> None:
    inside.world.folders = (tmp_path.resolve(),)
    (tmp_path / "in").mkdir()
    (tmp_path / "out").mkdir()
    project = inside.project(2)
    asked = models.read(
        "NewSource", {"address": str(tmp_path / "in"), "mode": "tasks", "target": str(tmp_path / "out")}
    )
    made = handlers.create(inside.world, inside.owner, project, asked)
    (tmp_path / "out" / "exports").write_text("a file where a folder should be")
    wish = models.read("NewExport", {"format": "CSV", "to": made["id"]})
    begun = exports.start(inside.world, inside.owner, project, wish)

    def stored() -> dict[str, Any]:
        return dict(inside.world.records.get(*keys.job(begun["id"])).body)

    until(lambda: stored()["state"] in jobs.FINAL, told=stored)
    assert (stored()["state"], stored()["problems"][0]["code"]) == ("failed", "not-written")
    (tmp_path / "out" / "exports").unlink()
    jobs.resume(inside.world, begun["id"])
    done = finished(inside, begun)
    assert Path(done["result"]["target"]).read_bytes() == inside.world.objects.get(done["result"]["key"])
