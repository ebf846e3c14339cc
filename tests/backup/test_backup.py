"""Backup and restore between both stores: the same bytes, ids that go on, sessions that stay, faults in the middle."""

from __future__ import annotations

import gzip
import json
import os
import shutil
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from chalicelib import jobs, keys, setup, tokens, world
from chalicelib.handlers import projects
from chalicelib.storage.aws import AwsStore, open_aws
from chalicelib.storage.aws.whole import WholeAws
from chalicelib.storage.embedded import HalfRestored, open_embedded
from chalicelib.storage.embedded.whole import FolderToFill, WholeFolder
from chalicelib.storage.ports import Add, Put, Unavailable
from chalicelib.storage.whole import Moving, Row
from chalicelib.world import World

from labelkite.backup.archive import MANIFEST, Archive, BadBackup
from labelkite.backup.making import make
from labelkite.backup.restoring import NotEmpty, NotTheSame, restore
from tests.api.inside import Inside, opened
from tests.api.waiting import until
from tests.aws import Ministack

BIG = {"text": "long 日本 " * 60_000}
PHOTO = os.urandom(3_000_000)


def quiet(what: str, done: int, total: int | None) -> None:
    pass


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A data folder in which people have worked, with every kind of record that is kept in a way of its own."""
    place = tmp_path / "data"
    with opened(place) as inside:
        fill(inside)
    return place


def fill(inside: Inside) -> None:
    project = inside.project(30, overlap=2)
    for name in ("Ana", "Ben"):
        person = inside.person(project, name)
        for _ in range(5):
            inside.submit(person, inside.next(person, project))
        inside.next(person, project)
    inside.finish_jobs(project)
    here = inside.world
    here.records.transact(
        [Put("BIG#1", "A", BIG), Put("ODD#1", "é😀\uffff", {"half": "\ud83d", "n": 1.5, "big": 10**20})]
    )
    here.records.transact([Put("ENDS#1", "A", {"n": 1}, expires_at=int(inside.clock.now) + 10**8)])
    for n in range(3):
        here.records.transact([Put("MANY#1", "A", {"n": n}, expect=n)])
        here.records.transact([Add("COUNTER#1", "A", {"a": 1, "b": n})])
    here.objects.put(f"uploads/{project}/photo.png", PHOTO, content_type="image/png")
    here.objects.put(f"uploads/{project}/é 1.txt", b"", content_type="text/plain")
    here.objects.put("exports/1/x.json", b"{}", content_type="application/json")
    here.jobs.enqueue("nobody-handles-this", {"n": 1}, delay_s=10**6)


def folder_backup(folder: Path, to: Path) -> Any:
    source = WholeFolder(folder)
    try:
        return make(source, Archive(to), quiet)
    finally:
        source.close()


def fill_folder(backup: Path, to: Path, **options: Any) -> Any:
    target = FolderToFill(to)
    try:
        return restore(Archive(backup), target, quiet, **options)
    finally:
        target.close()


def aws_store(aws: Ministack, name: str) -> AwsStore:
    return open_aws(**aws.resources(name), clients=aws.shared)


def lines(backup: Path, kind: str) -> list[Any]:
    manifest = json.loads((backup / MANIFEST).read_text())
    return [json.loads(line) for line in Archive(backup).lines(manifest[kind])]


def objects(backup: Path) -> list[Any]:
    return [{name: entry[name] for name in entry if name != "etag"} for entry in lines(backup, "objects")]


def test_embedded_to_aws_to_embedded_is_the_same_byte_for_byte(folder: Path, aws: Ministack, tmp_path: Path) -> None:
    first = folder_backup(folder, tmp_path / "first")
    assert first["records"]["rows"] > 120
    assert first["objects"]["rows"] >= 3
    there = WholeAws(aws_store(aws, "round-trip"))
    restore(Archive(tmp_path / "first"), there, quiet)
    second = make(there, Archive(tmp_path / "second"), quiet)
    fill_folder(tmp_path / "second", tmp_path / "back")
    third = folder_backup(tmp_path / "back", tmp_path / "third")

    assert first["records"] == second["records"] == third["records"]  # hashes of all lines and of the packed parts
    assert objects(tmp_path / "first") == objects(tmp_path / "second") == objects(tmp_path / "third")
    assert (folder / "secret").read_bytes() == (tmp_path / "back" / "secret").read_bytes()
    assert {(tmp_path / name / "secret").read_text() for name in ("first", "second", "third")} == {
        (folder / "secret").read_bytes().hex() + "\n"
    }


@pytest.mark.parametrize("where", ["folder", "aws"])
def test_people_and_ids_go_on_where_they_were(folder: Path, aws: Ministack, tmp_path: Path, where: str) -> None:
    before = open_embedded(folder, public_url="")
    had = World(before.objects, before.records, before.jobs, before.secret)
    token = setup.new_api_token(had)
    ids = {kind: had.ids.one(kind) for kind in ("task", "project", "person", "job")}  # type: ignore[arg-type]
    invite = tokens.new_invite(before.secret, 1, 2_000_000_000)
    progress = {
        row.body["id"]: projects.progress(had, row.body["id"]) for row in before.records.query("PROJECTS").records
    }
    assert progress
    before.close()
    folder_backup(folder, tmp_path / "backup")
    if where == "aws":
        store: Any = aws_store(aws, "goes-on")
        restore(Archive(tmp_path / "backup"), WholeAws(store), quiet)
    else:
        fill_folder(tmp_path / "backup", tmp_path / "new")
        store = open_embedded(tmp_path / "new", public_url="")
    now = World(store.objects, store.records, store.jobs, store.secret)
    for kind, id_ in ids.items():
        assert now.ids.one(kind) == id_ + 1, kind  # type: ignore[arg-type]
    assert now.records.get(*keys.api_token(tokens.digest(token))) is not None
    assert tokens.read_invite(now.secret, invite.text) is not None
    assert {id_: projects.progress(now, id_) for id_ in progress} == progress
    assert now.records.get("MANY#1", "A").version == 3  # type: ignore[union-attr]
    assert now.records.transact([Put("MANY#1", "A", {}, expect=3)]) == (4,)
    assert now.records.add("COUNTER#1", "A", {"a": 1})["a"] == 4
    if where == "folder":
        store.close()


@pytest.mark.parametrize("where", ["folder", "aws"])
def test_a_job_that_was_under_way_goes_on_after_a_restore(tmp_path: Path, aws: Ministack, where: str) -> None:
    """Only its record is left: a queue on AWS cannot be read."""
    with opened(tmp_path / "data") as inside:
        project = inside.project(3)
    store: Any = open_embedded(tmp_path / "data", public_url="")
    job = jobs.start(world.of(store), "states", project, 1, {})
    store._database.write(lambda connection: connection.execute("DELETE FROM jobs"))
    store.close()
    folder_backup(tmp_path / "data", tmp_path / "backup")
    assert [entry["body"] for entry in lines(tmp_path / "backup", "jobs") if entry["kind"] == "work"] == [
        {"job": job["id"]}
    ]
    if where == "folder":
        fill_folder(tmp_path / "backup", tmp_path / "new")
        store = open_embedded(tmp_path / "new", public_url="")
    else:
        made = aws.resources("goes-on-jobs")
        restore(Archive(tmp_path / "backup"), WholeAws(open_aws(**made, clients=aws.shared)), quiet)
        store = open_aws(**made, clients=aws.shared, work=True)
    here = world.use(store)
    until(lambda: here.records.get(*keys.job(job["id"])).body["state"] == "done")  # type: ignore[union-attr]
    store.jobs.close()
    if where == "folder":
        store.close()


def test_jobs_of_the_queue_are_carried_with_their_time_and_dead_ones_stay_dead(
    folder: Path, aws: Ministack, tmp_path: Path
) -> None:
    store = open_embedded(folder, public_url="")
    store._database.write(
        lambda connection: connection.execute(
            "INSERT INTO jobs (kind, body, attempt, due_at, dead, error) VALUES ('lost', '{\"n\":2}', 6, 1.5, 1, 'why')"
        )
    )
    store.close()
    folder_backup(folder, tmp_path / "backup")
    fill_folder(tmp_path / "backup", tmp_path / "new")
    restored = open_embedded(tmp_path / "new", public_url="")
    (dead,) = restored.jobs.dead()
    assert (dead.job.kind, dead.job.body, dead.job.attempt, dead.error) == ("lost", {"n": 2}, 6, "why")
    rows = restored._database.read("SELECT due_at FROM jobs WHERE kind = 'nobody-handles-this'", ())
    was = [entry["due_at"] for entry in lines(tmp_path / "backup", "jobs") if entry["kind"] == "nobody-handles-this"]
    assert [row[0] for row in rows] == was
    restored.close()

    there = aws_store(aws, "dead-jobs")
    restore(Archive(tmp_path / "backup"), WholeAws(there), quiet)
    (dead_there,) = there.jobs.dead()
    assert (dead_there.job.kind, dead_there.job.body, dead_there.error) == ("lost", {"n": 2}, "why")
    make(WholeAws(there), Archive(tmp_path / "from-aws"), quiet)
    assert [entry["kind"] for entry in lines(tmp_path / "from-aws", "jobs") if entry["dead"]] == ["lost"]


# -- while people work


def test_a_folder_in_use_is_copied_as_it_was_at_one_moment(tmp_path: Path) -> None:
    """Two records that always change together are equal in the backup, whenever it is made."""
    store = open_embedded(tmp_path / "data", public_url="")
    stop = threading.Event()

    def work() -> None:
        n = 0
        while not stop.is_set():
            n += 1
            store.records.transact([Put("A", "A", {"n": n}), Put("Z", "Z", {"n": n})])

    writer = threading.Thread(target=work)
    writer.start()
    try:
        for round_ in range(5):
            folder_backup(tmp_path / "data", tmp_path / f"backup-{round_}")
            found = {entry["pk"]: entry["body"]["n"] for entry in lines(tmp_path / f"backup-{round_}", "records")}
            assert found.get("A") == found.get("Z")
    finally:
        stop.set()
        writer.join()
        store.close()


class Busy(WholeAws):
    """Somebody writes between the pages of each of the first readings."""

    def __init__(self, store: AwsStore, readings: int) -> None:
        super().__init__(store)
        self._left = readings

    def _read(self, table: str, reading: int, say: Any) -> int:
        changed = super()._read(table, reading, say)
        if self._left:
            self._left -= 1
            self._store.records.transact([Put(pk, "A", {"n": reading}) for pk in ("A", "Z")])
        return changed


def test_a_table_is_read_until_two_readings_agree(aws: Ministack, tmp_path: Path) -> None:
    store = aws_store(aws, "busy")
    store.records.transact([Put("A", "A", {"n": 0}), Put("Z", "A", {"n": 0}), Put("GONE", "A", {})])
    make(Busy(store, 2), Archive(tmp_path / "backup"), quiet)
    found = {entry["pk"]: entry["body"] for entry in lines(tmp_path / "backup", "records")}
    assert (found["A"], found["Z"]) == ({"n": 2}, {"n": 2})
    with pytest.raises(Moving, match="people are working: 2 records"):
        make(Busy(store, 99), Archive(tmp_path / "never"), quiet)


def test_a_copy_of_the_table_at_one_moment_is_read_and_deleted(aws: Ministack, tmp_path: Path) -> None:
    store = aws_store(aws, "momentary")
    store.records.transact([Put("A", "A", {"n": 1})])
    make(WholeAws(store, moment=True), Archive(tmp_path / "backup"), quiet)
    assert [entry["body"] for entry in lines(tmp_path / "backup", "records") if entry["pk"] == "A"] == [{"n": 1}]
    tables = aws.shared.dynamodb.list_tables()["TableNames"]
    assert not [name for name in tables if name.startswith("momentary-backup")]


def test_a_file_that_is_deleted_while_it_is_copied_is_counted_and_left_out(folder: Path, tmp_path: Path) -> None:
    class Deleting(WholeFolder):
        def freeze(self, scratch: Path, say: Any) -> None:
            super().freeze(scratch, say)
            self._store.objects.delete("exports/1/x.json")

    source = Deleting(folder)
    said = make(source, Archive(tmp_path / "backup"), quiet)
    source.close()
    assert said["objects"]["gone"] == 1
    assert "exports/1/x.json" not in [entry["key"] for entry in lines(tmp_path / "backup", "objects")]


# -- again, and broken off


def test_the_second_backup_into_a_folder_copies_only_what_is_new(folder: Path, aws: Ministack, tmp_path: Path) -> None:
    first = folder_backup(folder, tmp_path / "backup")
    store = open_embedded(folder, public_url="")
    store.objects.put("exports/1/y.json", b"[]", content_type="application/json")
    store.objects.delete("exports/1/x.json")
    store.close()
    second = folder_backup(folder, tmp_path / "backup")
    assert (first["objects"]["copied"], second["objects"]["copied"]) == (first["objects"]["rows"], 1)
    kept = {path.name for path in (tmp_path / "backup" / "files").rglob("*") if path.is_file()}
    assert kept == {entry["sha256"] for entry in objects(tmp_path / "backup")}

    there = WholeAws(aws_store(aws, "again"))
    restore(Archive(tmp_path / "backup"), there, quiet)
    made = [make(there, Archive(tmp_path / "from-aws"), quiet)["objects"]["copied"] for _ in range(2)]
    assert made == [second["objects"]["rows"], 0]


def test_a_backup_that_broke_off_is_none_and_goes_on(folder: Path, tmp_path: Path) -> None:
    class Breaking(WholeFolder):
        def open(self, key: str) -> Any:
            if key.startswith("uploads/") and key.endswith("photo.png"):
                raise OSError(28, "No space left on device", str(tmp_path))
            return super().open(key)

    source = Breaking(folder)
    with pytest.raises(OSError, match="No space"):
        make(source, Archive(tmp_path / "backup"), quiet)
    source.close()
    with pytest.raises(BadBackup, match="was not finished"):
        fill_folder(tmp_path / "backup", tmp_path / "new")
    again = folder_backup(folder, tmp_path / "backup")
    assert again["objects"]["copied"] == again["objects"]["rows"] - 1
    assert not (tmp_path / "backup" / "working").exists()


class Stop(Exception):
    pass


def breaks(target: Any) -> Any:
    """The same target, whose third file does not come through."""

    class Breaking(type(target)):  # type: ignore[misc]
        count = 0

        def put(self, info: Any, chunks: Iterator[bytes]) -> None:
            type(self).count += 1
            if type(self).count == 2:
                raise Stop
            super().put(info, chunks)

    target.__class__ = Breaking
    return target


def test_a_folder_is_closed_to_others_until_its_restore_has_ended(folder: Path, tmp_path: Path) -> None:
    first = folder_backup(folder, tmp_path / "backup")
    target = breaks(FolderToFill(tmp_path / "new"))
    with pytest.raises(Stop):
        restore(Archive(tmp_path / "backup"), target, quiet)
    target.close()
    with pytest.raises(HalfRestored, match="is being restored"):
        open_embedded(tmp_path / "new", public_url="")
    fill_folder(tmp_path / "backup", tmp_path / "new")
    open_embedded(tmp_path / "new", public_url="").close()
    assert folder_backup(tmp_path / "new", tmp_path / "after")["records"] == first["records"]


def test_a_table_is_closed_to_others_until_its_restore_has_ended(folder: Path, aws: Ministack, tmp_path: Path) -> None:
    folder_backup(folder, tmp_path / "backup")
    store = aws_store(aws, "half")
    with pytest.raises(Stop):
        restore(Archive(tmp_path / "backup"), breaks(WholeAws(store)), quiet)
    with pytest.raises(Unavailable, match="is being restored"):
        _ = aws_store(aws, "half").secret
    restore(Archive(tmp_path / "backup"), WholeAws(store), quiet)
    assert aws_store(aws, "half").secret == (folder / "secret").read_bytes()


# -- what is refused


@pytest.mark.parametrize("where", ["folder", "aws"])
def test_somebodys_data_are_not_written_over_unless_told(
    folder: Path, aws: Ministack, tmp_path: Path, where: str
) -> None:
    folder_backup(folder, tmp_path / "backup")

    def target() -> Any:
        return FolderToFill(tmp_path / "taken") if where == "folder" else WholeAws(aws_store(aws, "taken"))

    if where == "folder":
        store: Any = open_embedded(tmp_path / "taken", public_url="")
    else:
        store = aws_store(aws, "taken")
    setup.first_start(world.of(store), "http://host")  # a link and a secret are nobody's data
    store.records.transact([Put("PROJECT#77", "PROJECT", {"id": 77})])
    store.objects.put("uploads/77/a", b"a", content_type="text/plain")
    if where == "folder":
        store.close()
    here = target()
    with pytest.raises(NotEmpty, match="PROJECT#77"):
        restore(Archive(tmp_path / "backup"), here, quiet)
    assert here.marked() == ""
    said = restore(Archive(tmp_path / "backup"), here, quiet, replace=True)
    here.freeze(tmp_path, quiet)
    assert sum(1 for _ in here.rows()) == said["records"]["rows"]
    assert "uploads/77/a" not in [info.key for info in here.objects()]
    if where == "folder":
        here.close()


def test_a_store_in_which_nobody_has_done_anything_counts_as_empty(folder: Path, tmp_path: Path) -> None:
    folder_backup(folder, tmp_path / "backup")
    store = open_embedded(tmp_path / "new", public_url="")
    setup.first_start(world.of(store), "http://host")
    store.close()
    fill_folder(tmp_path / "backup", tmp_path / "new")
    assert (
        folder_backup(tmp_path / "new", tmp_path / "after")["records"]
        == json.loads((tmp_path / "backup" / MANIFEST).read_text())["records"]
    )


def test_what_is_not_as_it_was_afterwards_is_said(folder: Path, tmp_path: Path) -> None:
    class Losing(FolderToFill):
        def load(self, rows: Any) -> None:
            super().load([row for row in rows if row.pk != "MANY#1"])

    folder_backup(folder, tmp_path / "backup")
    target = Losing(tmp_path / "new")
    with pytest.raises(NotTheSame, match="MANY#1/A"):
        restore(Archive(tmp_path / "backup"), target, quiet)
    target.close()


def spoil(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(bytes(data))


def no_manifest(backup: Path) -> None:
    (backup / MANIFEST).unlink()


def other_form(backup: Path) -> None:
    (backup / MANIFEST).write_text(json.dumps({"labelkite_backup": 99}))


def half_manifest(backup: Path) -> None:
    (backup / MANIFEST).write_text((backup / MANIFEST).read_text()[:50])


def other_data(backup: Path) -> None:
    said = json.loads((backup / MANIFEST).read_text())
    (backup / MANIFEST).write_text(json.dumps({**said, "data_format": 1}))


def spoilt_records(backup: Path) -> None:
    spoil(backup / "records" / "000001.jsonl.gz")


def missing_records(backup: Path) -> None:
    (backup / "records" / "000001.jsonl.gz").unlink()


def missing_file(backup: Path) -> None:
    shutil.rmtree(next((backup / "files").iterdir()))


def cut_file(backup: Path) -> None:
    path = max((backup / "files").rglob("*"), key=lambda path: path.stat().st_size if path.is_file() else 0)
    path.write_bytes(path.read_bytes()[:-1])


def no_secret(backup: Path) -> None:
    (backup / "secret").unlink()


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        (no_manifest, "holds no backup"),
        (other_form, "is of form 99"),
        (half_manifest, "is damaged"),
        (other_data, "data format 1"),
        (spoilt_records, r"000001.jsonl.gz is not what was written"),
        (missing_records, r"000001.jsonl.gz is missing"),
        (missing_file, "is missing or has another size"),
        (cut_file, "is missing or has another size"),
        (no_secret, "secret cannot be read"),
    ],
    ids=lambda value: value.__name__ if callable(value) else "",
)
def test_a_bad_backup_is_refused_before_anything_is_written(folder: Path, tmp_path: Path, harm: Any, said: str) -> None:
    folder_backup(folder, tmp_path / "backup")
    harm(tmp_path / "backup")
    target = FolderToFill(tmp_path / "new")
    with pytest.raises(BadBackup, match=said) as refused:
        restore(Archive(tmp_path / "backup"), target, quiet)
    assert len(refused.value.hint) > 20
    assert (target.marked(), target.foreign()) == ("", "")
    target.close()


def test_a_file_whose_content_was_changed_is_found_while_it_is_written(folder: Path, tmp_path: Path) -> None:
    """Its size is right, so only the hash of what is read tells; nothing of it becomes visible."""
    folder_backup(folder, tmp_path / "backup")
    spoil(max((tmp_path / "backup" / "files").rglob("*"), key=lambda path: path.is_file() and path.stat().st_size))
    with pytest.raises(BadBackup, match="its hash is another"):
        fill_folder(tmp_path / "backup", tmp_path / "new")
    with pytest.raises(HalfRestored):
        open_embedded(tmp_path / "new", public_url="")
    target = FolderToFill(tmp_path / "new")
    assert not [info.key for info in target.objects() if info.key.endswith("photo.png")]
    target.close()


def test_a_line_that_is_no_record_is_named_by_its_number(folder: Path, tmp_path: Path) -> None:
    folder_backup(folder, tmp_path / "backup")
    manifest = json.loads((tmp_path / "backup" / MANIFEST).read_text())
    part = tmp_path / "backup" / manifest["records"]["parts"][0]["name"]
    rows = gzip.decompress(part.read_bytes()).splitlines()
    rows[3] = b'{"pk": "A"}'
    part.write_bytes(gzip.compress(b"\n".join(rows) + b"\n"))
    from labelkite.backup.archive import sha256_of

    manifest["records"]["parts"][0]["sha256"] = sha256_of(part)
    (tmp_path / "backup" / MANIFEST).write_text(json.dumps(manifest))
    with pytest.raises(BadBackup, match="record 4 of the backup cannot be read"):
        fill_folder(tmp_path / "backup", tmp_path / "new")


def test_a_folder_with_other_things_is_left_alone(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.tex").write_text("x")
    with pytest.raises(BadBackup, match=r"holds other things \(thesis.tex\)"):
        folder_backup(folder, tmp_path / "mine")
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["thesis.tex"]


# -- the secret, the mode of files, memory, the command


def test_with_a_new_secret_links_end_and_tokens_of_scripts_stay(folder: Path, tmp_path: Path) -> None:
    folder_backup(folder, tmp_path / "backup")
    (tmp_path / "backup" / "secret").unlink()
    fill_folder(tmp_path / "backup", tmp_path / "new", new_secret=True)
    old, new = (folder / "secret").read_bytes(), (tmp_path / "new" / "secret").read_bytes()
    assert tokens.read_invite(new, tokens.new_invite(old, 1, 2_000_000_000).text) is None


def test_a_backup_is_for_its_owner_only(folder: Path, tmp_path: Path) -> None:
    folder_backup(folder, tmp_path / "backup")
    for path in (tmp_path / "backup").rglob("*"):
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path


def test_the_secret_and_what_others_have_to_find_out_are_no_records(folder: Path, tmp_path: Path) -> None:
    folder_backup(folder, tmp_path / "backup")
    found = [(entry["pk"], entry["sk"]) for entry in lines(tmp_path / "backup", "records")]
    assert not {keys.SECRET, keys.TICK} & set(found)
    assert keys.IDS in found


def test_a_line_reads_back_as_it_was_written() -> None:
    row = Row("P", "é", 3, None, '{"a":"\\ud83d","b":[1.5,{"c":null}]}')
    assert Row.read(row.line()) == row


def test_parts_are_of_bounded_length(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("labelkite.backup.archive.PART_ROWS", 40)
    said = folder_backup(folder, tmp_path / "backup")
    assert [part["rows"] for part in said["records"]["parts"][:-1]] == [40] * (len(said["records"]["parts"]) - 1)
    assert len(said["records"]["parts"]) > 3
    fill_folder(tmp_path / "backup", tmp_path / "new")
    monkeypatch.undo()
    again = folder_backup(tmp_path / "new", tmp_path / "backup")  # fewer parts: the others go
    assert len(list((tmp_path / "backup" / "records").iterdir())) == len(again["records"]["parts"]) == 1
    assert again["records"]["sha256"] == said["records"]["sha256"]


def command(*arguments: str, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "labelkite", *arguments],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path)), **(env or {})},
    )


def test_the_commands_say_what_they_did_and_what_they_cannot(folder: Path, aws: Ministack, tmp_path: Path) -> None:
    backup, new = str(tmp_path / "backup"), str(tmp_path / "new")
    made = command("backup", backup, "--data", str(folder))
    assert (made.returncode, made.stderr) == (0, "")
    assert "files copied now" in made.stdout
    assert "all hashes are as they were written" in command("backup", backup, "--check").stdout
    options = ["--store", "aws", "--table", "by-command", "--bucket", "by-command", "--queue", "by-command"]
    to_aws = command("restore", backup, *options, "--create", env=aws.environment())
    assert (to_aws.returncode, to_aws.stderr) == (0, "")
    from_aws = command("backup", str(tmp_path / "second"), *options, env=aws.environment())
    assert (from_aws.returncode, from_aws.stderr) == (0, "")
    back = command("restore", str(tmp_path / "second"), "--data", new)
    assert (back.returncode, back.stderr) == (0, "")
    assert "restored and compared" in back.stdout
    taken = command("restore", backup, "--data", new)
    assert taken.returncode == 1
    assert "the store is not empty" in taken.stderr
    assert "--replace" in taken.stderr
    nothing = command("backup", backup, "--data", str(tmp_path / "nowhere"))
    assert (nothing.returncode, nothing.stdout) == (1, "")
    assert "holds no Labelkite data" in nothing.stderr
    none = command("restore", str(folder), "--data", str(tmp_path / "other"))
    assert none.returncode == 1
    assert "holds no backup" in none.stderr
    assert not (tmp_path / "other").exists()
