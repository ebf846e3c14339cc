"""
Tags that stand for others: a Question is a Labels with one label and, if the text may have no answer, a Choices with
one choice. What is made here has the places of the Question's own attributes, so that problems point at them.
"""

from __future__ import annotations

from dataclasses import dataclass

from config_compiler.attrs import Values
from config_compiler.reader import Attribute, Element
from config_compiler.tags.model import Tag
from config_compiler.tags.rules import QUESTION_CHOICE, QUESTION_CHOICES, QUESTION_LABEL, QUESTION_LABELS


@dataclass(frozen=True, slots=True)
class Part:
    """A control as if it had been written, with its only option."""

    tag: Tag
    element: Element
    option_tag: Tag
    option: Element


def parts(values: Values) -> list[Part]:
    """The controls that the tag stands for: none for most tags, and none for a Question without a name."""
    name = values.text("name")
    if values.tag.name != "Question" or not name:
        return []
    label = {"label": "value", "background": "background", "hotkey": "hotkey", "granularity": "granularity"}
    labels = _taken(values, {"name": "name", "toName": "toName"})
    made = [Part(QUESTION_LABELS, _element(values, labels), QUESTION_LABEL, _element(values, _taken(values, label)))]
    if values.flag("unanswerable"):
        choices = (_attribute(values, "name", "name", none_of(name)), *_taken(values, {"toName": "toName"}))
        choice = _taken(values, {"unanswerableText": "value"})
        made.append(Part(QUESTION_CHOICES, _element(values, choices), QUESTION_CHOICE, _element(values, choice)))
    return made


def none_of(name: str) -> str:
    """The name of the choice that says that the text does not answer the Question *name*."""
    return f"{name}_none"


def _element(values: Values, attributes: tuple[Attribute, ...]) -> Element:
    origin = values.element
    return Element(origin.name, attributes, [], origin.span, origin.name_span)


def _taken(values: Values, names: dict[str, str]) -> tuple[Attribute, ...]:
    """Attributes of the Question under other names, with its defaults."""
    return tuple(
        _attribute(values, name, under, written.value if written else text)
        for name, under in names.items()
        if (text := values.text(name)) is not None
        for written in (values.given(name),)
    )


def _attribute(values: Values, name: str, under: str, text: str) -> Attribute:
    written = values.given(name)
    if written is None:
        span = values.element.name_span
        return Attribute(under, text, span, span, span)
    return Attribute(under, text, written.span, written.name_span, written.value_span)
