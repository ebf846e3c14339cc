"""Rankings: the items of a List in order, in one list or in buckets."""

from __future__ import annotations

from collections.abc import Mapping

from labeling import display, reading
from labeling.answers.target import control_of, current, fault
from labeling.edit import Edit
from labeling.intents import MoveItem
from labeling.model import Ranked, Task
from labeling.plan_index import Control

#: The bucket of items that are in none of the config's (reference, section 14).
REST = "_"


def buckets(control: Control) -> tuple[str, ...]:
    """The lists that a ranking has, in order: the buckets and, if none takes what is left, the rest; else one list."""
    if not control.buckets:
        return (control.name,)
    return control.buckets if _default(control) != REST else (REST, *control.buckets)


def known_ids(task: Task, control: Control) -> tuple[str, ...]:
    """Ids of the items to be ranked, in the data's order; none if the list cannot be shown."""
    parts = (task.index.objects[name] for name in control.to)
    return tuple(item["id"] for part in parts for item in display.object_display(part, task.data).get("items", ()))


def start(task: Task, control: Control) -> Ranked | None:
    """The ranking before anybody moved anything: the data's order, all in one list. None without items."""
    ids = known_ids(task, control)
    return whole(control, {}, ids) if ids else None


def whole(control: Control, order: Mapping[str, tuple[str, ...]], ids: tuple[str, ...]) -> Ranked:
    """*order* with every list there, and items that are in none at the end of the one for the rest."""
    placed = {name for names in order.values() for name in names}
    made = {bucket: order.get(bucket, ()) for bucket in buckets(control)}
    home = control.name if not control.buckets else _default(control)
    made[home] = (*made.get(home, ()), *(name for name in ids if name not in placed))
    if not made.get(REST, (REST,)):
        del made[REST]  # as Label Studio writes it: only if something is left
    return Ranked(made)


def moved(edit: Edit, intent: MoveItem) -> tuple[Control, Ranked]:
    """The ranker and its order after one item went to place ``index`` (counted without it) of a list."""
    control = control_of(edit, intent.control, "ranker")
    ids = known_ids(edit.task, control)
    if intent.moved not in ids:
        raise fault("unknown-item", f"no item {intent.moved!r:.60} in the list", control)
    answer = current(edit, control, intent.target)
    held = answer.value.order if answer and isinstance(answer.value, Ranked) else {}
    order = dict(whole(control, held, ids).order)
    home = next(name for name, names in order.items() if intent.moved in names)
    bucket = home if intent.bucket is None else intent.bucket
    if bucket not in buckets(control):
        raise fault("unknown-bucket", f"no bucket {bucket!r:.60}", control, "buckets: " + ", ".join(buckets(control)))
    order = {name: tuple(entry for entry in names if entry != intent.moved) for name, names in order.items()}
    rest = order.get(bucket, ())
    at = min(max(intent.index, 0), len(rest))
    order[bucket] = (*rest[:at], intent.moved, *rest[at:])
    return control, whole(control, order, ids)


def given(edit: Edit, control: Control, raw: object) -> Ranked | None:
    """A whole ranking as an intent brings it: ``{bucket: [ids]}``, or a plain list where there are no buckets."""
    if raw is None:
        return None
    rows = {control.name: raw} if isinstance(raw, list) and not control.buckets else reading.mapping(raw)
    if rows is None:
        raise fault("bad-answer", "a ranking is an object of lists of ids", control, 'for example {"rank": ["b", "a"]}')
    order: dict[str, tuple[str, ...]] = {}
    for bucket, names in rows.items():
        if bucket not in buckets(control):
            hint = "buckets: " + ", ".join(buckets(control))
            raise fault("unknown-bucket", f"no bucket {bucket!r:.60}", control, hint)
        found = reading.strings(names) if isinstance(names, list) else None
        if found is None:
            raise fault("bad-answer", f"bucket {bucket} is no list of ids", control)
        order[bucket] = found
    ids = known_ids(edit.task, control)
    if told := faults(order, ids):
        raise fault("bad-answer", told, control)
    return whole(control, order, ids)


def faults(order: Mapping[str, tuple[str, ...]], ids: tuple[str, ...]) -> str | None:
    """What is wrong with the ids of a ranking: one that is not there, one that is there twice."""
    placed = [name for names in order.values() for name in names]
    known = set(ids)
    if strange := next((name for name in placed if name not in known), None):
        return f"no item {strange!r:.60} in the list"
    if len(set(placed)) < len(placed):
        return f"item {next(name for name in placed if placed.count(name) > 1)!r:.60} is ranked twice"
    return None


def _default(control: Control) -> str:
    rows = control.raw.get("buckets")
    for row in rows if isinstance(rows, list) else ():
        if isinstance(row, Mapping) and row.get("default") is True:
            return str(row.get("name"))
    return REST
