"""Fixes for tags in a wrong place, for names, and for links between controls and objects."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from config_compiler import edits, reference, snippets
from config_compiler.diagnostics import Edit, Fix, nearest
from config_compiler.edits import remove_attribute, set_attribute
from config_compiler.fixes.case import MAX_CHOICES, Case, Maker, delete
from config_compiler.inventory import NAMES_A_TAG, fresh, works
from config_compiler.outline import Node
from config_compiler.tags import registry
from config_compiler.tags.model import Tag


def _unknown_tag(case: Case) -> Iterator[Fix]:
    """The tag that was meant, if it may stand here; in a control its option."""
    node = case.node
    if node is None:
        return
    around = registry.find(node.parent.name) if node.parent else None
    fitting = reference.children(around) if around else tuple(tag.name for tag in registry.TAGS)
    meant = [nearest(node.name, fitting), case.diagnostic.meant]
    if around and around.role in ("regions", "answers") and around.children:
        meant.append(around.children[0])
    for name in dict.fromkeys(name for name in meant if name in fitting):
        yield Fix(f"Change to <{name}>", edits.rename(node, name))
    yield from delete(case)


def _stray_option(case: Case) -> Iterator[Fix]:
    """Put the option, and those beside it, into a control of their own."""
    node, tag = case.node, case.tag
    if node is None or tag is None or node.parent is None:
        return
    around = registry.find(node.parent.name)
    names = [name for name in registry.owners(tag) if around is None or name in reference.children(around)]
    owners = [owner for name in names if (owner := registry.find(name)) and owner.role in ("regions", "answers")]
    siblings = node.parent.children
    first = last = siblings.index(node)
    while first > 0 and registry.find(siblings[first - 1].name) is tag:
        first -= 1
    while last + 1 < len(siblings) and registry.find(siblings[last + 1].name) is tag:
        last += 1
    for owner in [owner for owner in owners if case.known.fitting(owner)][:MAX_CHOICES]:
        needed = ((attr.name, case.known.needed(owner, attr)) for attr in owner.attrs if not attr.unsupported)
        head = " ".join([owner.name, *(snippets.attribute(name, value) for name, value in needed if value)])
        run = siblings[first : last + 1]
        start, end = run[0].token.start, run[-1].whole.end
        indent = edits.indent_at(case.source, start)
        shifts = [Edit(one.token.start, one.token.start, edits.INDENT) for one in run[1:] if _begins_line(case, one)]
        opening = Edit(start, start, f"<{head}>\n{indent}{edits.INDENT}")
        closing = Edit(end, end, f"\n{indent}</{owner.name}>")
        yield Fix(f"Put it into <{owner.name}>", (opening, *shifts, closing))


def _begins_line(case: Case, node: Node) -> bool:
    begin = case.source.rfind("\n", 0, node.token.start) + 1
    return begin > 0 and not case.source[begin : node.token.start].strip()


def _wrong_place(case: Case) -> Iterator[Fix]:
    node, tag = case.node, case.tag
    parent = node.parent if node else None
    around = registry.find(parent.name) if parent else None
    if node is None or tag is None or parent is None or around is None:
        return
    if tag.role == "option":
        fitting = [child for name in around.children if (child := registry.find(name)) and child.role == "option"]
        if fitting and around.role != "option":
            yield Fix(f"Change to <{fitting[0].name}>", edits.rename(node, fitting[0].name))
    else:
        whole = node.whole
        while parent.parent and not _lays_out(parent.parent):
            parent = parent.parent
        text = case.source[whole.start : whole.end]
        moved = (edits.remove(case.source, whole), edits.insert_after(case.source, parent, text))
        yield Fix(f"Move it after <{parent.name}>", moved)
    yield from delete(case)


def _lays_out(node: Node) -> bool:
    tag = registry.find(node.name)
    return tag is not None and tag.holds_layout and tag.role == "layout"


def _text(case: Case) -> Iterator[Fix]:
    if case.node:  # markup where only text can be shown
        yield Fix("Delete it", (edits.remove(case.source, case.node.whole),))
        return
    around = case.outline.innermost(case.span.start)
    tag = registry.find(around.name) if around else None
    if tag and tag.holds_layout:
        header = snippets.attribute("value", " ".join(case.text.split()))
        yield Fix("Make it a <Header>", (Edit(case.span.start, case.span.end, f"<Header {header}/>"),))
    yield Fix("Delete the text", (edits.remove(case.source, case.span),))


def _allow_nested(case: Case) -> Iterator[Fix]:
    node = case.node
    while node and (tag := registry.find(node.name)) and tag.role in ("option", "layout"):
        node = node.parent
    if node:
        yield Fix('Add allowNested="true"', (set_attribute(node, "allowNested", "true"),))


def _all_attributes(case: Case) -> Iterator[Fix]:
    if case.node and case.node.token.attributes:
        removed = [remove_attribute(case.source, written) for written in case.node.token.attributes]
        yield Fix("Remove its attributes", tuple(removed))


def point(case: Case, names: Iterable[str]) -> Iterator[Fix]:
    """Point at one of *names*: at the place, or by a new toName."""
    for name in list(names)[:MAX_CHOICES]:
        if case.attribute:
            if case.attribute.value_span and case.attribute.value_span.end > case.attribute.value_span.start:
                yield case.replaced(name)
            elif case.node:
                yield Fix(f"Change to '{name}'", (set_attribute(case.node, case.attribute.name, name),))
        elif case.node:
            yield Fix(f'Add toName="{name}"', (set_attribute(case.node, "toName", name),))


def _targets(case: Case) -> list[str]:
    """What the control may point at; for a layout tag such as Filter the controls."""
    tag, node = case.tag, case.node
    if tag is None or node is None:
        return []
    names = case.known.targets(tag)
    return [name for name in names if case.known.sees(node, case.known.named[name][1])]


def _to_nothing(case: Case) -> Iterator[Fix]:
    yield from case.meant()
    yield from point(case, [name for name in _targets(case) if name != case.diagnostic.meant])
    yield from _new_object(case, case.text)


def around(node: Node) -> Iterator[Node]:
    """The elements around *node*, from the inside."""
    here = node.parent
    while here:
        yield here
        here = here.parent


def _new_object(case: Case, name: str) -> Iterator[Fix]:
    """Add the object that is missing, before the control."""
    if case.node is None or case.tag is None or case.tag.role not in ("regions", "answers"):
        return
    if any(node.name.lower() == "repeater" for node in around(case.node)):
        return  # its name and field would need the flag
    kinds = [tag for kind in case.tag.works_on or ("Text", "Image") if (tag := registry.find(kind))]
    for tag in kinds[:3]:
        own = name if re.fullmatch(r"[\w.\-]+", name) and name not in case.known.named else case.known.fresh_name(tag)
        field = own if re.fullmatch(r"[^\W\d]\w*", own, re.ASCII) else case.known.fresh_field(tag)
        text = snippets.with_name(tag, case.known, own, field)
        made = [edits.insert_before(case.source, case.node, text)]
        if own != name or not case.attribute:
            made.append(set_attribute(case.node, "toName", own))
        yield Fix(f'Add <{tag.name} name="{own}">', tuple(made))


def _missing_name(case: Case) -> Iterator[Fix]:
    if case.node and case.tag:
        name = case.known.fresh_name(case.tag)
        yield Fix(f'Add name="{name}"', (set_attribute(case.node, "name", name),))


def _second_name(case: Case) -> Iterator[Fix]:
    yield case.replaced(fresh(case.text.strip(), case.known.named))


def _name_of_copies(case: Case) -> Iterator[Fix]:
    """A name with the flag of its Repeater, and the same for those that point at it."""
    old, new = case.text.strip(), case.diagnostic.meant
    if case.node is None or not new:
        return
    made = [edits.replace(case.span, new)]
    for _, other in case.known.tagged:
        for written in other.token.attributes:
            if written.name not in ("toName", *NAMES_A_TAG) or written.value_span is None:
                continue
            if written.value.strip() == old:
                made.append(edits.replace(written.value_span, new))
    yield Fix(f"Change to '{new}'", tuple(sorted(made, key=lambda edit: edit.start)))


def _point_outside(case: Case) -> Iterator[Fix]:
    yield from point(case, _targets(case))


def _missing_link(case: Case) -> Iterator[Fix]:
    fitting = _targets(case)
    yield from point(case, fitting)
    if not fitting:
        yield from _new_object(case, "")


def _wrong_target(case: Case) -> Iterator[Fix]:
    """A control on an object of another kind: another control of the same make, or another object."""
    target = case.known.objects.get(case.text.strip())
    yield from _other_control(case, target)
    yield from point(case, [name for name in _targets(case) if name != case.text])


def _needs_shape(case: Case) -> Iterator[Fix]:
    name = case.node.value("toName") if case.node else ""
    target = case.known.objects.get(name) or next(iter(case.known.objects.values()), None)
    yield from _other_control(case, target)


def _other_control(case: Case, target: Tag | None) -> Iterator[Fix]:
    """Tags with the same inside that are made for *target*, the most special first."""
    tag, node = case.tag, case.node
    if tag is None or node is None or target is None or tag.role not in ("regions", "answers"):
        return
    alike = [
        other
        for other in registry.TAGS
        if other is not tag and other.role == tag.role and other.children == tag.children
        if other.works_on and works(other, target)
        if all(written.name.lower() in other.by_name for written in node.token.attributes)
    ]
    for other in sorted(alike, key=lambda other: (len(other.works_on), other.name != "RectangleLabels"))[:MAX_CHOICES]:
        yield Fix(f"Change to <{other.name}>", edits.rename(node, other.name))


def _one_object(case: Case) -> Iterator[Fix]:
    for name in case.text.split(","):
        yield case.replaced(name.strip())


FIXES: dict[str, Maker] = {
    "C018": _name_of_copies,
    "C029": _point_outside,
    "C010": _unknown_tag,
    "C011": delete,
    "C012": _stray_option,
    "C013": _wrong_place,
    "C014": _text,
    "C015": _allow_nested,
    "C016": _all_attributes,
    "C020": _to_nothing,
    "C021": _missing_name,
    "C022": _second_name,
    "C023": _missing_link,
    "C024": _wrong_target,
    "C025": _needs_shape,
    "C026": _to_nothing,
    "C027": _one_object,
}
