"""Mixing tasks with a known answer into everybody's work, scoring them, and pausing who is wrong too often.

Stages: `next_for` hands such a task out when one is due, `operations` scores what comes back, in the transaction of the
submit, and `after_commit` sets off what a pause brings with it. When a task is due follows from how many tasks the
person has submitted and from a keyed hash, so it is the same at each try and nobody but the server can tell.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from chalicelib import finding, gold, keys, migration, queue, removed, settings, standing, tokens
from chalicelib.annotation import is_number
from chalicelib.problems import refuse
from chalicelib.standing import Standing
from chalicelib.storage.ports import Add, Conflict, Delete, Operation, Record
from chalicelib.tasks import State, purpose_of, read_state
from chalicelib.times import iso
from chalicelib.world import World

if TYPE_CHECKING:
    from chalicelib.configs import Config
    from chalicelib.effects import Change
    from chalicelib.queue import Given

Project = Mapping[str, Any]
_Body = Mapping[str, Any]

WINDOW = 16
"""Rows of a list that the next known answer is chosen from."""
WINDOWS = 8
"""Of the finished list that are looked through for a task to repeat, at one hand-out."""
TRIES = 4
MOST_OPEN = 8
DAY_MS = 24 * 3600 * 1000
COUNTING = ("gold", "attention", "warm_up", "repeat")
"""Purposes with a score."""


def uses(project: Project) -> bool:
    """Whether anybody has a standing here at all; saves everybody else the read of it."""
    rules = settings.of(project, "quality")
    mixed = any(rules[name] for name in ("gold_every", "attention_every", "warm_up", "repeat_every"))
    return mixed or bool(project.get("watched"))


# Handing out


def require_unpaused(world: World, project: Project, person: int) -> None:
    """
    Raises:
        Refusal: 403 `paused`, also for what the person held when they were paused.
    """
    if uses(project) and standing.of(world, project["id"], person).paused:
        raise standing.paused()


def next_for(world: World, project: Project, person: int, together: int = 0) -> Given | None:
    """
    The task with a known answer, or of their own, that is due for this person; None when it is an ordinary one's turn.
    Whether they are paused was asked before.

    Args:
        together: tasks that they were given a moment ago, to be seen beside this one: they count as items.
    """
    if not uses(project):
        return None
    for _ in range(TRIES):
        own = standing.of(world, project["id"], person)
        try:
            return _again(world, project, own) or _due(world, project, own, together)
        except Conflict:
            continue  # another tab of the same person; what it was given counts
    return None


def _again(world: World, project: Project, own: Standing) -> Given | None:
    """
    What they were given, do not hold any more and never submitted comes back: giving back is no way around it. What
    they put off comes after everything else, as an ordinary task does.
    """
    now_ms = world.now_ms()
    put_off: set[int] | None = None
    for task_id, purpose in own.open:
        found = _task(world, task_id)
        if found is None or found[1].lease_of(own.person, now_ms) or not _fits(found[1], own.person, purpose):
            continue
        if put_off is None:
            later = finding.pages(world, own.person, keys.later_prefix(project["id"]))
            put_off = {row.body["task"] for rows in later for row in rows if "purpose" in row.body}
        if task_id in put_off:
            continue
        given = queue.lease_special(world, project, own.person, *found, purpose)
        if given is not None:
            return given
    return None


def put_off_again(world: World, project: Project, person: int, row: Record) -> Given | None:
    """The task of a row that they put off; None when it is not for them any more."""
    found = _task(world, row.body["task"])
    purpose = row.body["purpose"]
    given = None
    if found is not None and _fits(found[1], person, purpose):
        given = queue.lease_special(world, project, person, *found, purpose)
    world.records.transact([Delete(row.pk, row.sk)])
    return given


def _due(world: World, project: Project, own: Standing, together: int) -> Given | None:
    rules = settings.of(project, "quality")
    if own.warm_up.n + own.warm_up.other + _open(own, "warm_up") < rules["warm_up"]:
        given = _give(world, project, own, "warm_up", ("warm_up", "gold"), "")
        if given is not None:
            return given
    for purpose in ("gold", "attention", "repeat"):
        stretch = due(world.secret, project["id"], own, purpose, rules[f"{purpose}_every"], together)
        if stretch is None:
            continue
        kinds = () if purpose == "repeat" else (purpose,)
        given = _give(world, project, own, purpose, kinds, stretch)
        if given is not None:
            return given
    return None


def _open(own: Standing, purpose: str) -> int:
    return sum(held == purpose for _, held in own.open)


def due(secret: bytes, project_id: int, own: Standing, purpose: str, every: int, together: int = 0) -> str | None:
    """
    The stretch of `every` items that still waits for its task of this purpose, if its turn has come.

    Each stretch has one, at a place in it that a keyed hash of project, person, purpose and stretch decides. A new
    `every` begins new stretches.
    """
    if every <= 0:
        return None
    stretch, item = divmod(own.items + together, every)
    name = f"{every}:{stretch}"
    if own.given.get(purpose) == name or item < _draw(secret, project_id, own.person, purpose, name) % every:
        return None
    return name


def _draw(secret: bytes, *what: object) -> int:
    return int(tokens.sign(secret, "quality", *what), 16)


def _give(
    world: World, project: Project, own: Standing, purpose: str, kinds: Sequence[str], stretch: str
) -> Given | None:
    """Choose, note, lease. Noted first, on the standing as read, so that two tabs never get two."""
    chosen = None
    for kind in kinds:
        chosen = chosen or _choose_known(world, project, own, kind)
    if purpose == "repeat":
        chosen = _choose_own(world, project, own)
    before = own.body()
    if stretch:
        own.given[purpose] = stretch
    if chosen is None:
        if own.body() != before:
            _save(world, own)
        return None
    own.open = [*own.open, [chosen[0]["id"], purpose]][-MOST_OPEN:]
    _save(world, own)
    return queue.lease_special(world, project, own.person, *chosen, purpose)


def _save(world: World, own: Standing) -> None:
    own.record_version = world.records.transact([own.operation()])[0]


def _choose_known(world: World, project: Project, own: Standing, kind: str) -> tuple[_Body, State] | None:
    """One of the next few known answers of the kind that they have not seen; moves their place in the list."""
    place, passed = own.places.get(kind, ""), list(own.passed.get(kind, ()))
    chosen = None
    while chosen is None:
        prefix = f"{kind}#"
        page = world.records.query(
            keys.gold_list(project["id"]), prefix, after=place or None, limit=WINDOW + len(passed)
        )
        rows = [row for row in page.records if row.sk not in passed]
        if not rows and page.cursor is None:
            break
        draw = _draw(world.secret, project["id"], own.person, kind, place, len(passed))
        for row in _turned(rows, draw):
            passed.append(row.sk)
            found = _task(world, row.body["task"])
            if found and found[1].gold and not _seen(found[1], own.person):
                chosen = found
                break
        for row in page.records:
            if row.sk not in passed:
                break
            place = row.sk
        passed = [sk for sk in passed if sk > place]
    own.places[kind], own.passed[kind] = place, passed
    return chosen


def _choose_own(world: World, project: Project, own: Standing) -> tuple[_Body, State] | None:
    """
    One task of theirs from long enough ago that they labeled once. Of as many finished ones as there are to one
    repetition one is drawn, so that repetitions spread over all their work.
    """
    rules = settings.of(project, "quality")
    prefix, size = keys.finished_prefix(project["id"]), min(100, rules["repeat_every"])
    until = keys.finished(own.person, project["id"], world.now_ms() - rules["repeat_after_days"] * DAY_MS, 0)[1]
    for _ in range(WINDOWS):
        page = world.records.query(f"PERSON#{own.person}", prefix, after=own.repeat_place or None, limit=size)
        rows = [row for row in page.records if row.sk < until]
        draw = _draw(world.secret, project["id"], own.person, "repeat", own.repeat_place)
        for row in _turned(rows, draw):
            found = _task(world, row.body["id"])
            if found is not None and _fits(found[1], own.person, "repeat"):
                own.repeat_place = rows[-1].sk
                return found
        if len(rows) < size:
            return None
        own.repeat_place = rows[-1].sk
    return None


def _turned(rows: Sequence[Record], draw: int) -> Sequence[Record]:
    first = draw % len(rows) if rows else 0
    return [*rows[first:], *rows[:first]]


def _task(world: World, task_id: int) -> tuple[_Body, State] | None:
    found = world.records.get_many([keys.task(task_id), keys.state(task_id)])
    task = found.get(keys.task(task_id))
    return None if task is None else (task.body, read_state(task.body, found.get(keys.state(task_id))))


def _seen(state: State, person: int) -> bool:
    return any(entry["person"] == person for entry in state.annotations) or any(
        lease["person"] == person for lease in state.leases
    )


def _fits(state: State, person: int, purpose: str) -> bool:
    """Whether the task can be given to this person for this purpose."""
    entry = state.annotation_of(person)
    if purpose != "repeat":
        return bool(state.gold) and not any(a["person"] == person for a in state.annotations)
    first_counts = entry is not None and not entry["cancelled"] and not entry.get("discarded")
    return first_counts and not state.gold and state.annotation_of(person, "repeat") is None


# What comes back


def operations(change: Change) -> list[Operation]:
    """
    The person's standing, their counts of the day and the gold task's, for the transaction of a submit: three at most.

    Only the first version of the first answer counts, so a repeated submit, a correction, or an answer that was taken
    back and given anew changes no score.

    Raises:
        Refusal: 403 `paused` when the person's work does not count any more, 409 `discarded` for changes of such work.
    """
    _refuse_discarded(change)
    made, old = change.made, change.old
    if change.action not in ("submit", "change") or made is None:
        return []
    if old is not None:
        return _changed_its_kind(change, made, old)
    if purpose_of(made) == "review":
        return []
    counted = {"n": 0 if made["was_cancelled"] else 1, "skipped": int(made["was_cancelled"])}
    counted |= {"labels": counted["n"]} if purpose_of(made) == "label" else {}
    counted |= _time_of(made)
    if not uses(change.project) and purpose_of(made) == "label":
        return [_day(change, made, counted)]
    own = standing.of(change.world, change.project["id"], made["completed_by"])
    if own.paused and own.discarded:
        raise standing.paused()
    purpose = purpose_of(made)
    if purpose in COUNTING and removed.has_answered(change.world, made["task"], own.person, purpose):
        return []
    own.items += 1
    own.open = [held for held in own.open if held != [made["task"], purpose]]
    more: list[Operation] = []
    if purpose in COUNTING:
        score = _score(change, made)
        if purpose == "attention" and score is not None:
            score = float(score >= change.project["agreement_threshold"] - 1e-9)
        own.scores(purpose).add(score)
        if score is not None:
            scored = {"n": 1, "ppm": round(score * standing.PPM)}
            counted |= {f"{purpose}_{name}": value for name, value in scored.items()}
            if purpose != "repeat":
                more.append(Add(*keys.known_answer_count(made["task"]), scored))
        if purpose in ("gold", "attention"):
            own.window.add(score)
            _judge(change, own)
    return [own.operation(), _day(change, made, counted), *more]


def _refuse_discarded(change: Change) -> None:
    touched = change.made["id"] if change.made is not None else 0
    left = {entry["id"] for entry in change.after.annotations}
    for entry in change.before.annotations:
        if entry.get("discarded") and (entry["id"] == touched or entry["id"] not in left):
            raise refuse(
                409,
                "discarded",
                "This answer does not count any more, so it cannot be changed.",
                hint="Whoever leads the project can take that back.",
            )


def _changed_its_kind(change: Change, made: _Body, old: _Body) -> list[Operation]:
    """A skipped task that is answered after all, or the other way round."""
    by = int(old["was_cancelled"]) - int(made["was_cancelled"])
    return [_day(change, made, {"n": by, "skipped": -by})] if by else []


def _day(change: Change, made: _Body, counted: dict[str, int]) -> Add:
    day = datetime.fromtimestamp(change.world.clock(), UTC).date().isoformat()
    by = {name: value for name, value in counted.items() if value or name == "n"}
    return Add(*keys.day_count(change.project["id"], made["completed_by"], day), by)


def _time_of(made: _Body) -> dict[str, int]:
    ms = time_ms_of(made)
    return {} if ms is None else {"timed": 1, "time_ms": ms}


def time_ms_of(made: _Body) -> int | None:
    """Time spent on an annotation: what the page measured as active, else its lead time. A day at most."""
    active: Any = made.get("active_ms")
    lead: Any = made.get("lead_time")
    ms = active if is_number(active) else lead * 1000 if is_number(lead) else None
    return None if ms is None else round(min(ms, DAY_MS))


def _score(change: Change, made: _Body) -> float | None:
    """The answer against the known one, or a repetition against the first answer of the same person."""
    if made["was_cancelled"]:
        return None
    if purpose_of(made) == "repeat":
        first = change.after.annotation_of(made["completed_by"])
        known = next((b for b in change.bodies if first is not None and b["id"] == first["id"]), None)
        if known is None or known["was_cancelled"]:
            return None
    else:
        found = gold.of_task(change.world, made["task"])
        if found is None:
            return None
        known = found.answer
    return gold.score(change.world, change.project["id"], change.config, change.task["data"], known, made)[0]


def _judge(change: Change, own: Standing) -> None:
    rules = settings.of(change.project, "quality")
    mean = own.window.mean
    if own.paused or mean is None or own.window.n < rules["pause_after"] or mean >= rules["pause_under"] - 1e-9:
        return
    own.paused = {"at": iso(change.world.clock()), "why": "score", "by": 0, "score": mean, "n": own.window.n}
    if rules["then"] in ("discard", "requeue"):
        own.put_aside(rules["then"])


def after_commit(change: Change) -> None:
    """Leases of who was paused just now go back, and their work is put aside, if the project says so."""
    made = change.made
    if made is None or change.old is not None or purpose_of(made) not in ("gold", "attention"):
        return
    own = standing.of(change.world, change.project["id"], made["completed_by"])
    if own.paused:
        from chalicelib import pausing

        pausing.carry_out(change.world, change.project, own)


def feedback_of(world: World, project_id: int, config: Config, task: _Body, made: _Body) -> dict[str, Any] | None:
    """After a warm-up: how right it was, what is right, and what the owner says. None for every other answer."""
    if purpose_of(made) != "warm_up":
        return None
    known = gold.of_task(world, task["id"])
    if known is None:
        return None
    from chalicelib.envelope import view_of

    score: float | None = None
    reason: str | None = "you skipped it"
    if not made["was_cancelled"]:
        score, reason = gold.score(world, project_id, config, task["data"], known.answer, made)
    right = migration.of_body(world, project_id, known.answer, config.version).result
    return {
        "score": score,
        "reason": reason,
        "remark": known.remark,
        "result": right,
        "view": view_of(config, task["data"], right),
    }


def weights(world: World, project: Project) -> dict[int, float]:
    """
    How much each person's vote counts, for consensus by person: their mean score on known answers, drawn towards
    0.5 by one imagined answer, so that a single lucky one is no 1. Who has none is not in it.
    """
    found: dict[int, float] = {}
    for person, own in standing.of_everybody(world, project["id"]).items():
        n = own.gold.n + own.attention.n
        if n:
            found[person] = ((own.gold.sum_ppm + own.attention.sum_ppm) / standing.PPM + 0.5) / (n + 1)
    return found
