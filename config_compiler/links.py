"""Names and links: what a control works on, what repeats, what plays together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from config_compiler.diagnostics import Problems, listing
from config_compiler.spans import Span
from config_compiler.tags import registry
from config_compiler.tree import CONTROLS, Config, Item
from config_compiler.values import Path

Links = dict[int, tuple[Item, ...]]
"""The objects of each control, and the control of each Filter, by ``id()`` of its item."""

_SHOWN = 24  # names that a hint lists
_DRAWN_ON = ("Image", "Video", "PointCloud")  # a Labels there needs something that draws


@dataclass(slots=True)
class _Named:
    """What can be named, looked up once for the whole config."""

    config: Config
    objects: dict[str, Item]
    controls: dict[str, Item]
    object_names: tuple[str, ...]
    searched: tuple[str, ...]  # names of the controls that a Filter can search


def find(config: Config, problems: Problems) -> Links:
    """What the controls and filters of *config* work on; reports names and links that lead nowhere."""
    _names(config, problems)
    named = _Named(
        config,
        {item.name: item for item in reversed(config.objects) if item.name},
        {item.name: item for item in reversed(config.controls) if item.name},
        tuple(item.name for item in config.objects),
        tuple(control.name for control in config.controls if control.tag.dynamic),
    )
    links = {id(control): _links(control, named, problems) for control in config.controls}
    for item in config.root.walk() if config.root else ():
        if item.tag.name == "Filter":
            links[id(item)] = _filtered(item, named, problems)
        elif item.tag.name == "Repeater":
            _repeater(item, problems)
    return links


def pairs(config: Config, links: Links, problems: Problems) -> None:
    """Whether each control can work on its objects (label language, section 2)."""
    drawn_on = {
        id(target)
        for control in config.controls
        if control.tag.role == "regions" and control.tag.shape
        for target in links[id(control)]
    }
    for control in config.controls:
        for target in links[id(control)]:
            _pair(control, target, id(target) in drawn_on, config, problems)


def sync_groups(config: Config, problems: Problems) -> None:
    """Report an object that plays together with nothing."""
    players = [item for item in config.objects if item.values.has("sync")] if config.complete else []
    names = tuple(dict.fromkeys(item.name for item in players))
    known = set(names)
    words = Counter(item.values.text("sync") for item in players)
    for item in players:
        word = item.values.text("sync")
        if not word:
            continue
        called = words[item.name] - (word == item.name)
        if words[word] < 2 and not called and (word not in known or word == item.name):
            others = [name for name in names[: _SHOWN + 1] if name != item.name]
            way = "sync_other" if others else "sync_none"
            problems.add("C028", item.values.span("sync"), name=item.name, word=word, way=way, known=others)
        if item.tag.name == "TimeSeries" and not item.values.text("timeColumn"):
            problems.add("C049", item.values.span("sync"), name="sync", way="needs_time_column")


def _names(config: Config, problems: Problems) -> None:
    """Names are unique over objects and controls, and over the copies of what a Repeater repeats."""
    seen: dict[str, Item] = {}
    everything = {id(item): item for item in (*config.objects, *config.controls)}
    for item in sorted(everything.values(), key=lambda item: item.span.start):
        written = item.values.given("name")
        if not written or not written.value.strip():
            continue
        if first := seen.get(item.name):
            facts: dict[str, Any] = {"name": item.name, "tag": first.tag.name, "line": problems.line(first.span)}
            problems.add("C022", written.value_span, **facts)
        else:
            seen[item.name] = item
        if missing := [flag for flag in item.flags if flag not in item.name]:
            example = "_".join((item.name, *reversed(missing)))
            problems.add("C018", written.value_span, name=item.name, flag=missing[0], example=example)


def _repeater(item: Item, problems: Problems) -> None:
    values = item.values
    if (written := values.given("on")) and written.value.strip() and not isinstance(values.value("on"), Path):
        problems.add("C017", written.value_span, value=written.value)
    flag = values.text("indexFlag") or ""
    if not flag.strip() or not all(char.isalnum() or char in "_{}" for char in flag):
        problems.add("C019", values.span("indexFlag"), flag=flag, way="flag_letters")
    elif flag in item.flags:
        problems.add("C019", values.span("indexFlag"), flag=flag, way="flag_twice")


def _links(control: Item, named: _Named, problems: Problems) -> tuple[Item, ...]:
    """What ``toName`` names; without it the only object of the config. An object that is a control has itself."""
    written, config = control.values.given("toName"), named.config
    if control.tag.role == "object":
        if written and written.value.strip() != control.name:
            problems.add("C049", written.name_span, name="toName", way="own_name", own=control.name)
        return (control,)
    if written is None or not written.value.strip():
        if len(config.objects) == 1 and config.complete:
            only = config.objects[0]
            return (only,) if _reached(control, only, control.span, problems) else ()
        if config.complete:
            span = written.span if written else control.span
            way = "to_name" if named.objects else "to_name_none"
            names = named.object_names
            problems.add("C023", span, tag=control.tag.name, near=("", ()), way=way, known=names)
        return ()
    targets: list[Item] = []
    for name, span in _listed(control):
        if target := _target(name, span, control, named, problems):
            targets.append(target)
    if len(targets) > 1 and control.tag.role == "regions":
        problems.add("C027", written.value_span, tag=control.tag.name, count=len(targets))
    return tuple(dict.fromkeys(targets))


def _listed(item: Item) -> Iterator[tuple[str, Span]]:
    """The names in ``toName`` with their places."""
    written = item.values.given("toName")
    if written is None:
        return
    at = 0
    for part in written.value.split(","):
        start = at + len(part) - len(part.lstrip())
        at += len(part) + 1
        yield part.strip(), written.part(start, start + len(part.strip()))


def _target(name: str, span: Span, control: Item, named: _Named, problems: Problems) -> Item | None:
    if found := named.objects.get(name):
        return found if _reached(control, found, span, problems) else None
    if name in named.config.ghosts:
        return None
    known = named.object_names
    if other := named.controls.get(name):
        facts: dict[str, Any] = {"name": name, "target": other.tag.name}
        problems.add("C026", span, near=("", ()), way="objects", known=known, **facts)
    else:
        facts = {"name": name, "what": "object", "way": "objects" if known else "add_object"}
        problems.add("C020", span, near=(name, known), known=known, **facts)
    return None


def _reached(item: Item, target: Item, span: Span, problems: Problems) -> bool:
    """Whether *target* is one thing for *item*: outside of a Repeater there is no one copy of what is inside."""
    if target.repeater is not None and target.repeater not in item.repeaters:
        problems.add("C029", span, name=target.name, tag=item.tag.name)
        return False
    for flag in item.flags:
        if flag in target.name and flag not in target.flags:  # in each copy of the link it becomes a number
            facts: dict[str, Any] = {"name": target.name, "what": "object", "flag": flag}
            problems.add("C020", span, near=("", ()), way="flag_outside", **facts)
            return False
    return True


def _filtered(item: Item, named: _Named, problems: Problems) -> tuple[Item, ...]:
    """The control of a Filter."""
    written = item.values.given("toName")
    if written is None or not written.value.strip():
        if item.owner and item.owner.tag.role in CONTROLS:
            return (item.owner,)
        if named.config.complete:
            way = "to_name" if named.searched else "to_filter"
            problems.add("C023", item.span, tag="Filter", near=("", ()), way=way, known=named.searched)
        return ()
    name = written.value.strip()
    found = named.controls.get(name)
    if found and found.tag.dynamic:
        return (found,) if _reached(item, found, written.value_span, problems) else ()
    if name in named.config.ghosts:
        return ()
    facts: dict[str, Any] = {"way": "filters", "known": named.searched}
    if other := found or named.objects.get(name):
        problems.add("C024", written.value_span, tag="Filter", target=other.tag.name, **facts)
    else:
        problems.add("C020", written.value_span, name=name, what="control", near=(name, named.searched), **facts)
    return ()


def _pair(control: Item, target: Item, drawn_on: bool, config: Config, problems: Problems) -> None:
    """Whether this kind of control can work on that kind of object."""
    tag = control.tag
    if tag.works_on and target.tag.name not in tag.works_on:
        span = control.values.span("toName")
        facts: dict[str, Any] = {"tag": tag.name, "target": target.tag.name, "name": control.name}
        facts |= {"targets": listing(f"<{name}>" for name in tag.works_on), "target_name": target.name}
        fits = "" if tag.plan_tag else _fitting(tag.role, bool(tag.children), target)
        way = "use_other" if fits else "no_marks" if tag.role == "regions" else "works_on"
        problems.add("C024", span, way=way, fits=fits, **facts)
    elif tag.role == "regions" and not tag.shape and target.tag.name in _DRAWN_ON and not drawn_on and config.complete:
        facts = {"name": control.name, "target": target.name, "target_tag": target.tag.name}
        way = "draw_beside" if target.tag.name == "Video" else "draw_in_place"
        problems.add("C025", control.span, way=way, maker=target.tag.regions_by, **facts)


def _fitting(role: str, labelled: bool, target: Item) -> str:
    """The control that usually marks regions on *target*, if one is looked for; with labels where it has a choice."""
    usual = target.tag.regions_by if role == "regions" else None
    if usual is None:
        return ""
    bare = usual.removesuffix("Labels")
    return bare if not labelled and bare and registry.find(bare) else usual
