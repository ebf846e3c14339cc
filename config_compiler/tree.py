"""
Elements -> items: every element gets its tag and typed attributes, every option its control, every tag a right
place.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from config_compiler import attrs
from config_compiler.attrs import Values
from config_compiler.diagnostics import Problems, listing
from config_compiler.reader import Element
from config_compiler.spans import Span
from config_compiler.tags import registry
from config_compiler.tags.model import Tag


@dataclass(frozen=True, slots=True, eq=False)
class Item:
    """A known tag in its place. ``children`` are items inside it that count; options are in their :class:`Control`."""

    tag: Tag
    values: Values
    children: list[Item] = field(default_factory=list)

    @property
    def name(self) -> str:
        return self.values.text("name") or ""

    @property
    def span(self) -> Span:
        return self.values.element.name_span

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
        """What results hold: the alias if it is not empty, else the value."""
        return self.item.values.text("alias") or self.value


@dataclass(frozen=True, slots=True, eq=False)
class Config:
    """
    A config with known tags in their places.

    ``ghosts`` are the names of tags that are unknown or stand in a wrong place: links to them are no second fault.
    ``complete`` is false when there are such tags.
    """

    root: Item | None
    objects: list[Item]
    controls: list[Item]
    options: dict[int, list[Option]]  # by id() of the control's item
    ghosts: set[str]
    complete: bool

    def options_of(self, control: Item) -> list[Option]:
        return self.options.get(id(control), [])

    def all_options(self, control: Item) -> Iterator[Option]:
        """The options of *control* and those nested in them, in document order."""
        yield from _flat(self.options_of(control))


def _flat(options: list[Option]) -> Iterator[Option]:
    for option in options:
        yield option
        yield from _flat(option.children)


def build(root: Element, problems: Problems) -> Config:
    """The items of the config under *root*."""
    builder = _Builder(problems)
    item = builder.layout(root, None)
    return Config(item, builder.objects, builder.controls, builder.options, builder.ghosts, builder.complete)


@dataclass
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
        self.options: dict[int, list[Option]] = {}
        self.ghosts: set[str] = set()
        self.complete = True

    def _ghost(self, element: Element) -> None:
        self.complete = False
        self.ghosts.update(written.value for written in element.attributes if written.name.lower() == "name")

    def _known(self, element: Element) -> Tag | None:
        tag = registry.find(element.name)
        if tag is None:
            self._ghost(element)
            if later := registry.NOT_YET.get(element.name.lower()):
                self._problems.add("C011", element.name_span, tag=later, known=registry.TAG_NAMES)
            else:
                near = (element.name, registry.ALL_NAMES)
                self._problems.add(
                    "C010", element.name_span, tag=element.name, near=near, way="tags", known=registry.TAG_NAMES
                )
        return tag

    def layout(self, element: Element, parent: Item | None) -> Item | None:
        """An element outside of controls and objects. Those inside an unknown tag are read as if it were a View."""
        tag = self._known(element)
        if tag is None:
            self._inside_unknown(element, parent)
            return None
        values = attrs.read(tag, element, self._problems)
        item = Item(tag, values)
        if tag.role == "option":
            self._stray_option(tag, element)
            return None
        if tag.role == "object":
            self.objects.append(item)
            self._no_children(element, tag)
        elif tag.role in ("regions", "answers"):
            self.controls.append(item)
            if tag.children:
                group = _Group(item, [])
                self._options(element, item, group)
                self.options[id(item)] = group.options
            else:
                self._no_children(element, tag)
        elif tag.holds_layout:
            for child in element.children:
                if found := self.layout(child, item):
                    item.children.append(found)
        else:
            self._no_children(element, tag)
        return item

    def _inside_unknown(self, element: Element, parent: Item | None) -> None:
        """
        Read on inside a tag that nobody knows, so that names and faults inside are found; options may belong to it.
        """
        for child in element.children:
            tag = registry.find(child.name)
            if tag is not None and tag.role == "option":
                attrs.read(tag, child, self._problems)
            else:
                self.layout(child, parent)

    def _stray_option(self, tag: Tag, element: Element) -> None:
        owners = registry.owners(tag)
        near = " or ".join(f"<{owner}>" for owner in owners)
        self._problems.add("C012", element.name_span, tag=tag.name, owners=near, way="owner", owner=owners[0])
        for child in element.children:
            self.layout(child, None)

    def _no_children(self, element: Element, tag: Tag) -> None:
        for child in element.children:
            if found := self._known(child):
                way = "close_before" if found.role != "option" else "own_control"
                self._problems.add("C013", child.name_span, tag=found.name, parent=tag.name, way=way)
                if found.role in ("object", "regions", "answers"):
                    self._ghost(child)
            self._no_children(child, found or tag)

    def _options(self, element: Element, parent: Item, group: _Group) -> None:
        """Options, headings and groups inside a control."""
        control = group.control
        for child in element.children:
            tag = self._known(child)
            if tag is None:
                self._inside_unknown(child, parent)
                continue
            if tag.name in control.tag.children:
                self._option(child, tag, group)
            elif tag.name == "Header":
                values = attrs.read(tag, child, self._problems)
                written = values.given("value")
                group.heading = written.value if written else None
                if written and "$" in written.value:
                    self._problems.add("C049", written.value_span, name="the field", way="group_field")
                self._no_children(child, tag)
            elif tag.name == "View":
                values = attrs.read(tag, child, self._problems)
                if names := [attr.name for attr in tag.attrs if values.given(attr.name)]:
                    self._problems.add("C016", child.name_span, parent=control.tag.name, names=listing(names))
                self._options(child, parent, group)
            else:
                way = "label" if tag.role == "option" else "close_before"
                facts: dict[str, Any] = {"tag": tag.name, "parent": control.tag.name, "child": control.tag.children[0]}
                self._problems.add("C013", child.name_span, way=way, **facts)
                self._ghost(child)
                self._no_children(child, tag)

    def _option(self, element: Element, tag: Tag, group: _Group) -> None:
        item = Item(tag, attrs.read(tag, element, self._problems))
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
                if not group.control.values.flag("allowNested"):
                    self._problems.add("C015", child.name_span)
                self._option(child, inner, nested)
