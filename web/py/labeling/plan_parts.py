"""The parts of a plan, typed: objects, controls, options, conditions, nodes, and which regions they make."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

ObjectType: TypeAlias = Literal[
    "image", "text", "hypertext", "audio", "video", "timeseries", "paragraphs", "table", "list", "pdf", "chat",
    "pointcloud", "component",
]  # fmt: skip
ControlType: TypeAlias = Literal[
    "rectangle", "rectanglelabels", "ellipse", "ellipselabels", "polygon", "polygonlabels", "keypoint",
    "keypointlabels", "brush", "brushlabels", "magicwand", "bitmask", "bitmasklabels", "vector", "vectorlabels",
    "labels", "hypertextlabels", "paragraphlabels", "timeserieslabels", "timelinelabels", "videorectangle",
    "videovector", "videovectorlabels", "ocrlabels", "cuboid", "cuboidlabels", "pointlabels", "chatmessage",
    "choices", "taxonomy", "textarea", "rating", "number", "datetime", "pairwise", "ranker", "component", "reactcode",
]  # fmt: skip
ShapeKind: TypeAlias = Literal[
    "rectangle", "ellipse", "polygon", "keypoint", "vector", "brush", "bitmask", "span", "hyperspan", "phrase",
    "segment", "series", "timeline", "track", "vectortrack", "ocrbox", "cuboid", "points", "message",
]  # fmt: skip
Granularity: TypeAlias = Literal["symbol", "word", "sentence", "paragraph"]
ConditionKind: TypeAlias = Literal[
    "choice-selected", "choice-unselected", "region-selected", "no-region-selected", "value-is"
]

#: Kinds of regions that each type of object can have.
KINDS_ON: Mapping[str, frozenset[str]] = {
    "image": frozenset({"rectangle", "ellipse", "polygon", "keypoint", "vector", "brush", "bitmask"}),
    "text": frozenset({"span"}),
    "hypertext": frozenset({"hyperspan"}),
    "audio": frozenset({"segment"}),
    "video": frozenset({"track", "vectortrack", "timeline"}),
    "timeseries": frozenset({"series"}),
    "paragraphs": frozenset({"phrase"}),
    "pdf": frozenset({"ocrbox"}),
    "pointcloud": frozenset({"cuboid", "points"}),
    "chat": frozenset({"message"}),
}
#: The kind that a type of control makes, where the tag fixes it.
_MAKES: Mapping[str, ShapeKind] = {
    "rectangle": "rectangle", "rectanglelabels": "rectangle", "ellipse": "ellipse", "ellipselabels": "ellipse",
    "polygon": "polygon", "polygonlabels": "polygon", "keypoint": "keypoint", "keypointlabels": "keypoint",
    "vector": "vector", "vectorlabels": "vector", "brush": "brush", "brushlabels": "brush", "magicwand": "brush",
    "bitmask": "bitmask", "bitmasklabels": "bitmask", "paragraphlabels": "phrase", "timeserieslabels": "series",
    "timelinelabels": "timeline", "videorectangle": "track", "videovector": "vectortrack",
    "videovectorlabels": "vectortrack", "ocrlabels": "ocrbox", "cuboid": "cuboid", "cuboidlabels": "cuboid",
    "pointlabels": "points", "chatmessage": "message",
}  # fmt: skip
#: The kind that follows the object: of Labels, HyperTextLabels (read on Text too) and a labeling Taxonomy.
_MARKS: Mapping[str, ShapeKind] = {
    "text": "span", "hypertext": "hyperspan", "paragraphs": "phrase", "audio": "segment", "timeseries": "series",
}  # fmt: skip
#: Types whose results give labels to regions.
LABELS_TYPES = frozenset({"labels", *(name for name in _MAKES if name.endswith("labels")), "hypertextlabels"})
#: Types whose results are regions without labels of their own.
PLAIN_SHAPES = frozenset(name for name in _MAKES if not name.endswith("labels"))
#: The member of ``value`` that holds what a control says, where it is not the type itself.
VALUE_KEYS: Mapping[str, str] = {
    "textarea": "text", "pairwise": "selected", "videovectorlabels": "labels", "videorectangle": "labels",
    "videovector": "labels",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Condition:
    """When a node is shown (reference, section 6). ``role``: of the selected chat message."""

    kind: ConditionKind
    tag: str | None = None
    labels: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    role: str | None = None


@dataclass(frozen=True, slots=True)
class Option:
    """A label or a choice. ``stored`` is what results hold."""

    value: str
    stored: str
    color: str = ""
    alias: str | None = None
    selected: bool = False
    max_usages: int | None = None
    granularity: Granularity | None = None
    children: tuple[Option, ...] = ()
    raw: Mapping[str, object] = field(default_factory=dict, compare=False, repr=False)


@dataclass(frozen=True, slots=True, eq=False)
class OptionTable:
    """Options in order, found by what results may hold: the stored text, else value or alias.

    ``paths`` and ``position`` are by stored text; nested options follow their parent. The same text may stand in
    several branches: ``path`` finds the one that is meant.
    """

    options: tuple[Option, ...]
    by_name: Mapping[str, Option]
    paths: Mapping[str, tuple[str, ...]]
    position: Mapping[str, int]

    @classmethod
    def of(cls, options: tuple[Option, ...]) -> OptionTable:
        by_name: dict[str, Option] = {}
        paths: dict[str, tuple[str, ...]] = {}
        for path, option in _flat(options, ()):
            if option.stored not in paths:
                by_name[option.stored] = option
                paths[option.stored] = path
        for _, option in _flat(options, ()):
            by_name.setdefault(option.value, option)
        return cls(options, by_name, paths, {stored: place for place, stored in enumerate(paths)})

    def stored(self, name: str) -> str | None:
        """What results hold for *name*, or None if no option has that name."""
        option = self.by_name.get(name)
        return option.stored if option else None

    def path(self, names: Sequence[str]) -> tuple[str, ...] | None:
        """The stored names of the option at the end of *names* (stored texts or values from the root), or None."""
        options, found = self.options, []
        for name in names:
            here = next((o for o in options if o.stored == name), None) or next(
                (o for o in options if o.value == name), None
            )
            if here is None:
                return None
            found.append(here.stored)
            options = here.children
        return tuple(found) or None

    def ordered(self, names: tuple[str, ...]) -> tuple[str, ...]:
        """*names* in the order of the options; unknown ones last, as they came."""
        return tuple(sorted(names, key=lambda name: self.position.get(name, len(self.position))))


def _flat(options: tuple[Option, ...], above: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Option]]:
    for option in options:
        path = (*above, option.stored)
        yield path, option
        yield from _flat(option.children, path)


@dataclass(frozen=True, slots=True, eq=False)
class ObjectPart:
    """``pages``: an image that is a list of pages; its regions have ``item``."""

    name: str
    type: ObjectType
    value: Mapping[str, object] | None
    value_type: str
    encoding: str
    save_text: bool
    selection_enabled: bool
    granularity: Granularity
    pages: bool = False
    raw: Mapping[str, object] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True, eq=False)
class Control:
    """A control with every rule that the engine keeps; ``chain`` holds its own conditions and its ancestors'."""

    name: str
    tag: str
    type: ControlType
    to: tuple[str, ...]
    position: int
    required: bool
    required_message: str
    per_region: bool
    per_item: bool
    chain: tuple[Condition, ...]
    node: str | None
    table: OptionTable
    dynamic: Mapping[str, object] | None
    choice: str
    max_usages: int | None
    allow_empty: bool
    can_rotate: bool
    snap: str
    color: str | None
    allow_nested: bool
    labeling: bool
    value: Mapping[str, object] | None
    max_submissions: int | None
    editable: bool
    skip_duplicates: bool
    max_rating: int
    default_value: int
    buckets: tuple[str, ...]
    raw: Mapping[str, object] = field(repr=False)

    @property
    def labels(self) -> bool:
        """Whether the control gives labels to regions."""
        return self.type in LABELS_TYPES

    @property
    def plain(self) -> bool:
        """Whether its results are regions without labels of their own (Rectangle, VideoRectangle, Chat …)."""
        return self.type in PLAIN_SHAPES

    @property
    def answers(self) -> bool:
        """Whether its results are answers: of the whole object, of a page or of a region."""
        return self.type not in LABELS_TYPES and self.type not in PLAIN_SHAPES

    @property
    def value_key(self) -> str:
        """The member of a result's ``value`` that holds what the control says: labels, or the answer."""
        return VALUE_KEYS.get(self.type, self.type)

    def makes(self, part: ObjectPart) -> ShapeKind | None:
        """The kind of region that it makes on *part*; None if it makes none there (Labels on an image)."""
        if self.type in ("labels", "hypertextlabels") or self.labeling:
            return _MARKS.get(part.type)
        kind = _MAKES.get(self.type)
        return kind if kind in KINDS_ON.get(part.type, ()) else None


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """A node that can be hidden: because of its own or its ancestors' conditions, or as a per-region control."""

    key: str
    chain: tuple[Condition, ...]
    control: str | None


@dataclass(frozen=True, slots=True, eq=False)
class RelationLabels:
    """Labels that relations may have. ``choice``: single or multiple."""

    choice: str
    table: OptionTable
