"""
Elements -> items: every element gets its tag and typed attributes, every option its control, every tag a right
place.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from config_compiler import attrs, sugar
from config_compiler.attrs import Values
from config_compiler.diagnostics import Problems, listing
from config_compiler.plain_choices import Entry
from config_compiler.reader import Element
from config_compiler.spans import Span
from config_compiler.tags import registry
from config_compiler.tags.model import Tag

CONTROLS = ("regions", "answers")
_BEFORE_CONTROL = ("Filter", "Text", "HyperText")  # may stand among options; shown before the control


@dataclass(frozen=True, slots=True, eq=False)
class Item:
    """
    A known tag in its place.

    ``children`` are the items inside that are shown; options, and parts of objects, are in their :class:`Config`.
    ``repeater`` is the innermost Repeater around it, ``owner`` the control or object that it was written in.
    """

    tag: Tag
    values: Values
    children: list[Item] = field(default_factory=list)
    repeater: Item | None = None
    owner: Item | None = None

    @property
    def name(self) -> str:
        return self.values.text("name") or ""

    @property
    def span(self) -> Span:
        return self.values.element.name_span

    @property
    def has_pages(self) -> bool:
        """Whether it is an Image of several pages; an empty valueList has none."""
        written = self.values.given("valueList")
        return written is not None and bool(written.value.strip())

    @property
    def repeaters(self) -> Iterator[Item]:
        """The Repeaters around it, from the inside."""
        here = self.repeater
        while here:
            yield here
            here = here.repeater

    @property
    def flags(self) -> tuple[str, ...]:
        """The flags of the Repeaters around it, from the inside."""
        return tuple(flag for repeater in self.repeaters if (flag := repeater.values.text("indexFlag")))

    def walk(self) -> Iterator[Item]:
        """This item and all in it, in document order."""
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass(frozen=True, slots=True, eq=False)
class Option:
    """A Label or Choice; ``group`` is the heading before it inside its control."""

    item: Item
    group: str | None
    children: list[Option] = field(default_factory=list)

    @property
    def value(self) -> str:
        """As written: a ``$field`` in it is resolved for display only."""
        written = self.item.values.given("value")
        return written.value.strip() if written else ""

    @property
    def stored(self) -> str:
        """What results hold: the alias if it is not empty, else the value; of a Bucket its name."""
        return self.item.values.text("alias") or self.value or self.item.name


@dataclass(frozen=True, slots=True, eq=False)
class Config:
    """
    A config with known tags in their places.

    A tag that is an object and a control is in both lists. ``extras`` are tags of the plan that the page does not
    show. ``ghosts`` are the names of tags that are unknown or stand in a wrong place: links to them are no second
    fault. ``complete`` is false when there are such tags.
    """

    root: Item | None
    objects: list[Item]
    controls: list[Item]
    extras: list[Item]
    options: dict[int, list[Option]]  # by id() of the control's item
    parts: dict[int, list[Item]]  # by id() of the object's item: channels of a time series
    ghosts: set[str]
    complete: bool

    def options_of(self, control: Item) -> list[Option]:
        return self.options.get(id(control), [])

    def all_options(self, control: Item) -> Iterator[Option]:
        """The options of *control* and those nested in them, in document order."""
        yield from _flat(self.options_of(control))

    def plain_of(self, control: Item) -> list[Entry]:
        """The options of *control* if they were read as a long plain list; then it has no others."""
        plain = control.values.element.plain
        return plain.entries if plain else []

    def names(self, control: Item) -> Iterator[tuple[str, str]]:
        """Of all options of *control*, in document order: the value, and what results hold."""
        for option in self.all_options(control):
            yield option.value, option.stored
        yield from _names(self.plain_of(control))

    def parts_of(self, item: Item) -> list[Item]:
        return self.parts.get(id(item), [])


def _flat(options: list[Option]) -> Iterator[Option]:
    for option in options:
        yield option
        yield from _flat(option.children)


def _names(entries: list[Entry]) -> Iterator[tuple[str, str]]:
    for entry in entries:
        yield entry["value"], entry["stored"]
        if "children" in entry:
            yield from _names(entry["children"])


def build(root: Element, problems: Problems) -> Config:
    """The items of the config under *root*."""
    builder = _Builder(problems)
    item = builder.layout(root, None)
    return Config(
        root=item,
        objects=builder.objects,
        controls=builder.controls,
        extras=builder.extras,
        options=builder.options,
        parts=builder.parts,
        ghosts=builder.ghosts,
        complete=builder.complete,
    )


@dataclass(slots=True)
class _Group:
    """Where options go that are read now."""

    control: Item
    options: list[Option]
    heading: str | None = None


class _Builder:
    def __init__(self, problems: Problems) -> None:
        self._problems = problems
        self.objects: list[Item] = []
        self.controls: list[Item] = []
        self.extras: list[Item] = []
        self.options: dict[int, list[Option]] = {}
        self.parts: dict[int, list[Item]] = {}
        self.ghosts: set[str] = set()
        self.complete = True

    def _ghost(self, element: Element) -> None:
        self.complete = False
        self.ghosts.update(written.value for written in element.attributes if written.name.lower() == "name")

    def _known(self, element: Element) -> Tag | None:
        tag = registry.find(element.name)
        if tag is None:
            self._ghost(element)
            if closed := registry.instead(element.name):
                name, way_out = closed
                self._problems.add("C011", element.name_span, tag=name, instead=way_out)
            else:
                near = (element.name, registry.ALL_NAMES)
                self._problems.add(
                    "C010", element.name_span, tag=element.name, near=near, way="tags", known=registry.TAG_NAMES
                )
        return tag

    # layout

    def layout(self, element: Element, parent: Item | None, owner: Item | None = None) -> Item | None:
        """An element outside of controls and objects. Those inside an unknown tag are read as if it were a View."""
        tag = self._known(element)
        if tag is None:
            self._inside_unknown(element, parent)
            return None
        parents = registry.parents(tag)
        if tag.role in ("option", "part") or (parents and (parent is None or parent.tag.name not in parents)):
            attrs.read(tag, element, self._problems)
            self._stray(tag, element)
            return None
        values = attrs.read(tag, element, self._problems)
        repeater = parent.repeater if parent and parent.tag.name != "Repeater" else parent
        item = Item(tag, values, repeater=repeater, owner=owner)
        if tag.role == "object":
            self._object(element, item)
        elif tag.role in CONTROLS or tag.role == "plan":
            (self.extras if tag.role == "plan" else self.controls).append(item)
            if tag.children:
                self._options(element, _Group(item, self.options.setdefault(id(item), [])))
            else:
                self._no_children(element.children, tag)
            if tag.role == "plan":
                return None
        elif tag.holds_layout:
            self._inside(element, item)
        else:
            self._not_shown(element, values)
            self._stands_for(item)
        return item

    def _stands_for(self, item: Item) -> None:
        """The controls that *item* stands for, as if they were written inside it."""
        for part in sugar.parts(item.values):
            values = attrs.read(part.tag, part.element, self._problems)
            control = Item(part.tag, values, repeater=item.repeater)
            option = Item(part.option_tag, attrs.read(part.option_tag, part.option, self._problems))
            self.options[id(control)] = [Option(option, None)]
            self.controls.append(control)
            item.children.append(control)

    def _inside(self, element: Element, item: Item) -> None:
        """What stands in a layout tag."""
        only = item.tag.children
        for child in element.children:
            tag = registry.find(child.name)
            if only and tag is not None and tag.name not in only and tag.role != "option":
                facts: dict[str, Any] = {"tag": tag.name, "parent": item.tag.name, "child": only[0]}
                self._problems.add("C013", child.name_span, way="wrap_child", **facts)
                self._ghost(child)
                self._no_children(child.children, tag)
            elif found := self.layout(child, item):
                item.children.append(found)

    def _inside_unknown(self, element: Element, parent: Item | None) -> None:
        """
        Read on inside a tag that nobody knows, so that names and faults inside are found; options may belong to it.
        """
        for child in element.children:
            tag = registry.find(child.name)
            if tag is not None and tag.role in ("option", "part"):
                attrs.read(tag, child, self._problems)
            else:
                self.layout(child, parent)

    def _stray(self, tag: Tag, element: Element) -> None:
        """A tag that belongs into another one stands elsewhere."""
        owners = registry.owners(tag)
        shown = [f"<{owner}>" for owner in owners]
        near = " or ".join(shown) if len(shown) < 4 else listing(shown, 4)
        self._problems.add("C012", element.name_span, tag=tag.name, owners=near, way="owner", owner=owners[0])
        if tag.role not in ("option", "part"):
            self._ghost(element)
        for child in element.children:
            inner = registry.find(child.name)
            if inner is None or inner.name not in tag.children:
                self.layout(child, None)

    def _no_children(self, elements: Iterable[Element], tag: Tag) -> None:
        """Nothing is read inside *tag*: it holds nothing, or is itself in a wrong place; then its own are no fault."""
        for child in elements:
            found = self._known(child)
            if found and not (tag.holds_layout or found.name in tag.children):
                way = "close_before" if found.role not in ("option", "part") else "own_control"
                self._problems.add("C013", child.name_span, tag=found.name, parent=tag.name, way=way)
                if found.role in ("object", *CONTROLS):
                    self._ghost(child)
            self._no_children(child.children, found or tag)

    def _not_shown(self, element: Element, values: Values) -> None:
        """Report what stands in a tag that holds nothing, or whose markup an attribute has replaced."""
        if values.from_content:
            return
        if values.tag.markup and values.given(values.tag.text or ""):
            for child in element.children:
                self._problems.add("C014", child.name_span, text=f"<{child.name}>", way="text_twice")
        else:
            self._no_children(element.children, values.tag)

    # objects

    def _object(self, element: Element, item: Item) -> None:
        self.objects.append(item)
        if item.tag.result_type:
            self.controls.append(item)
        if item.tag.children:
            self._parts(element, item, item, self.parts.setdefault(id(item), []))
        else:
            self._not_shown(element, item.values)

    def _parts(self, element: Element, holder: Item, around: Item, parts: list[Item]) -> None:
        """The parts of the object *holder* that stand in *around*, which is the object, a part or a View in one."""
        allowed = around.tag.children
        for child in element.children:
            tag = self._known(child)
            if tag is None:
                self._inside_unknown(child, None)
            elif tag.name in allowed:
                part = Item(tag, attrs.read(tag, child, self._problems), owner=around)
                parts.append(part)
                if tag.children:
                    self._parts(child, holder, part, part.children)
                else:
                    self._no_children(child.children, tag)
            elif tag.name == "View":
                self._group_view(child, tag, around.tag)
                self._parts(child, holder, around, parts)
            elif tag.name in _BEFORE_CONTROL and tag.role == "object":
                if found := self.layout(child, holder, holder):
                    holder.children.append(found)
            else:
                self._misplaced(child, tag, around.tag)

    def _group_view(self, element: Element, tag: Tag, around: Tag) -> None:
        """A View among options or parts only groups them."""
        values = attrs.read(tag, element, self._problems)
        if names := [attr.name for attr in tag.attrs if values.given(attr.name)]:
            self._problems.add("C016", element.name_span, parent=around.name, names=listing(names))

    def _misplaced(self, element: Element, tag: Tag, around: Tag) -> None:
        way = "close_before"
        if tag.role == "option":
            way = "label" if around.role in CONTROLS else "own_control"
        facts: dict[str, Any] = {"tag": tag.name, "parent": around.name, "child": around.children[0]}
        self._problems.add("C013", element.name_span, way=way, **facts)
        self._ghost(element)
        self._no_children(element.children, tag)

    # options

    def _options(self, element: Element, group: _Group) -> None:
        """Options, headings and groups inside a control."""
        control = group.control
        for child in element.children:
            tag = self._known(child)
            if tag is None:
                self._inside_unknown(child, None)
            elif tag.name in control.tag.children:
                self._option(child, tag, group)
            elif tag.name == "Header":
                values = attrs.read(tag, child, self._problems)
                written = values.given("value")
                group.heading = written.value if written else None
                if written and "$" in written.value:
                    self._problems.add("C049", written.value_span, name="the field", way="group_field")
                self._no_children(child.children, tag)
            elif tag.name == "View":
                self._group_view(child, tag, control.tag)
                self._options(child, group)
            elif tag.name in _BEFORE_CONTROL and control.tag.holds_layout:
                if found := self.layout(child, control, control):
                    control.children.append(found)
            else:
                self._misplaced(child, tag, control.tag)

    def _option(self, element: Element, tag: Tag, group: _Group) -> None:
        item = Item(tag, attrs.read(tag, element, self._problems), repeater=group.control.repeater)
        option = Option(item, group.heading)
        group.options.append(option)
        nested = _Group(group.control, option.children)
        for child in element.children:
            inner = self._known(child)
            if inner is None:
                continue
            if inner.name != tag.name or inner.name not in tag.children:
                self._problems.add("C013", child.name_span, tag=inner.name, parent=tag.name, way="close_before")
            else:
                if not (group.control.tag.nests or group.control.values.flag("allowNested")):
                    self._problems.add("C015", child.name_span)
                self._option(child, inner, nested)
