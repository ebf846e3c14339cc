"""What a person did, as data. JSON becomes one of these classes here, once; ``at`` and new ids come in with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from labeling.intents_batch import BatchIntent
from labeling.intents_paint import Paint

#: A shape as the page sends it; what it must hold depends on the object.
RawShape: TypeAlias = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Stamp:
    """``at``: ms since 1970, UTC. ``gesture`` joins neighbours into one undo step; empty joins nothing."""

    at: float
    gesture: str = ""


@dataclass(frozen=True, slots=True)
class ObjectLoaded:
    """What only the page can know: an image's natural pixels (of page ``item``), a fetched text, seconds of media.

    Of an HTML document: its text as shown, its text ``nodes`` (path, UTF-16 units, whether a line begins) and, if it
    was fetched, its ``source``.
    """

    object: str
    width: float | None = None
    height: float | None = None
    text: str | None = None
    duration: float | None = None
    item: int | None = None
    nodes: tuple[tuple[str, int, bool], ...] | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True)
class PickLabel:
    control: str
    label: str
    by_key: bool = False


@dataclass(frozen=True, slots=True)
class AddRegion:
    """``control``: the one that makes it, where several can (Rectangle and Polygon on one image)."""

    region: str
    object: str
    shape: RawShape
    control: str | None = None


@dataclass(frozen=True, slots=True)
class AddRegions:
    """Many of one kind at once, in one step: all places where a word stands. ``regions``: a new id for each shape."""

    regions: tuple[str, ...]
    object: str
    shapes: tuple[RawShape, ...]
    control: str | None = None


@dataclass(frozen=True, slots=True)
class EditRegion:
    region: str
    shape: RawShape


@dataclass(frozen=True, slots=True)
class Nudge:
    dx: float
    dy: float
    grow: bool


@dataclass(frozen=True, slots=True)
class Select:
    regions: tuple[str, ...]
    add: bool
    by_key: bool = False


@dataclass(frozen=True, slots=True)
class SelectNext:
    step: int


@dataclass(frozen=True, slots=True)
class Delete:
    regions: tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class DeleteAll:
    pass


@dataclass(frozen=True, slots=True)
class Duplicate:
    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Mark:
    regions: tuple[str, ...]
    hidden: bool | None
    locked: bool | None


@dataclass(frozen=True, slots=True)
class Note:
    region: str
    text: str


@dataclass(frozen=True, slots=True)
class Target:
    """Whose answer an intent is about.

    ``region`` for controls of regions (None: the selected one), ``item`` for those of pages (None: the page looked at).
    ``answer`` is the id that a new answer gets, ``at`` the intent's clock.
    """

    region: str | None = None
    item: int | None = None
    answer: str | None = None
    at: float = 0


@dataclass(frozen=True, slots=True)
class Choose:
    control: str
    choice: str | tuple[str, ...]
    checked: bool | None
    target: Target


@dataclass(frozen=True, slots=True)
class TogglePath:
    """One item of a Taxonomy, by the stored names from the root."""

    control: str
    path: tuple[str, ...]
    checked: bool | None
    target: Target


@dataclass(frozen=True, slots=True)
class Rate:
    """Sets the rating, or with ``step`` adds to the one there is: past the largest comes 0."""

    control: str
    rating: int | None
    step: int | None
    target: Target


@dataclass(frozen=True, slots=True)
class SetAnswer:
    """The whole answer, None for no answer; or with ``step`` the number that is so many steps further."""

    control: str
    value: Mapping[str, object] | None
    step: int | None
    target: Target


@dataclass(frozen=True, slots=True)
class MoveItem:
    """One step of a Ranker. ``index`` in the list counts without the item that moves."""

    control: str
    moved: str
    bucket: str | None
    index: int
    target: Target


@dataclass(frozen=True, slots=True)
class TypeText:
    control: str
    text: str
    target: Target


@dataclass(frozen=True, slots=True)
class InsertText:
    """A Shortcut: adds to what is being typed, at ``place`` (UTF-16 units; None: at the end)."""

    control: str
    text: str
    place: int | None
    target: Target


@dataclass(frozen=True, slots=True)
class AddText:
    """Adds the text that is being typed, or ``text`` if given."""

    control: str
    text: str | None
    target: Target


@dataclass(frozen=True, slots=True)
class EditText:
    control: str
    index: int
    text: str
    target: Target


@dataclass(frozen=True, slots=True)
class RemoveText:
    control: str
    index: int
    target: Target


@dataclass(frozen=True, slots=True)
class SendMessage:
    """A message that the annotator writes in a Chat; ``region`` is the new region's id, ``at`` its time."""

    control: str
    role: str
    content: str
    region: str
    at: float


@dataclass(frozen=True, slots=True)
class EditMessage:
    region: str
    content: str


@dataclass(frozen=True, slots=True)
class Relate:
    from_id: str
    to_id: str


@dataclass(frozen=True, slots=True)
class Unrelate:
    from_id: str
    to_id: str


@dataclass(frozen=True, slots=True)
class SetRelation:
    """None: stays as it is."""

    from_id: str
    to_id: str
    direction: str | None
    labels: tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class ViewItem:
    """The page of an object (or of a Repeater's node) that is looked at."""

    name: str
    item: int


@dataclass(frozen=True, slots=True)
class Prefer:
    """What the person set for themselves (model.Settings) from here on: in the log, so that a replay knows it too."""

    keep_labels: bool | None = None
    select_new: bool | None = None


@dataclass(frozen=True, slots=True)
class Undo:
    pass


@dataclass(frozen=True, slots=True)
class Redo:
    pass


@dataclass(frozen=True, slots=True)
class Reset:
    pass


RegionIntent: TypeAlias = (
    AddRegion | AddRegions | EditRegion | Nudge | Select | SelectNext | Delete | DeleteAll | Duplicate | Mark | Note
)
AnswerIntent: TypeAlias = (
    Choose | TogglePath | Rate | SetAnswer | MoveItem | TypeText | InsertText | AddText | EditText | RemoveText
)
MessageIntent: TypeAlias = SendMessage | EditMessage
RelationIntent: TypeAlias = Relate | Unrelate | SetRelation
Intent: TypeAlias = (
    ObjectLoaded
    | ViewItem
    | PickLabel
    | RegionIntent
    | AnswerIntent
    | MessageIntent
    | RelationIntent
    | BatchIntent
    | Paint
    | Prefer
    | Undo
    | Redo
    | Reset
)

#: Longest text that one intent may bring, in code points.
LONGEST_TEXT = 2_000_000
