"""The job that makes a project of a project file: first the whole file is checked, then its lines become rows.

The project is there from the start, without tasks and closed (`restoring`), so that nobody meets half of it. A block of
tasks takes its ids, writes its rows under them, and says in one transaction how far it came: a run that was cut off
writes the same rows once more.
"""

from __future__ import annotations

import base64
import binascii
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from chalicelib import configs, gold, jobs, keys, listing, orders, project_file, project_ids, versions
from chalicelib.annotation import is_number
from chalicelib.ids import Kind
from chalicelib.jobs import Work
from chalicelib.problems import Refusal
from chalicelib.project_file import Place, damaged
from chalicelib.project_pack import OF_INSTALLATION
from chalicelib.storage.ports import Add, Conflict, Delete, Operation, Put
from chalicelib.task_blocks import PER_CHUNK
from chalicelib.tasks import State, settle, untouched
from chalicelib.times import iso
from chalicelib.world import World

JOB = "project-restore"
STEP_S = 1.0
BLOCK = 200
BLOCK_BYTES = 4 << 20
MOST_GAP = 1_000_000
"""Numbers of deleted tasks in a row."""
MOST_PEOPLE = 20_000
TRANSACTION = 25
LOADED = 1000
OWN = ("id", "hooks", "created_by", "restoring", "restored_by")
"""Members of its row that the new project keeps."""
LATE = "Delete this project, which has a part of the file, and download or copy the file once more."
"""The hint of what shows only while the lines become rows."""
ROLES = ("manager", "reviewer", "annotator", "viewer")
"""Roles that people of a file may have here: an owner is made by the owners of this server only."""
_Body = Mapping[str, Any]


def step(work: Work) -> bool:
    """
    Asked: `key` of the file's object; `same_people`: it is a copy made here, whose people are these (old number to id).
    Cursor: `phase`, `offset` and `skip` (the place in the file), `digest` and `lines` while it is checked; then
    `people` (number to id), `inner` (the last task's number), `took` (ids of the block that is being written), `made`
    (how much work of each person counts, by id).
    """
    world, cursor = work.world, work.cursor
    record = world.records.get(*keys.project(work.project))
    if record is None or record.body.get("deleted_at"):
        world.objects.delete(work.asked["key"])  # of a copy it lies with the project that was copied, and stays there
        return True
    if not record.body.get("restoring"):  # a run before this one has come to the end
        world.objects.delete(work.asked["key"])
        return True

    def stream(start: int) -> Iterable[bytes]:
        return world.objects.stream(work.asked["key"], start=start)

    place = Place(cursor.get("offset", 0), cursor.get("skip", 0))
    try:
        if cursor.get("phase", "check") == "check":
            _check(work, stream, place)
            return False
        return _late(work, stream, place)
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        raise damaged(f"a line of it is not as Labelkite writes it ({type(error).__name__})", LATE) from error


def _late(work: Work, stream: Callable[[int], Iterable[bytes]], place: Place) -> bool:
    """`_write`, and what is due where it breaks off."""
    try:
        return _write(work, stream, place)
    except Exception as error:
        record = work.world.records.get(*keys.project(work.project))
        if record is None or record.body.get("deleted_at"):
            _purge_again(work)
        if isinstance(error, Refusal):
            for told in error.problems:
                if told["code"] == "project-file-damaged":
                    told["hint"] = LATE
        raise


def _purge_again(work: Work) -> None:
    """The project was deleted while this run wrote, maybe behind the job that clears it away: it comes once more."""
    people = work.cursor.get("people", {}).values()  # it finds what is theirs by the list of members
    work.world.records.load([Put(*keys.member(work.project, id_), {"person": id_}) for id_ in people])
    jobs.start(work.world, "purge", work.project, work.body["created_by"])


def _half(work: Work, at: int) -> int:
    """Progress is in bytes: each is read twice."""
    info = work.world.objects.head(work.asked["key"])
    return min(at, info.size if info is not None else at)


def _check(work: Work, stream: Callable[[int], Iterable[bytes]], place: Place) -> None:
    """Part of the first reading: whether all lines are there, as they were written."""
    cursor, until = work.cursor, time.monotonic() + STEP_S
    digest, count = cursor.get("digest", project_file.START), cursor.get("lines", 0)
    if not count:
        project_file.header(stream)
    for read in project_file.lines(stream, place):
        if read.data.startswith(b'{"end":'):
            end = read.line["end"]
            if end.get("sha256") != digest or end.get("lines") != count:
                raise damaged("its content is not what was written")
            work.save({"phase": "write"}, done=_half(work, read.behind.offset))
            return None
        digest, count, place = project_file.chained(digest, read.data), count + 1, read.behind
        if time.monotonic() >= until:
            at = {"phase": "check", "offset": place.offset, "skip": place.skip, "digest": digest, "lines": count}
            return work.save(at, done=_half(work, place.offset))
    raise damaged("it ends in the middle")


def _write(work: Work, stream: Callable[[int], Iterable[bytes]], place: Place) -> bool:
    """Part of the second reading; whether the project is whole."""
    until = time.monotonic() + STEP_S
    size = _half(work, 1 << 62)
    rows = project_file.lines(stream, place)
    held: list[_Body] = []
    weight = 0
    media = _Media(work)
    for read in rows:
        said = read.line
        kind, body = next(iter(said.items()))
        if kind == "task":
            held.append(said)
            weight, place = weight + len(read.data), read.behind
            if len(held) >= BLOCK or weight >= BLOCK_BYTES:
                _block(work, held, read.behind, done=size + _half(work, read.behind.offset))
                held, weight = [], 0
                if time.monotonic() >= until:
                    return False
            continue
        if held:
            _block(work, held, place, done=size + _half(work, place.offset))
            held, weight = [], 0
        if kind == "media":
            media.take(body, rows)
            place = media.behind or read.behind
        elif kind == "end":
            _open(work)
            return True
        else:
            _one(work, kind, said, read.behind)
            place = read.behind
        if time.monotonic() >= until:
            work.save(
                {**work.cursor, "offset": place.offset, "skip": place.skip}, done=size + _half(work, place.offset)
            )
            return False
    raise damaged("it ends in the middle")


def _one(work: Work, kind: str, said: Mapping[str, Any], behind: Place) -> None:
    """A line that is no task: what it says, and the place behind it."""
    world, project_id, cursor = work.world, work.project, work.cursor
    then = {**cursor, "offset": behind.offset, "skip": behind.skip}
    people = {int(number): id_ for number, id_ in cursor.get("people", {}).items()}
    body = said[kind]
    operations: list[Operation] = []
    if kind == "labelkite_project":
        then |= {"people": {}, "inner": 0, "last": int(said["last_task"])}
    elif kind == "config":
        operations.append(Put(*keys.config(project_id, int(body["version"])), _config(body)))
    elif kind == "person":
        operations += _person(work, body, people)
        then["people"] = {str(number): id_ for number, id_ in people.items()}
    elif kind == "project":
        record = world.records.get(*keys.project(project_id))
        assert record is not None
        row = _settings(work, body, people) | {name: record.body[name] for name in OWN if name in record.body}
        operations.append(Put(record.pk, record.sk, row, expect=record.version))
    elif kind == "standing":
        person = people[body["person"]]
        row = {**body, "person": person, "project": project_id}
        operations.append(Put(*keys.standing(project_id, person), row))
    elif kind == "days":
        puts = [Put(*keys.day_count(project_id, people[body["person"]], str(day)), dict(n)) for day, n in body["days"]]
        world.records.load(puts)
    else:
        raise damaged(f"it has a line of a kind that is not known here ({kind[:20]})")
    work.save(then, operations)


def _settings(work: Work, body: _Body, people: Mapping[int, int]) -> dict[str, Any]:
    """
    The members of the project's row, checked as those of a request.

    Raises:
        Refusal: 400 for settings that a project cannot have.
    """
    from chalicelib import models

    row = {name: value for name, value in body.items() if name not in OF_INSTALLATION}
    row["title"] = work.asked.get("title") or row["title"]
    models.read("NewProject", {**row, "label_config": ""})
    return project_ids.with_people(row, people)


def _config(body: _Body) -> dict[str, Any]:
    """The config compiled here: the plan of a file is not trusted, and has not come along."""
    plan = configs.compile_or_refuse(body["label_config"])
    known = ("changed_from", "same_as", "mapping", "note", "by")
    history = {name: body[name] for name in known if name in body}
    return configs.record_body(int(body["version"]), body["label_config"], plan, str(body["created_at"]), **history)


def _person(work: Work, body: _Body, people: dict[int, int]) -> list[Operation]:
    """Somebody of the file: a new person here, who cannot sign in until they are sent a link, or the same one again."""
    if len(people) >= MOST_PEOPLE:
        raise damaged(f"it names more than {MOST_PEOPLE:,} people")
    world, number, name = work.world, int(body["id"]), str(body["name"])[:200]
    same = work.asked.get("same_people") or {}
    operations: list[Operation] = []
    id_ = same.get(str(number))
    if id_ is None:
        id_ = world.ids.one("person")
        profile = {"id": id_, "name": name, "role": "annotator", "created_at": iso(world.clock())}
        operations.append(Put(*keys.person(id_), profile, expect=0))
    people[number] = id_
    if body.get("member") and not same:
        role = body["role"] if body.get("role") in ROLES else "manager" if body.get("role") == "owner" else "viewer"
        row = {"person": id_, "name": name, "role": role, "project": work.project, "invite": 0}
        row |= {key: body[key] for key in ("groups", "joined_at") if key in body}
        row.setdefault("joined_at", iso(world.clock()))
        operations += [Put(*keys.membership(id_, work.project), row), Put(*keys.member(work.project, id_), row)]
    elif body.get("member"):
        record = world.records.get(*keys.member(int(work.asked["from"]), id_))
        if record is not None:
            row = {**record.body, "project": work.project, "invite": 0}
            operations += [Put(*keys.membership(id_, work.project), row), Put(*keys.member(work.project, id_), row)]
    return operations


def _block(work: Work, lines: Sequence[_Body], behind: Place, *, done: int) -> None:
    """Tasks with all that belongs to them."""
    world, project_id, cursor = work.world, work.project, work.cursor
    before, last = cursor["inner"], int(lines[-1]["task"]["inner_id"])
    inners = [int(line["task"]["inner_id"]) for line in lines]
    if inners != sorted(set(inners)) or inners[0] <= before or last - before > MOST_GAP + len(lines):
        raise damaged("its tasks are not in their order")
    wanted: dict[Kind, int] = {
        "task": last - before,
        "annotation": sum(len(line.get("annotations", ())) for line in lines),
        "comment": sum(len(line.get("comments", ())) for line in lines),
        "prediction": sum(len(line.get("predictions", ())) for line in lines),
    }
    took = cursor.get("took")
    if took is None:
        took = {kind: world.ids.several(kind, n)[0] if n else 0 for kind, n in wanted.items()}
        work.save({**cursor, "took": took})
    record = world.records.get(*keys.project(project_id))
    assert record is not None
    project = record.body
    people = {int(number): id_ for number, id_ in cursor["people"].items()}
    _list(world, project_id, before, last, took["task"])
    counts = {"new": len(lines)}
    at = dict(took)
    hidden: list[Put] = []
    states: list[tuple[_Body, _Body]] = []
    for line in lines:
        taken = {}
        for kind, rows in (("annotation", "annotations"), ("comment", "comments"), ("prediction", "predictions")):
            n = len(line.get(rows, ()))
            taken[kind], at[kind] = range(at[kind], at[kind] + n), at[kind] + n
        task_id = took["task"] + int(line["task"]["inner_id"]) - before - 1
        made, touched = _task(project, line, task_id, people, taken)
        hidden += made
        states += [touched] if touched is not None else []
    for start in range(0, len(hidden), LOADED):
        world.records.load(hidden[start : start + LOADED])
    for task, said in states:
        _state(world, project, task, said)
    result = {"tasks": (work.body["result"] or {}).get("tasks", 0) + len(lines)}
    work_of: Counter[str] = Counter(cursor.get("made", {}))
    for _, said in states:
        entries = said["state"]["annotations"]
        work_of.update(str(entry["person"]) for entry in entries if entry.get("at") and _counts(entry))
    then = {**cursor, "inner": last, "offset": behind.offset, "skip": behind.skip, "made": dict(work_of)}
    then.pop("took", None)
    work.save(then, [Add(*keys.counts(project_id, took["task"]), counts)], done=done, result=result)


def _counts(entry: _Body) -> bool:
    return not entry["cancelled"] and not entry.get("discarded")


def _list(world: World, project_id: int, before: int, last: int, first_id: int) -> None:
    """The rows of the list, by which whoever deletes the project finds its tasks; also of numbers that are free."""
    rows = []
    for start in range(before + 1, last + 1, PER_CHUNK):
        end = min(start + PER_CHUNK - 1, last)
        ids = list(range(first_id + start - before - 1, first_id + end - before))
        rows.append(Put(*keys.chunk(project_id, end), {"tasks": ids}))
    for n in range(0, len(rows), 1000):
        world.records.load(rows[n : n + 1000])


def _task(
    project: _Body, line: _Body, task_id: int, people: Mapping[int, int], taken: Mapping[str, range]
) -> tuple[list[Put], tuple[_Body, _Body] | None]:
    """The rows of a task that need no transaction; where somebody has touched it, the task and its line."""
    project_id = project["id"]
    maps = [dict(enumerate(taken[kind], 1)) for kind in ("annotation", "comment", "prediction")]
    ids = project_ids.Ids(task_id, project_id, people, *maps)
    made = project_ids.mapped(line, ids, (project_ids.UPLOAD, f"/data/upload/{project_id}/"))
    task = made["task"] | {"project": project_id, "inner_id": int(line["task"]["inner_id"])}
    if not isinstance(task["data"], dict):
        raise damaged(f"task {task['inner_id']} has no data")
    said = made.get("state") or {}
    scores = [row.get("score") for row in made.get("predictions", ())]
    ranks = orders.ranks_of({"priority": (said.get("ranks") or {}).get("priority", task.get("priority"))}, scores)
    position, lane = orders.position(project, task_id, task["inner_id"], ranks), orders.lane(project, task["data"])
    task |= {name: text for name, text in (("lane", lane), ("position", position)) if text}
    rows = [Put(*keys.task(task_id), task)]
    rows += [
        Put(*keys.annotation(body["id"], int(body["version"])), body) for v in made.get("annotations", ()) for body in v
    ]
    for row in made.get("predictions", ()):
        rows.append(Put(*keys.prediction(task_id, row["id"]), row))
        rows.append(Put(*keys.prediction_place(row["id"]), {"task": task_id, "project": project_id}))
    for row in made.get("comments", ()):
        rows.append(Put(*keys.comment(task_id, row["id"]), row))
        rows.append(Put(*keys.comment_place(row["id"]), {"task": task_id, "project": project_id}))
    for row in made.get("drafts", ()):
        rows.append(Put(*keys.draft(task_id, row["person"]), {**row, "state": 1}))
    for row in made.get("decisions", ()):
        sk = str(row.pop("sk"))
        if not sk.startswith("DECISION#") or len(sk) > 100:
            raise damaged("a decision in it has no place")
        rows.append(Put(f"TASK#{task_id}", sk, row))
    if "consensus" in made:
        rows.append(Put(*keys.consensus(task_id), made["consensus"]))
    if "goldcount" in made:
        rows.append(Put(*keys.known_answer_count(task_id), made["goldcount"]))
    open_task = keys.open_task(project_id, task["inner_id"], lane, position)
    rows.append(Put(*open_task, listing.open_body(task_id, task["inner_id"])))
    return rows, (task, made) if "state" in made else None


def _state(world: World, project: _Body, task: _Body, made: _Body) -> None:
    """The state row and what follows from it, in one transaction, as any change of a task."""
    said = made["state"]
    before = untouched(task["id"], project["id"], task["inner_id"], task)
    entries = [{**entry, "keys": {}} for entry in said["annotations"]]
    ranks = {name: float(value) for name, value in (said.get("ranks") or {}).items() if is_number(value)}
    after = State(
        **{
            **{name: value for name, value in said.items() if name not in ("task", "project", "inner")},
            "annotations": entries, "task": before.task, "project": before.project, "inner": before.inner,
            "lane": before.lane, "position": before.position, "leases": [], "listed_open": True, "ranks": ranks,
        }
    )  # fmt: skip
    operations = settle(before, after, project, world.now_ms())
    operations += [
        Put(*keys.later(project["id"], row["person"], row["at"], task["id"]), {"task": task["id"]})
        for row in after.later
    ]
    if "gold" in made:
        known = made["gold"]
        answer = {"id": known["annotation"], "version": known["version"]}
        operations += gold.listing(task, known["kind"], answer, str(known.get("remark", "")), int(known["at"]))
    config = configs.load(world, project["id"], project["config_version"])
    newest = {body["id"]: body for body in (v[-1] for v in made["annotations"])}
    for entry in entries:
        if entry.get("at"):
            place = keys.finished(entry["person"], project["id"], entry["at"], task["id"])
            operations.append(Put(*place, versions.listing(config, task, newest[entry["id"]])))
    ordered = _merged(operations)
    try:
        world.records.transact(ordered[:TRANSACTION])
    except Conflict:  # a run before this one has come so far; this one has loaded its rows again
        if gone := [operation for operation in ordered if isinstance(operation, Delete)]:
            world.records.transact(gone)
    world.records.load([operation for operation in ordered[TRANSACTION:] if isinstance(operation, Put)])


def _merged(operations: Sequence[Operation]) -> list[Operation]:
    """
    Each record at most once, what is added to one counter as one addition. The state row comes first, then what may not
    be done twice; what is last are rows that may be written for themselves. However many people have answered the task,
    only these become more: what counts as their work is summed over the blocks.
    """
    adds: dict[keys.Key, dict[str, int]] = {}
    rest: dict[keys.Key, Operation] = {}
    for operation in operations:
        if isinstance(operation, Add):
            by = adds.setdefault((operation.pk, operation.sk), {})
            for name, n in operation.by.items():
                by[name] = by.get(name, 0) + n
        else:
            rest[operation.pk, operation.sk] = operation
    counted = [Add(*place, by) for place, by in adds.items()]
    state = [one for one in rest.values() if one.sk == "STATE"]
    deleted = [one for one in rest.values() if isinstance(one, Delete)]
    return [*state, *counted, *deleted, *(one for one in rest.values() if one not in state and one not in deleted)]


class _Media:
    """Uploaded files of the lines, whole ones at a time."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self.behind: Place | None = None

    def take(self, body: _Body, rows: Iterator[project_file.Read]) -> None:
        """The file that begins with this line."""
        self.behind = None
        name, size = str(body["name"]), int(body["size"])
        if body["piece"] != 0 or name in ("", ".", "..") or "/" in name or len(name) > 300:
            raise damaged("an uploaded file in it has no name, or no beginning")
        kind = str(body["type"])[:200] or "application/octet-stream"
        pieces = self._pieces(body, size, rows)
        self._work.world.objects.put_stream(f"uploads/{self._work.project}/{name}", pieces, content_type=kind)

    def _pieces(self, first: _Body, size: int, rows: Iterator[project_file.Read]) -> Iterator[bytes]:
        body, number, came = first, 0, 0
        while True:
            if body["piece"] != number or body["name"] != first["name"]:
                raise damaged("a piece of an uploaded file is missing")
            try:
                data = base64.b64decode(body["data"], validate=True)
            except (binascii.Error, ValueError):
                raise damaged("an uploaded file in it cannot be read") from None
            came, number = came + len(data), number + 1
            if came > size:
                raise damaged("an uploaded file in it is longer than it says")
            yield data
            if came == size:
                return
            read = next(rows, None)
            if read is None or "media" not in (said := read.line):
                raise damaged("a piece of an uploaded file is missing")
            body, self.behind = said["media"], read.behind


def _open(work: Work) -> None:
    """Everything is there: the project is one as any other."""
    world, cursor = work.world, work.cursor
    record = world.records.get(*keys.project(work.project))
    serial = world.records.get(*keys.serial(work.project))
    assert record is not None
    assert serial is not None
    if world.records.get(*keys.config(work.project, record.body["config_version"])) is None:
        raise damaged("the config that it goes by is missing")
    row = {name: value for name, value in record.body.items() if name not in ("restoring", "restored_by")}
    inner = max(int(cursor["inner"]), int(cursor["last"]))
    if inner > cursor["inner"]:  # the last tasks were deleted: their numbers are not given to others
        if inner - cursor["inner"] > MOST_GAP:
            raise damaged("its tasks are not in their order")
        _list(world, work.project, cursor["inner"], inner, world.ids.several("task", inner - cursor["inner"])[0])
    made = [
        Put(*keys.work_count(work.project, int(id_)), {"annotations": n}) for id_, n in cursor.get("made", {}).items()
    ]
    for start in range(0, len(made), LOADED):
        world.records.load(made[start : start + LOADED])
    work.save(
        cursor,
        [
            Put(record.pk, record.sk, row, expect=record.version),
            Put(serial.pk, serial.sk, {**serial.body, "inner": inner}, expect=serial.version),
            Delete(*keys.config(work.project, 0)),
        ],
        result={"project": work.project, "tasks": (work.body["result"] or {}).get("tasks", 0)},
    )
    world.objects.delete(work.asked["key"])
