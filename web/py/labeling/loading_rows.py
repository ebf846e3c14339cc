"""One stored result, understood: which control, which object, what shape, which labels or what answer.

The repairs are those of the reference, section 29.4, and its advice: a bare string is a list of one, a missing
``to_name`` is the control's, unknown labels stay, an unknown ``from_name`` goes to another control that fits.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from labeling import loading_answers, reading, shapes
from labeling.model import AnswerValue
from labeling.plan_index import Control, ObjectPart, OptionTable, PlanIndex, ShapeKind
from labeling.plan_parts import LABELS_TYPES
from labeling.problems import Problem, problem
from labeling.shapes import Context, Shape
from labeling.spans import TextDoc

#: Names of types that others or older versions write, with what they stand for here, the best first.
OLD_TYPES: Mapping[str, tuple[str, ...]] = {
    "htmllabels": ("hypertextlabels",),
    "bitmaskregion": ("bitmasklabels", "bitmask"),
    "hypertextlabels": ("hypertextlabels", "labels"),
    "audioplus": ("labels",),
    "custominterface": ("reactcode", "component"),
}


@dataclass(slots=True)
class Row:
    """``shape`` is None for an answer without geometry. ``labels`` by control: those of tracks are for Labels controls.

    Nobody changes a row; it is not frozen, as that would double the time that making it takes.
    ``read``: members of ``value`` that were understood. ``item``: the page, for answers of pages.
    """

    raw: Mapping[str, object]
    id: str
    control: Control
    object: str
    shape: Shape | None
    labels: Mapping[str, tuple[str, ...]]
    answer: AnswerValue | None
    read: frozenset[str]
    item: int = 0


@dataclass(slots=True)
class RowReader:
    """Reads the rows of one list of results. ``taken``: ids that results have already."""

    index: PlanIndex
    tables: Mapping[str, OptionTable]
    docs: Mapping[str, TextDoc]
    phrases: Mapping[str, tuple[str, ...]]
    taken: set[str]
    _contexts: dict[str, Context] = field(default_factory=dict)
    _members: dict[tuple[str, tuple[str, ...]], frozenset[str]] = field(default_factory=dict)

    def row(self, number: int, raw: object) -> Row | Problem:
        if not isinstance(raw, dict):
            return problem("bad-result", "a result is a JSON object", f"result {number}")
        made = self._understood(number, raw, reading.mapping(raw.get("value")))
        if isinstance(made, Row):
            return made
        code, message, control = made
        where = f"result {number} ({raw.get('from_name') or raw.get('type') or 'no control'!s:.40})"
        return problem(code, message, where, "the result is kept as it is", control=control)

    def _understood(
        self, number: int, raw: Mapping[str, object], value: Mapping[str, object] | None
    ) -> Row | tuple[str, str, str | None]:
        """The row, or a problem's code and message, and the control that it is about."""
        found = self._control(raw, value)
        if found is None:
            message = f"no control of this config fits from_name {str(raw.get('from_name'))!r:.60}"
            return "unknown-control", message, None
        if value is None:
            return "bad-value", "the result has no value", found.name
        part = object_of(self.index, found, raw.get("to_name"))
        if part is None:
            message = f"control {found.name!r} does not belong to object {raw.get('to_name')!r}"
            return "unknown-object", message, found.name
        row_id = reading.identifier(raw.get("id")) or self._made_id(number, raw.get("id"))
        if not found.answers:
            shape = self._shape(found, part, value)
            if isinstance(shape, str):
                return "bad-shape", shape, found.name
            labels, keys = self._labels(found, part, raw, value)
            return Row(raw, row_id, found, part.name, shape, labels, None, self._read(shape, keys))
        answer = loading_answers.read(found, self.tables[found.name], value)
        if answer is None:
            return "bad-value", f"value.{found.value_key} is missing or of a wrong type", found.name
        known = self._shape(found, part, value) if found.per_region else None
        known = None if isinstance(known, str) else known
        page = reading.whole(raw.get("item_index")) if found.per_item else None
        members = _members(known) | {found.value_key}
        return Row(raw, row_id, found, part.name, known, {}, answer, members, max(page or 0, 0))

    def _control(self, raw: Mapping[str, object], value: Mapping[str, object] | None) -> Control | None:
        """The control named, else the first other one of the type on that object (29.4)."""
        given = str(raw.get("type", ""))
        named = self.index.controls.get(str(raw.get("from_name")))
        if named is not None and named.type == given:
            return named
        wanted = OLD_TYPES.get(given, (given,))
        # The control fixes the type: another word in "type" is only wrong if the value is not the control's either.
        if named is not None and (named.type in wanted or (value is not None and _speaks(named, given, value))):
            return named
        to_name = raw.get("to_name")
        for kind in wanted:
            for control in self.index.controls.values():
                if control.type == kind and (to_name in control.to or to_name is None):
                    return control
        return None

    def _read(self, shape: Shape, keys: tuple[str, ...]) -> frozenset[str]:
        """The members that a region's value was read from; asked for every row, made once per kind."""
        found = self._members.get((shape.kind, keys))
        if found is None:
            found = self._members[shape.kind, keys] = _members(shape).union(keys)
        return found

    def _context(self, part: ObjectPart) -> Context:
        found = self._contexts.get(part.name)
        if found is None:
            found = self._contexts[part.name] = Context(
                part, doc=self.docs.get(part.name), phrases=self.phrases.get(part.name)
            )
        return found

    def _shape(self, control: Control, part: ObjectPart, value: Mapping[str, object]) -> Shape | str:
        """The geometry in *value*, or what is wrong with it."""
        kind = control.makes(part)
        if kind is None:
            kind = kind_in(self.index, part, value)
            if kind is None:
                return f"nothing in this config makes such regions on {part.name}"
        return shapes.read(kind, value, self._context(part))

    def _labels(
        self, control: Control, part: ObjectPart, raw: Mapping[str, object], value: Mapping[str, object]
    ) -> tuple[dict[str, tuple[str, ...]], tuple[str, ...]]:
        """Labels by control, and the members that they were read from."""
        if control.plain:
            return self._labels_of_track(control, part, value)
        own = control.value_key
        for key in (own, control.type, str(raw.get("type")), "labels"):
            names = reading.strings(value.get(key))
            if names is not None:
                table = self.tables[control.name]
                stored = tuple(dict.fromkeys([table.stored(name) or name for name in names]))
                return {control.name: stored}, (key, own)
        return {control.name: ()}, (own,)

    def _labels_of_track(
        self, control: Control, part: ObjectPart, value: Mapping[str, object]
    ) -> tuple[dict[str, tuple[str, ...]], tuple[str, ...]]:
        """Labels inside a track's value belong to the Labels control that has them, else to the first (12.5)."""
        owners = track_labels(self.index, control, part)
        names = reading.strings(value.get("labels"))
        if not owners or names is None:
            return {}, ()
        found: dict[str, tuple[str, ...]] = {}
        for name in dict.fromkeys(names):
            owner = next((c for c in owners if self.tables[c.name].stored(name) is not None), owners[0])
            stored = self.tables[owner.name].stored(name) or name
            found[owner.name] = (*found.get(owner.name, ()), stored)
        return found, ("labels",)

    def _made_id(self, number: int, given: object) -> str:
        """An id for a result without a legal one; the same for the same results, and no other result's."""
        made = str(given) if isinstance(given, int) and reading.identifier(str(given)) else f"loaded-{number}"
        while made in self.taken:
            made += "-"
        self.taken.add(made)
        return made


def object_of(index: PlanIndex, control: Control, to_name: object) -> ObjectPart | None:
    """The object that a result is about: named, or the control's first where it names the control or nothing."""
    if isinstance(to_name, str) and to_name in control.to:
        return index.objects[to_name]
    whole = (None, "", control.name, ",".join(control.to))
    return index.objects[control.to[0]] if to_name in whole and control.to else None


def kind_in(index: PlanIndex, part: ObjectPart, value: Mapping[str, object]) -> ShapeKind | None:
    """The kind whose members *value* has most of, of those that the config's controls make on the object."""
    kinds = dict.fromkeys(kind for control in index.makers[part.name] if (kind := control.makes(part)))
    best, most = None, 0
    for kind in kinds:
        members = shapes.KINDS[kind].members
        held = sum(member in value for member in members)
        if held > most:
            best, most = kind, held
    return best


def track_labels(index: PlanIndex, control: Control, part: ObjectPart) -> list[Control]:
    """Labels controls whose labels are inside the value of what a plain *control* makes: only of tracks."""
    if part.type != "video" or not control.plain:
        return []
    return [other for other in index.controls_of[part.name] if other.type == "labels"]


def _speaks(control: Control, given: str, value: Mapping[str, object]) -> bool:
    """Whether *value* holds what the control says, whatever its type is called."""
    if control.plain:
        return False
    return control.value_key in value or (control.labels and given in LABELS_TYPES and given in value)


def _members(shape: Shape | None) -> frozenset[str]:
    return frozenset() if shape is None else shapes.KINDS[shape.kind].members
