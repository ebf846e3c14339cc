"""What intents do to answers: of the whole object, of one page or of one region. One module per kind of answer."""

from __future__ import annotations

from typing import assert_never

from labeling.answers import choices, ranking, texts, values
from labeling.answers.target import change, control_of, current, fault
from labeling.answers.texts import unaddable
from labeling.edit import Edit
from labeling.intents import (
    AddText,
    AnswerIntent,
    Choose,
    EditText,
    InsertText,
    MoveItem,
    Rate,
    RemoveText,
    SetAnswer,
    TogglePath,
    TypeText,
)
from labeling.model import AnswerValue, Itemized, Paths, Picked, Rated, Texts
from labeling.plan_index import Control

__all__ = ["apply", "is_empty", "unaddable"]


def is_empty(value: AnswerValue) -> bool:
    """Whether there is nothing to store: nothing picked, no text, rating 0."""
    return value in (Picked(()), Texts(()), Rated(0), Paths(()))


def apply(edit: Edit, intent: AnswerIntent) -> None:
    match intent:
        case Choose():
            control, value = choices.chosen(edit, intent)
            change(edit, control, intent.target, value, Picked(()))
        case TogglePath():
            control, paths = choices.toggled(edit, intent)
            change(edit, control, intent.target, paths, Paths(()))
        case Rate():
            _rate(edit, intent)
        case SetAnswer():
            control, given = values.given(edit, intent)
            change(edit, control, intent.target, given, _nothing(control))
        case MoveItem():
            control, ranked = ranking.moved(edit, intent)
            change(edit, control, intent.target, ranked, Itemized())
        case TypeText() | InsertText() | AddText() | EditText() | RemoveText():
            control, written = texts.changed(edit, intent)
            change(edit, control, intent.target, written, Texts(()))
        case _:
            assert_never(intent)


def _nothing(control: Control) -> AnswerValue:
    """The value that means "no answer"; types that have none are told apart by one that they never hold."""
    return Paths(()) if control.type == "taxonomy" else Itemized()


def _rate(edit: Edit, intent: Rate) -> None:
    control = control_of(edit, intent.control, "rating", "number")
    if control.type == "number":  # the hotkey of a Number adds a step, as that of a Rating does
        step = SetAnswer(intent.control, {"number": intent.rating}, intent.step, intent.target)
        change(edit, control, intent.target, values.given(edit, step)[1], _nothing(control))
        return
    rating = intent.rating
    if rating is None:
        answer = current(edit, control, intent.target)
        held = answer.value.rating if answer and isinstance(answer.value, Rated) else 0
        rating = (held + (intent.step or 0)) % (control.max_rating + 1)
    if not 0 <= rating <= control.max_rating:
        raise fault("bad-rating", f"a rating is 0 to {control.max_rating}, not {rating}", control)
    change(edit, control, intent.target, Rated(rating), Rated(0))
