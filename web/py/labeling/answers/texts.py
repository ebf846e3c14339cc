"""Texts of a TextArea: typed, added, put in by a Shortcut, edited, removed."""

from __future__ import annotations

from dataclasses import replace

from labeling.answers.target import control_of, current, fault
from labeling.edit import Edit
from labeling.intents import AddText, EditText, InsertText, RemoveText, TypeText
from labeling.model import Texts
from labeling.plan_index import Control
from labeling.problems import Refusal

TextIntent = TypeText | InsertText | AddText | EditText | RemoveText


def changed(edit: Edit, intent: TextIntent) -> tuple[Control, Texts]:
    """The control and its texts after *intent*."""
    control = control_of(edit, intent.control, "textarea")
    answer = current(edit, control, intent.target)
    given = answer.value if answer and isinstance(answer.value, Texts) else Texts(())
    match intent:
        case TypeText():
            return control, replace(given, typing=intent.text)
        case InsertText():
            before, after = _split(given.typing, intent.place)
            return control, replace(given, typing=before + intent.text + after)
        case AddText():
            text = given.typing if intent.text is None else intent.text
            if not text.strip():
                raise fault("empty-text", "there is no text to add", control, "type something first")
            if problem := unaddable(control, given.texts, text):
                raise problem
            return control, Texts((*given.texts, text))
        case EditText(_, at, text):
            if not control.editable:
                raise fault("not-editable", "texts of this field cannot be changed", control, "remove it, add another")
            rest = _without(control, given.texts, at)
            if not text.strip():
                raise fault("empty-text", "a text cannot be empty", control, "remove it instead")
            if control.skip_duplicates and text.casefold() in map(str.casefold, rest):
                raise fault("duplicate-text", "this text is there already", control)
            return control, replace(given, texts=(*given.texts[:at], text, *given.texts[at + 1 :]))
        case RemoveText(_, at):
            return control, replace(given, texts=_without(control, given.texts, at))


def unaddable(control: Control, texts: tuple[str, ...], text: str) -> Refusal | None:
    """Why *text* may not be added to *texts*: too many, or there already (compared without case)."""
    if control.max_submissions is not None and len(texts) >= control.max_submissions:
        return fault("too-many-texts", f"this field takes at most {control.max_submissions}", control)
    if control.skip_duplicates and text.casefold() in map(str.casefold, texts):
        return fault("duplicate-text", "this text is there already", control)
    return None


def _without(control: Control, texts: tuple[str, ...], at: int) -> tuple[str, ...]:
    if not 0 <= at < len(texts):
        raise fault("no-text", f"there is no text {at + 1}", control)
    return (*texts[:at], *texts[at + 1 :])


def _split(text: str, place16: int | None) -> tuple[str, str]:
    """*text* before and after a place in UTF-16 units, as the page counts; half a character belongs to what follows."""
    if place16 is None:
        return text, ""
    count = 0
    for place, character in enumerate(text):
        count += 2 if ord(character) > 0xFFFF else 1
        if count > place16:
            return text[:place], text[place:]
    return text, ""
