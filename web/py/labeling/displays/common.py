"""What the displays of all types share: the shape of the answer, addresses, numbers, and how values are named."""

from __future__ import annotations

import math
import re
from typing import TypedDict

from labeling import reading
from labeling.plan_index import ObjectPart
from labeling.problems import Problem, problem


class Phrase(TypedDict, total=False):
    """One turn of a dialogue; ``start`` and ``end`` in seconds, if the data has them."""

    author: str
    text: str
    start: float
    end: float


class Item(TypedDict):
    """One entry of a List; ``html`` is shown in place of ``body`` if it is not empty."""

    id: str
    title: str
    body: str
    html: str


class Message(TypedDict, total=False):
    """One message of a Chat; ``createdAt`` in ms since 1970."""

    role: str
    content: str
    createdAt: float


class ObjectDisplay(TypedDict, total=False):
    """What an object has to show, by its type; ``problem`` says why there is nothing.

    ``url``: image, audio, video, pdf, or any type whose data the page must fetch. ``urls``: pages of an image.
    ``text``: text, hypertext. ``frame_rate``: video, frames per second. ``series``: columns of a timeseries by the
    names that the config uses. ``phrases`` and ``audio``: paragraphs. ``columns`` and ``rows``: table. ``items``: list.
    ``messages``: chat. ``points``: rows of x, y, z and more. ``data`` and ``src``: component.
    """

    url: str
    urls: list[str]
    text: str
    frame_rate: float
    series: dict[str, list[float | str | None]]
    phrases: list[Phrase]
    audio: str
    columns: list[str]
    rows: list[list[str]]
    items: list[Item]
    messages: list[Message]
    points: list[list[float]]
    data: object
    src: str
    problem: Problem


# Browsers skip blanks and control characters in and before a scheme.
_SKIPPED = re.compile("[\x00-\x20\x7f]")
_SCRIPTS = ("javascript:", "vbscript:")


def fault(part: ObjectPart, code: str, message: str, hint: str) -> ObjectDisplay:
    """A display that is only a problem."""
    return {"problem": problem(code, message, f"{part.type} {part.name}", hint, object=part.name)}


def wrong(part: ObjectPart, value: object, wanted: str, hint: str) -> ObjectDisplay:
    """The problem of a field of the wrong type: says what it holds, what is *wanted* and the way out."""
    return fault(part, "wrong-type", f"its field holds {named(value)}, not {wanted}", hint)


def is_script(url: str) -> bool:
    """Whether a browser would run the address as a program."""
    return _SKIPPED.sub("", url).lower().startswith(_SCRIPTS)


def address(part: ObjectPart, url: str) -> ObjectDisplay:
    if is_script(url):
        return fault(part, "unsafe-address", "its address is a script", "use an https: or data: address")
    return {"url": url}


def named(value: object) -> str:
    """A JSON value in a word or two, for messages."""
    if value is None:
        return "nothing"
    if isinstance(value, str):
        return "a text" if value.strip() else "an empty text"
    names = {bool: "true or false", list: "a list", dict: "an object"}
    return names.get(type(value), "a number")


def number(value: object) -> float | None:
    """A finite number, also one that is written as text ("0.5"); None for anything else."""
    if isinstance(value, str):
        try:
            found = float(value)
        except ValueError:
            return None
        return found if math.isfinite(found) else None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return value if -1e300 <= value <= 1e300 else None


def parsed(value: object) -> object:
    """A JSON value that came as its text; everything else as it is."""
    if isinstance(value, str) and value.lstrip()[:1] in ("[", "{"):
        found = reading.json_text(value)
        return value if found is None else found
    return value
