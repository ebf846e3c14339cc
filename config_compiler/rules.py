"""Rules: the checks of a config's own, made before a submit (docs/config.md, "Rules"). Names are settled here."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from config_compiler import patterns
from config_compiler.attrs import Values
from config_compiler.check import Links
from config_compiler.diagnostics import Problems, shown
from config_compiler.reader import Attribute
from config_compiler.spans import Span
from config_compiler.sugar import none_of
from config_compiler.tags.rules import TEXTS
from config_compiler.tree import Config, Item

Rule = dict[str, Any]
"""One row of ``plan.rules``."""

_MARK = re.compile(r"\{[^{}\s]*\}")
_MARKS = frozenset({"{label}", "{count}", "{title}"})

_ALWAYS = ("needs", "excludes")
_COUNTS = ("minCount", "maxCount")
_TEXTS = ("minLength", "maxLength", "pattern", "oneOf")
_BOUNDS = ("min", "max")
_SIZES = ("minSize", "maxSize")
_ANSWERS: dict[str, tuple[str, ...]] = {
    "choices": _COUNTS, "taxonomy": _COUNTS, "textarea": (*_COUNTS, *_TEXTS), "number": _BOUNDS, "rating": _BOUNDS,
    "datetime": ("pattern", "oneOf"), "ranker": _COUNTS,
}  # fmt: skip
_CHOOSES = frozenset({"choices", "taxonomy", "pairwise"})
_SIZELESS = frozenset({"keypoint", "brush", "bitmask", "ocrbox", "series", "message", "vectortrack"})
_PLACELESS = frozenset({"brush", "bitmask", "message", "track", "vectortrack"})
_MEMBERS = {
    "minCount": "min_count", "maxCount": "max_count", "minSize": "min_size", "maxSize": "max_size",
    "minLength": "min_length", "maxLength": "max_length", "min": "min", "max": "max", "pattern": "pattern",
}  # fmt: skip


def read(config: Config, links: Links, problems: Problems) -> tuple[Rule, ...]:
    """The rules of *config*, those of Questions first; what is wrong with them goes to *problems*."""
    named = {control.name: control for control in reversed(config.controls)}
    rows = [row for item in _questions(config) for row in _of_question(item)]
    for extra in config.extras:
        if extra.tag.name == "Rules":
            if not config.options_of(extra) and config.complete:
                problems.add("C049", extra.span, name="<Rules>", way="no_rule")
            for option in config.options_of(extra):
                if row := _Reader(option.item, config, links, named, problems).read():
                    rows.append(row)
    return tuple(rows)


def fitting(control: Item, targets: tuple[Item, ...]) -> tuple[str, ...]:
    """The checks that a rule about *control* can make."""
    if control.tag.role != "regions":
        return (*_ANSWERS.get(control.tag.result_type or "", ()), *_ALWAYS)
    shape = control.tag.shape or ""
    checks = [*_COUNTS, *(() if shape in _SIZELESS else _SIZES)]
    checks += () if shape in _PLACELESS or shape == "keypoint" else ("overlap",)
    checks += () if shape in _PLACELESS else ("inside",)
    checks += ("relation",)
    if targets and all(target.tag.name in TEXTS for target in targets):
        checks += _TEXTS
    return (*checks, *_ALWAYS)


class _Reader:
    def __init__(self, item: Item, config: Config, links: Links, named: dict[str, Item], problems: Problems) -> None:
        self._item, self._values = item, item.values
        self._config, self._links, self._named, self._problems = config, links, named, problems

    def read(self) -> Rule | None:
        """The rule; ``None`` when it names no control or checks nothing."""
        values = self._values
        self._marks()
        control = self._control("for")
        if control is None:
            return None
        row: Rule = {"for": control.name}
        targets = self._links.get(id(control), ())
        fits = fitting(control, targets)
        self._fit(control, fits)
        self._narrow(control, row)
        for name in ("needs", "excludes", "unless"):
            if values.given(name) and (other := self._control(name)):
                row[name] = other.name
        for name, member in _MEMBERS.items():
            if (value := _number(values, name)) is not None:
                row[member] = value
        if values.text("overlap") == "no":
            row["overlap"] = False
        if words := values.words("oneOf"):
            row["one_of"] = list(words)
        if written := values.given("pattern"):
            row["pattern"] = self._pattern(written)
        self._places(control, targets, row)
        self._bounds()
        checks = (*_MEMBERS, "overlap", "oneOf", "inside", "relation", *_ALWAYS)
        if not any(values.given(name) for name in checks):
            self._problems.add("C130", self._item.span, tag=control.tag.name, known=fits)
        message = values.text("message") or ""
        return {**row, "message": message, "severity": values.text("severity") or "error"}

    def _control(self, name: str) -> Item | None:
        written = self._values.given(name)
        if written is None or not written.value.strip():
            return None
        value = written.value.strip()
        if (found := self._named.get(value)) or value in self._config.ghosts:
            return found
        known = tuple(self._named)
        self._problems.add(
            "C131", written.value_span, name=name, value=shown(value), near=(value, known), way="controls", known=known
        )
        return None

    def _fit(self, control: Item, fits: tuple[str, ...]) -> None:
        """Report checks that mean nothing for this kind of control."""
        kind = control.tag.result_type or ""
        for name in (*_MEMBERS, "overlap", "oneOf", "inside", "relation"):
            if (written := self._values.given(name)) and name not in fits:
                facts: dict[str, Any] = {"name": name, "tag": control.tag.name, "control": control.name}
                self._problems.add("C132", written.name_span, way="fitting_checks", known=fits, **facts)
        if (written := self._values.given("choice")) and kind not in _CHOOSES:
            facts = {"name": "choice", "tag": control.tag.name, "control": control.name}
            self._problems.add("C132", written.name_span, way="fitting_checks", known=fits, **facts)
        elif written and not (self._values.given("needs") or self._values.given("excludes")):
            self._problems.add("C049", written.name_span, name="choice", way="needs_two_or_choice")
        if (written := self._values.given("label")) and control.tag.role != "regions" and kind != "ranker":
            facts = {"name": "label", "tag": control.tag.name, "control": control.name}
            self._problems.add("C132", written.name_span, way="fitting_checks", known=fits, **facts)

    def _narrow(self, control: Item, row: Rule) -> None:
        """``label`` and ``choice``, as results hold them."""
        is_ranker = control.tag.result_type == "ranker"
        if (written := self._values.given("label")) and (is_ranker or control.tag.role == "regions"):
            kind = "a bucket" if is_ranker else "a label"
            row["label"] = self._stored(control, written.value.strip(), written, kind)
        if (written := self._values.given("choice")) and control.tag.result_type in _CHOOSES:
            known = _stored_names(self._config, control)
            whole = written.value.strip()
            words = (whole,) if whole in known else self._values.words("choice")
            row["choice"] = [self._stored(control, word, written, "a choice") for word in words]

    def _stored(self, control: Item, value: str, written: Attribute, kind: str) -> str:
        known = _stored_names(self._config, control)
        if value in known or _open_ended(control):
            return known.get(value, value)
        if control.tag.role == "regions" and not control.tag.children:
            near: tuple[str, tuple[str, ...]] = ("", ())
            way = "no_label_here"
        else:
            near, way = (value, tuple(known)), "labels"
        facts = {"value": shown(value), "kind": kind, "control": control.name}
        self._problems.add("C133", _word_span(written, value), near=near, way=way, known=tuple(known), **facts)
        return value

    def _places(self, control: Item, targets: tuple[Item, ...], row: Rule) -> None:
        """``inside`` and ``relation``."""
        if written := self._values.given("inside"):
            row["inside"] = self._container(control, targets, written)
        if written := self._values.given("relation"):
            labels = self._relation_labels()
            value = written.value.strip()
            row["relation"] = labels.get(value, value)
            if value != "*" and value not in labels:
                way = "labels" if labels else "relation_any"
                facts = {"value": shown(value), "kind": "a relation", "control": "Relations"}
                near = (value, tuple(labels))
                self._problems.add("C133", written.value_span, near=near, way=way, known=tuple(labels), **facts)

    def _container(self, control: Item, targets: tuple[Item, ...], written: Attribute) -> dict[str, str]:
        """What ``inside`` names: a label of the same control, a control, or a label of another control."""
        value = written.value.strip()
        own = _stored_names(self._config, control)
        if value in own:
            return {"control": control.name, "label": own[value]}
        others = [
            other
            for other in self._config.controls
            if other.tag.role == "regions" and not set(self._links.get(id(other), ())).isdisjoint(targets)
        ]
        if any(other.name == value for other in others):
            return {"control": value}
        for other in others:
            if value in (names := _stored_names(self._config, other)):
                return {"control": other.name, "label": names[value]}
        if not any(_open_ended(other) for other in others):
            known = tuple(dict.fromkeys((*own, *(other.name for other in others))))
            facts = {"value": shown(value), "kind": "a label or a control beside those", "control": control.name}
            self._problems.add("C133", written.value_span, near=(value, known), way="labels", known=known, **facts)
        return {"label": value}

    def _relation_labels(self) -> dict[str, str]:
        tags = [extra for extra in self._config.extras if extra.tag.name == "Relations"]
        return {option.value: option.stored for tag in tags for option in self._config.options_of(tag)}

    def _pattern(self, written: Attribute) -> dict[str, Any] | None:
        try:
            return patterns.compiled(written.value)
        except patterns.PatternFault as fault:
            at = min(fault.at, len(written.value))
            span = written.part(at, min(at + 1, len(written.value)))
            self._problems.add("C134", span, reason_key=f"pattern_{fault.reason}")
            return None

    def _bounds(self) -> None:
        for low, high in (_COUNTS, _SIZES, ("minLength", "maxLength"), _BOUNDS):
            in_order(self._values, low, high, self._problems)

    def _marks(self) -> None:
        written = self._values.given("message")
        for found in _MARK.finditer(written.value) if written else ():
            if written and found.group() not in _MARKS:
                self._problems.add("C135", written.part(*found.span()), value=shown(found.group()))


def in_order(values: Values, low: str, high: str, problems: Problems) -> None:
    """Report when the number *low* is over the number *high*."""
    least, most = _number(values, low), _number(values, high)
    if least is not None and most is not None and least > most:
        facts: dict[str, Any] = {"low": low, "high": high, "least": least, "most": most}
        problems.add("C142", values.span(low), way="swap_bounds", **facts)


def _number(values: Values, name: str) -> int | float | None:
    if values.given(name) is None:
        return None
    found = values.number(name)
    if found is None:
        return None
    return int(found) if found == int(found) else found


def _stored_names(config: Config, control: Item) -> dict[str, str]:
    """Names of the options as configs may write them, and as results hold them."""
    names: dict[str, str] = {}
    for value, stored in config.names(control):
        names.setdefault(stored, stored)
        if value:
            names.setdefault(value, stored)
    if control.tag.result_type == "pairwise":
        names |= {"left": "left", "right": "right"}
    return names


def _open_ended(control: Item) -> bool:
    return control.tag.dynamic and control.values.given("value") is not None


def _word_span(written: Attribute, word: str) -> Span:
    at = max(written.value.find(word), 0)
    return written.part(at, at + len(word))


def _questions(config: Config) -> Iterator[Item]:
    for item in config.root.walk() if config.root else ():
        if item.tag.name == "Question" and item.tag.role == "layout" and item.name:
            yield item


def _of_question(item: Item) -> Iterator[Rule]:
    """
    What a Question asks for, as rules. They are in English; a Rule of the config's own can say more.
    """
    values, name = item.values, item.name
    none = none_of(name)
    unanswerable = values.flag("unanswerable")
    least, most, longest = (values.integer(word) for word in ("minAnswers", "maxAnswers", "longest"))
    if values.flag("required"):
        least = max(least or 0, 1)
    rows: list[Rule] = []
    if least:
        told = "mark the answer in the text" if least == 1 else f"mark at least {least} answers in the text"
        told += f", or pick “{values.text('unanswerableText')}”" if unanswerable else ""
        rest = {"unless": none} if unanswerable else {}
        rows.append({**rest, "min_count": least, "message": values.text("requiredMessage") or f"“{{title}}”: {told}"})
    if most:
        told = f"at most {most} {'answer' if most == 1 else 'answers'} can be marked, not {{count}}"
        rows.append({"max_count": most, "message": f"“{{title}}”: {told}"})
    if longest:
        told = f"an answer has at most {longest} characters; mark less of the text"
        rows.append({"max_size": longest, "message": f"“{{title}}”: {told}"})
    if unanswerable:
        told = f"an answer is marked and “{values.text('unanswerableText')}” is picked; take one of the two away"
        rows.append({"excludes": none, "message": f"“{{title}}”: {told}"})
    return ({"for": name, **row, "severity": "error"} for row in rows)
