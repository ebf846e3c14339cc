"""A checked config -> the plan. Here nothing can be wrong any more."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from config_compiler import colors, plan, style, values
from config_compiler.attrs import Values
from config_compiler.check import Links
from config_compiler.conditions import Condition
from config_compiler.data import Need
from config_compiler.tree import Config, Item, Option
from config_compiler.values import Literal, Mixed, Path, Value


def lower(
    config: Config,
    links: Links,
    conditions: dict[int, Condition],
    keys: dict[int, tuple[str, ...]],
    fields: tuple[Need, ...],
    sample: dict[str, Any],
    sha256: str,
) -> plan.Plan:
    """The plan of *config*."""
    if config.root is None:
        raise ValueError("a config without root has no plan")
    return _Lowering(config, links, conditions, keys).run(config.root, fields, sample, sha256)


class _Lowering:
    def __init__(
        self, config: Config, links: Links, conditions: dict[int, Condition], keys: dict[int, tuple[str, ...]]
    ) -> None:
        self._config, self._links, self._conditions, self._keys = config, links, conditions, keys
        self._node = 0
        self._hotkeys: list[plan.Hotkey] = []
        taken = [
            color
            for control in config.controls
            if control.tag.role == "regions"
            for option in config.all_options(control)
            if (color := option.item.values.text("background"))
        ]
        self._label_colors = colors.sequence(taken)

    def run(self, root: Item, fields: tuple[Need, ...], sample: dict[str, Any], sha256: str) -> plan.Plan:
        controls = tuple(self._control(control) for control in self._config.controls)
        return plan.Plan(
            config_sha256=sha256,
            requires=(),
            fields=tuple(
                plan.DataField.model_validate({"name": need.name, "types": need.types, "used_by": need.used_by})
                for need in fields
            ),
            tree=self._tree(root),
            objects=tuple(_object(item) for item in self._config.objects),
            controls=controls,
            hotkeys=tuple(self._hotkeys),
            sample=sample,
        )

    # tree

    def _key(self) -> str:
        key = f"n{self._node}"
        self._node += 1
        return key

    def _tree(self, item: Item) -> plan.Node:
        key, tag, attributes = self._key(), item.tag, item.values
        if tag.role == "object":
            return plan.ObjectNode(key=key, name=item.name)
        if tag.role in ("regions", "answers"):
            return plan.ControlNode(key=key, name=item.name, when=self._when(item))
        if tag.holds_layout:
            children = tuple(self._tree(child) for child in item.children)
            members: dict[str, Any] = dict(attributes.members())
            return plan.ViewNode(
                key=key, style=attributes.style("style"), when=self._when(item), children=children, **members
            )
        if tag.name == "Style":
            return plan.StyleNode(key=key, css=style.sheet(attributes.text("value") or "")[0])
        members = dict(attributes.members())
        value = _value(attributes.value("value") or Literal(""))
        return plan.HeaderNode(key=key, value=value, style=attributes.style("style"), **members)

    def _when(self, item: Item) -> plan.Condition | None:
        found = self._conditions.get(id(item))
        if found is None:
            return None
        return plan.Condition(
            kind=found.kind, tag=found.tag, labels=found.labels or None, choices=found.choices or None
        )

    # controls

    def _control(self, control: Item) -> plan.Control:
        attributes, tag = control.values, control.tag
        members: dict[str, Any] = {
            **attributes.members(),
            "name": control.name,
            "tag": tag.name,
            "to": tuple(target.name for target in self._links[id(control)]),
            "when": self._when(control),
        }
        dynamic = attributes.value("value") if tag.children else None
        if isinstance(dynamic, Path):
            members["dynamic"] = _value(dynamic)
        if tag.role == "regions":
            members |= {"required": False, "per_region": False, "per_item": False, "display_mode": "tag"}
            options = tuple(self._options(control, self._config.options_of(control), self._label_colors, "background"))
            return plan.LabelsControl(type=tag.result_type, options=options, **members)  # type: ignore[arg-type]
        if tag.result_type == "choices":
            options_here = self._config.options_of(control)
            taken = [color for option in options_here if (color := option.item.values.text("color"))]
            options = tuple(self._options(control, options_here, colors.sequence(taken), "color"))
            inline = attributes.flag("showInline") and not attributes.given("layout")
            layout: Any = "inline" if inline else attributes.text("layout")
            return plan.ChoicesControl(options=options, layout=layout, **members)
        if tag.result_type == "textarea":
            value = attributes.value("value")
            button = (
                attributes.flag("showSubmitButton") if attributes.given("showSubmitButton") else members["rows"] != 1
            )
            filled = _value(value) if value and values.plain(value) else None
            return plan.TextAreaControl(value=filled, show_submit_button=button, **members)
        keys = self._take_keys(control, control.name, {"type": "rate", "control": control.name, "step": 1})
        return plan.RatingControl(hotkey=keys, **members)

    def _options(
        self, control: Item, options: list[Option], free: Iterator[str], color_attr: str, path: tuple[str, ...] = ()
    ) -> Iterator[plan.Option]:
        """The options of one control; a value that comes again is left out (the check reported it)."""
        seen: set[str] = set()
        several, selected = control.values.text("choice") == "multiple", False
        for option in options:
            if option.stored in seen:
                continue
            seen.add(option.stored)
            attributes = option.item.values
            here = (*path, option.stored)
            keys = self._take_keys(option.item, option.value, _pick(control, here))
            written = attributes.given("aliasStyle") if attributes.has("aliasStyle") else None
            members: dict[str, Any] = dict(attributes.members())
            members["alias"] = members["alias"] or None
            members["selected"] = members["selected"] and (several or not selected)
            selected = selected or members["selected"]
            color = attributes.text(color_attr) or next(free)
            children = tuple(self._options(control, option.children, free, color_attr, here)) or None
            yield plan.Option(
                value=option.value,
                stored=option.stored,
                text=_value(values.parse(option.value)),
                color=color,
                hotkey=keys,
                group=option.group,
                alias_style=attributes.style("aliasStyle") if written and attributes.flag("showAlias") else None,
                style=_style(attributes),
                children=children,
                **members,
            )

    def _take_keys(self, holder: Item, does: str, intent: dict[str, Any]) -> str | None:
        keys = self._keys.get(id(holder), ())
        self._hotkeys += [plan.Hotkey(key=key, scope="main", does=does, intent=intent) for key in keys]
        return ",".join(keys) or None


def _pick(control: Item, path: tuple[str, ...]) -> dict[str, Any]:
    if control.tag.role == "regions":
        return {"type": "pick_label", "control": control.name, "label": path[-1]}
    nested = control.values.flag("allowNested")
    return {"type": "choose", "control": control.name, "choice": list(path) if nested else path[-1]}


def _style(attributes: Values) -> dict[str, str] | None:
    return (attributes.style("style") or None) if attributes.has("style") else None


def _object(item: Item) -> plan.Object:
    attributes = item.values
    members: dict[str, Any] = {**attributes.members(), "name": item.name}
    value = _value(attributes.value("value") or Literal(""))
    if item.tag.object_type == "image":
        return plan.ImageObject(value=value, **members)
    save = attributes.text("saveTextResult")
    save_text = save == "yes" if save else attributes.text("valueType") != "url"
    return plan.TextObject(value=value, save_text=save_text, **members)


def _value(value: Value) -> plan.Value:
    match value:
        case Literal(text):
            return plan.TextValue(text=text)
        case Path(path=path, source=source):
            return plan.PathValue(path=path, source=source)
        case Mixed(parts):
            return plan.PartsValue(
                parts=tuple(
                    plan.TextValue(text=part.text)
                    if isinstance(part, Literal)
                    else plan.PathValue(path=part.path, source=part.source)
                    for part in parts
                )
            )
