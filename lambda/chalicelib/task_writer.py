"""Writing imported tasks: a few in each transaction, in order, and on from where an import was cut off."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from chalicelib import auth, consensus, gold, keys, listing, orders, review_index, reviews
from chalicelib.annotation import entry_of, is_number, new_annotation, validate
from chalicelib.auth import Caller
from chalicelib.configs import Config
from chalicelib.problems import Problem, problem, refuse
from chalicelib.storage.ports import ABSENT, Add, Conflict, Operation, Put
from chalicelib.tasks import State, name_of, wanted_by
from chalicelib.times import iso
from chalicelib.world import World

MAX_REFUSED = 200
ONCE_S = 7 * 24 * 3600
OPERATIONS = 25
TRIES = 64


class Once:
    """The row that remembers an import by its idempotency key, and how far it came."""

    def __init__(self, world: World, caller: Caller, key: str, sha: str) -> None:
        self.key = keys.once(caller.person, f"import#{key}") if key else None
        self.world = world
        self.version = ABSENT
        self.body: dict[str, Any] = {
            "sha": sha,
            "written": 0,
            "ranges": [],
            "annotations": 0,
            "predictions": 0,
            "answer": None,
        }
        record = world.records.get(*self.key) if self.key else None
        if record is not None:
            if record.body["sha"] != sha:
                raise refuse(
                    409,
                    "key-reused",
                    "This Idempotency-Key was used for another import.",
                    hint="Use a new key for a new import.",
                )
            self.body, self.version = dict(record.body), record.version

    @property
    def answer(self) -> dict[str, Any] | None:
        """What the import was answered with, if it was done before."""
        done: dict[str, Any] | None = self.body["answer"]
        return done

    def operation(self, body: dict[str, Any]) -> list[Operation]:
        if self.key is None:
            return []
        return [Put(*self.key, body, expect=self.version, expires_at=int(self.world.clock()) + ONCE_S)]


class TaskWriter:
    """Collects tasks until a transaction is full, then writes them with their place in the project's order."""

    def __init__(
        self, world: World, caller: Caller, project: Mapping[str, Any], config: Config, once: Once, ground_truth: bool
    ) -> None:
        auth.require_whole(project)  # its file brings its tasks with their numbers
        self.world, self.caller, self.project, self.config, self.once = world, caller, project, config, once
        self.ground_truth = ground_truth
        self.now = iso(world.clock())
        self.skip: int = once.body["written"]  # done before the import was cut off
        self.pending: list[PendingTask] = []
        self.room = self.free = OPERATIONS - 3 - (1 if once.key else 0)  # serial, chunk, counters, once

    def add(self, given: dict[str, Any], where: str) -> list[Problem] | None:
        """Problems: the task is refused as a whole."""
        faults = self._check(given, where)
        if faults:
            return faults
        if self.skip:
            self.skip -= 1
            return None
        task = PendingTask(given)
        if task.size > self.free and self.pending:
            self.flush()
        self.free -= task.size
        self.pending.append(task)
        return None

    @property
    def ids(self) -> Iterator[int]:
        """Of the tasks that were written."""
        return (id_ for first, last in self.once.body["ranges"] for id_ in range(first, last + 1))

    def _check(self, given: dict[str, Any], where: str) -> list[Problem]:
        if not isinstance(given.get("data"), dict):
            return [problem("bad-task", "data must be an object.", where=where)]
        faults: list[Problem] = []
        for kind in ("annotations", "predictions", "drafts"):
            for n, one in enumerate(given.get(kind) or ()):
                here = f"{where}, {kind[:-1]} {n + 1}"
                if not isinstance(one, dict) or not isinstance(one.get("result"), list):
                    faults.append(problem("no-result", "It needs a list `result`.", where=here))
                else:
                    found = validate(self.config, one["result"], given["data"], lenient=True)
                    faults += [{**p, "where": f"{here}, {p['where']}" if p["where"] else here} for p in found]
        return faults

    def flush(self) -> None:
        if not self.pending:
            return
        ids = self.world.ids.several("task", len(self.pending))
        for _ in range(TRIES):
            try:
                self._write(ids)
                break
            except Conflict as conflict:
                if conflict.sk != "SERIAL":
                    raise  # the same import runs twice at this moment
        else:
            raise refuse(503, "busy", "Too many imports run in this project.", hint="Try again in a minute.")
        self.pending, self.free = [], self.room

    def _write(self, ids: range) -> None:
        project_id = self.project["id"]
        found = self.world.records.get_many([keys.serial(project_id), keys.project(project_id)])
        serial, project = found.get(keys.serial(project_id)), found.get(keys.project(project_id))
        if serial is None or project is None:
            raise refuse(404, "no-project", f"There is no project {project_id} here.")
        self.project = project.body  # a change of the order writes the serial too, so it cannot slip in between
        first = serial.body["inner"] + 1
        counts: dict[str, int] = {}
        operations: list[Operation] = []
        annotations = predictions = 0
        for inner, (id_, task) in enumerate(zip(ids, self.pending, strict=True), first):
            rows = self._rows(id_, inner, task, counts)
            if (
                len(rows) > self.room
            ):  # more answers than one transaction takes: those first, nobody sees them without their task
                for start in range(0, len(rows) - 3, OPERATIONS):
                    self.world.records.transact(rows[:-3][start : start + OPERATIONS])
                rows = rows[-3:]
            operations += rows
            annotations += len(task.annotations)
            predictions += len(task.predictions)
        last = first + len(ids) - 1
        body = self.once.body
        came = {
            **body,
            "written": body["written"] + len(ids),
            "ranges": _joined(body["ranges"], ids),
            "annotations": body["annotations"] + annotations,
            "predictions": body["predictions"] + predictions,
        }
        operations += [
            Put(*keys.serial(project_id), {**serial.body, "inner": last}, expect=serial.version),
            Put(*keys.chunk(project_id, last), {"tasks": list(ids)}, expect=0),
            Add(*keys.counts(project_id, ids[0]), counts),
            *self.once.operation(came),
        ]
        self.world.records.transact(operations)
        self.once.body = came
        self.once.version += 1

    def _rows(self, id_: int, inner: int, task: PendingTask, counts: dict[str, int]) -> list[Operation]:
        """The rows of one task; the last three at most are those that make it visible."""
        project_id = self.project["id"]
        ranks = orders.ranks_of(task.given, [prediction.get("score") for prediction in task.predictions])
        position = orders.position(self.project, id_, inner, ranks)
        lane = orders.lane(self.project, task.given["data"])
        state = State(id_, project_id, inner, lane=lane, position=position, updated_at=self.world.now_ms())
        rows: list[Operation] = []
        bodies = []
        for annotation_id, given in (
            zip(self.world.ids.several("annotation", len(task.annotations)), task.annotations, strict=True)
            if task.annotations
            else ()
        ):
            body = self._annotation(annotation_id, id_, given)
            bodies.append(body)
            state.annotations.append(entry_of(body, ""))
            rows.append(Put(*keys.annotation(annotation_id, 1), body, expect=0))
        prediction_ids = list(self.world.ids.several("prediction", len(task.predictions))) if task.predictions else []
        for prediction_id, given in zip(prediction_ids, task.predictions, strict=True):
            rows.append(
                Put(*keys.prediction(id_, prediction_id), self._prediction(prediction_id, id_, given), expect=0)
            )
            here = {"task": id_, "project": project_id}
            rows.append(Put(*keys.prediction_place(prediction_id), here, expect=0))
        if task.draft is not None:
            rows.append(Put(*keys.draft(id_, self.caller.person), self._draft(id_, task.draft)))
        visible: list[Operation] = []
        right = gold.imported(task.given, bodies)
        if right is not None:
            state.gold = gold.imported_kind(task.given)
            named = {"id": id_, "project": project_id, "inner_id": inner}
            rows += gold.listing(named, state.gold, right, "", self.world.now_ms())
        if bodies:
            _, stored = consensus.decide(self.world, self.config, self.project, state, bodies, task.given["data"])
            reviews.follow(self.world, self.project, state, self.world.now_ms())
            rows += [*stored, *review_index.operations(State(id_, project_id, inner), state)]
            state.name = name_of(self.project, state)
            state.listed_open = state.room(wanted_by(self.project, state)) > 0
            if state.name != "new":
                rows.append(Put(*keys.in_state(project_id, state.name, inner), {"task": id_}))
            visible.append(Put(*keys.state(id_), state.body(), expect=0))
        counts[state.name] = counts.get(state.name, 0) + 1
        counts["annotations"] = counts.get("annotations", 0) + state.done
        counts["skipped"] = counts.get("skipped", 0) + len(state.annotations) - state.done
        if state.listed_review:
            counts["review"] = counts.get("review", 0) + 1
        if state.listed_open:
            open_task = keys.open_task(project_id, inner, lane, position)
            visible.append(Put(*open_task, listing.open_body(id_, inner)))
        visible.append(Put(*keys.task(id_), self._task(state, task, prediction_ids), expect=0))
        rows += visible
        return rows

    def _task(self, state: State, task: PendingTask, prediction_ids: list[int]) -> dict[str, Any]:
        given = task.given
        body = {
            "id": state.task,
            "inner_id": state.inner,
            "project": self.project["id"],
            "data": given["data"],
            "meta": given.get("meta") if isinstance(given.get("meta"), dict) else {},
            "allow_skip": given.get("allow_skip") is not False,
            "created_at": self.now,
            "created_by": self.caller.person,
            "predictions": prediction_ids,
        }
        if given.get("file_upload"):
            body["file_upload"] = given["file_upload"]
        if is_number(given.get("priority")):
            body["priority"] = given["priority"]
        body |= {name: text for name in ("lane", "position") if (text := getattr(state, name))}
        return body

    def _annotation(self, id_: int, task_id: int, given: Mapping[str, Any]) -> dict[str, Any]:
        """Its person is whoever imports it, as other deployments' people are not known here; who it was is kept."""
        body = new_annotation(
            id_,
            task_id,
            self.project["id"],
            self.caller.person,
            given["result"],
            lead_time=given["lead_time"] if is_number(given.get("lead_time")) else None,
            was_cancelled=given.get("was_cancelled") is True,
            config_version=self.config.version,
            now=given["created_at"] if isinstance(given.get("created_at"), str) else self.now,
        )
        said = given.get("ground_truth")
        body["ground_truth"] = said if isinstance(said, bool) else self.ground_truth
        body["last_action"] = "imported"
        for name, kept in (("id", "import_id"), ("completed_by", "import_completed_by"), ("unique_id", "unique_id")):
            if isinstance(given.get(name), int | str | dict):
                body[kept] = given[name]
        return body

    def _draft(self, task_id: int, given: Mapping[str, Any]) -> dict[str, Any]:
        """Unfinished work of whoever imports it."""
        return {
            "result": given["result"],
            "lead_time": given["lead_time"] if is_number(given.get("lead_time")) else None,
            "saved_at": self.now,
            "config_version": self.config.version,
            "task": task_id,
            "person": self.caller.person,
            "state": 0,
        }

    def _prediction(self, id_: int, task_id: int, given: Mapping[str, Any]) -> dict[str, Any]:
        version = given.get("model_version")
        return {
            "id": id_,
            "task": task_id,
            "project": self.project["id"],
            "result": given["result"],
            "model_version": version if isinstance(version, str) else "undefined",
            "score": given["score"] if is_number(given.get("score")) else None,
            "config_version": self.config.version,
            "created_at": self.now,
            "updated_at": self.now,
        }

    def finish(self, refused: Sequence[Problem], return_ids: bool, notes: Sequence[Problem] = ()) -> dict[str, Any]:
        body = self.once.body
        told = list(refused[:MAX_REFUSED])
        if len(refused) > MAX_REFUSED:
            told.append(
                problem("more-refused", f"{len(refused) - MAX_REFUSED:,} more were refused.", hint="Mend these first.")
            )
        answer: dict[str, Any] = {
            "task_count": body["written"],
            "annotation_count": body["annotations"],
            "prediction_count": body["predictions"],
            "refused": told,
        }
        if notes:
            answer["notes"] = list(notes[:MAX_REFUSED])
        if return_ids:
            answer["task_ids"] = [id_ for first, last in body["ranges"] for id_ in range(first, last + 1)]
        operations = self.once.operation({**body, "answer": answer})
        if operations:
            self.world.records.transact(operations)
        return answer


class PendingTask:
    """A task that waits for its transaction. `size`: so many operations it takes at most."""

    def __init__(self, given: dict[str, Any]) -> None:
        self.given = given
        self.annotations: list[dict[str, Any]] = given.get("annotations") or []
        self.predictions: list[dict[str, Any]] = given.get("predictions") or []
        # A person has one draft of a task, and those who import its annotations have answered it.
        self.draft: dict[str, Any] | None = None if self.annotations else newest(given.get("drafts") or ())
        self.size = (
            2
            + (1 if self.draft else 0)
            + 2 * len(self.predictions)
            + (2 * len(self.annotations) + 4 if self.annotations else 0)
        )
        self.size += 2 if gold.imported_kind(given) else 0


def newest(drafts: Sequence[dict[str, Any]]) -> dict[str, Any] | None:
    """The one that was saved last, by what they say; of those that say nothing, the last."""
    return max(reversed(drafts), key=lambda draft: str(draft.get("updated_at") or ""), default=None)


def _joined(ranges: list[list[int]], ids: range) -> list[list[int]]:
    if ranges and ranges[-1][1] + 1 == ids[0]:
        return [*ranges[:-1], [ranges[-1][0], ids[-1]]]
    return [*ranges, [ids[0], ids[-1]]]
