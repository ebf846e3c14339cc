"""Links between regions: made, turned, labelled, taken away (reference, section 15)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal, assert_never, get_args

from labeling.edit import Edit
from labeling.intents import Relate, RelationIntent, SetRelation, Unrelate
from labeling.model import Region, Relation, State, place
from labeling.plan_index import RelationLabels
from labeling.problems import refuse

Direction = Literal["right", "left", "bi"]
DIRECTIONS: tuple[str, ...] = get_args(Direction)


def apply(edit: Edit, intent: RelationIntent) -> None:
    match intent:
        case Relate(from_id, to_id):
            _relate(edit, from_id, to_id)
        case Unrelate(from_id, to_id):
            gone = _must_have(edit, from_id, to_id)
            edit.relations = tuple(relation for relation in edit.relations if relation is not gone)
        case SetRelation():
            _set(edit, intent)
        case _:
            assert_never(intent)


def _relate(edit: Edit, from_id: str, to_id: str) -> None:
    source, target = edit.must_have(from_id), edit.must_have(to_id)
    if from_id == to_id:
        raise refuse("same-region", "a region cannot be linked to itself", place(source), "pick another region")
    there = _find(edit.relations, from_id, to_id)
    if there is not None:
        raise refuse("related", f"{place(source)} and {place(target)} are linked already", _named(source, target))
    edit.relations = (*edit.relations, Relation(from_id, to_id))


def _set(edit: Edit, intent: SetRelation) -> None:
    relation = _must_have(edit, intent.from_id, intent.to_id)
    source, target = edit.must_have(relation.from_id), edit.must_have(relation.to_id)
    direction = relation.direction if intent.direction is None else intent.direction
    if direction not in DIRECTIONS:
        hint = "directions: " + ", ".join(DIRECTIONS)
        raise refuse("bad-direction", f"no direction {direction!r:.40}", _named(source, target), hint)
    if intent.direction is not None and relation.from_id != intent.from_id and direction != "bi":
        # The link was named from its other end: right and left change sides.
        direction = "left" if direction == "right" else "right"
    labels = relation.labels
    if intent.labels is not None:
        labels = _labels(edit.task.index.relations, intent.labels, relation.labels, _named(source, target))
    changed = replace(relation, direction=direction, labels=labels)
    edit.relations = tuple(changed if other is relation else other for other in edit.relations)


def _labels(known: RelationLabels | None, names: tuple[str, ...], held: tuple[str, ...], where: str) -> tuple[str, ...]:
    """*names* as they are stored. Those that the link has already may stay, also if the config does not know them."""
    if known is None:
        if set(names) <= set(held):
            return names
        hint = "the config has no Relations tag"
        raise refuse("unknown-label", "links have no labels here", where, hint)
    stored = []
    for name in names:
        found = known.table.stored(name)
        if found is None and name not in held:
            hint = "labels: " + ", ".join(option.stored for option in known.table.options[:10])
            raise refuse("unknown-label", f"no label {name!r:.60} for links", where, hint)
        stored.append(found or name)
    made = known.table.ordered(tuple(dict.fromkeys(stored)))
    if known.choice == "single" and len(made) > 1:
        raise refuse("too-many-labels", "a link has one label here", where, "pick one of them")
    return made


def _must_have(edit: Edit, from_id: str, to_id: str) -> Relation:
    """The link between the two regions, whichever end was named first."""
    source, target = edit.must_have(from_id), edit.must_have(to_id)
    found = _find(edit.relations, from_id, to_id)
    if found is None:
        raise refuse("not-related", f"{place(source)} and {place(target)} are not linked", _named(source, target))
    return found


def _find(relations: tuple[Relation, ...], from_id: str, to_id: str) -> Relation | None:
    exact = next((r for r in relations if (r.from_id, r.to_id) == (from_id, to_id)), None)
    return exact or next((r for r in relations if (r.to_id, r.from_id) == (from_id, to_id)), None)


def _named(source: Region, target: Region) -> str:
    return f"link of {place(source)} and {place(target)}"


def where(state: State, relation: Relation) -> str:
    """How a person finds the link: "link of region 1 (Car) and region 2 (Road)"."""
    return _named(state.regions[relation.from_id], state.regions[relation.to_id])


def take_over(edit: Edit, gone: Sequence[str], kept: str) -> None:
    """Links of regions that are about to go become those of *kept*, but for links to itself and second ones."""
    names = set(gone)
    made: list[Relation] = []
    for link in edit.relations:
        ends = tuple(kept if end in names else end for end in (link.from_id, link.to_id))
        if ends == (link.from_id, link.to_id):
            made.append(link)
        elif ends[0] != ends[1] and _find((*edit.relations, *made), *ends) is None:
            made.append(replace(link, from_id=ends[0], to_id=ends[1]))
    if len(made) != len(edit.relations) or any(a is not b for a, b in zip(made, edit.relations, strict=True)):
        edit.relations = tuple(made)
