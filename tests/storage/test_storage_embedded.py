"""The embedded store: the contract, and what only it promises."""

from __future__ import annotations

import itertools
import os
import sqlite3
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from chalice import Chalice
from chalicelib.storage.embedded import (
    Damaged,
    EmbeddedStore,
    InUse,
    NewerFormat,
    NotWritable,
    OlderFormat,
    open_beside,
    open_embedded,
)
from chalicelib.storage.embedded.jobs import MAX_ATTEMPTS
from chalicelib.storage.ports import ABSENT, Add, Conflict, Full, Job, Put, Unavailable

from labelkite.server import Host, Server
from tests.storage.contract import Clock, StorageContract, race


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(tmp_path: Path, clock: Clock) -> Iterator[EmbeddedStore]:
    opened = open_embedded(tmp_path / "data", public_url="http://host", clock=clock)
    yield opened
    opened.close()


@pytest.fixture
def http(store: EmbeddedStore) -> Iterator[httpx.Client]:
    app = Chalice("no-routes", configure_logs=False)
    with Server(Host(app, objects=store.objects)) as server, httpx.Client(base_url=server.url) as client:
        yield client


class TestEmbedded(StorageContract):
    pass


# -- the folder


def test_a_new_folder_is_private_and_its_secret_stays(tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "data"
    first = open_embedded(folder, public_url="http://host/")
    assert (len(first.secret), first.public_url) == (32, "http://host")
    assert stat.S_IMODE((folder / "secret").stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert first.secret.hex() not in repr(first)
    first.close()
    first.close()
    again = open_embedded(folder, public_url="")
    assert again.secret == first.secret
    again.close()


def test_a_closed_store_is_one_database_file_without_a_log(tmp_path: Path) -> None:
    store = open_embedded(tmp_path, public_url="")
    store.records.transact([Put("P", "A", {"n": 1})])
    store.close()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["labelkite.db", "lock", "objects", "secret"]
    with pytest.raises(Unavailable, match="closed"):
        store.records.transact([Put("P", "A", {})])
    with pytest.raises(Unavailable, match="closed"):
        store.records.get("P", "A")


def test_a_second_opening_in_the_same_process_is_refused(store: EmbeddedStore) -> None:
    with pytest.raises(InUse, match=f"in use by process {os.getpid()}") as refused:
        open_embedded(store.folder, public_url="")
    assert refused.value.pid == os.getpid()
    assert "--data" in refused.value.hint


HOLD = """
import sys
from pathlib import Path
from chalicelib.storage.embedded import open_embedded
store = open_embedded(Path(sys.argv[1]), public_url="")
print("open", flush=True)
sys.stdin.read()
"""


def child(code: str, *arguments: str) -> subprocess.Popen[str]:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    return subprocess.Popen(
        [sys.executable, "-c", code, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
    )


def test_another_process_is_refused_by_pid_and_a_dead_one_holds_nothing(tmp_path: Path) -> None:
    with child(HOLD, str(tmp_path)) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "open\n"
        with pytest.raises(InUse) as refused:
            open_embedded(tmp_path, public_url="")
        assert refused.value.pid == holder.pid
        holder.kill()
    open_embedded(tmp_path, public_url="").close()


def test_a_record_can_be_written_beside_the_process_that_holds_the_folder(store: EmbeddedStore) -> None:
    store.records.transact([Put("P", "A", {"n": 1})])
    beside = open_beside(store.folder, public_url="")
    assert beside.secret == store.secret

    def run(i: int) -> None:
        for n in range(10):
            (beside if i % 2 else store).records.transact(
                [Put("P", f"{i}-{n}", {}, expect=ABSENT), Add("P", "N", {"n": 1})]
            )

    assert race(run, 8) == [None] * 8
    with pytest.raises(Conflict):
        beside.records.transact([Put("P", "A", {}, expect=ABSENT)])
    beside.close()
    assert store.records.get("P", "N").body == {"n": 80}
    assert len(store.records.query("P", limit=200).records) == 82


def test_data_of_a_newer_version_are_left_alone(tmp_path: Path) -> None:
    open_embedded(tmp_path, public_url="").close()
    with sqlite3.connect(tmp_path / "labelkite.db") as connection:
        connection.execute("UPDATE meta SET value = '99' WHERE name = 'format'")
    connection.close()
    with pytest.raises(NewerFormat, match="made by a newer Labelkite") as refused:
        open_embedded(tmp_path, public_url="")
    assert refused.value.found == 99
    with pytest.raises(NewerFormat):  # and the lock is free again
        open_embedded(tmp_path, public_url="")


def test_data_of_an_older_format_are_refused_with_the_way_out(tmp_path: Path) -> None:
    open_embedded(tmp_path, public_url="").close()
    with sqlite3.connect(tmp_path / "labelkite.db") as connection:
        connection.execute("UPDATE meta SET value = '1' WHERE name = 'format'")
    connection.close()
    with pytest.raises(OlderFormat, match="from before the first release") as refused:
        open_embedded(tmp_path, public_url="")
    assert "--data" in refused.value.hint


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    (tmp_path / "labelkite.db").write_text("x" * 5000)
    with pytest.raises(Damaged, match=r"labelkite\.db is no SQLite database"):
        open_embedded(tmp_path, public_url="")


def test_a_secret_of_another_length_is_named(tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(b"short")
    with pytest.raises(Damaged, match="secret has 5 bytes, not 32"):
        open_embedded(tmp_path, public_url="")


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(NotWritable, match="cannot be written: Not a directory"):
        open_embedded(tmp_path / "file" / "data", public_url="")


# -- group commit


def test_racing_writers_share_commits_and_each_gets_its_own_answer(store: EmbeddedStore) -> None:
    """While one commit is held up, all others queue; then one transaction carries them, the loser among them too."""
    store.records.transact([Put("P", "TAKEN", {})])
    commits: list[str] = []
    entered, go_on = threading.Event(), threading.Event()

    def hold(connection: sqlite3.Connection) -> None:
        connection.set_trace_callback(lambda sql: commits.append(sql) if sql == "COMMIT" else None)
        entered.set()
        go_on.wait(30)

    database = store.records._database
    holder = threading.Thread(target=database.write, args=(hold,))
    holder.start()
    assert entered.wait(30)
    results: dict[int, Any] = {}

    def run(i: int) -> None:
        try:
            key = "TAKEN" if i == 5 else f"{i}"
            results[i] = store.records.transact([Put("P", f"WITH#{i}", {}), Put("P", key, {}, expect=ABSENT)])
        except Conflict as conflict:
            results[i] = conflict

    threads = [threading.Thread(target=run, args=(i,)) for i in range(12)]
    for thread in threads:
        thread.start()
    while len(database._queue) < 12:
        threading.Event().wait(0.001)
    go_on.set()
    for thread in [holder, *threads]:
        thread.join()
    assert len(commits) == 2
    assert isinstance(results.pop(5), Conflict)
    assert results == {i: (0, 1) for i in range(12) if i != 5}
    assert store.records.get("P", "WITH#5") is None


def test_a_fault_of_one_caller_reaches_nobody_else(store: EmbeddedStore) -> None:
    store.records.transact([Put("P", "WORD", {"n": "five"})])

    def run(i: int) -> Any:
        if i == 3:
            return store.records.add("P", "WORD", {"n": 1})
        return store.records.transact([Put("P", f"{i}", {}, expect=ABSENT)])

    results = race(run)
    assert isinstance(results.pop(3), ValueError)
    assert results == [(1,)] * 15


# -- expiry


def test_expired_records_are_swept_by_writes_and_others_stay(store: EmbeddedStore, clock: Clock) -> None:
    store.records.transact([Put("P", f"{n}", {}, expires_at=int(clock.now) + 10) for n in range(20)])
    store.records.transact([Put("P", "later", {}, expires_at=int(clock.now) + 1000), Put("P", "always", {})])
    clock.now += 100
    store.records.transact([Put("Q", "A", {})])
    with store.records._database.reader() as connection:
        left = connection.execute("SELECT sk FROM records WHERE pk = 'P' ORDER BY sk").fetchall()
    assert left == [("always",), ("later",)]
    clock.now += 1000
    assert (store.records.sweep(), store.records.sweep()) == (1, 0)


# -- a full disk


def test_a_full_database_refuses_whole_transactions_and_works_again_when_there_is_space(store: EmbeddedStore) -> None:
    store.records.transact([Put("P", "OLD", {"n": 1})])
    store.records._database.limit_size(300_000)
    written: list[int] = []

    def fill() -> None:
        for n in range(1000):
            store.records.transact([Put("BIG", f"{n:04}", {"x": "y" * 5000}), Put("BIG", f"{n:04}b", {})])
            written.append(n)

    with pytest.raises(Full, match="no space"):
        fill()
    assert written
    keys = [record.sk for record in store.records.query("BIG", limit=1000).records]
    assert keys == [key for n in written for key in (f"{n:04}", f"{n:04}b")]
    assert store.records.get("P", "OLD").body == {"n": 1}
    store.records.transact([Put("P", "OLD", {"n": 2})])
    store.records._database.limit_size(None)
    store.records.transact([Put("BIG", "after", {"x": "y" * 500_000})])
    assert store.records.get("BIG", "after") is not None


def test_on_a_nearly_full_disk_the_small_writes_of_a_batch_still_get_through(store: EmbeddedStore) -> None:
    store.records._database.limit_size(200_000)

    def run(i: int) -> tuple[int, ...]:
        body = {"x": "y" * (500_000 if i % 4 == 0 else 10)}
        return store.records.transact([Put("P", f"{i}", body, expect=ABSENT)])

    for result, i in zip(race(run), range(16), strict=True):
        assert isinstance(result, Full) if i % 4 == 0 else result == (1,)
    assert len(store.records.query("P").records) == 12


FILL = """
import resource, sys
from pathlib import Path
from chalicelib.storage.embedded import open_embedded
from chalicelib.storage.ports import Full, Put
store = open_embedded(Path(sys.argv[1]), public_url="")
store.objects.put("before", b"1" * 1000, content_type="a/b")
store.records.transact([Put("P", "before", {})])
resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, resource.RLIM_INFINITY))
try:
    store.objects.put("big", b"x" * 2_000_000, content_type="a/b")
except Full as error:
    print("object:", error)
try:
    store.objects.put("before", b"x" * 2_000_000, content_type="a/b")
except Full as error:
    print("replace:", error)
n = 0
try:
    while True:
        store.records.transact([Put("P", f"{n:05}", {"x": "y" * 20000})])
        n += 1
except Full as error:
    print("record:", error)
print(n, len(store.records.query("P", limit=1000).records), store.objects.get("before") == b"1" * 1000)
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
store.records.transact([Put("P", "after", {"x": "y" * 20000})])
store.objects.put("after", b"x" * 2_000_000, content_type="a/b")
print([info.key for info in store.objects.list("")[0]], list((Path(sys.argv[1]) / "objects" / "tmp").iterdir()))
store.close()
"""


def test_files_that_may_not_grow_mean_full_and_nothing_is_left_of_what_was_refused(tmp_path: Path) -> None:
    with child(FILL, str(tmp_path)) as filler:
        output, _ = filler.communicate()
    lines = output.splitlines()
    assert [line.partition(":")[0] for line in lines[:3]] == ["object", "replace", "record"], output
    assert all("no space is left" in line for line in lines[:3])
    written, kept, unchanged = lines[3].split()
    assert int(written) > 5
    assert (int(kept), unchanged) == (int(written) + 1, "True")
    assert lines[4] == "['after', 'before'] []"
    assert filler.returncode == 0
    store = open_embedded(tmp_path, public_url="")
    assert len(store.records.query("P", limit=1000).records) == int(written) + 2
    store.close()


# -- kill -9

WRITE = """
import os, sys, threading
from pathlib import Path
from chalicelib.storage.embedded import open_embedded
from chalicelib.storage.ports import ABSENT, Add, Put
store = open_embedded(Path(sys.argv[1]), public_url="")
def work(name):
    n = 0
    while True:
        key = f"{sys.argv[2]}-{name}-{n:06}"
        new = Put("A", key, {"x": key * 20}, expect=ABSENT)
        store.records.transact([new, Put("B", key, {}), Add("N", "N", {"n": 1})])
        if n % 5 == 0:
            store.objects.put(f"o/{key}", key.encode() * 1000, content_type="a/b")
        os.write(1, (key + "\\n").encode())
        n += 1
for name in range(8):
    threading.Thread(target=work, args=(name,)).start()
"""


def test_kill_9_in_the_middle_of_writes_loses_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    acknowledged: list[str] = []
    for round_ in range(4):
        writer = child(WRITE, str(tmp_path), str(round_))
        assert writer.stdout is not None
        for _ in range(150 + 37 * round_):
            acknowledged.append(writer.stdout.readline().strip())
        writer.kill()
        acknowledged += writer.stdout.read().split()
        writer.communicate()
        store = open_embedded(tmp_path, public_url="")
        a = everything(store, "A")
        assert set(acknowledged) <= set(a)
        assert set(a) == set(everything(store, "B"))
        counter = store.records.get("N", "N")
        assert counter is not None
        assert counter.body["n"] == len(a)
        objects = {key for key in acknowledged if key.endswith(("0", "5"))}
        for key in objects:
            assert store.objects.get(f"o/{key}") == key.encode() * 1000
        with store.records._database.reader() as connection:
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            files = {file for (file,) in connection.execute("SELECT file FROM objects")}
        on_disk = [path.name for path in (tmp_path / "objects").rglob("*") if path.is_file()]
        assert sorted(on_disk) == sorted(files)  # and no file is left that nothing names
        store.close()
    assert len(acknowledged) > 600


ORPHAN = """
import os, sys
from pathlib import Path
from chalicelib.storage.embedded import open_embedded
store = open_embedded(Path(sys.argv[1]), public_url="")
store.objects.put("kept", b"1", content_type="a/b")
store.objects.publish = lambda *_, **__: os.kill(os.getpid(), 9)  # the file is in place, its key is not
store.objects.put("lost", b"2", content_type="a/b")
"""


def test_a_file_whose_process_died_before_it_had_a_key_is_swept(tmp_path: Path) -> None:
    with child(ORPHAN, str(tmp_path)) as writer:
        writer.wait()
    files = [path for path in (tmp_path / "objects").rglob("*") if path.is_file()]
    assert len(files) == 2
    store = open_embedded(tmp_path, public_url="")
    assert store.objects.get("kept") == b"1"
    assert store.objects.head("lost") is None
    assert sum(path.is_file() for path in (tmp_path / "objects").rglob("*")) == 1
    store.close()


def test_every_commit_waits_for_the_disk(store: EmbeddedStore) -> None:
    """Power loss cannot be had in a test; that SQLite syncs the log at each commit can be asked."""
    pragmas = store.records._database.write(
        lambda connection: [
            connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "synchronous")
        ]
    )
    assert pragmas == ["wal", 2]


def everything(store: EmbeddedStore, pk: str) -> list[str]:
    keys: list[str] = []
    after = None
    while True:
        page = store.records.query(pk, after=after, limit=1000)
        keys += [record.sk for record in page.records]
        if page.cursor is None:
            return keys
        after = page.cursor


# -- presigned addresses


def test_an_expired_address_is_refused_and_says_so(store: EmbeddedStore, clock: Clock, http: httpx.Client) -> None:
    store.objects.put("a", b"1", content_type="a/b")
    read = store.objects.presign_get("a", expires_s=100)
    upload = store.objects.presign_upload("b", max_bytes=10, content_type="a/b", expires_s=100)
    clock.now += 99
    assert http.get(read).status_code == 200
    clock.now += 27
    for answer in (http.get(read), http.put(upload.url, content=b"1", headers=dict(upload.headers))):
        assert answer.status_code == 403
        assert answer.json()["problems"][0]["code"] == "expired"
    assert store.objects.head("b") is None


def test_an_address_signed_by_another_deployment_is_refused(
    store: EmbeddedStore, clock: Clock, http: httpx.Client, tmp_path: Path
) -> None:
    other = open_embedded(tmp_path / "other", public_url="", clock=clock)
    store.objects.put("a", b"1", content_type="a/b")
    answer = http.get(other.objects.presign_get("a", expires_s=100))
    assert (answer.status_code, answer.json()["problems"][0]["code"]) == (403, "bad-signature")
    other.close()


def test_addresses_of_the_same_object_stay_the_same_for_a_while(store: EmbeddedStore, clock: Clock) -> None:
    clock.now = 1_800_000_000.0 // 3600 * 3600 + 1
    urls = []
    for _ in range(14):
        urls.append(store.objects.presign_get("a", expires_s=3600))
        clock.now += 60
    assert len(set(urls)) == 1


def test_parts_of_a_signature_cannot_be_shifted_into_each_other(store: EmbeddedStore) -> None:
    with pytest.raises(ValueError, match="no control characters"):
        store.objects.presign_get("a", expires_s=10, content_type="text/plain\nx")


# -- jobs


def test_a_job_is_tried_again_with_longer_waits_and_then_kept_as_dead(
    store: EmbeddedStore, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    tried: list[tuple[int, float]] = []
    ran = threading.Semaphore(0)

    def handler(job: Job) -> None:
        tried.append((job.attempt, clock.now))
        ran.release()
        raise RuntimeError("the bucket is away")

    start = clock.now
    id_ = store.jobs.enqueue("import", {"n": 1})
    store.jobs.handle("import", handler)
    while not store.jobs.dead():
        if ran.acquire(timeout=0.01):
            continue
        clock.now += 1
        store.jobs.wake()
    assert [attempt for attempt, _ in tried] == list(range(1, MAX_ATTEMPTS + 1))
    waits = [later - earlier for (_, earlier), (_, later) in itertools.pairwise(tried)]
    assert all(wait >= 2**n for n, wait in enumerate(waits, start=1))
    assert clock.now - start >= 62
    [dead] = store.jobs.dead()
    assert (dead.job.id, dead.job.body, dead.error) == (id_, {"n": 1}, "RuntimeError: the bucket is away")
    assert "failed at attempt 1" in caplog.text


def test_a_dead_job_can_be_revived(store: EmbeddedStore, clock: Clock) -> None:
    broken, done = True, threading.Event()

    def handler(job: Job) -> None:
        if broken:
            raise RuntimeError("not yet")
        done.set()

    id_ = store.jobs.enqueue("import", {})
    store.jobs.handle("import", handler)
    while not store.jobs.dead():
        clock.now += 100
        store.jobs.wake()
        threading.Event().wait(0.002)
    broken = False
    store.jobs.revive(id_)
    assert done.wait(30)
    assert store.jobs.dead() == ()


def test_a_delayed_job_waits_for_its_time(store: EmbeddedStore, clock: Clock) -> None:
    order: list[str] = []
    done = threading.Event()

    def handler(job: Job) -> None:
        order.append(job.body["name"])
        if job.body["name"] == "later":
            done.set()

    store.jobs.enqueue("work", {"name": "later"}, delay_s=50)
    store.jobs.handle("work", handler)
    first = store.jobs.enqueue("work", {"name": "now"})
    assert first == "2"
    while order != ["now"]:
        threading.Event().wait(0.001)
    assert not done.is_set()
    clock.now += 50
    store.jobs.wake()
    assert done.wait(30)


JOB = """
import os, sys
from pathlib import Path
from chalicelib.storage.embedded import open_embedded
store = open_embedded(Path(sys.argv[1]), public_url="")
store.jobs.enqueue("import", {"n": 7})
def handler(job):
    print("begun", flush=True)
    os.kill(os.getpid(), 9)
store.jobs.handle("import", handler)
sys.stdin.read()
"""


def test_a_job_survives_the_death_of_its_process(tmp_path: Path) -> None:
    with child(JOB, str(tmp_path)) as worker:
        assert worker.stdout is not None
        assert worker.stdout.readline() == "begun\n"
        worker.wait()
    store = open_embedded(tmp_path, public_url="")
    done: list[Job] = []
    ready = threading.Event()

    def handler(job: Job) -> None:
        done.append(job)
        ready.set()

    store.jobs.handle("import", handler)
    assert ready.wait(30)
    assert done == [Job("1", "import", {"n": 7}, 2)]
    store.close()


def test_closing_waits_for_the_running_job(tmp_path: Path) -> None:
    store = open_embedded(tmp_path, public_url="")
    begun, finished = threading.Event(), threading.Event()

    def handler(job: Job) -> None:
        begun.set()
        store.records.transact([Put("P", "A", {})])
        finished.set()

    store.jobs.handle("work", handler)
    store.jobs.enqueue("work", {})
    assert begun.wait(30)
    store.close()
    assert finished.is_set()
