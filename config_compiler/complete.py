"""
What fits at a place of a config that is being written: tags, attributes, values, the end tag.

Everything comes from the tag tables and from the config itself; a tag that is added to the tables is offered without a
change here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from config_compiler import colors, cursor, edits, hotkeys, inventory, reference, snippets, style
from config_compiler.cursor import Cursor
from config_compiler.inventory import NAMES_A_TAG, Inventory
from config_compiler.spans import Span
from config_compiler.tags import registry
from config_compiler.tags.model import TYPE_WORDS, Attr, Role, Tag

MAX_ITEMS = 400


@dataclass(frozen=True, slots=True)
class Item:
    """
    One thing to choose.

    ``kind`` is tag, attribute, value or close. ``cursor`` is the place in ``insert`` where writing goes on (default:
    its end); ``more`` says that something can be chosen there too. ``color`` is what a colour looks like.
    """

    label: str
    kind: str
    insert: str
    detail: str = ""
    doc: str = ""
    cursor: int | None = None
    more: bool = False
    color: str | None = None

    def to_dict(self) -> dict[str, object]:
        item: dict[str, object] = {
            "label": self.label, "kind": self.kind, "insert": self.insert, "detail": self.detail, "doc": self.doc,
        }  # fmt: skip
        if self.cursor is not None:
            item["cursor"] = self.cursor
        if self.more:
            item["more"] = True
        if self.color:
            item["color"] = self.color
        return item


def complete(source: str, offset: int) -> dict[str, object]:
    """
    ``{"from", "to", "place", "items"}``: what may stand at *offset* in place of ``source[from:to]``. Never raises.

    ``place`` is what kind of place that is: tag, attribute, value, text (inside a value that is a text, where a list
    is only wanted when it is asked for), close, content, comment or none.
    """
    place = cursor.at(source, offset)
    known = Inventory(place.outline)
    match place.kind:
        case "tag":
            span, items = _tags(place, known)
        case "attribute":
            span, items = place.span, list(_attributes(place, known))
        case "value":
            span, items = _values(place, known)
        case "close":
            span, items = _close(place)
        case "content":
            span, items = _content(place, known)
        case _:
            span, items = place.span, []
    listed = [item.to_dict() for item in items[:MAX_ITEMS]]
    return {"from": span.start, "to": span.end, "place": _kind(place, span), "items": listed}


def _kind(place: Cursor, span: Span) -> str:
    if place.kind == "value" and place.node and place.attribute and place.attribute.value_span:
        tag = registry.find(place.node.name)
        attr = tag.by_name.get(place.attribute.name.lower()) if tag else None
        if attr and attr.type == "value" and place.attribute.value_span.start < place.offset == span.start:
            return "text"
    return place.kind


# tags


def _tags(place: Cursor, known: Inventory) -> tuple[Span, list[Item]]:
    """For the name of a tag: a whole tag if it is new, else only another name."""
    assert place.node is not None
    token = place.node.token
    bare = not token.attributes and not token.finished
    start = place.span.start
    indent = _indent(place.outline.source, start - 1)
    items = [_tag(tag, known, indent, whole=bare) for tag in _fitting(place, known)]
    parent = place.parent
    if bare and parent and not place.word:
        items.append(Item(f"/{parent.name}", "close", f"/{parent.name}>", "end tag", f"Closes <{parent.name}>."))
    return place.span, items


def _content(place: Cursor, known: Inventory) -> tuple[Span, list[Item]]:
    source = place.outline.source
    indent = _indent(source, place.span.start)
    parent = registry.find(place.parent.name) if place.parent else None
    if parent and parent.text and not reference.children(parent):
        items: list[Item] = []  # here stands text
    else:
        items = [_tag(tag, known, indent, whole=True, less="<") for tag in _fitting(place, known)]
    if place.parent and place.parent.close is None:
        name = place.parent.name
        items.append(Item(f"/{name}", "close", f"</{name}>", "end tag", f"Closes <{name}>."))
    return place.span, items


def _close(place: Cursor) -> tuple[Span, list[Item]]:
    source = place.outline.source
    end = place.span.end
    bracket = "" if source[end:].lstrip()[:1] == ">" else ">"
    names = dict.fromkeys(node.name for node in place.open() if node.name)
    items = [Item(name, "close", name + bracket, "end tag", f"Closes <{name}>.") for name in names]
    return place.span, items


def _tag(tag: Tag, known: Inventory, indent: str, *, whole: bool, less: str = "") -> Item:
    detail = _needs(tag, known) or _ROLE_WORDS.get(tag.role, tag.role)
    doc = f"{tag.doc}\n\n{tag.example}" if tag.example else tag.doc
    if not whole:
        return Item(tag.name, "tag", tag.name, detail, doc)
    text, at = snippets.tag_text(tag, known, indent)
    text, at = (text, at) if less else (text[1:], at - 1)
    more = at < len(text) and text[at] == '"'
    return Item(tag.name, "tag", text, detail, doc, at, more)


_ROLE_WORDS = {
    "layout": "layout",
    "object": "shows data",
    "regions": "marks regions",
    "answers": "asks",
    "option": "option",
}


def _needs(tag: Tag, known: Inventory) -> str:
    """What a control lacks in this config, or ``""``."""
    if tag.role not in ("regions", "answers") or known.fitting(tag):
        return ""
    wanted = " or ".join(tag.works_on[:3]) or "an object"
    return f"needs {wanted}"


def _fitting(place: Cursor, known: Inventory) -> list[Tag]:
    """The tags that may stand here, the likeliest first."""
    around = [tag for node in place.open() if (tag := registry.find(node.name))]
    parent = around[0] if around else None
    control = next((tag for tag in around if tag.role != "layout"), None)
    if parent and control and control.children and parent.role == "layout":
        parent = control  # a View inside a control groups its options
    if parent is None:
        others = [node for node in place.outline.roots if node is not place.node and node.name]
        if others:
            return []  # there is one outermost element
        top = [tag for tag in registry.TAGS if tag.role != "option"]
        return sorted(top, key=lambda tag: (tag.name != "View", tag.role != "object"))
    names = reference.children(parent)
    tags = [tag for name in names if (tag := registry.find(name))]
    if parent.children and parent.role != "layout":
        return tags
    return sorted(tags, key=lambda tag: _likely(tag, parent, known))


def _likely(tag: Tag, parent: Tag, known: Inventory) -> int:
    if tag.name in parent.children:
        return 0
    if not known.objects:
        return {"object": 1, "layout": 2}.get(tag.role, 3)
    if tag.role in ("regions", "answers"):
        return 1 if known.fitting(tag) else 4
    return 2 if tag.role == "object" else 3


def _indent(source: str, at: int) -> str:
    """The blanks at the beginning of the line of *at*."""
    line = source[source.rfind("\n", 0, max(at, 0)) + 1 : max(at, 0)]
    return line[: len(line) - len(line.lstrip())]


# attributes


def _attributes(place: Cursor, known: Inventory) -> Iterator[Item]:
    node = place.node
    tag = registry.find(node.name) if node else None
    if tag is None or node is None:
        return
    given = {one.name.lower() for one in node.token.attributes if one is not place.attribute}
    source = place.outline.source
    follows = source[place.span.end : place.span.end + 1]
    valued = place.attribute is not None and place.attribute.value_span is not None
    gap = "" if not follows or follows in " \t\r\n/>" else " "
    before = source[place.span.start - 1 : place.span.start]
    lead = " " if before in ('"', "'") else ""
    attrs = [attr for attr in tag.attrs if attr.name.lower() not in given and not attr.unsupported]
    for attr in sorted(attrs, key=lambda attr: not (attr.required or attr.name == "toName")):
        detail = "needed" if attr.required else type_words(attr)
        if valued:
            yield Item(attr.name, "attribute", attr.name, detail, attribute_doc(attr))
            continue
        value, more = _first_value(tag, attr, known)
        text = lead + snippets.attribute(attr.name, value)
        at = None if value and not more else len(text) - 1
        yield Item(attr.name, "attribute", text + gap, detail, attribute_doc(attr), at, more)


def _first_value(tag: Tag, attr: Attr, known: Inventory) -> tuple[str, bool]:
    """What a new attribute begins with, and whether there is something to choose."""
    if attr.type == "bool":
        return ("false" if attr.default == "true" else "true"), False
    needed = known.needed(tag, attr)
    if attr.type == "names" and tag.role in ("regions", "answers"):
        fitting = known.fitting(tag)
        return (fitting[0], False) if len(fitting) == 1 else ("", bool(fitting))
    if needed:
        return needed, False
    return "", attr.type not in ("text", "int", "float") or attr.name in NAMES_A_TAG


def type_words(attr: Attr) -> str:
    """What stands in *attr*, in a few words."""
    words = "word" if attr.type == "enum" else TYPE_WORDS[attr.type].replace("`", "")
    return f"{words}, default {attr.default}" if attr.default else words


def attribute_doc(attr: Attr) -> str:
    """What *attr* is for, what it may be and what it is when it is not given."""
    facts = [attr.doc]
    if attr.values:
        facts.append("One of: " + ", ".join(f"`{value}`" for value in attr.values) + ".")
    elif attr.type in ("int", "float") and attr.low is not None:
        facts.append(f"From {attr.low:g} to {attr.high:g}." if attr.high is not None else f"At least {attr.low:g}.")
    if attr.default:
        facts.append(f"Default: `{attr.default}`.")
    return "\n".join(facts)


# values


def _values(place: Cursor, known: Inventory) -> tuple[Span, list[Item]]:
    node, attribute = place.node, place.attribute
    tag = registry.find(node.name) if node else None
    attr = tag.by_name.get(attribute.name.lower()) if tag and attribute else None
    if tag is None or attr is None or attribute is None or attribute.value_span is None:
        return place.span, []
    whole = attribute.value_span
    span = _part(place, attr)
    items = list(_of_type(tag, attr, place, known))
    if not attribute.quote:
        return whole, [_quoted(item) for item in items]
    return span, items


def _quoted(item: Item) -> Item:
    return Item(item.label, item.kind, f'"{item.insert}"', item.detail, item.doc, color=item.color)


def _part(place: Cursor, attr: Attr) -> Span:
    """The part of the value that is chosen: one of a comma list, one ``$field``, one CSS property, or all of it."""
    assert place.attribute is not None
    assert place.attribute.value_span is not None
    source, whole, offset = place.outline.source, place.attribute.value_span, place.offset
    before = source[whole.start : offset]
    if attr.type in ("names", "words", "key", "style"):
        mark = ";" if attr.type == "style" else ","
        start = whole.start + before.rfind(mark) + 1
        end = source.find(mark, offset, whole.end)
        end = whole.end if end < 0 else end
        text = source[start:end]
        return Span(
            min(start + len(text) - len(text.lstrip()), offset), max(end - len(text) + len(text.rstrip()), offset)
        )
    if attr.type == "value":
        at = before.rfind("$")
        if at >= 0 and not set(before[at:]) & set(' ,;:"'):
            return Span(whole.start + at, offset)
        return whole if not before else Span(offset, offset)
    return whole


def _of_type(tag: Tag, attr: Attr, place: Cursor, known: Inventory) -> Iterator[Item]:
    assert place.node is not None
    if attr.name in NAMES_A_TAG:
        yield from _names(attr, place, known)
        return
    if attr.type == "names":
        for name in known.targets(tag):
            if known.sees(place.node, known.named[name][1]):
                yield Item(name, "value", name, f"<{known.named[name][0].name}>", _object_doc(name, known))
        return
    if attr.name in ("label", "choice", "inside") and "for" in tag.by_name:
        control = place.node.value("for") if attr.name != "inside" else None
        for text in known.options(control):
            yield Item(text, "value", edits.escaped(text), f"of {control}" if control else "", attr.doc)
        return
    match attr.type:
        case "bool":
            for word in ("true", "false"):
                yield Item(word, "value", word, "default" if word == attr.default else "", attr.doc)
        case "enum":
            for word in attr.values:
                yield Item(word, "value", word, "default" if word == attr.default else "", attr.doc)
        case "name":
            name = inventory.fresh(tag.name.lower(), [name for name in known.named if name != place.node.value("name")])
            yield Item(name, "value", name, "a new name", attr.doc)
        case "words":
            control = place.node.value("whenTagName") or place.node.value("for")
            roles: dict[str, Role] = {"whenLabelValue": "regions", "whenChoiceValue": "answers"}
            for text in known.options(control or None, roles.get(attr.name)):
                yield Item(
                    text, "value", edits.escaped(text), f"of {control}" if control in known.named else "", attr.doc
                )
        case "value" | "field":
            for name, origin in known.fields.items():
                yield Item(f"${name}", "value", f"${name}", origin, attr.doc)
            own = known.needed(tag, attr)
            if own and own.startswith("$") and own[1:] not in known.fields:
                yield Item(own, "value", own, "a new field", attr.doc)
        case "color":
            for value in colors.SEQUENCE:
                yield Item(
                    value, "value", value, "palette", "From the palette for all kinds of colour vision.", color=value
                )
            for name, value in colors.NAMES.items():
                yield Item(name, "value", name, f"#{value[:6]}", "", color=f"#{value[:6]}")
        case "key":
            for key in hotkeys.SEQUENCE:
                if key not in known.keys:
                    yield Item(key, "value", key, "free", attr.doc)
        case "size":
            for size in ("100%", "50%", "600px", "400px", "20em", "60vh", "auto"):
                yield Item(size, "value", size, "default" if size == attr.default else "", attr.doc)
        case "style":
            for name in sorted(style.PROPERTIES):
                yield Item(name, "value", f"{name}: ;", "CSS", "", len(name) + 2)
        case "int" | "float":
            for number in dict.fromkeys((attr.default, *(f"{n:g}" for n in (attr.low, attr.high) if n is not None))):
                if number and len(number) < 6:
                    yield Item(number, "value", number, "default" if number == attr.default else "", attr.doc)
        case _:
            return


def _names(attr: Attr, place: Cursor, known: Inventory) -> Iterator[Item]:
    """Names of the tags that a condition, a filter or a rule may be about."""
    assert place.node is not None
    word = place.node.value("visibleWhen")
    for name, (target, _) in known.named.items():
        if target.role == "object" and (attr.name != "whenTagName" or word.startswith("choice")):
            continue
        if target.role == "regions" and word.startswith("choice"):
            continue
        if target.role == "answers" and word == "region-selected":
            continue
        yield Item(name, "value", name, f"<{target.name}>", _object_doc(name, known))


def _object_doc(name: str, known: Inventory) -> str:
    tag, node = known.named[name]
    parts = [tag.doc]
    if value := node.value("value"):
        parts.append(f'value="{value}"')
    return "\n".join(parts)
