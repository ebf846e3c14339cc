"""A project, a crowd, a server that is killed again and again, and what must be true at the end."""

from __future__ import annotations

import json
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from chalicelib import world
from chalicelib.storage.aws import AwsStore, open_aws
from chalicelib.storage.embedded import open_embedded

from tests.api import invariants
from tests.api.people import Browser, Process
from tests.aws import CREDENTIALS, Ministack
from tests.crowd.people import CONFIG, Kind, Person, answer, crowd, run, truth

GOLD = 0.04
"""Of the tasks, how many have a known answer beside."""


@dataclass(frozen=True)
class Size:
    people: int
    tasks: int
    kills: int
    overlap: int = 3
    ask: int = 1
    gold_every: int = 8
    pause_after: int = 8
    spammer_right: float = 0.2

    @property
    def gold(self) -> int:
        return max(20, round(self.tasks * GOLD))


@dataclass
class Outcome:
    """What was seen, in figures for people to read."""

    seconds: float
    acknowledged: int
    retries: int
    kills: int
    consensus_right: float
    people_right: dict[str, float]
    paused: list[str]
    report: Mapping[str, Any]
    progress: Mapping[str, int]
    faults: list[str]
    project: int

    @property
    def best(self) -> str:
        """Who was right most often, of themselves."""
        return max(self.people_right, key=lambda name: self.people_right[name])

    @property
    def sentences(self) -> list[str]:
        """What the report says of who errs on what."""
        return [f"{row['name']}: {' '.join(row['errs'])}" for row in self.report["people"] if row["errs"]]

    def mix_ups(self, name: str) -> list[tuple[str, str]]:
        """(right, said) of a kind of people, as the report has them, the most frequent first."""
        rows = [row for row in self.report["people"] if row["name"].startswith(name)]
        found = [pair for row in rows for control in row["labels"] for pair in control["confusion"]]
        wrong = sorted((pair for pair in found if pair["right"] != pair["said"]), key=lambda pair: -pair["n"])
        return [(pair["right"], pair["said"]) for pair in wrong]


class Server:
    """A server process that dies and comes back, somewhere else each time."""

    def __init__(self, folder: Path, environment: Mapping[str, str] | None) -> None:
        self.process = Process(folder, environment)
        self.token = self.process.token
        self.owner_link = self.process.owner_link
        self.url = self.process.url

    def kill_and_start(self) -> None:
        self.process.kill()
        self.process.start()
        self.url = self.process.url

    def owner(self) -> Browser:
        return Browser(self.url, token=self.token)


def perform(folder: Path, size: Size, environment: Mapping[str, str] | None = None) -> Outcome:
    """The whole play on one store. `environment`: of a server on AWS; None: the embedded store in *folder*."""
    server = Server(folder, environment)
    try:
        outcome = _perform(server, size)
    finally:
        server.process.stop()
    outcome.faults += _contradictions(folder, environment, outcome.project)
    return outcome


def perform_on(server: Any, size: Size, environment: Mapping[str, str]) -> Outcome:
    """The play on a server that is there and stays, such as a deployment: a `Server` but for its process."""
    outcome = _perform(server, size)
    outcome.faults += _contradictions(Path(), environment, outcome.project)
    return outcome


def _contradictions(folder: Path, environment: Mapping[str, str] | None, project: int) -> list[str]:
    """Rows that contradict each other in the store that the server has left."""
    store = open_embedded(folder, public_url="") if environment is None else _store_of(environment)
    try:
        return invariants.check(world.of(store), project)[:20]
    finally:
        store.close()


def _store_of(environment: Mapping[str, str]) -> AwsStore:
    return open_aws(
        table=environment["LABELKITE_TABLE"],
        bucket=environment["LABELKITE_BUCKET"],
        queue=environment["LABELKITE_QUEUE"],
        region=environment["AWS_REGION"],
        endpoint_url=environment["AWS_ENDPOINT_URL"],
        credentials=CREDENTIALS,
    )


def _perform(server: Server, size: Size) -> Outcome:
    owner = server.owner()
    project, invite = _project(owner, size)
    people = [Person(kind, n, lambda: server.url) for n, kind in enumerate(crowd(size.people, size.spammer_right))]
    for person in people:
        person.join(invite)
    began = time.monotonic()
    with _killing(server, size, people):
        run(people, project, lambda: _is_over(server, project))
    seconds = time.monotonic() - began
    _await_rest(server, project)
    owner = server.owner()
    rows = _export(owner, project)
    progress = owner.call("GET", f"/api/projects/{project}")["progress"]
    report = _report(server, project)
    faults = [*_faults(rows, people, size), *_miscounted(rows, progress, owner, project, people)]
    return Outcome(
        seconds=seconds,
        acknowledged=sum(len(person.acknowledged) for person in people),
        retries=sum(person.retries for person in people),
        kills=size.kills,
        consensus_right=_consensus_right(rows),
        people_right={person.name: _right(person) for person in people},
        paused=[person.name for person in people if person.paused],
        report=report,
        progress=progress,
        faults=faults,
        project=project,
    )


def _project(owner: Browser, size: Size) -> tuple[int, str]:
    made = owner.call(
        "POST",
        "/api/projects",
        {"title": "Crowd", "label_config": CONFIG, "maximum_annotations": size.overlap, "agreement_threshold": 0.6},
        status=201,
    )
    settings = {
        "disagreement": {"ask": size.ask, "then": "keep"},
        "quality": {
            "gold_every": size.gold_every,
            "pause_under": 0.4,
            "pause_after": size.pause_after,
            "then": "requeue",
        },
        "queue": {"lease_minutes": 1},
    }
    owner.call("PATCH", f"/api/projects/{made['id']}", settings)
    known = [f"Known {n}" for n in range(size.gold)]
    tasks: list[dict[str, Any]] = [{"data": {"text": f"Item {n}"}} for n in range(size.tasks)]
    tasks += [
        {
            "data": {"text": text},
            "meta": {"gold": True},
            "annotations": [{"result": [answer(truth(text))[0]], "ground_truth": True}],
        }
        for text in known
    ]
    for start in range(0, len(tasks), 1000):
        said = owner.call("POST", f"/api/projects/{made['id']}/import", tasks[start : start + 1000], status=201)
        assert said["refused"] == [], said["refused"][:3]
    link = owner.call("POST", f"/api/projects/{made['id']}/invites", {}, status=201)
    return made["id"], link["token"]


@contextmanager
def _killing(server: Server, size: Size, people: list[Person]) -> Iterator[None]:
    """kill -9 each time another part of the work has been done."""
    over = threading.Event()
    expected = size.tasks * size.overlap

    def kill() -> None:
        for n in range(1, size.kills + 1):
            while sum(len(person.acknowledged) for person in people) < expected * n / (size.kills + 1):
                if over.wait(0.05):
                    return
            server.kill_and_start()

    killer = threading.Thread(target=kill)
    killer.start()
    try:
        yield
    finally:
        over.set()
        killer.join()


def _get(server: Server, path: str) -> Any:
    """As the owner, again and again while the server is away."""
    person = Person(Kind("owner"), 0, lambda: server.url)
    person.http.headers["Authorization"] = f"Token {server.token}"
    return person.call("GET", path)


def _is_over(server: Server, project: int) -> bool:
    progress = _get(server, f"/api/projects/{project}")["progress"]
    return bool(progress["new"] + progress["working"] == 0)


def _await_rest(server: Server, project: int) -> None:
    """Until nothing is left to do for the jobs either: the same progress several times in a row."""
    same, last = 0, None
    for _ in range(600):
        progress = _get(server, f"/api/projects/{project}")["progress"]
        same = same + 1 if progress == last else 0
        if same == 6:
            return
        last = progress
        time.sleep(0.3)
    raise AssertionError(f"the project does not come to rest: {last}")


def _export(owner: Browser, project: int) -> list[dict[str, Any]]:
    path = f"/api/projects/{project}/export?exportType=JSON&download_all_tasks=1"
    rows: list[dict[str, Any]] = json.loads(owner.http.get(path).content)
    states: dict[int, str] = {}
    for page in range(1, len(rows) // 500 + 2):
        shown = owner.call("GET", f"/api/projects/{project}/tasks?page={page}&page_size=500")
        states |= {row["id"]: row["state"] for row in shown["tasks"]}
    return [{**row, "state": states[row["id"]]} for row in rows]


def _label(row: Mapping[str, Any]) -> str | None:
    results = row.get("result") or []
    return str(results[0]["value"]["choices"][0]) if results else None


def _counting(row: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The annotations of a task that count, as the export has them."""
    return [a for a in row["annotations"] if not a["was_cancelled"] and not a.get("discarded") and not a.get("purpose")]


def _is_known(row: Mapping[str, Any]) -> bool:
    return str(row["data"]["text"]).startswith("Known")


def _faults(rows: list[dict[str, Any]], people: list[Person], size: Size) -> list[str]:
    """Tasks without exactly their annotations, two of one person, acknowledged ones that are gone."""
    faults = []
    stored = {a["id"]: a for row in rows for a in row["annotations"]}
    for row in rows:
        if _is_known(row):
            continue
        by = Counter(a["completed_by"] for a in _counting(row))
        if any(n > 1 for n in by.values()):
            faults.append(f"task {row['id']}: twice by one person: {dict(by)}")
        agreed = row["state"] == "agreed"
        allowed = range(size.overlap, size.overlap + size.ask + 1) if agreed else (size.overlap + size.ask,)
        if len(by) not in allowed:
            faults.append(f"task {row['id']} ({row['state']}): {len(by)} annotations")
    for person in people:
        for task, id_ in person.acknowledged.items():
            found = stored.get(id_)
            if found is None:
                faults.append(f"annotation {id_} of {person.name} for task {task} is gone")
            elif _label(found) != person.said[task]:
                faults.append(f"annotation {id_} of {person.name} is not what was said")
    return faults[:20]


def _miscounted(
    rows: list[dict[str, Any]],
    progress: Mapping[str, int],
    owner: Browser,
    project: int,
    people: list[Person],
) -> list[str]:
    """Counters beside what the export has."""
    faults = []
    states = Counter(row["state"] for row in rows if not _is_known(row))
    for state in ("working", "agreed", "disagree"):
        if progress[state] != states[state]:
            faults.append(f"{state}: counted {progress[state]}, there are {states[state]}")
    counted = sum(len(_counting(row)) for row in rows)
    if progress["annotations"] != counted:
        faults.append(f"annotations: counted {progress['annotations']}, there are {counted}")
    shown = {row["id"]: row["annotations"] for row in owner.call("GET", f"/api/projects/{project}/people")["people"]}
    for person in people:
        mine = sum(a["completed_by"] == person.id for row in rows for a in row["annotations"] if not a.get("discarded"))
        if not person.paused and shown.get(person.id) != mine:
            faults.append(f"{person.name}: counted {shown.get(person.id)}, there are {mine}")
    return faults


def _consensus_right(rows: list[dict[str, Any]]) -> float:
    """Share of the tasks whose consensus is the truth."""
    asked = [row for row in rows if not _is_known(row)]
    right = sum(_label(row.get("consensus") or {}) == truth(row["data"]["text"]) for row in asked)
    return right / len(asked)


def _right(person: Person) -> float:
    said = [person.said[task] == truth(text) for task, text in person.texts.items()]
    return sum(said) / len(said) if said else 0.0


def _report(server: Server, project: int) -> Mapping[str, Any]:
    """A report that has seen everything: one that was made after the last change."""
    for _ in range(400):
        said = _get(server, f"/api/projects/{project}/report")
        if said["report"] and not said["job"]:
            report: Mapping[str, Any] = said["report"]
            return report
        time.sleep(0.3)
    raise AssertionError("no report was made")


def environment_of(aws: Ministack) -> dict[str, str]:
    """Variables of a server on a table, bucket and queue of its own."""
    made = aws.resources("crowd")
    return {
        **aws.environment(),
        "LABELKITE_TABLE": made["table"],
        "LABELKITE_BUCKET": made["bucket"],
        "LABELKITE_QUEUE": made["queue"],
    }
