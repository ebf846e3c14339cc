"""The state of one opened task: frozen, shared freely, never changed in place.

Mappings in here are plain dicts that nobody writes to after the state was made; ``reduce`` copies what it changes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from operator import attrgetter
from typing import Literal, TypeAlias

from labeling.geometry import Size
from labeling.plan_index import OptionTable, PlanIndex
from labeling.problems import Problem
from labeling.shapes import Shape
from labeling.spans import TextDoc

Origin: TypeAlias = Literal["manual", "prediction", "prediction-changed"]
#: A stored choice; a path from the root where the control allows nesting.
Choice: TypeAlias = str | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Picked:
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Texts:
    """Texts that were added, and the one that is being typed."""

    texts: tuple[str, ...]
    typing: str = ""


@dataclass(frozen=True, slots=True)
class Rated:
    rating: int


@dataclass(frozen=True, slots=True)
class Numbered:
    number: int | float


@dataclass(frozen=True, slots=True)
class Dated:
    """A date or time as its control's format writes it."""

    text: str


@dataclass(frozen=True, slots=True)
class Paths:
    """Items of a taxonomy, each as the path of stored names from the root."""

    paths: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Selected:
    """``left`` or ``right`` of a pair; results may hold other words."""

    side: str


@dataclass(frozen=True, slots=True)
class Ranked:
    """Ids of items in order, by bucket; without buckets under the ranker's own name."""

    order: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Custom:
    """What a component of the project's own answered: any JSON object."""

    value: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Itemized:
    """The control answers for every page of its own: the answers are in ``Answer.items``."""


AnswerValue: TypeAlias = Picked | Texts | Rated | Numbered | Dated | Paths | Selected | Ranked | Custom | Itemized


@dataclass(frozen=True, slots=True)
class Kept:
    """Members of a result that this engine does not know: they are written back unchanged."""

    members: Mapping[str, object] = field(default_factory=dict)
    value: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer to a control. ``id`` is the result's id; on a region it is the region's.

    ``items`` by page (from 0), each an answer with its own id: only for controls with perItem, and ``value`` is then
    ``Itemized()``. ``suggestion``: a prediction's that nobody has accepted yet; it counts for nothing.
    """

    id: str
    value: AnswerValue
    to: str
    origin: Origin = "manual"
    readonly: bool = False
    kept: Kept = field(default_factory=Kept)
    items: Mapping[int, Answer] = field(default_factory=dict)
    suggestion: bool = False


@dataclass(frozen=True, slots=True)
class Relation:
    """A link between two regions. ``direction``: right (from to to), left or bi. ``kept``: members we do not know."""

    from_id: str
    to_id: str
    direction: str = "right"
    labels: tuple[str, ...] = ()
    kept: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Region:
    """A marked part of an object.

    ``labels`` by control: a region may be labelled by several. ``control`` is the one that made it. ``n`` counts from 1
    and orders the list. ``size`` is the image's size as the results told it. ``item``: the page of an image with pages.
    ``suggestion``: a prediction's that nobody has accepted yet; it counts for nothing, and so do its answers.
    """

    id: str
    n: int
    object: str
    control: str
    shape: Shape
    labels: Mapping[str, tuple[str, ...]]
    answers: Mapping[str, Answer] = field(default_factory=dict)
    origin: Origin = "manual"
    score: float | None = None
    note: str = ""
    hidden: bool = False
    locked: bool = False
    readonly: bool = False
    parent: str | None = None
    size: Size | None = field(default=None, compare=False)
    item: int | None = None
    kept: Mapping[str, Kept] = field(default_factory=dict)
    suggestion: bool = False

    @property
    def all_labels(self) -> tuple[str, ...]:
        """Labels of every control, those of the region's own control first."""
        own = self.labels.get(self.control, ())
        return own + tuple(label for name, labels in self.labels.items() if name != self.control for label in labels)


_MEMBERS = tuple(member.name for member in fields(Region))
_PLACES = {name: place for place, name in enumerate(_MEMBERS)}
_values = attrgetter(*_MEMBERS)


def revised(region: Region, **changes: object) -> Region:
    """The region with other values: ``dataclasses.replace``, in a quarter of its time, which counts for 10,000."""
    values = list(_values(region))
    for name, value in changes.items():
        values[_PLACES[name]] = value
    return Region(*values)


@dataclass(frozen=True, slots=True)
class Refused:
    """A result that could not be read: kept and written back, with the reason."""

    result: object
    problem: Problem


@dataclass(frozen=True, slots=True)
class Held:
    """All regions of a state, with what is counted of them."""

    regions: dict[str, Region]
    counts: Mapping[str, Mapping[str, int]]
    suggested: int


@dataclass(frozen=True, slots=True)
class ChangeSet:
    """One undo step: what was before and after, by region id and by control. None: not there.

    ``relations``: the whole list before and after, None if it did not change. ``step``: its number, from 1; a step that
    another one joined keeps it. ``held``: everything before and after, where so much changed that keeping it costs
    little more: then nothing has to be put together to take it back.
    """

    gesture: str
    regions: Mapping[str, tuple[Region | None, Region | None]]
    answers: Mapping[str, tuple[Answer | None, Answer | None]]
    selection: tuple[tuple[str, ...], tuple[str, ...]]
    resets: bool = False
    relations: tuple[tuple[Relation, ...], tuple[Relation, ...]] | None = None
    step: int = 0
    held: tuple[Held, Held] | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Settings:
    """What a person may prefer. ``keep_labels``: labels stay active after a region was made.

    ``active`` by control: labels that were active in the task before and stay so in this one. ``suggest``: what a
    prediction brings has to be accepted first.
    """

    keep_labels: bool = True
    select_new: bool = False
    active: Mapping[str, Sequence[str]] = field(default_factory=dict)
    suggest: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Task:
    """What stays the same while a task is open. ``phrases`` by object: texts of conversations."""

    index: PlanIndex
    data: Mapping[str, object] = field(repr=False)
    tables: Mapping[str, OptionTable]
    settings: Settings
    opened_regions: Mapping[str, Region] = field(repr=False)
    opened_answers: Mapping[str, Answer] = field(repr=False)
    refused: tuple[Refused, ...] = field(repr=False)
    opened_relations: tuple[Relation, ...] = field(default=(), repr=False)
    phrases: Mapping[str, tuple[str, ...]] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True, eq=False)
class State:
    """``regions`` is in the order of ``n``; ``active`` and ``counts`` have every labels control.

    ``items`` by object (and by repeater's node): the page that is looked at. ``lengths`` by object: seconds of media.
    ``sizes`` by object: of the page looked at; see ``items.size_key``. ``suggested``: regions and answers that are
    suggestions. ``steps``: how many undo steps were made since it was opened.
    """

    task: Task
    regions: dict[str, Region]
    answers: Mapping[str, Answer]
    selection: tuple[str, ...]
    active: Mapping[str, tuple[str, ...]]
    counts: Mapping[str, Mapping[str, int]]
    sizes: Mapping[str, Size]
    docs: Mapping[str, TextDoc]
    undo: tuple[ChangeSet, ...]
    redo: tuple[ChangeSet, ...]
    problems: tuple[Problem, ...]
    relations: tuple[Relation, ...] = ()
    items: Mapping[str, int] = field(default_factory=dict)
    lengths: Mapping[str, float] = field(default_factory=dict)
    suggested: int = 0
    steps: int = 0

    @property
    def held(self) -> Held:
        return Held(self.regions, self.counts, self.suggested)

    @property
    def settled(self) -> State:
        """The state as far as it was decided: without suggestions."""
        if not self.suggested:
            return self
        regions = {name: region for name, region in self.regions.items() if not region.suggestion}
        selection = tuple(name for name in self.selection if name in regions)
        return replace(self, regions=regions, answers=self.settled_answers, selection=selection, suggested=0)

    @property
    def settled_answers(self) -> Mapping[str, Answer]:
        """The answers that are no suggestions."""
        if not self.suggested:
            return self.answers
        return {control: answer for control, answer in self.answers.items() if not answer.suggestion}

    @property
    def selected(self) -> Region | None:
        """The selected region, if exactly one is selected."""
        return self.regions.get(self.selection[0]) if len(self.selection) == 1 else None

    @property
    def changed(self) -> bool:
        """Whether there is something that was not there when the task was opened."""
        return bool(self.undo) and not self.undo[-1].resets


def place(region: Region) -> str:
    """How a person finds the region: "region 3 (Car)"."""
    return f"region {region.n} ({', '.join(region.all_labels) or 'no label'})"
