"""The job that writes a project file: settings, configs, people, tasks with all that belongs to them, uploaded media.

Ids in the file are its own: people and, within a task, annotations, comments and predictions are numbered as they come,
and a task has its number in the project. So two installations with the same project write the same file.

Left out are what only this installation can use or nobody else should have: links, tokens, webhooks and their secrets,
sources, mail addresses, sessions, the audit log, and what is derived from the rest.
"""

from __future__ import annotations

import base64
import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from chalicelib import jobs, keys, unfinished
from chalicelib.jobs import Stopped, Work
from chalicelib.project_file import MIME, SUFFIX, VERSION, Line, Part
from chalicelib.project_ids import named_in, numbered, with_people
from chalicelib.storage.ports import NotFound, Put, Record
from chalicelib.storage.walk import every
from chalicelib.tasks import read_state
from chalicelib.times import iso
from chalicelib.world import World

JOB = "project-file"
CHUNKS = 40
"""Rows of the list of tasks that one part looks at."""
PART_BYTES = 8 << 20
MEDIA_PIECE = 3 << 20
MEDIA_PER_STEP = 20
OF_INSTALLATION = ("id", "deleted_at", "hooks", "queue_epoch", "created_by", "archived_at", "restoring", "restored_by")
"""Members of a project's row that mean nothing elsewhere, or follow from the rest."""
OF_STATE = (
    "listed_open", "listed_returned", "listed_for", "listed_review", "leases", "project", "task", "inner", "lane",
    "position",
)  # fmt: skip
OF_STANDING = ("person", "project", "places", "passed", "repeat_place", "open", "busy", "job")
"""Of how a person stands: where they are in lists that are made anew, and what is under way."""
ROWS = ("PREDICTION#", "COMMENT#", "DECISION#", "DRAFT#")


def step(work: Work) -> bool:
    """
    A part of the file. Asked: `media`, whether uploaded files come along; `filename`. Cursor: `phase`, `after` in its
    list, `parts` made so far by their tokens (new at each try: a run that was left behind writes beside what counts,
    never over it), `digest` and `lines` of the file, `people`: ids of those who were named, `tasks` so far.
    """
    world, cursor = work.world, work.cursor
    record = world.records.get(*keys.project(work.project))
    if record is None or record.body.get("deleted_at"):
        return True
    if cursor.get("whole"):
        return _clear(work)
    phase = cursor.get("phase", "head")
    part = Part(**{name: cursor[name] for name in ("digest", "lines") if name in cursor})
    people = People(world, part, cursor.get("people", ()))
    then: dict[str, Any] = {**cursor, "phase": phase}
    done = work.body["progress"]["done"]
    if phase == "head":
        _head(world, record.body, part, people, with_media=bool(work.asked.get("media")))
        then |= {"phase": "tasks", "after": None, "tasks": 0}
    elif phase == "tasks":
        count, after, is_last = _tasks(world, work.project, cursor.get("after"), part, people)
        done += count
        then |= {"after": after, "tasks": cursor["tasks"] + count}
        if is_last:
            then |= {"phase": "media" if work.asked.get("media") else "end", "after": None}
    elif phase == "media":
        after, inside, is_last = _media(world, work.project, cursor.get("after"), cursor.get("inside"), part)
        then |= {"after": after, "inside": inside} | ({"phase": "end"} if is_last else {})
    else:
        part.end(tasks=cursor["tasks"])
    parts: list[str] = list(cursor.get("parts", ()))
    if part.text:
        parts.append(secrets.token_hex(4))
        world.objects.put(_key(work, parts), part.packed(), content_type=MIME)
    then |= {"parts": parts, "digest": part.digest, "lines": part.lines, "people": people.listed()}
    try:
        return _go_on(work, phase, then, done)
    except Stopped:
        if part.text:
            world.objects.delete(_key(work, parts))
        raise


def _go_on(work: Work, phase: str, then: dict[str, Any], done: int) -> bool:
    """Save how far the file is; behind its last part, join them."""
    world, parts = work.world, then["parts"]
    if phase != "end":
        work.save(then, done=done)
        return False
    handed = work.asked.get("then")
    target = world.records.get(*keys.project(handed["project"])) if handed is not None else None
    if handed is not None and (target is None or target.body.get("deleted_at")):  # nobody wants the copy any more
        work.save({**then, "whole": True}, done=done)
        return _clear(work)
    whole = f"exports/{work.project}/project-{work.id}-{secrets.token_hex(4)}{SUFFIX}"
    pieces = (piece for n in range(len(parts)) for piece in world.objects.stream(_key(work, parts[: n + 1])))
    world.objects.put_stream(whole, pieces, content_type=MIME)
    try:
        _hand_over(work, whole, target, then, done)
    except Stopped:
        world.objects.delete(whole)
        raise
    return _clear(work)


def _hand_over(work: Work, whole: str, target: Record | None, then: dict[str, Any], done: int) -> None:
    """The file is there: whoever asked hears of it, or the project that is to be a copy is filled from it."""
    world = work.world
    if target is not None:  # a copy: the file is read at once, and not kept
        handed = work.asked["then"]
        number_of = {str(number): id_ for number, id_ in enumerate(then["people"], 1)}
        asked = {"key": whole, "same_people": number_of, "from": work.project, "title": handed["title"]}
        job, rows = jobs.prepared(
            world, "project-restore", handed["project"], work.body["created_by"], asked, unit="bytes"
        )
        row = {**target.body, "restored_by": job["id"]}
        rows.append(Put(target.pk, target.sk, row, expect=target.version))
        work.save({**then, "whole": True}, rows, done=done, result={"project": handed["project"]})
        jobs.go(world, job)
        return
    result = {"key": whole, "filename": work.asked["filename"], "tasks": then["tasks"]}
    work.save({**then, "whole": True}, done=done, result=result)


def _key(work: Work, parts: Sequence[str]) -> str:
    """Of the last of these parts."""
    return f"exports/{work.project}/project-{work.id}.part-{len(parts) - 1:06d}-{parts[-1]}"


def _clear(work: Work) -> bool:
    parts = work.cursor.get("parts", ())
    for n in range(len(parts)):
        work.world.objects.delete(_key(work, parts[: n + 1]))
    return True


class People:
    """The people of the file by number, each with a line before they are named elsewhere: a name, nothing else."""

    def __init__(self, world: World, part: Part, known: Iterable[int]) -> None:
        self._world, self._part = world, part
        self.numbers = {id_: number for number, id_ in enumerate(known, 1)}

    def listed(self) -> list[int]:
        return list(self.numbers)

    def name(self, ids: Iterable[Any]) -> None:
        new = sorted({id_ for id_ in ids if isinstance(id_, int) and id_ > 0} - self.numbers.keys())
        for start in range(0, len(new), 100):
            found = self._world.records.get_many([keys.person(id_) for id_ in new[start : start + 100]])
            for id_ in new[start : start + 100]:
                record = found.get(keys.person(id_))
                self.add(id_, {"name": record.body["name"] if record else f"Person {id_}"})

    def add(self, id_: int, said: Line) -> None:
        self.numbers[id_] = len(self.numbers) + 1
        self._part.add({"person": {"id": self.numbers[id_], **said}})


def _head(world: World, project: Mapping[str, Any], part: Part, people: People, *, with_media: bool) -> None:
    serial = world.records.get(*keys.serial(project["id"]))
    inner = serial.body["inner"] if serial is not None else 0
    made = {"title": project["title"], "media": with_media, "made_at": iso(world.clock()), "last_task": inner}
    part.add({"labelkite_project": VERSION, **made})
    for record in every(world.records, f"PROJECT#{project['id']}", "CONFIG#"):
        if not record.body["version"]:
            continue  # of a project that is being restored
        part.add({"config": {name: value for name, value in record.body.items() if name != "plan"}})
    for record in every(world.records, f"MEMBERS#{project['id']}", "PERSON#"):
        row = record.body
        member = {name: row[name] for name in ("name", "role", "groups", "joined_at") if name in row}
        people.add(row["person"], {**member, "member": True})
    standings = {r.body["person"]: r.body for r in every(world.records, f"MEMBERS#{project['id']}", "QUALITY#")}
    days: dict[int, list[list[Any]]] = {}
    for record in every(world.records, keys.day_counts(project["id"])):
        person, _, day = record.sk.partition("#")
        days.setdefault(int(person), []).append([day, dict(record.body)])
    named = [id_ for group in ("queue", "review") for id_ in (project.get(group) or {}).get("people") or ()]
    people.name([*named, *standings, *days])
    row = {name: value for name, value in project.items() if name not in OF_INSTALLATION}
    part.add({"project": with_people(row, people.numbers)})
    for id_, row in standings.items():
        kept = {name: value for name, value in row.items() if name not in OF_STANDING}
        part.add({"standing": {**kept, "person": people.numbers[id_]}})
    for id_, rows in days.items():
        part.add({"days": {"person": people.numbers[id_], "days": rows}})


def _tasks(
    world: World, project_id: int, after: str | None, part: Part, people: People
) -> tuple[int, str | None, bool]:
    """Tasks of some rows of the list; how many, the last row, whether it was the last of all."""
    page = world.records.query(f"TASKS#{project_id}", after=after, limit=CHUNKS)
    count = 0
    for chunk in page.records:
        for line in _of_chunk(world, chunk.body["tasks"], people):
            part.add(line)
            count += 1
        after = chunk.sk
        if len(part.text) > PART_BYTES:
            break
    is_last = page.cursor is None and (not page.records or after == page.records[-1].sk)
    return count, after, is_last


def _of_chunk(world: World, ids: Sequence[int], people: People) -> Iterator[Line]:
    for start in range(0, len(ids), 50):
        part = ids[start : start + 50]
        found = world.records.get_many([key for id_ in part for key in (keys.task(id_), keys.state(id_))])
        for id_ in part:
            task = found.get(keys.task(id_))
            if task is not None:
                line = _line(world, task.body, found.get(keys.state(id_)))
                people.name(named_in(line))
                yield numbered(line, task.body["project"], people.numbers)


def _line(world: World, task: Mapping[str, Any], record: Record | None) -> Line:
    """A task and all rows that belong to it, which is one line of the file; ids are as stored."""
    said: dict[str, Any] = {"task": {k: v for k, v in task.items() if k not in ("project", "lane", "position")}}
    state = read_state(task, record)
    rows: dict[str, list[Mapping[str, Any]]] = {}
    for found in every(world.records, f"TASK#{task['id']}"):
        kind = found.sk.partition("#")[0].lower()
        if kind == "draft" and unfinished.current(found, state) is None:
            continue
        if found.sk.startswith("DECISION#"):
            rows.setdefault(kind, []).append({"sk": found.sk, **found.body})
        elif found.sk.startswith(ROWS):
            rows.setdefault(kind, []).append(found.body)
        elif found.sk in ("CONSENSUS", "GOLD", "GOLDCOUNT"):
            said[kind] = dict(found.body)
    said |= {f"{kind}s": rows[kind] for kind in sorted(rows)}
    if record is not None:
        said["state"] = {name: value for name, value in state.body().items() if name not in OF_STATE}
        said["annotations"] = [_versions(world, entry["id"], entry["version"]) for entry in state.annotations]
    return said


def _versions(world: World, annotation_id: int, last: int) -> list[Mapping[str, Any]]:
    """Oldest first, to the one that the state row names: a newer one came since that was read."""
    found = every(world.records, keys.versions(annotation_id), "VERSION#")
    return [record.body for record in found if record.body["version"] <= last]


def _media(
    world: World, project_id: int, after: str | None, inside: list[Any] | None, part: Part
) -> tuple[str | None, list[Any] | None, bool]:
    """
    Some of the uploaded files, each in pieces.

    Returns:
        The key of the last whole file; of one that this part ends in `[key, bytes, pieces]`; whether it was all.
    """
    found, more = world.objects.list(f"uploads/{project_id}/", after=after, limit=MEDIA_PER_STEP)
    for info in found:
        at, number = inside[1:] if inside is not None and inside[0] == info.key else (0, 0)
        head = world.objects.head(info.key)
        said = {"name": info.key.split("/", 2)[2], "type": head.content_type if head else "", "size": info.size}
        try:
            for piece in _pieces(world.objects.stream(info.key, start=at) if info.size > at else iter(())):
                part.add({"media": {**said, "piece": number, "data": base64.b64encode(piece).decode()}})
                at, number = at + len(piece), number + 1
                if len(part.text) > PART_BYTES and at < info.size:
                    return after, [info.key, at, number], False
        except NotFound:
            continue  # deleted at this moment
        if not number:
            part.add({"media": {**said, "piece": 0, "data": ""}})
        after, inside = info.key, None
        if len(part.text) > PART_BYTES:
            break
    return after, None, more is None and (not found or after == found[-1].key)


def _pieces(stream: Iterator[bytes]) -> Iterator[bytes]:
    held, size = bytearray(), MEDIA_PIECE
    for piece in stream:
        held += piece
        while len(held) >= size:
            yield bytes(held[:size])
            del held[:size]
    if held:
        yield bytes(held)
