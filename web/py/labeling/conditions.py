"""Visibility: which nodes are shown, which controls apply to a region, which answers are dropped (reference, 6).

Answers of perItem controls belong to pages: ``items`` says which page of each object is looked at (none said: its
first). ``ANY_PAGE`` asks for any page, as whoever writes results does.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from labeling import values
from labeling.model import (
    Answer,
    Choice,
    Custom,
    Dated,
    Itemized,
    Numbered,
    Paths,
    Picked,
    Ranked,
    Rated,
    Region,
    Selected,
    Texts,
)
from labeling.plan_index import Condition, Control, OptionTable, PlanIndex

Answers = Mapping[str, Answer]
Tables = Mapping[str, OptionTable]
#: The page looked at, by object; None: any page.
Items = Mapping[str, int] | None
ANY_PAGE: Items = None


def region_fits(condition: Condition, region: Region | None, tables: Tables) -> bool:
    """Whether a ``region-selected`` condition holds for *region*. ``tag`` is a control's or an object's name."""
    if region is None:
        return False
    if condition.tag and condition.tag not in (region.object, region.control) and condition.tag not in region.labels:
        return False
    if condition.role and getattr(region.shape, "role", None) != condition.role:
        return False
    if not condition.labels:
        return True
    names = {name for control, labels in region.labels.items() for name in _names(labels, tables.get(control))}
    for control, answer in region.answers.items():
        if isinstance(answer.value, Paths):  # a Taxonomy that labels regions
            names |= _names(tuple(path[-1] for path in answer.value.paths if path), tables.get(control))
    return _any_of(condition.labels, names)


def holds(
    condition: Condition,
    index: PlanIndex,
    tables: Tables,
    answers: Answers,
    region: Region | None,
    items: Items = ANY_PAGE,
) -> bool:
    """Whether *condition* holds while *region* is the selected one (None: no region, or several)."""
    match condition.kind:
        case "region-selected":
            return region_fits(condition, region, tables)
        case "no-region-selected":
            return region is None
        case "choice-selected":
            return _chosen(condition, index, tables, answers, region, items)
        case "choice-unselected":
            return not _chosen(condition, index, tables, answers, region, items)
        case "value-is":
            if condition.tag:
                given = [answers[condition.tag]] if condition.tag in answers else []
            else:
                given = list(_all_answers(answers, region))
            said = [value for answer in given for one in _of_pages(answer, items) for value in _values(one)]
            return any(value in condition.choices for value in said)


def applies(
    control: Control, region: Region, index: PlanIndex, tables: Tables, answers: Answers, items: Items = ANY_PAGE
) -> bool:
    """Whether a per-region control is shown for *region*."""
    return (
        control.per_region
        and region.object in control.to
        and all(holds(condition, index, tables, answers, region, items) for condition in control.chain)
    )


def shown(
    control: Control,
    index: PlanIndex,
    tables: Tables,
    answers: Answers,
    region: Region | None,
    items: Items = ANY_PAGE,
) -> bool:
    """Whether the control is on the page while *region* is selected."""
    if control.per_region:
        return region is not None and applies(control, region, index, tables, answers, items)
    return all(holds(condition, index, tables, answers, region, items) for condition in control.chain)


def dropped(
    control: Control,
    index: PlanIndex,
    tables: Tables,
    answers: Answers,
    region: Region | None,
    items: Items = ANY_PAGE,
) -> bool:
    """Whether the control's answer is left out of results: a choice that it depends on says so."""
    return any(
        condition.kind in ("choice-selected", "choice-unselected")
        and not holds(condition, index, tables, answers, region, items)
        for condition in control.chain
    )


def hidden_nodes(
    index: PlanIndex, tables: Tables, answers: Answers, region: Region | None, items: Items = ANY_PAGE
) -> list[str]:
    """Keys of the nodes that are not shown, in document order; nodes inside a hidden one are listed too."""
    hidden = []
    for node in index.nodes:
        control = index.controls.get(node.control) if node.control else None
        # A Taxonomy that labels regions is also where its next label is picked: it does not wait for a region.
        visible = (
            shown(control, index, tables, answers, region, items)
            if control and not control.labeling
            else all(holds(condition, index, tables, answers, region, items) for condition in node.chain)
        )
        if not visible:
            hidden.append(node.key)
    return hidden


def _chosen(
    condition: Condition, index: PlanIndex, tables: Tables, answers: Answers, region: Region | None, items: Items
) -> bool:
    if condition.tag is None:
        # Without a tag: any selection of any Choices; the choices named are then not looked at.
        given = [one for answer in _all_answers(answers, region) for one in _of_pages(answer, items)]
        return any(isinstance(answer.value, Picked) and answer.value.choices for answer in given)
    control = index.controls.get(condition.tag)
    if control is None:
        return False
    held = region.answers if control.per_region and region else {} if control.per_region else answers
    answer = held.get(control.name)
    if answer is None:
        return False
    leaves = tuple(leaf for one in _of_pages(answer, items) for leaf in _leaves(one))
    if not condition.choices:
        return bool(leaves)
    return _any_of(condition.choices, _names(leaves, tables.get(control.name)))


def _of_pages(answer: Answer, items: Items) -> Iterator[Answer]:
    """The answer itself; of a perItem control the one of the page looked at, or of every page."""
    if not isinstance(answer.value, Itemized):
        yield answer
    elif items is None:
        yield from answer.items.values()
    elif (one := answer.items.get(items.get(answer.to, 0))) is not None:
        yield one


def _any_of(wanted: tuple[str, ...], names: Collection[str]) -> bool:
    """Whether one of the words of a comma list is among *names*; a name that has commas itself is the whole list."""
    if any(word in names or word.strip() in names for word in wanted):
        return True
    return len(wanted) > 1 and any(
        "," in name and tuple(part.strip() for part in name.split(",")) == wanted for name in names
    )


def _all_answers(answers: Answers, region: Region | None) -> Iterator[Answer]:
    yield from answers.values()
    if region:
        yield from region.answers.values()


def _names(stored: tuple[str, ...], table: OptionTable | None) -> set[str]:
    """Stored names with the value and alias of the options that they mean."""
    names = set(stored)
    for name in stored:
        option = table.by_name.get(name) if table else None
        if option:
            names |= {option.value, option.alias or option.value}
    return names


def _leaves(answer: Answer) -> Iterator[str]:
    """What is selected; of a path its last name."""
    match answer.value:
        case Picked(choices):
            yield from map(_leaf, choices)
        case Paths(paths):
            yield from (path[-1] for path in paths if path)


def _leaf(choice: Choice) -> str:
    return choice if isinstance(choice, str) else choice[-1]


def _values(answer: Answer) -> Iterator[str]:
    """What an answer says, as texts that a config could name."""
    match answer.value:
        case Picked() | Paths():
            yield from _leaves(answer)
        case Texts(texts):
            yield from texts
        case Rated(rating):
            yield str(rating)
        case Numbered(number):
            yield values.as_text(number)
        case Dated(text):
            yield text
        case Selected(side):
            yield side
        case Ranked() | Custom() | Itemized():
            return
