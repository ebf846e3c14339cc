"""What every kind of region can do: be read, checked, drawn, written, shown. One ``Kind`` each, in registry.py."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeAlias, TypeVar

from labeling import reading
from labeling.geometry import Size
from labeling.plan_parts import Control, Granularity, ObjectPart, ShapeKind
from labeling.problems import Refusal, refuse
from labeling.spans import TextDoc

S = TypeVar("S")

Value: TypeAlias = Mapping[str, object]
Json: TypeAlias = dict[str, object]
#: (left, top, right, bottom) in the units of the object.
Bounds: TypeAlias = tuple[float, float, float, float]

#: Percent. Shapes may leave the image, but not by this much.
FARTHEST = 100_000
#: Points of one polygon, key frames of one track, ranges of one timeline.
MOST_PARTS = 20_000
#: Points of a cloud in one region.
MOST_INDEXES = 5_000_000
#: Bytes of one mask.
MOST_BYTES = 50_000_000


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a shape, for a person."""

    code: str
    message: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Context:
    """Where a shape is. What is not known yet is None: a text not loaded, an image's size, a medium's length.

    ``control`` makes or made the region. ``phrases``: the texts of a conversation. ``seconds``: length of the medium.
    """

    part: ObjectPart
    control: Control | None = None
    doc: TextDoc | None = field(default=None, repr=False)
    size: Size | None = None
    phrases: tuple[str, ...] | None = field(default=None, repr=False)
    seconds: float | None = None
    granularity: Granularity = "symbol"

    def refuse(self, code: str, message: str, where: str, hint: str = "") -> Refusal:
        return refuse(code, message, where, hint, object=self.part.name)


def same(shape: S, _: Context, __: str) -> S:
    return shape


def nowhere(_: object, __: Context) -> Bounds | None:
    return None


def no_text(_: object, __: Context) -> str:
    return ""


@dataclass(frozen=True, slots=True, eq=False)
class Kind(Generic[S]):
    """
    members: of ``value`` that are the geometry; all others are the control's or unknown.
    read: a stored value, leniently (reference, section 25, the editor's column): the shape, or what is wrong.
    faults: strictly, what the server refuses.
    write: the members of ``value`` as the SDK's validator wants them.
    view: the ``shape`` that the page gets; it sends the same back.
    tidy: makes a drawn shape fit (sides positive, inside the image, on pixels …) or raises a Refusal that says where.
    draw: what an intent brings to a shape, where its members are not those of ``value``; None: read, tidy, faults.
    text: what is quoted in lists. moved: by percent of width and height; None where arrow keys mean nothing.
    grown: its start and its end moved by so many units (words …); None where it has no such ends.
    change: from an earlier shape to one, shorter than its view, for a patch; None: the view itself.
    """

    name: ShapeKind
    shape: type[S]
    members: frozenset[str]
    read: Callable[[Value, Context], S | str]
    faults: Callable[[Value, Context], Iterator[Fault]]
    write: Callable[[S, Context], Json]
    view: Callable[[S, Context], Json]
    tidy: Callable[[S, Context, str], S] = same
    bounds: Callable[[S, Context], Bounds | None] = nowhere
    text: Callable[[S, Context], str] = no_text
    moved: Callable[[S, float, float], S] | None = None
    draw: Callable[[Value, Context, str], S] | None = None
    grown: Callable[[S, Context, int, int], S] | None = None
    change: Callable[[S, S, Context], Json | None] | None = None


AnyKind: TypeAlias = Kind[Any]


def numbers(value: Value, names: tuple[str, ...], **defaults: float) -> list[float] | None:
    """The members *names* as numbers; one with a default may be missing. None if one is no number."""
    found = []
    for name in names:
        given = value.get(name)
        number = reading.number(defaults.get(name) if given is None else given)
        if number is None:
            return None
        found.append(number)
    return found


def number_faults(
    value: Value,
    names: tuple[str, ...],
    *,
    optional: tuple[str, ...] = (),
    positive: tuple[str, ...] = (),
    lead: str = "",
) -> Iterator[Fault]:
    """Faults of members that must be numbers of sane size; *lead* says where they are."""
    for name in (*names, *optional):
        given = value.get(name)
        if given is None and name in optional:
            continue
        found = reading.number(given)
        if found is None or abs(found) > FARTHEST:
            yield Fault("bad-shape", f"{lead}{name} must be a number, not {short(given)}")
        elif found < 0 and name in positive:
            yield Fault("bad-shape", f"{lead}{name} must not be negative")


def rest(value: Value, known: frozenset[str]) -> Mapping[str, object]:
    """Members that nobody here knows: they are kept and written back."""
    return {} if value.keys() <= known else {name: held for name, held in value.items() if name not in known}


def rounded(value: float) -> float:
    """To 6 decimals, without a negative zero: the last bits of a platform's sine never show in results."""
    return round(value, 6) + 0.0


def short(value: object) -> str:
    """A value of foreign JSON in a message: short, whatever it is."""
    if isinstance(value, str):
        return repr(value[:40])
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return f"{value:.6g}" if abs(value) < 10**12 else "a huge number"
    return "a list" if isinstance(value, list | tuple) else "an object"
