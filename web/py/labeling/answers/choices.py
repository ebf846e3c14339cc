"""Choices and items of taxonomies: what a click on one of them means."""

from __future__ import annotations

from labeling.answers.target import control_of, current, fault
from labeling.edit import Edit
from labeling.intents import Choose, TogglePath
from labeling.model import Choice, Paths, Picked
from labeling.plan_index import Control, Option, OptionTable


def chosen(edit: Edit, intent: Choose) -> tuple[Control, Picked]:
    """The control and what is picked after a click: single replaces, multiple toggles, single-radio stays."""
    control = control_of(edit, intent.control, "choices")
    answer = current(edit, control, intent.target)
    held = answer.value.choices if answer and isinstance(answer.value, Picked) else ()
    choice = _stored(edit, control, intent.choice)
    checked = choice not in held if intent.checked is None else intent.checked
    if control.choice == "multiple":
        if checked == (choice in held):
            return control, Picked(held)
        rest = tuple(c for c in held if c != choice)
        return control, Picked(_ordered(edit, control, (*rest, choice)) if checked else rest)
    if checked:
        return control, Picked((choice,))
    if control.choice == "single-radio":
        return control, Picked(held)
    return control, Picked(tuple(c for c in held if c != choice))


def toggled(edit: Edit, intent: TogglePath) -> tuple[Control, Paths]:
    """The taxonomy and its items after one was switched on or off."""
    control = control_of(edit, intent.control, "taxonomy")
    answer = current(edit, control, intent.target)
    held = answer.value.paths if answer and isinstance(answer.value, Paths) else ()
    # What an older config knew can still be taken away.
    path = intent.path if intent.path in held else known_path(edit, control, intent.path)
    checked = path not in held if intent.checked is None else intent.checked
    if checked == (path in held):
        return control, Paths(held)
    if not checked:
        return control, Paths(tuple(other for other in held if other != path))
    if control.max_usages == 1:
        held = ()  # with one place, picking another replaces, as in a single choice
    made = (*held, path)
    allowed(control, made)
    return control, Paths(in_order(edit.task.tables[control.name], made))


def known_path(edit: Edit, control: Control, path: tuple[str, ...]) -> tuple[str, ...]:
    """The stored names of an item, or a refusal: there is none, or it is no leaf where only leaves count."""
    table = edit.task.tables[control.name]
    if loads_elsewhere(control):
        return path
    found = table.path(path)
    if found is None:
        hint = "it begins with: " + ", ".join(option.stored for option in table.options[:10])
        raise fault("unknown-choice", f"no item {' / '.join(path)!r:.200}", control, hint)
    if control.raw.get("leafs_only") is True and children_of(table, found):
        names = ", ".join(option.value for option in children_of(table, found)[:5])
        raise fault("not-a-leaf", f"{found[-1]} has items beneath it", control, f"pick one of them: {names}")
    return found


def allowed(control: Control, paths: tuple[tuple[str, ...], ...]) -> None:
    """Refuse more items than ``maxUsages``."""
    if control.max_usages is not None and len(paths) > control.max_usages:
        raise fault("too-many-choices", f"at most {control.max_usages} items may be picked", control, "take one away")


def loads_elsewhere(control: Control) -> bool:
    """Whether items come from an address while labeling: then the engine does not know them."""
    return bool(control.raw.get("api_url"))


def children_of(table: OptionTable, path: tuple[str, ...]) -> tuple[Option, ...]:
    """What is beneath the item at *path* (stored names)."""
    options = table.options
    for name in path:
        here = next((option for option in options if option.stored == name), None)
        if here is None:
            return ()
        options = here.children
    return options


def in_order(table: OptionTable, paths: tuple[tuple[str, ...], ...]) -> tuple[tuple[str, ...], ...]:
    """Items in the order of the config, so that the order of clicks does not make answers differ."""

    def place(path: tuple[str, ...]) -> list[int]:
        options, found = table.options, []
        for name in path:
            at = next((at for at, option in enumerate(options) if option.stored == name), len(options))
            found.append(at)
            options = options[at].children if at < len(options) else ()
        return found

    return tuple(sorted(dict.fromkeys(paths), key=place))


def _stored(edit: Edit, control: Control, choice: Choice) -> Choice:
    """What results hold for the choice: its stored name, or a path of them where nesting is allowed."""
    table = edit.task.tables[control.name]
    path = (choice,) if isinstance(choice, str) else choice
    found = table.path(path) if len(path) > 1 else None
    if found is None and len(path) == 1 and (stored := table.stored(path[0])) is not None:
        found = table.paths[stored]
    if found is None:
        hint = "choices: " + ", ".join(entry.stored for entry in table.options[:10])
        raise fault("unknown-choice", f"no choice {' / '.join(path)!r:.200}", control, hint)
    return found if control.allow_nested else found[-1]


def _ordered(edit: Edit, control: Control, choices: tuple[Choice, ...]) -> tuple[Choice, ...]:
    table = edit.task.tables[control.name]
    if control.allow_nested:
        return in_order(table, tuple((choice,) if isinstance(choice, str) else choice for choice in choices))
    return tuple(sorted(choices, key=lambda choice: table.position.get(str(choice), len(table.position))))
