"""Labels of regions: who may label what, what is active, how often each is used (reference, 12.1 and 29.1)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from labeling import colours, conditions
from labeling.edit import Edit, changed
from labeling.intents import PickLabel
from labeling.model import Region, Task, place
from labeling.plan_index import Control, ObjectPart, Option, ShapeKind
from labeling.problems import refuse

#: The active "label" of a control with ``allow_empty``: the next region gets none.
NO_LABEL = ""


def option(task: Task, control: str, label: str) -> Option | None:
    table = task.tables.get(control)
    return table.by_name.get(label) if table else None


def color(task: Task, control: str, labels: tuple[str, ...]) -> str:
    """The colour of the first label; without labels the control's own."""
    if labels and labels[0] != NO_LABEL:
        found = option(task, control, labels[0])
        return (found.color if found else "") or colours.of_text(labels[0])
    owner = task.index.controls.get(control)
    return (owner.color if owner else None) or colours.NO_LABEL


def region_color(task: Task, region: Region) -> str:
    own = region.labels.get(region.control, ())
    if own:
        return color(task, region.control, own)
    for control, labels in region.labels.items():
        if labels:
            return color(task, control, labels)
    return color(task, region.control, ())


def fits(task: Task, control: Control, region: Region) -> bool:
    """Whether the control may label *region*: plain Labels any of its objects, others only their own kind of shape."""
    if region.object not in control.to:
        return False
    return control.type == "labels" or control.makes(task.index.objects[region.object]) == region.shape.kind


@dataclass(frozen=True, slots=True)
class Tool:
    """What a press on an object may start: a region of *kind* of *control*."""

    kind: ShapeKind
    control: Control


def tools(task: Task, part: ObjectPart, active: Mapping[str, tuple[str, ...]]) -> list[Tool]:
    """What may be drawn on the object now, the best first (reference, 29.1).

    A labels control needs an active label; a plain shape tag draws with or without one, and a Taxonomy that labels
    regions when nothing else does. Messages are written, not drawn.
    """
    if not part.selection_enabled:
        return []
    labelled: list[Tool] = []
    plain: list[Tool] = []
    for control in task.index.makers[part.name]:
        kind = control.makes(part)
        if kind is None or kind == "message":
            continue
        if not control.labels:
            plain.append(Tool(kind, control))
        elif active.get(control.name):
            labelled.append(Tool(kind, control))
    return labelled + plain


def active_for(
    task: Task, part: ObjectPart, active: Mapping[str, tuple[str, ...]], primary: Tool
) -> dict[str, tuple[str, ...]]:
    """Labels that a new region gets, by control: those of *primary* first, then of all others that may label it."""
    own = primary.control
    given = {own.name: _without_empty(active[own.name])} if own.labels else {}
    for control in task.index.controls_of[part.name]:
        if control is not own and (control.type == "labels" or control.makes(part) == primary.kind):
            labels = _without_empty(active.get(control.name, ()))
            if labels:
                given[control.name] = labels
    return given


def labelled_by(task: Task, region: Region) -> str:
    """The control whose labels are the region's first: its own, or for a plain shape the first that labels it."""
    own = task.index.controls.get(region.control)
    if own is None or own.labels:
        return region.control
    return next((name for name, given in region.labels.items() if given), region.control)


def limit(control: Control, found: Option | None) -> int | None:
    """At most so many regions may have the label."""
    return found.max_usages if found and found.max_usages is not None else control.max_usages


def full(task: Task, counts: Mapping[str, Mapping[str, int]]) -> dict[str, list[str]]:
    """Labels at their maxUsages by control, in the options' order; every control with labels is there."""
    reached: dict[str, list[str]] = {}
    for control in task.index.controls.values():
        used = counts.get(control.name)
        if used is None:
            continue
        reached[control.name] = [
            entry.stored
            for entry in task.tables[control.name].options
            if (most := limit(control, entry)) is not None and used.get(entry.stored, 0) >= most
        ]
    return reached


def check_limits(edit: Edit, wanted: Iterable[tuple[str, str]] = ()) -> None:
    """Refuse an edit that uses a label more often than it may; *wanted* are labels about to be activated.

    Raises:
        Refusal: label-full.
    """
    counts = edit.counts()
    before = edit.state.counts
    grown = [
        (control, label)
        for control, used in counts.items()
        if used is not before[control]
        for label, number in used.items()
        if number > before[control].get(label, 0)
    ]
    for control_name, label in grown:
        control = edit.task.index.controls[control_name]
        most = limit(control, option(edit.task, control_name, label))
        if most is not None and counts[control_name][label] > most:
            raise _full(control, label, most)
    for control_name, label in wanted:
        control = edit.task.index.controls[control_name]
        most = limit(control, option(edit.task, control_name, label))
        if most is not None and counts[control_name].get(label, 0) >= most:
            raise _full(control, label, most)


def pick_label(edit: Edit, intent: PickLabel) -> None:
    """With fitting regions selected: change their labels. Else switch the label on or off for the next region."""
    control = edit.task.index.controls.get(intent.control)
    if control is None or not control.labels:
        raise refuse("unknown-control", f"no control {intent.control!r} with labels", f"control {intent.control}")
    stored = _stored(edit.task, control, intent.label)
    selected = [region for name in edit.selection if (region := edit.region(name))]
    targets = [region for region in selected if fits(edit.task, control, region)]
    if targets:
        adding = any(stored not in region.labels.get(control.name, ()) for region in targets)
        for region in targets:
            relabel(edit, control, region, stored, adding=adding)
        check_limits(edit)
        return
    current = edit.active[control.name]
    if stored in current:
        if intent.by_key and edit.task.settings.keep_labels:
            return  # people press their label's key before every region; a second press must not switch it off
        edit.activate(control.name, tuple(label for label in current if label != stored))
        return
    check_limits(edit, [(control.name, stored)] if stored != NO_LABEL else ())
    _put_down_others(edit, control)
    if control.choice == "multiple" and stored != NO_LABEL:
        table = edit.task.tables[control.name]
        edit.activate(control.name, table.ordered((*_without_empty(current), stored)))
    else:
        edit.activate(control.name, (stored,))


def _put_down_others(edit: Edit, control: Control) -> None:
    """Labels of other kinds of shapes on the same objects: the label picked last says what is drawn next."""
    objects = edit.task.index.objects
    for other in edit.task.index.controls.values():
        for name in other.to:
            kind = control.makes(objects[name]) if name in control.to else None
            if other is not control and kind and other.labels and other.makes(objects[name]) not in (None, kind):
                edit.activate(other.name, ())


def relabel(edit: Edit, control: Control, region: Region, stored: str, *, adding: bool) -> None:
    """Single replaces, multiple toggles; the only label of a region stays, unless the control allows none."""
    current = region.labels.get(control.name, ())
    if stored == NO_LABEL:
        labels: tuple[str, ...] = ()
    elif control.choice == "multiple":
        rest = tuple(label for label in current if label != stored)
        labels = edit.task.tables[control.name].ordered((*rest, stored)) if adding else rest
    else:
        labels = (stored,) if adding else ()
    if labels == current:
        return
    edit.must_change(region)
    others = any(given for name, given in region.labels.items() if name != control.name)
    if not labels and not control.allow_empty and not others:
        if control.choice != "multiple":
            return
        raise refuse(
            "last-label",
            "a region keeps at least one label",
            place(region),
            "pick another label first, or delete the region",
            control=control.name,
            region=region.id,
        )
    given = {**region.labels, control.name: labels}
    if not labels and control.name != region.control:
        del given[control.name]
    made = changed(region, labels=given)
    edit.put(without_unfit_answers(edit.task, made) if made.answers else made)


def without_unfit_answers(task: Task, region: Region) -> Region:
    """Answers of per-region controls that ask for a label which the region has lost go with it."""
    kept = {
        name: answer
        for name, answer in region.answers.items()
        if all(
            conditions.region_fits(condition, region, task.tables)
            for condition in task.index.controls[name].chain
            if condition.kind == "region-selected"
        )
    }
    return region if len(kept) == len(region.answers) else replace(region, answers=kept)


def _stored(task: Task, control: Control, label: str) -> str:
    if label == NO_LABEL and control.allow_empty:
        return NO_LABEL
    stored = task.tables[control.name].stored(label)
    if stored is None:
        hint = "labels: " + ", ".join(entry.stored for entry in task.tables[control.name].options[:10])
        raise refuse("unknown-label", f"no label {label!r}", f"control {control.name}", hint, control=control.name)
    return stored


def _without_empty(labels: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(label for label in labels if label != NO_LABEL)


def _full(control: Control, label: str, most: int) -> Exception:
    times = "once" if most == 1 else f"{most} times"
    return refuse(
        "label-full",
        f"{label} may be used {times}",
        f"control {control.name}",
        "delete or relabel a region that has it",
        control=control.name,
    )


def release_full(edit: Edit) -> None:
    """Labels that have just reached their maxUsages are no longer active: the next region could not have them."""
    if not edit.changes_regions:
        return
    for control, names in full(edit.task, edit.counts()).items():
        active = edit.active[control]
        left = tuple(label for label in active if label not in names)
        if left != active:
            edit.activate(control, left)
