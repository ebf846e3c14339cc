"""Fixes for attributes and their values: hotkeys, words, numbers, options and conditions."""

from __future__ import annotations

import re
from collections.abc import Iterator

from config_compiler import colors, edits, hotkeys
from config_compiler.diagnostics import Edit, Fix
from config_compiler.edits import remove_attribute, set_attribute
from config_compiler.fixes.case import CONDITION_NAMES, MAX_CHOICES, Case, Maker, delete
from config_compiler.fixes.data import make_field
from config_compiler.fixes.links import point
from config_compiler.inventory import NAMES_A_TAG, Inventory, fresh
from config_compiler.outline import Node
from config_compiler.tags import registry
from config_compiler.tags.model import Attr, Role, Tag

_NUMBER = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?")


def _key(case: Case) -> Iterator[Fix]:
    free = next((key for key in hotkeys.SEQUENCE if key not in case.known.keys), None)
    if free:
        yield case.replaced(free)
    if case.attribute and case.attribute.value.strip() == case.text.strip():
        yield from case.without_attribute()


def _unknown_attribute(case: Case) -> Iterator[Fix]:
    yield from case.meant()
    if case.attribute and case.attribute.name.lower() in [name.lower() for name in CONDITION_NAMES]:
        yield from _wrap(case)
    yield from case.without_attribute()


def _wrap(case: Case) -> Iterator[Fix]:
    """Conditions that the tag cannot have go to a View around it."""
    node, tag = case.node, case.tag
    if node is None or tag is None or node.parent is None:
        return
    moved = [
        written for name in CONDITION_NAMES if (written := node.attribute(name)) and name.lower() not in tag.by_name
    ]
    if not any(written.name.lower() == "visiblewhen" for written in moved):
        return
    moved += [written for name in CONDITION_NAMES if (written := node.attribute(name)) and name.lower() in tag.by_name]
    whole = node.whole
    head = " ".join(case.source[one.span.start : one.span.end] for one in moved)
    gone = sorted((remove_attribute(case.source, one) for one in moved), key=lambda edit: edit.start)
    opening, closing = Edit(whole.start, whole.start, f"<View {head}>"), Edit(whole.end, whole.end, "</View>")
    yield Fix(f"Put a <View {head}> around it", (opening, *gone, closing))


def _missing_value(case: Case) -> Iterator[Fix]:
    """C041: the attribute that the message names."""
    node, tag = case.node, case.tag
    if node is None or tag is None:
        return
    for attr in tag.attrs:
        if attr.required and attr.type != "name" and not node.value(attr.name):
            if case.attribute and case.attribute.name.lower() != attr.name.lower():
                continue
            value = case.known.needed(tag, attr) or _made_up(tag, attr, node, case.known)
            if not value:
                continue
            yield Fix(f'Add {attr.name}="{value}"', (set_attribute(node, attr.name, value),))


def _made_up(tag: Tag, attr: Attr, node: Node, known: Inventory) -> str:
    if attr.name in NAMES_A_TAG or attr.type == "names":
        return next(iter(known.targets(tag) or known.controls), "")
    if attr.type in ("int", "float"):
        return f"{attr.low:g}" if attr.low is not None else "1"
    owner = node.parent
    while owner and (around := registry.find(owner.name)) and around.role in ("option", "layout"):
        owner = owner.parent
    taken = known.options(owner.value("name")) if owner and owner.value("name") else known.options(None)
    return fresh(f"{tag.name} ", [f"{tag.name} ", *taken]).replace("  ", " ") if tag.role == "option" else tag.name


_YES = frozenset(("1", "yes", "on", "y", "t", "ja", "oui"))


def _bool(case: Case) -> Iterator[Fix]:
    word = case.diagnostic.meant or ("true" if case.text.strip().lower() in _YES else "")
    for value in ("true", "false") if word else ("false", "true"):
        yield case.replaced(value)


def _number(case: Case) -> Iterator[Fix]:
    """A number out of the text, within the bounds; else the default."""
    attr = case.attr
    if attr is None or case.attribute is None:
        return
    found = _NUMBER.search(case.text) if attr.type in ("int", "float") else None
    low, high = attr.low, attr.high
    if found and case.diagnostic.code == "C044":
        inside = (low is None or float(found.group()) >= low) and (high is None or float(found.group()) <= high)
        found = None if inside else found  # within its own bounds: another attribute sets the limit
    if found:
        number = float(found.group())
        number = round(number) if attr.type == "int" else number
        number = low if low is not None and number < low else high if high is not None and number > high else number
        yield case.replaced(f"{number:.15g}")
    yield from case.meant()
    if not found:
        yield from case.without_attribute()


def _word(case: Case) -> Iterator[Fix]:
    yield from case.meant()
    if case.attr:
        words = [word for word in case.attr.values if word != case.diagnostic.meant]
        if case.attr.name == "visibleWhen":
            words = [word for word in words if _asks_of(word, case)]
        for value in words[:MAX_CHOICES]:
            yield case.replaced(value)
    if case.attribute and case.attribute.name.lower() == "visiblewhen":
        yield from _no_condition(case)
    else:
        yield from case.without_attribute()


def _asks_of(word: str, case: Case) -> bool:
    """Whether the condition *word* can ask the tag that ``whenTagName`` names."""
    name = case.node.value("whenTagName") if case.node else ""
    if name not in case.known.named:
        return not name
    return word.startswith("choice") == (case.known.named[name][0].role == "answers")


def _color(case: Case) -> Iterator[Fix]:
    yield from case.meant()
    if not case.diagnostic.meant:
        yield case.replaced(colors.SEQUENCE[0])
    yield from case.without_attribute()


def _size(case: Case) -> Iterator[Fix]:
    if found := re.fullmatch(r"\s*([0-9.]+)\s+(px|%|em|rem|vh|vw)\s*", case.text):
        yield case.replaced(found[1] + found[2])
    else:
        yield case.replaced("100%")
    yield from case.without_attribute()


def _no_effect(case: Case) -> Iterator[Fix]:
    node, tag = case.node, case.tag
    if case.attribute is None or node is None or tag is None:
        return
    needs = {"requiredmessage": "required", "displaymode": "perRegion", "aliasstyle": "showAlias"}
    other = needs.get(case.attribute.name.lower())
    fits = other != "showAlias" or node.value("alias")
    if other == "perRegion" and node.attribute("perItem"):
        fits = ""  # the two exclude each other
    if other and other.lower() in tag.by_name and fits:
        yield Fix(f'Add {other}="true"', (set_attribute(node, other, "true"),))
    if case.span.start != case.attribute.name_span.start and "$" in case.text:
        yield case.replaced(case.text.replace("$", ""), "Write it as plain text")
    else:
        yield from case.without_attribute()


def _no_options(case: Case) -> Iterator[Fix]:
    node, tag = case.node, case.tag
    child = registry.find(tag.children[0]) if tag and tag.children else None
    if node is None or tag is None or child is None:
        return
    needed = [attr.name for attr in child.attrs if attr.required and not attr.unsupported]
    if not set(needed) & NAMES_A_TAG:
        written = [" ".join(f'{name}="{child.name} {n}"' for name in needed) for n in (1, 2)]
        text = "\n".join(f"<{child.name} {attributes}/>" for attributes in written)
        yield Fix(f"Add two <{child.name}>", (edits.insert_first(case.outline, node, text),))
    if tag.dynamic and not node.attribute("value"):
        yield Fix('Take them from the task: value="$options"', (set_attribute(node, "value", "$options"),))


def _second_option(case: Case) -> Iterator[Fix]:
    if case.node and case.attribute:
        other = fresh(f"{case.text} ", [*(f"{text} " for text in case.known.options(None)), *case.known.options(None)])
        yield case.replaced(other, f"Change to '{other}'")
    yield from delete(case)


def _second_selected(case: Case) -> Iterator[Fix]:
    node = case.node
    yield from case.without_attribute()
    while node and (tag := registry.find(node.name)) and tag.role != "answers":
        node = node.parent
    if node:
        yield Fix('Allow several: choice="multiple"', (set_attribute(node, "choice", "multiple"),))


def _condition_tag(case: Case) -> Iterator[Fix]:
    yield from case.meant()
    word = case.node.value("visibleWhen") if case.node else ""
    choices = word.startswith("choice")
    names = [
        name
        for name, (tag, node) in case.known.named.items()
        if (tag.result_type == "choices" if choices else tag.role in ("regions", "object"))
        and not _within(node, case.node)
    ]
    yield from point(case, [name for name in names if name != case.diagnostic.meant])
    yield from _no_condition(case)


def _within(node: Node | None, other: Node | None) -> bool:
    while node:
        if node is other:
            return True
        node = node.parent
    return False


def _no_condition(case: Case) -> Iterator[Fix]:
    if case.node:
        written = [one for name in CONDITION_NAMES if (one := case.node.attribute(name))]
        gone = sorted((remove_attribute(case.source, one) for one in written), key=lambda edit: edit.start)
        yield Fix("Always show it: remove the condition", tuple(gone))


def _condition_word(case: Case) -> Iterator[Fix]:
    yield from case.meant()
    name = case.node.value("whenTagName") if case.node else ""
    role: Role = "regions" if case.attribute and case.attribute.name.lower() == "whenlabelvalue" else "answers"
    given = [part.strip() for part in case.attribute.value.split(",")] if case.attribute else []
    words = [word for word in case.known.options(name or None, role) if word not in (case.diagnostic.meant, *given)]
    for word in words[:MAX_CHOICES]:
        yield case.replaced(word)
    yield from case.without_attribute()


def _region_or_item(case: Case) -> Iterator[Fix]:
    yield from case.without_attribute()
    target = case.known.named.get(case.node.value("toName")) if case.node else None
    if case.node and (written := case.node.attribute("perRegion")) and target and target[1].attribute("valueList"):
        yield Fix("Remove perRegion", (remove_attribute(case.source, written),))


def _no_regions(case: Case) -> Iterator[Fix]:
    if case.node and not case.node.attribute("perItem"):  # else the two together are the problem to solve first
        yield from case.without_attribute()


def _exchange(case: Case) -> Iterator[Fix]:
    """The smallest that is over the largest: the two numbers change places."""
    if case.node is None or case.attribute is None:
        return
    name = case.attribute.name
    others = [name.replace(*pair, 1) for pair in (("min", "max"), ("max", "min"), ("Min", "Max"), ("Max", "Min"))]
    other = next((found for one in others if one != name and (found := case.node.attribute(one))), None)
    if other and other.value_span and case.attribute.value_span:
        pairs = ((case.attribute.value_span, other.raw), (other.value_span, case.attribute.raw))
        made = sorted((edits.replace(span, raw) for span, raw in pairs), key=lambda edit: edit.start)
        yield Fix("Exchange the two numbers", tuple(made))


def _slider(case: Case) -> Iterator[Fix]:
    if case.node:
        missing = [(name, value) for name, value in (("min", "0"), ("max", "100")) if not case.node.attribute(name)]
        made = tuple(set_attribute(case.node, name, value) for name, value in missing)
        yield Fix("Add " + " ".join(f'{name}="{value}"' for name, value in missing), made)
        if written := case.node.attribute("slider"):
            yield Fix("Remove slider", (remove_attribute(case.source, written),))


def _date_parts(case: Case) -> Iterator[Fix]:
    parts = [part.strip() for part in case.attribute.value.split(",")] if case.attribute else []
    for kept in (["date", *(part for part in parts if part == "time")], [part for part in parts if part != "date"]):
        if case.attribute and case.attribute.value_span:
            made = (edits.replace(case.attribute.value_span, ",".join(kept)),)
            yield Fix(f"Change to '{','.join(kept)}'", made)


def _cut_out(case: Case) -> Iterator[Fix]:
    yield Fix(f"Delete {case.text}", (edits.replace(case.span, ""),))


FIXES: dict[str, Maker] = {
    "C019": Case.without_attribute,
    "C028": Case.without_attribute,
    "C132": Case.without_attribute,
    "C135": _cut_out,
    "C142": _exchange,
    "C143": Case.without_attribute,
    "C144": _slider,
    "C145": Case.without_attribute,
    "C146": Case.without_attribute,
    "C148": _date_parts,
    "C030": _key,
    "C031": _key,
    "C032": _key,
    "C040": _unknown_attribute,
    "C041": _missing_value,
    "C042": _bool,
    "C043": _number,
    "C044": _number,
    "C045": _word,
    "C046": _color,
    "C047": _size,
    "C048": Case.without_attribute,
    "C049": _no_effect,
    "C050": _no_options,
    "C051": _second_option,
    "C052": Case.without_attribute,
    "C053": _second_selected,
    "C054": make_field,
    "C060": _condition_tag,
    "C061": _condition_tag,
    "C062": _condition_word,
    "C063": _word,
    "C065": _region_or_item,
    "C066": _no_regions,
    "C067": _no_condition,
    "C084": _number,
}
