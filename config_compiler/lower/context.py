"""What the lowering of every tag uses: keys of nodes, conditions, hotkeys, links, values."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from config_compiler import colors
from config_compiler.check import Links
from config_compiler.conditions import Condition
from config_compiler.plan import Hotkey, base
from config_compiler.tree import Config, Item
from config_compiler.values import Literal, Mixed, Path, Value


class Context:
    """The state of one lowering; ``hotkeys`` grows in the order of the config."""

    def __init__(
        self, config: Config, links: Links, conditions: dict[int, Condition], keys: dict[int, tuple[str, ...]]
    ) -> None:
        self.config, self._links, self._conditions, self._keys = config, links, conditions, keys
        self._node = 0
        self._repeaters: dict[int, str] = {}
        self.hotkeys: list[Hotkey] = []
        taken = [
            color
            for control in config.controls
            if control.tag.role == "regions"
            for option in config.all_options(control)
            if (color := option.item.values.text("background"))
        ]
        self.label_colors: Iterator[str] = colors.sequence(taken)

    def key(self) -> str:
        """The next node's key."""
        key = f"n{self._node}"
        self._node += 1
        return key

    def repeater_key(self, repeater: Item) -> str:
        """The key of the node of *repeater*; its templates are known by it."""
        self._repeaters[id(repeater)] = key = self.key()
        return key

    def template(self, item: Item) -> dict[str, Any]:
        """``repeat``, for what stands in a Repeater. The tree must be lowered before."""
        return {"repeat": self._repeaters[id(item.repeater)]} if item.repeater else {}

    def links(self, item: Item) -> tuple[Item, ...]:
        """What *item* works on."""
        return self._links.get(id(item), ())

    def when(self, item: Item) -> base.Condition | None:
        """The condition under which *item* is shown."""
        found = self._conditions.get(id(item))
        if found is None:
            return None
        return base.Condition(
            kind=found.kind,
            tag=found.tag,
            labels=found.labels or None,
            choices=found.choices or None,
            role=found.role,
        )

    def take_keys(self, holder: Item, does: str, intent: dict[str, Any], scope: base.Scope = "main") -> str | None:
        """The keys of *holder* as the plan writes them; each goes to ``hotkeys`` with *intent*."""
        keys = self._keys.get(id(holder), ())
        self.hotkeys += [Hotkey(key=key, scope=scope, does=does, intent=intent) for key in keys]
        return ",".join(keys) or None

    def keys(self, holder: Item) -> str | None:
        """The keys of *holder*, for what the page does without an intent: play a sound, go to a search field."""
        return ",".join(self._keys.get(id(holder), ())) or None

    def control(self, control: Item) -> dict[str, Any]:
        """The members that every control has, and those that are copies of its attributes."""
        members: dict[str, Any] = {
            **control.values.members(),
            **self.template(control),
            "name": control.name,
            "tag": control.tag.plan_tag or control.tag.name,
            "to": tuple(target.name for target in self.links(control)),
            "when": self.when(control),
        }
        if members.get("per_region"):
            members["per_item"] = False
        dynamic = control.values.value("value") if control.tag.dynamic else None
        if isinstance(dynamic, Path):
            members["dynamic"] = value_of(dynamic)
        return members


def value_of(value: Value) -> base.Value:
    """A ``$`` expression as the plan has it."""
    match value:
        case Literal(text):
            return base.TextValue(text=text)
        case Path(path=path, source=source):
            return base.PathValue(path=path, source=source)
        case Mixed(parts):
            return base.PartsValue(
                parts=tuple(
                    base.TextValue(text=part.text)
                    if isinstance(part, Literal)
                    else base.PathValue(path=part.path, source=part.source)
                    for part in parts
                )
            )
