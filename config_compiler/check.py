"""Rules between tags and between attributes: options, what needs or excludes each other, what objects need."""

from __future__ import annotations

from typing import Any

from config_compiler import links as linking
from config_compiler.diagnostics import Problems, shown
from config_compiler.links import Links
from config_compiler.tree import Config, Item, Option
from config_compiler.values import Path, plain

__all__ = ["Links", "check"]

_TABLE_FORMS = ("json", "csv")


def check(config: Config, problems: Problems) -> Links:
    """Report what does not fit together; return what the controls work on."""
    links = linking.find(config, problems)
    linking.pairs(config, links, problems)
    linking.sync_groups(config, problems)
    for item in config.objects:
        _object(item, config, problems)
    for control in config.controls:
        _options(control, config, problems)
        _rules(control, links[id(control)], config, links, problems)
    return links


def _object(item: Item, config: Config, problems: Problems) -> None:
    """What single objects need."""
    match item.tag.name:
        case "Image":
            _image(item, problems)
        case "TimeSeries":
            for part in (item, *config.parts_of(item)):
                inside = config.parts_of(item) if part is item else part.children
                if part.tag.children and not inside and config.complete:
                    problems.add("C050", part.span, tag=part.tag.name, child="Channel", way="no_channel")
        case "Video":
            _speeds(item, problems)
        case "Table":
            form = (item.values.text("valueType") or "").split("|")[0].strip().lower()
            if form not in _TABLE_FORMS:
                facts: dict[str, Any] = {"name": "valueType", "value": form, "near": (form, _TABLE_FORMS)}
                problems.add("C045", item.values.span("valueType"), way="words", known=_TABLE_FORMS, **facts)
        case "Chat":
            _chat(item, problems)


def _speeds(item: Item, problems: Problems) -> None:
    slowest, usual = item.values.number("minPlaybackSpeed"), item.values.number("defaultPlaybackSpeed")
    if item.values.given("minPlaybackSpeed") and slowest and usual and slowest > usual:
        facts: dict[str, Any] = {"name": "minPlaybackSpeed", "range": f"at most defaultPlaybackSpeed, {usual:g}"}
        facts |= {"value": f"{slowest:g}", "example": f"{usual:g}"}
        problems.add("C044", item.values.span("minPlaybackSpeed"), **facts)


def _image(item: Item, problems: Problems) -> None:
    value = item.values.given("value")
    if value and value.value.strip() and item.has_pages:
        problems.add("C049", value.name_span, name="value", way="pages_win")


def _chat(item: Item, problems: Problems) -> None:
    fewest, most = item.values.number("minMessages"), item.values.number("maxMessages")
    if fewest is not None and most is not None and fewest > most:
        facts: dict[str, Any] = {"name": "minMessages", "range": f"at most maxMessages, {most:g}"}
        facts |= {"value": f"{fewest:g}", "example": f"{most:g}"}
        problems.add("C044", item.values.span("minMessages"), **facts)
    if written := item.values.given("llm"):
        problems.add("C049", written.name_span, name="llm", way="no_model")


def _options(control: Item, config: Config, problems: Problems) -> None:
    tag, values = control.tag, control.values
    if not tag.children or control.tag.role == "object":
        return
    child = tag.children[0]
    dynamic = values.value("value") if tag.dynamic else None
    if dynamic is not None and not isinstance(dynamic, Path):
        facts: dict[str, Any] = {"tag": tag.name, "value": shown(plain(dynamic)), "child": child, "example": "options"}
        problems.add("C054", values.span("value"), **facts)
    options = config.options_of(control)
    filled = options or config.plain_of(control) or isinstance(dynamic, Path)
    if not filled and not tag.optional_children and config.complete:
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


def _has_pages(target: Item) -> bool:
    return target.has_pages


def _makes_regions(control: Item) -> bool:
    """Whether regions can come from *control*: a Chat makes messages, a Taxonomy may label spans."""
    return control.tag.role == "regions" or bool(control.tag.shape) or control.values.flag("labeling")


def _rules(control: Item, targets: tuple[Item, ...], config: Config, links: Links, problems: Problems) -> None:
    """Attributes of one control that need or exclude each other."""
    values = control.values
    facts: dict[str, Any]
    if control.tag.role != "answers":
        return
    if values.flag("perRegion") and values.flag("perItem"):
        problems.add("C065", values.span("perItem"))
    elif (written := values.given("perItem")) and values.flag("perItem") and not any(map(_has_pages, targets)):
        problems.add("C049", written.name_span, name="perItem", way="no_pages")
    if values.flag("perRegion") and config.complete:
        for target in targets:
            if not any(_makes_regions(other) and target in links[id(other)] for other in config.controls):
                facts = {"tag": control.tag.name, "name": target.name, "maker": target.tag.regions_by}
                way = "add_regions" if target.tag.regions_by else "no_regions"
                problems.add("C066", values.span("perRegion"), way=way, **facts)
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
            facts = {
                "name": "defaultValue",
                "range": f"between 0 and {most}",
                "value": start,
                "example": most,
            }
            problems.add("C044", values.span("defaultValue"), **facts)
