"""Visibility: which nodes are shown, which controls apply to a region, which answers are dropped (reference, 6)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from labeling.model import Answer, Choice, Picked, Rated, Region, Texts
from labeling.plan_index import Condition, Control, OptionTable, PlanIndex

Answers = Mapping[str, Answer]
Tables = Mapping[str, OptionTable]


def region_fits(condition: Condition, region: Region | None, tables: Tables) -> bool:
    """Whether a ``region-selected`` condition holds for *region*. ``tag`` is a control's or an object's name."""
    if region is None:
        return False
    if condition.tag and condition.tag != region.object and condition.tag not in region.labels:
        return False
    if not condition.labels:
        return True
    names = {name for control, labels in region.labels.items() for name in _names(labels, tables.get(control))}
    return any(label in names or label.strip() in names for label in condition.labels)


def holds(condition: Condition, index: PlanIndex, tables: Tables, answers: Answers, region: Region | None) -> bool:
    """Whether *condition* holds while *region* is the selected one (None: no region, or several)."""
    match condition.kind:
        case "region-selected":
            return region_fits(condition, region, tables)
        case "no-region-selected":
            return region is None
        case "choice-selected":
            return _chosen(condition, index, tables, answers, region)
        case "choice-unselected":
            return not _chosen(condition, index, tables, answers, region)
        case "value-is":
            given = (answers.get(condition.tag),) if condition.tag else tuple(_all_answers(answers, region))
            return any(value in condition.choices for answer in given if answer for value in _values(answer))


def applies(control: Control, region: Region, index: PlanIndex, tables: Tables, answers: Answers) -> bool:
    """Whether a per-region control is shown for *region*."""
    return (
        control.per_region
        and region.object in control.to
        and all(holds(condition, index, tables, answers, region) for condition in control.chain)
    )


def shown(control: Control, index: PlanIndex, tables: Tables, answers: Answers, region: Region | None) -> bool:
    """Whether the control is on the page while *region* is selected."""
    if control.per_region:
        return region is not None and applies(control, region, index, tables, answers)
    return all(holds(condition, index, tables, answers, region) for condition in control.chain)


def dropped(control: Control, index: PlanIndex, tables: Tables, answers: Answers, region: Region | None) -> bool:
    """Whether the control's answer is left out of results: a choice that it depends on says so."""
    return any(
        condition.kind in ("choice-selected", "choice-unselected")
        and not holds(condition, index, tables, answers, region)
        for condition in control.chain
    )


def hidden_nodes(index: PlanIndex, tables: Tables, answers: Answers, region: Region | None) -> list[str]:
    """Keys of the nodes that are not shown, in document order; nodes inside a hidden one are listed too."""
    hidden = []
    for node in index.nodes:
        control = index.controls.get(node.control) if node.control else None
        visible = (
            shown(control, index, tables, answers, region)
            if control
            else all(holds(condition, index, tables, answers, region) for condition in node.chain)
        )
        if not visible:
            hidden.append(node.key)
    return hidden


def _chosen(condition: Condition, index: PlanIndex, tables: Tables, answers: Answers, region: Region | None) -> bool:
    if condition.tag is None:
        # Without a tag: any selection of any Choices; the choices named are then not looked at.
        return any(isinstance(answer.value, Picked) for answer in _all_answers(answers, region))
    control = index.controls.get(condition.tag)
    if control is None:
        return False
    held = region.answers if control.per_region and region else {} if control.per_region else answers
    answer = held.get(control.name)
    if answer is None or not isinstance(answer.value, Picked) or not answer.value.choices:
        return False
    if not condition.choices:
        return True
    names = _names(tuple(_leaf(choice) for choice in answer.value.choices), tables.get(control.name))
    return any(choice in names or choice.strip() in names for choice in condition.choices)


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


def _leaf(choice: Choice) -> str:
    return choice if isinstance(choice, str) else choice[-1]


def _values(answer: Answer) -> Iterator[str]:
    match answer.value:
        case Picked(choices):
            yield from map(_leaf, choices)
        case Texts(texts):
            yield from texts
        case Rated(rating):
            yield str(rating)
