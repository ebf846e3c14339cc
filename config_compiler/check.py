"""Rules between tags: names, links, options, and attributes that need each other."""

from __future__ import annotations

from typing import Any

from config_compiler.diagnostics import Problems, shown
from config_compiler.spans import Span
from config_compiler.tree import Config, Item, Option
from config_compiler.values import Path, plain

Links = dict[int, tuple[Item, ...]]
"""The objects of each control, by ``id()`` of its item."""


def check(config: Config, problems: Problems) -> Links:
    """Report what does not fit together; return what the controls work on."""
    _names(config, problems)
    links = {id(control): _links(control, config, problems) for control in config.controls}
    drawn_on = {
        target.name: True
        for control in config.controls
        if control.tag.region == "rectangle"
        for target in links[id(control)]
    }
    for control in config.controls:
        targets = links[id(control)]
        for target in targets:
            _pair(control, target, target.name in drawn_on, config, problems)
        _options(control, config, problems)
        _rules(control, targets, config, links, problems)
    return links


def _names(config: Config, problems: Problems) -> None:
    """Names are unique over objects and controls."""
    seen: dict[str, Item] = {}
    everything = sorted((*config.objects, *config.controls), key=lambda item: item.span.start)
    for item in everything:
        written = item.values.given("name")
        if not written or not written.value.strip():
            continue
        if first := seen.get(item.name):
            facts: dict[str, Any] = {"name": item.name, "tag": first.tag.name, "line": problems.line(first.span)}
            problems.add("C022", written.value_span, **facts)
        else:
            seen[item.name] = item


def _links(control: Item, config: Config, problems: Problems) -> tuple[Item, ...]:
    """What ``toName`` names; without it the only object of the config."""
    written = control.values.given("toName")
    objects = {item.name: item for item in reversed(config.objects) if item.name}
    if written is None or not written.value.strip():
        if len(config.objects) == 1 and config.complete:
            return (config.objects[0],)
        if config.complete:
            span = written.span if written else control.span
            way = "to_name" if objects else "to_name_none"
            names = tuple(item.name for item in config.objects)
            problems.add("C023", span, tag=control.tag.name, near=("", ()), way=way, known=names)
        return ()
    if found := objects.get(written.value):
        return (found,)
    targets: list[Item] = []
    at = 0
    for part in written.value.split(","):
        start = at + len(part) - len(part.lstrip())
        at += len(part) + 1
        if target := _named(part.strip(), written.part(start, start + len(part.strip())), config, objects, problems):
            targets.append(target)
    if len(targets) > 1 and control.tag.role == "regions":
        problems.add("C027", written.value_span, tag=control.tag.name, count=len(targets))
    return tuple(dict.fromkeys(targets))


def _named(name: str, span: Span, config: Config, objects: dict[str, Item], problems: Problems) -> Item | None:
    if found := objects.get(name):
        return found
    if name in config.ghosts:
        return None
    known = tuple(item.name for item in config.objects)
    control = next((control for control in config.controls if control.name == name), None)
    if control:
        facts: dict[str, Any] = {"name": name, "target": control.tag.name}
        problems.add("C026", span, near=("", ()), way="objects", known=known, **facts)
    else:
        near = (name, known)
        problems.add("C020", span, name=name, near=near, way="objects" if known else "add_object", known=known)
    return None


def _pair(control: Item, target: Item, has_shape: bool, config: Config, problems: Problems) -> None:
    """Whether this kind of control can work on that kind of object (label language, section 2)."""
    span = control.values.span("toName")
    tag = control.tag
    if tag.works_on and target.tag.name not in tag.works_on:
        targets = " and ".join(f"<{name}>" for name in tag.works_on)
        way = "use_labels" if target.tag.name == "Text" else "works_on"
        facts: dict[str, Any] = {"tag": tag.name, "target": target.tag.name, "targets": targets, "name": control.name}
        problems.add("C024", span, way=way, target_name=target.name, **facts)
    elif tag.region == "span" and target.tag.name == "Image" and not has_shape and config.complete:
        problems.add("C025", control.span, name=control.name, target=target.name)


def _options(control: Item, config: Config, problems: Problems) -> None:
    tag, values = control.tag, control.values
    if not tag.children:
        return
    child = tag.children[0]
    dynamic = values.value("value")
    if dynamic is not None and not isinstance(dynamic, Path):
        facts: dict[str, Any] = {"tag": tag.name, "value": shown(plain(dynamic)), "child": child, "example": "options"}
        problems.add("C054", values.span("value"), **facts)
    options = config.options_of(control)
    if not options and not isinstance(dynamic, Path) and config.complete:
        problems.add("C050", control.span, tag=tag.name, child=child, way="no_choice")
    _unique(control, options, problems)
    if values.text("choice") != "multiple":
        _one_selected(control, config, problems)
    for option in config.all_options(control):
        given = option.item.values.given
        if (written := given("showAlias")) and not option.item.values.text("alias"):
            problems.add("C049", written.name_span, name="showAlias", way="needs_alias")
        if (written := given("aliasStyle")) and not option.item.values.flag("showAlias"):
            problems.add("C049", written.name_span, name="aliasStyle", way="needs_show_alias")


def _unique(control: Item, options: list[Option], problems: Problems) -> None:
    seen: dict[str, Option] = {}
    for option in options:
        _unique(control, option.children, problems)
        if not option.stored:
            continue
        if first := seen.get(option.stored):
            facts: dict[str, Any] = {
                "value": shown(option.stored),
                "tag": control.tag.name,
                "line": problems.line(first.item.span),
            }
            name = "alias" if option.item.values.text("alias") else "value"
            problems.add("C051", option.item.values.span(name), **facts)
        else:
            seen[option.stored] = option


def _one_selected(control: Item, config: Config, problems: Problems) -> None:
    first: Option | None = None
    for option in config.all_options(control):
        if option.item.values.flag("selected"):
            if first:
                facts: dict[str, Any] = {"value": shown(option.value), "first": shown(first.value)}
                span = option.item.values.span("selected")
                problems.add("C053", span, line=problems.line(first.item.span), **facts)
            else:
                first = option


def _rules(control: Item, targets: tuple[Item, ...], config: Config, links: Links, problems: Problems) -> None:
    """Attributes of one control that need or exclude each other."""
    values = control.values
    if control.tag.role != "answers":
        return
    if values.flag("perRegion") and values.flag("perItem"):
        problems.add("C065", values.span("perItem"))
    elif (written := values.given("perItem")) and values.flag("perItem"):
        problems.add("C049", written.name_span, name="perItem", way="no_pages")
    if values.flag("perRegion") and config.complete:
        for target in targets:
            if not any(other.tag.role == "regions" and target in links[id(other)] for other in config.controls):
                way = "add_rectangles" if target.tag.name == "Image" else "add_labels"
                problems.add("C066", values.span("perRegion"), tag=control.tag.name, name=target.name, way=way)
    if (written := values.given("requiredMessage")) and not values.flag("required"):
        problems.add("C049", written.name_span, name="requiredMessage", way="needs_required")
    if values.text("displayMode") == "region-list" and not values.flag("perRegion"):
        problems.add("C049", values.span("displayMode"), name='displayMode="region-list"', way="needs_region")
    if values.has("showInline") and (written := values.given("showInline")) and values.given("layout"):
        layout = values.text("layout")
        if values.flag("showInline") != (layout == "inline"):
            problems.add("C049", written.name_span, name="showInline", way="layout_wins", layout=layout)
    if values.has("maxRating"):
        most, start = values.integer("maxRating") or 0, values.integer("defaultValue") or 0
        if start > most:
            facts: dict[str, Any] = {
                "name": "defaultValue",
                "range": f"between 0 and {most}",
                "value": start,
                "example": most,
            }
            problems.add("C044", values.span("defaultValue"), **facts)
