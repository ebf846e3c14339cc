"""Checks of controls that ask: bounds, parts of dates, pairs, buckets, taxonomies from elsewhere."""

from __future__ import annotations

import re
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from config_compiler.attrs import Values
from config_compiler.check import Links
from config_compiler.diagnostics import Problems, shown
from config_compiler.rules import in_order
from config_compiler.tree import Config, Item

_PARTS = ("date", "time", "month", "year")
_DIRECTIVE = re.compile(r"%(?:[-_^0#]?[YymdBbeHIMSfpjAaFTRD%]|.?)", re.DOTALL)
_KNOWN = re.compile(r"%[-_^0#]?[YymdBbeHIMSfpjAaFTRD%]")
_YEAR = re.compile(r"[0-9]{4}", re.ASCII)


def check(config: Config, links: Links, problems: Problems) -> None:
    """Report what does not fit in the controls that ask."""
    for control in config.controls:
        match control.tag.result_type:
            case "number":
                _number(control.values, problems)
            case "datetime":
                _date_time(control.values, problems)
            case "pairwise":
                _pairwise(control, links.get(id(control), ()), config, problems)
            case "ranker":
                _buckets(control, config, problems)
            case "taxonomy":
                _taxonomy(control, problems)
    for item in config.root.walk() if config.root else ():
        if item.tag.name == "Question" and item.tag.role == "layout":
            _question(item.values, problems)


def _number(values: Values, problems: Problems) -> None:
    in_order(values, "min", "max", problems)
    least, most, start = values.number("min"), values.number("max"), values.number("defaultValue")
    if start is not None and ((least is not None and start < least) or (most is not None and start > most)):
        low, high = (None if bound is None else f"{bound:g}" for bound in (least, most))
        between = f"between {low} and {high}" if low and high else f"at least {low}" if low else f"at most {high}"
        facts: dict[str, Any] = {"name": "defaultValue", "range": between, "value": f"{start:g}"}
        problems.add("C044", values.span("defaultValue"), example=low or high, **facts)
    if values.flag("slider") and (least is None or most is None):
        problems.add("C144", values.span("slider"))


def _date_time(values: Values, problems: Problems) -> None:
    written = values.given("only")
    asked = []
    for word in values.words("only"):
        if word.lower() in _PARTS:
            asked.append(word.lower())
        elif written:
            at = written.value.find(word)
            near = (word, _PARTS)
            span = written.part(at, at + len(word))
            problems.add("C141", span, value=shown(word), near=near, way="words", known=_PARTS)
    if written and "date" in asked and (more := [word for word in asked if word in ("month", "year")]):
        problems.add("C148", written.value_span, value=" and ".join(more))
    if form := values.given("format"):
        for found in _DIRECTIVE.finditer(form.value):
            if not _KNOWN.fullmatch(found.group()):
                problems.add("C143", form.part(*found.span()), value=shown(found.group()))
    _dates(values, asked, problems)


def _dates(values: Values, asked: list[str], problems: Problems) -> None:
    """``min`` and ``max``: dates, or years where only years are asked."""
    years = asked == ["year"]
    wanted, example = ("a year", "2000") if years else ("an ISO date", "2000-12-31")
    found: dict[str, str] = {}
    for name in ("min", "max"):
        if written := values.given(name):
            text = written.value.strip()
            if (_YEAR.fullmatch(text) is not None) if years else _is_date(text):
                found[name] = text
            else:
                facts: dict[str, Any] = {"name": name, "value": shown(text), "wanted": wanted, "example": example}
                problems.add("C147", written.value_span, **facts)
    if len(found) == 2 and found["min"] > found["max"]:
        facts = {"low": "min", "high": "max", "least": found["min"], "most": found["max"]}
        problems.add("C142", values.span("min"), way="swap_bounds", **facts)


def _is_date(text: str) -> bool:
    try:
        return len(text) == 10 and date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _pairwise(control: Item, targets: tuple[Item, ...], config: Config, problems: Problems) -> None:
    if len(targets) != 2 and config.complete and not problems.failed:
        names = [item.name for item in config.objects if item.name][:2]
        example = ",".join(names) if len(names) == 2 else "left,right"
        problems.add("C140", control.values.span("toName"), tag=control.tag.name, count=len(targets), example=example)


def _buckets(control: Item, config: Config, problems: Problems) -> None:
    first: Item | None = None
    for option in config.options_of(control):
        if not option.item.values.flag("default"):
            continue
        if first:
            facts: dict[str, Any] = {"value": option.item.name, "first": first.name, "line": problems.line(first.span)}
            problems.add("C145", option.item.values.span("default"), **facts)
        else:
            first = option.item


def _taxonomy(control: Item, problems: Problems) -> None:
    if written := control.values.given("apiUrl"):
        host = _host(written.value)
        problems.add("C146", written.value_span, name=control.name, host=shown(host or "its host"))


def _host(url: str) -> str:
    """The host of an address; never its user and password."""
    try:
        return urlsplit(url.strip()).hostname or ""
    except ValueError:
        return ""


def _question(values: Values, problems: Problems) -> None:
    in_order(values, "minAnswers", "maxAnswers", problems)
    if (written := values.given("unanswerableText")) and not values.flag("unanswerable"):
        problems.add("C049", written.name_span, name="unanswerableText", way="needs_unanswerable")
    if (written := values.given("requiredMessage")) and not (values.flag("required") or values.integer("minAnswers")):
        problems.add("C049", written.name_span, name="requiredMessage", way="needs_required")
