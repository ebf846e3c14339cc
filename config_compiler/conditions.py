"""
The ``visibleWhen`` family -> conditions (label language, section 6). Stored names replace values, so aliases are
settled here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from config_compiler.diagnostics import Problems
from config_compiler.tree import Config, Item

Kind = Literal["choice-selected", "choice-unselected", "region-selected", "no-region-selected", "value-is"]
_KINDS: dict[str, Kind] = {
    "choice-selected": "choice-selected",
    "choice-unselected": "choice-unselected",
    "region-selected": "region-selected",
    "no-region-selected": "no-region-selected",
}
_TAG, _LABEL, _CHOICE, _ROLE = "whenTagName", "whenLabelValue", "whenChoiceValue", "whenRole"


@dataclass(frozen=True, slots=True)
class Condition:
    """When something is shown. ``labels`` and ``choices``: any one of them; empty: every one."""

    kind: Kind
    tag: str | None = None
    labels: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    role: str | None = None


def read_all(config: Config, problems: Problems) -> dict[int, Condition]:
    """The conditions of all items that have one, by ``id()`` of the item."""
    if config.root is None:
        return {}
    named = {item.name: item for item in (*config.objects, *config.controls)}
    found: dict[int, Condition] = {}
    for item in config.root.walk():
        if item.values.has(_TAG):
            condition = _Reader(item, config, named, problems).read()
            if condition:
                found[id(item)] = condition
    return found


class _Reader:
    def __init__(self, item: Item, config: Config, named: dict[str, Item], problems: Problems) -> None:
        self._item, self._values = item, item.values
        self._config, self._named, self._problems = config, named, problems

    def read(self) -> Condition | None:
        values = self._values
        word = values.text("visibleWhen") if values.has("visibleWhen") else None
        kind = _KINDS.get(word or "")
        if kind is None:
            return self._without_word()
        match kind:
            case "region-selected":
                self._unused(kind, _CHOICE)
                return self._region()
            case "no-region-selected":
                self._unused(kind, _TAG, _LABEL, _CHOICE, _ROLE)
                return Condition(kind)
            case _:
                self._unused(kind, _LABEL, _ROLE)
                return self._choice(kind)

    def _without_word(self) -> Condition | None:
        """No (known) ``visibleWhen``: what perRegion and whenChoiceValue mean by themselves."""
        values = self._values
        misspelt = values.has("visibleWhen") and values.given("visibleWhen") is not None
        if values.has("perRegion") and values.flag("perRegion") and (values.given(_TAG) or values.given(_LABEL)):
            if values.has(_CHOICE):
                self._unused("perRegion", _CHOICE)
            return self._region()
        if values.has(_CHOICE) and (written := values.given(_CHOICE)) and not misspelt:
            self._unused(None, _TAG, _LABEL, _ROLE)
            return Condition("value-is", choices=(written.value,))
        if not misspelt:
            way = "needs_visible_when" if values.has("visibleWhen") else "needs_per_region"
            for name in (_TAG, _LABEL, _ROLE):
                if written := values.given(name):
                    self._problems.add("C049", written.name_span, name=name, way=way)
        return None

    def _unused(self, kind: str | None, *names: str) -> None:
        for name in names:
            if self._values.has(name) and (written := self._values.given(name)):
                way = "not_with" if kind else "needs_visible_when"
                self._problems.add("C049", written.name_span, name=name, way=way, kind=kind)

    def _tag(self, wanted: tuple[str, ...], asks: str, kind: str) -> tuple[bool, Item | None]:
        """Whether ``whenTagName`` is usable, and the item it names (none for tags that are not read yet)."""
        written = self._values.given(_TAG)
        if written is None or not written.value.strip():
            return True, None
        name = written.value if written.value in self._named else written.value.strip()
        target = self._named.get(name)
        fitting = tuple(key for key, item in self._named.items() if item.tag.role in wanted)
        if target is None:
            if name not in self._config.ghosts:
                near = (name, tuple(self._named))
                self._problems.add("C060", written.value_span, name=name, near=near, way="names", known=fitting)
            return False, None
        if target.repeater and target.repeater not in self._item.repeaters:
            self._problems.add("C029", written.value_span, name=name, tag=self._item.tag.name)
            return False, None
        if target.tag.role not in wanted or (
            asks == "a choice" and target.tag.result_type not in ("choices", "taxonomy")
        ):
            fitting = tuple(
                key for key in fitting if asks != "a choice" or self._named[key].tag.name in ("Choices", "Taxonomy")
            )
            facts = {"name": name, "target": target.tag.name, "condition": kind, "wanted": asks}
            self._problems.add("C061", written.value_span, near=("", ()), way="names", known=fitting, **facts)
            return False, None
        return True, target

    def _region(self) -> Condition | None:
        usable, target = self._tag(("regions", "object"), "a labeling control or an object", "region-selected")
        if not usable:
            return None
        controls = [target] if target in self._config.controls and target else self._labelling()
        labels = self._words(_LABEL, controls, "a label", target)
        return Condition("region-selected", target.name if target else None, labels, role=self._role())

    def _role(self) -> str | None:
        written = self._values.given(_ROLE)
        if written and not any(item.tag.name == "Chat" for item in self._config.objects) and self._config.complete:
            self._problems.add("C049", written.name_span, name=_ROLE, way="needs_chat")
        return written.value.strip() or None if written else None

    def _labelling(self) -> list[Item]:
        return [control for control in self._config.controls if control.tag.role == "regions"]

    def _choice(self, kind: Kind) -> Condition | None:
        usable, target = self._tag(("answers",), "a choice", kind)
        if not usable:
            return None
        if target is None:
            if written := self._values.given(_CHOICE):
                self._problems.add("C049", written.name_span, name=_CHOICE, way="needs_when_tag")
            return Condition(kind)
        if kind == "choice-selected" and target in self._item.walk():
            self._problems.add("C067", self._values.span(_TAG), name=target.name)
        return Condition(kind, target.name, choices=self._words(_CHOICE, [target], "a choice", target))

    def _words(self, name: str, controls: Iterable[Item], kind: str, target: Item | None) -> tuple[str, ...]:
        """
        The comma list in *name*, each word as results hold it.

        A label that contains a comma is found as a whole; blanks around words do not count (an extension).
        """
        written = self._values.given(name)
        if written is None:
            return ()
        stored: dict[str, str] = {}
        open_ended = not self._config.complete and target is None
        for control in controls:
            open_ended = open_ended or control.values.value("value") is not None
            for value, kept in self._config.names(control):
                stored.setdefault(value, kept)
                stored.setdefault(kept, kept)
        if (whole := written.value.strip()) in stored:
            return (stored[whole],)
        words = self._values.words(name)
        for word in words:
            if word not in stored and not open_ended:
                at = written.value.find(word)
                facts = {"value": word, "kind": kind, "name": target.name if target else "any control"}
                known = tuple(stored)
                span = written.part(at, at + len(word))
                self._problems.add("C062", span, near=(word, known), way="words", known=known, **facts)
        return tuple(dict.fromkeys(stored.get(word, word) for word in words))
