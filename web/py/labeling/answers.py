"""What intents do to answers: choices, ratings and texts, of the whole object or of one region."""

from __future__ import annotations

from dataclasses import replace
from typing import assert_never

from labeling import conditions
from labeling.edit import Edit, touched
from labeling.intents import AddText, AnswerIntent, Choose, EditText, Rate, RemoveText, TypeText
from labeling.model import Answer, AnswerValue, Choice, Picked, Rated, Texts, place
from labeling.plan_index import Control
from labeling.problems import Refusal, refuse

_NOTHING: dict[str, AnswerValue] = {"choices": Picked(()), "textarea": Texts(()), "rating": Rated(0)}


def is_empty(value: AnswerValue) -> bool:
    """Whether there is nothing to store: nothing picked, no text, rating 0."""
    return value in (Picked(()), Texts(()), Rated(0))


def apply(edit: Edit, intent: AnswerIntent, at: float) -> None:
    """
    Args:
        at: the intent's clock; gives an answer its id if the intent brings none.
    """
    match intent:
        case Choose():
            control = _control(edit, intent.control, "choices")
            _change(edit, control, intent.region, intent.answer, at, _chosen(edit, control, intent))
        case Rate():
            control = _control(edit, intent.control, "rating")
            _change(edit, control, intent.region, intent.answer, at, _rated(edit, control, intent))
        case TypeText():
            control = _control(edit, intent.control, "textarea")
            given = _texts(edit, control, intent.region)
            _change(edit, control, intent.region, intent.answer, at, replace(given, typing=intent.text))
        case AddText():
            control = _control(edit, intent.control, "textarea")
            given = _texts(edit, control, intent.region)
            text = given.typing if intent.text is None else intent.text
            if not text.strip():
                raise _fault("empty-text", "there is no text to add", control, "type something first")
            if fault := unaddable(control, given.texts, text):
                raise fault
            _change(edit, control, intent.region, intent.answer, at, Texts((*given.texts, text)))
        case EditText(_, place_in_list, text, region):
            control = _control(edit, intent.control, "textarea")
            given = _texts(edit, control, region)
            if not control.editable:
                raise _fault("not-editable", "texts of this field cannot be changed", control, "remove it, add another")
            rest = _without(control, given.texts, place_in_list)
            if not text.strip():
                raise _fault("empty-text", "a text cannot be empty", control, "remove it instead")
            if control.skip_duplicates and text.casefold() in map(str.casefold, rest):
                raise _fault("duplicate-text", "this text is there already", control)
            texts = (*given.texts[:place_in_list], text, *given.texts[place_in_list + 1 :])
            _change(edit, control, region, None, at, replace(given, texts=texts))
        case RemoveText(_, place_in_list, region):
            control = _control(edit, intent.control, "textarea")
            given = _texts(edit, control, region)
            _change(
                edit, control, region, None, at, replace(given, texts=_without(control, given.texts, place_in_list))
            )
        case _:
            assert_never(intent)


def unaddable(control: Control, texts: tuple[str, ...], text: str) -> Refusal | None:
    """Why *text* may not be added to *texts*: too many, or there already (compared without case)."""
    if control.max_submissions is not None and len(texts) >= control.max_submissions:
        return _fault("too-many-texts", f"this field takes at most {control.max_submissions}", control)
    if control.skip_duplicates and text.casefold() in map(str.casefold, texts):
        return _fault("duplicate-text", "this text is there already", control)
    return None


def _control(edit: Edit, name: str, wanted: str) -> Control:
    control = edit.task.index.controls.get(name)
    if control is None or control.type != wanted:
        raise refuse("unknown-control", f"no {wanted} control {name!r}", f"control {name}")
    return control


def _current(edit: Edit, control: Control, region_id: str | None) -> Answer | None:
    """The answer that an intent is about, after checking that it may be changed now."""
    region = None
    if control.per_region:
        name = region_id if region_id is not None else (edit.selection[0] if len(edit.selection) == 1 else None)
        if name is None:
            raise _fault("no-region", "this control answers for a region", control, "select one region first")
        region = edit.must_change(edit.must_have(name))
        if region.object not in control.to:
            raise _fault("wrong-region", f"this control does not answer for {place(region)}", control)
        answer = region.answers.get(control.name)
    else:
        region = edit.state.selected
        answer = edit.answer(control.name)
    if not conditions.shown(control, edit.task.index, edit.task.tables, edit.state.answers, region):
        raise _fault("hidden-control", "this control is not shown now", control)
    if answer is not None and answer.readonly:
        raise _fault("readonly", "this answer cannot be changed", control)
    return answer


def _change(
    edit: Edit, control: Control, region_id: str | None, new_id: str | None, at: float, value: AnswerValue
) -> None:
    answer = _current(edit, control, region_id)
    if (answer.value if answer else _NOTHING[control.type]) == value:
        return
    region = None
    if control.per_region:
        region = edit.must_have(region_id if region_id is not None else edit.selection[0])
    if is_empty(value):
        after = None
    elif answer is not None:
        changed_origin = "prediction-changed" if answer.origin == "prediction" else answer.origin
        after = replace(answer, value=value, origin=changed_origin)
    else:
        made = region.id if region else new_id or _own_id(control, at)
        after = Answer(made, value, region.object if region else control.to[0])
    if region is None:
        edit.put_answer(control.name, after)
        return
    rest = {name: given for name, given in region.answers.items() if name != control.name}
    if after is not None:
        rest[control.name] = after
    edit.put(touched(replace(region, answers=rest)))


def _own_id(control: Control, at: float) -> str:
    # Only for intents without an id (hotkeys of a plan, scripts): unique, as a control has one whole-object answer.
    return f"a{control.position}-{int(at):x}"


def _rated(edit: Edit, control: Control, intent: Rate) -> Rated:
    rating = intent.rating
    if rating is None:
        answer = _current(edit, control, intent.region)
        held = answer.value.rating if answer and isinstance(answer.value, Rated) else 0
        rating = (held + (intent.step or 0)) % (control.max_rating + 1)
    if not 0 <= rating <= control.max_rating:
        raise _fault("bad-rating", f"a rating is 0 to {control.max_rating}, not {rating}", control)
    return Rated(rating)


def _chosen(edit: Edit, control: Control, intent: Choose) -> Picked:
    answer = _current(edit, control, intent.region)
    held = answer.value.choices if answer and isinstance(answer.value, Picked) else ()
    choice = stored_choice(edit, control, intent.choice)
    checked = choice not in held if intent.checked is None else intent.checked
    if control.choice == "multiple":
        if checked == (choice in held):
            return Picked(held)
        return Picked(ordered(edit, control, (*held, choice)) if checked else tuple(c for c in held if c != choice))
    if checked:
        return Picked((choice,))
    if control.choice == "single-radio":
        return Picked(held)
    return Picked(tuple(c for c in held if c != choice))


def stored_choice(edit: Edit, control: Control, choice: Choice) -> Choice:
    """What results hold for the choice: its stored name, or a path of them where nesting is allowed."""
    table = edit.task.tables[control.name]
    path = (choice,) if isinstance(choice, str) else choice
    stored = table.stored(path[-1])
    if stored is None or (len(path) > 1 and table.paths[stored] != path):
        hint = "choices: " + ", ".join(entry.stored for entry in table.options[:10])
        raise _fault("unknown-choice", f"no choice {' / '.join(path)!r}", control, hint)
    return table.paths[stored] if control.allow_nested else stored


def ordered(edit: Edit, control: Control, choices: tuple[Choice, ...]) -> tuple[Choice, ...]:
    """Choices in the order of the config, so that the order of clicks does not make answers differ."""
    position = edit.task.tables[control.name].position

    def key(choice: Choice) -> list[int]:
        return [position.get(name, len(position)) for name in ((choice,) if isinstance(choice, str) else choice)]

    return tuple(sorted(choices, key=key))


def _texts(edit: Edit, control: Control, region_id: str | None) -> Texts:
    answer = _current(edit, control, region_id)
    return answer.value if answer and isinstance(answer.value, Texts) else Texts(())


def _without(control: Control, texts: tuple[str, ...], place_in_list: int) -> tuple[str, ...]:
    if not 0 <= place_in_list < len(texts):
        raise _fault("no-text", f"there is no text {place_in_list + 1}", control)
    return (*texts[:place_in_list], *texts[place_in_list + 1 :])


def _fault(code: str, message: str, control: Control, hint: str = "") -> Refusal:
    return refuse(code, message, f"control {control.name}", hint, control=control.name)
