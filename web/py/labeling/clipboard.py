"""Copies of regions as result rows, and such rows pasted: into this task, or another one of this or another config.

What does not fit is refused row by row; the rest is pasted, in one step, and selected.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from labeling import contexts, items, labels, loading, results, shapes
from labeling.edit import Edit
from labeling.geometry import Size
from labeling.intents_batch import Paste
from labeling.model import Answer, Region, Relation, State, place
from labeling.problems import Problem, Refusal, problem, refuse
from labeling.shapes import Bitmask, Brush

Json = dict[str, object]

#: So many problems of one paste are told one by one.
_TOLD = 20


def copied(state: State, names: Sequence[str] | None, *, answers: bool = False) -> tuple[list[object], list[str]]:
    """
    Args:
        names: ids of regions (None: the selected ones).
        answers: those of the whole object too.

    Returns:
        The rows of the regions, with the links among them, as they would be submitted; and the regions' ids.
    """
    wanted = set(state.selection if names is None else names)
    rows: list[object] = []
    for row in results.dump(state, draft=True):
        if not isinstance(row, dict):
            continue
        if row.get("type") == "relation":
            wants = row.get("from_id") in wanted and row.get("to_id") in wanted
        else:
            wants = row.get("id") in wanted or (answers and _whole(state, row))
        if wants:
            rows.append({name: held for name, held in row.items() if name != "suggestion"})
    ids = [name for name in state.regions if name in wanted]
    return rows, ids


def _whole(state: State, row: Mapping[str, object]) -> bool:
    answer = state.answers.get(str(row.get("from_name")))
    return answer is not None and row.get("id") not in state.regions


def paste(edit: Edit, intent: Paste) -> None:
    task = edit.task
    if intent.replace:
        _clear(edit, answers=intent.answers)
    rows = [_on_this_page(edit, row) for row in intent.rows]
    loaded = loading.load(task.index, rows, tables=task.tables, docs=edit.docs, phrases=task.phrases)
    refused = [one.problem for one in loaded.refused]
    names = _names(edit, [region.id for region in loaded.regions], intent.ids)
    made: dict[str, Region] = {}
    for region in loaded.regions:
        try:
            made[region.id] = _region(edit, region, names[region.id], intent)
        except Refusal as refusal:
            refused.append(refusal.problem)
    for region in made.values():
        parent = made.get(region.parent or "")
        edit.put(replace(region, parent=parent.id if parent else None))
    edit.relations = (*edit.relations, *_links(loaded.relations, made))
    told = _answers(edit, loaded.answers) if intent.answers else 0
    labels.check_limits(edit)
    if refused and not made and not told:
        raise Refusal(_summed(refused) if len(refused) > 1 else refused[0])
    edit.problems = _told(refused)
    edit.selection = tuple(region.id for region in made.values()) or edit.selection


def _clear(edit: Edit, *, answers: bool) -> None:
    for region in edit.state.regions.values():
        if not (region.locked or region.readonly):
            edit.remove(region.id)
    edit.selection = ()
    for control, answer in edit.state.answers.items() if answers else ():
        if not answer.readonly:
            edit.put_answer(control, None)


def _on_this_page(edit: Edit, row: object) -> object:
    """A region of an image with pages goes to the page that is looked at, one of another picture has no page."""
    if not isinstance(row, dict):
        return row
    part = edit.task.index.objects.get(str(row.get("to_name")))
    made = {name: held for name, held in row.items() if name not in ("item_index", "readonly", "suggestion")}
    if part is not None and part.pages:
        made["item_index"] = items.viewed(edit.items, part.name)
    return made


def _names(edit: Edit, old: Iterable[str], given: Mapping[str, str]) -> dict[str, str]:
    """New ids by old ones; where the page gave none: the old id with the first number that makes it new."""
    names: dict[str, str] = {}
    for name in given.values():
        if edit.region(name) is not None:
            raise refuse("id-taken", f"there is a region {name!r} already", f"region {name}")
    taken = set(given.values())
    for before in old:
        name, number = given.get(before, before), 1
        if before not in given:
            while name in taken or edit.region(name) is not None:
                number += 1
                name = f"{before[:90]}-{number}"
            taken.add(name)
        names[before] = name
    return names


def _region(edit: Edit, region: Region, name: str, intent: Paste) -> Region:
    """
    Raises:
        Refusal: the region does not fit this task.
    """
    task = edit.task
    where = f"pasted {place(region)}"
    for control, given in region.labels.items():
        for label in given:
            if task.tables[control].stored(label) is None:
                message = f"this config has no label {label!r:.60}"
                raise refuse("unknown-label", message, where, control=control)
    if region.shape.kind == "message":
        raise refuse("cannot-duplicate", "messages are not copied", where, "write another one")
    size = edit.sizes.get(region.object)
    control_of = task.index.controls[region.control]
    at = contexts.of(task, region.object, edit.docs, edit.sizes, edit.state.lengths, control_of)
    shape = region.shape
    if isinstance(shape, Brush | Bitmask):
        _same_size(region, size, where)
    moved = shapes.KINDS[shape.kind].moved
    if moved is not None and intent.shift != (0.0, 0.0):
        shape = moved(shape, *intent.shift)
    for fault in shapes.faults(shape.kind, shapes.write(shape, at), at):
        raise at.refuse(fault.code, fault.message, where, fault.hint)
    answers = {control: replace(answer, id=name, origin="manual") for control, answer in region.answers.items()}
    return replace(
        region,
        id=name,
        n=edit.next_n(),
        shape=shape,
        answers=answers,
        origin="manual",
        score=None,
        size=size if task.index.objects[region.object].pages else region.size,
        locked=False,
        hidden=False,
    )


def _same_size(region: Region, size: Size | None, where: str) -> None:
    """A mask is its pixels: on a picture of another size it is nothing."""
    if size is not None and region.size is not None and size != region.size:
        told = f"the mask was painted on {region.size.width:g} x {region.size.height:g} pixels"
        message = f"{told}, this picture has {size.width:g} x {size.height:g}"
        raise refuse("other-size", message, where, "convert it to a polygon first")


def _links(given: Iterable[Relation], made: Mapping[str, Region]) -> list[Relation]:
    return [
        replace(link, from_id=made[link.from_id].id, to_id=made[link.to_id].id)
        for link in given
        if link.from_id in made and link.to_id in made
    ]


def _answers(edit: Edit, given: Mapping[str, Answer]) -> int:
    """Answers of whole objects replace those that are there; read-only ones stay."""
    count = 0
    for control, answer in given.items():
        held = edit.answer(control)
        if held is not None and held.readonly:
            continue
        edit.put_answer(control, replace(answer, id=held.id if held else answer.id, origin="manual"))
        count += 1
    return count


def _told(refused: list[Problem]) -> tuple[Problem, ...]:
    if len(refused) <= _TOLD:
        return tuple(refused)
    rest = problem("more-problems", f"and {len(refused) - _TOLD} more were not pasted", "paste")
    return (*refused[:_TOLD], rest)


def _summed(refused: list[Problem]) -> Problem:
    first = refused[0]
    return {**first, "message": f"{first['message']}; {len(refused)} results, none of them could be pasted"}
